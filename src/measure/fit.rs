//! Logistic regression: the weights under which what is known of messages is most likely, each
//! held towards its prior. The sum of a message's weights and a constant are its log-odds, which
//! is why scores add up. Found by an accelerated proximal gradient (Beck and Teboulle, "A Fast
//! Iterative Shrinkage-Thresholding Algorithm", 2009) with its momentum restarted where it leads
//! uphill; the problem is strictly convex, so that there is one answer whatever the way.

/// What a weight may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    /// What it is held towards.
    pub prior: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most that it may be.
    pub most: f64,
}

/// Messages of which the same fired.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// What fired, by place among the terms; each once.
    pub fired: Vec<usize>,
    /// Whether they are spam.
    pub spam: bool,
    /// How much they count, together.
    pub mass: f64,
}

/// How strongly a weight is held towards its prior, the more the further it is from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    /// Where it is above. What mail there is lacks much that honest mail looks like, so that a
    /// weight grows less readily than it shrinks.
    pub above: f64,
    /// Where it is below.
    pub below: f64,
}

impl Hold {
    fn slope(self, weight: f64, prior: f64) -> f64 {
        let off = weight - prior;
        off * if off > 0.0 { self.above } else { self.below }
    }
}

/// Steps after which the answer is taken as it is; fits of real mail take a hundred.
const MOST_STEPS: usize = 2_000;
/// A step that moves no weight by more than this is the last.
const CLOSE: f64 = 1e-5;

/// The weights, a term each, of these rows; `constant` is added to each message's sum. `from` is
/// where the search begins.
pub(super) fn fit(
    terms: &[Term],
    rows: &[Row],
    constant: f64,
    hold: Hold,
    from: &[f64],
) -> Vec<f64> {
    let step = 1.0 / (0.25 * steepest(terms.len(), rows) + hold.above.max(hold.below));
    let clip = |weight: f64, term: &Term| weight.clamp(term.least, term.most);
    let mut at: Vec<f64> = terms
        .iter()
        .enumerate()
        .map(|(place, term)| clip(from.get(place).copied().unwrap_or(term.prior), term))
        .collect();
    let mut ahead = at.clone();
    let mut momentum = 1.0_f64;
    for _ in 0..MOST_STEPS {
        let slope = slope(terms, rows, constant, hold, &ahead);
        let next: Vec<f64> = ahead
            .iter()
            .zip(&slope)
            .zip(terms)
            .map(|((weight, slope), term)| clip(weight - step * slope, term))
            .collect();
        let moved = next.iter().zip(&at).map(|(next, at)| (next - at).abs());
        let moved = moved.fold(0.0, f64::max);
        let uphill: f64 = slope
            .iter()
            .zip(next.iter().zip(&at))
            .map(|(slope, (next, at))| slope * (next - at))
            .sum();
        let grown = if uphill > 0.0 {
            1.0
        } else {
            (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) / 2.0
        };
        let carry = if uphill > 0.0 {
            0.0
        } else {
            (momentum - 1.0) / grown
        };
        ahead = next
            .iter()
            .zip(&at)
            .map(|(next, at)| next + carry * (next - at))
            .collect();
        momentum = grown;
        at = next;
        if moved < CLOSE {
            break;
        }
    }
    at
}

/// The sum of a row's weights.
fn sum(row: &Row, weights: &[f64]) -> f64 {
    let weights = row.fired.iter().filter_map(|place| weights.get(*place));
    weights.sum()
}

/// How the cost grows with each weight.
fn slope(terms: &[Term], rows: &[Row], constant: f64, hold: Hold, weights: &[f64]) -> Vec<f64> {
    let mut slope: Vec<f64> = weights
        .iter()
        .zip(terms)
        .map(|(weight, term)| hold.slope(*weight, term.prior))
        .collect();
    for row in rows {
        let odds = sum(row, weights) + constant;
        let likely = 1.0 / (1.0 + (-odds).exp());
        let off = row.mass * (likely - if row.spam { 1.0 } else { 0.0 });
        for place in &row.fired {
            if let Some(slope) = slope.get_mut(*place) {
                *slope += off;
            }
        }
    }
    slope
}

/// The largest eigenvalue of the rows' weighted square, by power iteration, and a little more: it
/// bounds how fast the slope changes.
fn steepest(terms: usize, rows: &[Row]) -> f64 {
    let mut along = vec![1.0; terms];
    let mut most = 0.0;
    for _ in 0..30 {
        let mut image = vec![0.0; terms];
        for row in rows {
            let along = row.mass * sum(row, &along);
            for place in &row.fired {
                if let Some(image) = image.get_mut(*place) {
                    *image += along;
                }
            }
        }
        most = image.iter().map(|one| one * one).sum::<f64>().sqrt();
        if most == 0.0 {
            return 0.0;
        }
        along = image.iter().map(|one| one / most).collect();
    }
    most * 1.05
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: Term = Term {
        prior: 1.0,
        least: 0.0,
        most: 6.0,
    };

    fn row(fired: &[usize], spam: bool, mass: f64) -> Row {
        Row {
            fired: fired.to_vec(),
            spam,
            mass,
        }
    }

    fn hold(both: f64) -> Hold {
        Hold {
            above: both,
            below: both,
        }
    }

    fn found(terms: &[Term], rows: &[Row]) -> Vec<f64> {
        fit(terms, rows, -2.0, hold(1.0), &[])
    }

    #[test]
    fn what_parts_them_weighs_and_what_does_not_weighs_nothing() {
        // The first fires in spam alone, the second in both alike.
        let rows = [
            row(&[0, 1], true, 500.0),
            row(&[0], true, 500.0),
            row(&[1], false, 900.0),
            row(&[], false, 100.0),
        ];
        let weights = found(&[TERM; 2], &rows);
        assert!(weights[0] > 5.0 && weights[1] < 0.3, "{weights:?}");
    }

    #[test]
    fn without_mail_the_prior_stays() {
        let weights = found(&[TERM; 3], &[row(&[0], true, 100.0)]);
        assert_eq!(weights[1..], [1.0, 1.0]);
        assert_eq!(found(&[TERM], &[]), [1.0]);
    }

    #[test]
    fn more_spam_with_it_weighs_more_and_more_honest_mail_less() {
        let weight = |spam: f64, ham: f64| {
            let rows = [row(&[0], true, spam), row(&[0], false, ham)];
            found(&[TERM], &rows)[0]
        };
        let by_spam = [0.0, 1.0, 10.0, 100.0].map(|spam| weight(spam, 4.0));
        let by_ham = [5.0, 10.0, 20.0, 100.0].map(|ham| weight(50.0, ham));
        assert!(by_spam.is_sorted_by(|a, b| a < b), "{by_spam:?}");
        assert!(by_ham.is_sorted_by(|a, b| a > b), "{by_ham:?}");
    }

    #[test]
    fn a_weight_that_is_held_down_grows_less_and_shrinks_no_less() {
        let tight = Hold {
            above: 50.0,
            below: 1.0,
        };
        for (spam, ham, less) in [(100.0, 1.0, true), (1.0, 100.0, false)] {
            let rows = [row(&[0], true, spam), row(&[0], false, ham)];
            let weight = |hold| fit(&[TERM], &rows, -2.0, hold, &[])[0];
            let (held, free) = (weight(tight), weight(hold(1.0)));
            assert_eq!(held < free - 0.1, less, "{held} {free}");
            assert!((held - free).abs() < 1e-3 || less, "{held} {free}");
        }
    }

    #[test]
    fn weights_keep_within_what_they_may_be() {
        let ham = [row(&[0], false, 1000.0), row(&[1], false, 1000.0)];
        let clears = Term {
            least: -6.0,
            ..TERM
        };
        let weights = found(&[TERM, clears], &ham);
        assert_eq!(weights[0], 0.0);
        assert!((-6.0..0.0).contains(&weights[1]), "{weights:?}");
        assert!(found(&[TERM], &[row(&[0], true, 1e6)])[0] <= 6.0);
    }

    #[test]
    fn the_answer_does_not_depend_on_where_the_search_begins() {
        let rows: Vec<Row> = (0..40)
            .map(|n| row(&[n % 3, 3 + n % 4], n % 5 < 2, 1.0 + (n % 7) as f64))
            .collect();
        let terms = [TERM; 7];
        let there = fit(&terms, &rows, -2.0, hold(0.5), &[6.0; 7]);
        let here = fit(&terms, &rows, -2.0, hold(0.5), &[0.0; 7]);
        for (a, b) in here.iter().zip(&there) {
            assert!((a - b).abs() < 1e-3, "{here:?} {there:?}");
        }
        assert_eq!(here, fit(&terms, &rows, -2.0, hold(0.5), &[0.0; 7]));
    }
}
