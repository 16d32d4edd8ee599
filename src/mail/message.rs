//! A message: its original bytes, and the view parsed from them.

use super::{
    Address, Attachment, Authentication, Digest, Holding, Hop, Html, Link, LinkOrigin, Marks,
    Receiver,
};
use super::{address, body, excerpt, header, link, marks, received, trail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;
use std::mem;
use std::ops::Range;

/// How much of a message is read; what lies beyond is left unread, and `Message::cut` says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a message that are parsed.
    pub bytes: usize,
    /// Attachments; twice as many where they do something when opened.
    pub parts: usize,
    /// Messages nested in messages.
    pub depth: usize,
    /// Bytes of visible text.
    pub text: usize,
    /// Links.
    pub links: usize,
    /// Bytes of one header's value.
    pub header: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 8 << 20,
            parts: 500,
            depth: 10,
            text: 256 << 10,
            links: 500,
            header: 16 << 10,
        }
    }
}

/// How to read: the limits, and who received the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The limits.
    pub limits: Limits,
    /// The owner's own servers.
    pub receiver: Receiver,
    /// Whether attachments are looked into.
    pub attachments: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            limits: Limits::default(),
            receiver: Receiver::default(),
            attachments: true,
        }
    }
}

/// Whether the bytes at hand are the whole message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// The first bytes of it.
    Partial {
        /// How long the whole is, in bytes, as the mailbox says.
        total: u64,
    },
    /// All of it but the middle of large attachments that no check reads (`mail::excerpt`).
    Excerpt {
        /// How long the whole is, in bytes.
        total: u64,
    },
}

impl Coverage {
    /// What `bytes` are of which so many were left out, where at most `most` are judged.
    pub fn of(bytes: &[u8], left_out: u64, most: u64) -> Coverage {
        let length = bytes.len() as u64;
        let total = length.saturating_add(left_out);
        match left_out {
            0 => Coverage::Whole,
            // Of a message that is too large for an excerpt exactly so much is read.
            _ if length >= most || length == excerpt::BEGINNING => Coverage::Partial { total },
            _ => Coverage::Excerpt { total },
        }
    }
}

/// One header, in the order of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// The value: unfolded, encoded words decoded, at most `Limits::header` bytes.
    pub value: String,
    /// Where it stands in the message, name and folding included.
    #[serde(skip)]
    pub raw: Range<usize>,
}

/// A message as it can be judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// The original bytes: all of them, or some of them (`coverage`); none of a message that
    /// was kept ([`Message::kept`]).
    #[serde(skip)]
    pub raw: Vec<u8>,
    /// The SHA-256 of the original bytes.
    #[serde(skip)]
    pub digest: Digest,
    /// Whether `raw` is the whole message.
    pub coverage: Coverage,
    /// Every header.
    pub headers: Vec<Header>,
    /// From; several are allowed (RFC 5322 section 3.6.2), and suspicious.
    pub from: Vec<Address>,
    /// Sender.
    pub sender: Option<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Return-Path: the envelope sender, as the receiver noted it.
    pub return_path: Option<Address>,
    /// The subject, decoded.
    pub subject: String,
    /// Date.
    pub date: Option<Timestamp>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs in In-Reply-To and References.
    pub references: Vec<String>,
    /// Received hops, topmost (newest) first.
    #[serde(skip)]
    pub hops: Vec<Hop>,
    /// What the receiver's own server found.
    #[serde(skip)]
    pub authentication: Authentication,
    /// The plain text twin, if there is one.
    pub plain: Option<String>,
    /// The HTML, if there is one.
    pub html: Option<Html>,
    /// What a reader sees: the HTML's visible text, else the plain text.
    pub text: String,
    /// Every link, of the HTML and of the plain text.
    pub links: Vec<Link>,
    /// What it carries.
    pub attachments: Vec<Attachment>,
    /// What is drawn within the text: QR codes in pictures that the HTML itself holds.
    pub drawn: Holding,
    /// How it is written.
    pub marks: Marks,
    /// What was left unread for a limit, each a short phrase ("links beyond 500").
    pub cut: Vec<String>,
}

impl Message {
    /// Reads a message. It never fails: of what is no mail little is there (`is_mail`), and what
    /// the limits left unread is told in `cut`.
    pub fn parse(raw: Vec<u8>, coverage: Coverage, reading: &Reading) -> Message {
        let limits = &reading.limits;
        let mut cut = Vec::new();
        let read = raw.get(..limits.bytes).unwrap_or(&raw);
        let total = match coverage {
            Coverage::Whole => raw.len() as u64,
            Coverage::Partial { total } => total,
            Coverage::Excerpt { total } => {
                let left_out = total.saturating_sub(raw.len() as u64);
                cut.push(format!(
                    "{left_out} bytes of attachments that no check reads"
                ));
                raw.len() as u64
            }
        };
        if (read.len() as u64) < total {
            cut.push(format!("bytes beyond {} of {total}", read.len()));
        }
        // Old Macs end lines with CR alone. For reading, one byte for one, LF does.
        let mut lines = Cow::Borrowed(read);
        if !read.contains(&b'\n') && read.contains(&b'\r') {
            let ended = |byte: &u8| if *byte == b'\r' { b'\n' } else { *byte };
            lines = Cow::Owned(read.iter().map(ended).collect());
        }
        let read: &[u8] = &lines;
        let section = header::section(read, limits, &mut cut);
        let body = body::read(read, &section.headers, section.body, limits, &mut cut);
        let headers = section.headers;

        let all = |name: &'static str| {
            headers
                .iter()
                .filter(move |header| header.name.eq_ignore_ascii_case(name))
        };
        let value = |name| all(name).next().map(|header| header.value.as_str());
        let addresses = |name| -> Vec<Address> {
            all(name)
                .flat_map(|header| address::list(field(read, header, limits)))
                .take(ADDRESSES)
                .collect()
        };
        let hops = trail::hops(&headers, &reading.receiver);
        let authentication = Authentication::read(&headers, &hops, &reading.receiver);
        let mut message = Message {
            digest: Digest::of(&raw),
            from: addresses("From"),
            sender: addresses("Sender").into_iter().next(),
            reply_to: addresses("Reply-To"),
            to: addresses("To"),
            cc: addresses("Cc"),
            // `<>`, the null sender of bounces (RFC 5321 section 4.5.5), is an empty address.
            return_path: value("Return-Path").map(|path| {
                let listed = address::list(path.as_bytes());
                listed.into_iter().next().unwrap_or_default()
            }),
            subject: value("Subject").unwrap_or_default().to_owned(),
            date: value("Date").and_then(received::date),
            message_id: value("Message-ID").and_then(|id| ids(id).into_iter().next()),
            references: all("In-Reply-To")
                .chain(all("References"))
                .flat_map(|header| ids(&header.value))
                .take(ADDRESSES)
                .collect(),
            hops,
            authentication,
            links: Vec::new(),
            marks: Marks {
                text_encoded: body.needless_base64,
                parts_missing: body.parts_missing,
                lone_alternative: body.lone_alternative,
                twins_differ: marks::twins_differ(
                    body.plain.as_deref().unwrap_or_default(),
                    body.html.as_ref().map_or("", |html| &html.text),
                ),
                ..Marks::of(read, &headers, limits)
            },
            plain: body.plain,
            html: body.html,
            text: body.text,
            attachments: body.attachments,
            drawn: Holding::default(),
            headers,
            raw,
            coverage,
            cut,
        };
        message.gather_links(limits);
        message
    }

    /// Whether this looks like mail at all: it has a header that mail has.
    pub fn is_mail(&self) -> bool {
        self.headers
            .iter()
            .any(|header| header::is_mail_header(&header.name))
    }

    /// The value of the first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |header: &&Header| header.name.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(named)
            .map(|header| header.value.as_str())
    }

    /// The hop by which the mail came to the receiver: the last one that the receiver's own
    /// servers wrote, so that its address is a fact and all below it the sender's claim.
    pub fn handover(&self) -> Option<&Hop> {
        self.hops.iter().take_while(|hop| hop.trusted).last()
    }

    /// Takes the links of the HTML, then those that only the plain twin has.
    fn gather_links(&mut self, limits: &Limits) {
        let html = self.html.as_mut();
        let html = html
            .map(|html| mem::take(&mut html.links))
            .unwrap_or_default();
        let mut seen = HashSet::new();
        let keys = html
            .iter()
            .map(|link| (&link.shown, link.to(), link.origin));
        let new: Vec<bool> = keys.map(|key| seen.insert(key)).collect();
        let mut targets: HashSet<Cow<str>> = HashSet::new();
        let mut written = Vec::new();
        for (_, target) in link::written_in(self.plain.as_deref().unwrap_or_default()) {
            let mut link = Link::new(target, None, LinkOrigin::Text);
            let Some(url) = &link.url else { continue };
            if targets.is_empty() {
                targets.extend(html.iter().map(|link| Cow::from(link.to())));
            }
            if targets.contains(url.as_str()) {
                continue;
            }
            targets.insert(url.to_string().into());
            link.shown.clone_from(&link.target);
            written.push(link);
            if written.len() > limits.links {
                break;
            }
        }
        let html = html.into_iter().zip(new).filter(|(_, new)| *new);
        self.links = html.map(|(link, _)| link).chain(written).collect();
        let over = self.links.len() > limits.links;
        self.links.truncate(limits.links);
        let phrase = format!("links beyond {}", limits.links);
        if over && !self.cut.contains(&phrase) {
            self.cut.push(phrase);
        }
    }
}

/// Addresses, or references, of one header that are kept.
const ADDRESSES: usize = 1000;

/// A header's value as it stands, at most `Limits::header` bytes: an encoded word may hold a
/// comma, which must not be taken for one between addresses.
pub(super) fn field<'r>(raw: &'r [u8], header: &Header, limits: &Limits) -> &'r [u8] {
    let field = raw.get(header.raw.clone()).unwrap_or_default();
    let colon = field.iter().position(|&byte| byte == b':');
    let value = field
        .get(colon.map_or(0, |at| at + 1)..)
        .unwrap_or_default();
    value.get(..limits.header).unwrap_or(value)
}

/// Message-IDs without angle brackets (RFC 5322 section 3.6.4); a bare word where there are none.
fn ids(value: &str) -> Vec<String> {
    let bracketed: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(id, _)| id.trim().to_owned())
        .filter(|id| !id.is_empty())
        .collect();
    if bracketed.is_empty() && value.contains('@') {
        value.split_whitespace().map(str::to_owned).collect()
    } else {
        bracketed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::FileKind;

    fn parse(raw: &str) -> Message {
        Message::parse(
            raw.as_bytes().to_vec(),
            Coverage::Whole,
            &Reading::default(),
        )
    }

    #[test]
    fn what_is_no_mail_gives_an_empty_view() {
        for raw in ["", "\n", "just text\n\nand more", "\0\0\0", "key: value\n"] {
            let message = parse(raw);
            assert!(!message.is_mail(), "{raw:?}");
            assert!(message.from.is_empty() && message.subject.is_empty());
        }
        assert!(parse("Subject: x").is_mail());
    }

    #[test]
    fn lines_may_end_in_any_way() {
        let raw = "From: a@example.com\nSubject: one\n two\n\nHello\nyou\n";
        for newline in ["\n", "\r\n", "\r"] {
            let message = parse(&raw.replace('\n', newline));
            assert_eq!(message.subject, "one two");
            assert_eq!(
                message.text.split_whitespace().collect::<Vec<_>>(),
                ["Hello", "you"]
            );
            assert!(message.is_mail());
        }
    }

    #[test]
    fn a_message_is_read_whole() {
        let message = parse(
            "From: \"service@bank.example\" <x@evil.test>\r\nTo: a@example.com, b@example.org\r\n\
             Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Tue, 3 Feb 2026 10:00:00 +0100\r\n\
             Message-ID: <1@evil.test>\r\nReferences: <a@x.test>\r\n <b@x.test>\r\nReturn-Path: <>\r\n\
             Content-Type: multipart/mixed; boundary=m\r\n\r\npreamble\r\n\
             --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
             --a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             Gr=FC=DFe http://plain.example/\r\n\
             --a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <p>Hello <a href=\"http://evil.test/\">bank.example</a>\r\n--a--\r\n\
             --m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''R%C3%A9; filename*1=port.pdf\r\n\
             Content-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n--m--\r\n",
        );
        assert_eq!(message.from[0].name, "service@bank.example");
        assert_eq!(message.from[0].address(), "x@evil.test");
        assert_eq!(message.to.len(), 2);
        assert_eq!(message.subject, "Grüße");
        assert_eq!(message.date.unwrap().to_string(), "2026-02-03T09:00:00Z");
        assert_eq!(message.message_id.as_deref(), Some("1@evil.test"));
        assert_eq!(message.references, ["a@x.test", "b@x.test"]);
        assert_eq!(message.return_path, Some(Address::default()));
        assert_eq!(
            message.plain.as_deref(),
            Some("Grüße http://plain.example/")
        );
        assert_eq!(message.text, "Hello bank.example");
        let links: Vec<_> = message
            .links
            .iter()
            .map(|link| (link.shown.as_str(), link.host().unwrap()))
            .collect();
        assert_eq!(
            links,
            [
                ("bank.example", "evil.test"),
                ("http://plain.example/", "plain.example")
            ]
        );
        let [attachment] = message.attachments.as_slice() else {
            panic!("{:?}", message.attachments)
        };
        assert_eq!(attachment.name.as_deref(), Some("Réport.pdf"));
        assert_eq!(attachment.media_type, "application/pdf");
        assert_eq!(attachment.kind, FileKind::Program);
        assert!(message.cut.is_empty(), "{:?}", message.cut);
    }
}
