//! What the page for senders and rules shows.

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {}
