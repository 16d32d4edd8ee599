//! Moving: `UID MOVE`, or a copy that is looked at before its original goes; and what a move must
//! not change. Removes nothing but the very UIDs it was given: never a plain EXPUNGE, never CLOSE.

use super::ImapMailbox;
use super::answer;
use super::command::{Command, Completion};
use super::fetch::{Attributes, CHUNK};
use super::landing::{Landed, Notes};
use super::select::Mode;
use crate::mail::Flags;
use crate::mailbox::{Entry, Mailbox, MailboxError, Relocated, Relocation, Removed};
use std::collections::{BTreeMap, HashMap};

/// Messages on their way from one folder to another.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) entries: &'a [Entry],
    /// The UIDs of those that are still there.
    pub(super) present: Vec<u32>,
    /// What they were like before.
    pub(super) before: BTreeMap<u32, Attributes>,
}

/// What became of each message, by its UID in the source.
pub(super) type Outcomes = HashMap<u32, Relocation>;

/// What became of messages that left the source. One that is not seen in the target is not said
/// to have been moved: whoever knows its bytes searches for it.
fn arrivals(moved: &[u32], landed: &Landed, compared: Result<Notes, MailboxError>) -> Outcomes {
    let mut outcomes = HashMap::new();
    let mut compared = compared;
    for uid in moved {
        let to = landed.place(*uid);
        let outcome = match (&to, &mut compared) {
            (None, _) => Relocation::Gone,
            (Some(_), Ok(notes)) => match notes.remove(uid) {
                Some(notes) => Relocation::Moved { to, notes },
                None => Relocation::Gone,
            },
            (Some(_), Err(error)) => {
                let notes = vec![format!("its flags and date were not compared: {error}")];
                Relocation::Moved { to, notes }
            }
        };
        outcomes.insert(*uid, outcome);
    }
    outcomes
}

impl ImapMailbox {
    /// Moves messages, some hundreds at a time. Once something was moved, a failure is told with
    /// the messages it concerns instead of hiding what went well.
    pub(super) fn move_all(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        if self.is_same(from, to)? {
            return Err(MailboxError::Refused {
                folder: to.to_owned(),
                reason: "messages cannot be moved to the folder they are in".to_owned(),
            });
        }
        self.refuse_views(&[from, to])?;
        let mut done: Vec<Relocated> = Vec::new();
        for chunk in entries.chunks(CHUNK) {
            match self.move_chunk(from, chunk, to) {
                Ok(outcomes) => done.extend(outcomes),
                Err(error) if done.is_empty() => return Err(error),
                Err(error) => {
                    let reason = format!("not tried after: {error}");
                    let failed = entries.get(done.len()..).unwrap_or_default();
                    let mut first = Some(error);
                    done.extend(failed.iter().map(|entry| Relocated {
                        from: entry.place.clone(),
                        outcome: Relocation::Failed(first.take().unwrap_or_else(|| {
                            MailboxError::Refused {
                                folder: from.to_owned(),
                                reason: reason.clone(),
                            }
                        })),
                    }));
                    return Ok(done);
                }
            }
        }
        Ok(done)
    }

    fn move_chunk(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        let places = || entries.iter().map(|entry| &entry.place);
        self.selected = None; // a fresh look at what is there
        let wanted = self.select_for(from, Mode::Write, places())?;
        let before = self.attributes(from, &answer::set(&wanted))?;
        let present: Vec<u32> = wanted
            .iter()
            .copied()
            .filter(|uid| before.contains_key(uid))
            .collect();
        let batch = Batch {
            from,
            to,
            entries,
            present,
            before,
        };
        let mut outcomes = match batch.present.is_empty() {
            true => HashMap::new(),
            false if self.capabilities.has("MOVE") => self.by_move(&batch)?,
            false => self.by_copy(&batch)?,
        };
        let relocated = entries.iter().zip(wanted).map(|(entry, uid)| Relocated {
            from: entry.place.clone(),
            outcome: outcomes.remove(&uid).unwrap_or(Relocation::Gone),
        });
        Ok(relocated.collect())
    }

    /// With MOVE (RFC 6851). What the answer says is not taken on trust: it may have moved some and
    /// then failed, or said OK and only copied, or done nothing at all. So the source is asked.
    fn by_move(&mut self, batch: &Batch<'_>) -> Result<Outcomes, MailboxError> {
        let labelled = self.labels_before(batch)?;
        let (completion, mut landed) = self.transfer("MOVE", batch)?;
        let left = self.attributes_told(batch.from, &answer::set(&batch.present))?;
        let (left, moved): (Vec<u32>, Vec<u32>) =
            batch.present.iter().partition(|uid| left.contains_key(uid));
        let (mut copied, stayed): (Vec<u32>, Vec<u32>) = left
            .into_iter()
            .partition(|uid| completion.is_ok() || landed.place(*uid).is_some());
        let mut moved = moved;
        let mut labelled_still = Vec::new();
        if !labelled.is_empty() {
            // Gmail has one message and no copy: only a label is still there.
            self.find_by_id(batch, &labelled, &mut landed)?;
            labelled_still = std::mem::take(&mut copied);
            moved.extend(&labelled_still);
        }
        let mut outcomes: Outcomes = HashMap::new();
        for uid in stayed {
            outcomes.insert(uid, Relocation::Failed(completion.refusal(batch.to)));
        }
        if !moved.is_empty() {
            let compared = self.compare(&moved, batch, &mut landed);
            outcomes.extend(arrivals(&moved, &landed, compared));
        }
        if !copied.is_empty() {
            outcomes.extend(self.only_copied(&copied, batch, &mut landed)?);
        }
        self.check_labels(batch, &labelled, &labelled_still, &mut outcomes)?;
        Ok(outcomes)
    }

    /// Messages that are still there after a MOVE that went well: those whose copies are found in
    /// the target, byte for byte, are removed; the others stay.
    fn only_copied(
        &mut self,
        uids: &[u32],
        batch: &Batch<'_>,
        landed: &mut Landed,
    ) -> Result<Outcomes, MailboxError> {
        let left = Batch {
            present: uids.to_vec(),
            before: batch.before.clone(),
            ..*batch
        };
        // An older message just like it is not its copy.
        landed.only_told_or_new();
        let mut outcomes = self.after_copy(&left, landed)?;
        for outcome in outcomes.values_mut() {
            if let Relocation::Moved { notes, .. } = outcome {
                notes.push(format!(
                    "the server answered the move with a copy: its bytes were compared, and the original in `{}` was removed",
                    batch.from
                ));
            }
        }
        Ok(outcomes)
    }

    /// Without MOVE: a copy, a look at it, and only then the original goes.
    fn by_copy(&mut self, batch: &Batch<'_>) -> Result<Outcomes, MailboxError> {
        let (completion, mut landed) = self.transfer("COPY", batch)?;
        if completion.is_ok() {
            return self.after_copy(batch, &mut landed);
        }
        let failed = |uid: &u32| (*uid, Relocation::Failed(completion.refusal(batch.to)));
        Ok(batch.present.iter().map(failed).collect())
    }

    /// Copies were made: looks at them, and removes the originals of those that are right.
    fn after_copy(
        &mut self,
        batch: &Batch<'_>,
        landed: &mut Landed,
    ) -> Result<Outcomes, MailboxError> {
        let mut outcomes = HashMap::new();
        let mut notes = HashMap::new();
        // From here on copies exist: a failure must not hide them.
        let mut finished = self.finish_copy(batch, landed, &mut notes, &mut outcomes);
        if matches!(&finished, Err(error) if !error.is_fatal()) {
            // One garbled answer may be all that was wrong.
            outcomes.clear();
            finished = self.finish_copy(batch, landed, &mut notes, &mut outcomes);
        }
        let removed = match finished {
            Ok(removed) => removed,
            // What was done is seen in both folders by whoever connects next.
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => {
                for uid in &batch.present {
                    let told = format!("the original stays in `{}`: {error}", batch.from);
                    notes.entry(*uid).or_default().push(told);
                }
                Removed::Flagged
            }
        };
        for uid in &batch.present {
            if outcomes.contains_key(uid) {
                continue;
            }
            let to = landed.place(*uid);
            let notes = notes.remove(uid).unwrap_or_default();
            let outcome = match removed {
                Removed::Gone => Relocation::Moved { to, notes },
                Removed::Flagged => Relocation::Copied { to, notes },
            };
            outcomes.insert(*uid, outcome);
        }
        Ok(outcomes)
    }

    /// Looks at the copies and removes the originals of those that are there; of the others it
    /// says in `outcomes` what became of them.
    fn finish_copy(
        &mut self,
        batch: &Batch<'_>,
        landed: &mut Landed,
        notes: &mut Notes,
        outcomes: &mut Outcomes,
    ) -> Result<Removed, MailboxError> {
        self.find_copies(batch, landed)?;
        *notes = self.compare(&batch.present, batch, landed)?;
        let (copied, lacking): (Vec<u32>, Vec<u32>) = batch
            .present
            .iter()
            .partition(|uid| notes.contains_key(uid));
        let places = batch.entries.iter().map(|entry| &entry.place);
        self.select_for(batch.from, Mode::Write, places)?;
        // A copy that is not seen may be there: whoever knows the bytes looks in both folders.
        outcomes.extend(lacking.into_iter().map(|uid| (uid, Relocation::Gone)));
        match copied.is_empty() {
            true => Ok(Removed::Flagged),
            false => self.remove_uids(batch.from, &copied),
        }
    }

    /// UID MOVE or UID COPY; makes the target once where it is not there.
    fn transfer(
        &mut self,
        word: &str,
        batch: &Batch<'_>,
    ) -> Result<(Completion, Landed), MailboxError> {
        // Where the next message will land, should the server not tell where one landed.
        let next = match self.next.take() {
            Some((folder, next)) if folder == batch.to => Some(next),
            _ => self.next_uid(batch.to)?,
        };
        let set = answer::set(&batch.present);
        let mut is_second = false;
        loop {
            let raw = self.known()?.spell(batch.to);
            let command = Command::new(format!("UID {word} {set}")).string(&raw);
            let mut landed = Landed::after(next);
            let completion = self.run(command, &mut |line| {
                if let Some(told) = line.strip_prefix(b"* ").and_then(Completion::parse) {
                    landed.read(&told, &batch.present);
                }
            })?;
            landed.read(&completion, &batch.present);
            let is_missing = completion.has("TRYCREATE") || completion.has("NONEXISTENT");
            if completion.is_ok() || !is_missing || is_second {
                return Ok((completion, landed));
            }
            is_second = true;
            self.make(batch.to)?;
        }
    }

    /// Sets, adds or takes flags of messages in the open folder.
    pub(super) fn store(
        &mut self,
        folder: &str,
        set: &str,
        how: &str,
        flags: &Flags,
    ) -> Result<Completion, MailboxError> {
        let names = answer::flag_names(flags).join(" ");
        self.by_crate(folder, |session| {
            session.uid_store(set, format!("{how} ({names})"))
        })
    }

    /// Removes just these from the open folder, where the server can (UIDPLUS, RFC 4315).
    pub(super) fn remove_uids(
        &mut self,
        folder: &str,
        uids: &[u32],
    ) -> Result<Removed, MailboxError> {
        let deleted = Flags {
            deleted: true,
            ..Flags::default()
        };
        for chunk in uids.chunks(CHUNK) {
            let set = answer::set(chunk);
            let completion = self.store(folder, &set, "+FLAGS.SILENT", &deleted)?;
            if !completion.is_ok() {
                return Err(completion.refusal(folder));
            }
            if self.capabilities.has("UIDPLUS") {
                let command = Command::new(format!("UID EXPUNGE {set}"));
                let completion = self.run(command, &mut |_| {})?;
                if !completion.is_ok() {
                    return Err(completion.refusal(folder));
                }
            }
        }
        match self.capabilities.has("UIDPLUS") {
            true => Ok(Removed::Gone),
            false => Ok(Removed::Flagged),
        }
    }
}
