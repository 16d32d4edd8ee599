//! Views: what the judge reads of each message, kept so that a change of rules need not fetch it
//! again. A cache and no more: whatever is wrong with it is logged, and messages are fetched
//! instead. It is opened, and its key asked for, when something is to be put in or taken out.

use super::plan::Plan;
use crate::checks;
use crate::mail::{Digest, Message, Place, Reading, kept_by};
use crate::platform;
use crate::seal::SealKey;
use crate::settings::secret::{Secret, SecretError};
use crate::settings::{Keeping, KeyPlace, keyring};
use crate::store::cache::{self, Cache, CacheError, FolderId};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The key's name in the keyring; no account is called so.
const KEY_NAME: &str = "cache:key";
/// What is larger when sealed is not kept, and fetched again when needed.
const LARGEST: usize = 256 << 10;

/// The views of one account.
pub(super) struct Views<'a> {
    plan: &'a Plan,
    account: String,
    made_by: String,
    state: State,
}

enum State {
    /// Nothing was asked of it yet.
    Closed,
    /// It is left alone for this run.
    Off,
    Open(Cache, SealKey),
}

/// What makes a view to be kept out of a message; for any thread.
#[derive(Clone)]
pub(super) struct Sealer {
    key: SealKey,
    account: Arc<str>,
    folder: Arc<str>,
}

impl Sealer {
    /// What is to be kept of a message; `None` where that is too much.
    pub(super) fn seal(&self, place: &Place, mut message: Message) -> Option<Vec<u8>> {
        checks::trim(&mut message);
        let sealed = self.key.seal(&message.keep(), &self.about(place))?;
        (sealed.len() <= LARGEST).then_some(sealed)
    }

    /// The view that was kept of a message, if it can be read.
    pub(super) fn open(
        &self,
        place: &Place,
        sealed: &[u8],
        digest: Digest,
        reading: &Reading,
    ) -> Option<Message> {
        let kept = self.key.open(sealed, &self.about(place))?;
        Message::kept(&kept, digest, reading)
    }

    /// What ties sealed bytes to their place, so that none can be put in another's.
    fn about(&self, place: &Place) -> Vec<u8> {
        format!("{}\0{}\0{place}", self.account, self.folder).into_bytes()
    }
}

impl<'a> Views<'a> {
    pub(super) fn new(plan: &'a Plan, account: &str, reading: &Reading) -> Views<'a> {
        Views {
            plan,
            account: account.to_owned(),
            made_by: kept_by(reading),
            state: State::Closed,
        }
    }

    /// What seals new views of a folder's messages; `None` where nothing is to be kept.
    pub(super) fn sealer(&mut self, folder: &str) -> Option<Sealer> {
        if self.plan.is_rehearsal() {
            return None;
        }
        self.opener(folder)
    }

    /// What opens the views of a folder's messages.
    pub(super) fn opener(&mut self, folder: &str) -> Option<Sealer> {
        let account = Arc::from(self.account.as_str());
        let (_, key) = self.open()?;
        Some(Sealer {
            key: key.clone(),
            account,
            folder: Arc::from(folder),
        })
    }

    /// Keeps views.
    pub(super) fn put(&mut self, folder: &str, views: &[(Place, Vec<u8>)]) {
        if views.is_empty() || self.plan.is_rehearsal() {
            return;
        }
        let account = self.account.clone();
        self.with(|cache| cache.put(&account, folder, views));
    }

    /// The number of a folder, if something of it was kept.
    pub(super) fn folder(&mut self, folder: &str) -> Option<FolderId> {
        let account = self.account.clone();
        self.with(|cache| cache.folder(&account, folder)).flatten()
    }

    /// The sealed view of the message at a place.
    pub(super) fn get(&mut self, folder: FolderId, place: &Place) -> Option<Vec<u8>> {
        self.with(|cache| cache.get(folder, place)).flatten()
    }

    /// Drops the views of messages that are gone.
    pub(super) fn remove(&mut self, folder: &str, gone: &[Place]) {
        let is_there = cache::path_in(&self.plan.places.data_dir).exists();
        if gone.is_empty() || self.plan.is_rehearsal() || !is_there {
            return;
        }
        let account = self.account.clone();
        self.with(|cache| cache.remove_places(&account, folder, gone));
    }

    fn with<T>(&mut self, ask: impl FnOnce(&mut Cache) -> Result<T, CacheError>) -> Option<T> {
        let (cache, _) = self.open()?;
        match ask(cache) {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.give_up(&error);
                None
            }
        }
    }

    fn open(&mut self) -> Option<(&mut Cache, &SealKey)> {
        if matches!(self.state, State::Closed) {
            self.state = self.opened().unwrap_or(State::Off);
        }
        match &mut self.state {
            State::Open(cache, key) => Some((cache, key)),
            State::Closed | State::Off => None,
        }
    }

    fn opened(&self) -> Option<State> {
        let keeping = &self.plan.keeping;
        if keeping.size == 0 {
            return None;
        }
        let data = &self.plan.places.data_dir;
        let path = cache::path_in(data);
        let cache = if self.plan.is_rehearsal() {
            let looked = Cache::look(&path, &self.made_by);
            looked.map_err(|error| warn(&error)).ok()??
        } else {
            let open = || Cache::open(&path, &self.made_by, keeping.size);
            let opened = open().or_else(|error| match error.is_damaged() {
                true => {
                    start_anew(&path, &error);
                    open()
                }
                false => Err(error),
            });
            opened.map_err(|error| warn(&error)).ok()?
        };
        let key = self.plan.seal_key()?;
        Some(State::Open(cache, key))
    }

    fn give_up(&mut self, error: &CacheError) {
        self.state = State::Off;
        warn(error);
        if error.is_damaged() && !self.plan.is_rehearsal() {
            start_anew(&cache::path_in(&self.plan.places.data_dir), error);
        }
    }
}

fn warn(error: &CacheError) {
    log::warn!("{error}: what is kept for judging again is left alone in this run");
}

fn start_anew(path: &Path, error: &CacheError) {
    log::warn!("{error}: what was kept for judging again is removed, and started anew");
    if let Err(error) = cache::remove(path) {
        log::warn!("{}: {error}", path.display());
    }
}

/// Where the key is that was put into a file.
pub(super) fn key_file(data: &Path) -> PathBuf {
    data.join("cache.key")
}

/// Gets the key, or makes one. `None`, with a warning, where it is there and cannot be had now: a
/// locked keyring must not hang a timer, nor make a second key.
pub(super) fn key(data: &Path, keeping: &Keeping, may_make: bool) -> Option<SealKey> {
    let told = |says: &dyn std::fmt::Display| {
        log::warn!(
            "the key of what is kept for judging again: {says}; it is left alone in this run"
        );
    };
    let path = key_file(data);
    let of_file = || match from_file(&path, may_make) {
        Ok(key) => key,
        Err(error) => {
            told(&format_args!("{}: {error}", path.display()));
            None
        }
    };
    // A file stays in use once it was made: a timer may have no keyring where the desktop has.
    if keeping.key == KeyPlace::File || path.exists() {
        return of_file();
    }
    let without_keyring = |reason: &str| {
        if may_make {
            log::info!(
                "{reason}: the key of what is kept for judging again is in {}",
                path.display()
            );
        }
        of_file()
    };
    match keyring::get(KEY_NAME) {
        Ok(text) => {
            let key = SealKey::from_hex(text.expose());
            if key.is_none() {
                told(&format_args!(
                    "what the keyring holds for \"{KEY_NAME}\" is none"
                ));
            }
            key
        }
        Err(SecretError::NotStored(_)) if !may_make => None,
        Err(SecretError::NotStored(_)) => {
            let key = SealKey::random().map_err(|error| told(&error)).ok()?;
            match keyring::store(KEY_NAME, &Secret::new(key.to_hex().to_string())) {
                Ok(()) => Some(key),
                Err(error @ SecretError::NoKeyring { .. }) => without_keyring(&error.to_string()),
                Err(error) => {
                    told(&error);
                    None
                }
            }
        }
        Err(error @ SecretError::NoKeyring { .. }) => without_keyring(&error.to_string()),
        Err(error) => {
            told(&error);
            None
        }
    }
}

/// Removes the key, wherever it is. Returns why not, if it could not be.
pub(super) fn remove_key(data: &Path, keeping: &Keeping) -> Result<(), String> {
    match std::fs::remove_file(key_file(data)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.to_string()),
        _ => {}
    }
    match keeping.key {
        KeyPlace::File => Ok(()),
        KeyPlace::Keyring => match keyring::delete(KEY_NAME) {
            Ok(_) | Err(SecretError::NoKeyring { .. }) => Ok(()),
            Err(error) => Err(error.to_string()),
        },
    }
}

fn from_file(path: &Path, may_make: bool) -> io::Result<Option<SealKey>> {
    match std::fs::File::open(path) {
        Ok(file) => {
            let mut text = zeroize::Zeroizing::new(String::with_capacity(128));
            file.take(100).read_to_string(&mut text)?;
            let no_key = || io::Error::other("no key is in it; `postsweep forget` removes it");
            SealKey::from_hex(&text).map(Some).ok_or_else(no_key)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !may_make {
                return Ok(None);
            }
            let key = SealKey::random().map_err(io::Error::other)?;
            let mut file = platform::unfinished(path.parent().unwrap_or(Path::new("")))?;
            file.write_all(key.to_hex().as_bytes())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(path) {
                Ok(_) => Ok(Some(key)),
                // Another process was quicker.
                Err(_) if path.exists() => from_file(path, false),
                Err(failed) => Err(failed.error),
            }
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_FILE: Keeping = Keeping {
        size: 1 << 20,
        key: KeyPlace::File,
    };

    #[test]
    fn a_key_in_a_file_is_made_once_private_and_never_without_leave() {
        let dir = tempfile::tempdir().unwrap();
        assert!(key(dir.path(), &IN_FILE, false).is_none());
        assert!(!key_file(dir.path()).exists());
        let made = key(dir.path(), &IN_FILE, true).unwrap();
        let read = key(dir.path(), &IN_FILE, false).unwrap();
        assert_eq!(made.to_hex(), read.to_hex());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = key_file(dir.path())
                .metadata()
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        remove_key(dir.path(), &IN_FILE).unwrap();
        remove_key(dir.path(), &IN_FILE).unwrap();
        assert!(!key_file(dir.path()).exists());
        std::fs::write(key_file(dir.path()), "none").unwrap();
        assert!(key(dir.path(), &IN_FILE, true).is_none());
        assert_eq!(
            std::fs::read_to_string(key_file(dir.path())).unwrap(),
            "none"
        );
    }
}
