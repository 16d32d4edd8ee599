//! Shortcuts: what a Windows shortcut starts ([MS-SHLLINK]), and where an Internet shortcut leads.

use super::opened::{Opened, addresses_in, as_text};
use crate::mail::Mark;

/// Bytes that are read.
const MOST: usize = 256 << 10;

/// Reads a shortcut.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let bytes = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    opened.mark(Mark::Launches);
    if bytes.starts_with(b"\x4C\0\0\0") {
        // Paths and arguments are UTF-16 (section 2.4).
        let wide = bytes.chunks_exact(2).filter_map(|two| match two {
            [letter @ b' '..=b'~', 0] => Some(char::from(*letter)),
            _ => None,
        });
        let text: String = wide.take(8 << 10).collect();
        opened.text(&text);
        for target in addresses_in(bytes) {
            opened.link(&target, "");
        }
        return;
    }
    for line in as_text(bytes).lines() {
        if let Some((name, value)) = line.split_once('=')
            && name.trim().eq_ignore_ascii_case("url")
        {
            opened.link(value, "");
        }
    }
}
