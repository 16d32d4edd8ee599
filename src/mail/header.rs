//! The header section of a message (RFC 5322 section 2.2): where it ends, and each header
//! unfolded with its encoded words (RFC 2047) decoded. It must take whatever attackers write:
//! no blank line, no header at all, a megabyte in one line.

use super::message::{Header, Limits};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::{memchr, memchr3, memmem};
use std::collections::HashSet;

/// Headers that are read; real mail has about 30, the longest mailing-list trail about 200.
const HEADERS: usize = 2000;

/// A message taken apart at the end of its header section.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Every header, in order.
    pub(super) headers: Vec<Header>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// Reads the header section of `raw`, and tells in `cut` what it left out.
pub(super) fn section(raw: &[u8], limits: &Limits, cut: &mut Vec<String>) -> Section {
    let mut section = Section::default();
    let mut start = beginning(raw);
    let mut open: Option<(usize, usize, usize)> = None; // start, colon, end
    let mut late = Late::default();
    let mut beyond = false;
    section.body = loop {
        let Some(rest) = raw.get(start..).filter(|rest| !rest.is_empty()) else {
            break raw.len();
        };
        let length = memchr(b'\n', rest);
        let next = start + length.map_or(rest.len(), |at| at + 1);
        let line = trim_end(rest.get(..next - start).unwrap_or_default());
        let blank = matches!(rest.first(), Some(b'\r' | b'\n'));
        if line.is_empty() && (blank || !is_known_header(raw.get(next..).unwrap_or_default())) {
            break next;
        }
        if line
            .first()
            .is_some_and(|byte| matches!(byte, b' ' | b'\t'))
            && open.is_some()
        {
            open = open.map(|(from, colon, _)| (from, colon, start + line.len()));
        } else if let Some(name) = name_length(line) {
            section.close(open.take(), raw, limits, cut);
            let colon = memchr(b':', line).unwrap_or(name);
            open = Some((start, start + colon, start + line.len()));
            if section.headers.len() >= HEADERS && !late.admits(line.get(..name)) {
                beyond = true;
                open = None;
            }
        } else if open.is_some() && is_known_header(raw.get(next..).unwrap_or_default()) {
            // A line that lost its indentation: the header section goes on below it.
            open = open.map(|(from, colon, _)| (from, colon, start + line.len()));
        } else if !line.starts_with(b">From ") {
            // No blank line: like most mail programs, take this for the body's first line, so
            // that leaving it out hides nothing.
            break start;
        }
        start = next;
    };
    section.close(open, raw, limits, cut);
    if beyond {
        cut.push(format!("headers beyond {HEADERS}"));
    }
    section
}

/// Headers below the first thousands: what mail has once is read there too, or a flood of others
/// would hide it.
#[derive(Default)]
struct Late(HashSet<String>);

impl Late {
    fn admits(&mut self, name: Option<&[u8]>) -> bool {
        let name = name.and_then(|name| std::str::from_utf8(name).ok());
        name.is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            (is_mail_header(&name) || name == "content-transfer-encoding") && self.0.insert(name)
        })
    }
}

impl Section {
    fn close(
        &mut self,
        open: Option<(usize, usize, usize)>,
        raw: &[u8],
        limits: &Limits,
        cut: &mut Vec<String>,
    ) {
        let Some((start, colon, end)) = open else {
            return;
        };
        let name = raw.get(start..colon).unwrap_or_default();
        let mut value = raw.get(colon + 1..end).unwrap_or_default();
        if value.len() > limits.header {
            value = value.get(..limits.header).unwrap_or_default();
            let phrase = format!("a header beyond {} bytes", limits.header);
            if !cut.contains(&phrase) {
                cut.push(phrase);
            }
        }
        self.headers.push(Header {
            name: String::from_utf8_lossy(trim_end(name)).into_owned(),
            value: decoded(unfold(value)),
            raw: start..end,
        });
    }
}

/// Where the headers begin: behind a byte order mark, white space (webmail's "show original" puts
/// some in front) and an mbox's "From " line.
fn beginning(raw: &[u8]) -> usize {
    let mut start = if raw.starts_with("\u{FEFF}".as_bytes()) {
        3
    } else {
        0
    };
    while start < 1000 && raw.get(start).is_some_and(u8::is_ascii_whitespace) {
        start += 1;
    }
    let rest = raw.get(start..).unwrap_or_default();
    if rest.starts_with(b"From ") || rest.starts_with(b">From ") {
        start += rest
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
    } else if start > 0 && name_length(rest).is_none() {
        return 0;
    }
    start
}

/// The length of the field name that a line begins with (RFC 5322 section 2.2), if it does.
fn name_length(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(200).position(|&byte| byte == b':')?;
    let name = trim_end(line.get(..colon)?);
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name.len())
}

/// Whether `rest` begins with a header that mail has, so that it is no body text with a colon.
fn is_known_header(rest: &[u8]) -> bool {
    let Some(name) = name_length(rest).and_then(|length| rest.get(..length)) else {
        return false;
    };
    let prefixed = |prefix: &[u8]| {
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    std::str::from_utf8(name).is_ok_and(is_mail_header)
        || [&b"X-"[..], b"Content-", b"ARC-", b"List-", b"DKIM-"]
            .into_iter()
            .any(prefixed)
}

/// Whether a message, and hardly anything else, has a header of this name.
pub(super) fn is_mail_header(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Received",
        "Message-ID",
        "Return-Path",
        "Reply-To",
        "Sender",
        "Delivered-To",
        "MIME-Version",
        "Content-Type",
        "In-Reply-To",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}

/// Takes the line breaks out (RFC 5322 section 2.2.3), and the white space at both ends.
pub(super) fn unfold(value: &[u8]) -> Vec<u8> {
    let value = trim_end(value);
    let start = value
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    let mut rest = value.get(start..).unwrap_or_default();
    let mut line = Vec::with_capacity(rest.len());
    while let Some((before, [found, behind @ ..])) =
        memchr3(b'\r', b'\n', b'\t', rest).map(|at| rest.split_at(at))
    {
        line.extend(before);
        if *found == b'\t' {
            line.push(b' ');
        }
        rest = behind;
    }
    line.extend(rest);
    line
}

/// Bytes without a declared charset: UTF-8, or else what Western mail programs send.
fn plain(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => match charset_decoder(b"windows-1252") {
            Some(decoder) => decoder(bytes),
            None => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}

/// The same as [`decode`], of a value that is nobody else's.
fn decoded(value: Vec<u8>) -> String {
    match has_encoded_word(&value) {
        true => decode(&value),
        false => String::from_utf8(value).unwrap_or_else(|error| plain(error.as_bytes())),
    }
}

/// Whether an encoded word can begin somewhere in a value.
fn has_encoded_word(value: &[u8]) -> bool {
    let mut marks = memchr::memchr_iter(b'?', value);
    marks.any(|at| at.checked_sub(1).and_then(|at| value.get(at)) == Some(&b'='))
}

/// Decodes encoded words (RFC 2047), also inside quotes, where they should not be but are.
/// Neighbours of one charset are joined before decoding: senders split letters between them.
pub(super) fn decode(value: &[u8]) -> String {
    if !has_encoded_word(value) {
        return plain(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut word = Word::default();
    let mut rest = value;
    while let Some(at) = memmem::find(rest, b"=?") {
        let (before, candidate) = rest.split_at(at);
        match encoded_word(candidate) {
            Some((charset, bytes, length)) => {
                if word.bytes.is_empty() || !before.iter().all(u8::is_ascii_whitespace) {
                    word.flush(&mut text);
                    text.push_str(&plain(before));
                }
                word.add(charset, bytes, &mut text);
                rest = candidate.get(length..).unwrap_or_default();
            }
            None => {
                word.flush(&mut text);
                text.push_str(&plain(before));
                text.push_str("=?");
                rest = candidate.get(2..).unwrap_or_default();
            }
        }
    }
    word.flush(&mut text);
    text.push_str(&plain(rest));
    text
}

/// The bytes of neighbouring encoded words in one charset, not yet decoded.
#[derive(Default)]
struct Word {
    charset: String,
    bytes: Vec<u8>,
}

impl Word {
    fn add(&mut self, charset: String, bytes: Vec<u8>, text: &mut String) {
        if self.charset != charset {
            self.flush(text);
            self.charset = charset;
        }
        self.bytes.extend(bytes);
    }

    fn flush(&mut self, text: &mut String) {
        let bytes = std::mem::take(&mut self.bytes);
        let charset = match self.charset.as_str() {
            "cp932" | "ms932" | "windows-31j" => "shift_jis", // the same, with vendor letters
            other => other,
        };
        match charset_decoder(charset.as_bytes()) {
            Some(decoder) => text.push_str(&decoder(&bytes)),
            None => text.push_str(&plain(&bytes)),
        }
    }
}

/// Takes the encoded word that `input` begins with apart: its charset, its bytes, and how long it
/// is. Looks no further than a few question marks, so that a line full of beginnings stays linear.
fn encoded_word(input: &[u8]) -> Option<(String, Vec<u8>, usize)> {
    let mut fields = input.get(2..)?.splitn(3, |&byte| byte == b'?');
    let (charset, encoding, rest) = (fields.next()?, fields.next()?, fields.next()?);
    if charset.is_empty() || charset.len() > 60 || encoding.len() != 1 {
        return None;
    }
    let mut end = 0;
    let mut tries = 0..8; // some senders leave question marks unencoded
    let text = loop {
        tries.next()?;
        end += rest.get(end..)?.iter().position(|&byte| byte == b'?')?;
        if rest.get(end + 1) == Some(&b'=') {
            break rest.get(..end)?;
        }
        end += 1;
    };
    let bytes = match encoding.first()? {
        b'B' | b'b' => {
            let letters: Vec<u8> = text.iter().copied().filter(|&byte| byte != b' ').collect();
            base64_decode(&letters)?
        }
        b'Q' | b'q' => quoted(text, Within::Word),
        _ => return None,
    };
    let charset = std::str::from_utf8(charset).ok()?;
    let charset = charset.split('*').next()?.to_ascii_lowercase(); // RFC 2231 section 5: a language
    Some((charset, bytes, 2 + (input.len() - 2 - rest.len()) + end + 2))
}

/// Where quoted text stands: the two places differ in underscores and line breaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// RFC 2047 section 4.2.
    Word,
    /// RFC 2045 section 6.7.
    Body,
}

/// Undoes quoted-printable; what is not hexadecimal stays as it is.
pub(super) fn quoted(text: &[u8], within: Within) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (next, after) = (text.get(at + 1), text.get(at + 2));
        match (byte, digit(next), digit(after)) {
            (b'=', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'=', ..) if next == Some(&b'\n') => at += 1,
            (b'=', ..) if next == Some(&b'\r') && after == Some(&b'\n') => at += 2,
            (b'_', ..) if within == Within::Word => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &[u8]) -> (Vec<(String, String)>, String) {
        let section = section(raw, &Limits::default(), &mut Vec::new());
        let headers = section
            .headers
            .into_iter()
            .map(|header| (header.name, header.value))
            .collect();
        let body = raw.get(section.body..).unwrap_or_default();
        (headers, String::from_utf8_lossy(body).into_owned())
    }

    #[test]
    fn the_section_ends_where_mail_programs_end_it() {
        for (raw, names, body) in [
            ("From: a\n\nbody", "From", "body"),
            ("From: a\r\nTo : b\r\n\r\nbody", "From To", "body"),
            (
                "From x@y Sat Jan  1 00:00:00 2000\nFrom: a\n\nb",
                "From",
                "b",
            ),
            ("\n\nFrom: a\n\nb", "From", "b"),
            ("\u{FEFF}From: a\n\nb", "From", "b"),
            (
                "From: a\nTo: b\nHello you,\nhttp://x\n",
                "From To",
                "Hello you,\nhttp://x\n",
            ),
            (
                "X-Odd: a\nlost its indent\nSubject: b\n\nc",
                "X-Odd Subject",
                "c",
            ),
            ("no header at all\n", "", "no header at all\n"),
            ("\nbody: only\n\n", "body", ""),
            ("", "", ""),
            ("From: a", "From", ""),
            ("      \nFrom: a\n\nb", "From", "b"),
            (" From: a\nTo: b\n\nc", "From To", "c"),
            ("  indented text\n\nc", "", "  indented text\n\nc"),
        ] {
            let (headers, rest) = read(raw.as_bytes());
            let found: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(found.join(" "), names, "{raw:?}");
            assert_eq!(rest, body, "{raw:?}");
        }
    }

    #[test]
    fn values_are_unfolded_and_decoded() {
        for (value, decoded) in [
            (&b" plain "[..], "plain"),
            (b"a\r\n\tb\n c", "a b c"),
            (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= alle", "Grüße an alle"),
            (b"=?UTF-8?B?R3I=?= =?utf-8?b?w7zDnw==?=", "Grüß"),
            // One letter's bytes lie in two words.
            (b"=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=BC?=", "ü"),
            (b"=?iso-8859-1?q?=E4?= =?koi8-r?B?8NLJ18XU?=", "äПривет"),
            (b"=?cp932?B?k/qWew==?=", "日本"),
            (b"=?utf-8*de?Q?ok??= x", "ok? x"),
            (b"\"=?utf-8?Q?in_quotes?=\" <a@b>", "\"in quotes\" <a@b>"),
            (b"=?no?X?such?= =?", "=?no?X?such?= =?"),
            (b"Gr\xFC\xDFe", "Grüße"),
            (b"Gr\xC3\xBC\xC3\x9Fe", "Grüße"),
        ] {
            assert_eq!(decode(&unfold(value)), decoded);
        }
    }

    #[test]
    fn long_headers_and_many_headers_are_cut_and_told() {
        let raw = format!("Subject: {}\n\nbody", "x".repeat(1 << 20));
        let mut cut = Vec::new();
        let read = section(raw.as_bytes(), &Limits::default(), &mut cut);
        assert_eq!(read.headers[0].value.len(), (16 << 10) - 1);
        assert_eq!(cut, ["a header beyond 16384 bytes"]);
        assert_eq!(&raw[read.body..], "body");

        let raw = "A: b\n".repeat(HEADERS + 9) + "\nbody";
        let mut cut = Vec::new();
        let read = section(raw.as_bytes(), &Limits::default(), &mut cut);
        assert_eq!(read.headers.len(), HEADERS);
        assert_eq!(cut, ["headers beyond 2000"]);
        assert_eq!(&raw[read.body..], "body");
    }
}
