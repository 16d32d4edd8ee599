//! A link: what is shown and where it really leads.

use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// Bytes of one link's target that are kept; browsers take about 2,000,000, mail needs 2,000.
const TARGET: usize = 8 << 10;

/// Where in the message a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum LinkOrigin {
    /// `<a href>` (and `<area>`, and a page that moves on by itself).
    Anchor,
    /// A URL written in plain text.
    Text,
    /// A form's action.
    Form,
    /// An image that would be fetched.
    Image,
    /// In an attachment, wherever it stands there.
    Attachment,
    /// A QR code in a picture.
    QrCode,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    /// The text that a reader sees, white space folded; of an image the text that stands for it
    /// (`alt`). Empty where there is none.
    pub shown: String,
    /// Where it leads, as written.
    pub target: String,
    /// The same, parsed as a browser would; `None` where a browser would not go either.
    pub url: Option<Url>,
    /// Where it stands.
    pub origin: LinkOrigin,
}

impl Link {
    /// A link to `target` as it is written, relative to `base`.
    pub fn new(target: &str, base: Option<&Url>, origin: LinkOrigin) -> Self {
        let target = target.trim();
        let target = target
            .get(..target.floor_char_boundary(TARGET))
            .unwrap_or_default();
        Link {
            shown: String::new(),
            target: target.to_owned(),
            url: parse(target, base),
            origin,
        }
    }

    /// The web addresses written in a text, as mail programs find them.
    pub fn written_in(text: &str) -> impl Iterator<Item = &str> {
        written_in(text).map(|(_, target)| target)
    }

    /// Where it leads, as a browser reads it or else as written.
    pub(super) fn to(&self) -> &str {
        self.url.as_ref().map_or(&self.target, Url::as_str)
    }

    /// The host it leads to: lower case, IDN as A-labels.
    pub fn host(&self) -> Option<&str> {
        self.url.as_ref().and_then(Url::host_str)
    }

    /// The organisational domain of that host.
    pub fn organisation(&self) -> Option<&str> {
        self.host().map(super::address::organisational_domain)
    }
}

/// Where a browser would go, and where mail programs help: they take `www.example.com` and
/// `example.com/path` for web addresses.
fn parse(target: &str, base: Option<&Url>) -> Option<Url> {
    match Url::parse(target) {
        // `example.com:8080/path` parses as a scheme.
        Ok(url) if url.cannot_be_a_base() && url.scheme().contains('.') => {
            Url::parse(&format!("http://{target}")).ok()
        }
        Ok(url) => Some(url),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            if let Some(base) = base {
                return base.join(target).ok();
            }
            // A browser takes a backslash for a slash (WHATWG URL, special schemes).
            let mut slashes = target.chars();
            if matches!(slashes.next(), Some('/' | '\\')) {
                return match slashes.next() {
                    Some('/' | '\\') => Url::parse(&format!("https:{target}")).ok(),
                    _ => None,
                };
            }
            let host = target.split(['/', '\\', '?', '#', ':']).next()?;
            let known = host.contains('.')
                && !host.contains(|letter: char| letter.is_whitespace() || letter == '@')
                && !super::address::is_public_suffix(host)
                && super::address::has_known_suffix(host);
            known.then(|| Url::parse(&format!("http://{target}")).ok())?
        }
        Err(_) => None,
    }
}

/// Web addresses written in `text`, each with where it stands.
pub(super) fn written_in(text: &str) -> impl Iterator<Item = (usize, &str)> {
    static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?i)(?:https?://|\bwww\d?\.)[^\s<>"\u{AB}\u{BB}\u{201C}-\u{201F}\x00-\x20]+"#)
            .ok()
    });
    WRITTEN
        .iter()
        .flat_map(move |pattern| pattern.find_iter(text))
        .map(|found| (found.start(), without_punctuation(found.as_str())))
        .filter(|(_, target)| target.len() > 8)
}

/// A written address without the sentence's punctuation behind it.
fn without_punctuation(found: &str) -> &str {
    let mut target = found;
    loop {
        let shorter = match target.chars().next_back() {
            Some(
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '|' | '>' | '\u{2019}'
                | '、' | '。',
            ) => true,
            Some(')') => !target.contains('('),
            Some(']') => !target.contains('['),
            Some('}') => !target.contains('{'),
            _ => false,
        };
        if !shorter {
            return target;
        }
        let mut letters = target.chars();
        letters.next_back();
        target = letters.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_where_a_reader_would_land() {
        for (target, url) in [
            ("https://Example.COM/a", "https://example.com/a"),
            (" http://example.com ", "http://example.com/"),
            ("http:\\\\example.com\\a", "http://example.com/a"),
            ("http://exa\tmple.com", "http://example.com/"),
            ("//example.com/a", "https://example.com/a"),
            ("www.example.com/a", "http://www.example.com/a"),
            ("example.com/a", "http://example.com/a"),
            ("example.com:8080/a", "http://example.com:8080/a"),
            (
                "http://user@example.com@evil.test/",
                "http://user%40example.com@evil.test/",
            ),
            ("http://3221225985/", "http://192.0.2.1/"),
            ("http://bücher.example/", "http://xn--bcher-kva.example/"),
            ("mailto:a@example.com", "mailto:a@example.com"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("page.html", "-"),
            ("/path", "-"),
            ("", "-"),
            ("http://", "-"),
        ] {
            let link = Link::new(target, None, LinkOrigin::Anchor);
            assert_eq!(link.url.as_ref().map_or("-", Url::as_str), url, "{target}");
        }
        let base = Url::parse("https://example.com/a/").unwrap();
        let link = Link::new("b", Some(&base), LinkOrigin::Anchor);
        assert_eq!(link.url.unwrap().as_str(), "https://example.com/a/b");
    }

    #[test]
    fn addresses_written_in_text_are_found() {
        for (text, targets) in [
            ("see http://example.com/a.", "http://example.com/a"),
            ("(https://example.com/a_(b))", "https://example.com/a_(b))"),
            ("(https://example.com/a)", "https://example.com/a"),
            ("<HTTPS://EXAMPLE.COM/>", "HTTPS://EXAMPLE.COM/"),
            ("www.example.com, and awww.example", "www.example.com"),
            (
                "http://a.example\nhttp://b.example",
                "http://a.example http://b.example",
            ),
            ("\"http://example.com\"", "http://example.com"),
            ("nothing http:// here www.", ""),
        ] {
            let found: Vec<_> = written_in(text).map(|(_, target)| target).collect();
            assert_eq!(found.join(" "), targets, "{text}");
        }
    }
}
