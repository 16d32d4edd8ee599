//! Whether probabilities mean what they say: of messages that are called 80 % likely, eight in ten
//! should be spam. Folders of mail hold another share of spam than a mailbox does, so messages are
//! counted as if a tenth of all were spam, and every folder of a kind as much as the next.

use crate::verdict::probability;
use serde::Serialize;

/// The share of spam and phishing in mail of which probabilities are stated.
pub const SPAM_SHARE: f64 = 0.1;

/// Messages whose probability lies between two tenths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// From which probability.
    pub from: f64,
    /// Up to which.
    pub to: f64,
    /// How many messages.
    pub messages: usize,
    /// What was said: the mean of their probabilities.
    pub stated: f64,
    /// What is so: the share of them that is spam.
    pub found: f64,
}

/// Whether the probabilities of messages mean what they say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The share of spam for which they are stated.
    pub spam_share: f64,
    /// The mean square of what they are off by: 0 is perfect, 0.09 what "a tenth" of every message
    /// would give.
    pub brier: f64,
    /// The mean of what the bins are off by.
    pub off: f64,
    /// Bins that hold messages.
    pub bins: Vec<Bin>,
}

/// A message's score, whether it is spam, and how much it counts.
pub(super) type Weighed = (f64, bool, f64);

/// How much each message counts, so that a tenth is spam and folders of a kind count alike.
pub(super) fn weighed(folders: &[(bool, Vec<f64>)]) -> Vec<Weighed> {
    let mut all = Vec::new();
    for (is_spam, scores) in folders {
        let alike = folders.iter().filter(|(spam, _)| spam == is_spam).count();
        let share = if *is_spam {
            SPAM_SHARE
        } else {
            1.0 - SPAM_SHARE
        };
        let mass = share / (alike * scores.len().max(1)) as f64;
        all.extend(scores.iter().map(|score| (*score, *is_spam, mass)));
    }
    all
}

impl Calibration {
    /// Of these messages, with this constant.
    pub(super) fn of(all: &[Weighed], constant: f64) -> Calibration {
        const BINS: usize = 10;
        let mut sums = [(0_usize, 0.0, 0.0, 0.0); BINS]; // messages, mass, stated, spam
        let (mut square, mut total) = (0.0, 0.0);
        for (score, spam, mass) in all {
            let likely = probability(*score, constant);
            let is = if *spam { 1.0 } else { 0.0 };
            square += mass * (likely - is) * (likely - is);
            total += mass;
            let bin = ((likely * BINS as f64) as usize).min(BINS - 1);
            if let Some((messages, of, stated, found)) = sums.get_mut(bin) {
                *messages += 1;
                *of += mass;
                *stated += mass * likely;
                *found += mass * is;
            }
        }
        let total = f64::max(total, f64::MIN_POSITIVE);
        let off: f64 = sums
            .iter()
            .map(|(_, _, stated, found)| (stated - found).abs())
            .sum();
        let bins = sums
            .iter()
            .enumerate()
            .filter(|(_, (messages, ..))| *messages > 0);
        Calibration {
            spam_share: SPAM_SHARE,
            brier: square / total,
            off: off / total,
            bins: bins
                .map(|(bin, (messages, of, stated, found))| Bin {
                    from: bin as f64 / BINS as f64,
                    to: (bin + 1) as f64 / BINS as f64,
                    messages: *messages,
                    stated: stated / of,
                    found: found / of,
                })
                .collect(),
        }
    }
}

/// The constant under which the scores' probabilities are most likely, in hundredths.
pub(super) fn constant(all: &[Weighed]) -> f64 {
    // The mean of what is stated grows with it: it is right where that is the share of spam.
    let too_high = |constant: f64| {
        let off = all.iter().map(|(score, spam, mass)| {
            let likely = 1.0 / (1.0 + (-(score + constant)).exp());
            mass * (likely - if *spam { 1.0 } else { 0.0 })
        });
        off.sum::<f64>() > 0.0
    };
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        match too_high(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    (low * 100.0_f64).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_kind_every_folder_counts_as_much() {
        let all = weighed(&[
            (false, vec![0.0; 3]),
            (false, vec![0.0; 30]),
            (true, vec![9.0; 5]),
        ]);
        let mass = |of: &dyn Fn(&Weighed) -> bool| -> f64 {
            all.iter().filter(|one| of(one)).map(|one| one.2).sum()
        };
        assert!((mass(&|one| one.1) - 0.1).abs() < 1e-12);
        assert!((all[0].2 * 3.0 - all[3].2 * 30.0).abs() < 1e-12);
    }

    #[test]
    fn the_constant_makes_the_share_of_spam_true() {
        // Of scores that say nothing, the constant says it all: log-odds of a tenth.
        let all = weighed(&[(false, vec![0.0; 9]), (true, vec![0.0; 4])]);
        assert_eq!(constant(&all), -2.2);
        let said = Calibration::of(&all, constant(&all));
        assert_eq!(said.bins.len(), 1);
        assert!((said.bins[0].found - 0.1).abs() < 1e-9 && said.off < 0.001);
        assert!((said.brier - 0.09).abs() < 1e-4);
    }

    #[test]
    fn certain_and_right_is_perfect_and_certain_and_wrong_is_not() {
        let right = weighed(&[(false, vec![-50.0]), (true, vec![50.0])]);
        let wrong = weighed(&[(false, vec![50.0]), (true, vec![-50.0])]);
        assert_eq!(Calibration::of(&right, 0.0).brier, 0.0);
        assert!((Calibration::of(&wrong, 0.0).brier - 1.0).abs() < 1e-9);
        assert!(Calibration::of(&[], 0.0).bins.is_empty());
    }
}
