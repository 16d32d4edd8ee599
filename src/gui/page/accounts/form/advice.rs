//! What the owner of an address has to do before a password is taken, in the provider's own order,
//! beside the fields and before anything is typed in vain.

use crate::gui::icon;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Note};
use crate::job::FoundServers;
use crate::text::window::accounts as words;
use eframe::egui::{Layout, OpenUrl, Ui, vec2};

/// The number of a step.
const NUMBER: f32 = 16.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, found: &FoundServers) {
    let Some(says) = &found.says else {
        return;
    };
    let name = found.provider.as_deref().unwrap_or_default();
    let is_asked_for = match found.steps.is_empty() {
        true => {
            let note = Note::info(name).why(says);
            match &found.page {
                Some(_) => note.button(words::OPEN_PAGE).show(ui),
                None => note.show(ui),
            }
        }
        // Columns would stretch each line of text from edge to edge.
        false => {
            let card = widget::card(ui, |ui| {
                ui.vertical(|ui| steps(ui, name, says, found)).inner
            });
            card.inner
        }
    };
    if let Some(page) = found.page.as_ref().filter(|_| is_asked_for) {
        ui.ctx().open_url(OpenUrl::new_tab(page));
    }
}

/// Step by step; whether the provider's page is asked for.
fn steps(ui: &mut Ui, name: &str, says: &str, found: &FoundServers) -> bool {
    ui.spacing_mut().item_spacing.y = theme::SPACE_8;
    widget::strong(ui, name);
    widget::soft(ui, says);
    for (at, step) in found.steps.iter().enumerate() {
        ui.horizontal_top(|ui| {
            let number = vec2(NUMBER, theme::BODY_LINE);
            ui.allocate_ui_with_layout(number, Layout::default(), |ui| {
                widget::body_in(ui, &words::numbered(at + 1), palette(ui).soft);
            });
            ui.vertical(|ui| widget::body(ui, step));
        });
    }
    let button = Button::normal(words::OPEN_PAGE).icon(icon::EXPORT);
    found.page.is_some() && button.show(ui).clicked()
}
