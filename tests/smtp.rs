//! Letters by SMTP, to a real Postfix, and to a scripted server where an answer is needed that
//! no real one here gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "smtp/scripted.rs"]
mod scripted;
mod support;

use postsweep::mail::{Enclosure, Letter};
use postsweep::outbox::smtp::SmtpOutbox;
use postsweep::outbox::{Outbox, OutboxError};
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::{PasswordFrom, Secret};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};
use support::certs::Flaw;
use support::postfix::{LIMIT, Postfix};
use tempfile::TempDir;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// A letter with a zip of this many bytes.
fn letter(dir: &Path, id: &str, bytes: usize) -> Letter {
    let path = dir.join(format!("{id}.zip"));
    let zip: Vec<u8> = (0..bytes).map(|n| (n * 7 + n / 256) as u8).collect();
    fs::write(&path, zip).unwrap();
    Letter {
        from: "pat@example.com".into(),
        to: "spam@vendor.example".into(),
        subject: format!("Undetected spam {id}"),
        body: ".one dot\n..two dots\n.\nGrüße\n".into(),
        id: id.into(),
        date: "2026-11-21T08:00:00Z".parse().unwrap(),
        enclosures: vec![Enclosure {
            name: format!("{id}.zip"),
            media_type: "application/zip".into(),
            path,
        }],
    }
}

/// Whether these bytes are that letter, whole and once.
fn is_letter(bytes: &[u8], letter: &Letter) -> bool {
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    message.subject() == Some(letter.subject.as_str())
        && message.message_id() == Some(format!("{}@example.com", letter.id).as_str())
        && text.trim_end() == letter.body.trim_end()
        && message.attachment_count() == 1
        && message.attachment(0).unwrap().contents()
            == fs::read(&letter.enclosures[0].path).unwrap()
}

#[test]
fn letters_arrive_whole_by_tls_and_starttls_and_by_plain_and_login() {
    let postfix = Postfix::start();
    let dir = TempDir::new().unwrap();
    let mut letters = Vec::new();
    for (port, security, id) in [
        (postfix.tls, Security::Tls, "tls"),
        (postfix.starttls, Security::Starttls, "starttls"),
        (postfix.login, Security::Starttls, "login"),
        (postfix.clear, Security::None, "clear"),
    ] {
        let server = postfix.server(port, security);
        let mut outbox = SmtpOutbox::connect(&server, Some(&secret("secret"))).unwrap();
        assert_eq!(outbox.limit().unwrap(), Some(LIMIT), "{id}");
        // Two over one connection.
        for part in ["a", "b"] {
            let letter = letter(dir.path(), &format!("{id}-{part}"), 100_000);
            let answer = outbox.send(&letter).unwrap();
            assert!(answer.starts_with("250 "), "{answer}");
            letters.push(letter);
        }
    }
    let delivered = postfix.delivered(letters.len());
    assert_eq!(delivered.len(), letters.len());
    for letter in &letters {
        let count = delivered.iter().filter(|bytes| is_letter(bytes, letter));
        assert_eq!(count.count(), 1, "{}", letter.id);
    }
    let log = postfix.log();
    for (mechanism, times) in [("sasl_method=PLAIN", 4), ("sasl_method=LOGIN", 2)] {
        assert_eq!(log.matches(mechanism).count(), times, "{log}");
    }
    assert_eq!(
        log.matches(" quit=1 ").count(),
        4,
        "left without QUIT: {log}"
    );
}

#[test]
fn what_the_server_refuses_is_told_and_the_next_letter_goes() {
    let postfix = Postfix::start();
    let dir = TempDir::new().unwrap();
    let server = postfix.server(postfix.clear, Security::None);
    let mut outbox = SmtpOutbox::connect(&server, None).unwrap();

    let large = letter(dir.path(), "large", LIMIT as usize);
    let started = Instant::now();
    let error = outbox.send(&large).unwrap_err();
    assert!(
        matches!(error, OutboxError::TooLarge { limit: LIMIT, size, .. } if size > LIMIT),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(!postfix.log().contains("too big"), "it was sent in vain");

    let mut elsewhere = letter(dir.path(), "elsewhere", 10);
    elsewhere.to = "spam@other.example".into();
    let error = outbox.send(&elsewhere).unwrap_err();
    assert!(
        matches!(
            error,
            OutboxError::Refused {
                transient: false,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("554"), "{error}");

    let mut later = letter(dir.path(), "later", 10);
    later.to = "later@vendor.example".into();
    let error = outbox.send(&later).unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("Come again"), "{error}");

    let good = letter(dir.path(), "good", 10);
    outbox.send(&good).unwrap();
    let delivered = postfix.delivered(1);
    assert!(delivered.len() == 1 && is_letter(&delivered[0], &good));
}

#[test]
fn a_wrong_password_is_told_without_showing_it() {
    let postfix = Postfix::start();
    for port in [postfix.starttls, postfix.login] {
        let server = postfix.server(port, Security::Starttls);
        let error = SmtpOutbox::connect(&server, Some(&secret("hunter2"))).unwrap_err();
        assert!(matches!(error, OutboxError::SignIn { .. }), "{error}");
        let told = format!("{error} {error:?}");
        assert!(
            told.contains("pat@example.com") && told.contains("535"),
            "{told}"
        );
        assert!(!told.contains("hunter2"), "{told}");
        let error = SmtpOutbox::connect(&server, None).unwrap_err();
        assert!(matches!(error, OutboxError::SignIn { .. }), "{error}");
    }
}

#[test]
fn nothing_goes_in_the_clear_when_encryption_is_asked_for() {
    let postfix = Postfix::start();
    for (port, security, word) in [
        (postfix.clear, Security::Starttls, "does not offer STARTTLS"),
        (postfix.clear, Security::Tls, "speaks no TLS"),
    ] {
        let mut server = postfix.server(port, security);
        server.user = Some("pat@example.com".into());
        let error = SmtpOutbox::connect(&server, Some(&secret("secret"))).unwrap_err();
        assert!(matches!(error, OutboxError::Unsupported { .. }), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
    // A server that takes no password without encryption, reached without.
    let server = postfix.server(postfix.starttls, Security::None);
    let error = SmtpOutbox::connect(&server, Some(&secret("secret"))).unwrap_err();
    assert!(error.to_string().contains("offers no way"), "{error}");
}

#[test]
fn a_certificate_that_is_not_good_is_refused() {
    for (flaw, word) in [
        (Flaw::Expired, "expired"),
        (Flaw::UnknownIssuer, "certificate"),
        (Flaw::WrongName, "mismatch"),
    ] {
        let postfix = Postfix::with(flaw);
        for (port, security) in [
            (postfix.tls, Security::Tls),
            (postfix.starttls, Security::Starttls),
        ] {
            let server = postfix.server(port, security);
            let error = SmtpOutbox::connect(&server, Some(&secret("secret"))).unwrap_err();
            assert!(
                matches!(error, OutboxError::Certificate { .. }),
                "{flaw:?}: {error}"
            );
            assert!(error.to_string().contains(word), "{flaw:?}: {error}");
        }
        assert!(!postfix.log().contains("sasl_"), "a password was sent");
    }
}
