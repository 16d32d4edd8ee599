//! What the page for what goes to the vendor shows.

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {}

impl State {
    /// Samples that were chosen.
    pub fn badge(&self) -> usize {
        0
    }
}
