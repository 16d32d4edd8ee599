//! `Received` hops (RFC 5321 section 4.4) and who the receiver is.
//! Only what the receiver's own servers wrote can be trusted; the rest is the sender's claim.

use super::address::{ascii_domain, is_public_suffix, organisational_domain};
use super::message::Header;
use jiff::Timestamp;
use std::net::{IpAddr, Ipv6Addr};

/// One `Received` header, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hop {
    /// The name that the client gave itself (HELO or EHLO).
    pub helo: Option<String>,
    /// The client's name by reverse DNS, as the server noted it.
    pub name: Option<String>,
    /// The client's address, as the server noted it.
    pub ip: Option<IpAddr>,
    /// The server that wrote the line.
    pub by: Option<String>,
    /// `with`: SMTP, ESMTPS, LMTP, HTTP …
    pub protocol: Option<String>,
    /// When.
    pub date: Option<Timestamp>,
    /// Whether the receiver's own server wrote it, so that it can be trusted.
    pub trusted: bool,
}

/// What is known of the servers that received the mail for its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receiver {
    /// authserv-ids of the owner's own servers (RFC 8601 section 2.5). Empty: inferred from the
    /// topmost hop's `by`.
    pub authserv_ids: Vec<String>,
    /// Host names (or domains) and addresses of the owner's own servers. Empty: inferred.
    pub trusted_hosts: Vec<String>,
}

impl Hop {
    /// Reads the value of a `Received` header as the common servers write it.
    pub(super) fn parse(value: &str) -> Hop {
        let (route, dated) = behind_last_semicolon(value);
        let mut hop = Hop {
            date: dated.and_then(date),
            ..Hop::default()
        };
        let mut clause = "";
        let mut from: Option<&str> = None;
        let mut comments: Vec<&str> = Vec::new();
        for token in Tokens(route) {
            match token {
                Token::Comment(comment) => {
                    if clause == "from" && comments.len() < 10 {
                        comments.push(comment);
                    }
                }
                Token::Word(word) => match word.to_ascii_lowercase().as_str() {
                    "from" if clause.is_empty() => clause = "from",
                    "by" if hop.by.is_none() => clause = "by",
                    "with" if hop.protocol.is_none() && clause != "for" => clause = "with",
                    "id" | "for" | "via" => clause = "for",
                    "envelope-from" | "envelope-sender" => clause = "for",
                    _ if clause == "from" && from.is_none() => from = Some(word),
                    _ if clause == "by" && hop.by.is_none() => hop.by = Some(host(word)),
                    _ if clause == "with" => match &mut hop.protocol {
                        Some(protocol) if protocol.len() < 60 => {
                            protocol.push(' ');
                            protocol.push_str(word);
                        }
                        Some(_) => {}
                        None => hop.protocol = Some(word.to_owned()),
                    },
                    _ => {}
                },
            }
        }
        hop.client(from, &comments);
        hop
    }

    /// Who the client was, by the word behind `from` and its comments.
    fn client(&mut self, from: Option<&str>, comments: &[&str]) {
        let mut named_by_helo = false;
        for comment in comments {
            let forged = comment.contains("may be forged"); // Sendmail: the name does not lead back
            let mut words = comment
                .split([' ', '\t', '(', ')', ','])
                .filter(|word| !word.is_empty())
                .peekable();
            let mut first = true;
            while let Some(word) = words.next() {
                let lower = word.to_ascii_lowercase();
                if let Some(helo) = lower.strip_prefix("helo=").or(lower.strip_prefix("ehlo=")) {
                    self.helo = Some(host(helo));
                    named_by_helo = true;
                } else if matches!(lower.as_str(), "helo" | "ehlo" | "lhlo") {
                    if let Some(helo) = words.next_if(|word| !word.contains('=')) {
                        self.helo = Some(host(helo));
                        named_by_helo = true;
                    }
                } else if let Some(ip) = ip(word) {
                    self.ip = self.ip.or(Some(ip));
                } else if let Some(ip) = word.rsplit_once('@').and_then(|(_, word)| ip(word)) {
                    self.ip = self.ip.or(Some(ip)); // qmail: an ident name before the address
                } else if first && !forged && self.name.is_none() && is_host(word) {
                    // A name counts only with its address: "(Postfix)" and "(envelope-from …)"
                    // are comments, too.
                    let follows = words.peek().is_some_and(|next| ip_of(next).is_some());
                    if follows {
                        self.name = Some(host(word));
                    }
                }
                first = false;
            }
        }
        let Some(from) = from else { return };
        match ip(from) {
            Some(ip) => {
                self.ip = self.ip.or(Some(ip));
                if self.helo.is_none() {
                    self.helo = Some(host(from));
                }
            }
            // Exim and qmail put the name first, and what the client said behind `helo=`.
            None if named_by_helo => {
                if self.name.is_none() && is_host(from) {
                    self.name = Some(host(from));
                }
            }
            None => self.helo = Some(host(from)),
        }
    }

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
                by.ends_with(".outlook.com")
                    && matches!(ip.segments(), [0x2603, 0x1000..=0x10FF, ..])
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
                organisation = Some(organisational_domain(by).to_owned());
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
        .map(organisational_domain)
        .last()
}

fn same(host: &str, organisation: Option<&str>) -> bool {
    organisation.is_some_and(|organisation| organisational_domain(host) == organisation)
        && !is_public_suffix(host)
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

/// An address as servers write it: `[192.0.2.1]`, `[IPv6:2001:db8::1]`, `192.0.2.1:25`, bare.
fn ip(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches(['[', ']', ',', ';']);
    let word = match word.get(..5) {
        Some(prefix) if prefix.eq_ignore_ascii_case("ipv6:") => word.get(5..)?,
        _ => word,
    };
    let word = word.split('%').next().unwrap_or_default();
    word.parse::<IpAddr>()
        .or_else(|_| {
            word.parse::<std::net::SocketAddrV4>()
                .map(|at| IpAddr::V4(*at.ip()))
        })
        .ok()
        .map(|ip| ip.to_canonical())
}

fn ip_of(word: &str) -> Option<IpAddr> {
    ip(word.rsplit_once('@').map_or(word, |(_, word)| word))
}

/// A host name as servers write it, without decoration.
fn host(word: &str) -> String {
    let word = word.trim_matches(['[', ']', '<', '>', '(', ')', ',', ';', '"']);
    let word = word
        .get(..word.floor_char_boundary(255))
        .unwrap_or_default();
    ascii_domain(word)
}

/// Whether a word is a name that reverse DNS can give.
fn is_host(word: &str) -> bool {
    word.contains('.')
        && !word.contains(['=', '@', '/', ':'])
        && !word.starts_with(|letter: char| !letter.is_ascii_alphanumeric())
        && !word.eq_ignore_ascii_case("unknown")
}

enum Token<'v> {
    Word(&'v str),
    Comment(&'v str),
}

/// Words and comments (RFC 5322 section 3.2.2); a comment within a comment is part of it.
struct Tokens<'v>(&'v str);

impl<'v> Iterator for Tokens<'v> {
    type Item = Token<'v>;

    fn next(&mut self) -> Option<Token<'v>> {
        let text = self.0.trim_start();
        if let Some(inside) = text.strip_prefix('(') {
            let end = comment_end(inside);
            self.0 = inside.get(end + 1..).unwrap_or_default();
            return Some(Token::Comment(inside.get(..end)?));
        }
        let end = text
            .find(|letter: char| letter.is_whitespace() || letter == '(')
            .unwrap_or(text.len());
        self.0 = text.get(end..).unwrap_or_default();
        text.get(..end)
            .filter(|word| !word.is_empty())
            .map(Token::Word)
    }
}

/// Where the comment ends whose `(` was just taken: an unclosed one at the end.
pub(super) fn comment_end(inside: &str) -> usize {
    let mut depth = 1_u32;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    inside.len()
}

/// The route, and the date behind the last semicolon outside comments.
fn behind_last_semicolon(value: &str) -> (&str, Option<&str>) {
    let mut depth = 0_u32;
    let mut last = None;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => last = Some(at),
            _ => {}
        }
    }
    let at = last.or_else(|| value.rfind(';'));
    match at {
        Some(at) => (
            value.get(..at).unwrap_or_default(),
            value.get(at + 1..).map(str::trim),
        ),
        None => (value, None),
    }
}

/// A date of a header (RFC 5322 section 3.3), as tolerantly as mail programs read it.
pub(super) fn date(value: &str) -> Option<Timestamp> {
    let date = mail_parser::DateTime::parse_rfc822(&format!("{value}\n"))?;
    date.is_valid()
        .then(|| Timestamp::from_second(date.to_timestamp()).ok())?
}
