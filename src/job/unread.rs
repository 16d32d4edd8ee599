//! What reading must not change: mail that was unread stays unread, whatever the server does and
//! whenever a run is cut off; and folders that only show again what lies in others are left alone.
//! Moves nothing.
//!
//! Hardly any server marks what is only looked at. Whether this one does is tried on one message
//! before many are read. On one that does, few are read at a time, and which is written down
//! before: what a break leaves marked is put back by the next connection, or by the next run.

use super::desk::{Desk, JobError, Work};
use super::event::Event;
use super::journal::none_if_absent;
use crate::mail::Place;
use crate::mailbox::{Entry, MailboxError, Marked, Part};
use std::ops::ControlFlow;

/// What reading an unread message of a folder does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It stays unread.
    Stays,
    /// It is marked, and has to be put back.
    IsMarked,
    /// It is marked, and cannot be put back.
    IsLost,
}

impl Desk<'_> {
    /// Finds out what reading does to unread messages here, on the smallest of them.
    pub(super) fn try_unread(&mut self, folder: &str, new: &[Entry]) -> Result<Unread, JobError> {
        let unread = new.iter().filter(|entry| !entry.flags.seen);
        let Some(smallest) = unread.min_by_key(|entry| entry.size) else {
            return Ok(Unread::Stays);
        };
        if self.mailbox.leaves_unread().is_none()
            && let Some(why) = self.try_one(folder, std::slice::from_ref(smallest))?
        {
            self.work.trouble(format!(
                "{}; it could not be marked unread again, so the other unread messages were not read: {why}",
                marks(folder, 1)
            ));
            return Ok(Unread::IsLost);
        }
        Ok(match self.mailbox.leaves_unread() {
            Some(false) => Unread::IsMarked,
            Some(true) | None => Unread::Stays,
        })
    }

    /// Reads a little of one message; why it could not be marked unread again, if it could not.
    fn try_one(&mut self, folder: &str, one: &[Entry]) -> Result<Option<String>, JobError> {
        self.note_unread(folder, one)?;
        let nothing = &mut |_| ControlFlow::Continue(());
        match self.mailbox.fetch(folder, one, Part::First(1), nothing) {
            // What cannot be read is told when all are.
            Err(error) if error.is_fatal() => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        let marked = self.mailbox.after_reading(folder, one)?;
        self.forget_unread(folder)?;
        Ok(marked.and_then(|marked| marked.kept))
    }

    /// Has the mailbox mark as unread again what it marked as read only because it was looked at.
    /// Returns how many those were.
    pub(super) fn keep_unread(&mut self, folder: &str, read: &[Entry]) -> Result<usize, JobError> {
        let Some(Marked { messages, kept }) = self.mailbox.after_reading(folder, read)? else {
            return Ok(0);
        };
        match kept {
            None => Ok(messages),
            Some(why) => {
                self.work.trouble(format!(
                    "{}; they could not all be marked unread again: {why}",
                    marks(folder, messages)
                ));
                Ok(0)
            }
        }
    }

    /// Writes down which unread messages are read now, where a break may leave them marked.
    pub(super) fn note_unread(&mut self, folder: &str, read: &[Entry]) -> Result<(), JobError> {
        let name = self.work.name();
        let unread = read.iter().filter(|entry| !entry.flags.seen);
        let places = unread.map(|entry| &entry.place);
        Ok(self
            .work
            .store
            .together(|store| store.note_unread(&name, folder, places))?)
    }

    /// What was written down is as it was.
    pub(super) fn forget_unread(&mut self, folder: &str) -> Result<(), JobError> {
        let name = self.work.name();
        Ok(self.work.store.forget_unread(&name, folder)?)
    }

    /// Puts back what a break left marked as read.
    pub(super) fn settle_unread(&mut self) -> Result<(), JobError> {
        for (folder, places) in self.work.store.noted_unread(&self.work.name())? {
            let settled = self.settle_unread_in(&folder, &places);
            self.work.absorb(settled)?;
        }
        Ok(())
    }

    fn settle_unread_in(&mut self, folder: &str, places: &[Place]) -> Result<(), JobError> {
        let mut there = none_if_absent(self.mailbox.look(folder, places))?;
        // As they were when it was written down.
        there.iter_mut().for_each(|entry| entry.flags.seen = false);
        let put_back = match self.keep_unread(folder, &there) {
            Err(JobError::Mailbox(MailboxError::Renumbered { .. })) => 0,
            other => other?,
        };
        self.work.tell_put_back(folder, put_back);
        self.forget_unread(folder)
    }

    /// Whether a folder shows every message of others once more, so that it is not swept; that is
    /// told.
    pub(super) fn is_view(&mut self, folder: &str) -> Result<bool, JobError> {
        let is_view = self.mailbox.is_view(folder)?;
        if is_view {
            self.work.trouble(format!(
                "folder `{folder}` shows the messages of other folders once more (all mail, or what is \
                 starred or important), so it is never swept: take it out of `folders`, and name the \
                 folders that the mail is in"
            ));
        }
        Ok(is_view)
    }
}

impl Work<'_> {
    /// Tells that so many messages were marked as read and put back.
    pub(super) fn tell_put_back(&mut self, folder: &str, messages: usize) {
        if messages > 0 {
            let account = self.name();
            let says = format!("{}; they were marked unread again", marks(folder, messages));
            self.tell(Event::Noticed { account, says });
        }
    }
}

fn marks(folder: &str, messages: usize) -> String {
    let messages = match messages {
        1 => "1 unread message".to_owned(),
        number => format!("{number} unread messages"),
    };
    format!(
        "folder `{folder}`: the server marked {messages} as read when they were only looked at, though \
         it was asked not to (EXAMINE, BODY.PEEK)"
    )
}
