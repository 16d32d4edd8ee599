//! Where messages live: IMAP, a Maildir, a folder of `.eml` files, an mbox; one small trait.
//! Reading never changes anything; only `create`, `relocate`, `remove` and `set_flags` do.

mod disk;
pub mod files;
pub mod imap;
pub mod maildir;
mod names;

use crate::mail::{Digest, Flags, Place};
use jiff::Timestamp;
use sha2::Sha256;
use std::collections::HashSet;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A folder of a mailbox (IMAP calls this a mailbox; we do not).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name as people read it, decoded.
    pub name: String,
    /// What it is for, by the server's word (RFC 6154) or else by a well-known name.
    pub special: Option<SpecialUse>,
    /// Whether it can hold messages.
    pub selectable: bool,
}

/// What a folder is for (RFC 6154 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecialUse {
    /// The inbox.
    Inbox,
    /// `\Sent`
    Sent,
    /// `\Junk`
    Junk,
    /// `\Trash`
    Trash,
    /// `\Drafts`
    Drafts,
    /// `\Archive`
    Archive,
    /// `\All`: every message once more.
    All,
    /// `\Flagged`: a view.
    Flagged,
    /// `\Important` (RFC 8457): a view.
    Important,
}

/// A message as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies.
    pub place: Place,
    /// Its size in bytes, as the mailbox says: a hint, not a promise.
    pub size: u64,
    /// Its flags.
    pub flags: Flags,
    /// When the mailbox received it (INTERNALDATE, or the file's time).
    pub date: Option<Timestamp>,
}

/// How a folder stood when it was last read, in a word of the mailbox's own making; it alone reads
/// it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(pub String);

/// What is in a folder, told by what is new since a mark.
#[derive(Debug)]
pub enum Survey {
    /// Nothing came, went or changed.
    Same {
        /// How many messages there are.
        messages: usize,
    },
    /// Nothing went; these came or changed.
    Changed {
        /// How many messages there are, these included.
        messages: usize,
        /// What came or has other flags, oldest first.
        entries: Vec<Entry>,
        /// How the folder stands now.
        mark: Mark,
    },
    /// Everything in the folder.
    Whole {
        /// All of it, oldest first.
        entries: Vec<Entry>,
        /// How the folder stands now, where the mailbox can tell later what is new.
        mark: Option<Mark>,
    },
}

/// Says to end; shared with whoever may ask for it. A read that waits for the network ends within
/// a second with [`MailboxError::Stopped`]; a change that is being made is not cut short.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How much of each message to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The header section alone.
    Headers,
    /// The first bytes.
    First(u64),
    /// What checks read: all but the middle of large attachments that no check reads
    /// (`mail::excerpt`), and never more than this.
    Judged(u64),
    /// All of it.
    Whole,
}

/// A message's bytes as they arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it lies.
    pub place: Place,
    /// The bytes, exactly as the mailbox has them.
    pub bytes: Vec<u8>,
    /// Bytes that were left out, at the end or in the middle of attachments that no check reads.
    pub left_out: u64,
}

/// What became of one message in a move.
#[derive(Debug)]
pub struct Relocated {
    /// Where it lay.
    pub from: Place,
    /// What became of it.
    pub outcome: Relocation,
}

/// What became of a message in a move.
#[derive(Debug)]
pub enum Relocation {
    /// It lies in the target, and no more in the source.
    Moved {
        /// Where, when the mailbox told.
        to: Option<Place>,
        /// What was put right or lost on the way: restored flags, a lost date.
        notes: Vec<String>,
    },
    /// It was copied; the original could not be removed safely and stays, flagged `\Deleted`.
    Copied {
        /// Where the copy lies, when the mailbox told.
        to: Option<Place>,
        /// As above.
        notes: Vec<String>,
    },
    /// It was not seen to arrive in the target, and nothing of it was removed: somebody else moved
    /// or removed it, or the mailbox does not tell all. Whoever knows its bytes looks in both.
    Gone,
    /// It was left where it is.
    Failed(MailboxError),
}

/// What became of originals whose copies were verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// They are gone.
    Gone,
    /// The mailbox cannot remove just these: they stay, flagged `\Deleted`.
    Flagged,
}

/// Messages that a mailbox marked as read when they were only looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// How many.
    pub messages: usize,
    /// Why some or all of them stay so; `None` where they are unread again.
    pub kept: Option<String>,
}

/// One open mailbox. Folder names are as people read them.
pub trait Mailbox: Send {
    /// Every folder.
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError>;

    /// Whether two names mean the same folder; a folder that is not there is none other.
    fn is_same(&mut self, one: &str, other: &str) -> Result<bool, MailboxError>;

    /// What is in a folder, oldest first. Nothing is marked read.
    fn list(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError>;

    /// What came, went or changed in a folder since a mark that an earlier survey gave. Nothing is
    /// marked read.
    fn survey(&mut self, folder: &str, since: Option<&Mark>) -> Result<Survey, MailboxError> {
        let _ = since;
        let entries = self.list(folder)?;
        let mark = None;
        Ok(Survey::Whole { entries, mark })
    }

    /// The mark as it is once this many of the messages that were there then were moved out by the
    /// caller; `None` where the mailbox cannot tell.
    fn without(&self, mark: &Mark, moved_out: usize) -> Option<Mark> {
        let _ = (mark, moved_out);
        None
    }

    /// Fetches the wanted messages, in any order, and hands each to `each` as it arrives, until
    /// `each` breaks. The caller bounds a call by the sum of sizes; the mailbox bounds what it
    /// holds at once. Messages that vanished are passed over. Nothing is marked read.
    fn fetch(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError>;

    /// Streams one whole message to `sink`, holding little of it in memory. Returns whether the
    /// message was there.
    fn download(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError>;

    /// Called when messages were read that were listed so: those that the mailbox marked as read,
    /// though it was asked not to, are marked unread again. What a person read stays read.
    fn after_reading(
        &mut self,
        folder: &str,
        read: &[Entry],
    ) -> Result<Option<Marked>, MailboxError> {
        let _ = (folder, read);
        Ok(None)
    }

    /// Whether what is only looked at stays unread, as the mailbox was asked; `None` while that is
    /// not known.
    fn leaves_unread(&self) -> Option<bool> {
        Some(true)
    }

    /// Whether a folder only shows again what lies in others (all mail, what is flagged): it is
    /// never swept, and nothing is moved from there.
    fn is_view(&mut self, folder: &str) -> Result<bool, MailboxError> {
        let _ = folder;
        Ok(false)
    }

    /// How these messages stand now, in any order; those that are gone are left out.
    fn look(&mut self, folder: &str, places: &[Place]) -> Result<Vec<Entry>, MailboxError> {
        let wanted: HashSet<&Place> = places.iter().collect();
        let mut entries = self.list(folder)?;
        entries.retain(|entry| wanted.contains(&entry.place));
        Ok(entries)
    }

    /// Makes the folder (and subscribes to it) if it is not there; returns whether it was made.
    fn create(&mut self, folder: &str) -> Result<bool, MailboxError>;

    /// The first place that a message can have that is brought to this folder from now on; `None`
    /// where the mailbox cannot tell, or the folder is not there.
    fn next_place(&mut self, folder: &str) -> Result<Option<Place>, MailboxError> {
        let _ = folder;
        Ok(None)
    }

    /// Moves messages. Flags, keywords and date go with them: what the mailbox dropped on the way
    /// is restored or reported. One outcome for each entry, in the same order.
    fn relocate(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError>;

    /// Removes just these, whose copies elsewhere the caller has verified byte by byte.
    fn remove(&mut self, folder: &str, places: &[Place]) -> Result<Removed, MailboxError>;

    /// Gives a message exactly these flags, keywords and all (`\Recent` aside).
    fn set_flags(&mut self, folder: &str, place: &Place, flags: &Flags)
    -> Result<(), MailboxError>;

    /// Where messages lie that may be the one with this Message-ID or this place's unique name.
    /// The caller compares the bytes.
    fn find(
        &mut self,
        folder: &str,
        message_id: Option<&str>,
        was: &Place,
    ) -> Result<Vec<Entry>, MailboxError>;
}

/// What a note says of flags that could not be kept, in words that the journal knows again.
const KEEPS_ONLY: &str = "the server keeps only";

/// Whether a note of a move says that the target did not take all of a message's flags.
pub fn tells_of_lost_flags(note: &str) -> bool {
    note.contains(KEEPS_ONLY) || note.contains("flags could not be restored")
}

/// Takes in a message and keeps nothing of it but its digest.
#[derive(Default)]
pub struct Hashing(Sha256);

impl Hashing {
    /// The digest of what was written.
    pub fn digest(self) -> Digest {
        Digest::finish(self.0)
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        sha2::Digest::update(&mut self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why a mailbox could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The host is not known, nobody listens there, or the network is down.
    #[error("{server}: cannot connect: {reason}")]
    Unreachable {
        /// `host:port`
        server: String,
        /// The system's word.
        reason: String,
    },
    /// The server's certificate was refused.
    #[error("{server}: the certificate was refused: {reason}")]
    Certificate {
        /// `host:port`
        server: String,
        /// Names, dates and issuer, as far as they could be read.
        reason: String,
    },
    /// The server does not offer what the account demands (STARTTLS, a way to sign in).
    #[error("{server}: {reason}")]
    Unsupported {
        /// `host:port`
        server: String,
        /// What is missing, and what to do.
        reason: String,
    },
    /// The user or the password was refused.
    #[error(
        "{server}: sign-in as {user} was refused: {reason}; check the user and the password (some providers want one made for this program)"
    )]
    SignIn {
        /// `host:port`
        server: String,
        /// The user.
        user: String,
        /// The server's word.
        reason: String,
    },
    /// There is no such folder.
    #[error("folder `{folder}` does not exist: name one that `postsweep account test` lists")]
    NoFolder {
        /// Its name.
        folder: String,
    },
    /// The folder cannot be written to.
    #[error(
        "folder `{folder}` cannot be written to: {reason}; no message was moved: choose another folder, or have the right to write there"
    )]
    ReadOnly {
        /// Its name.
        folder: String,
        /// Why.
        reason: String,
    },
    /// The mailbox is full.
    #[error("folder `{folder}`: the mailbox is over its quota: {reason}; make room and run again")]
    OverQuota {
        /// The folder that was written to.
        folder: String,
        /// The server's word.
        reason: String,
    },
    /// Nothing came within the time-out.
    #[error("{server}: no answer within {seconds} s")]
    TimedOut {
        /// `host:port`
        server: String,
        /// The time-out.
        seconds: u64,
    },
    /// The connection ended.
    #[error("{server}: the connection was lost: {reason}")]
    Lost {
        /// `host:port`
        server: String,
        /// The server's or the system's word.
        reason: String,
    },
    /// The server asks to be left alone for a while: too many connections, too much at once, or it
    /// is being worked on.
    #[error("{server}: the server asks to wait: {reason}")]
    Throttled {
        /// `host:port`
        server: String,
        /// The server's word.
        reason: String,
        /// How long, where it says so.
        wait: Option<Duration>,
    },
    /// The owner asked to end.
    #[error("stopped")]
    Stopped,
    /// The server refused a command or answered what cannot be understood.
    #[error("folder `{folder}`: the server refused: {reason}")]
    Refused {
        /// The folder.
        folder: String,
        /// The server's word.
        reason: String,
    },
    /// UIDs that were noted are not valid any more.
    #[error(
        "folder `{folder}` was renumbered by the server (UIDVALIDITY changed); nothing was touched, the next sweep reads it anew"
    )]
    Renumbered {
        /// The folder.
        folder: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: String,
        /// The system's word.
        source: std::io::Error,
    },
}

impl MailboxError {
    /// Whether the same may succeed later with nothing changed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            MailboxError::Unreachable { .. }
                | MailboxError::TimedOut { .. }
                | MailboxError::Lost { .. }
                | MailboxError::Throttled { .. }
        )
    }

    /// Whether the connection is of no more use, so that the sweep of this account must end.
    pub fn is_fatal(&self) -> bool {
        self.is_transient()
            || matches!(
                self,
                MailboxError::Certificate { .. }
                    | MailboxError::Unsupported { .. }
                    | MailboxError::SignIn { .. }
                    | MailboxError::Stopped
            )
    }
}
