//! The outbox folder: each letter becomes one complete `.eml` file, for a person or another
//! program to send.

use super::{Outbox, OutboxError};
use crate::mail::Letter;
use std::path::PathBuf;

/// A folder that takes letters.
#[derive(Debug)]
pub struct FolderOutbox {
    dir: PathBuf,
}

impl FolderOutbox {
    /// This folder; it is made when the first letter comes.
    pub fn new(dir: PathBuf) -> Self {
        FolderOutbox { dir }
    }
}

impl Outbox for FolderOutbox {
    fn limit(&mut self) -> Result<Option<u64>, OutboxError> {
        Ok(None)
    }

    fn send(&mut self, _letter: &Letter) -> Result<String, OutboxError> {
        Ok(self.dir.display().to_string())
    }
}
