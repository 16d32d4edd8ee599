//! A sender that calls itself by the recipient's name or domain.

use super::known::recipients;
use super::{Check, Concern, Given};
use crate::mail::{Message, address::organisational_domain};
use crate::verdict::Evidence;

/// `recipient-in-display-name`
pub const RECIPIENT_IN_DISPLAY_NAME: Check = Check {
    name: "recipient-in-display-name",
    about: "The author's display name holds the recipient's address or domain, but the author is \
            not there: mass phishing fills in whom it writes to, to look like your own IT.",
    concern: Concern::Sender,
    run: display_name,
};

/// `recipient-in-subject`
pub const RECIPIENT_IN_SUBJECT: Check = Check {
    name: "recipient-in-subject",
    about: "The subject holds the recipient's whole address. Notices of mass phishing are filled \
            in so.",
    concern: Concern::Text,
    run: |message, context| {
        let subject = message.subject.to_lowercase();
        let whole = recipients(message, context)
            .into_iter()
            .find(|address| address.len() > 5 && subject.contains(address.as_str()))?;
        Some(Evidence::none().with("address", whole))
    },
};

fn display_name(message: &Message, given: &Given) -> Option<Evidence> {
    let from = message.from.first()?;
    let name = from.name.to_lowercase();
    recipients(message, given).into_iter().find_map(|address| {
        let (_, domain) = address.rsplit_once('@')?;
        let organisation = organisational_domain(domain);
        let strange = from.organisation() != organisation
            && !message
                .to
                .iter()
                .any(|to| to.organisation() == from.organisation())
            && !super::known::FREEMAIL.covers(domain);
        let shown = if name.contains(&address) {
            &address
        } else if organisation.len() > 5 && name.contains(organisation) {
            organisation
        } else {
            return None;
        };
        strange.then(|| {
            Evidence::none()
                .with("shown", shown)
                .with("address", from.address())
        })
    })
}
