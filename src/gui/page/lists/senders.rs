//! Approved and blocked senders: a card for each list, with a field that says at once whether
//! what is typed can be on it, and below the forms that there are.

use super::two_columns;
use crate::gui::act::lists::covers_word;
use crate::gui::state::State;
use crate::gui::state::lists::Ask;
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{
    Button, Column, Field, Row, Rows, Word, card_filled, label, paint_cut, small, table_head,
};
use crate::gui::{Intent, clock, icon, shown};
use crate::job::SenderLine;
use crate::settings::List;
use crate::text::parted;
use crate::text::window::{lists as words, when};
use eframe::egui::{Align, Frame, Layout, Margin, Rect, Sense, Ui, UiBuilder, pos2, vec2};
use jiff::Timestamp;

/// Whom an entry covers, in words.
const COVERS: f32 = 90.0;
/// When it was put there.
const ADDED: f32 = 84.0;
/// Rows that are seen at least, before the forms are.
const LEAST_ROWS: f32 = 4.0;
/// A list's head, with nothing refused.
const HEAD: f32 = 140.0;
/// A row's button.
const REMOVE: f32 = 32.0;
/// A line of the forms.
const FORM: f32 = 26.0;
/// Where a form's meaning begins.
const MEANS: f32 = 212.0;

/// With less room than this beside a list's title, its buttons are icons alone.
const WORDS: f32 = 216.0;

/// Draws both lists.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    two_columns(ui, None, |ui, at| {
        let list = if at == 0 {
            List::Approved
        } else {
            List::Blocked
        };
        let height = ui.available_height();
        card_filled(ui, |ui| {
            ui.set_min_height((height - 2.0 * theme::LINE).max(0.0));
            let least = HEAD + theme::TABLE_HEAD + LEAST_ROWS * theme::ROW_LIST;
            let has_forms = list == List::Blocked && height > least + forms_height();
            let foot = if has_forms { forms_height() } else { 0.0 };
            head(ui, state, list, intents);
            let mut place = ui.available_rect_before_wrap();
            place.max.y -= foot;
            ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
                table(ui, state, list, intents);
            });
            if has_forms {
                forms(ui);
            }
        });
    });
}

fn head(ui: &mut Ui, state: &State, list: List, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let margin = Margin {
        left: 16,
        right: 16,
        top: 12,
        bottom: 12,
    };
    Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = theme::SPACE_8;
        let (icon, colour, title, about) = match list {
            List::Approved => (
                icon::CLEAN,
                p.tone(Meaning::Clean).text,
                words::APPROVED_TITLE,
                words::APPROVED,
            ),
            List::Blocked => (
                icon::BLOCKED,
                p.tone(Meaning::Danger).text,
                words::BLOCKED_TITLE,
                words::BLOCKED,
            ),
        };
        ui.horizontal(|ui| {
            let (rect, _) =
                ui.allocate_exact_size(vec2(theme::ICON_ROW, theme::BUTTON), Sense::hover());
            icon.paint(ui.painter(), rect.center(), theme::ICON_ROW, true, colour);
            label(ui, title, theme::body_strong(), p.ink);
            let count = state.lists.senders.as_ref().map(|both| both.of(list).len());
            if let Some(count) = count {
                label(ui, &parted(count), theme::body(), p.soft);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (import, export) = match list {
                    List::Approved => (words::IMPORT_APPROVED, words::EXPORT_APPROVED),
                    List::Blocked => (words::IMPORT_BLOCKED, words::EXPORT_BLOCKED),
                };
                let is_narrow = ui.available_width() < WORDS;
                let button = |word, icon, name| match is_narrow {
                    true => Button::of_icon(icon, name),
                    false => Button::quiet(word).icon(icon).name(name),
                };
                let export = button(words::EXPORT, icon::EXPORT, export);
                if export
                    .enabled(count.is_some_and(|count| count > 0))
                    .show(ui)
                    .clicked()
                {
                    intents.push(Intent::Lists(Ask::Export(list)));
                }
                let import = button(words::IMPORT, icon::SAVE, import);
                if import.show(ui).clicked() {
                    intents.push(Intent::Lists(Ask::Import(list)));
                }
            });
        });
        small(ui, about);
        entry(ui, state, list, intents);
    });
}

/// The field for one sender more.
fn entry(ui: &mut Ui, state: &State, list: List, intents: &mut Vec<Intent>) {
    let entry = state.lists.entry(list);
    let (name, word) = match list {
        List::Approved => (words::APPROVE_ONE, words::APPROVE),
        List::Blocked => (words::BLOCK_ONE, words::BLOCK),
    };
    let why = entry
        .refusal()
        .map(|refused| words::refused(&refused.reason));
    ui.horizontal_top(|ui| {
        let button = Button::normal(word).enabled(entry.is_good());
        let width = ui.available_width() - button.size(ui).x - theme::SPACE_8;
        let mut text = entry.text.clone();
        let field = Field::new(name)
            .hint(words::HINT)
            .refused(why.as_deref())
            .width(width)
            .most(MOST_LETTERS)
            .show(ui, &mut text);
        if field.response.changed() {
            intents.push(Intent::Lists(Ask::Type(list, text)));
        }
        if field.is_entered {
            intents.push(Intent::Lists(Ask::Add(list)));
            field.response.request_focus();
        }
        ui.vertical(|ui| {
            // Beside the field, below its label.
            ui.add_space(theme::SMALL_LINE + theme::SPACE_4);
            if button.show(ui).clicked() {
                intents.push(Intent::Lists(Ask::Add(list)));
            }
        });
    });
}

/// The longest address, and room for a mistake.
const MOST_LETTERS: usize = 400;

fn table(ui: &mut Ui, state: &State, list: List, intents: &mut Vec<Intent>) {
    let width = ui.available_width();
    let right = width - theme::CARD_PADDING - REMOVE;
    let added = right - theme::SPACE_64;
    let dates = if ui.ctx().content_rect().width() < theme::NARROW {
        0.0
    } else {
        ADDED
    };
    let covers = (added - dates - COVERS).min(width / 2.0);
    let column = |left, right, is_right, words| Column {
        left,
        right,
        is_right,
        words,
    };
    let heads = [words::SENDER, words::COVERS, words::ADDED, words::MATCHED];
    let says = heads.map(|word| [Word::plain(word)]);
    let [sender, whom, when, matched] = &says;
    let mut head = vec![
        column(theme::CARD_PADDING, covers, false, sender),
        column(covers, right, false, whom),
        column(covers, right, true, matched),
    ];
    if dates > 0.0 {
        head.push(column(added - dates, added, true, when));
    }
    table_head(ui, &head);
    let Some(lines) = state.lists.senders.as_ref().map(|both| both.of(list)) else {
        return;
    };
    let chosen = match &state.lists.chosen {
        Some((of, entry)) if *of == list => lines.iter().position(|line| line.entry == *entry),
        _ => None,
    };
    let name = match list {
        List::Approved => words::APPROVED_TITLE,
        List::Blocked => words::BLOCKED_TITLE,
    };
    if lines.is_empty() {
        Frame::NONE.inner_margin(Margin::same(16)).show(ui, |ui| {
            small(
                ui,
                match list {
                    List::Approved => words::NONE_APPROVED,
                    List::Blocked => words::NONE_BLOCKED,
                },
            );
        });
        return;
    }
    let mut removed = None;
    let rows = Rows::new(name, lines.len(), theme::ROW_LIST);
    let rowed = rows.show(ui, chosen, |ui, row| match lines.get(row.index) {
        Some(line) => {
            if draw(ui, row, line, [covers, dates, right]) {
                removed = Some(line.entry.clone());
            }
            read_out(line)
        }
        None => String::new(),
    });
    let clicked = rowed.clicked.map(|(at, _)| at).or(rowed.moved_to);
    if let Some(line) = clicked.and_then(|at| lines.get(at)) {
        intents.push(Intent::Lists(Ask::Choose(list, line.entry.clone())));
    }
    if let Some(entry) = removed {
        intents.push(Intent::Lists(Ask::Remove(list, entry)));
    }
}

fn read_out(line: &SenderLine) -> String {
    let covers = match &line.covers {
        Ok(covers) => covers_word(*covers).to_owned(),
        Err(refused) => words::refused(&refused.reason),
    };
    let added = line.added.map(day);
    words::sender_row(&line.entry, &covers, added.as_deref(), line.matched)
}

fn day(at: Timestamp) -> String {
    when(at, clock::now(), &clock::zone())
}

/// Draws a sender; whether it is to be removed.
fn draw(ui: &mut Ui, row: &Row, line: &SenderLine, [covers, dates, right]: [f32; 3]) -> bool {
    let p = palette(ui);
    let rect = row.rect;
    let cell = |left: f32, right: f32| {
        let (left, right) = (rect.left() + left, rect.left() + right);
        Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()))
    };
    let place = cell(theme::CARD_PADDING, covers - theme::SPACE_8);
    let painter = ui.painter().clone();
    let fits = |text: &str| {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::body(), p.ink);
        galley.size().x <= place.width()
    };
    let entry = shown::address_cut(&line.entry, fits);
    paint_cut(&painter, place, &entry, theme::body(), p.ink, Align::Min);
    let second = if row.is_selected { p.soft } else { p.faint };
    let place = cell(covers, right - theme::SPACE_64 - dates);
    match &line.covers {
        Ok(whom) => {
            let word = covers_word(*whom);
            paint_cut(&painter, place, word, theme::small(), second, Align::Min);
        }
        Err(refused) => {
            let says = words::refused(&refused.reason);
            let colour = p.tone(Meaning::Danger).text;
            paint_cut(&painter, place, &says, theme::small(), colour, Align::Min);
        }
    }
    if dates > 0.0 {
        let place = cell(right - theme::SPACE_64 - dates, right - theme::SPACE_64);
        let day = line.added.map_or_else(|| words::UNKNOWN.to_owned(), day);
        paint_cut(&painter, place, &day, theme::small(), second, Align::Max);
    }
    let matched = parted(usize::try_from(line.matched).unwrap_or(usize::MAX));
    let place = cell(right - theme::SPACE_64, right);
    paint_cut(&painter, place, &matched, theme::body(), p.ink, Align::Max);
    if !row.is_selected && !row.is_hovered {
        return false;
    }
    let at = cell(right + theme::SPACE_4, right + REMOVE + theme::SPACE_4);
    let at = at.shrink2(vec2(0.0, (at.height() - theme::BUTTON_IN_ROW) / 2.0));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(at));
    let name = words::remove(&line.entry);
    let button = Button::of_icon(icon::X, &name).height(theme::BUTTON_IN_ROW);
    button
        .width(theme::BUTTON_IN_ROW)
        .show(&mut inner)
        .clicked()
}

fn forms_height() -> f32 {
    words::FORM_LIST.len() as f32 * FORM + 2.0 * theme::CARD_PADDING + theme::BODY_LINE
}

/// The forms that a list takes, and those that it does not.
fn forms(ui: &mut Ui) {
    let p = palette(ui);
    let whole = ui.max_rect();
    let top = whole.bottom() - forms_height();
    let place = Rect::from_min_max(pos2(whole.left(), top), whole.max);
    let corners = theme::RADIUS_CARD;
    ui.painter().rect_filled(place, corners, p.page);
    ui.painter()
        .hline(place.x_range(), top, theme::line(p.line));
    let inner = place.shrink(theme::CARD_PADDING);
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        label(ui, words::FORMS, theme::body_strong(), p.ink);
        for (form, means, is_taken) in words::FORM_LIST {
            let (rect, _) =
                ui.allocate_exact_size(vec2(ui.available_width(), FORM), Sense::hover());
            let (icon, meaning) = match is_taken {
                true => (icon::TICK, Meaning::Clean),
                false => (icon::X, Meaning::Danger),
            };
            let colour = p.tone(meaning).text;
            let middle = pos2(rect.left() + theme::SPACE_8, rect.center().y);
            icon.paint(ui.painter(), middle, theme::ICON_BUTTON, false, colour);
            for (left, text, font, colour) in [
                (theme::SPACE_24, form, theme::body(), p.ink),
                (MEANS, means, theme::small(), p.soft),
            ] {
                let place = Rect::from_min_max(pos2(rect.left() + left, rect.top()), rect.max);
                let mut inner = ui.new_child(
                    UiBuilder::new()
                        .max_rect(place)
                        .layout(Layout::left_to_right(Align::Center)),
                );
                label(&mut inner, text, font, colour);
            }
        }
    });
}
