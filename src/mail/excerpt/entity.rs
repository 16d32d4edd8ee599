//! What the header of a message or of a part says of its body. Strict: where two readers of mail
//! could understand it in two ways, it is `None`, and nothing is cut.

/// The longest header section.
pub(super) const SECTION: usize = 64 << 10;

/// A message or a part (an entity, RFC 2045 section 2.4).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entity {
    /// Its media type in lower case.
    pub(super) media_type: String,
    /// What parts it, if it has parts.
    pub(super) boundary: Option<String>,
    /// Whether its body is base64.
    pub(super) is_base64: bool,
    /// All that its header says of its content, in lower case.
    pub(super) header: String,
}

/// How long the header section at the start of `run` is, with its empty line.
pub(super) fn section(run: &[u8]) -> Option<usize> {
    if run.starts_with(b"\r\n") {
        return Some(2);
    }
    let start = run.get(..run.len().min(SECTION)).unwrap_or_default();
    let end = start.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

impl Entity {
    /// Reads a header section.
    pub(super) fn read(section: &[u8]) -> Option<Entity> {
        let text = section.strip_suffix(b"\r\n")?;
        let (mut media, mut encoding) = (None, None);
        let mut header = String::new();
        let mut lines = text.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            let mut field = line.strip_suffix(b"\r\n")?.to_vec();
            while let Some(more) =
                lines.next_if(|line| line.starts_with(b" ") || line.starts_with(b"\t"))
            {
                field.extend_from_slice(more.strip_suffix(b"\r\n")?);
            }
            let colon = field.iter().position(|byte| *byte == b':')?;
            let (name, value) = field.split_at_checked(colon)?;
            if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
                return None;
            }
            let name = name.to_ascii_lowercase();
            if name.starts_with(b"content-") {
                header.push_str(&String::from_utf8_lossy(value).to_ascii_lowercase());
            }
            let slot = match name.as_slice() {
                b"content-type" => &mut media,
                b"content-transfer-encoding" => &mut encoding,
                _ => continue,
            };
            // Twice: which one counts is anybody's guess.
            if slot.is_some() || value.iter().any(|byte| matches!(byte, 0 | b'\r')) {
                return None;
            }
            *slot = Some(String::from_utf8_lossy(value.get(1..)?).into_owned());
        }
        let media = media.unwrap_or_else(|| "text/plain".to_owned());
        let (media_type, parameters) = media.split_once(';').unwrap_or((&media, ""));
        let media_type = media_type.trim_matches([' ', '\t']).to_ascii_lowercase();
        let (first, second) = media_type.split_once('/')?;
        if !is_token(first) || !is_token(second) {
            return None;
        }
        let boundary = match first {
            "multipart" => Some(boundary(parameters)?),
            _ => None,
        };
        let encoding = encoding.unwrap_or_default();
        let is_base64 = encoding
            .trim_matches([' ', '\t'])
            .eq_ignore_ascii_case("base64");
        if is_base64 && boundary.is_some() {
            return None;
        }
        Some(Entity {
            boundary,
            is_base64,
            header,
            media_type,
        })
    }
}

/// The boundary among the parameters of a multipart (RFC 2046 section 5.1.1), where it can be
/// understood in one way only.
fn boundary(parameters: &str) -> Option<String> {
    let mut rest = parameters.trim_matches([' ', '\t']);
    let mut found = None;
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=')?;
        if !is_token(name) {
            return None;
        }
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_at(value.find([';', ' ', '\t']).unwrap_or(value.len())),
        };
        if value.contains(['\\', '"']) || !value.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        if name == "boundary" {
            if found.is_some() {
                return None;
            }
            found = Some(value.to_owned());
        } else if name.starts_with("boundary") {
            return None; // RFC 2231: in several pieces
        }
        let after = after.trim_start_matches([' ', '\t']);
        rest = match after.strip_prefix(';') {
            Some(more) => more.trim_start_matches([' ', '\t']),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    found.filter(|found| (1..=70).contains(&found.len()) && found.bytes().all(is_plain))
}

/// RFC 2045 section 5.1.
fn is_token(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte);
    !text.is_empty() && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_understood_in_one_way_is() {
        for (header, media_type, boundary, is_base64) in [
            ("", "text/plain", None, false),
            (
                "Content-Type: Video/MP4; name=\"a\\\"b\"",
                "video/mp4",
                None,
                false,
            ),
            (
                "content-type:\r\n video/mp4\r\nContent-Transfer-Encoding: BASE64 ",
                "video/mp4",
                None,
                true,
            ),
            (
                "Content-Type: multipart/mixed; boundary=a'b",
                "multipart/mixed",
                Some("a'b"),
                false,
            ),
            (
                "Content-Type: multipart/mixed;\r\n\ttype=\"text/html\";\r\n boundary=\"=_a b\";",
                "",
                None,
                false,
            ),
            (
                "Content-Type: multipart/mixed;\r\n\ttype=\"text/html\";\r\n boundary=\"=_ab\"; ",
                "multipart/mixed",
                Some("=_ab"),
                false,
            ),
        ] {
            let section = match header {
                "" => "\r\n".to_owned(),
                header => format!("Subject: x\r\n{header}\r\n\r\n"),
            };
            let read = Entity::read(section.as_bytes());
            let read = read.as_ref().map(|entity| {
                (
                    entity.media_type.as_str(),
                    entity.boundary.as_deref(),
                    entity.is_base64,
                )
            });
            let expected = (!media_type.is_empty()).then_some((media_type, boundary, is_base64));
            assert_eq!(read, expected, "{header}");
        }
    }

    #[test]
    fn what_could_be_understood_in_two_ways_is_not() {
        for header in [
            "Content-Type: multipart/mixed",
            "Content-Type: multipart/mixed; boundary=\"\"",
            "Content-Type: multipart/mixed; boundary=a; boundary=b",
            "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b",
            "Content-Type: multipart/mixed; boundary=\"a\\b\"",
            "Content-Type: multipart/mixed; boundary=a (b)",
            "Content-Type: multipart/mixed (a); boundary=a",
            "Content-Type: multipart/mixed; (a) boundary=a",
            "Content-Type: multipart/mixed; boundary=\u{e4}",
            "Content-Type: multipart/mixed; boundary=a\r\nContent-Type: video/mp4",
            "Content-Type: multipart/mixed; boundary=a\r\nContent-Transfer-Encoding: base64",
            "Content-Type : multipart/mixed; boundary=a",
            "Content-Type: multipart; boundary=a",
            "Content-Type: a/b\0",
            "From someone at some time",
            " folded",
        ] {
            let section = format!("{header}\r\n\r\n");
            assert_eq!(Entity::read(section.as_bytes()), None, "{header}");
        }
    }
}
