//! Weights files: who may weigh less than nothing, which file counts, and what is refused.

use super::{SHIPPED, judge, rule, source};
use postsweep::rules::{Ruleset, Senders, shipped};
use postsweep::verdict::CONSTANT;

const WEIGHTS: &str = include_str!("../../assets/weights.toml");

/// Two rules of the user's own, and files of weights.
fn load(files: &[&str]) -> (Ruleset, Vec<String>) {
    let mut rules = rule("first", 1.5, "{ subject = 'offer' }");
    rules.push_str(&rule("vouched", 1.0, "{ subject = 'offer' }"));
    rules.push_str("fact = \"the receiver's own authentication result\"\n");
    let mut sources = vec![source("rules.toml", &rules)];
    let files = files.iter().enumerate();
    sources.extend(files.map(|(number, text)| source(&format!("{number}.toml"), text)));
    let (ruleset, refused) = Ruleset::load(&sources);
    let refused = refused.iter().map(|error| error.to_string());
    (ruleset, refused.collect())
}

fn weights(ruleset: &Ruleset) -> Vec<(&str, f64)> {
    let rules = ruleset.rules().iter();
    rules.map(|rule| (rule.id.as_str(), rule.weight)).collect()
}

#[test]
fn only_a_rule_on_what_the_sender_cannot_write_weighs_less_than_nothing() {
    for rule in SHIPPED.rules() {
        let least = rule.prior.min(rule.weight);
        assert!(least >= 0.0 || rule.fact.is_some(), "{}", rule.id);
    }
}

#[test]
fn the_shipped_weights_are_of_shipped_rules_and_in_force() {
    let (_, lines) = WEIGHTS.split_once("\n[weights]\n").unwrap();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (id, weight) = line.split_once(" = ").unwrap();
        let rule = SHIPPED.rules().iter().find(|rule| rule.id == id);
        let rule = rule.unwrap_or_else(|| panic!("no rule is called {id}: measure anew"));
        assert_eq!(rule.weight, weight.parse::<f64>().unwrap(), "{id}");
    }
    let constant = format!("\nconstant = {:.2}\n", SHIPPED.constant());
    assert!(WEIGHTS.contains(&constant), "{constant}");
}

#[test]
fn what_was_measured_replaces_what_an_expert_gave() {
    let (before, _) = load(&[]);
    assert_eq!(weights(&before), [("first", 1.5), ("vouched", 1.0)]);
    assert_eq!(before.constant(), CONSTANT);
    let file = "[probability]\nconstant = -4.5\n[weights]\nfirst = 3\nvouched = -0.75\ngone = 2\n";
    let (after, refused) = load(&[file]);
    assert_eq!(refused, [""; 0]);
    assert_eq!(weights(&after), [("first", 3.0), ("vouched", -0.75)]);
    let verdict = judge(
        &after,
        "From: a@example.net\nSubject: offer\n\nx\n",
        &Senders::default(),
    );
    assert_eq!(verdict.score, 2.25);
    assert_eq!(verdict.probability, 0.095349);
    // Every part of it decides a verdict, or what is said of it.
    let (constant, _) = load(&[&file.replace("-4.5", "-4.4")]);
    for other in [&before, &constant] {
        assert_ne!(after.fingerprint(), other.fingerprint());
    }
}

#[test]
fn of_weights_files_the_last_counts_alone() {
    let (ruleset, refused) = load(&[
        "[weights]\nfirst = 2\nvouched = 2\n",
        "[weights]\nfirst = 4\n",
    ]);
    assert_eq!(refused, [""; 0]);
    assert_eq!(weights(&ruleset), [("first", 4.0), ("vouched", 1.0)]);
}

#[test]
fn the_shipped_weights_are_not_of_a_rule_of_the_users_own() {
    let id = &SHIPPED.rules()[0].id;
    let mut sources = shipped();
    sources.push(source("own.toml", &rule(id, 9.75, "{ subject = 'a' }")));
    let weight = |ruleset: &Ruleset| {
        let rule = ruleset.rules().iter().find(|rule| rule.id == *id);
        rule.unwrap().weight
    };
    assert_eq!(weight(&Ruleset::load(&sources).0), 9.75);
    sources.push(source("weights.toml", &format!("[weights]\n{id} = 0.25\n")));
    assert_eq!(weight(&Ruleset::load(&sources).0), 0.25);
}

#[test]
fn a_wrong_file_is_refused_whole_and_the_one_before_it_counts() {
    let good = "[weights]\nfirst = 2\n";
    for (text, says) in [
        (
            "[weights]\nvouched = 3\nfirst = -1\n",
            "1.toml:3: `first` weighs less than nothing",
        ),
        (
            "[weights]\nvouched = 3\nfirst = \"much\"\n",
            "1.toml:3: a weight is a number from -10 to 10",
        ),
        (
            "[weights]\nvouched = 3\nfirst = 10.5\n",
            "1.toml:3: a weight is a number from -10 to 10",
        ),
        ("[weights]\nfirst = nan\n", "1.toml:2: a weight is a number"),
        ("[weights]\nfirst = 1\nfirst = 2\n", "1.toml:3: "),
        (
            "[weights]\n[probability]\nconstant = 51\n",
            "1.toml:3: the constant is a number",
        ),
        (
            "[weights]\n[probability]\nchance = 1\n",
            "1.toml:3: unknown key `chance`",
        ),
        (
            "[weights]\nvouched = 3\n[[rule]]\nid = 'x'\n",
            "1.toml:3: unknown key `rule`",
        ),
        ("weights = 3\n", "1.toml:1: expected a table"),
    ] {
        let (ruleset, refused) = load(&[good, text]);
        assert_eq!(refused.len(), 1, "{text}: {refused:?}");
        assert!(refused[0].starts_with(says), "{}", refused[0]);
        assert_eq!(
            weights(&ruleset),
            [("first", 2.0), ("vouched", 1.0)],
            "{text}"
        );
    }
}
