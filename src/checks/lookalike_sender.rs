//! Senders and links under a domain that looks like a brand's.

use super::{Check, Concern, Context, carried, lookalike};
use crate::mail::{Message, address::organisational_domain};
use crate::verdict::Evidence;

/// `lookalike-sender`
pub const LOOKALIKE_SENDER: Check = Check {
    name: "lookalike-sender",
    about: "The author's domain looks like a brand's: letters of another alphabet, digits in place \
            of letters, added words, one letter off, or the brand's whole domain in front.",
    concern: Concern::Sender,
    run: |message, context| {
        let hosts = message.from.iter().map(|from| from.domain.as_str());
        first(hosts, context)
    },
};

/// `lookalike-link`
pub const LOOKALIKE_LINK: Check = Check {
    name: "lookalike-link",
    about: "A link leads to a domain that looks like a brand's and is not.",
    concern: Concern::Link,
    run: |message, context| {
        // What the sender's own domain looks like is said of the sender.
        let own = |host: &&str| {
            let organisation = organisational_domain(host);
            message
                .from
                .iter()
                .any(|from| from.organisation() == organisation)
        };
        let hosts = hosts(message).into_iter().filter(|host| !own(host));
        first(hosts, context)
    },
};

/// Each host that is linked to, once.
fn hosts(message: &Message) -> Vec<&str> {
    let mut hosts: Vec<_> = message
        .links
        .iter()
        .chain(carried::links(message))
        .filter_map(|link| link.host())
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts.truncate(50);
    hosts
}

fn first<'m>(mut hosts: impl Iterator<Item = &'m str>, context: &Context) -> Option<Evidence> {
    hosts.find_map(|host| {
        let found = lookalike::imitated(host, &context.brands)?;
        let brand = found.brand.names.first().map_or("", String::as_str);
        Some(
            Evidence::none()
                .with("domain", host)
                .with("brand", brand)
                .with("how", found.how),
        )
    })
}
