//! Answers that no real server here gives, said by a script; and servers that are not there.

use super::*;

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
        compress: None,
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
