//! Hits: each stays where it is for a stated reason, or its sample is kept and it can be
//! delivered. Nothing is moved here.

use super::control::Control;
use super::deliver::By;
use super::desk::{Desk, JobError, Work};
use super::event::{Event, Hit};
use crate::mail::Digest;
use crate::mailbox::{Entry, MailboxError};
use crate::sample::{self, SampleError};
use crate::store::{Brief, Correction, KeptSample, MoveState};
use crate::verdict::{Category, Verdict};
use jiff::Timestamp;

/// A hit that can be delivered.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) hit: Hit,
    pub(super) entry: Entry,
    pub(super) brief: Brief,
    /// Whether it may be moved without being asked for: its sample is kept and nothing holds it.
    pub(super) deliverable: bool,
}

impl Desk<'_> {
    /// Decides what happens to a hit: it stays for a stated reason, or its sample is kept and it
    /// can be delivered. `whole` is the message, where it is at hand.
    pub(super) fn consider(
        &mut self,
        pending: Pending,
        whole: Option<&[u8]>,
    ) -> Result<(), JobError> {
        let digest = pending.hit.sha256;
        let count = match pending.hit.verdict.judgement.category() {
            Some(Category::Spam) => &mut self.work.summary.spam,
            Some(Category::Phishing) => &mut self.work.summary.phishing,
            None => return Ok(()),
        };
        *count += 1;
        if let Some(says) = self.held_because(&pending)? {
            self.work.summary.held += 1;
            self.work.tell(Event::Held {
                hit: pending.hit.clone(),
                says,
            });
            self.work.pending.entry(digest).or_default().push(pending);
            return Ok(());
        }
        match whole {
            Some(bytes) => {
                let kept = sample::keep(&self.work.folders.samples, bytes)
                    .map_err(|error| not_kept(&pending, error))?;
                self.work.note_sample(&pending, kept.size)?;
            }
            None if self.work.sample_path(&digest).exists() => {}
            None => {
                self.keep_from_mailbox(&pending)?;
            }
        }
        self.work.tell(Event::Hit(pending.hit.clone()));
        let deliverable = Pending {
            deliverable: true,
            ..pending
        };
        self.work
            .pending
            .entry(digest)
            .or_default()
            .push(deliverable);
        Ok(())
    }

    /// Streams a message from the mailbox into a sample.
    pub(super) fn keep_from_mailbox(&mut self, pending: &Pending) -> Result<Digest, JobError> {
        let (folder, place) = (&pending.hit.at.folder, &pending.entry.place);
        let mailbox = &mut self.mailbox;
        let mut failed = None;
        let kept = sample::keep_streamed(&self.work.folders.samples, &mut |sink| match mailbox
            .download(folder, place, sink)
        {
            Ok(true) => Ok(()),
            Ok(false) => Err(std::io::Error::other("the message is not there any more")),
            // The copy may be what failed: the system's own word tells a full disk.
            Err(MailboxError::File { source, .. }) => Err(source),
            Err(error) => {
                let says = std::io::Error::other(error.to_string());
                failed = Some(error);
                Err(says)
            }
        });
        if let Some(error) = failed {
            return Err(error.into());
        }
        let kept = kept.map_err(|error| not_kept(pending, error))?;
        let mut pending = pending.clone();
        pending.hit.sha256 = kept.digest;
        self.work.note_sample(&pending, kept.size)?;
        Ok(kept.digest)
    }

    /// Why a hit stays where it is, if it does.
    fn held_because(&mut self, pending: &Pending) -> Result<Option<String>, JobError> {
        let (name, digest) = (self.work.name(), pending.hit.sha256);
        let mut correction = self.work.store.correction(&name, &digest)?;
        if correction.is_none() && self.was_moved_back(pending)? {
            correction = Some(Correction::MovedBack);
        }
        let says = match correction {
            Some(Correction::Undone) => "it was put back by an undo",
            Some(Correction::MovedBack) => "it was moved before and somebody moved it back",
            None => match held_by_flags(&pending.entry) {
                Some(says) => says,
                None if pending.brief.takes_part => "it answers a message that you sent",
                None => return Ok(None),
            },
        };
        Ok(Some(says.to_owned()))
    }

    /// Whether a message was moved before and somebody took it out of the target since, or it lies
    /// again in the very folder that it was moved from; if so, it is noted.
    fn was_moved_back(&mut self, pending: &Pending) -> Result<bool, JobError> {
        let (name, digest) = (self.work.name(), pending.hit.sha256);
        let (mut back, mut taken_out) = (false, Vec::new());
        for done in self.work.store.moves_of_message(&name, &digest)? {
            if !matches!(done.state, MoveState::Moved | MoveState::Copied) {
                continue;
            }
            let is_gone = self.locate_copy(&done)?.is_none();
            back |= is_gone || done.source == pending.hit.at.folder;
            if is_gone {
                taken_out.push(done);
            }
        }
        if back {
            let now = Timestamp::now();
            self.work.store.together(|store| {
                store.correct(&name, &digest, Correction::MovedBack, now)?;
                taken_out.iter().try_for_each(|done| {
                    store.settle(done.id, MoveState::Undone, None, &done.notes)
                })
            })?;
        }
        Ok(back)
    }

    /// Delivers the hits that a person chose, held ones too: they were asked for by name.
    pub(super) fn deliver_chosen(
        &mut self,
        digests: &[Digest],
        control: &Control,
    ) -> Result<(), JobError> {
        let mut chosen = Vec::new();
        for digest in digests {
            match self.work.pending.get(digest) {
                Some(found) => chosen.extend(found.iter().cloned()),
                None => self.work.trouble(format!(
                    "message {} is not among the hits of this sweep",
                    digest.short()
                )),
            }
        }
        self.deliver(chosen, By::Request, control)
    }
}

impl Work<'_> {
    /// What is known of a message at a place, as a hit that may yet be held.
    pub(super) fn pending_for(
        &self,
        folder: &str,
        entry: &Entry,
        sha256: Digest,
        brief: Brief,
        verdict: Verdict,
    ) -> Pending {
        let hit = Hit {
            sha256,
            at: self.at(folder, &entry.place),
            from: brief.from.clone(),
            subject: brief.subject.clone(),
            verdict,
            size: entry.size,
        };
        Pending {
            hit,
            entry: entry.clone(),
            brief,
            deliverable: false,
        }
    }

    fn note_sample(&self, pending: &Pending, size: u64) -> Result<(), JobError> {
        let Some(category) = pending.hit.verdict.judgement.category() else {
            return Ok(());
        };
        let sample = KeptSample {
            digest: pending.hit.sha256,
            size,
            date: pending.entry.date,
            sender_domain: pending.brief.sender_domain.clone(),
            category,
        };
        Ok(self.store.set_sample(&sample, Timestamp::now())?)
    }

    /// Hits that may be delivered without being asked for.
    pub(super) fn deliverable(&self) -> Vec<Pending> {
        let mut hits: Vec<Pending> = self
            .pending
            .values()
            .flatten()
            .filter(|pending| pending.deliverable)
            .cloned()
            .collect();
        hits.sort_by(|a, b| {
            // As a sweep finds them: the newest of a folder first.
            let newest = b.entry.place.cmp(&a.entry.place);
            a.hit.at.folder.cmp(&b.hit.at.folder).then(newest)
        });
        hits
    }
}

/// The error of a message whose sample cannot be kept, named.
fn not_kept(pending: &Pending, source: SampleError) -> JobError {
    JobError::NotKept {
        folder: pending.hit.at.folder.clone(),
        place: pending.entry.place.clone(),
        source,
    }
}

/// Why the owner's own flags keep a message where it is.
pub(super) fn held_by_flags(entry: &Entry) -> Option<&'static str> {
    if entry.flags.flagged {
        Some("you flagged it")
    } else if entry.flags.answered {
        Some("you answered it")
    } else {
        None
    }
}
