//! Moving between folders of a real Dovecot: what a move must not change, with and without MOVE
//! and UIDPLUS.

use crate::support::client::Seen;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Mailbox, MailboxError, Relocation, Removed};
use postsweep::settings::account::Security;
use std::collections::BTreeSet;

const USER: &str = "pat";

fn open(dovecot: &Dovecot) -> ImapMailbox {
    imap::open(&dovecot.server(USER, Security::Tls), &Dovecot::password()).unwrap()
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
