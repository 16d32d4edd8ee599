//! Chronicle: what was swept, moved, put back, packaged and reported, as entries that a window can
//! list, search and act on; newest first. It reads the store and nothing else.

mod csv;
mod read;

pub use csv::{history_as_csv, save_history};
pub use read::chronicle;

use crate::job::hits::Reported;
use crate::mail::Digest;
use crate::store::{Figures, MoveState, SubmissionState, SweepId, Way};
use crate::verdict::{Category, Purpose};
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// One thing that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The account.
    pub account: String,
    /// The run it belongs to.
    pub sweep: SweepId,
    /// What.
    pub done: Done,
    /// All that can be searched for, in lower case.
    pub haystack: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// A mailbox was swept.
    Swept(Swept),
    /// Messages were moved to one folder.
    Moved {
        /// The folder.
        to: String,
        /// Which.
        messages: Vec<Travelled>,
    },
    /// Messages were put back.
    Undone {
        /// Which.
        messages: Vec<Travelled>,
    },
    /// Zips were saved, to be uploaded at the vendor's portal.
    Packaged {
        /// Which.
        packages: Vec<Packed>,
    },
    /// Samples were handed over, or are to be.
    Reported(Packed),
}

/// A sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    /// What it did in numbers; `None` where an earlier version swept, or it was cut off.
    pub figures: Option<Figures>,
    /// The same in a sentence, or why it could not be done.
    pub says: String,
    /// How long it took; `None` while it runs, or where it was cut off.
    pub took: Option<Duration>,
    /// How it ended.
    pub end: End,
}

/// How a sweep ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At its end.
    Done,
    /// A person stopped it.
    Stopped,
    /// The mailbox could not be opened.
    NotOpened,
    /// It runs, or it was cut off.
    Open,
}

/// A message that was moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Travelled {
    /// Which.
    pub digest: Digest,
    /// The sender's address.
    pub sender: String,
    /// The subject, made safe to show.
    pub subject: String,
    /// What it was judged to be; `None` where its sample was purged.
    pub category: Option<Category>,
    /// The folder it came from.
    pub from: String,
    /// The folder it was moved to.
    pub to: String,
    /// How far that got.
    pub state: MoveState,
    /// The newest report of it that was handed over, as far as is known.
    pub reported: Option<Arc<Reported>>,
}

/// A package.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    /// Its number.
    pub id: i64,
    /// The vendor's id.
    pub vendor: String,
    /// What its messages were handed over for.
    pub purpose: Purpose,
    /// Messages in it.
    pub messages: usize,
    /// The zip's size in bytes.
    pub bytes: u64,
    /// The zip: where a person saved it, or the program's own.
    pub path: PathBuf,
    /// Whom it goes to: an address, or a page.
    pub to: String,
    /// How it left, if that is known.
    pub way: Option<Way>,
    /// How far it got.
    pub state: SubmissionState,
    /// What the server said, or why it failed.
    pub answer: String,
    /// The messages in it, as far as their names are known.
    pub names: Vec<Named>,
}

/// A message in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub digest: Digest,
    /// The sender's address.
    pub sender: String,
    /// The subject, made safe to show.
    pub subject: String,
}

/// The kinds of entries, as a person chooses among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// All.
    #[default]
    All,
    /// Sweeps.
    Sweeps,
    /// Moves and what was put back.
    Moves,
    /// Zips.
    Packages,
    /// What was sent, or was to be.
    Reports,
}

impl Entry {
    /// Whether it is of a kind.
    pub fn is(&self, kind: Kind) -> bool {
        match &self.done {
            Done::Swept(_) => matches!(kind, Kind::All | Kind::Sweeps),
            Done::Moved { .. } | Done::Undone { .. } => matches!(kind, Kind::All | Kind::Moves),
            Done::Packaged { .. } => matches!(kind, Kind::All | Kind::Packages),
            Done::Reported(_) => matches!(kind, Kind::All | Kind::Reports),
        }
    }

    /// The messages of it that lie where they were moved to, each with the folder it came from.
    pub fn standing(&self) -> Vec<(Digest, String)> {
        let Done::Moved { messages, .. } = &self.done else {
            return Vec::new();
        };
        let standing = messages.iter().filter(|message| message.state.stands());
        let standing = standing.map(|message| (message.digest, message.from.clone()));
        standing.collect()
    }

    /// The package of it that was surely not sent.
    pub fn unsent(&self) -> Option<i64> {
        match &self.done {
            Done::Reported(packed) => matches!(
                packed.state,
                SubmissionState::Failed | SubmissionState::Ready
            )
            .then_some(packed.id),
            _ => None,
        }
    }
}
