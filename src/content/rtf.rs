//! RTF: objects in it, templates from elsewhere, links. Written with hexadecimal digits, an object
//! is out of sight of most scanners; its first bytes say what it is.

use super::opened::{Opened, addresses_in};
use crate::mail::Mark;
use memchr::memmem;

/// Bytes of one object that are looked at.
const OBJECT: usize = 64 << 10;
/// Objects that are looked at.
const OBJECTS: usize = 20;

/// Reads a document.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let has = |word: &[u8]| memmem::find(bytes, word).is_some();
    if has(b"\\objdata") || has(b"\\objupdate") || has(b"\\objocx") {
        opened.mark(Mark::Embedded);
    }
    for at in memmem::find_iter(bytes, b"\\*\\template").take(OBJECTS) {
        let rest = bytes.get(at..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(2000)).unwrap_or_default();
        if !addresses_in(rest).is_empty() {
            opened.mark(Mark::RemotePart);
        }
    }
    for at in memmem::find_iter(bytes, b"\\objdata").take(OBJECTS) {
        let object = from_hex(bytes.get(at + 8..).unwrap_or_default());
        let holds = |word: &[u8]| {
            let lower = object.to_ascii_lowercase();
            memmem::find(&lower, word).is_some()
        };
        if holds(b"equation.") || holds(b"\x02\xCE\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46") {
            opened.mark(Mark::Equation);
        }
        if let Some(start) = memmem::find(&object, b"MZ\x90\0") {
            opened.inside("", object.get(start..).unwrap_or_default());
        }
        for target in addresses_in(&object) {
            opened.link(&target, "");
        }
    }
    for target in addresses_in(bytes) {
        opened.link(&target, "");
    }
    text(bytes, opened);
}

/// Pairs of hexadecimal digits, whatever control words are put between them to confuse.
fn from_hex(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    let mut half = None;
    let mut control = false;
    for byte in bytes.iter().take(4 * OBJECT) {
        match byte {
            b'\\' => control = true,
            b'}' if all.len() > 16 => break,
            _ if control => control = byte.is_ascii_alphanumeric() || *byte == b'-',
            _ => {
                let Some(digit) = char::from(*byte).to_digit(16) else {
                    continue;
                };
                match half.take() {
                    Some(high) => all.push((high << 4 | digit) as u8),
                    None => half = Some(digit),
                }
                if all.len() >= OBJECT {
                    break;
                }
            }
        }
    }
    all
}

/// The letters outside of control words and of groups that are not text.
fn text(bytes: &[u8], opened: &mut Opened) {
    let (mut text, mut control, mut depth, mut skip) = (String::new(), false, 0_usize, None);
    let mut word = Vec::new();
    for byte in bytes.iter().take(512 << 10) {
        if control {
            if byte.is_ascii_alphanumeric() || *byte == b'-' || word.is_empty() && *byte == b'*' {
                word.push(*byte);
                if *byte != b'*' {
                    continue;
                }
            }
            control = false;
            let unseen: [&[u8]; 8] = [
                b"*",
                b"fonttbl",
                b"colortbl",
                b"stylesheet",
                b"info",
                b"pict",
                b"object",
                b"themedata",
            ];
            if unseen.contains(&word.as_slice()) && skip.is_none() {
                skip = Some(depth);
            }
            if matches!(
                word.as_slice(),
                b"par" | b"line" | b"cell" | b"row" | b"tab"
            ) {
                text.push(' ');
            }
            word.clear();
            if matches!(byte, b' ' | b'*') {
                continue;
            }
        }
        match byte {
            b'\\' => control = true,
            b'{' => depth += 1,
            b'}' => {
                if skip == Some(depth) {
                    skip = None;
                }
                depth = depth.saturating_sub(1);
            }
            b' '..=b'~' if skip.is_none() => text.push(char::from(*byte)),
            _ => {}
        }
        if text.len() >= opened.room() {
            break;
        }
    }
    opened.text(&text);
}
