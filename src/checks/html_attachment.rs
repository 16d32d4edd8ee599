//! Pages that are attached.

use super::file_name::extension;
use super::known::PAGES;
use super::{Check, Concern, Context};
use crate::mail::{Attachment, FileKind, Message};
use crate::verdict::Evidence;

/// `html-attachment`
pub const HTML_ATTACHMENT: Check = Check {
    name: "html-attachment",
    about: "A page (HTML or SVG) is attached. It opens in the browser, from the disk, where no \
            filter of links looks.",
    concern: Concern::Attachment,
    run: |message, _| {
        let page = message.attachments.iter().find(|one| is_page(one))?;
        Some(Evidence::none().with("name", page.name.as_deref().unwrap_or("(no name)")))
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

/// What an active page has, as it would be told to a person.
const MARKS: &[(&[u8], &str)] = &[
    (b"type=\"password\"", "a password field"),
    (b"type='password'", "a password field"),
    (b"type=password", "a password field"),
    (b"atob(", "a hidden program"),
    (b"unescape(", "a hidden program"),
    (b"fromcharcode", "a hidden program"),
    (b"eval(", "a hidden program"),
    (b"http-equiv=\"refresh\"", "a way on to another site"),
    (b"http-equiv='refresh'", "a way on to another site"),
    (b"window.location", "a way on to another site"),
    (b"<form", "a form"),
    (b"<script", "a script"),
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

/// What is read of a page.
pub(super) fn beginning(page: &Attachment) -> &[u8] {
    const MOST: usize = 1 << 20;
    page.bytes.get(..MOST).unwrap_or(&page.bytes)
}

fn active(message: &Message, _: &Context) -> Option<Evidence> {
    message
        .attachments
        .iter()
        .filter(|one| is_page(one))
        .find_map(|one| {
            let lower = String::from_utf8_lossy(beginning(one)).to_ascii_lowercase();
            let (_, has) = MARKS.iter().find(|(mark, _)| {
                std::str::from_utf8(mark).is_ok_and(|mark| lower.contains(mark))
            })?;
            let name = one.name.as_deref().unwrap_or("(no name)");
            Some(Evidence::none().with("name", name).with("has", has))
        })
}
