//! Settings: `config.toml`, the accounts in it, and where their secrets are. What comes out of
//! here is checked and can be used as it stands; every refusal names file and line. Nothing here
//! knows mail, rules or vendors: whether those names exist is for the job to say.

pub mod account;
mod address;
mod change;
mod check;
mod draft;
mod edit;
mod entries;
mod file;
mod fresh;
pub mod keyring;
mod naming;
mod places;
mod provider;
mod remembered;
pub mod secret;
mod server;
mod setting;
mod units;
mod window;

pub use account::{Account, Security, Server, Source};
pub use change::change;
pub use draft::{Draft, Field, Flaw, Kind};
pub use edit::{NewAccount, add, add_account, alter, remove, remove_account, write};
pub use fresh::start_fresh;
pub use places::Places;
pub use provider::{Provider, Providers, SignIn, UserName, Way, is_within};
pub use remembered::Remembered;
pub use secret::{PasswordFrom, Secret, SecretError};
pub use setting::{List, NewOutgoing, Setting, set_all};
pub use window::{LARGEST_TEXT, SMALLEST_TEXT, Theme, Window};

use crate::verdict::Level;
use std::path::{Path, PathBuf};

/// The folder that hits go to where the settings name none.
pub const MOVE_TO: &str = "Missed spam";
/// Days for which samples are kept where the settings do not say.
const KEEP_DAYS: u32 = 90;

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
    /// What is kept of judged messages, to judge them again without fetching them.
    pub cache: Keeping,
    /// The ids of rules that are switched off.
    pub rules_off: Vec<String>,
    /// How the window looks.
    pub window: Window,
}

impl Settings {
    /// Reads and checks a settings file.
    pub fn load(path: &Path) -> Result<Settings, SettingsError> {
        let bytes = std::fs::read(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SettingsError::Missing {
                path: path.to_owned(),
            },
            _ => SettingsError::File {
                path: path.to_owned(),
                source,
            },
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let (good, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
            let last = good.rsplit(|byte| *byte == b'\n').next();
            SettingsError::Wrong {
                path: path.to_owned(),
                line: 1 + good.iter().filter(|byte| **byte == b'\n').count(),
                column: 1 + String::from_utf8_lossy(last.unwrap_or_default())
                    .chars()
                    .count(),
                says: "this is not text in UTF-8: save the file as UTF-8".to_owned(),
            }
        })?;
        Settings::parse(path, &text)
    }

    /// Checks the text of a settings file. `path` is only named: in errors, and as the place that
    /// relative paths in the text start from.
    pub fn parse(path: &Path, text: &str) -> Result<Settings, SettingsError> {
        // Windows editors begin a file with a byte order mark, which TOML does not know.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        check::settings(path, text)
    }

    /// What holds before there is a settings file: no account, and every default.
    pub fn none(path: &Path) -> Settings {
        Settings {
            path: path.to_owned(),
            accounts: Vec::new(),
            level: Level::default(),
            submission: Submission::default(),
            outgoing: None,
            approved: Vec::new(),
            blocked: Vec::new(),
            limits: Bounds::default(),
            keep_days: KEEP_DAYS,
            purge: true,
            cache: Keeping::default(),
            rules_off: Vec::new(),
            window: Window::default(),
        }
    }

    /// The account of that name.
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }
}

/// A settings file that shows and explains every key; it is one itself.
pub fn example() -> &'static str {
    include_str!("../../assets/config.example.toml")
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no settings file yet.
    #[error(
        "{}: there is no settings file yet; `postsweep account add` makes one, and `postsweep config example` shows all that it can hold",
        path.display()
    )]
    Missing {
        /// Where it would be.
        path: PathBuf,
    },
    /// The file, or one beside it, could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}:{line}: {says}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The letter in that line, from 1.
        column: usize,
        /// What is wrong, and what to do.
        says: String,
    },
    /// The file cannot be changed by a command.
    #[error("{}: {says}", path.display())]
    Edit {
        /// The file.
        path: PathBuf,
        /// Why.
        says: String,
    },
    /// The system does not say where settings belong.
    #[error(
        "this system names no home folder; say where the settings are with --config FILE and --data-dir DIR"
    )]
    NoHome,
}

impl SettingsError {
    /// Line and letter, both from 1, of what is wrong in the file.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self {
            SettingsError::Wrong { line, column, .. } => Some((*line, *column)),
            _ => None,
        }
    }

    /// What is wrong, without the file's name: for a place that shows it already.
    pub fn reason(&self) -> String {
        match self {
            SettingsError::Wrong { says, .. } | SettingsError::Edit { says, .. } => says.clone(),
            SettingsError::File { source, .. } => source.to_string(),
            other => other.to_string(),
        }
    }
}

/// What is done with samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The vendor's id.
    pub vendor: String,
    /// How letters leave.
    pub send: Sending,
    /// Who they are from; without it, the account's first address.
    pub from: Option<String>,
    /// How packages are encrypted.
    pub encryption: Encryption,
    /// Facts for the letter: company, contact, domains, gateway, activation-code: whatever is
    /// set, by name. Each is one line.
    pub facts: Vec<(String, String)>,
}

impl Default for Submission {
    fn default() -> Self {
        Submission {
            vendor: "trend-micro".to_owned(),
            send: Sending::default(),
            from: None,
            encryption: Encryption::default(),
            facts: Vec::new(),
        }
    }
}

/// How letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sending {
    /// They do not: packages are made when asked for, nothing is sent.
    #[default]
    Off,
    /// By hand: the zips are saved, to be uploaded at the vendor's portal.
    Portal,
    /// As `.eml` files into the outbox folder.
    Outbox,
    /// By the outgoing server.
    Smtp,
}

impl Sending {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Sending; 4] = [
        Sending::Off,
        Sending::Portal,
        Sending::Outbox,
        Sending::Smtp,
    ];

    /// The word used in settings.
    pub fn word(self) -> &'static str {
        match self {
            Sending::Off => "off",
            Sending::Portal => "portal",
            Sending::Outbox => "outbox",
            Sending::Smtp => "smtp",
        }
    }
}

/// How packages are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// Traditional zip encryption (PKWARE): weak, and the one that everything opens.
    #[default]
    Traditional,
    /// AES-256: strong, and unknown to Windows Explorer.
    #[serde(rename = "aes-256")]
    Aes256,
}

impl Encryption {
    /// The word used in settings.
    pub fn word(self) -> &'static str {
        match self {
            Encryption::Traditional => "traditional",
            Encryption::Aes256 => "aes-256",
        }
    }
}

/// What is kept of judged messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// Bytes that it takes at most; 0 keeps nothing.
    pub size: u64,
    /// Where the key is that it is encrypted with.
    pub key: KeyPlace,
}

impl Default for Keeping {
    fn default() -> Self {
        Keeping {
            size: 1 << 30,
            key: KeyPlace::default(),
        }
    }
}

/// Where a key is that the program made for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyPlace {
    /// In the system's keyring; where there is none, in a file.
    #[default]
    Keyring,
    /// In a file in the data folder, readable by its owner alone.
    File,
}

/// Bounds on what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of a message that are fetched to judge it; of a larger one only these are.
    pub message: u64,
    /// Bytes that messages take at once on their way from the mailbox to a verdict, about three times
    /// their own; of all accounts together. One message may take more.
    pub memory: u64,
    /// Accounts that are worked on at once.
    pub accounts: usize,
    /// Attachments of a message that are looked at.
    pub parts: usize,
    /// Messages within messages that are read.
    pub depth: usize,
    /// Whether attachments are looked into.
    pub attachments: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            message: 8 << 20,
            memory: 48 << 20,
            accounts: 8,
            parts: 500,
            depth: 10,
            attachments: true,
        }
    }
}
