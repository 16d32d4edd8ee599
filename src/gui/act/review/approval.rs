//! Approves a sender for good from the open hit, which is called wanted with it, and takes both
//! back together: only what the approval itself put on the list or took off the other.

use super::{Note, fail, write_word};
use crate::gui::state::review::{Done, Key};
use crate::gui::state::{State, Tone};
use crate::gui::worker::Worker;
use crate::job::{self, Said};
use crate::settings::{List, Setting, Settings};
use crate::text::window::review as words;

/// Approves a sender for good, and calls the open hit wanted.
pub fn approve(state: &mut State, worker: &mut Worker, entry: String) {
    let places = state.site.places.clone();
    let of = state.review.selected.clone();
    worker.task("the approval of a sender", move |tell| {
        let listed = job::list_senders(&places, List::Approved, std::slice::from_ref(&entry));
        tell.apply(move |state, worker| match listed {
            Ok((settings, new)) => {
                let back = match new {
                    0 => Vec::new(),
                    _ => changes_back(&state.site.settings, &settings, &entry),
                };
                state.site.settings = settings;
                let open = of.filter(|of| state.review.selected.as_ref() == Some(of));
                let before = state.review.row().and_then(|row| row.said);
                let word = open.filter(|_| before != Some(Said::NotSpam));
                let word = word.map(|key| (key, before));
                if word.is_some() || !back.is_empty() {
                    state.review.done.push(Done::Approved(back, word.clone()));
                }
                match word {
                    Some((key, before)) => {
                        let note = Note::Approved(entry);
                        write_word(state, worker, key, Some(Said::NotSpam), before, note);
                    }
                    None => state.say(Tone::Done, words::approved(&entry)),
                }
            }
            Err(error) => fail(state, error.to_string()),
        });
    });
}

/// What undoes that an entry was put on the list of approved senders.
fn changes_back(before: &Settings, after: &Settings, entry: &str) -> Vec<Setting> {
    let mut back = vec![Setting::NoSender(List::Approved, entry.to_owned())];
    // An approved sender is blocked no longer.
    let blocked = before.blocked.iter();
    let gone = blocked.filter(|one| !after.blocked.contains(one));
    let gone = gone.filter(|one| one.trim().eq_ignore_ascii_case(entry));
    back.extend(gone.map(|one| Setting::Sender(List::Blocked, one.clone())));
    back
}

/// Takes an approval back, with the word that was given with it.
pub fn take_back(
    state: &mut State,
    worker: &mut Worker,
    changes: Vec<Setting>,
    word: Option<(Key, Option<Said>)>,
) {
    let places = state.site.places.clone();
    worker.task("the taking back of an approval", move |tell| {
        let written = match changes.is_empty() {
            true => Ok(None),
            false => job::write_settings(&places, &changes).map(Some),
        };
        tell.apply(move |state, worker| match written {
            Ok(settings) => {
                let note = match settings {
                    Some(settings) => {
                        state.site.settings = settings;
                        Note::ApprovalBack
                    }
                    None => Note::Word,
                };
                match word {
                    Some((key, before)) => {
                        let now = state.review.table.row(&key).and_then(|row| row.said);
                        write_word(state, worker, key, before, now, note);
                    }
                    None => state.say(Tone::Done, words::APPROVAL_BACK),
                }
            }
            Err(error) => {
                state.review.done.push(Done::Approved(changes, word));
                fail(state, error.to_string());
            }
        });
    });
}
