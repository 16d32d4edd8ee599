//! `samples purge`: removes what was kept longer than the settings say.

use super::Exit;
use super::output::Output;
use crate::settings::{Places, Settings};
use crate::{job, text};

/// Removes old samples and packages, also where the settings have sweeps leave them.
pub(super) fn purge(places: &Places) -> anyhow::Result<Exit> {
    let settings = Settings::load(&places.config_file)?;
    let files = job::purge(&settings, places)?;
    Output::plain().line(&text::purged(files));
    Ok(Exit::Done)
}
