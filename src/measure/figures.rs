//! All that is said of a measurement: for each folder and in all what is flagged and found, the
//! rules that decide, those that cost and those that never fire, and where the judgement is worst.

use super::calibration::{Calibration, weighed};
use super::corpus::{Corpus, Folder, Judged, Kind, Part};
use super::roc::{found, one_less_area, threshold_at};
use crate::verdict::Level;
use serde::Serialize;

/// Shares of false alarms at which recall is told.
pub const SHARES: [f64; 3] = [0.001, 0.005, 0.01];
/// The levels, in the order of every list of three.
pub const LEVELS: [Level; 3] = [Level::Low, Level::Medium, Level::High];
/// How many rules and messages a list shows.
const SHOWN: usize = 10;
/// Stands for a threshold that all mail is above: JSON has no infinity.
const LEAST: f64 = -1e6;

/// What was measured, and how it differs without what receiving servers wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// The messages as they are.
    pub as_they_are: Figures,
    /// Without what receiving servers wrote into their headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_received: Option<Figures>,
}

/// The figures of folders of mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Each folder, in the order given.
    pub folders: Vec<OfFolder>,
    /// All of them, but those aside.
    pub all: OfAll,
    /// Whether probabilities mean what they say.
    pub calibration: Calibration,
    /// Rules without which most spam would be missed at level low.
    pub deciding: Vec<Counted>,
    /// Rules without which honest mail would not be flagged at level high.
    pub costing: Vec<Counted>,
    /// Rules that fired nowhere.
    pub silent: Vec<String>,
    /// The honest messages with the highest scores.
    pub worst_ham: Vec<Miss>,
    /// The spam with the lowest.
    pub worst_spam: Vec<Miss>,
}

/// The figures of one folder. Of spam they are told against all honest mail, of honest mail
/// against all spam; shares are from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfFolder {
    /// Its path.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// How much it counts.
    pub part: Part,
    /// Messages.
    pub messages: usize,
    /// How many are hits at level low, medium and high.
    pub hits: [usize; 3],
    /// Recall at 0.1, 0.5 and 1 % false alarms.
    pub recall_at: [f64; 3],
    /// 1 − the area under the curve.
    pub one_less_area: f64,
}

/// The figures of all folders together, each message counting alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfAll {
    /// Honest messages.
    pub ham: usize,
    /// Spam and phishing.
    pub spam: usize,
    /// How many honest ones are hits at level low, medium and high.
    pub false_alarms: [usize; 3],
    /// How many of the others.
    pub found: [usize; 3],
    /// Recall at 0.1, 0.5 and 1 % false alarms, from 0 to 1.
    pub recall_at: [f64; 3],
    /// The scores from which that is.
    pub from_score: [f64; 3],
    /// 1 − the area under the curve, from 0 to 1.
    pub one_less_area: f64,
}

/// A rule, and in how many messages it makes the difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// Its id.
    pub rule: String,
    /// The messages.
    pub messages: usize,
}

/// A message that is judged badly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// Its file.
    pub path: String,
    /// Its score.
    pub score: f64,
    /// What fired, the heaviest first.
    pub rules: Vec<String>,
}

/// The figures; `constant` is what probabilities are stated with.
pub fn figures(corpus: &Corpus, constant: f64) -> Figures {
    let (ham, spam) = (scores(corpus, Kind::Ham), scores(corpus, Kind::Spam));
    let counting: Vec<&Folder> = counting(corpus).collect();
    let of_kind: Vec<(bool, Vec<f64>)> = counting
        .iter()
        .filter(|folder| !folder.messages.is_empty())
        .map(|folder| (folder.kind == Kind::Spam, scores_of(folder)))
        .collect();
    let from_score = SHARES.map(|share| threshold_at(&ham, share));
    Figures {
        folders: corpus
            .folders
            .iter()
            .map(|folder| of_folder(folder, &ham, &spam))
            .collect(),
        all: OfAll {
            ham: ham.len(),
            spam: spam.len(),
            false_alarms: LEVELS.map(|level| hits(&ham, level)),
            found: LEVELS.map(|level| hits(&spam, level)),
            recall_at: from_score.map(|threshold| found(&spam, threshold)),
            from_score: from_score.map(|score| score.max(LEAST)),
            one_less_area: one_less_area(&ham, &spam),
        },
        calibration: Calibration::of(&weighed(&of_kind), constant),
        deciding: making_the_difference(corpus, Kind::Spam, Level::Low),
        costing: making_the_difference(corpus, Kind::Ham, Level::High),
        silent: silent(corpus),
        worst_ham: worst(corpus, Kind::Ham),
        worst_spam: worst(corpus, Kind::Spam),
    }
}

/// The constant under which the corpus's scores, turned into probabilities, mean what they say.
pub fn best_constant(corpus: &Corpus) -> f64 {
    let folders = counting(corpus).filter(|folder| !folder.messages.is_empty());
    let scores = folders.map(|folder| (folder.kind == Kind::Spam, scores_of(folder)));
    super::calibration::constant(&weighed(&scores.collect::<Vec<_>>()))
}

/// Folders that are part of totals.
fn counting(corpus: &Corpus) -> impl Iterator<Item = &Folder> {
    let folders = corpus.folders.iter();
    folders.filter(|folder| folder.part != Part::Aside)
}

fn scores_of(folder: &Folder) -> Vec<f64> {
    folder
        .messages
        .iter()
        .map(|message| message.score)
        .collect()
}

/// The scores of all mail of a kind that is part of totals.
pub(super) fn scores(corpus: &Corpus, kind: Kind) -> Vec<f64> {
    let folders = counting(corpus).filter(|folder| folder.kind == kind);
    folders.flat_map(scores_of).collect()
}

fn hits(scores: &[f64], level: Level) -> usize {
    let hit = |score: &&f64| **score >= level.threshold();
    scores.iter().filter(hit).count()
}

fn of_folder(folder: &Folder, ham: &[f64], spam: &[f64]) -> OfFolder {
    let own = scores_of(folder);
    let (ham, spam) = match folder.kind {
        Kind::Ham => (own.as_slice(), spam),
        Kind::Spam => (ham, own.as_slice()),
    };
    OfFolder {
        name: folder.name.clone(),
        kind: folder.kind,
        part: folder.part,
        messages: own.len(),
        hits: LEVELS.map(|level| hits(&own, level)),
        recall_at: SHARES.map(|share| found(spam, threshold_at(ham, share))),
        one_less_area: one_less_area(ham, spam),
    }
}

fn making_the_difference(corpus: &Corpus, kind: Kind, level: Level) -> Vec<Counted> {
    let mut counts = vec![0; corpus.names.len()];
    let folders = counting(corpus).filter(|folder| folder.kind == kind);
    for message in folders.flat_map(|folder| &folder.messages) {
        let over = message.score - level.threshold();
        for (place, weight) in &message.fired {
            if over >= 0.0
                && *weight > over
                && let Some(count) = counts.get_mut(*place)
            {
                *count += 1;
            }
        }
    }
    let mut all: Vec<Counted> = counts
        .into_iter()
        .enumerate()
        .filter(|(_, messages)| *messages > 0)
        .map(|(place, messages)| Counted {
            rule: corpus.id(place).to_owned(),
            messages,
        })
        .collect();
    all.sort_by(|a, b| {
        b.messages
            .cmp(&a.messages)
            .then_with(|| a.rule.cmp(&b.rule))
    });
    all.truncate(SHOWN);
    all
}

fn silent(corpus: &Corpus) -> Vec<String> {
    let mut fired = vec![false; corpus.names.len()];
    let messages = corpus.folders.iter().flat_map(|folder| &folder.messages);
    for (place, _) in messages.flat_map(|message| &message.fired) {
        if let Some(fired) = fired.get_mut(*place) {
            *fired = true;
        }
    }
    let names = corpus.names.iter().zip(fired);
    let silent = names.filter(|(name, fired)| name.fitted && !fired);
    silent.map(|(name, _)| name.id.clone()).collect()
}

fn worst(corpus: &Corpus, kind: Kind) -> Vec<Miss> {
    let folders = counting(corpus).filter(|folder| folder.kind == kind);
    let mut all: Vec<&Judged> = folders.flat_map(|folder| &folder.messages).collect();
    all.sort_by(|a, b| {
        let by_score = match kind {
            Kind::Ham => b.score.total_cmp(&a.score),
            Kind::Spam => a.score.total_cmp(&b.score),
        };
        by_score.then_with(|| a.path.cmp(&b.path))
    });
    let wrong = |message: &&Judged| match kind {
        Kind::Ham => message.score > 0.0,
        Kind::Spam => message.score < Level::Low.threshold(),
    };
    all.into_iter()
        .filter(wrong)
        .take(SHOWN)
        .map(|message| miss(corpus, message))
        .collect()
}

fn miss(corpus: &Corpus, message: &Judged) -> Miss {
    let mut fired: Vec<(usize, f64)> = message.fired.clone();
    fired.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let weighing = fired.into_iter().filter(|(_, weight)| *weight != 0.0);
    Miss {
        path: message.path.clone(),
        score: message.score,
        rules: weighing
            .map(|(place, _)| corpus.id(place).to_owned())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::{corpus, folder};
    use super::*;

    /// With weights of 5 and 3.
    fn scored() -> Corpus {
        corpus().with_weights(&[Some(7.0), Some(3.0), None])
    }

    #[test]
    fn folders_and_totals_add_up() {
        let figures = figures(&scored(), -5.0);
        let hits: Vec<_> = figures.folders.iter().map(|folder| folder.hits).collect();
        assert_eq!(
            hits,
            [[0, 0, 100], [0, 0, 10], [300, 300, 500], [30, 30, 30]]
        );
        let all = &figures.all;
        assert_eq!((all.ham, all.spam), (1100, 550));
        assert_eq!(
            (all.false_alarms, all.found),
            ([0, 0, 110], [330, 330, 530])
        );
        assert_eq!(all.recall_at, [0.6; 3]);
        assert_eq!(figures.folders[2].recall_at, [0.6; 3]);
        // Of honest mail the figures are told against all spam.
        assert_eq!(figures.folders[0].recall_at, [0.6; 3]);
        assert_eq!(figures.silent, ["never"]);
    }

    #[test]
    fn rules_are_told_by_the_difference_they_make() {
        let figures = figures(&scored(), -5.0);
        let told = |all: &[Counted]| -> Vec<(String, usize)> {
            let all = all.iter();
            all.map(|one| (one.rule.clone(), one.messages)).collect()
        };
        assert_eq!(told(&figures.deciding), [("sure".to_owned(), 330)]);
        assert_eq!(told(&figures.costing), [("unsure".to_owned(), 110)]);
    }

    #[test]
    fn the_worst_are_told_by_path_with_their_rules() {
        let figures = figures(&scored(), -5.0);
        assert_eq!(figures.worst_ham.len(), 10);
        let first = &figures.worst_ham[0];
        assert_eq!((first.path.as_str(), first.score), ("ham/a/900", 3.0));
        assert_eq!(first.rules, ["unsure"]);
        assert_eq!(figures.worst_spam[0].score, 0.0);
        assert!(figures.worst_spam[0].path.starts_with("spam/b/"));
    }

    #[test]
    fn a_folder_aside_is_shown_and_is_in_no_total() {
        let mut corpus = scored();
        let mut quoting = folder("ham/abuse", Kind::Ham, &[(&[0], 50)]);
        quoting.part = Part::Aside;
        corpus.folders.push(quoting);
        let corpus = corpus.with_weights(&[Some(7.0), Some(3.0), None]);
        let (with, without) = (figures(&corpus, -5.0), figures(&scored(), -5.0));
        assert_eq!(with.folders[4].hits, [50, 50, 50]);
        assert_eq!(with.all, without.all);
        assert_eq!(with.worst_ham, without.worst_ham);
        assert_eq!(with.calibration, without.calibration);
    }

    #[test]
    fn nothing_at_all_has_figures_too() {
        let figures = figures(&Corpus::default(), -5.0);
        assert_eq!((figures.all.ham, figures.all.spam), (0, 0));
        assert!(
            serde_json::to_string(&figures)
                .unwrap()
                .contains("\"ham\":0")
        );
    }
}
