//! What is said to the server, and how it ends: a command with its strings quoted or as literals,
//! and the line that completes it. Pure; sends nothing.

use super::throttle::Doing;
use crate::mailbox::MailboxError;
use std::collections::VecDeque;

/// A command in the making, without tag and line end.
#[derive(Debug)]
pub(super) struct Command {
    pieces: VecDeque<Vec<u8>>,
    last: Vec<u8>,
}

/// A command that has no end yet.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) tag: Vec<u8>,
    /// What it does: a stop cuts no change short.
    pub(super) doing: Doing,
}

impl Command {
    /// Begins with these words.
    pub(super) fn new(words: impl Into<String>) -> Self {
        Command {
            pieces: VecDeque::new(),
            last: words.into().into_bytes(),
        }
    }

    /// Adds words as they are, behind a space.
    pub(super) fn words(mut self, words: &str) -> Self {
        self.last.push(b' ');
        self.last.extend_from_slice(words.as_bytes());
        self
    }

    /// Adds a string behind a space: quoted where that can be done, else as a literal, which the
    /// server must ask for (RFC 3501 section 4.3).
    pub(super) fn string(mut self, bytes: &[u8]) -> Self {
        self.last.push(b' ');
        if bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) && bytes.len() < 1000 {
            self.last.push(b'"');
            for byte in bytes {
                if matches!(byte, b'"' | b'\\') {
                    self.last.push(b'\\');
                }
                self.last.push(*byte);
            }
            self.last.push(b'"');
        } else {
            self.last
                .extend_from_slice(format!("{{{}}}\r\n", bytes.len()).as_bytes());
            self.pieces.push_back(std::mem::take(&mut self.last));
            self.last.extend_from_slice(bytes);
        }
        self
    }

    /// The pieces, each after the first to be sent when the server asks for it.
    pub(super) fn into_pieces(mut self) -> VecDeque<Vec<u8>> {
        self.last.extend_from_slice(b"\r\n");
        self.pieces.push_back(self.last);
        self.pieces
    }
}

/// How a command ended, or what a line of status says (RFC 3501 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// A line of status: `OK [COPYUID 7 1:2 3:4] done`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    /// Its first word.
    pub(super) status: Status,
    /// What stands in brackets.
    pub(super) code: Option<String>,
    /// The whole, for a person.
    pub(super) text: String,
}

impl Completion {
    /// Reads a line of status behind its tag or star; `None` where it is not one.
    pub(super) fn parse(line: &[u8]) -> Option<Completion> {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        let status = match parts.next()?.to_ascii_uppercase().as_slice() {
            b"OK" => Status::Ok,
            b"NO" => Status::No,
            b"BAD" => Status::Bad,
            b"BYE" => Status::Bye,
            b"PREAUTH" => Status::PreAuth,
            _ => return None,
        };
        let text = parts.next().unwrap_or_default();
        let code = text.strip_prefix(b"[").and_then(|inner| {
            let end = inner.iter().position(|byte| *byte == b']')?;
            Some(String::from_utf8_lossy(inner.get(..end)?).into_owned())
        });
        Some(Completion {
            status,
            code,
            text: printable(text),
        })
    }

    /// Whether it went well.
    pub(super) fn is_ok(&self) -> bool {
        self.status == Status::Ok
    }

    /// Whether the code in brackets is this one, whatever follows it.
    pub(super) fn has(&self, code: &str) -> bool {
        self.arguments(code).is_some()
    }

    /// What follows the code of this name in brackets.
    pub(super) fn arguments(&self, name: &str) -> Option<&str> {
        let code = self.code.as_deref()?;
        let (first, rest) = code.split_once(' ').unwrap_or((code, ""));
        first.eq_ignore_ascii_case(name).then_some(rest)
    }

    /// The text, to stand within a sentence.
    pub(super) fn reason(&self) -> String {
        self.text.trim_end_matches(['.', ' ']).to_owned()
    }

    /// The error that it stands for, said of this folder.
    pub(super) fn refusal(&self, folder: &str) -> MailboxError {
        let folder = folder.to_owned();
        let reason = self.reason();
        // Exchange and Courier give no code for a full mailbox, only words.
        let is_full = self.has("OVERQUOTA") || reason.to_ascii_lowercase().contains("quota");
        if is_full {
            MailboxError::OverQuota { folder, reason }
        } else if self.has("NONEXISTENT") || self.has("TRYCREATE") {
            MailboxError::NoFolder { folder }
        } else if self.has("NOPERM") || self.has("READ-ONLY") {
            MailboxError::ReadOnly { folder, reason }
        } else {
            MailboxError::Refused { folder, reason }
        }
    }
}

/// Text of the server's for a person: short, and with nothing in it that moves a cursor, changes
/// colours or turns the direction of writing.
pub(super) fn printable(bytes: &[u8]) -> String {
    let shown = bytes.get(..1000).unwrap_or(bytes);
    let text: String = String::from_utf8_lossy(shown)
        .chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        })
        .take(300)
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_or_sent_as_literals() {
        for (string, sent) in [
            (&b"INBOX"[..], "SELECT \"INBOX\"\r\n"),
            (b"a \"b\" \\c", "SELECT \"a \\\"b\\\" \\\\c\"\r\n"),
            (b"M\xc3\xbcll", "SELECT {5}\r\n|M\u{fc}ll\r\n"),
            (b"a\r\nx LOGOUT", "SELECT {11}\r\n|a\r\nx LOGOUT\r\n"),
            (b"", "SELECT \"\"\r\n"),
        ] {
            let pieces = Command::new("SELECT").string(string).into_pieces();
            let pieces: Vec<_> = pieces.iter().map(|p| String::from_utf8_lossy(p)).collect();
            assert_eq!(pieces.join("|"), sent);
        }
    }

    #[test]
    fn the_code_in_brackets_decides_what_went_wrong() {
        let error = |line: &str| {
            let completion = Completion::parse(line.as_bytes()).unwrap();
            completion.refusal("Junk")
        };
        assert!(matches!(
            error("NO [OVERQUOTA] full"),
            MailboxError::OverQuota { .. }
        ));
        assert!(matches!(
            error("NO Quota exceeded"),
            MailboxError::OverQuota { .. }
        ));
        assert!(matches!(
            error("NO [nonexistent] x"),
            MailboxError::NoFolder { .. }
        ));
        assert!(matches!(
            error("NO [NOPERM] x"),
            MailboxError::ReadOnly { .. }
        ));
        assert!(matches!(error("NO"), MailboxError::Refused { .. }));
        assert!(matches!(
            error("BAD [OVERQUOTA"),
            MailboxError::OverQuota { .. }
        ));
    }

    #[test]
    fn what_the_server_says_cannot_play_with_the_terminal() {
        assert_eq!(printable(b"a\x1b[2Jb\r\nc\0\xff"), "a [2Jb  c \u{fffd}");
        assert_eq!(printable("x".repeat(5000).as_bytes()).len(), 300);
    }
}
