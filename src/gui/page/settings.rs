//! The page for the settings.

use crate::gui::Intent;
use crate::gui::state::State;
use eframe::egui::Ui;

/// Draws the page.
pub fn show(ui: &mut Ui, _state: &State, _intents: &mut Vec<Intent>) {
    ui.heading("settings");
}
