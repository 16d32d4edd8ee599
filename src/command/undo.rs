//! `undo`: puts a sweep's messages back where they were.

use super::output::Output;
use super::report::{Detail, Report};
use super::{Exit, interrupt};
use crate::job::{Choices, Plan};
use crate::settings::{Places, Settings};
use crate::{job, text};

/// Takes back this sweep, or the last that moved something.
pub(super) fn run(places: &Places, sweep: Option<i64>) -> anyhow::Result<Exit> {
    let settings = Settings::load(&places.config_file)?;
    let plan = Plan::new(settings, places, &Choices::default())?;
    let control = interrupt::control()?;
    let output = Output::plain();
    let _log = super::log(places, &output);
    let mut report = Report::new(output, Detail::Hits, text::taken_back);
    report.warn(&plan.warnings);
    let summary = job::undo(&plan, sweep, &control, &mut |event| report.tell(event));
    Ok(Exit::of(&summary, false))
}
