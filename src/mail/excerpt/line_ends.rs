//! Copies whose lines end in LF alone: which they are, the same as mail travels, and what stands where.

use std::ops::Range;

/// Where lines end without a carriage return.
pub(super) fn bare_line_feeds(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let mut before = 0;
    let bare = move |(at, byte): (usize, &u8)| {
        let is_bare = *byte == b'\n' && before != b'\r';
        before = *byte;
        is_bare.then_some(at as u64)
    };
    bytes.iter().enumerate().filter_map(bare)
}

/// Moves places in a copy with all line ends to where the same is in the original.
pub(super) fn move_back(holes: &mut [Range<u64>], original: &[u8]) {
    let mut feeds = bare_line_feeds(original).peekable();
    let mut added = 0;
    let places = holes.iter_mut();
    for place in places.flat_map(|hole| [&mut hole.start, &mut hole.end]) {
        while feeds.next_if(|feed| feed + added < *place).is_some() {
            added += 1;
        }
        *place -= added;
    }
}

/// The same with a carriage return before each line feed.
pub(super) fn with_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut ended = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for byte in bytes {
        if *byte == b'\n' && ended.last() != Some(&b'\r') {
            ended.push(b'\r');
        }
        ended.push(*byte);
    }
    ended
}
