//! The one table, in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

/// One line of the table.
pub struct Row {
    pub work: String,
    pub ours: String,
    pub peer: String,
    pub bound: String,
    /// What was measured against the bound.
    pub got: String,
    pub met: bool,
}

impl Row {
    /// Our time against a peer's, at most `bound` times it.
    pub fn ratio(work: &str, ours: Duration, peer: (&str, Duration), bound: f64) -> Row {
        let got = ours.as_secs_f64() / peer.1.as_secs_f64();
        Row {
            work: work.to_owned(),
            ours: seconds(ours),
            peer: format!("{}: {}", peer.0, seconds(peer.1)),
            bound: format!("{bound} ×"),
            got: format!("{} ×", digits(got)),
            met: got <= bound,
        }
    }
}

pub fn seconds(time: Duration) -> String {
    format!("{} s", digits(time.as_secs_f64()))
}

/// Two or three digits that count.
fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value if value >= 0.1 => format!("{value:.2}"),
        value => format!("{value:.4}"),
    }
}

pub fn markdown(rows: &[Row]) -> String {
    let mut all = String::from(
        "| work | Postsweep | peer | at most | is | met |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let met = if row.met { "yes" } else { "**no**" };
        let _ = writeln!(
            all,
            "| {} | {} | {} | {} | {} | {met} |",
            row.work, row.ours, row.peer, row.bound, row.got
        );
    }
    all
}
