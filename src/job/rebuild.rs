//! The store of a run: opened, or, where it is damaged or new, filled again from what the disk
//! and the mailbox show. Samples are entered again, packages are read with their passwords so that
//! nothing is sent twice, and messages in the target that have a kept sample are entered as moved.
//! What cannot be known any more is said, and left alone.

use super::desk::{Desk, JobError, store_path};
use super::event::Event;
use super::lock::{lock_error, shared, store_lock};
use super::plan::Plan;
use crate::mail::{Coverage, Digest, Place};
use crate::mailbox::MailboxError;
use crate::package;
use crate::sample;
use crate::store::{
    Correction, KeptSample, Move, MoveState, Origin, Package, Store, SubmissionState,
};
use crate::verdict::{Category, Purpose, tame};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The longest wait for other runs to let go of the store.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a sample is read of to judge it again.
const MOST_READ: u64 = 32 << 20;

/// An open store, and the lock that keeps others from exchanging it meanwhile.
pub(super) struct Opened {
    pub(super) store: Store,
    pub(super) lock: File,
    /// How many troubles were told.
    pub(super) troubles: usize,
}

/// Opens the store of a real run; sets a damaged one aside first.
pub(super) fn open_store(plan: &Plan, on: &mut dyn FnMut(Event)) -> Result<Opened, JobError> {
    let path = store_path(&plan.places.data_dir);
    let mut troubles = 0;
    let begun = Instant::now();
    loop {
        let lock = shared(&plan.places.data_dir)?;
        let damaged = match Store::open(&path) {
            Ok(store) if store.origin()? == Origin::Whole => {
                return Ok(Opened {
                    store,
                    lock,
                    troubles,
                });
            }
            Ok(_) => None,
            Err(error) if error.is_damage() => Some(error),
            Err(error) => return Err(error.into()),
        };
        lock.unlock().map_err(lock_error(&path))?;
        match lock.try_lock() {
            Ok(()) => troubles += mend(plan, &path, on)?,
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(match damaged {
                    Some(error) => error.into(),
                    None => JobError::Locked,
                });
            }
            Err(TryLockError::Error(error)) => return Err(lock_error(&path)(error)),
        }
    }
}

/// Sets the store aside that a run found damaged, and makes a new one.
pub(super) fn replace_store(plan: &Plan, on: &mut dyn FnMut(Event)) -> Result<usize, JobError> {
    let path = store_path(&plan.places.data_dir);
    let lock = store_lock(&plan.places.data_dir)?;
    let begun = Instant::now();
    while let Err(error) = lock.try_lock() {
        match error {
            TryLockError::WouldBlock if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(50));
            }
            TryLockError::WouldBlock => return Err(JobError::Locked),
            TryLockError::Error(error) => return Err(lock_error(&path)(error)),
        }
    }
    set_aside(&path, "it was found so in the middle of a run", on)?;
    Ok(1 + mend(plan, &path, on)?)
}

fn set_aside(path: &Path, why: &str, on: &mut dyn FnMut(Event)) -> Result<(), JobError> {
    let done = Store::salvage(path, Timestamp::now())?;
    let journal = match (done.is_whole, done.moves) {
        (true, _) => "its journal could be read: what was moved can still be put back".to_owned(),
        (false, 0) => "nothing of its journal could be read: what was moved before is looked for in the target folder".to_owned(),
        (false, moves) => format!("{moves} moves of its journal could be read, and can still be put back; others are looked for in the target folder"),
    };
    tell(
        on,
        format!(
            "{}: the database was damaged ({why}); it is kept as {}, and a new one was made; {journal}. \
             No message is lost: all are in the mailbox or among the samples. What was judged is judged again",
            path.display(),
            done.aside.display()
        ),
    );
    Ok(())
}

fn tell(on: &mut dyn FnMut(Event), says: String) {
    log::warn!("{says}");
    on(Event::Trouble {
        account: None,
        says,
    });
}

/// Makes the store whole, by whoever has it alone; returns how many troubles were told.
fn mend(plan: &Plan, path: &Path, on: &mut dyn FnMut(Event)) -> Result<usize, JobError> {
    let mut troubles = 0;
    // Another run may have done it in the meantime.
    let store = match Store::open(path) {
        Err(error) if error.is_damage() => {
            set_aside(path, &error.to_string(), on)?;
            troubles += 1;
            Store::open(path)?
        }
        other => other?,
    };
    let origin = store.origin()?;
    if origin != Origin::Whole {
        troubles += fill(plan, store, origin, on)?;
    }
    Ok(troubles)
}

/// Enters what lies on disk; returns how many troubles were told.
fn fill(
    plan: &Plan,
    mut store: Store,
    origin: Origin,
    on: &mut dyn FnMut(Event),
) -> Result<usize, JobError> {
    let data = &plan.places.data_dir;
    let samples = unknown_samples(plan, &store)?;
    let found = unknown_packages(plan, &store)?;
    let is_new = origin == Origin::New && samples.is_empty() && found.is_empty();
    let now = Timestamp::now();
    let entered = (samples.len(), found.len());
    store.together(|store| {
        for (sample, kept) in &samples {
            store.set_sample(sample, *kept)?;
        }
        let mut sweep = None;
        for (index, package) in found.iter().enumerate() {
            let sweep = match sweep {
                Some(sweep) => sweep,
                None => {
                    let name = plan.accounts.first().map(|plan| plan.account.name.as_str());
                    let made = store.begin_sweep(name.unwrap_or_default(), now)?;
                    store.end_sweep(made, "packages found on disk were entered again", now)?;
                    *sweep.insert(made)
                }
            };
            package.enter(store, sweep, index, now)?;
        }
        if origin != Origin::Salvaged && !is_new {
            for account in &plan.accounts {
                store.begin_search(&account.account.name, now)?;
            }
            if found.iter().any(|package| package.digests.is_none()) {
                store.forget_owed()?;
            }
        }
        store.set_origin(Origin::Whole)
    })?;
    let (samples, packages) = entered;
    if is_new || (samples == 0 && packages == 0) {
        return Ok(0);
    }
    tell(
        on,
        format!(
            "{}: {samples} samples and {packages} packages that the database did not know were entered \
             again; whether those packages were sent is not known, so that they and the messages in them \
             are not sent again: send them by hand if the vendor does not have them",
            data.display()
        ),
    );
    Ok(1)
}

/// Samples on disk that the store does not know, judged again, and when they were kept.
fn unknown_samples(plan: &Plan, store: &Store) -> Result<Vec<(KeptSample, Timestamp)>, JobError> {
    let folder = plan.places.data_dir.join("samples");
    let Some(account) = plan.accounts.first() else {
        return Ok(Vec::new());
    };
    let context = plan.judge.context(Some(&account.account));
    let mut samples = Vec::new();
    for path in files(&folder, "eml")? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Ok(digest) = stem.parse::<Digest>() else {
            continue;
        };
        if store.sample(&digest)?.is_some() {
            continue;
        }
        // One that is not whole is of no use to anybody: it is left where it is.
        let Ok(whole) = sample::verify(&folder, &digest) else {
            log::warn!("{}: not a whole sample", path.display());
            continue;
        };
        let (message, verdict) = {
            let (bytes, coverage) = read(&path, whole.size)?;
            plan.judge
                .judge(bytes, coverage, &account.reading, &context)
        };
        let from = message.from.first();
        samples.push((
            KeptSample {
                digest,
                size: whole.size,
                date: None,
                sender_domain: from.map_or_else(String::new, |from| from.domain.clone()),
                category: verdict.judgement.category().unwrap_or(Category::Spam),
            },
            written(&path),
        ));
    }
    Ok(samples)
}

/// A message's bytes, or the first of them.
pub(super) fn read(path: &Path, size: u64) -> Result<(Vec<u8>, Coverage), JobError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_READ).read_to_end(&mut bytes))
        .map_err(lock_error(path))?;
    let coverage = match size > MOST_READ {
        true => Coverage::Partial { total: size },
        false => Coverage::Whole,
    };
    Ok((bytes, coverage))
}

/// A zip that the store does not know.
struct Found {
    path: PathBuf,
    vendors: Vec<String>,
    /// The messages in it; `None` where no password opens it.
    digests: Option<Vec<Digest>>,
    bytes: u64,
    at: Timestamp,
}

fn unknown_packages(plan: &Plan, store: &Store) -> Result<Vec<Found>, JobError> {
    let known = store.packages()?;
    let known: HashSet<_> = known
        .iter()
        .filter_map(|known| known.path.file_name())
        .collect();
    let mut found = Vec::new();
    for path in files(&plan.places.data_dir.join("packages"), "zip")? {
        if path.file_name().is_some_and(|name| known.contains(name)) {
            continue;
        }
        let bytes = path.metadata().map_or(0, |file| file.len());
        let mut package = Found {
            bytes,
            at: written(&path),
            vendors: Vec::new(),
            digests: None,
            path,
        };
        // Whom it was made for is not written on it: for whoever could open it, it counts.
        for account in &plan.accounts {
            let vendor = &account.delivery.vendor;
            if package.vendors.contains(&vendor.id) {
                continue;
            }
            if let Ok(digests) = package::contents(&package.path, &vendor.password) {
                package.vendors.push(vendor.id.clone());
                package.digests = Some(digests);
            }
        }
        found.push(package);
    }
    Ok(found)
}

impl Found {
    fn enter(
        &self,
        store: &Store,
        sweep: i64,
        index: usize,
        now: Timestamp,
    ) -> Result<(), crate::store::StoreError> {
        let none = [String::new()];
        let vendors = match self.vendors.is_empty() {
            true => &none[..],
            false => &self.vendors,
        };
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        for vendor in vendors {
            let mut digests = Vec::new();
            for digest in self.digests.iter().flatten() {
                if !store.is_packaged(vendor, digest)? {
                    digests.push(*digest);
                }
            }
            let mut purposes = Purpose::ALL.into_iter();
            let purpose = purposes.find(|known| stem.contains(known.word()));
            let package = Package {
                id: 0,
                sweep,
                account: String::new(),
                vendor: vendor.clone(),
                purpose: purpose.unwrap_or(Purpose::Spam),
                path: self.path.clone(),
                bytes: self.bytes,
                part: (1, 1),
                state: SubmissionState::Unknown,
                letter: format!("{stem}-{vendor}-found-{}-{index}", now.as_second()),
                recipient: "a vendor".to_owned(),
                way: None,
                written: None,
                answer: Some("found on disk: whether it was sent is not known".to_owned()),
                at: self.at,
            };
            store.add_package(&package, &digests)?;
        }
        Ok(())
    }
}

/// Files of a folder with this extension, by name; none where there is no folder.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, JobError> {
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(lock_error(folder))?,
    };
    let mut paths: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|is| is == extension));
    paths.sort();
    Ok(paths)
}

/// When a file was written, never later than now.
fn written(path: &Path) -> Timestamp {
    let time = path.metadata().and_then(|file| file.modified()).ok();
    let time = time.and_then(|time| Timestamp::try_from(time).ok());
    let now = Timestamp::now();
    time.map_or(now, |time| time.min(now))
}

impl Desk<'_> {
    /// Where the journal was lost: looks for messages in the target whose samples are kept, and
    /// notes them as moved. Those that are not there are left alone from now on.
    pub(super) fn search_target(&mut self) -> Result<(), JobError> {
        let name = self.work.name();
        let Some(search) = self.work.store.search(&name)? else {
            return Ok(());
        };
        if self.work.plan.is_rehearsal() {
            return Ok(());
        }
        let target = self.work.account.account.move_to.clone();
        let mut lost: HashMap<u64, Vec<KeptSample>> = HashMap::new();
        for sample in self.work.store.samples_without_moves()? {
            lost.entry(sample.size).or_default().push(sample);
        }
        let listed = match self.mailbox.list(&target) {
            Err(MailboxError::NoFolder { .. }) => Vec::new(),
            other => other?,
        };
        let known: HashSet<Place> = self.work.store.target_places(&name)?;
        let mut found = 0;
        for entry in listed {
            if known.contains(&entry.place) || !lost.contains_key(&entry.size) {
                continue;
            }
            let mut hasher = crate::mailbox::Hashing::default();
            if !self.mailbox.download(&target, &entry.place, &mut hasher)? {
                continue;
            }
            let digest = hasher.digest();
            let Some(sample) = lost.get_mut(&entry.size).and_then(|alike| {
                let at = alike.iter().position(|sample| sample.digest == digest)?;
                Some(alike.remove(at))
            }) else {
                continue;
            };
            let row = self.found_move(search, &sample, &entry)?;
            self.work.store.intend(&row)?;
            found += 1;
        }
        let left: Vec<Digest> = lost
            .into_values()
            .flatten()
            .map(|sample| sample.digest)
            .collect();
        let now = Timestamp::now();
        self.work.store.together(|store| {
            for digest in &left {
                store.correct(&name, digest, Correction::Doubtful, now)?;
            }
            store.end_search(
                search,
                &format!(
                    "{found} messages in {target} have a kept sample and were entered as moved"
                ),
                now,
            )
        })?;
        if found + left.len() > 0 {
            self.work.trouble(format!(
                "{found} messages in folder `{target}` have a kept sample and were entered as moved: where they \
                 lay before is not known any more, `postsweep undo {search}` puts them into `{}`; {} samples have no \
                 message there: where one is still swept, it stays where it is",
                self.source(),
                left.len()
            ));
        }
        Ok(())
    }

    /// The folder that a message of unknown origin goes back to.
    fn source(&self) -> String {
        let folders = &self.work.account.account.folders;
        folders
            .first()
            .cloned()
            .unwrap_or_else(|| "INBOX".to_owned())
    }

    fn found_move(
        &self,
        sweep: i64,
        sample: &KeptSample,
        entry: &crate::mailbox::Entry,
    ) -> Result<Move, JobError> {
        let path = self.work.sample_path(&sample.digest);
        let (bytes, coverage) = read(&path, sample.size)?;
        let message = crate::mail::Message::parse(bytes, coverage, &self.work.account.reading);
        // A place that no message has.
        let source_place = match &entry.place {
            Place::Uid { .. } => Place::Uid {
                validity: 0,
                uid: 1,
            },
            Place::Name(_) => Place::Name("lost".to_owned()),
            Place::Path(_) => Place::Path("lost".to_owned()),
            Place::Offset { .. } => Place::Offset {
                start: u64::MAX,
                length: 0,
            },
        };
        Ok(Move {
            id: 0,
            sweep,
            account: self.work.name(),
            digest: sample.digest,
            message_id: message.message_id.clone(),
            sender: message
                .from
                .first()
                .map_or_else(String::new, |from| tame(&from.address())),
            subject: tame(&message.subject),
            size: entry.size,
            flags: entry.flags.clone(),
            date: entry.date,
            source: self.source(),
            source_place,
            target: self.work.account.account.move_to.clone(),
            target_place: Some(entry.place.clone()),
            state: MoveState::Moved,
            at: Timestamp::now(),
            notes: vec!["found in the target after the database was damaged".to_owned()],
        })
    }
}
