//! Files: a folder of `.eml` files, whose sub-folders are its folders; or an mbox, which is only
//! read. Files have no flags, and their time is their date. Names of folders and files never lead
//! out of the folder, and symbolic links are not followed.

mod mbox;
mod walk;

pub use walk::{Content, Found, walk};

use super::{
    Entry, Fetched, Folder, Mailbox, MailboxError, Part, Relocated, Relocation, Removed,
    SpecialUse, disk, names,
};
use crate::mail::{Flags, Place};
use crate::platform;
use std::fs;
use std::io::{self, BufRead, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// How deep folders in folders are listed.
const DEPTH: usize = 16;

/// An open folder of files, or mbox.
#[derive(Debug)]
pub struct Files {
    path: PathBuf,
    kind: Kind,
}

/// A message to be read, and the file it is in.
type Opened = (Box<dyn BufRead>, PathBuf);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    Mbox,
}

/// Opens the folder or mbox at this path.
pub fn open(path: &Path) -> Result<Files, MailboxError> {
    let metadata = fs::metadata(path).map_err(disk::failed(path))?;
    let path = fs::canonicalize(path).map_err(disk::failed(path))?;
    if metadata.is_dir() {
        let kind = Kind::Folder;
        return Ok(Files { path, kind });
    }
    if metadata.is_file() && (metadata.len() == 0 || mbox::is_mbox(&path)?) {
        let kind = Kind::Mbox;
        return Ok(Files { path, kind });
    }
    Err(disk::failed(&path)(io::Error::new(
        io::ErrorKind::InvalidInput,
        "is neither a folder nor an mbox (`postsweep scan` judges single files)",
    )))
}

impl Files {
    /// Where a folder is; `INBOX` is the folder itself.
    fn dir(&self, folder: &str) -> Result<PathBuf, MailboxError> {
        let missing = || MailboxError::NoFolder {
            folder: folder.to_owned(),
        };
        if is_inbox(folder) {
            return Ok(self.path.clone());
        }
        if self.kind == Kind::Mbox || objection(folder).is_some() {
            return Err(missing());
        }
        let mut dir = self.path.clone();
        for level in folder.split('/') {
            dir.push(level);
            let metadata = dir.symlink_metadata().map_err(|_| missing())?;
            if !metadata.is_dir() {
                return Err(missing());
            }
        }
        Ok(dir)
    }

    /// Where in the folder of files a message is; `None` for a place that is none here.
    fn file(&self, dir: &Path, place: &Place) -> Option<PathBuf> {
        match (self.kind, place) {
            (Kind::Folder, Place::Path(name)) if is_plain(name) => Some(dir.join(name)),
            _ => None,
        }
    }

    /// Opens a message; `None` where it is not there any more. The path is for errors.
    fn open(&self, dir: &Path, place: &Place) -> Result<Option<Opened>, MailboxError> {
        if self.kind == Kind::Mbox {
            let message = mbox::open(&self.path, place)?;
            return Ok(message.map(|message| (Box::new(message) as _, self.path.clone())));
        }
        let Some(path) = self.file(dir, place) else {
            return Ok(None);
        };
        match disk::open(&path) {
            Ok(file) => Ok(Some((Box::new(file) as _, path))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(disk::failed(&path)(error)),
        }
    }

    fn read_only(&self, folder: &str) -> Result<(), MailboxError> {
        match self.kind {
            Kind::Folder => Ok(()),
            Kind::Mbox => Err(MailboxError::ReadOnly {
                folder: folder.to_owned(),
                reason: format!("{} is an mbox, which is only read", self.path.display()),
            }),
        }
    }
}

impl Mailbox for Files {
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let mut folders = vec![Folder {
            name: "INBOX".into(),
            special: Some(SpecialUse::Inbox),
            selectable: true,
        }];
        if self.kind == Kind::Folder {
            add_folders(&self.path, "", DEPTH, &mut folders)?;
        }
        Ok(folders)
    }

    fn is_same(&mut self, one: &str, other: &str) -> Result<bool, MailboxError> {
        disk::same(self.dir(one), self.dir(other))
    }

    fn list(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError> {
        let dir = self.dir(folder)?;
        if self.kind == Kind::Mbox {
            return list_mbox(&self.path);
        }
        let mut entries = Vec::new();
        for file in fs::read_dir(&dir).map_err(disk::failed(&dir))? {
            let file = file.map_err(disk::failed(&dir))?;
            let Ok(name) = file.file_name().into_string() else {
                log::warn!(
                    "{}: passed over, its name is not UTF-8",
                    file.path().display()
                );
                continue;
            };
            if is_plain(&name)
                && is_eml(&name)
                && let Some(entry) = entry(&file.path(), &name)
            {
                entries.push(entry);
            }
        }
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
        disk::fetch_each(wanted, each, |entry| {
            let Some((mut file, path)) = self.open(&dir, &entry.place)? else {
                return Ok(None);
            };
            let read = disk::read(&mut file, entry.size, part);
            read.map(Some).map_err(disk::failed(&path))
        })
    }

    fn download(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        let dir = self.dir(folder)?;
        match self.open(&dir, place)? {
            Some((mut file, path)) => disk::copy(&path, &mut file, sink).map(|()| true),
            None => Ok(false),
        }
    }

    fn create(&mut self, folder: &str) -> Result<bool, MailboxError> {
        self.read_only(folder)?;
        match self.dir(folder) {
            Ok(_) => return Ok(false),
            Err(MailboxError::NoFolder { .. }) => {}
            Err(error) => return Err(error),
        }
        if let Some(reason) = objection(folder) {
            return Err(MailboxError::Refused {
                folder: folder.to_owned(),
                reason: reason.to_owned(),
            });
        }
        let mut dir = self.path.clone();
        for level in folder.split('/') {
            let above = dir.clone();
            dir.push(level);
            match fs::create_dir(&dir) {
                Ok(()) => platform::same_owner(&dir, &above),
                // Not a symbolic link to somewhere else, nor a file.
                Err(_) if dir.symlink_metadata().is_ok_and(|found| found.is_dir()) => {}
                Err(error) => return Err(disk::refused(folder, &dir, error)),
            }
            platform::sync_dir(&above).map_err(disk::failed(&above))?;
        }
        Ok(true)
    }

    fn relocate(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        self.read_only(from)?;
        let (source, target) = (self.dir(from)?, self.dir(to)?);
        if source == target {
            return Err(MailboxError::Refused {
                folder: to.to_owned(),
                reason: "it is the folder that the messages are in".into(),
            });
        }
        let relocated = entries.iter().map(|Entry { place, .. }| Relocated {
            from: place.clone(),
            outcome: match place {
                Place::Path(name) if is_plain(name) => rename(&source, name, &target, to),
                _ => Relocation::Gone,
            },
        });
        let relocated = relocated.collect();
        for dir in [&target, &source] {
            disk::settle(dir);
        }
        Ok(relocated)
    }

    fn remove(&mut self, folder: &str, places: &[Place]) -> Result<Removed, MailboxError> {
        self.read_only(folder)?;
        let dir = self.dir(folder)?;
        for path in places.iter().filter_map(|place| self.file(&dir, place)) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(disk::refused(folder, &path, error));
                }
                _ => {}
            }
        }
        platform::sync_dir(&dir).map_err(disk::failed(&dir))?;
        Ok(Removed::Gone)
    }

    /// Files have no flags: there is nothing to set.
    fn set_flags(
        &mut self,
        folder: &str,
        _place: &Place,
        _flags: &Flags,
    ) -> Result<(), MailboxError> {
        self.dir(folder).map(|_| ())
    }

    /// By the file's name; where that is not there, by the Message-ID in every header.
    fn find(
        &mut self,
        folder: &str,
        message_id: Option<&str>,
        was: &Place,
    ) -> Result<Vec<Entry>, MailboxError> {
        let mut entries = self.list(folder)?;
        if entries.iter().any(|entry| entry.place == *was) {
            entries.retain(|entry| entry.place == *was);
            return Ok(entries);
        }
        let mut fitting = Vec::new();
        if let Some(id) = message_id {
            self.fetch(folder, &entries, Part::Headers, &mut |fetched| {
                if disk::has_message_id(&fetched.bytes, id) {
                    fitting.push(fetched.place);
                }
                ControlFlow::Continue(())
            })?;
        }
        entries.retain(|entry| fitting.contains(&entry.place));
        Ok(entries)
    }
}

/// Moves a file. Where the target has one of that name, it goes there under another.
fn rename(source: &Path, name: &str, target: &Path, folder: &str) -> Relocation {
    let from = source.join(name);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "eml"));
    for again in 1..=1000 {
        let new = match again {
            1 => name.to_owned(),
            _ => format!("{stem}-{again}.{extension}"),
        };
        let to = target.join(&new);
        match platform::rename_new(&from, &to) {
            Ok(()) => {
                let notes = match again {
                    1 => Vec::new(),
                    _ => vec![format!(
                        "`{name}` was there already: this one is `{new}` now"
                    )],
                };
                return Relocation::Moved {
                    to: Some(Place::Path(new)),
                    notes,
                };
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) if from.symlink_metadata().is_err() => return Relocation::Gone,
            Err(error) => return Relocation::Failed(disk::refused(folder, &to, error)),
        }
    }
    let taken = io::ErrorKind::AlreadyExists.into();
    Relocation::Failed(disk::refused(folder, &target.join(name), taken))
}

fn list_mbox(path: &Path) -> Result<Vec<Entry>, MailboxError> {
    let date = fs::metadata(path).ok().and_then(|found| disk::date(&found));
    let places = mbox::index(path)?;
    let entry = |(start, length)| Entry {
        place: Place::Offset { start, length },
        size: length,
        flags: Flags::default(),
        date,
    };
    Ok(places.into_iter().map(entry).collect())
}

fn entry(path: &Path, name: &str) -> Option<Entry> {
    let metadata = path
        .symlink_metadata()
        .ok()
        .filter(|found| found.is_file())?;
    Some(Entry {
        place: Place::Path(name.to_owned()),
        size: metadata.len(),
        flags: Flags::default(),
        date: disk::date(&metadata),
    })
}

/// Every folder below, in the order of names; hidden ones and symbolic links left out.
fn add_folders(
    dir: &Path,
    above: &str,
    depth: usize,
    folders: &mut Vec<Folder>,
) -> Result<(), MailboxError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(());
    };
    let mut subs = Vec::new();
    for entry in fs::read_dir(dir).map_err(disk::failed(dir))? {
        let entry = entry.map_err(disk::failed(dir))?;
        if let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string())
            && kind.is_dir()
            && objection(&name).is_none()
        {
            subs.push((name, entry.path()));
        }
    }
    subs.sort();
    for (leaf, path) in subs {
        let name = match above {
            "" => leaf.clone(),
            above => format!("{above}/{leaf}"),
        };
        folders.push(Folder {
            special: names::well_known(&leaf),
            selectable: true,
            name: name.clone(),
        });
        // A folder that may not be read is shown, and says so when it is listed.
        if let Err(error) = add_folders(&path, &name, depth, folders) {
            log::warn!("{error}");
        }
    }
    Ok(())
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("INBOX")
}

fn is_eml(name: &str) -> bool {
    name.len() > 4 && name.to_ascii_lowercase().ends_with(".eml")
}

/// A name that is one level, not hidden, and leads nowhere else, on any system.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && !name.chars().any(|c| c.is_control() || "/\\:".contains(c))
}

/// Why a name cannot be a folder's.
fn objection(name: &str) -> Option<&'static str> {
    let wrong = name.split('/').any(|level| !is_plain(level));
    wrong.then_some(
        "a folder's name cannot begin with `.`, nor have `:`, `\\` or control characters in it; \
         `/` stands between its levels",
    )
}
