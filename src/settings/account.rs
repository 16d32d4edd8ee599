//! An account: how to reach one mailbox, and what to do there.

use super::secret::PasswordFrom;
use std::path::PathBuf;
use std::time::Duration;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS before anything else; never in the clear.
    Starttls,
    /// No encryption; only to a loopback address.
    None,
}

impl Security {
    /// The word used in settings.
    pub fn word(self) -> &'static str {
        match self {
            Security::Tls => "tls",
            Security::Starttls => "starttls",
            Security::None => "none",
        }
    }
}

/// How to reach a server: an IMAP server, or one for outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub security: Security,
    /// An additional CA (PEM).
    pub ca_file: Option<PathBuf>,
    /// The user; `None` signs in nowhere (outgoing mail only).
    pub user: Option<String>,
    /// Where the password is.
    pub password: PasswordFrom,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a read or write.
    pub io_timeout: Duration,
    /// Whether what is said is compressed where the server can (an IMAP server only); not set: not
    /// to a loopback address, where the wire is faster than the compressor.
    pub compress: Option<bool>,
}

impl Server {
    /// `host:port`, for messages.
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Where an account's messages live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An IMAP server.
    Imap(Server),
    /// A Maildir (Maildir++ where it has folders).
    Maildir(PathBuf),
    /// A folder of `.eml` files, or an mbox.
    Files(PathBuf),
}

/// One account, checked: what is here can be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name: what it is kept under, for good.
    pub name: String,
    /// What people call it, where that is something else.
    pub label: Option<String>,
    /// Where its messages live.
    pub source: Source,
    /// The folders to sweep.
    pub folders: Vec<String>,
    /// The folder that hits go to.
    pub move_to: String,
    /// Only messages received within this time, in whole hours, are looked at.
    pub since_hours: Option<u64>,
    /// How long to go on trying without any progress when the connection breaks; zero: not at all.
    pub retry: Duration,
    /// Above this many hits in one sweep nothing moves.
    pub max_moves: Option<usize>,
    /// Connections to the server that a folder with much new mail is read over, at most.
    pub connections: usize,
    /// The owner's own addresses: the account's user where it is an address, and those named.
    pub addresses: Vec<String>,
    /// The domains of the owner's organisation.
    pub own_domains: Vec<String>,
    /// authserv-ids of the owner's own servers; empty: inferred.
    pub authserv_ids: Vec<String>,
    /// The owner's own servers; empty: inferred.
    pub trusted_hosts: Vec<String>,
    /// Where its samples go, if not where all others do.
    pub submission: Option<super::Submission>,
}
