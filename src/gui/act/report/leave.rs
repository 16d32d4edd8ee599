//! Reports leave: what was drawn up is sent or saved on a thread of its own, and what became of
//! each letter is shown beside it.

use super::draw_up;
use crate::gui::state::report::Busy;
use crate::gui::state::{State, Tone};
use crate::gui::worker::{Kind, Tell, Worker};
use crate::job::{self, Control, Draft, Outcome, Plan, ReportEvent};
use crate::log_file;
use crate::text::window::report as words;
use std::path::PathBuf;
use std::sync::Arc;

/// Everything that is handed to the thread that sends or saves.
fn take(state: &State) -> Option<(Arc<Plan>, Arc<Draft>)> {
    Some((state.report.plan.clone()?, state.report.draft.clone()?))
}

fn begin(state: &mut State, sends: bool, of: usize) {
    state.report.notes.clear();
    state.report.busy = Some(Busy {
        sends,
        letter: None,
        done: 0,
        of,
        stops: false,
    });
}

pub(super) fn send(state: &mut State, worker: &mut Worker) {
    let which = state.report.to_send();
    let Some((plan, draft)) = take(state) else {
        return;
    };
    begin(state, true, which.len());
    let edits = state.report.edits.clone();
    worker.errand(
        "the report",
        Kind::Report,
        move |control: &Control, tell| {
            let mut on = |event| hear(&draft, tell, event);
            let done = job::send_report(&plan, &draft, &edits, &which, control, &mut on);
            end(tell, &draft, done.err().map(|error| error.to_string()));
        },
    );
}

pub(super) fn save(state: &mut State, worker: &mut Worker, folder: PathBuf) {
    let which = state.report.to_save();
    let Some((plan, draft)) = take(state) else {
        return;
    };
    if which.is_empty() || state.report.busy.is_some() {
        return;
    }
    begin(state, false, which.len());
    worker.errand("the zips", Kind::Report, move |_: &Control, tell| {
        let mut on = |event| hear(&draft, tell, event);
        let done = job::save_report(&plan, &draft, &which, &folder, &mut on);
        end(tell, &draft, done.err().map(|error| error.to_string()));
    });
}

pub(super) fn send_again(state: &mut State, worker: &mut Worker) {
    let unsent = state.report.unsent();
    let Some((plan, draft)) = take(state) else {
        return;
    };
    begin(state, true, unsent.len());
    worker.errand(
        "the report",
        Kind::Report,
        move |control: &Control, tell| {
            for (letter, package) in unsent {
                if control.is_stopped() {
                    break;
                }
                hear(&draft, tell, ReportEvent::Begun { letter });
                let outcome =
                    job::send_again(&plan, package, &mut |_| {}).unwrap_or_else(|error| {
                        let says = error.to_string();
                        Outcome::NotSent { package, says }
                    });
                hear(&draft, tell, ReportEvent::Ended { letter, outcome });
            }
            end(tell, &draft, None);
        },
    );
}

/// What a report tells on its thread: written down, and brought to the page.
fn hear(draft: &Draft, tell: &Tell, event: ReportEvent) {
    log_file::note_report(draft, &event);
    tell.apply(move |state, worker| told(state, worker, event));
}

/// What a report tells while it is sent or saved.
fn told(state: &mut State, worker: &mut Worker, event: ReportEvent) {
    let report = &mut state.report;
    match event {
        ReportEvent::Connecting => {}
        ReportEvent::Begun { letter } => {
            report.shown = letter;
            if let Some(busy) = &mut report.busy {
                busy.letter = Some(letter);
            }
        }
        ReportEvent::Ended { letter, outcome } => {
            report.outcomes.insert(letter, outcome);
            if let Some(busy) = &mut report.busy {
                busy.done += 1;
            }
        }
        ReportEvent::ServerLimit(limit) => {
            report.server_limit = Some(limit);
            draw_up(state, worker);
            state.report.notes.push(words::server_limit(limit));
        }
        ReportEvent::Trouble(says) => report.notes.push(says),
    }
}

/// Tells that a report was sent or saved, as far as it went.
fn end(tell: &Tell, draft: &Draft, failed: Option<String>) {
    if let Some(why) = &failed {
        log_file::note_no_report(&draft.vendor, why);
    }
    tell.apply(move |state, worker| {
        state.report.notes.extend(failed);
        settle(state);
        crate::gui::act::history::changed(state, worker);
        crate::gui::act::review::opened(state, worker);
    });
}

/// Says in the status line what came of it.
pub(super) fn settle(state: &mut State) {
    state.report.busy = None;
    let outcomes = state.report.outcomes.values();
    let (mut accepted, mut written, mut saved, mut failed) = (0, 0, 0, 0);
    let mut folder = String::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Accepted(_) => accepted += 1,
            Outcome::Written(_) => written += 1,
            Outcome::Saved(path) => {
                saved += 1;
                let parent = path.parent().unwrap_or(path);
                folder = parent.display().to_string();
            }
            Outcome::NotSent { .. } | Outcome::Unknown(_) | Outcome::Untouched(_) => failed += 1,
        }
    }
    let vendor = state.report.draft.as_ref();
    let vendor = vendor.map_or(String::new(), |draft| draft.vendor_name.clone());
    // What failed for good is shown by its letter, so that it can be tried again.
    if let Some(bad) = state.report.outcomes.iter().find(|(_, one)| !one.is_good()) {
        state.report.shown = *bad.0;
    }
    match (failed, accepted, written, saved) {
        (0, 0, 0, 0) => {}
        (0, 0, 0, saved) => state.say(Tone::Done, words::saved(saved, &folder)),
        (0, 0, written, _) => state.say(Tone::Done, words::written(written)),
        (0, accepted, ..) => state.say(Tone::Done, words::sent(accepted, &vendor)),
        (failed, ..) if state.report.goes_to_folder() => {
            state.say(Tone::Failed, words::not_put(failed));
        }
        (failed, ..) => state.say(Tone::Failed, words::not_sent(failed)),
    }
}
