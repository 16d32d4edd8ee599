//! Mail from the owner's own organisation that nobody authenticated.

use super::known::{FREEMAIL, alignment, is_own};
use super::{Check, Concern};
use crate::mail::Alignment;
use crate::verdict::Evidence;

/// `own-domain-unauthenticated`
pub const OWN_DOMAIN_UNAUTHENTICATED: Check = Check {
    name: "own-domain-unauthenticated",
    about: "From is in the owner's own organisation, and authentication failed. A colleague's \
            mail passes; mail that only claims to be from one does not.",
    concern: Concern::Sender,
    run: |message, context| {
        let from = message
            .from
            .iter()
            .find(|from| is_own(&from.domain, context))?;
        (alignment(message, from) == Alignment::Fail)
            .then(|| Evidence::none().with("address", from.address()))
    },
};

/// `brand-domain-unauthenticated`
pub const BRAND_DOMAIN_UNAUTHENTICATED: Check = Check {
    name: "brand-domain-unauthenticated",
    about: "From is in a brand's own domain, and authentication failed. Brands sign their mail.",
    concern: Concern::Sender,
    run: |message, context| {
        let from = message.from.first()?;
        let brand = context.brands.owner(&from.domain)?;
        let forged = alignment(message, from) == Alignment::Fail && !FREEMAIL.covers(&from.domain);
        forged.then(|| {
            Evidence::none()
                .with("address", from.address())
                .with("brand", brand.names.first().map_or("", String::as_str))
        })
    },
};

/// `from-is-recipient`
pub const FROM_IS_RECIPIENT: Check = Check {
    name: "from-is-recipient",
    about: "From is the recipient's own address, and authentication did not pass. Extortion does \
            so to claim that the mailbox was broken into.",
    concern: Concern::Sender,
    run: |message, given| {
        let from = message.from.first()?;
        let own = super::known::recipients(message, given);
        let same = own
            .iter()
            .any(|own| own.eq_ignore_ascii_case(&from.address()));
        (same && message.authentication.alignment(from) != Alignment::Pass)
            .then(|| Evidence::none().with("address", from.address()))
    },
};
