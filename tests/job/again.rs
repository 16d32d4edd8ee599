//! New rules judge again what was judged before, without the mail.

use super::place::Place;
use postsweep::job::{self, Choices, Control, Event, Moves, Plan, Rehearse, Summary};
use postsweep::settings::Settings;
use postsweep::verdict::Verdict;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Verdicts by place.
type Said = BTreeMap<String, Verdict>;

/// What is changed between two sweeps.
type Change = fn(&mut Run);
type Spoil = fn(&Run);

/// What a run is given beside the place's settings.
struct Run {
    place: Place,
    settings: Settings,
}

impl Run {
    fn new(count: usize) -> Run {
        let place = Place::new(count);
        let settings = place.settings("");
        Run { place, settings }
    }

    fn choose(&self, choices: &Choices) -> (Summary, Said) {
        let choices = Choices {
            moves: Moves::WhenAsked,
            ..choices.clone()
        };
        let plan = Plan::new(self.settings.clone(), &self.place.places(), &choices).unwrap();
        let mut said = Said::new();
        let summary = job::run(&plan, &Control::new(), &mut |event| match event {
            Event::Judged {
                at, mut verdict, ..
            } => {
                // As it is kept.
                verdict.shorten();
                let before = said.insert(at.place.to_string(), verdict);
                assert!(before.is_none(), "{} was judged twice", at.place);
            }
            Event::Trouble { says, .. } => panic!("{says}"),
            _ => {}
        });
        (summary, said)
    }

    fn sweep(&self) -> (Summary, Said) {
        self.choose(&Choices::default())
    }

    /// A rule of the user's own.
    fn rule(&self, when: &str, weight: f64, says: &str) {
        fs::create_dir_all(self.place.root.join("rules")).unwrap();
        let text = format!(
            "[[rule]]\nid = \"own\"\ncategory = \"spam\"\nweight = {weight:?}\nsays = \"{says}\"\n\
             why = \"w\"\nwhen = {when}\n"
        );
        fs::write(self.place.root.join("rules/own.toml"), text).unwrap();
    }

    /// Empties every message in place: whoever fetches one is found out.
    fn spoil(&self) {
        for file in fs::read_dir(self.place.mail().join("cur")).unwrap() {
            fs::write(file.unwrap().path(), "").unwrap();
        }
    }

    fn data(&self, name: &str) -> PathBuf {
        self.place.root.join("data").join(name)
    }

    /// What these rules say of the mail when they see it for the first time.
    fn scratch(&self) -> Said {
        let other = Run::new(9);
        if self.place.root.join("rules").exists() {
            fs::create_dir_all(other.place.root.join("rules")).unwrap();
            fs::copy(
                self.place.root.join("rules/own.toml"),
                other.place.root.join("rules/own.toml"),
            )
            .unwrap();
        }
        let mut other = other;
        let path = other.settings.accounts[0].source.clone();
        other.settings = self.settings.clone();
        other.settings.accounts[0].source = path;
        other.sweep().1
    }
}

#[test]
fn every_change_of_rules_and_lists_is_judged_again_without_a_fetch() {
    let mut run = Run::new(9);
    run.rule("{ words = ['minutes of meeting 1'] }", 1.0, "It is {words}");
    let (summary, said) = run.sweep();
    assert_eq!((summary.judged, summary.known), (9, 0));
    assert_eq!(said, run.scratch());
    run.spoil();

    let changes: [(&str, Change); 5] = [
        ("another condition", |run| {
            run.rule(
                "{ words = ['minutes of meeting [2-9]'] }",
                1.0,
                "It is {words}",
            )
        }),
        ("another weight and sentence", |run| {
            run.rule(
                "{ words = ['minutes of meeting [2-9]'] }",
                4.0,
                "See {words}",
            )
        }),
        ("a sender is approved", |run| {
            run.settings.approved.push("sam1@example.org".into())
        }),
        ("no sender is blocked", |run| run.settings.blocked.clear()),
        ("a trusted host", |run| {
            run.settings.accounts[0]
                .trusted_hosts
                .push("mx.example.net".into())
        }),
    ];
    for (what, change) in changes {
        change(&mut run);
        let (summary, said) = run.sweep();
        assert_eq!(said, run.scratch(), "{what}");
        assert_eq!(
            (summary.seen, summary.judged, summary.known),
            (9, 9, 0),
            "{what}"
        );
    }
    let (summary, said) = run.sweep();
    assert_eq!((summary.judged, summary.known), (0, 9));
    assert!(said.is_empty());
}

#[test]
fn a_message_that_new_rules_find_is_a_hit_with_its_sample() {
    let run = Run::new(3);
    run.sweep();
    run.rule("{ words = ['minutes of meeting 2'] }", 8.0, "It is {words}");
    let (summary, _) = run.sweep();
    assert_eq!((summary.judged, summary.hits()), (3, 2));
    let deliver = run.place.run(&Choices::default()).0;
    assert_eq!((deliver.judged, deliver.moved, deliver.troubles), (0, 2, 0));
}

#[test]
fn what_has_no_usable_view_is_fetched() {
    let spoilers: [(&str, Spoil); 4] = [
        ("no cache", |run| {
            fs::remove_file(run.data("cache.sqlite")).unwrap()
        }),
        ("no database", |run| {
            fs::write(run.data("cache.sqlite"), "none".repeat(5_000)).unwrap()
        }),
        ("another key", |run| {
            fs::write(run.data("cache.key"), "0f".repeat(32)).unwrap()
        }),
        ("forgotten", |run| {
            let bytes = job::forget(&run.settings, &run.place.places(), None).unwrap();
            assert!(bytes > 0);
            assert!(!run.data("cache.sqlite").exists() && !run.data("cache.key").exists());
        }),
    ];
    for (what, spoil) in spoilers {
        let run = Run::new(9);
        run.sweep();
        spoil(&run);
        run.rule("{ words = ['minutes of meeting 1'] }", 1.0, "It is {words}");
        let (summary, said) = run.sweep();
        assert_eq!((summary.judged, summary.known), (9, 0), "{what}");
        assert_eq!(said, run.scratch(), "{what}");
        // From here on it is there again.
        run.spoil();
        run.rule("{ words = ['minutes of meeting 2'] }", 1.0, "It is {words}");
        assert_eq!(run.sweep().1, run.scratch(), "{what}");
    }
}

#[test]
fn one_account_may_be_forgotten() {
    let run = Run::new(9);
    run.sweep();
    let places = run.place.places();
    assert_eq!(job::forget(&run.settings, &places, Some("kim")).unwrap(), 0);
    assert!(job::kept(&places) > 0 && run.data("cache.sqlite").exists());
    job::forget(&run.settings, &places, Some("pat")).unwrap();
    run.spoil();
    run.rule("{ words = ['minutes of meeting 1'] }", 1.0, "It is {words}");
    // The emptied messages were fetched, and are told as what they are.
    let plan = Plan::new(run.settings.clone(), &places, &Choices::default()).unwrap();
    let summary = job::run(&plan, &Control::new(), &mut |_| ());
    assert_eq!((summary.judged, summary.troubles), (9, 9));
}

#[test]
fn nothing_of_the_mail_can_be_read_in_the_cache() {
    let run = Run::new(9);
    run.sweep();
    let mut bytes = Vec::new();
    for name in ["cache.sqlite", "cache.sqlite-wal"] {
        bytes.extend(fs::read(run.data(name)).unwrap_or_default());
    }
    assert!(bytes.len() > 5_000);
    for word in ["inutes", "example.org", "Sam"] {
        let found = bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!found, "{word}");
    }
}

#[test]
fn a_dry_run_reads_it_and_writes_nothing() {
    let run = Run::new(9);
    run.sweep();
    run.rule("{ words = ['minutes of meeting 1'] }", 1.0, "It is {words}");
    let expected = run.scratch();
    run.spoil();
    let before = fs::read(run.data("cache.sqlite")).unwrap();
    let dry = Choices {
        rehearse: Rehearse::Yes,
        ..Choices::default()
    };
    assert_eq!(run.choose(&dry).1, expected);
    assert_eq!(fs::read(run.data("cache.sqlite")).unwrap(), before);

    let fresh = Run::new(3);
    fresh.choose(&dry);
    assert!(!fresh.data("cache.sqlite").exists() && !fresh.data("cache.key").exists());
}

#[test]
fn neither_cache_nor_key_is_touched_where_nothing_is_to_be_kept() {
    let mut run = Run::new(3);
    run.settings.cache.size = 0;
    run.sweep();
    assert!(!run.data("cache.sqlite").exists() && !run.data("cache.key").exists());

    let run = Run::new(3);
    run.sweep();
    fs::remove_file(run.data("cache.key")).unwrap();
    let before = run
        .data("cache.sqlite")
        .metadata()
        .unwrap()
        .modified()
        .unwrap();
    run.sweep();
    assert!(
        !run.data("cache.key").exists(),
        "the key was asked for with nothing new"
    );
    let after = run
        .data("cache.sqlite")
        .metadata()
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after);
}

#[test]
fn messages_that_are_gone_leave_the_cache() {
    let run = Run::new(60);
    run.sweep();
    for file in fs::read_dir(run.place.mail().join("cur")).unwrap().skip(1) {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    run.sweep();
    let db = rusqlite::Connection::open(run.data("cache.sqlite")).unwrap();
    let rows: i64 = db
        .query_row("SELECT count(*) FROM views", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}
