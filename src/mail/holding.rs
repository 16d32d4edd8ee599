//! What an attachment holds, as plain data: the readers of `content` fill it in, checks read it.

use super::{FileKind, Link};
use serde::{Deserialize, Serialize};

/// What was found in one attachment, or in what is drawn within the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Where it leads, each target once; at most 50.
    pub links: Vec<Link>,
    /// How many different places it leads to, readable or not.
    pub ways: usize,
    /// The beginning of its text, at most 16 KiB.
    pub text: String,
    /// What it can do, each mark once.
    pub marks: Vec<Mark>,
    /// The files inside, at most 1,000.
    pub files: Vec<Inside>,
    /// Pages of a document, where they are counted.
    pub pages: usize,
}

impl Holding {
    /// Whether it has this mark.
    pub fn has(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }
}

/// A file inside an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// Its name, as written there; empty where it has none.
    pub name: String,
    /// What it is by its content; `None` where that was not looked at.
    pub kind: Option<FileKind>,
}

/// What the content of an attachment can do, or hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mark {
    /// It is locked: what is inside cannot be read without a password.
    Locked,
    /// A document with macros.
    Macros,
    /// A document that fetches its template or a part of itself from elsewhere.
    RemotePart,
    /// A file or program is embedded in a document.
    Embedded,
    /// An object for the old Equation Editor, which is only there to break it (CVE-2017-11882).
    Equation,
    /// A script.
    Script,
    /// A script that unpacks hidden text.
    HiddenScript,
    /// A form.
    Form,
    /// A field for a password.
    Password,
    /// It sends the reader on by itself.
    MovesOn,
    /// It starts a program or opens a file on the reader's machine.
    Launches,
    /// A QR code.
    QrCode,
    /// A QR code drawn with characters or table cells, as no honest program does.
    DrawnCode,
    /// A OneNote section, which hardly anybody mails.
    Note,
    /// It is a report on mail that could not be delivered, or on abuse.
    Report,
}
