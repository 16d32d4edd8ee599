//! What several checks ask of attachments: which are documents and how they are told, and where
//! what is carried leads that is not the sender's own.

use super::file_name::told;
use super::given::Given;
use super::known::TRACKERS;
use crate::mail::address::organisational_domain;
use crate::mail::{Attachment, FileKind, Holding, Link, LinkOrigin, Message};

/// Pages of a document that is more of a lure than of a text.
const PAGES: usize = 3;
/// Places that such a document leads on from.
const WAYS: usize = 6;

/// Every attachment's holding with its name as it is told, and what is drawn in the text itself.
pub fn holdings(message: &Message) -> impl Iterator<Item = (String, &Holding)> {
    let attached = message.attachments.iter();
    attached
        .map(|one| (told(one), &one.holds))
        .chain([("the text".to_owned(), &message.drawn)])
}

/// Whether an attachment is something to be read: a document, a page, an entry.
pub fn is_document(attachment: &Attachment) -> bool {
    matches!(
        attachment.kind,
        FileKind::Pdf | FileKind::Office | FileKind::Calendar
    )
}

/// Whether an attachment is there to be clicked through: a short document that leads on from few
/// places. Papers, catalogues and agreements lead on from many.
pub fn is_doorway(attachment: &Attachment) -> bool {
    let holds = &attachment.holds;
    is_document(attachment) && holds.pages <= PAGES && (1..=WAYS).contains(&holds.ways)
}

/// Links that are clicked or scanned in what a message carries: those of short documents and of
/// shortcuts, and what QR codes say. Attached pages and messages are spoken of by checks of their
/// own: they hold the links of others.
pub fn links(message: &Message) -> impl Iterator<Item = &Link> {
    let attached = message.attachments.iter().flat_map(|one| {
        let clicked = is_doorway(one) || one.kind == FileKind::Shortcut;
        let links = one.holds.links.iter();
        links.filter(move |link| clicked || link.origin == LinkOrigin::QrCode)
    });
    attached.chain(&message.drawn.links)
}

/// Whether a link leads to the web, and to somebody else than the sender.
pub fn leads_elsewhere(link: &Link, given: &Given) -> bool {
    let web = link
        .url
        .as_ref()
        .filter(|url| url.scheme().starts_with("http"));
    web.and_then(|url| url.host_str()).is_some_and(|host| {
        let organisation = organisational_domain(host);
        !given.own_organisations().contains(&organisation) && !TRACKERS.covers(host)
    })
}

/// How many letters and digits a reader sees in the text, up to some thousand.
pub fn letters(message: &Message) -> usize {
    let text = message.text.chars().take(8192);
    text.filter(|c| c.is_alphanumeric()).count()
}
