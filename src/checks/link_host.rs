//! Links to hosts that anybody can have in a minute.

use super::known::{CHEAP, FREE_HOSTING, SHORTENERS};
use super::{Check, Concern, Given, carried};
use crate::mail::address::{organisational_domain, public_suffix};
use crate::mail::{LinkOrigin, Message};
use crate::verdict::Evidence;

/// `link-shortener`
pub const LINK_SHORTENER: Check = Check {
    name: "link-shortener",
    about: "A link goes through a public shortener, which hides where it leads. People use them \
            too, so it counts only beside other signs.",
    concern: Concern::Link,
    run: |message, given| first(message, given, |host, _| SHORTENERS.covers(host)),
};

/// `link-free-hosting`
pub const LINK_FREE_HOSTING: Check = Check {
    name: "link-free-hosting",
    about: "A link leads to a service where anybody has a page, form or file in a minute. Honest \
            people use them too, so it counts only beside other signs.",
    concern: Concern::Link,
    run: |message, given| {
        first(message, given, |host, own| {
            FREE_HOSTING.covers(host) && !own.contains(&organisational_domain(host))
        })
    },
};

/// `link-cheap-ending`
pub const LINK_CHEAP_ENDING: Check = Check {
    name: "link-cheap-ending",
    about: "A link leads to a domain under an ending that costs next to nothing and is mostly \
            abused.",
    concern: Concern::Link,
    run: |message, given| first(message, given, |host, _| has_cheap_ending(host)),
};

/// `sender-cheap-ending`
pub const SENDER_CHEAP_ENDING: Check = Check {
    name: "sender-cheap-ending",
    about: "The author's domain is under an ending that costs next to nothing and is mostly \
            abused.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message
            .from
            .iter()
            .find(|from| has_cheap_ending(&from.domain))?;
        Some(Evidence::none().with("address", from.address()))
    },
};

/// `unsubscribe-throwaway`
pub const UNSUBSCRIBE_THROWAWAY: Check = Check {
    name: "unsubscribe-throwaway",
    about: "The way to unsubscribe (List-Unsubscribe, RFC 2369) leads to a shortener, a bare \
            address, or where anybody has a page in a minute: it is there for filters.",
    concern: Concern::Link,
    run: |message, given| {
        let ways = message.header("List-Unsubscribe")?;
        let pages = ways.split(['<', '>', ',', ' ']).filter(|way| {
            way.get(..4)
                .is_some_and(|begin| begin.eq_ignore_ascii_case("http"))
        });
        let own = given.own_organisations();
        pages
            .take(10)
            .filter_map(|page| url::Url::parse(page).ok())
            .find_map(|page| {
                let host = page.host_str()?.to_owned();
                let anybodys = SHORTENERS.covers(&host)
                    || FREE_HOSTING.covers(&host)
                    || has_cheap_ending(&host)
                    || matches!(page.host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)));
                let other = !own.contains(&organisational_domain(&host));
                (anybodys && other).then(|| Evidence::none().with("host", host))
            })
    },
};

/// Whether a host is under an ending that costs next to nothing.
pub(super) fn has_cheap_ending(host: &str) -> bool {
    let ending = public_suffix(host).unwrap_or_default();
    let last = ending.rsplit('.').next().unwrap_or_default();
    ending != host && (CHEAP.has(ending) || CHEAP.has(last))
}

fn first(message: &Message, given: &Given, is: impl Fn(&str, &[&str]) -> bool) -> Option<Evidence> {
    let own = given.own_organisations();
    let mut before = None;
    message
        .links
        .iter()
        .filter(|link| link.origin != LinkOrigin::Image)
        .chain(carried::links(message))
        .filter_map(|link| Some((link, link.host()?)))
        // A newsletter's links nearly all lead to one host.
        .filter(|(_, host)| before.replace(*host) != Some(*host))
        .find(|(_, host)| is(host, own))
        .map(|(link, host)| {
            Evidence::none()
                .with("host", host)
                .with("target", &link.target)
        })
}
