//! Reading: new messages on their way from the mailbox to a verdict. One thread reads the wire,
//! the judge threads judge, and the desk's own thread keeps what they say: the wire never waits
//! for the judge, nor the judge for the wire, but for the room that the settings give them. The
//! desk's thread alone touches the store, the samples, the counts and the events.

use super::control::Control;
use super::desk::{Desk, JobError, Work, open_mailbox};
use super::event::Event;
use super::hit::Pending;
use super::judging::{Judges, Opinion, Said, Task};
use super::plan::AccountPlan;
use super::unread::Unread;
use super::views::Sealer;
use crate::checks::Context;
use crate::mail::{Coverage, Place, Reading};
use crate::mailbox::{Entry, Fetched, Mailbox, MailboxError, Part};
use crate::settings::Account;
use crate::store::{Brief, Judged};
use crate::verdict::{Judgement, Level, Verdict};
use jiff::Timestamp;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// Rows that are written at once, and the longest that one waits.
const ROWS: usize = 500;
const WAIT: Duration = Duration::from_secs(1);
/// Bytes of views to be kept that wait for being written.
const VIEW_BYTES: usize = 4 << 20;
/// Hits that wait for the mailbox before reading pauses for them.
const WAITING: usize = 20;
/// Messages in one go, after a go at all of them failed: one that cannot be read holds up no more
/// than these.
const FEW: usize = 250;

/// What one go at the messages came to.
struct Pass {
    /// Which of them came.
    came: Vec<bool>,
    /// Whether all that came were judged.
    judged: bool,
    /// Whether it came to its end: not broken off, and not failed.
    ended: Result<bool, MailboxError>,
}

impl<'a> Desk<'a> {
    /// Judges new messages of a folder. Returns whether all of them came and were judged; ends
    /// early where a stop was asked for.
    pub(super) fn judge_new(
        &mut self,
        control: &Control,
        folder: &str,
        new: Vec<Entry>,
    ) -> Result<bool, JobError> {
        let mut put_back = 0;
        let judged = self.judge_keeping_unread(control, folder, new, &mut put_back);
        self.work.tell_put_back(folder, put_back);
        judged
    }

    /// As `judge_new`; adds to `put_back` what the server marked as read and was put back.
    fn judge_keeping_unread(
        &mut self,
        control: &Control,
        folder: &str,
        mut rest: Vec<Entry>,
        put_back: &mut usize,
    ) -> Result<bool, JobError> {
        let mut all = true;
        let unread = self.try_unread(folder, &rest)?;
        let mut most = match unread {
            Unread::Stays => usize::MAX,
            Unread::IsMarked => FEW,
            Unread::IsLost => {
                all = false;
                rest.retain(|entry| entry.flags.seen);
                usize::MAX
            }
        };
        while !rest.is_empty() {
            if !self.gap(control)? {
                return Ok(false);
            }
            let count = rest.len().min(most);
            let batch = rest.get(..count).unwrap_or_default();
            if unread == Unread::IsMarked {
                self.note_unread(folder, batch)?;
            }
            let pass = self.pass(control, folder, batch)?;
            let is_lost = matches!(&pass.ended, Err(error) if error.is_fatal());
            if !is_lost {
                // What was asked for and did not come may be marked as well.
                let read = batch.iter().zip(&pass.came).filter(|(entry, came)| {
                    !entry.flags.seen && (**came || unread == Unread::IsMarked)
                });
                let read: Vec<Entry> = read.map(|(entry, _)| entry.clone()).collect();
                let kept = self.keep_unread(folder, &read).and_then(|number| {
                    *put_back += number;
                    match unread {
                        Unread::IsMarked => self.forget_unread(folder),
                        Unread::Stays | Unread::IsLost => Ok(()),
                    }
                });
                self.work.absorb(kept)?;
            }
            all &= pass.judged;
            let mut missing = pass.came.iter().map(|came| !came);
            match pass.ended {
                Ok(true) => {
                    all &= !missing.any(|missing| missing);
                    rest.drain(..count);
                }
                // What did not come is asked for again, with what follows.
                Ok(false) => rest.retain(|_| missing.next().unwrap_or(true)),
                Err(error @ (MailboxError::NoFolder { .. } | MailboxError::Renumbered { .. })) => {
                    return Err(error.into());
                }
                Err(error) if error.is_fatal() => return Err(error.into()),
                Err(_) if most > FEW => {
                    most = FEW;
                    rest.retain(|_| missing.next().unwrap_or(true));
                }
                Err(error) => {
                    all = false;
                    rest.drain(..count);
                    self.work.absorb(Err(error.into()))?;
                }
            }
        }
        Ok(all)
    }

    /// One go: everything is asked of the mailbox at once, and each message goes to the judges as
    /// it arrives, until there is something else to do.
    fn pass(&mut self, control: &Control, folder: &str, batch: &[Entry]) -> Result<Pass, JobError> {
        let places = batch.iter().map(|entry| &entry.place).zip(0..).collect();
        let (answer, opinions) = mpsc::channel();
        let halt = AtomicBool::new(false);
        let mut keeper = Keeper::new(folder, batch);
        let Desk { mailbox, work } = self;
        let sealer = work.views.sealer(folder);
        let account: &'a AccountPlan = work.account;
        let reader = Reader {
            judges: work.shared.judges.clone(),
            reading: &account.reading,
            context: work.context()?,
            sealer,
            places: &places,
            answer,
            halt: &halt,
            control,
            offered: work.offered,
            folder,
        };
        let mut shares = work.lines.share(batch).into_iter();
        let own = shares.next().unwrap_or_default();
        let (kept, ended) = thread::scope(|scope| {
            let beside: Vec<_> = shares
                .map(|share| {
                    let reader = reader.clone();
                    start(scope, move || reader.read_beside(&account.account, &share))
                })
                .collect();
            let main = start(scope, || {
                let ended = reader.read(mailbox.as_mut(), &own);
                if ended.is_err() {
                    // Nothing more can be kept of what the others read: they end too.
                    halt.store(true, Ordering::Relaxed);
                }
                ended
            })
            .map_err(JobError::Thread)?;
            let mut kept = Ok(());
            // Ends when the readers have ended and every task was answered.
            for opinion in opinions {
                if kept.is_ok() {
                    kept = keeper.take_in(work, opinion);
                }
                if kept.is_err() || keeper.later.len() >= WAITING {
                    halt.store(true, Ordering::Relaxed);
                }
            }
            let beside = beside.into_iter().map(|thread| thread.map(join).ok());
            // Whatever they did not bring is asked for again, of the mailbox that is open.
            let all = beside.fold(true, |all, ended| match ended {
                Some(Ok(ended)) => all && ended,
                Some(Err(_)) | None => {
                    work.lines.alone();
                    false
                }
            });
            let ended = join(main).map(|ended| ended && all);
            Ok::<_, JobError>((kept, ended))
        })?;
        let kept = kept.and_then(|()| keeper.ask_mailbox(self));
        // Whatever failed: what was judged is not to be judged again.
        let written = keeper.write(&mut self.work);
        kept.and(written)?;
        Ok(Pass {
            came: keeper.came,
            judged: keeper.judged,
            ended,
        })
    }
}

fn start<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> std::io::Result<ScopedJoinHandle<'scope, T>> {
    let thread = thread::Builder::new().name("reader".to_owned());
    thread.spawn_scoped(scope, work)
}

fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|cause| resume_unwind(cause))
}

/// What a thread that reads a wire works with.
#[derive(Clone)]
struct Reader<'a, 's> {
    judges: Judges<'a>,
    reading: &'a Reading,
    context: Arc<Context>,
    /// What makes views to be kept.
    sealer: Option<Sealer>,
    places: &'s HashMap<&'s Place, usize>,
    answer: Sender<Opinion>,
    /// Whether the desk's thread wants the mailbox.
    halt: &'s AtomicBool,
    control: &'s Control,
    offered: usize,
    folder: &'s str,
}

impl Reader<'_, '_> {
    /// Reads the wanted messages; returns whether it was not broken off.
    fn read(self, mailbox: &mut dyn Mailbox, wanted: &[Entry]) -> Result<bool, MailboxError> {
        let mut ended = true;
        let part = Part::Judged(self.reading.limits.bytes as u64);
        mailbox.fetch(self.folder, wanted, part, &mut |fetched| {
            self.hand_on(fetched);
            if self.halt.load(Ordering::Relaxed) || self.control.is_wanted(self.offered) {
                ended = false;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(ended)
    }

    /// Reads over a connection of its own. What keeps it from that, such as a server that allows
    /// no more connections, is no trouble: the others read on.
    fn read_beside(self, account: &Account, wanted: &[Entry]) -> Result<bool, JobError> {
        let opened = open_mailbox(account, self.control.word());
        let read = opened.and_then(|mut mailbox| Ok(self.read(mailbox.as_mut(), wanted)?));
        read.inspect_err(|error| {
            let name = &account.name;
            log::info!("{name}: a further connection is of no use: {error}");
        })
    }

    fn hand_on(&self, fetched: Fetched) {
        let Some(&index) = self.places.get(&fetched.place) else {
            return;
        };
        let length = fetched.bytes.len();
        let most = self.reading.limits.bytes as u64;
        let coverage = Coverage::of(&fetched.bytes, fetched.left_out, most);
        let taken = self.judges.take(length);
        self.judges.judge(Task {
            index,
            bytes: fetched.bytes,
            coverage,
            reading: self.reading,
            context: self.context.clone(),
            taken,
            keep: self.sealer.clone().map(|sealer| (sealer, fetched.place)),
            answer: self.answer.clone(),
        });
    }
}

/// What the desk's thread keeps of one go.
struct Keeper<'s> {
    folder: &'s str,
    batch: &'s [Entry],
    came: Vec<bool>,
    judged: bool,
    rows: Vec<Pending>,
    /// Views to be kept, and their bytes.
    views: Vec<(Place, Vec<u8>)>,
    view_bytes: usize,
    written: Instant,
    /// Hits that the mailbox is needed for, and whether they came whole.
    later: Vec<(Pending, bool)>,
}

impl<'s> Keeper<'s> {
    fn new(folder: &'s str, batch: &'s [Entry]) -> Self {
        Keeper {
            folder,
            batch,
            came: vec![false; batch.len()],
            judged: true,
            rows: Vec::new(),
            views: Vec::new(),
            view_bytes: 0,
            written: Instant::now(),
            later: Vec::new(),
        }
    }

    /// Tells of a judged message and keeps it, if it is a hit.
    fn take_in(&mut self, work: &mut Work<'_>, opinion: Opinion) -> Result<(), JobError> {
        // Held until the bytes are on disk.
        let Opinion { index, said, taken } = opinion;
        let Some((entry, came)) = self.batch.get(index).zip(self.came.get_mut(index)) else {
            return Ok(());
        };
        if std::mem::replace(came, true) {
            return Ok(());
        }
        let Some(mut said) = said else {
            self.judged = false;
            let (place, folder) = (&entry.place, self.folder);
            work.trouble(format!(
                "{place} in folder `{folder}` could not be judged, by a mistake of this program: it \
                 was passed over and stays where it is"
            ));
            return Ok(());
        };
        if let Some(view) = said.view.take() {
            self.view_bytes += view.len();
            self.views.push((entry.place.clone(), view));
        }
        let is_hit = said.verdict.judgement.category().is_some();
        let (pending, whole) = work.told(self.folder, entry, said);
        match whole {
            Some(bytes) if work.moves_done(&pending.hit.sha256)?.is_empty() => {
                self.rows.push(pending.clone());
                let considered = work.consider(pending, &bytes);
                work.absorb(considered)?;
            }
            None if !is_hit => self.rows.push(pending),
            whole => self.later.push((pending, whole.is_some())),
        }
        drop(taken);
        let full = self.rows.len() >= ROWS || self.view_bytes >= VIEW_BYTES;
        if full || self.written.elapsed() > WAIT {
            self.write(work)?;
        }
        Ok(())
    }

    /// Deals with the hits that the mailbox is needed for: those of which a part was judged are
    /// kept whole, and one that was moved before may have been moved back.
    fn ask_mailbox(&mut self, desk: &mut Desk<'_>) -> Result<(), JobError> {
        for (mut pending, is_whole) in std::mem::take(&mut self.later) {
            if !is_whole {
                match desk.keep_from_mailbox(&pending) {
                    Ok(digest) => pending.hit.sha256 = digest,
                    Err(error) => {
                        self.judged = false;
                        desk.work.absorb(Err(error))?;
                        continue;
                    }
                }
            }
            self.rows.push(pending.clone());
            let considered = desk.consider(pending);
            desk.work.absorb(considered)?;
        }
        Ok(())
    }

    fn write(&mut self, work: &mut Work<'_>) -> Result<(), JobError> {
        self.written = Instant::now();
        self.view_bytes = 0;
        let views = std::mem::take(&mut self.views);
        work.views.put(self.folder, &views);
        let rows = std::mem::take(&mut self.rows);
        let samples = std::mem::take(&mut work.samples_due);
        if rows.is_empty() && samples.is_empty() {
            return Ok(());
        }
        let (name, rules) = (work.name(), work.rules.clone());
        work.store.together(|store| {
            let now = Timestamp::now();
            for sample in &samples {
                store.set_sample(sample, now)?;
            }
            rows.into_iter().try_for_each(
                |Pending {
                     hit, entry, brief, ..
                 }| {
                    let brief = may_be_shown(&hit.verdict).then_some(brief);
                    let mut verdict = hit.verdict;
                    verdict.shorten();
                    let judged = Judged {
                        digest: hit.sha256,
                        verdict,
                        brief,
                    };
                    store.set_judged(&name, self.folder, &entry.place, &rules, &judged)
                },
            )
        })?;
        Ok(())
    }
}

impl Work<'_> {
    /// Counts and tells a verdict; what is known of the message, and the bytes of a whole hit.
    fn told(&mut self, folder: &str, entry: &Entry, said: Said) -> (Pending, Option<Vec<u8>>) {
        self.summary.judged += 1;
        self.tell(Event::Judged {
            at: self.at(folder, &entry.place),
            sha256: said.digest,
            verdict: said.verdict.clone(),
            size: Some(entry.size),
        });
        if !said.is_mail && said.verdict.judgement == Judgement::Clean {
            self.not_mail(folder, entry);
        }
        let mut brief = Brief::default();
        if may_be_shown(&said.verdict) {
            brief = said.brief;
            // A store that cannot be read is told by the next step, which writes to it.
            brief.takes_part = self.context().map_or(true, |context| {
                let sent = context.correspondence.sent_among(&said.references);
                sent.is_some()
            });
        }
        let pending = self.pending_for(folder, entry, said.digest, brief, said.verdict);
        (pending, said.whole)
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
}

/// Whether a message is shown at some level, so that what is shown of it is worth keeping.
pub(super) fn may_be_shown(verdict: &Verdict) -> bool {
    verdict.score >= Level::High.threshold()
}
