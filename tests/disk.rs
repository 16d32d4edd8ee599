//! Mailboxes on disk: Maildirs, folders of `.eml` files and mboxes, with hostile names and other
//! programs at work.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "disk/files.rs"]
mod files_and_mboxes;
#[path = "disk/maildir.rs"]
mod maildirs;

use postsweep::mail::{Coverage, Digest, Flags, Place};
use postsweep::mailbox::{Entry, Mailbox, MailboxError, Part, Relocation, Removed, SpecialUse};
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// A Maildir++ with an inbox and folders.
struct Dir {
    dir: TempDir,
}

impl Dir {
    fn new(folders: &[&str]) -> Dir {
        let dir = TempDir::new().unwrap();
        for folder in folders {
            for sub in ["cur", "new", "tmp"] {
                fs::create_dir_all(dir.path().join(folder).join(sub)).unwrap();
            }
        }
        Dir { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn put(&self, file: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Sets a file's time, in seconds since 1970.
    fn date(&self, file: &str, seconds: u64) {
        let file = fs::File::options()
            .write(true)
            .open(self.path().join(file))
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    }

    /// Every file with its bytes and time.
    fn state(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut state = BTreeMap::new();
        let mut dirs = vec![self.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let metadata = path.symlink_metadata().unwrap();
                if metadata.is_dir() {
                    dirs.push(path);
                } else if metadata.is_file() {
                    let name = path.strip_prefix(self.path()).unwrap();
                    let bytes = fs::read(&path).unwrap();
                    let name = name.to_str().unwrap().to_owned();
                    state.insert(name, (bytes, metadata.modified().unwrap()));
                }
            }
        }
        state
    }

    fn names(&self) -> Vec<String> {
        self.state().into_keys().collect()
    }
}

fn fetch(mailbox: &mut dyn Mailbox, folder: &str, wanted: &[Entry], part: Part) -> Vec<Vec<u8>> {
    let mut fetched = Vec::new();
    mailbox
        .fetch(folder, wanted, part, &mut |message| {
            fetched.push(message.bytes);
            ControlFlow::Continue(())
        })
        .unwrap();
    fetched
}

fn at(place: &Place) -> Entry {
    Entry {
        place: place.clone(),
        size: 0,
        flags: Flags::default(),
        date: None,
    }
}

/// Moves one message and says what became of it in a word or two.
fn relocate(mailbox: &mut dyn Mailbox, from: &str, place: &Place, to: &str) -> String {
    let outcome = mailbox.relocate(from, &[at(place)], to).unwrap().remove(0);
    assert_eq!(outcome.from, *place);
    match outcome.outcome {
        Relocation::Moved { to, notes } => format!("moved {} {}", to.unwrap(), notes.join(" ")),
        Relocation::Copied { .. } => "copied".into(),
        Relocation::Gone => "gone".into(),
        Relocation::Failed(error) => format!("failed {error}"),
    }
}

fn name(unique: &str) -> Place {
    Place::Name(unique.to_owned())
}

const MAIL: &[u8] = b"Message-ID: <1@example.com>\r\nSubject: x\r\n\r\nbody \0\xff no end";
