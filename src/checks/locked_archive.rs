//! Archives that scanners cannot open.

use super::{Check, Concern, Context};
use crate::content::archive;
use crate::mail::{FileKind, Message, text::fold};
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
        const TELLS: &[&str] = &[
            "password:",
            "password is",
            "password -",
            "pass:",
            "passcode:",
            "pin:",
            "passwort:",
            "passwort lautet",
            "kennwort:",
            "mot de passe :",
            "mot de passe:",
            "contraseña:",
            "la contraseña es",
            "password è",
            "senha:",
            "パスワード：",
            "パスワード:",
        ];
        let found = locked(message, context)?;
        let text = fold(&message.text);
        let tells = TELLS.iter().find(|tells| text.contains(*tells))?;
        Some(found.with("tells", tells))
    },
};

fn locked(message: &Message, _: &Context) -> Option<Evidence> {
    message
        .attachments
        .iter()
        .filter(|one| one.kind == FileKind::Archive)
        .find(|one| archive::read(&one.bytes).is_some_and(|archive| archive.encrypted))
        .map(|one| Evidence::none().with("name", one.name.as_deref().unwrap_or("(no name)")))
}
