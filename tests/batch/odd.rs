//! Messages of 100 MB, of 10,000 parts, nested 1,000 deep, with a header of 1 MB, with NUL bytes,
//! without a blank line: phishing in odd clothes is found, kept whole, moved, packaged or left out
//! for a stated reason, and put back as it was, in bounded memory.

use super::program::{Program, said};
use super::support::client::Seen;
use super::support::dovecot::Dovecot;
use super::trouble::{CLEAN, account_at};
use postsweep::mail::Digest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// What the program may take, in kB: less than the largest message and itself.
const MEMORY: u64 = 115_000;

const LURE: &str = "Content-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Your mailbox is 98% full and your password expires today. Keep your current password:</p>\r\n\
    <p><a href=\"http://203.0.113.45/owa/\">https://webmail.example.net/</a></p>\r\n";

fn headers(name: &str) -> String {
    format!(
        "From: \"Mail Admin\" <no-reply@mail-administration.example>\r\nTo: pat@example.net\r\n\
         Subject: [Action required] Password of pat@example.net expires today\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{name}@mail-administration.example>\r\n\
         X-Name: {name}\r\nMIME-Version: 1.0\r\n"
    )
}

/// Base64 that does not compress, in lines.
fn noise(length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(length + length / 38);
    let mut state = 1u64;
    while text.len() < length {
        for _ in 0..76 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            text.push(LETTERS[(state >> 58) as usize] as char);
        }
        text.push_str("\r\n");
    }
    text
}

/// Every one is phishing.
fn odd() -> Vec<(&'static str, Vec<u8>)> {
    let multipart = "Content-Type: multipart/mixed; boundary=bb\r\n\r\n";
    let nested: String = (0..1000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    let attached = "--bb\r\nContent-Type: application/octet-stream; name=a.bin\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    let message = |name: &'static str, rest: String| (name, (headers(name) + &rest).into_bytes());
    vec![
        message("plain", LURE.to_owned()),
        message(
            "parts-before",
            format!(
                "{multipart}{}--bb\r\n{LURE}--bb--\r\n",
                "--bb\r\nContent-Type: text/plain\r\n\r\n\r\n".repeat(10_000)
            ),
        ),
        message("nested", format!("{nested}{LURE}")),
        message(
            "long-header",
            format!("X-Long: {}\r\n{LURE}", "x".repeat(1_000_000)),
        ),
        message(
            "nul",
            LURE.replace("full", "fu\0ll").replace("<p>", "\0<p>\0"),
        ),
        message("no-blank-line", LURE.replace("\r\n\r\n", "\r\n")),
        message(
            "padded",
            format!(
                "{LURE}{}",
                "<!-- nothing is here, nothing at all is to be seen here -->\r\n".repeat(820_000)
            ),
        ),
        message(
            "huge",
            format!(
                "{multipart}--bb\r\n{LURE}{attached}{}--bb--\r\n",
                noise(100_000_000)
            ),
        ),
    ]
}

/// Runs `--batch --json`; returns its events and what it wrote to standard error. It must end
/// with this code, and within the memory.
fn sweep(program: &Program, code: i32) -> (Vec<Value>, String) {
    let mut command = program.command(&["--batch", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut errors = String::new();
    err.read_to_string(&mut errors).unwrap();
    let events = reader.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(code), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    assert!((1..MEMORY).contains(&peak), "{peak} kB of memory");
    let events = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    (events.collect(), errors)
}

/// What the sweep said and packaged of the messages, which are here by the name in `X-Name`.
fn check(program: &Program, events: &[Value], messages: &BTreeMap<String, Vec<u8>>) {
    let of = |event: &str, bytes: &[u8]| {
        let digest = Digest::of(bytes).to_string();
        let found = |told: &&Value| told["event"] == event && told["sha256"] == digest.as_str();
        events.iter().find(found).cloned()
    };
    let packages = program.data().join("packages");
    let mut packed = BTreeSet::new();
    for zip in fs::read_dir(packages).unwrap() {
        let file = fs::File::open(zip.unwrap().path()).unwrap();
        let mut zip = zip::ZipArchive::new(file).unwrap();
        for index in 0..zip.len() {
            let mut bytes = Vec::new();
            let mut entry = zip.by_index_decrypt(index, b"novirus").unwrap();
            entry.read_to_end(&mut bytes).unwrap();
            packed.insert(Digest::of(&bytes));
        }
    }
    for (name, bytes) in messages {
        let hit = of("hit", bytes).unwrap_or_else(|| panic!("{name} is no hit of its own bytes"));
        assert_eq!(hit["verdict"], "phishing", "{name}: {hit}");
        assert!(of("moved", bytes).is_some(), "{name} was not moved");
        let in_part = ["huge", "padded"].contains(&name.as_str());
        let notes = hit["notes"].to_string();
        let says = format!(
            "Only the first 1048576 of {} bytes were judged",
            bytes.len()
        );
        assert_eq!(notes.contains(&says), in_part, "{name}: {hit}");
        // The one that no e-mail can carry is left out.
        assert_eq!(
            packed.contains(&Digest::of(bytes)),
            name != "huge",
            "{name}"
        );
        let sample = program
            .data()
            .join(format!("samples/{}.eml", Digest::of(bytes)));
        assert!(
            fs::read(sample).unwrap() == *bytes,
            "{name}: the sample differs"
        );
    }
}

fn name(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).into_owned();
    let name = start.lines().find_map(|line| line.strip_prefix("X-Name: "));
    name.map(str::to_owned)
}

fn left_out(errors: &str) -> bool {
    let line = errors
        .lines()
        .find(|line| line.contains("was not packaged"));
    line.is_some_and(|line| line.starts_with("pat: message ") && line.contains("portal"))
}

const SUBMISSION: &str =
    "[submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n";

#[test]
fn in_an_imap_inbox() {
    let odd = odd();
    let dovecot = Dovecot::start();
    let others = [CLEAN, b"".as_slice(), b"\0\0\0\0".as_slice()];
    dovecot.deliver(
        "pat",
        odd.iter().map(|(_, bytes)| bytes.as_slice()).chain(others),
    );
    let mut client = dovecot.client("pat");
    let digests = |seen: Vec<Seen>| -> BTreeSet<(Digest, BTreeSet<String>, String)> {
        let one = |seen: Seen| (Digest::of(&seen.bytes), seen.flags, seen.date);
        seen.into_iter().map(one).collect()
    };
    // As the server hands them out: it has a letter of its own for NUL.
    let before = client.look("INBOX");
    let named = before
        .iter()
        .filter_map(|seen| Some((name(&seen.bytes)?, seen.bytes.clone())));
    let messages: BTreeMap<String, Vec<u8>> = named.collect();
    assert_eq!(messages.len(), odd.len());
    drop(odd);
    let before = digests(before);

    let program = Program::new(&(account_at(&dovecot) + SUBMISSION));
    let (events, errors) = sweep(&program, 1);
    assert!(left_out(&errors), "{errors}");
    assert!(errors.contains("in folder `INBOX` is empty"), "{errors}");
    assert!(errors.contains("in folder `INBOX` is not mail"), "{errors}");
    assert_eq!(errors.lines().count(), 3, "{errors}");
    check(&program, &events, &messages);
    assert_eq!(client.look("INBOX").len(), others.len());
    assert_eq!(client.look("Missed spam").len(), messages.len());

    let undone = program.run(&["undo"]);
    assert_eq!(undone.status.code(), Some(0), "{}", said(&undone));
    assert!(
        digests(client.look("INBOX")) == before,
        "the inbox is not as it was"
    );
    program.expect(0, &["--batch"]);
}

#[test]
fn in_a_folder_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let odd = odd();
    let mut messages = BTreeMap::new();
    for (name, bytes) in odd {
        fs::write(folder.path().join(format!("{name}.eml")), &bytes).unwrap();
        messages.insert(name.to_owned(), bytes);
    }
    fs::write(folder.path().join("clean.eml"), CLEAN).unwrap();
    let program = Program::new(&format!(
        "[[account]]\nname = \"pat\"\nsource = \"files\"\npath = {:?}\nfolders = [\"INBOX\"]\nmove-to = \"Missed\"\n\
         addresses = [\"pat@example.net\"]\n{SUBMISSION}",
        folder.path()
    ));
    let (events, errors) = sweep(&program, 1);
    assert!(left_out(&errors) && errors.lines().count() == 1, "{errors}");
    check(&program, &events, &messages);
    let lies = |name: &str, at: &str| -> bool {
        let path: &Path = folder.path();
        fs::read(path.join(at).join(format!("{name}.eml"))).unwrap_or_default() == messages[name]
    };
    assert!(messages.keys().all(|name| lies(name, "Missed")));
    program.expect(0, &["undo"]);
    assert!(messages.keys().all(|name| lies(name, "")));
}
