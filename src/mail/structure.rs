//! What of a message the MIME parser may be given: all of it, or, where that would cost more time
//! or memory than its size warrants, its parts one by one. Takes nothing apart that need not be.

use super::body::PARSER;
use aho_corasick::AhoCorasick;
use mail_parser::MimeHeaders;
use memchr::memmem;
use regex::bytes::{Match, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// Pieces that are parsed one by one.
const PIECES: usize = 20_000;
/// The longest header section of a piece.
const HEADER: usize = 64 << 10;
/// Messages up to this size are parsed as they are.
const SMALL: usize = 32 << 10;
/// Bytes that are looked at again for boundaries, in all.
pub(super) const EFFORT: usize = 200 << 20;

/// The pieces of `whole` to be parsed, in order: usually one. What is left out is told in `cut`,
/// counted from behind the first `header` bytes. `effort` is [`EFFORT`] at first, and what is left
/// of it where messages in a message follow.
pub(super) fn pieces<'w>(
    whole: &'w [u8],
    depth: usize,
    header: usize,
    effort: &mut usize,
    cut: &mut Vec<String>,
) -> Vec<&'w [u8]> {
    let mut found = Pieces {
        whole,
        pieces: Vec::new(),
        effort: *effort,
        cut: None,
    };
    match whole.len() <= SMALL && *effort == EFFORT {
        true => found.pieces.push(whole),
        false => found.add(0..whole.len(), depth),
    }
    *effort = found.effort;
    if let Some(at) = found.cut {
        let at = at.saturating_sub(header);
        cut.push(format!("MIME structure beyond {at} bytes"));
    }
    found.pieces
}

struct Pieces<'w> {
    whole: &'w [u8],
    pieces: Vec<&'w [u8]>,
    /// Bytes that may still be looked at again for boundaries, in all.
    effort: usize,
    /// Where the first piece was cut.
    cut: Option<usize>,
}

impl<'w> Pieces<'w> {
    fn add(&mut self, part: Range<usize>, depth: usize) {
        let bytes = self.whole.get(part.clone()).unwrap_or_default();
        if self.pieces.len() >= PIECES {
            self.cut.get_or_insert(part.start);
            return;
        }
        let mut effort = self.effort;
        let bounded = bound(bytes, &mut effort);
        if bounded.len() == bytes.len() {
            self.effort = effort;
            self.pieces.push(bytes);
            return;
        }
        match (Kind::of(bytes), depth.checked_sub(1)) {
            // It has no structure, whatever stands in it.
            (Kind::Leaf, _) => self.pieces.push(bytes),
            (Kind::Multipart(boundary), Some(depth)) => {
                for inner in split(bytes, &boundary) {
                    self.add(part.start + inner.start..part.start + inner.end, depth);
                }
            }
            _ => {
                self.effort = effort;
                self.cut.get_or_insert(part.start + bounded.len());
                self.pieces.push(bounded);
            }
        }
    }
}

/// What a piece says it is.
enum Kind {
    Leaf,
    Multipart(String),
    /// Nothing that can be taken apart.
    Other,
}

impl Kind {
    fn of(bytes: &[u8]) -> Kind {
        let start = bytes.get(..bytes.len().min(HEADER)).unwrap_or_default();
        let blank = start
            .windows(2)
            .position(|pair| pair == b"\n\n" || pair == b"\n\r");
        let end = match (blank, start) {
            (_, [b'\r' | b'\n', ..]) => 0,
            (Some(at), _) => at + 1,
            (None, _) => return Kind::Other,
        };
        let header = start.get(..end).unwrap_or_default();
        let Some(message) = PARSER.parse(header) else {
            return Kind::Leaf;
        };
        match message.root_part().content_type() {
            Some(of) if of.ctype().eq_ignore_ascii_case("multipart") => {
                match of.attribute("boundary") {
                    Some(boundary) if !boundary.is_empty() => Kind::Multipart(boundary.to_owned()),
                    _ => Kind::Other,
                }
            }
            // An attached message too: it is a piece of its own later.
            _ => Kind::Leaf,
        }
    }
}

/// The parts between delimiters (RFC 2046 section 5.1.1), without what stands before the first.
fn split(bytes: &[u8], boundary: &str) -> Vec<Range<usize>> {
    let Ok(delimiter) = AhoCorasick::new([format!("--{boundary}")]) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    let mut open = None;
    for found in delimiter.find_iter(bytes) {
        let rest = bytes.get(found.end()..).unwrap_or_default();
        if !matches!(
            rest.first(),
            None | Some(b'\r' | b'\n' | b'-' | b' ' | b'\t')
        ) {
            continue; // a longer boundary that begins alike
        }
        if let Some(start) = open.take() {
            parts.push(start..found.start());
        }
        if !rest.starts_with(b"--") {
            let line = rest.iter().position(|&byte| byte == b'\n');
            open = line.map(|length| found.end() + length + 1);
        }
    }
    // A closing delimiter may be missing.
    parts.extend(open.map(|start| start..bytes.len()));
    parts.retain(|part| part.start < part.end);
    parts
}

/// The beginning of `whole` that the parser can take in linear time and memory. It looks for a
/// boundary to the very end wherever one is declared, and a part may be six bytes long.
fn bound<'w>(whole: &'w [u8], effort: &mut usize) -> &'w [u8] {
    /// Places that may begin a part.
    const DASHES: usize = 100_000;
    /// Lines, each of which may be a header of a part.
    const LINES: usize = 400_000;
    /// RFC 2046 section 5.1.1 allows 70 characters.
    const BOUNDARY: usize = 200;
    static DECLARED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("(?i-u)boundary").ok());
    let Some(declared) = DECLARED.as_ref() else {
        return whole;
    };
    // Most messages are too short for so many.
    let mut whole = whole;
    if whole.len() > LINES
        && let Some(end) = memchr::memchr_iter(b'\n', whole).nth(LINES)
    {
        whole = whole.get(..end).unwrap_or_default();
    }
    let mut end = whole.len();
    if whole.len() > 2 * DASHES {
        let over = memmem::find_iter(whole, b"--").nth(DASHES);
        end = over.unwrap_or(end);
    }
    let before_end = |mark: &Match<'_>| mark.start() < end;
    for mark in declared.find_iter(whole).take_while(before_end) {
        let before = whole.get(..mark.start()).unwrap_or_default();
        let Some(left) = effort.checked_sub(whole.len()) else {
            return before;
        };
        *effort = left;
        let value = whole.get(mark.end()..).unwrap_or_default();
        let mut first = value.iter().take(BOUNDARY);
        if value.len() >= BOUNDARY && first.all(u8::is_ascii_graphic) {
            return before;
        }
    }
    whole.get(..end).unwrap_or_default()
}
