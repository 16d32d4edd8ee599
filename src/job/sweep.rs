//! Sweep: list, fetch what is new, judge it, and keep a sample of each hit. Nothing is moved
//! here but what a person asks for while it runs.

use super::control::{Control, Gap, Request};
use super::desk::{Desk, JobError, Work};
use super::event::Event;
use super::hit::Pending;
use crate::mail::{Coverage, Message, Place};
use crate::mailbox::{Entry, Part};
use crate::store::{Brief, Judged};
use crate::verdict::{Judgement, Level, Verdict, tame};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// Messages in one batch at most, so that requests are served and progress is seen.
const BATCH_MESSAGES: usize = 250;

impl Desk<'_> {
    /// Sweeps every folder of the account. Ends early where a stop was asked for.
    pub(super) fn sweep(&mut self, control: &Control) -> Result<(), JobError> {
        let read = self.read_sent(control);
        self.work.absorb(read)?;
        for folder in self.work.account.account.folders.clone() {
            let swept = self.sweep_folder(control, &folder);
            self.work.absorb(swept)?;
            if self.work.summary.stopped {
                break;
            }
        }
        Ok(())
    }

    /// Serves what was asked for in the gap between two steps; returns whether to go on.
    pub(super) fn gap(&mut self, control: &Control) -> Result<bool, JobError> {
        loop {
            let served = match control.next() {
                Gap::GoOn => return Ok(true),
                Gap::Stop => {
                    self.work.summary.stopped = true;
                    return Ok(false);
                }
                Gap::Serve(Request::Deliver(digests)) => self.deliver_chosen(&digests, control),
                Gap::Serve(Request::Undo(digests)) => self.undo_chosen(&digests),
            };
            self.work.absorb(served)?;
        }
    }

    fn sweep_folder(&mut self, control: &Control, folder: &str) -> Result<(), JobError> {
        if !self.gap(control)? {
            return Ok(());
        }
        let target = self.work.account.account.move_to.clone();
        if self.mailbox.is_same(folder, &target)? {
            self.work.trouble(format!(
                "folder `{folder}` is where hits are moved to, so it is not swept: take it out of \
                 `folders`, or set `move-to` to another folder"
            ));
            return Ok(());
        }
        let listed = self.mailbox.list(folder)?;
        let (old, new) = self.work.split(folder, listed)?;
        let bytes = new.iter().map(|entry| entry.size).sum();
        let messages = old.len() + new.len();
        self.work.summary.seen += messages;
        self.work.summary.known += old.len();
        let account = self.work.name();
        self.work.tell(Event::Folder {
            account,
            folder: folder.to_owned(),
            messages,
            new: new.len(),
            bytes,
        });

        self.known_hits(folder, &old)?;
        let largest = self.work.account.reading.limits.bytes as u64;
        for batch in batches(&new, self.work.plan.batch, largest) {
            if !self.gap(control)? {
                return Ok(());
            }
            let judged = self.judge_batch(control, folder, batch, largest);
            self.work.absorb(judged)?;
        }
        if !control.is_stopped() {
            self.work
                .store
                .forget_other_rules(&self.work.name(), folder, &self.work.rules)?;
        }
        Ok(())
    }

    /// Hits that were found before and are still there: held, or not delivered yet.
    fn known_hits(&mut self, folder: &str, old: &[Entry]) -> Result<(), JobError> {
        let level = self.work.plan.judge.level();
        let name = self.work.name();
        let found =
            self.work
                .store
                .judged_from(&name, folder, &self.work.rules, level.threshold())?;
        let found: HashMap<Place, Judged> = found.into_iter().collect();
        for entry in old {
            let Some(judged) = found.get(&entry.place) else {
                continue;
            };
            let Some(brief) = &judged.brief else { continue };
            let mut verdict = judged.verdict.clone();
            verdict.turn(level);
            let pending =
                self.work
                    .pending_for(folder, entry, judged.digest, brief.clone(), verdict);
            let considered = self.consider(pending, None);
            self.work.absorb(considered)?;
        }
        Ok(())
    }

    fn judge_batch(
        &mut self,
        control: &Control,
        folder: &str,
        batch: &[Entry],
        largest: u64,
    ) -> Result<(), JobError> {
        let oversized = batch.first().is_some_and(|entry| entry.size > largest);
        let part = if oversized {
            Part::First(largest)
        } else {
            Part::Whole
        };
        let entries: HashMap<&Place, &Entry> =
            batch.iter().map(|entry| (&entry.place, entry)).collect();
        let mut rows = Vec::new();
        let mut hits = Vec::new();
        let work = &mut self.work;
        let fetched = self.mailbox.fetch(folder, batch, part, &mut |fetched| {
            let Some(entry) = entries.get(&fetched.place) else {
                return ControlFlow::Continue(());
            };
            let coverage = if oversized && fetched.bytes.len() as u64 >= largest {
                Coverage::Partial { total: entry.size }
            } else {
                Coverage::Whole
            };
            let (pending, message) = work.judge(folder, entry, fetched.bytes, coverage);
            if pending.hit.verdict.judgement.category().is_some() {
                // A part is kept whole below, once the wire is free.
                hits.push((
                    pending,
                    (coverage == Coverage::Whole).then_some(message.raw),
                ));
            } else {
                rows.push(pending);
            }
            if control.is_stopped() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        for (mut pending, whole) in hits {
            if whole.is_none() {
                match self.keep_from_mailbox(&pending) {
                    Ok(digest) => pending.hit.sha256 = digest,
                    Err(error) => {
                        self.work.absorb(Err(error))?;
                        continue;
                    }
                }
            }
            rows.push(pending.clone());
            let considered = self.consider(pending, whole.as_deref());
            self.work.absorb(considered)?;
        }
        self.work.write_judged(folder, rows)?;
        Ok(fetched?)
    }
}

impl Work<'_> {
    /// Parts a listing into messages that these rules judged and those that they did not, newest
    /// first, without what is deleted, a draft, or too old; and forgets places that are gone.
    fn split(
        &mut self,
        folder: &str,
        listed: Vec<Entry>,
    ) -> Result<(Vec<Entry>, Vec<Entry>), JobError> {
        let name = self.name();
        let known = self.store.judged_places(&name, folder, &self.rules)?;
        let there: HashSet<&Place> = listed.iter().map(|entry| &entry.place).collect();
        let gone: Vec<Place> = known
            .iter()
            .filter(|place| !there.contains(place))
            .cloned()
            .collect();
        if !gone.is_empty() {
            self.store
                .together(|store| store.forget_judged(&name, folder, &gone))?;
        }
        let oldest = self.account.account.since_hours.and_then(|hours| {
            let hours = i64::try_from(hours).ok()?;
            Timestamp::now()
                .checked_sub(SignedDuration::from_hours(hours))
                .ok()
        });
        let looked_at = |entry: &Entry| {
            !entry.flags.deleted
                && !entry.flags.draft
                && oldest.is_none_or(|oldest| entry.date.is_none_or(|date| date >= oldest))
        };
        Ok(listed
            .into_iter()
            .rev()
            .filter(looked_at)
            .partition(|entry| known.contains(&entry.place)))
    }

    fn judge(
        &mut self,
        folder: &str,
        entry: &Entry,
        bytes: Vec<u8>,
        coverage: Coverage,
    ) -> (Pending, Message) {
        let plan = self.plan;
        let (message, verdict) =
            plan.judge
                .judge(bytes, coverage, &self.account.reading, &self.context);
        self.summary.judged += 1;
        let at = self.at(folder, &entry.place);
        self.tell(Event::Judged {
            at,
            sha256: message.digest,
            verdict: verdict.clone(),
            size: entry.size,
        });
        if !message.is_mail() && verdict.judgement == Judgement::Clean {
            self.not_mail(folder, entry);
        }
        let brief = if may_be_shown(&verdict) {
            self.brief(&message)
        } else {
            Brief::default()
        };
        (
            self.pending_for(folder, entry, message.digest, brief, verdict),
            message,
        )
    }

    /// Said once, since the next sweep knows its place.
    fn not_mail(&mut self, folder: &str, entry: &Entry) {
        let what = match entry.size {
            0 => "is empty",
            _ => "is not mail (it has no header that a message has)",
        };
        let place = &entry.place;
        self.trouble(format!(
            "{place} in folder `{folder}` {what}: it was passed over and stays where it is"
        ));
    }

    fn brief(&self, message: &Message) -> Brief {
        let from = message.from.first();
        Brief {
            from: from.map_or_else(String::new, |from| tame(&from.address())),
            sender_domain: from.map_or_else(String::new, |from| from.domain.clone()),
            subject: tame(&message.subject),
            message_id: message.message_id.clone(),
            // A store that cannot be read is told by the next step, which writes to it.
            takes_part: self
                .store
                .takes_part(&self.name(), &message.references)
                .unwrap_or(true),
        }
    }

    fn write_judged(&mut self, folder: &str, rows: Vec<Pending>) -> Result<(), JobError> {
        let (name, rules) = (self.name(), self.rules.clone());
        self.store.together(|store| {
            rows.into_iter().try_for_each(
                |Pending {
                     hit, entry, brief, ..
                 }| {
                    let brief = may_be_shown(&hit.verdict).then_some(brief);
                    let judged = Judged {
                        digest: hit.sha256,
                        verdict: hit.verdict,
                        brief,
                    };
                    store.set_judged(&name, folder, &entry.place, &rules, &judged)
                },
            )
        })?;
        Ok(())
    }
}

/// Whether a message is shown at some level, so that what is shown of it is worth keeping.
fn may_be_shown(verdict: &Verdict) -> bool {
    verdict.score >= Level::High.threshold()
}

/// Cuts a listing into batches: at most `bytes` and [`BATCH_MESSAGES`] in one; a message over
/// `largest` is one of its own, since only its first bytes are fetched.
fn batches(entries: &[Entry], bytes: u64, largest: u64) -> Vec<&[Entry]> {
    let mut batches = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let mut sum = 0u64;
        let fits = |entry: &&Entry| {
            sum = sum.saturating_add(entry.size);
            entry.size <= largest && sum <= bytes
        };
        let length = rest
            .iter()
            .take(BATCH_MESSAGES)
            .take_while(fits)
            .count()
            .max(1);
        let (batch, after) = rest.split_at(length.min(rest.len()));
        batches.push(batch);
        rest = after;
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Flags;

    #[test]
    fn batches_are_bounded_and_lose_nothing() {
        let entry = |size: u64| Entry {
            place: Place::Name(size.to_string()),
            size,
            flags: Flags::default(),
            date: None,
        };
        let entries: Vec<Entry> = [5, 5, 1, 100, 7, u64::MAX, u64::MAX, 3].map(entry).to_vec();
        let sizes: Vec<Vec<u64>> = batches(&entries, 11, 50)
            .into_iter()
            .map(|batch| batch.iter().map(|entry| entry.size).collect())
            .collect();
        assert_eq!(
            sizes,
            [
                vec![5, 5, 1],
                vec![100],
                vec![7],
                vec![u64::MAX],
                vec![u64::MAX],
                vec![3]
            ]
        );
        let many: Vec<Entry> = (0..600).map(entry).collect();
        assert_eq!(
            batches(&many, u64::MAX, u64::MAX)
                .iter()
                .map(|batch| batch.len())
                .max(),
            Some(BATCH_MESSAGES)
        );
        assert!(batches(&[], 1, 1).is_empty());
    }
}
