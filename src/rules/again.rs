//! Judging again: of a message that an earlier ruleset judged, only rules whose text changed run;
//! what the others found is taken from the earlier verdict, and all is added up anew. The verdict
//! is the one that judging from scratch would give (a property test holds it).

use super::condition::Condition;
use super::file::Rule;
use super::ruleset::{ENGINE, Ruleset, notes};
use super::senders::{Senders, Standing};
use crate::checks::{self, Context};
use crate::mail::{Digest, Message};
use crate::verdict::{Evidence, Finding, Level, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Findings that are no rule's, but come from the lists of senders.
const OF_SENDERS: [&str; 3] = [
    "approved-sender",
    "approved-sender-spoofed",
    "blocked-sender",
];

/// Of each rule, by id, a word for all that decides whether it fires. Where it is the same, the
/// rule says of a message what it said before.
pub type Texts = BTreeMap<String, String>;

/// What is to be done with messages that an earlier ruleset judged.
#[derive(Debug)]
pub struct Again {
    /// The ids of rules that say what they said.
    same: BTreeSet<String>,
    /// The rules that must run.
    changed: Ruleset,
}

impl Again {
    /// Whether a rule must run, and so a view of each message is needed.
    pub fn runs(&self) -> bool {
        self.changed.rules().iter().any(|rule| rule.weight != 0.0)
    }
}

impl Ruleset {
    /// What decides whether each rule fires: its condition and, where it asks a check, what
    /// checks know; `owner` is what they know of the message's owner, as text.
    pub fn texts(&self, owner: &str) -> Texts {
        let mut known = format!("{owner}\n{:?}\n", self.brands());
        known.extend(checks::LISTS.iter().copied());
        let known = Digest::of(known.as_bytes()).to_string();
        let text = |when: &Condition| {
            let mut text = format!("engine {ENGINE} of {}\n", env!("CARGO_PKG_VERSION"));
            when.describe(self.sets(), &mut text);
            if when.asks_a_check() {
                text.push_str(&known);
            }
            // Half of it still never gives two texts one word.
            let word = Digest::of(text.as_bytes()).to_string();
            word.chars().take(32).collect()
        };
        let all = self.rules().iter();
        all.map(|rule| (rule.id.clone(), text(&rule.when)))
            .collect()
    }

    /// What is to be done where an earlier ruleset had the texts `before`, and this one has `now`.
    pub fn again(&self, before: &Texts, now: &Texts) -> Again {
        let is_same = |id: &str| {
            let same = before.get(id).is_some_and(|text| now.get(id) == Some(text));
            // A finding by one of these names may be of either kind.
            same && !OF_SENDERS.contains(&id)
        };
        // What speaks for a message is not kept where nothing spoke against it.
        let is_kept = |rule: &Rule| rule.weight != 0.0 && is_same(&rule.id);
        let kept = self.rules().iter().filter(|rule| is_kept(rule));
        Again {
            same: kept.map(|rule| rule.id.clone()).collect(),
            changed: self.only(|rule| !is_kept(rule)),
        }
    }

    /// Judges a message again, of which `before` was said. `None` where that cannot be done
    /// without a view of the message.
    pub fn judge_again(
        &self,
        again: &Again,
        before: &Verdict,
        view: Option<&Message>,
        context: &Context,
        senders: &Senders,
        level: Level,
    ) -> Option<Verdict> {
        let is_same = |finding: &&Finding| {
            let in_favour = view.is_none() && finding.weight == 0.0;
            in_favour || again.same.contains(&finding.rule)
        };
        let mut fired: BTreeMap<&str, Evidence> = before
            .findings
            .iter()
            .filter(is_same)
            .map(|finding| (finding.rule.as_str(), finding.evidence.clone()))
            .collect();
        let (notes, standing) = match view {
            Some(message) => {
                let ran = again.changed.fired(message, context);
                fired.extend(
                    ran.into_iter()
                        .map(|(rule, found)| (rule.id.as_str(), found)),
                );
                (notes(message), senders.standing(message))
            }
            None if again.runs() || !senders.is_empty() => return None,
            None => (notes_without_senders(before), Standing::default()),
        };
        let rules = self.rules().iter();
        let fired = rules.filter_map(|rule| Some((rule, fired.remove(rule.id.as_str())?)));
        Some(self.weigh(fired, notes, standing, level))
    }
}

/// The notes of a verdict that speak of the message.
fn notes_without_senders(before: &Verdict) -> Vec<String> {
    let of_senders = |note: &&String| {
        let mut findings = before.findings.iter();
        findings.any(|one| OF_SENDERS.contains(&one.rule.as_str()) && one.says == **note)
    };
    let notes = before.notes.iter();
    notes.filter(|note| !of_senders(note)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Coverage, Reading};
    use crate::rules::Source;
    use proptest::prelude::*;

    /// The conditions that rules are made of here.
    const WHEN: [&str; 7] = [
        "{ words = ['gift ?cards?', 'lottery'] }",
        "{ subject = 'invoice' }",
        "{ check = \"link-shown-elsewhere\" }",
        "{ check = \"undisclosed-recipients\" }",
        "{ all = [{ text = 'account' }, { none = [{ check = \"brand-in-display-name\" }] }] }",
        "{ at-least = 2, of = [{ text = 'pay' }, { subject = 'today' }, { check = \"reply-to-elsewhere\" }] }",
        "{ check = \"own-domain-unauthenticated\" }",
    ];
    const SAYS: [&str; 3] = [
        "It says {words}",
        "Shows {shown}, leads to {target}",
        "So it is",
    ];
    const IDS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "approved-sender"];

    fn sources() -> impl Strategy<Value = String> {
        let rule = (
            0..WHEN.len(),
            0..SAYS.len(),
            any::<bool>(),
            1..40_i32,
            any::<bool>(),
        );
        let rules = prop::collection::vec(prop::option::weighted(0.7, rule), IDS.len());
        (rules, any::<bool>()).prop_map(|(rules, brand)| {
            let mut text = String::new();
            if brand {
                text.push_str(
                    "[[brand]]\nid = \"pear\"\nnames = [\"Pear\"]\ndomains = [\"pear.example\"]\n",
                );
            }
            for (id, rule) in IDS.iter().zip(rules) {
                let Some((when, says, spam, weight, less)) = rule else {
                    continue;
                };
                let category = if spam { "spam" } else { "phishing" };
                let weight = f64::from(if less { -weight } else { weight }) / 10.0;
                text.push_str(&format!(
                    "[[rule]]\nid = \"{id}\"\ncategory = \"{category}\"\nweight = {weight:?}\n\
                     says = \"{}\"\nwhy = \"w\"\nwhen = {}\n",
                    SAYS[says], WHEN[when]
                ));
            }
            text
        })
    }

    fn mail() -> impl Strategy<Value = Vec<u8>> {
        let from = prop::sample::select(vec![
            "Pear <x@mailer.example>",
            "a@example.com",
            "",
            "b@sub.example.net",
        ]);
        let subject = prop::sample::select(vec!["invoice", "Invoice today", "lottery", "Hello"]);
        let to = prop::sample::select(vec!["To: pat@example.com\r\n", ""]);
        let reply = prop::sample::select(vec!["Reply-To: z@other.example\r\n", ""]);
        let auth = prop::sample::select(vec![
            "",
            "Received: from a (a [203.0.113.9]) by mx.example.com with SMTP; x\r\n\
             Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=example.com\r\n",
            "Received: from a (a [203.0.113.9]) by mx.example.com with SMTP; x\r\n\
             Authentication-Results: mx.example.com; dmarc=fail header.from=example.com\r\n",
        ]);
        let body = prop::sample::select(vec![
            "<p>Your account: pay with gift cards <a href=\"http://evil.test/\">www.bank.example</a>",
            "<p>nothing",
            "<p>lottery, pay",
            "",
        ]);
        let cut = prop::sample::select(vec![0, 30_000]);
        (from, subject, to, reply, auth, body, cut).prop_map(
            |(from, subject, to, reply, auth, body, cut)| {
                let long = "x".repeat(cut);
                format!(
                    "{auth}From: {from}\r\n{to}{reply}X-Long: {long}\r\nSubject: {subject}\r\n\
                     Content-Type: text/html\r\n\r\n{body}\r\n"
                )
                .into_bytes()
            },
        )
    }

    fn lists() -> impl Strategy<Value = Senders> {
        let list = prop::sample::select(vec![
            vec![],
            vec![],
            vec!["*@example.com".to_owned()],
            vec!["x@mailer.example".to_owned(), "*@*.example.net".to_owned()],
        ]);
        (list.clone(), list).prop_map(|(ok, bad)| Senders::parse(&ok, &bad).unwrap())
    }

    fn load(text: &str) -> Ruleset {
        let (name, text) = ("own".to_owned(), text.to_owned());
        let (ruleset, refused) = Ruleset::load(&[Source::own(name, text)]);
        assert!(refused.is_empty(), "{refused:?}");
        ruleset
    }

    fn context(ruleset: &Ruleset, own: &[&str]) -> Context {
        Context {
            now: "2026-06-01T12:00:00Z".parse().unwrap(),
            own_addresses: vec![],
            own_domains: own.iter().map(|one| (*one).to_owned()).collect(),
            brands: ruleset.brands(),
            correspondence: Default::default(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn judging_again_is_judging_from_scratch(
            old in sources(), new in sources(), senders in (lists(), lists()), raw in mail(),
            owns in any::<[bool; 2]>(),
        ) {
            let owner = |owns| if owns { &["example.com"][..] } else { &[] };
            let (old, new) = (load(&old), load(&new));
            let reading = Reading::default();
            let message = Message::parse(raw, Coverage::Whole, &reading);
            let (was, is) = (context(&old, owner(owns[0])), context(&new, owner(owns[1])));
            let before = old.judge(&message, &was, &senders.0, Level::Low);
            // As the store keeps it.
            let before = serde_json::from_str(&serde_json::to_string(&before).unwrap()).unwrap();
            let again = new.again(
                &old.texts(&format!("{:?}", was.own_domains)),
                &new.texts(&format!("{:?}", is.own_domains)),
            );
            let scratch = new.judge(&message, &is, &senders.1, Level::Medium);

            let mut trimmed = message.clone();
            checks::trim(&mut trimmed);
            let view = Message::kept(&trimmed.keep(), message.digest, &reading).unwrap();
            let viewed = new.judge_again(&again, &before, Some(&view), &is, &senders.1, Level::Medium);
            prop_assert_eq!(viewed.as_ref(), Some(&scratch));

            let unseen = new.judge_again(&again, &before, None, &is, &senders.1, Level::Medium);
            prop_assert_eq!(unseen.is_some(), !again.runs() && senders.1.is_empty());
            if let Some(unseen) = unseen {
                prop_assert_eq!(unseen, scratch);
            }
        }
    }

    #[test]
    fn only_rules_whose_text_changed_run() {
        let rule = |id: &str, weight: &str, says: &str, when: &str| {
            format!(
                "[[rule]]\nid = \"{id}\"\ncategory = \"spam\"\nweight = {weight}\nsays = \"{says}\"\nwhy = \"w\"\nwhen = {when}\n"
            )
        };
        let old = rule("a", "1", "s", WHEN[0]) + &rule("b", "1", "s", WHEN[2]);
        let before = load(&old);
        for (new, owner, runs) in [
            (old.clone(), "pat", &[][..]),
            (
                rule("a", "2", "t", WHEN[0]) + &rule("b", "3", "u", WHEN[2]),
                "pat",
                &[],
            ),
            (
                rule("a", "1", "s", WHEN[1]) + &rule("b", "1", "s", WHEN[2]),
                "pat",
                &["a"],
            ),
            (rule("a", "1", "s", WHEN[0]), "pat", &[]),
            (old.clone() + &rule("c", "1", "s", WHEN[0]), "pat", &["c"]),
            // What checks know of the owner decides for rules that ask one.
            (old.clone(), "kim", &["b"]),
        ] {
            let now = load(&new);
            let again = now.again(&before.texts("pat"), &now.texts(owner));
            let ran: Vec<_> = again.changed.rules().iter().map(|rule| &rule.id).collect();
            assert_eq!(ran, runs, "{new}");
        }
    }
}
