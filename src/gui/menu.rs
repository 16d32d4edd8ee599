//! Commands as the entries of a menu, wherever it opens.

use super::state::State;
use super::{Command, Intent, theme};
use eframe::egui::{Button, RichText, Ui};

/// Draws an entry for each, with its keys; the one that is chosen closes the menu.
pub fn entries(
    ui: &mut Ui,
    commands: impl IntoIterator<Item = Command>,
    state: &State,
    intents: &mut Vec<Intent>,
) {
    ui.set_min_width(theme::MENU);
    let soft = theme::palette(ui).soft;
    for command in commands {
        let keys = RichText::new(command.keys(ui.ctx())).color(soft).small();
        let button = Button::new(command.label()).shortcut_text(keys);
        if ui.add_enabled(command.is_enabled(state), button).clicked() {
            intents.push(Intent::Do(command));
            ui.close();
        }
    }
}
