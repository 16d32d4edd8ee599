//! Ctrl-C, and a service manager's request to end: the job stops after the step in hand.

use super::output::Output;
use crate::job::Control;
use crate::text;
use anyhow::Context;
use std::sync::Arc;

/// The control of a job that is stopped so.
pub(super) fn control() -> anyhow::Result<Arc<Control>> {
    let control = Arc::new(Control::new());
    let asked = control.clone();
    ctrlc::set_handler(move || {
        let again = asked.is_stopped();
        asked.stop();
        Output::plain().error(if again {
            text::still_stopping()
        } else {
            text::stopping()
        });
    })
    .context("Ctrl-C")?;
    Ok(control)
}
