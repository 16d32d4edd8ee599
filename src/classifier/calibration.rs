//! How far the sum of the weights can be believed. The weights fit what they have learnt, and are
//! too sure of it: what they say of messages that they have not learnt is measured, and a line is
//! fitted that turns it into log-odds (J. Platt, "Probabilistic Outputs for Support Vector
//! Machines", 1999).

use super::model::{Label, Lesson, Model};

/// Messages of each kind in a run, from which on it is measured.
const ENOUGH: usize = 40;
/// A measure of few messages goes no farther from 1 than this.
const SLOPES: (f64, f64) = (0.2, 6.0);
const OFFSETS: (f64, f64) = (-3.0, 3.0);
/// How strongly the fit is held to the line that changes nothing: as so many messages would.
const PRIOR: f64 = 1.0;

/// The line from the sum of the weights to log-odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub(super) slope: f64,
    pub(super) offset: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Calibration {
            slope: 1.0,
            offset: 0.0,
        }
    }
}

impl Calibration {
    /// Log-odds of a sum.
    pub(super) fn apply(self, sum: f64) -> f64 {
        self.slope * sum + self.offset
    }

    /// Whether both numbers are such as a fit gives.
    pub(super) fn is_sound(self) -> bool {
        let within = |value: f64, (least, most)| value >= least && value <= most;
        within(self.slope, SLOPES) && within(self.offset, OFFSETS)
    }

    /// Measured on what is to be learnt: what half of each kind teaches is tried on the other
    /// half, and the other way round. `None` where there is too little, or where much was learnt
    /// before beside which it counts little.
    pub(super) fn of(model: &Model, lessons: &[Lesson]) -> Option<Calibration> {
        let count = |label| {
            lessons
                .iter()
                .filter(|lesson| lesson.label == label)
                .count()
        };
        let (spam, ham) = (count(Label::Spam), count(Label::Ham));
        let counts = model.counts();
        if spam.min(ham) < ENOUGH || 2 * (lessons.len() as u64) < counts.spam + counts.ham {
            return None;
        }
        // They come in order, both kinds mingled evenly.
        let (first, second) = lessons.split_at(lessons.len() / 2);
        let mut tried = Vec::with_capacity(lessons.len());
        for (learnt, rest) in [(first, second), (second, first)] {
            let mut trial = Model::default();
            trial.study(learnt);
            let sums = rest.iter().map(|lesson| {
                let sum = f64::from(trial.sum(&lesson.features));
                (sum, lesson.label == Label::Spam)
            });
            tried.extend(sums);
        }
        Some(fit(&tried))
    }
}

/// The line under which what was tried is most likely, each kind weighing the same, by Newton's
/// method.
fn fit(tried: &[(f64, bool)]) -> Calibration {
    let spam = tried.iter().filter(|(_, is_spam)| *is_spam).count().max(1) as f64;
    let ham = (tried.len() as f64 - spam).max(1.0);
    let half = tried.len() as f64 / 2.0;
    // Never quite certain, so that the slope stays finite.
    let (sure, unsure) = ((spam + 1.0) / (spam + 2.0), 1.0 / (ham + 2.0));
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..30 {
        let (mut by_slope, mut by_offset) = (PRIOR * (slope - 1.0), PRIOR * offset);
        let (mut slopes, mut both, mut offsets) = (PRIOR, 0.0, PRIOR);
        for (sum, is_spam) in tried {
            let (wanted, weight) = match is_spam {
                true => (sure, half / spam),
                false => (unsure, half / ham),
            };
            let chance = 1.0 / (1.0 + (-(slope * sum + offset)).exp());
            let (wrong, bend) = (weight * (chance - wanted), weight * chance * (1.0 - chance));
            by_slope += wrong * sum;
            by_offset += wrong;
            slopes += bend * sum * sum;
            both += bend * sum;
            offsets += bend;
        }
        let determinant = slopes * offsets - both * both;
        if !determinant.is_finite() || determinant.abs() < 1e-12 {
            break;
        }
        slope -= (offsets * by_slope - both * by_offset) / determinant;
        offset -= (slopes * by_offset - both * by_slope) / determinant;
        slope = slope.clamp(SLOPES.0, SLOPES.1);
        offset = offset.clamp(OFFSETS.0, OFFSETS.1);
    }
    Calibration { slope, offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_put_in_comes_out() {
        // Of every sum so many are spam as a slope of 0.6 says.
        let mut tried = Vec::new();
        for sum in -40..=40 {
            let sum = f64::from(sum) / 10.0;
            let chance = 1.0 / (1.0 + (-0.6 * sum).exp());
            let spam = (chance * 200.0).round() as usize;
            tried.extend((0..200).map(|number| (sum, number < spam)));
        }
        let line = fit(&tried);
        assert!(
            (line.slope - 0.6).abs() < 0.05 && line.offset.abs() < 0.05,
            "{line:?}"
        );
        assert!(line.is_sound());
    }

    #[test]
    fn whatever_was_tried_the_line_is_sound() {
        let far = |sign: f64| vec![(sign * 1e9, true), (sign * -1e9, false)];
        for tried in [
            vec![],
            vec![(0.0, true)],
            vec![(1.0, true); 9],
            far(1.0),
            far(-1.0),
        ] {
            let line = fit(&tried);
            assert!(
                line.is_sound() && line.apply(1.0).is_finite(),
                "{tried:?}: {line:?}"
            );
        }
    }
}
