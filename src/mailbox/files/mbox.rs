//! The mbox format (RFC 4155), read as a stream. A message begins behind a line `From …` and ends
//! before the empty line that the next one, or the end of the file, is set off with. Its bytes are
//! those of the file: where a program put `>` before a line `From …` of a text, the `>` stays,
//! since nobody can tell afterwards whether it was there in the original (mboxo does not quote
//! what is quoted already), and bytes are never rewritten.

use crate::mail::Place;
use crate::mailbox::{MailboxError, disk};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;

/// As much of a line as is looked at; a line `From …` is shorter.
pub(super) const HEAD: usize = 300;

/// Whether the file begins as an mbox does.
pub(super) fn is_mbox(path: &Path) -> Result<bool, MailboxError> {
    let file = disk::open(path).map_err(disk::failed(path))?;
    let mut start = Vec::new();
    let read = file.take(HEAD as u64).read_to_end(&mut start);
    read.map_err(disk::failed(path))?;
    Ok(begins_mbox(&start))
}

/// Whether these first bytes of a file, `HEAD` or more where it has as many, are an mbox's. A
/// line `From …` that has no end soon is none: old Macs end their lines with CR alone.
pub(super) fn begins_mbox(start: &[u8]) -> bool {
    let line = start.get(..start.len().min(HEAD)).unwrap_or_default();
    line.starts_with(b"From ") && line.contains(&b'\n')
}

/// Where each message is: the offset of its first header, and its length.
pub(super) fn index(path: &Path) -> Result<Vec<(u64, u64)>, MailboxError> {
    let file = disk::open(path).map_err(disk::failed(path))?;
    index_of(file).map_err(disk::failed(path))
}

fn index_of(reader: impl BufRead) -> io::Result<Vec<(u64, u64)>> {
    let mut found = Vec::new();
    let mut lines = Lines {
        reader,
        at: 0,
        head: Vec::with_capacity(HEAD),
    };
    let mut start = None;
    // Where the message ends if the next line begins another: before an empty line, or here.
    let (mut end, mut after_empty, mut dated) = (0, true, true);
    while let Some(line_start) = lines.next()? {
        if lines.head.starts_with(b"From ") {
            if line_start == 0 {
                // Programs that write no date there never do.
                dated = is_dated(&lines.head);
            }
            let is_dated = is_dated(&lines.head);
            if line_start == 0 || (after_empty && !dated) || (is_dated && dated) {
                if let Some(start) = start.replace(lines.at) {
                    found.push((start, end.max(start) - start));
                }
                (end, after_empty) = (lines.at, false);
                continue;
            }
        }
        after_empty = matches!(lines.head.as_slice(), b"\n" | b"\r\n");
        end = match after_empty {
            true => line_start,
            false => lines.at,
        };
    }
    if let Some(start) = start {
        found.push((start, end.max(start) - start));
    }
    Ok(found)
}

/// Whether a line `From …` has a day of the week, a month and a time, as `ctime` writes them.
fn is_dated(line: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_ascii_whitespace().skip(1).collect();
    let has = |set: &[&str]| {
        let word = |word: &&str| set.contains(&word.trim_end_matches(','));
        words.iter().any(word)
    };
    let time = |word: &&str| {
        let mut parts = word.split(':');
        let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u8>().is_ok());
        number(parts.next()) && number(parts.next())
    };
    has(&DAYS) && has(&MONTHS) && words.iter().any(time)
}

/// Opens one message. `None`: the file has nothing there any more. Where no message begins there
/// now, the file was written anew, and every place in it is void.
pub(super) fn open(
    path: &Path,
    place: &Place,
) -> Result<Option<Take<BufReader<File>>>, MailboxError> {
    let Place::Offset { start, length } = place else {
        return Ok(None);
    };
    let file = disk::open(path).map_err(disk::failed(path))?;
    seek(file, *start, *length, path)
}

fn seek(
    mut file: BufReader<File>,
    start: u64,
    length: u64,
    path: &Path,
) -> Result<Option<Take<BufReader<File>>>, MailboxError> {
    let size = file.get_ref().metadata().map_err(disk::failed(path))?.len();
    if start.checked_add(length).is_none_or(|end| end > size) {
        return Ok(None);
    }
    let before = start.min(HEAD as u64);
    let mut line = Vec::new();
    file.seek(SeekFrom::Start(start - before))
        .and_then(|_| file.by_ref().take(before).read_to_end(&mut line))
        .map_err(disk::failed(path))?;
    let ended = line.strip_suffix(b"\n").unwrap_or_default();
    let begin = ended.iter().rposition(|byte| *byte == b'\n');
    let line = ended
        .get(begin.map_or(0, |at| at + 1)..)
        .unwrap_or_default();
    if !line.starts_with(b"From ") {
        return Err(MailboxError::Renumbered {
            folder: path.display().to_string(),
        });
    }
    Ok(Some(file.take(length)))
}

/// Lines of any length, of each of which only the beginning is held.
struct Lines<R> {
    reader: R,
    /// Behind the line.
    at: u64,
    /// The line, line end included, up to `HEAD` bytes.
    head: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Goes on to the next line; returns where it begins.
    fn next(&mut self) -> io::Result<Option<u64>> {
        let start = self.at;
        self.head.clear();
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok((self.at > start).then_some(start));
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            let room = HEAD - self.head.len();
            let head = buffer.get(..used.min(room)).unwrap_or_default();
            self.head.extend_from_slice(head);
            self.reader.consume(used);
            self.at += used as u64;
            if end.is_some() {
                return Ok(Some(start));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of an mbox, each as text.
    fn messages(mbox: &str) -> Vec<&str> {
        let index = index_of(mbox.as_bytes()).unwrap();
        let part = |&(start, length): &(u64, u64)| &mbox[start as usize..(start + length) as usize];
        index.iter().map(part).collect()
    }

    const FROM: &str = "From a@b.example Mon Jan  5 10:00:00 2026\n";

    #[test]
    fn messages_are_what_stands_between_the_from_lines() {
        for (mbox, expected) in [
            (
                format!("{FROM}A: 1\n\ntext\n\n{FROM}B: 2\n\nx\n\n"),
                vec!["A: 1\n\ntext\n", "B: 2\n\nx\n"],
            ),
            (format!("{FROM}A: 1\n\ntext"), vec!["A: 1\n\ntext"]),
            (
                format!("{FROM}A: 1\n\nno gap\n{FROM}B: 2\n"),
                vec!["A: 1\n\nno gap\n", "B: 2\n"],
            ),
            (
                format!("{FROM}A: 1\n\n>From me\n\nFrom here on\n\n>>From x\n"),
                vec!["A: 1\n\n>From me\n\nFrom here on\n\n>>From x\n"],
            ),
            (
                format!("{FROM}A: 1\n\n\n\n\n{FROM}\n"),
                vec!["A: 1\n\n\n\n", ""],
            ),
            (FROM.to_owned(), vec![""]),
            (String::new(), vec![]),
            ("A: 1\n\nnot an mbox\n".to_owned(), vec![]),
        ] {
            assert_eq!(messages(&mbox), expected, "{mbox:?}");
            let crlf = mbox.replace('\n', "\r\n");
            let expected: Vec<String> = expected.iter().map(|m| m.replace('\n', "\r\n")).collect();
            assert_eq!(messages(&crlf), expected, "{crlf:?}");
        }
        // Without dates only an empty line before it tells a separator from a sentence.
        assert_eq!(
            messages("From x\nA: 1\n\nFrom y\nB: 2\nFrom z\n"),
            ["A: 1\n", "B: 2\nFrom z\n"]
        );
    }

    proptest::proptest! {
        #[test]
        fn messages_lie_in_the_file_one_behind_the_other(
            lines in proptest::collection::vec(
                proptest::sample::select(vec![FROM, "From x\n", "\n", "\r\n", "A: 1\n", ">From\n", "no end"]),
                0..30,
            )
        ) {
            let mbox = lines.concat();
            let index = index_of(mbox.as_bytes()).unwrap();
            let mut end = 0;
            for (start, length) in &index {
                proptest::prop_assert!(*start >= end);
                end = start + length;
            }
            proptest::prop_assert!(end <= mbox.len() as u64);
            proptest::prop_assert!(!(mbox.starts_with("From ") && index.is_empty()));
        }
    }

    #[test]
    fn a_line_without_end_is_not_held_in_memory() {
        struct Endless(u64);
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let length = self.0.min(buffer.len() as u64) as usize;
                buffer[..length].fill(b'x');
                self.0 -= length as u64;
                Ok(length)
            }
        }
        let mbox = FROM.as_bytes().chain(Endless(200 << 20));
        let index = index_of(BufReader::new(mbox)).unwrap();
        assert_eq!(index, [(FROM.len() as u64, 200 << 20)]);
    }
}
