//! Settings: `config.toml`, the accounts in it, and where their secrets are.

pub mod account;
pub mod secret;

pub use account::{Account, Security, Server, Source};
pub use secret::{PasswordFrom, Secret};

use crate::verdict::Level;
use std::path::PathBuf;

/// Everything in `config.toml`, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The file it came from.
    pub path: PathBuf,
    /// The accounts, in the order of the file.
    pub accounts: Vec<Account>,
    /// How much must speak against a message.
    pub level: Level,
    /// What is done with samples.
    pub submission: Submission,
    /// The server for outgoing mail.
    pub outgoing: Option<Server>,
    /// Approved senders, as written.
    pub approved: Vec<String>,
    /// Blocked senders, as written.
    pub blocked: Vec<String>,
    /// Bounds on what is read.
    pub limits: Bounds,
    /// Days for which samples and packages are kept.
    pub keep_days: u32,
    /// Whether a sweep removes those that are older.
    pub purge: bool,
}

/// What is done with samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The vendor's id.
    pub vendor: String,
    /// How letters leave.
    pub send: Sending,
    /// Who they are from.
    pub from: Option<String>,
    /// How packages are encrypted.
    pub encryption: Encryption,
    /// Facts for the letter: company, contact, domains, gateway, activation code: whatever is
    /// set, by name.
    pub facts: Vec<(String, String)>,
}

/// How letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sending {
    /// They do not: packages are made when asked for, nothing is sent.
    #[default]
    Off,
    /// As `.eml` files into the outbox folder.
    Outbox,
    /// By the outgoing server.
    Smtp,
}

/// How packages are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Traditional zip encryption (PKWARE): weak, and the one that everything opens.
    #[default]
    Traditional,
    /// AES-256: strong, and unknown to Windows Explorer.
    Aes256,
}

/// Bounds on what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of a message that are fetched to judge it; of a larger one only these are.
    pub message: u64,
    /// Bytes that one batch of messages may hold.
    pub batch: u64,
    /// MIME parts that are read.
    pub parts: usize,
    /// Messages within messages that are read.
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            message: 8 << 20,
            batch: 8 << 20,
            parts: 500,
            depth: 10,
        }
    }
}
