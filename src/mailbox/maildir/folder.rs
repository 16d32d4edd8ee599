//! The folders of a Maildir: found by the name that a person writes, made, and listed. No name
//! leads out of the Maildir.

use crate::mailbox::{Folder, MailboxError, SpecialUse, disk, names};
use crate::platform;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where messages are in a folder; `tmp` holds what is not delivered yet.
pub(super) const SUBS: [&str; 2] = ["cur", "new"];

/// How deep plain sub-folders are looked for.
const DEPTH: usize = 8;

/// A message's file as it was last seen.
#[derive(Debug, Clone)]
pub(super) struct Found {
    dir: PathBuf,
    /// `cur` or `new`.
    pub(super) sub: &'static str,
    /// The file's whole name.
    pub(super) name: OsString,
    /// The letters behind `:2,`.
    pub(super) info: String,
}

impl Found {
    pub(super) fn path(&self) -> PathBuf {
        self.dir.join(self.sub).join(&self.name)
    }

    /// The same file in another folder.
    pub(super) fn in_folder(&self, dir: &Path) -> Found {
        let mut moved = self.clone();
        dir.clone_into(&mut moved.dir);
        moved
    }

    pub(super) fn is_there(&self) -> bool {
        self.path()
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file())
    }
}

/// The messages of a folder by their unique names. Files that begin with a dot are none, and
/// what is not a plain file is passed over. A program that sets a flag renames a file, so that a
/// single look may see it twice or not at all: twice is once here, and not at all is put right
/// by the next look.
pub(super) fn scan(dir: &Path) -> Result<HashMap<String, Found>, MailboxError> {
    let mut found = HashMap::new();
    for sub in SUBS {
        let path = dir.join(sub);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(disk::failed(&path)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(disk::failed(&path))?;
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if text.starts_with('.') || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            let (unique, rest) = text.split_once(platform::FLAGS_MARK).unwrap_or((&text, ""));
            let unique = unique.to_owned();
            let info = rest.strip_prefix("2,").unwrap_or_default().to_owned();
            let dir = dir.to_owned();
            found.entry(unique).or_insert(Found {
                dir,
                sub,
                name,
                info,
            });
        }
    }
    Ok(found)
}

/// Makes what is missing of a folder's three parts.
pub(super) fn complete(name: &str, dir: &Path) -> Result<(), MailboxError> {
    for sub in ["tmp", "new", "cur"] {
        let path = dir.join(sub);
        if !path.is_dir() {
            platform::private_dir(&path).map_err(|error| disk::refused(name, &path, error))?;
            platform::same_owner(&path, dir);
        }
    }
    Ok(())
}

/// A Maildir's folders.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
}

impl Tree {
    pub(super) fn open(root: &Path) -> Result<Tree, MailboxError> {
        fs::read_dir(root).map_err(disk::failed(root))?;
        let root = fs::canonicalize(root).map_err(disk::failed(root))?;
        let tree = Tree { root };
        if tree.folders()?.is_empty() {
            return Err(disk::failed(&tree.root)(io::Error::new(
                io::ErrorKind::InvalidInput,
                "is not a Maildir: it has no `cur` and `new`, nor has any folder in it",
            )));
        }
        Ok(tree)
    }

    /// Every folder with its place, the inbox first, then by name.
    pub(super) fn folders(&self) -> Result<Vec<(Folder, PathBuf)>, MailboxError> {
        let mut found = Vec::new();
        if is_maildir(&self.root) {
            found.push(("INBOX".to_owned(), self.root.clone()));
        }
        for (name, path) in subdirs(&self.root)? {
            match name.strip_prefix('.') {
                Some(dotted) if !dotted.is_empty() && is_maildir(&path) => {
                    let levels: Vec<String> = dotted.split('.').map(readable).collect();
                    found.push((levels.join("/"), path));
                }
                Some(_) => {}
                None => plain(&path, &readable(&name), DEPTH, &mut found),
            }
        }
        found.sort_by(|a, b| (!is_inbox(&a.0), &a.0).cmp(&(!is_inbox(&b.0), &b.0)));
        let folders = found.into_iter().map(|(name, path)| {
            let leaf = name.rsplit('/').next().unwrap_or_default();
            let special = match is_inbox(&name) {
                true => Some(SpecialUse::Inbox),
                false => names::well_known(leaf),
            };
            let folder = Folder {
                name,
                special,
                selectable: true,
            };
            (folder, path)
        });
        Ok(folders.collect())
    }

    /// Where the folder is that a person calls so: as it is listed, or with dots between the
    /// levels, or with `INBOX.` before it as other programs write it.
    pub(super) fn find(&self, name: &str) -> Result<PathBuf, MailboxError> {
        let folders = self.folders()?;
        let slashed = name.replace('.', "/");
        let bare = slashed.strip_prefix("INBOX/");
        for wanted in [Some(name), Some(&slashed), bare].into_iter().flatten() {
            let is = |own: &str| own == wanted || (is_inbox(own) && is_inbox(wanted));
            if let Some((_, path)) = folders.iter().find(|(folder, _)| is(&folder.name)) {
                return Ok(path.clone());
            }
        }
        let folder = name.to_owned();
        Err(MailboxError::NoFolder { folder })
    }

    /// Makes a folder in the layout that the Maildir has; returns whether it was made.
    pub(super) fn create(&self, name: &str) -> Result<bool, MailboxError> {
        match self.find(name) {
            Ok(_) => return Ok(false),
            Err(MailboxError::NoFolder { .. }) => {}
            Err(error) => return Err(error),
        }
        let levels: Vec<&str> = name.split('/').collect();
        if let Some(reason) = levels.iter().find_map(|level| objection(level)) {
            return Err(MailboxError::Refused {
                folder: name.to_owned(),
                reason: reason.to_owned(),
            });
        }
        let plus = is_maildir(&self.root);
        let utf8 = subdirs(&self.root)?
            .iter()
            .any(|(name, _)| !name.is_ascii());
        let spelt = levels.iter().map(|level| match utf8 || !plus {
            true => (*level).to_owned(),
            false => names::encode(level),
        });
        let spelt: Vec<String> = spelt.collect();
        let dir = match plus {
            true => self.root.join(format!(".{}", spelt.join("."))),
            false => self.root.join(spelt.join("/")),
        };
        // `cur` comes last: what has it is a folder, and whole.
        platform::private_dir(&dir).map_err(|error| disk::refused(name, &dir, error))?;
        for path in dir.ancestors().take_while(|path| *path != self.root) {
            platform::same_owner(path, &self.root);
        }
        if plus {
            let mark = dir.join("maildirfolder");
            match platform::private_file(&mark) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(disk::refused(name, &mark, error));
                }
                _ => platform::same_owner(&mark, &self.root),
            }
        }
        complete(name, &dir)?;
        for path in dir
            .ancestors()
            .take_while(|path| path.starts_with(&self.root))
        {
            platform::sync_dir(path).map_err(disk::failed(path))?;
        }
        Ok(true)
    }
}

/// Why a level of a name cannot be a folder's.
fn objection(level: &str) -> Option<&'static str> {
    if level.is_empty() {
        return Some("a level of the name is empty");
    }
    if level.chars().any(|c| c.is_control() || "./\\:".contains(c)) {
        return Some(
            "a folder in a Maildir cannot have `.`, `:`, `\\` or control characters in its name; \
             `/` stands between its levels",
        );
    }
    let taken = ["cur", "new", "tmp"].contains(&level) || level.len() > 200;
    taken.then_some("a folder in a Maildir cannot be called so")
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("INBOX")
}

pub(super) fn is_maildir(path: &Path) -> bool {
    SUBS.iter().any(|sub| {
        let metadata = path.join(sub).symlink_metadata();
        metadata.is_ok_and(|metadata| metadata.is_dir())
    })
}

/// A name on disk as people read it: modified UTF-7, as Dovecot writes it, or UTF-8.
fn readable(name: &str) -> String {
    names::decode(name.as_bytes())
}

/// The folders directly in `path`, in order, symbolic links left out.
fn subdirs(path: &Path) -> Result<Vec<(String, PathBuf)>, MailboxError> {
    let mut dirs = Vec::new();
    for entry in fs::read_dir(path).map_err(disk::failed(path))? {
        let entry = entry.map_err(disk::failed(path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_dir && !["cur", "new", "tmp"].contains(&name.as_str()) {
            dirs.push((name, entry.path()));
        }
    }
    dirs.sort();
    Ok(dirs)
}

/// Plain sub-folders: each that has `cur` or `new` is one.
fn plain(path: &Path, name: &str, depth: usize, found: &mut Vec<(String, PathBuf)>) {
    if is_maildir(path) {
        found.push((name.to_owned(), path.to_owned()));
    }
    // What cannot be read holds nothing that could be listed.
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for (sub, path) in subdirs(path).unwrap_or_default() {
        if !sub.starts_with('.') {
            plain(&path, &format!("{name}/{}", readable(&sub)), depth, found);
        }
    }
}
