//! Two programs with a data folder each, as on two machines, sweep one mailbox at once, again and
//! again: each message ends in exactly one place, neither run fails, and nothing is thought to have
//! been moved back by its owner.

use super::program::{Program, said};
use super::support::dovecot::Dovecot;
use super::trouble::{BLOCKED, HIT, account_at};
use std::process::Stdio;

const ROUNDS: usize = 4;
const HITS: usize = 25;

#[test]
fn two_programs_on_one_mailbox_notice_each_other_and_lose_nothing() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client("pat");
    client.run("CREATE \"Missed spam\"");
    let config = account_at(&dovecot) + BLOCKED;
    let programs = [Program::new(&config), Program::new(&config)];
    let mut hits = Vec::new();
    let mut gone = 0;
    for round in 0..ROUNDS {
        for number in 0..HITS {
            let id = format!("<{round}.{number}@");
            let text = String::from_utf8_lossy(HIT)
                .replace("<1@", &id)
                .into_bytes();
            client.append("INBOX", "", "16-Nov-2026 08:00:00 +0000", &text);
            hits.push(text);
        }
        let running: Vec<_> = programs
            .iter()
            .map(|program| {
                let mut command = program.command(&["--batch"]);
                command
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let mut said_all = String::new();
        for child in running {
            let output = child.wait_with_output().unwrap();
            let all = said(&output);
            assert_eq!(output.status.code(), Some(0), "{all}");
            assert!(!all.contains("moved it back"), "{all}");
            said_all.push_str(&all);
            gone += all.matches("by another program").count();
        }
        let target = client.look("Missed spam");
        let mut there: Vec<Vec<u8>> = target.iter().map(|seen| seen.bytes.clone()).collect();
        there.sort();
        hits.sort();
        assert_eq!((there.len(), client.look("INBOX").len()), (hits.len(), 0));
        assert!(there == hits, "round {round}: {said_all}");
        assert!(target.iter().all(|seen| seen.flags.is_empty()));
    }
    let moved: usize = programs
        .iter()
        .map(|program| program.expect(0, &["history"]).matches(": moved").count())
        .sum();
    assert!(moved >= hits.len(), "{moved}");
    let both = moved - hits.len();
    println!("{gone} messages were moved by the other one first, {both} by both");
}
