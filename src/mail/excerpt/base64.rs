//! The beginning and the end of a base64 body (RFC 2045 section 6.8), in whole lines that decode by
//! themselves. Strict: a line with anything else in it is odd, and an odd body is not cut.

use mail_parser::decoders::base64::base64_decode;

/// The longest line.
const LINE: usize = 4096;
/// Empty lines that may follow the last one.
const EMPTY: usize = 10;

/// What came of looking for whole lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// There they are: where they are cut off from the rest, and what they decode to.
    Cut(usize, Vec<u8>),
    /// Not as much is there.
    Short,
    /// It is not base64 in lines.
    Odd,
}

/// The first lines of `run`, of at least this many letters.
pub(super) fn head(run: &[u8], letters: usize) -> Lines {
    let (mut at, mut kept) = (0, Vec::new());
    while kept.len() < letters || kept.len() % 4 != 0 {
        let rest = run.get(at..).unwrap_or_default();
        let line = rest.get(..rest.len().min(LINE)).unwrap_or_default();
        let Some(length) = line.iter().position(|byte| *byte == b'\n') else {
            return match line.len() < LINE {
                true => Lines::Short,
                false => Lines::Odd,
            };
        };
        let line = line.get(..length).unwrap_or_default();
        let Some(text) = line.strip_suffix(b"\r").filter(|text| is_letters(text)) else {
            return Lines::Odd;
        };
        kept.extend_from_slice(text);
        at += length + 1;
    }
    decoded(at, &kept)
}

/// The last lines of `run`, of at least this many letters. Its first line counts only if it is
/// whole.
pub(super) fn tail(run: &[u8], is_whole: bool, letters: usize) -> Lines {
    let mut rest = run.strip_suffix(b"\r\n").unwrap_or(run);
    let mut lines: Vec<&[u8]> = Vec::new();
    let (mut count, mut empty) = (0, 0);
    while count < letters || count % 4 != 0 {
        let before = rest.iter().rposition(|byte| *byte == b'\n');
        let start = match before {
            Some(before) => before + 1,
            None if is_whole && !rest.is_empty() => 0,
            None => return Lines::Short,
        };
        let line = rest.get(start..).unwrap_or_default();
        let text = match lines.is_empty() {
            true => {
                let text = line.strip_suffix(b"=").unwrap_or(line);
                text.strip_suffix(b"=").unwrap_or(text)
            }
            false => line,
        };
        if text.is_empty() && lines.is_empty() && empty < EMPTY {
            empty += 1;
        } else if is_letters(text) && line.len() <= LINE {
            count += line.len();
            lines.push(line);
        } else {
            return Lines::Odd;
        }
        let Some(before) = before else {
            // The first line: nothing stands before it.
            if count < letters || count % 4 != 0 {
                return Lines::Short;
            }
            rest = &[];
            break;
        };
        let Some(ended) = rest.get(..before).and_then(|rest| rest.strip_suffix(b"\r")) else {
            return Lines::Odd;
        };
        if count >= letters && count % 4 == 0 {
            rest = rest.get(..before + 1).unwrap_or_default();
            break;
        }
        rest = ended;
    }
    lines.reverse();
    decoded(rest.len(), &lines.concat())
}

fn decoded(at: usize, letters: &[u8]) -> Lines {
    match base64_decode(letters) {
        Some(bytes) => Lines::Cut(at, bytes),
        None => Lines::Odd,
    }
}

fn is_letters(text: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !text.is_empty() && text.iter().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_end_are_cut_between_whole_lines() {
        let cut = |at, text: &str| Lines::Cut(at, text.as_bytes().to_vec());
        for (run, letters, expected) in [
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", 4, cut(6, "abc")),
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", 5, cut(12, "abcdef")),
            ("YW\r\nJjZ\r\nGVm\r\nZ2hp\r\n", 2, cut(14, "abcdef")),
            ("YWJj\r\nZG", 8, Lines::Short),
            ("YWJj\r\n\r\nZGVm\r\n", 8, Lines::Odd),
            ("YWJj\nZGVm\r\n", 4, Lines::Odd),
            ("YW==\r\nZGVm\r\n", 4, Lines::Odd),
            ("--b\r\nZGVm\r\n", 4, Lines::Odd),
        ] {
            assert_eq!(head(run.as_bytes(), letters), expected, "{run:?}");
        }
        for (run, is_whole, letters, expected) in [
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", false, 4, cut(12, "ghi")),
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", false, 5, cut(6, "defghi")),
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", false, 12, Lines::Short),
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", true, 12, cut(0, "abcdefghi")),
            ("YWJj\r\nZGVm\r\nZ2hp\r\n", true, 13, Lines::Short),
            ("YWJj\r\nZA==\r\n\r\n", false, 4, cut(6, "d")),
            ("YWJj\r\nZGU=\r\n", false, 4, cut(6, "de")),
            ("YWJjZ\r\nGVm\r\n", true, 1, cut(0, "abcdef")),
            ("YWJj\r\n_\r\nZGVm\r\n", false, 8, Lines::Odd),
            ("YWJj\nZGVm\r\n", false, 4, Lines::Odd),
            ("", true, 4, Lines::Short),
        ] {
            assert_eq!(tail(run.as_bytes(), is_whole, letters), expected, "{run:?}");
        }
    }
}
