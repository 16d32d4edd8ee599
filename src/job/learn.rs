//! Learning: from files, from the folders of an account, and from what a person put back. Mail is
//! read and left as it is; what was learnt counts from the next run on.

use super::accounts::each_account;
use super::control::Control;
use super::desk::{Desk, JobError, Work};
use super::event::{Event, Summary};
use super::learnt::Lessons;
use super::plan::{self, Plan};
use super::rebuild;
use super::unread::Unread;
use crate::classifier::{Counts, Features, Label, Learnt, Lesson};
use crate::mail::{Coverage, Digest, Message, Reading, Receiver};
use crate::mailbox::files::{self, Found};
use crate::mailbox::{Entry, Fetched, Part};
use crate::settings::{Bounds, Places};
use crate::store::Said;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Messages of each kind that one run learns; of more, an even share is taken.
const MOST: usize = 10_000;
/// Messages that are read at once.
const AT_ONCE: usize = 250;

/// Where the lessons are: paths, or the names of folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources<T> {
    /// Of unwanted mail.
    pub spam: Vec<T>,
    /// Of wanted mail.
    pub ham: Vec<T>,
}

impl<T> Sources<T> {
    fn each(&self) -> impl Iterator<Item = (&T, Label)> {
        let labelled = |label| move |source| (source, label);
        let spam = self.spam.iter().map(labelled(Label::Spam));
        spam.chain(self.ham.iter().map(labelled(Label::Ham)))
    }
}

/// What was read and is to be learnt.
#[derive(Default)]
struct Gathered {
    spam: Sample,
    ham: Sample,
}

/// Lessons of one kind; of many, an even share that depends on nothing but the messages.
#[derive(Default)]
struct Sample {
    lessons: Vec<Lesson>,
    /// Of messages, one in two to the power of this is kept.
    halvings: u32,
}

impl Sample {
    fn take(&mut self, lesson: Lesson) {
        if self.keeps(&lesson.digest) {
            self.lessons.push(lesson);
        }
        while self.lessons.len() > MOST {
            self.halvings += 1;
            let mut lessons = std::mem::take(&mut self.lessons);
            lessons.retain(|lesson| self.keeps(&lesson.digest));
            self.lessons = lessons;
        }
    }

    fn keeps(&self, digest: &Digest) -> bool {
        let number = u64::from_str_radix(&digest.short(), 16).unwrap_or_default();
        number.trailing_zeros() >= self.halvings
    }
}

impl Gathered {
    /// Reads a message; returns whether it is one.
    fn take(
        &mut self,
        label: Label,
        bytes: Vec<u8>,
        coverage: Coverage,
        reading: &Reading,
    ) -> bool {
        let message = Message::parse(bytes, coverage, reading);
        if !message.is_mail() {
            return false;
        }
        let into = match label {
            Label::Spam => &mut self.spam,
            Label::Ham => &mut self.ham,
        };
        into.take(lesson(&message, label));
        true
    }

    /// Learns all of it; returns what was new, and what is known now.
    fn learn(self, data: &Path, on: &mut dyn FnMut(Event)) -> Result<(Learnt, Counts), JobError> {
        let mut lessons = Lessons::open(data)?;
        if let Some((aside, why)) = &lessons.aside {
            on(Event::Trouble {
                account: None,
                says: format!(
                    "what was learnt before could not be read ({why}): it is kept as {}, and learning \
                     began anew",
                    aside.display()
                ),
            });
        }
        let mut all = self.spam.lessons;
        all.extend(self.ham.lessons);
        let learnt = lessons.model.learn(all);
        lessons.write()?;
        Ok((learnt, lessons.model.counts()))
    }
}

pub(super) fn lesson(message: &Message, label: Label) -> Lesson {
    // What the receiver's own server noted is no claim of the sender's.
    let received = message.handover().and_then(|hop| hop.date);
    let at = received.or(message.date);
    Lesson {
        digest: message.digest,
        label,
        features: Features::of(message),
        at: at.map_or(0, |at| at.as_second()),
    }
}

/// Learns from files and folders of mail on disk, found as a scan finds them.
pub fn learn_files(
    places: &Places,
    bounds: &Bounds,
    from: &Sources<PathBuf>,
    control: &Control,
    on: &mut dyn FnMut(Event),
) -> Summary {
    let reading = plan::reading(bounds, Receiver::default());
    let most = reading.limits.bytes as u64;
    let (mut summary, mut gathered) = (Summary::default(), Gathered::default());
    for (path, label) in from.each() {
        let mut troubles = Vec::new();
        let before = summary.seen;
        let _ = files::walk(path, most, &mut |Found { path, message }| {
            match message {
                Ok(content) => {
                    summary.seen += 1;
                    on(Event::Read { messages: 1 });
                    if !gathered.take(label, content.bytes, content.coverage, &reading) {
                        troubles.push(format!(
                            "{path}: is not mail: it has no header that a message has"
                        ));
                    }
                }
                Err(error) => troubles.push(error.to_string()),
            }
            match control.is_stopped() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        if summary.seen == before && troubles.is_empty() && !control.is_stopped() {
            troubles.push(format!("{}: no mail in it", path.display()));
        }
        for says in troubles {
            summary.troubles += 1;
            let account = None;
            on(Event::Trouble { account, says });
        }
    }
    summary.stopped = control.is_stopped();
    if !summary.stopped {
        let mut troubles = 0;
        let learnt = gathered.learn(&places.data_dir, &mut |event| {
            troubles += 1;
            on(event);
        });
        summary.troubles += troubles;
        match learnt {
            Ok((learnt, now)) => {
                summary.learnt += learnt.spam + learnt.ham;
                on(told(None, learnt, now));
            }
            Err(error) => {
                summary.troubles += 1;
                let says = error.to_string();
                on(Event::Trouble {
                    account: None,
                    says,
                });
            }
        }
    }
    on(Event::Summary(summary.clone()));
    summary
}

/// Learns from folders of the plan's accounts.
pub fn learn_folders(
    plan: &Plan,
    from: &Sources<String>,
    control: &Control,
    on: &mut dyn FnMut(Event),
) -> Summary {
    each_account(plan, &plan.accounts, control, on, |desk| {
        let mut own = Gathered::default();
        for (folder, label) in from.each() {
            // What a break leaves half read is read again: a message counts once.
            let read = desk.steadily(control, |desk| {
                desk.gather(folder, label, &mut own, control)
            });
            desk.work.absorb(read)?;
        }
        if control.is_stopped() {
            desk.work.summary.stopped = true;
            return Ok(());
        }
        desk.work.learn(own)
    })
}

impl Desk<'_> {
    /// Reads the newest messages of a folder.
    fn gather(
        &mut self,
        folder: &str,
        label: Label,
        into: &mut Gathered,
        control: &Control,
    ) -> Result<(), JobError> {
        let mut entries = self.mailbox.list(folder)?;
        let messages = entries.len();
        let new = entries.split_off(messages.saturating_sub(MOST));
        self.work.tell(Event::Folder {
            account: self.work.name(),
            folder: folder.to_owned(),
            messages,
            new: new.len(),
            bytes: new.iter().map(|entry| entry.size).sum(),
        });
        self.work.summary.seen += new.len();
        let unread = self.try_unread(folder, &new)?;
        let wanted = |entry: &&Entry| unread != Unread::IsLost || entry.flags.seen;
        let wanted: Vec<Entry> = new.iter().filter(wanted).cloned().collect();
        let reading = &self.work.account.reading;
        let most = reading.limits.bytes as u64;
        let mut put_back = 0;
        for batch in wanted.chunks(AT_ONCE) {
            if control.is_stopped() {
                break;
            }
            if unread == Unread::IsMarked {
                self.note_unread(folder, batch)?;
            }
            let mut take = |fetched: Fetched| {
                let coverage = Coverage::of(&fetched.bytes, fetched.left_out, most);
                into.take(label, fetched.bytes, coverage, reading);
                ControlFlow::Continue(())
            };
            let part = Part::Judged(most);
            self.mailbox.fetch(folder, batch, part, &mut take)?;
            put_back += self.keep_unread(folder, batch)?;
            if unread == Unread::IsMarked {
                self.forget_unread(folder)?;
            }
            self.work.tell(Event::Read {
                messages: batch.len(),
            });
        }
        self.work.tell_put_back(folder, put_back);
        Ok(())
    }
}

impl Work<'_> {
    fn learn(&mut self, gathered: Gathered) -> Result<(), JobError> {
        let data = &self.plan.places.data_dir;
        let mut events = Vec::new();
        let (learnt, now) = gathered.learn(data, &mut |event| events.push(event))?;
        for event in events {
            self.summary.troubles += 1;
            self.tell(event);
        }
        self.summary.learnt += learnt.spam + learnt.ham;
        self.tell(told(Some(self.name()), learnt, now));
        Ok(())
    }

    /// Learns what a person put back, moved back or gave a name, and that was not learnt yet. Until
    /// something else was learnt it waits: of one kind alone nothing is learnt.
    pub(super) fn learn_corrections(&mut self) -> Result<(), JobError> {
        if self.plan.is_rehearsal() {
            return Ok(());
        }
        let name = self.name();
        let mut said = Vec::new();
        for digest in self.store.put_back(&name)? {
            // What they said last outranks what they did.
            let is_named = self.store.said(&name, &digest)?;
            if is_named.is_none_or(|said| said == Said::NotSpam) {
                said.push((digest, Label::Ham));
            }
        }
        let spam = self.store.called_spam(&name)?.into_iter();
        said.extend(spam.map(|digest| (digest, Label::Spam)));
        said.retain(|(digest, label)| {
            !self.plan.judge.has_learnt(digest, *label) && self.kept_sample(digest).exists()
        });
        if said.is_empty() {
            return Ok(());
        }
        let Some(mut lessons) = Lessons::go_on(&self.plan.places.data_dir)? else {
            return Ok(());
        };
        let mut learnt = Learnt::default();
        for (digest, label) in said {
            if lessons.model.knows(&digest) == Some(label) {
                continue;
            }
            let path = self.kept_sample(&digest);
            let lesson = lesson_of(&path, digest, label, &self.account.reading)?;
            let count = match label {
                Label::Spam => &mut learnt.spam,
                Label::Ham => &mut learnt.ham,
            };
            *count += usize::from(lessons.model.correct(lesson));
        }
        if learnt.ham + learnt.spam > 0 {
            lessons.write()?;
            self.summary.learnt += learnt.ham + learnt.spam;
            self.tell(told(Some(self.name()), learnt, lessons.model.counts()));
        }
        Ok(())
    }
}

/// What is learnt of a sample.
pub(super) fn lesson_of(
    path: &Path,
    digest: Digest,
    label: Label,
    reading: &Reading,
) -> Result<Lesson, JobError> {
    let size = path.metadata().map(|file| file.len());
    let size = size.map_err(|source| JobError::File {
        path: path.to_owned(),
        source,
    })?;
    let (bytes, coverage) = rebuild::read(path, size)?;
    let message = Message::parse(bytes, coverage, reading);
    // It is known by the whole message's digest, of which a part may have been read.
    Ok(Lesson {
        digest,
        ..lesson(&message, label)
    })
}

fn told(account: Option<String>, learnt: Learnt, now: Counts) -> Event {
    Event::Learnt {
        account,
        spam: learnt.spam,
        ham: learnt.ham,
        known: learnt.known,
        all_spam: now.spam,
        all_ham: now.ham,
    }
}
