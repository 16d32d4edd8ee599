//! The folders of a sweep, a row each: where it stands, how many messages, how many hits.

use crate::gui::shown;
use crate::gui::state::sweep::{FolderRow, Run, Standing};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{card_filled, card_head, icon_of, paint_bar, paint_cut, separator};
use crate::settings::Settings;
use crate::text::window::{number, sweep as words};
use eframe::egui::{Align, Align2, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// From the card's right edge to the right ends of its columns.
const HITS: f32 = theme::CARD_PADDING;
const MESSAGES: f32 = 92.0;
/// Where the columns begin, as parts of the card.
const FOLDER: f32 = 0.197;
const STATE: f32 = 0.302;
/// From the end of a bar to the numbers.
const NUMBERS: f32 = 222.0;

/// Draws the card.
pub fn show(ui: &mut Ui, run: &Run, settings: &Settings) {
    card_filled(ui, |ui| {
        let head = ui.cursor();
        card_head(ui, words::FOLDERS, |_| {});
        let p = palette(ui);
        let y = head.top() + theme::CARD_HEAD / 2.0;
        let right = ui.max_rect().right();
        for (word, from) in [(words::MESSAGES, MESSAGES), (words::HITS, HITS)] {
            let at = pos2(right - from, y);
            let painter = ui.painter();
            painter.text(at, Align2::RIGHT_CENTER, word, theme::small(), p.faint);
        }
        for (at, row) in run.folders.iter().enumerate() {
            if at > 0 {
                separator(ui);
            }
            folder(ui, row, settings.shown(&row.account));
        }
    });
    ui.add_space(theme::SPACE_16);
}

fn folder(ui: &mut Ui, row: &FolderRow, account: &str) {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::ROW_FOLDER - theme::LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (account, name) = (
        shown::line(account, shown::LINE),
        shown::line(&row.folder, shown::LINE),
    );
    let state = state_of(row);
    let said = words::folder_row(&account, &name, state, row.seen(), row.messages, row.hits);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &said));
    let at = |part: f32| rect.left() + rect.width() * part;
    let column = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(from, rect.top()),
            pos2(to - theme::SPACE_12, rect.bottom()),
        )
    };
    let cut = |place, text: &str, font: FontId, colour| {
        paint_cut(ui.painter(), place, text, font, colour, Align::Min)
    };
    let whose = column(rect.left() + theme::CARD_PADDING, at(FOLDER));
    let drawn = cut(whose, &account, theme::body(), p.ink);
    let after = drawn.rect.right() + theme::SPACE_4;
    if !row.address.is_empty() && after < whose.right() {
        let address = shown::line(&row.address, shown::LINE);
        let rest = Rect::from_min_max(pos2(after, whose.top()), whose.max);
        cut(rest, &address, theme::body(), p.faint);
    }
    cut(column(at(FOLDER), at(STATE)), &name, theme::body(), p.soft);
    let place = column(at(STATE), rect.right() - NUMBERS + theme::SPACE_12);
    match row.standing {
        Standing::Reading => {
            let part = match row.messages {
                Some(all) if all > 0 => row.seen() as f32 / all as f32,
                _ => 0.0,
            };
            let size = vec2(place.width(), theme::BAR_IN_ROW);
            paint_bar(ui, Rect::from_center_size(place.center(), size), part);
        }
        Standing::Done => {
            let (icon, colour) = (icon_of(Meaning::Clean), p.clean.text);
            let end = icon.paint_left(ui.painter(), place, theme::ICON_BUTTON, true, colour);
            let words =
                Rect::from_min_max(pos2(end + theme::CHIP_ICON_GAP, place.top()), place.max);
            cut(words, state, theme::small(), colour);
        }
        Standing::Waiting | Standing::Unfinished => {
            cut(place, state, theme::small(), p.faint);
        }
    }
    numbers(ui, rect, row);
}

fn state_of(row: &FolderRow) -> &'static str {
    match (row.standing, row.messages) {
        (Standing::Done, _) => words::DONE,
        (Standing::Unfinished, None) => words::NOT_SWEPT,
        (Standing::Unfinished, Some(_)) => words::UNFINISHED,
        (Standing::Waiting | Standing::Reading, _) => words::WAITING,
    }
}

/// Messages done with in ink, of how many in faint; hits.
fn numbers(ui: &Ui, rect: Rect, row: &FolderRow) {
    let (p, painter) = (palette(ui), ui.painter());
    let y = rect.center().y;
    let right = |x: f32, text: String, colour| {
        painter.text(
            pos2(x, y),
            Align2::RIGHT_CENTER,
            text,
            theme::body(),
            colour,
        )
    };
    if let Some(all) = row.messages {
        let of = right(
            rect.right() - MESSAGES,
            format!(" of {}", number(all)),
            p.faint,
        );
        right(of.left(), number(row.seen()), p.ink);
    }
    right(rect.right() - HITS, number(row.hits), p.ink);
}
