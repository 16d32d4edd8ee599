//! What the learner says of a message: how much, and the words and features that decided.

use super::feature::{Features, Group, Name, SHARES, Sight, place};
use super::model::Model;
use crate::mail::Message;
use crate::verdict::{Category, Evidence, Finding};
use std::collections::HashSet;

/// The id of the learner's finding.
pub const RULE: &str = "learner";
/// The most that it adds to a score: less than level low asks for, at which the rules must have
/// found something, too. Mail of a kind that was never learnt is told from spam badly.
pub const MOST_FOR: f64 = 6.0;
/// The most that it takes from one, so that nobody teaches it to let all of their mail pass.
pub const MOST_AGAINST: f64 = 6.0;
/// What is nearer to nothing than this is not worth a word.
const LEAST: f64 = 0.3;
/// Words and features that are named, for what it says and against it.
const NAMED: usize = 4;
const NAMED_AGAINST: usize = 2;

/// What was learnt says this of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// How much speaks for spam, in log-odds; less than 0 for a wanted message.
    pub log_odds: f64,
    /// What decided, strongest first, to be shown.
    pub words: Vec<String>,
    /// What speaks against it.
    pub unlike: Vec<String>,
}

impl Model {
    /// What it says of a message.
    pub fn opinion(&self, message: &Message) -> Opinion {
        let sight = Sight::of(message);
        let features = Features::seen(&sight);
        // As it is kept, so that judging again says the same.
        let log_odds = (self.log_odds(&features) * 1000.0).round() / 1000.0;
        let (mut words, mut unlike) = (Vec::new(), Vec::new());
        if log_odds.abs() >= LEAST {
            let (spam, ham) = self.named(&sight, &features);
            (words, unlike) = match log_odds > 0.0 {
                true => (spam, ham),
                false => (ham, spam),
            };
            words.truncate(NAMED);
            unlike.truncate(NAMED_AGAINST);
        }
        Opinion {
            log_odds,
            words,
            unlike,
        }
    }

    /// What speaks most for spam and for a wanted message, each by name, strongest first.
    fn named(&self, sight: &Sight<'_>, features: &Features) -> (Vec<String>, Vec<String>) {
        let mut values = [0.0; SHARES.len()];
        for (value, (_, of_group)) in values.iter_mut().zip(features.groups()) {
            *value = of_group;
        }
        // Only what stands out is worth a name: what one in so many of the strongest counts.
        let least = self.standing_out(features);
        let mut said: Vec<(f32, String)> = Vec::new();
        let mut seen = HashSet::new();
        sight.each_named(&mut |group: Group, number, name| {
            if name == Name::Form {
                return;
            }
            let value = values.get(group as usize).copied().unwrap_or_default();
            let counts = self.weight(place(number)) * value;
            if counts.abs() < least || !seen.insert(place(number)) {
                return;
            }
            said.push((counts, shown(name)));
        });
        said.sort_by(|one, other| {
            other
                .0
                .abs()
                .total_cmp(&one.0.abs())
                .then_with(|| one.1.cmp(&other.1))
        });
        let (mut spam, mut ham) = (Vec::new(), Vec::new());
        for (counts, name) in said {
            let of_kind = if counts > 0.0 { &mut spam } else { &mut ham };
            // “free” says no more where “free gift” stands already.
            let bare = |name: &str| name.trim_matches(['“', '”']).to_owned();
            let told = |one: &String| one.contains(&bare(&name)) || name.contains(&bare(one));
            if of_kind.len() < NAMED && !of_kind.iter().any(told) {
                of_kind.push(name);
            }
        }
        (spam, ham)
    }

    /// What the hundredth strongest feature counts, or less where there are fewer.
    fn standing_out(&self, features: &Features) -> f32 {
        let mut counts: Vec<f32> = features
            .groups()
            .flat_map(|(places, value)| places.iter().map(move |at| self.weight(*at).abs() * value))
            .collect();
        let least = counts.len().saturating_sub(200);
        if least == 0 {
            return f32::MIN_POSITIVE;
        }
        let (_, least, _) = counts.select_nth_unstable_by(least, f32::total_cmp);
        least.max(f32::MIN_POSITIVE)
    }
}

fn shown(name: Name<'_>) -> String {
    match name {
        Name::Word(word) => format!("“{word}”"),
        Name::Pair(one, other, true) => format!("“{one} {other}”"),
        Name::Pair(one, other, false) => format!("“{one} … {other}”"),
        Name::Sender(sender) => format!("sender “{sender}”"),
        Name::Host(host) => format!("link to “{host}”"),
        Name::Program(program) => format!("sent with “{program}”"),
        Name::Form => String::new(),
    }
}

/// The names of the values that a finding keeps.
const ODDS: &str = "log-odds";
const WORDS: &str = "words";
const UNLIKE: &str = "unlike";
/// Between words in a value.
const BETWEEN: &str = ", ";

impl Opinion {
    /// What an earlier finding of the learner said; `None` where it is none.
    pub fn of(finding: &Finding) -> Option<Opinion> {
        let value = |name| finding.evidence.get(name);
        let words = |name| -> Vec<String> { value(name).map(str::to_owned).into_iter().collect() };
        Some(Opinion {
            log_odds: value(ODDS)?
                .parse()
                .ok()
                .filter(|odds: &f64| odds.is_finite())?,
            words: words(WORDS),
            unlike: words(UNLIKE),
        })
    }

    /// What it adds to a score that the rules made, of which so much is `against` the message and
    /// so much of that `stays` whatever was learnt; `None` where it has nothing to say. It is
    /// capped both ways.
    pub fn weight(&self, against: f64, stays: f64) -> Option<f64> {
        let rest = match stays > 0.0 {
            true => (against - stays).max(0.0),
            false => MOST_AGAINST,
        };
        let weight = self.log_odds.clamp(-MOST_AGAINST.min(rest), MOST_FOR);
        // Sums of decimal fractions are told in thousandths; no "-0".
        let weight = (weight * 1000.0).round() / 1000.0 + 0.0;
        (self.log_odds.abs() >= LEAST).then_some(weight)
    }

    /// The finding of this weight. It has the category of the findings that it stands beside.
    pub fn finding(&self, weight: f64, category: Category) -> Finding {
        let mut evidence = Evidence::none().with(ODDS, format!("{:.3}", self.log_odds));
        let mut says = match self.log_odds > 0.0 {
            true => "Looks like mail you have called spam".to_owned(),
            false => "Looks like mail you have kept".to_owned(),
        };
        match self.words.is_empty() {
            true => says.push_str(", by its form"),
            false => {
                let words = self.words.join(BETWEEN);
                evidence = evidence.with(WORDS, &words);
                says.push_str(&format!(": {words}"));
            }
        }
        if !self.unlike.is_empty() {
            let unlike = self.unlike.join(BETWEEN);
            evidence = evidence.with(UNLIKE, &unlike);
            says.push_str(&format!("; unlike it: {unlike}"));
        }
        Finding {
            rule: RULE.to_owned(),
            category,
            weight,
            says: crate::verdict::tame(&says),
            evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Label;
    use super::super::model::tests::{lesson, message, taught};
    use super::*;

    fn said(odds: f64) -> Opinion {
        Opinion {
            log_odds: odds,
            words: vec!["“prize”".to_owned()],
            unlike: vec!["“lunch”".to_owned()],
        }
    }

    #[test]
    fn it_names_the_words_that_decided() {
        let model = taught(100);
        let spam = model.opinion(&message("win a prize now", "casino bonus and cheap pills"));
        let finding = spam.finding(2.0, Category::Spam);
        assert!(spam.log_odds > 1.0, "{spam:?}");
        assert!(
            finding
                .says
                .starts_with("Looks like mail you have called spam: “")
        );
        assert!(
            spam.words
                .iter()
                .any(|word| word.contains("prize") || word.contains("casino"))
        );
        let ham = model.opinion(&message("lunch at noon", "your train ticket"));
        let finding = ham.finding(-2.0, Category::Spam);
        assert!(ham.log_odds < -1.0 && finding.says.starts_with("Looks like mail you have kept"));
        assert!(spam.words.len() <= NAMED && spam.unlike.len() <= NAMED_AGAINST);
    }

    #[test]
    fn what_it_says_can_be_read_back_from_the_finding() {
        let model = taught(60);
        let opinion = model.opinion(&message("casino", "bonus and lunch"));
        let finding = opinion.finding(1.0, Category::Spam);
        let back = Opinion::of(&finding).unwrap();
        assert_eq!(back.finding(1.0, Category::Spam), finding);
        let other = Finding {
            evidence: Evidence::none(),
            ..finding
        };
        assert_eq!(Opinion::of(&other), None);
    }

    #[test]
    fn it_is_capped_and_takes_nothing_of_what_stays() {
        for (odds, against, stays, weight) in [
            (2.5, 0.0, 0.0, Some(2.5)),
            (99.0, 0.0, 0.0, Some(MOST_FOR)),
            (-99.0, 0.0, 0.0, Some(-MOST_AGAINST)),
            (-99.0, 4.0, 0.0, Some(-MOST_AGAINST)),
            (-99.0, 5.0, 5.0, Some(0.0)),
            (-99.0, 6.0, 5.0, Some(-1.0)),
            (-0.5, 6.0, 5.0, Some(-0.5)),
            (99.0, 5.0, 5.0, Some(MOST_FOR)),
            (0.1, 0.0, 0.0, None),
            (-0.1, 9.0, 9.0, None),
        ] {
            assert_eq!(
                said(odds).weight(against, stays),
                weight,
                "{odds} {against}"
            );
        }
    }

    #[test]
    fn a_message_cannot_put_words_into_its_mouth() {
        let mut model = taught(60);
        for number in 0..5 {
            model.correct(lesson(
                Label::Spam,
                "x",
                &format!("evil\u{202E}word {number}"),
            ));
        }
        let odd = message("x", "evil\u{202E}word \u{1b}[31m");
        let says = model.opinion(&odd).finding(1.0, Category::Spam).says;
        assert!(!says.contains(['\u{202E}', '\u{1b}']), "{says}");
    }
}
