//! Attached messages: their text and links, as what is attached. What they carry themselves is
//! among the message's own attachments already.

use super::opened::Opened;
use crate::mail::{Coverage, Limits, LinkOrigin, Mark, Message, Reading};

/// Bytes of an attached message that are read.
const MOST: usize = 256 << 10;

/// Reads an attached message.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let bytes = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    let reading = Reading {
        limits: Limits {
            parts: 0,
            depth: 1,
            text: 32 << 10,
            links: 100,
            ..opened.limits.clone()
        },
        ..Reading::default()
    };
    let message = Message::parse(bytes.to_vec(), Coverage::Whole, &reading);
    let kind = message.header("Content-Type").unwrap_or_default();
    if kind.to_ascii_lowercase().starts_with("multipart/report") {
        opened.mark(Mark::Report);
    }
    opened.text(&message.subject);
    opened.text(&message.text);
    for link in &message.links {
        if link.origin != LinkOrigin::Image {
            opened.link(&link.target, &link.shown);
        }
    }
}
