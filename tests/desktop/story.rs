//! The whole story of a person at a desk: add the mailbox, sweep it, review, move, report, put
//! back; then the mailbox and what the vendor got are looked at.

use crate::eyes::Eyes;
use crate::screen::Screen;
use crate::session;
use crate::support::dovecot::{Dovecot, Options};
use crate::support::postfix::Postfix;
use mail_parser::{MessageParser, MimeHeaders};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::Path;

const USER: &str = "pat@example.net";

/// The demo's messages, which hold hits and honest mail.
fn demo() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// What lies in a folder: the bytes of each message, and its flags.
fn contents(maildir: &Path) -> BTreeSet<(Vec<u8>, String)> {
    let mut found = BTreeSet::new();
    for part in ["cur", "new"] {
        let Ok(files) = std::fs::read_dir(maildir.join(part)) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let flags = name.split_once(":2,").map_or("", |(_, flags)| flags);
            found.insert((std::fs::read(&path).unwrap(), flags.to_owned()));
        }
    }
    found
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        lines.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        if line.ends_with(b"\n") && !line.ends_with(b"\r\n") {
            lines.push(b'\r');
        }
        if line.ends_with(b"\n") {
            lines.push(b'\n');
        }
    }
    lines
}

/// Somebody at the desk.
struct Person {
    eyes: Eyes,
    screen: Screen,
}

impl Person {
    fn click(&self, role: &str, name: &str) {
        let mut found = self.eyes.find(role, name);
        // Further down than the screen: the wheel brings it up.
        for _ in 0..40 {
            let (x, y) = found.middle();
            if (60..750).contains(&y) {
                break;
            }
            let wheel = if y < 60 { "4" } else { "5" };
            self.screen.turn((x, 400), wheel);
            found = self.eyes.find(role, name);
        }
        self.screen.click(found.middle());
    }

    fn choose(&self, from: &str, choice: &str) {
        self.click("combo box", from);
        let found = self
            .eyes
            .wait(choice, |seen| seen.name == choice && seen.role != "label");
        self.screen.click(found.middle());
    }

    fn fill(&self, role: &str, name: &str, text: &str) {
        self.click(role, name);
        self.screen.press("ctrl+a");
        self.screen.type_in(text);
    }
}

#[test]
fn a_mailbox_is_added_swept_reviewed_moved_reported_and_put_back() {
    if !session::is_inside() {
        return session::run(
            "story::a_mailbox_is_added_swept_reviewed_moved_reported_and_put_back",
        );
    }
    let dovecot = Dovecot::with(Options::default());
    let postfix = Postfix::start();
    let messages = demo();
    dovecot.deliver(USER, messages.iter().map(Vec::as_slice));
    let inbox = dovecot.maildir(USER);
    let target = inbox.join(".Missed spam");
    let before = contents(&inbox);
    assert_eq!(before.len(), messages.len());

    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let eyes = Eyes::open();
    let mut screen = Screen::new();
    screen.open(&config, &folder.path().join("data"));
    let person = Person { eyes, screen };
    let Person { eyes, screen } = &person;

    // The mailbox.
    person.click("button", "Add my mailbox");
    person.fill("entry", "E-mail address", USER);
    person.fill("password", "Password", "secret");
    person.click("button", "Server settings");
    person.fill("entry", "IMAP server", "127.0.0.1");
    let server = dovecot.server(USER, postsweep::settings::Security::None);
    person.fill("entry", "Port", &server.port.to_string());
    person.choose("Encryption", "None (this computer only)");
    person.click("button", "Test the connection");
    eyes.read("Choose what to sweep");
    person.click("button", "Add the mailbox");
    eyes.read("added");
    let written = std::fs::read_to_string(&config).unwrap();
    assert!(
        !written.contains("secret\""),
        "the password is in the keyring alone"
    );

    // The way out for reports.
    screen.press("ctrl+comma");
    person.fill("entry", "Letters are from", USER);
    screen.press("Tab");
    person.fill("entry", "Server", "127.0.0.1");
    person.fill("entry", "Port", &postfix.clear.to_string());
    person.choose("Encryption", "None (this computer only)");
    person.click("button", "Save the server");
    eyes.read("Settings saved");
    person.click("radio button", "E-mail");
    eyes.read("Settings saved");

    // The sweep, by keyboard; then the hits.
    screen.press("F5");
    eyes.read("Sweep done");
    person.click("button", "Review");
    eyes.read("strongest first");
    assert!(
        contents(&inbox) == before,
        "a sweep moves and marks nothing"
    );
    screen.press("ctrl+m");
    eyes.read("moved");
    let moved = contents(&target);
    assert!(moved.len() > 5, "{} were moved", moved.len());
    let kept = contents(&inbox);
    assert_eq!(kept.len() + moved.len(), before.len(), "nothing is lost");

    // The report.
    screen.press("ctrl+3");
    eyes.read("exactly as it will leave");
    screen.press("ctrl+Return");
    eyes.read("sent to Trend Micro");
    let letters = postfix.delivered(2);
    let mut reported = BTreeSet::new();
    for letter in &letters {
        let letter = MessageParser::default().parse(letter).unwrap();
        for part in letter.attachments() {
            assert!(part.attachment_name().unwrap().ends_with(".zip"));
            let mut zip = zip::ZipArchive::new(Cursor::new(part.contents())).unwrap();
            for number in 0..zip.len() {
                let mut entry = zip.by_index_decrypt(number, b"novirus").unwrap();
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                reported.insert(bytes);
            }
        }
    }
    // The server keeps LF and hands CRLF out (RFC 3501 section 2.2).
    let originals: BTreeSet<Vec<u8>> = moved.iter().map(|(bytes, _)| crlf(bytes)).collect();
    assert!(
        reported == originals,
        "the vendor has the originals, byte for byte"
    );

    // Taken back.
    screen.press("ctrl+4");
    eyes.read("sent");
    screen.press("ctrl+z");
    eyes.read("put back");
    assert!(
        contents(&inbox) == before,
        "all is as it was, flags included"
    );
    assert!(contents(&target).is_empty());
}
