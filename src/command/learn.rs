//! `learn`: has the learner learn from files, or from the folders of an account; or forget.

use super::output::{Form, Output};
use super::report::{Detail, Report};
use super::{Exit, interrupt};
use crate::cli::Learn;
use crate::job::{Choices, Plan, Sources};
use crate::settings::{Places, Settings, SettingsError};
use crate::{job, text};
use std::path::{Path, PathBuf};

/// Learns, or forgets.
pub(super) fn run(places: &Places, learn: &Learn, settings_named: bool) -> anyhow::Result<Exit> {
    let output = Output::new(if learn.json { Form::Json } else { Form::Lines });
    if learn.forget {
        let counts = job::unlearn(&places.data_dir)?;
        let counts = counts.map(|counts| (counts.spam, counts.ham));
        output.line(&text::unlearnt(counts));
        output.object(&serde_json::json!({ "event": "unlearnt", "was-there": counts.is_some() }));
        return Ok(Exit::Done);
    }
    let named: Vec<&String> = learn.spam.iter().chain(&learn.ham).collect();
    let paths = named.iter().filter(|name| is_path(name)).count();
    if learn.account.is_none() && paths == named.len() {
        return files(places, learn, settings_named, output);
    }
    if learn.account.is_none() && paths > 0 {
        anyhow::bail!(text::paths_and_folders());
    }
    folders(places, learn, output)
}

/// Whether it is meant as a place on disk: it is there, or cannot be a folder's name in most
/// mailboxes.
fn is_path(name: &str) -> bool {
    Path::new(name).exists() || name.starts_with(['/', '.', '~'])
}

fn files(
    places: &Places,
    learn: &Learn,
    settings_named: bool,
    output: Output,
) -> anyhow::Result<Exit> {
    let settings = match Settings::load(&places.config_file) {
        Err(SettingsError::Missing { path }) if !settings_named => Settings::parse(&path, "")?,
        loaded => loaded?,
    };
    let control = interrupt::control()?;
    let paths = |names: &[String]| names.iter().map(PathBuf::from).collect();
    let from = Sources {
        spam: paths(&learn.spam),
        ham: paths(&learn.ham),
    };
    let mut report = Report::new(output, Detail::Hits, text::learning_ended);
    report.count(text::reading());
    let summary = job::learn_files(places, &settings.limits, &from, &control, &mut |event| {
        report.tell(event);
    });
    Ok(Exit::of(&summary, false))
}

fn folders(places: &Places, learn: &Learn, output: Output) -> anyhow::Result<Exit> {
    let choices = Choices {
        accounts: learn.account.iter().cloned().collect(),
        ..Choices::default()
    };
    let plan = Plan::new(Settings::load(&places.config_file)?, places, &choices)?;
    if plan.accounts.len() > 1 {
        anyhow::bail!(text::which_account());
    }
    let control = interrupt::control()?;
    let _log = super::log(places, &output);
    let mut report = Report::new(output, Detail::Hits, text::learning_ended);
    report.warn(&plan.warnings);
    let from = Sources {
        spam: learn.spam.clone(),
        ham: learn.ham.clone(),
    };
    let summary = job::learn_folders(&plan, &from, &control, &mut |event| report.tell(event));
    Ok(Exit::of(&summary, !plan.warnings.is_empty()))
}
