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

impl Flags {
    /// These and those.
    pub fn with(&self, other: &Flags) -> Flags {
        let mut keywords = self.keywords.clone();
        keywords.extend(other.keywords.iter().cloned());
        keywords.sort();
        keywords.dedup();
        Flags {
            seen: self.seen || other.seen,
            answered: self.answered || other.answered,
            flagged: self.flagged || other.flagged,
            deleted: self.deleted || other.deleted,
            draft: self.draft || other.draft,
            keywords,
        }
    }

    /// Whether these look like `was` after a move by a mailbox that drops flags: none is left, or
    /// no keyword and all else as it was. Anything else somebody has changed.
    pub fn were_dropped(&self, was: &Flags) -> bool {
        let without_keywords = Flags {
            keywords: Vec::new(),
            ..was.clone()
        };
        self != was && (*self == Flags::default() || *self == without_keywords)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(seen: bool, flagged: bool, keywords: &[&str]) -> Flags {
        Flags {
            seen,
            flagged,
            keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
            ..Flags::default()
        }
    }

    #[test]
    fn what_a_mailbox_drops_is_told_from_what_a_person_changes() {
        let was = flags(true, true, &["$Work"]);
        for (is, dropped) in [
            (flags(false, false, &[]), true),
            (flags(true, true, &[]), true),
            (flags(true, true, &["$Work"]), false),
            (flags(false, true, &["$Work"]), false),
            (flags(true, false, &[]), false),
            (flags(true, true, &["$Other"]), false),
        ] {
            assert_eq!(is.were_dropped(&was), dropped, "{is:?}");
        }
        assert!(!flags(true, false, &[]).were_dropped(&flags(false, false, &[])));
        let both = flags(true, false, &["b"]).with(&flags(false, true, &["a", "b"]));
        assert_eq!(both, flags(true, true, &["a", "b"]));
    }
}
