//! The user's own rules: the files there are, an editor, and what the rules in it find in a
//! message while they are typed.

use super::two_columns;
use crate::gui::state::State;
use crate::gui::state::lists::{Ask, Editor};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{
    Button, Choice, Empty, Field, Note, Row, Rows, body, card, card_filled, card_head, label,
    paint_cut, scrolled, small, small_in,
};
use crate::gui::{Command, Intent, icon, shown};
use crate::job::OwnFile;
use crate::text::window::lists as words;
use eframe::egui::{Align, Frame, Margin, ScrollArea, Ui, vec2};

/// The list of files.
const FILES: f32 = 280.0;
/// Lines that the editor shows at least.
const LINES: usize = 14;
/// The longest text of rules.
const MOST_LETTERS: usize = 200_000;
/// The longest name of a file.
const MOST_NAME: usize = 60;

/// Draws the files and the editor.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let files = state.lists.own.as_deref().unwrap_or_default();
    if files.is_empty() && state.lists.editor.is_none() {
        let empty = Empty::new(icon::EDIT, words::NO_OWN).more(words::OWN_FACTS);
        if empty.button(words::WRITE_RULE, icon::PLUS).show(ui) {
            intents.push(Intent::Lists(Ask::New));
        }
        return;
    }
    let right = ui.available_width() - FILES - theme::SPACE_16;
    two_columns(ui, Some(right), |ui, at| match at {
        0 => list(ui, state, files, intents),
        _ => match &state.lists.editor {
            Some(editor) => edit(ui, state, editor, intents),
            None => drop(small(ui, words::OWN_FACTS)),
        },
    });
}

fn list(ui: &mut Ui, state: &State, files: &[OwnFile], intents: &mut Vec<Intent>) {
    let height = (ui.available_height() - 2.0 * theme::LINE).max(0.0);
    card_filled(ui, |ui| {
        ui.set_min_height(height);
        let new = card_head(ui, words::FILES, |ui| {
            let button = Button::quiet(words::NEW)
                .icon(icon::PLUS)
                .name(words::WRITE_RULE);
            button.height(theme::BUTTON_IN_ROW).show(ui).clicked()
        });
        if new {
            intents.push(Intent::Lists(Ask::New));
        }
        let opened = state
            .lists
            .editor
            .as_ref()
            .and_then(|editor| editor.opened.as_ref());
        let open = files.iter().position(|file| Some(&file.name) == opened);
        let rows = Rows::new(words::OWN, files.len(), theme::ROW_REVIEW);
        let rowed = rows.show(ui, open, |ui, row| match files.get(row.index) {
            Some(file) => draw(ui, row, file),
            None => String::new(),
        });
        let clicked = rowed.clicked.map(|(at, _)| at).or(rowed.moved_to);
        if let Some(file) = clicked.and_then(|at| files.get(at)) {
            intents.push(Intent::Lists(Ask::Open(file.name.clone())));
        }
    });
}

fn draw(ui: &mut Ui, row: &Row, file: &OwnFile) -> String {
    let p = palette(ui);
    let place = row.rect.shrink2(vec2(theme::CARD_PADDING, theme::SPACE_4));
    let (upper, lower) = place.split_top_bottom_at_fraction(0.5);
    let (says, colour) = match &file.rules {
        Ok(rules) => (
            words::rules(rules.len()),
            if row.is_selected { p.soft } else { p.faint },
        ),
        Err(error) => (words::left_out(error.line), p.tone(Meaning::Danger).text),
    };
    let name = shown::line(&file.name, shown::LINE);
    paint_cut(ui.painter(), upper, &name, theme::body(), p.ink, Align::Min);
    paint_cut(
        ui.painter(),
        lower,
        &says,
        theme::small(),
        colour,
        Align::Min,
    );
    format!("{name}, {says}")
}

fn edit(ui: &mut Ui, state: &State, editor: &Editor, intents: &mut Vec<Intent>) {
    let height = ui.available_height();
    card(ui, |ui| {
        let inside = height - 2.0 * (theme::CARD_PADDING + theme::LINE);
        ui.set_height(inside.max(0.0));
        head(ui, editor, intents);
        if let Some(why) = &editor.failed {
            Note::danger(words::NOT_KEPT).why(why).show(ui);
        }
        scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
            let mut text = editor.text.clone();
            let field = Field::new(words::TEXT)
                .mono()
                .lines(LINES)
                .most(MOST_LETTERS)
                .show(ui, &mut text);
            if field.response.changed() {
                intents.push(Intent::Lists(Ask::Text(text)));
            }
            ui.add_space(theme::SPACE_8);
            tried(ui, state, editor, intents);
        });
    });
}

fn head(ui: &mut Ui, editor: &Editor, intents: &mut Vec<Intent>) {
    ui.horizontal_top(|ui| {
        let is_good = matches!(editor.tried, Some(Ok(_)));
        let save =
            Button::filled(words::SAVE).enabled(is_good && editor.is_changed() && !editor.is_stale);
        let remove = Button::danger(words::TAKE_OUT).enabled(editor.opened.is_some());
        let buttons = save.size(ui).x + remove.size(ui).x + 2.0 * theme::SPACE_8;
        let mut name = editor.name.clone();
        let field = Field::new(words::NAME)
            .width(ui.available_width() - buttons)
            .most(MOST_NAME)
            .show(ui, &mut name);
        if field.response.changed() {
            intents.push(Intent::Lists(Ask::Name(name)));
        }
        for (button, is_save) in [(remove, false), (save, true)] {
            ui.vertical(|ui| {
                ui.add_space(theme::SMALL_LINE + theme::SPACE_4);
                if button.show(ui).clicked() {
                    intents.push(match is_save {
                        true => Intent::Lists(Ask::Save),
                        false => Command::Remove.into(),
                    });
                }
            });
        }
    });
}

/// What the rules find in a message.
fn tried(ui: &mut Ui, state: &State, editor: &Editor, intents: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        label(ui, words::TRY_ON, theme::body_strong(), palette(ui).ink);
        let options: Vec<String> = state
            .lists
            .mail
            .iter()
            .map(|mail| shown::subject(&mail.subject, shown::LINE))
            .collect();
        let choice = Choice::new(words::MESSAGE, &options, state.lists.mail_at);
        if let Some(at) = choice.show(ui) {
            intents.push(Intent::Lists(Ask::Mail(at)));
        }
        let open = Button::quiet(words::OPEN_MESSAGE).icon(icon::FOLDER_OPEN);
        if open.show(ui).clicked() {
            intents.push(Intent::Lists(Ask::OpenMail));
        }
    });
    match &editor.tried {
        None => drop(small(ui, words::TRYING)),
        Some(Err(error)) => {
            let why = words::mistake(error.line, error.column, &error.reason);
            Note::danger(words::MISTAKE).why(&why).show(ui);
        }
        Some(Ok(tried)) => {
            body(ui, &words::tried(tried.fired.len(), tried.silent.len()));
            for finding in &tried.fired {
                let p = palette(ui);
                Frame::NONE
                    .inner_margin(Margin::symmetric(0, theme::SPACE_4 as i8))
                    .show(ui, |ui| {
                        let weight = words::weight(finding.weight);
                        let says = shown::line(&finding.says, shown::LINE);
                        body(ui, &format!("{weight}  {says}"));
                        small_in(ui, &finding.rule, p.faint);
                    });
            }
            // Where none fires, that is said of all of them already.
            for id in tried.silent.iter().filter(|_| !tried.fired.is_empty()) {
                small(ui, &words::silent(id));
            }
        }
    }
}
