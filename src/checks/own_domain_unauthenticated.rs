//! Mail from the owner's own organisation that nobody authenticated.

use super::known::is_own;
use super::{Check, Concern, Context};
use crate::mail::{Alignment, Message};
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
        (message.authentication.alignment(from) == Alignment::Fail)
            .then(|| Evidence::none().with("address", from.address()))
    },
};

/// `from-is-recipient`
pub const FROM_IS_RECIPIENT: Check = Check {
    name: "from-is-recipient",
    about: "From is the recipient's own address, and authentication did not pass. Extortion does \
            so to claim that the mailbox was broken into.",
    concern: Concern::Sender,
    run: |message: &Message, context: &Context| {
        let from = message.from.first()?;
        let own = super::known::recipients(message, context);
        let same = own
            .iter()
            .any(|own| own.eq_ignore_ascii_case(&from.address()));
        (same && message.authentication.alignment(from) != Alignment::Pass)
            .then(|| Evidence::none().with("address", from.address()))
    },
};
