//! A display name that names a brand, on an address that is not the brand's.

use super::known::{FREEMAIL, SEND_FOR_OTHERS, TRACKERS};
use super::{Check, Concern, Given, brand, lookalike};
use crate::mail::{Alignment, Message};
use crate::verdict::Evidence;

/// `brand-in-display-name`
pub const BRAND_IN_DISPLAY_NAME: Check = Check {
    name: "brand-in-display-name",
    about: "The author's display name names a brand, but the address is not the brand's. Names \
            such as \"Pat via LinkedIn\" do not count, nor mail that the brand's own domain signed.",
    concern: Concern::Sender,
    run: named,
};

/// `brand-on-freemail`
pub const BRAND_ON_FREEMAIL: Check = Check {
    name: "brand-on-freemail",
    about: "The author's display name names a brand, but the address is a free mailbox. No brand \
            writes to its customers from one.",
    concern: Concern::Sender,
    run: |message, context| {
        let from = message.from.first()?;
        FREEMAIL
            .covers(&from.domain)
            .then(|| named(message, context))
            .flatten()
    },
};

fn named(message: &Message, given: &Given) -> Option<Evidence> {
    message.from.iter().find_map(|from| {
        let lower = from.name.to_lowercase();
        if [
            " via ", " on ", " (via", " at ", " from ", " über ", " par ",
        ]
        .iter()
        .any(|word| lower.contains(word))
        {
            return None;
        }
        let brand = brand::named(&from.name, &given.brands)?;
        // A brand that gives mailboxes away does not write from one.
        let own = lookalike::is_of(brand, &from.domain) && !FREEMAIL.covers(&from.domain);
        let vouched = message.authentication.alignment(from) != Alignment::Fail
            && given
                .own_organisations()
                .iter()
                .any(|org| lookalike::is_of(brand, org) && !FREEMAIL.covers(org));
        // The name of a brand may be in the domain of its branch abroad: that is the business of
        // `lookalike-sender`.
        let in_domain = brand.domains.iter().any(|domain| {
            let label = domain.split('.').next().unwrap_or_default();
            label.len() >= 4 && from.organisation().split('.').next() == Some(label)
        });
        // A service that sends for brands, leading to the brand that it sends for.
        let sent_for = (TRACKERS.covers(&from.domain) || SEND_FOR_OTHERS.covers(&from.domain))
            && message
                .links
                .iter()
                .filter_map(|link| link.host())
                .any(|host| lookalike::is_of(brand, host) || TRACKERS.covers(host));
        (!own && !vouched && !in_domain && !sent_for).then(|| {
            Evidence::none()
                .with("name", &from.name)
                .with("brand", brand.names.first().map_or("", String::as_str))
                .with("address", from.address())
        })
    })
}
