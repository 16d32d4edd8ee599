//! The mailing list that a message came through, and who wrote to it. Only what the list itself
//! writes into a message is looked at.

use crate::mail::address::{self, organisational_domain};
use crate::mail::{Address, Message};

/// The domain to which a mailing list is written, or a group that has answers come to itself; the
/// list's name where it only has one.
pub(super) fn list_address(message: &Message) -> Option<String> {
    let Some(post) = message.header("List-Post") else {
        let author = message.from.first()?;
        let reply = message.reply_to.first()?;
        let group = message.to.iter().any(|to| to.address() == reply.address());
        return (group && reply.organisation() != author.organisation())
            .then(|| reply.domain.clone());
    };
    let (_, domain) = post.rsplit_once('@')?;
    let end = domain.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-');
    Some(address::ascii_domain(
        domain
            .get(..end.unwrap_or(domain.len()))
            .unwrap_or_default(),
    ))
}

/// The author behind a list that writes in its own name, as lists do for senders with a DMARC
/// policy: `Pat Doe via List <list@…>` with the author in Reply-To.
pub(super) fn poster<'m>(message: &'m Message, from: &Address, list: &str) -> Option<&'m Address> {
    let munged = from.organisation() == organisational_domain(list)
        && (from.name.contains(" via ") || from.domain == list);
    let other = |reply: &&Address| reply.organisation() != from.organisation();
    munged
        .then(|| message.reply_to.iter().chain(&message.cc).find(other))
        .flatten()
}

pub(super) fn before_via(name: &str) -> &str {
    name.split(" via ").next().unwrap_or(name)
}
