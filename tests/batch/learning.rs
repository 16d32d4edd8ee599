//! What a real IMAP server holds teaches: folders are read over TLS and left as they are, the next
//! sweep names what was learnt, and what a person moves back is learnt as wanted.

use super::program::{Program, said};
use super::support::dovecot::Dovecot;
use postsweep::mail::Digest;
use serde_json::Value;

const EACH: usize = 40;

fn message(about: &str, number: usize, domain: &str) -> Vec<u8> {
    format!(
        "From: Sam <sam@{domain}>\r\nTo: pat@example.net\r\nSubject: {about} {number}\r\n\
         Date: Mon, 16 Nov 2026 08:{:02}:00 +0000\r\nMessage-ID: <{number}.{}@{domain}>\r\n\r\n\
         About {about}, the {number}th time.\r\n",
        number % 60,
        about.replace(' ', "."),
    )
    .into_bytes()
}

/// What a run says, an event a line.
fn events(program: &Program, arguments: &[&str]) -> Vec<Value> {
    let output = program.run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What the learner adds to the score of a message that was judged.
fn learners(events: &[Value], message: &[u8]) -> f64 {
    let digest = Digest::of(message).to_string();
    let judged = |event: &&Value| event["event"] == "verdict" && event["sha256"] == digest;
    let verdict = events.iter().find(judged).unwrap();
    let findings = verdict["findings"].as_array().unwrap();
    let learner = findings.iter().find(|finding| finding["rule"] == "learner");
    learner.map_or(0.0, |finding| finding["weight"].as_f64().unwrap())
}

#[test]
fn the_folders_of_an_account_teach_and_so_does_what_is_moved_back() {
    let dovecot = Dovecot::start();
    let mut client = dovecot.client("pat");
    for folder in ["Junk", "Sent", "Missed"] {
        client.run(&format!("CREATE {folder}"));
    }
    let date = "16-Nov-2026 08:00:00 +0000";
    for number in 0..EACH {
        let spam = ["casino bonus", "cheap watches", "instant loan"][number % 3];
        let ham = ["choir practice", "garden tools", "train timetable"][number % 3];
        client.append("Junk", "", date, &message(spam, number, "example.org"));
        let folder = if number % 2 == 0 { "INBOX" } else { "Sent" };
        let flags = if number % 4 == 0 { "" } else { "\\Seen" };
        client.append(folder, flags, date, &message(ham, number, "example.org"));
    }
    let folders = ["INBOX", "Junk", "Sent"];
    let before = folders.map(|folder| client.look(folder));
    let program = Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"localhost\"\nport = {}\nsecurity = \"tls\"\n\
         ca-file = {:?}\nuser = \"pat\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\n\
         move-to = \"Missed\"\n[senders]\nblocked = [\"*@spam.example\"]\n",
        dovecot.tls_port, dovecot.certs.ca,
    ));
    let learn = [
        "learn",
        "--account",
        "pat",
        "--spam",
        "Junk",
        "--ham",
        "INBOX",
        "--ham",
        "Sent",
    ];
    let told = program.expect(0, &learn);
    assert!(
        told.contains(&format!(
            "pat: learnt {EACH} messages as spam and {EACH} as wanted"
        )),
        "{told}"
    );
    // Not even read: no flag came or went.
    assert_eq!(folders.map(|folder| client.look(folder)), before);
    let told = program.expect(0, &learn);
    let known = format!(
        "learnt 0 messages as spam and 0 as wanted, {} known",
        2 * EACH
    );
    assert!(told.contains(&known), "{told}");

    let spam = message("casino watches", 900, "example.com");
    let ham = message("choir timetable", 901, "example.com");
    client.append("INBOX", "", date, &spam);
    client.append("INBOX", "", date, &ham);
    let letter = message("casino bonus letter", 902, "spam.example");
    client.append("INBOX", "", date, &letter);
    let swept = events(&program, &["--batch", "--json"]);
    let (spam, ham) = (learners(&swept, &spam), learners(&swept, &ham));
    assert!(spam > 1.0 && ham < -0.5, "{spam} {ham}");

    // The blocked sender's letter went. A person wants it, and moves it back.
    assert_eq!(client.look("Missed").len(), 1);
    let file = program.folder.path().join("letter.eml");
    std::fs::write(&file, &letter).unwrap();
    let odds = || {
        let scan = [
            "scan",
            "--json",
            "--only",
            "learner",
            file.to_str().unwrap(),
        ];
        let scanned = program.run(&scan);
        let text = String::from_utf8(scanned.stdout).unwrap();
        let verdict: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        verdict["score"].as_f64().unwrap()
    };
    let was = odds();
    assert!(was > 0.5, "{was}");
    client.run("SELECT Missed");
    client.run("UID MOVE 1:* INBOX");
    let swept = events(&program, &["--batch", "--json"]);
    assert_eq!(swept.last().unwrap()["learnt"], 1, "{:?}", swept.last());
    let is = odds();
    assert!(is < was - 0.2, "{was} {is}");
    assert!(client.look("Missed").is_empty());
}
