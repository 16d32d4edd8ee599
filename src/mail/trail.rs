//! How far the trail of `Received` lines can be trusted: who the receiver is, and where the mail
//! was handed over to it. Below that line everything is the sender's claim.

use super::address::{ascii_domain, is_public_suffix, organisational_domain};
use super::message::Header;
use super::received::{Hop, Receiver, ip};
use std::net::{IpAddr, Ipv6Addr};

impl Hop {
    /// Whether the client was one of the receiver's own machines, which then wrote the next line.
    fn is_internal(&self, receiver: &Receiver, organisation: Option<&str>) -> bool {
        let fetched = self.protocol.as_deref().is_some_and(is_fetching);
        if fetched || (self.ip.is_none() && self.name.is_none() && self.helo.is_none()) {
            return true;
        }
        if let Some(ip) = self.ip
            && (is_private(ip) || receiver.names_ip(ip) || self.is_within_microsoft(ip))
        {
            return true;
        }
        if let Some(name) = &self.name {
            return receiver.names(name) || receiver.is_inferred() && same(name, organisation);
        }
        // A name that only the client itself gave is worth nothing beside a public address.
        self.ip.is_none()
            && self.helo.as_deref().is_some_and(|helo| {
                receiver.names(helo)
                    || receiver.is_inferred() && same(helo, organisation)
                    || helo == "localhost"
            })
    }

    /// Exchange Online notes no names; its servers talk to each other within this block (seen in
    /// its headers since 2016).
    fn is_within_microsoft(&self, ip: IpAddr) -> bool {
        let by = self.by.as_deref().unwrap_or_default();
        match ip {
            IpAddr::V6(ip) => {
                owner(by) == "outlook.com" && matches!(ip.segments(), [0x2603, 0x1000..=0x10FF, ..])
            }
            IpAddr::V4(_) => false,
        }
    }
}

impl Receiver {
    fn is_inferred(&self) -> bool {
        self.trusted_hosts.is_empty()
    }

    /// Whether the settings name this host, itself or by a domain above it.
    fn names(&self, host: &str) -> bool {
        self.trusted_hosts.iter().any(|trusted| {
            let trusted = ascii_domain(trusted.trim_start_matches(['*', '.']));
            host.strip_suffix(trusted.as_str())
                .is_some_and(|rest| !trusted.is_empty() && (rest.is_empty() || rest.ends_with('.')))
        })
    }

    fn names_ip(&self, ip: IpAddr) -> bool {
        self.trusted_hosts
            .iter()
            .any(|trusted| trusted.trim().parse() == Ok(ip))
    }
}

/// Reads the hops, topmost first, and says which of them the receiver's own servers wrote.
///
/// A line is trusted while the line above it is, while it names the receiver as its writer, and
/// while the line above says that the mail came from one of the receiver's own machines: the
/// first line with a stranger as its client is the handover, and below it anything can be forged,
/// the receiver's name included.
pub(super) fn hops(headers: &[Header], receiver: &Receiver) -> Vec<Hop> {
    let received = |header: &&Header| header.name.eq_ignore_ascii_case("Received");
    let mut hops: Vec<Hop> = headers
        .iter()
        .filter(received)
        .map(|header| Hop::parse(&header.value))
        .collect();
    let mut organisation: Option<String> = None;
    for hop in &mut hops {
        let by = hop.by.as_deref().unwrap_or_default();
        // A line without a server's name (an internal address, `localhost`, qmail's own steps)
        // tells of no organisation; it belongs to whom the line above belongs to.
        let anonymous = by.is_empty() || !by.contains('.') || ip(by).is_some();
        if !anonymous {
            if !receiver.is_inferred() {
                if !receiver.names(by) && !ip(by).is_some_and(|ip| receiver.names_ip(ip)) {
                    break;
                }
            } else if hop.protocol.as_deref().is_some_and(is_fetching) {
                // A program that fetches mail speaks for the desktop that it runs on.
            } else if organisation.is_none() {
                organisation = Some(owner(by).to_owned());
            } else if !same(by, organisation.as_deref()) {
                break;
            }
        }
        hop.trusted = true;
        if !hop.is_internal(receiver, organisation.as_deref()) {
            break;
        }
    }
    hops
}

/// The organisation that received the mail: that of the last trusted hop that names its server.
pub(super) fn receiving_organisation(hops: &[Hop]) -> Option<&str> {
    hops.iter()
        .take_while(|hop| hop.trusted)
        .filter_map(|hop| hop.by.as_deref())
        .filter(|by| by.contains('.') && ip(by).is_none())
        .map(owner)
        .last()
}

fn same(host: &str, organisation: Option<&str>) -> bool {
    organisation.is_some_and(|organisation| owner(host) == organisation) && !is_public_suffix(host)
}

/// The organisation that a host belongs to. Exchange Online's servers bear names of two domains in
/// one trail (seen since 2016).
pub(super) fn owner(host: &str) -> &str {
    match organisational_domain(host) {
        "office365.com" => "outlook.com",
        domain => domain,
    }
}

fn is_fetching(protocol: &str) -> bool {
    let protocol = protocol.get(..4).unwrap_or_default();
    protocol.eq_ignore_ascii_case("IMAP") || protocol.eq_ignore_ascii_case("POP3")
}

/// Whether an address cannot come from the internet (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || matches!(ip.octets(), [100, 64..=127, ..])
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip == Ipv6Addr::UNSPECIFIED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(lines: &[&str], receiver: &Receiver) -> usize {
        let headers: Vec<Header> = lines
            .iter()
            .map(|line| Header {
                name: "received".into(),
                value: (*line).into(),
                raw: 0..0,
            })
            .collect();
        let hops = hops(&headers, receiver);
        let trusted = hops.iter().take_while(|hop| hop.trusted).count();
        assert_eq!(trusted, hops.iter().filter(|hop| hop.trusted).count());
        trusted
    }

    const EDGE: &str =
        "from claims.test (x.evil.test [203.0.113.9]) by mx.example.com with ESMTP; x";
    const FORGED: &str =
        "from bank.example (bank.example [192.0.2.1]) by mx.example.com with ESMTP; x";

    #[test]
    fn trust_ends_at_the_handover() {
        let inferred = Receiver::default();
        for (lines, count) in [
            (&[][..], 0),
            (&[EDGE], 1),
            (&[EDGE, FORGED], 1),
            // Inside: LMTP to the store, a filter on the same machine.
            (
                &[
                    "from mx.example.com (localhost [127.0.0.1]) by store.example.com with LMTP; x",
                    EDGE,
                    FORGED,
                ],
                2,
            ),
            (
                &[
                    "from mx.example.com ([10.0.0.1]) by localhost with LMTP; x",
                    EDGE,
                    FORGED,
                ],
                2,
            ),
            (&["by store.example.com with LMTP id 1; x", EDGE, FORGED], 2),
            (
                &[
                    "(qmail 1 invoked by uid 5); x",
                    "(qmail 2 invoked from network); x",
                    EDGE,
                    FORGED,
                ],
                3,
            ),
            (
                &[
                    "from mx.example.com (mx.example.com [198.51.100.1]) by store.example.com; x",
                    EDGE,
                    FORGED,
                ],
                2,
            ),
            // The client only says that it is one of ours.
            (
                &[
                    "from mx.example.com ([203.0.113.9]) by store.example.com; x",
                    FORGED,
                ],
                1,
            ),
            (
                &[
                    "from mx.example.com (unknown [203.0.113.9]) by store.example.com; x",
                    FORGED,
                ],
                1,
            ),
            // A program that fetches mail from the provider.
            (
                &[
                    "from imap.example.com [198.51.100.1] by desk.example.net with IMAP (fetchmail); x",
                    EDGE,
                    FORGED,
                ],
                2,
            ),
            // Another organisation in front.
            (
                &[
                    "from relay.example.org (relay.example.org [198.51.100.1]) by mx.example.com; x",
                    "from x by relay.example.org; x",
                ],
                1,
            ),
            (
                &[
                    "by 2002:a05:7208:1 with SMTP id a; x",
                    "from y (y. [203.0.113.9]) by mx.google.com with ESMTPS; x",
                    FORGED,
                ],
                2,
            ),
            (
                &[
                    "from A.prod.outlook.com (2603:10b6::1) by B.PROD.OUTLOOK.COM with HTTPS; x",
                    "from c.eop-nam02.prod.protection.outlook.com (2603:10b6::2) by a.outlook.office365.com (2603:10b6::3) with Microsoft SMTP Server; x",
                    "from y (203.0.113.9) by c.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server; x",
                    FORGED,
                ],
                3,
            ),
            (
                &[
                    "from a.prod.outlook.com (2603:10a6::1) by b.prod.outlook.com with HTTPS; x",
                    "from y (203.0.113.9) by c.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP Server; x",
                    FORGED,
                ],
                2,
            ),
        ] {
            assert_eq!(trusted(lines, &inferred), count, "{lines:?}");
        }
    }

    #[test]
    fn the_settings_name_who_is_trusted() {
        let named = Receiver {
            trusted_hosts: vec![
                "example.com".into(),
                "relay.example.org".into(),
                "198.51.100.2".into(),
            ],
            ..Receiver::default()
        };
        for (lines, count) in [
            (&[EDGE, FORGED][..], 1),
            (
                &[
                    "from relay.example.org (relay.example.org [198.51.100.1]) by mx.example.com; x",
                    "from x (x.evil.test [203.0.113.9]) by relay.example.org; x",
                    FORGED,
                ],
                2,
            ),
            (
                &[
                    "from z (unknown [198.51.100.2]) by mx.example.com; x",
                    EDGE,
                    FORGED,
                ],
                2,
            ),
            (
                &[
                    "from x (x.evil.test [203.0.113.9]) by mx.example.net; x",
                    EDGE,
                ],
                0,
            ),
            (
                &["from x (x.evil.test [203.0.113.9]) by notexample.com; x"],
                0,
            ),
        ] {
            assert_eq!(trusted(lines, &named), count, "{lines:?}");
        }
    }
}
