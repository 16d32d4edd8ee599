//! A real Dovecot and a second client at the same mailbox: what is unread stays unread and what is
//! flagged stays flagged through sweep, move and undo, and what the other does wins.

use crate::support::account::{Account, BLOCKED, message};
use crate::support::client::Seen;
use crate::support::dovecot::{Dovecot, Options};
use postsweep::job::Event;
use std::collections::BTreeSet;

const TARGET: &str = "Missed spam";
const FLAGS: [&str; 6] = [
    "",
    "\\Seen",
    "$Work NonJunk",
    "\\Seen $Work",
    "\\Flagged",
    "\\Seen \\Answered $Forwarded",
];

fn account(dovecot: &Dovecot, more: &str) -> Account {
    Account::new(&format!(
        "server = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca-file = {:?}\n{more}",
        dovecot.tls_port, dovecot.certs.ca
    ))
}

/// Each set of flags on a hit and on an ordinary message, each with a date of its own.
fn fill(dovecot: &Dovecot) {
    let mut client = dovecot.client("pat");
    for number in 0..12 {
        let domain = if number % 2 == 0 {
            BLOCKED
        } else {
            "example.org"
        };
        let date = format!("{:02}-Mar-2025 10:20:30 +0100", number + 1);
        client.append("INBOX", FLAGS[number / 2], &date, &message(number, domain));
    }
}

/// Flags, dates and bytes.
fn content(seen: &[Seen]) -> BTreeSet<(Vec<u8>, BTreeSet<String>, String)> {
    let all = seen.iter().cloned();
    all.map(|one| (one.bytes, one.flags, one.date)).collect()
}

fn is_hit(seen: &Seen) -> bool {
    String::from_utf8_lossy(&seen.bytes).contains(BLOCKED)
}

#[test]
fn unread_stays_unread_and_every_flag_and_date_is_held_through_sweep_and_undo() {
    for moves in [true, false] {
        let dovecot = Dovecot::with(Options {
            moves,
            ..Options::default()
        });
        fill(&dovecot);
        let mut client = dovecot.client("pat");
        let before = client.look("INBOX");
        let account = account(&dovecot, "");
        let run = account.sweep();
        // The flagged and the answered one are their owner's.
        assert_eq!(
            (run.summary.moved, run.summary.held, run.summary.troubles),
            (4, 2, 0),
            "{run:#?}"
        );
        assert_eq!(run.said(), "", "{run:#?}");
        let held = |one: &&Seen| {
            !is_hit(one) || one.flags.contains("\\Flagged") || one.flags.contains("\\Answered")
        };
        let stay: Vec<Seen> = before.iter().filter(held).cloned().collect();
        let went: Vec<Seen> = before.iter().filter(|one| !held(one)).cloned().collect();
        assert_eq!(client.look("INBOX"), stay);
        assert_eq!(content(&client.look(TARGET)), content(&went));
        assert_eq!(
            went.iter()
                .filter(|one| !one.flags.contains("\\Seen"))
                .count(),
            2
        );

        let undone = account.undo();
        assert_eq!(
            (undone.summary.undone, undone.summary.troubles),
            (4, 0),
            "{undone:#?}"
        );
        assert_eq!(undone.said(), "", "{undone:#?}");
        let after = client.look("INBOX");
        assert_eq!((after.len(), content(&after)), (12, content(&before)));
        assert!(client.look(TARGET).is_empty());
    }
}

#[test]
fn what_another_client_moves_reads_and_removes_in_mid_sweep_is_respected() {
    let dovecot = Dovecot::start();
    fill(&dovecot);
    let mut other = dovecot.client("pat");
    other.run(&format!("CREATE \"{TARGET}\""));
    let account = account(&dovecot, "");
    let mut done = false;
    let run = account.sweep_watched(&mut |event| {
        if matches!(event, Event::Hit(_)) && !done {
            done = true;
            other.run("SELECT INBOX");
            other.run(&format!("UID MOVE 1 \"{TARGET}\"")); // quicker than we are
            other.run("UID STORE 3 +FLAGS (\\Deleted)");
            other.run("UID EXPUNGE 3");
            other.run("UID STORE 5 +FLAGS (\\Seen)");
            other.run("UID STORE 7 +FLAGS (\\Flagged)"); // so it is to stay
        }
    });
    let inbox = other.look("INBOX");
    let target = other.look(TARGET);
    let uids: Vec<u32> = inbox.iter().map(|one| one.uid).collect();
    assert_eq!(uids, [2, 4, 6, 7, 8, 9, 10, 11, 12], "{run:#?}");
    assert_eq!(target.len(), 2, "{run:#?}");
    let read = target
        .iter()
        .find(|one| one.bytes == message(4, BLOCKED))
        .unwrap();
    let flags = ["\\Seen", "$Work", "NonJunk"].map(str::to_owned);
    assert_eq!(read.flags, BTreeSet::from(flags), "{run:#?}");
    assert!(target.iter().any(|one| one.bytes == message(0, BLOCKED)));
}

#[test]
fn folders_that_another_client_renames_in_mid_sweep_cost_no_message() {
    for (rename, folders) in [("Work", "[\"Work\", \"INBOX\"]"), (TARGET, "[\"INBOX\"]")] {
        let dovecot = Dovecot::start();
        fill(&dovecot);
        let mut other = dovecot.client("pat");
        other.run(&format!("CREATE \"{TARGET}\""));
        other.run("CREATE \"Work\"");
        other.append(
            "Work",
            "",
            "02-Mar-2025 10:20:30 +0100",
            &message(50, BLOCKED),
        );
        let account = account(&dovecot, &format!("folders = {folders}"));
        let mut done = false;
        let run = account.sweep_watched(&mut |event| {
            if matches!(event, Event::Hit(_)) && !done {
                done = true;
                other.run(&format!("RENAME \"{rename}\" \"Elsewhere\""));
            }
        });
        assert!(done);
        let mut all = other.look("INBOX");
        let mut made = Vec::new();
        for folder in [TARGET, "Work", "Elsewhere"] {
            let listed = other.run(&format!("LIST \"\" \"{folder}\""));
            if !listed.is_empty() {
                all.extend(other.look(folder));
                made.push(folder);
            }
        }
        assert_eq!(
            (all.len(), content(&all).len()),
            (13, 13),
            "{rename}: {run:#?}"
        );
        // Whatever could not be done is done by the next sweep.
        account.sweep();
        let left = other.look("INBOX");
        assert_eq!(
            left.iter().filter(|one| is_hit(one)).count(),
            2,
            "{rename}: {made:?} {run:#?}"
        );
        assert!(other.look(TARGET).len() >= 4, "{rename}: {made:?}");
    }
}

#[test]
fn over_quota_nothing_is_lost_and_the_next_sweep_tries_again() {
    let dovecot = Dovecot::with(Options {
        moves: false,
        quota: Some(13),
        ..Options::default()
    });
    fill(&dovecot);
    let mut client = dovecot.client("pat");
    let before = client.look("INBOX");
    let account = account(&dovecot, "");
    for _ in 0..2 {
        let run = account.sweep();
        assert_eq!((run.summary.spam, run.summary.moved), (6, 0), "{run:#?}");
        assert!(run.said().contains("over its quota"), "{run:#?}");
        assert_eq!(client.look("INBOX"), before, "{run:#?}");
    }
}
