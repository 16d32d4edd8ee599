//! What checks and fields read of a message, so that the rest need not be kept: of most
//! attachments nothing, of an archive the names, of a page its beginning, of the plain text twin
//! whether it quotes. The original is never changed by this; a copy for the cache is.

use super::{envelope, html_attachment};
use crate::content::archive;
use crate::mail::{Attachment, FileKind, Message};

/// Takes out of a message what no check and no field of a rule reads.
pub fn trim(message: &mut Message) {
    message.raw = Vec::new();
    for attachment in &mut message.attachments {
        attachment.bytes = read_of(attachment);
    }
    if let Some(plain) = &mut message.plain {
        *plain = envelope::first_quoted(plain).unwrap_or_default().to_owned();
    }
}

fn read_of(attachment: &Attachment) -> Vec<u8> {
    if matches!(attachment.kind, FileKind::Archive | FileKind::Office) {
        return archive::read(&attachment.bytes).map_or_else(Vec::new, |archive| archive.outline());
    }
    if html_attachment::is_page(attachment) {
        return html_attachment::beginning(attachment).to_vec();
    }
    Vec::new()
}
