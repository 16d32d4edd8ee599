//! What a rule looks at, in the words in which checks and phrases speak of themselves: for a
//! person who reads the list of rules. It decides nothing.

use super::condition::Condition;
use super::file::Rule;
use super::ruleset::Ruleset;
use crate::checks::ALL;

/// One thing that a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// A check: its name, and what it says of itself.
    Check(String, String),
    /// Patterns of its own, in the field of this name.
    Patterns(String),
    /// Phrases: the idea, and the field of this name.
    Phrases(String, String),
}

impl Ruleset {
    /// What a rule of this ruleset looks at, each thing once, in its order; what must not be there
    /// comes with it.
    pub fn looks(&self, rule: &Rule) -> Vec<Look> {
        let mut looks = Vec::new();
        self.add_looks(&rule.when, &mut looks);
        looks
    }

    fn add_looks(&self, condition: &Condition, looks: &mut Vec<Look>) {
        let mut add = |look: Look| {
            if !looks.contains(&look) {
                looks.push(look);
            }
        };
        match condition {
            Condition::Check(number) => {
                if let Some(check) = ALL.get(*number) {
                    add(Look::Check(check.name.to_owned(), check.about.to_owned()));
                }
            }
            Condition::Patterns(_, patterns) => patterns
                .iter()
                .for_each(|pattern| add(Look::Patterns(pattern.field.to_string()))),
            Condition::Phrases(_, places) => {
                for set in places.iter().filter_map(|place| self.sets().at(*place)) {
                    let mut wordings = self.wordings();
                    let about = wordings.find(|wording| wording.id == set.id());
                    let about = about.map_or(set.id(), |wording| wording.about.as_str());
                    add(Look::Phrases(about.to_owned(), set.field().to_string()));
                }
            }
            Condition::AtLeast(_, conditions) | Condition::Not(conditions) => {
                for condition in conditions {
                    self.add_looks(condition, looks);
                }
            }
        }
    }
}
