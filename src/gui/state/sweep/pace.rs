//! How fast a sweep goes, and how long it will still take: said only when it went at one rate for
//! a while, because a guess that jumps is worse than none.

use std::collections::VecDeque;
use std::time::Duration;

/// For how long the rate must have been steady.
const STEADY: Duration = Duration::from_secs(5);
/// How much of the rate its two halves may differ by.
const APART: f64 = 0.35;

/// What was seen when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pace {
    /// Since the start: when, and how much had been seen.
    marks: VecDeque<(Duration, usize)>,
}

impl Pace {
    /// So much was seen at this time since the start.
    pub fn mark(&mut self, at: Duration, seen: usize) {
        const EVERY: Duration = Duration::from_millis(250);
        if let Some((last, before)) = self.marks.back() {
            // After a pause or a break, what was before tells nothing.
            if seen < *before || at.saturating_sub(*last) > STEADY {
                self.marks.clear();
            } else if at.saturating_sub(*last) < EVERY {
                return;
            }
        }
        self.marks.push_back((at, seen));
        while let Some((second, _)) = self.marks.get(1)
            && at.saturating_sub(*second) >= STEADY
        {
            self.marks.pop_front();
        }
    }

    /// What came before tells nothing any more: it was paused, or the connection broke.
    pub fn forget(&mut self) {
        self.marks.clear();
    }

    /// Messages a second over the last seconds.
    pub fn rate(&self) -> Option<f64> {
        let (first, last) = (self.marks.front()?, self.marks.back()?);
        rate(*first, *last).filter(|rate| *rate > 0.0)
    }

    /// How long `left` messages will take, if that can be told.
    pub fn time_left(&self, left: usize) -> Option<Duration> {
        let (first, last) = (*self.marks.front()?, *self.marks.back()?);
        let middle = *self.marks.get(self.marks.len() / 2)?;
        if last.0.saturating_sub(first.0) < STEADY {
            return None;
        }
        let (early, late) = (rate(first, middle)?, rate(middle, last)?);
        let whole = rate(first, last).filter(|rate| *rate > 0.0)?;
        let is_steady = (early - late).abs() <= APART * whole;
        is_steady.then(|| Duration::from_secs_f64(left as f64 / whole))
    }
}

fn rate(from: (Duration, usize), to: (Duration, usize)) -> Option<f64> {
    let seconds = to.0.checked_sub(from.0)?.as_secs_f64();
    (seconds > 0.0).then(|| (to.1.saturating_sub(from.1)) as f64 / seconds)
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;

    fn at(tenths: u64) -> Duration {
        Duration::from_millis(100 * tenths)
    }

    #[test]
    fn a_time_is_told_after_five_steady_seconds_and_not_before() {
        let mut pace = Pace::default();
        for step in 0..=60 {
            pace.mark(at(step), step as usize * 10);
            if step < 50 {
                assert_eq!(pace.time_left(1_000), None, "{step}");
            }
        }
        let left = pace.time_left(1_000).unwrap();
        assert!(left.abs_diff(Duration::from_secs(10)) < Duration::from_millis(100));
        assert!((pace.rate().unwrap() - 100.0).abs() < 1.0);
    }

    #[test]
    fn a_rate_that_jumps_tells_no_time() {
        let mut pace = Pace::default();
        for step in 0..=60 {
            let seen = if step < 40 { step } else { step * 20 - 760 };
            pace.mark(at(step), seen as usize);
        }
        assert_eq!(pace.time_left(1_000), None);
        pace.forget();
        assert_eq!(pace.rate(), None);
    }
}
