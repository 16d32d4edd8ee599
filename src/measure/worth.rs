//! What each rule is worth: how often it fires where, what is found thanks to it alone, and what
//! it costs.

use super::bound::Fitted;
use super::corpus::{Corpus, Folder, Kind, Part};
use crate::verdict::Level;
use serde::Serialize;

/// What one rule is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// Its id.
    pub rule: String,
    /// The weight that an expert gave it.
    pub prior: f64,
    /// The weight that was fitted; `None`: it never fired, and keeps its prior.
    pub weight: Option<f64>,
    /// In how many messages of each folder it fires, in the order of the folders.
    pub hits: Vec<usize>,
    /// Spam that is found thanks to it alone at level low, medium and high: the mean of folders'
    /// shares, from 0 to 1.
    pub lost_without: [f64; 3],
    /// Honest messages, but those aside, that it alone lifts above level high.
    pub false_alarms: usize,
}

impl Worth {
    /// Whether nothing would be missed of it: it weighs next to nothing, or decides nothing.
    pub fn earns_nothing(&self) -> bool {
        let little = |weight: f64| weight.abs() < 0.05;
        let weighs = self.weight.is_some_and(|weight| !little(weight));
        let clears = self.weight.is_some_and(|weight| weight < 0.0);
        !weighs || (!clears && self.lost_without == [0.0; 3])
    }
}

/// What each rule is worth with these weights, the heaviest first.
pub fn worth(corpus: &Corpus, fitted: &Fitted) -> Vec<Worth> {
    let names = corpus.names.iter().enumerate();
    let mut all: Vec<Worth> = names
        .map(|(place, name)| Worth {
            rule: name.id.clone(),
            prior: name.prior,
            weight: fitted.weights.get(place).copied().flatten(),
            hits: vec![0; corpus.folders.len()],
            lost_without: [0.0; 3],
            false_alarms: 0,
        })
        .collect();
    let spam = corpus.folders.iter().filter(|folder| is_spam(folder));
    let spam_folders = spam.count().max(1) as f64;
    for (number, folder) in corpus.folders.iter().enumerate() {
        let each = 1.0 / folder.messages.len().max(1) as f64 / spam_folders;
        for message in &folder.messages {
            let score = message.score_with(&fitted.weights);
            for (place, _) in &message.fired {
                let Some(one) = all.get_mut(*place) else {
                    continue;
                };
                if let Some(hits) = one.hits.get_mut(number) {
                    *hits += 1;
                }
                let without = score - one.weight.unwrap_or_default();
                let decides = |level: Level| {
                    let threshold = level.threshold();
                    score >= threshold && without < threshold - 1e-9
                };
                if is_spam(folder) {
                    let levels = [Level::Low, Level::Medium, Level::High];
                    for (lost, level) in one.lost_without.iter_mut().zip(levels) {
                        *lost += if decides(level) { each } else { 0.0 };
                    }
                } else if folder.kind == Kind::Ham && folder.part != Part::Aside {
                    one.false_alarms += usize::from(decides(Level::High));
                }
            }
        }
    }
    let mut names = corpus.names.iter();
    all.retain(|_| names.next().is_some_and(|name| name.fitted));
    all.sort_by(|a, b| {
        let weight = |one: &Worth| one.weight.unwrap_or(f64::NEG_INFINITY);
        weight(b)
            .total_cmp(&weight(a))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    all
}

fn is_spam(folder: &Folder) -> bool {
    folder.kind == Kind::Spam && folder.part != Part::Aside
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::corpus;
    use super::*;

    #[test]
    fn a_rule_is_worth_what_is_lost_without_it() {
        let fitted = Fitted {
            weights: vec![Some(7.0), Some(3.0), None],
            beyond: vec![],
        };
        let all = worth(&corpus(), &fitted);
        let ids: Vec<_> = all.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(ids, ["sure", "unsure", "never"]);
        assert_eq!(all[0].hits, [0, 0, 300, 30]);
        assert_eq!(all[1].hits, [100, 10, 200, 30]);
        // 300 of 500, and 30 of 50 that have the other as well.
        assert!((all[0].lost_without[0] - 0.6).abs() < 1e-9);
        assert!((all[0].lost_without[2] - 0.3).abs() < 1e-9);
        assert_eq!((all[0].false_alarms, all[1].false_alarms), (0, 110));
        let nothing = all.iter().map(Worth::earns_nothing);
        assert_eq!(nothing.collect::<Vec<_>>(), [false, false, true]);
    }
}
