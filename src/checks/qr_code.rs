//! QR codes: links that no filter of links sees, and that a phone opens outside of the
//! organisation's protection.

use super::carried::{holdings, leads_elsewhere};
use super::{Check, Concern, Given};
use crate::mail::{Link, LinkOrigin, Mark, Message};
use crate::verdict::Evidence;

/// `qr-code-leads-elsewhere`
pub const QR_CODE_LEADS_ELSEWHERE: Check = Check {
    name: "qr-code-leads-elsewhere",
    about: "A picture, in the text or attached, holds a QR code that leads to somebody else than \
            the sender.",
    concern: Concern::Link,
    run: leads_away,
};

/// `drawn-qr-code`
pub const DRAWN_QR_CODE: Check = Check {
    name: "drawn-qr-code",
    about: "The text holds what looks like a QR code drawn with characters: a way past readers of \
            pictures.",
    concern: Concern::Link,
    run: |message, _| {
        message.drawn.has(Mark::DrawnCode).then(|| {
            let says = message.drawn.links.first();
            let says = says.map_or("(unreadable)", |link| link.host().unwrap_or(&link.target));
            Evidence::none().with("target", says)
        })
    },
};

fn leads_away(message: &Message, given: &Given) -> Option<Evidence> {
    holdings(message).find_map(|(name, holding)| {
        let mut links = holding.links.iter();
        let away = |link: &&Link| link.origin == LinkOrigin::QrCode && leads_elsewhere(link, given);
        let evidence = Evidence::none().with("name", &name);
        Some(evidence.with("target", links.find(away)?.host()?))
    })
}
