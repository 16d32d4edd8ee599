//! Servers that no real one here stands for: that drop flags or dates, move half of what was asked,
//! lose copies, have no target yet, or want encryption only half.

use crate::support::scripted::{Act, MESSAGES, Script, Scripted};
use postsweep::mail::{Flags, Place};
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Mailbox, MailboxError, Part, Relocated, Relocation, Removed, Stop};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;
use std::ops::ControlFlow;
use std::time::Duration;

const COPY_ONLY: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS\r\nTAG OK\r\n";
const GONE: &str = "TAG OK\r\n";
const BARE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK\r\n";

fn open(scripted: &Scripted) -> ImapMailbox {
    let password = Secret::new("hunter2".to_owned());
    imap::open(
        &scripted.server(Security::None),
        &password,
        &Stop::default(),
    )
    .unwrap()
}

/// Moves both messages of the inbox to Junk.
fn relocate(script: Script) -> (Result<Vec<Relocated>, MailboxError>, Vec<String>) {
    let scripted = script.start();
    let mut mailbox = open(&scripted);
    let entries = mailbox.list("INBOX").unwrap();
    let moved = mailbox.relocate("INBOX", &entries, "Junk");
    drop(mailbox);
    let heard = scripted.heard();
    // What must never be sent, whatever happens.
    for line in &heard {
        let command = line.split_once(' ').map_or("", |(_, rest)| rest);
        assert!(command != "EXPUNGE" && command != "CLOSE", "{heard:?}");
    }
    (moved, heard)
}

fn notes(relocated: &Relocated) -> String {
    match &relocated.outcome {
        Relocation::Moved { notes, .. } | Relocation::Copied { notes, .. } => notes.join("; "),
        other => panic!("{other:?}"),
    }
}

fn count(heard: &[String], command: &str) -> usize {
    heard.iter().filter(|line| line.contains(command)).count()
}

#[test]
fn flags_that_the_server_drops_are_put_back_and_told() {
    let listing = |flags: &str| {
        (1..=2)
            .map(|n| format!("* {n} FETCH (UID 1{n} FLAGS ({flags}) INTERNALDATE \"0{n}-Jan-2025 10:00:00 +0000\" RFC822.SIZE 55)\r\n"))
            .collect::<String>()
            + "TAG OK\r\n"
    };
    // Asked for by UID: in the source before and after, in the target, and after they were put back.
    let with = listing("\\Seen $Work");
    let without = listing("\\Recent");
    let script = Script::new().say("UID FETCH 1:*", &with).in_turn(
        "UID FETCH 11:12 (UID FLAGS",
        &[&with, GONE, &without, &with],
    );
    let (moved, heard) = relocate(script);
    for relocated in moved.unwrap() {
        assert_eq!(
            notes(&relocated),
            "its flags were lost on the way and put back: \\Seen $Work"
        );
    }
    assert_eq!(
        count(&heard, "UID STORE 11 FLAGS.SILENT (\\Seen $Work)"),
        1,
        "{heard:?}"
    );

    let script = Script::new()
        .say("UID FETCH 1:*", &with)
        .say("UID STORE", "TAG NO no keywords here\r\n")
        .in_turn(
            "UID FETCH 11:12 (UID FLAGS",
            &[&with, GONE, &without, &listing("\\Seen")],
        );
    for relocated in relocate(script).0.unwrap() {
        assert_eq!(
            notes(&relocated),
            "its flags were \\Seen $Work, and the server keeps only: \\Seen (no keywords here)"
        );
    }
}

#[test]
fn a_date_that_the_server_changes_is_told() {
    let listing = |hour: u32| {
        format!(
            "* 1 FETCH (UID 11 FLAGS () INTERNALDATE \" 1-Jan-2025 {hour}:00:00 +0000\" RFC822.SIZE 55)\r\nTAG OK\r\n"
        )
    };
    let (was, is) = (listing(10), listing(12));
    let script = Script::new()
        .say("UID FETCH 1:*", &was)
        .say("UID MOVE", "* OK [COPYUID 7 11 11] x\r\nTAG OK\r\n")
        .in_turn("UID FETCH 11 (UID FLAGS", &[&was, GONE, &is]);
    let moved = relocate(script).0.unwrap();
    assert_eq!(moved.len(), 1);
    assert_eq!(
        notes(&moved[0]),
        "the server gave it a new date of receipt: 2025-01-01T12:00:00Z instead of 2025-01-01T10:00:00Z"
    );
}

#[test]
fn a_move_that_stops_half_way_tells_which_half() {
    let both =
        String::from_utf8(crate::support::scripted::usual("UID FETCH 1:* (UID FLAGS")).unwrap();
    let second = both.split_once("\r\n").unwrap().1.to_owned();
    let script = Script::new()
        .say(
            "UID MOVE",
            "* OK [COPYUID 7 11 11] x\r\n* 1 EXPUNGE\r\nTAG NO [OVERQUOTA] full\r\n",
        )
        .in_turn("UID FETCH 11:12 (UID FLAGS", &[&both, &second])
        .say("UID FETCH 11 (UID FLAGS", &both);
    let (moved, _) = relocate(script);
    let moved = moved.unwrap();
    assert!(matches!(
        moved[0].outcome,
        Relocation::Moved {
            to: Some(Place::Uid { uid: 11, .. }),
            ..
        }
    ));
    assert!(matches!(
        moved[1].outcome,
        Relocation::Failed(MailboxError::OverQuota { .. })
    ));
}

#[test]
fn a_missing_target_is_made_and_subscribed_once() {
    let missing = "TAG NO [TRYCREATE] no such mailbox\r\n";
    let done = "* OK [COPYUID 7 11:12 11:12] x\r\nTAG OK\r\n";
    let script = Script::new().in_turn("UID MOVE", &[missing, done]);
    let (moved, heard) = relocate(script);
    assert!(
        moved
            .unwrap()
            .iter()
            .all(|one| matches!(one.outcome, Relocation::Moved { .. }))
    );
    assert_eq!(
        (
            count(&heard, "CREATE \"Junk\""),
            count(&heard, "SUBSCRIBE \"Junk\"")
        ),
        (1, 1)
    );

    let (moved, heard) = relocate(Script::new().say("UID MOVE", missing));
    assert!(moved.unwrap().iter().all(|one| matches!(&one.outcome, Relocation::Failed(MailboxError::NoFolder { folder }) if folder == "Junk")));
    assert_eq!(
        count(&heard, "UID MOVE"),
        2,
        "tried once more, not for ever"
    );
}

#[test]
fn an_original_stays_while_its_copy_is_not_seen() {
    let both =
        String::from_utf8(crate::support::scripted::usual("UID FETCH 1:* (UID FLAGS")).unwrap();
    let first = both.split_once("\r\n").unwrap().0.to_owned() + "\r\nTAG OK\r\n";
    // Only the copy of the first can be seen in the target.
    let script = Script::new()
        .say("CAPABILITY", COPY_ONLY)
        .in_turn("UID FETCH 11:12 (UID FLAGS", &[&both, &first])
        .say("UID FETCH 12 (UID FLAGS", "TAG OK\r\n");
    let (moved, heard) = relocate(script);
    let moved = moved.unwrap();
    assert!(matches!(
        moved[0].outcome,
        Relocation::Moved { to: Some(_), .. }
    ));
    assert!(matches!(moved[1].outcome, Relocation::Gone));
    assert_eq!(
        count(&heard, "UID STORE 11 +FLAGS.SILENT (\\Deleted)"),
        1,
        "{heard:?}"
    );
    assert_eq!(count(&heard, "UID EXPUNGE 11"), 1);
    assert_eq!(count(&heard, "UID EXPUNGE"), 1);
}

/// Two messages that are listed alike, and three in the target: the copies, the other way round,
/// and in between one that has nothing to do with them.
fn alike(capability: &str) -> Script {
    let listing = |uids: &[u32]| {
        let line = |uid: &u32| {
            format!(
                "* 1 FETCH (UID {uid} FLAGS () INTERNALDATE \"01-Jan-2025 10:00:00 +0000\" RFC822.SIZE 55)\r\n"
            )
        };
        uids.iter().map(line).collect::<String>() + "TAG OK\r\n"
    };
    let body = |uid: u32, text: &str| {
        format!(
            "* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\nTAG OK\r\n",
            text.len()
        )
    };
    Script::new()
        .say("CAPABILITY", capability)
        .say("UID COPY", "TAG OK copied\r\n")
        .say("STATUS", "* STATUS Junk (UIDNEXT 41)\r\nTAG OK\r\n")
        .say("UID FETCH 1:*", listing(&[11, 12]))
        .say("UID FETCH 11:12", listing(&[11, 12]))
        .say("UID FETCH 41:*", listing(&[41, 42, 43]))
        .say("UID FETCH 41,43", listing(&[41, 43]))
        .say("UID FETCH 41 (UID FLAGS", listing(&[41]))
        .say("UID FETCH 41 (UID BODY", body(41, MESSAGES[1]))
        .say(
            "UID FETCH 42 (UID BODY",
            body(42, "Subject: of somebody else\r\n\r\n"),
        )
        .say("UID FETCH 43 (UID BODY", body(43, MESSAGES[0]))
}

#[test]
fn copies_whose_places_are_not_told_are_found_by_their_bytes() {
    for (capability, expunged) in [(BARE, 0), (COPY_ONLY, 1)] {
        let (moved, heard) = relocate(alike(capability));
        for (relocated, uid) in moved.unwrap().iter().zip([43, 41]) {
            let (to, notes) = match &relocated.outcome {
                Relocation::Copied { to, notes } if expunged == 0 => (to, notes),
                Relocation::Moved { to, notes } if expunged == 1 => (to, notes),
                other => panic!("{other:?}"),
            };
            assert_eq!(*to, Some(Place::Uid { validity: 7, uid }));
            assert!(notes.is_empty(), "{notes:?}");
        }
        assert_eq!(count(&heard, "UID EXPUNGE 11:12"), expunged);
        assert_eq!(count(&heard, "EXPUNGE"), expunged);
        assert_eq!(
            count(&heard, "UID STORE 11:12 +FLAGS.SILENT (\\Deleted)"),
            1
        );
    }
}

#[test]
fn an_original_stays_unless_the_very_same_bytes_are_in_the_target() {
    let changed = MESSAGES[0].replace("First", "Fir5t");
    let other = format!(
        "* 1 FETCH (UID 43 BODY[] {{{}}}\r\n{changed})\r\nTAG OK\r\n",
        changed.len()
    );
    let mut script = alike(COPY_ONLY);
    script = script.instead("UID FETCH 43 (UID BODY", other);
    let (moved, heard) = relocate(script);
    let moved = moved.unwrap();
    assert!(matches!(moved[0].outcome, Relocation::Gone));
    assert!(matches!(moved[1].outcome, Relocation::Moved { .. }));
    assert_eq!(count(&heard, "UID EXPUNGE 12"), 1, "{heard:?}");
    assert_eq!(count(&heard, "EXPUNGE"), 1);
}

#[test]
fn a_connection_that_ends_before_the_originals_go_leaves_them() {
    let script = Script::new()
        .say("CAPABILITY", COPY_ONLY)
        .say("EXAMINE \"Junk\"", "* BYE so long\r\n");
    let (moved, heard) = relocate(script);
    let error = moved.unwrap_err();
    assert!(
        error.is_fatal() && error.to_string().contains("so long"),
        "{error}"
    );
    assert_eq!(count(&heard, "\\Deleted"), 0);
}

#[test]
fn what_went_just_before_the_move_is_gone() {
    let script = Script::new().say("UID MOVE", "* OK [COPYUID 7 12 12] x\r\nTAG OK\r\n");
    let moved = relocate(script).0.unwrap();
    assert!(matches!(moved[0].outcome, Relocation::Gone));
    assert!(matches!(moved[1].outcome, Relocation::Moved { .. }));
}

#[test]
fn names_travel_as_utf8_where_the_server_can() {
    let script = || {
        Script::new()
            .say(
                "CAPABILITY",
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN ENABLE UTF8=ACCEPT MOVE UIDPLUS\r\nTAG OK\r\n",
            )
            .say(
                "LIST",
                "* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"M\u{fc}ll &APw-\"\r\nTAG OK\r\n",
            )
    };
    let scripted = script()
        .say("ENABLE", "* ENABLED UTF8=ACCEPT\r\nTAG OK\r\n")
        .start();
    let mut mailbox = open(&scripted);
    let names: Vec<_> = mailbox
        .folders()
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["INBOX", "M\u{fc}ll &APw-"]);
    mailbox.list("M\u{fc}ll &APw-").unwrap();
    assert!(mailbox.create("\u{c4}pfel").unwrap());
    let heard = scripted.heard();
    assert_eq!(
        count(&heard, "EXAMINE {11}\r\nM\u{fc}ll &APw-"),
        1,
        "{heard:?}"
    );
    assert_eq!(count(&heard, "CREATE \"\u{c4}pfel\""), 1, "{heard:?}");

    // Offered and then not enabled: names stay in modified UTF-7.
    let scripted = script().say("ENABLE", "TAG NO not today\r\n").start();
    let mut mailbox = open(&scripted);
    assert!(mailbox.create("\u{c4}pfel").unwrap());
    assert_eq!(count(&scripted.heard(), "CREATE \"&AMQ-pfel\""), 1);
}

#[test]
fn removing_and_flagging_touch_just_the_named() {
    let places = [Place::Uid {
        validity: 7,
        uid: 12,
    }];
    for (capability, removed) in [(COPY_ONLY, Removed::Gone), (BARE, Removed::Flagged)] {
        let scripted = Script::new().say("CAPABILITY", capability).start();
        let mut mailbox = open(&scripted);
        assert_eq!(mailbox.remove("INBOX", &places).unwrap(), removed);
        let heard = scripted.heard();
        assert_eq!(count(&heard, "UID STORE 12 +FLAGS.SILENT (\\Deleted)"), 1);
        let expunged: Vec<_> = heard
            .iter()
            .filter(|line| line.contains("EXPUNGE"))
            .collect();
        assert!(expunged.iter().all(|line| line.ends_with("UID EXPUNGE 12")));
        assert_eq!(expunged.len(), usize::from(removed == Removed::Gone));
        let flags = Flags {
            seen: true,
            keywords: vec!["$Work".into(), "no(t) a keyword".into(), "\\Recent".into()],
            ..Flags::default()
        };
        mailbox.set_flags("INBOX", &places[0], &flags).unwrap();
        assert_eq!(
            count(
                &scripted.heard(),
                "UID STORE 12 FLAGS.SILENT (\\Seen $Work)"
            ),
            1
        );
        let stale = Place::Uid {
            validity: 8,
            uid: 12,
        };
        let error = mailbox.set_flags("INBOX", &stale, &flags).unwrap_err();
        assert!(matches!(error, MailboxError::Renumbered { .. }));
    }
}

#[test]
fn starttls_goes_on_encrypted_or_not_at_all() {
    let can = "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\nTAG OK\r\n";
    let offering = || Script::new().say("CAPABILITY", can);
    let cases = [
        ("not offered", Script::new(), "does not offer STARTTLS"),
        (
            "a sign-in in the clear is offered instead",
            Script::new()
                .greeting(vec![Act::Send(
                    b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello\r\n".to_vec(),
                )])
                .say(
                    "CAPABILITY",
                    "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nTAG OK\r\n",
                ),
            "does not offer STARTTLS",
        ),
        (
            "no sign-in in the clear, and no encryption",
            Script::new().say(
                "CAPABILITY",
                "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n",
            ),
            "does not offer STARTTLS",
        ),
        (
            "refused",
            offering().say("STARTTLS", "TAG NO not now\r\n"),
            "refuses STARTTLS (not now)",
        ),
        (
            "more behind the answer",
            offering().say(
                "STARTTLS",
                "TAG OK go\r\nw1 OK [CAPABILITY IMAP4rev1] injected\r\n",
            ),
            "interfering",
        ),
        (
            "signed in already",
            Script::new().greeting(vec![Act::Send(
                b"* PREAUTH [CAPABILITY STARTTLS] hello\r\n".to_vec(),
            )]),
            "signed in already",
        ),
        (
            "no TLS behind it",
            offering().on(
                "STARTTLS",
                vec![Act::Send(b"TAG OK go\r\n".to_vec()), Act::Close],
            ),
            "encryption could not be agreed on",
        ),
        (
            "silence behind it",
            offering().on(
                "STARTTLS",
                vec![Act::Send(b"TAG OK go\r\n".to_vec()), Act::Hang],
            ),
            "no answer within",
        ),
        (
            "an empty list",
            Script::new().say("CAPABILITY", "TAG OK\r\n"),
            "does not offer STARTTLS",
        ),
    ];
    for (name, script, says) in cases {
        let scripted = script.start();
        let password = Secret::new("hunter2".to_owned());
        let begun = std::time::Instant::now();
        let error = imap::open(
            &scripted.server(Security::Starttls),
            &password,
            &Stop::default(),
        )
        .unwrap_err();
        assert!(error.to_string().contains(says), "{name}: {error}");
        assert!(
            error.to_string().starts_with("127.0.0.1:"),
            "{name}: {error}"
        );
        assert!(begun.elapsed().as_secs() < 10, "{name}");
        let heard = scripted.heard().join("\n").to_uppercase();
        assert!(
            !heard.contains("LOGIN") && !heard.contains("AUTHENTICATE"),
            "{name}: {heard}"
        );
    }
}

#[test]
fn no_encryption_only_to_this_computer() {
    let scripted = Script::new().start();
    for host in ["192.0.2.1", "2001:db8::1", "[2001:db8::1]"] {
        let mut server = scripted.server(Security::None);
        server.host = host.to_owned();
        let error = imap::open(
            &server,
            &Secret::new("hunter2".to_owned()),
            &Stop::default(),
        )
        .unwrap_err();
        assert!(matches!(error, MailboxError::Unsupported { .. }), "{error}");
    }
    assert!(scripted.heard().is_empty());
}

#[test]
fn time_outs_of_any_length_are_taken() {
    let scripted = Script::new().start();
    let mut server = scripted.server(Security::None);
    server.connect_timeout = Duration::MAX;
    server.io_timeout = Duration::MAX;
    let password = Secret::new("hunter2".to_owned());
    assert_eq!(
        imap::open(&server, &password, &Stop::default())
            .unwrap()
            .list("INBOX")
            .unwrap()
            .len(),
        2
    );
    server.io_timeout = Duration::ZERO;
    server.connect_timeout = Duration::ZERO;
    let error = imap::open(&server, &password, &Stop::default()).unwrap_err();
    assert!(matches!(error, MailboxError::TimedOut { .. }), "{error}");
}

#[test]
fn reading_asks_for_nothing_that_marks_a_message() {
    let scripted = Script::new().start();
    let mut mailbox = open(&scripted);
    let entries = mailbox.list("INBOX").unwrap();
    for part in [Part::Headers, Part::First(10), Part::Whole] {
        let mut each = |_| ControlFlow::Continue(());
        mailbox.fetch("INBOX", &entries, part, &mut each).unwrap();
    }
    mailbox
        .download("INBOX", &entries[0].place, &mut Vec::new())
        .unwrap();
    mailbox
        .find("INBOX", Some("<1@example.com>"), &entries[0].place)
        .unwrap();
    let heard = scripted.heard();
    assert_eq!(count(&heard, "SELECT"), 0, "{heard:?}");
    assert_eq!(count(&heard, "BODY"), 4, "{heard:?}");
    assert_eq!(count(&heard, "BODY.PEEK["), 4, "{heard:?}");
}
