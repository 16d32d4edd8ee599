//! An office or a department that writes from a free mailbox.

use super::brand::has_words;
use super::known::FREEMAIL;
use super::{Check, Concern};
use crate::mail::text::fold;
use crate::verdict::Evidence;

/// Words that name an office, not a person.
const OFFICES: &[&str] = &[
    "account team",
    "accounts payable",
    "admin",
    "administrator",
    "award",
    "bank",
    "billing",
    "claims",
    "compliance",
    "customer care",
    "customer service",
    "customer support",
    "delivery",
    "department",
    "dept",
    "director",
    "embassy",
    "fbi",
    "federal",
    "financial",
    "foundation",
    "geek squad",
    "government",
    "head of",
    "helpdesk",
    "help desk",
    "hr",
    "human resources",
    "imf",
    "invoice",
    "it support",
    "kundendienst",
    "kundenservice",
    "lottery",
    "lotto",
    "ministry",
    "notification",
    "office",
    "order",
    "payment",
    "payroll",
    "postmaster",
    "security",
    "service client",
    "servicio al cliente",
    "support",
    "team",
    "united nations",
    "webmail",
];

/// `office-on-freemail`
pub const OFFICE_ON_FREEMAIL: Check = Check {
    name: "office-on-freemail",
    about: "The display name is an office or department (support, bank, human resources), the \
            address a free mailbox.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.first()?;
        if !FREEMAIL.covers(&from.domain) {
            return None;
        }
        let name = fold(&from.name);
        OFFICES
            .iter()
            .any(|office| has_words(&name, office))
            .then(|| {
                Evidence::none()
                    .with("name", &from.name)
                    .with("address", from.address())
            })
    },
};

/// `freemail-sender`
pub const FREEMAIL_SENDER: Check = Check {
    name: "freemail-sender",
    about: "The author's address is a free mailbox. Most of them are people, so \
            it counts only beside other signs.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.first()?;
        FREEMAIL
            .covers(&from.domain)
            .then(|| Evidence::none().with("address", from.address()))
    },
};
