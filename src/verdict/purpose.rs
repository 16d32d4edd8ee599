//! What samples are handed over for: to report what was missed, or what was caught wrongly. Each
//! goes to its own address at the vendor.

use super::Category;
use serde::Serialize;
use std::fmt;

/// What samples are handed over for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Spam that was not detected.
    Spam,
    /// Phishing that was not detected.
    Phishing,
    /// Legitimate mail that was detected.
    FalsePositive,
}

impl Purpose {
    /// All, in the order in which they are shown: the gravest first.
    pub const ALL: [Purpose; 3] = [Purpose::Phishing, Purpose::Spam, Purpose::FalsePositive];

    /// The word in files' names and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Spam => "spam",
            Purpose::Phishing => "phishing",
            Purpose::FalsePositive => "false-positive",
        }
    }

    /// What was missed; `None` for what was caught wrongly.
    pub fn category(self) -> Option<Category> {
        match self {
            Purpose::Spam => Some(Category::Spam),
            Purpose::Phishing => Some(Category::Phishing),
            Purpose::FalsePositive => None,
        }
    }
}

impl From<Category> for Purpose {
    fn from(category: Category) -> Self {
        match category {
            Category::Spam => Purpose::Spam,
            Category::Phishing => Purpose::Phishing,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
