//! Reading a real Dovecot, beside what `tests/servers` tries on every server.

use crate::support::client::Client;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::mail::Place;
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Fetched, Mailbox, MailboxError, Part, SpecialUse, Stop};
use postsweep::settings::account::Security;
use std::ops::ControlFlow;
use std::time::Instant;

const USER: &str = "pat";
const DATE: &str = "02-Mar-2025 10:20:30 +0100";

fn open(dovecot: &Dovecot) -> ImapMailbox {
    imap::open(
        &dovecot.server(USER, Security::Tls),
        &Dovecot::password(),
        &Stop::default(),
    )
    .unwrap()
}

fn mail(client: &mut Client, folder: &str, bytes: &[u8]) {
    client.append(folder, "", DATE, bytes);
}

#[test]
fn a_caller_who_has_enough_gets_no_more_and_the_mailbox_still_works() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client(USER);
    for text in ["no header at all", "Subject: none", "\r\n\r\n\r\n"] {
        mail(&mut client, "INBOX", text.as_bytes());
    }
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("INBOX").unwrap();
    let mut seen = 0;
    let mut once = |_| {
        seen += 1;
        ControlFlow::Break(())
    };
    mailbox
        .fetch("INBOX", &entries, Part::Whole, &mut once)
        .unwrap();
    assert_eq!(seen, 1);
    let absent = Some("<x@example.com>");
    let found = mailbox.find("INBOX", absent, &entries[1].place).unwrap();
    assert_eq!(found, entries[1..2]);
}

#[test]
fn single_messages_are_looked_at_as_they_stand_now() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client(USER);
    for number in 0..3 {
        mail(
            &mut client,
            "INBOX",
            format!("Subject: {number}\r\n\r\n").as_bytes(),
        );
    }
    let mut mailbox = open(&dovecot);
    let listed = mailbox.list("INBOX").unwrap();
    client.run("SELECT INBOX");
    client.run("STORE 1 +FLAGS (\\Flagged)");
    client.run("STORE 3 +FLAGS (\\Deleted)");
    client.run("EXPUNGE");
    let places = [listed[0].place.clone(), listed[2].place.clone()];
    let now = mailbox.look("INBOX", &places).unwrap();
    assert_eq!(now.len(), 1, "{now:?}");
    assert_eq!(now[0].place, places[0]);
    assert!(now[0].flags.flagged);
    assert_eq!(mailbox.look("INBOX", &[]).unwrap(), []);
}

#[test]
fn a_message_is_found_again_by_its_message_id() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client(USER);
    let ids = [
        "<1@example.com>",
        "<\"odd \\ one\"@example.com>",
        "<ü@example.com>",
    ];
    for id in ids {
        mail(
            &mut client,
            "INBOX",
            format!("Message-ID: {id}\r\n\r\nx\r\n").as_bytes(),
        );
    }
    let mut mailbox = open(&dovecot);
    let nowhere = Place::Uid {
        validity: 1,
        uid: 1,
    };
    for (index, id) in ids.iter().enumerate().take(2) {
        let found = mailbox.find("INBOX", Some(id), &nowhere).unwrap();
        assert_eq!(found, mailbox.list("INBOX").unwrap()[index..=index], "{id}");
    }
    // What a server makes of bytes that should not be there is its own affair; no error is.
    mailbox.find("INBOX", Some(ids[2]), &nowhere).unwrap();
    mailbox
        .find("INBOX", Some("a\r\nx LOGOUT\0"), &nowhere)
        .unwrap();
    assert!(mailbox.find("INBOX", None, &nowhere).unwrap().is_empty());
    assert!(
        mailbox
            .find("INBOX", Some("  "), &nowhere)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn folders_are_found_by_the_names_that_people_write() {
    for (separator, prefix) in [('/', ""), ('.', ""), ('.', "INBOX.")] {
        let dovecot = Dovecot::with(Options {
            separator,
            prefix,
            ..Options::default()
        });
        let mut mailbox = open(&dovecot);
        for name in [
            "Archive/Missed spam",
            "Müll & \"Mehr\" \\ 日本",
            "Übersicht/Äpfel/ß",
        ] {
            assert!(mailbox.create(name).unwrap(), "{name}");
            assert!(!mailbox.create(name).unwrap(), "{name}");
            assert!(mailbox.list(name).unwrap().is_empty(), "{name}");
        }
        let folders = mailbox.folders().unwrap();
        let named = |name: &str| {
            let shown = format!("{prefix}{}", name.replace('/', &separator.to_string()));
            folders.iter().find(|folder| folder.name == shown).cloned()
        };
        assert!(named("Archive/Missed spam").unwrap().selectable);
        assert!(named("Müll & \"Mehr\" \\ 日本").is_some(), "{folders:?}");
        assert_eq!(named("Junk").unwrap().special, Some(SpecialUse::Junk));
        assert_eq!(mailbox.list("inbox").unwrap(), []);
        // The name as it is shown works as well as the name as it was written.
        for folder in folders.iter().filter(|folder| folder.selectable) {
            mailbox.list(&folder.name).unwrap();
        }
        let subscribed = dovecot.client(USER).run("LSUB \"\" \"*\"");
        assert!(
            subscribed
                .iter()
                .any(|(line, _)| line.contains("Missed spam")),
            "{subscribed:?}"
        );
        let error = mailbox.list("No such folder").unwrap_err();
        assert!(matches!(&error, MailboxError::NoFolder { folder } if folder == "No such folder"));
        let error = mailbox.list("Übersicht/../../x").unwrap_err();
        assert!(!error.is_fatal(), "{error}");
    }
}

#[test]
fn places_of_a_folder_made_anew_are_not_believed() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client(USER);
    client.run("CREATE Old");
    mail(&mut client, "Old", b"Subject: old\r\n\r\n");
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("Old").unwrap();
    client.run("DELETE Old");
    std::thread::sleep(std::time::Duration::from_millis(1100)); // UIDVALIDITY is a time in seconds
    client.run("CREATE Old");
    mail(&mut client, "Old", b"Subject: new\r\n\r\n");
    let mut mailbox = open(&dovecot);
    let error = mailbox
        .fetch("Old", &entries, Part::Whole, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert!(matches!(error, MailboxError::Renumbered { .. }), "{error}");
    let error = mailbox.relocate("Old", &entries, "Junk").unwrap_err();
    assert!(matches!(error, MailboxError::Renumbered { .. }), "{error}");
    assert_eq!(client.look("Old").len(), 1);
}

#[test]
fn five_thousand_messages_are_listed_and_fetched_with_one_in_memory() {
    let dovecot = Dovecot::start();
    let messages: Vec<Vec<u8>> = (0..5000)
        .map(|n| {
            format!(
                "Message-ID: <{n}@example.com>\r\nSubject: {n}\r\n\r\n{}",
                "All work and no play.\r\n".repeat(n % 400)
            )
            .into_bytes()
        })
        .collect();
    dovecot.deliver(USER, messages.iter().map(Vec::as_slice));
    let mut mailbox = open(&dovecot);
    let begun = Instant::now();
    let entries = mailbox.list("INBOX").unwrap();
    let listed = begun.elapsed();
    assert_eq!(entries.len(), 5000);
    let begun = Instant::now();
    let (mut count, mut bytes) = (0, 0);
    let mut each = |fetched: Fetched| {
        count += 1;
        bytes += fetched.bytes.len();
        ControlFlow::Continue(())
    };
    mailbox
        .fetch("INBOX", &entries, Part::Whole, &mut each)
        .unwrap();
    let fetched = begun.elapsed();
    println!("5,000 messages: listed in {listed:?}, {bytes} bytes fetched in {fetched:?}");
    assert_eq!(count, 5000);
    assert_eq!(bytes, messages.iter().map(Vec::len).sum::<usize>());
    assert!(
        dovecot.client(USER).run("STATUS INBOX (UNSEEN)")[0]
            .0
            .contains("UNSEEN 5000")
    );
}
