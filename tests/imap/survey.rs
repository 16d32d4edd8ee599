//! What is new in a folder since it was last read: told in full, and asked for in as few commands
//! as it takes.

use crate::support::dovecot::{Dovecot, Options};
use crate::support::scripted::Script;
use postsweep::mail::Place;
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Entry, Mailbox, MailboxError, Mark, Stop, Survey};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;

const USER: &str = "pat";
const DATE: &str = "02-Mar-2025 10:20:30 +0100";

fn uids(entries: &[Entry]) -> Vec<u32> {
    let uid = |entry: &Entry| match entry.place {
        Place::Uid { uid, .. } => uid,
        _ => panic!("{entry:?}"),
    };
    entries.iter().map(uid).collect()
}

/// A survey in a few words, with the mark that goes on from there and the commands it took.
fn look(mailbox: &mut ImapMailbox, since: Option<&Mark>) -> (String, Option<Mark>, u64) {
    let before = mailbox.traffic().round_trips;
    let survey = mailbox.survey("INBOX", since).unwrap();
    let trips = mailbox.traffic().round_trips - before;
    match survey {
        Survey::Same { messages } => (format!("same {messages}"), since.cloned(), trips),
        Survey::Changed {
            messages,
            entries,
            mark,
        } => {
            let says = format!("changed {messages}: {:?}", uids(&entries));
            (says, Some(mark), trips)
        }
        Survey::Whole { entries, mark } => (format!("whole {:?}", uids(&entries)), mark, trips),
    }
}

#[test]
fn what_is_new_is_told_with_and_without_condstore() {
    for condstore in [true, false] {
        let dovecot = Dovecot::with(Options {
            condstore,
            ..Options::default()
        });
        let mut client = dovecot.client(USER);
        let mut other = |number: usize| {
            let text = format!("Subject: {number}\r\n\r\nHello.\r\n");
            client.append("INBOX", "", DATE, text.as_bytes());
        };
        (1..=3).for_each(&mut other);
        let server = dovecot.server(USER, Security::Tls);
        let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
        let mut mark = None;
        let mut expect = |says: &str, most: u64| {
            let (told, next, trips) = look(&mut mailbox, mark.as_ref());
            assert_eq!(told, says, "CONDSTORE: {condstore}");
            assert!(trips <= most, "{says}: {trips} round trips");
            assert!(next.is_some(), "{says}");
            mark = next;
        };
        expect("whole [1, 2, 3]", 2);
        expect("same 3", 1);
        (4..=5).for_each(&mut other);
        expect("changed 5: [4, 5]", 2);
        expect("same 5", 1);

        // Flags: told where the server can.
        let mut client = dovecot.client(USER);
        client.run("SELECT INBOX");
        client.run("UID STORE 2 +FLAGS (\\Flagged)");
        expect(
            if condstore {
                "changed 5: [2]"
            } else {
                "same 5"
            },
            2,
        );
        let text = b"Subject: 6\r\n\r\n";
        client.append("INBOX", "\\Seen", DATE, text);
        client.run("UID STORE 3 +FLAGS (\\Flagged)");
        let both = ["changed 6: [6]", "changed 6: [3, 6]"];
        expect(both[usize::from(condstore)], 2);

        // Came and went at once, and nothing else.
        client.append("INBOX", "\\Deleted", DATE, text);
        client.run("UID EXPUNGE 7");
        expect("changed 6: []", 2);

        // Something went, alone and as another came.
        client.run("UID STORE 1 +FLAGS (\\Deleted)");
        client.run("EXPUNGE");
        expect("whole [2, 3, 4, 5, 6]", 2);
        client.append("INBOX", "", DATE, text);
        client.run("UID STORE 2 +FLAGS (\\Deleted)");
        client.run("EXPUNGE");
        expect("whole [3, 4, 5, 6, 8]", 3);
        client.run("STORE 1:* +FLAGS (\\Deleted)");
        client.run("EXPUNGE");
        expect("whole []", 2);
        expect("same 0", 1);
        client.append("INBOX", "", DATE, text);
        expect("changed 1: [9]", 2);
    }
}

#[test]
fn what_we_moved_out_ourselves_needs_no_new_listing() {
    for condstore in [true, false] {
        let dovecot = Dovecot::with(Options {
            condstore,
            ..Options::default()
        });
        dovecot.deliver(USER, [&b"Subject: 1\r\n\r\n"[..], b"Subject: 2\r\n\r\n"]);
        let server = dovecot.server(USER, Security::Tls);
        let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
        let entries = mailbox.list("INBOX").unwrap();
        let (_, mark, _) = look(&mut mailbox, None);
        mailbox.relocate("INBOX", &entries[..1], "Junk").unwrap();
        let mark = mailbox.without(&mark.unwrap(), 1);
        let (says, ..) = look(&mut mailbox, mark.as_ref());
        assert_eq!(says, if condstore { "changed 1: []" } else { "same 1" });
        // Somebody else's doing is not covered by that.
        dovecot.deliver(USER, [&b"Subject: 3\r\n\r\n"[..]]);
        let mut client = dovecot.client(USER);
        client.run("SELECT INBOX");
        client.run("UID STORE 2 +FLAGS (\\Deleted)");
        client.run("EXPUNGE");
        assert_eq!(look(&mut mailbox, mark.as_ref()).0, "whole [3]");
    }
}

#[test]
fn a_mark_of_another_folder_or_version_is_no_mark() {
    let dovecot = Dovecot::start();
    dovecot.deliver(USER, [&b"Subject: 1\r\n\r\n"[..]]);
    let server = dovecot.server(USER, Security::Tls);
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
    for text in ["", "imap 1 2 1 -", "imap 2 \u{fc} 3", "maildir 4"] {
        let (says, next, _) = look(&mut mailbox, Some(&Mark(text.to_owned())));
        assert_eq!(says, "whole [1]", "{text}");
        assert!(next.is_some());
    }
}

#[test]
fn servers_whose_counts_do_not_add_up_are_not_believed() {
    let examined = |counts: &str| format!("* OK [UIDVALIDITY 7] x\r\n{counts}TAG OK\r\n");
    let fetched = |uids: &[u32]| {
        let lines = uids
            .iter()
            .map(|uid| format!("* 1 FETCH (UID {uid} FLAGS () RFC822.SIZE 55 MODSEQ (12))\r\n"));
        lines.collect::<String>() + "TAG OK\r\n"
    };
    let usual = examined("* 2 EXISTS\r\n* OK [UIDNEXT 13] x\r\n* OK [HIGHESTMODSEQ 90] x\r\n");
    // How it stands at the second look, what it then fetches; what is told, and whether the folder's
    // word counts from then on.
    let cases: Vec<(&str, String, String, &str, bool)> = vec![
        ("nothing new", usual.clone(), fetched(&[]), "same 2", true),
        (
            "no UIDNEXT",
            examined("* 2 EXISTS\r\n"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            false,
        ),
        (
            "UIDNEXT that makes no sense",
            examined("* 2 EXISTS\r\n* OK [UIDNEXT -4] x\r\n* OK [UIDNEXT 0]\r\n"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            false,
        ),
        (
            "NOMODSEQ from now on",
            examined("* 2 EXISTS\r\n* OK [UIDNEXT 13] x\r\n* OK [NOMODSEQ] x\r\n"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            true,
        ),
        (
            "HIGHESTMODSEQ goes back",
            examined("* 2 EXISTS\r\n* OK [UIDNEXT 13] x\r\n* OK [HIGHESTMODSEQ 89] x\r\n"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            false,
        ),
        (
            "UIDNEXT goes back",
            examined("* 2 EXISTS\r\n* OK [UIDNEXT 12] x\r\n* OK [HIGHESTMODSEQ 90] x\r\n"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            false,
        ),
        (
            "UIDNEXT stands still while mail comes",
            examined("* 3 EXISTS\r\n* OK [UIDNEXT 13] x\r\n* OK [HIGHESTMODSEQ 91] x\r\n"),
            fetched(&[11, 12, 13]),
            "whole [11, 12, 13]",
            false,
        ),
        (
            "fewer new ones than counted",
            examined("* 4 EXISTS\r\n* OK [UIDNEXT 15] x\r\n* OK [HIGHESTMODSEQ 91] x\r\n"),
            fetched(&[13]),
            "whole [13]",
            false,
        ),
        (
            "a new one without flags",
            examined("* 3 EXISTS\r\n* OK [UIDNEXT 14] x\r\n* OK [HIGHESTMODSEQ 91] x\r\n"),
            "* 3 FETCH (UID 13 RFC822.SIZE 5)\r\nTAG OK\r\n".to_owned(),
            "whole []",
            false,
        ),
        (
            "what is new is refused",
            examined("* 3 EXISTS\r\n* OK [UIDNEXT 14] x\r\n* OK [HIGHESTMODSEQ 91] x\r\n"),
            "TAG NO not now\r\n".to_owned(),
            "refused",
            false,
        ),
        (
            "one that came meanwhile counts next time",
            examined("* 3 EXISTS\r\n* OK [UIDNEXT 14] x\r\n* OK [HIGHESTMODSEQ 91] x\r\n"),
            fetched(&[13, 14]),
            "changed 3: [13]",
            true,
        ),
        (
            "another UIDVALIDITY",
            usual.replace("UIDVALIDITY 7", "UIDVALIDITY 8"),
            fetched(&[11, 12]),
            "whole [11, 12]",
            true,
        ),
        (
            "no UIDVALIDITY",
            usual.replace("UIDVALIDITY 7", "UIDVALIDITY 0"),
            fetched(&[11, 12]),
            "refused",
            false,
        ),
    ];
    for (name, second, news, says, goes_on) in cases {
        let scripted = Script::new()
            .say(
                "CAPABILITY",
                "* CAPABILITY IMAP4rev1 AUTH=PLAIN CONDSTORE\r\nTAG OK\r\n",
            )
            .in_turn("EXAMINE", &[&usual, &second])
            .in_turn("UID FETCH", &[&fetched(&[11, 12]), &news])
            .start();
        let server = scripted.server(Security::None);
        let password = Secret::new("hunter2".to_owned());
        let mut mailbox = imap::open(&server, &password, &Stop::default()).unwrap();
        let (first, mark, _) = look(&mut mailbox, None);
        assert_eq!(
            (first.as_str(), mark.is_some()),
            ("whole [11, 12]", true),
            "{name}"
        );
        match mailbox.survey("INBOX", mark.as_ref()) {
            Err(MailboxError::Refused { .. }) => assert_eq!(says, "refused", "{name}"),
            Err(error) => panic!("{name}: {error}"),
            Ok(_) => {
                let (told, next, _) = look(&mut mailbox, mark.as_ref());
                assert_eq!((told.as_str(), next.is_some()), (says, goes_on), "{name}");
            }
        }
        assert!(
            scripted
                .heard()
                .iter()
                .any(|line| line.ends_with("\"INBOX\" (CONDSTORE)"))
        );
    }
}
