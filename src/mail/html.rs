//! HTML to what a reader sees: visible text, links, and marks of what is hidden.

use super::Link;

/// An HTML part, read as a browser would.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Html {
    /// The visible text.
    pub text: String,
    /// Text that is in the source but that a reader does not see (by `display:none`, size 0, …).
    pub hidden: String,
    /// Links, in order; at most `Limits::links`.
    pub links: Vec<Link>,
    /// Whether it has a form with a password field, or a form at all.
    pub form: Form,
    /// Whether it has a script.
    pub script: bool,
    /// How many images it would show.
    pub images: usize,
}

/// What kind of form an HTML part has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// None.
    #[default]
    None,
    /// A form without a password field.
    Plain,
    /// A form that asks for a password.
    Password,
}
