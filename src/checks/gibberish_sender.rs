//! Sender domains that no person chose.

use super::known::FREEMAIL;
use super::{Check, Concern};
use crate::verdict::Evidence;

/// `gibberish-sender`
pub const GIBBERISH_SENDER: Check = Check {
    name: "gibberish-sender",
    about: "The author's domain is letters and digits without a sense: a program made it up and \
            registered it for a day.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message
            .from
            .iter()
            .find(|from| !FREEMAIL.covers(&from.domain) && is_gibberish(&from.domain))?;
        Some(Evidence::none().with("domain", &from.domain))
    },
};

fn is_gibberish(domain: &str) -> bool {
    let labels = domain.split('.').rev().skip(1);
    labels
        .filter(|label| !label.starts_with("xn--"))
        .any(|label| {
            let length = label.len();
            let changes = changes(label);
            length >= 9 && changes >= 4 || length >= 8 && consonants(label) >= 9
        })
}

/// How often letters and digits take turns.
fn changes(label: &str) -> usize {
    let bytes = label.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    pairs
        .filter(|(a, b)| {
            a.is_ascii_digit() && b.is_ascii_alphabetic()
                || a.is_ascii_alphabetic() && b.is_ascii_digit()
        })
        .count()
}

/// The longest run of letters that cannot be spoken.
fn consonants(label: &str) -> usize {
    let runs = label.split(|c: char| !c.is_ascii_alphabetic() || "aeiouy".contains(c));
    runs.map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::is_gibberish;

    #[test]
    fn made_up_domains_are_told_from_names() {
        for domain in [
            "h9k2m7x4q.example",
            "v7fq2gm8n.mail.example",
            "mail.qwrtzpsdf.example",
        ] {
            assert!(is_gibberish(domain), "{domain}");
        }
        for domain in [
            "example.com",
            "mx1.example.org",
            "angstschweiss.example",
            "office365.example",
            "p2p4u.example",
            "123.example",
            "xn--bcher-kva.example",
            "",
        ] {
            assert!(!is_gibberish(domain), "{domain}");
        }
    }
}
