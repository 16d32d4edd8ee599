//! A From header that no honest program writes.

use super::{Check, Concern};
use crate::verdict::Evidence;

/// `several-authors`
pub const SEVERAL_AUTHORS: Check = Check {
    name: "several-authors",
    about: "From names addresses of several organisations, so that programs differ in which they \
            show (RFC 5322 section 3.6.2 allows it; nobody does it).",
    concern: Concern::Sender,
    run: |message, _| {
        let first = message.from.first()?;
        let other = message
            .from
            .iter()
            .find(|from| from.organisation() != first.organisation())?;
        Some(
            Evidence::none()
                .with("first", first.address())
                .with("other", other.address()),
        )
    },
};

/// `no-author`
pub const NO_AUTHOR: Check = Check {
    name: "no-author",
    about: "There is no From address that could be answered.",
    concern: Concern::Sender,
    run: |message, _| {
        message
            .from
            .iter()
            .all(|from| !from.domain.contains('.'))
            .then(Evidence::none)
    },
};
