//! The fields of the form that say how to reach the server.

use super::text;
use crate::gui::icon;
use crate::gui::shown;
use crate::gui::state::accounts::{Ask, Form, Search};
use crate::gui::theme::{self, PORT};
use crate::gui::widget::{Button, Choice, Field as Box};
use crate::job::FoundBy;
use crate::settings::{Field, PasswordFrom, Security};
use crate::text::window::accounts as words;
use crate::text::window::accounts::{hint, label};
use eframe::egui::Ui;

/// Draws them.
pub(super) fn show(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    if let Search::Found(all, chosen) = &form.search
        && all.len() > 1
    {
        let options: Vec<String> = all
            .iter()
            .map(|found| {
                let server = shown::line(&found.imap.server, 200);
                match found.by {
                    FoundBy::Guess => words::option_guessed(&server),
                    _ => words::option_found(&server),
                }
            })
            .collect();
        let choice = Choice::new(label::FOUND, &options, *chosen).enabled(!form.is_busy());
        if let Some(at) = choice.show_labelled(ui) {
            asks.push(Ask::Candidate(at));
        }
    }
    let wide = ui.available_width();
    ui.horizontal_top(|ui| {
        part(ui, wide - PORT - theme::SPACE_8, |ui| {
            text(ui, form, asks, Field::Host);
        });
        part(ui, PORT, |ui| {
            text(ui, form, asks, Field::Port);
        });
    });
    let half = (wide - theme::SPACE_8) / 2.0;
    ui.horizontal_top(|ui| {
        part(ui, half, |ui| security(ui, form, asks));
        part(ui, half, |ui| {
            text(ui, form, asks, Field::User);
        });
    });
    ui.horizontal_top(|ui| {
        let button = Button::normal(words::CHOOSE_FILE).icon(icon::FILE);
        let taken = button.size(ui).x + theme::SPACE_8;
        part(ui, wide - taken, |ui| {
            text(ui, form, asks, Field::CaFile);
        });
        ui.vertical(|ui| {
            // Beside the field, below its label.
            ui.add_space(theme::SMALL_LINE + theme::SPACE_4);
            if button.enabled(!form.is_busy()).show(ui).clicked() {
                asks.push(Ask::Choose(Field::CaFile, true));
            }
        });
    });
    command(ui, form, asks);
}

/// The port that a connection protected so usually has.
pub(super) fn usual_port(security: Security) -> &'static str {
    match security {
        Security::Tls => hint::PORT,
        Security::Starttls | Security::None => hint::PORT_STARTTLS,
    }
}

/// A part of a line.
fn part(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(width);
        add(ui);
    });
}

fn security(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let ways = [Security::Tls, Security::Starttls, Security::None];
    let options = [words::TLS, words::STARTTLS, words::CLEAR].map(str::to_owned);
    let chosen = ways.iter().position(|way| *way == form.draft.security);
    let width = ui.available_width();
    let choice = Choice::new(label::SECURITY, &options, chosen.unwrap_or_default()).width(width);
    if let Some(way) = choice
        .enabled(!form.is_busy())
        .show_labelled(ui)
        .and_then(|at| ways.get(at))
    {
        asks.push(Ask::Protect(*way));
    }
    if let Some(why) = form.flaw(Field::Security) {
        let danger = theme::palette(ui).danger.text;
        crate::gui::widget::small_in(ui, why, danger);
    }
}

fn command(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let before = match &form.draft.password {
        PasswordFrom::Command(command) => command.as_str(),
        _ => "",
    };
    let mut typed = before.to_owned();
    let field = Box::new(label::COMMAND).hint(hint::COMMAND);
    field.enabled(!form.is_busy()).show(ui, &mut typed);
    if typed != before {
        asks.push(Ask::Command(typed));
    }
}
