//! A message as it was before anybody received it: without the headers that receiving servers and
//! filters write. Folders of mail come from different collectors, and what these wrote tells them
//! apart better than anything that is true of spam.

use crate::mail::without_headers;

/// Headers of the receiving side, beside all that begin with `X-`, `ARC-` (RFC 8617) or
/// `Authentication-Results` (RFC 8601). `DKIM-Signature` is the sender's.
const RECEIVER: &[&str] = &[
    "apparently-to",
    "delivered-to",
    "dkim-filter",
    "domainkey-status",
    "envelope-to",
    "old-return-path",
    "original-recipient",
    "received",
    "received-spf",
    "return-path",
];

/// The message without what the receiving side wrote into its headers.
pub fn without_received(raw: &[u8]) -> Vec<u8> {
    without_headers(raw, |name| {
        let begins = ["x-", "arc-", "authentication-results"];
        RECEIVER.contains(&name) || begins.iter().any(|start| name.starts_with(start))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_senders_headers_stay() {
        let raw = "Return-Path: <a@example.org>\r\nReceived: from a.example\r\n\tby b.example; x\r\n\
            ARC-Seal: i=1\r\nAuthentication-Results: b.example; spf=pass\r\nX-Mailer: M\r\n\
            DKIM-Signature: v=1\r\nList-Id: <l.example.org>\r\nFrom: a@example.org\r\n\r\nReceived: x\r\n";
        let left = String::from_utf8(without_received(raw.as_bytes())).unwrap();
        assert_eq!(
            left,
            "DKIM-Signature: v=1\r\nList-Id: <l.example.org>\r\nFrom: a@example.org\r\n\r\nReceived: x\r\n"
        );
    }
}
