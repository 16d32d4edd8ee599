//! The demo's mail: each message is judged as `assets/demo/expected.toml` says, and is what a
//! newcomer is promised: hand-written, with reserved names, and some of it missed spam.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use postsweep::checks::Context;
use postsweep::content;
use postsweep::mail::{Coverage, Message, Reading};
use postsweep::rules::{Ruleset, Senders, shipped};
use postsweep::verdict::{Level, Verdict};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/demo")
}

/// Every message by its file's name.
fn messages() -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder()).unwrap();
    let named = files.map(|file| file.unwrap().path()).filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        name.ends_with(".eml")
            .then(|| (name, std::fs::read(&path).unwrap()))
    });
    named.collect()
}

fn expected() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder().join("expected.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// Judges as the demo does: the shipped rules, the owner's one address, level low.
fn judge(ruleset: &Ruleset, bytes: Vec<u8>) -> Verdict {
    let context = Context {
        now: "2026-11-21T08:00:00Z".parse().unwrap(),
        own_addresses: vec!["pat.doe@example.net".to_owned()],
        own_domains: Vec::new(),
        brands: ruleset.brands(),
        correspondence: Default::default(),
    };
    let reading = Reading::default();
    let mut message = Message::parse(bytes, Coverage::Whole, &reading);
    content::open(&mut message, &reading);
    let nobody = Senders::parse(&[], &[]).unwrap();
    ruleset.judge(&message, &context, &nobody, Level::Low)
}

#[test]
fn each_message_is_judged_as_expected() {
    let (ruleset, refused) = Ruleset::load(&shipped());
    assert!(refused.is_empty(), "{refused:?}");
    let expected = expected();
    let mut wrong = Vec::new();
    for (name, bytes) in messages() {
        let verdict = judge(&ruleset, bytes);
        let wanted = expected.get(&name).map(String::as_str);
        if wanted != Some(verdict.judgement.word()) {
            let reasons = verdict.findings.iter().map(|finding| {
                format!("\n    {} {} {}", finding.weight, finding.rule, finding.says)
            });
            wrong.push(format!(
                "{name}: wanted {}, got {} with {:.1}{}",
                wanted.unwrap_or("a line in expected.toml"),
                verdict.judgement,
                verdict.score,
                reasons.collect::<String>()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_mailbox_is_what_a_newcomer_is_promised() {
    let (messages, expected) = (messages(), expected());
    let files: Vec<&String> = messages.keys().collect();
    let lines: Vec<&String> = expected.keys().collect();
    assert_eq!(files, lines, "files and lines of expected.toml differ");
    let of = |word: &str| expected.values().filter(|verdict| *verdict == word).count();
    assert!(messages.len() >= 40 && of("spam") >= 5 && of("phishing") >= 7 && of("clean") >= 20);
    assert_eq!(messages.len(), of("spam") + of("phishing") + of("clean"));
    let flagged = expected.iter().find(|(name, _)| name.contains("-flagged"));
    assert_eq!(
        flagged.map(|(_, verdict)| verdict.as_str()),
        Some("phishing")
    );
    for (name, bytes) in &messages {
        assert!(
            !bytes.contains(&b'\r'),
            "{name}: lines end in LF in the repository"
        );
        assert!(
            bytes.len() < 8192,
            "{name}: small enough to be read by a person"
        );
        let message = Message::parse(bytes.clone(), Coverage::Whole, &Reading::default());
        assert!(!message.from.is_empty() && message.date.is_some(), "{name}");
        assert!(!message.text.trim().is_empty(), "{name}: nothing to read");
        assert!(message.cut.is_empty(), "{name}: {:?}", message.cut);
    }
}

#[test]
fn senders_and_links_are_at_reserved_names() {
    let reserved = |host: &str| {
        let ends = [".example", ".test", ".invalid", "example.net"];
        let address: Option<std::net::Ipv4Addr> = host.parse().ok();
        ends.iter().any(|end| host.ends_with(end)) || address.is_some_and(|a| a.is_documentation())
    };
    let mut links = 0;
    for (name, bytes) in messages() {
        let message = Message::parse(bytes, Coverage::Whole, &Reading::default());
        for address in message.from.iter().chain(&message.reply_to) {
            assert!(reserved(&address.domain), "{name}: {}", address.domain);
        }
        for link in &message.links {
            if let Some(host) = link.host() {
                assert!(reserved(host), "{name}: {host}");
                links += 1;
            }
        }
    }
    assert!(links > 20, "only {links} links were found");
}
