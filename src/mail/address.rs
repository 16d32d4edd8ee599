//! E-mail addresses and domains (RFC 5322 section 3.4), and organisational domains by the Public
//! Suffix List.

/// A mailbox in a header: the display name and the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    if domain.parse::<std::net::IpAddr>().is_ok() {
        return domain;
    }
    psl::domain_str(domain).unwrap_or(domain)
}

/// Whether `domain` is a public suffix, under which anybody can register (`com`, `co.uk`,
/// `github.io`), or a single label.
pub fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain).is_none_or(|suffix| suffix.len() >= domain.len())
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
}
