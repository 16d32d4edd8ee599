//! The last step of the form: which folders are swept, and where hits go.

use crate::gui::Intent;
use crate::gui::shown;
use crate::gui::state::accounts::{Ask, Form};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Field as Box, Tick};
use crate::settings::Field;
use crate::text::window::accounts as words;
use crate::text::window::accounts::label;
use eframe::egui::{ScrollArea, Ui};

/// The most folders in sight at once.
const IN_SIGHT: f32 = 10.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, form: &Form, intents: &mut Vec<Intent>) {
    let mut asks = Vec::new();
    widget::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::SPACE_12;
        widget::strong(ui, label::FOLDERS);
        list(ui, form, &mut asks);
        let is_none = form.draft.folders.is_empty();
        let flaw = form.flaw(Field::Folders);
        if let Some(why) = flaw.or(is_none.then_some(words::NO_FOLDER)) {
            let danger = palette(ui).danger.text;
            widget::small_in(ui, why, danger);
        }
        let mut typed = form.draft.move_to.clone();
        let field = Box::new(label::MOVE_TO)
            .most(500)
            .enabled(!form.is_busy())
            .refused(form.flaw(Field::MoveTo))
            .show(ui, &mut typed);
        if typed != form.draft.move_to {
            asks.push(Ask::Typed(Field::MoveTo, typed));
        }
        if field.response.lost_focus() {
            asks.push(Ask::Left(Field::MoveTo));
        }
        if field.is_entered && can_save(form) {
            asks.push(Ask::Save);
        }
        widget::small(ui, words::MADE_WHEN_NEEDED);
        if form.saving {
            widget::small(ui, words::SAVING);
        }
    });
    intents.extend(asks.into_iter().map(Intent::Accounts));
}

fn can_save(form: &Form) -> bool {
    !form.draft.folders.is_empty() && form.is_sound() && !form.is_busy()
}

/// The buttons in the head of the page, and what each asks for.
pub(super) fn buttons(form: &Form) -> Vec<(Button<'static>, Ask)> {
    let can = can_save(form);
    vec![
        (Button::normal(words::CANCEL), Ask::Cancel),
        (Button::normal(words::BACK), Ask::Fields),
        (Button::filled(save(form)).enabled(can), Ask::Save),
    ]
}

fn save(form: &Form) -> &'static str {
    match form.changing {
        Some(_) => words::SAVE_CHANGE,
        None => words::SAVE,
    }
}

fn list(ui: &mut Ui, form: &Form, asks: &mut Vec<Ask>) {
    let Some(trial) = &form.trial else {
        return;
    };
    let folders: Vec<_> = trial
        .folders
        .iter()
        .filter(|folder| folder.selectable)
        .collect();
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = theme::SPACE_4;
        let area = ScrollArea::vertical().max_height(IN_SIGHT * (theme::SPACE_24 + theme::SPACE_4));
        area.auto_shrink([false, true]).show_rows(
            ui,
            theme::SPACE_24,
            folders.len(),
            |ui, range| {
                for folder in folders.get(range).unwrap_or_default() {
                    let is_on = form.draft.folders.contains(&folder.name);
                    let name = shown::line(&folder.name, 120);
                    let tick = Tick::new(is_on, &name).enabled(!form.is_busy());
                    if tick.show(ui).clicked() {
                        asks.push(Ask::Sweep(folder.name.clone(), !is_on));
                    }
                }
            },
        );
    });
}
