//! What the page for the hits shows.

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {}

impl State {
    /// Hits that wait for a person.
    pub fn badge(&self) -> usize {
        0
    }
}
