//! A try of a mailbox, step by step: what is done with its outcome, what goes on, and what failed
//! with the way out.

use crate::gui::icon;
use crate::gui::shown;
use crate::gui::state::accounts::{Outcome, Trial};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Note};
use crate::job::{Failed, Hindrance, Stage};
use crate::text::window::accounts as words;
use eframe::egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// The longest outcome.
const LONGEST: usize = 300;

/// Draws it. `advice` is what the provider wants done before a password is taken.
pub(super) fn show(ui: &mut Ui, trial: &Trial, advice: Option<&str>) {
    for stage in trial.stages {
        step(ui, trial, *stage);
    }
    if let Some(failed) = &trial.failed {
        note(ui, failed, advice, trial.is_of_files());
    }
    if !trial.missing.is_empty() {
        let missing: Vec<String> = trial
            .missing
            .iter()
            .map(|name| shown::line(name, LONGEST))
            .collect();
        Note::danger(&words::no_such_folders(&missing)).show(ui);
    }
}

fn step(ui: &mut Ui, trial: &Trial, stage: Stage) {
    let p = palette(ui);
    let name = name_of(stage, trial.is_of_files());
    let outcome = trial.outcome(stage);
    let (icon, is_filled, colour, says) = match outcome {
        Outcome::Waiting => {
            let says = match trial.is_running() {
                true => words::WAITING,
                false => words::NOT_REACHED,
            };
            (icon::WAITING, false, p.faint, says.to_owned())
        }
        Outcome::Running => (icon::RETRY, false, p.accent, words::RUNNING.to_owned()),
        Outcome::Done(says) => (icon::CLEAN, true, p.clean.text, shown::line(says, LONGEST)),
        Outcome::Failed(_) => (icon::FAILED, true, p.danger.text, words::FAILED.to_owned()),
    };
    let size = vec2(ui.available_width(), theme::ROW_SAMPLE);
    let (row, response) = ui.allocate_exact_size(size, Sense::hover());
    let read_out = words::step(name, &says);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read_out));
    let painter = ui.painter();
    let after = icon.paint_left(painter, row, theme::ICON_ROW, is_filled, colour);
    let left = after + theme::ICON_GAP;
    let place = Rect::from_min_max(
        pos2(left, row.top()),
        pos2(left + theme::STEP_NAME, row.bottom()),
    );
    let is_waiting = outcome == Outcome::Waiting;
    let ink = if is_waiting { p.faint } else { p.ink };
    widget::paint_cut(painter, place, name, theme::body(), ink, Align::Min);
    let place = Rect::from_min_max(pos2(place.right(), row.top()), row.max);
    let soft = match outcome {
        Outcome::Failed(_) => p.danger.text,
        Outcome::Waiting => p.faint,
        _ => p.soft,
    };
    let cut = widget::paint_cut(painter, place, &says, theme::small(), soft, Align::Min);
    if cut.is_cut {
        response.on_hover_text(says);
    }
}

fn note(ui: &mut Ui, failed: &Failed, advice: Option<&str>, in_files: bool) {
    if failed.why == Hindrance::Stopped {
        Note::info(words::remedy::STOPPED).show(ui);
        return;
    }
    let remedy = match failed.why {
        Hindrance::Unreachable => words::remedy::UNREACHABLE,
        Hindrance::Silent => words::remedy::SILENT,
        Hindrance::Certificate => words::remedy::CERTIFICATE,
        Hindrance::Unfit => words::remedy::UNFIT,
        Hindrance::Refused => advice.unwrap_or(words::remedy::REFUSED),
        Hindrance::Busy => words::remedy::BUSY,
        Hindrance::NoPassword => words::remedy::NO_PASSWORD,
        Hindrance::NotThere => words::remedy::NOT_THERE,
        Hindrance::Stopped | Hindrance::Other if in_files => words::FILES.other,
        Hindrance::Stopped | Hindrance::Other => words::SERVER.other,
    };
    // Its own advice speaks of the settings file; that of the window stands beside it.
    let what = failed.says.split(": check `").next().unwrap_or_default();
    let what = shown::line(what, 1_000);
    Note::danger(remedy).why(&what).show(ui);
}

fn name_of(stage: Stage, in_files: bool) -> &'static str {
    match stage {
        Stage::Find if in_files => words::stage::FIND_FILES,
        Stage::Find => words::stage::FIND,
        Stage::Connect => words::stage::CONNECT,
        Stage::Encrypt => words::stage::ENCRYPT,
        Stage::SignIn => words::stage::SIGN_IN,
        Stage::List => words::stage::LIST,
    }
}
