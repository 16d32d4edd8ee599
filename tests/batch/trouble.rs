//! What goes wrong, and what is said of it: one clear line that names the account, the folder or
//! the file, an exit code, and nothing lost.

use super::program::Program;
use super::support::dovecot::Dovecot;
use super::support::free_port;
use std::fs;

fn account(server: &str) -> String {
    format!(
        "[[account]]\nname = \"pat\"\nsource = \"imap\"\n{server}\nuser = \"pat\"\npassword-env = \"PAT_PASSWORD\"\n\
         folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n"
    )
}

/// Runs `--batch`, which must end with `code` and say all of `words` on one line.
fn says(config: &str, code: i32, words: &[&str]) {
    let program = Program::new(config);
    let said = program.expect(code, &["--batch"]);
    assert!(
        said.lines()
            .any(|line| words.iter().all(|word| line.contains(word))),
        "no line says {words:?}: {said}"
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_named() {
    let port = free_port();
    let refused = account(&format!(
        "server = \"127.0.0.1\"\nport = {port}\nsecurity = \"tls\""
    ));
    says(
        &refused,
        1,
        &["pat", &format!("127.0.0.1:{port}"), "cannot connect"],
    );
    let unknown = account("server = \"no-such-host.invalid\"");
    says(&unknown, 1, &["pat", "no-such-host.invalid:993"]);
}

#[test]
fn a_wrong_password_is_said_without_showing_it() {
    let dovecot = Dovecot::start();
    let config = account(&format!(
        "server = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca-file = {:?}",
        dovecot.tls_port, dovecot.certs.ca
    ));
    let program = Program::new(&config);
    let output = program
        .command(&["--batch"])
        .env("PAT_PASSWORD", "not-the-one")
        .output()
        .unwrap();
    let said = super::program::said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("pat") && said.contains("refused"), "{said}");
    assert!(!said.contains("not-the-one"), "{said}");
    // The log says as much, and as little.
    let logs = program.data().join("logs");
    for file in fs::read_dir(logs).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("not-the-one"), "{text}");
    }
}

#[test]
fn a_certificate_that_is_refused_is_explained() {
    let dovecot = Dovecot::start();
    let config = account(&format!(
        "server = \"localhost\"\nport = {}\nsecurity = \"tls\"",
        dovecot.tls_port
    ));
    says(&config, 1, &["pat", "certificate was refused", "localhost"]);
}

#[test]
fn a_folder_that_is_not_there_is_named_and_the_others_are_swept() {
    let dovecot = Dovecot::start();
    dovecot.deliver(
        "pat",
        [b"From: a@example.org\r\nSubject: x\r\n\r\nx\r\n".as_slice()],
    );
    let config = account(&format!(
        "server = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca-file = {:?}",
        dovecot.tls_port, dovecot.certs.ca
    ));
    let config = config.replace("[\"INBOX\"]", "[\"No such folder\", \"INBOX\"]");
    let said = Program::new(&config).expect(1, &["--batch"]);
    assert!(said.contains("`No such folder`"), "{said}");
    assert!(said.contains("INBOX: 1 message, 1 to judge"), "{said}");
}

#[test]
fn settings_that_are_wrong_start_nothing() {
    says(
        "[[account]]\nname = \"pat\"\nsever = \"x\"\n",
        2,
        &["config.toml", "3", "sever"],
    );
    says("", 2, &["no account"]);
    let list = format!(
        "{}[senders]\napproved = [\"*@*.co.uk\"]\n",
        account("server = \"mail.example.com\"")
    );
    says(&list, 2, &["*@*.co.uk"]);
    let vendor = format!(
        "{}[submission]\nvendor = \"nobody\"\n",
        account("server = \"mail.example.com\"")
    );
    says(&vendor, 2, &["nobody", "trend-micro"]);
}

#[test]
fn rules_of_the_users_own_that_are_wrong_are_left_out_and_named() {
    let mail = tempfile::tempdir().unwrap();
    fs::write(
        mail.path().join("a.eml"),
        "From: a@example.org\nSubject: x\n\nx\n",
    )
    .unwrap();
    let program = Program::new("");
    let rules = program.folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    fs::write(
        rules.join("mine.toml"),
        "[[rule]]\nid = \"mine\"\nwieght = 3\n",
    )
    .unwrap();
    let said = program.expect(1, &["scan", mail.path().to_str().unwrap()]);
    assert!(said.contains("mine.toml:"), "{said}");
}
