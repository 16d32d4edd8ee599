//! Folders by any name, and messages as they are.

use super::support::client::Client;
use super::support::real::Setup;
use super::{Start, open};
use postsweep::mailbox::imap::ImapMailbox;
use postsweep::mailbox::{Entry, Fetched, Mailbox, MailboxError, Part, SpecialUse};
use std::ops::ControlFlow;

const DATE: &str = "02-Mar-2025 10:20:30 +0100";

fn fetch(mailbox: &mut ImapMailbox, folder: &str, entries: &[Entry], part: Part) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut each = |fetched: Fetched| {
        all.push(fetched);
        ControlFlow::Continue(())
    };
    mailbox.fetch(folder, entries, part, &mut each).unwrap();
    all.sort_by(|a, b| a.place.cmp(&b.place));
    all.into_iter().map(|fetched| fetched.bytes).collect()
}

pub fn folders_are_found_by_the_names_that_people_write(start: Start) {
    let server = start(Setup::default());
    let mut mailbox = open(&*server);
    let names = [
        "Archive/Missed spam",
        "Müll & (Mehr) 日本",
        "\"quoted\" \\ {3}",
        "Übersicht/Äpfel/ß",
        "100 & one",
    ];
    let (refused, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|n| server.refuses(n));
    for name in refused {
        let error = mailbox.create(name).unwrap_err();
        assert!(matches!(&error, MailboxError::Refused { folder, .. } if folder == name));
    }
    for &name in &names {
        assert!(mailbox.create(name).unwrap(), "{name}");
        assert!(!mailbox.create(name).unwrap(), "{name}");
        assert!(mailbox.list(name).unwrap().is_empty(), "{name}");
    }
    // A new connection has only the server's list to go by.
    let mut mailbox = open(&*server);
    let folders = mailbox.folders().unwrap();
    for &name in &names {
        let shown = server.spell(name);
        let folder = folders.iter().find(|folder| folder.name == shown);
        assert!(
            folder.is_some_and(|folder| folder.selectable),
            "{shown}: {folders:?}"
        );
        assert!(mailbox.is_same(name, &shown).unwrap(), "{name}");
    }
    let junk = folders
        .iter()
        .find(|folder| folder.name == server.spell("Junk"));
    assert_eq!(junk.unwrap().special, Some(SpecialUse::Junk));
    // The name as it is shown works as well as the name as it was written.
    for folder in folders.iter().filter(|folder| folder.selectable) {
        mailbox.list(&folder.name).unwrap();
    }
    assert_eq!(mailbox.list("inbox").unwrap(), []);
    let subscribed = server.client().run("LSUB \"\" \"*\"");
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
    assert_eq!(mailbox.list("INBOX").unwrap(), []);
}

pub fn messages_come_byte_for_byte_and_are_never_marked_read(start: Start) {
    let server = start(Setup::default());
    let mut client = server.client();
    let big = [
        b"Subject: big\r\n\r\n".to_vec(),
        b"0123456789\r\n".repeat(400_000),
    ]
    .concat();
    let long = [
        b"Subject: long\r\n\r\n".to_vec(),
        b"x".repeat(100_000),
        b"\r\n".to_vec(),
    ]
    .concat();
    let odd: [&[u8]; 6] = [
        b"Subject: plain\r\n\r\nBody\r\n",
        b"Subject: 8-bit body\r\n\r\n\x80\xff \"quoted\" {12}\r\n)\r\nx OK done\r\n",
        b"Subject: none\r\n\r\n",
        b"\r\nno header\r\n",
        &long,
        &big,
    ];
    odd.iter()
        .for_each(|bytes| client.append("INBOX", "", DATE, bytes));
    // What a server may put in order as it takes it in: 8 bits in a header, a missing line end.
    for bytes in [
        &b"Subject: 8-bit \xff\xfe\r\n\r\nx\r\n"[..],
        b"Subject: a\r\n\r\nno line end",
    ] {
        client.append("INBOX", "", DATE, bytes);
    }
    let seen: Vec<Vec<u8>> = client
        .look("INBOX")
        .into_iter()
        .map(|seen| seen.bytes)
        .collect();
    assert!(seen[..6] == odd);
    let odd = seen;
    let mut mailbox = open(&*server);
    let entries = mailbox.list("INBOX").unwrap();
    assert_eq!(entries.len(), odd.len());
    for (entry, bytes) in entries.iter().zip(&odd) {
        assert_eq!(entry.date, Some("2025-03-02T09:20:30Z".parse().unwrap()));
        assert_eq!(entry.size, bytes.len() as u64);
    }
    assert!(fetch(&mut mailbox, "INBOX", &entries, Part::Whole) == odd);
    let starts = fetch(&mut mailbox, "INBOX", &entries, Part::First(20));
    for (start, all) in starts.iter().zip(&odd) {
        assert_eq!(*start, all[..all.len().min(20)]);
    }
    let headers = fetch(&mut mailbox, "INBOX", &entries[..1], Part::Headers);
    assert_eq!(headers, [b"Subject: plain\r\n\r\n"]);
    for (entry, bytes) in entries.iter().zip(&odd) {
        let mut sink = Vec::new();
        assert!(mailbox.download("INBOX", &entry.place, &mut sink).unwrap());
        assert!(sink == *bytes);
    }
    unmarked(&mut client);
    // Again with nothing new: nothing changed.
    assert_eq!(mailbox.list("INBOX").unwrap(), entries);
    assert_eq!(open(&*server).list("INBOX").unwrap(), entries);
}

fn unmarked(client: &mut Client) {
    let seen = client.look("INBOX");
    assert!(
        seen.iter().all(|one| one.flags.is_empty()),
        "a message was marked"
    );
    let unseen = format!("UNSEEN {}", seen.len());
    let status = client.run("STATUS INBOX (UNSEEN)");
    assert!(status[0].0.contains(&unseen), "{status:?}");
}

pub fn what_another_client_expunged_is_passed_over(start: Start) {
    let server = start(Setup::default());
    let mut client = server.client();
    for number in 0..5 {
        let text = format!("Message-ID: <{number}@example.com>\r\nSubject: {number}\r\n\r\n");
        client.append("INBOX", "", DATE, text.as_bytes());
    }
    let mut mailbox = open(&*server);
    let entries = mailbox.list("INBOX").unwrap();
    client.run("SELECT INBOX");
    client.run("STORE 2,4 +FLAGS (\\Deleted)");
    client.run("STORE 5 +FLAGS (\\Flagged)");
    client.run("EXPUNGE");
    let left = |entry: &&Entry| entry.place != entries[1].place && entry.place != entries[3].place;
    let places: Vec<_> = entries.iter().map(|entry| entry.place.clone()).collect();
    let mut now = mailbox.look("INBOX", &places).unwrap();
    now.sort_by(|a, b| a.place.cmp(&b.place));
    assert!(
        now.iter()
            .map(|entry| &entry.place)
            .eq(entries.iter().filter(left).map(|e| &e.place))
    );
    assert!(now[2].flags.flagged);
    let bytes = fetch(&mut mailbox, "INBOX", &entries, Part::Whole);
    assert_eq!(bytes.len(), 3);
    assert!(bytes[1].starts_with(b"Message-ID: <2@example.com>"));
    let found = mailbox
        .find("INBOX", Some("<2@example.com>"), &entries[1].place)
        .unwrap();
    assert_eq!(found, [entries[2].clone()]);
    assert_eq!(mailbox.list("INBOX").unwrap(), now);
}
