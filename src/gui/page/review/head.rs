//! The head of the page: what is here, what has not happened yet, and the next step.

use super::tools;
use crate::gui::state::review::Load;
use crate::gui::state::{Page, State};
use crate::gui::widget::{Button, page_header};
use crate::gui::{Command, Intent, icon};
use crate::text::window::review as words;
use eframe::egui::Ui;

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let review = &state.review;
    let counts = review.table.counts();
    let [all, .., moved] = counts.kinds;
    let reads = matches!(review.load, Load::Reading | Load::Unread);
    let (shown, total) = (review.table.len(), tools::total(state));
    // A narrow window has one place for both numbers.
    let facts = match tools::is_narrow(ui) && shown < total {
        true => words::facts_shown(shown, total),
        false => words::facts(all, moved, reads),
    };
    let (says, command, sign) = match counts.to_move {
        0 if counts.moved > 0 && counts.reported >= counts.ticked => {
            let history = Button::normal(words::SHOW_HISTORY).icon(icon::HISTORY);
            if page_header(
                ui,
                words::TITLE,
                &words::all_reported(&facts),
                vec![history],
            )
            .is_some()
            {
                intents.push(Intent::Do(Command::Go(Page::History)));
            }
            return;
        }
        0 if counts.moved > 0 => (
            words::report_hits(counts.ticked - counts.reported),
            Command::Report,
            icon::REPORT,
        ),
        0 if all == 0 => {
            page_header(ui, words::TITLE, &facts, Vec::new());
            return;
        }
        number if !review.moving.is_empty() => (words::moving(number), Command::Move, icon::FOLDER),
        number => (
            words::move_hits(number, &target(state)),
            Command::Move,
            icon::FOLDER,
        ),
    };
    let tip = command.keys(ui.ctx());
    let button = Button::filled(&says)
        .icon(sign)
        .tip(&tip)
        .enabled(command.is_enabled(state));
    if page_header(ui, words::TITLE, &facts, vec![button]).is_some() {
        intents.push(Intent::Do(command));
    }
}

/// The folder that hits go to, where all accounts have the same.
fn target(state: &State) -> String {
    let mut accounts = state.site.settings.accounts.iter();
    let Some(first) = accounts.next() else {
        return String::new();
    };
    match accounts.all(|other| other.move_to == first.move_to) {
        true => first.move_to.clone(),
        false => String::new(),
    }
}
