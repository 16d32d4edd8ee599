//! The page for the settings: cards in two columns. A choice counts at once; what is typed counts
//! when its field is left, and is refused below it while it cannot be meant.

mod cards;
mod outgoing;

use crate::gui::Intent;
use crate::gui::icon;
use crate::gui::state::State;
use crate::gui::state::settings::{Ask, Field};
use crate::gui::theme;
use crate::gui::widget::{self, Button, Note, card, page_header, small, strong};
use crate::text::window::settings as words;
use eframe::egui::{Frame, Margin, ScrollArea, Ui, vec2};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let facts = match state.site.is_demo {
        true => words::OF_SAMPLE.to_owned(),
        false => words::kept_in(&state.site.places.config_file.display().to_string()),
    };
    let again = Button::normal(words::READ).icon(icon::RETRY);
    if page_header(ui, words::TITLE, &facts, vec![again]).is_some() {
        ask(intents, Ask::ReadAgain);
    }
    // The scroll bar stands in the edge of the page, beside the cards.
    let edge = Margin::symmetric(theme::PAGE_EDGE as i8, 0);
    widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
        Frame::NONE.inner_margin(edge).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_16;
            notes(ui, state, intents);
            let width = (ui.available_width() - theme::SPACE_16) / 2.0;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = theme::SPACE_16;
                for column in 0..2 {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        match column {
                            0 => {
                                cards::level(ui, state, intents);
                                cards::mailbox(ui, state, intents);
                                cards::limits(ui, state, intents);
                            }
                            _ => {
                                cards::window(ui, state, intents);
                                cards::reporting(ui, state, intents);
                                outgoing::show(ui, state, intents);
                                cards::samples(ui, state, intents);
                            }
                        }
                    });
                }
            });
            ui.add_space(theme::SPACE_16);
        });
    });
}

fn notes(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    if let Some(error) = &state.site.broken {
        let place = error
            .place()
            .map(|(line, column)| words::place(line, column));
        let why = format!("{}{}", place.unwrap_or_default(), error.reason());
        let note = Note::danger(words::BROKEN)
            .why(&why)
            .button(words::START_FRESH);
        if note.show(ui) {
            ask(intents, Ask::StartFresh);
        }
    } else if let Some(why) = &state.settings.failed {
        let note = Note::danger(words::NOT_SAVED).why(why).button(words::READ);
        if note.show(ui) {
            ask(intents, Ask::ReadAgain);
        }
    }
}

fn ask(intents: &mut Vec<Intent>, ask: Ask) {
    intents.push(Intent::Settings(ask));
}

/// A card with a title and a sentence below.
fn titled(ui: &mut Ui, title: &str, about: &str, contents: impl FnOnce(&mut Ui)) {
    ui.push_id(title, |ui| {
        card(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(theme::SPACE_8, theme::SPACE_8);
            strong(ui, title);
            if !about.is_empty() {
                small(ui, about);
            }
            contents(ui);
        });
    });
}

/// A field of the settings: what is typed is written when it is left.
fn field(
    ui: &mut Ui,
    state: &State,
    which: Field,
    shape: widget::Field<'_>,
    intents: &mut Vec<Intent>,
) {
    let settings = &state.settings;
    let mut text = settings.text(&which, &state.site.settings);
    let refused = settings.refused.get(&which);
    let shown = shape
        .refused(refused.map(String::as_str))
        .show(ui, &mut text);
    if shown.response.changed() {
        ask(intents, Ask::Type(which, text));
    } else if settings.typed.contains_key(&which)
        && refused.is_none()
        && !shown.response.has_focus()
        && !settings.writes(&which)
    {
        // However it was left: by a key, a click or another page.
        ask(intents, Ask::Leave(which));
    }
}
