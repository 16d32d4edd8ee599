//! History: what was done, newest first, as lines to show.

use super::desk::JobError;
use super::known::known;
use crate::settings::Places;
use crate::store::SweepId;
use jiff::Timestamp;
use serde::Serialize;

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct HistoryLine {
    /// When.
    pub at: Timestamp,
    /// What: `sweep`, `move` or `package`.
    pub what: &'static str,
    /// The sweep it belongs to, by which `undo` knows it.
    pub sweep: SweepId,
    /// The account.
    pub account: String,
    /// In words.
    pub says: String,
}

/// Everything that was done, newest first; nothing where no sweep was made yet.
pub fn history(places: &Places) -> Result<Vec<HistoryLine>, JobError> {
    let Some(known) = known(places)? else {
        return Ok(Vec::new());
    };
    let store = &known.store;
    let mut lines = Vec::new();
    for sweep in store.sweeps()? {
        let says = match (sweep.ended, sweep.summary) {
            (Some(_), Some(summary)) => summary,
            _ => "running, or cut off".to_owned(),
        };
        lines.push(HistoryLine {
            at: sweep.started,
            what: "sweep",
            sweep: sweep.id,
            account: sweep.account,
            says,
        });
    }
    for done in store.all_moves()? {
        let says = format!(
            "{}: {} → {}: {}",
            done.name(),
            done.source,
            done.target,
            done.state.word()
        );
        lines.push(HistoryLine {
            at: done.at,
            what: "move",
            sweep: done.sweep,
            account: done.account,
            says,
        });
    }
    for package in store.packages()? {
        let answer = package.answer.filter(|answer| !answer.is_empty());
        let says = format!(
            "{} ({} bytes) to {}: {}{}",
            package.path.display(),
            package.bytes,
            package.recipient,
            package.state.word(),
            answer.map_or_else(String::new, |answer| format!(", {answer}"))
        );
        lines.push(HistoryLine {
            at: package.at,
            what: "package",
            sweep: package.sweep,
            account: package.account,
            says,
        });
    }
    // Within one sweep: the sweep itself above what it did, the last thing first. By their numbers,
    // in which they come here: a clock may have been put back.
    let rank = |line: &HistoryLine| match line.what {
        "sweep" => 0,
        "package" => 1,
        _ => 2,
    };
    lines.sort_by(|a, b| b.sweep.cmp(&a.sweep).then(rank(a).cmp(&rank(b))));
    Ok(lines)
}
