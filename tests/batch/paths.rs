//! Paths that are not what they should be: each gives one line, and the others are read.

use super::program::Program;
use super::trouble::{BLOCKED, CLEAN, HIT};
use std::fs;

/// Files that are no mail, and what is said of each.
const NOT_MAIL: [(&str, &[u8], &str); 5] = [
    (
        "photo.jpg",
        b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01",
        "is not mail",
    ),
    (
        "program",
        b"\x7FELF\x02\x01\x01\x00\x00\x00\x00\x00",
        "is not mail",
    ),
    (
        "photo.eml",
        b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01",
        "is not mail",
    ),
    ("empty.eml", b"", "is empty"),
    (
        "outlook.msg",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "save it as .eml",
    ),
];

#[test]
fn a_scan_names_what_is_no_mail_and_judges_the_rest() {
    let mail = tempfile::tempdir().unwrap();
    for (name, bytes, _) in NOT_MAIL {
        fs::write(mail.path().join(name), bytes).unwrap();
    }
    fs::write(mail.path().join("a.eml"), HIT).unwrap();
    fs::write(mail.path().join("z.eml"), CLEAN).unwrap();
    fs::create_dir(mail.path().join("nothing")).unwrap();
    let path = |name: &str| mail.path().join(name).to_str().unwrap().to_owned();
    let program = Program::new(BLOCKED);
    let output = program.run(&["scan", &path(""), &path("nothing"), &path("missing")]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    let others = [("nothing", "no mail in it"), ("missing", "No such file")];
    let expected = NOT_MAIL.map(|(name, _, says)| (name, says));
    assert_eq!(
        errors.lines().count(),
        expected.len() + others.len(),
        "{errors}"
    );
    for (name, says) in expected.into_iter().chain(others) {
        let line = errors.lines().find(|line| line.starts_with(&path(name)));
        assert!(
            line.is_some_and(|line| line.contains(says)),
            "{name}: {errors}"
        );
    }
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("1 of 2 messages looks like"), "{said}");
}

#[test]
fn a_sweep_names_what_is_no_mail_once_and_sweeps_the_rest() {
    let mail = tempfile::tempdir().unwrap();
    fs::write(mail.path().join("empty.eml"), b"").unwrap();
    fs::write(mail.path().join("photo.eml"), NOT_MAIL[0].1).unwrap();
    fs::write(mail.path().join("hit.eml"), HIT).unwrap();
    let program = Program::new(&account("files", mail.path().to_str().unwrap()));
    let said = program.expect(1, &["--batch"]);
    for line in [
        "pat: path:empty.eml in folder `INBOX` is empty",
        "pat: path:photo.eml in folder `INBOX` is not mail",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(mail.path().join("Missed/hit.eml").exists());
    assert_eq!(
        fs::read(mail.path().join("photo.eml")).unwrap(),
        NOT_MAIL[0].1
    );
    assert!(mail.path().join("empty.eml").exists());
    program.expect(0, &["--batch"]);
}

#[test]
fn an_account_whose_path_is_no_mailbox_says_what_it_must_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("photo.jpg"), NOT_MAIL[0].1).unwrap();
    fs::create_dir(path("no-maildir")).unwrap();
    for (source, name, what) in [
        ("maildir", "missing", "must be a Maildir"),
        ("maildir", "photo.jpg", "must be a Maildir"),
        ("maildir", "no-maildir", "must be a Maildir"),
        (
            "files",
            "missing",
            "must be a folder of .eml files, or an mbox",
        ),
        (
            "files",
            "photo.jpg",
            "must be a folder of .eml files, or an mbox",
        ),
    ] {
        let program = Program::new(&account(source, &path(name)));
        program.one_line(&[&format!("pat: {}: ", path(name)), what]);
    }
}

fn account(source: &str, path: &str) -> String {
    format!(
        "[[account]]\nname = \"pat\"\nsource = \"{source}\"\npath = {path:?}\nfolders = [\"INBOX\"]\nmove-to = \"Missed\"\n{BLOCKED}"
    )
}
