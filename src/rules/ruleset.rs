//! The effective rules: those that are compiled in, with the user's files added to them or
//! replacing them by id; and the judging of a message by them.

use super::Source;
use super::condition::{Found, Judged};
use super::file::{Contents, Entry, File, Rule, RuleError};
use super::index::Index;
use super::phrases::{Sets, Wording};
use super::senders::{Senders, Standing};
use super::weights;
use crate::checks::{self, Brand, Brands, Context};
use crate::mail::{Alignment, Digest, Message};
use crate::verdict::{Category, Evidence, Finding, Level, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Raised when a check or the judging changes what it says of the same message, so that what was
/// judged before is judged again.
pub(super) const ENGINE: u32 = 2;
/// What a blocked sender adds.
const BLOCKED_WEIGHT: f64 = 10.0;
/// What an approved sender adds that failed authentication.
const SPOOFED_WEIGHT: f64 = 4.0;

/// The rules by which messages are judged.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    rules: Vec<Rule>,
    sets: Sets,
    index: Index,
    brands: Arc<Brands>,
    constant: f64,
    fingerprint: String,
}

impl Ruleset {
    /// Puts files together: a later file's rule or brand replaces an earlier one of the same id,
    /// or switches it off. Of weights files the last counts alone. A file with a mistake is left
    /// out whole, and told.
    pub fn load(sources: &[Source]) -> (Self, Vec<RuleError>) {
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        let mut measured = Vec::new();
        let mut brands: BTreeMap<String, Brand> = BTreeMap::new();
        let mut refused = Vec::new();
        let (sets, contents) = read(sources, &mut refused);
        for contents in contents {
            for entry in contents.rules {
                match entry {
                    Entry::Rule(rule) => drop(rules.insert(rule.id.clone(), rule)),
                    Entry::Off(id) => drop(rules.remove(&id)),
                }
            }
            for brand in contents.brands {
                brands.insert(brand.id.clone(), brand);
            }
            measured.extend(contents.weights);
        }
        let constant = weights::apply(&measured, &mut rules, &mut refused);
        let brands = Arc::new(Brands::from(brands.into_values().collect::<Vec<_>>()));
        let ruleset = Ruleset::of(rules.into_values().collect(), sets, brands, constant);
        (ruleset, refused)
    }

    fn of(mut rules: Vec<Rule>, mut sets: Sets, brands: Arc<Brands>, constant: f64) -> Self {
        let mut index = Index::default();
        for rule in &mut rules {
            rule.when.index(&mut index);
        }
        sets.index(&mut index);
        let fingerprint = fingerprint(&rules, &sets, &brands, constant);
        Ruleset {
            rules,
            sets,
            index,
            brands,
            constant,
            fingerprint,
        }
    }

    /// The rules in force, in order of id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The phrases that rules can ask for, in order of id.
    pub fn wordings(&self) -> impl Iterator<Item = &Wording> {
        self.sets.wordings()
    }

    /// Whether a rule is about links or attachments.
    pub fn is_of_content(&self, id: &str) -> bool {
        let found = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id));
        let rule = found.ok().and_then(|at| self.rules.get(at));
        rule.is_some_and(|rule| rule.of_content)
    }

    /// The brands, for a [`Context`].
    pub fn brands(&self) -> Arc<Brands> {
        Arc::clone(&self.brands)
    }

    /// What is added to a score before it is turned into a probability ([`Verdict::state`]).
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// A SHA-256 in hexadecimal over all that decides a verdict: rules, brands, engine. Where it
    /// differs, a message may be judged differently.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Judges a message.
    pub fn judge(
        &self,
        message: &Message,
        context: &Context,
        senders: &Senders,
        level: Level,
    ) -> Verdict {
        let (notes, standing) = (notes(message), senders.standing(message));
        self.weigh(self.fired(message, context), notes, standing, level)
    }

    /// Adds up what fired, and what the lists of senders say, and states how likely that is.
    pub(super) fn weigh<'r>(
        &self,
        fired: impl IntoIterator<Item = (&'r Rule, Evidence)>,
        notes: Vec<String>,
        standing: Standing,
        level: Level,
    ) -> Verdict {
        weigh(fired, notes, standing, level).state(self.constant)
    }

    /// The rules that fire, in their order, and what each found.
    pub(super) fn fired(&self, message: &Message, context: &Context) -> Vec<(&Rule, Evidence)> {
        let judged = Judged::new(message, context, &self.sets, &self.index);
        let mut fired = Vec::new();
        for rule in &self.rules {
            let mut found = Found::default();
            if rule.when.holds(&judged, &mut found) {
                fired.push((rule, found.evidence()));
            }
        }
        fired
    }

    /// The others, without the rules of these ids.
    #[must_use]
    pub fn without(&self, off: &[String]) -> Ruleset {
        self.only(|rule| !off.contains(&rule.id))
    }

    /// What a person wrote in files of these names, as a ruleset of its own.
    #[must_use]
    pub fn of_file(&self, name: &str) -> Ruleset {
        self.only(|rule| rule.own && rule.file == name)
    }

    /// Some of the rules, as a ruleset of their own.
    pub(super) fn only(&self, chosen: impl Fn(&Rule) -> bool) -> Ruleset {
        let rules = self.rules.iter().filter(|rule| chosen(rule));
        let sets = self.sets.clone();
        let brands = Arc::clone(&self.brands);
        Ruleset::of(rules.cloned().collect(), sets, brands, self.constant)
    }

    /// How ideas are worded: what rules ask for by `phrases`.
    pub(super) fn sets(&self) -> &Sets {
        &self.sets
    }
}

/// Reads every file; one with a mistake is left out whole, and what it holds is not known to
/// the others.
fn read(sources: &[Source], refused: &mut Vec<RuleError>) -> (Sets, Vec<Contents>) {
    let mut files = Vec::new();
    for source in sources {
        match File::open(source) {
            Ok(file) => files.push(file),
            Err(error) => refused.push(error),
        }
    }
    loop {
        let known = refused.len();
        let mut wordings = BTreeMap::new();
        files.retain(|file| match file.wordings() {
            Ok(all) => {
                wordings.extend(all.into_iter().map(|one| (one.id.clone(), one)));
                true
            }
            Err(error) => {
                refused.push(error);
                false
            }
        });
        let (mut sets, mut contents) = (Sets::new(wordings), Vec::new());
        files.retain(|file| match file.contents(&mut sets) {
            Ok(all) => {
                contents.push(all);
                true
            }
            Err(error) => {
                refused.push(error);
                false
            }
        });
        if refused.len() == known {
            return (sets, contents);
        }
    }
}

/// Adds up what fired, and what the lists of senders say.
fn weigh<'r>(
    fired: impl IntoIterator<Item = (&'r Rule, Evidence)>,
    mut notes: Vec<String>,
    standing: Standing,
    level: Level,
) -> Verdict {
    let mut findings = Vec::new();
    let mut of_content = 0.0;
    for (rule, evidence) in fired {
        if rule.of_content && rule.weight > 0.0 {
            of_content += rule.weight;
        }
        findings.push(Finding {
            rule: rule.id.clone(),
            category: rule.category,
            weight: rule.weight,
            says: evidence.fill(&rule.says),
            evidence,
        });
    }
    add_senders(&mut findings, &mut notes, standing, of_content);
    Verdict::weigh(findings, notes, level)
}

/// Adds what the lists of senders say. An approved sender whom nobody authenticated never
/// outweighs `of_content`, what was found about links and attachments.
fn add_senders(
    findings: &mut Vec<Finding>,
    notes: &mut Vec<String>,
    standing: Standing,
    of_content: f64,
) {
    if let Some((address, entry)) = standing.blocked {
        // What speaks for a message does not speak against its owner's own word.
        let weights = findings.iter().map(|finding| finding.weight);
        let spoken_for: f64 = weights.filter(|weight| *weight < 0.0).sum();
        findings.push(Finding {
            rule: "blocked-sender".into(),
            category: Category::Spam,
            weight: BLOCKED_WEIGHT - spoken_for,
            says: format!("{address} is a blocked sender ({entry})"),
            evidence: Evidence::none()
                .with("address", &address)
                .with("entry", &entry),
        });
    }
    let sum = |findings: &[Finding]| -> f64 {
        let against = findings.iter().map(|finding| finding.weight);
        against.filter(|weight| *weight > 0.0).sum()
    };
    let Some((address, entry, alignment)) = standing.approved else {
        return;
    };
    let evidence = Evidence::none()
        .with("address", &address)
        .with("entry", &entry);
    let (rule, category, weight, says) = match alignment {
        Alignment::Pass => (
            "approved-sender",
            Category::Spam,
            -sum(findings),
            format!("{address} is an approved sender ({entry}), and was authenticated"),
        ),
        Alignment::Unrecorded => (
            "approved-sender",
            Category::Spam,
            of_content - sum(findings),
            format!(
                "{address} is an approved sender ({entry}); the receiver recorded no \
                 authentication, so findings about links and attachments still count"
            ),
        ),
        Alignment::Fail => (
            "approved-sender-spoofed",
            Category::Phishing,
            SPOOFED_WEIGHT,
            format!(
                "Claims to be {address}, an approved sender ({entry}), but failed authentication"
            ),
        ),
    };
    if rule == "approved-sender" {
        notes.push(says.clone());
    }
    findings.push(Finding {
        rule: rule.into(),
        category,
        weight: weight + 0.0, // no "-0"
        says,
        evidence,
    });
}

pub(super) fn notes(message: &Message) -> Vec<String> {
    let note = |cut: &String| match cut.strip_prefix("bytes beyond ") {
        Some(bytes) => format!("Only the first {bytes} bytes were judged"),
        None => format!("Not judged: {cut}"),
    };
    message.cut.iter().map(note).collect()
}

fn fingerprint(rules: &[Rule], sets: &Sets, brands: &[Brand], constant: f64) -> String {
    let mut all = format!("engine {ENGINE} of {}\n", env!("CARGO_PKG_VERSION"));
    all.extend(checks::LISTS.iter().copied());
    // Writing to a String cannot fail.
    let _ = writeln!(all, "constant {constant}");
    for rule in rules {
        let (id, category, weight) = (&rule.id, rule.category, rule.weight);
        let _ = write!(all, "rule {id} {category} {weight} {:?} ", rule.says);
        rule.when.describe(sets, &mut all);
        all.push('\n');
    }
    for brand in brands {
        let _ = writeln!(
            all,
            "brand {} {:?} {:?}",
            brand.id, brand.names, brand.domains
        );
    }
    Digest::of(all.as_bytes()).to_string()
}
