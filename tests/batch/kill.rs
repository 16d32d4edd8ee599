//! Kills between every two steps on the wire: before each command of a run reaches the server,
//! and after the server carried it out. The next run settles what was left, on a server with
//! MOVE, with UIDPLUS alone, and with neither.

use super::program::{Program, said};
use super::support::client::Seen;
use super::support::dovecot::{Dovecot, Options};
use super::support::proxy::{Line, Proxy, What, When};
use std::collections::BTreeSet;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

const BLOCKED: &str = "spam.example";

fn message(number: usize, domain: &str) -> Vec<u8> {
    format!(
        "From: Sam <sam{number}@{domain}>\r\nTo: Pat <pat@example.net>\r\nSubject: Meeting {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{number}@{domain}>\r\n\r\nMinutes {number}.\r\n"
    )
    .into_bytes()
}

fn fill(dovecot: &Dovecot, user: &str) -> Vec<Seen> {
    let mut client = dovecot.client(user);
    for (number, flags) in ["", "\\Seen", "\\Seen $Work", "$Label1"]
        .into_iter()
        .enumerate()
    {
        let domain = if number % 2 == 0 {
            BLOCKED
        } else {
            "example.org"
        };
        let date = format!("{:02}-Mar-2026 10:20:30 +0000", number + 1);
        client.append("INBOX", flags, &date, &message(number, domain));
    }
    client.look("INBOX")
}

fn program(port: u16, user: &str) -> Program {
    Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         user = \"{user}\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\nmove-to = \"Missed spam\"\n\
         [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
         [senders]\nblocked = [\"*@{BLOCKED}\"]\n"
    ))
}

/// A message as it is compared: all but the UID and `\Deleted`, which says that it is a copy's
/// original.
fn essence(seen: &Seen) -> (Vec<u8>, BTreeSet<String>, String) {
    let mut flags = seen.flags.clone();
    flags.remove("\\Deleted");
    (seen.bytes.clone(), flags, seen.date.clone())
}

fn killing(when: When) -> Line {
    Line {
        harm: Some((when, What::Kill)),
        ..Line::default()
    }
}

/// Runs the program with the proxy between it and the server, perhaps until it is killed.
fn run_through(proxy: &Proxy, dovecot: &Dovecot, program: &Program, verb: &str) -> ExitStatus {
    let config = program.folder.path().join("config.toml");
    let direct = std::fs::read_to_string(&config).unwrap();
    let port = |port: u16| format!("port = {port}\n");
    let through = direct.replace(&port(dovecot.port), &port(proxy.port));
    assert_ne!(through, direct);
    program.configure(&through);
    let mut command = program.command(&[verb]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let died = proxy.watch(child, Duration::from_secs(120));
    program.configure(&direct);
    died.expect("the program hangs").status
}

/// Kills the program everywhere; returns how often.
fn kill_everywhere(options: Options) -> usize {
    let removes = options.moves || options.uidplus;
    let dovecot = Dovecot::with(options);
    let mut kills = 0;
    let mut step = 0;
    loop {
        let mut ended = false;
        for kill in [When::Before(step), When::After(step)] {
            let user = format!("{kill:?}").replace(['(', ')'], "").to_lowercase();
            let before = fill(&dovecot, &user);
            let proxy = Proxy::start(dovecot.port, killing(kill));
            let program = program(dovecot.port, &user);
            let died = run_through(&proxy, &dovecot, &program, "--batch");
            // The last command has no successor: the run came to its end.
            ended |= died.success() && kill == When::Before(step);
            kills += usize::from(died.code().is_none());

            let at = || format!("{kill:?} of {:?}", proxy.commands());
            let settled = program.run(&["--batch"]);
            assert_eq!(
                settled.status.code(),
                Some(0),
                "{}: {}",
                at(),
                said(&settled)
            );

            let mut client = dovecot.client(&user);
            let inbox = client.look("INBOX");
            let target = client.look("Missed spam");
            let hit = |seen: &&Seen| String::from_utf8_lossy(&seen.bytes).contains(BLOCKED);
            let were: BTreeSet<_> = before.iter().filter(hit).map(essence).collect();
            let went: BTreeSet<_> = target.iter().map(essence).collect();
            assert_eq!(went, were, "{}: {}", at(), said(&settled));
            assert_eq!(target.len(), 2, "no message twice in the target: {}", at());
            assert!(
                target.iter().all(|seen| !seen.flags.contains("\\Deleted")),
                "{}",
                at()
            );
            let stays: Vec<&Seen> = inbox.iter().filter(|seen| !hit(seen)).collect();
            assert_eq!(
                stays,
                before.iter().filter(|seen| !hit(seen)).collect::<Vec<_>>(),
                "{}",
                at()
            );
            let originals: Vec<&Seen> = inbox.iter().filter(hit).collect();
            assert_eq!(originals.len(), if removes { 0 } else { 2 }, "{}", at());
            assert!(
                originals
                    .iter()
                    .all(|seen| seen.flags.contains("\\Deleted")),
                "{}",
                at()
            );
            let letters = std::fs::read_dir(program.data().join("outbox"))
                .unwrap()
                // A letter that the kill left unfinished is none.
                .filter(|file| file.as_ref().unwrap().path().extension().is_some())
                .count();
            assert_eq!(letters, 1, "one submission: {}", at());
        }
        if ended {
            return kills;
        }
        step += 1;
    }
}

#[test]
fn on_a_server_with_move() {
    let kills = kill_everywhere(Options::default());
    assert!(kills > 15, "{kills}");
}

#[test]
fn on_a_server_with_uidplus_alone() {
    let kills = kill_everywhere(Options {
        moves: false,
        ..Options::default()
    });
    assert!(kills > 15, "{kills}");
}

#[test]
fn on_a_server_with_neither() {
    let kills = kill_everywhere(Options {
        moves: false,
        uidplus: false,
        ..Options::default()
    });
    assert!(kills > 15, "{kills}");
}

/// Kills an undo everywhere; returns how often. What it began is finished by the next one.
fn kill_undo_everywhere(options: Options) -> usize {
    let removes = options.moves || options.uidplus;
    let dovecot = Dovecot::with(options);
    let mut kills = 0;
    for step in 0.. {
        let mut ended = false;
        for kill in [When::Before(step), When::After(step)] {
            let user = format!("{kill:?}").replace(['(', ')'], "").to_lowercase();
            let before = fill(&dovecot, &user);
            let program = program(dovecot.port, &user);
            program.expect(0, &["--batch"]);
            let proxy = Proxy::start(dovecot.port, killing(kill));
            let died = run_through(&proxy, &dovecot, &program, "undo");
            ended |= died.success() && kill == When::Before(step);
            kills += usize::from(died.code().is_none());

            // Where the first one had come to its end there is nothing left for the second.
            let again = program.run(&["undo"]);
            let at = || format!("{kill:?} of {:?}: {}", proxy.commands(), said(&again));
            let is_none = said(&again).contains("nothing was moved");
            assert_eq!(again.status.code(), Some(i32::from(is_none)), "{}", at());
            let mut client = dovecot.client(&user);
            // What was put back stays, whatever was interrupted.
            for is_last in [false, true] {
                let sorted = |seen: &[Seen]| {
                    let all = seen.iter();
                    let mut all: Vec<_> = all
                        .map(|one| (one.bytes.clone(), one.flags.clone(), one.date.clone()))
                        .collect();
                    all.sort();
                    all
                };
                assert_eq!(sorted(&client.look("INBOX")), sorted(&before), "{}", at());
                let target = client.look("Missed spam");
                assert_eq!(target.len(), if removes { 0 } else { 2 }, "{}", at());
                let deleted = |one: &Seen| one.flags.contains("\\Deleted");
                assert!(target.iter().all(deleted), "{}", at());
                if !is_last {
                    program.expect(0, &["--batch"]);
                }
            }
        }
        if ended {
            break;
        }
    }
    kills
}

#[test]
fn undo_on_a_server_with_move() {
    let kills = kill_undo_everywhere(Options::default());
    assert!(kills > 15, "{kills}");
}

#[test]
fn undo_on_a_server_with_uidplus_alone() {
    let kills = kill_undo_everywhere(Options {
        moves: false,
        ..Options::default()
    });
    assert!(kills > 15, "{kills}");
}

#[test]
fn undo_on_a_server_with_neither() {
    let kills = kill_undo_everywhere(Options {
        moves: false,
        uidplus: false,
        ..Options::default()
    });
    assert!(kills > 15, "{kills}");
}
