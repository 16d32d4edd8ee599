//! What ties a message to its owner, which no stranger can write.

use super::known::{FREE_HOSTING, FREEMAIL, confirmed};
use super::{Check, Concern};
use crate::verdict::Evidence;

/// `own-thread`
pub const OWN_THREAD: Check = Check {
    name: "own-thread",
    about: "It answers a message that lies in the owner's Sent folder, by its Message-ID. Nobody \
            knows that who did not get the message.",
    concern: Concern::Route,
    run: |message, context| {
        let id = context.correspondence.sent_among(&message.references)?;
        Some(Evidence::none().with("id", id))
    },
};

/// `correspondent`
pub const CORRESPONDENT: Check = Check {
    name: "correspondent",
    about: "The receiver's server confirmed every author, and the owner has written to the first. \
            A mailbox that was broken into writes to its owner's friends: it does not outweigh all.",
    concern: Concern::Sender,
    run: |message, context| {
        let address = confirmed(message)?.address().to_lowercase();
        let known = context.correspondence.knows(&address);
        known.then(|| Evidence::none().with("address", address))
    },
};

/// `known-organisation`
pub const KNOWN_ORGANISATION: Check = Check {
    name: "known-organisation",
    about: "The receiver's server confirmed that it comes from the domain of a well-known \
            organisation, where strangers have no mailboxes and no pages.",
    concern: Concern::Sender,
    run: |message, context| {
        let domain = &confirmed(message)?.domain;
        let brand = context.brands.owner(domain)?;
        let anybodys = FREEMAIL.covers(domain) || FREE_HOSTING.covers(domain);
        (!anybodys).then(|| {
            Evidence::none()
                .with("domain", domain)
                .with("brand", brand.names.first().map_or("", String::as_str))
        })
    },
};
