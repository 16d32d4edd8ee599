//! What the targets for readers of attachments share: whatever the bytes, a reader ends, without a
//! panic, and what it keeps is bounded.

use postsweep::content::Reader;

/// Reads bytes as this kind of file.
pub fn read(reader: Reader, bytes: &[u8]) {
    let holding = reader.find(bytes);
    assert!(holding.links.len() <= 50 && holding.files.len() <= 1000);
    assert!(holding.text.len() <= 16 << 10);
}
