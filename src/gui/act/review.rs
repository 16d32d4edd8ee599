//! Carries out what the page for the hits asks for: reads rows and the open hit on the worker,
//! writes a person's words down, and has messages moved and put back by the running sweep or,
//! without one, by a connection of their own.

mod approval;
mod mailbox;

pub use mailbox::put_back;

use super::dialog::{Want, ask_for};
use crate::gui::Command;
use crate::gui::state::review::{Ask, Back, Done, Filter, Key, Kind as Only, Load, Table, Width};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::{Kind, Worker};
use crate::job::{self, Chosen, Event, HitState, Said, Summary};
use crate::text::window::review as words;
use eframe::egui::Context;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The page was opened: what it shows is read anew.
pub fn opened(state: &mut State, worker: &mut Worker) {
    reload(state, worker, Duration::ZERO);
}

/// Reads all rows, after a while where that is done again and again.
fn reload(state: &mut State, worker: &mut Worker, after: Duration) {
    let review = &mut state.review;
    if matches!(review.load, Load::Reading) {
        review.stale = true;
        return;
    }
    review.stale = false;
    review.load = Load::Reading;
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    let (order, known) = (review.table.order(), review.stamp.take());
    worker.task("the reading of hits", move |tell| {
        std::thread::sleep(after);
        let begun = Instant::now();
        // Two tables at once take twice the memory.
        let stamp = job::stamp(&settings, &places);
        let read = match stamp.is_some() && stamp == known {
            true => Ok(None),
            false => job::hits(&settings, &places).map(|rows| Some(Table::new(rows, order))),
        };
        let took = begun.elapsed();
        tell.apply(move |state, worker| {
            match read {
                Ok(Some(table)) => take_in(state, worker, table),
                Ok(None) => state.review.load = Load::Ready(()),
                Err(error) => state.review.load = Load::Failed(error.to_string()),
            }
            if matches!(state.review.load, Load::Ready(())) {
                state.review.stamp = stamp;
            }
            if state.review.stale {
                // While hits come in, reading them must not be all that is done.
                reload(state, worker, (took * 5).min(Duration::from_secs(2)));
            }
        });
    });
}

fn take_in(state: &mut State, worker: &mut Worker, mut table: Table) {
    let review = &mut state.review;
    table.keep_from(&review.table);
    if table.order() != review.table.order() {
        table.sort(review.table.order());
    }
    table.filter(&review.filter);
    review.table = table;
    review.load = Load::Ready(());
    let is_there = review.selected.as_ref();
    if is_there.is_none_or(|key| review.table.row(key).is_none()) {
        review.selected = None;
        select(state, worker, 0);
    }
}

/// Opens the row at a position.
fn select(state: &mut State, worker: &mut Worker, position: usize) {
    let review = &mut state.review;
    let Some(row) = review.table.at(position) else {
        return;
    };
    let key = (row.digest, row.account.clone());
    review.anchor = Some(position);
    if review.selected.as_ref() == Some(&key) {
        return;
    }
    review.selected = Some(key);
    read_hit(state, worker);
}

/// Reads the open hit, unless one is being read: that is followed by this.
fn read_hit(state: &mut State, worker: &mut Worker) {
    let review = &mut state.review;
    let Some(key) = review.selected.clone() else {
        review.opened = Load::Unread;
        return;
    };
    if matches!(review.opened, Load::Reading) {
        return;
    }
    review.opened = Load::Reading;
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.task("the reading of a hit", move |tell| {
        let read = job::open(&settings, &places, &key.1, &key.0);
        tell.apply(move |state, worker| {
            let review = &mut state.review;
            review.opened = match read {
                Ok(opened) => Load::Ready(Arc::new(opened)),
                Err(error) => Load::Failed(error.to_string()),
            };
            if review.selected.as_ref() != Some(&key) {
                read_hit(state, worker);
            }
        });
    });
}

/// Shows one hit, whatever the filter was: for pages that speak of it.
pub fn reveal(state: &mut State, worker: &mut Worker, key: Key) {
    let review = &mut state.review;
    let is_moved = review
        .table
        .row(&key)
        .is_some_and(|row| is_moved(&row.state));
    review.filter = Filter {
        kind: match is_moved {
            true => Only::Moved,
            false => Only::All,
        },
        ..Filter::default()
    };
    review.table.filter(&review.filter);
    review.scroll = true;
    review.is_open = true;
    state.page = Page::Review;
    if let Some(position) = state.review.table.position(&key) {
        select(state, worker, position);
    }
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, ctx: &Context, ask: Ask) {
    let review = &mut state.review;
    match ask {
        Ask::Filter(filter) => {
            review.filter = filter;
            review.anchor = None;
            review.table.filter(&review.filter);
        }
        Ask::Sort(column) => {
            review.table.sort(review.table.order().by(column));
            review.table.filter(&review.filter);
            review.anchor = None;
        }
        Ask::Select(position) => select(state, worker, position),
        Ask::Tick(position) => {
            let ticked = review.table.is_ticked(position);
            review.table.tick(position..=position, !ticked);
            review.anchor = Some(position);
        }
        Ask::TickTo(position) => {
            let from = review.anchor.unwrap_or(position);
            let range = from.min(position)..=from.max(position);
            review.table.tick(range, true);
        }
        Ask::TickAll(ticked) => review.table.tick_all(ticked),
        Ask::Tab(tab) => review.tab = tab,
        Ask::Say(said) => say(state, worker, said),
        Ask::Approve(entry) => approval::approve(state, worker, entry),
        Ask::PutBack => {
            let row = review.row().filter(|row| is_moved(&row.state));
            let back = row.map(|row| Back {
                key: (row.digest, row.account.clone()),
                folder: None,
            });
            mailbox::put_back(state, worker, back.into_iter().collect());
        }
        Ask::Dismiss => review.trouble = None,
        Ask::Reload => reload(state, worker, Duration::ZERO),
        Ask::Focused => state.wants_filter = false,
        Ask::Scrolled => review.scroll = false,
        Ask::Width(width) => review.width = width,
        Ask::Detail(width) => review.detail = Some(width),
    }
    ctx.request_repaint();
}

fn is_moved(state: &HitState) -> bool {
    matches!(state, HitState::Moved(_))
}

/// Writes a person's word on the open hit down.
fn say(state: &mut State, worker: &mut Worker, said: Option<Said>) {
    let Some(key) = state.review.selected.clone() else {
        return;
    };
    let before = state.review.row().and_then(|row| row.said);
    if before != said {
        state.review.done.push(Done::Said(key.clone(), before));
        write_word(state, worker, key, said, before, Note::Word);
    }
}

/// What is told beside a word that was written down.
enum Note {
    /// Nothing but the word.
    Word,
    /// This sender was approved with it.
    Approved(String),
    /// An approval was taken back with it.
    ApprovalBack,
}

fn write_word(
    state: &mut State,
    worker: &mut Worker,
    key: Key,
    said: Option<Said>,
    before: Option<Said>,
    note: Note,
) {
    state.review.table.set_said(&key, said);
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.task("the writing of a word", move |tell| {
        let chosen = Chosen {
            account: key.1.to_string(),
            digest: key.0,
        };
        let heard = job::say(&settings, &places, &[chosen], said);
        tell.apply(move |state, worker| match heard {
            Ok(heard) => {
                let learnt = heard.learnt > 0;
                let says = match (note, said) {
                    (Note::Approved(entry), _) => words::noted_and_approved(&entry, learnt),
                    (Note::ApprovalBack, _) => words::approval_taken_back(learnt),
                    (Note::Word, Some(said)) => words::noted(said.category(), learnt),
                    (Note::Word, None) => words::taken_back(learnt),
                };
                state.say(Tone::Done, says);
                if !heard.moved.is_empty() {
                    let back = Back { key, folder: None };
                    mailbox::put_back(state, worker, vec![back]);
                }
            }
            Err(error) => {
                state.review.table.set_said(&key, before);
                fail(state, error.to_string());
            }
        });
    });
}

fn fail(state: &mut State, says: String) {
    state.say(Tone::Failed, says.clone());
    state.review.trouble = Some(says);
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) -> bool {
    if command == Command::CompactRows {
        state.review.compact = Some(!state.review.is_compact());
        return true;
    }
    if command == Command::Undo {
        undo(state, worker);
        return true;
    }
    if state.page != Page::Review {
        return false;
    }
    let ask = |ask| carry_out_of(ask);
    match command {
        Command::Next | Command::Previous => step(state, worker, command == Command::Next),
        Command::TickNext | Command::TickPrevious => {
            tick_on(state, worker, command == Command::TickNext);
        }
        Command::Open => state.review.is_open = true,
        Command::Back => {
            if state.review.width == Width::Narrow && state.review.is_open {
                state.review.is_open = false;
            } else {
                ask(Ask::Filter(Filter::default()))(state, worker, ctx);
            }
        }
        Command::Tick => {
            if let Some(position) = state.review.position() {
                ask(Ask::Tick(position))(state, worker, ctx);
            }
        }
        Command::SelectAll => {
            let all = state.review.table.has_unticked();
            ask(Ask::TickAll(all))(state, worker, ctx);
        }
        Command::Phishing => say(state, worker, Some(Said::Phishing)),
        Command::Spam => say(state, worker, Some(Said::Spam)),
        Command::NotSpam => say(state, worker, Some(Said::NotSpam)),
        Command::ApproveSender => {
            if let Some(row) = state.review.row() {
                let entry = row.from.to_string();
                approval::approve(state, worker, entry);
            }
        }
        Command::Move => mailbox::move_ticked(state, worker),
        Command::CopyEvidence => {
            if let Some(opened) = state.review.open_hit() {
                ctx.copy_text(job::evidence(opened));
                state.say(Tone::Done, words::COPIED);
            }
        }
        Command::SaveOriginal => save_original(state, worker),
        _ => return false,
    }
    ctx.request_repaint();
    true
}

fn carry_out_of(ask: Ask) -> impl FnOnce(&mut State, &mut Worker, &Context) {
    move |state, worker, ctx| carry_out(state, worker, ctx, ask)
}

fn step(state: &mut State, worker: &mut Worker, forward: bool) {
    let last = state.review.table.len().saturating_sub(1);
    let to = match (state.review.position(), forward) {
        (None, _) => 0,
        (Some(now), true) => (now + 1).min(last),
        (Some(now), false) => now.saturating_sub(1),
    };
    state.review.scroll = true;
    select(state, worker, to);
}

/// Ticks from the open row to the one that is opened next.
fn tick_on(state: &mut State, worker: &mut Worker, forward: bool) {
    let Some(from) = state.review.position() else {
        return;
    };
    // A range goes on from where it began.
    let anchor = state.review.anchor.unwrap_or(from);
    step(state, worker, forward);
    let review = &mut state.review;
    let to = review.position().unwrap_or(from);
    review.table.tick(from.min(to)..=from.max(to), true);
    review.anchor = Some(anchor);
}

/// Takes the last thing back that was done here.
fn undo(state: &mut State, worker: &mut Worker) {
    match state.review.done.pop() {
        Some(Done::Moved(backs)) => mailbox::put_back(state, worker, backs),
        Some(Done::Said(key, before)) => {
            let now = state.review.table.row(&key).and_then(|row| row.said);
            write_word(state, worker, key, before, now, Note::Word);
        }
        Some(Done::Approved(changes, word)) => {
            approval::take_back(state, worker, changes, word);
        }
        None => {}
    }
}

fn save_original(state: &mut State, worker: &mut Worker) {
    let Some((digest, _)) = state.review.selected.clone() else {
        return;
    };
    let places = state.site.places.clone();
    let name = format!("{}.eml", digest.short());
    ask_for(
        state,
        worker,
        Want::new_file(name, &[]),
        move |_, worker, to| {
            worker.task("the saving of an original", move |tell| {
                let saved = job::save_original(&places, &digest, &to);
                tell.apply(move |state, _| match saved {
                    Ok(()) => state.say(Tone::Done, words::saved(&to.display().to_string())),
                    Err(error) => fail(state, error.to_string()),
                });
            });
        },
    );
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    if command == Command::CompactRows {
        return Some(true);
    }
    let review = &state.review;
    // What was moved can be taken back wherever the window stands.
    if command == Command::Undo {
        return Some(!review.done.is_empty());
    }
    if state.page != Page::Review {
        return None;
    }
    Some(match command {
        Command::Next | Command::Previous | Command::SelectAll => !review.table.is_empty(),
        Command::Open
        | Command::Tick
        | Command::TickNext
        | Command::TickPrevious
        | Command::Phishing
        | Command::Spam
        | Command::NotSpam
        | Command::SaveOriginal => review.row().is_some(),
        Command::ApproveSender => review.row().is_some_and(|row| row.from.contains('@')),
        Command::CopyEvidence => review.open_hit().is_some(),
        Command::Move => review.table.counts().to_move > 0 && review.moving.is_empty(),
        Command::Back => review.is_filtered() || review.width == Width::Narrow && review.is_open,
        _ => return None,
    })
}

/// A job tells something.
pub fn heard(state: &mut State, worker: &mut Worker, kind: Kind, event: &Event) {
    match event {
        Event::Hit(_) | Event::Held { .. } => {
            if state.page == Page::Review {
                reload(state, worker, Duration::ZERO);
            }
        }
        _ => mailbox::heard(state, kind, event),
    }
}

/// A job has ended.
pub fn ended(state: &mut State, worker: &mut Worker, kind: Kind, summary: &Summary) {
    mailbox::ended(state, worker, kind, summary);
    reload(state, worker, Duration::ZERO);
}
