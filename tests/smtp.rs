//! Letters by SMTP, to a real Postfix, and to a scripted server where an answer is needed that
//! no real one here gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

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

/// How to reach a scripted server.
fn scripted(port: u16, security: Security, user: Option<&str>) -> Server {
    Server {
        host: "127.0.0.1".into(),
        port,
        security,
        ca_file: None,
        user: user.map(str::to_owned),
        password: PasswordFrom::Variable("UNUSED".into()),
        connect_timeout: Duration::from_secs(2),
        io_timeout: Duration::from_millis(300),
    }
}

/// A server that answers each line in turn: what it says first, then one answer a line. Behind
/// the last it hangs up, or with `holds` it says nothing more. While a letter is read (behind an
/// answer 354) a line is not a command.
fn say(answers: &'static [&'static str], holds: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || converse(stream, answers, holds));
        }
    });
    port
}

fn converse(mut stream: TcpStream, answers: &[&str], holds: bool) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    for (index, answer) in answers.iter().enumerate() {
        if index > 0 {
            loop {
                let line = lines.next().unwrap_or(Ok(String::new()))?;
                if !answers[index - 1].starts_with("354") || line == "." {
                    break;
                }
            }
        }
        stream.write_all(answer.as_bytes())?;
    }
    if holds {
        let _ = stream.read_to_end(&mut Vec::new());
    }
    Ok(())
}

#[test]
fn no_answer_of_a_server_hangs_or_ends_the_program() {
    const HELLO: &str = "250-mail.example.test\r\n250-SIZE\r\n250 AUTH PLAIN\r\n";
    for (name, answers, holds, security, user, word) in [
        ("silent", &[][..], true, Security::Tls, None, "within"),
        (
            "silent in the clear",
            &[],
            true,
            Security::None,
            None,
            "within",
        ),
        (
            "hangs up",
            &[""],
            false,
            Security::None,
            None,
            "ended the connection",
        ),
        (
            "other protocol",
            &["* OK IMAP ready\r\n"],
            true,
            Security::None,
            None,
            "does not speak SMTP",
        ),
        (
            "busy",
            &["421 Too many\r\n"],
            true,
            Security::None,
            None,
            "421 Too many",
        ),
        (
            "half a line",
            &["220 mail.exam"],
            true,
            Security::None,
            None,
            "within",
        ),
        (
            "codes differ",
            &["220-a\r\n250 b\r\n"],
            true,
            Security::None,
            None,
            "does not speak SMTP",
        ),
        (
            "silent at EHLO",
            &["220 x\r\n"],
            true,
            Security::None,
            None,
            "within",
        ),
        (
            "no EHLO",
            &["220 x\r\n", "502 What?\r\n"],
            true,
            Security::None,
            None,
            "502 What?",
        ),
        (
            "slipped in before the handshake",
            &[
                "220 x\r\n",
                "250-x\r\n250 STARTTLS\r\n",
                "220 go\r\n250-x\r\n250 AUTH PLAIN\r\n",
            ],
            true,
            Security::Starttls,
            Some("pat"),
            "before the encryption",
        ),
        (
            "hangs at the handshake",
            &["220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n"],
            true,
            Security::Starttls,
            Some("pat"),
            "within",
        ),
        (
            "STARTTLS refused",
            &["220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "454 not now\r\n"],
            true,
            Security::Starttls,
            Some("pat"),
            "454 not now",
        ),
        (
            "echoes the password",
            &["220 x\r\n", HELLO, "535 hunter2 is wrong\r\n"],
            true,
            Security::None,
            Some("pat"),
            "… is wrong",
        ),
        (
            "asks on and on",
            &["220 x\r\n", HELLO, "334 \r\n", "334 \r\n"],
            true,
            Security::None,
            Some("pat"),
            "more than a password",
        ),
        (
            "steers the terminal",
            &["554 \x1b[2Jno\u{202e}\r\n"],
            true,
            Security::None,
            None,
            "554 [2Jno",
        ),
    ] {
        let started = Instant::now();
        let server = scripted(say(answers, holds), security, user);
        let error = SmtpOutbox::connect(&server, Some(&secret("hunter2"))).unwrap_err();
        let told = error.to_string();
        assert!(told.contains(word), "{name}: {told}");
        assert!(told.contains(&server.name()), "{name}: {told}");
        assert!(!told.contains("hunter2"), "{name}: {told}");
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{name} took too long"
        );
    }
}

#[test]
fn an_answer_without_end_is_broken_off() {
    for (name, piece, pause) in [
        ("one line", "x", 0),
        ("many lines", "220-x\r\n", 0),
        ("drop by drop", "2", 50),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(piece.as_bytes()).is_ok() {
                std::thread::sleep(Duration::from_millis(pause));
            }
        });
        let started = Instant::now();
        let server = scripted(port, Security::None, None);
        let error = SmtpOutbox::connect(&server, None).unwrap_err();
        assert!(
            matches!(error, OutboxError::Unreachable { .. }),
            "{name}: {error}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{name} took too long"
        );
    }
}

#[test]
fn odd_greetings_are_understood() {
    // A line of spaces, a bare code, lower case, the old form of AUTH, no limit.
    let hello = &[
        "220\r\n",
        "250-x\r\n250-   \r\n250-size 0\r\n250-auth=plain\r\n250\r\n",
        "235 ok\r\n",
        "250 ok\r\n",
    ];
    let server = scripted(say(hello, true), Security::None, Some("pat"));
    let mut outbox = SmtpOutbox::connect(&server, Some(&secret("secret"))).unwrap();
    assert_eq!(outbox.limit().unwrap(), None);
}

#[test]
fn a_letter_whose_answer_was_lost_is_neither_sent_nor_refused() {
    let dir = TempDir::new().unwrap();
    let letter = letter(dir.path(), "lost", 200_000);
    let send = |answers| {
        let server = scripted(say(answers, false), Security::None, None);
        let mut outbox = SmtpOutbox::connect(&server, None).unwrap();
        outbox.send(&letter).unwrap_err()
    };
    // Greeting, EHLO, NOOP, MAIL, RCPT, DATA; then it hangs up behind the letter.
    let lost = send(&[
        "220 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "354 go\r\n",
        "",
    ]);
    assert!(matches!(lost, OutboxError::Unanswered { .. }), "{lost}");
    assert!(!lost.is_transient(), "it would be sent twice");
    assert!(lost.to_string().contains("may have arrived"), "{lost}");
    // It hangs up before: nothing was taken, and it can be sent again.
    let before = send(&[
        "220 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
    ]);
    assert!(before.is_transient(), "{before}");
    let refused = send(&[
        "220 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "250 x\r\n",
        "354 go\r\n",
        "554 virus\r\n",
    ]);
    assert!(
        matches!(
            refused,
            OutboxError::Refused {
                transient: false,
                ..
            }
        ),
        "{refused}"
    );
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = support::free_port();
    let error = SmtpOutbox::connect(&scripted(port, Security::Tls, None), None).unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
    let mut unknown = scripted(465, Security::Tls, None);
    unknown.host = "smtp.example.invalid".into();
    let error = SmtpOutbox::connect(&unknown, None).unwrap_err();
    assert!(
        error.to_string().contains("smtp.example.invalid"),
        "{error}"
    );
    let mut open = scripted(25, Security::None, None);
    open.host = "192.0.2.1".into();
    let error = SmtpOutbox::connect(&open, None).unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
    let mut no_ca = scripted(say(&[], true), Security::Tls, None);
    no_ca.ca_file = Some("/nonexistent/ca.pem".into());
    let error = SmtpOutbox::connect(&no_ca, None).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/ca.pem"), "{error}");
}
