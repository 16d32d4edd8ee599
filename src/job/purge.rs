//! Purge: samples and packages that were kept long enough are removed. Nothing that an unfinished
//! move or an unsent package needs. What a killed run left half-written goes after a day.

use super::desk::{JobError, store_path};
use crate::platform;
use crate::sample;
use crate::settings::{Places, Settings};
use crate::store::Store;
use jiff::{SignedDuration, Timestamp};
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

/// Removes what is older than the settings say; returns how many files that were.
pub fn purge(settings: &Settings, places: &Places) -> Result<usize, JobError> {
    let path = store_path(&places.data_dir);
    if !path.exists() {
        return Ok(0);
    }
    purge_now(&Store::open(&path)?, places, settings.keep_days)
}

pub(super) fn purge_now(store: &Store, places: &Places, keep_days: u32) -> Result<usize, JobError> {
    let age = SignedDuration::from_hours(24 * i64::from(keep_days));
    let Ok(limit) = Timestamp::now().checked_sub(age) else {
        return Ok(0);
    };
    let mut files = 0;
    for digest in store.samples_older_than(limit)? {
        files += usize::from(sample::remove(&places.data_dir.join("samples"), &digest)?);
        store.forget_sample(&digest)?;
    }
    for package in store.packages_older_than(limit)? {
        match std::fs::remove_file(&package) {
            Ok(()) => files += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => {
                return Err(JobError::File {
                    path: package,
                    source,
                });
            }
        }
    }
    let yesterday = SystemTime::now() - Duration::from_secs(24 * 3600);
    for folder in ["samples", "packages", "outbox"].map(|name| places.data_dir.join(name)) {
        match platform::remove_unfinished(&folder, yesterday) {
            Ok(removed) => files += removed,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => {
                return Err(JobError::File {
                    path: folder,
                    source,
                });
            }
        }
    }
    Ok(files)
}
