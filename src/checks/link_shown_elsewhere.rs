//! Links whose text shows one place and that lead to another.

use super::known::{ASKS, SHORTENERS, TRACKERS};
use super::{Check, Concern, Given, brand, lookalike, shown};
use crate::mail::address::organisational_domain;
use crate::mail::{Link, LinkOrigin, Message};
use crate::verdict::Evidence;

/// `link-shown-elsewhere`
pub const LINK_SHOWN_ELSEWHERE: Check = Check {
    name: "link-shown-elsewhere",
    about: "A link's text is a URL or domain of one organisation, and it leads to another. Links \
            through the sender's own domain or a known click counter do not count.",
    concern: Concern::Link,
    run: elsewhere,
};

/// `link-brand-elsewhere`
pub const LINK_BRAND_ELSEWHERE: Check = Check {
    name: "link-brand-elsewhere",
    about: "A link's text names a brand and asks to sign in, pay or confirm there, and it does not \
            lead to the brand, nor through the sender's own domain.",
    concern: Concern::Link,
    run: brand_elsewhere,
};

fn anchors(message: &Message) -> impl Iterator<Item = (&Link, &str)> {
    message
        .links
        .iter()
        .filter(|link| link.origin == LinkOrigin::Anchor)
        .filter_map(|link| Some((link, link.host()?)))
}

fn elsewhere(message: &Message, given: &Given) -> Option<Evidence> {
    let own = given.own_organisations();
    anchors(message).find_map(|(link, target)| {
        let shown = shown::host(&link.shown)?;
        let organisation = organisational_domain(target);
        let honest = organisational_domain(&shown) == organisation
            || own.contains(&organisation)
            || TRACKERS.covers(target)
            || SHORTENERS.covers(&shown)
            || counts_clicks(message, target)
            || same_name(&shown, organisation);
        (!honest).then(|| {
            Evidence::none()
                .with("shown", &shown)
                .with("target", target)
        })
    })
}

/// A newsletter leads all its links, and it has many, through one host that counts clicks.
fn counts_clicks(message: &Message, target: &str) -> bool {
    anchors(message).filter(|(_, host)| *host == target).count() >= 6
}

/// `example.de` and `example.com` are most likely one organisation.
fn same_name(shown: &str, organisation: &str) -> bool {
    let label = |domain: &str| domain.split('.').next().map(str::to_owned);
    label(organisational_domain(shown)) == label(organisation)
}

fn brand_elsewhere(message: &Message, given: &Given) -> Option<Evidence> {
    let own = given.own_organisations();
    anchors(message).find_map(|(link, target)| {
        let text = link.shown.to_lowercase();
        if text.len() > 80 || ASKS.first_in(&text).is_none() {
            return None;
        }
        let brand = brand::named(&link.shown, &given.brands)?;
        let honest = lookalike::is_of(brand, target)
            || TRACKERS.covers(target)
            || own.contains(&organisational_domain(target));
        (!honest).then(|| {
            Evidence::none()
                .with("shown", &link.shown)
                .with("target", target)
        })
    })
}
