//! A Maildir, and Maildir++ where it has folders.

use super::{Entry, Fetched, Folder, Mailbox, MailboxError, Part, Relocated, Removed};
use crate::mail::{Flags, Place};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// An open Maildir.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
}

/// Opens the Maildir at this path.
pub fn open(path: &Path) -> Result<Maildir, MailboxError> {
    Ok(Maildir {
        root: path.to_owned(),
    })
}

impl Mailbox for Maildir {
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
