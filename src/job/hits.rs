//! Every hit that is known, of all accounts, as rows of a list: light, so that a hundred thousand
//! of them fit beside everything else, and read without opening a message.

use super::desk::{JobError, store_path};
use super::known::known;
use crate::mail::Digest;
use crate::settings::{Places, Settings};
use crate::store::{HitRow, HitState, Package, Said, SubmissionState, Way};
use crate::verdict::{Category, Level};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// One hit.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownHit {
    /// The message.
    pub digest: Digest,
    /// The account.
    pub account: Arc<str>,
    /// The folder it was found in.
    pub folder: Arc<str>,
    /// The sender's name, safe to show; may be empty.
    pub name: Box<str>,
    /// The sender's address.
    pub from: Box<str>,
    /// The subject, safe to show.
    pub subject: Box<str>,
    /// When it was received, in seconds since 1970.
    pub date: Option<i64>,
    /// Its size in bytes; 0 where that is not known.
    pub size: u64,
    /// What the rules call it.
    pub category: Category,
    /// Its score.
    pub score: f32,
    /// The strongest reason, a sentence.
    pub reason: Arc<str>,
    /// The rules that fired, by id, strongest first.
    pub rules: Arc<[Arc<str>]>,
    /// What a person said of it.
    pub said: Option<Said>,
    /// Where it is now.
    pub state: HitState,
    /// Whether it, or another copy of it, was moved and was not put back.
    pub is_moved: bool,
    /// Why it stays where it is unless somebody asks by name, in a sentence.
    pub held: Option<Arc<str>>,
    /// The newest report of it.
    pub reported: Option<Arc<Reported>>,
}

/// That a message was handed over to a vendor, or is about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// When it was packaged.
    pub at: Timestamp,
    /// Whom it went to.
    pub to: Arc<str>,
    /// How it left, if that is known.
    pub way: Option<Way>,
    /// How far it got.
    pub state: SubmissionState,
}

impl Reported {
    /// What is said of a message that is in a package.
    pub(super) fn of(package: &Package) -> Arc<Reported> {
        Arc::new(Reported {
            at: package.at,
            to: Arc::from(package.recipient.as_str()),
            way: package.way,
            state: package.state,
        })
    }

    /// Whether it was put into the outbox folder, and not sent from here.
    pub fn is_in_outbox(&self) -> bool {
        self.state.is_in_outbox(self.way)
    }

    /// Whether it was handed over, as far as is known.
    pub fn is_done(&self) -> bool {
        matches!(self.state, SubmissionState::Sent | SubmissionState::Unknown)
    }
}

impl KnownHit {
    /// What it counts as: a person's word, or else what the rules say; `None` where it is wanted.
    pub fn meant(&self) -> Option<Category> {
        match self.said {
            Some(said) => said.category(),
            None => Some(self.category),
        }
    }

    /// Whether it can be moved: it lies in its folder, as far as is known.
    pub fn can_move(&self) -> bool {
        matches!(self.state, HitState::LiesThere | HitState::PutBack)
    }
}

/// Every hit at the level of the settings, and all that somebody moved or spoke of, in no
/// particular order; nothing where no sweep was made yet.
pub fn hits(settings: &Settings, places: &Places) -> Result<Vec<KnownHit>, JobError> {
    let Some(known) = known(places)? else {
        return Ok(Vec::new());
    };
    let store = &known.store;
    let mut reports: HashMap<Digest, Arc<Reported>> = HashMap::new();
    for package in store.packages()?.into_iter().rev() {
        if package.state == SubmissionState::Withdrawn {
            continue;
        }
        let reported = Reported::of(&package);
        for digest in store.packaged(package.id)? {
            reports.insert(digest, reported.clone());
        }
    }
    let threshold = settings.level.threshold();
    let mut shared = Shared::default();
    let mut hits = Vec::new();
    store.each_hit(&mut |row| {
        let was_moved = matches!(row.state, HitState::Moved(_) | HitState::PutBack) || row.is_moved;
        if row.score >= threshold || was_moved || row.said.is_some() {
            hits.push(shared.hit(row, &reports));
        }
    })?;
    hits.shrink_to_fit();
    Ok(hits)
}

/// What the hits were read from: where it is the same again, so are they.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    store: PathBuf,
    level: Level,
    files: Vec<Option<(u64, SystemTime)>>,
}

/// What the hits would be read from now; `None` where that was written just now, or cannot be told:
/// then it must be read.
pub fn stamp(settings: &Settings, places: &Places) -> Option<Stamp> {
    // The coarsest clock of files (FAT's) stands still for so long, and two writes look like one.
    const TICK: Duration = Duration::from_secs(2);
    let store = store_path(&places.data_dir);
    let log = store.with_extension("sqlite-wal");
    let now = SystemTime::now();
    let mut files = Vec::new();
    for path in [&store, &log] {
        files.push(match std::fs::metadata(path) {
            Ok(file) if file.len() > 0 => {
                let written = file.modified().ok()?;
                if now.duration_since(written).ok()? < TICK {
                    return None;
                }
                Some((file.len(), written))
            }
            Ok(_) => None,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(_) => return None,
        });
    }
    Some(Stamp {
        store,
        level: settings.level,
        files,
    })
}

/// Texts that many rows have in common, each kept once.
#[derive(Default)]
struct Shared {
    texts: HashSet<Arc<str>>,
    rules: HashMap<Box<str>, Arc<[Arc<str>]>>,
}

impl Shared {
    fn text(&mut self, text: &str) -> Arc<str> {
        match self.texts.get(text) {
            Some(known) => known.clone(),
            None => {
                let new: Arc<str> = Arc::from(text);
                self.texts.insert(new.clone());
                new
            }
        }
    }

    fn rules(&mut self, json: &str) -> Arc<[Arc<str>]> {
        if let Some(known) = self.rules.get(json) {
            return known.clone();
        }
        let ids: Vec<String> = serde_json::from_str(json).unwrap_or_default();
        let ids: Arc<[Arc<str>]> = ids.iter().map(|id| self.text(id)).collect();
        self.rules.insert(Box::from(json), ids.clone());
        ids
    }

    fn hit(&mut self, row: HitRow<'_>, reports: &HashMap<Digest, Arc<Reported>>) -> KnownHit {
        KnownHit {
            digest: row.digest,
            account: self.text(row.account),
            folder: self.text(row.folder),
            name: Box::from(row.name),
            from: Box::from(row.sender),
            subject: Box::from(row.subject),
            date: row.date.map(Timestamp::as_second),
            size: row.size,
            category: row.category,
            score: row.score as f32,
            reason: self.text(row.reason),
            rules: self.rules(row.rules),
            said: row.said,
            held: row.held.map(|held| self.text(held)),
            state: row.state,
            is_moved: row.is_moved,
            reported: reports.get(&row.digest).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    fn written(path: &std::path::Path, text: &str, ago: u64) {
        fs::write(path, text).unwrap();
        let at = SystemTime::now() - Duration::from_secs(ago);
        File::options()
            .append(true)
            .open(path)
            .unwrap()
            .set_modified(at)
            .unwrap();
    }

    #[test]
    fn the_stamp_is_another_after_every_write_and_at_another_level() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::within(folder.path());
        let mut settings = Settings::parse(&places.config_file, "").unwrap();
        fs::create_dir(&places.data_dir).unwrap();
        let store = store_path(&places.data_dir);
        let log = places.data_dir.join("store.sqlite-wal");
        let mut stamps = vec![stamp(&settings, &places).unwrap()];
        let mut next = |settings: &Settings| {
            let now = stamp(settings, &places).unwrap();
            assert_eq!(stamp(settings, &places), Some(now.clone()));
            assert!(!stamps.contains(&now), "{now:?}");
            stamps.push(now);
        };
        written(&store, "one", 9);
        next(&settings);
        written(&store, "two", 8);
        next(&settings);
        written(&log, "three", 7);
        next(&settings);
        settings.level = Level::High;
        next(&settings);
    }

    #[test]
    fn what_was_written_just_now_has_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::within(folder.path());
        let settings = Settings::parse(&places.config_file, "").unwrap();
        fs::create_dir(&places.data_dir).unwrap();
        for ago in [0, 1] {
            written(&store_path(&places.data_dir), "one", ago);
            assert_eq!(stamp(&settings, &places), None, "{ago}");
        }
        // A clock that was wrong.
        let later = SystemTime::now() + Duration::from_secs(600);
        let mut file = File::options();
        let file = file.append(true).open(store_path(&places.data_dir));
        file.unwrap().set_modified(later).unwrap();
        assert_eq!(stamp(&settings, &places), None);
    }
}
