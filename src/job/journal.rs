//! The journal: what an earlier run began and did not finish is completed or rolled back by what
//! the mailbox shows now. Nothing is removed that was not compared with its copy, byte by byte.

use super::desk::{Desk, JobError};
use super::event::Event;
use crate::mail::{Digest, Flags, Place};
use crate::mailbox::{Entry, Hashing, MailboxError, Removed};
use crate::store::{Move, MoveState, SubmissionState};

/// Messages without a Message-ID that are compared by their bytes when one is searched for.
const MOST_COMPARED: usize = 50;

impl Desk<'_> {
    /// Settles everything that an earlier run of this account left open.
    pub(super) fn settle(&mut self) -> Result<(), JobError> {
        if self.work.plan.is_rehearsal() {
            self.tell_open_moves()?;
            return self.settle_submissions();
        }
        self.settle_mailbox()?;
        self.settle_submissions()
    }

    /// Settles what may have happened in the mailbox.
    pub(super) fn settle_mailbox(&mut self) -> Result<(), JobError> {
        if self.work.plan.is_rehearsal() {
            return Ok(());
        }
        self.settle_unread()?;
        self.settle_moves()?;
        for undoing in self
            .work
            .store
            .moves_in(&self.work.name(), MoveState::Undoing)?
        {
            let settled = self.settle_undo(undoing);
            self.work.absorb(settled)?;
        }
        Ok(())
    }

    /// A dry run leaves the mailbox alone, and only tells what is open.
    fn tell_open_moves(&mut self) -> Result<(), JobError> {
        for state in [MoveState::Intended, MoveState::Undoing] {
            for open in self.work.store.moves_in(&self.work.name(), state)? {
                self.tell_settled(
                    &open,
                    "was on its way when a run was cut off: the next run settles it",
                );
            }
        }
        Ok(())
    }

    /// Settles moves that were written down and may have happened.
    pub(super) fn settle_moves(&mut self) -> Result<(), JobError> {
        for intended in self
            .work
            .store
            .moves_in(&self.work.name(), MoveState::Intended)?
        {
            let settled = self.settle_move(&intended);
            self.work.absorb(settled)?;
        }
        Ok(())
    }

    fn settle_move(&mut self, intended: &Move) -> Result<(), JobError> {
        let original = self.locate(&intended.source, Some(&intended.source_place), intended)?;
        let copy = match self.mailbox.is_same(&intended.source, &intended.target)? {
            // Whatever lies there is the message itself.
            true => None,
            false => self.locate_copy(intended)?,
        };
        // So it is at one and the same UID: some servers take `spam` for `Spam`.
        let is_itself = |copy: &Entry| {
            let found = original.as_ref().map(|original| &original.place);
            matches!(copy.place, Place::Uid { .. }) && found == Some(&copy.place)
        };
        let copy = copy.filter(|copy| !is_itself(copy));
        let mut notes = intended.notes.clone();
        if let Some(copy) = &copy {
            self.restore_dropped(&intended.target, copy, &intended.flags, &mut notes)?;
        }
        let (state, says) = match (&original, &copy) {
            (Some(_), None) => (MoveState::Stayed, "had not been moved: it is where it was"),
            (None, Some(_)) => (MoveState::Moved, "had been moved"),
            (Some(original), Some(_)) if original.place != intended.source_place => (
                MoveState::Moved,
                "had been moved; another one just like it stays",
            ),
            (Some(_), Some(copy)) if !is_no_older(intended, copy) => (
                MoveState::Stayed,
                "may have been copied, but the target was renumbered since: it stays where it was as well",
            ),
            (Some(original), Some(_)) => {
                match self
                    .mailbox
                    .remove(&intended.source, std::slice::from_ref(&original.place))?
                {
                    Removed::Gone => (MoveState::Moved, "had been copied: the move was completed"),
                    Removed::Flagged => (
                        MoveState::Copied,
                        "had been copied: the original stays, flagged as deleted",
                    ),
                }
            }
            (None, None) => (
                MoveState::Gone,
                "is in neither folder any more: another program moved it; its sample is kept",
            ),
        };
        let place = copy
            .as_ref()
            .filter(|_| state != MoveState::Stayed)
            .map(|copy| &copy.place);
        self.work.store.settle(intended.id, state, place, &notes)?;
        if self.work.begun.contains(&intended.id) {
            self.count_settled(intended, state, notes);
        } else {
            self.tell_settled(intended, says);
        }
        Ok(())
    }

    /// A move of this very run, cut off by a break, counts as any other.
    fn count_settled(&mut self, settled: &Move, state: MoveState, notes: Vec<String>) {
        match state {
            MoveState::Moved => self.work.summary.moved += 1,
            MoveState::Copied => self.work.summary.copied += 1,
            MoveState::Gone => {
                return self.tell_gone(&settled.digest, &settled.name(), &settled.source);
            }
            // It is tried again.
            _ => return,
        }
        self.work.pending.remove(&settled.digest);
        self.work.tell(Event::Moved {
            sha256: settled.digest,
            from: self.work.at(&settled.source, &settled.source_place),
            to: settled.target.clone(),
            notes,
            dry_run: false,
        });
    }

    /// Another program was quicker: that is no failure, and it is said.
    pub(super) fn tell_gone(&mut self, digest: &Digest, name: &str, folder: &str) {
        self.work.pending.remove(digest);
        let account = self.work.name();
        self.work.tell(Event::Settled {
            sha256: *digest,
            account,
            says: format!(
                "{name} was moved or removed from folder `{folder}` by another program before it could be \
                 moved; its sample is kept"
            ),
        });
    }

    /// An undo that was begun is finished: either it had happened, or it is made now.
    fn settle_undo(&mut self, undoing: Move) -> Result<(), JobError> {
        let original = self.locate(&undoing.source, Some(&undoing.source_place), &undoing)?;
        let copy = self.locate_copy(&undoing)?;
        if let (Some(original), None) = (&original, &copy) {
            let mut notes = undoing.notes.clone();
            self.undelete(&undoing, original, &mut notes)?;
            let (by, back) = (self.work.sweep, Some(&original.place));
            self.work
                .store
                .together(|store| store.undone(undoing.id, by, back, &notes))?;
            match self.work.begun.contains(&undoing.id) {
                true => self.tell_undone(&undoing, notes),
                false => self.tell_settled(&undoing, "had been put back"),
            }
            return Ok(());
        }
        self.take_back(undoing)
    }

    /// A package that was being handed over: of an outbox folder it can be seen whether it
    /// arrived; of a server, which stands as its answer so far, not, and then it is not sent again.
    fn settle_submissions(&mut self) -> Result<(), JobError> {
        let sending = SubmissionState::Sending;
        let packages = self.work.store.packages_in(&self.work.name(), sending)?;
        if packages.is_empty() || self.work.is_reporting()? {
            return Ok(());
        }
        for package in packages {
            let letter = self
                .work
                .folders
                .outbox
                .join(format!("{}.eml", package.letter));
            if letter.exists() {
                let path = letter.display().to_string();
                self.work
                    .store
                    .set_submission(package.id, SubmissionState::Sent, &path)?;
                continue;
            }
            if package.answer.as_deref().is_none_or(str::is_empty) {
                // It was going to the outbox folder, where a letter is whole or not there.
                self.work
                    .store
                    .set_submission(package.id, SubmissionState::Failed, "")?;
                continue;
            }
            let says = format!(
                "a run was cut off while {} was being sent to {}: whether it arrived is not known, so it is \
                 not sent again; send it by hand if the vendor does not have it",
                package.path.display(),
                package.recipient
            );
            self.work
                .store
                .set_submission(package.id, SubmissionState::Unknown, &says)?;
            self.work.trouble(says);
        }
        Ok(())
    }

    fn tell_settled(&mut self, settled: &Move, says: &str) {
        self.work.settled += 1;
        let says = format!(
            "{}, from folder `{}`, {says}",
            settled.name(),
            settled.source
        );
        let account = self.work.name();
        self.work.tell(Event::Settled {
            sha256: settled.digest,
            account,
            says,
        });
    }

    /// Finds a move's copy in its target: none that another move made, should the same message
    /// have lain in two places, and none that lay there before the move was begun.
    pub(super) fn locate_copy(&mut self, done: &Move) -> Result<Option<Entry>, JobError> {
        let all = self
            .work
            .store
            .moves_of_message(&done.account, &done.digest)?;
        let is_there = |other: &Move| {
            other.id != done.id
                && other.target == done.target
                && matches!(
                    other.state,
                    MoveState::Moved | MoveState::Copied | MoveState::Undoing
                )
        };
        let others = all.into_iter().filter(is_there);
        let taken: Vec<Place> = others.filter_map(|other| other.target_place).collect();
        let place = done.target_place.as_ref();
        let may_be = |found: &Place| !taken.contains(found);
        if done.state != MoveState::Intended {
            return self.locate_but(&done.target, place, done, &may_be);
        }
        let is_new = |found: &Place| may_be(found) && !lay_there_before(place, found);
        self.locate_but(&done.target, None, done, &is_new)
    }

    /// Whether a message just like one that is gone from its folder lay in the target before the
    /// move was begun: another program was quicker.
    pub(super) fn lies_there(&mut self, row: &Move) -> Result<bool, JobError> {
        let found = self.locate_but(&row.target, None, row, &|_| true)?;
        Ok(found.is_some())
    }

    /// Finds a message of the journal in the folder that it was moved from: at its place, else by
    /// its Message-ID, else among messages of its size; always compared by its bytes. None that
    /// another move speaks of, should the same message have lain there twice.
    pub(super) fn locate(
        &mut self,
        folder: &str,
        place: Option<&Place>,
        wanted: &Move,
    ) -> Result<Option<Entry>, JobError> {
        let all = self
            .work
            .store
            .moves_of_message(&wanted.account, &wanted.digest)?;
        let others = all.into_iter().filter(|other| other.id != wanted.id);
        let taken: Vec<Place> = others
            .filter(|other| other.source == folder)
            .filter_map(|other| match other.state {
                MoveState::Undone => other.target_place,
                MoveState::Intended
                | MoveState::Copied
                | MoveState::Stayed
                | MoveState::Undoing => Some(other.source_place),
                MoveState::Moved | MoveState::Gone | MoveState::Lost => None,
            })
            .collect();
        self.locate_but(folder, place, wanted, &|found| !taken.contains(found))
    }

    fn locate_but(
        &mut self,
        folder: &str,
        place: Option<&Place>,
        wanted: &Move,
        may_be: &dyn Fn(&Place) -> bool,
    ) -> Result<Option<Entry>, JobError> {
        let at_place = match place {
            Some(place) => none_if_absent(self.mailbox.look(folder, std::slice::from_ref(place)))?,
            None => Vec::new(),
        };
        if let Some(found) = self.first_same(folder, at_place, wanted)? {
            return Ok(Some(found));
        }
        let id = wanted.message_id.as_deref();
        let mut candidates = none_if_absent(self.mailbox.find(folder, id, &wanted.source_place))?;
        if candidates.is_empty() && id.is_none() {
            candidates = none_if_absent(self.mailbox.list(folder))?;
            candidates.retain(|entry| entry.size == wanted.size);
        }
        candidates.retain(|entry| may_be(&entry.place));
        self.first_same(folder, candidates, wanted)
    }

    /// The newest with the same bytes; of several alike, one that was received at the same time.
    fn first_same(
        &mut self,
        folder: &str,
        mut candidates: Vec<Entry>,
        wanted: &Move,
    ) -> Result<Option<Entry>, JobError> {
        candidates.sort_by_key(|entry| entry.date == wanted.date);
        for entry in candidates.into_iter().rev().take(MOST_COMPARED) {
            if self.is_message(folder, &entry.place, &wanted.digest)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Whether the message at a place is, byte for byte, the one with this digest.
    pub(super) fn is_message(
        &mut self,
        folder: &str,
        place: &Place,
        digest: &Digest,
    ) -> Result<bool, JobError> {
        let mut hasher = Hashing::default();
        let there = self.mailbox.download(folder, place, &mut hasher)?;
        Ok(there && hasher.digest() == *digest)
    }

    /// Gives a message the flags that the mailbox dropped on the way. What somebody changed since
    /// stays as they want it.
    pub(super) fn restore_dropped(
        &mut self,
        folder: &str,
        entry: &Entry,
        flags: &Flags,
        notes: &mut Vec<String>,
    ) -> Result<(), JobError> {
        match entry.flags.were_dropped(flags) {
            true => self.restore_flags(folder, entry, &entry.flags.with(flags), notes),
            false => Ok(()),
        }
    }

    /// Takes `\Deleted` off an original that was left where it lay, and gives it what the mailbox
    /// dropped on its way; all else stays as its owner wants it.
    pub(super) fn undelete(
        &mut self,
        done: &Move,
        original: &Entry,
        notes: &mut Vec<String>,
    ) -> Result<(), JobError> {
        let is = Flags {
            deleted: done.flags.deleted,
            ..original.flags.clone()
        };
        let flags = match is.were_dropped(&done.flags) {
            true => is.with(&done.flags),
            false => is,
        };
        self.restore_flags(&done.source, original, &flags, notes)
    }

    /// Gives a message the flags it had, where it has not. A folder that does not take them all
    /// is noted: the message is safe, and nothing is to wait for it.
    pub(super) fn restore_flags(
        &mut self,
        folder: &str,
        entry: &Entry,
        flags: &Flags,
        notes: &mut Vec<String>,
    ) -> Result<(), JobError> {
        if entry.flags == *flags {
            return Ok(());
        }
        match self.mailbox.set_flags(folder, &entry.place, flags) {
            Err(error) if error.is_fatal() => Err(error.into()),
            Err(error) => {
                notes.push(format!("its flags could not be restored: {error}"));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// Whether a message in the target lay there before a move was begun: `first` is the first place
/// that its copy can have, where the mailbox tells places in their order.
fn lay_there_before(first: Option<&Place>, found: &Place) -> bool {
    match (first, found) {
        (
            Some(Place::Uid { validity, uid }),
            Place::Uid {
                validity: now,
                uid: at,
            },
        ) => now == validity && at < uid,
        _ => false,
    }
}

/// Whether what was found in the target of an intended move cannot have lain there before, as far
/// as the mailbox tells: the original may go. In a folder that was renumbered nobody knows.
pub(super) fn is_no_older(intended: &Move, found: &Entry) -> bool {
    match (&intended.target_place, &found.place) {
        (Some(Place::Uid { validity, .. }), Place::Uid { validity: now, .. }) => validity == now,
        _ => true,
    }
}

/// A folder that is not there, or whose places mean other messages now, holds none of them.
pub(super) fn none_if_absent(
    found: Result<Vec<Entry>, MailboxError>,
) -> Result<Vec<Entry>, MailboxError> {
    match found {
        Err(MailboxError::NoFolder { .. } | MailboxError::Renumbered { .. }) => Ok(Vec::new()),
        other => other,
    }
}
