//! Answers go to somebody else than the author.

use super::known::{FREEMAIL, is_bulk};
use super::{Check, Concern, Given};
use crate::mail::Message;
use crate::verdict::Evidence;

/// `reply-to-elsewhere`
pub const REPLY_TO_ELSEWHERE: Check = Check {
    name: "reply-to-elsewhere",
    about: "Reply-To belongs to another organisation than From. Honest for newsletters and forms; \
            frauds use it to answer from a mailbox they own.",
    concern: Concern::Sender,
    run: elsewhere,
};

/// `reply-to-freemail`
pub const REPLY_TO_FREEMAIL: Check = Check {
    name: "reply-to-freemail",
    about: "Reply-To is a free mailbox that is not the author's address, and no list or bulk \
            sender stands between. Whoever answers writes to a stranger.",
    concern: Concern::Sender,
    run: freemail,
};

fn elsewhere(message: &Message, _: &Given) -> Option<Evidence> {
    let from = message.from.first()?;
    let reply = message.reply_to.first()?;
    let strange = !reply.domain.is_empty()
        && message
            .from
            .iter()
            .all(|from| from.organisation() != reply.organisation());
    strange.then(|| {
        Evidence::none()
            .with("from", from.address())
            .with("reply-to", reply.address())
    })
}

fn freemail(message: &Message, _: &Given) -> Option<Evidence> {
    let from = message.from.first()?;
    let reply = message
        .reply_to
        .iter()
        .find(|reply| FREEMAIL.covers(&reply.domain))?;
    let same = message
        .from
        .iter()
        .chain(&message.to)
        .chain(&message.cc)
        .any(|one| one.address().eq_ignore_ascii_case(&reply.address()));
    (!same && !is_bulk(message)).then(|| {
        Evidence::none()
            .with("from", from.address())
            .with("reply-to", reply.address())
    })
}
