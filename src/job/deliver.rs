//! Deliver: move hits to the chosen folder. Each move is written down before it is made and
//! settled after; each sample is read back before its message is touched.

use super::control::Control;
use super::desk::{Desk, JobError};
use super::event::Event;
use super::hit::{Pending, held_by_flags};
use super::journal::is_no_older;
use crate::mail::{Digest, Place};
use crate::mailbox::{Entry, MailboxError, Relocated, Relocation, Removed};
use crate::sample;
use crate::settings::Sending;
use crate::store::{Move, MoveState, Said};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Messages that one command moves at most, so that a stop is heeded.
pub(super) const AT_ONCE: usize = 100;

/// Who wants a hit delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The sweep itself: brakes and holds apply.
    Sweep,
    /// A person, by name: they do not.
    Request,
}

/// What follows a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// What was moved is packaged and submitted, as the plan says.
    Submit,
    /// Nothing: a person reports it when they want to.
    Nothing,
}

impl Desk<'_> {
    /// Moves hits, then packages and submits what was moved, as the plan says.
    pub(super) fn deliver(
        &mut self,
        hits: Vec<Pending>,
        by: By,
        then: Then,
        control: &Control,
    ) -> Result<(), JobError> {
        let most = self.work.account.account.max_moves.unwrap_or(usize::MAX);
        if by == By::Sweep && hits.len() > most {
            self.work.trouble(format!(
                "{} hits are more than max-moves = {most}: nothing was moved; look at them with \
                 --dry-run, then raise max-moves or add approved senders",
                hits.len()
            ));
            return Ok(());
        }
        let submits = then == Then::Submit && self.work.account.delivery.send != Sending::Off;
        let mut by_folder: BTreeMap<String, Vec<Pending>> = BTreeMap::new();
        for pending in hits {
            by_folder
                .entry(pending.hit.at.folder.clone())
                .or_default()
                .push(pending);
        }
        if !by_folder.is_empty() && !self.work.plan.is_rehearsal() {
            let target = &self.work.account.account.move_to;
            self.steadily(control, |desk| Ok(desk.mailbox.create(target)?))?;
            if then == Then::Submit {
                self.work.store.set_owes(self.work.sweep, submits)?;
            }
        }
        let mut moved = Vec::new();
        for (folder, hits) in &by_folder {
            for chunk in hits.chunks(AT_ONCE) {
                if by == By::Sweep && !self.gap(control)? {
                    break;
                }
                let done = self.steadily(control, |desk| {
                    desk.move_some(folder, chunk, by, &mut moved)
                });
                self.work.absorb(done)?;
            }
        }
        // Whoever heard of the moves may have asked to stop.
        self.work.await_listener();
        if by == By::Sweep && control.is_stopped() {
            // What was sent cannot be taken back: whoever stopped may want to undo first.
            return Ok(());
        }
        match then {
            Then::Submit => self.submit(&moved, control),
            Then::Nothing => Ok(()),
        }
    }

    /// Moves some hits of one folder; adds those that went to `moved`.
    fn move_some(
        &mut self,
        folder: &str,
        hits: &[Pending],
        by: By,
        moved: &mut Vec<Digest>,
    ) -> Result<(), JobError> {
        // Asked for before anybody looks whether they are still there: what another program brings
        // to the target from then on may be one of them.
        let first = match self.work.plan.is_rehearsal() {
            true => None,
            false => self
                .mailbox
                .next_place(&self.work.account.account.move_to)?,
        };
        // A break may have come after some of them went.
        let mut left = Vec::new();
        for pending in hits {
            if !self.has_gone(pending)? {
                left.push(pending);
            }
        }
        let hits = left;
        let places: Vec<Place> = hits
            .iter()
            .map(|pending| pending.entry.place.clone())
            .collect();
        let mut now = self.mailbox.look(folder, &places)?;
        if self.was_read(folder, &hits, &now)? {
            now = self.mailbox.look(folder, &places)?;
        }
        let now: HashMap<&Place, &Entry> = now.iter().map(|entry| (&entry.place, entry)).collect();
        let mut ready = Vec::new();
        for pending in hits {
            let checked = match now.get(&pending.entry.place) {
                Some(entry) => self.may_move(pending, entry, by),
                None => {
                    self.tell_gone(&pending.hit.sha256, &pending.name(), folder);
                    Ok(None)
                }
            };
            match checked {
                Ok(Some(entry)) => ready.push((pending, entry)),
                Ok(None) => {}
                Err(error) => self.work.absorb(Err(error))?,
            }
        }
        if self.work.plan.is_rehearsal() {
            for (pending, _) in ready {
                self.tell_moved(pending, Vec::new());
                self.work.summary.moved += 1;
                moved.push(pending.hit.sha256);
            }
            return Ok(());
        }
        self.move_ready(folder, &ready, first, moved)
    }

    /// Whether hits that were unread are read now; those that only the sweep itself read are unread
    /// again, so that they are moved as their owner left them.
    fn was_read(
        &mut self,
        folder: &str,
        hits: &[&Pending],
        now: &[Entry],
    ) -> Result<bool, JobError> {
        let read: HashSet<&Place> = now
            .iter()
            .filter(|entry| entry.flags.seen)
            .map(|entry| &entry.place)
            .collect();
        let turned: Vec<Entry> = hits
            .iter()
            .map(|pending| &pending.entry)
            .filter(|entry| !entry.flags.seen && read.contains(&entry.place))
            .cloned()
            .collect();
        if turned.is_empty() || self.work.plan.is_rehearsal() {
            return Ok(false);
        }
        let put_back = self.keep_unread(folder, &turned)?;
        self.work.tell_put_back(folder, put_back);
        Ok(true)
    }

    /// Whether this run moved a hit already, or found that it had gone.
    fn has_gone(&self, pending: &Pending) -> Result<bool, JobError> {
        let (name, digest) = (self.work.name(), &pending.hit.sha256);
        let moves = self.work.store.moves_of_message(&name, digest)?;
        Ok(moves.iter().any(|row| {
            let here =
                row.source == pending.hit.at.folder && row.source_place == pending.entry.place;
            row.sweep == self.work.sweep && here && row.state.has_left()
        }))
    }

    /// Whether a hit may go now: nothing holds it, its sample is whole, and what lies at its
    /// place is still the message that was judged.
    fn may_move(
        &mut self,
        pending: &Pending,
        now: &Entry,
        by: By,
    ) -> Result<Option<Entry>, JobError> {
        let digest = pending.hit.sha256;
        let folder = &pending.hit.at.folder;
        match by {
            By::Sweep => {
                let is_corrected = self.work.store.correction(&self.work.name(), &digest)?;
                let says = is_corrected.map(|_| "you asked for it to be left alone");
                if let Some(says) = says.or(held_by_flags(now)) {
                    self.work.summary.held += 1;
                    let says = says.to_owned();
                    self.work.tell(Event::Held {
                        hit: pending.hit.clone(),
                        says,
                    });
                    return Ok(None);
                }
            }
            By::Request => {
                let (store, name) = (&self.work.store, self.work.name());
                store.uncorrect(&name, &digest)?;
                if store.said(&name, &digest)? == Some(Said::NotSpam) {
                    store.set_said(&name, &digest, None, Timestamp::now())?;
                }
                if !self.work.sample_path(&digest).exists() {
                    self.keep_from_mailbox(pending)?;
                }
            }
        }
        if let Err(error) = sample::verify(&self.work.folders.samples, &digest) {
            self.work.trouble(format!(
                "message {} stays in folder `{folder}`: {error}",
                digest.short()
            ));
            return Ok(None);
        }
        // A UID names one message for ever; a file's name may name another one now.
        let same = matches!(now.place, Place::Uid { .. })
            || self.is_message(folder, &now.place, &digest)?;
        if !same {
            self.work.trouble(format!(
                "folder `{folder}`: {} is another message than the one that was judged; it stays",
                now.place
            ));
        }
        Ok(same.then(|| now.clone()))
    }

    fn move_ready(
        &mut self,
        folder: &str,
        ready: &[(&Pending, Entry)],
        first: Option<Place>,
        moved: &mut Vec<Digest>,
    ) -> Result<(), JobError> {
        let target = self.work.account.account.move_to.clone();
        let (sweep, name, at) = (self.work.sweep, self.work.name(), Timestamp::now());
        let journal: Vec<i64> = self.work.store.together(|store| {
            let rows = ready.iter().map(|(pending, entry)| {
                store.intend(&Move {
                    id: 0,
                    sweep,
                    account: name.clone(),
                    digest: pending.hit.sha256,
                    message_id: pending.brief.message_id.clone(),
                    sender: pending.hit.from.clone(),
                    subject: pending.hit.subject.clone(),
                    size: entry.size,
                    flags: entry.flags.clone(),
                    date: entry.date,
                    source: folder.to_owned(),
                    source_place: entry.place.clone(),
                    target: target.clone(),
                    target_place: first.clone(),
                    state: MoveState::Intended,
                    at,
                    notes: Vec::new(),
                })
            });
            rows.collect()
        })?;
        self.work.begun.extend(&journal);
        let entries: Vec<Entry> = ready.iter().map(|(_, entry)| entry.clone()).collect();
        let outcomes = match self.mailbox.relocate(folder, &entries, &target) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                // How far it got is seen in the mailbox: now, or, without a connection, by the
                // next run.
                if !error.is_fatal() {
                    self.settle_moves()?;
                }
                return Err(error.into());
            }
        };
        let mut outcomes = by_place(outcomes);
        // At once, since a write that outlasts a power cut takes as long for one as for all.
        self.work.store.together(|store| {
            for ((pending, entry), id) in ready.iter().zip(&journal) {
                if let Some(Relocation::Moved { to, notes }) = outcomes.get(&entry.place) {
                    store.settle(*id, MoveState::Moved, to.as_ref(), notes)?;
                    store.forget_moved(&name, folder, &entry.place, &pending.hit.sha256)?;
                }
            }
            Ok(())
        })?;
        let (mut stayed, mut full) = (0, None);
        let mut refused = Vec::new();
        for ((pending, entry), id) in ready.iter().zip(journal) {
            match outcomes.remove(&entry.place) {
                Some(Relocation::Moved { notes, .. }) => self.note_moved(pending, notes, moved),
                // A full mailbox is told once, and not for each message.
                Some(Relocation::Failed(error @ MailboxError::OverQuota { .. })) => {
                    let says = [error.to_string()];
                    self.work.store.settle(id, MoveState::Stayed, None, &says)?;
                    self.work.pending.remove(&pending.hit.sha256);
                    stayed += 1;
                    full = Some(error);
                }
                Some(outcome) => {
                    let why = self.note_outcome(pending, id, outcome, moved)?;
                    refused.extend(why.map(|error| (id, error)));
                }
                None => {}
            }
        }
        if let Some(error) = full {
            let messages = match stayed {
                1 => "1 message stays".to_owned(),
                number => format!("{number} messages stay"),
            };
            self.work
                .trouble(format!("{messages} in folder `{folder}`: {error}"));
        }
        // Whatever the mailbox did not speak of, or was not found, is looked up there.
        self.settle_moves()?;
        if refused.is_empty() {
            return Ok(());
        }
        let all = self.work.store.moves_of(sweep)?;
        let gone = all.iter().filter(|row| row.state.has_left());
        let gone: HashSet<i64> = gone.map(|row| row.id).collect();
        for (id, error) in refused {
            if !gone.contains(&id) {
                self.work.absorb(Err(error.into()))?;
            }
        }
        Ok(())
    }

    /// Writes down what became of a hit. One whose copy was not found stays open, and why is
    /// returned: it is looked for once more.
    fn note_outcome(
        &mut self,
        pending: &Pending,
        id: i64,
        outcome: Relocation,
        moved: &mut Vec<Digest>,
    ) -> Result<Option<MailboxError>, JobError> {
        let digest = pending.hit.sha256;
        let store = &self.work.store;
        match outcome {
            Relocation::Moved { to, notes } => {
                store.settle(id, MoveState::Moved, to.as_ref(), &notes)?;
                self.note_moved(pending, notes, moved);
            }
            Relocation::Copied { to, mut notes } => {
                notes.push("the server cannot remove just this message: the original stays, flagged as deleted".into());
                store.settle(id, MoveState::Copied, to.as_ref(), &notes)?;
                self.work.summary.copied += 1;
                moved.push(digest);
                self.tell_moved(pending, notes);
            }
            Relocation::Gone => {
                let mut lies_there = false;
                if let Some(row) = store.move_now(id)? {
                    if let Some(outcome) = self.search(&row)? {
                        if let Relocation::Failed(error) = outcome {
                            self.work.store.note(id, &[error.to_string()])?;
                            self.work.pending.remove(&digest);
                            return Ok(Some(error));
                        }
                        return self.note_outcome(pending, id, outcome, moved);
                    }
                    lies_there = self.lies_there(&row)?;
                }
                let store = &self.work.store;
                store.settle(id, MoveState::Gone, None, &[])?;
                if lies_there {
                    self.tell_gone(&digest, &pending.name(), &pending.hit.at.folder);
                    return Ok(None);
                }
                self.work.trouble(format!(
                    "message {} from folder `{}` is neither there nor in `{}`: another program moved or \
                     removed it, or the server lost it; its sample is kept: {}",
                    digest.short(),
                    pending.hit.at.folder,
                    self.work.account.account.move_to,
                    self.work.sample_path(&digest).display()
                ));
            }
            // The break may have come after the server had moved it: that is looked up.
            Relocation::Failed(error) if error.is_fatal() => return Err(error.into()),
            Relocation::Failed(error) => {
                store.settle(id, MoveState::Stayed, None, &[error.to_string()])?;
                self.work.absorb(Err(error.into()))?;
            }
        }
        self.work.pending.remove(&digest);
        Ok(None)
    }

    /// Counts and tells a move that was written down.
    fn note_moved(&mut self, pending: &Pending, notes: Vec<String>, moved: &mut Vec<Digest>) {
        self.work.reads.moved_out(&pending.hit.at.folder);
        self.work.summary.moved += 1;
        moved.push(pending.hit.sha256);
        self.tell_moved(pending, notes);
        self.work.pending.remove(&pending.hit.sha256);
    }

    /// What became of a message that was not seen to arrive: another program may have moved it
    /// there, the server have told of others only, or said that it moved what it left alone.
    fn search(&mut self, row: &Move) -> Result<Option<Relocation>, JobError> {
        let copy = self.locate_copy(row)?;
        let copy = copy.filter(|copy| is_no_older(row, copy));
        let there = self.locate(&row.source, Some(&row.source_place), row)?;
        let original = there.filter(|entry| entry.place == row.source_place);
        if let Some(copy) = copy {
            let mut notes = Vec::new();
            self.restore_dropped(&row.target, &copy, &row.flags, &mut notes)?;
            let to = Some(copy.place);
            let Some(original) = original else {
                return Ok(Some(Relocation::Moved { to, notes }));
            };
            let places = std::slice::from_ref(&original.place);
            let removed = self.mailbox.remove(&row.source, places)?;
            return Ok(Some(match removed {
                Removed::Gone => Relocation::Moved { to, notes },
                Removed::Flagged => Relocation::Copied { to, notes },
            }));
        }
        let is_itself = original.is_some();
        Ok(is_itself.then(|| {
            Relocation::Failed(MailboxError::Refused {
                folder: row.target.clone(),
                reason: format!(
                    "message {} was not moved there, though the server said so; it lies in folder `{}` as before",
                    row.digest.short(),
                    row.source
                ),
            })
        }))
    }

    fn tell_moved(&mut self, pending: &Pending, notes: Vec<String>) {
        let event = Event::Moved {
            sha256: pending.hit.sha256,
            from: pending.hit.at.clone(),
            to: self.work.account.account.move_to.clone(),
            notes,
            dry_run: self.work.plan.is_rehearsal(),
        };
        self.work.tell(event);
    }
}

/// What became of messages, by where they lay.
pub(super) fn by_place(outcomes: Vec<Relocated>) -> HashMap<Place, Relocation> {
    outcomes
        .into_iter()
        .map(|relocated| (relocated.from, relocated.outcome))
        .collect()
}
