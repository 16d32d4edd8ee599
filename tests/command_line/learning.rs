//! `learn`: from files and from folders, what it changes in judging, and how it is forgotten.

use super::{Home, Ran, mail};
use serde_json::Value;

const SPAM: [&str; 3] = ["cheap watches", "casino bonus", "instant loan"];
const HAM: [&str; 3] = ["choir practice", "garden tools", "train timetable"];

/// So many messages of each kind in `spam` and `ham`, and one of each in `new`.
fn home(each: usize) -> Home {
    let home = Home::with_settings("").with_marker();
    for (folder, texts) in [("spam", SPAM), ("ham", HAM)] {
        std::fs::create_dir(home.path(folder)).unwrap();
        for number in 0..each {
            let (one, two) = (texts[number % 3], texts[(number / 3) % 3]);
            let text = mail(
                &format!("{one} {number}"),
                &format!("About {one} and {two}."),
            );
            std::fs::write(home.path(&format!("{folder}/{number}.eml")), text).unwrap();
        }
    }
    std::fs::create_dir(home.path("new")).unwrap();
    for (name, about) in [("spam", "casino watches"), ("ham", "choir tools")] {
        let text = mail(about, &format!("A word about {about}."));
        std::fs::write(home.path(&format!("new/{name}.eml")), text).unwrap();
    }
    home
}

fn learn(home: &Home, further: &[&str]) -> Ran {
    let (spam, ham) = (home.path("spam"), home.path("ham"));
    let paths = [
        "learn",
        "--spam",
        spam.to_str().unwrap(),
        "--ham",
        ham.to_str().unwrap(),
    ];
    home.run(&[&paths, further].concat())
}

/// The verdict of each new message by its file's name, and the lines that were no verdict.
fn scan(home: &Home, name: &str, further: &[&str]) -> Value {
    let path = home.path(&format!("new/{name}.eml"));
    let arguments = [&["scan", "--json", path.to_str().unwrap()], further].concat();
    let ran = home.run(&arguments);
    let first = ran.out.lines().next().unwrap_or_default();
    serde_json::from_str(first).unwrap_or_else(|_| panic!("{ran:?}"))
}

fn learners(verdict: &Value) -> Option<&Value> {
    let findings = verdict["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["rule"] == "learner")
}

#[test]
fn what_was_learnt_joins_the_score_and_names_the_words() {
    let home = home(60);
    let before = scan(&home, "spam", &[]);
    assert!(learners(&before).is_none());
    let learnt = learn(&home, &[]);
    assert_eq!((learnt.code, learnt.err.as_str()), (0, ""), "{learnt:?}");
    assert!(
        learnt
            .out
            .contains("learnt 60 messages as spam and 60 as wanted; 60 and 60 in all"),
        "{}",
        learnt.out
    );
    let spam = scan(&home, "spam", &[]);
    let finding = learners(&spam).unwrap_or_else(|| panic!("{spam}"));
    let weight = finding["weight"].as_f64().unwrap();
    assert!(weight > 1.0 && weight <= 9.0, "{finding}");
    let says = finding["says"].as_str().unwrap();
    assert!(
        says.starts_with("Looks like mail you have called spam: "),
        "{says}"
    );
    assert!(
        says.contains("casino") || says.contains("watches"),
        "{says}"
    );
    let added = spam["score"].as_f64().unwrap() - before["score"].as_f64().unwrap();
    assert!((added - weight).abs() < 0.002, "{added} {weight}");
    let ham = scan(&home, "ham", &[]);
    let weight = learners(&ham).unwrap()["weight"].as_f64().unwrap();
    assert!((-6.0..-0.5).contains(&weight), "{ham}");

    let rules = scan(&home, "spam", &["--only", "rules"]);
    assert_eq!(
        (&rules["score"], &rules["findings"]),
        (&before["score"], &before["findings"])
    );
    let alone = scan(&home, "ham", &["--only", "learner"]);
    assert_eq!(alone["findings"].as_array().unwrap().len(), 1);
    assert!(alone["score"].as_f64().unwrap() < -0.5, "{alone}");
}

#[test]
fn learning_again_changes_nothing_and_forgetting_takes_it_back() {
    let home = home(20);
    let file = home.path("data/learnt.bin");
    learn(&home, &[]);
    let score = scan(&home, "spam", &[])["score"].clone();
    let bytes = std::fs::read(&file).unwrap();
    let again = learn(&home, &["--json"]);
    assert_eq!(again.code, 0, "{again:?}");
    let objects: Vec<Value> = again
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let learnt = objects
        .iter()
        .find(|object| object["event"] == "learnt")
        .unwrap();
    for (key, number) in [
        ("spam", 0),
        ("ham", 0),
        ("known", 40),
        ("all-spam", 20),
        ("all-ham", 20),
    ] {
        assert_eq!(learnt[key], number, "{learnt}");
    }
    assert_eq!(objects.last().unwrap()["event"], "summary");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    assert_eq!(scan(&home, "spam", &[])["score"], score);

    let forgotten = home.run(&["learn", "--forget"]);
    assert!(
        forgotten.code == 0 && forgotten.out.contains("forgot what 20"),
        "{forgotten:?}"
    );
    assert!(!file.exists());
    assert!(learners(&scan(&home, "spam", &[])).is_none());
    let path = home.path("new");
    let alone = home.run(&["scan", "--only", "learner", path.to_str().unwrap()]);
    assert!(
        alone.code == 2 && alone.err.contains("postsweep learn"),
        "{alone:?}"
    );
    assert_eq!(
        home.run(&["learn", "--forget"]).out,
        "Nothing was learnt.\n"
    );
}

#[test]
fn what_was_learnt_and_is_damaged_is_told_and_kept_aside() {
    let home = home(20);
    learn(&home, &[]);
    let file = home.path("data/learnt.bin");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100_000] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let path = home.path("new");
    let ran = home.run(&["scan", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.contains("learnt.bin") && ran.err.contains("checksum"),
        "{ran:?}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    let anew = learn(&home, &[]);
    assert!(anew.code == 1 && anew.err.contains("kept as"), "{anew:?}");
    assert_eq!(
        std::fs::read(home.path("data/learnt.damaged-1")).unwrap(),
        bytes
    );
    assert!(learners(&scan(&home, "spam", &[])).is_some());
}

#[test]
fn what_was_found_about_links_outweighs_all_that_was_kept() {
    let home = home(60);
    let rule = "[[rule]]\nid = \"link\"\ncategory = \"phishing\"\nweight = 7.5\nsays = \"A link\"\n\
                why = \"The test's.\"\nwhen = { link-host = 'evil\\.test' }\n";
    std::fs::write(home.path("rules/link.toml"), rule).unwrap();
    learn(&home, &[]);
    let text = mail(
        "choir practice",
        "About choir practice and garden tools: http://evil.test/",
    );
    std::fs::write(home.path("new/link.eml"), text).unwrap();
    let odds = scan(&home, "link", &["--only", "learner"]);
    assert!(odds["score"].as_f64().unwrap() < -0.5, "{odds}");
    let verdict = scan(&home, "link", &[]);
    assert_eq!(verdict["verdict"], "phishing", "{verdict}");
    assert!(verdict["score"].as_f64().unwrap() >= 7.0, "{verdict}");
}

#[test]
fn what_makes_no_sense_is_told() {
    let home = home(1);
    let spam = home.path("spam");
    let mixed = home.run(&["learn", "--spam", spam.to_str().unwrap(), "--ham", "INBOX"]);
    assert!(
        mixed.code == 2 && mixed.err.contains("--account"),
        "{mixed:?}"
    );
    let none = home.run(&["learn", "--spam", "Junk"]);
    assert!(
        none.code == 2 && none.err.contains("no account"),
        "{none:?}"
    );
    std::fs::create_dir(home.path("empty")).unwrap();
    let empty = home.path("empty");
    let nothing = home.run(&["learn", "--ham", empty.to_str().unwrap()]);
    assert!(
        nothing.code == 1 && nothing.err.contains("no mail in it"),
        "{nothing:?}"
    );
}

/// A Maildir with an inbox, Junk and Sent.
fn maildir() -> Home {
    let home = home(30);
    for folder in ["", ".Junk", ".Sent"] {
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(home.path("mail").join(folder).join(part)).unwrap();
        }
    }
    for number in 0..30 {
        for (from, to) in [
            ("spam", ".Junk/cur"),
            ("ham", if number % 2 == 0 { "cur" } else { ".Sent/cur" }),
        ] {
            let file = home.path(&format!("{from}/{number}.eml"));
            let flags = if number % 3 == 0 { "" } else { "S" };
            let name = format!("{from}{number}.host:2,{flags}");
            std::fs::copy(file, home.path("mail").join(to).join(name)).unwrap();
        }
    }
    let settings = format!(
        "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {:?}\n",
        home.path("mail")
    );
    std::fs::write(home.config(), settings).unwrap();
    home
}

fn names(home: &Home) -> Vec<std::path::PathBuf> {
    let mut names = Vec::new();
    for folder in ["cur", ".Junk/cur", ".Sent/cur"] {
        let listed = std::fs::read_dir(home.path("mail").join(folder)).unwrap();
        names.extend(listed.map(|file| file.unwrap().path()));
    }
    names.sort();
    names
}

fn counts(ran: &Ran) -> Value {
    let last = ran.out.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|_| panic!("{ran:?}"))
}

#[test]
fn the_folders_of_an_account_teach_and_stay_as_they_are() {
    let home = maildir();
    let swept = counts(&home.run(&["--batch", "--json"]));
    assert_eq!(
        (&swept["judged"], &swept["learnt"]),
        (&15.into(), &0.into())
    );
    let before = names(&home);
    let folders = ["learn", "--spam", "Junk", "--ham", "INBOX", "--ham", "Sent"];
    let learnt = home.run(&folders);
    assert_eq!((learnt.code, learnt.err.as_str()), (0, ""), "{learnt:?}");
    assert!(
        learnt
            .out
            .contains("pat: learnt 30 messages as spam and 30 as wanted"),
        "{learnt:?}"
    );
    assert_eq!(names(&home), before);
    assert!(learners(&scan(&home, "spam", &[])).is_some());
    // Much was learnt: what was judged before is judged again, once.
    for judged in [15, 0] {
        let swept = counts(&home.run(&["--batch", "--json"]));
        assert_eq!(
            (&swept["judged"], &swept["troubles"]),
            (&judged.into(), &0.into())
        );
    }
    // Nothing new, so nothing is judged again.
    let again = home.run(&folders);
    assert!(
        again
            .out
            .contains("learnt 0 messages as spam and 0 as wanted, 60 known before"),
        "{again:?}"
    );
    assert_eq!(counts(&home.run(&["--batch", "--json"]))["judged"], 0);
    let missing = home.run(&["learn", "--account", "pat", "--spam", "Nowhere"]);
    assert!(
        missing.code == 1 && missing.err.contains("Nowhere"),
        "{missing:?}"
    );
}

#[test]
fn what_is_put_back_is_learnt_as_wanted() {
    let home = maildir();
    home.run(&["learn", "--spam", "Junk", "--ham", "INBOX", "--ham", "Sent"]);
    home.run(&["--batch"]);
    // Newsletters that look like spam, and are wanted.
    for number in 0..4 {
        let text = mail(
            &format!("casino {number}"),
            "zyxmarker: the casino bonus and cheap watches",
        );
        std::fs::write(home.path(&format!("mail/cur/{number}.letter:2,S")), text).unwrap();
    }
    let text = mail("casino 9", "zyxmarker: the casino bonus and cheap watches");
    std::fs::write(home.path("new/letter.eml"), text).unwrap();
    let odds = |home: &Home| {
        scan(home, "letter", &["--only", "learner"])["score"]
            .as_f64()
            .unwrap()
    };
    let before = odds(&home);
    assert!(before > 0.5, "{before}");
    let swept = counts(&home.run(&["--batch", "--json"]));
    assert_eq!(
        (&swept["moved"], &swept["learnt"]),
        (&4.into(), &0.into()),
        "{swept}"
    );
    let undone = home.run(&["undo"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert!(
        undone
            .out
            .contains("learnt 0 messages as spam and 4 as wanted"),
        "{undone:?}"
    );
    let after = odds(&home);
    assert!(after < before - 0.5, "{before} {after}");
    // The same, once; and nothing but what came back is judged.
    let swept = counts(&home.run(&["--batch", "--json"]));
    assert_eq!(
        (&swept["learnt"], &swept["moved"]),
        (&0.into(), &0.into()),
        "{swept}"
    );
    assert!(swept["judged"].as_u64().unwrap() <= 4, "{swept}");
    assert_eq!(odds(&home), after);
}
