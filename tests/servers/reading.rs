//! Folders by any name, and messages as they are.

use super::support::client::Client;
use super::support::mime::Maker;
use super::support::real::{self, Setup};
use super::{Start, open};
use postsweep::mail::Place;
use postsweep::mail::excerpt::excerpt;
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{
    Entry, Fetched, Mailbox, MailboxError, Mark, Part, SpecialUse, Stop, Survey,
};
use postsweep::settings::account::Security;
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
    for compress in [false, true] {
        let mut reach = server.server(Security::Tls);
        reach.compress = Some(compress);
        let mut mailbox = imap::open(&reach, &real::password(), &Stop::default()).unwrap();
        read(&mut mailbox, &odd);
        unmarked(&mut client);
    }
}

pub fn a_part_ends_where_the_one_ends_that_it_lies_in(start: Start) {
    let server = start(Setup::default());
    let mut client = server.client();
    // What is left out of a large part is not looked at: a delimiter of an outer part in it would
    // hide what follows.
    for seed in [7_109_359_243_306_895_008, 1, 2, 3, 4, 5, 6, 7] {
        let message = Maker::new(seed, true, 900_000).message();
        let text = String::from_utf8_lossy(&message).replace("\r\n", "\n");
        let travels = text.replace('\r', "").replace('\n', "\r\n");
        client.append("INBOX", "", DATE, travels.as_bytes());
    }
    let mut mailbox = open(&*server);
    let entries = mailbox.list("INBOX").unwrap();
    let most = 8 << 20;
    let whole = fetch(&mut mailbox, "INBOX", &entries, Part::Whole);
    let judged = fetch(&mut mailbox, "INBOX", &entries, Part::Judged(most));
    let mut left_out = 0;
    for (judged, whole) in judged.iter().zip(whole) {
        let expected = excerpt(whole, most);
        assert!(*judged == expected.bytes);
        left_out += expected.left_out;
    }
    assert!(left_out > 0);
}

/// Every way to read the inbox gives these messages, and gives them again.
fn read(mailbox: &mut ImapMailbox, odd: &[Vec<u8>]) {
    let entries = mailbox.list("INBOX").unwrap();
    assert_eq!(entries.len(), odd.len());
    for (entry, bytes) in entries.iter().zip(odd) {
        assert_eq!(entry.date, Some("2025-03-02T09:20:30Z".parse().unwrap()));
        assert_eq!(entry.size, bytes.len() as u64);
    }
    assert!(fetch(mailbox, "INBOX", &entries, Part::Whole) == odd);
    let starts = fetch(mailbox, "INBOX", &entries, Part::First(20));
    for (start, all) in starts.iter().zip(odd) {
        assert_eq!(*start, all[..all.len().min(20)]);
    }
    let headers = fetch(mailbox, "INBOX", &entries[..1], Part::Headers);
    assert_eq!(headers, [b"Subject: plain\r\n\r\n"]);
    for (entry, bytes) in entries.iter().zip(odd) {
        let mut sink = Vec::new();
        assert!(mailbox.download("INBOX", &entry.place, &mut sink).unwrap());
        assert!(sink == *bytes);
    }
    // What checks read: the whole of a small message, the start of a large one, and no byte is
    // unaccounted for.
    let mut each = |fetched: Fetched| {
        let entry = entries.iter().find(|entry| entry.place == fetched.place);
        let got = fetched.bytes.len() as u64;
        let size = entry.unwrap().size;
        assert_eq!(got + fetched.left_out, size);
        assert!(got <= 200_000 && (size > 200_000 || fetched.left_out == 0));
        ControlFlow::Continue(())
    };
    let part = Part::Judged(200_000);
    mailbox.fetch("INBOX", &entries, part, &mut each).unwrap();
    // Again with nothing new: nothing changed.
    assert_eq!(mailbox.list("INBOX").unwrap(), entries);
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

pub fn a_survey_adds_up_to_a_list(start: Start) {
    let server = start(Setup::default());
    let (mut client, mut other) = (server.client(), server.client());
    let mut mailbox = open(&*server);
    let (mut known, mut mark): (Vec<Entry>, Option<Mark>) = (Vec::new(), None);
    let mut told = Vec::new();
    let mut survey = |what: &str| {
        let (entries, next) = match mailbox.survey("INBOX", mark.as_ref()).unwrap() {
            Survey::Same { messages } => {
                assert_eq!(messages, known.len(), "{what}");
                told.push("same");
                (known.clone(), mark.clone())
            }
            Survey::Changed {
                messages,
                entries,
                mark,
            } => {
                let mut all = known.clone();
                all.retain(|own| entries.iter().all(|entry| entry.place != own.place));
                all.extend(entries);
                all.sort_by(|a, b| a.place.cmp(&b.place));
                assert_eq!(messages, all.len(), "{what}");
                told.push("changed");
                (all, Some(mark))
            }
            Survey::Whole { entries, mark } => {
                told.push("whole");
                (entries, mark)
            }
        };
        (known, mark) = (entries, next);
        let places = |entries: &[Entry]| entries.iter().map(|one| one.place.clone()).collect();
        let now: Vec<Place> = places(&mailbox.list("INBOX").unwrap());
        assert_eq!(places(&known), now, "{what}");
    };
    survey("empty");
    let mut deliver = |number: usize| {
        let text = format!("Subject: {number}\r\n\r\nHello.\r\n");
        client.append("INBOX", "", DATE, text.as_bytes());
    };
    (1..=3).for_each(&mut deliver);
    survey("three came");
    survey("nothing new");
    (4..=5).for_each(&mut deliver);
    survey("two came");
    other.run("SELECT INBOX");
    other.run("UID STORE 2 +FLAGS (\\Flagged)");
    survey("a flag");
    other.run("UID STORE 1 +FLAGS (\\Deleted)");
    other.run("EXPUNGE");
    deliver(6);
    survey("one went, one came");
    survey("nothing new again");
    other.run("STORE 1:* +FLAGS (\\Deleted)");
    other.run("EXPUNGE");
    survey("all went");
    deliver(7);
    survey("one came");
    let tells = told.contains(&"same") && told.contains(&"changed");
    assert_eq!(tells, server.marks(), "{told:?}");
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
