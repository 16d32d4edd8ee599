//! Carries out what the page for senders and rules asks for.

use crate::gui::Command;
use crate::gui::state::State;
use crate::gui::state::lists::Ask;
use crate::gui::worker::{Kind, Worker};
use crate::job::{Event, Summary};
use eframe::egui::Context;

/// The page was opened: what it shows is read anew.
pub fn opened(_state: &mut State, _worker: &mut Worker) {}

/// Carries out what the page asks for.
pub fn carry_out(_state: &mut State, _worker: &mut Worker, _ctx: &Context, ask: Ask) {
    match ask {}
}

/// Carries out a command that is this page's; whether it was.
pub fn command(
    _state: &mut State,
    _worker: &mut Worker,
    _ctx: &Context,
    _command: Command,
) -> bool {
    false
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(_command: Command, _state: &State) -> Option<bool> {
    None
}

/// A job tells something.
pub fn heard(_state: &mut State, _worker: &mut Worker, _kind: Kind, _event: &Event) {}

/// A job has ended.
pub fn ended(_state: &mut State, _worker: &mut Worker, _kind: Kind, _summary: &Summary) {}
