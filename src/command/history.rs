//! `history`: what was swept, moved, submitted and put back, newest first.

use super::Exit;
use super::output::Output;
use crate::settings::Places;
use crate::{job, text};

/// Prints it.
pub(super) fn run(places: &Places) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let lines = job::history(places)?;
    if lines.is_empty() {
        output.line(text::no_history());
    }
    for line in lines {
        let time = line.at.to_zoned(jiff::tz::TimeZone::system());
        let time = time.strftime("%Y-%m-%d %H:%M").to_string();
        if !output.line(&text::history(
            &time,
            line.sweep,
            &line.account,
            line.what,
            &line.says,
        )) {
            break;
        }
    }
    Ok(Exit::Done)
}
