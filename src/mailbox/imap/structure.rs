//! What a server says of a message's structure (BODYSTRUCTURE, RFC 3501 section 7.4.2): how long
//! the body of a part is. Only a hint; nothing is decided by it. Pure.

use super::answer::Value;

/// A message's structure as the server has it.
#[derive(Debug)]
pub(super) struct Structure(pub(super) Value);

impl Structure {
    /// How many bytes the body of the part at this path (`[2, 1]`: the first part of the second)
    /// has, if it is of this media type.
    pub(super) fn size(&self, path: &[usize], media_type: &str) -> Option<u64> {
        let mut at = self.0.list()?;
        for number in path {
            // The parts come first, in lists of their own.
            let part = at.get(number.checked_sub(1)?)?;
            let are_parts = at.iter().take(*number).all(|part| part.list().is_some());
            at = part.list().filter(|_| are_parts)?;
        }
        let [first, second, _, _, _, _, size, ..] = at else {
            return None;
        };
        let (first, second) = (first.bytes()?, second.bytes()?);
        let said = [first, b"/", second].concat();
        let is_it = said.eq_ignore_ascii_case(media_type.as_bytes());
        size.number().filter(|_| is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::imap::answer::Fetch;

    #[test]
    fn the_size_of_a_part_is_found_by_its_path() {
        let text = r#"("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 12 1 NIL NIL NIL NIL)"#;
        let video = r#"("video" "mp4" ("name" "a \"b\" (.mp4") "<1@x>" NIL "base64" 987654321)"#;
        let nested = r#"("message" "rfc822" NIL NIL NIL "7bit" 342 ("date" "s" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 9 1) 9)"#;
        let inner = format!(r#"({text}{nested} "alternative" ("boundary" "b") NIL NIL)"#);
        let whole = format!(r#"({inner}{video} "mixed" ("boundary" "a") NIL "en" (1 2 3))"#);
        for (structure, path, media, size) in [
            (whole.as_str(), &[1, 1][..], "text/plain", Some(12)),
            (&whole, &[1, 2], "message/rfc822", Some(342)),
            (&whole, &[2], "video/mp4", Some(987_654_321)),
            (&whole, &[2], "video/mpeg", None),
            (&whole, &[0], "video/mp4", None),
            (&whole, &[3], "video/mp4", None),
            (&whole, &[4], "boundary/a", None),
            (&whole, &[2, 1], "video/mp4", None),
            (&whole, &[1, 2, 1], "text/plain", None),
            (&whole, &[1], "text/plain", None),
            (&whole, &[], "multipart/mixed", None),
            (video, &[], "video/mp4", Some(987_654_321)),
            ("NIL", &[], "video/mp4", None),
            ("()", &[1], "video/mp4", None),
            (
                r#"("video" "mp4" NIL NIL NIL "base64" -5)"#,
                &[],
                "video/mp4",
                None,
            ),
            (
                r#"("video" "mp4" NIL NIL NIL "base64" 99999999999999999999)"#,
                &[],
                "video/mp4",
                None,
            ),
            (r#"("video" "mp4" NIL)"#, &[], "video/mp4", None),
            (
                r#"(((((((("video" "mp4" NIL NIL NIL "base64" 5))))))))"#,
                &[1, 1, 1, 1, 1, 1, 1],
                "video/mp4",
                Some(5),
            ),
        ] {
            let line = format!("* 3 FETCH (UID 4 BODYSTRUCTURE {structure} BODY[]<0> \"\")");
            let fetch = Fetch::parse(line.as_bytes()).unwrap();
            assert_eq!(
                (fetch.origin, fetch.body.as_deref()),
                (Some(0), Some(&b""[..]))
            );
            let found = Structure(fetch.structure.unwrap()).size(path, media);
            assert_eq!(found, size, "{structure} {path:?}");
        }
        let deep = format!(
            "* 3 FETCH (UID 4 BODYSTRUCTURE {}{})",
            "(".repeat(100_000),
            ")".repeat(100_000)
        );
        assert_eq!(Fetch::parse(deep.as_bytes()), None);
    }
}
