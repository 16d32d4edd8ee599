//! A host that a link's text shows, when the whole text is a URL or a domain.

use crate::mail::address::{ascii_domain, has_known_suffix};

/// The host that a reader believes a link leads to: `www.example.com` of
/// `https://www.example.com/login`. `None` when the text is not a URL or domain by itself.
pub fn host(shown: &str) -> Option<String> {
    let text = shown
        .trim()
        .trim_matches(['<', '>', '(', ')', '"', '.', ',', '…']);
    if text.contains(char::is_whitespace) || text.contains('@') || text.len() > 2000 {
        return None;
    }
    let lower = text.to_lowercase();
    let (with_scheme, rest) = match lower.split_once("://") {
        Some(("http" | "https", rest)) => (true, rest),
        Some(_) => return None,
        None => (false, lower.as_str()),
    };
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = ascii_domain(host);
    if !host.contains('.') || host.split('.').any(str::is_empty) {
        return None;
    }
    // `README.md` and `Node.js` are names of files; only what stands under a known ending is a
    // domain, and without a scheme only what can be nothing else.
    let known = has_known_suffix(&host);
    let certain = with_scheme || host.starts_with("www.") || {
        let ending = host.rsplit('.').next().unwrap_or_default();
        matches!(
            ending,
            "com"
                | "net"
                | "org"
                | "gov"
                | "edu"
                | "de"
                | "fr"
                | "it"
                | "jp"
                | "uk"
                | "ch"
                | "at"
                | "nl"
                | "br"
        )
    };
    (known && certain).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_that_is_a_link_shows_a_host() {
        for (shown, expected) in [
            ("https://www.example.com/a?b", Some("www.example.com")),
            (" www.Example.com ", Some("www.example.com")),
            ("example.co.uk/login", Some("example.co.uk")),
            ("http://example.com:8080", Some("example.com")),
            ("pat@example.com", None),
            ("Click here", None),
            ("README.md", None),
            ("Node.js", None),
            ("1.2.3", None),
            ("mailto:pat@example.com", None),
            ("see example.com", None),
            ("example.unknownending", None),
        ] {
            assert_eq!(host(shown).as_deref(), expected, "{shown}");
        }
    }
}
