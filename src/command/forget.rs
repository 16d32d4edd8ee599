//! `forget`: removes what is kept of judged messages, or says how much it is.

use super::Exit;
use super::output::Output;
use crate::cli::Forget;
use crate::job::JobError;
use crate::settings::{Places, Settings};
use crate::{job, text};

/// Removes it; with `--dry-run` it only says how much there is, of all accounts.
pub(super) fn run(places: &Places, asked: &Forget) -> anyhow::Result<Exit> {
    let settings = Settings::load(&places.config_file)?;
    let output = Output::plain();
    if asked.dry_run {
        output.line(&text::kept(job::kept(places), settings.cache.size));
        return Ok(Exit::Done);
    }
    match job::forget(&settings, places, asked.account.as_deref()) {
        Ok(bytes) => {
            output.line(&text::forgotten(bytes, asked.account.as_deref()));
            Ok(Exit::Done)
        }
        Err(error @ JobError::Locked) => {
            output.error(&text::failed(&error.to_string()));
            Ok(Exit::Locked)
        }
        Err(error) => Err(error.into()),
    }
}
