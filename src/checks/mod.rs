//! Checks: pure functions, each stating one fact about a message.
//! A check's name completes "this message has …"; what it found is named values.

pub mod context;

pub use context::Context;

use crate::mail::Message;
use crate::verdict::Evidence;

/// One check.
pub struct Check {
    /// Its name, by which rules call it.
    pub name: &'static str,
    /// What it looks at and why that matters, in a sentence or two.
    pub about: &'static str,
    /// The fact, or `None` where it does not hold.
    pub run: fn(&Message, &Context) -> Option<Evidence>,
}

/// Every check.
pub const ALL: &[Check] = &[];
