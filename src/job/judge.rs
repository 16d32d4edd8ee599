//! The judge: the effective rules, lists of senders and what was learnt, ready to judge message
//! after message.

use super::learnt;
use super::plan::{PlanError, own_files};
use crate::checks::{self, Context};
use crate::classifier::{self, Label, Model, Opinion};
use crate::content;
use crate::mail::{Coverage, Digest, Message, Reading};
use crate::rules::senders::Senders;
use crate::rules::{self, Ruleset, Source, Texts};
use crate::settings::{Account, Places};
use crate::verdict::{Category, Finding, Level, Only, Verdict};
use jiff::Timestamp;

/// The effective rules and lists, and what was learnt.
pub struct Judge {
    ruleset: Ruleset,
    senders: Senders,
    level: Level,
    lists: String,
    learnt: Option<Model>,
    only: Option<Only>,
}

/// The learner's place among the rules' texts; no rule has such an id.
const LEARNER: &str = " learner";

/// Where the learner has a say, what the rules find beyond this counts by a part only: many that
/// fire together tell one thing many times, as where a wanted message quotes a phishing one. Any
/// level's threshold but the lowest's is below it.
const ENOUGH: f64 = 6.0;
const REST_COUNTS: f64 = 0.25;
/// What a link or an attachment shows that weighs so much is enough by itself, and stays whatever
/// was learnt: words can be borrowed from wanted mail, a disguised program cannot.
const STAYS: f64 = 3.0;

/// What is to be done with messages that were judged before.
#[derive(Debug)]
pub struct Again {
    rules: rules::Again,
    /// Whether the learner says what it said.
    same: bool,
}

impl Judge {
    /// Reads the shipped rules and weights, then the user's own from the configuration folder. A
    /// file that is refused is a warning, and the rest goes on.
    pub fn new(
        approved: &[String],
        blocked: &[String],
        places: &Places,
        level: Level,
        warnings: &mut Vec<String>,
    ) -> Result<Judge, PlanError> {
        let own = own_files(&places.config_dir.join("rules"), warnings);
        let own = own.into_iter().map(|(name, text)| Source::own(name, text));
        let weights = own_weights(places, warnings);
        let shipped = rules::shipped().into_iter();
        let sources: Vec<Source> = shipped.chain(own).chain(weights).collect();
        let (ruleset, refused) = Ruleset::load(&sources);
        warnings.extend(
            refused
                .iter()
                .map(|error| format!("{error}; the file was left out")),
        );
        if ruleset.rules().is_empty() {
            return Err(PlanError::NoRules(warnings.join("; ")));
        }
        let senders = Senders::parse(approved, blocked).map_err(PlanError::Senders)?;
        let learnt = learnt::to_judge_by(&places.data_dir, warnings).filter(Model::can_judge);
        Ok(Judge {
            ruleset,
            senders,
            level,
            lists: format!("{approved:?}{blocked:?}"),
            learnt,
            only: None,
        })
    }

    /// Judges by one part alone; `None`: by both.
    pub fn by(mut self, only: Option<Only>) -> Result<Judge, PlanError> {
        match only {
            Some(Only::Learner) if self.learnt.is_none() => return Err(PlanError::NothingLearnt),
            Some(Only::Rules) => self.learnt = None,
            Some(Only::Learner) | None => {}
        }
        self.only = only;
        Ok(self)
    }

    /// Judges by this, whatever was learnt before.
    #[must_use]
    pub fn with_learnt(mut self, model: Model) -> Judge {
        self.learnt = Some(model).filter(Model::can_judge);
        self
    }

    /// The rules in force.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// What rules of the user's own can ask for: each check's name, and what it states.
    pub fn checks(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        checks::ALL.iter().map(|check| (check.name, check.about))
    }

    /// The level that verdicts are given at.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Whether a message is remembered as learnt so.
    pub(super) fn has_learnt(&self, digest: &Digest, label: Label) -> bool {
        let model = self.learnt.as_ref();
        model.is_some_and(|model| model.knows(digest) == Some(label))
    }

    /// What a verdict of these rules depends on beside the message, in one word: when it
    /// changes, messages are judged again. The level is not part of it: scores stay.
    pub fn fingerprint(&self, account: &Account) -> String {
        let owner = owner(account);
        let mut all = format!("{}\n{}\n{owner}", self.ruleset.fingerprint(), self.lists);
        if let Some(model) = &self.learnt {
            all.push_str(&format!("\nlearnt {}", model.mark()));
        }
        Digest::of(all.as_bytes()).to_string()
    }

    /// The rules' texts for this account: where one is the same, its rule need not run again. The
    /// learner's is its mark, which not every message learnt changes.
    pub fn texts(&self, account: &Account) -> Texts {
        let mut texts = self.ruleset.texts(&owner(account));
        if let Some(model) = &self.learnt {
            texts.insert(LEARNER.to_owned(), model.mark());
        }
        texts
    }

    /// What is to be done with messages that rules of the texts `before` judged.
    pub fn again(&self, before: &Texts, now: &Texts) -> Again {
        Again {
            rules: self.ruleset.again(before, now),
            same: before.get(LEARNER) == now.get(LEARNER),
        }
    }

    /// Judges again a message of which `before` was said; `None` where a view of it is needed.
    pub fn judge_again(
        &self,
        again: &Again,
        before: &Verdict,
        view: Option<&Message>,
        context: &Context,
    ) -> Option<Verdict> {
        let (rules, senders) = (&again.rules, &self.senders);
        let judged = self
            .ruleset
            .judge_again(rules, before, view, context, senders, self.level)?;
        let Some(model) = &self.learnt else {
            return Some(judged);
        };
        // It says nothing beside a listed sender, who may be none any more.
        let listed = is_of_lists(&before.findings);
        let mut findings = before.findings.iter();
        let before = findings.find(|finding| finding.rule == classifier::RULE);
        let opinion = match (before.filter(|_| again.same), view) {
            (Some(finding), _) => Opinion::of(finding),
            (None, Some(message)) => Some(model.opinion(message)),
            // It may have had nothing to say; what is silent is not kept.
            (None, None) if again.same && !listed => None,
            (None, None) => return None,
        };
        Some(self.join(judged, model, opinion.as_ref()))
    }

    /// Judges one message.
    pub fn judge(
        &self,
        bytes: Vec<u8>,
        coverage: Coverage,
        reading: &Reading,
        context: &Context,
    ) -> (Message, Verdict) {
        let mut message = Message::parse(bytes, coverage, reading);
        content::open(&mut message, reading);
        let learnt = self.learnt.as_ref();
        let opinion = learnt.map(|model| (model, model.opinion(&message)));
        if let (Some(Only::Learner), Some((_, opinion))) = (self.only, &opinion) {
            let finding = opinion.finding(opinion.log_odds, Category::Spam);
            let verdict = Verdict::weigh(vec![finding], Vec::new(), self.level);
            // What was learnt is log-odds as it is.
            return (message, verdict.state(0.0));
        }
        let judged = self
            .ruleset
            .judge(&message, context, &self.senders, self.level);
        let verdict = match opinion {
            Some((model, opinion)) => self.join(judged, model, Some(&opinion)),
            None => judged,
        };
        (message, verdict)
    }

    /// Adds what the learner says to what the rules found; `None`: it has nothing to say. A
    /// person's own word, the lists of senders, is not spoken against.
    fn join(&self, judged: Verdict, model: &Model, opinion: Option<&Opinion>) -> Verdict {
        let mut findings = judged.findings;
        if is_of_lists(&findings) {
            return Verdict { findings, ..judged };
        }
        let sum = |findings: &[Finding], chosen: &dyn Fn(&Finding) -> bool| -> f64 {
            let chosen = findings.iter().filter(|finding| chosen(finding));
            chosen.map(|finding| finding.weight.max(0.0)).sum()
        };
        let stays = sum(&findings, &|one| {
            one.weight >= STAYS && self.ruleset.is_of_content(&one.rule)
        });
        let all = sum(&findings, &|_| true);
        // The more was learnt, the less what the rules find counts twice.
        let doubled = (all - ENOUGH.max(stays)).max(0.0) * (1.0 - REST_COUNTS);
        let against = all - model.certainty() * doubled;
        if against < all {
            let share = against / all;
            let positive = findings.iter_mut().filter(|finding| finding.weight > 0.0);
            positive.for_each(|one| one.weight = (one.weight * share * 1000.0).round() / 1000.0);
        }
        if let Some((opinion, weight)) =
            opinion.and_then(|opinion| Some((opinion, opinion.weight(against, stays)?)))
        {
            // Whether spam or phishing is for the rules to say.
            let of_kind = |category| sum(&findings, &|one| one.category == category);
            let category = match of_kind(Category::Phishing) > of_kind(Category::Spam) {
                true => Category::Phishing,
                false => Category::Spam,
            };
            findings.push(opinion.finding(weight, category));
        }
        let verdict = Verdict::weigh(findings, judged.notes, self.level);
        verdict.state(self.ruleset.constant())
    }

    /// What checks may know of this account's owner, now.
    pub fn context(&self, account: Option<&Account>) -> Context {
        Context {
            now: Timestamp::now(),
            own_addresses: account.map_or_else(Vec::new, |account| account.addresses.clone()),
            own_domains: account.map_or_else(Vec::new, |account| account.own_domains.clone()),
            brands: self.ruleset.brands(),
            correspondence: Default::default(),
        }
    }
}

/// The weights that the user measured: they replace those that are compiled in.
fn own_weights(places: &Places, warnings: &mut Vec<String>) -> Option<Source> {
    let path = places.weights_file();
    let name = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(Source::own(name, text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            warnings.push(format!("{name}: {error}; it was left out"));
            None
        }
    }
}

/// Whether the owner's lists of senders decide.
fn is_of_lists(findings: &[Finding]) -> bool {
    let listed = ["approved-sender", "blocked-sender"];
    findings
        .iter()
        .any(|finding| listed.contains(&finding.rule.as_str()))
}

/// What the settings say of an account's owner and their servers, as text.
fn owner(account: &Account) -> String {
    format!(
        "{:?}{:?}{:?}{:?}",
        account.addresses, account.own_domains, account.authserv_ids, account.trusted_hosts
    )
}

#[cfg(test)]
mod tests {
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

    fn model(each: usize) -> Model {
        let lessons = (0..each).flat_map(|number| {
            [
                (Label::Spam, "casino bonus"),
                (Label::Ham, "choir practice"),
            ]
            .map(|(label, text)| {
                let raw = mail(&format!("{text} {number}"));
                let message = Message::parse(raw, Coverage::Whole, &Reading::default());
                let features = Features::of(&message);
                let (digest, at) = (message.digest, 0);
                Lesson {
                    digest,
                    label,
                    features,
                    at,
                }
            })
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
            let raw = mail(&format!("{text} {number}"));
            let message = Message::parse(raw, Coverage::Whole, &Reading::default());
            let (digest, at, features) = (message.digest, 0, Features::of(&message));
            Lesson {
                digest,
                label,
                features,
                at,
            }
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
}
