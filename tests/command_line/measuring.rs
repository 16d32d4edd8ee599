//! `eval` and `tune`: what they say of folders of mail, and what they write.

use super::{Home, Ran, mail};
use serde_json::Value;
use std::path::Path;

/// Honest mail of two folders and spam of two; the marker is in all of one, in half of the other
/// and in one honest message.
fn home() -> Home {
    let home = Home::with_settings("").with_marker();
    for (folder, messages, marked) in [
        ("ham/work", 20, 0),
        ("ham/home", 20, 1),
        ("spam/old", 20, 20),
        ("spam/new", 20, 10),
    ] {
        let path = home.path(folder);
        std::fs::create_dir_all(&path).unwrap();
        for number in 0..messages {
            let text = if number < marked {
                "zyxmarker"
            } else {
                "Lunch?"
            };
            let text = format!(
                "Received: from x.example by y.example; x\r\n{}",
                mail("hi", text)
            );
            std::fs::write(path.join(format!("{number:02}.eml")), text).unwrap();
        }
    }
    home
}

fn run(home: &Home, verb: &[&str], more: &[&str]) -> Ran {
    let paths = ["ham/work", "ham/home", "spam/old", "spam/new"];
    let [work, at_home, old, new] = paths.map(|path| home.path(path).display().to_string());
    let mut arguments = verb.to_vec();
    arguments.extend(["--ham", &work, &at_home, "--spam", &old, "--spam", &new]);
    arguments.extend(more);
    home.run(&arguments)
}

fn object(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn eval_tells_each_folder_and_all_of_them() {
    let home = home();
    let said = object(&run(&home, &["eval"], &["--json", "--without-received"]));
    assert_eq!(said["event"], "eval");
    for part in ["as_they_are", "without_received"] {
        let figures = &said[part];
        let folders = figures["folders"].as_array().unwrap();
        let expected = [[0; 3], [1; 3], [20; 3], [10; 3]].map(|hits| serde_json::json!(hits));
        let hits: Vec<Value> = folders
            .iter()
            .map(|folder| folder["hits"].clone())
            .collect();
        assert_eq!(hits, expected, "{part}");
        assert_eq!(folders[2]["name"], home.path("spam/old").to_str().unwrap());
        assert_eq!(
            (&folders[2]["kind"], &folders[2]["messages"]),
            (&"spam".into(), &20.into())
        );
        let all = &figures["all"];
        assert_eq!((&all["ham"], &all["spam"]), (&40.into(), &40.into()));
        assert_eq!(all["false_alarms"], serde_json::json!([1, 1, 1]));
        assert_eq!(all["found"], serde_json::json!([30, 30, 30]));
        // One of 40 is more than one in a hundred.
        assert_eq!(all["recall_at"], serde_json::json!([0.0, 0.0, 0.0]));
        assert_eq!(figures["deciding"][0]["rule"], "marker");
        assert_eq!(
            figures["costing"],
            serde_json::json!([{"rule": "marker", "messages": 1}])
        );
        let worst = figures["worst_ham"][0]["path"].as_str().unwrap();
        assert_eq!(Path::new(worst), home.path("ham/home/00.eml"));
        assert!(figures["silent"].as_array().unwrap().len() > 20);
        assert!(figures["calibration"]["brier"].as_f64().unwrap() < 0.5);
    }
}

#[test]
fn eval_reads_like_a_report() {
    let home = home();
    let plot = home.path("roc.svg");
    let plot = ["--without-received", "--plot", plot.to_str().unwrap()];
    let ran = run(&home, &["eval"], &plot);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in [
        "ham/home",
        "20 100.0%",
        "all spam",
        "Without what receiving servers wrote",
        "Rules that decide",
        "Rules that cost",
        "Rules that never fire",
        "Honest mail with the highest scores",
        "Spam with the lowest scores",
        "said,",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let svg = std::fs::read_to_string(home.path("roc.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("spam/new</text>"));
}

#[test]
fn a_folder_left_out_is_judged_by_weights_of_the_others() {
    let home = home();
    let with = |more: &[&str]| object(&run(&home, &["eval", "--json"], more));
    let (rules, left) = (with(&["--only", "rules"]), with(&["--leave-one-out"]));
    assert_eq!(
        (&rules["leave_one_out"], &left["leave_one_out"]),
        (&false.into(), &true.into())
    );
    assert_eq!(left["without_received"], Value::Null);
    let score = |said: &Value| {
        said["as_they_are"]["worst_ham"][0]["score"]
            .as_f64()
            .unwrap()
    };
    // By weight of 9.5 as it stands; no fit gives so much.
    assert!(score(&rules) >= 9.5 && score(&left) < 6.0, "{left}");
}

#[test]
fn tune_writes_weights_that_count_from_then_on() {
    let home = home();
    let aside = home.path("ham/home").display().to_string();
    let ran = run(&home, &["tune"], &["--aside", &aside]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    for part in [
        "marker",
        "Rules that never fire",
        "all the others",
        "(aside)",
        "count from now on",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let path = home.path("weights.toml");
    let file = std::fs::read_to_string(&path).unwrap();
    assert!(file.starts_with("# What each rule is worth"), "{file}");
    assert!(file.contains("\n#     postsweep tune --ham "), "{file}");
    let line = file
        .lines()
        .find(|line| line.starts_with("marker = "))
        .unwrap();
    let weight: f64 = line.split_once(" = ").unwrap().1.parse().unwrap();
    assert!((3.0..5.0).contains(&weight), "{line}");

    let hit = home.path("spam/old/00.eml");
    let scan = home.run(&["scan", "--json", hit.to_str().unwrap()]);
    let first: Value = serde_json::from_str(scan.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["findings"][0]["weight"], weight);
    let likely = first["probability"].as_f64().unwrap();
    assert!((0.0..1.0).contains(&likely), "{likely}");

    // The same mail gives the same file, whatever weights are in force.
    let again = run(
        &home,
        &["tune"],
        &[
            "--aside",
            &aside,
            "--out",
            home.path("w.toml").to_str().unwrap(),
        ],
    );
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(std::fs::read_to_string(home.path("w.toml")).unwrap(), file);
}

#[test]
fn broken_weights_are_told_and_the_shipped_ones_count() {
    let home = home();
    std::fs::write(home.path("weights.toml"), "[weights]\nmarker = -1\n").unwrap();
    let ran = home.run(&["scan", home.path("spam/old/00.eml").to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err
            .contains("weights.toml:2: `marker` weighs less than nothing"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("1 of 1 message"), "{}", ran.out);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let home = home();
    let ham = home.path("ham/work").display().to_string();
    let empty = home.path("empty").display().to_string();
    std::fs::create_dir(&empty).unwrap();
    for (arguments, code, says) in [
        (
            vec!["eval", "--ham", &ham, "--spam", &ham],
            2,
            "is named twice",
        ),
        (
            vec!["eval", "--ham", &ham, "--spam", &empty, "--old", "x"],
            2,
            "x is neither",
        ),
        (
            vec!["tune", "--ham", &ham, "--spam", &empty],
            2,
            "one of them is missing",
        ),
        (
            vec!["eval", "--ham", &ham, "--spam", &empty],
            1,
            "no mail in it",
        ),
    ] {
        let ran = home.run(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {ran:?}");
    }
    assert!(!home.path("weights.toml").exists());
}
