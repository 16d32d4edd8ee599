//! One e-mail exactly as it will leave: sender, recipient, subject, text and the zip. A person can
//! write it otherwise; what came of it stands above it.

use crate::gui::icon::Icon;
use crate::gui::state::report::Ask;
use crate::gui::state::{Page, State};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{self, Button, Field, Note, paint_cut};
use crate::gui::{Command, Intent, icon, shown};
use crate::job::{Draft, DraftLetter, Leaves, Outcome, Text};
use crate::text::window::report as words;
use eframe::egui::{Align, Layout, Rect, ScrollArea, Sense, StrokeKind, Ui, UiBuilder, pos2, vec2};

/// The longest text of a letter that is drawn.
const LONGEST: usize = 20_000;

/// Draws the letter that is shown.
pub fn show(ui: &mut Ui, state: &State, draft: &Draft, intents: &mut Vec<Intent>) {
    // In a low window the letter is scrolled, its foot with it.
    let area = ScrollArea::vertical().id_salt("letter").auto_shrink(false);
    widget::scrolled(ui, area, |ui| whole(ui, state, draft, intents));
}

fn whole(ui: &mut Ui, state: &State, draft: &Draft, intents: &mut Vec<Intent>) {
    for note in &state.report.notes {
        Note::danger(words::NOTE).why(note).show(ui);
    }
    if let Some(why) = &state.report.by_hand {
        let note = Note::info(words::BY_HAND).why(why);
        if note.button(words::TO_SETTINGS).show(ui) {
            intents.push(Command::Go(Page::Settings).into());
        }
    }
    let number = state.report.shown;
    let Some(letter) = draft.letters.get(number) else {
        widget::soft(ui, words::NOTHING_GOES);
        return;
    };
    head(ui, state, draft, letter, intents);
    if let Some(outcome) = state.report.outcomes.get(&number) {
        came_of_it(ui, state, outcome, intents);
    }
    let size = ui.available_size().max(vec2(0.0, theme::LETTER_LEAST));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let p = palette(ui);
    let edge = theme::line(p.line);
    let painter = ui.painter();
    painter.rect(
        rect,
        theme::RADIUS_CARD,
        p.surface,
        edge,
        StrokeKind::Inside,
    );
    let top = rect.top() + theme::SPACE_8 + 3.0 * theme::LETTER_LINE + theme::SPACE_8;
    let foot = rect.bottom() - theme::LETTER_FOOT;
    painter.hline(rect.x_range(), foot, edge);
    let inside = rect.shrink2(vec2(theme::CARD_PADDING, 0.0));
    let part = |from: f32, to: f32| {
        let max = pos2(inside.right(), to.max(from));
        Rect::from_min_max(pos2(inside.left(), from), max)
    };
    match &state.report.writing {
        Some(text) => write(ui, text, part(rect.top() + theme::SPACE_8, foot), intents),
        None => {
            painter.hline(rect.x_range(), top, edge);
            let lines = part(rect.top() + theme::SPACE_8, top);
            read(ui, state, draft, letter, lines, part(top, foot));
        }
    }
    zip(ui, draft, letter, part(foot, rect.bottom()), intents);
}

/// Which letter it is, and what can be done with it.
fn head(
    ui: &mut Ui,
    state: &State,
    draft: &Draft,
    letter: &DraftLetter,
    intents: &mut Vec<Intent>,
) {
    let (number, of) = (state.report.shown, draft.letters.len());
    let was_tried = state.report.outcomes.contains_key(&number);
    let is_mail = letter.is_mail() && draft.leaves != Leaves::ByHand;
    let which = match state.report.outcomes.get(&number) {
        Some(Outcome::Accepted(_) | Outcome::Unknown(_)) => words::which_sent,
        Some(Outcome::Written(_)) => words::which_written,
        Some(_) => words::which_tried,
        None if !is_mail => words::which_zip,
        None if state.report.goes_to_folder() => words::which_put,
        None => words::which,
    };
    let says = which(number + 1, of);
    ui.horizontal(|ui| {
        ui.set_min_height(theme::BUTTON);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let next = step(icon::CARET_RIGHT, words::NEXT);
            if next.enabled(number + 1 < of).show(ui).clicked() {
                intents.push(Intent::Report(Ask::Show(number + 1)));
            }
            let previous = step(icon::CARET_LEFT, words::PREVIOUS);
            if previous.enabled(number > 0).show(ui).clicked() {
                intents.push(Intent::Report(Ask::Show(number.saturating_sub(1))));
            }
            if state.report.writing.is_some() {
                if Button::normal(words::EDITED)
                    .icon(icon::TICK)
                    .show(ui)
                    .clicked()
                {
                    intents.push(Intent::Report(Ask::Written));
                }
                if Button::quiet(words::AS_DRAFTED).show(ui).clicked() {
                    intents.push(Intent::Report(Ask::AsDrafted));
                }
            } else {
                let can = is_mail && !was_tried && state.report.busy.is_none();
                let edit = Button::normal(words::EDIT).icon(icon::EDIT).enabled(can);
                if edit.show(ui).clicked() {
                    intents.push(Intent::Report(Ask::Edit));
                }
            }
            let width = ui.available_width();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let (font, ink) = (theme::body_strong(), palette(ui).ink);
                widget::cut(ui, &says, font, ink, width);
            });
        });
    });
}

/// A button that leads to another letter.
fn step(icon: Icon, name: &str) -> Button<'_> {
    Button::normal("").icon(icon).name(name).tip(name)
}

fn came_of_it(ui: &mut Ui, state: &State, outcome: &Outcome, intents: &mut Vec<Intent>) {
    let to_folder = state.report.goes_to_folder();
    let clean = |what| Note::new(Meaning::Clean, what);
    match outcome {
        Outcome::Accepted(answer) => {
            let answer = shown::line(answer, shown::LINE);
            clean(words::ACCEPTED_LONG).why(&answer).show(ui);
        }
        Outcome::Written(path) | Outcome::Saved(path) => {
            let what = match outcome {
                Outcome::Saved(_) => words::SAVED_LONG,
                _ => words::WRITTEN_LONG,
            };
            let shown_path = shown::line(&path.display().to_string(), shown::LINE);
            let note = clean(what).why(&shown_path).button(words::OPEN_FOLDER);
            if note.show(ui) {
                intents.push(Intent::Report(Ask::OpenFolder(path.clone())));
            }
        }
        Outcome::NotSent { says, .. } => {
            let says = shown::line(says, shown::LINE);
            let (what, again) = match to_folder {
                true => (words::NOT_PUT_LONG, words::AGAIN),
                false => (words::NOT_SENT_LONG, words::SEND_AGAIN),
            };
            let mut note = Note::danger(what).why(&says);
            if Command::SendAgain.is_enabled(state) {
                note = note.button(again);
            }
            if note.show(ui) {
                intents.push(Intent::Do(Command::SendAgain));
            }
        }
        Outcome::Unknown(says) => {
            let says = shown::line(says, shown::LINE);
            Note::danger(words::NOT_KNOWN_LONG).why(&says).show(ui);
        }
        Outcome::Untouched(says) => {
            let says = shown::line(says, shown::LINE);
            Note::danger(words::UNTOUCHED_LONG).why(&says).show(ui);
        }
    }
}

/// Sender, recipient, subject and text.
fn read(ui: &mut Ui, state: &State, draft: &Draft, letter: &DraftLetter, lines: Rect, rest: Rect) {
    let p = palette(ui);
    let text = state
        .report
        .text(state.report.shown)
        .unwrap_or_else(|| letter.text());
    let way = match &draft.leaves {
        Leaves::Smtp { server, encrypted } => words::by_server(server, *encrypted),
        Leaves::Outbox(_) => words::by_folder().to_owned(),
        Leaves::ByHand => String::new(),
    };
    let to = match letter.is_mail() {
        true => words::TO,
        false => words::PORTAL,
    };
    let rows = [
        (words::FROM, &letter.letter.from, way.as_str()),
        (to, &letter.letter.to, ""),
        (words::SUBJECT, &text.subject, ""),
    ];
    for (at, (label, value, more)) in rows.into_iter().enumerate() {
        let min = lines.min + vec2(0.0, at as f32 * theme::LETTER_LINE);
        let line = Rect::from_min_size(min, vec2(lines.width(), theme::LETTER_LINE));
        let row = UiBuilder::new()
            .max_rect(line)
            .layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(row, |ui| {
            ui.spacing_mut().item_spacing.x = theme::SPACE_8;
            let start = ui.cursor().left();
            widget::label(ui, label, theme::body(), p.soft);
            let gap = theme::LETTER_LABEL - (ui.cursor().left() - start);
            ui.add_space(gap.max(0.0));
            let font = match at {
                1 => theme::body_strong(),
                _ => theme::body(),
            };
            let value = shown::line(value, shown::LINE);
            let width = ui.available_width();
            widget::cut(ui, &value, font, p.ink, width);
            if !more.is_empty() {
                let width = ui.available_width();
                widget::cut(ui, more, theme::small(), p.faint, width);
            }
        });
    }
    let body = UiBuilder::new().max_rect(rest);
    ui.scope_builder(body, |ui| {
        widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
            ui.add_space(theme::SPACE_12);
            widget::body(ui, &shown::body(&text.body, LONGEST));
            ui.add_space(theme::SPACE_12);
        });
    });
}

/// The fields that a person writes the letter in.
fn write(ui: &mut Ui, text: &Text, rect: Rect, intents: &mut Vec<Intent>) {
    let inside = UiBuilder::new().max_rect(rect);
    ui.scope_builder(inside, |ui| {
        let mut typed = text.clone();
        widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
            Field::new(words::SUBJECT).show(ui, &mut typed.subject);
            ui.add_space(theme::SPACE_8);
            Field::new(words::BODY)
                .lines(theme::LETTER_LINES)
                .most(LONGEST)
                .show(ui, &mut typed.body);
        });
        if typed != *text {
            intents.push(Intent::Report(Ask::Typed(typed)));
        }
    });
}

/// The zip that goes with it.
fn zip(ui: &mut Ui, draft: &Draft, letter: &DraftLetter, rect: Rect, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let row = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::right_to_left(Align::Center));
    let says = words::zip(
        letter.zip_bytes,
        letter.bytes,
        letter.limit,
        letter.entries.len(),
        &draft.password,
    );
    ui.scope_builder(row, |ui| {
        let path = letter
            .letter
            .enclosures
            .first()
            .map(|first| first.path.clone());
        let open = Button::quiet(words::OPEN_FOLDER).icon(icon::FOLDER_OPEN);
        let open = open.name(words::OPEN_FOLDER_OF_ZIP);
        if let (true, Some(path)) = (open.show(ui).clicked(), path) {
            intents.push(Intent::Report(Ask::OpenFolder(path)));
        }
        let rest = ui.available_rect_before_wrap();
        let middle = pos2(rest.left() + theme::ICON_RAIL / 2.0, rest.center().y);
        icon::ZIP.paint(ui.painter(), middle, theme::ICON_RAIL, false, p.ink);
        let left = rest.left() + theme::ICON_RAIL + theme::SPACE_12;
        let line = |from: f32, height: f32| {
            Rect::from_min_size(
                pos2(left, from),
                vec2((rest.right() - left).max(0.0), height),
            )
        };
        let top = rest.center().y - (theme::BODY_LINE + theme::SMALL_LINE) / 2.0;
        let name = letter.zip_name().to_owned();
        let first = line(top, theme::BODY_LINE);
        let second = line(top + theme::BODY_LINE, theme::SMALL_LINE);
        let both = first.union(second);
        let response = ui.interact(both, ui.scope_id().with("zip"), Sense::hover());
        response.widget_info(|| {
            let label = format!("{name}: {says}");
            eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, label)
        });
        let painter = ui.painter();
        paint_cut(painter, first, &name, theme::body(), p.ink, Align::Min);
        let cut = paint_cut(painter, second, &says, theme::small(), p.faint, Align::Min);
        if cut.is_cut {
            response.on_hover_text(&says);
        }
    });
}
