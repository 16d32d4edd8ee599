//! The program itself: a sweep, a second one, and undo.

use super::Start;
use super::program::Program;
use super::support::client::Seen;
use super::support::client::content;
use super::support::real::Setup;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The demo's messages, and whether each is a hit that moves.
fn mail() -> Vec<(Vec<u8>, &'static str, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let expected = fs::read_to_string(folder.join("expected.toml")).unwrap();
    let expected: BTreeMap<String, String> = toml::from_str(&expected).unwrap();
    let message = |(number, (file, what)): (usize, (&String, &String))| {
        let text = fs::read(folder.join(file)).unwrap();
        let text = String::from_utf8_lossy(&text)
            .replace("\r\n", "\n")
            .replace('\n', "\r\n");
        let held = file.contains("-flagged") || file.contains("-answered");
        let flags = match (held, number % 4) {
            (true, _) => "\\Flagged",
            (false, 0) => "",
            (false, 1) => "\\Seen",
            (false, 2) => "\\Seen $Work",
            (false, _) => "$Label1",
        };
        (text.into_bytes(), flags, what != "clean" && !held)
    };
    expected.iter().enumerate().map(message).collect()
}

pub fn a_sweep_moves_exactly_the_hits_and_undo_restores_all(start: Start) {
    let server = start(Setup::default());
    let mail = mail();
    let mut client = server.client();
    for (number, (bytes, flags, _)) in mail.iter().enumerate() {
        let date = format!(
            "{:02}-Nov-2026 10:20:{:02} +0100",
            1 + number % 20,
            number % 60
        );
        client.append("INBOX", flags, &date, bytes);
    }
    let before = client.look("INBOX");
    assert_eq!(before.len(), mail.len());
    let program = Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"localhost\"\nport = {}\nsecurity = \"tls\"\n\
         ca-file = {:?}\nuser = \"pat\"\npassword-env = \"PAT_PASSWORD\"\nfolders = [\"INBOX\"]\n\
         move-to = \"Archive/Missed spam\"\naddresses = [\"pat.doe@example.net\"]\n",
        server.tls_port(),
        server.certs().ca,
    ));
    let said = program.expect(0, &["--batch"]);
    let hits: BTreeSet<&[u8]> = mail
        .iter()
        .filter(|(.., hit)| *hit)
        .map(|(bytes, ..)| bytes.as_slice())
        .collect();
    assert!(hits.len() > 10);
    let is_hit = |seen: &&Seen| hits.contains(seen.bytes.as_slice());
    let (went, stay): (Vec<Seen>, Vec<Seen>) =
        before.iter().cloned().partition(|seen| is_hit(&seen));
    assert_eq!(client.look("INBOX"), stay, "{said}");
    let target = server.spell("Archive/Missed spam");
    assert_eq!(content(&client.look(&target)), content(&went), "{said}");

    // Nothing is new: nothing is fetched, judged or moved.
    let again = program.expect(0, &["--batch", "--json"]);
    assert!(!again.contains("\"event\":\"moved\""), "{again}");
    assert_eq!(client.look("INBOX"), stay, "{again}");

    let undone = program.expect(0, &["undo"]);
    assert_eq!(content(&client.look("INBOX")), content(&before), "{undone}");
    assert!(client.look(&target).is_empty(), "{undone}");
    // And what was put back stays.
    program.expect(0, &["--batch"]);
    assert_eq!(content(&client.look("INBOX")), content(&before));
}
