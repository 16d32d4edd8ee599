//! What stands in place of the ways in where nothing can be done yet: settings that cannot be
//! read, or another window on the same settings. Each with the way out.

use crate::gui::Intent;
use crate::gui::icon;
use crate::gui::state::State;
use crate::gui::state::accounts::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Note};
use crate::job::AlreadyOpen;
use crate::settings::SettingsError;
use crate::text::window::accounts as words;
use eframe::egui::Ui;

/// The settings file cannot be read.
pub(super) fn broken(ui: &mut Ui, state: &State, error: &SettingsError, intents: &mut Vec<Intent>) {
    super::head(ui);
    ui.add_space(theme::SPACE_24);
    widget::card(ui, |ui| {
        let p = palette(ui);
        widget::heading(ui, words::BROKEN);
        let path = state.site.places.config_file.display().to_string();
        widget::wrapped(
            ui,
            &words::broken(&path, error.place()),
            theme::mono(),
            p.ink,
        );
        Note::danger(&error.reason()).show(ui);
        widget::soft(ui, words::BROKEN_NOTHING);
        if let Some(trouble) = &state.accounts.trouble {
            Note::danger(trouble).show(ui);
        }
        ui.add_space(theme::SPACE_8);
        ui.horizontal_wrapped(|ui| {
            for (button, ask) in [
                (
                    Button::filled(words::READ_AGAIN).icon(icon::RETRY),
                    Ask::ReadAgain,
                ),
                (
                    Button::normal(words::OPEN_FOLDER).icon(icon::FOLDER_OPEN),
                    Ask::OpenFolder,
                ),
                (Button::normal(words::START_FRESH), Ask::StartFresh),
            ] {
                if button.show(ui).clicked() {
                    intents.push(Intent::Accounts(ask));
                }
            }
        });
    });
}

/// Another window is open.
pub(super) fn second(ui: &mut Ui, why: &AlreadyOpen, intents: &mut Vec<Intent>) {
    super::head(ui);
    ui.add_space(theme::SPACE_24);
    widget::card(ui, |ui| {
        match why {
            AlreadyOpen::Already => {
                widget::heading(ui, words::SECOND);
                widget::soft(ui, words::SECOND_SAYS);
            }
            AlreadyOpen::Unknown(error) => {
                widget::heading(ui, words::NO_DATA);
                Note::danger(&error.to_string()).show(ui);
            }
        }
        ui.add_space(theme::SPACE_8);
        if Button::filled(words::CLOSE).show(ui).clicked() {
            intents.push(Intent::Accounts(Ask::Close));
        }
    });
}
