//! When a rule fires. A condition is a table; **everything in it must hold**:
//!
//! - `check = "name"`: this message has that check's fact;
//! - a field (`subject`, `words`, `header:x-mailer` …) with a pattern, or a list of which one
//!   must match;
//! - `phrases = ["id", …]`: one phrase of these sets (`at-least = n`: n different ones), in the
//!   field `words`, or in the one that `in` names;
//! - `all`, `any`, `none`: lists of conditions;
//! - `at-least = n` with `of = [conditions]`, or with one field: n of its patterns, so that a
//!   rule on wording can ask for several phrases that do not depend on each other.

use super::field::Field;
use super::index::{Index, Looked};
use super::pattern::Pattern;
use super::phrases::Sets;
use crate::checks::{ALL, Concern, Context, Given};
use crate::mail::Message;
use crate::verdict::Evidence;
use std::cell::OnceCell;

/// When a rule fires.
#[derive(Debug, Clone)]
pub enum Condition {
    /// The check at this place in [`ALL`].
    Check(usize),
    /// So many of these patterns.
    Patterns(usize, Vec<Pattern>),
    /// So many phrases of the sets at these places in [`Sets`].
    Phrases(usize, Vec<usize>),
    /// So many of these conditions.
    AtLeast(usize, Vec<Condition>),
    /// None of these conditions.
    Not(Vec<Condition>),
}

/// A message while it is judged: each check runs at most once, and each set of phrases is looked
/// for at most once, however many rules ask.
pub struct Judged<'m> {
    message: &'m Message,
    given: Given<'m>,
    sets: &'m Sets,
    looked: Looked,
    checks: Vec<OnceCell<Option<Evidence>>>,
    said: Vec<OnceCell<Vec<String>>>,
}

/// What made a condition hold.
#[derive(Debug, Default)]
pub struct Found<'j> {
    facts: Vec<&'j Evidence>,
    words: Vec<&'j str>,
}

impl Found<'_> {
    /// All of it, the words as one value.
    pub fn evidence(mut self) -> Evidence {
        let facts = self.facts.iter().flat_map(|evidence| &evidence.0);
        let evidence = Evidence(facts.cloned().collect());
        self.words.dedup();
        match self.words.is_empty() {
            true => evidence,
            false => evidence.with("words", format!("“{}”", self.words.join("”, “"))),
        }
    }
}

impl<'m> Judged<'m> {
    /// Looks the message's fields through.
    pub fn new(message: &'m Message, context: &'m Context, sets: &'m Sets, index: &Index) -> Self {
        // The text is what takes longest to fold, and is needed twice.
        let (subject, text) = (OnceCell::new(), OnceCell::new());
        let subject = || -> &String { subject.get_or_init(|| Field::Subject.of(message)) };
        let text = || -> &String { text.get_or_init(|| Field::Text.of(message)) };
        let of = |field: &Field| match field {
            Field::Subject => subject().clone(),
            Field::Text => text().clone(),
            Field::Words => format!("{}\n{}", subject(), text()),
            field => field.of(message),
        };
        Judged {
            message,
            given: Given::new(message, context),
            sets,
            looked: index.look(of),
            checks: ALL.iter().map(|_| OnceCell::new()).collect(),
            said: (0..sets.count()).map(|_| OnceCell::new()).collect(),
        }
    }

    /// What is said of the set at this place.
    fn said(&self, place: usize) -> &[String] {
        let (Some(cell), Some(set)) = (self.said.get(place), self.sets.at(place)) else {
            return &[];
        };
        cell.get_or_init(|| set.find(&self.looked))
    }

    fn check(&self, number: usize) -> Option<&Evidence> {
        let check = ALL.get(number)?;
        self.checks
            .get(number)?
            .get_or_init(|| (check.run)(self.message, &self.given))
            .as_ref()
    }
}

impl Condition {
    /// Whether it holds; what was found is added to `found`.
    pub fn holds<'j>(&self, judged: &'j Judged, found: &mut Found<'j>) -> bool {
        match self {
            Condition::Check(number) => judged.check(*number).is_some_and(|evidence| {
                found.facts.push(evidence);
                true
            }),
            Condition::Patterns(least, patterns) => {
                let before = found.words.len();
                let worth = judged.looked.worth(patterns);
                let matches = worth.filter_map(|one| one.find(&judged.looked));
                found.words.extend(matches.take(*least));
                let enough = found.words.len() - before >= *least;
                if !enough || !patterns.iter().all(|one| one.field.is_prose()) {
                    found.words.truncate(before);
                }
                enough
            }
            Condition::Phrases(least, places) => {
                let said = places.iter().flat_map(|place| judged.said(*place));
                let before = found.words.len();
                found.words.extend(said.take(*least).map(String::as_str));
                let enough = found.words.len() - before >= *least;
                if !enough {
                    found.words.truncate(before);
                }
                enough
            }
            Condition::AtLeast(least, conditions) => {
                let mut held = 0;
                let before = (found.facts.len(), found.words.len());
                for (done, condition) in conditions.iter().enumerate() {
                    if held >= *least || held + (conditions.len() - done) < *least {
                        break;
                    }
                    held += usize::from(condition.holds(judged, found));
                }
                let enough = held >= *least;
                if !enough {
                    found.facts.truncate(before.0);
                    found.words.truncate(before.1);
                }
                enough
            }
            Condition::Not(conditions) => !conditions
                .iter()
                .any(|condition| condition.holds(judged, &mut Found::default())),
        }
    }

    /// Gives every pattern its place in the index.
    pub fn index(&mut self, index: &mut Index) {
        match self {
            Condition::Check(_) | Condition::Phrases(..) => {}
            Condition::Patterns(_, patterns) => {
                patterns.iter_mut().for_each(|pattern| index.add(pattern));
            }
            Condition::AtLeast(_, conditions) | Condition::Not(conditions) => {
                conditions.iter_mut().for_each(|one| one.index(index));
            }
        }
    }

    /// Every pattern in it, but for phrases, which are read beside it.
    pub fn patterns<'a>(&'a self, all: &mut Vec<&'a Pattern>) {
        match self {
            Condition::Check(_) | Condition::Phrases(..) => {}
            Condition::Patterns(_, patterns) => all.extend(patterns),
            Condition::AtLeast(_, conditions) | Condition::Not(conditions) => {
                conditions.iter().for_each(|one| one.patterns(all));
            }
        }
    }

    /// What must be there for it to hold: the concern of each check and field. What must not be
    /// there (`none`) is left out.
    pub fn looks_at(&self, sets: &Sets, all: &mut Vec<Concern>) {
        match self {
            Condition::Check(number) => {
                all.extend(ALL.get(*number).map(|check| check.concern));
            }
            Condition::Patterns(_, patterns) => {
                all.extend(patterns.iter().map(|pattern| pattern.field.concern()));
            }
            Condition::Phrases(_, places) => {
                let sets = places.iter().filter_map(|place| sets.at(*place));
                all.extend(sets.map(|set| set.field().concern()));
            }
            Condition::AtLeast(_, conditions) => {
                conditions.iter().for_each(|one| one.looks_at(sets, all));
            }
            Condition::Not(_) => {}
        }
    }

    /// Whether it asks a check, which may know of brands, lists and the owner.
    pub fn asks_a_check(&self) -> bool {
        match self {
            Condition::Check(_) => true,
            Condition::Patterns(..) | Condition::Phrases(..) => false,
            Condition::AtLeast(_, conditions) | Condition::Not(conditions) => {
                conditions.iter().any(Condition::asks_a_check)
            }
        }
    }

    /// All of it as text, for the fingerprint.
    pub fn describe(&self, sets: &Sets, text: &mut String) {
        let mut list = |word: &str, least: usize, conditions: &[Condition]| {
            text.push_str(&format!("{word} {least} of ["));
            for condition in conditions {
                condition.describe(sets, text);
            }
            text.push(']');
        };
        match self {
            Condition::Check(number) => {
                text.push_str(ALL.get(*number).map_or("", |check| check.name));
                text.push(';');
            }
            Condition::Patterns(least, patterns) => {
                text.push_str(&format!("{least} of "));
                for pattern in patterns {
                    text.push_str(&format!("{} {:?};", pattern.field, pattern.source));
                }
            }
            Condition::Phrases(least, places) => {
                text.push_str(&format!("{least} of "));
                for set in places.iter().filter_map(|place| sets.at(*place)) {
                    set.describe(text);
                }
            }
            Condition::AtLeast(least, conditions) => list("at-least", *least, conditions),
            Condition::Not(conditions) => list("none", 0, conditions),
        }
    }
}
