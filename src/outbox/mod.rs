//! Where letters go: an SMTP server, or a folder of `.eml` files. One small trait.

pub mod folder;
mod mime;
pub mod smtp;

use crate::mail::Letter;

/// How many bytes a letter has as it is sent, its enclosures read and encoded.
pub fn size(letter: &Letter) -> Result<u64, OutboxError> {
    Ok(mime::encode(letter)?.bytes.len() as u64)
}

/// Takes letters.
pub trait Outbox {
    /// The largest message it takes, in bytes of the encoded message, where it says so
    /// (RFC 1870).
    fn limit(&mut self) -> Result<Option<u64>, OutboxError>;

    /// Hands a letter over. Returns what a person wants to know of it: the server's answer, or
    /// the path of the file.
    fn send(&mut self, letter: &Letter) -> Result<String, OutboxError>;
}

/// Why a letter could not be handed over.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// An address in the letter is not one.
    #[error("`{0}` is not an e-mail address")]
    Address(String),
    /// The server could not be reached, or the connection was lost.
    #[error("{server}: cannot connect: {reason}")]
    Unreachable {
        /// `host:port`
        server: String,
        /// The system's word.
        reason: String,
    },
    /// The server's certificate was refused.
    #[error("{server}: the certificate was refused: {reason}")]
    Certificate {
        /// `host:port`
        server: String,
        /// The system's word.
        reason: String,
    },
    /// The server does not offer what the settings demand.
    #[error("{server}: {reason}")]
    Unsupported {
        /// `host:port`
        server: String,
        /// What is missing.
        reason: String,
    },
    /// The user or the password was refused.
    #[error("{server}: sign-in as {user} was refused: {reason}")]
    SignIn {
        /// `host:port`
        server: String,
        /// The user.
        user: String,
        /// The server's word.
        reason: String,
    },
    /// The letter is larger than the server takes.
    #[error("{server}: takes messages up to {limit} bytes, this one has {size}")]
    TooLarge {
        /// `host:port`
        server: String,
        /// The server's limit in bytes.
        limit: u64,
        /// The letter's size in bytes.
        size: u64,
    },
    /// The server refused the letter; `transient` when it says to try again later (4yz).
    #[error("{server}: refused: {reason}")]
    Refused {
        /// `host:port`
        server: String,
        /// The server's word.
        reason: String,
        /// Whether a later try may succeed.
        transient: bool,
    },
    /// The whole letter was handed over and no answer came: it may have arrived.
    #[error(
        "{server}: the letter was handed over, but no answer came ({reason}); it may have arrived: ask the recipient before sending it again"
    )]
    Unanswered {
        /// `host:port`
        server: String,
        /// The system's word.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The system's word.
        source: std::io::Error,
    },
}

impl OutboxError {
    /// Whether the same may succeed later with nothing changed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            OutboxError::Unreachable { .. }
                | OutboxError::Refused {
                    transient: true,
                    ..
                }
        )
    }

    /// Whether the letter may have been taken in spite of the error, so that sending it again
    /// could send it twice.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, OutboxError::Unanswered { .. })
    }
}
