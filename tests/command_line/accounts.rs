//! `account`: set up, tried, listed and removed, by a script and by a person.

use super::Home;
use super::support::dovecot::Dovecot;

#[test]
fn an_account_is_added_listed_and_removed() {
    let home = Home::new();
    let add = [
        "account",
        "add",
        "--name",
        "pat",
        "--server",
        "imap.example.com",
        "--user",
        "pat@example.com",
        "--security",
        "starttls",
        "--folder",
        "INBOX",
        "--folder",
        "Lists",
        "--move-to",
        "Missed",
        "--password-command",
        "pass show mail",
        "--no-test",
    ];
    let ran = home.run(&add);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let again = home.run(&add);
    assert_eq!(again.code, 2);
    assert!(
        again.err.contains("two accounts named \"pat\""),
        "{}",
        again.err
    );

    let list = home.run(&["account", "list"]);
    let expected = "pat: pat@example.com at imap.example.com:143, password in password-command: INBOX, Lists → Missed\n";
    assert_eq!((list.code, list.out.as_str()), (0, expected));

    let unknown = home.run(&["account", "remove", "kim"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("no account \"kim\"") && unknown.err.contains("pat"),
        "{unknown:?}"
    );
    let removed = home.run(&["account", "remove", "pat"]);
    assert_eq!((removed.code, removed.err.as_str()), (0, ""), "{removed:?}");
    assert!(
        !std::fs::read_to_string(home.config())
            .unwrap()
            .contains("[[account]]")
    );
}

#[test]
fn a_password_without_a_keyring_is_refused_with_the_alternatives_and_never_shown() {
    let home = Home::new();
    let add = [
        "account",
        "add",
        "--server",
        "imap.example.com",
        "--user",
        "pat@example.com",
        "--password-stdin",
        "--no-test",
    ];
    let ran = home.run_with(&add, "hunter2\n");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.err.contains("no D-Bus session") && ran.err.contains("password-command"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    assert!(
        !home.config().exists(),
        "an account without its password was written"
    );

    let empty = home.run_with(&add, "\n");
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("no password was given"), "{}", empty.err);
}

#[test]
fn what_a_script_leaves_out_is_named() {
    let home = Home::new();
    for (arguments, option) in [
        (&["account", "add"][..], "--user"),
        (&["account", "add", "--user", "pat@example.com"], "--server"),
        (
            &[
                "account",
                "add",
                "--user",
                "p@example.com",
                "--server",
                "example.com",
            ],
            "--password-stdin",
        ),
    ] {
        let ran = home.run(arguments);
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains(&format!("{option} is needed")),
            "{}",
            ran.err
        );
        assert!(!home.config().exists());
    }
}

#[test]
fn an_account_that_cannot_be_reached_is_kept_and_told() {
    let home = Home::new();
    let ran = home.run(&[
        "account",
        "add",
        "--name",
        "pat",
        "--server",
        "127.0.0.1",
        "--port",
        "1",
        "--security",
        "none",
        "--user",
        "pat",
        "--password-command",
        "echo hunter2",
    ]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("127.0.0.1:1"), "{}", ran.err);
    assert!(
        ran.err.contains("postsweep account test pat"),
        "{}",
        ran.err
    );
    assert!(!(ran.out.clone() + &ran.err).contains("hunter2"), "{ran:?}");
    let test = home.run(&["account", "test"]);
    assert_eq!(test.code, 1, "{test:?}");
}

#[test]
fn an_account_is_tried_step_by_step() {
    let dovecot = Dovecot::start();
    dovecot.deliver("pat", [b"Subject: x\r\n\r\nx\r\n".as_slice()]);
    let home = Home::new();
    let port = dovecot.port.to_string();
    let ca = dovecot.certs.ca.to_str().unwrap();
    let add = |name: &str, password: &str, folder: &str| {
        home.run(&[
            "account",
            "add",
            "--name",
            name,
            "--server",
            "localhost",
            "--port",
            &port,
            "--security",
            "starttls",
            "--ca-file",
            ca,
            "--user",
            "pat",
            "--folder",
            folder,
            "--password-command",
            &format!("echo {password}"),
        ])
    };
    let good = add("good", "secret", "INBOX");
    assert_eq!((good.code, good.err.as_str()), (0, ""), "{good:?}");
    let steps = [
        "find",
        "connect",
        "encrypt",
        "sign in",
        "folders",
        "good: works",
    ];
    let mut rest = good.out.as_str();
    for step in steps {
        let at = rest
            .find(step)
            .unwrap_or_else(|| panic!("{step} is missing: {}", good.out));
        rest = &rest[at..];
    }
    assert!(
        good.out.contains("INBOX") && good.out.contains("Junk"),
        "{}",
        good.out
    );

    let refused = add("refused", "wrong", "INBOX");
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused.err.contains("sign-in as pat was refused"),
        "{}",
        refused.err
    );
    assert!(!(refused.out + &refused.err).contains("wrong"));

    let absent = add("absent", "secret", "Nowhere");
    assert_eq!(absent.code, 1, "{absent:?}");
    assert!(
        absent.err.contains("no folder \"Nowhere\""),
        "{}",
        absent.err
    );

    let all = home.run(&["account", "test"]);
    assert_eq!(all.code, 1);
    assert!(all.out.contains("good: works"), "{all:?}");
    assert_eq!(home.run(&["account", "test", "good"]).code, 0);
}

/// A person at a terminal, which util-linux's `script` makes: each answer is typed when its
/// question is there.
#[cfg(target_os = "linux")]
#[test]
fn a_person_is_asked_and_the_password_is_not_shown() {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};

    let home = Home::new();
    let mut command = home.command(&[]);
    let line = format!(
        "{} account add --no-test --config {}",
        env!("CARGO_BIN_EXE_postsweep"),
        home.config().display()
    );
    let environment: Vec<_> = command
        .get_envs()
        .map(|(k, v)| (k.to_owned(), v.map(ToOwned::to_owned)))
        .collect();
    command = Command::new("script");
    for (name, value) in environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script(1): install it with: apt-get install -y bsdutils");
    let mut keys = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut seen = String::new();
    for (question, answer) in [
        ("User name", "pat@example.com"),
        ("[imap.example.com]", ""),
        ("[tls]", "ssl3"),
    ] {
        type_at(&mut screen, &mut keys, &mut seen, question, answer);
    }
    let mut rest = String::new();
    screen.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("\"ssl3\" is none of"), "{seen}{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(2));

    let mut child = command.spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut seen = String::new();
    for (question, answer) in [
        ("User name", "pat@example.com"),
        ("[imap.example.com]", "mail.example.com"),
        ("[tls]", ""),
        ("[pat]", ""),
        ("[Missed spam]", ""),
        ("Password (not shown)", "hunter2"),
        // There is no keyring here.
        ("A command that prints the password", "pass show pat"),
    ] {
        type_at(&mut screen, &mut keys, &mut seen, question, answer);
    }
    let mut rest = String::new();
    screen.read_to_string(&mut rest).unwrap();
    keys.flush().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{seen}{rest}");
    assert!(!(seen.clone() + &rest).contains("hunter2"), "{seen}{rest}");
    let text = std::fs::read_to_string(home.config()).unwrap();
    assert!(
        text.contains("mail.example.com") && text.contains("pass show pat"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

/// Waits for a question on the screen and types an answer.
fn type_at(
    screen: &mut impl std::io::Read,
    keys: &mut impl std::io::Write,
    seen: &mut String,
    question: &str,
    answer: &str,
) {
    let mut shown = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&shown).contains(question) || !shown.ends_with(b": ") {
        assert_eq!(
            screen.read(&mut byte).unwrap(),
            1,
            "no \"{question}\" after: {seen}{}",
            String::from_utf8_lossy(&shown)
        );
        shown.push(byte[0]);
    }
    seen.push_str(&String::from_utf8_lossy(&shown));
    // The terminal is told to show nothing right after the question is written.
    std::thread::sleep(std::time::Duration::from_millis(200));
    writeln!(keys, "{answer}").unwrap();
    keys.flush().unwrap();
}
