//! Archives that scanners cannot open.

use super::file_name::told;
use super::known::TELLS;
use super::{Check, Concern, Given};
use crate::mail::{FileKind, Mark, Message, text::fold};
use crate::verdict::Evidence;

/// `locked-archive`
pub const LOCKED_ARCHIVE: Check = Check {
    name: "locked-archive",
    about: "An attached archive is locked with a password, so that no scanner sees inside.",
    concern: Concern::Attachment,
    run: locked,
};

/// `locked-archive-with-password`
pub const LOCKED_ARCHIVE_WITH_PASSWORD: Check = Check {
    name: "locked-archive-with-password",
    about: "An attached archive is locked, and the message tells the password: it keeps nobody \
            out but scanners.",
    concern: Concern::Attachment,
    run: |message, context| {
        let found = locked(message, context)?;
        let text = fold(&message.text);
        let tells = TELLS.first_in(&text)?;
        Some(found.with("tells", tells))
    },
};

fn locked(message: &Message, _: &Given) -> Option<Evidence> {
    message
        .attachments
        .iter()
        .find(|one| one.kind == FileKind::Archive && one.holds.has(Mark::Locked))
        .map(|one| Evidence::none().with("name", told(one)))
}
