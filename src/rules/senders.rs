//! Lists of approved and blocked senders, in exactly the forms that the vendor's own lists take
//! (Trend Micro, "approved and blocked senders", 2015). They match the From address.

use crate::mail::address::{ascii_domain, is_public_suffix};
use crate::mail::{Address, Alignment, Message};
use std::fmt;

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SenderPattern {
    /// `name@example.com`: this address; letter case is not looked at.
    Address {
        /// The part before the `@`, in small letters.
        local: String,
        /// The domain.
        domain: String,
    },
    /// `*@example.com`: everybody there, not at its subdomains.
    Domain(String),
    /// `*@*.example.com`: everybody at its subdomains, not there.
    Subdomains(String),
}

/// An entry that was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{entry}` {reason}")]
pub struct Refused {
    /// The entry as written.
    pub entry: String,
    /// Why: the end of a sentence that begins with the entry.
    pub reason: String,
}

/// The approved and the blocked senders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Senders {
    approved: Vec<SenderPattern>,
    blocked: Vec<SenderPattern>,
}

/// What the lists say of a message: the address and the entry that it matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Every author is approved; with what authentication says of them, at its worst.
    pub approved: Option<(String, String, Alignment)>,
    /// An author is blocked.
    pub blocked: Option<(String, String)>,
}

impl SenderPattern {
    /// Reads an entry.
    pub fn parse(entry: &str) -> Result<Self, Refused> {
        let refuse = |reason: &str| {
            Err(Refused {
                entry: entry.to_owned(),
                reason: reason.to_owned(),
            })
        };
        let Some((local, domain)) = entry.trim().rsplit_once('@') else {
            return refuse("has no `@`: write name@example.com, *@example.com or *@*.example.com");
        };
        let (subdomains, base) = match domain.strip_prefix("*.") {
            Some(base) => (true, ascii_domain(base)),
            None => (false, ascii_domain(domain)),
        };
        if domain == "*" {
            return refuse("would match every sender");
        }
        if domain.is_empty() || base.is_empty() {
            return refuse("has no domain after the `@`");
        }
        if base.contains('*') {
            return refuse(
                "has a `*` inside the domain: it may only stand alone before the `@`, and as *. at the start of the domain",
            );
        }
        match local {
            "" => refuse("has no name before the `@`"),
            "*" if is_public_suffix(&base) => refuse(
                "would match everybody under a public suffix, where anybody can register a name",
            ),
            _ if !is_host_name(&base) => refuse("has a domain that no mail could come from"),
            "*" if subdomains => Ok(SenderPattern::Subdomains(base)),
            "*" => Ok(SenderPattern::Domain(base)),
            _ if local.contains('*') => refuse(
                "has a `*` beside other letters before the `@`: it may only stand alone there",
            ),
            _ if subdomains => {
                refuse("names one person at every subdomain: write the address, or *@*.example.com")
            }
            _ if local.chars().any(|c| c.is_whitespace() || c.is_control())
                && !local.starts_with('"') =>
            {
                refuse("has a space before the `@`")
            }
            _ => Ok(SenderPattern::Address {
                local: local.to_lowercase(),
                domain: base,
            }),
        }
    }

    /// Whether this address is meant.
    pub fn matches(&self, address: &Address) -> bool {
        match self {
            SenderPattern::Address { local, domain } => {
                *domain == address.domain && *local == address.local.to_lowercase()
            }
            SenderPattern::Domain(domain) => *domain == address.domain,
            SenderPattern::Subdomains(domain) => address
                .domain
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        }
    }
}

impl fmt::Display for SenderPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SenderPattern::Address { local, domain } => write!(f, "{local}@{domain}"),
            SenderPattern::Domain(domain) => write!(f, "*@{domain}"),
            SenderPattern::Subdomains(domain) => write!(f, "*@*.{domain}"),
        }
    }
}

impl Senders {
    /// Reads both lists, or says of each wrong entry what is wrong with it.
    pub fn parse(approved: &[String], blocked: &[String]) -> Result<Self, Vec<Refused>> {
        let mut refused = Vec::new();
        let mut read = |entries: &[String]| -> Vec<SenderPattern> {
            let all = entries.iter().map(|entry| SenderPattern::parse(entry));
            all.filter_map(|one| one.map_err(|error| refused.push(error)).ok())
                .collect()
        };
        let senders = Senders {
            approved: read(approved),
            blocked: read(blocked),
        };
        if refused.is_empty() {
            Ok(senders)
        } else {
            Err(refused)
        }
    }

    /// Whether both lists are empty.
    pub fn is_empty(&self) -> bool {
        self.approved.is_empty() && self.blocked.is_empty()
    }

    /// What the lists say of this message's authors. Several From addresses are approved only
    /// when each one is; one blocked is enough.
    pub(super) fn standing(&self, message: &Message) -> Standing {
        let entry = |list: &[SenderPattern], from: &Address| {
            let found = list.iter().find(|pattern| pattern.matches(from));
            found.map(|pattern| (from.address(), pattern.to_string()))
        };
        let every: Option<Vec<_>> = message
            .from
            .iter()
            .map(|from| entry(&self.approved, from))
            .collect();
        let worst = || {
            let all = message.from.iter();
            all.map(|from| message.authentication.alignment(from))
                .max_by_key(|alignment| match alignment {
                    Alignment::Pass => 0,
                    Alignment::Unrecorded => 1,
                    Alignment::Fail => 2,
                })
        };
        Standing {
            approved: every
                .and_then(|all| all.into_iter().next())
                .and_then(|(address, entry)| Some((address, entry, worst()?))),
            blocked: message
                .from
                .iter()
                .find_map(|from| entry(&self.blocked, from)),
        }
    }
}

/// Whether a domain is letters, digits and hyphens in labels (RFC 5321 section 2.3.5), more than
/// one, and none of them too long.
fn is_host_name(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label)
        || domain == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_forms_match_what_the_vendor_says() {
        for (entry, matching, other) in [
            (
                "name@example.com",
                &["name@example.com", "NAME@EXAMPLE.COM"][..],
                &["other@example.com", "name@a.example.com"][..],
            ),
            (
                "*@example.com",
                &["a@example.com", "b@Example.com"],
                &[
                    "a@mail.example.com",
                    "a@badexample.com",
                    "a@example.com.evil.test",
                ],
            ),
            (
                "*@server.example.com",
                &["a@server.example.com"],
                &["a@example.com", "a@x.server.example.com"],
            ),
            (
                "*@*.example.com",
                &["a@mail.example.com", "a@b.c.example.com"],
                &["a@example.com", "a@badexample.com", "a@.example.com"],
            ),
            (
                "*@Bücher.example",
                &["a@xn--bcher-kva.example", "a@bücher.EXAMPLE"],
                &["a@bucher.example"],
            ),
            (
                "*@*.example.co.uk",
                &["a@m.example.co.uk"],
                &["a@example.co.uk"],
            ),
        ] {
            let pattern = SenderPattern::parse(entry).unwrap();
            for address in matching {
                assert!(
                    pattern.matches(&Address::new("", address)),
                    "{entry} {address}"
                );
            }
            for address in other {
                assert!(
                    !pattern.matches(&Address::new("", address)),
                    "{entry} {address}"
                );
            }
        }
    }

    #[test]
    fn what_would_match_too_much_or_nothing_is_refused_with_the_reason() {
        for (entry, reason) in [
            ("*@*", "every sender"),
            ("name@*", "every sender"),
            ("*@*.com", "public suffix"),
            ("*@com", "public suffix"),
            ("*@co.uk", "public suffix"),
            ("*@*.co.uk", "public suffix"),
            ("*@*.CO.UK.", "public suffix"),
            ("*@github.io", "public suffix"),
            ("*@*.公司.cn", "public suffix"),
            ("name@*.example.com", "every subdomain"),
            ("a*@example.com", "beside other letters"),
            ("*@*.*.example.com", "inside the domain"),
            ("*@mail*.example.com", "inside the domain"),
            ("*@exa mple.com", "no mail could come from"),
            ("*@-a.com", "no mail could come from"),
            ("pat@localdomain", "no mail could come from"),
            ("*@", "no domain"),
            ("*@*.", "no domain"),
            ("@example.com", "no name"),
            ("example.com", "no `@`"),
            ("", "no `@`"),
            ("a b@example.com", "a space"),
        ] {
            let error = SenderPattern::parse(entry).unwrap_err();
            assert!(error.reason.contains(reason), "{error}");
        }
    }

    #[test]
    fn every_wrong_entry_of_both_lists_is_told() {
        let list = |entries: &[&str]| -> Vec<String> {
            entries.iter().map(|entry| (*entry).to_owned()).collect()
        };
        let refused =
            Senders::parse(&list(&["*@*", "*@example.com"]), &list(&["x", "*@*.com"])).unwrap_err();
        let entries: Vec<_> = refused.iter().map(|one| one.entry.as_str()).collect();
        assert_eq!(entries, ["*@*", "x", "*@*.com"]);
    }
}
