//! An inbox of 500 messages: exactly the hits move, everything else stays as it was to the byte,
//! the vendor gets what the server had, and `undo` restores it all.

use super::program::Program;
use super::support::client::Seen;
use super::support::dovecot::Dovecot;
use super::support::postfix::Postfix;
use mail_parser::{MessageParser, MimeHeaders};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

const MESSAGES: usize = 500;

/// The demo's messages over and over, each with a Message-ID of its own; and what each is.
fn mail() -> Vec<(Vec<u8>, String, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let expected = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let expected: BTreeMap<String, String> = toml::from_str(&expected).unwrap();
    let files: Vec<(&String, &String)> = expected.iter().collect();
    assert!(files.len() >= 40);
    let message = |number: usize| {
        let (file, what) = files[number % files.len()];
        let text = fs::read(folder.join(file)).unwrap();
        let text = String::from_utf8_lossy(&text)
            .replace("\r\n", "\n")
            .replace('\n', "\r\n");
        let unique = text.replacen("Message-ID: <", &format!("Message-ID: <{number}."), 1);
        assert_ne!(unique, text, "{file} has no Message-ID to make unique");
        (
            unique.into_bytes(),
            what.clone(),
            file.contains("-flagged") || file.contains("-answered"),
        )
    };
    (0..MESSAGES).map(message).collect()
}

/// A mailbox as it is compared: everything but UIDs, which a move gives anew.
fn state(seen: &[Seen]) -> BTreeSet<(Vec<u8>, BTreeSet<String>, String)> {
    seen.iter()
        .map(|seen| (seen.bytes.clone(), seen.flags.clone(), seen.date.clone()))
        .collect()
}

#[test]
fn an_inbox_of_500_is_swept_submitted_and_restored() {
    let (dovecot, postfix) = (Dovecot::start(), Postfix::start());
    let mail = mail();
    let mut client = dovecot.client("pat");
    for (number, (bytes, _, held)) in mail.iter().enumerate() {
        let flags = match (held, number % 4) {
            (true, _) => "\\Flagged",
            (false, 0) => "",
            (false, 1) => "\\Seen",
            (false, 2) => "\\Seen $Work",
            (false, _) => "$Label1",
        };
        let date = format!(
            "{:02}-Nov-2026 10:{:02}:{:02} +0000",
            1 + number % 20,
            number / 60,
            number % 60
        );
        client.append("INBOX", flags, &date, bytes);
    }
    let before = client.look("INBOX");
    assert_eq!(before.len(), MESSAGES);

    let program = Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"localhost\"\nport = {}\nsecurity = \"tls\"\n\
         ca-file = {:?}\nuser = \"pat\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\n\
         move-to = \"Missed spam\"\naddresses = [\"pat.doe@example.net\"]\n\
         [submission]\nvendor = \"trend-micro\"\nsend = \"smtp\"\nfrom = \"pat.doe@example.net\"\n\
         [outgoing]\nserver = \"localhost\"\nport = {}\nsecurity = \"starttls\"\nca-file = {:?}\n\
         user = \"pat@example.com\"\npassword-env = \"SMTP_PASSWORD\"\n",
        dovecot.tls_port, dovecot.certs.ca, postfix.starttls, postfix.certs.ca,
    ));

    // A dry run first: it shows, and changes nothing.
    let shown = program.expect(0, &["--batch", "--dry-run"]);
    assert!(shown.contains("spam@support.trendmicro.com"), "{shown}");
    assert_eq!(client.look("INBOX"), before);
    assert!(!program.data().join("store.sqlite").exists());

    let said = program.expect(0, &["--batch"]);
    let after = client.look("INBOX");
    let moved = client.look("Missed spam");
    let hit = |what: &str| what != "clean";
    let hits: BTreeSet<Vec<u8>> = mail
        .iter()
        .filter(|(_, what, held)| hit(what) && !held)
        .map(|(bytes, ..)| bytes.clone())
        .collect();
    assert!(hits.len() > 100, "{}", hits.len());
    let went: BTreeSet<Vec<u8>> = moved.iter().map(|seen| seen.bytes.clone()).collect();
    assert_eq!(went.len(), moved.len());
    assert!(
        went == hits,
        "not exactly the hits were moved: {} for {}\n{said}",
        went.len(),
        hits.len()
    );
    // Those that stay are untouched, UIDs included; those that went kept flags and dates.
    let stay: Vec<Seen> = before
        .iter()
        .filter(|seen| !hits.contains(&seen.bytes))
        .cloned()
        .collect();
    assert_eq!(after, stay);
    let were: Vec<Seen> = before
        .iter()
        .filter(|seen| hits.contains(&seen.bytes))
        .cloned()
        .collect();
    assert_eq!(state(&moved), state(&were));

    // One letter a category, whose zip opens to the server's own bytes.
    let letters = postfix.delivered(2);
    assert_eq!(letters.len(), 2);
    let mut submitted = BTreeSet::new();
    for letter in &letters {
        let letter = MessageParser::default().parse(letter).unwrap();
        let zip = letter.attachments().find(|part| {
            part.attachment_name()
                .is_some_and(|name| name.ends_with(".zip"))
        });
        let mut zip = zip::ZipArchive::new(Cursor::new(zip.unwrap().contents())).unwrap();
        for index in 0..zip.len() {
            let mut bytes = Vec::new();
            zip.by_index_decrypt(index, b"novirus")
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
            assert!(submitted.insert(bytes), "a message was submitted twice");
        }
    }
    assert!(submitted == hits);

    // A second run does nothing.
    program.expect(0, &["--batch"]);
    assert_eq!(client.look("INBOX"), stay);
    assert_eq!(postfix.delivered(2).len(), 2);

    // Undo restores the inbox, and the next sweep leaves it alone.
    program.expect(0, &["undo"]);
    let restored = client.look("INBOX");
    assert_eq!(restored.len(), MESSAGES);
    assert!(
        state(&restored) == state(&before),
        "the inbox is not as it was"
    );
    assert!(client.look("Missed spam").is_empty());
    program.expect(0, &["--batch"]);
    assert_eq!(client.look("INBOX"), restored);
    assert_eq!(postfix.delivered(2).len(), 2);
}
