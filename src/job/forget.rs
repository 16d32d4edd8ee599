//! Forget: what was kept of judged messages is removed, and its key. The journal, the samples,
//! the corrections and the verdicts stay: nothing is judged, moved or submitted otherwise for it.

use super::desk::JobError;
use super::lock::Lock;
use super::plan::reading;
use super::views;
use crate::mail::{Receiver, kept_by};
use crate::settings::{Places, Settings};
use crate::store::cache::{self, Cache};

/// What is kept of judged messages to judge them again, in bytes on the disk.
pub fn kept(places: &Places) -> u64 {
    cache::bytes_on_disk(&cache::path_in(&places.data_dir))
}

/// Removes what is kept of an account's messages, or of all of them and the key it was encrypted
/// with; returns how many bytes that were. Not while a sweep of them runs.
pub fn forget(
    settings: &Settings,
    places: &Places,
    account: Option<&str>,
) -> Result<u64, JobError> {
    let data = &places.data_dir;
    let path = cache::path_in(data);
    let before = kept(places);
    if !data.exists() {
        return Ok(0);
    }
    let all = settings
        .accounts
        .iter()
        .map(|account| account.name.as_str());
    let concerned: Vec<&str> = match account {
        Some(account) => vec![account],
        None => all.collect(),
    };
    let locks: Result<Vec<_>, _> = concerned
        .iter()
        .map(|name| Lock::of_account(data, name))
        .collect();
    let _locks = locks?;
    let Some(account) = account else {
        cache::remove(&path).map_err(|source| JobError::File { path, source })?;
        views::remove_key(data, &settings.cache).map_err(JobError::Key)?;
        return Ok(before);
    };
    if !path.exists() {
        return Ok(0);
    }
    let made_by = kept_by(&reading(&settings.limits, Receiver::default()));
    let forgotten = Cache::open(&path, &made_by, settings.cache.size)
        .and_then(|mut cache| cache.forget(account));
    match forgotten {
        Ok(()) => {}
        // Nobody can say whose rows are in it.
        Err(error) if error.is_damaged() => {
            cache::remove(&path).map_err(|source| JobError::File { path, source })?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(before.saturating_sub(kept(places)))
}
