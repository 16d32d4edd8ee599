//! A brand named in the subject or the text of a message that has nothing to do with it.

use super::{Check, Concern, Given, brand, lookalike};
use crate::mail::{LinkOrigin, Message};
use crate::verdict::Evidence;

/// `brand-without-its-links`
pub const BRAND_WITHOUT_ITS_LINKS: Check = Check {
    name: "brand-without-its-links",
    about: "The subject names a brand, the author is not the brand, and there are links, none of \
            which leads to the brand. News about a brand looks the same, so this counts only \
            beside other signs.",
    concern: Concern::Link,
    run,
};

fn run(message: &Message, given: &Given) -> Option<Evidence> {
    let brand = brand::named(&message.subject, &given.brands)?;
    let mut hosts = message
        .links
        .iter()
        .filter(|link| link.origin != LinkOrigin::Image)
        .filter_map(|link| link.host());
    let first = hosts.next()?;
    let theirs = given
        .own_organisations()
        .iter()
        .any(|org| lookalike::is_of(brand, org))
        || lookalike::is_of(brand, first)
        || hosts.any(|host| lookalike::is_of(brand, host));
    (!theirs).then(|| {
        Evidence::none()
            .with("brand", brand.names.first().map_or("", String::as_str))
            .with("target", first)
    })
}
