//! Readers of what mail carries: by content and not by name, pure, and capped in size, depth,
//! count and work. What they find is plain data ([`crate::mail::Holding`]); what it means is for
//! checks to say. Nothing that is read here counts as a message's own text or links.

mod archive;
mod calendar;
mod disk;
mod drawing;
mod nested;
mod ole;
mod onenote;
mod ooxml;
mod opened;
mod page;
mod pdf;
mod picture;
mod qr;
mod rtf;
mod shortcut;
mod zip;

use crate::mail::{Attachment, FileKind, Holding, Limits, Message, Reading};
use opened::{Effort, Opened};

/// A reader of one kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// ZIP, RAR, 7z, gzip, tar, CAB.
    Archive,
    /// iCalendar.
    Calendar,
    /// ISO 9660 and FAT.
    Disk,
    /// An attached message.
    Nested,
    /// Old Office files and everything else in an OLE container.
    Ole,
    /// OneNote.
    OneNote,
    /// Office files in a zip.
    Ooxml,
    /// HTML and SVG.
    Page,
    /// PDF.
    Pdf,
    /// PNG, JPEG and GIF, for QR codes.
    Picture,
    /// RTF.
    Rtf,
    /// Windows shortcuts.
    Shortcut,
}

impl Reader {
    /// Every reader.
    pub const ALL: [Reader; 12] = [
        Reader::Archive,
        Reader::Calendar,
        Reader::Disk,
        Reader::Nested,
        Reader::Ole,
        Reader::OneNote,
        Reader::Ooxml,
        Reader::Page,
        Reader::Pdf,
        Reader::Picture,
        Reader::Rtf,
        Reader::Shortcut,
    ];

    /// The reader for a file, if there is one.
    fn of(kind: FileKind, bytes: &[u8]) -> Option<Reader> {
        Some(match kind {
            FileKind::Archive if zip::is_office(bytes) => Reader::Ooxml,
            FileKind::Archive => Reader::Archive,
            FileKind::Office if bytes.starts_with(b"PK") => Reader::Ooxml,
            FileKind::Office if bytes.starts_with(b"\xD0\xCF") => Reader::Ole,
            FileKind::Office if bytes.starts_with(b"{") => Reader::Rtf,
            FileKind::Office => Reader::OneNote,
            FileKind::Calendar => Reader::Calendar,
            FileKind::DiskImage => Reader::Disk,
            FileKind::Message => Reader::Nested,
            FileKind::Html | FileKind::Svg => Reader::Page,
            FileKind::Pdf => Reader::Pdf,
            FileKind::Image => Reader::Picture,
            FileKind::Shortcut => Reader::Shortcut,
            FileKind::Program | FileKind::Script | FileKind::Text | FileKind::Other => return None,
        })
    }

    fn read(self, bytes: &[u8], opened: &mut Opened) {
        match self {
            Reader::Archive => archive::read(bytes, opened),
            Reader::Calendar => calendar::read(bytes, opened),
            Reader::Disk => disk::read(bytes, opened),
            Reader::Nested => nested::read(bytes, opened),
            Reader::Ole => ole::read(bytes, opened),
            Reader::OneNote => onenote::read(bytes, opened),
            Reader::Ooxml => ooxml::read(bytes, opened),
            Reader::Page => page::read(bytes, opened),
            Reader::Pdf => pdf::read(bytes, opened),
            Reader::Picture => picture::read(bytes, opened),
            Reader::Rtf => rtf::read(bytes, opened),
            Reader::Shortcut => shortcut::read(bytes, opened),
        }
    }

    /// What this reader finds in bytes, whatever they are.
    pub fn find(self, bytes: &[u8]) -> Holding {
        let limits = Limits::default();
        let mut effort = Effort::of(&limits);
        let mut opened = Opened::new(&mut effort, &limits);
        opened.read(self, bytes);
        opened.holding
    }
}

/// Reads what a message carries: its attachments, and what is drawn within its text. Does nothing
/// where the reading of attachments is switched off.
pub fn open(message: &mut Message, reading: &Reading) {
    if !reading.attachments {
        return;
    }
    let limits = &reading.limits;
    let mut effort = Effort::of(limits);
    for attachment in &mut message.attachments {
        let mut opened = Opened::new(&mut effort, limits);
        match Reader::of(attachment.kind, &attachment.bytes) {
            Some(reader) => opened.read(reader, &attachment.bytes),
            // What a browser takes for a page by its name may begin like anything.
            None if is_called_page(attachment) => opened.read(Reader::Page, &attachment.bytes),
            None => {}
        }
        attachment.holds = opened.holding;
    }
    let mut opened = Opened::new(&mut effort, limits);
    for picture in message.html.iter().flat_map(|html| &html.pictures) {
        opened.look(picture, FileKind::of(picture));
    }
    drawing::read(message, &mut opened);
    message.drawn = opened.holding;
}

fn is_called_page(attachment: &Attachment) -> bool {
    let name = attachment
        .name
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let name = name.trim_end_matches(['.', ' ']);
    [".htm", ".html", ".shtml", ".xhtml", ".svg"]
        .iter()
        .any(|end| name.ends_with(end))
}
