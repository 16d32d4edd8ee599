//! A plan: what a run does, checked before anything is opened. What a `Plan` holds can be used
//! as it stands; making one reads files and changes nothing.

use super::judge::Judge;
use super::views;
use crate::mail::{Limits, Reading, Receiver};
use crate::package::Cipher;
use crate::rules::senders::Refused;
use crate::seal::SealKey;
use crate::settings::{
    Account, Bounds, Encryption, Keeping, Places, Sending, Server, Settings, Submission,
};
use crate::vendor::{self, Vendor};
use crate::verdict::Level;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What a person chose for this run; the rest is in the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Only these accounts; empty: every one.
    pub accounts: Vec<String>,
    /// Another level than the settings'.
    pub level: Option<Level>,
    /// Show what would be done, and change nothing.
    pub rehearse: Rehearse,
    /// Whether hits are moved as they are found.
    pub moves: Moves,
    /// Whether samples leave; `None`: as the settings say.
    pub submit: Option<Submit>,
}

/// Whether a run is for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rehearse {
    /// It is.
    #[default]
    No,
    /// A dry run.
    Yes,
}

/// What a sweep does with its hits by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moves {
    /// Delivers them at once.
    #[default]
    AtOnce,
    /// Leaves them until asked.
    WhenAsked,
}

/// Whether samples leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submit {
    /// As the settings say how; where they say "off", as `.eml` files in the outbox folder.
    Yes,
    /// No.
    No,
}

/// Everything a run needs, checked.
pub struct Plan {
    /// The accounts of this run.
    pub accounts: Vec<AccountPlan>,
    /// What was left out of the rules and vendors, and why; to be shown.
    pub warnings: Vec<String>,
    pub(super) judge: Arc<Judge>,
    pub(super) places: Places,
    pub(super) rehearse: Rehearse,
    pub(super) moves: Moves,
    /// Bytes of messages that are held at once.
    pub(super) memory: u64,
    /// Accounts that are worked on at once.
    pub(super) side_by_side: usize,
    pub(super) outgoing: Option<Server>,
    vendors: Vec<Arc<Vendor>>,
    pub(super) keep_days: u32,
    pub(super) purge: bool,
    pub(super) keeping: Keeping,
    seal_key: OnceLock<Option<SealKey>>,
}

/// One account of a plan.
pub struct AccountPlan {
    /// How to reach it.
    pub account: Account,
    pub(super) reading: Reading,
    pub(super) delivery: Delivery,
}

/// How an account's samples are packaged and where they go.
#[derive(Clone)]
pub(super) struct Delivery {
    pub(super) vendor: Arc<Vendor>,
    pub(super) send: Sending,
    pub(super) from: Option<String>,
    pub(super) cipher: Cipher,
    pub(super) facts: Vec<(String, String)>,
}

/// Why a run cannot start.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// There is nothing to sweep.
    #[error("{0}: no account is set up: run `postsweep account add`")]
    NoAccounts(String),
    /// No account of that name.
    #[error("there is no account `{name}`; the settings have: {known}")]
    NoSuchAccount {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Entries of the lists of senders that are not in a valid form.
    #[error("the lists of senders hold what cannot be used:{}", refused(.0))]
    Senders(Vec<Refused>),
    /// No vendor of that id.
    #[error("there is no vendor `{id}`; known are: {known}")]
    NoVendor {
        /// The id in the settings.
        id: String,
        /// The ids there are.
        known: String,
    },
    /// Letters are to leave, and nobody signs them.
    #[error("account `{0}`: submissions need a sender: set `from` under [submission]")]
    NoSender(String),
    /// Letters are to leave by SMTP, and no server is set.
    #[error("account `{0}`: send = \"smtp\" needs a server: set [outgoing]")]
    NoOutgoing(String),
    /// Zips are to be uploaded at a portal that the vendor does not have.
    #[error("{0} has no portal: set `send` under [submission] to \"outbox\" or \"smtp\"")]
    NoPortal(String),
    /// The learner was asked alone, and has nothing to go by.
    #[error("nothing was learnt yet that a message could be judged by: run `postsweep learn`")]
    NothingLearnt,
    /// No rule is left to judge by.
    #[error("no rule is left to judge by: {0}")]
    NoRules(String),
}

fn refused(entries: &[Refused]) -> String {
    entries
        .iter()
        .map(|refused| format!("\n  `{}`: {}", refused.entry, refused.reason))
        .collect()
}

impl Plan {
    /// Checks the settings and the choices, and reads the user's rules and vendors.
    pub fn new(settings: Settings, places: &Places, choices: &Choices) -> Result<Plan, PlanError> {
        let mut warnings = Vec::new();
        let level = choices.level.unwrap_or(settings.level);
        let judge = Judge::new(
            &settings.approved,
            &settings.blocked,
            places,
            level,
            &mut warnings,
        )?
        .without(&settings.rules_off, &mut warnings)?;
        let vendors = vendors(places, &mut warnings);
        let mut plan = Plan {
            accounts: Vec::new(),
            warnings,
            judge: Arc::new(judge),
            places: places.clone(),
            rehearse: choices.rehearse,
            moves: choices.moves,
            memory: settings.limits.memory,
            side_by_side: settings.limits.accounts,
            outgoing: settings.outgoing.clone(),
            vendors,
            keep_days: settings.keep_days,
            purge: settings.purge,
            keeping: settings.cache,
            seal_key: OnceLock::new(),
        };
        for account in chosen(&settings, choices)? {
            let submission = account.submission.as_ref().unwrap_or(&settings.submission);
            let receiver = Receiver {
                authserv_ids: account.authserv_ids.clone(),
                trusted_hosts: account.trusted_hosts.clone(),
            };
            let reading = reading(&settings.limits, receiver);
            let delivery = delivery(
                &account,
                submission,
                choices,
                &plan.vendors,
                settings.outgoing.is_some(),
            )?;
            plan.accounts.push(AccountPlan {
                account,
                reading,
                delivery,
            });
        }
        Ok(plan)
    }

    /// The vendor of this id, if it is still known.
    pub(super) fn vendor(&self, id: &str) -> Option<Arc<Vendor>> {
        self.vendors.iter().find(|vendor| vendor.id == id).cloned()
    }

    /// Every vendor that is known.
    pub(super) fn vendors(&self) -> &[Arc<Vendor>] {
        &self.vendors
    }

    pub(super) fn is_rehearsal(&self) -> bool {
        self.rehearse == Rehearse::Yes
    }
}

/// How messages are read, within the bounds of the settings.
pub(super) fn reading(bounds: &Bounds, receiver: Receiver) -> Reading {
    let limits = Limits {
        bytes: usize::try_from(bounds.message).unwrap_or(usize::MAX),
        parts: bounds.parts,
        depth: bounds.depth,
        ..Limits::default()
    };
    Reading {
        limits,
        receiver,
        attachments: bounds.attachments,
    }
}

impl Plan {
    /// The key of what is kept of judged messages; asked for once, when first needed.
    pub(super) fn seal_key(&self) -> Option<SealKey> {
        let get = || views::key(&self.places.data_dir, &self.keeping, !self.is_rehearsal());
        self.seal_key.get_or_init(get).clone()
    }
}

/// The accounts that were chosen, in the order of the settings.
fn chosen(settings: &Settings, choices: &Choices) -> Result<Vec<Account>, PlanError> {
    if settings.accounts.is_empty() {
        return Err(PlanError::NoAccounts(settings.path.display().to_string()));
    }
    let known = || {
        settings
            .accounts
            .iter()
            .map(|account| account.name.as_str())
    };
    if let Some(name) = choices
        .accounts
        .iter()
        .find(|name| !known().any(|known| known == **name))
    {
        let known = known().collect::<Vec<_>>().join(", ");
        return Err(PlanError::NoSuchAccount {
            name: name.clone(),
            known,
        });
    }
    let wanted = |account: &&Account| {
        choices.accounts.is_empty() || choices.accounts.contains(&account.name)
    };
    Ok(settings.accounts.iter().filter(wanted).cloned().collect())
}

fn delivery(
    account: &Account,
    submission: &Submission,
    choices: &Choices,
    vendors: &[Arc<Vendor>],
    has_outgoing: bool,
) -> Result<Delivery, PlanError> {
    let vendor = vendors
        .iter()
        .find(|vendor| vendor.id == submission.vendor)
        .ok_or_else(|| {
            let known = vendors
                .iter()
                .map(|vendor| vendor.id.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            PlanError::NoVendor {
                id: submission.vendor.clone(),
                known,
            }
        })?;
    let send = match (choices.submit, submission.send) {
        (Some(Submit::No), _) => Sending::Off,
        (Some(Submit::Yes), Sending::Off) => Sending::Outbox,
        (_, send) => send,
    };
    let from = submission
        .from
        .clone()
        .or_else(|| account.addresses.first().cloned());
    match send {
        Sending::Portal if vendor.portal().is_none() => {
            Err(PlanError::NoPortal(vendor.name.clone()))
        }
        Sending::Smtp if !has_outgoing => Err(PlanError::NoOutgoing(account.name.clone())),
        Sending::Smtp | Sending::Outbox if from.is_none() => {
            Err(PlanError::NoSender(account.name.clone()))
        }
        _ => Ok(Delivery {
            vendor: vendor.clone(),
            send,
            from,
            cipher: match submission.encryption {
                Encryption::Traditional => Cipher::Traditional,
                Encryption::Aes256 => Cipher::Aes256,
            },
            facts: submission.facts.clone(),
        }),
    }
}

/// The shipped vendors, with the user's own added or in their place.
pub(super) fn vendors(places: &Places, warnings: &mut Vec<String>) -> Vec<Arc<Vendor>> {
    let own = own_files(&places.config_dir.join("vendors"), warnings);
    let mut vendors: Vec<Arc<Vendor>> = Vec::new();
    for (name, text) in vendor::shipped().into_iter().chain(own) {
        match Vendor::parse(&name, &text) {
            Ok(vendor) => {
                vendors.retain(|other| other.id != vendor.id);
                vendors.push(Arc::new(vendor));
            }
            Err(error) => warnings.push(error.to_string()),
        }
    }
    vendors
}

/// A user's own data files in a folder: `.toml`, by name. One that cannot be read is a warning.
pub(super) fn own_files(folder: &Path, warnings: &mut Vec<String>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let Ok(listing) = std::fs::read_dir(folder) else {
        return files;
    };
    let mut paths: Vec<_> = listing.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    }) {
        match std::fs::read_to_string(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => warnings.push(format!("{}: {error}; it was left out", path.display())),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_and_the_reader_of_mail_have_the_same_defaults() {
        let read = reading(&Bounds::default(), Receiver::default());
        assert_eq!(read, Reading::default());
    }
}
