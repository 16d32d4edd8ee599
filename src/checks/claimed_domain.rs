//! A From domain that anybody can write: pages in the name of an organisation that neither signed
//! them nor is led to. This is seen in the message itself, whatever the receiver recorded.

use super::identity::Identity;
use super::known::{EVERYBODYS, FREE_HOSTING, FREEMAIL, TRACKERS};
use super::{Check, Concern, Given, lookalike};
use crate::mail::Message;
use crate::verdict::Evidence;

/// `brand-leads-elsewhere`
pub const BRAND_LEADS_ELSEWHERE: Check = Check {
    name: "brand-leads-elsewhere",
    about: "A page from a brand's own domain that is not signed in its name (DKIM), and a link that \
            leads to a stranger. Brands sign what they send, and lead to themselves.",
    concern: Concern::Sender,
    run: |message, given| {
        let identity = page(message, given)?;
        let author = &identity.author;
        let brand = given.brands.owner(&author.domain)?;
        if FREEMAIL.covers(&author.domain) || identity.is_persons() {
            return None;
        }
        let target = identity
            .hosts
            .iter()
            .find(|host| is_strange(host) && !lookalike::is_of(brand, host))?;
        (!identity.is_signed_by(|domain| lookalike::is_of(brand, domain))).then(|| {
            Evidence::none()
                .with("address", author.address())
                .with("brand", brand.names.first().map_or("", String::as_str))
                .with("target", target)
        })
    },
};

/// `unsigned-page-leads-elsewhere`
pub const UNSIGNED_PAGE_LEADS_ELSEWHERE: Check = Check {
    name: "unsigned-page-leads-elsewhere",
    about: "A page that nobody signed (DKIM), from an organisation to which no link leads: its \
            domain may be no more than written on it.",
    concern: Concern::Sender,
    run: |message, given| {
        let identity = page(message, given)?;
        let own = !FREEMAIL.covers(&identity.author.domain) && !identity.is_persons();
        let unsigned = !identity.is_signed_by(|_| true);
        let leads = identity.name_fits_link() || identity.sender_fits_link();
        let target = identity.hosts.iter().find(|host| is_strange(host))?;
        (own && unsigned && !leads).then(|| {
            Evidence::none()
                .with("address", identity.author.address())
                .with("target", target)
        })
    },
};

/// A new message with an HTML body that is not bulk mail of the honest kind.
fn page<'g>(message: &Message, given: &'g Given) -> Option<&'g Identity<'g>> {
    message.html.as_ref()?;
    let identity = given.identity()?;
    (identity.begins && !identity.is_bulk()).then_some(identity)
}

/// A host that is neither on everybody's pages nor a service that counts clicks.
fn is_strange(host: &str) -> bool {
    FREE_HOSTING.covers(host) || !EVERYBODYS.covers(host) && !TRACKERS.covers(host)
}
