//! The outgoing mail server: a form that is kept as a whole, its password in the keyring and
//! nowhere else.

use super::{ask, titled};
use crate::gui::Intent;
use crate::gui::state::State;
use crate::gui::state::settings::{Ask, OutgoingPart};
use crate::gui::theme;
use crate::gui::widget::{Button, Choice, Field, Note};
use crate::settings::{Secret, Security};
use crate::text::window::settings as words;
use eframe::egui::Ui;
use zeroize::Zeroizing;

/// The port's field.
const PORT: f32 = 96.0;
/// The longest password.
const MOST_LETTERS: usize = 1000;

/// Draws the form.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let form = state.settings.outgoing_form(&state.site.settings);
    let wrong = form.server().err();
    let is_typed = state.settings.outgoing.is_some();
    titled(ui, words::OUTGOING, words::OUTGOING_ABOUT, |ui| {
        let part = |ui: &mut Ui, which, label, text: &str, width, intents: &mut Vec<Intent>| {
            let why = wrong.filter(|(part, _)| *part == which && is_typed);
            let mut text = text.to_owned();
            let field = Field::new(label)
                .width(width)
                .refused(why.map(|(_, says)| says));
            let hint = if which == OutgoingPart::Server {
                "smtp.example.com"
            } else {
                ""
            };
            if field.hint(hint).show(ui, &mut text).response.changed() {
                ask(intents, Ask::TypeOutgoing(which, text));
            }
        };
        ui.horizontal_top(|ui| {
            let width = ui.available_width() - PORT - theme::SPACE_8;
            part(
                ui,
                OutgoingPart::Server,
                words::SERVER,
                &form.server,
                width,
                intents,
            );
            part(
                ui,
                OutgoingPart::Port,
                words::PORT,
                &form.port,
                PORT,
                intents,
            );
        });
        let ways = [Security::Tls, Security::Starttls, Security::None];
        let options = ways.map(|way| words::security(way.word()).to_owned());
        let chosen = ways
            .iter()
            .position(|way| *way == form.security)
            .unwrap_or(0);
        let choice = Choice::new(words::SECURITY, &options, chosen).show_labelled(ui);
        if let Some(way) = choice.and_then(|at| ways.get(at)) {
            ask(intents, Ask::OutgoingSecurity(*way));
        }
        let width = ui.available_width();
        part(
            ui,
            OutgoingPart::User,
            words::USER,
            &form.user,
            width,
            intents,
        );
        password(ui, state, intents);
        if let Some(why) = &state.settings.outgoing_failed {
            Note::danger(words::NOT_SAVED).why(why).show(ui);
        }
        buttons(ui, state, intents);
    });
}

fn password(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let typed = state.settings.password.as_ref();
    let mut text = Zeroizing::new(String::with_capacity(4 * MOST_LETTERS));
    text.push_str(typed.map_or("", Secret::expose));
    let hint = match state.site.settings.outgoing {
        Some(_) => words::PASSWORD_KEPT,
        None => "",
    };
    let field = Field::new(words::PASSWORD)
        .hint(hint)
        .secret()
        .most(MOST_LETTERS)
        .show(ui, &mut text);
    if field.response.changed() {
        ask(
            intents,
            Ask::TypePassword(Secret::new(std::mem::take(&mut *text))),
        );
    }
}

fn buttons(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let form = state.settings.outgoing_form(&state.site.settings);
    let is_typed = state.settings.outgoing.is_some() || state.settings.password.is_some();
    ui.horizontal(|ui| {
        let save = Button::normal(words::SAVE_SERVER).enabled(is_typed && form.server().is_ok());
        if save.show(ui).clicked() {
            ask(intents, Ask::SaveOutgoing);
        }
        let has = state.site.settings.outgoing.is_some();
        if has && Button::quiet(words::NO_SERVER).show(ui).clicked() {
            ask(intents, Ask::NoOutgoing);
        }
    });
}
