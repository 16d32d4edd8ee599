//! Pages that are attached.

use super::file_name::{extension, told};
use super::known::PAGES;
use super::{Check, Concern, Given};
use crate::mail::{Attachment, FileKind, Mark, Message};
use crate::verdict::Evidence;

/// `html-attachment`
pub const HTML_ATTACHMENT: Check = Check {
    name: "html-attachment",
    about: "A page (HTML or SVG) is attached. It opens in the browser, from the disk, where no \
            filter of links looks.",
    concern: Concern::Attachment,
    run: |message, _| {
        let page = message.attachments.iter().find(|one| is_page(one))?;
        Some(Evidence::none().with("name", told(page)))
    },
};

/// `active-html-attachment`
pub const ACTIVE_HTML_ATTACHMENT: Check = Check {
    name: "active-html-attachment",
    about: "An attached page (HTML or SVG) has a script, a form or a password field, or sends the \
            reader on: it is a false sign-in page, or it unpacks a program.",
    concern: Concern::Attachment,
    run: active,
};

/// What an active page has, as it would be told to a person; the worst first.
const MARKS: [(Mark, &str); 5] = [
    (Mark::Password, "a password field"),
    (Mark::HiddenScript, "a hidden program"),
    (Mark::MovesOn, "a way on to another site"),
    (Mark::Form, "a form"),
    (Mark::Script, "a script"),
];

pub(super) fn is_page(attachment: &Attachment) -> bool {
    let named = attachment
        .name
        .as_deref()
        .and_then(extension)
        .is_some_and(|extension| PAGES.has(&extension));
    // A text part without a name is a part of the message's own text.
    named
        || attachment.name.is_some()
            && !attachment.inline
            && matches!(attachment.kind, FileKind::Html | FileKind::Svg)
}

fn active(message: &Message, _: &Given) -> Option<Evidence> {
    let mut pages = message.attachments.iter().filter(|one| is_page(one));
    pages.find_map(|page| {
        let (_, has) = MARKS.iter().find(|(mark, _)| page.holds.has(*mark))?;
        Some(Evidence::none().with("name", told(page)).with("has", has))
    })
}
