//! Hits: each stays where it is for a stated reason, or its sample is kept and it can be
//! delivered. Nothing is moved here.

use super::desk::{Desk, JobError, Work};
use super::event::{Event, Hit};
use super::plan::Moves;
use crate::mail::Digest;
use crate::mailbox::{Entry, MailboxError};
use crate::sample::{self, SampleError};
use crate::store::{Brief, Correction, KeptSample, Move};
use crate::verdict::{Category, Level, Verdict};
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

impl Pending {
    /// The message as a person knows it.
    pub(super) fn name(&self) -> String {
        match (self.hit.from.as_str(), self.hit.subject.as_str()) {
            ("", "") => format!("message {}", self.hit.sha256.short()),
            (from, subject) => format!("{from}: {subject}"),
        }
    }
}

impl Desk<'_> {
    /// Decides what happens to a hit: it stays for a stated reason, or its sample is kept and it
    /// can be delivered.
    pub(super) fn consider(&mut self, mut pending: Pending) -> Result<(), JobError> {
        let digest = pending.hit.sha256;
        let corrected = self.work.store.correction(&self.work.name(), &digest)?;
        if corrected.is_none() {
            self.note_if_moved_back(&pending)?;
        }
        let is_held = self.work.hold(&pending)?;
        if is_held && !self.work.is_shown(&pending) {
            return Ok(());
        }
        if !self.work.sample_path(&digest).exists() {
            // Of a message that was judged in part, only the part's digest was known.
            pending.hit.sha256 = self.keep_from_mailbox(&pending)?;
        }
        if !is_held {
            self.work.found(pending);
        }
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

    /// Notes a message that was moved before, and that somebody took out of the target since, or
    /// that lies again in the very folder that it was moved from.
    fn note_if_moved_back(&mut self, pending: &Pending) -> Result<(), JobError> {
        let (name, digest) = (self.work.name(), pending.hit.sha256);
        let (mut back, mut taken_out) = (false, Vec::new());
        for done in self.work.moves_done(&digest)? {
            let is_gone = self.locate_copy(&done)?.is_none();
            back |= is_gone || done.source == pending.hit.at.folder;
            if is_gone {
                taken_out.push(done);
            }
        }
        if back {
            let (now, by) = (Timestamp::now(), self.work.sweep);
            self.work.store.together(|store| {
                store.correct(&name, &digest, Correction::MovedBack, now)?;
                taken_out
                    .iter()
                    .try_for_each(|done| store.taken_out(done.id, by, None, &done.notes))
            })?;
        }
        Ok(())
    }
}

impl Work<'_> {
    /// As `Desk::consider`, for a hit whose bytes are at hand and of which the mailbox need not be
    /// asked.
    pub(super) fn consider(&mut self, pending: Pending, whole: &[u8]) -> Result<(), JobError> {
        let is_held = self.hold(&pending)?;
        if !is_held || self.is_shown(&pending) {
            let kept = sample::keep(&self.folders.samples, whole)
                .map_err(|error| not_kept(&pending, error))?;
            self.samples_due.extend(kept_sample(&pending, kept.size));
        }
        if !is_held {
            self.found(pending);
        }
        Ok(())
    }

    /// Whether a person looks at what stays too: its sample is what they see.
    fn is_shown(&self, pending: &Pending) -> bool {
        let is_hit = pending.hit.verdict.judgement.category().is_some();
        is_hit && self.plan.moves == Moves::WhenAsked
    }

    /// The moves of a message that stand, as far as is known: where there is one, the mailbox must
    /// be asked whether somebody moved it back.
    pub(super) fn moves_done(&self, digest: &Digest) -> Result<Vec<Move>, JobError> {
        let mut moves = self.store.moves_of_message(&self.name(), digest)?;
        moves.retain(|done| done.state.stands());
        Ok(moves)
    }

    /// Counts a hit; where something holds it, says so and returns true, as where it was told of
    /// before a break.
    fn hold(&mut self, pending: &Pending) -> Result<bool, JobError> {
        let digest = pending.hit.sha256;
        let count = match pending.hit.verdict.judgement.category() {
            Some(Category::Spam) => &mut self.summary.spam,
            Some(Category::Phishing) => &mut self.summary.phishing,
            None => return Ok(true),
        };
        let at = (pending.hit.at.folder.clone(), pending.entry.place.clone());
        if self.counted.insert(at) {
            *count += 1;
        } else if self.is_pending(pending) {
            return Ok(true);
        }
        let says = match self.store.correction(&self.name(), &digest)? {
            Some(Correction::Undone) => "it was put back by an undo",
            Some(Correction::MovedBack) => "it was moved before and somebody moved it back",
            Some(Correction::Doubtful) => {
                "its sample was kept before the database was damaged, and whether you put it back is not known"
            }
            Some(Correction::NotSpam) => "you said that it is not spam",
            None => match held_by_flags(&pending.entry) {
                Some(says) => says,
                None if pending.brief.takes_part => "it answers a message that you sent",
                None => return Ok(false),
            },
        };
        self.summary.held += 1;
        self.held_due.push((digest, Some(says)));
        self.tell(Event::Held {
            hit: pending.hit.clone(),
            says: says.to_owned(),
        });
        self.pending
            .entry(digest)
            .or_default()
            .push(pending.clone());
        Ok(true)
    }

    /// A hit that can be delivered, its sample kept.
    fn found(&mut self, pending: Pending) {
        self.tell(Event::Hit(pending.hit.clone()));
        let deliverable = Pending {
            deliverable: true,
            ..pending
        };
        let digest = deliverable.hit.sha256;
        self.held_due.push((digest, None));
        self.pending.entry(digest).or_default().push(deliverable);
    }

    /// What is known of a message at a place, as a hit that may yet be held.
    pub(super) fn pending_for(
        &self,
        folder: &str,
        entry: &Entry,
        sha256: Digest,
        brief: Brief,
        verdict: Verdict,
    ) -> Pending {
        let brief = Brief {
            date: entry.date.or(brief.date),
            size: entry.size,
            ..brief
        };
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

    /// Writes down why hits are held.
    pub(super) fn keep_held(&mut self) -> Result<(), JobError> {
        let (due, name) = (std::mem::take(&mut self.held_due), self.name());
        if due.is_empty() {
            return Ok(());
        }
        Ok(self.store.together(|store| {
            due.iter()
                .try_for_each(|(digest, held)| store.set_held(&name, digest, *held))
        })?)
    }

    /// A hit of an earlier sweep, as it lies now.
    pub(super) fn earlier(
        &self,
        folder: &str,
        entry: &Entry,
        digest: &Digest,
    ) -> Result<Option<Pending>, JobError> {
        let known = self.store.hit(&self.name(), digest)?;
        Ok(known.map(|hit| {
            let mut verdict = hit.verdict;
            if verdict.judgement.category().is_none() {
                // It was asked for by name, at whatever level it is a hit.
                verdict.turn(Level::High);
            }
            self.pending_for(folder, entry, *digest, hit.brief, verdict)
        }))
    }

    /// Whether a hit was told of already, before a break.
    fn is_pending(&self, hit: &Pending) -> bool {
        let same = |other: &Pending| {
            other.entry.place == hit.entry.place && other.hit.at.folder == hit.hit.at.folder
        };
        let known = self.pending.get(&hit.hit.sha256);
        known.is_some_and(|known| known.iter().any(same))
    }

    fn note_sample(&self, pending: &Pending, size: u64) -> Result<(), JobError> {
        if let Some(sample) = kept_sample(pending, size) {
            self.store.set_sample(&sample, Timestamp::now())?;
        }
        Ok(())
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

/// What a package needs to know of a hit's sample.
fn kept_sample(pending: &Pending, size: u64) -> Option<KeptSample> {
    Some(KeptSample {
        digest: pending.hit.sha256,
        size,
        date: pending.entry.date,
        sender_domain: pending.brief.sender_domain.clone(),
        category: pending.hit.verdict.judgement.category()?,
    })
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
        Some("you starred it in your mailbox")
    } else if entry.flags.answered {
        Some("you answered it")
    } else {
        None
    }
}
