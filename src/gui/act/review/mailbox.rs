//! Moves and what puts them back: asked of the sweep that has the account open, or else of a job
//! of their own, one at a time. What a sweep ended without doing is asked again.

use crate::gui::state::review::{Back, Done, Key};
use crate::gui::state::{State, Tone};
use crate::gui::worker::{Kind, Worker};
use crate::job::{self, Choices, Event, HitState, Moves, Plan, Request, Submit, Summary};
use crate::mail::Digest;
use crate::text::window::review as words;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Moves what is shown and ticked.
pub fn move_ticked(state: &mut State, worker: &mut Worker) {
    let chosen = state.review.table.chosen().filter(|row| row.can_move());
    let moved: Vec<Back> = chosen
        .map(|row| Back {
            key: (row.digest, row.account.clone()),
            folder: Some(row.folder.clone()),
        })
        .collect();
    if moved.is_empty() {
        return;
    }
    state.say(Tone::Working, words::moving(moved.len()));
    let requests = by_folder(&moved)
        .into_iter()
        .filter_map(|((account, folder), digests)| {
            let request = Request::MoveFrom(folder?.to_string(), digests);
            Some((account.to_string(), request))
        });
    state.review.trouble = None;
    state.review.done.push(Done::Moved(moved));
    state.review.told = (0, 0);
    ask(state, worker, requests.collect());
}

/// Puts messages back where they were.
pub fn put_back(state: &mut State, worker: &mut Worker, backs: Vec<Back>) {
    if backs.is_empty() {
        return;
    }
    // What is taken back once is not taken back again by the next Undo.
    let comes = |one: &Back| {
        let of = |back: &&Back| back.key == one.key;
        let mut backs = backs.iter().filter(of);
        backs.any(|back| back.folder.is_none() || back.folder == one.folder)
    };
    for done in &mut state.review.done {
        if let Done::Moved(moved) = done {
            moved.retain(|one| !comes(one));
        }
    }
    let is_empty = |done: &Done| matches!(done, Done::Moved(moved) if moved.is_empty());
    state.review.done.retain(|done| !is_empty(done));
    state.say(Tone::Working, words::putting_back(backs.len()));
    state.review.trouble = None;
    state.review.told = (0, 0);
    let requests = by_folder(&backs)
        .into_iter()
        .map(|((account, folder), digests)| {
            let request = match folder {
                Some(folder) => Request::UndoTo(folder.to_string(), digests),
                None => Request::Undo(digests),
            };
            (account.to_string(), request)
        });
    ask(state, worker, requests.collect());
}

/// An account and one of its folders, or all of them.
type Folder = (Arc<str>, Option<Arc<str>>);

/// The messages of each folder.
fn by_folder(messages: &[Back]) -> BTreeMap<Folder, Vec<Digest>> {
    let mut all: BTreeMap<_, Vec<Digest>> = BTreeMap::new();
    for Back { key, folder } in messages {
        let (digest, account) = key;
        let of = (account.clone(), folder.clone());
        all.entry(of).or_default().push(*digest);
    }
    all
}

fn ask(state: &mut State, worker: &mut Worker, requests: Vec<(String, Request)>) {
    for (account, request) in requests {
        let keys = request.digests().iter().map(|one| key(*one, &account));
        state.review.moving.extend(keys);
        let sweeps = state.review.sweeping.contains(&account);
        match worker.control(Kind::Sweep).filter(|_| sweeps) {
            Some(control) => control.ask_of(&account, request.clone()),
            None => {
                state.review.waiting.push((account, request));
                continue;
            }
        }
        // Should the sweep end before it comes to it, it is asked again.
        state.review.asked.push((account, request));
    }
    serve(state, worker);
}

/// Starts what waits, one account at a time, where nothing of the kind runs.
fn serve(state: &mut State, worker: &mut Worker) {
    if worker.control(Kind::Serve).is_some() || state.review.waiting.is_empty() {
        return;
    }
    let (account, first) = state.review.waiting.remove(0);
    let mut requests = vec![first];
    let waiting = std::mem::take(&mut state.review.waiting);
    let (own, others) = waiting.into_iter().partition(|(of, _)| *of == account);
    state.review.waiting = others;
    let own: Vec<(String, Request)> = own;
    requests.extend(own.into_iter().map(|(_, request)| request));
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.job("the moving of messages", Kind::Serve, move |control, on| {
        let choices = Choices {
            accounts: vec![account],
            moves: Moves::WhenAsked,
            submit: Some(Submit::No),
            ..Choices::default()
        };
        match Plan::new(settings, &places, &choices) {
            Ok(plan) => job::serve(&plan, requests, control, on),
            Err(error) => {
                on(Event::Trouble {
                    account: None,
                    says: error.to_string(),
                });
                Summary {
                    troubles: 1,
                    ..Summary::default()
                }
            }
        }
    });
}

/// A job tells what became of a message.
pub fn heard(state: &mut State, kind: Kind, event: &Event) {
    match event {
        Event::Opened { account, .. } if kind == Kind::Sweep => {
            state.review.sweeping.insert(account.clone());
        }
        Event::Moved {
            sha256,
            from,
            to,
            dry_run: false,
            ..
        } => {
            let target = HitState::Moved(to.clone());
            settled(state, sha256, &from.account);
            let review = &mut state.review;
            review.table.set_state(sha256, &from.account, target);
            review.told.0 += 1;
        }
        Event::Undone {
            sha256, account, ..
        } => {
            settled(state, sha256, account);
            let review = &mut state.review;
            review.table.set_state(sha256, account, HitState::PutBack);
            review.told.1 += 1;
        }
        Event::Settled {
            sha256,
            account,
            says,
        } => {
            let was_asked = settled(state, sha256, account);
            if was_asked {
                state.review.trouble = Some(says.clone());
            }
        }
        Event::Trouble { says, .. } if kind == Kind::Serve || !state.review.moving.is_empty() => {
            state.review.trouble = Some(says.clone());
        }
        _ => {}
    }
    if state.review.moving.is_empty() {
        tell(state);
    }
}

fn key(digest: Digest, account: &str) -> Key {
    (digest, Arc::from(account))
}

/// Something became of a message; whether that was asked for.
fn settled(state: &mut State, digest: &Digest, account: &str) -> bool {
    state.review.moving.remove(&key(*digest, account))
}

/// Says how many were moved, once all of them are.
fn tell(state: &mut State) {
    let (moved, back) = std::mem::take(&mut state.review.told);
    if moved + back == 0 {
        return;
    }
    match &state.review.trouble {
        Some(says) => {
            let says = says.clone();
            state.say(Tone::Failed, says);
        }
        None => state.say(Tone::Done, words::settled(moved, back)),
    }
}

/// Whether the status line still says that messages are on their way.
fn is_working(state: &State) -> bool {
    let status = state.status.as_ref();
    status.is_some_and(|status| status.tone == Tone::Working)
}

/// A job has ended: what it did not come to is asked again, or given up where that was tried.
pub fn ended(state: &mut State, worker: &mut Worker, kind: Kind, _summary: &Summary) {
    match kind {
        Kind::Sweep => {
            state.review.sweeping.clear();
            for (account, request) in std::mem::take(&mut state.review.asked) {
                let moving = &state.review.moving;
                let digests = request.digests().iter().copied();
                let left = digests.filter(|digest| moving.contains(&key(*digest, &account)));
                let left: Vec<Digest> = left.collect();
                if !left.is_empty() {
                    let request = request.with(left);
                    state.review.waiting.push((account, request));
                }
            }
        }
        Kind::Serve if state.review.waiting.is_empty() && state.review.asked.is_empty() => {
            state.review.moving.clear();
            let is_nothing = state.review.told == (0, 0);
            tell(state);
            if let Some(says) = state.review.trouble.clone() {
                state.say(Tone::Failed, says);
            } else if is_nothing && is_working(state) {
                state.say(Tone::Done, words::NOTHING_LEFT.to_owned());
            }
        }
        Kind::Serve | Kind::Report => {}
    }
    serve(state, worker);
}
