//! Domains that look like a brand's, or lead with its name, and are not the brand's.

use super::brands::Brands;
use super::context::Brand;
use super::known::{ADDED, CHEAP};
use super::skeleton::{one_change, skeleton, undisguised};
use crate::mail::address::organisational_domain;
use crate::mail::punycode::decoded;
use memchr::memmem;

/// Brand labels shorter than this look like too much else.
const SHORTEST: usize = 5;

/// How a host imitates a brand.
pub struct Lookalike<'b> {
    /// The brand.
    pub brand: &'b Brand,
    /// How: the end of a sentence that begins with the host.
    pub how: &'static str,
}

/// Whether the host is the brand's own.
pub fn is_of(brand: &Brand, host: &str) -> bool {
    brand.domains.iter().any(|domain| {
        host.strip_suffix(domain.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// The brand that a host imitates; `None` for any brand's own host.
pub fn imitated<'b>(host: &str, brands: &'b Brands) -> Option<Lookalike<'b>> {
    let organisation = organisational_domain(host);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if host.parse::<std::net::IpAddr>().is_ok()
        || !host.chars().all(is_plain)
        || brands.owner(host).is_some()
    {
        return None;
    }
    let (label, suffix) = organisation.split_once('.')?;
    let above = host.strip_suffix(organisation).unwrap_or_default();
    let shown = decoded(label);
    let looks = (!shown.is_ascii()).then(|| skeleton(&shown));
    let plain = undisguised(&shown);
    let labels = undisguised(above);
    let dotted = format!(".{above}");
    let resembled = brands.resembled(&shown, &[above, &shown, &plain, &labels]);
    resembled.into_iter().find_map(|(brand, domain)| {
        let key = domain.key.as_str();
        let how = if begins_with(&dotted, &domain.name) {
            "begins with its domain, which then goes on"
        } else if key.len() < SHORTEST {
            return None;
        } else if looks.as_ref().is_some_and(|looks| *looks == domain.looks) {
            "is written with letters of another alphabet"
        } else if plain == key && shown != key {
            "has digits or letters in place of others"
        } else if has_added_word(&plain, key)
            || labels.split('.').any(|label| has_added_word(label, key))
        {
            "puts words beside its name"
        } else if shown == key && CHEAP.covers(suffix) {
            "is its name under another ending"
        } else if key.len() > SHORTEST && is_misspelt(&shown, key) {
            "is one letter away from it"
        } else {
            return None;
        };
        Some(Lookalike { brand, how })
    })
}

/// Whether a domain stands whole among labels, each with a dot before and behind it.
fn begins_with(dotted: &str, domain: &str) -> bool {
    dotted.len() > domain.len() + 1 && dotted.contains(&format!(".{domain}."))
}

/// One letter more, less or exchanged; in a longer name also another one. Whoever wants to be
/// misread leaves the first letter as it is.
fn is_misspelt(label: &str, key: &str) -> bool {
    label.as_bytes().first() == key.as_bytes().first()
        && one_change(label, key)
        && (key.len() > SHORTEST + 1 || label.len() != key.len() || sorted(label) == sorted(key))
}

fn sorted(word: &str) -> Vec<u8> {
    let mut letters = word.as_bytes().to_vec();
    letters.sort_unstable();
    letters
}

/// `key` with a word that imitators add, joined by a hyphen or by nothing.
fn has_added_word(label: &str, key: &str) -> bool {
    // Nearly every label is too short or has it not.
    if label.len() <= key.len() || memmem::find(label.as_bytes(), key.as_bytes()).is_none() {
        return false;
    }
    let Some((before, after)) = label.split_once(key) else {
        return false;
    };
    let added = |rest: &str| {
        rest.split(['-', '_'])
            .any(|word| ADDED.has(word.trim_matches(|c: char| c.is_ascii_digit())))
    };
    // A name inside a longer word (`pineapples`) is no name.
    let apart = |rest: &str, edge: Option<char>| {
        rest.is_empty() || matches!(edge, Some('-' | '_' | '0'..='9')) || added(rest)
    };
    apart(before, before.chars().last())
        && apart(after, after.chars().next())
        && (added(before) || added(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imitations_are_found_and_the_brand_itself_is_not() {
        let brands = Brands::from(vec![Brand {
            id: "paypal".into(),
            names: vec!["PayPal".into()],
            domains: vec!["paypal.com".into(), "paypal-communication.com".into()],
        }]);
        for host in [
            "paypa1.com",
            "xn--ypal-43d9g.example",
            "paypal-secure.example",
            "login-paypal.example.net",
            "paypalsupport.example",
            "paypal.com.signin.example",
            "www.paypal.com-x.paypal-login.example",
            "paypall.com",
            "payapl.com",
            "paypal.top",
            "secure-paypal.evil.example",
        ] {
            let found = imitated(host, &brands).map(|found| found.brand.id.as_str());
            assert_eq!(found, Some("paypal"), "{host}");
        }
        for host in [
            "paypal.com",
            "www.paypal.com",
            "e.paypal-communication.com",
            "paypal.de",
            "example.com",
            "pay.example.com",
            "192.0.2.7",
            "paypal-secure.example=",
            "daypal.com",
            "papyal.net.example.com",
            "localhost",
            "",
        ] {
            assert!(imitated(host, &brands).is_none(), "{host}");
        }
    }
}
