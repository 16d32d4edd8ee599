//! What the learner and the rules say together.

use super::*;
use crate::classifier::{Features, Lesson};
use crate::settings::Settings;
use std::path::Path;

const RULES: &str = r#"
    [[rule]]
    id = "words"
    category = "phishing"
    weight = 2.0
    says = "Says {words}"
    why = "A test."
    when = { words = ["casino"] }
    [[rule]]
    id = "link"
    category = "phishing"
    weight = 5.0
    says = "A link"
    why = "A test."
    when = { link-host = "evil" }
"#;

fn judge(approved: &[&str]) -> Judge {
    let (ruleset, refused) = Ruleset::load(&[Source::own("t".into(), RULES.into())]);
    assert!(refused.is_empty(), "{refused:?}");
    let approved: Vec<String> = approved.iter().map(|entry| (*entry).to_owned()).collect();
    Judge {
        ruleset,
        senders: Senders::parse(&approved, &[]).unwrap(),
        level: Level::Low,
        lists: String::new(),
        learnt: None,
        only: None,
    }
}

fn mail(text: &str) -> Vec<u8> {
    format!(
        "From: Sam <sam@example.org>\r\nTo: pat@example.com\r\nSubject: {text}\r\n\
         Date: Mon, 16 Nov 2026 10:00:00 +0000\r\n\r\nAbout {text}\r\n"
    )
    .into_bytes()
}

fn lesson(label: Label, text: &str) -> Lesson {
    let message = Message::parse(mail(text), Coverage::Whole, &Reading::default());
    let (digest, at, features) = (message.digest, 0, Features::of(&message));
    Lesson {
        digest,
        label,
        features,
        at,
    }
}

fn model(each: usize) -> Model {
    let lessons = (0..each).flat_map(|number| {
        [
            (Label::Spam, "casino bonus"),
            (Label::Ham, "choir practice"),
        ]
        .map(|(label, text)| lesson(label, &format!("{text} {number}")))
    });
    let mut model = Model::default();
    model.learn(lessons.collect());
    model
}

fn said(judge: &Judge, text: &str) -> (Message, Verdict) {
    let context = judge.context(None);
    judge.judge(mail(text), Coverage::Whole, &Reading::default(), &context)
}

#[test]
fn it_takes_the_category_of_what_it_stands_beside_and_is_silent_about_approved_senders() {
    let verdict = said(&judge(&[]).with_learnt(model(100)), "casino bonus").1;
    let learner = verdict
        .findings
        .iter()
        .find(|finding| finding.rule == "learner")
        .unwrap();
    assert_eq!(learner.category, Category::Phishing);
    assert!(verdict.score > 3.0, "{verdict:?}");
    let kept = said(&judge(&[]).with_learnt(model(100)), "choir practice").1;
    assert!(
        kept.score < -0.5 && kept.findings[0].category == Category::Spam,
        "{kept:?}"
    );
    let approved = judge(&["*@example.org"]).with_learnt(model(100));
    let verdict = said(&approved, "casino bonus").1;
    assert_eq!(verdict.score, 0.0, "{verdict:?}");
    assert!(
        verdict
            .findings
            .iter()
            .all(|finding| finding.rule != "learner")
    );
}

#[test]
fn many_rules_that_tell_one_thing_do_not_drown_it_and_what_links_show_stays() {
    let many: String = (0..8)
        .map(|n| {
            format!(
                "[[rule]]\nid = \"r{n}\"\ncategory = \"spam\"\nweight = 2.0\nsays = \"s\"\nwhy = \"w\"\n\
                 when = {{ words = ['choir'] }}\n"
            )
        })
        .collect();
    let (ruleset, _) = Ruleset::load(&[Source::own("t".into(), format!("{RULES}{many}"))]);
    let judge = Judge {
        ruleset,
        ..judge(&[])
    }
    .with_learnt(model(200));
    let verdict = said(&judge, "choir practice").1;
    // Sixteen by the rules: 6 and some of the rest, less the most that the learner takes.
    assert!((2.5..5.0).contains(&verdict.score), "{verdict:?}");
    let sum: f64 = verdict.findings.iter().map(|finding| finding.weight).sum();
    assert!((sum - verdict.score).abs() < 0.01);
    let verdict = said(&judge, "choir practice http://evil.test").1;
    assert!(verdict.score >= 5.0, "{verdict:?}");
}

/// Whatever was taught, and however often: what a link shows stays, and so does what many
/// rules find, but at level low.
#[test]
fn nobody_teaches_it_to_let_all_of_their_mail_pass() {
    let lessons = (0..400).map(|number| {
        let (label, text) = match number % 4 {
            0 => (Label::Spam, "watches"),
            1 => (Label::Ham, "casino bonus"),
            2 => (Label::Spam, "cheap pills http://shop.test/"),
            _ => (Label::Ham, "casino bonus http://evil.test/"),
        };
        lesson(label, &format!("{text} {number}"))
    });
    let mut model = Model::default();
    model.learn(lessons.collect());
    let many: String = (0..9)
        .map(|n| {
            format!(
                "[[rule]]\nid = \"r{n}\"\ncategory = \"spam\"\nweight = 3.0\nsays = \"s\"\nwhy = \"w\"\n\
                 when = {{ words = ['casino'] }}\n"
            )
        })
        .collect();
    for (rules, text) in [
        (RULES.to_owned(), "casino bonus http://evil.test/"),
        (format!("{RULES}{many}"), "casino bonus"),
    ] {
        let (ruleset, _) = Ruleset::load(&[Source::own("t".into(), rules)]);
        let judge = Judge {
            ruleset,
            ..judge(&[])
        };
        let (_, verdict) = said(&judge.with_learnt(model.clone()), text);
        let mut findings = verdict.findings.iter();
        let learnt = findings.any(|one| one.rule == "learner" && one.weight < -1.0);
        assert!(learnt, "{model:?} {verdict:?}");
        assert!(verdict.score >= Level::High.threshold(), "{verdict:?}");
    }
}

/// Judging again says what judging from scratch says, whether or not the learner changed.
#[test]
fn judging_again_says_the_same() {
    let settings = "[[account]]\nname = \"a\"\nsource = \"maildir\"\npath = \"/x\"\n";
    let account = Settings::parse(Path::new("t"), settings)
        .unwrap()
        .accounts
        .remove(0);
    let judges = || {
        [
            judge(&[]),
            judge(&[]).with_learnt(model(100)),
            judge(&[]).with_learnt(model(30)),
            judge(&["*@example.org"]).with_learnt(model(100)),
        ]
    };
    for before in judges() {
        for now in judges() {
            let again = now.again(&before.texts(&account), &now.texts(&account));
            for text in [
                "casino bonus",
                "choir practice",
                "choir http://evil.test",
                "neither",
            ] {
                let (message, was) = said(&before, text);
                let context = now.context(None);
                let fresh = said(&now, text).1;
                let with_view = now.judge_again(&again, &was, Some(&message), &context);
                assert_eq!(with_view.unwrap(), fresh, "{text}");
                if let Some(without) = now.judge_again(&again, &was, None, &context) {
                    assert_eq!(without, fresh, "{text}");
                }
            }
        }
    }
    let [none, large, small, _] = judges();
    let prints = [none, large, small].map(|judge| judge.fingerprint(&account));
    assert!(prints[0] != prints[1] && prints[1] != prints[2]);
}
