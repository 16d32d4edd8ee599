//! Moving between folders of a real Dovecot, beside what `tests/servers` tries on every server:
//! without UIDPLUS, into the same folder, and many messages at once.

use crate::support::client::content;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Mailbox, MailboxError, Relocation, Removed, Stop};
use postsweep::settings::account::Security;

const USER: &str = "pat";

fn open(dovecot: &Dovecot) -> ImapMailbox {
    imap::open(
        &dovecot.server(USER, Security::Tls),
        &Dovecot::password(),
        &Stop::default(),
    )
    .unwrap()
}

#[test]
fn without_uidplus_a_copy_is_made_and_the_original_stays_flagged() {
    let dovecot = Dovecot::with(Options {
        moves: false,
        uidplus: false,
        ..Options::default()
    });
    let before = dovecot.client(USER).fill();
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
fn a_move_into_the_same_folder_is_refused() {
    let dovecot = Dovecot::start();
    let before = dovecot.client(USER).fill();
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
