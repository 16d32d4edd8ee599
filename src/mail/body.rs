//! What a message's body holds: its text in both twins, its HTML, its attachments.
//! mail-parser takes the MIME structure apart; this module guards it against input that would
//! cost more time or memory than its size warrants.

use super::header;
use super::message::{Header, Limits};
use super::structure;
use super::text::{is_invisible, tidy, truncate};
use super::{Attachment, FileKind, Holding, Html};
use mail_parser::decoders::{base64::base64_decode, charsets::map::charset_decoder};
use mail_parser::{Encoding, MessageParser, MessagePart, MimeHeaders, PartType};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::mem;
use std::sync::LazyLock;

/// Only the headers that say what a part is are parsed; all others are `header`'s.
pub(super) static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .default_header_ignore()
});

/// A message's content.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) plain: Option<String>,
    pub(super) html: Option<Html>,
    /// What a reader sees, in order.
    pub(super) text: String,
    pub(super) attachments: Vec<Attachment>,
    /// Whether a text is encoded as base64 and has nothing that needs it.
    pub(super) needless_base64: bool,
    /// Whether it says that it has several parts, and has none.
    pub(super) parts_missing: bool,
    /// Whether it says that it is there in several forms, and is there in one.
    pub(super) lone_alternative: bool,
}

/// Reads the body of `raw`, which begins at `start`, and tells in `cut` what it left out.
pub(super) fn read(
    raw: &[u8],
    headers: &[Header],
    start: usize,
    limits: &Limits,
    cut: &mut Vec<String>,
) -> Body {
    // The parser gets a header section of our making, so that it and `header` cannot disagree
    // on where the body begins.
    let content = raw.get(start..).unwrap_or_default();
    let mut whole = Vec::with_capacity(content.len() + 1024);
    for header in headers {
        let described = header
            .name
            .get(..8)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("content-"));
        if described && header.raw.len() <= limits.header && whole.len() < 4 * limits.header {
            whole.extend(raw.get(header.raw.clone()).unwrap_or_default());
            whole.extend(b"\r\n");
        }
    }
    whole.extend(b"\r\n");
    whole.extend(content);
    let mut body = Body::default();
    let mut attached = VecDeque::new();
    let header = whole.len() - content.len();
    let mut effort = structure::EFFORT;
    for piece in structure::pieces(&whole, limits.depth, header, &mut effort, cut) {
        body.take_apart(piece, limits, 0, &mut attached, cut);
    }
    // Messages that are attached, and what is attached to them: those open with a click, too.
    while let Some((index, depth)) = attached.pop_front() {
        let Some(bytes) = body
            .attachments
            .get_mut(index)
            .map(|nested| mem::take(&mut nested.bytes))
        else {
            break;
        };
        for piece in structure::pieces(&bytes, limits.depth, 0, &mut effort, cut) {
            body.take_apart(piece, limits, depth, &mut attached, cut);
        }
        if let Some(nested) = body.attachments.get_mut(index) {
            nested.bytes = bytes;
        }
    }
    body
}

/// The same bytes in which no part says that it is a message. The parser would take attached
/// messages apart itself, and where they are oddly nested it puts what follows them into them,
/// out of sight; so each is taken apart on its own. Nothing moves: every offset stays.
fn without_nesting(bytes: &[u8]) -> Cow<'_, [u8]> {
    static NESTED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("(?i-u)message/(?:rfc822|global)").ok());
    let mut masked = Cow::Borrowed(bytes);
    for found in NESTED.iter().flat_map(|nested| nested.find_iter(bytes)) {
        if let Some(first) = masked.to_mut().get_mut(found.start() + "message/".len()) {
            *first = b'x';
        }
    }
    masked
}

/// What the masked types are called.
const MASKED: [&str; 2] = ["message/xfc822", "message/xlobal"];

impl Body {
    /// Takes one message apart: the outermost for its text and attachments, an attached one for
    /// its attachments alone. Adds messages attached to it to `attached`, by their index.
    fn take_apart(
        &mut self,
        bounded: &[u8],
        limits: &Limits,
        depth: usize,
        attached: &mut VecDeque<(usize, usize)>,
        cut: &mut Vec<String>,
    ) {
        let masked = without_nesting(bounded);
        let Some(mut message) = PARSER.parse(masked.as_ref()) else {
            return;
        };
        if depth == 0 {
            self.texts(&message, limits, cut);
        }
        let before = self.attachments.len();
        self.collect(&mut message, bounded, limits, depth, cut);
        let nested = self.attachments.iter().enumerate().skip(before);
        let nested = nested.filter(|(_, attachment)| attachment.kind == FileKind::Message);
        if depth + 1 < limits.depth {
            attached.extend(nested.map(|(index, _)| (index, depth + 1)));
        } else if nested.count() > 0 {
            let phrase = format!("messages nested deeper than {}", limits.depth);
            if !cut.contains(&phrase) {
                cut.push(phrase);
            }
        }
    }

    /// The text that is shown: of the twins of an alternative the HTML. However many parts there
    /// are, each is read until the text is full: ten thousand parts with nothing in them would
    /// otherwise hide the one that matters.
    fn texts(
        &mut self,
        message: &mail_parser::Message<'_>,
        limits: &Limits,
        cut: &mut Vec<String>,
    ) {
        let part = |id: &u32| message.parts.get(*id as usize);
        let mut over = false;
        let mut add = |to: &mut String, text: &str| {
            if text.trim().is_empty() {
                return;
            }
            if to.len() >= limits.text {
                over = true;
                return;
            }
            if !to.is_empty() && !to.ends_with('\n') {
                to.push('\n');
            }
            // What nobody sees must not use up the room of what is read.
            let text = match to.len() + text.len() > limits.text {
                true => Cow::Owned(without_padding(text)),
                false => Cow::Borrowed(text),
            };
            let room = limits.text.saturating_sub(to.len()).min(text.len());
            over |= room < text.len();
            to.push_str(
                text.get(..text.floor_char_boundary(room))
                    .unwrap_or_default(),
            );
        };
        let texts = message.text_body.iter().chain(&message.html_body);
        self.needless_base64 = texts.filter_map(part).any(|part| match &part.body {
            PartType::Text(text) | PartType::Html(text) => {
                part.encoding == Encoding::Base64 && text.len() > 10 && text.is_ascii()
            }
            _ => false,
        });
        for part in &message.parts {
            let inner = match &part.body {
                PartType::Multipart(inner) => inner.len(),
                _ => 0,
            };
            let says = |subtype| part.is_content_type("multipart", subtype);
            let multipart = part.content_type().map(|kind| kind.ctype());
            let multipart = multipart.is_some_and(|kind| kind.eq_ignore_ascii_case("multipart"));
            self.parts_missing |= multipart && inner == 0;
            self.lone_alternative |= says("alternative") && inner == 1;
        }
        for part in message.text_body.iter().filter_map(part) {
            if let PartType::Text(text) = &part.body {
                add(self.plain.get_or_insert_default(), text);
            }
        }
        let mut pages = Vec::new();
        for part in message.html_body.iter().filter_map(part) {
            match &part.body {
                PartType::Html(source) => {
                    let html = Html::read(source, limits, cut);
                    add(&mut self.text, &html.text);
                    pages.push(html);
                }
                PartType::Text(text) => add(&mut self.text, text),
                _ => {}
            }
        }
        for part in message.attachments.iter().filter_map(part) {
            let Some((kind, text)) = damaged_text(part, &message.raw_message) else {
                continue;
            };
            if kind == FileKind::Html {
                let html = Html::read(&text, limits, cut);
                add(&mut self.text, &html.text);
                pages.push(html);
            } else {
                add(self.plain.get_or_insert_default(), &text);
            }
        }
        self.html = self
            .html
            .take()
            .into_iter()
            .chain(pages)
            .reduce(|mut all, html| {
                all.append(html);
                all
            });
        // A single part of an unusual kind of text (`text/enriched`) is shown, too.
        if self.plain.is_none()
            && self.html.is_none()
            && let [
                MessagePart {
                    body: PartType::Text(text),
                    ..
                },
            ] = message.parts.as_slice()
        {
            add(self.plain.get_or_insert_default(), text);
        }
        if let Some(html) = &mut self.html {
            over |= truncate(&mut html.text, limits.text);
            over |= truncate(&mut html.hidden, limits.text);
        } else if let Some(plain) = &self.plain {
            self.text.clone_from(plain);
        }
        let phrase = format!("text beyond {} bytes", limits.text);
        if over && !cut.contains(&phrase) {
            cut.push(phrase);
        }
    }

    /// Takes a message's attachments out of it. `original` is the message before it was masked.
    fn collect(
        &mut self,
        message: &mut mail_parser::Message<'_>,
        original: &[u8],
        limits: &Limits,
        depth: usize,
        cut: &mut Vec<String>,
    ) {
        for id in &message.attachments {
            let id = *id as usize;
            let Some(part) = message.parts.get_mut(id) else {
                continue;
            };
            if depth == 0 && damaged_text(part, &message.raw_message).is_some() {
                continue; // it is text, and was read as such
            }
            let attachment = attachment(part, original);
            // Hundreds of empty files must not hide the one that runs; what some run by its name
            // is plain text.
            let harmless = attachment.kind.is_harmless()
                && (attachment.name.is_none() || attachment.bytes.is_empty());
            let most = match harmless {
                true => limits.parts,
                false => limits.parts.saturating_mul(2),
            };
            if self.attachments.len() >= most {
                let phrase = format!("attachments beyond {}", limits.parts);
                if !cut.contains(&phrase) {
                    cut.push(phrase);
                }
                continue;
            }
            self.attachments.push(attachment);
        }
    }
}

/// Text without what takes room and shows nothing: runs of white space, invisible characters.
fn without_padding(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    tidy(&seen)
}

/// The text of a part that was meant to be shown, but whose encoding is damaged or whose closing
/// boundary is missing. The parser hands it over undecoded, as an attachment; mail programs show
/// it all the same.
fn damaged_text(part: &MessagePart<'_>, raw: &[u8]) -> Option<(FileKind, String)> {
    if !part.is_encoding_problem || part.attachment_name().is_some() {
        return None;
    }
    let of = part.content_type();
    let kind = match of.map(|of| (of.ctype(), of.subtype().unwrap_or_default())) {
        None | Some(("text", "plain")) => FileKind::Text,
        Some(("text", "html")) => FileKind::Html,
        _ => return None,
    };
    if part
        .content_disposition()
        .is_some_and(|of| of.is_attachment())
    {
        return None;
    }
    let Some(bytes) = salvaged(part, raw) else {
        return part.text_contents().map(|text| (kind, text.to_owned()));
    };
    let decoder = of
        .and_then(|of| of.attribute("charset"))
        .and_then(|charset| charset_decoder(charset.as_bytes()));
    let text = match decoder {
        Some(decoder) => decoder(&bytes),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    };
    Some((kind, text))
}

/// What a damaged part holds, decoded as far as it goes. `None` where it is not damaged, or not
/// what it says it is.
fn salvaged(part: &MessagePart<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    if !part.is_encoding_problem {
        return None;
    }
    let encoding = part
        .content_transfer_encoding()?
        .trim()
        .to_ascii_lowercase();
    let (start, end) = (part.raw_body_offset(), part.raw_end_offset());
    let content = raw.get(start as usize..end as usize)?;
    match encoding.as_str() {
        "quoted-printable" => Some(header::quoted(content, header::Within::Body)),
        "base64" => {
            let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
            let mut letters: Vec<u8> = content.iter().copied().filter(is_letter).collect();
            let odd = content
                .iter()
                .filter(|byte| !is_letter(byte) && !matches!(byte, b'\r' | b'\n' | b'='))
                .count();
            // With many strangers among the letters it is text that only says it is base64.
            if odd * 50 > letters.len() {
                return None;
            }
            letters.truncate(letters.len() & !3);
            base64_decode(&letters)
        }
        _ => None,
    }
}

fn attachment(part: &mut MessagePart<'_>, original: &[u8]) -> Attachment {
    let span = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
    let bytes = salvaged(part, original).unwrap_or_else(|| match original.get(span) {
        // Not encoded: exactly what was sent, nothing masked.
        Some(sent) if sent.len() == part.contents().len() => sent.to_vec(),
        _ => match &mut part.body {
            PartType::Binary(decoded) | PartType::InlineBinary(decoded) => {
                mem::take(decoded).into_owned()
            }
            _ => part.contents().to_vec(),
        },
    });
    let mut media_type = match part.content_type() {
        Some(of) => {
            let subtype = of.subtype().unwrap_or_default();
            format!("{}/{subtype}", of.ctype()).to_ascii_lowercase()
        }
        None => "text/plain".to_owned(), // RFC 2045 section 5.2
    };
    if MASKED.contains(&media_type.as_str()) {
        media_type = "message/rfc822".to_owned();
    }
    let nested = matches!(part.body, PartType::Message(_)) || media_type == "message/rfc822";
    let kind = if nested {
        FileKind::Message
    } else {
        FileKind::of(&bytes)
    };
    let disposition = part.content_disposition();
    let inline = kind == FileKind::Image
        && disposition.is_none_or(|of| !of.is_attachment())
        && (part.content_id().is_some() || disposition.is_some_and(|of| of.is_inline()));
    Attachment {
        name: part
            .attachment_name()
            .map(name)
            .filter(|name| !name.is_empty()),
        media_type,
        kind,
        inline,
        bytes,
        holds: Holding::default(),
    }
}

/// A file's name: encoded words decoded (they should not be in parameters, and are), no longer
/// than any file system takes.
fn name(name: &str) -> String {
    let mut decoded = match name.contains("=?") {
        true => Cow::Owned(header::decode(name.as_bytes())),
        false => Cow::Borrowed(name),
    }
    .trim()
    .to_owned();
    truncate(&mut decoded, 1000);
    decoded
}
