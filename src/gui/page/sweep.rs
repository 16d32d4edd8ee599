//! The page for the sweep: what to sweep and how, then how far it is, with every count true, and
//! at its end what came of it.

mod choose;
mod folders;
mod latest;
mod progress;

use crate::gui::intent::Intent;
use crate::gui::state::sweep::{Ask, Phase, Run};
use crate::gui::state::{Page, State};
use crate::gui::widget::{Button, Empty, Note, card, good_news, page_header, scrolled};
use crate::gui::{Command, icon, theme};
use crate::settings::Settings;
use crate::text::window::{sweep as words, took};
use eframe::egui::{Frame, Margin, ScrollArea, Ui};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if state.site.settings.accounts.is_empty() {
        page_header(ui, words::TITLE, words::FACTS, Vec::new());
        let empty = Empty::new(icon::ACCOUNTS, words::NO_ACCOUNT);
        if empty.button(words::ADD, icon::PLUS).show(ui) {
            intents.push(Intent::Do(Command::AddMailbox));
        }
        return;
    }
    match &state.sweep.run {
        None => before(ui, state, intents),
        Some(run) if run.phase == Phase::Done => after(ui, state, run, intents),
        Some(run) => during(ui, state, run, intents),
    }
}

fn before(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let choice = &state.sweep.choice;
    let accounts = choice.accounts(&state.site.settings).len();
    let says = words::begin(accounts);
    let keys = Command::Sweep.keys(ui.ctx());
    let begin = Button::filled(&says)
        .icon(icon::SWEEP)
        .enabled(Command::Sweep.is_enabled(state))
        .tip(if accounts == 0 {
            words::NOTHING_CHOSEN
        } else {
            &keys
        });
    if page_header(ui, words::TITLE, words::FACTS, vec![begin]).is_some() {
        intents.push(Intent::Do(Command::Sweep));
    }
    body(ui, |ui| choose::show(ui, state, intents));
}

fn during(ui: &mut Ui, state: &State, run: &Run, intents: &mut Vec<Intent>) {
    let is_paused = run.phase == Phase::Paused;
    let can = run.phase != Phase::Stopping;
    let title = words::sweeping(accounts(run), is_paused);
    let facts = match run.phase {
        Phase::Stopping => words::STOPPING.to_owned(),
        _ => words::facts(run.level),
    };
    let (stop_keys, pause_keys) = (Command::Stop.keys(ui.ctx()), Command::Pause.keys(ui.ctx()));
    let review = words::review(run.all_hits(), true);
    let pause = match is_paused {
        true => Button::normal(words::GO_ON).icon(icon::PLAY),
        false => Button::normal(words::PAUSE).icon(icon::PAUSE),
    };
    let stop = Button::normal(words::STOP).icon(icon::STOP);
    let mut buttons = vec![
        stop.enabled(can).tip(&stop_keys),
        pause.enabled(can).tip(&pause_keys),
    ];
    if run.all_hits() > 0 {
        buttons.push(Button::filled(&review).icon(icon::ARROW_RIGHT));
    }
    match page_header(ui, &title, &facts, buttons) {
        Some(0) => intents.push(Intent::Do(Command::Stop)),
        Some(1) => intents.push(Intent::Do(Command::Pause)),
        Some(_) => intents.push(Intent::Do(Command::Go(Page::Review))),
        None => {}
    }
    body(ui, |ui| {
        progress::show(ui, run);
        folders::show(ui, run, &state.site.settings);
        notes(ui, run, &state.site.settings);
        latest::show(ui, run);
    });
}

fn after(ui: &mut Ui, state: &State, run: &Run, intents: &mut Vec<Intent>) {
    let stopped = run.summary.as_ref().is_some_and(|summary| summary.stopped);
    let facts = words::outcome(run.judged(), run.not_read(), &took(run.elapsed));
    let review = words::review(run.all_hits(), false);
    let mut buttons = vec![
        Button::normal(words::CHOOSE),
        Button::normal(words::AGAIN).icon(icon::RETRY),
    ];
    if run.all_hits() > 0 {
        buttons.push(Button::filled(&review).icon(icon::ARROW_RIGHT));
    }
    match page_header(ui, words::swept(stopped), &facts, buttons) {
        Some(0) => intents.push(Intent::Sweep(Ask::Choose)),
        Some(1) => intents.push(Intent::Do(Command::Sweep)),
        Some(_) => intents.push(Intent::Do(Command::Go(Page::Review))),
        None => {}
    }
    let is_clean = !stopped && run.all_hits() == 0 && run.troubles == 0 && run.not_read() == 0;
    body(ui, |ui| {
        if is_clean && run.judged() > 0 {
            let more = words::all_clean(run.judged());
            card(ui, |ui| {
                ui.set_max_height(theme::GOOD_NEWS);
                good_news(words::NOTHING_MISSED, &more).show(ui)
            });
            ui.add_space(theme::SPACE_16);
        } else {
            progress::show(ui, run);
        }
        folders::show(ui, run, &state.site.settings);
        notes(ui, run, &state.site.settings);
        latest::show(ui, run);
    });
}

/// What is under the header, scrolled where the window is too small for it.
fn body(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
        let edge = theme::PAGE_EDGE as i8;
        let margin = Margin {
            left: edge,
            right: edge,
            top: 0,
            bottom: 16,
        };
        Frame::new().inner_margin(margin).show(ui, contents);
    });
}

/// What went wrong, and what is waited for.
fn notes(ui: &mut Ui, run: &Run, settings: &Settings) {
    const SHOWN: usize = 4;
    for (account, why) in &run.waiting {
        let (what, why) = words::waits(settings.shown(account), why);
        Note::info(&what).icon(icon::WAITING).why(&why).show(ui);
        ui.add_space(theme::SPACE_16);
    }
    for notice in run.notices.iter().take(SHOWN) {
        let says = crate::gui::shown::line(&notice.says, crate::gui::shown::LINE);
        let what = notice
            .account
            .as_deref()
            .map(|account| format!("{}:", settings.shown(account)));
        let note = match notice.is_trouble {
            true => Note::danger(what.as_deref().unwrap_or_default()),
            false => Note::info(what.as_deref().unwrap_or_default()),
        };
        note.why(&says).show(ui);
        ui.add_space(theme::SPACE_16);
    }
    let more = run.notices.len().saturating_sub(SHOWN);
    if more > 0 {
        crate::gui::widget::small(ui, &words::more_troubles(more));
        ui.add_space(theme::SPACE_16);
    }
}

fn accounts(run: &Run) -> usize {
    let mut names: Vec<&str> = run.folders.iter().map(|row| row.account.as_str()).collect();
    names.dedup();
    names.len()
}
