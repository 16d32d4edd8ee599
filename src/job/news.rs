//! News: what came into a folder since it was last swept to its end. The mailbox tells, from the
//! mark that it gave then; where it cannot, everything is listed and compared with the store.

use super::control::Control;
use super::desk::{Desk, JobError, Work};
use crate::mail::Place;
use crate::mailbox::{Entry, Mark, Survey};
use crate::store::{Judged, ReadFolder, Reader};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// Messages passed over for their flags that are looked at again one by one. Where there are
/// more, the folder is listed.
const MOST_SKIPPED: usize = 1000;

/// What a sweep finds in a folder.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Messages that were judged before and are unchanged.
    pub(super) known: usize,
    /// Of those, the ones that may be hits, as they stand now; newest first.
    pub(super) hits: Vec<(Entry, Judged)>,
    /// What is to be judged, newest first.
    pub(super) new: Vec<Entry>,
    /// Whether everything in the folder was listed.
    pub(super) is_whole: bool,
    /// What to keep once all of it is judged.
    pub(super) read: Option<ReadFolder>,
}

/// What was read to its end in this sweep, and what the sweep took out of it since.
#[derive(Debug, Default)]
pub(super) struct Reads {
    done: Vec<(String, ReadFolder)>,
    moved_out: HashMap<String, usize>,
}

impl Reads {
    /// A folder was surveyed: what goes out from now on is not in its mark.
    fn begin(&mut self, folder: &str) {
        self.moved_out.remove(folder);
    }

    /// A message was moved out of a folder.
    pub(super) fn moved_out(&mut self, folder: &str) {
        *self.moved_out.entry(folder.to_owned()).or_default() += 1;
    }

    /// A folder was read to its end.
    pub(super) fn end(&mut self, folder: &str, read: ReadFolder) {
        self.done.push((folder.to_owned(), read));
    }
}

impl Desk<'_> {
    /// What is new in a folder.
    pub(super) fn news(&mut self, control: &Control, folder: &str) -> Result<News, JobError> {
        let kept = self.kept(control, folder)?;
        let since = kept.as_ref().map(|kept| Mark(kept.mark.clone()));
        let survey = self.mailbox.survey(folder, since.as_ref())?;
        self.work.reads.begin(folder);
        match (survey, kept) {
            (Survey::Same { messages }, Some(kept)) if messages == kept.messages => {
                self.since(folder, kept, Vec::new())
            }
            (
                Survey::Changed {
                    messages,
                    entries,
                    mark: Mark(mark),
                },
                Some(kept),
            ) => {
                let now = ReadFolder {
                    mark,
                    messages,
                    ..kept
                };
                self.since(folder, now, entries)
            }
            (Survey::Whole { entries, mark }, kept) => {
                if mark.is_none() && kept.is_some() {
                    // It could not be read on from: the next one begins anew.
                    let name = self.work.name();
                    self.work
                        .store
                        .forget_read_folder(&name, folder, Reader::Sweep)?;
                }
                self.work.compare(folder, entries, mark)
            }
            // Another count than before, or an answer to what was not asked.
            (Survey::Same { .. } | Survey::Changed { .. }, _) => {
                let entries = self.mailbox.list(folder)?;
                self.work.compare(folder, entries, None)
            }
        }
    }

    /// How the folder was left, where these rules judged all of it.
    fn kept(&mut self, control: &Control, folder: &str) -> Result<Option<ReadFolder>, JobError> {
        let name = self.work.name();
        let store = &self.work.store;
        let kept = store.read_folder(&name, folder, Reader::Sweep)?;
        let (rules, since_hours) = (
            self.work.rules.clone(),
            self.work.account.account.since_hours,
        );
        let fits = |kept: &ReadFolder| kept.rules == rules && kept.since_hours == since_hours;
        if kept.as_ref().is_some_and(fits) {
            return Ok(kept);
        }
        // Before any row of those rules is replaced: nobody may come back to them by this mark.
        store.forget_read_folder(&name, folder, Reader::Sweep)?;
        if !store.is_judged_by_others(&name, folder, &self.work.rules)? {
            return Ok(None);
        }
        let all = self.work.again(control, folder)?;
        let kept = kept.filter(|_| all).map(|kept| ReadFolder {
            rules: rules.clone(),
            ..kept
        });
        Ok(kept.filter(fits))
    }

    /// News since the folder was left: `entries` came or changed, the mark is of now. Costs what
    /// there is to tell of, however much lies in the folder.
    fn since(
        &mut self,
        folder: &str,
        mut read: ReadFolder,
        entries: Vec<Entry>,
    ) -> Result<News, JobError> {
        let (name, rules) = (self.work.name(), &self.work.rules);
        let places = || entries.iter().map(|entry| &entry.place);
        let known = self
            .work
            .store
            .judged_among(&name, folder, rules, places())?;
        let mut hits = self.work.hits(folder)?;
        let skipped: HashSet<Place> = read.skipped.drain(..).collect();
        let told: HashSet<&Place> = places().collect();
        let others: Vec<Place> = hits
            .keys()
            .chain(skipped.iter().filter(|place| !hits.contains_key(place)))
            .filter(|place| !told.contains(place))
            .cloned()
            .collect();
        let others = match others.is_empty() {
            true => Vec::new(),
            false => self.mailbox.look(folder, &others)?,
        };
        let others_known: Vec<Place> = others.iter().map(|entry| entry.place.clone()).collect();
        let others_known =
            self.work
                .store
                .judged_among(&name, folder, rules, others_known.iter())?;
        let oldest = self.work.oldest();
        let mut news = News::default();
        for entry in entries.into_iter().chain(others).rev() {
            let is_known = known.contains(&entry.place) || others_known.contains(&entry.place);
            let was_skipped = skipped.contains(&entry.place);
            if is_skipped(&entry) {
                read.seen -= usize::from(is_known && !was_skipped).min(read.seen);
                read.skipped.push(entry.place);
            } else if is_too_old(&entry, oldest) {
            } else if !is_known {
                news.new.push(entry);
            } else {
                read.seen += usize::from(was_skipped);
                if let Some(judged) = hits.remove(&entry.place) {
                    news.hits.push((entry, judged));
                }
            }
        }
        news.known = read.seen;
        read.seen += news.new.len();
        news.read = Some(read);
        Ok(news.bounded())
    }

    /// Writes down what was read to its end, as this sweep left it.
    pub(super) fn keep_reads(&mut self) -> Result<(), JobError> {
        let name = self.work.name();
        for (folder, read) in std::mem::take(&mut self.work.reads.done) {
            let out = self.work.reads.moved_out.get(&folder).copied().unwrap_or(0);
            let mark = Mark(read.mark);
            let mark = match out {
                0 => Some(mark),
                out => self.mailbox.without(&mark, out),
            };
            let store = &self.work.store;
            match mark {
                Some(Mark(mark)) => {
                    let read = ReadFolder {
                        mark,
                        messages: read.messages.saturating_sub(out),
                        seen: read.seen.saturating_sub(out),
                        ..read
                    };
                    store.set_read_folder(&name, &folder, Reader::Sweep, &read)?;
                }
                None => store.forget_read_folder(&name, &folder, Reader::Sweep)?,
            }
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Compares all that lies in a folder with what these rules judged, and forgets places that
    /// are gone.
    fn compare(
        &mut self,
        folder: &str,
        listed: Vec<Entry>,
        mark: Option<Mark>,
    ) -> Result<News, JobError> {
        let name = self.name();
        let known = self.store.judged_places(&name, folder, &self.rules)?;
        let there: HashSet<&Place> = listed.iter().map(|entry| &entry.place).collect();
        let gone: Vec<Place> = known
            .iter()
            .filter(|place| !there.contains(place))
            .cloned()
            .collect();
        drop(there);
        if !gone.is_empty() {
            self.store
                .together(|store| store.forget_judged(&name, folder, &gone))?;
            self.views.remove(folder, &gone);
        }
        let mut hits = self.hits(folder)?;
        let mut read = ReadFolder {
            messages: listed.len(),
            rules: self.rules.clone(),
            since_hours: self.account.account.since_hours,
            ..ReadFolder::default()
        };
        let oldest = self.oldest();
        let mut news = News {
            is_whole: true,
            ..News::default()
        };
        for entry in listed.into_iter().rev() {
            if is_skipped(&entry) {
                read.skipped.push(entry.place);
            } else if is_too_old(&entry, oldest) {
            } else if !known.contains(&entry.place) {
                news.new.push(entry);
            } else {
                news.known += 1;
                if let Some(judged) = hits.remove(&entry.place) {
                    news.hits.push((entry, judged));
                }
            }
        }
        read.seen = news.known + news.new.len();
        news.read = mark.map(|Mark(mark)| ReadFolder { mark, ..read });
        Ok(news.bounded())
    }

    /// What these rules judged in a folder and may be a hit at this level, by place.
    fn hits(&self, folder: &str) -> Result<HashMap<Place, Judged>, JobError> {
        let threshold = self.plan.judge.level().threshold();
        let found = self
            .store
            .judged_from(&self.name(), folder, &self.rules, threshold)?;
        Ok(found.into_iter().collect())
    }

    /// Messages received before this are not looked at.
    fn oldest(&self) -> Option<Timestamp> {
        let hours = i64::try_from(self.account.account.since_hours?).ok()?;
        Timestamp::now()
            .checked_sub(SignedDuration::from_hours(hours))
            .ok()
    }
}

impl News {
    /// Without a mark, where too much would have to be looked at beside it.
    fn bounded(mut self) -> News {
        self.read = self.read.filter(|read| read.skipped.len() <= MOST_SKIPPED);
        self
    }
}

/// Whether a message is passed over for its flags; not every mailbox tells when these change.
fn is_skipped(entry: &Entry) -> bool {
    entry.flags.deleted || entry.flags.draft
}

/// Whether a message is too old to be looked at, which it stays.
fn is_too_old(entry: &Entry, oldest: Option<Timestamp>) -> bool {
    oldest.is_some_and(|oldest| entry.date.is_some_and(|date| date < oldest))
}
