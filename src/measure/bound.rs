//! Weights that keep within a bound on false alarms: first what is most likely (`fit`), then, as
//! long as a folder of honest mail has more messages above a level than it may, those messages
//! count for more and all is fitted again. So the rules that cost false alarms, and they alone,
//! lose what they weigh.
//!
//! Each message is there twice, as it is and without what receiving servers wrote
//! (`receiver`), so that no weight leans on what one collector's server writes.

use super::corpus::{Corpus, Folder, Kind, Part};
use super::fit::{Hold, Row, Term, fit};
use crate::verdict::Level;
use std::collections::BTreeMap;

/// The levels, and the share of honest mail that may be flagged at each.
const BOUNDS: [(Level, f64); 3] = [
    (Level::Low, 0.001),
    (Level::Medium, 0.005),
    (Level::High, 0.015),
];
/// The same for a folder of fewer messages than this, where one message is a large share.
const FEW: usize = 500;
const BOUNDS_OF_FEW: [f64; 3] = [2.0 / 134.0, 5.0 / 134.0, 9.0 / 134.0];

/// What decides a fit beside the mail; found by leaving folders out in turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tuning {
    /// What is added to a message's sum: a little above level low the odds are even.
    pub constant: f64,
    /// How much more all honest mail counts than all spam.
    pub cost: f64,
    /// How strongly weights are held towards their priors.
    pub hold: Hold,
    /// What part of the false alarms that a folder may have it may have in training, so that a
    /// folder that nobody has seen keeps within its bound too.
    pub strict: f64,
    /// The most that a rule may weigh: none makes a hit alone at level low.
    pub most: f64,
}

pub(super) const TUNING: Tuning = Tuning {
    constant: -5.5,
    cost: 6.0,
    hold: Hold {
        above: 40.0,
        below: 2.0,
    },
    strict: 0.8,
    most: 4.9,
};

/// The least that a rule weighs which speaks against a message: one of no weight speaks for it.
const LEAST: f64 = 0.01;
/// How often messages above a level may be made to count for more.
const ROUNDS: usize = 60;
/// By how much, each time.
const MORE: f64 = 1.5;
/// What all spam counts, in messages.
const MASS: f64 = 2000.0;

/// Weights, and how they came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// A weight for each name of the corpus; `None` where it is not a rule's, or fired nowhere.
    pub weights: Vec<Option<f64>>,
    /// Folders that have more false alarms in training than they may: the folder, the level, how
    /// many it has and how many it may have.
    pub beyond: Vec<(String, Level, usize, usize)>,
}

/// How many of a folder's messages may be flagged at each level, low first.
pub fn allowed(messages: usize) -> [(Level, usize); 3] {
    let mut of_few = BOUNDS_OF_FEW.into_iter();
    BOUNDS.map(|(level, share)| {
        let few = of_few.next().unwrap_or(share);
        let share = if messages < FEW { few } else { share };
        (level, whole(share * messages as f64))
    })
}

/// A share of a number of messages in whole ones, whatever the last bit of the product.
fn whole(messages: f64) -> usize {
    (messages + 1e-9).floor() as usize
}

/// Fits the corpus's rules. `bare` are the same folders without what receiving servers wrote;
/// `left_out` is the place of a folder that is not looked at.
pub fn fit_within_bounds(
    corpus: &Corpus,
    bare: Option<&Corpus>,
    left_out: Option<usize>,
) -> Fitted {
    fit_with(&TUNING, corpus, bare, left_out)
}

pub(super) fn fit_with(
    tuning: &Tuning,
    corpus: &Corpus,
    bare: Option<&Corpus>,
    left_out: Option<usize>,
) -> Fitted {
    let terms: Vec<Term> = corpus.names.iter().map(|name| term(name, tuning)).collect();
    let mut groups = groups(corpus, bare, left_out, tuning);
    let mut weights: Vec<f64> = terms.iter().map(|term| term.prior).collect();
    for _ in 0..ROUNDS {
        let rows: Vec<Row> = groups.iter().flat_map(|group| group.rows.clone()).collect();
        weights = fit(&terms, &rows, tuning.constant, tuning.hold, &weights);
        let mut all_within = true;
        for group in groups.iter_mut().filter(|group| group.bounded) {
            all_within &= group.press(&weights, tuning.strict);
        }
        if all_within {
            break;
        }
    }
    let weights: Vec<f64> = weights.iter().map(|weight| hundredths(*weight)).collect();
    let beyond = groups.iter().filter(|group| group.bounded);
    let beyond = beyond.flat_map(|group| group.beyond(&weights)).collect();
    let fired = fired(&groups, corpus.names.len());
    let all = corpus.names.iter().zip(weights).zip(fired);
    Fitted {
        weights: all
            .map(|((name, weight), fired)| (name.fitted && fired).then_some(weight))
            .collect(),
        beyond,
    }
}

fn term(name: &super::corpus::Name, tuning: &Tuning) -> Term {
    match name.may_clear {
        true => Term {
            prior: name.prior,
            least: -tuning.most,
            most: 0.0,
        },
        false => Term {
            prior: name.prior.max(LEAST),
            least: LEAST,
            most: tuning.most,
        },
    }
}

fn hundredths(weight: f64) -> f64 {
    (weight * 100.0).round() / 100.0 + 0.0
}

/// The messages of a folder, those of which the same fired together.
struct Group {
    folder: String,
    bounded: bool,
    rows: Vec<Row>,
    /// How many messages each row is.
    counts: Vec<usize>,
}

impl Group {
    fn of(folder: &Folder, mass: f64, fitted: &dyn Fn(usize) -> bool) -> Group {
        let mut alike: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for message in &folder.messages {
            let fired = message.fired.iter().map(|(place, _)| *place);
            let mut fired: Vec<usize> = fired.filter(|place| fitted(*place)).collect();
            fired.sort_unstable();
            fired.dedup();
            *alike.entry(fired).or_default() += 1;
        }
        let each = mass / folder.messages.len().max(1) as f64;
        let spam = folder.kind == Kind::Spam;
        let row = |(fired, count): (&Vec<usize>, &usize)| Row {
            fired: fired.clone(),
            spam,
            mass: each * *count as f64,
        };
        Group {
            folder: folder.name.clone(),
            bounded: !spam && folder.part != Part::Aside,
            rows: alike.iter().map(row).collect(),
            counts: alike.into_values().collect(),
        }
    }

    fn messages(&self) -> usize {
        self.counts.iter().sum()
    }

    /// How many messages are flagged at this level.
    fn flagged(&self, weights: &[f64], level: Level) -> usize {
        let rows = self.rows.iter().zip(&self.counts);
        rows.filter(|(row, _)| score(row, weights) >= level.threshold())
            .map(|(_, count)| count)
            .sum()
    }

    /// Where more are flagged than this part of what may be, makes those count for more. Returns
    /// whether nothing had to be done.
    fn press(&mut self, weights: &[f64], strict: f64) -> bool {
        let mut within = true;
        for (level, most) in allowed(self.messages()) {
            if self.flagged(weights, level) <= whole(most as f64 * strict) {
                continue;
            }
            within = false;
            for row in &mut self.rows {
                if score(row, weights) >= level.threshold() {
                    row.mass *= MORE;
                }
            }
        }
        within
    }

    fn beyond(&self, weights: &[f64]) -> Vec<(String, Level, usize, usize)> {
        let levels = allowed(self.messages()).into_iter();
        levels
            .map(|(level, most)| (level, self.flagged(weights, level), most))
            .filter(|(_, flagged, most)| flagged > most)
            .map(|(level, flagged, most)| (self.folder.clone(), level, flagged, most))
            .collect()
    }
}

fn score(row: &Row, weights: &[f64]) -> f64 {
    let weights = row.fired.iter().filter_map(|place| weights.get(*place));
    (weights.map(|weight| hundredths(*weight)).sum::<f64>() * 1000.0).round() / 1000.0
}

fn groups(
    corpus: &Corpus,
    bare: Option<&Corpus>,
    left_out: Option<usize>,
    tuning: &Tuning,
) -> Vec<Group> {
    let fitted = |place: usize| corpus.names.get(place).is_some_and(|name| name.fitted);
    let versions: Vec<&Corpus> = std::iter::once(corpus).chain(bare).collect();
    let in_it = |folders: &[Folder]| -> Vec<Folder> {
        let folders = folders.iter().enumerate();
        let kept = folders
            .filter(|(place, folder)| Some(*place) != left_out && !folder.messages.is_empty());
        kept.map(|(_, folder)| folder.clone()).collect()
    };
    let share = |folder: &Folder| match folder.part {
        Part::Full => 1.0,
        Part::Old => 0.5,
        Part::Aside => 0.2,
    };
    let mut groups = Vec::new();
    for version in &versions {
        let folders = in_it(&version.folders);
        for folder in &folders {
            let of_kind = folders.iter().filter(|other| other.kind == folder.kind);
            let all: f64 = of_kind.map(share).sum();
            let cost = if folder.kind == Kind::Ham {
                tuning.cost
            } else {
                1.0
            };
            let mass = MASS * cost * share(folder) / all / versions.len() as f64;
            groups.push(Group::of(folder, mass, &fitted));
        }
    }
    groups
}

fn fired(groups: &[Group], names: usize) -> Vec<bool> {
    let mut fired = vec![false; names];
    let rows = groups.iter().flat_map(|group| &group.rows);
    for place in rows.flat_map(|row| &row.fired) {
        if let Some(fired) = fired.get_mut(*place) {
            *fired = true;
        }
    }
    fired
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::corpus::{Judged, Name};
    use super::*;

    pub(in super::super) fn name(id: &str, prior: f64) -> Name {
        Name {
            id: id.to_owned(),
            prior,
            weight: prior,
            fitted: true,
            may_clear: prior < 0.0,
        }
    }

    /// A folder of messages: what fired, and in how many.
    pub(in super::super) fn folder(
        name: &str,
        kind: Kind,
        messages: &[(&[usize], usize)],
    ) -> Folder {
        let each = messages.iter().flat_map(|(fired, count)| {
            (0..*count).map(|_| Judged {
                path: String::new(),
                score: fired.len() as f64,
                fired: fired.iter().map(|place| (*place, 1.0)).collect(),
            })
        });
        let mut messages: Vec<Judged> = each.collect();
        for (number, message) in messages.iter_mut().enumerate() {
            message.path = format!("{name}/{number}");
        }
        Folder {
            name: name.to_owned(),
            kind,
            part: Part::Full,
            messages,
        }
    }

    /// Rule 0 is of spam alone, rule 1 of spam and of the small folder of honest mail.
    pub(in super::super) fn corpus() -> Corpus {
        Corpus {
            names: vec![name("sure", 2.0), name("unsure", 2.0), name("never", 1.5)],
            folders: vec![
                folder("ham/a", Kind::Ham, &[(&[], 900), (&[1], 100)]),
                folder("ham/b", Kind::Ham, &[(&[], 90), (&[1], 10)]),
                folder("spam/a", Kind::Spam, &[(&[0], 300), (&[1], 200)]),
                folder("spam/b", Kind::Spam, &[(&[0, 1], 30), (&[], 20)]),
            ],
        }
    }

    #[test]
    fn a_folder_is_allowed_what_its_size_allows() {
        let most = |messages| allowed(messages).map(|(_, most)| most);
        assert_eq!(most(134), [2, 5, 9]);
        assert_eq!(most(1200), [1, 6, 18]);
        assert_eq!(most(1500), [1, 7, 22]);
        assert_eq!(most(10), [0, 0, 0]);
    }

    #[test]
    fn false_alarms_keep_within_the_bound() {
        let mut corpus = corpus();
        // So much spam has it that by likelihood alone it would weigh enough for level low.
        corpus
            .folders
            .push(folder("spam/c", Kind::Spam, &[(&[1], 5000)]));
        let loose = Tuning {
            cost: 0.1,
            ..TUNING
        };
        let fitted = fit_with(&loose, &corpus, None, None);
        assert_eq!(fitted.beyond, []);
        assert!(fitted.weights[1] < Some(3.0), "{fitted:?}");
        assert!(fitted.weights[0] > Some(4.0), "{fitted:?}");
        assert_eq!(fitted.weights[2], None);
        let unbound = Tuning {
            strict: 1000.0,
            ..loose
        };
        assert!(!fit_with(&unbound, &corpus, None, None).beyond.is_empty());
    }

    #[test]
    fn a_folder_that_is_aside_has_no_bound_and_little_say() {
        let mut corpus = corpus();
        let quoting = folder("ham/abuse", Kind::Ham, &[(&[0], 300)]);
        corpus.folders.push(quoting);
        let weight = |corpus: &Corpus| fit_within_bounds(corpus, None, None).weights[0];
        let among = weight(&corpus);
        corpus.folders[4].part = Part::Aside;
        assert!(weight(&corpus) > among);
        assert!(among < Some(3.0), "{among:?}");
    }

    #[test]
    fn only_what_names_a_fact_may_weigh_less_than_nothing() {
        let mut corpus = corpus();
        corpus.names.push(name("vouched-for", -1.0));
        corpus.names.push(name("harmless", 1.0));
        for (place, spam) in [(0, false), (1, false), (2, true)] {
            for (number, message) in corpus.folders[place].messages.iter_mut().enumerate() {
                if !spam || number % 50 == 0 {
                    message.fired.extend([(3, -1.0), (4, 1.0)]);
                }
            }
        }
        let weights = fit_within_bounds(&corpus, None, None).weights;
        assert!(weights[3] < Some(-0.5), "{weights:?}");
        assert_eq!(weights[4], Some(LEAST));
    }

    #[test]
    fn what_only_a_collector_wrote_earns_less() {
        let mut corpus = corpus();
        corpus.names.push(name("of-the-collector", 1.0));
        for message in &mut corpus.folders[2].messages {
            message.fired.push((3, 1.0));
        }
        let mut bare = corpus.clone();
        for message in &mut bare.folders[2].messages {
            message.fired.retain(|(place, _)| *place != 3);
        }
        let weights = |bare| fit_within_bounds(&corpus, bare, None).weights;
        let (alone, twice) = (weights(None), weights(Some(&bare)));
        assert!(twice[3] < alone[3], "{alone:?} {twice:?}");
    }

    #[test]
    fn the_same_mail_gives_the_same_weights() {
        let fit = || fit_within_bounds(&corpus(), Some(&corpus()), None);
        assert_eq!(fit(), fit());
    }
}
