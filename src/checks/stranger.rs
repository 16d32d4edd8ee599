//! Senders, names and links that have nothing to do with each other.

use super::identity::Identity;
use super::{Check, Concern, Given};
use crate::mail::Message;
use crate::verdict::Evidence;

/// `stranger`
pub const STRANGER: Check = Check {
    name: "stranger",
    about: "A new message with a page for a text, in which nothing belongs together: the name has \
            to do neither with the sender's domain nor with any link, and no link leads to the \
            sender. Newsletters that can be unsubscribed from through a known service do not \
            count, nor do people under their own name.",
    concern: Concern::Sender,
    run: |message, given| {
        let identity = new_page(message, given)?;
        let target = *identity.hosts.first()?;
        let fits =
            identity.name_fits_sender() || identity.name_fits_link() || identity.sender_fits_link();
        (!fits).then(|| evidence(identity).with("target", target))
    },
};

/// `name-unrelated-to-sender`
pub const NAME_UNRELATED_TO_SENDER: Check = Check {
    name: "name-unrelated-to-sender",
    about: "A new message with a page for a text, whose author's name has to do neither with the \
            domain that it is sent from nor with any link. Small senders with a service of \
            another name look so, too: it counts only beside other signs.",
    concern: Concern::Sender,
    run: |message, given| {
        let identity = new_page(message, given)?;
        let fits =
            identity.name.is_empty() || identity.name_fits_sender() || identity.name_fits_link();
        (!fits).then(|| evidence(identity))
    },
};

/// `links-unrelated-to-sender`
pub const LINKS_UNRELATED_TO_SENDER: Check = Check {
    name: "links-unrelated-to-sender",
    about: "A new message, none of whose links leads to the author's domain or to whom the name \
            names, and which is no letter in plain text from a person. People point to the sites of \
            others all the time: it counts only beside other signs.",
    concern: Concern::Link,
    run: |_, given| {
        let identity = new(given)?;
        let target = *identity.hosts.first()?;
        let fits = identity.name_fits_link() || identity.sender_fits_link() || identity.is_letter();
        (!fits).then(|| evidence(identity).with("target", target))
    },
};

/// A message that answers nothing and is no bulk mail of the honest kind.
fn new<'g>(given: &'g Given) -> Option<&'g Identity<'g>> {
    let identity = given.identity()?;
    (identity.begins && !identity.is_sent_for_others()).then_some(identity)
}

/// Such a message with an HTML body.
fn new_page<'g>(message: &Message, given: &'g Given) -> Option<&'g Identity<'g>> {
    message.html.as_ref()?;
    new(given)
}

fn evidence(identity: &Identity) -> Evidence {
    let name = match identity.name.is_empty() {
        true => "(no name)",
        false => &identity.name,
    };
    Evidence::none()
        .with("name", name)
        .with("address", identity.author.address())
}
