//! Stopped by Ctrl-C, and started twice: the step in hand is finished, the next run goes on, and
//! of two sweeps one does nothing.

use super::program::{Program, said};
use super::support::dovecot::Dovecot;
use super::trouble::{BLOCKED, HIT, account_at};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

/// So many that the pipe to a reader who waits holds the lines of a part of them only: the program
/// cannot be done before it is told to stop.
const HITS: usize = 800;

fn fill(dovecot: &Dovecot) -> BTreeSet<Vec<u8>> {
    let hit = |number: usize| {
        let text = String::from_utf8_lossy(HIT).replace("<1@", &format!("<{number}@"));
        text.into_bytes()
    };
    let hits: BTreeSet<Vec<u8>> = (0..HITS).map(hit).collect();
    dovecot.deliver("pat", hits.iter().map(Vec::as_slice));
    dovecot.client("pat").run("CREATE \"Missed spam\"");
    hits
}

fn folder(dovecot: &Dovecot, name: &str) -> BTreeSet<Vec<u8>> {
    let seen = dovecot.client("pat").look(name);
    let messages: BTreeSet<Vec<u8>> = seen.iter().map(|seen| seen.bytes.clone()).collect();
    assert_eq!(messages.len(), seen.len(), "a message is twice in {name}");
    messages
}

/// Starts a sweep and reads its events up to the first of this name.
fn start(program: &Program, event: &str) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut command = program.command(&["--batch", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while next(&mut lines)["event"] != event {}
    (child, lines)
}

fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = lines.next().expect("the program ended too early").unwrap();
    serde_json::from_str(&line).unwrap()
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Reads the rest; returns the summary and the exit code.
fn end(mut child: Child, lines: Lines<BufReader<ChildStdout>>) -> (Value, Option<i32>) {
    let last = lines.last().unwrap().unwrap();
    let code = child.wait().unwrap().code();
    (serde_json::from_str(&last).unwrap(), code)
}

#[test]
fn ctrl_c_ends_a_sweep_after_the_step_in_hand_and_the_next_goes_on() {
    for event in ["verdict", "moved"] {
        let dovecot = Dovecot::start();
        let hits = fill(&dovecot);
        let program = Program::new(&(account_at(&dovecot) + BLOCKED));
        let (child, lines) = start(&program, event);
        signal(&child, "-INT");
        let (summary, code) = end(child, lines);
        assert_eq!(
            (code, &summary["stopped"]),
            (Some(130), &true.into()),
            "{summary}"
        );
        let moved = folder(&dovecot, "Missed spam");
        let left = folder(&dovecot, "INBOX");
        assert_eq!(summary["moved"], moved.len(), "{summary}");
        assert!(
            !left.is_empty() && (event == "moved") != moved.is_empty(),
            "{summary}"
        );
        assert!(moved.is_disjoint(&left) && moved.len() + left.len() == HITS);
        program.expect(0, &["--batch"]);
        assert!(folder(&dovecot, "Missed spam") == hits);
        assert!(folder(&dovecot, "INBOX").is_empty());
    }
}

#[test]
fn of_two_sweeps_at_once_one_does_nothing() {
    let dovecot = Dovecot::start();
    let hits = fill(&dovecot);
    let program = Program::new(&(account_at(&dovecot) + BLOCKED));
    let (child, lines) = start(&program, "opened");
    signal(&child, "-STOP");
    let second = program.run(&["--batch"]);
    let undo = program.run(&["undo"]);
    signal(&child, "-CONT");
    let words = said(&second);
    assert_eq!(second.status.code(), Some(3), "{words}");
    assert!(
        words.contains("pat: another sweep of this account is running"),
        "{words}"
    );
    assert_ne!(undo.status.code(), Some(0), "{}", said(&undo));
    let (summary, code) = end(child, lines);
    assert_eq!(
        (code, &summary["moved"]),
        (Some(0), &HITS.into()),
        "{summary}"
    );
    assert!(folder(&dovecot, "Missed spam") == hits);
}
