//! A server far away, with much to read: the mailbox is read over more than one connection, and
//! where the server bears no second one, over the one.

use super::program::{Program, said};
use super::support::dovecot::{Dovecot, Options};
use super::support::proxy::{Line, Proxy};
use serde_json::Value;
use std::time::Duration;

const MESSAGES: usize = 520;

/// Sweeps through a line that delays; returns the events, and how many connections there were.
fn sweep(options: Options) -> (Vec<Value>, u64) {
    let dovecot = Dovecot::with(options);
    let mut client = dovecot.client("pat");
    for number in 0..MESSAGES {
        let domain = if number % 40 == 0 {
            "spam.example"
        } else {
            "example.org"
        };
        let message = format!(
            "From: Sam <sam@{domain}>\r\nTo: pat@example.net\r\nSubject: Minutes {number}\r\n\
             Message-ID: <{number}@{domain}>\r\n\r\nThese are the minutes of meeting {number}.\r\n"
        );
        let date = "16-Nov-2026 08:00:00 +0000";
        client.append("INBOX", "", date, message.as_bytes());
    }
    drop(client);
    let proxy = Proxy::start(
        dovecot.port,
        Line {
            delay: Duration::from_millis(25),
            ..Line::default()
        },
    );
    let program = Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         user = \"pat\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\nmove-to = \"Missed spam\"\n\
         connections = 3\n[senders]\nblocked = [\"*@spam.example\"]\n",
        proxy.port
    ));
    let output = program.run(&["--batch", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events: Vec<Value> = events.collect();
    let mut client = dovecot.client("pat");
    assert_eq!(client.look("INBOX").len(), MESSAGES - 13);
    assert_eq!(client.look("Missed spam").len(), 13);
    (events, proxy.connections())
}

fn check(events: &[Value]) {
    let summary = &events.last().unwrap();
    for (count, value) in [("judged", MESSAGES), ("moved", 13), ("troubles", 0)] {
        assert_eq!(summary[count], value, "{count}: {summary}");
    }
    let judged = events.iter().filter(|event| event["event"] == "verdict");
    assert_eq!(judged.count(), MESSAGES);
}

#[test]
fn a_far_server_is_read_over_several_connections() {
    let (events, connections) = sweep(Options::default());
    check(&events);
    assert_eq!(connections, 3);
}

#[test]
fn a_server_that_bears_no_second_connection_is_read_over_one() {
    let (events, connections) = sweep(Options {
        connections: 1,
        ..Options::default()
    });
    check(&events);
    assert_eq!(connections, 3, "they were tried");
}
