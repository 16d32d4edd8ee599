//! `Received` hops (RFC 5321 section 4.4) and who the receiver is.
//! Only what the receiver's own servers wrote can be trusted; the rest is the sender's claim.

use jiff::Timestamp;
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
