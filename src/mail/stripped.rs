//! A message without some of its headers: the bytes as they would be if those had never been
//! written. For measuring only; what is kept, moved or submitted is never rewritten.

use super::header;
use super::message::Limits;

/// `raw` without the headers whose name (in small letters) is `gone`, each taken away with its
/// folded lines and line end. All else stays byte for byte.
pub fn without_headers(raw: &[u8], gone: impl Fn(&str) -> bool) -> Vec<u8> {
    let section = header::section(raw, &Limits::default(), &mut Vec::new());
    let mut kept = Vec::with_capacity(raw.len());
    let mut from = 0;
    for header in &section.headers {
        if !gone(&header.name.to_ascii_lowercase()) {
            continue;
        }
        kept.extend_from_slice(raw.get(from..header.raw.start).unwrap_or_default());
        let rest = raw.get(header.raw.end..).unwrap_or_default();
        let line_end = rest.iter().position(|&byte| byte == b'\n');
        from = header.raw.end + line_end.map_or(rest.len(), |at| at + 1);
    }
    kept.extend_from_slice(raw.get(from..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_go_with_their_folded_lines_and_nothing_else() {
        for (raw, left) in [
            (
                "A: 1\r\nX-B: 2\r\n\tmore\r\nC: 3\r\nX-D: 4\r\n\r\nX-E: body\r\n",
                "A: 1\r\nC: 3\r\n\r\nX-E: body\r\n",
            ),
            ("X-A: 1\nFrom: b\n\nc", "From: b\n\nc"),
            ("From: b\nX-A: 1", "From: b\n"),
            ("From: b\n\nX-A: 1\n", "From: b\n\nX-A: 1\n"),
            ("", ""),
        ] {
            let stripped = without_headers(raw.as_bytes(), |name| name.starts_with("x-"));
            assert_eq!(String::from_utf8(stripped).unwrap(), left, "{raw:?}");
        }
    }
}
