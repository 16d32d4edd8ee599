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

    /// Leaves out the rules of these ids, which its owner switched off. An id that no rule has is
    /// a warning.
    pub fn without(
        mut self,
        off: &[String],
        warnings: &mut Vec<String>,
    ) -> Result<Judge, PlanError> {
        if off.is_empty() {
            return Ok(self);
        }
        let rules = self.ruleset.rules();
        let unknown = off
            .iter()
            .filter(|id| !rules.iter().any(|rule| rule.id == **id));
        warnings.extend(unknown.map(|id| {
            format!("there is no rule `{id}`, which `off` under [rules] names: is it misspelt?")
        }));
        self.ruleset = self.ruleset.without(off);
        match self.ruleset.rules().is_empty() {
            true => Err(PlanError::NoRules("all are switched off".to_owned())),
            false => Ok(self),
        }
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
mod tests;
