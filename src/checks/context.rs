//! What checks may know beside the message. The job fills it in; checks only read it.

use super::brands::Brands;
use crate::mail::Digest;
use jiff::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;

/// What is known of the owner and the time.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now.
    pub now: Timestamp,
    /// The owner's own addresses, lower case.
    pub own_addresses: Vec<String>,
    /// The domains of the owner's organisation, lower case A-labels.
    pub own_domains: Vec<String>,
    /// Brands that are imitated, with the domains they really use.
    pub brands: Arc<Brands>,
    /// What the owner wrote, and to whom.
    pub correspondence: Arc<Correspondence>,
}

/// What the owner wrote, and to whom: hashes only, of Message-IDs and of addresses in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correspondence {
    /// Messages.
    pub sent: HashSet<Digest>,
    /// People.
    pub people: HashSet<Digest>,
}

impl Correspondence {
    /// The first of these Message-IDs that the owner wrote.
    pub fn sent_among<'a>(&self, references: &'a [String]) -> Option<&'a String> {
        let known = |id: &&String| self.sent.contains(&Digest::of(id.as_bytes()));
        references
            .iter()
            .filter(|_| !self.sent.is_empty())
            .find(known)
    }

    /// Whether the owner wrote to this address, in lower case.
    pub fn knows(&self, address: &str) -> bool {
        !self.people.is_empty() && self.people.contains(&Digest::of(address.as_bytes()))
    }
}

/// A brand that is imitated.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Brand {
    /// Its id.
    pub id: String,
    /// Its names as people write them: `PayPal`, `Pay Pal`.
    pub names: Vec<String>,
    /// The organisational domains that it sends from and links to.
    pub domains: Vec<String>,
}
