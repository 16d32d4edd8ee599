//! A verdict, or another state, as a chip: tint, icon and word together.

use super::{icon_of, text_at, width_of};
use crate::gui::icon::Icon;
use crate::gui::theme::{self, Meaning, palette};
use eframe::egui::{Painter, Pos2, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// A chip.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Chip<'a> {
    meaning: Meaning,
    word: &'a str,
    icon: Icon,
    tip: Option<&'a str>,
}

impl<'a> Chip<'a> {
    /// A chip with the icon of its meaning.
    pub fn new(meaning: Meaning, word: &'a str) -> Self {
        Chip {
            meaning,
            word,
            icon: icon_of(meaning),
            tip: None,
        }
    }

    /// With another icon.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// What is shown when the pointer rests on it.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = Some(tip);
        self
    }

    /// How much room it takes.
    pub fn size(&self, painter: &Painter) -> Vec2 {
        let word = width_of(painter, self.word, theme::small_strong());
        let icon = theme::ICON_CHIP + theme::CHIP_ICON_GAP;
        vec2(
            (word + icon + 2.0 * theme::CHIP_PADDING).ceil(),
            theme::CHIP,
        )
    }

    /// Draws it as a widget of its own.
    pub fn show(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(self.size(ui.painter()), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.word));
        self.paint(ui, rect.left_center());
        match self.tip {
            Some(tip) => response.on_hover_text(tip),
            None => response,
        }
    }

    /// Draws it in a row that names it itself, its left end and its middle at a point.
    pub fn paint(&self, ui: &Ui, at: Pos2) -> Rect {
        let painter = ui.painter();
        let tone = palette(ui).tone(self.meaning);
        let size = self.size(painter);
        let rect = Rect::from_min_size(at - vec2(0.0, size.y / 2.0), size);
        painter.rect_filled(rect, theme::RADIUS_CHIP, tone.tint);
        let inner = rect.shrink2(vec2(theme::CHIP_PADDING, 0.0));
        let after = self
            .icon
            .paint_left(painter, inner, theme::ICON_CHIP, true, tone.text);
        let at = pos2(after + theme::CHIP_ICON_GAP, rect.center().y);
        text_at(painter, at, self.word, theme::small_strong(), tone.text);
        rect
    }
}

/// Draws a chip in a row, its left end and its middle at a point.
pub fn paint_chip(ui: &Ui, at: Pos2, meaning: Meaning, word: &str) -> Rect {
    Chip::new(meaning, word).paint(ui, at)
}
