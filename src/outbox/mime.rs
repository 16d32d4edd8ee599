//! A letter as MIME (RFC 2045, 5322): the same letter is the same bytes, in whichever outbox and
//! at whichever try.

use super::OutboxError;
use crate::mail::address::ascii_domain;
use crate::mail::{Digest, Enclosure, Letter};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, MultiPartBuilder, SinglePart};
use lettre::{Address, Message};

/// A letter ready to leave.
pub(super) struct Encoded {
    /// The envelope sender.
    pub from: Address,
    /// The envelope recipient.
    pub to: Address,
    /// The message, CRLF at the ends of its lines, ending in one.
    pub bytes: Vec<u8>,
}

/// Encodes a letter, reading its enclosures.
pub(super) fn encode(letter: &Letter) -> Result<Encoded, OutboxError> {
    let (from, to) = (address(&letter.from)?, address(&letter.to)?);
    let id = safe_id(letter);
    // Of the id alone: a boundary that is drawn at random would make each try another message.
    let boundary = format!("=_{}", Digest::of(id.as_bytes()).short());
    let mut parts = MultiPartBuilder::new()
        .kind(lettre::message::MultiPartKind::Mixed)
        .boundary(boundary)
        .singlepart(SinglePart::plain(letter.body.replace('\n', "\r\n")));
    for enclosure in &letter.enclosures {
        parts = parts.singlepart(enclosed(enclosure)?);
    }
    let parts: MultiPart = parts;
    let message = Message::builder()
        .from(Mailbox::new(None, from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(letter.subject.clone())
        .date(letter.date.into())
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .multipart(parts)
        .map_err(|_| OutboxError::Address(letter.from.clone()))?;
    Ok(Encoded {
        from,
        to,
        bytes: message.formatted(),
    })
}

/// The letter's id as it can stand in a header and in a file's name: letters, digits, `.`, `-`
/// and `_`, and no dot at its ends.
pub(super) fn safe_id(letter: &Letter) -> String {
    let safe = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => c,
        _ => '-',
    };
    let id: String = letter.id.chars().take(120).map(safe).collect();
    match id.trim_matches('.') {
        "" => "letter".to_owned(),
        id => id.to_owned(),
    }
}

/// An address, its domain as A-labels, so that every server takes it.
fn address(text: &str) -> Result<Address, OutboxError> {
    let wrong = || OutboxError::Address(text.to_owned());
    let (local, domain) = text.trim().rsplit_once('@').ok_or_else(wrong)?;
    let address = Address::new(local, ascii_domain(domain)).map_err(|_| wrong())?;
    let ascii: &str = address.as_ref();
    match ascii.is_ascii() {
        true => Ok(address),
        false => Err(wrong()),
    }
}

fn enclosed(enclosure: &Enclosure) -> Result<SinglePart, OutboxError> {
    let file = |source| OutboxError::File {
        path: enclosure.path.display().to_string(),
        source,
    };
    let bytes = std::fs::read(&enclosure.path).map_err(file)?;
    let kind = ContentType::parse(&enclosure.media_type)
        .map_err(|_| file(std::io::Error::other("its media type is none")))?;
    let body = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64)
        .map_err(|_| file(std::io::Error::other("it cannot be encoded")))?;
    Ok(Attachment::new(enclosure.name.clone()).body(body, kind))
}
