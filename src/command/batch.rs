//! `--batch`: sweep and deliver, on the user's accounts or on the built-in demo.

use super::output::{Form, Output};
use super::report::{Detail, Report};
use super::{Exit, interrupt};
use crate::cli::Batch;
use crate::job::{Choices, Moves, Plan, Rehearse, Submit};
use crate::settings::{Places, Settings};
use crate::{job, text};

/// Sweeps the accounts in the settings.
pub(super) fn run(places: &Places, batch: &Batch) -> anyhow::Result<Exit> {
    sweep(Settings::load(&places.config_file)?, places, batch)
}

/// Sweeps the built-in mailbox in a fresh folder, which stays for whoever wants to look.
pub(super) fn demo(batch: &Batch) -> anyhow::Result<Exit> {
    let demo = job::demo()?;
    let exit = sweep(demo.settings, &demo.places, batch)?;
    let says = text::demo_places(&demo.folder.display().to_string());
    Output::new(form(batch)).line(&says);
    Ok(exit)
}

fn sweep(settings: Settings, places: &Places, batch: &Batch) -> anyhow::Result<Exit> {
    let plan = Plan::new(settings, places, &choices(batch))?;
    let control = interrupt::control()?;
    let output = Output::new(form(batch));
    // A dry run leaves nothing behind, not even a log.
    let _log = match batch.dry_run {
        true => None,
        false => super::log(places, &output),
    };
    let detail = if batch.verbose {
        Detail::All
    } else {
        Detail::Hits
    };
    let mut report = Report::new(output, detail, text::swept);
    report.warn(&plan.warnings);
    let summary = job::run(&plan, &control, &mut |event| report.tell(event));
    Ok(Exit::of(&summary, !plan.warnings.is_empty()))
}

fn form(batch: &Batch) -> Form {
    match (batch.json, batch.quiet) {
        (true, _) => Form::Json,
        (false, true) => Form::Quiet,
        (false, false) => Form::Lines,
    }
}

fn choices(batch: &Batch) -> Choices {
    Choices {
        accounts: batch.account.clone(),
        level: batch.level,
        rehearse: if batch.dry_run {
            Rehearse::Yes
        } else {
            Rehearse::No
        },
        moves: if batch.no_move {
            Moves::WhenAsked
        } else {
            Moves::AtOnce
        },
        submit: match (batch.submit, batch.no_submit) {
            (true, _) => Some(Submit::Yes),
            (_, true) => Some(Submit::No),
            _ => None,
        },
    }
}
