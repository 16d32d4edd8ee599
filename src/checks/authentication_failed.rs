//! What the receiver found on SPF, DKIM and DMARC.

use super::known::{alignment, confirmed, vouched};
use super::{Check, Concern};
use crate::mail::{Alignment, Outcome};
use crate::verdict::Evidence;

/// `authentication-failed`
pub const AUTHENTICATION_FAILED: Check = Check {
    name: "authentication-failed",
    about: "The receiver looked, and neither SPF nor DKIM passed for the From domain. Forwarding \
            and mailing lists break both, so this counts only beside other signs; where a well-known one found the \
            message good and sealed that, it does not count.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.first()?;
        (alignment(message, from) == Alignment::Fail)
            .then(|| Evidence::none().with("domain", &from.domain))
    },
};

/// `dmarc-failed`
pub const DMARC_FAILED: Check = Check {
    name: "dmarc-failed",
    about: "The receiver recorded that DMARC failed: the owner of the From domain publishes a \
            policy, and this message does not meet it.",
    concern: Concern::Sender,
    run: |message, _| {
        let author = message.from.first();
        let vouched = author.and_then(|author| vouched(message, author));
        match &message.authentication.dmarc {
            Some((Outcome::Fail, domain)) if vouched.is_none() => {
                Some(Evidence::none().with("domain", domain))
            }
            _ => None,
        }
    },
};

/// `authenticated`
pub const AUTHENTICATED: Check = Check {
    name: "authenticated",
    about: "Every author's domain passed authentication. It says who wrote, not that they are \
            honest.",
    concern: Concern::Sender,
    run: |message, _| confirmed(message).map(|from| Evidence::none().with("domain", &from.domain)),
};

/// `vouched-for`
pub const VOUCHED_FOR: Check = Check {
    name: "vouched-for",
    about: "Authentication fails for who passed it on; a well-known forwarder found it good before \
            and sealed that (ARC). It says who wrote, not that they are honest.",
    concern: Concern::Sender,
    run: |message, _| {
        let from = message.from.first()?;
        let failed = message.authentication.alignment(from) != Alignment::Pass;
        let by = vouched(message, from).filter(|_| failed)?;
        Some(Evidence::none().with("domain", &from.domain).with("by", by))
    },
};
