//! A display name that is itself an address, and another one.

use super::{Check, Concern, Given};
use crate::mail::address::has_known_suffix;
use crate::mail::{Address, Message};
use crate::verdict::Evidence;

/// `display-name-address`
pub const DISPLAY_NAME_ADDRESS: Check = Check {
    name: "display-name-address",
    about: "The author's display name shows an address of another organisation than the real one. \
            Many programs show only the name.",
    concern: Concern::Sender,
    run,
};

fn run(message: &Message, _: &Given) -> Option<Evidence> {
    message.from.iter().find_map(|from| {
        let shown = from
            .name
            .split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
            .find(|word| word.contains('@'))?;
        let shown = Address::new("", shown);
        let real = !shown.local.is_empty()
            && shown.domain.contains('.')
            && has_known_suffix(&shown.domain);
        (real && shown.organisation() != from.organisation()).then(|| {
            Evidence::none()
                .with("shown", shown.address())
                .with("address", from.address())
        })
    })
}
