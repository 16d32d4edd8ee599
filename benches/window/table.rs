//! The one table, in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

#[derive(Default)]
pub struct Table {
    rows: Vec<(String, String, String, bool)>,
}

impl Table {
    /// A time, at most so many milliseconds.
    pub fn time(&mut self, what: &str, is: Duration, most: f64) {
        self.number(what, is.as_secs_f64() * 1000.0, most, "ms");
    }

    /// A number, at most another.
    pub fn number(&mut self, what: &str, is: f64, most: f64, unit: &str) {
        let bound = format!("{most} {unit}");
        self.rows
            .push((what.to_owned(), shown(is, unit), bound, is <= most));
    }

    /// A time without a bound.
    pub fn note(&mut self, what: &str, is: f64, unit: &str) {
        self.rows
            .push((what.to_owned(), shown(is, unit), "–".to_owned(), true));
    }

    pub fn markdown(&self) -> String {
        let mut all = String::from("| what | is | at most | met |\n|---|---|---|---|\n");
        for (what, is, bound, met) in &self.rows {
            let met = match (met, bound.as_str()) {
                (_, "–") => "",
                (true, _) => "yes",
                (false, _) => "**no**",
            };
            let _ = writeln!(all, "| {what} | {is} | {bound} | {met} |");
        }
        all
    }
}

fn shown(is: f64, unit: &str) -> String {
    match is {
        whole if whole.fract() == 0.0 => format!("{whole:.0} {unit}"),
        large if large >= 100.0 => format!("{large:.0} {unit}"),
        other => format!("{other:.2} {unit}"),
    }
}

/// The part of all that is at most this, from 0 to 1.
pub fn at(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    let index = (last as f64 * part).round() as usize;
    times.get(index).copied().unwrap_or_default()
}
