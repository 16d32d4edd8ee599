//! Domains whose letters are of several alphabets.

use super::{Check, Concern, Given, carried};
use crate::mail::{Message, punycode::decoded};
use crate::verdict::Evidence;
use unicode_security::MixedScript;

/// `mixed-script-domain`
pub const MIXED_SCRIPT_DOMAIN: Check = Check {
    name: "mixed-script-domain",
    about: "A label of the author's domain or of a link's host mixes alphabets, such as Latin and \
            Cyrillic. Honest names do not; browsers refuse to show them.",
    concern: Concern::Link,
    run,
};

fn run(message: &Message, _: &Given) -> Option<Evidence> {
    let from = message.from.iter().map(|from| from.domain.as_str());
    let links = message.links.iter().chain(carried::links(message));
    let links = links.filter_map(|link| link.host());
    from.chain(links)
        .filter(|domain| domain.contains("xn--"))
        .find_map(|domain| {
            let shown = decoded(domain);
            let mixed = shown
                .split('.')
                .any(|label| !label.is_ascii() && !label.is_single_script());
            mixed.then(|| {
                Evidence::none()
                    .with("domain", domain)
                    .with("shown", &shown)
            })
        })
}
