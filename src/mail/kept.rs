//! A message as it is kept from one sweep to the next: the view without the original, as bytes.
//! What depends on the settings (hops, authentication) is read anew from its headers. The view is
//! kept and not an excerpt of the original, since reading mail costs more than judging it.

use super::message::{Message, Reading};
use super::{Authentication, Digest, trail};

/// The form of these bytes. Raised with every change of what a [`Message`] holds or how it is read.
const FORMAT: u32 = 4;

/// What the kept view of a message depends on beside the message: another form, program or limit,
/// and it is of no use.
pub fn kept_by(reading: &Reading) -> String {
    let all = format!(
        "{FORMAT} {} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        reading.limits,
        reading.attachments
    );
    Digest::of(all.as_bytes()).to_string()
}

impl Message {
    /// The view as bytes.
    pub fn keep(mut self) -> Vec<u8> {
        // The text that is seen is nearly always the HTML's.
        let mut same = false;
        if let Some(html) = &mut self.html
            && html.text == self.text
        {
            same = true;
            html.text.clear();
        }
        // Our own plain types always serialise; an empty view is one that cannot be read.
        postcard::to_allocvec(&(same, &self)).unwrap_or_default()
    }

    /// The view of a message with this digest, as [`Message::keep`] gave it; `None` where it
    /// cannot be read.
    pub fn kept(bytes: &[u8], digest: Digest, reading: &Reading) -> Option<Message> {
        let (same, mut message): (bool, Message) = postcard::from_bytes(bytes).ok()?;
        if let Some(html) = &mut message.html
            && same
        {
            html.text.clone_from(&message.text);
        }
        message.digest = digest;
        message.hops = trail::hops(&message.headers, &reading.receiver);
        message.authentication =
            Authentication::read(&message.headers, &message.hops, &reading.receiver);
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Coverage;

    const MAIL: &[u8] = b"Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=sender.example\r\n\
        Received: from x.test (x.sender.test [203.0.113.9]) by mx.example.com with ESMTP; \
        Tue, 3 Feb 2026 10:00:00 +0000\r\n\
        Return-Path: <>\r\nFrom: \"Pat, P.\" <p@sender.example>\r\nTo: a@example.com\r\nCc: b@example.com\r\n\
        Reply-To: c@example.net\r\nSender: d@sender.example\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\
        Date: Tue, 3 Feb 2026 10:00:00 +0100\r\nMessage-ID: <1@sender.example>\r\nReferences: <0@example.com>\r\n\
        Content-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
        --a\r\nContent-Type: text/plain\r\n\r\nHello http://plain.example/\r\n\
        --a\r\nContent-Type: text/html\r\n\r\n<p>Hello <a href=\"http://evil.test/\">bank.example</a>\
        <form><input type=password></form><script></script><img src=x><i style=\"display:none\">no</i>\r\n--a--\r\n\
        --m\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        JVBERi0xLjQK\r\n--m--\r\n";

    #[test]
    fn a_kept_message_is_the_one_that_was_read() {
        let reading = Reading::default();
        let mut read = Message::parse(MAIL.to_vec(), Coverage::Whole, &reading);
        let kept = Message::kept(&read.clone().keep(), read.digest, &reading).unwrap();
        // What is not kept, and said so.
        read.raw.clear();
        read.attachments
            .iter_mut()
            .for_each(|one| one.bytes.clear());
        read.headers.iter_mut().for_each(|header| header.raw = 0..0);
        assert!(read.authentication.spf.is_some() && !read.hops.is_empty());
        assert_eq!(format!("{kept:?}"), format!("{read:?}"));
    }

    #[test]
    fn the_settings_may_change_who_is_trusted() {
        let read = Message::parse(MAIL.to_vec(), Coverage::Whole, &Reading::default()).keep();
        let mut reading = Reading::default();
        reading.receiver.authserv_ids = vec!["mx.other.example".to_owned()];
        let kept = Message::kept(&read, Digest::default(), &reading).unwrap();
        assert!(kept.authentication.by.is_none());
    }

    #[test]
    fn the_form_of_what_is_kept_changes_with_its_number_alone() {
        let message = Message::parse(MAIL.to_vec(), Coverage::Whole, &Reading::default());
        assert_eq!(
            (FORMAT, Digest::of(&message.keep()).short().as_str()),
            (4, "61aa581d"),
            "the view has another form now, or reads this mail otherwise: raise FORMAT, so that \
             views which an earlier program kept are not read, and write the new digest here"
        );
    }

    #[test]
    fn what_cannot_be_read_is_none() {
        let good = Message::parse(MAIL.to_vec(), Coverage::Whole, &Reading::default()).keep();
        for length in 0..good.len() {
            let cut = good.get(..length).unwrap();
            assert!(Message::kept(cut, Digest::default(), &Reading::default()).is_none());
        }
        let limits = |change: fn(&mut Reading)| {
            let mut reading = Reading::default();
            change(&mut reading);
            kept_by(&reading)
        };
        assert_ne!(limits(|_| ()), limits(|reading| reading.limits.parts = 7));
        assert_eq!(
            limits(|_| ()),
            limits(|reading| reading.receiver.trusted_hosts.push("mx".into()))
        );
    }
}
