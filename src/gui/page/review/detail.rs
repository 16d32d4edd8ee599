//! The open hit: what it is and who it says it is from, its parts behind tabs, and at its foot what
//! can be done with it.

use super::list::meaning;
use super::{actions, overview, parts};
use crate::gui::state::State;
use crate::gui::state::review::{Ask, Load, Tab};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Chip, label, small, tabs};
use crate::gui::{Command, Intent, clock, icon, shown};
use crate::job::{KnownHit, Opened};
use crate::mail::Address;
use crate::text;
use crate::text::window::review as words;
use crate::text::window::whole;
use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Align, Frame, Label, Layout, Margin, Panel, Role, ScrollArea, TextFormat, Ui, WidgetInfo, vec2,
};

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let Some(hit) = review.row() else {
        ui.add_space(theme::SPACE_24);
        ui.vertical_centered(|ui| small(ui, words::NO_HIT));
        return;
    };
    let bar = Frame::NONE.inner_margin(Margin::symmetric(theme::SPACE_16 as i8, 0));
    Panel::bottom("review-actions")
        .resizable(false)
        .exact_size(theme::ACTION_BAR)
        .frame(bar)
        .show(ui, |ui| actions::show(ui, state, hit, intents));
    ui.spacing_mut().item_spacing.y = 0.0;
    let opened = review.open_hit();
    let head = Frame::NONE.inner_margin(Margin {
        left: theme::SPACE_16 as i8,
        right: theme::SPACE_16 as i8,
        top: theme::SPACE_8 as i8,
        bottom: theme::SPACE_4 as i8,
    });
    head.show(ui, |ui| {
        verdict(ui, state, hit, intents);
        ui.add_space(theme::SPACE_4);
        let subject = shown::title(&hit.subject, shown::LINE);
        title(
            ui,
            &subject,
            &shown::read_subject(&hit.subject, shown::LINE),
        );
        ui.add_space(theme::SPACE_4);
        addresses(ui, state, hit, opened.map(AsRef::as_ref));
    });
    let attached = opened
        .and_then(|opened| opened.content.as_ref().ok())
        .map_or(0, |content| content.attachments.len());
    let named: Vec<widget::Tab> = Tab::ALL
        .into_iter()
        .map(|tab| match (tab, attached) {
            (Tab::Attachments, 1..) => widget::Tab::counted(words::ATTACHMENTS, attached),
            (tab, _) => widget::Tab::new(word(tab)),
        })
        .collect();
    let open = Tab::ALL.into_iter().position(|tab| tab == review.tab);
    let opened_tab = tabs(ui, theme::SPACE_16, &named, open.unwrap_or(0));
    if let Some(tab) = opened_tab.and_then(|at| Tab::ALL.get(at)) {
        intents.push(Intent::Review(Ask::Tab(*tab)));
    }
    let inside = Frame::NONE.inner_margin(Margin::symmetric(
        theme::SPACE_16 as i8,
        theme::SPACE_12 as i8,
    ));
    let salt = ("review-open", hit.digest, review.tab);
    let area = ScrollArea::vertical().id_salt(salt).auto_shrink(false);
    widget::scrolled(ui, area, |ui| {
        inside.show(ui, |ui| {
            ui.set_width(ui.available_width());
            match (&review.opened, opened) {
                (_, Some(opened)) => part(ui, review.tab, opened),
                (Load::Failed(why), None) => {
                    let why = shown::line(why, theme::NOTE_LETTERS);
                    widget::Note::danger(words::NOT_OPENED).why(&why).show(ui);
                }
                _ => drop(small(ui, words::READING)),
            }
        });
    });
}

fn part(ui: &mut Ui, tab: Tab, opened: &Opened) {
    match tab {
        Tab::Overview => overview::show(ui, opened),
        Tab::Text => parts::text(ui, opened),
        Tab::Attachments => parts::attachments(ui, opened),
        Tab::Headers => parts::headers(ui, opened),
        Tab::Source => parts::source(ui, opened),
    }
}

fn word(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview => words::OVERVIEW,
        Tab::Text => words::TEXT,
        Tab::Attachments => words::ATTACHMENTS,
        Tab::Headers => words::HEADERS,
        Tab::Source => words::SOURCE,
    }
}

/// The subject, on two lines at most.
fn title(ui: &mut Ui, subject: &str, read: &str) {
    let format = TextFormat {
        line_height: Some(theme::HEADING_LINE),
        ..TextFormat::simple(theme::heading(), palette(ui).ink)
    };
    let mut job = LayoutJob::single_section(subject.to_owned(), format);
    job.wrap.max_rows = 2;
    job.wrap.max_width = ui.available_width();
    let response = ui.add(Label::new(ui.painter().layout_job(job)));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, read));
    response.on_hover_text(subject);
}

/// The verdict, the score, which hit of how many, and the way to its neighbours.
fn verdict(ui: &mut Ui, state: &State, hit: &KnownHit, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let p = palette(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), theme::BUTTON_IN_ROW),
        Layout::left_to_right(Align::Center),
        |ui| {
            if !review.shows_list() {
                let back = Button::quiet(words::BACK)
                    .icon(icon::CARET_LEFT)
                    .height(theme::BUTTON_IN_ROW);
                if back.show(ui).clicked() {
                    intents.push(Intent::Do(Command::Back));
                }
            }
            let meant = hit.meant();
            let chip = Chip::new(meaning(meant), words::meaning(meant));
            match hit.said {
                Some(_) => chip.tip(words::YOUR_WORD).show(ui),
                None => chip.show(ui),
            };
            let level = state.site.settings.level;
            let (score, rest) = words::score(f64::from(hit.score), level.threshold(), level.word());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = theme::SPACE_4;
                let next = Button::of_icon(icon::CARET_DOWN, Command::Next.label())
                    .height(theme::BUTTON_IN_ROW)
                    .enabled(Command::Next.is_enabled(state));
                if next.show(ui).clicked() {
                    intents.push(Intent::Do(Command::Next));
                }
                let before = Button::of_icon(icon::CARET_UP, Command::Previous.label())
                    .height(theme::BUTTON_IN_ROW)
                    .enabled(Command::Previous.is_enabled(state));
                if before.show(ui).clicked() {
                    intents.push(Intent::Do(Command::Previous));
                }
                if let Some(position) = review.position() {
                    let says = words::position(position + 1, review.table.len());
                    label(ui, &says, theme::small(), p.faint);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let mut job = LayoutJob::default();
                    let plain = TextFormat::simple(theme::small(), p.soft);
                    let strong = TextFormat::simple(theme::small_strong(), p.ink);
                    job.append(words::SCORE, 0.0, plain.clone());
                    job.append(&score, theme::SPACE_4, strong);
                    job.append(&rest, 0.0, plain);
                    ui.add(Label::new(job).truncate());
                });
            });
        },
    );
}

/// Name and address together, whom it is to, when it came, where it lies, how large it is.
fn addresses(ui: &mut Ui, state: &State, hit: &KnownHit, opened: Option<&Opened>) {
    let p = palette(ui);
    let sender = shown::sender(&Address::new(&hit.name, &hit.from));
    line(ui, words::FROM, |job| {
        let plain = TextFormat::simple(theme::small(), p.ink);
        let strong = TextFormat::simple(theme::small_strong(), p.ink);
        if sender.name.is_empty() {
            job.append(&sender.address, 0.0, strong);
        } else {
            job.append(&sender.name, 0.0, plain.clone());
            job.append(" <", 0.0, plain.clone());
            job.append(&sender.address, 0.0, strong);
            job.append(">", 0.0, plain);
        }
        if sender.is_odd {
            let danger = TextFormat::simple(theme::small_strong(), p.danger.text);
            job.append(words::MIXED_SCRIPTS, theme::SPACE_8, danger);
        }
    });
    let content = opened.and_then(|opened| opened.content.as_ref().ok());
    let mut facts = Vec::new();
    facts.extend(content.map(|content| shown::line(&content.to, shown::LINE)));
    let date = hit
        .date
        .and_then(|at| jiff::Timestamp::from_second(at).ok());
    facts.extend(date.map(|at| whole(at, &clock::zone())));
    facts.push(shown::line(&hit.folder, theme::NAME_LETTERS));
    let bytes = opened.map_or(hit.size, |opened| opened.size);
    if bytes > 0 {
        facts.push(text::size(bytes));
    }
    facts.retain(|fact| !fact.is_empty());
    line(ui, words::TO, |job| {
        let plain = TextFormat::simple(theme::small(), p.ink);
        job.append(&facts.join(" · "), 0.0, plain);
    });
    let reply_to = content.map(|content| shown::line(&content.reply_to, shown::LINE));
    if let Some(reply_to) = reply_to.filter(|to| !to.is_empty() && *to != *hit.from) {
        line(ui, words::REPLY_TO, |job| {
            job.append(&reply_to, 0.0, TextFormat::simple(theme::small(), p.ink));
        });
    }
    let position = state.review.position();
    let is_ticked = position.is_some_and(|at| state.review.table.is_ticked(at));
    for says in notes(hit, is_ticked) {
        line(ui, words::NOTE, |job| {
            job.append(&says, 0.0, TextFormat::simple(theme::small(), p.ink));
        });
    }
}

fn notes(hit: &KnownHit, is_ticked: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let held = hit.held.as_ref();
    notes.extend(held.map(|held| words::held(held, is_ticked)));
    if let Some(reported) = &hit.reported {
        let at = whole(reported.at, &clock::zone());
        let to = shown::line(&reported.to, shown::LINE);
        notes.push(match reported.is_in_outbox() {
            true => words::in_outbox(&at, &to),
            false => words::reported(&at, &to),
        });
    }
    notes
}

fn line(ui: &mut Ui, name: &str, says: impl FnOnce(&mut LayoutJob)) {
    let p = palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let size = vec2(theme::REVIEW_LABEL, theme::SMALL_LINE);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
            ui.set_min_width(theme::REVIEW_LABEL);
            label(ui, name, theme::small(), p.faint);
        });
        let mut job = LayoutJob::default();
        says(&mut job);
        ui.add(Label::new(job).wrap());
    });
    ui.add_space(theme::FOCUS_GAP);
}
