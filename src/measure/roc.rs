//! Figures of scores alone: what share of spam is found where so much honest mail is flagged, and
//! the area above the curve of the two (ROC). Scores that are equal are found together.

/// The least score from which no more than this share of honest mail is flagged; infinite where
/// none is.
pub fn threshold_at(ham: &[f64], share: f64) -> f64 {
    let mut ham = ham.to_vec();
    ham.sort_by(|a, b| b.total_cmp(a));
    // A share of a number of messages, whatever the last bit of their product.
    let most = (share * ham.len() as f64 + 1e-9).floor() as usize;
    match ham.get(most) {
        // The first that may not be flagged, and all above it may.
        Some(first) => next_above(*first),
        None => f64::NEG_INFINITY,
    }
}

fn next_above(score: f64) -> f64 {
    // Scores are in thousandths.
    score + 0.0005
}

/// The share of `spam`, from 0 to 1, that is found at a threshold.
pub fn found(spam: &[f64], threshold: f64) -> f64 {
    let found = spam.iter().filter(|score| **score >= threshold).count();
    found as f64 / spam.len().max(1) as f64
}

/// The share of `spam`, from 0 to 1, that is found where at most this share of `ham` is flagged.
pub fn recall_at(ham: &[f64], spam: &[f64], share: f64) -> f64 {
    found(spam, threshold_at(ham, share))
}

/// 1 − the area under the curve: how likely it is, from 0 to 1, that an honest message scores
/// higher than spam; as high counts half.
pub fn one_less_area(ham: &[f64], spam: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = ham.iter().map(|score| (*score, false)).collect();
    all.extend(spam.iter().map(|score| (*score, true)));
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut wrong, mut ham_above) = (0.0, 0.0);
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let spam_here = same.iter().filter(|(_, spam)| *spam).count() as f64;
        let ham_here = same.len() as f64 - spam_here;
        wrong += spam_here * (ham_above + ham_here / 2.0);
        ham_above += ham_here;
    }
    wrong / (ham.len() as f64 * spam.len() as f64).max(1.0)
}

/// The curve: at each score, the share of honest mail that is flagged and of spam that is found,
/// from the highest score down.
pub(super) fn curve(ham: &[f64], spam: &[f64]) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, bool)> = ham.iter().map(|score| (*score, false)).collect();
    all.extend(spam.iter().map(|score| (*score, true)));
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut flagged, mut found) = (0.0, 0.0);
    let mut points = vec![(0.0, 0.0)];
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let spam_here = same.iter().filter(|(_, spam)| *spam).count() as f64;
        found += spam_here;
        flagged += same.len() as f64 - spam_here;
        points.push((
            flagged / ham.len().max(1) as f64,
            found / spam.len().max(1) as f64,
        ));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_scores_that_can_be_counted_by_hand() {
        let ham = [0.0, 0.0, 1.0, 2.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let spam = [0.0, 3.0, 4.0, 5.0];
        for (share, recall) in [
            (0.0, 0.25),
            (0.09, 0.25),
            (0.1, 0.75),
            (0.2, 0.75),
            (1.0, 1.0),
        ] {
            assert_eq!(recall_at(&ham, &spam, share), recall, "{share}");
        }
        // 40 pairs; spam's 0 against ham: 7 ties and 3 above it; 3 against one above; 4: a tie.
        let wrong = 3.5 + 3.0 + 1.0 + 0.5;
        assert_eq!(one_less_area(&ham, &spam), wrong / 40.0);
    }

    #[test]
    fn the_ends_of_the_scale() {
        assert_eq!(one_less_area(&[1.0], &[2.0]), 0.0);
        assert_eq!(one_less_area(&[2.0], &[1.0]), 1.0);
        assert_eq!(one_less_area(&[1.0; 3], &[1.0; 5]), 0.5);
        assert_eq!(one_less_area(&[], &[1.0]), 0.0);
        assert_eq!(recall_at(&[], &[1.0], 0.01), 1.0);
        assert_eq!(recall_at(&[1.0], &[], 0.01), 0.0);
    }

    #[test]
    fn the_curve_ends_where_all_is_flagged() {
        let points = curve(&[0.0, 1.0], &[1.0, 2.0]);
        assert_eq!(points, [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]);
    }
}
