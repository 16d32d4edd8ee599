//! OLE containers: old Office files and Outlook messages ([MS-CFB]). What they hold is told by the
//! names in their directory, which are found by their form and not along the chains of sectors, so
//! that a container that is damaged on purpose, or read in part, tells as much.

use super::opened::{Opened, addresses_in, u16_at};
use crate::mail::Mark;

/// The names that tell, and what they do.
const NAMES: &[(&str, Mark)] = &[
    ("_VBA_PROJECT", Mark::Macros),
    ("_VBA_PROJECT_CUR", Mark::Macros),
    ("VBA", Mark::Macros),
    ("Equation Native", Mark::Equation),
    ("EncryptedPackage", Mark::Locked),
    ("\u{1}Ole10Native", Mark::Embedded),
    ("Package", Mark::Embedded),
];

/// Reads a container.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    // Directory entries are 128 bytes, and sectors a multiple of that (section 2.6.1).
    for entry in bytes.get(512..).unwrap_or_default().chunks_exact(128) {
        if let Some(name) = name_of(entry) {
            for (_, mark) in NAMES.iter().filter(|(known, _)| *known == name) {
                opened.mark(*mark);
            }
        }
    }
    for target in addresses_in(bytes) {
        opened.link(&target, "");
    }
}

/// The name in a directory entry, if it is one: its length in bytes with the null at its end, and
/// the kind of thing it names.
fn name_of(entry: &[u8]) -> Option<String> {
    let length = u16_at(entry, 64)?;
    let kind = *entry.get(66)?;
    if !(4..=64).contains(&length) || length % 2 == 1 || !matches!(kind, 1 | 2 | 5) {
        return None;
    }
    let units = entry.get(..length - 2)?.chunks_exact(2);
    let units = units.filter_map(|two| Some(u16::from_le_bytes(two.try_into().ok()?)));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .ok()
}
