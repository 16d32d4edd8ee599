//! What a job tells while it runs. Plain data: whoever listens shows it, or writes it as JSON.

use crate::mail::{Digest, MessageRef};
use crate::store::Figures;
use crate::verdict::{Category, Level, Verdict};
use jiff::Timestamp;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Something that happened. In `--json` it is one object a line, its kind under `event`.
#[derive(Debug, Clone, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
pub enum Event {
    /// An account's mailbox is open.
    Opened {
        /// The account.
        account: String,
        /// The sweep's number, by which `undo` knows it; `None` in a dry run.
        sweep: Option<i64>,
    },
    /// A move that was cut off, or that another program made first, was looked up and settled.
    Settled {
        /// The message.
        sha256: Digest,
        /// The account.
        account: String,
        /// What was found and done, in a sentence.
        says: String,
    },
    /// The connection broke or the server asked to wait: it is tried again after a while.
    Waiting {
        /// The account.
        account: String,
        /// How long, in seconds.
        seconds: u64,
        /// Why, in the words of the server or the system.
        why: String,
    },
    /// The connection stands again, and the work goes on where it stood.
    Resumed {
        /// The account.
        account: String,
    },
    /// A folder was listed.
    Folder {
        /// The account.
        account: String,
        /// The folder.
        folder: String,
        /// Messages in it.
        messages: usize,
        /// Of those, how many are to be judged now.
        new: usize,
        /// Their size in bytes.
        bytes: u64,
    },
    /// Messages were read, to be learnt.
    Read {
        /// How many.
        messages: usize,
    },
    /// The learner has learnt.
    Learnt {
        /// The account that the messages are of; `None` for files.
        account: Option<String>,
        /// Messages that were new, as spam.
        spam: usize,
        /// Messages that were new, as wanted.
        ham: usize,
        /// Messages that were known under that name.
        known: usize,
        /// Messages of spam that are known now.
        all_spam: u64,
        /// Wanted messages that are known now.
        all_ham: u64,
    },
    /// A message was judged. The same word as in a scan.
    #[serde(rename = "verdict")]
    Judged {
        /// Which.
        #[serde(flatten)]
        at: MessageRef,
        /// Its digest; of a part only, where the verdict says so.
        sha256: Digest,
        /// The verdict.
        #[serde(flatten)]
        verdict: Verdict,
        /// Its size in bytes; `None` of a message that was judged again without being fetched.
        size: Option<u64>,
    },
    /// A hit, its sample kept; it can be delivered by its digest.
    Hit(Hit),
    /// A hit that stays where it is, and why.
    Held {
        /// Which.
        #[serde(flatten)]
        hit: Hit,
        /// Why it stays, in a sentence.
        says: String,
    },
    /// A message was moved; in a dry run, it would be.
    Moved {
        /// Which.
        sha256: Digest,
        /// Where it lay.
        #[serde(flatten)]
        from: MessageRef,
        /// The folder it went to.
        to: String,
        /// What was put right or lost on the way; that the original stays, flagged.
        notes: Vec<String>,
        /// Whether nothing was changed.
        dry_run: bool,
    },
    /// A package was written; in a dry run, it would be.
    Packaged {
        /// What for.
        category: Category,
        /// The zip; `None` in a dry run.
        path: Option<PathBuf>,
        /// Its password.
        password: String,
        /// Messages in it.
        messages: usize,
        /// Its size in bytes.
        bytes: u64,
        /// The names of the files in it.
        entries: Vec<String>,
        /// Whether nothing was changed.
        dry_run: bool,
    },
    /// A package was handed over; in a dry run, or with sending off, it would be or could be.
    Submitted {
        /// The category.
        category: Category,
        /// The vendor's name.
        vendor: String,
        /// Whom to.
        to: String,
        /// The subject.
        subject: String,
        /// The text of the letter.
        body: String,
        /// What became of it.
        outcome: Submitted,
    },
    /// A message was put back.
    Undone {
        /// Which.
        sha256: Digest,
        /// Its sender and subject, as the journal has them.
        name: String,
        /// The account.
        account: String,
        /// The folder it is in again.
        folder: String,
        /// What was put right or lost on the way.
        notes: Vec<String>,
    },
    /// Old samples and packages were removed.
    Purged {
        /// How many files.
        files: usize,
    },
    /// A mailbox did what it should not do, and it was put right.
    Noticed {
        /// The account.
        account: String,
        /// What it did, and what was done about it, in a sentence.
        says: String,
    },
    /// Something failed, and the job went on with the rest.
    Trouble {
        /// The account, if it is about one.
        account: Option<String>,
        /// What happened, what was kept and what to do.
        says: String,
    },
    /// The end.
    Summary(Summary),
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Submitted {
    /// A dry run: this is what would leave.
    WouldSend,
    /// It left; what the server said.
    Sent(String),
    /// The letter lies in the outbox folder, as this file; nothing has left.
    Written(String),
    /// A zip to upload at the vendor's portal; nothing has left.
    ForPortal {
        /// The zip.
        zip: String,
        /// What to choose at the portal, in a sentence; empty where the vendor's file says nothing.
        how: String,
    },
}

/// A hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its identity.
    pub sha256: Digest,
    /// Where it lies.
    #[serde(flatten)]
    pub at: MessageRef,
    /// The sender's address.
    pub from: String,
    /// The subject, made safe to show.
    pub subject: String,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Its size in bytes.
    pub size: u64,
}

/// What a run did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// Messages in the folders.
    pub seen: usize,
    /// Of those, judged now.
    pub judged: usize,
    /// Judged before and unchanged.
    pub known: usize,
    /// Hits that are spam, those found before and not yet delivered included.
    pub spam: usize,
    /// Hits that are phishing, as above.
    pub phishing: usize,
    /// Hits that stay where they are: flagged, answered, in a thread of the owner's, put back.
    pub held: usize,
    /// Moved.
    pub moved: usize,
    /// Copied, the original staying, flagged as deleted.
    pub copied: usize,
    /// Packages written.
    pub packages: usize,
    /// Submissions made: letters sent or written to the outbox folder, zips for a portal.
    pub submissions: usize,
    /// Put back.
    pub undone: usize,
    /// Learnt: what a person put back, or all of what `learn` read that was new.
    pub learnt: usize,
    /// Failures that were told.
    pub troubles: usize,
    /// Accounts that another sweep holds.
    pub locked: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// When the first account was begun and the last one ended, as the history has it.
    #[serde(skip)]
    pub ran: Option<(Timestamp, Timestamp)>,
}

impl Summary {
    /// How long it took, as the history says it; `None` where no mailbox was opened, or the clock
    /// was set back meanwhile.
    pub fn took(&self) -> Option<Duration> {
        let (started, ended) = self.ran?;
        lasted(started, ended)
    }

    /// Spam and phishing.
    pub fn hits(&self) -> usize {
        self.spam + self.phishing
    }

    /// What the history keeps of the numbers.
    pub(super) fn figures(&self, level: Level) -> Figures {
        Figures {
            seen: self.seen,
            judged: self.judged,
            known: self.known,
            spam: self.spam,
            phishing: self.phishing,
            troubles: self.troubles,
            stopped: self.stopped,
            level: level.word().to_owned(),
        }
    }

    /// What was done, in a sentence for the history.
    pub(super) fn says(&self) -> String {
        let mut says = match self.seen {
            0 => "no message was looked at".to_owned(),
            // A run of `learn` reads and judges nothing.
            seen if self.learnt > 0 && self.judged + self.known == 0 => {
                format!("{seen} messages were read")
            }
            seen => format!("{} of {seen} messages look like missed spam", self.hits()),
        };
        let counts = [
            (self.moved, "moved"),
            (self.copied, "copied"),
            (self.held, "held"),
            (self.packages, "packaged"),
            (self.submissions, "submitted"),
            (self.undone, "put back"),
            (self.learnt, "learnt"),
            (self.troubles, "failed"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            says.push_str(&format!(", {count} {what}"));
        }
        says
    }

    /// Adds another run's numbers.
    pub(super) fn add(&mut self, other: &Summary) {
        let Summary {
            seen,
            judged,
            known,
            spam,
            phishing,
            held,
            moved,
            copied,
            packages,
            submissions,
            undone,
            learnt,
            troubles,
            locked,
            stopped,
            dry_run,
            ran,
        } = other;
        self.seen += seen;
        self.judged += judged;
        self.known += known;
        self.spam += spam;
        self.phishing += phishing;
        self.held += held;
        self.moved += moved;
        self.copied += copied;
        self.packages += packages;
        self.submissions += submissions;
        self.undone += undone;
        self.learnt += learnt;
        self.troubles += troubles;
        self.locked += locked;
        self.stopped |= stopped;
        self.dry_run |= dry_run;
        self.ran = match (self.ran, *ran) {
            (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
            (one, other) => one.or(other),
        };
    }
}

/// From the start of a run to its end; `None` where the clock was set back meanwhile.
pub(super) fn lasted(started: Timestamp, ended: Timestamp) -> Option<Duration> {
    Duration::try_from(ended.duration_since(started)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_leaves_unknown_how_long_it_took() {
        let (first, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(46).unwrap());
        let took = |started, ended| {
            let ran = Some((started, ended));
            let summary = Summary {
                ran,
                ..Summary::default()
            };
            summary.took()
        };
        assert_eq!(took(first, later), Some(Duration::from_secs(46)));
        assert_eq!(took(later, first), None);
    }
}
