//! Probe: try an account's mailbox, step by step, and change nothing.

use super::desk::{JobError, open_mailbox};
use crate::mailbox::imap::{self, Step};
use crate::mailbox::{Folder, Mailbox, Stop};
use crate::settings::{Account, Source, secret};

/// What one step of a probe is, and what came of it.
#[derive(Debug)]
pub enum Probed {
    /// A step towards an IMAP server succeeded.
    Step(Step),
    /// The folders, the last step.
    Folders(Vec<Folder>),
    /// A folder that the settings name is not there; those to sweep must be, the target is made
    /// when it is needed.
    NoSuchFolder(String),
}

/// Tries one account: `each` hears of every step that succeeded, up to the first that fails.
pub fn probe(account: &Account, each: &mut dyn FnMut(Probed)) -> Result<(), JobError> {
    let stop = Stop::default(); // nobody asks: every step has its time-out
    let folders = match &account.source {
        Source::Imap(server) => {
            let password = secret::password(&server.password)?;
            let mut watch = |step| each(Probed::Step(step));
            let mut mailbox = imap::open_watched(server, &password, &stop, &mut watch)?;
            mailbox.folders()?
        }
        Source::Maildir(_) | Source::Files(_) => open_mailbox(account, &stop)?.folders()?,
    };
    let known = |name: &String| {
        folders
            .iter()
            .any(|folder| folder.name.eq_ignore_ascii_case(name))
    };
    let missing: Vec<String> = account
        .folders
        .iter()
        .filter(|name| !known(name))
        .cloned()
        .collect();
    each(Probed::Folders(folders));
    missing
        .into_iter()
        .for_each(|name| each(Probed::NoSuchFolder(name)));
    Ok(())
}
