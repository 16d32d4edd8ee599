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

/// What a rule looks at, each thing once, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// What must be there, all of it or some.
    pub there: Vec<Look>,
    /// What must not be there.
    pub absent: Vec<Look>,
}

impl Ruleset {
    /// What a rule of this ruleset looks at.
    pub fn looks(&self, rule: &Rule) -> Looks {
        let mut looks = Looks::default();
        self.add_looks(&rule.when, false, &mut looks);
        looks
    }

    fn add_looks(&self, condition: &Condition, is_absent: bool, looks: &mut Looks) {
        let mut add = |look: Look| {
            let side = match is_absent {
                true => &mut looks.absent,
                false => &mut looks.there,
            };
            if !side.contains(&look) {
                side.push(look);
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
            Condition::AtLeast(_, conditions) => {
                for condition in conditions {
                    self.add_looks(condition, is_absent, looks);
                }
            }
            Condition::Not(conditions) => {
                for condition in conditions {
                    self.add_looks(condition, !is_absent, looks);
                }
            }
        }
    }
}
