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
/// Parts of which each is tried by what the others teach, and the most lessons (the newest) that
/// this is done with.
const PARTS: usize = 4;
const TRIED: usize = 8000;

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

    /// Measured on what is to be learnt: of each kind every fourth is tried by what the others
    /// teach, in turn. `None` where there is too little, or where much was learnt before beside
    /// which it counts little.
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
        let newest = lessons.len().saturating_sub(TRIED);
        let lessons = lessons.get(newest..).unwrap_or(lessons);
        let mut tried = Vec::with_capacity(lessons.len());
        for part in 0..PARTS {
            // The parts stand between each other in time, as what is judged comes soon after
            // what was learnt.
            let (mut spam, mut ham) = (part, part);
            let (rest, learnt): (Vec<&Lesson>, Vec<&Lesson>) = lessons.iter().partition(|lesson| {
                let number = match lesson.label {
                    Label::Spam => &mut spam,
                    Label::Ham => &mut ham,
                };
                *number += 1;
                *number % PARTS == 0
            });
            let mut trial = Model::default();
            trial.study(learnt.into_iter());
            tried.extend(rest.iter().map(|lesson| {
                let sum = f64::from(trial.sum(&lesson.features));
                (sum, lesson.label == Label::Spam)
            }));
        }
        Some(fit(&tried))
    }
}

/// The line under which what was tried is most likely, each kind weighing the same, by Newton's
/// method. What was tried counts as certain, other than with Platt: nearly all of it lies far from
/// where it turns, and doubt about each of those would bend the line for the few that lie near.
fn fit(tried: &[(f64, bool)]) -> Calibration {
    let spam = tried.iter().filter(|(_, is_spam)| *is_spam).count().max(1) as f64;
    let ham = (tried.len() as f64 - spam).max(1.0);
    let half = tried.len() as f64 / 2.0;
    let (mut slope, mut offset) = (1.0, 0.0);
    for _ in 0..30 {
        let (mut by_slope, mut by_offset) = (PRIOR * (slope - 1.0), PRIOR * offset);
        let (mut slopes, mut both, mut offsets) = (PRIOR, 0.0, PRIOR);
        for (sum, is_spam) in tried {
            let (wanted, weight) = match is_spam {
                true => (1.0, half / spam),
                false => (0.0, half / ham),
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
        // Small steps, since what is told apart well has almost no bend far from where it turns.
        slope -= ((offsets * by_slope - both * by_offset) / determinant).clamp(-0.5, 0.5);
        offset -= ((slopes * by_offset - both * by_slope) / determinant).clamp(-0.5, 0.5);
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
