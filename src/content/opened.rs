//! What a reader writes its findings into. It holds every bound: on what is kept, on how deep
//! things lie in each other, and on the work that one message may cause in all.

use super::Reader;
use crate::mail::{FileKind, Holding, Inside, Limits, Link, LinkOrigin, Mark};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::collections::HashSet;
use std::io::Read;

/// Links of one attachment that are kept.
const LINKS: usize = 50;
/// Bytes of text that are kept.
const TEXT: usize = 16 << 10;
/// Files inside that are kept.
const FILES: usize = 1000;
/// Bytes of a file's name that are kept.
const NAME: usize = 500;
/// Letters of one address that are read, in what is no text.
const ADDRESS: usize = 2000;
/// How deep things may lie in each other.
const DEPTH: usize = 4;

/// What is left of the work that one message may cause.
#[derive(Debug, Clone)]
pub(super) struct Effort {
    /// Bytes that may be read.
    pub(super) bytes: usize,
    /// Files that may be looked into.
    pub(super) files: usize,
    /// Pictures that may be decoded.
    pub(super) pictures: usize,
    /// Their picture elements, in all.
    pub(super) pixels: usize,
    /// Bytes of the strings of documents that may be read, where a string may be in a string.
    pub(super) strings: usize,
    /// Letters that the fonts of documents may be asked for.
    pub(super) letters: usize,
}

impl Effort {
    pub(super) fn of(limits: &Limits) -> Effort {
        Effort {
            bytes: limits.bytes.saturating_mul(2),
            files: limits.parts.max(16),
            pictures: 8,
            pixels: 12_000_000,
            strings: 4 << 20,
            letters: 100_000,
        }
    }

    /// Takes so many bytes of the work; `false` where so many are not left.
    fn take(&mut self, bytes: usize) -> bool {
        match self.bytes.checked_sub(bytes) {
            Some(left) => self.bytes = left,
            None => return false,
        }
        true
    }
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packing {
    Deflate,
    Zlib,
    Gzip,
}

/// An attachment that is being read.
pub(super) struct Opened<'e> {
    pub(super) holding: Holding,
    pub(super) effort: &'e mut Effort,
    pub(super) limits: &'e Limits,
    /// What links found here are.
    origin: LinkOrigin,
    depth: usize,
    seen: HashSet<String>,
}

impl<'e> Opened<'e> {
    pub(super) fn new(effort: &'e mut Effort, limits: &'e Limits) -> Self {
        Opened {
            holding: Holding::default(),
            effort,
            limits,
            origin: LinkOrigin::Attachment,
            depth: 0,
            seen: HashSet::new(),
        }
    }

    /// Reads a file with the reader that its content asks for.
    pub(super) fn look(&mut self, bytes: &[u8], kind: FileKind) {
        if let Some(reader) = Reader::of(kind, bytes) {
            self.read(reader, bytes);
        }
    }

    /// Reads a file with this reader.
    pub(super) fn read(&mut self, reader: Reader, bytes: &[u8]) {
        let enough = self.effort.files > 0 && self.effort.take(bytes.len());
        if self.depth < DEPTH && enough {
            self.effort.files -= 1;
            self.depth += 1;
            reader.read(bytes, self);
            self.depth -= 1;
        }
    }

    /// Notes a file inside whose content is at hand, and looks into it.
    pub(super) fn inside(&mut self, name: &str, bytes: &[u8]) {
        let kind = FileKind::of(bytes);
        self.file(name, Some(kind));
        self.look(bytes, kind);
    }

    /// Notes a file inside.
    pub(super) fn file(&mut self, name: &str, kind: Option<FileKind>) {
        if self.holding.files.len() < FILES {
            let name = beginning(name, NAME).to_owned();
            self.holding.files.push(Inside { name, kind });
        }
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        if !self.holding.marks.contains(&mark) {
            self.holding.marks.push(mark);
        }
    }

    /// Notes a place that leads to `target` when it is clicked.
    pub(super) fn link(&mut self, target: &str, shown: &str) {
        self.add(target, shown, self.origin);
    }

    /// Notes what a QR code says.
    pub(super) fn code(&mut self, says: &str) {
        self.mark(Mark::QrCode);
        self.add(says, "", LinkOrigin::QrCode);
    }

    /// Notes the web addresses written in a text.
    pub(super) fn links_in(&mut self, text: &str) {
        let origin = self.origin;
        for target in Link::written_in(text).take(LINKS) {
            self.add(target, target, origin);
        }
    }

    fn add(&mut self, target: &str, shown: &str, origin: LinkOrigin) {
        let target = target.trim();
        if target.is_empty() || target.starts_with('#') {
            return;
        }
        if is_a_name(target) {
            return;
        }
        if self.holding.links.len() >= LINKS {
            self.holding.ways = self.holding.ways.saturating_add(1);
            return;
        }
        if self.seen.insert(beginning(target, NAME).to_owned()) {
            let mut link = Link::new(target, None, origin);
            self.holding.ways = self.holding.ways.saturating_add(1);
            link.shown = beginning(shown.trim(), NAME).to_owned();
            self.holding.links.push(link);
        }
    }

    /// Adds to the text, set off from what is there.
    pub(super) fn text(&mut self, text: &str) {
        let text = text.trim();
        let room = TEXT.saturating_sub(self.holding.text.len() + 1);
        if room > 0 && !text.is_empty() {
            if !self.holding.text.is_empty() {
                self.holding.text.push('\n');
            }
            self.holding.text.push_str(beginning(text, room));
        }
    }

    /// How much text there is room for.
    pub(super) fn room(&self) -> usize {
        TEXT.saturating_sub(self.holding.text.len())
    }

    /// Unpacks at most `most` bytes, as far as the packing is whole and work is left.
    pub(super) fn unpack(&mut self, packed: &[u8], packing: Packing, most: usize) -> Vec<u8> {
        let most = most.min(self.effort.bytes) as u64;
        let mut unpacked = Vec::new();
        // What came before a mistake is read all the same.
        let _ = match packing {
            Packing::Deflate => DeflateDecoder::new(packed)
                .take(most)
                .read_to_end(&mut unpacked),
            Packing::Zlib => ZlibDecoder::new(packed)
                .take(most)
                .read_to_end(&mut unpacked),
            Packing::Gzip => GzDecoder::new(packed).take(most).read_to_end(&mut unpacked),
        };
        self.effort.take(unpacked.len());
        unpacked
    }
}

/// Names of formats look like addresses and lead nowhere: every document is full of them.
fn is_a_name(target: &str) -> bool {
    const NAMES: [&str; 14] = [
        "http://schemas.",
        "http://www.w3.org/",
        "https://www.w3.org/",
        "http://purl.org/",
        "http://purl.oclc.org/",
        "http://ns.adobe.com/",
        "http://docs.oasis-open.org/",
        "http://openoffice.org/",
        "http://www.aiim.org/",
        "http://iptc.org/",
        "urn:",
        // A program that makes documents signs each of them.
        "http://www.tcpdf.org",
        "www.tcpdf.org",
        "about:",
    ];
    NAMES.iter().any(|name| target.starts_with(name))
}

fn beginning(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

/// Bytes as text, by their byte order mark; else UTF-16 where every second byte of the beginning
/// is null; else UTF-8, with a sign for what is not.
pub(super) fn as_text(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes
            .chunks_exact(2)
            .filter_map(|two| Some(unit(two.try_into().ok()?)));
        char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [first, 0, second, 0, ..] if *first > 0 && *second > 0 => wide(bytes, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Web addresses in what is no text, of single bytes and of UTF-16; at most 50.
pub(super) fn addresses_in(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"http") {
        let rest = bytes.get(at..).unwrap_or_default();
        // Asked first: most is no address, and its end may be far away.
        if !rest.starts_with(b"http://") && !rest.starts_with(b"https://") {
            continue;
        }
        let rest = rest.get(..rest.len().min(ADDRESS)).unwrap_or_default();
        let ends = |byte: u8| byte <= b' ' || byte >= 0x7F || b"\"<>\\^`{|}".contains(&byte);
        let length = rest.iter().position(|byte| ends(*byte));
        found.extend(rest.get(..length.unwrap_or(rest.len())).and_then(address));
        if found.len() >= LINKS {
            return found;
        }
    }
    for at in memchr::memmem::find_iter(bytes, b"h\0t\0t\0p\0") {
        let rest = bytes.get(at..).unwrap_or_default();
        if !rest.starts_with(b"h\0t\0t\0p\0:\0") && !rest.starts_with(b"h\0t\0t\0p\0s\0:\0") {
            continue;
        }
        let letters = rest
            .chunks_exact(2)
            .take(ADDRESS)
            .map_while(|two| match two {
                [letter, 0] if letter.is_ascii_graphic() && !b"\"<>".contains(letter) => {
                    Some(*letter)
                }
                _ => None,
            });
        found.extend(address(&letters.collect::<Vec<u8>>()));
        if found.len() >= LINKS {
            break;
        }
    }
    found
}

fn address(letters: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(letters).ok()?;
    let after = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"))?;
    (after.len() > 3).then(|| text.to_owned())
}

/// Little-endian numbers out of bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?).into())
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<usize> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    usize::try_from(u64::from_le_bytes(eight.try_into().ok()?)).ok()
}
