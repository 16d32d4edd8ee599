//! Servers that mark messages as read in spite of EXAMINE and `BODY.PEEK`: noticed by looking
//! again, told apart from a person who read them by trying it on one, and put back. Of all flags
//! this touches `\Seen` alone, and only on messages that were unread before.

use super::ImapMailbox;
use super::answer;
use super::command::Command;
use super::fetch::CHUNK;
use super::select::Mode;
use super::wire::Next;
use crate::mail::{Flags, Place};
use crate::mailbox::{Entry, Hashing, MailboxError, Marked};
use std::collections::HashSet;
use std::io::Write;

/// The longest set of UIDs in one command, in bytes (RFC 7162 section 4: a line of 8,192).
const SET: usize = 4_000;
/// Searches that are under way at once: few enough bytes that no server stops reading.
const AT_ONCE: usize = 4;

impl ImapMailbox {
    /// Puts `\Seen` back to what it was before these messages were read, where it was the server
    /// that set it.
    pub(super) fn keep_unread(
        &mut self,
        folder: &str,
        read: &[Entry],
    ) -> Result<Option<Marked>, MailboxError> {
        let unread: Vec<&Entry> = read.iter().filter(|entry| !entry.flags.seen).collect();
        if unread.is_empty() {
            return Ok(None);
        }
        self.select(folder, Mode::Read)?;
        let places = || unread.iter().map(|entry| &entry.place);
        let uids = self.select_for(folder, Mode::Read, places())?;
        let turned = self.now_seen(folder, &uids)?;
        let by_size = unread.iter().zip(&uids).map(|(entry, uid)| (entry, *uid));
        let smallest = by_size
            .filter(|(_, uid)| turned.contains(uid))
            .min_by_key(|(entry, _)| entry.size);
        let Some((trial, uid)) = smallest else {
            self.marks_read = Some(false);
            return Ok(None);
        };
        let marked = |kept| {
            let messages = turned.len();
            Ok(Some(Marked { messages, kept }))
        };
        // One is marked unread and read once more: only a server would mark it again.
        match self.mark(folder, &[uid], "-FLAGS.SILENT") {
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => return marked(Some(error.to_string())),
            Ok(()) => {}
        }
        if self.is_seen(folder, uid)? {
            let why = "the server does not let them be marked unread".to_owned();
            return marked(Some(why));
        }
        self.stream(folder, &trial.place, &mut Hashing::default())?;
        if !self.is_seen(folder, uid)? {
            self.marks_read = Some(false);
            self.mark(folder, &[uid], "+FLAGS.SILENT")?;
            return Ok(None);
        }
        self.marks_read = Some(true);
        let mut turned: Vec<u32> = turned.into_iter().collect();
        turned.sort_unstable();
        self.mark(folder, &turned, "-FLAGS.SILENT")?;
        let left = self.now_seen(folder, &turned)?.len();
        let kept = (left > 0).then(|| format!("the server marked {left} of them again"));
        let messages = turned.len();
        Ok(Some(Marked { messages, kept }))
    }

    /// Streams one message; where it was unread, it is looked at again until the server is known
    /// to leave alone what is only looked at.
    pub(super) fn stream_unmarked(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        if self.marks_read == Some(false) {
            return self.stream(folder, place, sink);
        }
        let uids = self.select_for(folder, Mode::Read, std::iter::once(place))?;
        let set = answer::set(&uids);
        let before = self.attributes(folder, &set)?;
        let flags = uids.first().and_then(|uid| before.get(uid)?.flags.as_ref());
        let was_unread = flags.is_some_and(|flags| !flags.seen);
        let there = self.stream(folder, place, sink)?;
        let Some(uid) = uids.first().filter(|_| was_unread && there) else {
            return Ok(there);
        };
        if !self.is_seen(folder, *uid)? {
            self.marks_read = Some(false);
            return Ok(true);
        }
        match self.mark(folder, &[*uid], "-FLAGS.SILENT") {
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) => log::warn!("{place} in folder `{folder}` was marked as read: {error}"),
            Ok(()) => {
                log::info!("{place} in folder `{folder}` was marked as read, and unread again")
            }
        }
        Ok(true)
    }

    /// Sets or takes `\Seen`.
    fn mark(&mut self, folder: &str, uids: &[u32], how: &str) -> Result<(), MailboxError> {
        self.select(folder, Mode::Write)?;
        let seen = Flags {
            seen: true,
            ..Flags::default()
        };
        for chunk in uids.chunks(CHUNK) {
            let completion = self.store(folder, &answer::set(chunk), how, &seen)?;
            if !completion.is_ok() {
                return Err(completion.refusal(folder));
            }
        }
        // Reading goes on without the right to change anything.
        self.select(folder, Mode::Read)?;
        Ok(())
    }

    fn is_seen(&mut self, folder: &str, uid: u32) -> Result<bool, MailboxError> {
        let all = self.attributes(folder, &uid.to_string())?;
        let flags = all.get(&uid).and_then(|is| is.flags.as_ref());
        Ok(flags.is_some_and(|flags| flags.seen))
    }

    /// Which of these are read now, in the open folder: usually none, so the answers are short.
    fn now_seen(&mut self, folder: &str, uids: &[u32]) -> Result<HashSet<u32>, MailboxError> {
        let asked: HashSet<u32> = uids.iter().copied().collect();
        let sets = answer::sets(uids, SET);
        let mut seen = HashSet::new();
        let mut refused = false;
        for sets in sets.chunks(AT_ONCE) {
            let wire = &mut self.line.lock().wire;
            for set in sets {
                wire.send(Command::new(format!("UID SEARCH SEEN UID {set}")))?;
            }
            let mut ended = 0;
            while ended < sets.len() {
                match wire.next(&mut super::body::Body::nowhere())? {
                    Next::Untagged(line) => {
                        let found = answer::found(&line).unwrap_or_default();
                        seen.extend(found.into_iter().filter(|uid| asked.contains(uid)));
                    }
                    Next::Continue => {}
                    Next::Done(completion) => {
                        refused |= !completion.is_ok();
                        ended += 1;
                    }
                }
            }
        }
        if refused {
            for set in &sets {
                let all = self.attributes(folder, set)?;
                let is_seen = |flags: &Option<Flags>| flags.as_ref().is_some_and(|is| is.seen);
                let read = all.iter().filter(|(_, is)| is_seen(&is.flags));
                seen.extend(read.map(|(uid, _)| *uid).filter(|uid| asked.contains(uid)));
            }
        }
        Ok(seen)
    }
}
