//! Zip archives: their directory, and single files unpacked. Read here and not by the `zip` crate,
//! which builds all of the directory in memory before it can be asked, and refuses an archive whose
//! end is missing.

use super::opened::{Opened, Packing, u16_at, u32_at};

/// Files that are listed.
const FILES: usize = 1000;
/// Bytes of one name that are kept.
const NAME: usize = 1000;

/// A file in a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) locked: bool,
    /// How it is packed: 0 not at all, 8 deflated (APPNOTE 4.4.5).
    method: usize,
    /// Bytes that it takes in the archive, where that is known.
    packed: usize,
    /// Where its local header stands.
    header: usize,
}

/// Whether these bytes are a zip, as far as their beginning tells.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Whether a zip is a document of Office, whatever it is called.
pub(super) fn is_office(bytes: &[u8]) -> bool {
    is_zip(bytes)
        && entries(bytes)
            .iter()
            .any(|entry| entry.name == "[Content_Types].xml")
}

/// The files of a zip, at most 1,000. Its directory is at the end; of a message that was read in
/// part it is missing, and the files are found one behind the other.
pub(super) fn entries(bytes: &[u8]) -> Vec<Entry> {
    directory(bytes).unwrap_or_else(|| from_the_front(bytes))
}

/// Unpacks a file, at most `most` bytes; nothing where it is locked or packed in an unusual way.
pub(super) fn unpack(bytes: &[u8], entry: &Entry, most: usize, opened: &mut Opened) -> Vec<u8> {
    let data = || {
        let header = entry.header;
        (bytes.get(header..header.checked_add(4)?)? == b"PK\x03\x04").then_some(())?;
        let start = header + 30 + u16_at(bytes, header + 26)? + u16_at(bytes, header + 28)?;
        let end = match entry.packed {
            0 => bytes.len(), // told behind the data
            packed => start.checked_add(packed)?.min(bytes.len()),
        };
        bytes.get(start..end)
    };
    let Some(data) = data().filter(|_| !entry.locked) else {
        return Vec::new();
    };
    match entry.method {
        0 => data
            .get(..data.len().min(most))
            .unwrap_or_default()
            .to_vec(),
        8 => opened.unpack(data, Packing::Deflate, most),
        _ => Vec::new(),
    }
}

fn name(bytes: &[u8]) -> String {
    let bytes = bytes.get(..bytes.len().min(NAME)).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// The central directory (APPNOTE 4.3.12).
fn directory(bytes: &[u8]) -> Option<Vec<Entry>> {
    // The end record is 22 bytes and a comment of at most 65,535 (APPNOTE 4.3.16).
    let tail = bytes.len().saturating_sub(22 + 0xFFFF);
    let end = tail + memchr::memmem::rfind(bytes.get(tail..)?, b"PK\x05\x06")?;
    // Programs trust the size over the offset: there may be something in front of the archive.
    let (size, offset) = (u32_at(bytes, end + 12)?, u32_at(bytes, end + 16)?);
    let mut at = end.checked_sub(size)?;
    if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
        at = offset;
    }
    let before = at.saturating_sub(offset);
    let mut entries = Vec::new();
    while bytes.get(at..at.checked_add(4)?) == Some(b"PK\x01\x02") && entries.len() < FILES {
        let length = u16_at(bytes, at + 28)?;
        entries.push(Entry {
            name: name(bytes.get(at + 46..at + 46 + length)?),
            // Bit 0: the file's data are encrypted (APPNOTE 4.4.4).
            locked: u16_at(bytes, at + 8)? & 1 == 1,
            method: u16_at(bytes, at + 10)?,
            packed: u32_at(bytes, at + 20)?,
            header: u32_at(bytes, at + 42)?.checked_add(before)?,
        });
        at += 46 + length + u16_at(bytes, at + 30)? + u16_at(bytes, at + 32)?;
    }
    (!entries.is_empty()).then_some(entries)
}

/// The entries from the front (APPNOTE 4.3.7), as far as they say how long they are.
fn from_the_front(bytes: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    while entries.len() < FILES {
        let Some(next) = entry(bytes, at, &mut entries).filter(|next| *next > at) else {
            break;
        };
        at = next;
    }
    entries
}

fn entry(bytes: &[u8], at: usize, entries: &mut Vec<Entry>) -> Option<usize> {
    (bytes.get(at..at.checked_add(4)?)? == b"PK\x03\x04").then_some(())?;
    let flags = u16_at(bytes, at + 6)?;
    let length = u16_at(bytes, at + 26)?;
    let packed = u32_at(bytes, at + 18)?;
    entries.push(Entry {
        name: name(bytes.get(at + 30..at + 30 + length)?),
        locked: flags & 1 == 1,
        method: u16_at(bytes, at + 8)?,
        packed,
        header: at,
    });
    // Bit 3: the length comes behind the data, which only unpacking would find.
    (flags & 8 == 0).then_some(())?;
    (at + 30 + length + u16_at(bytes, at + 28)?).checked_add(packed)
}
