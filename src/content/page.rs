//! Attached pages, HTML and SVG: where they lead, what they ask for, and what a script in them
//! unpacks. Scripts are never run; what they hide is undone where that is plain decoding.

use super::opened::{Opened, as_text};
use crate::mail::{FileKind, Form, Html, Limits, LinkOrigin, Mark};
use mail_parser::decoders::base64::base64_decode;
use memchr::memmem;

/// Bytes that are read.
const MOST: usize = 512 << 10;
/// How often what was hidden is looked into for more that is hidden.
const LAYERS: usize = 3;
/// Letters of base64 in a row that are more than a word.
const RUN: usize = 40;
/// Runs that are decoded.
const RUNS: usize = 50;

/// What scripts unpack with.
const UNPACKS: [&[u8]; 7] = [
    b"atob(",
    b"unescape(",
    b"fromcharcode",
    b"eval(",
    b"decodeuricomponent(",
    b"createobjecturl",
    b"mssaveoropenblob",
];
/// How a page moves on by itself.
const MOVES: [&[u8]; 9] = [
    b"http-equiv=\"refresh\"",
    b"http-equiv='refresh'",
    b"http-equiv=refresh",
    b"location.href",
    b"location.replace",
    b"location.assign",
    b"window.location",
    b"document.location",
    b"window.open(",
];
/// Attributes that hold a script.
const HANDLERS: [&[u8]; 5] = [
    b"onload=",
    b"onerror=",
    b"onclick=",
    b"onmouseover=",
    b"javascript:",
];

/// Reads a page.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    let bytes = bytes.get(..bytes.len().min(MOST)).unwrap_or_default();
    layer(&as_text(bytes), LAYERS, opened);
}

fn layer(source: &str, layers: usize, opened: &mut Opened) {
    let Some(below) = layers.checked_sub(1) else {
        return;
    };
    let limits = Limits {
        text: opened.room().max(1000),
        links: 100,
        ..opened.limits.clone()
    };
    let html = Html::read(source, &limits, &mut Vec::new());
    opened.text(&html.text);
    for link in &html.links {
        if link.origin != LinkOrigin::Image {
            opened.link(&link.target, &link.shown);
        }
    }
    for picture in &html.pictures {
        opened.look(picture, FileKind::of(picture));
    }
    match html.form {
        Form::Password => opened.mark(Mark::Password),
        Form::Plain => opened.mark(Mark::Form),
        Form::None => {}
    }
    let lower = source.to_ascii_lowercase();
    let has = |words: &[&[u8]]| {
        words
            .iter()
            .any(|word| memmem::find(lower.as_bytes(), word).is_some())
    };
    let script = html.script || has(&HANDLERS);
    if script {
        opened.mark(Mark::Script);
        // Where the script leads, in the open.
        opened.links_in(source);
    }
    if has(&MOVES) {
        opened.mark(Mark::MovesOn);
    }
    let hidden = hidden_in(source);
    if (script || layers < LAYERS) && (has(&UNPACKS) || is_hexadecimal(source)) {
        opened.mark(Mark::HiddenScript);
    }
    for text in hidden {
        layer(&text, below, opened);
    }
}

/// Texts that are encoded in a page: base64, `%3C`, `\x3C`.
fn hidden_in(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let runs = source.as_bytes().split(|byte| !is_letter(byte));
    for run in runs.filter(|run| run.len() >= RUN).take(RUNS) {
        let letters: Vec<u8> = run.iter().copied().filter(|byte| *byte != b'=').collect();
        let whole = letters.get(..letters.len() & !3).unwrap_or_default();
        if let Some(bytes) = base64_decode(whole) {
            found.extend(readable(bytes));
        }
    }
    for sign in ["%", "\\x"] {
        if let Some(bytes) = unescaped(source, sign) {
            found.extend(readable(bytes));
        }
    }
    found
}

/// Bytes as text, if they are a piece of a page or lead somewhere.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let odd = text
        .chars()
        .filter(|letter| letter.is_control() && !letter.is_whitespace());
    let says =
        text.contains('<') || text.contains("http") || text.contains("%3C") || text.contains("%3c");
    (says && odd.count() * 20 <= text.len()).then_some(text)
}

/// The text with every escape of two hexadecimal digits undone; `None` where a page is not full of
/// them: links hold some.
fn unescaped(source: &str, sign: &str) -> Option<Vec<u8>> {
    let opens = [format!("{sign}3c"), format!("{sign}3C")];
    let tags = opens
        .iter()
        .map(|open| source.matches(open.as_str()).count());
    if tags.sum::<usize>() < 3 {
        return None;
    }
    let mut bytes = Vec::with_capacity(source.len());
    let mut parts = source.split(sign);
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        let digits = part
            .get(..2)
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match digits {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => {
                bytes.extend(sign.bytes());
                bytes.extend(part.bytes());
            }
        }
    }
    Some(bytes)
}

/// Whether a script is written in escapes: `\x68\x74`, `_0x3f2a`.
fn is_hexadecimal(source: &str) -> bool {
    source.matches("\\x").count() > 100 || source.matches("_0x").count() > 30
}
