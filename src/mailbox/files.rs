//! A folder of `.eml` files, or an mbox (read-only).

use super::{Entry, Fetched, Folder, Mailbox, MailboxError, Part, Relocated, Removed};
use crate::mail::{Flags, Place};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// An open folder of files, or mbox.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
}

/// Opens the folder or mbox at this path.
pub fn open(path: &Path) -> Result<Files, MailboxError> {
    Ok(Files {
        root: path.to_owned(),
    })
}

impl Mailbox for Files {
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let _ = &self.root;
        Ok(vec![])
    }

    fn list(&mut self, _folder: &str) -> Result<Vec<Entry>, MailboxError> {
        Ok(vec![])
    }

    fn fetch(
        &mut self,
        _folder: &str,
        _wanted: &[Entry],
        _part: Part,
        _each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        Ok(())
    }

    fn download(
        &mut self,
        _folder: &str,
        _place: &Place,
        _sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        Ok(false)
    }

    fn create(&mut self, _folder: &str) -> Result<bool, MailboxError> {
        Ok(false)
    }

    fn relocate(
        &mut self,
        _from: &str,
        _entries: &[Entry],
        _to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        Ok(vec![])
    }

    fn remove(&mut self, _folder: &str, _places: &[Place]) -> Result<Removed, MailboxError> {
        Ok(Removed::Gone)
    }

    fn set_flags(
        &mut self,
        _folder: &str,
        _place: &Place,
        _flags: &Flags,
    ) -> Result<(), MailboxError> {
        Ok(())
    }

    fn find(
        &mut self,
        _folder: &str,
        _message_id: Option<&str>,
        _was: &Place,
    ) -> Result<Vec<Entry>, MailboxError> {
        Ok(vec![])
    }
}

/// A message found by [`walk`].
#[derive(Debug)]
pub struct Found {
    /// The file; for a message in an mbox, followed by `#` and its number from 1.
    pub path: String,
    /// Its bytes, or at most the first `most` of them; or why it cannot be read.
    pub message: Result<Content, MailboxError>,
}

/// The bytes of a message, or the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether that is all.
    pub coverage: crate::mail::Coverage,
}

/// Hands over every message at `path`: a message file, an mbox, a Maildir, or a folder of any of
/// them, in the order of their names. Of a message larger than `most` bytes only the first are
/// read. It stops when `each` breaks. Nothing is changed.
pub fn walk(
    path: &Path,
    most: u64,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let _ = (path, most, each);
    ControlFlow::Continue(())
}
