//! Links whose address is written so that a reader misjudges where they lead.

use super::known::recipients;
use super::{Check, Concern, Given, carried};
use crate::mail::{Link, LinkOrigin, Message};
use crate::verdict::Evidence;
use std::net::IpAddr;
use url::Host;

/// `link-to-ip`
pub const LINK_TO_IP: Check = Check {
    name: "link-to-ip",
    about: "A link leads to a bare public IP address, however it is written. Honest senders have \
            names.",
    concern: Concern::Link,
    run: |message, _| first(message, to_public_ip),
};

/// `link-with-userinfo`
pub const LINK_WITH_USERINFO: Check = Check {
    name: "link-with-userinfo",
    about: "A link has something before an @, so that it reads like another site \
            (https://bank.example@elsewhere.example).",
    concern: Concern::Link,
    run: |message, _| {
        first(message, |link| {
            let url = link.url.as_ref()?;
            let web = matches!(url.scheme(), "http" | "https");
            (web && !url.username().is_empty()).then(|| url.username().to_owned())
        })
    },
};

/// `link-odd-port`
pub const LINK_ODD_PORT: Check = Check {
    name: "link-odd-port",
    about: "A link goes to a port that web sites for the public do not use.",
    concern: Concern::Link,
    run: |message, _| {
        first(message, |link| {
            let url = link.url.as_ref()?;
            let port = url.port().filter(|_| url.scheme().starts_with("http"))?;
            (!matches!(port, 80 | 443 | 8080 | 8443)).then(|| port.to_string())
        })
    },
};

/// `link-carries-recipient`
pub const LINK_CARRIES_RECIPIENT: Check = Check {
    name: "link-carries-recipient",
    about: "A link holds the recipient's address behind the sign #, plainly or as base64, where only a \
            script on the page reads it: false sign-in pages fill in the name so.",
    concern: Concern::Link,
    run: carries_recipient,
};

/// `data-link`
pub const DATA_LINK: Check = Check {
    name: "data-link",
    about: "A link holds a page or a script instead of leading to one (data:text/html, \
            javascript:), or opens a file.",
    concern: Concern::Link,
    run: |message, _| {
        let leads_to_web = |link: &&Link| {
            let scheme = link.target.get(..4);
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
        };
        let mut others = message.links.iter().filter(|link| !leads_to_web(link));
        others.find_map(|link| {
            let start: String = link
                .target
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .take(40)
                .collect::<String>()
                .to_lowercase();
            let page = ["data:text/html", "data:application/", "data:image/svg", "vbscript:", "file:", "search-ms:", "ms-msdt:"]
                .iter()
                .any(|scheme| start.starts_with(scheme))
                // Programs that make HTML leave empty `javascript:void(0)` behind.
                || start.starts_with("javascript:") && !start.contains("void") && start.len() > 13;
            (page && link.origin != LinkOrigin::Image)
                .then(|| Evidence::none().with("target", &start))
        })
    },
};

fn first(message: &Message, found: impl Fn(&Link) -> Option<String>) -> Option<Evidence> {
    message
        .links
        .iter()
        .filter(|link| link.origin != LinkOrigin::Image)
        .chain(carried::links(message))
        .find_map(|link| {
            Some(
                Evidence::none()
                    .with("what", found(link)?)
                    .with("target", &link.target),
            )
        })
}

fn to_public_ip(link: &Link) -> Option<String> {
    let ip = match link.url.as_ref()?.host()? {
        Host::Ipv4(ip) => IpAddr::V4(ip),
        Host::Ipv6(ip) => IpAddr::V6(ip),
        Host::Domain(_) => return None,
    };
    let inside = match ip {
        IpAddr::V4(ip) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.is_unspecified() || (ip.segments()[0] & 0xfe00) == 0xfc00
        }
    };
    (!inside).then(|| ip.to_string())
}

fn carries_recipient(message: &Message, given: &Given) -> Option<Evidence> {
    let own = recipients(message, given);
    let mut links = message.links.iter().chain(carried::links(message));
    links.find_map(|link| {
        let url = link.url.as_ref()?;
        let fragment = url.fragment()?.to_lowercase().replace("%40", "@");
        let decoded = words_in_base64(url.fragment()?);
        let address = own
            .iter()
            .find(|own| fragment.contains(own.as_str()) || decoded.contains(own.as_str()))?;
        Some(
            Evidence::none()
                .with("address", address)
                .with("target", url.host_str().unwrap_or_default()),
        )
    })
}

/// What base64 in a text says, in small letters: each run of its letters, decoded.
fn words_in_base64(text: &str) -> String {
    let runs =
        text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '-' | '_'));
    runs.filter(|run| (8..=500).contains(&run.len()))
        .map(|run| {
            let bits = run.bytes().filter_map(|byte| match byte {
                b'A'..=b'Z' => Some(byte - b'A'),
                b'a'..=b'z' => Some(byte - b'a' + 26),
                b'0'..=b'9' => Some(byte - b'0' + 52),
                b'+' | b'-' => Some(62),
                b'/' | b'_' => Some(63),
                _ => None,
            });
            let (mut held, mut bits_held, mut said) = (0_u32, 0, String::new());
            for six in bits {
                held = (held << 6 | u32::from(six)) & 0xFFFF;
                bits_held += 6;
                if bits_held >= 8 {
                    bits_held -= 8;
                    said.push(char::from((held >> bits_held & 0xFF) as u8).to_ascii_lowercase());
                }
            }
            said.push(' ');
            said
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words_in_base64;
    use proptest::prelude::*;

    #[test]
    fn base64_is_read_wherever_it_stands() {
        for text in [
            "cGF0QGV4YW1wbGUuY29t",
            "cGF0QGV4YW1wbGUuY29t==",
            "x=1&e=cGF0QGV4YW1wbGUuY29t&y=2",
        ] {
            assert!(words_in_base64(text).contains("pat@example.com"), "{text}");
        }
        assert!(!words_in_base64("pat@example.com").contains('@'));
        assert_eq!(words_in_base64(""), "");
    }

    proptest! {
        #[test]
        fn any_text_can_be_looked_at(text in "\\PC{0,300}") {
            prop_assert!(words_in_base64(&text).len() <= 2 * text.len() + 2);
        }
    }
}
