//! OneNote sections ([MS-ONESTORE]): the files embedded in them. A picture of a button is laid over
//! an embedded script, and the reader is told to click twice.

use super::opened::{Opened, addresses_in, u64_at};
use crate::mail::Mark;
use memchr::memmem;

/// What a FileDataStoreObject begins with (section 2.6.13).
const OBJECT: &[u8] = b"\xE7\x16\xE3\xBD\x65\x26\x11\x45\xA4\xC4\x8D\x4D\x0B\x7A\x9E\xAC";
/// Embedded files that are looked into.
const FILES: usize = 50;

/// Reads a section.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    opened.mark(Mark::Note);
    for at in memmem::find_iter(bytes, OBJECT).take(FILES) {
        let file = || {
            let length = u64_at(bytes, at + 16)?;
            let start = at + 36;
            bytes.get(start..start.checked_add(length)?.min(bytes.len()))
        };
        if let Some(file) = file() {
            opened.inside("", file);
            opened.mark(Mark::Embedded);
        }
    }
    for target in addresses_in(bytes) {
        opened.link(&target, "");
    }
}
