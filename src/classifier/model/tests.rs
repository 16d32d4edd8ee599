//! What the model learns, and what it does not let itself be taught.

use super::*;
use crate::mail::{Coverage, Message, Reading};

pub(crate) fn message(subject: &str, text: &str) -> Message {
    let raw = format!(
        "From: Sam <sam@example.org>\r\nTo: pat@example.com\r\nSubject: {subject}\r\n\
         Date: Tue, 3 Feb 2026 10:00:00 +0000\r\n\r\n{text}\r\n"
    );
    Message::parse(raw.into_bytes(), Coverage::Whole, &Reading::default())
}

pub(crate) fn lesson(label: Label, subject: &str, text: &str) -> Lesson {
    let message = message(subject, text);
    Lesson {
        digest: message.digest,
        label,
        features: Features::of(&message),
        at: 0,
    }
}

const SPAM: [&str; 4] = [
    "cheap pills",
    "win a prize now",
    "casino bonus",
    "enlarge loan offer",
];
const HAM: [&str; 4] = [
    "lunch at noon",
    "minutes of the meeting",
    "your train ticket",
    "patch for review",
];

/// A model that has learnt so many of each kind.
pub(crate) fn taught(each: usize) -> Model {
    let mut model = Model::default();
    let kinds = [(Label::Spam, SPAM), (Label::Ham, HAM)];
    let lessons = (0..each).flat_map(|number| {
        kinds.map(|(label, texts)| {
            let (one, two) = (texts[number % 4], texts[(number / 4) % 4]);
            lesson(label, one, &format!("{one} and {two}, number {number}"))
        })
    });
    model.learn(lessons.collect());
    model
}

#[test]
fn what_is_learnt_is_told_apart_and_the_order_makes_no_difference() {
    let model = taught(100);
    assert_eq!(
        model.counts(),
        Counts {
            spam: 100,
            ham: 100
        }
    );
    for (text, is_spam) in [("casino pills", true), ("meeting at noon", false)] {
        let odds = model.log_odds(&lesson(Label::Ham, text, text).features);
        assert_eq!(odds > 0.5, is_spam, "{text}: {odds}");
        assert_eq!(odds < -0.5, !is_spam, "{text}: {odds}");
    }
    let lessons: Vec<Lesson> = (0..20)
        .map(|n| {
            lesson(
                if n % 2 == 0 { Label::Spam } else { Label::Ham },
                "s",
                &format!("text {n}"),
            )
        })
        .collect();
    let (mut one, mut other) = (Model::default(), Model::default());
    one.learn(lessons.clone());
    other.learn(lessons.into_iter().rev().collect());
    assert_eq!(one.weights, other.weights);
    assert_eq!((one.mark(), one.can_judge()), (other.mark(), true));
}

#[test]
fn what_is_known_moves_nothing_and_a_change_of_mind_does() {
    let mut model = taught(20);
    let before = model.clone();
    let again = lesson(
        Label::Spam,
        SPAM[0],
        &format!("{0} and {0}, number 0", SPAM[0]),
    );
    assert_eq!(model.knows(&again.digest), Some(Label::Spam));
    assert_eq!(
        model.learn(vec![again.clone()]),
        Learnt {
            known: 1,
            ..Learnt::default()
        }
    );
    assert_eq!(
        (&model.weights, model.mark()),
        (&before.weights, before.mark())
    );
    let other = Lesson {
        label: Label::Ham,
        ..again
    };
    let odds = before.log_odds(&other.features);
    assert!(model.correct(other.clone()));
    assert!(model.log_odds(&other.features) < odds - 1.0);
    assert_eq!(model.counts(), Counts { spam: 19, ham: 21 });
    assert_eq!(model.knows(&other.digest), Some(Label::Ham));
}

#[test]
fn a_correction_does_not_ask_for_a_judgement_of_everything_and_much_new_mail_does() {
    let mut model = taught(50);
    let mark = model.mark();
    for number in 0..60 {
        model.correct(lesson(Label::Ham, "kept", &format!("newsletter {number}")));
    }
    assert_eq!(model.mark(), mark);
    let few = |from: usize, to: usize| {
        (from..to)
            .map(|n| lesson(Label::Spam, "new", &format!("unheard of {n}")))
            .collect()
    };
    let mut small = taught(50);
    small.learn(few(0, 10));
    assert_eq!(small.mark(), mark);
    small.learn(few(10, 40));
    assert_ne!(small.mark(), mark);
}

#[test]
fn with_little_learnt_it_says_little() {
    let odds = |each: usize| {
        let features = lesson(Label::Ham, SPAM[2], SPAM[2]).features;
        taught(each).log_odds(&features).abs()
    };
    assert_eq!(
        Model::default().log_odds(&lesson(Label::Ham, "x", "y").features),
        0.0
    );
    assert!(
        odds(1) < 0.6 && odds(1) < odds(100),
        "{} {}",
        odds(1),
        odds(100)
    );
    // Of one kind alone nothing can be told.
    let mut model = Model::default();
    model.correct(lesson(Label::Ham, "x", "y"));
    assert_eq!(model.log_odds(&lesson(Label::Ham, "x", "y").features), 0.0);
    assert!(!model.can_judge());
}

#[test]
fn one_planted_message_moves_others_little_however_large_it_is() {
    let mut model = taught(200);
    let probes: Vec<Lesson> = HAM
        .iter()
        .map(|text| lesson(Label::Ham, text, text))
        .collect();
    let before: Vec<f64> = probes
        .iter()
        .map(|probe| model.log_odds(&probe.features))
        .collect();
    let words: String = (0..50_000)
        .map(|n| format!("{} w{n} ", HAM[n % 4]))
        .collect();
    model.correct(lesson(Label::Spam, "planted", &words));
    for (probe, before) in probes.iter().zip(before) {
        let after = model.log_odds(&probe.features);
        assert!(before < -1.0 && after < 0.6 * before, "{before} {after}");
    }
}

#[test]
fn what_is_old_fades() {
    let mut model = taught(20);
    let probe = lesson(Label::Ham, SPAM[0], SPAM[0]).features;
    let before = model.sum(&probe);
    model.counts.ham += 10_000;
    model.fade(10_000);
    let after = model.sum(&probe);
    assert!((after / before - 0.737).abs() < 0.01, "{before} {after}");
}

#[test]
fn memory_is_bounded() {
    let mut model = Model::default();
    let one = lesson(Label::Ham, "x", "y");
    for number in 0..KNOWN + 10 {
        model.remember(&Lesson {
            digest: Digest::of(&number.to_le_bytes()),
            ..one.clone()
        });
    }
    assert_eq!((model.known.len(), model.order.len()), (KNOWN, KNOWN));
    assert_eq!(model.knows(&Digest::of(&0usize.to_le_bytes())), None);
}
