//! A thread ended where it should not have: it is told on the page that waits for it, what was
//! kept stays, and nothing goes on waiting for what will never come.

use super::heard;
use crate::gui::state::review::Load;
use crate::gui::state::{State, Tone};
use crate::gui::worker::{Kind, Worker};
use crate::job::Event;
use crate::text::window as words;

/// Tells it. A job's pages hear of it as of any trouble; its end comes after this.
pub fn panicked(state: &mut State, worker: &mut Worker, kind: Option<Kind>, name: &str, why: &str) {
    let says = words::panicked(name, why);
    match kind {
        Some(kind) => {
            let trouble = Event::Trouble {
                account: None,
                says: says.clone(),
            };
            heard(state, worker, kind, &trouble);
        }
        None => nobody_waits(state, &says),
    }
    state.say(Tone::Failed, says);
}

/// Whatever was being read may be asked for again.
fn nobody_waits(state: &mut State, says: &str) {
    let why = || says.to_owned();
    state.finds_dialog = false;
    if let Some(typed) = &mut state.typed {
        typed.looking = false;
    }
    let review = &mut state.review;
    if matches!(review.load, Load::Reading) {
        review.load = Load::Failed(why());
    }
    if matches!(review.opened, Load::Reading) {
        review.opened = Load::Failed(why());
    }
    if state.report.drafting {
        state.report.drafting = false;
        state.report.failed = Some(why());
    }
    if state.history.reading {
        state.history.reading = false;
        state.history.failed = Some(why());
    }
    if state.settings.writing.take().is_some() {
        state.settings.failed = Some(why());
    }
}
