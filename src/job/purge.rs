//! Purge: samples and packages that were kept long enough are removed. Nothing that an unfinished
//! move or an unsent package needs. What a killed run left half-written goes after a day.

use super::desk::{JobError, store_path};
use crate::platform;
use crate::sample;
use crate::settings::{Places, Settings};
use crate::store::Store;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;
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
    files += remove_drafts(&places.data_dir.join("drafts"), yesterday)?;
    files += remove_orphans(store, &places.data_dir.join("packages"), yesterday)?;
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

/// Removes zips that a killed run finished and did not note down: their messages went into others.
fn remove_orphans(store: &Store, folder: &Path, before: SystemTime) -> Result<usize, JobError> {
    let error = |source| JobError::File {
        path: folder.to_owned(),
        source,
    };
    let packages = store.packages()?;
    // By name alone: the data folder may have been moved.
    let known: HashSet<_> = packages
        .iter()
        .filter_map(|known| known.path.file_name())
        .collect();
    let listing = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        other => other.map_err(error)?,
    };
    let mut removed = 0;
    for entry in listing {
        let entry = entry.map_err(error)?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let is_ours = text.starts_with("postsweep-") && text.ends_with(".zip");
        let is_old = entry
            .metadata()
            .and_then(|file| file.modified())
            .is_ok_and(|at| at < before);
        if is_ours && is_old && !known.contains(name.as_os_str()) {
            std::fs::remove_file(entry.path()).map_err(error)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes reports that a killed window had drawn up.
fn remove_drafts(folder: &Path, before: SystemTime) -> Result<usize, JobError> {
    let error = |source| JobError::File {
        path: folder.to_owned(),
        source,
    };
    let listing = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        other => other.map_err(error)?,
    };
    let mut removed = 0;
    for entry in listing {
        let entry = entry.map_err(error)?;
        let is_ours = entry.file_name().to_string_lossy().starts_with("draft-");
        let modified = entry.metadata().and_then(|file| file.modified());
        if is_ours && modified.is_ok_and(|at| at < before) {
            std::fs::remove_dir_all(entry.path()).map_err(error)?;
            removed += 1;
        }
    }
    Ok(removed)
}
