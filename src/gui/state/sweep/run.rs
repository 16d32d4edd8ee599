//! One sweep as the window follows it, made of nothing but what the job tells.

use super::Pace;
use crate::job::{Event, Hit, Summary};
use crate::mail::MessageRef;
use crate::settings::Account;
use crate::verdict::{Category, Level};
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

/// No more of the latest hits are shown.
const LATEST: usize = 8;
/// No more notices are kept; all are counted.
const NOTICES: usize = 50;

/// Where a sweep stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// It goes on.
    #[default]
    Running,
    /// It waits to be told to go on.
    Paused,
    /// It ends after the step in hand.
    Stopping,
    /// It is over.
    Done,
}

/// Where a folder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// It was not looked at yet.
    #[default]
    Waiting,
    /// It is being read.
    Reading,
    /// All of it was looked at.
    Done,
    /// The sweep ended before all of it was.
    Unfinished,
}

/// One folder of a sweep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FolderRow {
    /// Its account.
    pub account: String,
    /// The account's address, if it has one.
    pub address: String,
    /// Its name.
    pub folder: String,
    /// Where it stands.
    pub standing: Standing,
    /// Messages in it; `None`: it was not listed yet.
    pub messages: Option<usize>,
    /// Of those, judged: now, or before and unchanged.
    pub judged: usize,
    /// Of those, not read.
    pub not_read: usize,
    /// Hits in it.
    pub hits: usize,
    /// Messages that were to be judged when it was listed, and that were since.
    new: usize,
    now: usize,
}

impl FolderRow {
    /// Messages that are done with.
    pub fn seen(&self) -> usize {
        self.judged + self.not_read
    }
}

/// A hit that was just found.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestHit {
    /// The time of day.
    pub time: String,
    /// What it is.
    pub category: Category,
    /// The sender's address.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The strongest reason.
    pub reason: String,
}

/// Something that a person should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The account, if it is about one.
    pub account: Option<String>,
    /// What happened, in sentences.
    pub says: String,
    /// Whether it failed, or was only odd.
    pub is_trouble: bool,
}

/// One sweep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Where it stands.
    pub phase: Phase,
    /// How much must speak against a message.
    pub level: Level,
    /// When it began.
    pub started: Option<Instant>,
    /// How long it has run.
    pub elapsed: Duration,
    /// Its folders, in the order of the settings.
    pub folders: Vec<FolderRow>,
    /// Hits that are phishing.
    pub phishing: usize,
    /// Hits that are spam.
    pub spam: usize,
    /// The latest hits, the newest first.
    pub latest: VecDeque<LatestHit>,
    /// What went wrong, or was odd; the first of them.
    pub notices: Vec<Notice>,
    /// Failures that were told.
    pub troubles: usize,
    /// Accounts that wait for their server, and what they wait for.
    pub waiting: BTreeMap<String, String>,
    /// What the job said at its end.
    pub summary: Option<Summary>,
    /// How fast it goes.
    pub pace: Pace,
    hits: HashSet<MessageRef>,
}

impl Run {
    /// A sweep of these accounts that has just begun.
    pub fn new(accounts: &[Account], level: Level) -> Run {
        let folders = accounts.iter().flat_map(|account| {
            let address = account.addresses.first().cloned().unwrap_or_default();
            account.folders.iter().map(move |folder| FolderRow {
                account: account.name.clone(),
                address: address.clone(),
                folder: folder.clone(),
                ..FolderRow::default()
            })
        });
        Run {
            level,
            folders: folders.collect(),
            ..Run::default()
        }
    }

    /// Messages in the folders that were listed.
    pub fn messages(&self) -> usize {
        self.folders.iter().filter_map(|row| row.messages).sum()
    }

    /// Whether every folder was listed: only then it is known how many messages there are.
    pub fn is_counted(&self) -> bool {
        let is_known =
            |row: &FolderRow| row.messages.is_some() || row.standing != Standing::Waiting;
        self.folders.iter().all(is_known)
    }

    /// Messages that are done with.
    pub fn seen(&self) -> usize {
        self.folders.iter().map(FolderRow::seen).sum()
    }

    /// Messages that were judged, now or before and unchanged.
    pub fn judged(&self) -> usize {
        self.folders.iter().map(|row| row.judged).sum()
    }

    /// Messages that could not be read.
    pub fn not_read(&self) -> usize {
        self.folders.iter().map(|row| row.not_read).sum()
    }

    /// Messages of the folders listed that are not done with.
    pub fn left(&self) -> usize {
        self.messages().saturating_sub(self.seen())
    }

    /// All hits.
    pub fn all_hits(&self) -> usize {
        self.phishing + self.spam
    }

    /// The part that is done, from 0 to 1. While folders are yet to be listed each counts as much
    /// as any other.
    pub fn part(&self) -> f32 {
        if self.phase == Phase::Done && self.left() == 0 {
            return 1.0;
        }
        let part = |done: usize, of: usize| match of {
            0 => 1.0,
            of => done as f32 / of as f32,
        };
        if self.is_counted() {
            return part(self.seen(), self.messages());
        }
        let of_each = self.folders.iter().map(|row| match row.messages {
            Some(messages) => part(row.seen(), messages),
            None => 0.0,
        });
        of_each.sum::<f32>() / self.folders.len().max(1) as f32
    }

    /// How long it will still take, if that can be told.
    pub fn time_left(&self) -> Option<Duration> {
        let goes_on = self.phase == Phase::Running && self.waiting.is_empty();
        if !goes_on || !self.is_counted() || self.left() == 0 {
            return None;
        }
        self.pace.time_left(self.left())
    }

    /// It has run for so long.
    pub fn tick(&mut self, elapsed: Duration) {
        if self.phase == Phase::Done {
            return;
        }
        self.elapsed = elapsed;
        match self.phase == Phase::Running && self.waiting.is_empty() {
            true => self.pace.mark(elapsed, self.seen()),
            false => self.pace.forget(),
        }
    }

    /// The job told something, at a time of day.
    pub fn hear(&mut self, event: &Event, time: impl FnOnce() -> String) {
        match event {
            Event::Folder {
                account,
                folder,
                messages,
                new,
                ..
            } => self.listed(account, folder, *messages, *new),
            // What was judged again without being fetched is of the folder that comes next.
            Event::Judged {
                at, size: Some(_), ..
            } => self.judged_one(&at.account, &at.folder),
            Event::Hit(hit) | Event::Held { hit, .. } => self.hit(hit, time),
            Event::Waiting { account, why, .. } => {
                self.waiting.insert(account.clone(), why.clone());
            }
            Event::Resumed { account } | Event::Opened { account, .. } => {
                self.waiting.remove(account);
            }
            Event::Trouble { account, says } => {
                self.troubles += 1;
                self.notice(account.clone(), says, true);
            }
            Event::Noticed { account, says } => {
                let account = (!account.is_empty()).then(|| account.clone());
                self.notice(account, says, false);
            }
            _ => {}
        }
    }

    /// The job has ended.
    pub fn end(&mut self, summary: &Summary) {
        for row in &mut self.folders {
            let all = row.seen() >= row.messages.unwrap_or(usize::MAX);
            match (row.standing, summary.stopped) {
                (Standing::Reading, false) => finish(row),
                (Standing::Reading, true) if all => finish(row),
                (Standing::Reading | Standing::Waiting, _) => row.standing = Standing::Unfinished,
                (Standing::Done | Standing::Unfinished, _) => {}
            }
        }
        self.phase = Phase::Done;
        self.waiting.clear();
        self.summary = Some(summary.clone());
    }

    fn listed(&mut self, account: &str, folder: &str, messages: usize, new: usize) {
        // An account's folders are swept one after the other: those before are done.
        let mut is_before = true;
        for row in self.folders.iter_mut().filter(|row| row.account == account) {
            if row.folder == folder {
                is_before = false;
                row.standing = Standing::Reading;
                row.messages = Some(messages);
                row.judged = messages.saturating_sub(new);
                (row.new, row.now, row.not_read) = (new, 0, 0);
                if new == 0 {
                    finish(row);
                }
            } else if is_before && row.standing != Standing::Done {
                match row.messages {
                    Some(_) => finish(row),
                    None => row.standing = Standing::Unfinished,
                }
            }
        }
        self.waiting.remove(account);
    }

    fn judged_one(&mut self, account: &str, folder: &str) {
        let mut rows = self.folders.iter_mut();
        let row = rows.find(|row| row.account == account && row.folder == folder);
        if let Some(row) = row.filter(|row| row.now < row.new) {
            row.now += 1;
            row.judged += 1;
            if row.now == row.new {
                row.standing = Standing::Done;
            }
        }
    }

    fn hit(&mut self, hit: &Hit, time: impl FnOnce() -> String) {
        let Some(category) = hit.verdict.judgement.category() else {
            return;
        };
        if !self.hits.insert(hit.at.clone()) {
            return;
        }
        match category {
            Category::Phishing => self.phishing += 1,
            Category::Spam => self.spam += 1,
        }
        let mut rows = self.folders.iter_mut();
        if let Some(row) =
            rows.find(|row| row.account == hit.at.account && row.folder == hit.at.folder)
        {
            row.hits += 1;
        }
        let findings = hit.verdict.findings.iter();
        let strongest = findings.max_by(|one, other| one.weight.total_cmp(&other.weight));
        self.latest.push_front(LatestHit {
            time: time(),
            category,
            from: hit.from.clone(),
            subject: hit.subject.clone(),
            reason: strongest.map_or_else(String::new, |finding| finding.says.clone()),
        });
        self.latest.truncate(LATEST);
    }

    fn notice(&mut self, account: Option<String>, says: &str, is_trouble: bool) {
        let notice = Notice {
            account,
            says: says.to_owned(),
            is_trouble,
        };
        if self.notices.len() < NOTICES && !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }
}

/// All of a folder was looked at: what was not judged could not be read.
fn finish(row: &mut FolderRow) {
    row.standing = Standing::Done;
    let messages = row.messages.unwrap_or_default();
    row.not_read = messages.saturating_sub(row.judged);
}

#[cfg(test)]
mod tests;
