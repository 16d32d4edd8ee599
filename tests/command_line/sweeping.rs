//! `--batch`, `undo`, `history` and `samples`, on a Maildir and on the demo.

use super::{Home, Ran, finish, mail};
use std::path::Path;

const SUBJECT: &str = "quarterly-figures";

/// An account on a Maildir with one hit and two other messages.
fn home() -> Home {
    let home = Home::with_settings(
        "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = \"Maildir\"\nfolders = [\"INBOX\"]\nmove-to = \"Missed\"\n\
         addresses = [\"pat@example.com\"]\n\n[submission]\nsend = \"outbox\"\nfrom = \"pat@example.com\"\n",
    )
    .with_marker();
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(home.path("Maildir").join(part)).unwrap();
    }
    for (name, subject, text) in [
        ("1", SUBJECT, "zyxmarker"),
        ("2", "lunch", "At noon?"),
        ("3", "dinner", "At eight?"),
    ] {
        let path = home
            .path("Maildir/cur")
            .join(format!("170000000{name}.M1P1.example:2,S"));
        std::fs::write(path, mail(subject, text)).unwrap();
    }
    home
}

fn inbox(home: &Home) -> usize {
    let count = |part| {
        std::fs::read_dir(home.path("Maildir").join(part))
            .unwrap()
            .count()
    };
    count("cur") + count("new")
}

fn files(folder: &Path, extension: &str) -> usize {
    let Ok(list) = std::fs::read_dir(folder) else {
        return 0;
    };
    let ends = |path: &Path| path.extension().is_some_and(|end| end == extension);
    list.filter(|entry| ends(&entry.as_ref().unwrap().path()))
        .count()
}

fn objects(ran: &Ran) -> Vec<serde_json::Value> {
    ran.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_dry_run_shows_the_whole_letter_and_changes_nothing() {
    let home = home();
    let ran = home.run(&["--batch", "--dry-run"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for text in [
        "would move from INBOX to Missed: sam@example.org: quarterly-figures",
        "would package 1 message as spam",
        "password novirus",
        ".eml",
        "To: spam@support.trendmicro.com",
        "Subject: ",
        "1 of 3 messages looks like missed spam: 1 spam, 0 phishing.",
        "nothing was changed",
    ] {
        assert!(ran.out.contains(text), "\"{text}\" is not in:\n{}", ran.out);
    }
    assert_eq!(inbox(&home), 3);
    assert!(!home.path("Maildir/.Missed").exists());
    assert!(!home.path("data").exists(), "not even a log");
    // And so the real one has everything still to do.
    assert_eq!(home.run(&["--batch", "--quiet"]).code, 0);
    assert_eq!(inbox(&home), 2);
}

#[test]
fn a_sweep_moves_packages_hands_over_and_is_taken_back() {
    let home = home();
    let ran = home.run(&["--batch"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.out
            .contains("moved from INBOX to Missed: sam@example.org: quarterly-figures"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("Holds the marker"), "{}", ran.out);
    assert_eq!(inbox(&home), 2);
    assert_eq!(files(&home.path("data/packages"), "zip"), 1);
    assert_eq!(files(&home.path("data/outbox"), "eml"), 1);

    let again = home.run(&["--batch"]);
    assert_eq!(again.code, 0);
    assert!(
        again
            .out
            .contains("None of 2 messages looks like missed spam."),
        "{}",
        again.out
    );
    assert_eq!(files(&home.path("data/packages"), "zip"), 1);

    let history = home.run(&["history"]);
    assert_eq!(history.code, 0);
    assert!(
        history.out.contains("sweep") && history.out.contains("package"),
        "{}",
        history.out
    );

    let undo = home.run(&["undo"]);
    assert_eq!((undo.code, undo.err.as_str()), (0, ""), "{undo:?}");
    assert!(undo.out.contains("1 message put back"), "{}", undo.out);
    let named = "put back into pat: INBOX: sam@example.org: quarterly-figures";
    assert!(undo.out.contains(named), "{}", undo.out);
    assert_eq!(inbox(&home), 3);

    let after = home.run(&["--batch"]);
    assert_eq!(after.code, 0, "{after:?}");
    assert!(after.out.contains("1 left where it is"), "{}", after.out);
    assert_eq!(inbox(&home), 3);
}

#[test]
fn json_is_all_that_standard_output_holds() {
    let home = home();
    let ran = home.run(&["--batch", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let objects = objects(&ran);
    let kinds: Vec<&str> = objects
        .iter()
        .map(|object| object["event"].as_str().unwrap())
        .collect();
    for kind in [
        "opened",
        "folder",
        "verdict",
        "hit",
        "moved",
        "packaged",
        "submitted",
    ] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    // A verdict reads as it does in a scan.
    let verdicts = objects.iter().filter(|object| object["event"] == "verdict");
    let words: Vec<&str> = verdicts
        .map(|object| object["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(
        words.iter().filter(|word| **word == "spam").count(),
        1,
        "{words:?}"
    );
    assert_eq!(
        words.iter().filter(|word| **word == "clean").count(),
        2,
        "{words:?}"
    );
    let moved = objects
        .iter()
        .find(|object| object["event"] == "moved")
        .unwrap();
    assert_eq!(moved["dry-run"], false);
    let last = objects.last().unwrap();
    assert_eq!(
        (&last["event"], &last["moved"]),
        (&"summary".into(), &1.into())
    );
}

#[test]
fn the_flags_hold_back_what_they_say() {
    let home = home();
    let stays = home.run(&["--batch", "--no-move"]);
    assert_eq!(stays.code, 0, "{stays:?}");
    assert_eq!(
        (inbox(&home), files(&home.path("data/packages"), "zip")),
        (3, 0)
    );
    let quiet = home.run(&["--batch", "--no-submit", "--quiet"]);
    assert_eq!(
        (quiet.code, quiet.out.as_str(), quiet.err.as_str()),
        (0, "", "")
    );
    assert_eq!(
        (inbox(&home), files(&home.path("data/outbox"), "eml")),
        (2, 0)
    );
}

#[test]
fn an_account_that_is_not_there_is_named_with_those_that_are() {
    let home = home();
    let ran = home.run(&["--batch", "--account", "kim"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("kim") && ran.err.contains("pat"),
        "{}",
        ran.err
    );
}

#[test]
fn a_folder_that_is_not_there_is_told_and_counted() {
    let home = home();
    let text = std::fs::read_to_string(home.config()).unwrap();
    let text = text.replace("[\"INBOX\"]", "[\"Nowhere\", \"INBOX\"]");
    std::fs::write(home.config(), text).unwrap();
    let ran = home.run(&["--batch"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.contains("pat") && ran.err.contains("Nowhere"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("1 problem reported above"), "{}", ran.out);
    assert_eq!(inbox(&home), 2, "the other folder was swept");
}

#[test]
fn the_log_says_what_was_done_and_nothing_of_what_mail_says() {
    let home = home();
    home.run(&["--batch"]);
    let mut log = String::new();
    for entry in std::fs::read_dir(home.path("data/logs")).unwrap() {
        log.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    let digest = postsweep::mail::Digest::of(mail(SUBJECT, "zyxmarker").as_bytes()).to_string();
    assert!(log.contains(&digest) && log.contains("INFO"), "{log}");
    for word in [SUBJECT, "sam@example.org", "zyxmarker", "lunch"] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}

#[test]
fn samples_are_purged_by_command_when_they_are_old_enough() {
    let home = home();
    home.run(&["--batch"]);
    let ran = home.run(&["samples", "purge"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.out.contains("No sample or package is old enough"),
        "{}",
        ran.out
    );
    assert_eq!(files(&home.path("data/packages"), "zip"), 1);
}

#[test]
fn the_rules_in_force_are_listed_with_the_users_own() {
    let ran = home().run(&["rules"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.lines().count() > 40, "{}", ran.out);
    assert!(
        ran.out.lines().any(|line| line.starts_with("marker ")),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("\n\nChecks that a rule can ask for"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("\\u{"), "{}", ran.out);
}

#[test]
fn the_demo_does_the_whole_job_in_a_folder_of_its_own() {
    let home = Home::new();
    let folder = home.path("tmp");
    std::fs::create_dir(&folder).unwrap();
    let mut command = home.command(&["--batch", "--demo"]);
    command.env("TMPDIR", &folder);
    let ran = finish(command, "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let demo = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert!(ran.out.contains(demo.to_str().unwrap()), "{}", ran.out);
    let zips = ran
        .out
        .lines()
        .filter_map(|line| line.split_once("password novirus: "));
    let zips: Vec<&str> = zips.map(|(_, path)| path).collect();
    assert_eq!(zips.len(), 2, "one for each category: {}", ran.out);
    assert!(
        zips.iter().all(|path| Path::new(path).is_file()),
        "{zips:?}"
    );
    // Nothing beside it: no settings, no data of the user's.
    assert_eq!(std::fs::read_dir(home.0.path()).unwrap().count(), 1);
}
