//! What a certificate says of itself, and why it does not do for a host. Pure but for the clock.

use super::command::printable;
use jiff::Timestamp;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Most names that are told.
const NAMES: usize = 8;

/// The parts of a certificate that a person needs to judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presented {
    subject: String,
    issuer: String,
    names: Vec<String>,
    addresses: Vec<IpAddr>,
    from: Timestamp,
    until: Timestamp,
}

impl Presented {
    /// Reads a certificate in DER form.
    pub(super) fn read(der: &[u8]) -> Option<Presented> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let mut names = Vec::new();
        let mut addresses = Vec::new();
        if let Ok(Some(alternatives)) = certificate.subject_alternative_name() {
            for name in &alternatives.value.general_names {
                match name {
                    GeneralName::DNSName(name) => names.push(printable(name.as_bytes())),
                    GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                    _ => {}
                }
            }
        }
        let validity = certificate.validity();
        Some(Presented {
            subject: printable(certificate.subject().to_string().as_bytes()),
            issuer: printable(certificate.issuer().to_string().as_bytes()),
            names,
            addresses,
            from: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            until: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
        })
    }

    /// Why it was refused for this host, what it says of itself, and what to do.
    pub(super) fn objection(&self, host: &str, ca_file: Option<&Path>, refused: &str) -> String {
        let now = Timestamp::now();
        let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
        let (why, advice) = if now > self.until {
            (
                format!("it expired on {}", day(self.until)),
                "the server's administrator must renew it",
            )
        } else if now < self.from {
            (
                format!("it is valid only from {} on", day(self.from)),
                "check this computer's clock",
            )
        } else if !self.is_for(host) {
            (
                format!("it is not for `{host}`"),
                "set `server` to a name that the certificate is for",
            )
        } else if self.subject == self.issuer {
            (
                "it is signed by itself, so nobody known vouches for it".to_owned(),
                "if this is your own server, set `ca-file` to its certificate",
            )
        } else {
            match ca_file {
                None => (
                    "its issuer is not known to this system".to_owned(),
                    "if you trust the issuer, set `ca-file` to the issuer's certificate",
                ),
                Some(_) => (
                    "its issuer is known neither to this system nor by `ca-file`".to_owned(),
                    "check that `ca-file` holds the issuer's certificate",
                ),
            }
        };
        let mut text = format!("{why} (names: ");
        let all = self.names.iter().cloned();
        let mut all: Vec<String> = all
            .chain(self.addresses.iter().map(IpAddr::to_string))
            .collect();
        if all.is_empty() {
            all.push(self.subject.clone());
        }
        if all.len() > NAMES {
            let more = all.len() - NAMES;
            all.truncate(NAMES);
            all.push(format!("and {more} more"));
        }
        let _ = write!(
            text,
            "{}; issuer: {}; valid {} to {}); {advice}; TLS says: {}",
            all.join(", "),
            self.issuer,
            day(self.from),
            day(self.until),
            printable(refused.as_bytes()),
        );
        text
    }

    /// Whether it names this host (RFC 6125 section 6.4): a star stands for one whole label.
    fn is_for(&self, host: &str) -> bool {
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.addresses.contains(&address);
        }
        let host = host.trim_end_matches('.');
        self.names.iter().any(|name| {
            name.eq_ignore_ascii_case(host)
                || match (name.strip_prefix("*."), host.split_once('.')) {
                    (Some(parent), Some((_, rest))) => parent.eq_ignore_ascii_case(rest),
                    _ => false,
                }
        })
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presented(names: &[&str], from: &str, until: &str) -> Presented {
        Presented {
            subject: "CN=mail".into(),
            issuer: "CN=Example CA".into(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            addresses: vec![IpAddr::from([192, 0, 2, 1])],
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    #[test]
    fn each_objection_says_what_is_wrong_with_what() {
        let (old, new, far) = (
            "2001-01-01T00:00:00Z",
            "2002-02-02T00:00:00Z",
            "2199-01-01T00:00:00Z",
        );
        let names = ["imap.example.com", "*.mail.example.com"];
        for (certificate, host, says) in [
            (
                presented(&names, old, new),
                "imap.example.com",
                "it expired on 2002-02-02",
            ),
            (
                presented(&names, far, far),
                "imap.example.com",
                "valid only from 2199-01-01",
            ),
            (
                presented(&names, old, far),
                "example.com",
                "it is not for `example.com`",
            ),
            (
                presented(&names, old, far),
                "a.b.mail.example.com",
                "it is not for",
            ),
            (presented(&names, old, far), "192.0.2.2", "it is not for"),
            (
                presented(&names, old, far),
                "A.mail.Example.com",
                "issuer is not known",
            ),
            (
                presented(&names, old, far),
                "192.0.2.1",
                "issuer is not known",
            ),
        ] {
            let objection = certificate.objection(host, None, "refused");
            assert!(objection.contains(says), "{objection}");
            assert!(objection.contains("imap.example.com"), "{objection}");
            assert!(objection.contains("CN=Example CA"), "{objection}");
        }
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        assert_eq!(Presented::read(b""), None);
        assert_eq!(Presented::read(&[0x30, 0x82, 0xff, 0xff]), None);
    }
}
