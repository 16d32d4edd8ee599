//! Moving between folders of a real Dovecot: what a move must not change, with and without MOVE
//! and UIDPLUS.

use crate::support::client::Seen;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Mailbox, MailboxError, Relocation, Removed, Stop};
use postsweep::settings::account::Security;
use std::collections::BTreeSet;

const USER: &str = "pat";

fn open(dovecot: &Dovecot) -> ImapMailbox {
    imap::open(
        &dovecot.server(USER, Security::Tls),
        &Dovecot::password(),
        &Stop::default(),
    )
    .unwrap()
}

/// Five messages with different flags, keywords and dates.
fn fill(dovecot: &Dovecot) -> Vec<Seen> {
    let mut client = dovecot.client(USER);
    for (index, flags) in [
        "",
        "\\Seen",
        "\\Flagged $Work",
        "\\Answered \\Draft",
        "$Label1 Junk",
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!(
            "From: a@example.com\r\nMessage-ID: <{index}@example.com>\r\nSubject: {index}\r\n\r\nBody \"{index}\" \\ \r\n"
        );
        let date = format!("0{}-Mar-2025 10:20:30 +0100", index + 1);
        client.append("INBOX", flags, &date, text.as_bytes());
    }
    client.look("INBOX")
}

/// All but the UID, which a move changes.
fn content(seen: &[Seen]) -> Vec<(BTreeSet<String>, String, Vec<u8>)> {
    let rest = seen.iter().cloned();
    let mut all: Vec<_> = rest.map(|m| (m.flags, m.date, m.bytes)).collect();
    all.sort_by(|a, b| a.2.cmp(&b.2));
    all
}

#[test]
fn messages_move_there_and_back_with_flags_keywords_dates_and_bytes() {
    for moves in [true, false] {
        let dovecot = Dovecot::with(Options {
            moves,
            ..Options::default()
        });
        let before = fill(&dovecot);
        let offered = dovecot.client(USER).run("CAPABILITY");
        assert_eq!(
            offered[0].0.ends_with(" MOVE UIDPLUS"),
            moves,
            "{offered:?}"
        );
        let mut mailbox = open(&dovecot);
        let entries = mailbox.list("INBOX").unwrap();
        assert_eq!(entries.len(), 5);
        let target = "Archive/Missed \"spam\" für Ärger";
        let moved = mailbox.relocate("INBOX", &entries, target).unwrap();
        assert_eq!(moved.len(), 5);
        let mut places = Vec::new();
        for (moved, entry) in moved.iter().zip(&entries) {
            assert_eq!(moved.from, entry.place);
            match &moved.outcome {
                Relocation::Moved {
                    to: Some(to),
                    notes,
                } => {
                    assert!(notes.is_empty(), "{notes:?}");
                    places.push(to.clone());
                }
                other => panic!("{other:?}"),
            }
        }
        let there = mailbox.list(target).unwrap();
        let listed: Vec<_> = there.iter().map(|entry| entry.place.clone()).collect();
        assert_eq!(listed, places);
        assert!(dovecot.client(USER).look("INBOX").is_empty());

        // Undo is a move the other way.
        mailbox.relocate(target, &there, "INBOX").unwrap();
        let after = dovecot.client(USER).look("INBOX");
        assert_eq!(content(&after), content(&before));
        assert!(mailbox.list(target).unwrap().is_empty());
        // What is not there any more is told as gone.
        let again = mailbox.relocate("INBOX", &entries[..2], target).unwrap();
        assert!(
            again
                .iter()
                .all(|moved| matches!(moved.outcome, Relocation::Gone))
        );
    }
}

#[test]
fn without_uidplus_a_copy_is_made_and_the_original_stays_flagged() {
    let dovecot = Dovecot::with(Options {
        moves: false,
        uidplus: false,
        ..Options::default()
    });
    let before = fill(&dovecot);
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("INBOX").unwrap();
    let copied = mailbox.relocate("INBOX", &entries, "Missed spam").unwrap();
    let mut copies = Vec::new();
    for one in &copied {
        match &one.outcome {
            Relocation::Copied {
                to: Some(to),
                notes,
            } => {
                assert!(notes.is_empty(), "{notes:?}");
                copies.push(to.clone());
            }
            other => panic!("{other:?}"),
        }
    }
    let mut client = dovecot.client(USER);
    assert_eq!(content(&client.look("Missed spam")), content(&before));
    let originals = client.look("INBOX");
    assert!(originals.iter().all(|one| one.flags.contains("\\Deleted")));

    // Undo takes the flag off; the copies cannot be removed either, and nothing else goes.
    for entry in &entries {
        mailbox
            .set_flags("INBOX", &entry.place, &entry.flags)
            .unwrap();
    }
    assert_eq!(
        mailbox.remove("Missed spam", &copies).unwrap(),
        Removed::Flagged
    );
    assert_eq!(client.look("INBOX"), before);
    assert_eq!(client.look("Missed spam").len(), 5);
}

#[test]
fn what_others_marked_for_removal_stays() {
    for moves in [true, false] {
        let dovecot = Dovecot::with(Options {
            moves,
            ..Options::default()
        });
        fill(&dovecot);
        let mut client = dovecot.client(USER);
        client.run("SELECT INBOX");
        client.run("UID STORE 2,4 +FLAGS (\\Deleted)");
        let mut mailbox = open(&dovecot);
        let entries = mailbox.list("INBOX").unwrap();
        mailbox.relocate("INBOX", &entries[..1], "Junk").unwrap();
        let place = entries[2].place.clone();
        assert_eq!(mailbox.remove("INBOX", &[place]).unwrap(), Removed::Gone);
        drop(mailbox);
        let left: Vec<u32> = client.look("INBOX").iter().map(|one| one.uid).collect();
        assert_eq!(left, [2, 4, 5]);
    }
}

#[test]
fn over_quota_nothing_moves_and_the_folder_is_named() {
    let dovecot = Dovecot::with(Options {
        moves: false,
        quota: Some(7),
        ..Options::default()
    });
    let before = fill(&dovecot);
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("INBOX").unwrap();
    let outcomes = mailbox.relocate("INBOX", &entries, "Junk").unwrap();
    assert_eq!(outcomes.len(), 5);
    for one in outcomes {
        match one.outcome {
            Relocation::Failed(error @ MailboxError::OverQuota { .. }) => {
                assert!(error.to_string().contains("`Junk`"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
    let mut client = dovecot.client(USER);
    assert_eq!(client.look("INBOX"), before);
    assert!(client.look("Junk").is_empty());
}

#[test]
fn a_move_into_the_same_folder_is_refused() {
    let dovecot = Dovecot::start();
    let before = fill(&dovecot);
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("INBOX").unwrap();
    let error = mailbox.relocate("INBOX", &entries, "inbox").unwrap_err();
    assert!(matches!(error, MailboxError::Refused { .. }), "{error}");
    assert_eq!(dovecot.client(USER).look("INBOX"), before);
}

#[test]
fn a_thousand_messages_move_in_one_go() {
    let dovecot = Dovecot::start();
    let messages: Vec<Vec<u8>> = (0..1000)
        .map(|n| format!("Message-ID: <{n}@example.com>\r\n\r\n{n}\r\n").into_bytes())
        .collect();
    dovecot.deliver(USER, messages.iter().map(Vec::as_slice));
    let mut mailbox = open(&dovecot);
    let entries = mailbox.list("INBOX").unwrap();
    let moved = mailbox.relocate("INBOX", &entries, "Missed spam").unwrap();
    assert!(moved.iter().all(
        |one| matches!(&one.outcome, Relocation::Moved { to: Some(_), notes } if notes.is_empty())
    ));
    assert!(mailbox.list("INBOX").unwrap().is_empty());
    assert_eq!(mailbox.list("Missed spam").unwrap().len(), 1000);
}
