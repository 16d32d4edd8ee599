//! The foot of the page: the password, and the two ways out; while a report is on its way, how far
//! it is.

use crate::gui::state::State;
use crate::gui::state::report::{Ask, Busy};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Bar, Button};
use crate::gui::{Command, Intent, icon};
use crate::text::window::report as words;
use eframe::egui::{Align, Layout, Ui};

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        let copy = Button::normal(words::COPY_PASSWORD).icon(icon::KEY);
        if copy.show(ui).clicked() {
            intents.push(Intent::Do(Command::CopyPassword));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match &state.report.busy {
                Some(busy) => progress(ui, state, busy, intents),
                None => ways(ui, state, intents),
            }
        });
    });
}

fn progress(ui: &mut Ui, state: &State, busy: &Busy, intents: &mut Vec<Intent>) {
    if busy.sends {
        let stop = Button::normal(words::STOP)
            .icon(icon::STOP)
            .enabled(!busy.stops);
        if stop.show(ui).clicked() {
            intents.push(Intent::Report(Ask::Stop));
        }
    }
    let number = (busy.done + 1).min(busy.of);
    let says = match (busy.letter, busy.sends, state.report.goes_to_folder()) {
        (None, true, true) => words::opening().to_owned(),
        (None, true, false) => words::connecting().to_owned(),
        (_, true, true) => words::putting(number, busy.of),
        (_, true, false) => words::sending(number, busy.of),
        (_, false, _) => words::saving(number, busy.of),
    };
    let part = busy.done as f32 / busy.of.max(1) as f32;
    Bar::new(part, &says).width(theme::FOOT_BAR).show(ui);
    widget::label(ui, &says, theme::body(), palette(ui).soft);
}

/// The next step last, at the right: one filled button.
fn ways(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let report = &state.report;
    let (send, save, unsent) = (report.to_send(), report.to_save(), report.unsent());
    if report.is_over() {
        let done = Button::filled(words::PUT_AWAY).icon(icon::TICK);
        if done.show(ui).clicked() {
            intents.push(Intent::Report(Ask::PutAway));
        }
        return;
    }
    let keys = Command::Send.keys(ui.ctx());
    let mut has_filled = false;
    if !unsent.is_empty() {
        let says = match report.goes_to_folder() {
            true => words::put_again(unsent.len()),
            false => words::send_again(unsent.len()),
        };
        let again = Command::SendAgain.keys(ui.ctx());
        let button = Button::filled(&says).icon(icon::RETRY).tip(&again);
        let can = Command::SendAgain.is_enabled(state);
        if button.enabled(can).show(ui).clicked() {
            intents.push(Intent::Do(Command::SendAgain));
        }
        has_filled = true;
    }
    if report.leaves() && (!send.is_empty() || unsent.is_empty()) {
        let says = match report.goes_to_folder() {
            true => words::put(send.len()),
            false => words::send(send.len()),
        };
        let button = match has_filled {
            false => Button::filled(&says),
            true => Button::normal(&says),
        };
        let button = button.icon_filled(icon::REPORT).tip(&keys);
        let can = Command::Send.is_enabled(state);
        if button.enabled(can).show(ui).clicked() {
            intents.push(Intent::Do(Command::Send));
        }
        has_filled = true;
    }
    if !save.is_empty() || !has_filled {
        let says = words::save(save.len());
        let keys = Command::SaveZips.keys(ui.ctx());
        let button = match has_filled {
            false => Button::filled(&says),
            true => Button::normal(&says),
        };
        let can = Command::SaveZips.is_enabled(state);
        let button = button.icon(icon::SAVE).tip(&keys).enabled(can);
        if button.show(ui).clicked() {
            intents.push(Intent::Do(Command::SaveZips));
        }
    }
    let (font, ink) = (theme::small(), palette(ui).faint);
    // In a narrow window the buttons say it.
    let has_room = widget::fits(
        ui.painter(),
        words::TWO_WAYS,
        font.clone(),
        ink,
        ui.available_width(),
    );
    if has_room && has_filled && unsent.is_empty() && report.outcomes.is_empty() {
        widget::label(ui, words::TWO_WAYS, font, ink);
    }
}
