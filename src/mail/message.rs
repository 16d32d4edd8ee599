//! A message: its original bytes, and the view parsed from them.

use super::{Address, Attachment, Authentication, Digest, Hop, Html, Link, Receiver};
use jiff::Timestamp;
use std::ops::Range;

/// How much of a message is read; what lies beyond is left unread, and `Message::cut` says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a message that are parsed.
    pub bytes: usize,
    /// MIME parts.
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The limits.
    pub limits: Limits,
    /// The owner's own servers.
    pub receiver: Receiver,
}

/// Whether the bytes at hand are the whole message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// The first bytes of it.
    Partial {
        /// How long the whole is, in bytes, as the mailbox says.
        total: u64,
    },
}

/// One header, in the order of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// The value: unfolded, encoded words decoded, at most `Limits::header` bytes.
    pub value: String,
    /// Where it stands in the message, name and folding included.
    pub raw: Range<usize>,
}

/// A message as it can be judged.
#[derive(Debug, Clone)]
pub struct Message {
    /// The original bytes: all of them, or the first of them (`coverage`).
    pub raw: Vec<u8>,
    /// The SHA-256 of `raw`.
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
    pub hops: Vec<Hop>,
    /// What the receiver's own server found.
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
    /// What was left unread for a limit, each a short phrase ("parts beyond 500").
    pub cut: Vec<String>,
}
