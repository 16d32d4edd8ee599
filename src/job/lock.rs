//! The locks by which two sweeps of one account never run at once, and two windows never stand side
//! by side. The system frees it when the
//! program ends, however it ends.

use super::desk::{JobError, make_private};
use crate::mail::Digest;
use crate::platform;
use crate::settings::Places;
use std::fs::{File, TryLockError};
use std::path::Path;

const REPORTS: &str = "reports.lock";

/// The one window on a data folder; another may open once this is dropped.
pub struct Window(#[expect(dead_code, reason = "held, not read")] Lock);

/// Why a window does not open.
#[derive(Debug, thiserror::Error)]
pub enum AlreadyOpen {
    /// There is one already.
    #[error("Postsweep is open already, in another window")]
    Already,
    /// It cannot be told whether there is.
    #[error(transparent)]
    Unknown(JobError),
}

/// Makes sure that this is the only window that works with these places.
pub fn only_window(places: &Places) -> Result<Window, AlreadyOpen> {
    match Lock::named(&places.data_dir, "window.lock", File::try_lock) {
        Ok(lock) => Ok(Window(lock)),
        Err(JobError::Locked) => Err(AlreadyOpen::Already),
        Err(error) => Err(AlreadyOpen::Unknown(error)),
    }
}

/// A lock that is held until this is dropped.
pub(super) struct Lock(File);

impl Lock {
    /// The lock of an account.
    pub(super) fn of_account(data: &Path, account: &str) -> Result<Lock, JobError> {
        // Not every file system takes every letter of a name: the file is named by its digest.
        let name = Digest::of(account.as_bytes()).short();
        Lock::named(data, &format!("{name}.lock"), File::try_lock)
    }

    /// The lock of whoever hands samples over that a person chose: what is being sent then is not
    /// what a run left behind that was cut off.
    pub(super) fn of_reports(data: &Path) -> Result<Lock, JobError> {
        Lock::named(data, REPORTS, File::try_lock)
    }

    /// Whether anybody holds the lock of reports.
    pub(super) fn is_reporting(data: &Path) -> Result<bool, JobError> {
        match Lock::named(data, REPORTS, File::try_lock_shared) {
            Ok(_) => Ok(false),
            Err(JobError::Locked) => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn named(
        data: &Path,
        name: &str,
        lock: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Lock, JobError> {
        let folder = data.join("locks");
        make_private(&folder)?;
        let path = folder.join(name);
        let error = |source| JobError::File {
            path: path.clone(),
            source,
        };
        let file = platform::private_append(&path).map_err(error)?;
        match lock(&file) {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(JobError::Locked),
            Err(TryLockError::Error(source)) => Err(error(source)),
        }
    }

    /// The lock of what was learnt; waits for whoever holds it, who does not for long.
    pub(super) fn of_learnt(data: &Path) -> Result<Lock, JobError> {
        let folder = data.join("locks");
        make_private(&folder)?;
        let path = folder.join("learnt.lock");
        let file = platform::private_append(&path).and_then(|file| {
            file.lock()?;
            Ok(file)
        });
        file.map(Lock)
            .map_err(|source| JobError::File { path, source })
    }

    /// Over a file that is locked already.
    pub(super) fn over(file: File) -> Lock {
        Lock(file)
    }
}

impl Drop for Lock {
    /// Closing the file would not do: a program that another thread is just starting (a
    /// `password-command`) holds it too, until it runs.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

/// The lock that keeps others from exchanging the store.
pub(super) fn shared(data: &Path) -> Result<File, JobError> {
    let lock = store_lock(data)?;
    lock.lock_shared()
        .map_err(lock_error(&super::desk::store_path(data)))?;
    Ok(lock)
}

/// The file of that lock.
pub(super) fn store_lock(data: &Path) -> Result<File, JobError> {
    let folder = data.join("locks");
    make_private(&folder)?;
    let path = folder.join("store.lock");
    platform::private_append(&path).map_err(lock_error(&path))
}

/// The error of a lock's file.
pub(super) fn lock_error(path: &Path) -> impl Fn(std::io::Error) -> JobError + '_ {
    |source| JobError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_window_is_told_and_may_open_when_the_first_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::within(folder.path());
        let first = only_window(&places).unwrap();
        assert!(matches!(only_window(&places), Err(AlreadyOpen::Already)));
        // A sweep goes on beside it.
        drop(Lock::of_account(&places.data_dir, "window").unwrap());
        drop(first);
        drop(only_window(&places).unwrap());
    }
}
