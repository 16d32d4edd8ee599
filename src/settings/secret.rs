//! Secrets: where a password comes from, and a type that never shows it.

use std::fmt;
use zeroize::Zeroizing;

/// A secret. `Debug` shows nothing of it; it is wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret over.
    pub fn new(text: String) -> Self {
        Secret(Zeroizing::new(text))
    }

    /// The secret itself, for the moment of its use.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordFrom {
    /// The system's keyring, under service `postsweep` and this name.
    Keyring(String),
    /// The first line that this command prints.
    Command(String),
    /// This environment variable.
    Variable(String),
    /// This systemd credential (a file in `$CREDENTIALS_DIRECTORY`).
    Credential(String),
}
