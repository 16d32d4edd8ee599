//! Carries out what the page for what was done asks for: it is read on the worker, and what is put
//! back or sent again is asked of those who moved or sent it.

use super::dialog::{Want, ask_for};
use crate::gui::Command;
use crate::gui::state::history::{Ask, Line};
use crate::gui::state::review::{Back, Filter};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::{Kind, Tell, Worker};
use crate::job::{self, Control, Entry, Outcome};
use crate::log_file;
use crate::mail::Digest;
use crate::text::window::history as words;
use eframe::egui::Context;
use std::path::PathBuf;
use std::sync::Arc;

/// The page was opened: what it shows is read anew.
pub fn opened(state: &mut State, worker: &mut Worker) {
    read(state, worker);
}

/// Something was done: if it is looked at, it is read anew.
pub fn changed(state: &mut State, worker: &mut Worker) {
    if state.page == Page::History {
        read(state, worker);
    }
}

fn read(state: &mut State, worker: &mut Worker) {
    if state.history.reading {
        state.history.stale = true;
        return;
    }
    state.history.reading = true;
    state.history.stale = false;
    let places = state.site.places.clone();
    worker.task("the history", move |tell: &Tell| {
        let read = job::chronicle(&places);
        tell.apply(move |state, worker| {
            state.history.reading = false;
            match read {
                Ok(mut entries) => {
                    let settings = &state.site.settings;
                    for entry in &mut entries {
                        // Found by what the account is called now, and by what it was.
                        let shown = settings.shown(&entry.account).to_lowercase();
                        entry.haystack.push(' ');
                        entry.haystack.push_str(&shown);
                    }
                    state.history.take(entries);
                }
                Err(error) => state.history.failed = Some(error.to_string()),
            }
            if state.history.stale {
                changed(state, worker);
            }
        });
    });
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, _ctx: &Context, ask: Ask) {
    let history = &mut state.history;
    match ask {
        Ask::Filter(filter) => history.filter = filter,
        Ask::Kind(kind) => history.kind = kind,
        Ask::Account(account) => history.account = account,
        Ask::Select(id) => {
            history.selected = Some(id);
            history.is_open = true;
            return;
        }
        Ask::PutBack(account, digests) => return put_back(state, worker, &account, digests),
        Ask::SendAgain(account, package) => return send_again(state, worker, account, package),
        Ask::OpenFolder(path) => return super::report::open_folder(worker, path),
        Ask::ShowInReview(text) => {
            let filter = Filter {
                text,
                ..Filter::default()
            };
            state.page = Page::Review;
            let ask = crate::gui::state::review::Ask::Filter(filter);
            super::review::carry_out(state, worker, _ctx, ask);
            return super::open(state, worker, Page::Review);
        }
        Ask::ExportTo(path) => return export(state, worker, path),
        Ask::Export => return ask_for_file(state, worker),
        Ask::Focused => {
            state.wants_filter = false;
            return;
        }
        Ask::Scrolled => {
            history.scroll = false;
            return;
        }
        Ask::Reload => return read(state, worker),
        Ask::Dismiss => {
            history.failed = None;
            return;
        }
    }
    history.arrange();
}

fn put_back(
    state: &mut State,
    worker: &mut Worker,
    account: &str,
    messages: Vec<(Digest, String)>,
) {
    let account: Arc<str> = Arc::from(account);
    let back = |(digest, folder): (Digest, String)| Back {
        key: (digest, account.clone()),
        folder: Some(Arc::from(folder)),
    };
    let backs = messages.into_iter().map(back).collect();
    super::review::put_back(state, worker, backs);
}

fn send_again(state: &mut State, worker: &mut Worker, account: String, package: i64) {
    if state.history.sending.contains(&package) || worker.control(Kind::Report).is_some() {
        return;
    }
    state.history.sending.push(package);
    state.say(Tone::Working, words::SENDING);
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.errand("a report", Kind::Report, move |_: &Control, tell| {
        let sent = job::report_plan(&settings, &places, &account)
            .map_err(|error| error.to_string())
            .and_then(|(plan, _)| {
                let sent = job::send_again(&plan, package, &mut |_| {});
                sent.map_err(|error| error.to_string())
            });
        let what = format!("package {package}");
        match &sent {
            Ok(outcome) => log_file::note_outcome(&what, outcome),
            Err(why) => log_file::note_no_report(&what, why),
        }
        tell.apply(move |state, worker| {
            state.history.sending.retain(|other| *other != package);
            match sent {
                Ok(Outcome::Written(_)) => state.say(Tone::Done, words::PUT),
                Ok(outcome) if outcome.is_good() => state.say(Tone::Done, words::SENT),
                Ok(Outcome::NotSent { says, .. } | Outcome::Unknown(says)) => fail(state, says),
                Ok(_) => {}
                Err(says) => fail(state, says),
            }
            changed(state, worker);
        });
    });
}

fn fail(state: &mut State, says: String) {
    state.history.failed = Some(says.clone());
    state.say(Tone::Failed, says);
}

fn ask_for_file(state: &mut State, worker: &mut Worker) {
    let want = Want::new_file(words::FILE_NAME, &[]);
    ask_for(state, worker, want, export);
}

/// Writes what is shown into a file.
fn export(state: &mut State, worker: &mut Worker, path: PathBuf) {
    let Some(entries) = state.history.entries.clone() else {
        return;
    };
    let lines = state.history.lines.clone();
    let shown: Vec<usize> = lines
        .into_iter()
        .filter_map(|line| match line {
            Line::Entry(number) => Some(number),
            Line::Day(_) => None,
        })
        .collect();
    worker.task("a table", move |tell: &Tell| {
        let entries: Vec<&Entry> = shown.iter().filter_map(|at| entries.get(*at)).collect();
        let written = job::save_history(&path, &entries);
        let number = entries.len();
        tell.apply(move |state, _| match written {
            Ok(()) => {
                let says = words::exported(number, &path.display().to_string());
                state.say(Tone::Done, says);
            }
            Err(error) => fail(state, error.to_string()),
        });
    });
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, _ctx: &Context, command: Command) -> bool {
    if is_enabled(command, state) != Some(true) {
        return false;
    }
    match command {
        Command::Next | Command::Previous => state.history.step(command == Command::Next),
        // Where the open line holds nothing to take back, the last move of this window is meant.
        Command::Undo => match state.history.undoable() {
            Some((account, digests)) => put_back(state, worker, &account, digests),
            None => return false,
        },
        Command::SendAgain => {
            if let Some((account, package)) = state.history.unsent() {
                send_again(state, worker, account, package);
            }
        }
        Command::Open => state.history.is_open = true,
        Command::Back if state.history.is_open && !state.history.is_filtered() => {
            state.history.is_open = false;
        }
        Command::Back => {
            state.history.is_open = false;
            state.history.filter.clear();
            state.history.kind = job::Kind::All;
            state.history.account = None;
            state.history.arrange();
        }
        _ => return false,
    }
    true
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    if state.page != Page::History {
        return None;
    }
    let history = &state.history;
    match command {
        Command::Next | Command::Previous | Command::Open => Some(history.shown > 0),
        Command::Undo => {
            history.undoable()?;
            Some(state.review.moving.is_empty())
        }
        Command::SendAgain => Some(history.unsent().is_some()),
        Command::Back => Some(history.is_open || history.is_filtered()),
        _ => None,
    }
}
