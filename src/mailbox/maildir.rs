//! A Maildir (cr.yp.to/proto/maildir.html), with folders as in Maildir++ (`.Name.Sub` beside
//! `cur`) or as plain sub-folders. A message is known by the unique part of its file's name; its
//! flags stand behind it and may be changed by another program at any time, so that a file that
//! is not where it was is looked for again. Messages are moved by a rename, never over another,
//! and symbolic links are not followed.

mod folder;
mod info;

use super::{
    Entry, Fetched, Folder, Mailbox, MailboxError, Part, Relocated, Relocation, Removed, disk,
};
use crate::mail::{Flags, Place};
use crate::platform::{self, FLAGS_MARK};
use folder::{Found, Tree};
use info::Keywords;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// An open Maildir.
#[derive(Debug)]
pub struct Maildir {
    tree: Tree,
    /// Folders that were found, by the names that were asked for.
    dirs: HashMap<String, PathBuf>,
    /// Where files were when they were last seen: folder's path, unique name, file.
    seen: HashMap<PathBuf, HashMap<String, Found>>,
}

/// Opens the Maildir at this path; it must have `cur` or `new`, or folders that have.
pub fn open(path: &Path) -> Result<Maildir, MailboxError> {
    Ok(Maildir {
        tree: Tree::open(path)?,
        dirs: HashMap::new(),
        seen: HashMap::new(),
    })
}

impl Maildir {
    /// Where the folder is that a person calls so.
    fn dir(&mut self, name: &str) -> Result<PathBuf, MailboxError> {
        if let Some(dir) = self.dirs.get(name)
            && folder::is_maildir(dir)
        {
            return Ok(dir.clone());
        }
        let dir = self.tree.find(name)?;
        self.dirs.insert(name.to_owned(), dir.clone());
        Ok(dir)
    }

    /// Lists a folder's files anew.
    fn scan(&mut self, dir: &Path) -> Result<&HashMap<String, Found>, MailboxError> {
        let found = folder::scan(dir)?;
        let seen = self.seen.entry(dir.to_owned()).or_default();
        *seen = found;
        Ok(seen)
    }

    /// Where a message is now. `scanned` says whether the folder was listed in this very call,
    /// so that one call lists it once at most.
    fn locate(
        &mut self,
        dir: &Path,
        place: &Place,
        scanned: &mut bool,
    ) -> Result<Option<Found>, MailboxError> {
        let Place::Name(unique) = place else {
            return Ok(None);
        };
        let known = self.seen.get(dir).and_then(|seen| seen.get(unique));
        if let Some(found) = known
            && found.is_there()
        {
            return Ok(Some(found.clone()));
        }
        if std::mem::replace(scanned, true) {
            return Ok(None);
        }
        Ok(self.scan(dir)?.get(unique).cloned())
    }

    /// The same, anew where the file vanished between looking and opening.
    fn with_file<T>(
        &mut self,
        dir: &Path,
        place: &Place,
        scanned: &mut bool,
        mut act: impl FnMut(&Found) -> Result<T, io::Error>,
    ) -> Result<Option<T>, MailboxError> {
        for _ in 0..2 {
            let Some(found) = self.locate(dir, place, scanned)? else {
                return Ok(None);
            };
            match act(&found) {
                Ok(done) => return Ok(Some(done)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(disk::failed(&found.path())(error)),
            }
        }
        Ok(None)
    }
}

fn entry(unique: &str, found: &Found, keywords: &Keywords) -> Option<Entry> {
    let metadata = found.path().symlink_metadata().ok()?;
    Some(Entry {
        place: Place::Name(unique.to_owned()),
        size: metadata.len(),
        flags: info::flags(&found.info, keywords),
        date: disk::date(&metadata),
    })
}

impl Mailbox for Maildir {
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let folders = self.tree.folders()?;
        Ok(folders.into_iter().map(|(folder, _)| folder).collect())
    }

    fn is_same(&mut self, one: &str, other: &str) -> Result<bool, MailboxError> {
        disk::same(self.dir(one), self.dir(other))
    }

    fn list(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError> {
        let dir = self.dir(folder)?;
        let keywords = Keywords::read(&dir);
        let found = self.scan(&dir)?;
        let mut entries: Vec<Entry> = found
            .iter()
            .filter_map(|(unique, found)| entry(unique, found, &keywords))
            .collect();
        entries.sort_by(|a, b| (a.date, &a.place).cmp(&(b.date, &b.place)));
        Ok(entries)
    }

    fn fetch(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        let dir = self.dir(folder)?;
        let mut scanned = false;
        disk::fetch_each(wanted, each, |entry| {
            self.with_file(&dir, &entry.place, &mut scanned, |found| {
                disk::read(&mut disk::open(&found.path())?, entry.size, part)
            })
        })
    }

    fn download(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        let dir = self.dir(folder)?;
        let opened = self.with_file(&dir, place, &mut false, |found| {
            Ok((disk::open(&found.path())?, found.path()))
        })?;
        match opened {
            Some((mut file, path)) => disk::copy(&path, &mut file, sink).map(|()| true),
            None => Ok(false),
        }
    }

    fn create(&mut self, folder: &str) -> Result<bool, MailboxError> {
        self.tree.create(folder)
    }

    fn relocate(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        let (source, target) = (self.dir(from)?, self.dir(to)?);
        if source == target {
            return Err(MailboxError::Refused {
                folder: to.to_owned(),
                reason: "it is the folder that the messages are in".into(),
            });
        }
        folder::complete(to, &target)?;
        let (here, there) = (Keywords::read(&source), Keywords::read(&target));
        let mut scanned = false;
        let mut touched = HashSet::new();
        let mut relocated = Vec::with_capacity(entries.len());
        for Entry { place, .. } in entries {
            let moved = self.with_file(&source, place, &mut scanned, |found| {
                let new = found.in_folder(&target);
                match platform::rename_new(&found.path(), &new.path()) {
                    Ok(()) => Ok(Ok(new)),
                    Err(error) if found.is_there() => Ok(Err((new.path(), error))),
                    Err(error) => Err(error),
                }
            });
            let outcome = match moved {
                Ok(None) => Relocation::Gone,
                Ok(Some(Err((path, error)))) => Relocation::Failed(disk::refused(to, &path, error)),
                Err(error) => Relocation::Failed(error),
                Ok(Some(Ok(new))) => {
                    touched.insert(target.join(new.sub));
                    touched.insert(source.join(new.sub));
                    let notes = info::other_keywords(&new.info, &here, &there);
                    if let Place::Name(unique) = place {
                        let seen = self.seen.entry(target.clone()).or_default();
                        seen.insert(unique.clone(), new);
                    }
                    let to = Some(place.clone());
                    Relocation::Moved { to, notes }
                }
            };
            let from = place.clone();
            relocated.push(Relocated { from, outcome });
        }
        for dir in touched {
            disk::settle(&dir);
        }
        Ok(relocated)
    }

    fn remove(&mut self, folder: &str, places: &[Place]) -> Result<Removed, MailboxError> {
        let dir = self.dir(folder)?;
        let mut scanned = false;
        for place in places {
            let removed =
                self.with_file(&dir, place, &mut scanned, |found| {
                    match fs::remove_file(found.path()) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => {
                            Ok(Err((found.path(), error)))
                        }
                        other => other.map(Ok),
                    }
                })?;
            if let Some(Err((path, error))) = removed {
                return Err(disk::refused(folder, &path, error));
            }
        }
        for sub in folder::SUBS {
            let sub = dir.join(sub);
            platform::sync_dir(&sub).map_err(disk::failed(&sub))?;
        }
        Ok(Removed::Gone)
    }

    fn set_flags(
        &mut self,
        folder: &str,
        place: &Place,
        flags: &Flags,
    ) -> Result<(), MailboxError> {
        let dir = self.dir(folder)?;
        let keywords = Keywords::read(&dir);
        let info = info::of(flags, &keywords).map_err(|keyword| MailboxError::Refused {
            folder: folder.to_owned(),
            reason: format!("the keyword `{keyword}` is not in its `dovecot-keywords`"),
        })?;
        let Place::Name(unique) = place else {
            return Ok(());
        };
        let set = self.with_file(&dir, place, &mut false, |found| {
            if found.info == info {
                return Ok(Ok(()));
            }
            // Only files in `cur` have flags (maildir.html, "unique name").
            let to = dir
                .join("cur")
                .join(format!("{unique}{FLAGS_MARK}2,{info}"));
            match platform::rename_new(&found.path(), &to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Ok(Err((to, error))),
                other => other.map(Ok),
            }
        })?;
        match set {
            Some(Err((path, error))) => Err(disk::refused(folder, &path, error)),
            _ => Ok(()),
        }
    }

    /// By the unique name; where that is not there, by the Message-ID in every header.
    fn find(
        &mut self,
        folder: &str,
        message_id: Option<&str>,
        was: &Place,
    ) -> Result<Vec<Entry>, MailboxError> {
        let dir = self.dir(folder)?;
        let keywords = Keywords::read(&dir);
        if let Place::Name(unique) = was
            && let Some(found) = self.locate(&dir, was, &mut false)?
        {
            return Ok(entry(unique, &found, &keywords).into_iter().collect());
        }
        let Some(id) = message_id else {
            return Ok(Vec::new());
        };
        let has_id = |found: &Found| {
            let header = disk::open(&found.path())
                .and_then(|mut file| disk::read(&mut file, 0, Part::Headers));
            header.is_ok_and(|header| disk::has_message_id(&header, id))
        };
        let found = self.scan(&dir)?.iter().filter(|(_, found)| has_id(found));
        Ok(found
            .filter_map(|(unique, found)| entry(unique, found, &keywords))
            .collect())
    }
}
