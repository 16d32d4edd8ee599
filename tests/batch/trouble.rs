//! What keeps an account from being swept, and what is said of it: one clear line that names the
//! account and the server or folder, an exit code, nothing changed, and the other accounts swept.

use super::program::{Program, said};
use super::support::certs::Flaw;
use super::support::dovecot::{Dovecot, Options};
use super::support::free_port;
use std::fs;
use std::path::Path;

/// Judged as spam because `BLOCKED` holds its sender.
pub const HIT: &[u8] = b"From: Sam <sam@spam.example>\r\nTo: pat@example.net\r\nSubject: Offer\r\n\
    Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@spam.example>\r\n\r\nBuy.\r\n";
pub const CLEAN: &[u8] =
    b"From: Kim <kim@example.org>\r\nTo: pat@example.net\r\nSubject: Lunch\r\n\
    Date: Mon, 16 Nov 2026 09:00:00 +0000\r\nMessage-ID: <2@example.org>\r\n\r\nAt noon?\r\n";
pub const BLOCKED: &str = "[senders]\nblocked = [\"*@spam.example\"]\n";

/// An account `pat` with these lines.
pub fn account(lines: &str) -> String {
    format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\n{lines}\nuser = \"pat\"\npassword-env = \"PAT_PASSWORD\"\n\
         folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n"
    )
}

/// An account `pat` on this server.
pub fn account_at(dovecot: &Dovecot) -> String {
    account(&format!(
        "server = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca-file = {:?}",
        dovecot.tls_port, dovecot.certs.ca
    ))
}

/// An account `kim` on disk, with a hit in it.
fn other_account(folder: &Path) -> String {
    fs::write(folder.join("hit.eml"), HIT).unwrap();
    format!(
        "[[account]]\nname = \"kim\"\nsource = \"files\"\npath = {folder:?}\nfolders = [\"INBOX\"]\nmove-to = \"Missed\"\n{BLOCKED}"
    )
}

/// Sweeps `pat`, which fails, and `kim`, which does not.
fn fails(pat: &str, words: &[&str]) {
    let disk = tempfile::tempdir().unwrap();
    let program = Program::new(&format!("{pat}{}", other_account(disk.path())));
    let words = [&["pat: "], words].concat();
    let output = program.one_line(&words);
    assert!(output.contains("1 problem reported above"), "{output}");
    assert!(
        disk.path().join("Missed/hit.eml").exists(),
        "the other account was not swept: {output}"
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_named() {
    let port = free_port();
    let refused = format!("server = \"127.0.0.1\"\nport = {port}\nsecurity = \"tls\"");
    let at = format!("127.0.0.1:{port}: cannot connect: ");
    fails(&account(&refused), &[&at, "refused", "port"]);
    let unknown = account("server = \"no-such-host.invalid\"");
    fails(&unknown, &["no-such-host.invalid:993: cannot connect"]);
}

#[test]
fn a_certificate_that_is_refused_is_explained() {
    for (flaw, words) in [
        (Flaw::Expired, &["expired", "2021"][..]),
        (Flaw::WrongName, &["imap.example.com", "localhost"]),
        (Flaw::UnknownIssuer, &["Nobody's CA", "ca-file"]),
    ] {
        let dovecot = Dovecot::with(Options {
            flaw,
            ..Options::default()
        });
        dovecot.deliver("pat", [HIT]);
        let before = dovecot.client("pat").look("INBOX");
        let at = format!(
            "localhost:{}: the certificate was refused",
            dovecot.tls_port
        );
        fails(&account_at(&dovecot), &[&[at.as_str()], words].concat());
        assert_eq!(dovecot.client("pat").look("INBOX"), before);
    }
}

#[test]
fn a_wrong_password_is_said_without_showing_it() {
    let dovecot = Dovecot::start();
    let program = Program::new(&account_at(&dovecot));
    let mut command = program.command(&["--batch"]);
    let output = command.env("PAT_PASSWORD", "not-the-one").output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let line = format!(
        "pat: localhost:{}: sign-in as pat was refused",
        dovecot.tls_port
    );
    assert!(said.contains(&line) && said.contains("password"), "{said}");
    assert!(!said.contains("not-the-one"), "{said}");
    // The log says as much, and as little.
    let mut logs = 0;
    for file in fs::read_dir(program.data().join("logs")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(text.contains("sign-in as pat was refused"), "{text}");
        assert!(!text.contains("not-the-one"), "{text}");
        logs += 1;
    }
    assert_eq!(logs, 1);
}

#[test]
fn a_password_that_cannot_be_had_is_named_by_its_source() {
    for (source, words) in [
        (
            "password-env = \"NO_SUCH_VARIABLE\"",
            &["NO_SUCH_VARIABLE"][..],
        ),
        (
            "password-command = \"exit 3\"",
            &["password-command failed"],
        ),
        ("password-credential = \"nobody\"", &["nobody"]),
    ] {
        let pat =
            account("server = \"localhost\"").replace("password-env = \"PAT_PASSWORD\"", source);
        fails(&pat, words);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named_and_the_others_are_swept() {
    let dovecot = Dovecot::start();
    dovecot.deliver("pat", [HIT]);
    let config =
        account_at(&dovecot).replace("[\"INBOX\"]", "[\"No such folder\", \"INBOX\"]") + BLOCKED;
    let output = Program::new(&config).one_line(&[
        "pat: folder `No such folder` does not exist",
        "postsweep account test",
    ]);
    assert!(output.contains("INBOX: 1 message, 1 to judge"), "{output}");
    assert_eq!(dovecot.client("pat").look("Missed spam").len(), 1);
}

#[test]
fn settings_that_are_wrong_start_nothing() {
    let imap = account("server = \"mail.example.com\"");
    for (config, words) in [
        (
            "[[account]]\nname = \"pat\"\nsever = \"x\"\n".to_owned(),
            &["config.toml", "3", "sever"][..],
        ),
        (String::new(), &["no account"]),
        (
            format!("{imap}[senders]\napproved = [\"*@*.co.uk\"]\n"),
            &["*@*.co.uk"],
        ),
        (
            format!("{imap}[submission]\nvendor = \"nobody\"\n"),
            &["nobody", "trend-micro"],
        ),
    ] {
        let program = Program::new(&config);
        let said = program.expect(2, &["--batch"]);
        assert!(
            said.lines()
                .any(|line| words.iter().all(|word| line.contains(word))),
            "no line says {words:?}: {said}"
        );
    }
}

#[test]
fn rules_of_the_users_own_that_are_wrong_are_left_out_and_named() {
    let mail = tempfile::tempdir().unwrap();
    fs::write(mail.path().join("a.eml"), CLEAN).unwrap();
    let program = Program::new("");
    let rules = program.folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    let broken = "[[rule]]\nid = \"mine\"\nwieght = 3\n";
    fs::write(rules.join("mine.toml"), broken).unwrap();
    let said = program.expect(1, &["scan", mail.path().to_str().unwrap()]);
    assert!(said.contains("mine.toml:"), "{said}");
}
