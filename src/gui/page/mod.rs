//! The pages: one file each, and this list.

pub mod accounts;
pub mod history;
pub mod lists;
pub mod report;
pub mod review;
pub mod settings;
pub mod sweep;
pub mod welcome;

use super::Intent;
use super::state::{Page, State};
use eframe::egui::Ui;

/// Draws the page that is open.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let show = match state.page {
        Page::Welcome => welcome::show,
        Page::Sweep => sweep::show,
        Page::Review => review::show,
        Page::Report => report::show,
        Page::History => history::show,
        Page::Lists => lists::show,
        Page::Accounts => accounts::show,
        Page::Settings => settings::show,
    };
    show(ui, state, intents);
}
