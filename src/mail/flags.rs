//! The flags that a mailbox keeps beside a message (RFC 3501 section 2.3.2).

use serde::{Deserialize, Serialize};

/// A message's flags and keywords. `\Recent` is left out: it says something of a session, not of
/// the message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flags {
    /// `\Seen`
    pub seen: bool,
    /// `\Answered`
    pub answered: bool,
    /// `\Flagged`
    pub flagged: bool,
    /// `\Deleted`
    pub deleted: bool,
    /// `\Draft`
    pub draft: bool,
    /// Everything else, as the mailbox spells it, sorted.
    pub keywords: Vec<String>,
}
