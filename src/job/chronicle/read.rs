//! Reads the entries from the store: rows of one run that belong together become one entry.

use super::{Done, End, Entry, Named, Packed, Swept, Travelled};
use crate::job::desk::JobError;
use crate::job::event::lasted;
use crate::job::hits::Reported;
use crate::job::known::known;
use crate::mail::Digest;
use crate::settings::Places;
use crate::store::{
    Move, MoveState, Package, Store, SubmissionState, Sweep, SweepKind, TakenBack, Way,
};
use crate::verdict::Category;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Moves and undos that lie no further apart than this, in seconds, were one.
const TOGETHER: i64 = 120;

/// Everything that was done, newest first; nothing where no sweep was made yet.
pub fn chronicle(places: &Places) -> Result<Vec<Entry>, JobError> {
    let Some(held) = known(places)? else {
        return Ok(Vec::new());
    };
    let store = &held.store;
    let known = Known::read(store)?;
    let mut entries = Vec::new();
    for sweep in store.sweeps()? {
        if is_shown(&sweep) {
            entries.push(of_sweep(sweep));
        }
    }
    // Oldest first, so that what belongs together lies together.
    let mut moves = store.all_moves()?;
    moves.reverse();
    entries.extend(known.of_moves(&moves));
    entries.extend(known.of_undone(&moves));
    let mut packages = store.packages()?;
    packages.reverse();
    entries.extend(known.of_packages(store, packages)?);
    for entry in &mut entries {
        entry.haystack = haystack(entry);
    }
    // By the clock; of one moment, what came of a sweep above it.
    let rank = |entry: &Entry| match entry.done {
        Done::Swept(_) => 3,
        Done::Moved { .. } => 2,
        Done::Undone { .. } => 1,
        Done::Packaged { .. } | Done::Reported(_) => 0,
    };
    entries.sort_by(|a, b| b.at.cmp(&a.at).then(rank(a).cmp(&rank(b))));
    Ok(entries)
}

/// A run that only did an errand shows in what it moved or put back, a report in its letters.
fn is_shown(sweep: &Sweep) -> bool {
    sweep.kind == SweepKind::Sweep
}

fn of_sweep(sweep: Sweep) -> Entry {
    let says = sweep.summary.unwrap_or_default();
    let stopped = sweep
        .figures
        .as_ref()
        .is_some_and(|figures| figures.stopped);
    let end = match sweep.ended {
        None => End::Open,
        Some(_) if says.starts_with(crate::job::desk::NOT_OPENED) => End::NotOpened,
        Some(_) if stopped => End::Stopped,
        Some(_) => End::Done,
    };
    let took = sweep.ended.and_then(|ended| lasted(sweep.started, ended));
    Entry {
        at: sweep.started,
        account: sweep.account,
        sweep: sweep.id,
        done: Done::Swept(Swept {
            figures: sweep.figures,
            says,
            took,
            end,
        }),
        haystack: String::new(),
    }
}

/// What is known of messages, by their digests.
struct Known {
    categories: HashMap<Digest, Category>,
    packaged: HashMap<Digest, Vec<i64>>,
    /// Packages that were handed over, or perhaps were.
    sent: HashMap<i64, Arc<Reported>>,
    /// By the number of the move.
    undone: HashMap<i64, TakenBack>,
    names: HashMap<Digest, (String, String)>,
}

impl Known {
    fn read(store: &Store) -> Result<Known, JobError> {
        let sent = store.packages()?.into_iter().filter(|package| {
            matches!(
                package.state,
                SubmissionState::Sent | SubmissionState::Unknown | SubmissionState::Sending
            )
        });
        let mut names = store.names_of_packaged()?;
        for row in store.all_moves()? {
            names.insert(row.digest, (row.sender, row.subject));
        }
        Ok(Known {
            categories: store.categories()?,
            packaged: store.all_packaged()?,
            sent: sent
                .map(|package| (package.id, Reported::of(&package)))
                .collect(),
            undone: store.taken_back()?,
            names,
        })
    }

    fn travelled(&self, row: &Move) -> Travelled {
        let packages = self.packaged.get(&row.digest).into_iter().flatten();
        Travelled {
            digest: row.digest,
            sender: row.sender.clone(),
            subject: row.subject.clone(),
            category: self.categories.get(&row.digest).copied(),
            from: row.source.clone(),
            to: row.target.clone(),
            state: row.state,
            reported: packages
                .filter_map(|id| self.sent.get(id))
                .max_by_key(|reported| reported.at)
                .cloned(),
        }
    }

    /// What one run moved to one folder at about one time.
    fn of_moves(&self, moves: &[Move]) -> Vec<Entry> {
        let shown = moves.iter().filter(|row| row.state != MoveState::Stayed);
        let mut entries: Vec<(Entry, Timestamp)> = Vec::new();
        for row in shown {
            let message = self.travelled(row);
            let same = entries.iter_mut().rev().find(|(entry, last)| {
                let is_near = row.at.as_second().saturating_sub(last.as_second()) <= TOGETHER;
                let is_to = matches!(&entry.done, Done::Moved { to, .. } if *to == row.target);
                entry.sweep == row.sweep && entry.account == row.account && is_near && is_to
            });
            if let Some((entry, last)) = same {
                *last = row.at;
                if let Done::Moved { messages, .. } = &mut entry.done {
                    messages.push(message);
                }
                continue;
            }
            let done = Done::Moved {
                to: row.target.clone(),
                messages: vec![message],
            };
            entries.push((entry(row.at, &row.account, row.sweep, done), row.at));
        }
        entries.into_iter().map(|(entry, _)| entry).collect()
    }

    /// What one run put back at about one time; what was moved after that had begun is of a later
    /// undo.
    fn of_undone(&self, moves: &[Move]) -> Vec<Entry> {
        let mut undone: Vec<(TakenBack, &Move)> = moves
            .iter()
            .filter_map(|row| Some((*self.undone.get(&row.id)?, row)))
            .collect();
        undone.sort_by_key(|(back, _)| back.at);
        let mut entries: Vec<(Entry, TakenBack)> = Vec::new();
        for (back, row) in undone {
            let message = self.travelled(row);
            let newest = entries
                .iter_mut()
                .rev()
                .find(|(entry, last)| entry.account == row.account && last.by == back.by);
            if let Some((entry, last)) = newest
                && back.at.as_second().saturating_sub(last.at.as_second()) <= TOGETHER
                && row.at < entry.at
                && let Done::Undone { messages } = &mut entry.done
            {
                last.at = back.at;
                messages.push(message);
                continue;
            }
            let done = Done::Undone {
                messages: vec![message],
            };
            let run = back.by.unwrap_or(row.sweep);
            let entry = entry(back.at, &row.account, run, done);
            entries.push((entry, back));
        }
        entries.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Letters one by one; the zips that one run saved together.
    fn of_packages(&self, store: &Store, packages: Vec<Package>) -> Result<Vec<Entry>, JobError> {
        let mut entries: Vec<Entry> = Vec::new();
        for package in packages {
            if package.state == SubmissionState::Withdrawn {
                continue;
            }
            let digests = store.packaged(package.id)?;
            let (at, account, sweep) = (package.at, package.account.clone(), package.sweep);
            let packed = self.packed(package, &digests);
            let same = entries.last_mut().filter(|last| last.sweep == sweep);
            match (packed.way, same.map(|last| &mut last.done)) {
                (Some(Way::Portal), Some(Done::Packaged { packages })) => packages.push(packed),
                (Some(Way::Portal), _) => {
                    let packages = vec![packed];
                    entries.push(entry(at, &account, sweep, Done::Packaged { packages }));
                }
                _ => entries.push(entry(at, &account, sweep, Done::Reported(packed))),
            }
        }
        Ok(entries)
    }

    fn packed(&self, package: Package, digests: &[Digest]) -> Packed {
        let is_page = package.recipient.contains("://");
        let way = package.way.or(is_page.then_some(Way::Portal));
        let answer = package.answer.unwrap_or_default();
        // A person's own copy, where one was saved.
        let path = match (way, answer.is_empty()) {
            (Some(Way::Portal), false) => answer.clone().into(),
            _ => package.path,
        };
        let names = digests.iter().map(|digest| {
            let (sender, subject) = self.names.get(digest).cloned().unwrap_or_default();
            Named {
                digest: *digest,
                sender,
                subject,
            }
        });
        Packed {
            id: package.id,
            vendor: package.vendor,
            purpose: package.purpose,
            messages: digests.len(),
            bytes: package.bytes,
            path,
            to: package.recipient,
            way,
            state: package.state,
            answer,
            names: names.collect(),
        }
    }
}

fn entry(at: Timestamp, account: &str, sweep: i64, done: Done) -> Entry {
    Entry {
        at,
        account: account.to_owned(),
        sweep,
        done,
        haystack: String::new(),
    }
}

/// Everything of an entry that a person may look for. Days are found as they are shown and as
/// `2026-11-21`.
fn haystack(entry: &Entry) -> String {
    let day = entry.at.to_zoned(jiff::tz::TimeZone::system());
    let mut text = format!(
        "{} {}",
        entry.account,
        day.strftime("%A %-d %B %Y %Y-%m-%d %H:%M")
    );
    let mut add = |word: &str| {
        text.push('\n');
        text.push_str(word);
    };
    let travelled = |messages: &[Travelled], add: &mut dyn FnMut(&str)| {
        for message in messages {
            add(&message.sender);
            add(&message.subject);
            add(&message.from);
            add(&message.to);
        }
    };
    let packed = |packed: &Packed, add: &mut dyn FnMut(&str)| {
        add(&packed.to);
        add(&packed.vendor);
        add(packed.purpose.word());
        add(&packed.path.to_string_lossy());
        add(&packed.answer);
        for name in &packed.names {
            add(&name.sender);
            add(&name.subject);
        }
    };
    match &entry.done {
        Done::Swept(swept) => add(&swept.says),
        Done::Moved { messages, .. } | Done::Undone { messages } => travelled(messages, &mut add),
        Done::Packaged { packages } => packages.iter().for_each(|one| packed(one, &mut add)),
        Done::Reported(one) => packed(one, &mut add),
    }
    text.to_lowercase()
}
