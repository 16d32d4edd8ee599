//! A link: what is shown and where it really leads.

use url::Url;

/// Where in the message a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOrigin {
    /// `<a href>` (and `<area>`).
    Anchor,
    /// A URL written in plain text.
    Text,
    /// A form's action.
    Form,
    /// An image that would be fetched.
    Image,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The text that a reader sees, white space folded; empty for an image alone.
    pub shown: String,
    /// Where it leads, as written.
    pub target: String,
    /// The same, parsed as a browser would; `None` where a browser would not go either.
    pub url: Option<Url>,
    /// Where it stands.
    pub origin: LinkOrigin,
}

impl Link {
    /// The host it leads to: lower case, IDN as A-labels.
    pub fn host(&self) -> Option<&str> {
        self.url.as_ref().and_then(Url::host_str)
    }

    /// The organisational domain of that host.
    pub fn organisation(&self) -> Option<&str> {
        self.host().map(super::address::organisational_domain)
    }
}
