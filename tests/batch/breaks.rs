//! Connections that break: at every command of a run in turn, before the server got it, after it
//! did what it was told, in the middle of its answer, with a BYE; servers that are away for a
//! while, ask to wait, or never come back. The same run goes on where it stood.

use super::program::{Program, said};
use super::support::client::Seen;
use super::support::dovecot::{Dovecot, Options};
use super::support::scripted::{Act, Script, Scripted};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const BLOCKED: &str = "spam.example";
const MESSAGES: usize = 6;

/// What happens to a connection, once, at a command counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// The server does not get the command.
    Before,
    /// The server carries it out, and nobody hears of it.
    After,
    /// So many bytes of the answer arrive.
    Amid(usize),
    /// The server says good-bye instead of an answer.
    Bye,
}

#[derive(Default)]
struct State {
    commands: Mutex<Vec<String>>,
    /// Connections that are still to be turned away.
    away: AtomicUsize,
}

/// Breaks a connection to a plain server on loopback at one command; turns `away` so many of the
/// next ones.
fn proxy(server: u16, at: usize, how: Break, away: usize) -> (u16, Arc<State>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let state = Arc::new(State::default());
    let shared = state.clone();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let turned = shared
                .away
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                    left.checked_sub(1)
                });
            if turned.is_ok() {
                continue;
            }
            let shared = shared.clone();
            thread::spawn(move || relay(client, server, (at, how, away), &shared));
        }
    });
    (port, state)
}

fn relay(client: TcpStream, server: u16, (at, how, away): (usize, Break, usize), state: &State) {
    let mut server = TcpStream::connect(("127.0.0.1", server)).unwrap();
    let budget = Arc::new(AtomicUsize::new(usize::MAX));
    let (from_server, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let left = budget.clone();
    let pump = thread::spawn(move || pump(from_server, to_client, &left));
    let mut to_client = client.try_clone().unwrap();
    let mut lines = BufReader::new(client);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let command = text.split_once(' ').map_or("", |(_, command)| command);
        let number = {
            let mut commands = state.commands.lock().unwrap();
            commands.push(command.to_owned());
            commands.len() - 1
        };
        if number == at {
            state.away.store(away, Ordering::SeqCst);
            match how {
                Break::Before => {}
                Break::Bye => {
                    let _ = to_client.write_all(b"* BYE the server goes down\r\n");
                }
                Break::After | Break::Amid(_) => {
                    let bytes = match how {
                        Break::Amid(bytes) => bytes,
                        _ => 0,
                    };
                    budget.store(bytes, Ordering::SeqCst);
                    server.write_all(&line).unwrap();
                    // The server works on loopback and in memory: this is ample.
                    thread::sleep(Duration::from_millis(100));
                }
            }
            break;
        }
        if server.write_all(&line).is_err() {
            break;
        }
        line.clear();
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = to_client.shutdown(Shutdown::Both);
    pump.join().unwrap();
}

fn pump(mut from: TcpStream, mut to: TcpStream, budget: &AtomicUsize) {
    let mut buffer = [0; 8192];
    while let Ok(read) = from.read(&mut buffer) {
        let left = budget.load(Ordering::SeqCst);
        let pass = read.min(left);
        if left != usize::MAX {
            budget.store(left - pass, Ordering::SeqCst);
        }
        if read == 0 || to.write_all(&buffer[..pass]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn message(number: usize) -> Vec<u8> {
    let domain = match number % 2 {
        0 => BLOCKED,
        _ => "example.org",
    };
    format!(
        "From: Sam <sam{number}@{domain}>\r\nTo: Pat <pat@example.net>\r\nSubject: Meeting {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{number}@{domain}>\r\n\r\nMinutes {number}.\r\n"
    )
    .into_bytes()
}

fn fill(dovecot: &Dovecot, user: &str) -> Vec<Seen> {
    let mut client = dovecot.client(user);
    for number in 0..MESSAGES {
        let flags = ["", "\\Seen", "\\Seen $Work", "$Label1"][number % 4];
        let date = format!("{:02}-Mar-2026 10:20:30 +0000", number + 1);
        client.append("INBOX", flags, &date, &message(number));
    }
    client.look("INBOX")
}

fn program(port: u16, user: &str, retry: &str) -> Program {
    Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
         user = \"{user}\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\nmove-to = \"Missed spam\"\n\
         timeout = \"2 seconds\"\nretry = \"{retry}\"\n\
         [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
         [senders]\nblocked = [\"*@{BLOCKED}\"]\n"
    ))
}

/// Runs a sweep; its code, its events, and all that it said.
fn events(program: &Program, verb: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let output = program.run(verb);
    let all = said(&output);
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let events = lines.lines().filter_map(|l| serde_json::from_str(l).ok());
    (output.status.code(), events.collect(), all)
}

fn named<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|e| e["event"] == name).collect()
}

fn essence(seen: &Seen) -> (Vec<u8>, BTreeSet<String>, String) {
    let mut flags = seen.flags.clone();
    flags.remove("\\Deleted");
    (seen.bytes.clone(), flags, seen.date.clone())
}

fn is_hit(seen: &&Seen) -> bool {
    String::from_utf8_lossy(&seen.bytes).contains(BLOCKED)
}

/// Breaks one run everywhere, at each step in `most` of these ways; returns how often it was broken.
fn break_everywhere(options: &Options, hows: &[Break], most: usize) -> usize {
    let dovecot = Dovecot::with(options.clone());
    let (mut breaks, mut step) = (0, 0);
    loop {
        let mut ended = false;
        for how in hows.iter().cycle().skip(step).take(most) {
            let user = format!("u{step}{how:?}")
                .replace(['(', ')'], "")
                .to_lowercase();
            let before = fill(&dovecot, &user);
            let (port, state) = proxy(dovecot.port, step, *how, step % 2);
            let program = program(port, &user, "4 seconds");
            let (code, events, all) = events(&program, &["--batch", "--json"]);
            let commands = state.commands.lock().unwrap().clone();
            let at = format!("{how:?} {step} of {commands:#?}: {all}");
            // The last command is the good-bye: nobody minds its end.
            ended |= commands.len() <= step + 1;
            let resumed = named(&events, "resumed").len();
            breaks += resumed;
            assert_eq!(code, Some(0), "{at}");
            let summary = named(&events, "summary")[0];
            let removes = options.moves || options.uidplus;
            let what = if removes { "moved" } else { "copied" };
            assert_eq!(summary[what], MESSAGES / 2, "{at}");
            assert_eq!(
                (&summary["seen"], &summary["spam"], &summary["submissions"]),
                (&MESSAGES.into(), &(MESSAGES / 2).into(), &1.into()),
                "{at}"
            );
            assert_eq!(named(&events, "hit").len(), MESSAGES / 2, "{at}");
            assert_eq!(named(&events, "moved").len(), MESSAGES / 2, "{at}");
            let mut client = dovecot.client(&user);
            let (inbox, target) = (client.look("INBOX"), client.look("Missed spam"));
            let were: BTreeSet<_> = before.iter().filter(is_hit).map(essence).collect();
            let went: BTreeSet<_> = target.iter().map(essence).collect();
            assert!(
                went == were && target.len() == MESSAGES / 2,
                "{went:?}: {at}"
            );
            let stay: Vec<&Seen> = inbox.iter().filter(|seen| !is_hit(seen)).collect();
            let stayed: Vec<&Seen> = before.iter().filter(|seen| !is_hit(seen)).collect();
            assert_eq!(stay, stayed, "{at}");
            if removes {
                assert_eq!(inbox.len(), MESSAGES / 2, "{at}");
            }
        }
        if ended {
            return breaks;
        }
        step += 1;
    }
}

const ALL: [Break; 4] = [Break::Before, Break::After, Break::Amid(30), Break::Bye];

#[test]
fn a_run_whose_connection_breaks_at_any_command_comes_to_the_same_end() {
    let breaks = break_everywhere(&Options::default(), &ALL, 2);
    println!("broken {breaks} times");
    assert!(breaks > 30, "{breaks}");
}

#[test]
fn without_move_and_uidplus_too() {
    for uidplus in [true, false] {
        let options = Options {
            moves: false,
            uidplus,
            ..Options::default()
        };
        let breaks = break_everywhere(&options, &[Break::Before, Break::After], 1);
        println!("broken {breaks} times");
        assert!(breaks > 15, "{breaks}");
    }
}

#[test]
fn an_undo_whose_connection_breaks_at_any_command_comes_to_the_same_end() {
    let dovecot = Dovecot::start();
    let mut step = 0;
    loop {
        let mut ended = false;
        for how in [Break::Before, Break::After] {
            let user = format!("u{step}{how:?}").to_lowercase();
            let before = fill(&dovecot, &user);
            let program = program(dovecot.port, &user, "4 seconds");
            program.expect(0, &["--batch"]);
            let (port, state) = proxy(dovecot.port, step, how, 0);
            let config = program.folder.path().join("config.toml");
            let text = std::fs::read_to_string(&config).unwrap();
            let through = text.replace(
                &format!("port = {}", dovecot.port),
                &format!("port = {port}"),
            );
            std::fs::write(&config, through).unwrap();
            let (code, _, all) = events(&program, &["undo"]);
            let commands = state.commands.lock().unwrap().clone();
            let at = format!("{how:?} {step} of {commands:#?}: {all}");
            ended |= commands.len() <= step + 1;
            assert_eq!(code, Some(0), "{at}");
            assert!(
                all.contains(&format!("{} messages put back", MESSAGES / 2)),
                "{at}"
            );
            let mut client = dovecot.client(&user);
            let inbox: BTreeSet<_> = client.look("INBOX").iter().map(essence).collect();
            assert_eq!(inbox, before.iter().map(essence).collect(), "{at}");
            assert!(client.look("Missed spam").is_empty(), "{at}");
        }
        if ended {
            break;
        }
        step += 1;
    }
    assert!(step > 10);
}

/// A mailbox on a scripted server.
fn scripted(server: &Scripted, retry: &str) -> Program {
    program(server.port, "pat", retry)
}

#[test]
fn a_server_that_asks_to_wait_is_waited_for() {
    let busy = "TAG NO [UNAVAILABLE] try again later\r\n";
    let fine = "TAG OK in\r\n";
    let server = Script::new()
        .by_connection("AUTHENTICATE", &[busy, busy, fine])
        .start();
    let (code, events, all) = events(&scripted(&server, "10 seconds"), &["--batch", "--json"]);
    let waits = named(&events, "waiting");
    assert_eq!((code, waits.len()), (Some(0), 2), "{all}");
    assert!(
        waits[0]["why"]
            .as_str()
            .unwrap()
            .contains("try again later"),
        "{all}"
    );
}

#[test]
fn a_server_that_never_comes_back_is_given_up_with_what_was_kept() {
    let server = Script::new()
        .on(
            "EXAMINE",
            vec![Act::Send(b"* BYE down\r\n".to_vec()), Act::Close],
        )
        .start();
    let program = scripted(&server, "1 second");
    let begun = Instant::now();
    let line = program.one_line(&[
        "pat: ",
        "tried again for 1 s",
        "stays so",
        "the next run goes on",
    ]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{line}");
    assert!(
        line.contains("trying again in 1 s") && line.contains("connected again"),
        "{line}"
    );
    assert!(
        program.expect(0, &["history"]).contains("1 failed"),
        "{line}"
    );
}

#[test]
fn without_patience_a_break_is_told_at_once() {
    let server = Script::new()
        .on(
            "EXAMINE",
            vec![Act::Send(b"* BYE down\r\n".to_vec()), Act::Close],
        )
        .start();
    let line = scripted(&server, "0").one_line(&["pat: ", "down"]);
    assert!(!line.contains("trying again"), "{line}");
}

#[test]
fn a_mailbox_that_cannot_be_opened_is_told_soon_and_is_in_the_history() {
    let port = super::support::free_port();
    let program = program(port, "pat", "5 minutes");
    let begun = Instant::now();
    let line = program.one_line(&["pat: ", "cannot connect"]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{line}");
    assert_eq!(line.matches("trying again").count(), 2, "{line}");
    let history = program.expect(0, &["history"]);
    assert!(
        history.contains("the mailbox was not opened") && history.contains("cannot connect"),
        "{history}"
    );
}

#[test]
fn a_sign_in_that_was_taken_before_is_tried_again_and_one_that_never_was_is_not() {
    let refused = "TAG NO [AUTHENTICATIONFAILED] expired\r\n";
    let fine = "TAG OK in\r\n";
    let down = vec![Act::Send(b"* BYE token expired\r\n".to_vec()), Act::Close];
    for (turns, waits) in [
        (&[refused][..], 0),
        (&[fine, refused, refused, refused, fine][..], 3),
    ] {
        let server = Script::new()
            .by_connection("AUTHENTICATE", turns)
            .on("EXAMINE", down.clone())
            .start();
        let (code, events, all) = events(&scripted(&server, "10 seconds"), &["--batch", "--json"]);
        assert_eq!(
            (code, named(&events, "waiting").len()),
            (Some(1), waits),
            "{all}"
        );
        assert!(all.contains("sign-in as pat was refused"), "{all}");
    }
}
