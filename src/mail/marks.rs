//! How a message is written, as far as that tells what program wrote it: marks that the view of
//! its content does not show. Facts only, read from the undecoded bytes; what they mean is for
//! checks to say.

use super::address;
use super::message::{Header, Limits};
use std::borrow::Cow;
use std::collections::HashSet;

/// Marks of a message's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Marks {
    /// A part of From stands between commas without an address: a display name with a comma that
    /// no program forgot to quote (RFC 5322 section 3.2.3).
    pub author_unquoted: bool,
    /// The display name runs into the `<` of the address.
    pub author_glued: bool,
    /// From has letters beyond ASCII that are not encoded (RFC 2047; allowed by RFC 6532 only
    /// between servers that agree on it).
    pub author_unencoded: bool,
    /// The subject is encoded as base64, and it is nothing but ASCII.
    pub subject_encoded: bool,
    /// The text is encoded as base64, and it is nothing but ASCII.
    pub text_encoded: bool,
    /// It says that it has several parts, and the line that would part them is nowhere
    /// (RFC 2046 section 5.1.1).
    pub parts_missing: bool,
    /// It says that the same is there in several forms (RFC 2046 section 5.1.4), and only one is.
    pub lone_alternative: bool,
    /// A header that may stand once alone stands twice (RFC 5322 section 3.6): its name.
    pub repeated: Option<String>,
    /// The plain text and its HTML twin, which should say the same (RFC 2046 section 5.1.4), have
    /// hardly a word in common.
    pub twins_differ: bool,
    /// A carriage return stands alone in the header section.
    pub bare_return: bool,
}

impl Marks {
    /// Reads the header section.
    pub(super) fn of(raw: &[u8], headers: &[Header], limits: &Limits) -> Marks {
        let mut marks = Marks {
            repeated: repeated(headers),
            ..Marks::default()
        };
        for header in headers {
            let named = |name: &str| header.name.eq_ignore_ascii_case(name);
            let field = super::message::field(raw, header, limits);
            if named("From") {
                marks.author_unquoted |= address::has_unquoted_comma(field);
                marks.author_glued |= is_glued(field);
                marks.author_unencoded |= !field.is_ascii();
            } else if named("Subject") {
                let encoded = field.windows(3).any(|w| w.eq_ignore_ascii_case(b"?b?"));
                marks.subject_encoded |= encoded && header.value.is_ascii();
            }
            let lines = field.strip_suffix(b"\r").unwrap_or(field);
            let mut returns = memchr::memchr_iter(b'\r', lines);
            marks.bare_return |= returns.any(|at| !matches!(lines.get(at + 1), None | Some(b'\n')));
        }
        marks
    }
}

/// The first of the headers that a reader is shown, and that may stand once alone, that stands
/// twice and says two things.
fn repeated(headers: &[Header]) -> Option<String> {
    ["From", "Subject", "Date"]
        .into_iter()
        .find(|name| {
            let mut all = headers
                .iter()
                .filter(|header| header.name.eq_ignore_ascii_case(name));
            let first = all.next().map(|header| header.value.trim());
            all.any(|other| Some(other.value.trim()) != first)
        })
        .map(str::to_owned)
}

/// Whether two texts of some length have hardly a word in common. Words are those of scripts that
/// part them by spaces; short ones and addresses tell nothing. Of a long text the beginning counts.
pub(super) fn twins_differ(plain: &str, shown: &str) -> bool {
    const SHORTEST: usize = 4;
    const FEWEST: usize = 20;
    const MOST: usize = 1_000;
    const ONE_IN: usize = 8;
    fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let words = text.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
        let spoken = words.filter(|word| {
            let parted = |c: char| c.is_alphabetic() && u32::from(c) < 0x2E80;
            word.len() >= SHORTEST && word.chars().all(parted)
        });
        let small = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        spoken.take(MOST).map(move |word| match small(word) {
            true => Cow::Borrowed(word),
            false => Cow::Owned(word.to_lowercase()),
        })
    }
    // Of most messages one twin is missing.
    if plain.len().min(shown.len()) < FEWEST * SHORTEST {
        return false;
    }
    let plain: HashSet<Cow<str>> = words(plain).collect();
    if plain.len() < FEWEST {
        return false;
    }
    let (mut seen, mut common) = (HashSet::new(), 0);
    for word in words(shown) {
        let shared = plain.contains(&word);
        common += usize::from(seen.insert(word) && shared);
        // Nearly all twins say the same, and their first words show it.
        if common * ONE_IN >= plain.len() {
            return false;
        }
    }
    let fewer = plain.len().min(seen.len());
    fewer >= FEWEST && common * ONE_IN < fewer
}

/// Whether a letter stands right before `<`, outside quotes and encoded words.
fn is_glued(field: &[u8]) -> bool {
    let Some(open) = field.iter().rposition(|&byte| byte == b'<') else {
        return false;
    };
    let before = field.get(..open).unwrap_or_default();
    let has_name = before.iter().any(|byte| byte.is_ascii_alphanumeric());
    has_name
        && before.last().is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b',' | b'!' | b'.' | b'*')
        })
}

#[cfg(test)]
mod tests {
    use super::super::{Coverage, Message, Reading};
    use super::Marks;

    fn marks(raw: &str) -> Marks {
        let raw = raw.as_bytes().to_vec();
        Message::parse(raw, Coverage::Whole, &Reading::default()).marks
    }

    #[test]
    fn authors_are_written_as_programs_write_them_or_not() {
        for (from, expected) in [
            ("Pat Doe <pat@example.com>", [false, false, false]),
            ("\"Doe, Pat\" <pat@example.com>", [false, false, false]),
            (
                "=?utf-8?q?Doe,_Pat?= <pat@example.com>",
                [false, false, false],
            ),
            ("pat@example.com (Doe, Pat)", [false, false, false]),
            ("a@example.com, b@example.com", [false, false, false]),
            ("Team: a@example.com, b@example.com;", [false, false, false]),
            ("\"Pat\"<pat@example.com>", [false, false, false]),
            ("<pat@example.com>", [false, false, false]),
            ("", [false, false, false]),
            ("Doe, Pat <pat@example.com>", [true, false, false]),
            ("Prize Desk ,_<a@example.net>", [true, true, false]),
            ("\"Prize\", \"Desk\" <a@example.net>", [true, false, false]),
            ("Prize Desk<a@example.net>", [false, true, false]),
            ("Prämie <a@example.net>", [false, false, true]),
        ] {
            let found = marks(&format!("From: {from}\r\nSubject: x\r\n\r\n"));
            let found = [
                found.author_unquoted,
                found.author_glued,
                found.author_unencoded,
            ];
            assert_eq!(found, expected, "{from}");
        }
    }

    #[test]
    fn needless_encoding_and_lone_returns_are_seen() {
        let ascii = marks(
            "Subject: =?utf-8?B?SGVsbG8=?=\nContent-Transfer-Encoding: base64\n\nSGVsbG8sIHlvdSB0aGVyZSE=\n",
        );
        assert!(ascii.subject_encoded && ascii.text_encoded && !ascii.bare_return);
        let needed = marks(
            "Subject: =?utf-8?B?R3LDvMOfZQ==?=\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\nR3LDvMOfZQ==\n",
        );
        assert!(!needed.subject_encoded && !needed.text_encoded);
        let plain = marks("Subject: Hello\n\nHello\n");
        assert_eq!(plain, Marks::default());
        assert!(marks("Subject: one\rtwo\r\n\r\n").bare_return);
        assert!(!marks("Subject: one\r\n two\r\n\r\n").bare_return);
    }

    #[test]
    fn parts_that_are_missing_alone_or_unlike_are_seen() {
        let alternative = |parts: &str| {
            marks(&format!(
                "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n{parts}"
            ))
        };
        let said = "Tomorrow morning everyone from the northern office travels along with their \
                    families towards that little village beside river where music plays until \
                    late evening under large lanterns while children dance";
        let other = "Quantum mortgage rates dropped again because several central banks announced \
                     lower interest, therefore refinancing becomes attractive; request your \
                     personal quotation without obligation today, specialists answer within hours";
        let plain = format!("--b\nContent-Type: text/plain\n\n{said}\n");
        let page = |text: &str| format!("--b\nContent-Type: text/html\n\n<p>{text}</p>\n");
        let twins = alternative(&format!("{plain}{}--b--\n", page(&said.to_uppercase())));
        assert_eq!(twins, Marks::default());
        let unlike = alternative(&format!("{plain}{}--b--\n", page(other)));
        assert!(unlike.twins_differ && !unlike.lone_alternative && !unlike.parts_missing);
        let brief = alternative(&format!("{plain}{}--b--\n", page("Please open the page.")));
        assert!(!brief.twins_differ);
        let alone = alternative(&format!("{}--b--\n", page(said)));
        assert!(alone.lone_alternative && !alone.parts_missing);
        assert!(alternative("--other\n\ntext\n").parts_missing);
    }

    #[test]
    fn headers_that_stand_twice_are_seen_where_they_say_two_things() {
        let twice = marks("From: a@example.com\nSubject: one\nSubject: two\n\n");
        assert_eq!(twice.repeated.as_deref(), Some("Subject"));
        let same = marks("Subject: one\nSubject: one\nReceived: x\nReceived: y\n\n");
        assert_eq!(same.repeated, None);
    }
}
