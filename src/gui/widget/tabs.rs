//! Parts of a page of which one is open: words in a row, the open one underlined.

use super::{text_at, width_of};
use crate::gui::theme::{self, palette};
use eframe::egui::{Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its word.
    pub word: String,
    /// How much is in it, if that is counted.
    pub count: Option<usize>,
}

impl Tab {
    /// A part that is not counted.
    pub fn new(word: impl Into<String>) -> Self {
        Tab {
            word: word.into(),
            count: None,
        }
    }

    /// A part with so much in it.
    pub fn counted(word: impl Into<String>, count: usize) -> Self {
        Tab {
            count: Some(count),
            ..Tab::new(word)
        }
    }

    fn says(&self) -> String {
        match self.count {
            Some(count) => format!("{} {count}", self.word),
            None => self.word.clone(),
        }
    }
}

/// Draws them from `left` points in, with a line below across all that is free; what was opened.
pub fn tabs(ui: &mut Ui, left: f32, tabs: &[Tab], open: usize) -> Option<usize> {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::TABS);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    super::card::line_below(ui, rect);
    let mut at_x = rect.left() + left;
    let mut opened = None;
    for (at, tab) in tabs.iter().enumerate() {
        let says = tab.says();
        let is_open = at == open;
        let font = if is_open {
            theme::body_strong()
        } else {
            theme::body()
        };
        let width = width_of(ui.painter(), &says, theme::body_strong()).ceil();
        let place = Rect::from_min_size(pos2(at_x, rect.top()), vec2(width, rect.height()));
        at_x += width + theme::SPACE_24;
        let id = ui.scope_id().with(("tab", at, tabs.len()));
        let response = ui.interact(place.expand2(vec2(theme::SPACE_4, 0.0)), id, Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_open, &says));
        super::read_chosen(&response, is_open);
        let colour = match (is_open, response.hovered()) {
            (true, _) => p.accent,
            (false, true) => p.ink,
            (false, false) => p.soft,
        };
        text_at(ui.painter(), place.left_center(), &says, font, colour);
        if is_open {
            let top = place.bottom() - theme::FOCUS;
            let bar = Rect::from_min_max(pos2(place.left(), top), place.max);
            ui.painter().rect_filled(bar, 0.0, p.accent);
        }
        if response.has_focus() {
            let around = place.expand2(vec2(theme::SPACE_4, -theme::SPACE_4));
            let ring = theme::focus(p.accent);
            ui.painter()
                .rect_stroke(around, theme::RADIUS_CHIP, ring, StrokeKind::Inside);
        }
        if response.clicked() && !is_open {
            opened = Some(at);
        }
    }
    opened
}
