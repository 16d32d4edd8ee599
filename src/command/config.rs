//! `config`: an example of the settings, where they are, and whether they hold together.

use super::Exit;
use super::output::Output;
use crate::job::{Choices, Plan};
use crate::settings::{self, Places, Settings};
use crate::text;

/// Prints the example.
pub(super) fn example() -> anyhow::Result<Exit> {
    Output::plain().raw(settings::example());
    Ok(Exit::Done)
}

/// Prints where the settings are, or would be.
pub(super) fn path(places: &Places) -> anyhow::Result<Exit> {
    Output::plain().line(&places.config_file.display().to_string());
    Ok(Exit::Done)
}

/// Checks the settings and all they refer to, as a sweep would, and opens nothing.
pub(super) fn check(places: &Places) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let settings = Settings::load(&places.config_file)?;
    let (path, accounts) = (settings.path.display().to_string(), settings.accounts.len());
    let plan = Plan::new(settings, places, &Choices::default())?;
    for warning in &plan.warnings {
        output.error(warning);
    }
    output.line(&text::settings_are_fine(&path, accounts));
    Ok(if plan.warnings.is_empty() {
        Exit::Done
    } else {
        Exit::Reported
    })
}
