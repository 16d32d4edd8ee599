//! E-mail addresses and domains (RFC 5322 section 3.4), and organisational domains by the Public
//! Suffix List. That list is a hundred thousand lines of code, compiled anew in each part of the
//! program that asks it: nothing but this file does.

/// A mailbox in a header: the display name and the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    /// The display name, decoded; empty where there is none.
    pub name: String,
    /// The part before the last `@`, as written.
    pub local: String,
    /// The part after it: lower case, IDN as A-labels (`xn--`), without a trailing dot. Empty
    /// where the address has none.
    pub domain: String,
}

impl Address {
    /// Takes `local@domain` apart at the last `@`.
    pub fn new(name: &str, address: &str) -> Self {
        let (local, domain) = address
            .trim()
            .rsplit_once('@')
            .unwrap_or((address.trim(), ""));
        Address {
            name: name.trim().to_owned(),
            local: local.to_owned(),
            domain: ascii_domain(domain),
        }
    }

    /// `local@domain`.
    pub fn address(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The organisational domain (RFC 7489 section 3.2): one label below the public suffix.
    pub fn organisation(&self) -> &str {
        organisational_domain(&self.domain)
    }
}

/// A domain in lower case, IDN as A-labels, without a trailing dot. What IDNA refuses is only
/// lower-cased.
pub fn ascii_domain(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.');
    if domain.is_ascii() {
        return domain.to_ascii_lowercase();
    }
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => ascii,
        _ => domain.to_lowercase(),
    }
}

/// The organisational domain of `domain`: `example.co.uk` of `mail.example.co.uk`; the domain
/// itself where it has none (an IP address, a bare suffix).
pub fn organisational_domain(domain: &str) -> &str {
    if can_be_ip(domain) && domain.parse::<std::net::IpAddr>().is_ok() {
        return domain;
    }
    psl::domain_str(domain).unwrap_or(domain)
}

/// Whether a word can be an IP address, with a port or without: it ends with a digit or has a
/// colon. Nearly no name does, and it need not be parsed to know.
pub(super) fn can_be_ip(word: &str) -> bool {
    word.ends_with(|letter: char| letter.is_ascii_digit()) || word.contains(':')
}

/// The public suffix of `domain`: `co.uk` of `mail.example.co.uk`; the last label where the list
/// knows none.
pub fn public_suffix(domain: &str) -> Option<&str> {
    psl::suffix_str(domain)
}

/// Whether the list of public suffixes knows the one of `domain`.
pub fn has_known_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Whether `domain` is a public suffix, under which anybody can register (`com`, `co.uk`,
/// `github.io`), or a single label.
pub fn is_public_suffix(domain: &str) -> bool {
    public_suffix(domain).is_none_or(|suffix| suffix.len() >= domain.len())
}

/// Reads a header's list of addresses (RFC 5322 section 3.4) from its undecoded value, as mail
/// programs show them: what stands beside the address stays visible in the name, whatever it is.
pub fn list(value: &[u8]) -> Vec<Address> {
    let mut addresses: Vec<Address> = Vec::new();
    let mut carry = String::new();
    for item in split(value) {
        let (name, address) = take_apart(item);
        if address.is_empty() {
            // "Pat, Example <pat@example.com>" is one address with a comma in its name.
            if !name.is_empty() {
                carry = join(&carry, &name, ", ");
            }
            continue;
        }
        let name = join(&std::mem::take(&mut carry), &name, ", ");
        addresses.push(Address::new(&name, &address));
    }
    if !carry.is_empty() {
        addresses.push(Address::new(&carry, ""));
    }
    addresses
}

/// Whether a comma stands in a display name without quotes, so that a part of the list has no
/// address (RFC 5322 section 3.4).
pub(super) fn has_unquoted_comma(value: &[u8]) -> bool {
    let value = without_encoded_commas(value);
    let items = split(&value);
    let named = |item: &&&[u8]| item.iter().any(|byte| !byte.is_ascii_whitespace());
    let without = |item: &&[u8]| take_apart(item).1.is_empty();
    items.len() > 1
        && items.iter().any(|item| item.contains(&b'@'))
        && items.iter().filter(named).any(without)
}

/// The same bytes with no comma inside an encoded word (`=?charset?q?text?=`), where some programs
/// leave one.
fn without_encoded_commas(value: &[u8]) -> Vec<u8> {
    let mut marks = 0;
    let mut masked = value.to_vec();
    for (at, byte) in masked.iter_mut().enumerate() {
        let next = value.get(at + 1);
        match *byte {
            b'=' if marks == 0 && next == Some(&b'?') => marks = 1,
            b'?' if marks == 4 && next == Some(&b'=') => marks = 0,
            b'?' if marks > 0 && marks < 4 => marks += 1,
            byte if byte.is_ascii_whitespace() => marks = 0,
            _ => {}
        }
        if marks == 4 && *byte == b',' {
            *byte = b'_';
        }
    }
    masked
}

fn join(left: &str, right: &str, between: &str) -> String {
    match (left.is_empty(), right.is_empty()) {
        (true, _) => right.to_owned(),
        (_, true) => left.to_owned(),
        _ => format!("{left}{between}{right}"),
    }
}

/// Cuts at commas and semicolons outside quotes, comments and angle brackets, and drops the names
/// of groups (`undisclosed-recipients:;`).
fn split(value: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    let (mut start, mut quoted, mut comment, mut angle) = (0, false, 0_u32, false);
    let mut escaped = false;
    for (at, &byte) in value.iter().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b'"' if comment == 0 => quoted = !quoted,
            _ if quoted => {}
            b'(' => comment += 1,
            b')' => comment = comment.saturating_sub(1),
            _ if comment > 0 => {}
            b'<' => angle = true,
            b'>' => angle = false,
            b',' | b';' if !angle => {
                items.push(value.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            b':' if !angle && !value.get(start..at).unwrap_or_default().contains(&b'@') => {
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(value.get(start..).unwrap_or_default());
    items
}

/// The display name and the address of one item.
fn take_apart(item: &[u8]) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if let Some((open, close)) = angle(item) {
        let before = item.get(..open).unwrap_or_default();
        let inside = item.get(open + 1..close).unwrap_or_default();
        let after = item.get(close + 1..).unwrap_or_default();
        // A source route (RFC 5322 section 4.4) is not part of the address.
        let inside = text(inside);
        let inside = match inside.rsplit_once(':') {
            Some((route, address)) if route.trim_start().starts_with('@') => address.to_owned(),
            _ => inside,
        };
        let address: String = inside.split_whitespace().collect();
        return (join(&phrase(before), &phrase(after), " "), address);
    }
    let (bare, comments) = without_comments(item);
    let words = phrase(&bare);
    match words.split_whitespace().find(|word| word.contains('@')) {
        Some(word) => {
            let rest: Vec<&str> = words.split_whitespace().filter(|w| *w != word).collect();
            let name = join(&rest.join(" "), &phrase(&comments), " ");
            let quoted = text(&bare);
            // A quoted local part keeps its quotes: "a b"@example.com.
            match quoted.trim() {
                whole if whole.starts_with('"') && whole.contains("\"@") => {
                    (phrase(&comments), whole.to_owned())
                }
                _ => (name, word.to_owned()),
            }
        }
        None => (join(&words, &phrase(&comments), " "), String::new()),
    }
}

/// Where the last `<…>` outside quotes stands.
fn angle(item: &[u8]) -> Option<(usize, usize)> {
    let (mut quoted, mut escaped, mut open, mut found) = (false, false, None, None);
    for (at, &byte) in item.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'<' if !quoted => open = Some(at),
            b'>' if !quoted => {
                if let Some(open) = open.take() {
                    found = Some((open, at));
                }
            }
            _ => {}
        }
    }
    // An unclosed quote or bracket must not hide the address.
    found
        .or_else(|| open.map(|open| (open, item.len())))
        .or_else(|| {
            let open = item.iter().rposition(|&byte| byte == b'<')?;
            let close = item.iter().rposition(|&byte| byte == b'>')?;
            (quoted && open < close).then_some((open, close))
        })
}

/// An item without its comments, and the comments.
fn without_comments(item: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut bare, mut comments) = (Vec::new(), Vec::new());
    let (mut depth, mut quoted) = (0_u32, false);
    for &byte in item {
        match byte {
            b'"' if depth == 0 => quoted = !quoted,
            b'(' if !quoted => {
                depth += 1;
                continue;
            }
            b')' if !quoted && depth > 0 => {
                depth -= 1;
                comments.push(b' ');
                continue;
            }
            _ => {}
        }
        if depth > 0 { &mut comments } else { &mut bare }.push(byte);
    }
    (bare, comments)
}

/// A phrase as it is shown: encoded words decoded, quotes and escapes undone, white space folded.
fn phrase(bytes: &[u8]) -> String {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut escaped = false;
    for &byte in bytes {
        match byte {
            b'\\' if !escaped => escaped = true,
            b'"' if !escaped => {}
            _ => {
                plain.push(byte);
                escaped = false;
            }
        }
    }
    let text = super::header::decode(&plain);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_compared_by_organisation() {
        for (domain, organisation) in [
            ("example.com", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("co.uk", "co.uk"),
            ("10.0.0.1", "10.0.0.1"),
            ("localhost", "localhost"),
            ("me.github.io", "me.github.io"),
            ("", ""),
        ] {
            assert_eq!(organisational_domain(domain), organisation);
        }
    }

    #[test]
    fn public_suffixes_are_known() {
        for suffix in ["com", "co.uk", "github.io", "localhost", ""] {
            assert!(is_public_suffix(suffix), "{suffix}");
        }
        assert!(!is_public_suffix("example.com"));
    }

    #[test]
    fn addresses_come_apart_at_the_last_at() {
        let address = Address::new(" Pat ", "\"a@b\"@Bücher.Example.");
        assert_eq!(address.name, "Pat");
        assert_eq!(address.local, "\"a@b\"");
        assert_eq!(address.domain, "xn--bcher-kva.example");
    }

    #[test]
    fn lists_are_read_as_mail_programs_show_them() {
        let read = |value: &str| {
            list(value.as_bytes())
                .into_iter()
                .map(|address| format!("{}|{}|{}", address.name, address.local, address.domain))
                .collect::<Vec<_>>()
                .join(" + ")
        };
        for (value, addresses) in [
            ("pat@example.com", "|pat|example.com"),
            ("<pat@example.com>", "|pat|example.com"),
            ("Pat <pat@Example.COM>", "Pat|pat|example.com"),
            ("\"Doe, Pat\" <pat@example.com>", "Doe, Pat|pat|example.com"),
            ("Doe, Pat <pat@example.com>", "Doe, Pat|pat|example.com"),
            ("pat@example.com (Pat Doe)", "Pat Doe|pat|example.com"),
            (
                "a@example.com, B <b@example.org>",
                "|a|example.com + B|b|example.org",
            ),
            (
                "service@bank.example <x@evil.test>",
                "service@bank.example|x|evil.test",
            ),
            (
                "\"service@bank.example\" <x@evil.test>",
                "service@bank.example|x|evil.test",
            ),
            (
                "\"=?utf-8?Q?B=C3=A4nk, Inc?=\" <x@evil.test>",
                "Bänk, Inc|x|evil.test",
            ),
            (
                "=?utf-8?Q?Bank=2C_Inc?= <x@evil.test>",
                "Bank, Inc|x|evil.test",
            ),
            (
                "Bank <service@bank.example> <x@evil.test>",
                "Bank <service@bank.example>|x|evil.test",
            ),
            ("\"Unclosed <x@evil.test>", "Unclosed|x|evil.test"),
            ("Open <x@evil.test", "Open|x|evil.test"),
            (
                "Team: a@example.com, b@example.com;",
                "|a|example.com + |b|example.com",
            ),
            ("undisclosed-recipients:;", ""),
            ("just a name", "just a name||"),
            ("root", "root||"),
            ("<@relay.example:pat@example.com>", "|pat|example.com"),
            ("<>", ""),
            ("", ""),
            ("@", "||"),
        ] {
            assert_eq!(read(value), addresses, "{value}");
        }
    }
}
