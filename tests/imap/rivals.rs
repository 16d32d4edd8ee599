//! Another program that brings the same messages to the target, between the question where the next
//! one will lie and the move: of two copies one stays, and whatever is no copy of a move stays.

use crate::support::client::Client;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::mail::Place;
use postsweep::mailbox::imap;
use postsweep::mailbox::{Mailbox, Relocation, Stop};
use postsweep::settings::account::Security;

const USER: &str = "pat";
const TARGET: &str = "Missed spam";
const DATE: &str = "16-Nov-2026 08:00:00 +0000";

/// UID, letter and flags.
type Lying = (u32, char, String);

fn text(letter: char) -> Vec<u8> {
    format!("Message-ID: <{letter}@example.com>\r\nSubject: x\r\n\r\n{letter}\r\n").into_bytes()
}

/// What lies in the target after others did something and we moved all of the inbox; and where
/// our messages are said to lie.
fn after(
    options: Options,
    inbox: &str,
    others: &mut dyn FnMut(&mut Client),
) -> (Vec<Lying>, Vec<(u32, String)>) {
    let dovecot = Dovecot::with(options);
    let mut client = dovecot.client(USER);
    client.run(&format!("CREATE \"{TARGET}\""));
    for letter in inbox.chars() {
        client.append("INBOX", "\\Seen $Work", DATE, &text(letter));
    }
    let server = dovecot.server(USER, Security::Tls);
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
    let next = mailbox.next_place(TARGET).unwrap().unwrap();
    assert!(matches!(next, Place::Uid { uid: 1, .. }), "{next}");
    let entries = mailbox.list("INBOX").unwrap();
    client.run("SELECT INBOX");
    others(&mut client);
    let moved = mailbox.relocate("INBOX", &entries, TARGET).unwrap();
    let places = moved.into_iter().map(|one| match one.outcome {
        Relocation::Moved {
            to: Some(Place::Uid { uid, .. }),
            notes,
        }
        | Relocation::Copied {
            to: Some(Place::Uid { uid, .. }),
            notes,
        } => (uid, notes.join("; ")),
        other => panic!("{other:?}"),
    });
    let places = places.collect();
    let lying = client.look(TARGET).into_iter().map(|seen| {
        let letter = char::from(seen.bytes[seen.bytes.len() - 3]);
        let flags: Vec<String> = seen.flags.into_iter().collect();
        (seen.uid, letter, flags.join(" "))
    });
    (lying.collect(), places)
}

fn uids(all: &[Lying]) -> Vec<(u32, char)> {
    all.iter().map(|(uid, letter, _)| (*uid, *letter)).collect()
}

#[test]
fn of_two_copies_the_first_one_stays_with_the_flags_that_ours_had() {
    for moves in [true, false] {
        let options = Options {
            moves,
            ..Options::default()
        };
        let (lying, places) = after(options, "abc", &mut |client| {
            client.run(&format!("UID COPY 1,3 \"{TARGET}\""));
            client.run(&format!("SELECT \"{TARGET}\""));
            client.run("UID STORE 1 FLAGS ()");
        });
        // Ours were 3, 4 and 5.
        assert_eq!(uids(&lying), [(1, 'a'), (2, 'c'), (4, 'b')], "{places:?}");
        assert!(
            lying.iter().all(|(.., flags)| flags == "$Work \\Seen"),
            "{lying:?}"
        );
        let at: Vec<u32> = places.iter().map(|(uid, _)| *uid).collect();
        assert_eq!(at, [1, 4, 2]);
        assert!(places[2].1.contains("its copy stays"), "{places:?}");
        assert_eq!(places[1].1, "");
    }
}

#[test]
fn two_that_were_alike_from_the_beginning_stay_two() {
    let (lying, places) = after(Options::default(), "aab", &mut |_| {});
    assert_eq!(uids(&lying), [(1, 'a'), (2, 'a'), (3, 'b')], "{places:?}");
    let (lying, places) = after(Options::default(), "aab", &mut |client| {
        client.run(&format!("UID COPY 1 \"{TARGET}\""));
    });
    // Ours were 2, 3 and 4.
    assert_eq!(uids(&lying), [(1, 'a'), (3, 'a'), (4, 'b')], "{places:?}");
}

#[test]
fn what_is_no_copy_of_a_move_stays_where_it_was_put() {
    let (lying, places) = after(Options::default(), "ab", &mut |client| {
        // Of the same size; and the same one, that came at another time.
        client.append(TARGET, "", DATE, &text('z'));
        client.append(TARGET, "", "17-Nov-2026 08:00:00 +0000", &text('b'));
    });
    let all = [(1, 'z'), (2, 'b'), (3, 'a'), (4, 'b')];
    assert_eq!(uids(&lying), all, "{places:?}");
    assert_eq!(places, [(3, String::new()), (4, String::new())]);
}

#[test]
fn where_single_messages_cannot_be_removed_the_second_copy_is_flagged() {
    let options = Options {
        moves: false,
        uidplus: false,
        ..Options::default()
    };
    let (lying, places) = after(options, "a", &mut |client| {
        client.run(&format!("UID COPY 1 \"{TARGET}\""));
    });
    let flags: Vec<(u32, &str)> = lying.iter().map(|(uid, _, f)| (*uid, f.as_str())).collect();
    let all = [(1, "$Work \\Seen"), (2, "$Work \\Deleted \\Seen")];
    assert_eq!(flags, all, "{places:?}");
    assert_eq!(places[0].0, 1);
}
