//! Reads untagged responses: words, strings and lists, and what a FETCH says of one message.
//! Tolerant: attributes it does not know are passed over, and a response that makes no sense is
//! `None`, never an error. Pure.

use crate::mail::Flags;
use jiff::Timestamp;

/// Deepest nesting of lists that is read.
const DEPTH: usize = 40;

/// One value in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A bare word, `NIL` and `BODY[HEADER]` too.
    Word(Vec<u8>),
    /// A string, quoted or literal, with its escapes undone.
    Text(Vec<u8>),
    /// A list in parentheses.
    List(Vec<Value>),
}

impl Value {
    /// The word, in lossy text.
    pub(super) fn word(&self) -> Option<String> {
        match self {
            Value::Word(word) => Some(String::from_utf8_lossy(word).into_owned()),
            _ => None,
        }
    }

    /// Whether it is this word, whatever the case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Value::Word(own) if own.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// The bytes of a string or of a word that is not `NIL`.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Text(bytes) => Some(bytes),
            Value::Word(bytes) if !self.is("NIL") => Some(bytes),
            _ => None,
        }
    }

    /// The values in the list.
    pub(super) fn list(&self) -> Option<&[Value]> {
        match self {
            Value::List(values) => Some(values),
            _ => None,
        }
    }

    /// The number that a word is.
    pub(super) fn number<N: std::str::FromStr>(&self) -> Option<N> {
        match self {
            Value::Word(word) => std::str::from_utf8(word).ok()?.parse().ok(),
            _ => None,
        }
    }
}

/// Reads a sequence of values; `None` where parentheses or quotes do not match.
pub(super) fn values(mut input: &[u8]) -> Option<Vec<Value>> {
    let mut open: Vec<Vec<Value>> = Vec::new();
    let mut current = Vec::new();
    while let Some((first, rest)) = input.split_first() {
        match first {
            b' ' => input = rest,
            b'(' => {
                if open.len() >= DEPTH {
                    return None;
                }
                open.push(std::mem::take(&mut current));
                input = rest;
            }
            b')' => {
                let list = std::mem::replace(&mut current, open.pop()?);
                current.push(Value::List(list));
                input = rest;
            }
            b'"' => {
                let (text, rest) = quoted(rest)?;
                current.push(Value::Text(text));
                input = rest;
            }
            _ => {
                if let Some((text, rest)) = literal(input) {
                    current.push(Value::Text(text.to_vec()));
                    input = rest;
                } else {
                    let (word, rest) = word(input);
                    current.push(Value::Word(word.to_vec()));
                    input = rest;
                }
            }
        }
    }
    open.is_empty().then_some(current)
}

/// A quoted string behind its first quote, and what follows its last.
fn quoted(input: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut text = Vec::new();
    let mut bytes = input.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some((text, input.get(at + 1..)?)),
            b'\\' => text.push(*bytes.next()?.1),
            byte => text.push(*byte),
        }
    }
    None
}

/// A literal whose bytes stand inline: `{3}` CR LF `abc`.
fn literal(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = input
        .strip_prefix(b"~")
        .unwrap_or(input)
        .strip_prefix(b"{")?;
    let digits = inner.iter().take_while(|b| b.is_ascii_digit()).count();
    let (number, rest) = inner.split_at_checked(digits)?;
    let rest = rest
        .strip_prefix(b"+")
        .unwrap_or(rest)
        .strip_prefix(b"}\r\n")?;
    let size: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
    rest.split_at_checked(size)
}

/// A word: up to a space or parenthesis outside brackets. At least one byte long.
fn word(input: &[u8]) -> (&[u8], &[u8]) {
    let mut in_brackets = false;
    let end = input.iter().position(|byte| {
        match byte {
            b'[' => in_brackets = true,
            b']' => in_brackets = false,
            b' ' | b'(' | b')' if !in_brackets => return true,
            _ => {}
        }
        false
    });
    input.split_at(end.unwrap_or(input.len()).max(1).min(input.len()))
}

/// What a FETCH response says of one message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fetch {
    pub(super) uid: Option<u32>,
    pub(super) flags: Option<Flags>,
    pub(super) date: Option<Timestamp>,
    pub(super) size: Option<u64>,
    /// A body that came as a quoted string; `""` where it went another way, `None` where it was
    /// `NIL` or not there.
    pub(super) body: Option<Vec<u8>>,
    /// Where the body begins in the message, if that is told: `BODY[]<65536>`.
    pub(super) origin: Option<u64>,
    /// BODYSTRUCTURE.
    pub(super) structure: Option<Value>,
}

impl Fetch {
    /// Reads `* 12 FETCH (…)`; `None` where it is something else.
    pub(super) fn parse(response: &[u8]) -> Option<Fetch> {
        // A look at the head first: most responses to other commands are something else.
        let rest = response.strip_prefix(b"* ")?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = rest.get(digits..)?.strip_prefix(b" ")?;
        let (word, rest) = rest.split_at_checked(5)?;
        if digits == 0 || !word.eq_ignore_ascii_case(b"FETCH") {
            return None;
        }
        let Value::List(attributes) = values(rest)?.into_iter().next()? else {
            return None;
        };
        let mut fetch = Fetch::default();
        let mut pairs = attributes.into_iter();
        while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
            let Value::Word(name) = name else { continue };
            let name = name.to_ascii_uppercase();
            match name.as_slice() {
                b"UID" => fetch.uid = value.number().filter(|uid| *uid != 0),
                b"FLAGS" => fetch.flags = value.list().map(flags),
                b"RFC822.SIZE" => fetch.size = value.number(),
                b"INTERNALDATE" => fetch.date = value.bytes().and_then(date),
                b"BODYSTRUCTURE" => fetch.structure = Some(value),
                name if name.starts_with(b"BODY[") => {
                    fetch.origin = origin(name);
                    fetch.body = match value {
                        Value::Text(text) => Some(text),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
        Some(fetch)
    }
}

/// The number in `BODY[]<12>`.
fn origin(name: &[u8]) -> Option<u64> {
    let name = std::str::from_utf8(name).ok()?.strip_suffix('>')?;
    name.rsplit_once("]<")?.1.parse().ok()
}

/// Flags from their names; `\Recent` is of the session, not of the message.
fn flags(names: &[Value]) -> Flags {
    let mut flags = Flags::default();
    for name in names.iter().filter_map(Value::word) {
        match name.to_ascii_lowercase().as_str() {
            "\\seen" => flags.seen = true,
            "\\answered" => flags.answered = true,
            "\\flagged" => flags.flagged = true,
            "\\deleted" => flags.deleted = true,
            "\\draft" => flags.draft = true,
            "\\recent" => {}
            _ => flags.keywords.push(name),
        }
    }
    flags.keywords.sort();
    flags.keywords.dedup();
    flags
}

/// The names of flags as a STORE takes them, keywords that no command can hold left out.
pub(super) fn flag_names(flags: &Flags) -> Vec<&str> {
    let system = [
        (flags.seen, "\\Seen"),
        (flags.answered, "\\Answered"),
        (flags.flagged, "\\Flagged"),
        (flags.deleted, "\\Deleted"),
        (flags.draft, "\\Draft"),
    ];
    let set = system.into_iter().filter(|(set, _)| *set);
    let keywords = flags.keywords.iter().map(String::as_str);
    set.map(|(_, name)| name)
        .chain(keywords.filter(|word| is_keyword(word)))
        .collect()
}

/// Whether this can be sent as a keyword (RFC 3501 section 9, `atom`).
fn is_keyword(word: &str) -> bool {
    let is_atom = |b: u8| b.is_ascii_graphic() && !b"(){%*\"\\]".contains(&b);
    !word.is_empty() && word.bytes().all(is_atom)
}

/// A date as in `17-Jul-1996 02:44:25 -0700`, the day perhaps with a space before it.
fn date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.trim();
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text).ok()
}

/// The UIDs of a set such as `3:5,9` in its order; `None` where it is not a set or names more
/// than `most` (RFC 4315 section 4).
pub(super) fn uids(set: &str, most: usize) -> Option<Vec<u32>> {
    let mut all = Vec::new();
    for part in set.split(',') {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        let (first, last) = (first.min(last), first.max(last));
        if first == 0 || (last - first) as usize >= most.saturating_sub(all.len()) {
            return None;
        }
        all.extend(first..=last);
    }
    Some(all)
}

/// The UIDs that `* SEARCH 2 84 882 (MODSEQ 917)` names (RFC 7162 section 3.1.5); `None` where it
/// is another response.
pub(super) fn found(line: &[u8]) -> Option<Vec<u32>> {
    let line = String::from_utf8_lossy(line.strip_prefix(b"* ")?).into_owned();
    let mut words = line.split_ascii_whitespace();
    words
        .next()
        .filter(|word| word.eq_ignore_ascii_case("SEARCH"))?;
    let uids = words.map_while(|word| word.parse::<u32>().ok());
    Some(uids.filter(|uid| *uid != 0).collect())
}

/// Sets that name these UIDs, each at most so many bytes long, or one run.
pub(super) fn sets(uids: &[u32], most: usize) -> Vec<String> {
    let mut sets: Vec<String> = Vec::new();
    for run in set(uids).split(',').filter(|run| !run.is_empty()) {
        match sets.last_mut() {
            Some(last) if last.len() + run.len() < most => {
                last.push(',');
                last.push_str(run);
            }
            _ => sets.push(run.to_owned()),
        }
    }
    sets
}

/// The shortest set that names these UIDs: `3:5,9`. They are sorted in the process.
pub(super) fn set(uids: &[u32]) -> String {
    let mut uids = uids.to_vec();
    uids.sort_unstable();
    uids.dedup();
    let mut set = String::new();
    let mut rest = uids.as_slice();
    while let Some(first) = rest.first().copied() {
        let run = rest
            .iter()
            .zip(u64::from(first)..)
            .take_while(|(uid, n)| u64::from(**uid) == *n);
        let length = run.count();
        let comma = if set.is_empty() { "" } else { "," };
        match length {
            1 => set.push_str(&format!("{comma}{first}")),
            _ => set.push_str(&format!("{comma}{first}:{}", first + (length as u32 - 1))),
        }
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_is_read_in_any_order_and_with_what_nobody_knows() {
        let fetch = Fetch::parse(
            b"* 7 FETCH (X-NEW (a (b \"c\")) FLAGS (\\Seen \\Recent $Phishing b\xe4d) EMAILID (M1) \
              INTERNALDATE \" 7-Jul-2025 02:44:25 +0200\" RFC822.SIZE 44827 BODY[HEADER.FIELDS (A B)]<0> {3}\r\na)b UID 12)",
        )
        .unwrap();
        assert_eq!(fetch.uid, Some(12));
        assert_eq!(fetch.size, Some(44827));
        assert_eq!(fetch.body.as_deref(), Some(&b"a)b"[..]));
        assert_eq!(fetch.date, Some("2025-07-07T00:44:25Z".parse().unwrap()));
        let flags = fetch.flags.unwrap();
        assert!(flags.seen && !flags.flagged);
        assert_eq!(flags.keywords, ["$Phishing", "b\u{fffd}d"]);
        assert_eq!(flag_names(&flags), ["\\Seen", "$Phishing"]);
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        for text in [
            "",
            "* ",
            "* 1 FETCH",
            "* 1 FETCH (",
            "* 1 FETCH (UID \"",
            "* 1 FETCH )",
            "* FETCH (UID 1)",
            "* 1 EXISTS",
        ] {
            assert_eq!(Fetch::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(values("(".repeat(100_000).as_bytes()), None);
        let odd =
            Fetch::parse(b"* 1 FETCH (UID 0 RFC822.SIZE -1 INTERNALDATE \"x\" BODY[] NIL FLAGS 3)");
        assert_eq!(odd, Some(Fetch::default()));
    }

    #[test]
    fn strings_lose_their_escapes() {
        assert_eq!(
            values(br#""a\"b\\c" NIL "#),
            Some(vec![
                Value::Text(b"a\"b\\c".to_vec()),
                Value::Word(b"NIL".to_vec())
            ])
        );
    }

    #[test]
    fn sets_are_written_and_read_in_order() {
        assert_eq!(set(&[9, 3, 4, 5, 4]), "3:5,9");
        assert_eq!(set(&[u32::MAX]), u32::MAX.to_string());
        assert_eq!(sets(&[1, 3, 4, 5, 9, 20], 8), ["1,3:5,9", "20"]);
        assert_eq!(sets(&[], 8), [""; 0]);
        assert_eq!(found(b"* search 7 0 9 (MODSEQ 8)"), Some(vec![7, 9]));
        assert_eq!(found(b"* 7 EXISTS"), None);
        assert_eq!(uids("9,5:3", 10), Some(vec![9, 3, 4, 5]));
        for (text, most) in [
            ("1:4000000000", 1000),
            ("0", 9),
            ("", 9),
            ("1:*", 9),
            ("1:3", 2),
        ] {
            assert_eq!(uids(text, most), None, "{text}");
        }
    }
}
