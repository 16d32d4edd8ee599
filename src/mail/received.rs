//! `Received` hops (RFC 5321 section 4.4) and who the receiver is.
//! Only what the receiver's own servers wrote can be trusted; the rest is the sender's claim.

use super::address::{ascii_domain, can_be_ip};
use super::text::word_end;
use jiff::Timestamp;
use memchr::memchr;
use std::net::IpAddr;

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
                Token::Word(word) => match keyword(word) {
                    "from" if clause.is_empty() => clause = "from",
                    "by" if hop.by.is_none() && clause != "by" => clause = "by",
                    "with" if hop.protocol.is_none() && !matches!(clause, "for" | "with") => {
                        clause = "with"
                    }
                    // Exim's `tls` and `(envelope-from …)` without brackets are its own.
                    "id" | "for" | "via" | "tls" | "envelope-from" => clause = "for",
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
                let is = |name: &str| word.eq_ignore_ascii_case(name);
                if let Some(helo) = behind(word, "helo=").or_else(|| behind(word, "ehlo=")) {
                    self.helo = Some(host(helo));
                    named_by_helo = true;
                } else if is("helo") || is("ehlo") || is("lhlo") {
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
}

/// The word in small letters, where it is one that a clause begins with; else nothing.
fn keyword(word: &str) -> &'static str {
    const KEYWORDS: [&str; 8] = [
        "from",
        "by",
        "with",
        "id",
        "for",
        "via",
        "tls",
        "envelope-from",
    ];
    let found = KEYWORDS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(word));
    found.unwrap_or_default()
}

/// What stands behind a beginning, in whatever letters that is written.
fn behind<'w>(word: &'w str, beginning: &str) -> Option<&'w str> {
    let (start, rest) = word.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// An address as servers write it: `[192.0.2.1]`, `[IPv6:2001:db8::1]`, `192.0.2.1:25`, bare.
pub(super) fn ip(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches(['[', ']', ',', ';']);
    let word = match word.get(..5) {
        Some(prefix) if prefix.eq_ignore_ascii_case("ipv6:") => word.get(5..)?,
        _ => word,
    };
    let word = word.split('%').next().unwrap_or_default();
    can_be_ip(word).then_some(())?;
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
        let end = word_end(text);
        let word = text.get(..end).unwrap_or_default();
        let end = memchr(b'(', word.as_bytes()).unwrap_or(end);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(hop: &Hop) -> String {
        let or = |value: &Option<String>| value.clone().unwrap_or("-".into());
        let ip = hop.ip.map_or("-".into(), |ip| ip.to_string());
        let date = hop.date.map_or("-".into(), |date| date.to_string());
        format!(
            "{} {} {ip} {} {} {date}",
            or(&hop.helo),
            or(&hop.name),
            or(&hop.by),
            or(&hop.protocol).replace(' ', "_"),
        )
    }

    #[test]
    fn hops_of_the_common_servers_are_read() {
        for (value, expected) in [
            // Postfix
            (
                "from mail.sender.example (mx.sender.example [192.0.2.1]) (using TLSv1.3 with cipher X) by mx.example.com (Postfix) with ESMTPS id 4X for <a@example.com>; Tue, 3 Feb 2026 10:00:00 +0100 (CET)",
                "mail.sender.example mx.sender.example 192.0.2.1 mx.example.com ESMTPS 2026-02-03T09:00:00Z",
            ),
            (
                "from [198.51.100.7] (unknown [IPv6:2001:db8::7]) by mx.example.com (Postfix) with ESMTPSA id 1; Tue, 3 Feb 2026 10:00:00 GMT",
                "198.51.100.7 - 2001:db8::7 mx.example.com ESMTPSA 2026-02-03T10:00:00Z",
            ),
            (
                "by mx.example.com (Postfix, from userid 1000) id 7D; Tue, 3 Feb 2026 10:00:00 -0500 (EST)",
                "- - - mx.example.com - 2026-02-03T15:00:00Z",
            ),
            // Exim
            (
                "from host.sender.example ([192.0.2.1] helo=claims.test) by mx.example.com with esmtps (TLS1.3) tls X (Exim 4.96) (envelope-from <x@sender.example>) id 1p-2; Tue, 03 Feb 2026 10:00:00 +0000",
                "claims.test host.sender.example 192.0.2.1 mx.example.com esmtps 2026-02-03T10:00:00Z",
            ),
            (
                "from [192.0.2.1] (port=1234 helo=claims.test) by mx.example.com with esmtp (Exim 4) id 1; Tue, 3 Feb 2026 10:00:00 +0000",
                "claims.test - 192.0.2.1 mx.example.com esmtp 2026-02-03T10:00:00Z",
            ),
            // Sendmail
            (
                "from claims.test (host.sender.example [192.0.2.1]) by mx.example.com (8.15.2/8.15.2) with ESMTP id 1AB; Tue, 3 Feb 2026 10:00:00 GMT",
                "claims.test host.sender.example 192.0.2.1 mx.example.com ESMTP 2026-02-03T10:00:00Z",
            ),
            (
                "from claims.test (host.sender.example [192.0.2.1] (may be forged)) by mx.example.com (8.15.2/8.15.2) with SMTP id 1AB; Tue, 3 Feb 2026 10:00:00 GMT",
                "claims.test - 192.0.2.1 mx.example.com SMTP 2026-02-03T10:00:00Z",
            ),
            // Exchange
            (
                "from SENDER.example.net (192.0.2.1) by AB1.mail.protection.outlook.com (10.13.1.2) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.1.1 via Frontend Transport; Tue, 3 Feb 2026 10:00:00 +0000",
                "sender.example.net - 192.0.2.1 ab1.mail.protection.outlook.com Microsoft_SMTP_Server 2026-02-03T10:00:00Z",
            ),
            (
                "from AB1.prod.outlook.com (2603:10a6:20b::14) by AB2.prod.outlook.com with HTTPS; Tue, 3 Feb 2026 10:00:00 +0000",
                "ab1.prod.outlook.com - 2603:10a6:20b::14 ab2.prod.outlook.com HTTPS 2026-02-03T10:00:00Z",
            ),
            // Gmail
            (
                "from mx.sender.example (mx.sender.example. [192.0.2.1]) by mx.google.com with ESMTPS id a-1si for <a@example.com> (version=TLS1_3 cipher=X); Tue, 03 Feb 2026 02:00:00 -0800 (PST)",
                "mx.sender.example mx.sender.example 192.0.2.1 mx.google.com ESMTPS 2026-02-03T10:00:00Z",
            ),
            (
                "by 2002:a05:6a10:1 with SMTP id abc; Tue, 3 Feb 2026 02:00:00 -0800 (PST)",
                "- - - 2002:a05:6a10:1 SMTP 2026-02-03T10:00:00Z",
            ),
            // qmail
            (
                "from unknown (HELO claims.test) (192.0.2.1) by mx.example.com with SMTP; 3 Feb 2026 10:00:00 -0000",
                "claims.test - 192.0.2.1 mx.example.com SMTP 2026-02-03T10:00:00Z",
            ),
            (
                "from host.sender.example (HELO claims.test) (user@192.0.2.1) by mx.example.com with SMTP; 3 Feb 2026 10:00:00 -0000",
                "claims.test host.sender.example 192.0.2.1 mx.example.com SMTP 2026-02-03T10:00:00Z",
            ),
            (
                "(qmail 12345 invoked from network); 3 Feb 2026 10:00:00 -0000",
                "- - - - - 2026-02-03T10:00:00Z",
            ),
            // Webmail
            (
                "from [192.0.2.1] by web1.mail.example.com via HTTP; Tue, 03 Feb 2026 10:00:00 PST",
                "192.0.2.1 - 192.0.2.1 web1.mail.example.com - 2026-02-03T18:00:00Z",
            ),
            // No server's style at all
            ("", "- - - - - -"),
            (";", "- - - - - -"),
            ("((((((", "- - - - - -"),
            ("from by with", "- - - - - -"),
            ("from from by by with with; never", "from - - by with -"),
        ] {
            assert_eq!(shown(&Hop::parse(value)), expected, "{value}");
        }
    }
}
