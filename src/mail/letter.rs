//! A letter that Postsweep writes: what goes to a vendor, before any protocol.

use jiff::Timestamp;
use std::path::PathBuf;

/// One outgoing e-mail, plain: the outboxes turn it into MIME.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The sender's address.
    pub from: String,
    /// The one recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, with `\n` at the ends of lines.
    pub body: String,
    /// The local part of the Message-ID, unique to this submission and the same at each try,
    /// so that a letter sent twice after a crash is seen to be one.
    pub id: String,
    /// The date in its header, the same at each try: the same letter is the same bytes.
    pub date: Timestamp,
    /// What goes with it.
    pub enclosures: Vec<Enclosure>,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Its name for the recipient.
    pub name: String,
    /// Its media type, such as `application/zip`.
    pub media_type: String,
    /// Where it lies.
    pub path: PathBuf,
}
