//! The text of a PDF: what its pages show, letter by letter through the maps that its fonts carry
//! (ISO 32000-1 section 9.10.3). Where a font carries none, letters are taken for Latin ones.

use super::{Names, hexadecimal, literal, name_at};
use std::collections::HashMap;

/// Fonts' names that are kept.
const NAMES: usize = 500;
/// Letters of one map.
const LETTERS: usize = 10_000;

/// The fonts of a document.
#[derive(Default)]
pub(super) struct Fonts {
    /// A font's name to its object.
    names: Names,
    /// A font's object to its map's.
    pub(super) map_of: HashMap<usize, usize>,
    /// The maps.
    pub(super) maps: HashMap<usize, Map>,
}

impl Fonts {
    /// Notes that an object is called so; most are no fonts.
    pub(super) fn name(&mut self, name: &[u8], object: usize) {
        if self.names.len() < NAMES || self.names.contains_key(name) {
            self.names.insert(name.to_vec(), object);
        }
    }

    fn map(&self, name: &[u8]) -> Option<&Map> {
        self.maps.get(self.map_of.get(self.names.get(name)?)?)
    }
}

/// What the codes of a font mean.
#[derive(Default)]
pub(super) struct Map {
    letters: HashMap<u32, String>,
    /// Bytes of a code.
    width: usize,
    /// Letters that it may still take: a few bytes can ask for thousands, again and again.
    room: usize,
}

impl Map {
    /// Reads a ToUnicode map: `bfchar` has pairs, `bfrange` has first, last and the first's letter.
    /// What it takes is taken off `left`.
    pub(super) fn read(bytes: &[u8], left: &mut usize) -> Map {
        let room = LETTERS.min(*left);
        let mut map = Map {
            width: 1,
            room,
            ..Map::default()
        };
        let mut kept: Vec<Vec<u8>> = Vec::new();
        let mut list = None;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'<' if bytes.get(at) != Some(&b'<') => {
                    let (code, length) = hexadecimal(bytes.get(at..).unwrap_or_default());
                    at += length;
                    match &mut list {
                        Some(next) => {
                            map.add(*next, &code, 0);
                            *next = next.saturating_add(1);
                        }
                        None => kept.push(code),
                    }
                    if kept.len() > 3 * LETTERS {
                        break;
                    }
                }
                b'[' => list = kept.first().map(|first| number(first)),
                b']' => {
                    list = None;
                    kept.clear();
                }
                b'\n' | b'\r' => {
                    map.line(&kept);
                    kept.clear();
                }
                // `begincodespacerange` and the like: what stood before is no letter's.
                b'b' => kept.clear(),
                b'e' => {
                    if bytes.get(at..at + 2) == Some(b"nd") {
                        map.all(&kept, bytes.get(at + 2..).unwrap_or_default());
                    }
                    kept.clear();
                }
                _ => {}
            }
        }
        *left -= room - map.room;
        map
    }

    fn line(&mut self, codes: &[Vec<u8>]) {
        match codes {
            [code, letter] => {
                self.width = code.len().clamp(1, 4);
                // Of the code space two codes stand on a line, too; they are overwritten.
                self.add(number(code), letter, 0);
            }
            [first, last, letter] => {
                self.width = first.len().clamp(1, 4);
                let (first, last) = (number(first), number(last));
                for step in 0..=last.saturating_sub(first).min(0xFFFF) {
                    if self.room == 0 {
                        break;
                    }
                    self.add(first.saturating_add(step), letter, step);
                }
            }
            _ => {}
        }
    }

    /// Some write a whole section on one line.
    fn all(&mut self, codes: &[Vec<u8>], section: &[u8]) {
        let of = if section.starts_with(b"bfrange") {
            3
        } else {
            2
        };
        if section.starts_with(b"bf") {
            codes.chunks_exact(of).for_each(|line| self.line(line));
        }
    }

    fn add(&mut self, code: u32, letter: &[u8], step: u32) {
        let Some(room) = self.room.checked_sub(1) else {
            return;
        };
        self.room = room;
        let units = letter.chunks(2).map(|two| match two {
            [high, low] => u16::from_be_bytes([*high, *low]),
            [one] => u16::from(*one),
            _ => 0,
        });
        let mut units: Vec<u16> = units.take(8).collect();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(step as u16);
        }
        let text = char::decode_utf16(units).filter_map(Result::ok).collect();
        self.letters.insert(code, text);
    }

    fn text(&self, codes: &[u8], into: &mut String) {
        for code in codes.chunks(self.width) {
            if let Some(letter) = self.letters.get(&number(code)) {
                into.extend(letter.chars().filter(|letter| !letter.is_control()));
            }
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    let start = bytes.iter().take(4);
    start.fold(0, |all, byte| all << 8 | u32::from(*byte))
}

/// What content streams show, at most `most` bytes of it.
pub(super) fn shown(content: &[u8], fonts: &Fonts, most: usize) -> String {
    let mut text = String::new();
    let (mut at, mut named, mut font) = (0, Vec::new(), None);
    // Up to here, properties were found to have no end.
    let mut endless = 0;
    // The number before an operator or in an array: a wide gap stands for a space.
    let mut gap = false;
    while let Some(byte) = content.get(at).copied().filter(|_| text.len() < most) {
        at += 1;
        match byte {
            b'(' | b'<' => {
                let rest = content.get(at..).unwrap_or_default();
                if byte == b'<' && rest.first() == Some(&b'<') {
                    // The properties of what is marked, which are not shown.
                    let near = rest.get(..rest.len().min(4096)).unwrap_or_default();
                    if at >= endless {
                        if let Some(end) = memchr::memmem::find(near, b">>") {
                            at += end + 2;
                            continue;
                        }
                        endless = at + near.len();
                    }
                    at += 1;
                    continue;
                }
                let (codes, length) = match byte {
                    b'(' => literal(rest),
                    _ => hexadecimal(rest),
                };
                at += length;
                if std::mem::take(&mut gap) && !text.ends_with(char::is_whitespace) {
                    text.push(' ');
                }
                match font.and_then(|name: &[u8]| fonts.map(name)) {
                    Some(map) => map.text(&codes, &mut text),
                    // Codes of two bytes without a map mean nothing.
                    None if byte == b'<' && codes.first() == Some(&0) => {}
                    None => text.extend(codes.iter().map(|code| match code {
                        b' '..=b'~' | 0xA0.. => char::from(*code),
                        _ => ' ',
                    })),
                }
            }
            b'/' => {
                let (name, end) = name_at(content, at);
                named = name;
                at = end.max(at);
            }
            b'-' => {
                let digits = content.get(at..).unwrap_or_default().iter();
                let wide = digits
                    .clone()
                    .take_while(|digit| digit.is_ascii_digit())
                    .count();
                gap |= wide > 3 || wide == 3 && digits.as_slice().first() != Some(&b'1');
            }
            b'T' => match content.get(at) {
                Some(b'f') => font = fonts.known(&named),
                Some(b'd' | b'D' | b'm' | b'*') => gap = true,
                _ => {}
            },
            b'B' if content.get(at) == Some(&b'T') => gap = true,
            b'\'' | b'"' => gap = true,
            _ => {}
        }
    }
    crate::mail::text::tidy(&text)
}

impl Fonts {
    /// The name of a font, where it is one that is known.
    fn known(&self, name: &[u8]) -> Option<&[u8]> {
        self.names
            .get_key_value(name)
            .map(|(name, _)| name.as_slice())
    }
}
