//! PDF: where it leads, what it starts, its text and its pictures, also inside compressed objects.
//! It is read along its streams and not along its cross-reference table, so that a damaged file,
//! or the beginning of one, tells as much. What is encrypted is counted and not read.

mod text;

use super::opened::{Opened, Packing};
use super::picture;
use crate::mail::Mark;
use memchr::{memchr_iter, memmem};
use std::collections::HashMap;
use text::Fonts;

/// Streams that are looked at.
const STREAMS: usize = 3000;
/// Bytes of one stream, unpacked.
const UNPACKED: usize = 1 << 20;
/// Bytes of content, of which the text is taken.
const CONTENT: usize = 2 << 20;
/// Bytes of a dictionary in front of a stream.
const DICTIONARY: usize = 4 << 10;
/// Bytes of one string.
const STRING: usize = 4 << 10;

/// Reads a document.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let mut document = Document {
        locked: memmem::find(bytes, b"/Encrypt").is_some(),
        fonts: Fonts::default(),
        content: Vec::new(),
        opened,
    };
    if document.locked {
        document.opened.mark(Mark::Locked);
    }
    // Where what is no stream begins, and where a stream does that is not ended yet.
    let (mut plain, mut open) = (0, None);
    let mut streams = 0;
    for at in memmem::find_iter(bytes, b"stream") {
        let ends = bytes.get(at.saturating_sub(3)..at) == Some(b"end");
        match (open, ends) {
            (None, false) if matches!(bytes.get(at + 6), Some(b'\r' | b'\n')) => open = Some(at),
            (Some(begun), true) => {
                let region = bytes.get(plain..begun).unwrap_or_default();
                let number = document.objects(region);
                streams += 1;
                if streams <= STREAMS {
                    let dictionary = region.get(region.len().saturating_sub(DICTIONARY)..);
                    let packed = bytes.get(begun + 6..at - 3).unwrap_or_default();
                    document.stream(number, dictionary.unwrap_or_default(), packed);
                }
                plain = at + 6;
                open = None;
            }
            _ => {}
        }
    }
    document.objects(bytes.get(plain..).unwrap_or_default());
    document.text();
}

struct Document<'d, 'e> {
    locked: bool,
    fonts: Fonts,
    /// Streams that show something, one behind the other.
    content: Vec<u8>,
    opened: &'d mut Opened<'e>,
}

impl Document<'_, '_> {
    /// Looks through objects that are not packed; returns the number of the last one.
    fn objects(&mut self, region: &[u8]) -> Option<usize> {
        let mut begins: Vec<(usize, usize)> = Vec::new();
        for at in memmem::find_iter(region, b" obj") {
            begins.extend(number_before(region, at).map(|number| (at, number)));
        }
        self.names(region, &begins);
        begins.last().map(|(_, number)| *number)
    }

    /// Looks through names (ISO 32000-1 section 7.3.5); `begins` says which object begins where.
    fn names(&mut self, region: &[u8], begins: &[(usize, usize)]) {
        let mut before = Vec::new();
        for at in memchr_iter(b'/', region) {
            let (name, end) = name_at(region, at + 1);
            let value = region.get(end..).unwrap_or_default().trim_ascii_start();
            match name.as_slice() {
                b"URI" => {
                    if let Some(target) = self.string(value) {
                        self.way(&target);
                    }
                }
                b"F" | b"UF" => {
                    // A file that is fetched from elsewhere.
                    if let Some(target) = self
                        .string(value)
                        .filter(|target| target.starts_with("http"))
                    {
                        self.way(&target);
                    }
                }
                b"Launch" => self.opened.mark(Mark::Launches),
                b"JavaScript" | b"JS" => {
                    self.opened.mark(Mark::Script);
                    if let Some(script) = self.string(value) {
                        self.opened.links_in(&script);
                    }
                }
                b"EmbeddedFile" | b"EmbeddedFiles" => self.opened.mark(Mark::Embedded),
                b"SubmitForm" => self.opened.mark(Mark::Form),
                b"Page" if before == b"Type" => {
                    self.opened.holding.pages = self.opened.holding.pages.saturating_add(1);
                }
                b"ToUnicode" => {
                    let owner = begins.partition_point(|(begin, _)| *begin < at);
                    let owner = owner.checked_sub(1).and_then(|last| begins.get(last));
                    if let (Some((_, font)), Some(map)) = (owner, reference(value)) {
                        self.fonts.map_of.insert(*font, map);
                    }
                }
                _ => {
                    if name.len() <= 12
                        && let Some(object) = reference(value)
                    {
                        self.fonts.name(&name, object);
                    }
                }
            }
            before = name;
        }
        // A target may be an object of its own.
        if !self.locked {
            let mut from = 0;
            while let Some(rest) = region.get(from..)
                && let Some(at) = memmem::find(rest, b"(http")
                && let Some((target, length)) = rest.get(at..).and_then(string)
            {
                self.opened.links_in(&target);
                from += at + length;
            }
        }
    }

    /// A string, as long as there are not too many: they may lie in each other.
    fn string(&mut self, value: &[u8]) -> Option<String> {
        let left = self.opened.effort.strings;
        let (text, length) = (left > 0).then(|| string(value))??;
        self.opened.effort.strings = left.saturating_sub(length);
        Some(text)
    }

    fn way(&mut self, target: &str) {
        if self.locked {
            self.opened.holding.ways = self.opened.holding.ways.saturating_add(1);
        } else {
            self.opened.link(target, "");
        }
    }

    fn stream(&mut self, number: Option<usize>, dictionary: &[u8], packed: &[u8]) {
        let start = memmem::rfind(dictionary, b" obj").unwrap_or(0);
        let dictionary = dictionary.get(start..).unwrap_or_default();
        let has = |word: &[u8]| memmem::find(dictionary, word).is_some();
        if has(b"/Image") && !has(b"/ImageB") {
            if !self.locked {
                self.picture(dictionary, packed);
            }
            return;
        }
        // Fonts, profiles and the like say nothing.
        let objects = has(b"/ObjStm");
        let shows = !has(b"/Type") && !has(b"/Subtype") && !has(b"/Length1") || has(b"/Form");
        if self.locked || !objects && !shows {
            return;
        }
        let unpacked = match has(b"/FlateDecode") || has(b"/Fl ") {
            true => self.unpack(packed, UNPACKED),
            false => packed
                .get(..packed.len().min(UNPACKED))
                .unwrap_or_default()
                .to_vec(),
        };
        if objects {
            self.packed_objects(dictionary, &unpacked);
        } else if memmem::find(&unpacked, b"begincmap").is_some() {
            let map = text::Map::read(&unpacked, &mut self.opened.effort.letters);
            self.fonts.maps.extend(number.map(|number| (number, map)));
        } else if self.content.len() + unpacked.len() <= CONTENT {
            self.content.extend(unpacked);
            self.content.push(b'\n');
        }
    }

    fn unpack(&mut self, packed: &[u8], most: usize) -> Vec<u8> {
        let start = packed
            .iter()
            .take(2)
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let packed = packed.get(start..).unwrap_or_default();
        self.opened.unpack(packed, Packing::Zlib, most)
    }

    /// An object stream (section 7.5.7): pairs of number and place, then the objects.
    fn packed_objects(&mut self, dictionary: &[u8], unpacked: &[u8]) {
        let first = field(dictionary, b"/First").unwrap_or(0);
        let pairs = unpacked.get(..first).unwrap_or_default();
        let numbers: Vec<usize> = pairs
            .split(u8::is_ascii_whitespace)
            .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
            .collect();
        let mut begins: Vec<(usize, usize)> = numbers
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [number, at] => Some((first.checked_add(*at)?, *number)),
                _ => None,
            })
            .collect();
        begins.sort_unstable();
        // What stands before an object's first letter belongs to the one before.
        begins
            .iter_mut()
            .for_each(|(at, _)| *at = at.saturating_sub(1));
        self.names(unpacked, &begins);
    }

    fn picture(&mut self, dictionary: &[u8], packed: &[u8]) {
        let has = |word: &[u8]| memmem::find(dictionary, word).is_some();
        let size = field(dictionary, b"/Width").zip(field(dictionary, b"/Height"));
        let Some((width, height)) = size.filter(|(width, height)| {
            (*width).min(*height) >= 21 && width.saturating_mul(*height) <= picture::LARGEST
        }) else {
            return;
        };
        if has(b"/DCTDecode") {
            let start = packed
                .iter()
                .take(2)
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            picture::read(packed.get(start..).unwrap_or_default(), self.opened);
        } else if has(b"/FlateDecode") && self.opened.effort.pictures > 0 {
            let bits = field(dictionary, b"/BitsPerComponent").unwrap_or(1);
            let most = width.saturating_mul(height).saturating_mul(4) + height;
            let unpacked = self.unpack(packed, most);
            let predicted = field(dictionary, b"/Predictor").is_some_and(|kind| kind >= 10);
            picture::raw(unpacked, (width, height), bits, predicted, self.opened);
        }
    }

    fn text(&mut self) {
        let room = self.opened.room();
        let text = text::shown(&self.content, &self.fonts, room);
        self.opened.links_in(&text);
        self.opened.text(&text);
    }
}

/// A name, with its escapes undone, and where it ends.
fn name_at(bytes: &[u8], start: usize) -> (Vec<u8>, usize) {
    let rest = bytes.get(start..).unwrap_or_default();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/()<>[]{}%\0".contains(byte);
    let length = rest
        .iter()
        .take(64)
        .position(ends)
        .unwrap_or(rest.len().min(64));
    let mut name = Vec::new();
    let mut letters = rest.get(..length).unwrap_or_default().iter();
    while let Some(letter) = letters.next() {
        let escaped = letters.as_slice().get(..2).filter(|_| *letter == b'#');
        let digits = escaped.and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                name.push(byte);
                letters.nth(1);
            }
            None => name.push(*letter),
        }
    }
    (name, start + length)
}

/// A string, in parentheses or of hexadecimal digits, as text (sections 7.3.4 and 7.9.2.2), and how
/// many bytes it takes.
fn string(value: &[u8]) -> Option<(String, usize)> {
    let (bytes, length) = match value {
        [b'(', rest @ ..] => literal(rest),
        [b'<', b'<', ..] => return None,
        [b'<', rest @ ..] => hexadecimal(rest),
        _ => return None,
    };
    let text = match bytes.as_slice() {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest
                .chunks_exact(2)
                .filter_map(|two| Some(u16::from_be_bytes(two.try_into().ok()?)));
            char::decode_utf16(units)
                .map(|letter| letter.unwrap_or('\u{FFFD}'))
                .collect()
        }
        bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    Some((text, length + 1))
}

/// A string behind its opening parenthesis, and how many bytes it takes.
fn literal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut all = Vec::new();
    let (mut depth, mut at) = (1, 0);
    while let Some(byte) = bytes.get(at).copied().filter(|_| all.len() < STRING) {
        at += 1;
        match byte {
            b'\\' => {
                let Some(next) = bytes.get(at).copied() else {
                    break;
                };
                at += 1;
                match next {
                    b'n' => all.push(b'\n'),
                    b'r' => all.push(b'\r'),
                    b't' => all.push(b'\t'),
                    b'\r' | b'\n' => {}
                    b'0'..=b'7' => {
                        let mut code = u32::from(next - b'0');
                        for _ in 0..2 {
                            let Some(digit @ b'0'..=b'7') = bytes.get(at).copied() else {
                                break;
                            };
                            code = code * 8 + u32::from(digit - b'0');
                            at += 1;
                        }
                        all.push(code as u8);
                    }
                    other => all.push(other),
                }
            }
            b'(' => {
                depth += 1;
                all.push(byte);
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                all.push(byte);
            }
            _ => all.push(byte),
        }
    }
    (all, at)
}

/// A string of hexadecimal digits behind its opening bracket, and how many bytes it takes.
fn hexadecimal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let end = bytes.iter().take(2 * STRING).position(|byte| *byte == b'>');
    let end = end.unwrap_or(bytes.len().min(2 * STRING));
    let digits = bytes.get(..end).unwrap_or_default().iter();
    let digits: Vec<u8> = digits
        .filter_map(|byte| char::from(*byte).to_digit(16).map(|digit| digit as u8))
        .collect();
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => high << 4 | low,
        [high] => high << 4,
        _ => 0,
    });
    (pairs.collect(), end + 1)
}

/// `12 0 R` as 12.
fn reference(value: &[u8]) -> Option<usize> {
    let start = value.get(..value.len().min(24)).unwrap_or_default();
    let mut words = start
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let number = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    let generation = words.next()?.iter().all(u8::is_ascii_digit);
    (generation && words.next()?.starts_with(b"R")).then_some(number)
}

/// The object's number in front of ` obj` at `at`: `12 0 obj`.
fn number_before(region: &[u8], at: usize) -> Option<usize> {
    let start = region.get(at.saturating_sub(20)..at)?;
    let mut words = start.rsplit(|byte| !byte.is_ascii_digit());
    words.next().filter(|generation| !generation.is_empty())?;
    std::str::from_utf8(words.next()?).ok()?.parse().ok()
}

/// A number of a dictionary.
fn field(dictionary: &[u8], name: &[u8]) -> Option<usize> {
    let at = memmem::find(dictionary, name)? + name.len();
    let rest = dictionary.get(at..)?.trim_ascii_start();
    let length = rest
        .iter()
        .take(10)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    std::str::from_utf8(rest.get(..length)?).ok()?.parse().ok()
}

/// Fonts by the names that pages call them, as one map: the last of a name counts.
type Names = HashMap<Vec<u8>, usize>;
