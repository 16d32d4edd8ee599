//! Undo: a sweep's messages go back where they were, with the flags they had, and are never moved
//! again unless a person asks.

use super::control::Control;
use super::deliver::{AT_ONCE, by_place};
use super::desk::{Desk, JobError};
use super::event::Event;
use super::journal::none_if_absent;
use super::serve::is_meant;
use crate::mail::{Digest, Place};
use crate::mailbox::{self, Entry, Relocation, Removed};
use crate::store::{Correction, Move, MoveState, SweepId};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

impl Desk<'_> {
    /// Takes back what one sweep moved.
    pub(super) fn undo_sweep(&mut self, sweep: SweepId, control: &Control) -> Result<(), JobError> {
        let moves = self.work.store.moves_of(sweep)?;
        self.undo_moves(moves, control)
    }

    /// Takes back what was moved of these messages, at any time. Where a `folder` is given, only what
    /// was moved out of it.
    pub(super) fn undo_chosen(
        &mut self,
        digests: &[Digest],
        folder: Option<&str>,
        control: &Control,
    ) -> Result<(), JobError> {
        let mut moves = Vec::new();
        for digest in digests {
            // Said of a hit that is still to be moved, it means: leave it.
            let (name, now) = (self.work.name(), Timestamp::now());
            self.work
                .store
                .correct(&name, digest, Correction::Undone, now)?;
            let mut of_message = self.work.store.moves_of_message(&name, digest)?;
            of_message.retain(|row| is_meant(folder, &row.source));
            moves.extend(of_message);
        }
        self.undo_moves(moves, control)
    }

    fn undo_moves(&mut self, moves: Vec<Move>, control: &Control) -> Result<(), JobError> {
        if self.work.plan.is_rehearsal() {
            self.work.trouble("a dry run puts nothing back");
            return Ok(());
        }
        let mut by_folders: BTreeMap<(String, String), Vec<Move>> = BTreeMap::new();
        for done in moves.into_iter().filter(|done| done.state.stands()) {
            let folders = (done.target.clone(), done.source.clone());
            by_folders.entry(folders).or_default().push(done);
        }
        for moves in by_folders.values() {
            for chunk in moves.chunks(AT_ONCE) {
                let taken_back = self.steadily(control, |desk| desk.take_back_some(chunk));
                self.work.absorb(taken_back)?;
            }
        }
        Ok(())
    }

    /// Takes some moves between the same two folders back, those of them that a break did not come
    /// after: at once where the copies lie as they were put, the others one by one.
    fn take_back_some(&mut self, moves: &[Move]) -> Result<(), JobError> {
        let (mut plain, mut rest) = (Vec::new(), Vec::new());
        for done in moves {
            let Some(row) = self.work.store.move_now(done.id)? else {
                continue;
            };
            match row.state {
                MoveState::Moved => plain.push(row),
                MoveState::Undone | MoveState::Lost => {}
                _ => rest.push(row),
            }
        }
        rest.extend(self.take_back_at_once(plain)?);
        for row in rest {
            let taken_back = self.take_back(row);
            self.work.absorb(taken_back)?;
        }
        Ok(())
    }

    /// Takes plain moves back whose copies lie where they were put; returns the others.
    fn take_back_at_once(&mut self, moves: Vec<Move>) -> Result<Vec<Move>, JobError> {
        let places: Vec<Place> = moves
            .iter()
            .filter_map(|done| done.target_place.clone())
            .collect();
        let (Some(first), true) = (moves.first(), places.len() > 1) else {
            return Ok(moves);
        };
        let (target, source) = (first.target.clone(), first.source.clone());
        let there = none_if_absent(self.mailbox.look(&target, &places))?;
        let mut there: HashMap<Place, Entry> = there
            .into_iter()
            .map(|entry| (entry.place.clone(), entry))
            .collect();
        let (mut ready, mut rest) = (Vec::new(), Vec::new());
        for done in moves {
            let place = done.target_place.as_ref();
            match place.and_then(|place| there.remove(place)) {
                // A UID names one message for ever; a file's name may name another one now.
                Some(copy)
                    if matches!(copy.place, Place::Uid { .. })
                        || self.is_message(&target, &copy.place, &done.digest)? =>
                {
                    ready.push((done, copy));
                }
                _ => rest.push(done),
            }
        }
        self.begin_undo(ready.iter().map(|(done, _)| done))?;
        self.mailbox.create(&source)?;
        let entries: Vec<Entry> = ready.iter().map(|(_, copy)| copy.clone()).collect();
        let outcomes = match self.mailbox.relocate(&target, &entries, &source) {
            Ok(outcomes) => outcomes,
            Err(error) if error.is_fatal() => return Err(error.into()),
            // One by one it is seen of which it is true.
            Err(_) => {
                rest.extend(ready.into_iter().map(|(done, _)| done));
                return Ok(rest);
            }
        };
        let mut outcomes = by_place(outcomes);
        let (mut undone, mut ended) = (Vec::new(), Ok(()));
        for (done, copy) in ready {
            let (mut back, outcome) = (None, outcomes.remove(&copy.place));
            match self.end_of_move_back(&done, &copy, outcome, &mut back) {
                Ok(Some(notes)) => undone.push((done, back, notes)),
                Ok(None) => {}
                Err(error) => ended = self.work.absorb(Err(error)),
            }
            if ended.is_err() {
                break;
            }
        }
        // Whatever failed: what is known to be back is written down.
        let by = self.work.sweep;
        self.work.store.together(|store| {
            undone
                .iter()
                .try_for_each(|(done, back, notes)| store.undone(done.id, by, back.as_ref(), notes))
        })?;
        for (done, _, notes) in undone {
            self.tell_undone(&done, notes);
        }
        ended.map(|()| rest)
    }

    /// Writes down that moves are taken back, and what a person said by it, so that a kill cannot
    /// lose it.
    fn begin_undo<'m>(&mut self, moves: impl Iterator<Item = &'m Move>) -> Result<(), JobError> {
        let (now, begun) = (Timestamp::now(), &mut self.work.begun);
        self.work.store.together(|store| {
            for done in moves {
                begun.insert(done.id);
                store.correct(&done.account, &done.digest, Correction::Undone, now)?;
                let place = done.target_place.as_ref();
                store.settle(done.id, MoveState::Undoing, place, &done.notes)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Takes one move back.
    pub(super) fn take_back(&mut self, done: Move) -> Result<(), JobError> {
        self.begin_undo(std::iter::once(&done))?;
        let copy = self.locate_copy(&done)?;
        // After a plain move only what is not in the target is looked for in the source, where
        // somebody may have put it back. A copy's original is there, or else it was expunged.
        let original = if done.state == MoveState::Moved && copy.is_some() {
            None
        } else {
            self.locate(&done.source, Some(&done.source_place), &done)?
        };
        let mut back = original.as_ref().map(|original| original.place.clone());
        let notes = match (original, copy) {
            (Some(original), copy) => self.unflag(&done, &original, copy)?,
            (None, Some(copy)) => match self.move_back(&done, &copy, &mut back)? {
                Some(notes) => notes,
                None => return Ok(()),
            },
            (None, None) => {
                self.work
                    .store
                    .settle(done.id, MoveState::Lost, None, &done.notes)?;
                let says = self.not_found(&done)?;
                self.work.trouble(says);
                return Ok(());
            }
        };
        let by = self.work.sweep;
        self.work
            .store
            .together(|store| store.undone(done.id, by, back.as_ref(), &notes))?;
        self.tell_undone(&done, notes);
        Ok(())
    }

    /// Counts and tells a move that was taken back.
    pub(super) fn tell_undone(&mut self, done: &Move, notes: Vec<String>) {
        self.work.summary.undone += 1;
        self.work.tell(Event::Undone {
            sha256: done.digest,
            name: done.name(),
            account: done.account.clone(),
            folder: done.source.clone(),
            notes,
        });
    }

    /// Why a message cannot be put back, and where its sample lies.
    fn not_found(&mut self, done: &Move) -> Result<String, JobError> {
        let folders = self.mailbox.folders()?;
        let mut is_there = false;
        for folder in folders.iter().filter(|folder| folder.selectable) {
            is_there |= self.mailbox.is_same(&folder.name, &done.target)?;
        }
        let what = match is_there {
            true => format!("is not in folder `{}` any more", done.target),
            false => format!(
                "was in folder `{}`, which is not there any more",
                done.target
            ),
        };
        let sample = self.work.kept_sample(&done.digest);
        let sample = match sample.exists() {
            true => format!("its sample is {}", sample.display()),
            false => "its sample was purged".to_owned(),
        };
        Ok(format!(
            "{} {what}, so it cannot be put back; {sample}",
            done.name()
        ))
    }

    /// The message lies where it was: it gets its flags again, and a copy of it goes.
    fn unflag(
        &mut self,
        done: &Move,
        original: &Entry,
        copy: Option<Entry>,
    ) -> Result<Vec<String>, JobError> {
        let mut notes = Vec::new();
        // What somebody moved back by hand has the flags that they gave it since.
        if done.state != MoveState::Moved {
            self.undelete(done, original, &mut notes)?;
        }
        let Some(copy) = copy else {
            return Ok(notes);
        };
        if self
            .mailbox
            .remove(&done.target, std::slice::from_ref(&copy.place))?
            == Removed::Flagged
        {
            notes.push(format!(
                "the copy in `{}` stays, flagged as deleted",
                done.target
            ));
        }
        Ok(notes)
    }

    /// Moves the message back, to where `at` says then, if the mailbox told; `None` where it could
    /// not be, which was told.
    fn move_back(
        &mut self,
        done: &Move,
        copy: &Entry,
        at: &mut Option<Place>,
    ) -> Result<Option<Vec<String>>, JobError> {
        self.mailbox.create(&done.source)?;
        let outcome = self
            .mailbox
            .relocate(&done.target, std::slice::from_ref(copy), &done.source)?
            .pop();
        let outcome = outcome.map(|relocated| relocated.outcome);
        self.end_of_move_back(done, copy, outcome, at)
    }

    /// What came of moving a message back; as `move_back`.
    fn end_of_move_back(
        &mut self,
        done: &Move,
        copy: &Entry,
        outcome: Option<Relocation>,
        at: &mut Option<Place>,
    ) -> Result<Option<Vec<String>>, JobError> {
        // What it was before is not known any more where a kill came in between.
        let before = if done.state == MoveState::Copied {
            MoveState::Copied
        } else {
            MoveState::Moved
        };
        let (to, mut notes) = match outcome {
            Some(Relocation::Moved { to, notes }) => (to, notes),
            Some(Relocation::Copied { to, mut notes }) => {
                notes.push(format!(
                    "the copy in `{}` stays, flagged as deleted",
                    done.target
                ));
                (to, notes)
            }
            Some(Relocation::Failed(error)) => {
                self.work
                    .store
                    .settle(done.id, before, Some(&copy.place), &done.notes)?;
                return Err(error.into());
            }
            Some(Relocation::Gone) | None => {
                // The server may not tell where it put it.
                let found = self.locate(&done.source, Some(&done.source_place), done)?;
                if let Some(found) = found {
                    *at = Some(found.place.clone());
                    let mut notes = Vec::new();
                    self.restore_dropped(&done.source, &found, &copy.flags, &mut notes)?;
                    return Ok(Some(notes));
                }
                self.work
                    .store
                    .settle(done.id, before, Some(&copy.place), &done.notes)?;
                self.work.trouble(format!(
                    "{} left folder `{}` while it was being put back; run undo again",
                    done.name(),
                    done.target
                ));
                return Ok(None);
            }
        };
        at.clone_from(&to);
        if let (Some(was), Some(is)) = (done.date, copy.date)
            && was != is
        {
            notes.push(format!(
                "its date of receipt was {was} before it was moved; the server has changed it, and there is no way to set it"
            ));
        }
        // Flags that are others than before, and that the target could keep, somebody has changed
        // since: they stay.
        let flags = copy.flags.with(&done.flags);
        let dropped = done
            .notes
            .iter()
            .any(|note| mailbox::tells_of_lost_flags(note));
        if dropped && copy.flags != flags {
            let back = self.locate(&done.source, to.as_ref().or(Some(&done.source_place)), done)?;
            match back {
                Some(entry) => {
                    self.restore_flags(&done.source, &entry, &flags, &mut notes)?;
                }
                None => {
                    notes.push("its flags could not be restored: it was not found again".into())
                }
            }
        }
        Ok(Some(notes))
    }
}
