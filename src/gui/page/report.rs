//! The page for what goes to the vendor: the messages in their groups at the left, the e-mail
//! exactly as it will leave at the right, the two ways out at the foot.

mod foot;
mod groups;
mod letter;

use crate::gui::act::report::sender;
use crate::gui::state::State;
use crate::gui::state::report::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Choice, Empty, Note, page_header};
use crate::gui::{Command, Intent, icon, shown};
use crate::job::{Leaves, Outcome};
use crate::text::window::report as words;
use crate::verdict::Purpose;
use eframe::egui::{
    Align, CentralPanel, Frame, Layout, Margin, Panel, Rect, Sense, Ui, UiBuilder, vec2,
};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    header(ui, state, intents);
    let report = &state.report;
    widget::separator(ui);
    if let Some(why) = &report.failed {
        let inside = Frame::new().inner_margin(Margin::same(20));
        inside.show(ui, |ui| {
            let note = Note::danger(words::FAILED).why(why).button(words::AGAIN);
            if note.show(ui) {
                intents.push(Intent::Report(Ask::Again));
            }
        });
        return;
    }
    let Some(draft) = &report.draft else {
        if report.drafting {
            Empty::new(icon::ZIP, words::DRAFTING).show(ui);
        } else {
            let empty = Empty::new(icon::REPORT, words::NOTHING).more(words::NOTHING_MORE);
            if empty.button(words::TO_REVIEW, icon::REVIEW).show(ui) {
                let to = Command::Go(crate::gui::state::Page::Review);
                intents.push(Intent::Do(to));
            }
        }
        return;
    };
    let p = palette(ui);
    let foot = Panel::bottom("report-foot").exact_size(theme::REPORT_FOOT);
    let frame = Frame::NONE.fill(p.surface).inner_margin(Margin {
        left: 20,
        right: 20,
        top: 0,
        bottom: 0,
    });
    foot.resizable(false)
        .frame(frame)
        .show(ui, |ui| foot::show(ui, state, intents));
    let list = Panel::left("report-list").exact_size(theme::REPORT_LIST);
    list.resizable(false)
        .frame(Frame::NONE.fill(p.surface))
        .show(ui, |ui| groups::show(ui, state, draft, intents));
    CentralPanel::default()
        .frame(Frame::NONE.inner_margin(Margin {
            left: 20,
            right: 20,
            top: 12,
            bottom: 14,
        }))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_8;
            letter::show(ui, state, draft, intents);
        });
}

/// What a purpose is called.
fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Phishing => words::PHISHING,
        Purpose::Spam => words::SPAM,
        Purpose::FalsePositive => words::CAUGHT_WRONGLY,
    }
}

/// The title and the facts at the left; vendor and account at the right.
fn header(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let size = vec2(ui.available_width(), theme::PAGE_HEADER);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut words_in = rect;
    if state.report.draft.is_some() {
        let inner = rect.shrink2(vec2(theme::PAGE_EDGE, 0.0));
        let row = UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::right_to_left(Align::Center));
        let taken = ui.scope_builder(row, |ui| {
            ui.spacing_mut().item_spacing.x = theme::SPACE_12;
            choices(ui, state, intents);
            ui.min_rect().left()
        });
        words_in.max.x = taken.inner;
    }
    let left = UiBuilder::new().max_rect(Rect::from_min_max(rect.min, words_in.max));
    ui.scope_builder(left, |ui| {
        page_header(ui, "Report", &facts(state), Vec::new());
    });
}

fn choices(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let report = &state.report;
    let is_free = report.busy.is_none();
    let accounts = &state.site.settings.accounts;
    let names: Vec<String> = accounts
        .iter()
        .map(|account| match account.addresses.first() {
            Some(address) => format!("{}, {address}", account.shown()),
            None => account.shown().to_owned(),
        })
        .collect();
    let chosen = sender(&report.account, &state.site.settings);
    let at = accounts
        .iter()
        .position(|account| Some(&account.name) == chosen.as_ref());
    let choice = Choice::new(words::SEND_WITH, &names, at.unwrap_or(0)).enabled(is_free);
    if let Some(account) = choice.show(ui).and_then(|at| accounts.get(at)) {
        intents.push(Intent::Report(Ask::Account(account.name.clone())));
    }
    widget::label(ui, words::SEND_WITH, theme::small(), palette(ui).faint);
    let names: Vec<String> = report
        .vendors
        .iter()
        .map(|(_, name)| name.clone())
        .collect();
    let vendor = report.draft.as_ref().map(|draft| draft.vendor.as_str());
    let mut ids = report.vendors.iter();
    let at = ids.position(|(id, _)| Some(id.as_str()) == vendor);
    let choice = Choice::new(words::VENDOR, &names, at.unwrap_or(0)).enabled(is_free);
    if let Some((id, _)) = choice.show(ui).and_then(|at| report.vendors.get(at)) {
        intents.push(Intent::Report(Ask::Vendor(id.clone())));
    }
    widget::label(ui, words::VENDOR, theme::small(), palette(ui).faint);
}

/// What is here, and what has not happened yet.
fn facts(state: &State) -> String {
    let report = &state.report;
    let Some(draft) = &report.draft else {
        return String::new();
    };
    let samples = draft
        .letters
        .iter()
        .map(|letter| letter.entries.len())
        .sum();
    let letters = draft.letters.len();
    let vendor = shown::line(&draft.vendor_name, shown::LINE);
    if !report.outcomes.is_empty() {
        let (mut done, mut failed) = ((0, 0, 0), 0);
        for outcome in report.outcomes.values() {
            match outcome {
                Outcome::Accepted(_) => done.0 += 1,
                Outcome::Written(_) => done.1 += 1,
                Outcome::Saved(_) => done.2 += 1,
                _ => failed += 1,
            }
        }
        return words::facts_done(done, letters, failed);
    }
    match draft.leaves == Leaves::ByHand {
        true => words::facts_by_hand(samples, &vendor, letters),
        false => words::facts(samples, &vendor, letters),
    }
}

/// Whether what came of a letter is bad news.
fn is_bad(outcome: &Outcome) -> bool {
    !outcome.is_good()
}

/// What came of a letter, in a chip.
fn outcome_word(outcome: &Outcome, to_folder: bool) -> &'static str {
    match outcome {
        Outcome::Accepted(_) => words::ACCEPTED,
        Outcome::Written(_) => words::WRITTEN,
        Outcome::Saved(_) => words::SAVED,
        Outcome::NotSent { .. } | Outcome::Untouched(_) if to_folder => words::NOT_PUT,
        Outcome::NotSent { .. } | Outcome::Untouched(_) => words::NOT_SENT,
        Outcome::Unknown(_) => words::NOT_KNOWN,
    }
}
