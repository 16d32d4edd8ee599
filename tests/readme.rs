//! What the README shows can be used as it stands: its settings, its rule, its two commands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use postsweep::rules::{Ruleset, Senders, Source};
use postsweep::settings::Settings;
use std::path::Path;

const README: &str = include_str!("../README.md");

/// The blocks of this kind, in order.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    let blocks = README.split(fence.as_str()).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

fn is_of_rules(block: &str) -> bool {
    block.starts_with("[[rule]]") || block.starts_with("[[phrases]]")
}

#[test]
fn the_settings_are_accepted() {
    let (mut top, mut tables) = (String::new(), String::new());
    for block in blocks("toml") {
        if is_of_rules(block) {
            continue;
        }
        // Plain keys stand above the first table of a file.
        let at = block.find('[').unwrap();
        let at = block
            .get(..at)
            .unwrap()
            .rfind('\n')
            .map_or(0, |end| end + 1);
        let (keys, rest) = block.split_at(at);
        top.push_str(keys);
        tables.push_str(rest);
    }
    let settings = Settings::parse(Path::new("README.md"), &format!("{top}\n{tables}")).unwrap();
    assert_eq!(settings.accounts.len(), 1);
    assert!(settings.outgoing.is_some());
    assert!(!settings.approved.is_empty() && !settings.blocked.is_empty());
    Senders::parse(&settings.approved, &settings.blocked).unwrap();
}

#[test]
fn the_rule_is_accepted() {
    let rules: Vec<&str> = blocks("toml")
        .into_iter()
        .filter(|block| is_of_rules(block))
        .collect();
    assert_eq!(rules.len(), 2);
    let source = Source::own("README.md".to_owned(), rules.concat());
    let (ruleset, refused) = Ruleset::load(&[source]);
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(ruleset.rules().len(), 1);
}

#[test]
fn the_two_commands_are_there() {
    let demo = "&& cargo run --no-default-features -- --batch --demo\n";
    assert!(blocks("sh").iter().any(|block| block.contains(demo)));
    assert!(blocks("sh").contains(&"tests/run\n"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run");
    let script = std::fs::read_to_string(script).unwrap();
    for step in [
        "cargo fmt --check",
        "-D warnings",
        "cargo test",
        "cargo doc",
    ] {
        assert!(script.contains(step), "{step}");
    }
}
