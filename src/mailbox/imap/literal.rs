//! Where a line announces that so many bytes follow, and of what. Pure; reads no byte of them.

use super::command::Completion;

/// Where the word that says so stands in a response that tells a structure, and more.
pub(super) const STRUCTURE: usize = 200;
/// Whether a response tells a message's structure.
pub(super) fn is_structure(text: &[u8]) -> bool {
    let start = text.get(..STRUCTURE.min(text.len())).unwrap_or_default();
    let word = b" BODYSTRUCTURE ";
    start
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

/// The announcement of a literal at a line's end: `{12}`, `{12+}` or `~{12}` (RFC 3516).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Where the announcement begins.
    pub(super) marker: usize,
    /// How many bytes follow.
    pub(super) size: u64,
}

impl Literal {
    /// The announcement at the end of this line, if there is one.
    pub(super) fn announced_by(text: &[u8]) -> Option<Literal> {
        let before = text.strip_suffix(b"}")?;
        let before = before.strip_suffix(b"+").unwrap_or(before);
        let digits = before
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if digits == 0 || digits > 18 {
            return None;
        }
        let (head, number) = before.split_at_checked(before.len() - digits)?;
        let head = head.strip_suffix(b"{")?;
        let head = head.strip_suffix(b"~").unwrap_or(head);
        // Free text may end in braces too: `* OK see {1}` (RFC 3501 section 7.1).
        if Completion::parse(head.strip_prefix(b"* ")?).is_some() {
            return None;
        }
        Some(Literal {
            marker: head.len(),
            size: std::str::from_utf8(number).ok()?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_seen_only_where_data_can_stand() {
        let marked = |text: &str| Literal::announced_by(text.as_bytes()).map(|l| l.size);
        for (text, size) in [
            ("* 1 FETCH (BODY[] {12}", Some(12)),
            ("* 1 FETCH (BODY[] ~{12}", Some(12)),
            ("* 1 FETCH (BODY[] {12+}", Some(12)),
            ("* LIST () \"/\" {0}", Some(0)),
            ("* OK read page {12}", None),
            ("* NO [ALERT] see {12}", None),
            ("w1 NO see {12}", None),
            ("+ {12}", None),
            ("* 1 FETCH (BODY[] {}", None),
            ("* 1 FETCH (BODY[] {99999999999999999999}", None),
            ("{12}", None),
            ("}", None),
        ] {
            assert_eq!(marked(text), size, "{text}");
        }
    }
}
