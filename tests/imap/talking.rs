//! How a connection is used: in few round trips, compressed where that pays, and given up for a
//! while where the server asks for that.

use crate::support::dovecot::{Dovecot, Options};
use crate::support::scripted::{Act, Script};
use flate2::{Compression, write::DeflateEncoder};
use postsweep::mailbox::imap::{self, ImapMailbox, Traffic};
use postsweep::mailbox::{Mailbox, MailboxError, Mark, Part, Stop, Survey};
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::Secret;
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Duration;

fn open(server: &Server) -> Result<ImapMailbox, MailboxError> {
    imap::open(server, &Secret::new("secret".to_owned()), &Stop::default())
}

fn mark(mailbox: &mut ImapMailbox, folder: &str, since: Option<&Mark>) -> Option<Mark> {
    match mailbox.survey(folder, since).unwrap() {
        Survey::Whole { mark, .. } => mark,
        Survey::Same { .. } => None,
        Survey::Changed { .. } => panic!("nothing changed"),
    }
}

#[test]
fn a_sweep_with_nothing_new_takes_few_round_trips() {
    for compress in [false, true] {
        let dovecot = Dovecot::with(Options {
            compress,
            ..Options::default()
        });
        let mut client = dovecot.client("pat");
        client.run("CREATE Sent");
        client.append(
            "INBOX",
            "",
            "02-Mar-2025 10:20:30 +0100",
            b"Subject: x\r\n\r\n",
        );
        for (security, most) in [
            (Security::Tls, 5),
            (Security::Starttls, 7),
            (Security::None, 5),
        ] {
            let mut server = dovecot.server("pat", security);
            server.compress = Some(true);
            let mut first = open(&server).unwrap();
            let inbox = mark(&mut first, "INBOX", None).unwrap();
            let sent = mark(&mut first, "Sent", None).unwrap();
            drop(first);

            let mut second = open(&server).unwrap();
            assert_eq!(second.folders().unwrap().len(), 3);
            assert!(second.is_same("inbox", "INBOX").unwrap());
            assert_eq!(mark(&mut second, "Sent", Some(&sent)), None);
            assert_eq!(mark(&mut second, "INBOX", Some(&inbox)), None);
            let Traffic { round_trips, .. } = second.traffic();
            // LOGOUT is one more, and not waited for.
            assert!(round_trips < most, "{security:?}: {round_trips}");
        }
    }
}

/// Much that is alike, so that compression shows.
fn text() -> Vec<u8> {
    let line = "Dear customer, this line comes again and again, with a number: ";
    let lines = (0..3000).map(|n| format!("{line}{}\r\n", n * 7919 % 1000));
    ("Subject: long\r\n\r\n".to_owned() + &lines.collect::<String>()).into_bytes()
}

#[test]
fn what_comes_is_compressed_where_that_is_asked_for_and_offered() {
    let text = text();
    for (offered, asked, expected) in [
        (true, Some(true), true),
        (true, Some(false), false),
        (true, None, false), // this computer's own server
        (false, Some(true), false),
    ] {
        let dovecot = Dovecot::with(Options {
            compress: offered,
            ..Options::default()
        });
        dovecot.deliver("pat", [text.as_slice()]);
        for security in [Security::Tls, Security::Starttls, Security::None] {
            let mut server = dovecot.server("pat", security);
            server.compress = asked;
            let mut mailbox = open(&server).unwrap();
            let entries = mailbox.list("INBOX").unwrap();
            let mut came = Vec::new();
            let mut each = |fetched: postsweep::mailbox::Fetched| {
                came.push(fetched.bytes);
                ControlFlow::Continue(())
            };
            mailbox
                .fetch("INBOX", &entries, Part::Whole, &mut each)
                .unwrap();
            assert!(came == [text.clone()], "{security:?}");
            let Traffic { read, written, .. } = mailbox.traffic();
            let few = read < text.len() as u64 / 3;
            assert_eq!(
                few, expected,
                "{read} bytes, {offered} {asked:?} {security:?}"
            );
            assert!(written > 100, "{written}");
            // Moves are said in it too.
            mailbox.create("Junk").unwrap();
            assert_eq!(
                mailbox.relocate("INBOX", &entries, "Junk").unwrap().len(),
                1
            );
            let there = mailbox.list("Junk").unwrap();
            mailbox.relocate("Junk", &there, "INBOX").unwrap();
        }
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.flush().unwrap();
    encoder.get_ref().clone()
}

#[test]
fn compression_loses_no_byte_and_bursts_no_bounds() {
    // CAPABILITY, CAPABILITY, LIST and COMPRESS go before: the fifth command is w5.
    let examined = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nw5 OK done\r\n";
    let bomb = [b"* X ".to_vec(), vec![b'x'; 8 << 20]].concat();
    let noise = b"\r\n".repeat(4 << 20);
    type Right = fn(&Result<usize, MailboxError>) -> bool;
    let lost: Right = |outcome| matches!(outcome, Err(MailboxError::Lost { .. }));
    let cases: Vec<(&str, Vec<u8>, Right)> = vec![
        (
            "what comes behind the answer at once",
            deflated(examined),
            |outcome| matches!(outcome, Ok(0)),
        ),
        ("a line that inflates without end", deflated(&bomb), lost),
        ("lines that inflate without end", deflated(&noise), lost),
        ("no compressed data", vec![0xff; 100], lost),
        (
            "blocks that hold nothing",
            [0, 0, 0, 0xff, 0xff].repeat(100_000),
            |outcome| matches!(outcome, Err(MailboxError::TimedOut { .. })),
        ),
        ("an end of the compressed data", vec![3, 0], lost),
    ];
    for (name, behind, is_right) in cases {
        let answer = [b"TAG OK go\r\n".to_vec(), behind].concat();
        let pieces = match answer.len() < 90_000 {
            true => vec![Act::Send(answer)],
            // The tag is looked for in short pieces alone.
            false => vec![
                Act::Send(answer[..11].to_vec()),
                Act::Send(answer[11..].to_vec()),
            ],
        };
        let scripted = Script::new()
            .say(
                "CAPABILITY",
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN COMPRESS=DEFLATE\r\nTAG OK\r\n",
            )
            .on("COMPRESS", [pieces, vec![Act::Hang]].concat())
            .start();
        let mut server = scripted.server(Security::None);
        server.compress = Some(true);
        server.io_timeout = Duration::from_millis(800);
        let begun = std::time::Instant::now();
        let outcome = open(&server).and_then(|mut mailbox| Ok(mailbox.list("INBOX")?.len()));
        assert!(is_right(&outcome), "{name}: {outcome:?}");
        assert!(begun.elapsed() < Duration::from_secs(12), "{name}");
    }
}

#[test]
fn a_sign_in_goes_out_in_one_piece_where_the_server_takes_it() {
    let greeting = |words: &str| {
        let line = format!("* OK [CAPABILITY {words}] ready\r\n");
        Script::new().greeting(vec![Act::Send(line.into_bytes())])
    };
    let ok = "TAG OK [CAPABILITY IMAP4rev1 NAMESPACE] in\r\n";
    let scripted = greeting("IMAP4rev1 SASL-IR AUTH=PLAIN")
        .say("AUTHENTICATE", ok)
        .start();
    let mut mailbox = open(&scripted.server(Security::None)).unwrap();
    assert_eq!(mailbox.folders().unwrap().len(), 2);
    drop(mailbox);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(
        scripted.heard(),
        [
            "a1 AUTHENTICATE PLAIN AHBhdABzZWNyZXQ=",
            "w1 NAMESPACE",
            "w2 LIST \"\" \"*\"",
            "w3 LOGOUT"
        ]
    );
    // It asks all the same, or refuses: neither confuses anyone.
    let scripted = greeting("IMAP4rev1 SASL-IR AUTH=PLAIN")
        .say(
            "AUTHENTICATE",
            "TAG NO [AUTHENTICATIONFAILED] AHBhdABzZWNyZXQ=\r\n",
        )
        .start();
    let error = open(&scripted.server(Security::None)).unwrap_err();
    assert!(matches!(error, MailboxError::SignIn { .. }), "{error}");
    assert!(!error.to_string().contains("AHBhd"), "{error}");
    // A list without the protocol's name is not believed: the server is asked.
    let scripted = greeting("SASL-IR AUTH=PLAIN").start();
    open(&scripted.server(Security::None)).unwrap();
    let heard = scripted.heard();
    let asked = heard.iter().filter(|line| line.ends_with("CAPABILITY"));
    assert_eq!(asked.count(), 2, "{heard:?}");
}

#[test]
fn a_server_that_asks_to_wait_is_heard_wherever_it_says_so() {
    let long = Some(Duration::from_millis(92_415));
    for (command, answer, wait) in [
        (
            "AUTHENTICATE",
            "TAG NO [UNAVAILABLE] Temporary authentication failure.\r\n",
            None,
        ),
        (
            "AUTHENTICATE",
            "TAG NO [ALERT] Too many simultaneous connections. (Failure)\r\n",
            None,
        ),
        (
            "LIST",
            "TAG NO [LIMIT] slow down, 30 seconds\r\n",
            Some(Duration::from_secs(30)),
        ),
        ("EXAMINE", "* BYE [THROTTLED]\r\n", None),
        (
            "EXAMINE",
            "TAG BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds\r\n* BYE Connection closed. 14\r\n",
            long,
        ),
        (
            "UID FETCH",
            "TAG NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n",
            None,
        ),
        (
            "UID FETCH",
            "* 1 FETCH (UID 11 FLAGS ())\r\nTAG NO [THROTTLED] x\r\n",
            None,
        ),
    ] {
        let scripted = Script::new().say(command, answer).start();
        let error = open(&scripted.server(Security::None))
            .and_then(|mut mailbox| mailbox.list("INBOX"))
            .unwrap_err();
        match &error {
            MailboxError::Throttled {
                wait: told, reason, ..
            } => {
                assert_eq!(*told, wait, "{answer}");
                assert!(answer.contains(reason.as_str()), "{reason}");
            }
            _ => panic!("{answer}: {error}"),
        }
        assert!(error.is_transient() && error.is_fatal());
    }
    for farewell in [
        "* BYE Session invalidated - AccessTokenExpired\r\n",
        "* BYE Disconnected for inactivity.\r\n",
        "TAG BAD User is authenticated but not connected.\r\n",
    ] {
        let scripted = Script::new().say("EXAMINE", farewell).start();
        let error = open(&scripted.server(Security::None))
            .and_then(|mut mailbox| mailbox.list("INBOX"))
            .unwrap_err();
        assert!(
            matches!(error, MailboxError::Lost { .. }),
            "{farewell}: {error}"
        );
    }
}
