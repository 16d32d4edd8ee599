//! What a move must not change, by whichever commands the server has for it.

use super::support::client::content;
use super::support::real::Setup;
use super::{Start, open};
use postsweep::mailbox::{Mailbox, MailboxError, Relocation, Removed};

pub fn messages_move_there_and_back_with_flags_keywords_dates_and_bytes(start: Start) {
    for moves in [true, false] {
        let server = start(Setup {
            moves,
            ..Setup::default()
        });
        let before = server.client().fill();
        assert_eq!(before.len(), 5);
        let mut mailbox = open(&*server);
        let entries = mailbox.list("INBOX").unwrap();
        let target = "Archive/Missed spam für Ärger";
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
        assert!(server.client().look("INBOX").is_empty());

        // Undo is a move the other way.
        mailbox.relocate(target, &there, "INBOX").unwrap();
        let after = server.client().look("INBOX");
        assert_eq!(content(&after), content(&before));
        assert!(mailbox.list(target).unwrap().is_empty());
        // What is not there any more is told as gone.
        let again = mailbox.relocate("INBOX", &entries[..2], target).unwrap();
        assert!(
            again
                .iter()
                .all(|moved| matches!(moved.outcome, Relocation::Gone)),
            "{again:?}"
        );
    }
}

pub fn what_others_marked_for_removal_stays(start: Start) {
    for moves in [true, false] {
        let server = start(Setup {
            moves,
            ..Setup::default()
        });
        server.client().fill();
        let mut client = server.client();
        client.run("SELECT INBOX");
        client.run("UID STORE 2,4 +FLAGS (\\Deleted)");
        let mut mailbox = open(&*server);
        let entries = mailbox.list("INBOX").unwrap();
        mailbox.relocate("INBOX", &entries[..1], "Junk").unwrap();
        let place = entries[2].place.clone();
        assert_eq!(mailbox.remove("INBOX", &[place]).unwrap(), Removed::Gone);
        drop(mailbox);
        let left: Vec<u32> = client.look("INBOX").iter().map(|one| one.uid).collect();
        assert_eq!(left, [2, 4, 5]);
    }
}

pub fn over_quota_nothing_moves_and_the_folder_is_named(start: Start) {
    let server = start(Setup {
        moves: false,
        most: Some(7),
    });
    let before = server.client().fill();
    let mut mailbox = open(&*server);
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
    let mut client = server.client();
    assert_eq!(client.look("INBOX"), before);
    assert!(client.look(&server.spell("Junk")).is_empty());
}
