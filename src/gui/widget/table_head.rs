//! The head of a table: words over its columns. A word that sorts can be pressed; the one that is
//! sorted by stands out and has a caret.

use super::{text_at, width_of};
use crate::gui::icon;
use crate::gui::theme::{self, palette};
use eframe::egui::{Id, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Which way a table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sorted {
    /// The least first.
    Up,
    /// The greatest first.
    Down,
}

/// A word over a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub says: &'a str,
    /// Whether the table can be sorted by it.
    pub sorts: bool,
    /// Which way it is sorted by it, if it is.
    pub sorted: Option<Sorted>,
}

impl<'a> Word<'a> {
    /// A word that sorts nothing.
    pub fn plain(says: &'a str) -> Self {
        Word {
            says,
            sorts: false,
            sorted: None,
        }
    }

    /// A word that sorts.
    pub fn sorting(says: &'a str, sorted: Option<Sorted>) -> Self {
        Word {
            says,
            sorts: true,
            sorted,
        }
    }
}

/// A column: where it stands, and the words over it. Each of two words sorts by itself.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// From the table's left edge to where it begins.
    pub left: f32,
    /// From the table's left edge to where it ends.
    pub right: f32,
    /// Numbers and dates stand at the right.
    pub is_right: bool,
    /// The words.
    pub words: &'a [Word<'a>],
}

/// The place of the caret behind a sorted word.
const CARET: f32 = theme::SMALL + 1.0;

/// Draws it across all that is free; the column and the word that were pressed.
pub fn table_head(ui: &mut Ui, columns: &[Column<'_>]) -> Option<(usize, usize)> {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::TABLE_HEAD);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(rect, 0.0, p.page);
    super::card::line_below(ui, rect);
    let mut pressed = None;
    for (at, column) in columns.iter().enumerate() {
        let widths = column.words.iter().map(|word| width(ui, word));
        let all: f32 = widths.sum::<f32>() + (column.words.len().saturating_sub(1) as f32) * COMMA;
        let mut x = match column.is_right {
            true => rect.left() + column.right - all,
            false => rect.left() + column.left,
        };
        for (which, word) in column.words.iter().enumerate() {
            let place =
                Rect::from_min_size(pos2(x, rect.top()), vec2(width(ui, word), rect.height()));
            x += place.width() + COMMA;
            if draw(ui, ui.scope_id().with(("head", at, which)), place, word) {
                pressed = Some((at, which));
            }
            if which + 1 < column.words.len() {
                let comma = pos2(place.right(), place.center().y);
                text_at(ui.painter(), comma, ",", theme::small(), p.faint);
            }
        }
    }
    pressed
}

/// From the end of a word to the next.
const COMMA: f32 = 7.0;

fn width(ui: &Ui, word: &Word<'_>) -> f32 {
    let (font, caret) = match word.sorted {
        Some(_) => (theme::small_strong(), CARET),
        None => (theme::small(), 0.0),
    };
    (width_of(ui.painter(), word.says, font) + caret).ceil()
}

fn draw(ui: &Ui, id: Id, place: Rect, word: &Word<'_>) -> bool {
    let p = palette(ui);
    let sense = if word.sorts {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(place, id, sense);
    let role = if word.sorts {
        Role::Button
    } else {
        Role::Label
    };
    let name = match (word.sorts, word.sorted) {
        (false, _) => word.says.to_owned(),
        (true, None) => crate::text::window::sort_by(word.says),
        (true, Some(Sorted::Up)) => crate::text::window::sorted_up(word.says),
        (true, Some(Sorted::Down)) => crate::text::window::sorted_down(word.says),
    };
    response.widget_info(|| WidgetInfo::labeled(role, true, &name));
    let (font, colour) = match (word.sorted, word.sorts && response.hovered()) {
        (Some(_), _) => (theme::small_strong(), p.ink),
        (None, true) => (theme::small(), p.ink),
        (None, false) => (theme::small(), p.faint),
    };
    let drawn = text_at(ui.painter(), place.left_center(), word.says, font, colour);
    if let Some(sorted) = word.sorted {
        let caret = match sorted {
            Sorted::Up => icon::CARET_UP,
            Sorted::Down => icon::CARET_DOWN,
        };
        let middle = pos2(drawn.right() + CARET / 2.0 + 1.0, place.center().y);
        caret.paint(ui.painter(), middle, theme::SMALL, false, p.ink);
    }
    if response.has_focus() {
        let ring = theme::focus(p.accent);
        let around = place.expand2(vec2(2.0, -2.0));
        ui.painter()
            .rect_stroke(around, theme::RADIUS_CHIP, ring, StrokeKind::Outside);
    }
    response.clicked()
}
