//! Probe: try an account's mailbox, step by step, and change nothing.

use super::desk::{JobError, open_mailbox};
use crate::mailbox::imap::{self, Step};
use crate::mailbox::{Folder, Mailbox, MailboxError, Stop};
use crate::settings::{Account, Secret, Source, secret};

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

/// A step of a probe, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The server's name is looked up; for mail in files, the folder or file is looked for.
    Find,
    /// Somebody listens there.
    Connect,
    /// The connection is encrypted, to whom it should be.
    Encrypt,
    /// The user and the password are accepted.
    SignIn,
    /// The folders are listed.
    List,
}

impl Stage {
    /// The steps towards an account's folders.
    pub fn of(account: &Account) -> &'static [Stage] {
        match &account.source {
            Source::Imap(_) => &[
                Stage::Find,
                Stage::Connect,
                Stage::Encrypt,
                Stage::SignIn,
                Stage::List,
            ],
            Source::Maildir(_) | Source::Files(_) => &[Stage::Find, Stage::List],
        }
    }

    /// The step after one that succeeded.
    fn after(step: &Step) -> Stage {
        match step {
            Step::Resolved(_) => Stage::Connect,
            Step::Connected(_) => Stage::Encrypt,
            Step::Encrypted | Step::InTheClear => Stage::SignIn,
            Step::SignedIn(_) | Step::Listed(_) => Stage::List,
        }
    }
}

/// Hindrance a probe ended early: what there is to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// The host is not known, or nobody listens there.
    Unreachable,
    /// Nothing came in time.
    Silent,
    /// The certificate was refused.
    Certificate,
    /// The server does not offer what is asked of it: the wrong port, no encryption.
    Unfit,
    /// The user or the password was refused.
    Refused,
    /// The server asks to wait.
    Busy,
    /// The keyring, or what else holds the password, gave none.
    NoPassword,
    /// The folder or file is not what it should be.
    NotThere,
    /// Somebody stopped it.
    Stopped,
    /// Something else.
    Other,
}

/// The step that failed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The step.
    pub stage: Stage,
    /// What there is to do about it.
    pub why: Hindrance,
    /// What happened, in a sentence.
    pub says: String,
}

/// Tries one account: `each` hears of every step that succeeded, up to the first that fails.
pub fn probe(account: &Account, each: &mut dyn FnMut(Probed)) -> Result<(), JobError> {
    let stop = Stop::default(); // nobody asks: every step has its time-out
    try_out(account, None, &stop, each)
}

/// As [`probe`], with a password that is stored nowhere yet; without one, with that of the
/// settings. `stop` ends it within a second.
pub fn probe_drafted(
    account: &Account,
    password: Option<&Secret>,
    stop: &Stop,
    each: &mut dyn FnMut(Probed),
) -> Result<(), Failed> {
    let mut stage = Stage::Find;
    let tried = try_out(account, password, stop, &mut |probed| {
        if let Probed::Step(step) = &probed {
            stage = Stage::after(step);
        }
        each(probed);
    });
    tried.map_err(|error| {
        let why = hindrance(&error);
        let stage = match why {
            Hindrance::NoPassword => Stage::SignIn,
            _ => stage,
        };
        let says = error.to_string();
        Failed { stage, why, says }
    })
}

fn try_out(
    account: &Account,
    password: Option<&Secret>,
    stop: &Stop,
    each: &mut dyn FnMut(Probed),
) -> Result<(), JobError> {
    let folders = match &account.source {
        Source::Imap(server) => {
            let password = match password {
                Some(password) => password.clone(),
                None => secret::password(&server.password)?,
            };
            let mut watch = |step| each(Probed::Step(step));
            let mut mailbox = imap::open_watched(server, &password, stop, &mut watch)?;
            mailbox.folders()?
        }
        Source::Maildir(_) | Source::Files(_) => open_mailbox(account, stop)?.folders()?,
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

fn hindrance(error: &JobError) -> Hindrance {
    match error {
        JobError::Secret(_) => Hindrance::NoPassword,
        JobError::Path { .. } => Hindrance::NotThere,
        JobError::Mailbox(error) => match error {
            MailboxError::Unreachable { .. } => Hindrance::Unreachable,
            MailboxError::TimedOut { .. } | MailboxError::Lost { .. } => Hindrance::Silent,
            MailboxError::Certificate { .. } => Hindrance::Certificate,
            MailboxError::Unsupported { .. } => Hindrance::Unfit,
            MailboxError::SignIn { .. } => Hindrance::Refused,
            MailboxError::Throttled { .. } => Hindrance::Busy,
            MailboxError::Stopped => Hindrance::Stopped,
            MailboxError::File { .. } => Hindrance::NotThere,
            _ => Hindrance::Other,
        },
        _ => Hindrance::Other,
    }
}
