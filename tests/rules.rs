//! The rules: each has its cases, and what is said of rule files, levels and lists of senders
//! holds. A case file (`tests/cases/rules/<id>.txt`) has three sections, `=== hit`,
//! `=== near miss` and `=== clean`; each begins with what is expected, a line each (a rule that
//! must fire, `not` and one that must not, or the verdict at level low), then a blank line, then
//! the mail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "rules/weights.rs"]
mod weights;

use postsweep::checks::{ALL, Context, Correspondence, Given, trim};
use postsweep::content;
use postsweep::mail::{Coverage, Digest, Message, Reading};
use postsweep::rules::{Ruleset, Senders, Source, shipped};
use postsweep::verdict::{Judgement, Level, Verdict};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

static SHIPPED: LazyLock<Ruleset> = LazyLock::new(|| {
    let (ruleset, errors) = Ruleset::load(&shipped());
    assert!(errors.is_empty(), "{errors:?}");
    ruleset
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rules")
}

fn context() -> Context {
    Context {
        now: "2026-06-01T12:00:00Z".parse().unwrap(),
        own_addresses: vec!["pat@example.com".into()],
        own_domains: vec!["example.com".into()],
        brands: SHIPPED.brands(),
        // What the owner of the cases sent, and to whom.
        correspondence: Arc::new(Correspondence {
            sent: [Digest::of(b"sent-by-pat@example.com")].into(),
            people: [Digest::of(b"robin@friend.example")].into(),
        }),
    }
}

fn parse(mail: &str) -> Message {
    let raw = mail.as_bytes().to_vec();
    let mut message = Message::parse(raw, Coverage::Whole, &Reading::default());
    content::open(&mut message, &Reading::default());
    message
}

fn judge(ruleset: &Ruleset, mail: &str, senders: &Senders) -> Verdict {
    ruleset.judge(&parse(mail), &context(), senders, Level::Low)
}

/// The verdict from what is kept of the message: no check reads what is not.
fn judge_kept(mail: &str) -> Verdict {
    let mut message = parse(mail);
    let digest = message.digest;
    trim(&mut message);
    let view = Message::kept(&message.keep(), digest, &Reading::default()).unwrap();
    SHIPPED.judge(&view, &context(), &Senders::default(), Level::Low)
}

/// One section of a case file.
struct Case {
    kind: String,
    expected: Vec<String>,
    mail: String,
}

fn cases(text: &str) -> Vec<Case> {
    let sections = text.split("=== ").skip(1);
    sections
        .map(|section| {
            let (kind, rest) = section.split_once('\n').unwrap();
            let (expected, mail) = rest.split_once("\n\n").unwrap();
            Case {
                kind: kind.trim().to_owned(),
                expected: expected.lines().map(str::to_owned).collect(),
                mail: mail.to_owned(),
            }
        })
        .collect()
}

/// What does not hold of what a case expects.
fn broken_promises(case: &Case, verdict: &Verdict) -> Vec<String> {
    let fired = |id: &str| verdict.findings.iter().any(|finding| finding.rule == id);
    let all = verdict.findings.iter();
    let all: Vec<_> = all.map(|f| format!("{} {}", f.weight, f.rule)).collect();
    let told = format!(
        "{} {:.1}: {}",
        verdict.judgement,
        verdict.score,
        all.join(", ")
    );
    let holds = |line: &&String| match line.as_str() {
        "clean" => verdict.judgement == Judgement::Clean,
        "spam" => verdict.judgement == Judgement::Spam,
        "phishing" => verdict.judgement == Judgement::Phishing,
        line => match line.strip_prefix("not ") {
            Some(id) => !fired(id),
            None => fired(line),
        },
    };
    let broken = case.expected.iter().filter(|line| !holds(line));
    broken.map(|line| format!("{line} ({told})")).collect()
}

#[test]
fn every_rule_has_a_hit_a_near_miss_and_a_clean_mail_that_do_what_they_say() {
    let mut files = BTreeSet::new();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = cases(&text);
        let kinds: Vec<_> = cases.iter().map(|case| case.kind.as_str()).collect();
        assert_eq!(kinds, ["hit", "near miss", "clean"], "{id}");
        let musts = [id.clone(), format!("not {id}"), "clean".into()];
        for (case, must) in cases.iter().zip(musts) {
            assert!(case.expected.contains(&must), "{id}: {}", case.kind);
            for mail in [case.mail.clone(), case.mail.replace('\n', "\r\n")] {
                let verdict = judge(&SHIPPED, &mail, &Senders::default());
                assert_eq!(judge_kept(&mail), verdict, "{id}: {}", case.kind);
                for broken in broken_promises(case, &verdict) {
                    wrong.push(format!("{id}: {}: {broken}", case.kind));
                }
                for finding in &verdict.findings {
                    assert!(!finding.says.contains('{'), "{id}: {}", finding.says);
                }
            }
        }
        files.insert(id);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let rules = SHIPPED.rules().iter();
    let rules: BTreeSet<_> = rules.map(|rule| rule.id.clone()).collect();
    assert!(rules.len() >= 40);
    assert_eq!(
        files, rules,
        "each rule has its case file, and each file its rule"
    );
}

#[test]
fn what_is_compiled_in_is_what_lies_in_assets() {
    for kind in ["rules", "brands", "phrases"] {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        for entry in std::fs::read_dir(assets.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let same = |source: Source| source.name == name && source.text == text;
            assert!(
                shipped().into_iter().any(same),
                "{name} is not compiled in: touch src/rules/mod.rs"
            );
        }
    }
    assert!(Ruleset::load(&shipped()).0.brands().len() >= 80);
}

#[test]
fn phrases_are_worded_in_the_main_languages_of_mail_and_serve_a_rule() {
    let main = "en de fr es it pt nl pl ja ru zh";
    let all: String = shipped().into_iter().map(|source| source.text).collect();
    let mut sets = 0;
    for source in shipped() {
        let mut parts = source.text.split("[[phrases]]");
        parts.next();
        for part in parts {
            let part = part.split("[[rule]]").next().unwrap();
            let id = part.split_once("id = \"").unwrap().1;
            let id = id.split('"').next().unwrap();
            for language in main.split(' ') {
                assert!(
                    part.contains(&format!("\n{language} = [")),
                    "{id}: {language}"
                );
            }
            assert!(
                all.contains(&format!("\"{id}\"")) && all.matches(&format!("\"{id}\"")).count() > 1,
                "no rule asks for {id}"
            );
            sets += 1;
        }
    }
    assert!(sets > 0);
}

#[test]
fn phrases_are_shared_by_rules_replaced_by_id_and_told_in_the_fingerprint() {
    let asks = rule(
        "asks",
        2.0,
        "{ phrases = ['haste', 'demand'], at-least = 2 }",
    );
    let subject = rule("subject", 1.0, "{ phrases = ['haste'], in = 'subject' }");
    let said = "[[phrases]]\nid = 'haste'\nabout = 'a'\nen = ['at once']\nde = ['sofort']\n\
                [[phrases]]\nid = 'demand'\nabout = 'b'\nen = ['bestätige', 'pay']\n";
    let load = |files: &[&str]| {
        let files: Vec<_> = files.iter().map(|text| source("own.toml", text)).collect();
        let (ruleset, refused) = Ruleset::load(&files);
        assert!(refused.is_empty(), "{refused:?}");
        ruleset
    };
    // Phrases may stand in a later file than the rules that ask for them.
    let rules = [asks, subject].concat();
    let ruleset = load(&[&rules, said]);
    let mail = "From: a@example.net\nSubject: A word\n\nB e s t a t i g e it at 0nce: SOFORT!\n";
    let verdict = judge(&ruleset, mail, &Senders::default());
    assert_eq!(verdict.findings.len(), 1, "{verdict:?}");
    assert_eq!(verdict.findings[0].says, "Says “sofort”, “bestatige”");

    let other = "[[phrases]]\nid = 'haste'\nabout = 'a'\nen = ['a word']\n";
    let changed = load(&[&rules, said, other]);
    let verdict = judge(&changed, mail, &Senders::default());
    let fired: Vec<_> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(fired, ["asks", "subject"]);
    assert_ne!(changed.fingerprint(), ruleset.fingerprint());
}

#[test]
fn every_check_serves_a_rule() {
    let text: String = shipped().into_iter().map(|source| source.text).collect();
    for check in ALL {
        let call = format!("check = \"{}\"", check.name);
        assert!(text.contains(&call), "{}", check.name);
    }
}

/// The checks that each shipped rule names, by the rule's id.
fn named_checks() -> Vec<(String, Vec<String>)> {
    let between = |text: &str, begin: &str| -> Vec<String> {
        let parts = text.split(begin).skip(1);
        let ended = parts.filter_map(|part| part.split_once('"'));
        ended.map(|(inside, _)| inside.to_owned()).collect()
    };
    let text: String = shipped()
        .into_iter()
        .map(|source| source.text + "\n")
        .collect();
    let rules = text.split("[[rule]]").skip(1);
    rules
        .map(|rule| {
            (
                between(rule, "\nid = \"").remove(0),
                between(rule, "check = \""),
            )
        })
        .collect()
}

#[test]
fn every_check_holds_for_a_case_of_a_rule_that_names_it_and_fails_for_another() {
    let mut wrong = Vec::new();
    let (rules, context) = (named_checks(), context());
    for check in ALL {
        let naming = rules
            .iter()
            .filter(|(_, checks)| checks.iter().any(|name| name == check.name));
        let mut held = BTreeSet::new();
        for (id, _) in naming {
            let text = std::fs::read_to_string(folder().join(format!("{id}.txt"))).unwrap();
            let messages = cases(&text).into_iter().map(|case| parse(&case.mail));
            held.extend(
                messages.map(|message| {
                    (check.run)(&message, &Given::new(&message, &context)).is_some()
                }),
            );
        }
        if held.len() != 2 {
            wrong.push(format!("{}: {held:?}", check.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_rule_alone_makes_a_hit_at_level_low() {
    for rule in SHIPPED.rules() {
        assert!(rule.weight < Level::Low.threshold(), "{}", rule.id);
    }
}

fn source(name: &str, text: &str) -> Source {
    Source::own(name.into(), text.into())
}

#[test]
fn every_shipped_pattern_can_be_compiled() {
    // Of the user's own files each pattern is compiled at once.
    let shipped = shipped();
    let own = shipped.iter().map(|file| source(&file.name, &file.text));
    let (_, refused) = Ruleset::load(&own.collect::<Vec<_>>());
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_pattern_that_is_too_big_is_told_with_its_line() {
    let text = rule("long", 1.0, r"{ text = '\w{500}{500}' }");
    let (_, refused) = Ruleset::load(&[source("own.toml", &format!("\n{text}"))]);
    let says = refused[0].to_string();
    assert_eq!(says, r"own.toml:8: the pattern `\w{500}{500}` is too big");
}

fn rule(id: &str, weight: f64, when: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ncategory = \"spam\"\nweight = {weight}\n\
         says = \"Says {{words}}\"\nwhy = \"why\"\nwhen = {when}\n"
    )
}

#[test]
fn a_broken_file_is_refused_whole_with_its_line_and_the_rest_goes_on() {
    let good = rule("good", 1.0, "{ subject = 'offer' }");
    for (text, place) in [
        ("[[rule]]\nid = ", "user.toml:2: "),
        ("[[rules]]\nid = 'x'\n", "user.toml:1: unknown key `rules`"),
        (
            "\n[[rule]]\nid = 'x'\nweigth = 2\n",
            "user.toml:4: unknown key `weigth`",
        ),
        ("[[rule]]\nid = 'No Id'\n", "user.toml:2: `No Id` is no id"),
        (
            "[[rule]]\nid = 'x'\n",
            "user.toml:1: the rule `x` needs `when`",
        ),
        (
            &rule("x", 11.0, "{ subject = 'a' }"),
            "user.toml:4: a weight is a number",
        ),
        (
            &rule("x", 1.0, "{ check = 'nothing' }"),
            "user.toml:7: there is no check `nothing`",
        ),
        (
            &rule("x", 1.0, "{ body = 'a' }"),
            "user.toml:7: `body` is neither a field",
        ),
        (
            &rule("x", 1.0, "{ subject = '(' }"),
            "user.toml:7: the pattern `(` is wrong",
        ),
        (
            &rule("x", 1.0, "{\n subject = ['a',\n'B'] }"),
            "user.toml:9: the pattern `B` has the capital",
        ),
        (
            &rule("x", 1.0, "{ at-least = 3, subject = ['a', 'b'] }"),
            "user.toml:7: at-least = 3",
        ),
        (
            &rule("x", 1.0, "{ at-least = 1 }"),
            "user.toml:7: `at-least` needs",
        ),
        (
            &rule("x", 1.0, "{ none = [{ subject = 'a' }] }"),
            "user.toml:1: the rule `x` would fire",
        ),
        (
            &rule("x", 1.0, "{\n phrases = ['a'] }"),
            "user.toml:8: there are no phrases `a`",
        ),
        (
            &rule("x", 1.0, "{ subject = 'a', in = 'text' }"),
            "user.toml:7: `in` needs `phrases",
        ),
        (
            "[[phrases]]\nid = 'a'\nabout = 'x'\nen = ['a\\w']\nxx = ['b']\n",
            "user.toml:5: unknown key `xx` in phrases",
        ),
        (
            "[[phrases]]\nid = 'a'\nabout = 'x'\nen = [\n'(']\n",
            "user.toml:5: the pattern `(` is wrong",
        ),
        (&rule("x", 1.0, "{ }"), "user.toml:7: an empty condition"),
        (
            "[[brand]]\nid = 'x'\nnames = ['X']\n",
            "user.toml:1: a brand needs `domains`",
        ),
    ] {
        // The good rule in the broken file goes with it.
        let broken = format!("{text}\n{}", rule("lost", 1.0, "{ subject = 'a' }"));
        let (ruleset, errors) = Ruleset::load(&[
            source("first.toml", &good),
            source("user.toml", &broken),
            source("last.toml", &rule("last", 1.0, "{ text = 'b' }")),
        ]);
        assert_eq!(errors.len(), 1, "{text}");
        let error = errors[0].to_string();
        assert!(error.starts_with(place), "{error} for {text}");
        assert!(!error.contains('\n'), "{error}");
        let ids: Vec<_> = ruleset.rules().iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["good", "last"]);
    }
}

#[test]
fn a_users_file_replaces_by_id_and_switches_off_and_the_fingerprint_tells() {
    let of = |id| rule(id, 1.0, "{ subject = 'offer' }");
    let first = source(
        "first.toml",
        &[of("kept"), of("changed"), of("off")].concat(),
    );
    let changed = rule("changed", 4.5, "{ subject = 'deal' }");
    let users = format!("{changed}[[rule]]\nid = \"off\"\noff = true\n");
    let (before, _) = Ruleset::load(std::slice::from_ref(&first));
    let (after, errors) = Ruleset::load(&[first.clone(), source("user.toml", &users)]);
    assert!(errors.is_empty(), "{errors:?}");
    let listed = after.rules().iter();
    let listed: Vec<_> = listed.map(|r| (r.id.as_str(), r.weight)).collect();
    assert_eq!(listed, [("changed", 4.5), ("kept", 1.0)]);
    assert_ne!(before.fingerprint(), after.fingerprint());
    assert_eq!(before.fingerprint().len(), 64);
    let again = Ruleset::load(&[first]).0;
    assert_eq!(before.fingerprint(), again.fingerprint());

    let mail = "From: a@example.net\nSubject: A deal\n\nText.\n";
    let verdict = judge(&after, mail, &Senders::default());
    assert_eq!(verdict.score, 4.5);
    assert_eq!(verdict.findings[0].says, "Says “deal”");
}

#[test]
fn conditions_do_what_they_say() {
    let mail = "From: Pat <pat@example.net>\nSubject: An OFFER\nX-Mailer: Bulk 1\n\n\
                One two\nthree. https://www.example.org/a\n";
    for (when, fires) in [
        ("{ subject = 'offer' }", true),
        ("{ subject = ['no', 'offer'] }", true),
        ("{ subject = 'offer', text = 'four' }", false),
        ("{ text = 'two three' }", true),
        ("{ words = '^an offer$' }", true),
        ("{ at-least = 2, text = ['one', 'two', 'four'] }", true),
        ("{ at-least = 3, text = ['one', 'two', 'four'] }", false),
        ("{ any = [{ subject = 'no' }, { text = 'one' }] }", true),
        ("{ all = [{ subject = 'no' }, { text = 'one' }] }", false),
        ("{ text = 'one', none = [{ subject = 'offer' }] }", false),
        ("{ text = 'one', none = [{ subject = 'no' }] }", true),
        (
            "{ at-least = 2, of = [{ text = 'one' }, { text = 'x' }, { subject = 'an' }] }",
            true,
        ),
        ("{ from = 'pat <pat@example\\.net>' }", true),
        (
            "{ from-address = '^pat@example\\.net$', from-name = '^pat$' }",
            true,
        ),
        (
            "{ link = '^https://www\\.example\\.org/a$', link-host = '^www' }",
            true,
        ),
        ("{ \"header:x-mailer\" = 'bulk' }", true),
        ("{ \"header:X-Mailer\" = 'other' }", false),
        ("{ check = 'undisclosed-recipients' }", true),
    ] {
        let (ruleset, errors) = Ruleset::load(&[source("a.toml", &rule("r", 1.0, when))]);
        assert!(errors.is_empty(), "{errors:?}");
        let verdict = judge(&ruleset, mail, &Senders::default());
        assert_eq!(!verdict.findings.is_empty(), fires, "{when}");
    }
}

/// A mail with one finding of 3 about words and one of 4 about a link, whose author the receiver
/// authenticated so.
fn words_and_a_link(authentication: &str) -> (Ruleset, String) {
    let rules = [
        rule("on-words", 3.0, "{ text = 'offer' }"),
        rule("on-link", 4.0, "{ link = 'example' }"),
    ];
    let (ruleset, _) = Ruleset::load(&[source("a.toml", &rules.concat())]);
    let mail = format!(
        "{authentication}\
         Received: from mx.example.net (mx.example.net [192.0.2.1]) by mx.example.com\n\
         \x20with ESMTPS; Mon, 1 Jun 2026 10:00:00 +0000\n\
         From: Sam <sam@example.net>\nTo: pat@example.com\nSubject: Hi\n\n\
         An offer: https://www.example.org/\n"
    );
    (ruleset, mail)
}

fn approved(entries: &[&str]) -> Senders {
    let entries: Vec<_> = entries.iter().map(|entry| (*entry).to_owned()).collect();
    Senders::parse(&entries, &[]).unwrap()
}

#[test]
fn an_approved_sender_counts_as_far_as_it_was_authenticated() {
    const PASS: &str =
        "Authentication-Results: mx.example.com; dmarc=pass header.from=example.net\n";
    const FAIL: &str =
        "Authentication-Results: mx.example.com; dmarc=fail header.from=example.net\n";
    // A pass for another domain is no pass for this one.
    const OTHER: &str = "Authentication-Results: mx.example.com; \
                         spf=pass smtp.mailfrom=example.org; dkim=none\n";
    let senders = approved(&["*@example.net"]);
    for (authentication, score, judgement, finding) in [
        (PASS, 0.0, Judgement::Clean, "approved-sender"),
        ("", 4.0, Judgement::Clean, "approved-sender"),
        (FAIL, 11.0, Judgement::Spam, "approved-sender-spoofed"),
        (OTHER, 11.0, Judgement::Spam, "approved-sender-spoofed"),
    ] {
        let (ruleset, mail) = words_and_a_link(authentication);
        let verdict = judge(&ruleset, &mail, &senders);
        let said = (verdict.score, verdict.judgement);
        assert_eq!(said, (score, judgement), "{authentication}");
        let named = verdict.findings.iter().any(|one| one.rule == finding);
        assert!(named, "{authentication}");
        let plain = judge(&ruleset, &mail, &Senders::default());
        assert_eq!(plain.score, 7.0);
    }
    let (ruleset, mail) = words_and_a_link("");
    let notes = judge(&ruleset, &mail, &senders).notes.join("\n");
    assert!(notes.contains("recorded no authentication"), "{notes}");
}

#[test]
fn a_blocked_sender_is_spam_and_approving_one_author_does_not_cover_another() {
    let (ruleset, mail) = words_and_a_link("");
    let clean = mail.replace("An offer: https://www.example.org/", "Lunch?");
    let blocked = Senders::parse(&[], &["sam@example.net".into()]).unwrap();
    let verdict = judge(&ruleset, &clean, &blocked);
    assert_eq!(verdict.judgement, Judgement::Spam);
    assert_eq!(verdict.findings[0].rule, "blocked-sender");

    let two = mail.replace(
        "<sam@example.net>",
        "<sam@example.net>, Kim <kim@example.org>",
    );
    let one = judge(&ruleset, &two, &approved(&["*@example.net"]));
    assert_eq!(one.score, 7.0);
    let both = approved(&["*@example.net", "kim@example.org"]);
    assert_eq!(judge(&ruleset, &two, &both).score, 4.0);
}

#[test]
fn a_partial_message_is_said_to_be_judged_in_part() {
    let (ruleset, mail) = words_and_a_link("");
    let coverage = Coverage::Partial { total: 50_000_000 };
    let part = Message::parse(mail.into_bytes(), coverage, &Reading::default());
    let verdict = ruleset.judge(&part, &context(), &Senders::default(), Level::Low);
    let notes = verdict.notes.join("\n");
    assert!(notes.contains("of 50000000 bytes were judged"), "{notes}");
    assert_eq!(verdict.score, 7.0);
}
