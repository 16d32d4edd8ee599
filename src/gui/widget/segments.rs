//! One of a few, all of them shown: joined buttons, each with an icon, a word and a count.

use super::{icon_of, text_at, width_of};
use crate::gui::theme::{self, Meaning, palette};
use eframe::egui::{
    CornerRadius, FontId, Id, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its word, with its count if it has one.
    pub word: String,
    /// What it means, if that has a colour and an icon.
    pub meaning: Option<Meaning>,
}

impl Segment {
    /// A choice.
    pub fn new(word: impl Into<String>) -> Self {
        Segment {
            word: word.into(),
            meaning: None,
        }
    }

    /// A choice of a meaning.
    pub fn of(meaning: Meaning, word: impl Into<String>) -> Self {
        Segment {
            word: word.into(),
            meaning: Some(meaning),
        }
    }
}

/// Joined buttons of which one is chosen, or none.
#[must_use]
pub struct Segments<'a> {
    segments: &'a [Segment],
    chosen: Option<usize>,
    is_enabled: bool,
}

impl<'a> Segments<'a> {
    /// Choices of which one is chosen.
    pub fn new(segments: &'a [Segment], chosen: impl Into<Option<usize>>) -> Self {
        Segments {
            segments,
            chosen: chosen.into(),
            is_enabled: true,
        }
    }

    /// Whether anything can be chosen.
    pub fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// How wide they are.
    pub fn whole_width(&self, ui: &Ui) -> f32 {
        (0..self.segments.len()).map(|at| self.width(ui, at)).sum()
    }

    /// Draws them; what was clicked, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let p = palette(ui);
        let widths: Vec<f32> = (0..self.segments.len())
            .map(|at| self.width(ui, at))
            .collect();
        let size = vec2(widths.iter().sum(), theme::BUTTON);
        let (rect, whole) = ui.allocate_exact_size(size, Sense::hover());
        ui.painter()
            .rect_filled(rect, theme::RADIUS_BUTTON, p.surface);
        let mut clicked = None;
        let mut left = rect.left();
        let mut focused = None;
        let last = self.segments.len().saturating_sub(1);
        for (at, width) in widths.into_iter().enumerate() {
            let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
            left += width;
            let id = whole.id.with(at);
            let response = self.segment(ui, id, at, place, corners(at == 0, at == last));
            if at > 0 {
                let line = theme::line(p.line);
                ui.painter()
                    .vline(place.left(), place.y_range().shrink(1.0), line);
            }
            if response.has_focus() {
                focused = Some((place, corners(at == 0, at == last)));
            }
            if response.clicked() {
                clicked = Some(at);
            }
        }
        let edge = theme::line(if self.is_enabled { p.edge } else { p.line });
        ui.painter()
            .rect_stroke(rect, theme::RADIUS_BUTTON, edge, StrokeKind::Inside);
        if let Some((place, corners)) = focused {
            let ring = theme::focus(p.accent);
            ui.painter()
                .rect_stroke(place, corners, ring, StrokeKind::Inside);
        }
        clicked
    }

    fn segment(&self, ui: &Ui, id: Id, at: usize, place: Rect, corners: CornerRadius) -> Response {
        let p = palette(ui);
        let is_enabled = self.is_enabled && ui.is_enabled();
        let sense = if is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.interact(place, id, sense);
        let Some(segment) = self.segments.get(at) else {
            return response;
        };
        let is_chosen = self.chosen == Some(at);
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, is_enabled, is_chosen, &segment.word)
        });
        let fill = match (is_chosen, response.hovered()) {
            (true, _) => Some(p.tint),
            (false, true) if is_enabled => Some(p.hover),
            (false, _) => None,
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(place, corners, fill);
        }
        let mut at = pos2(place.left() + theme::BUTTON_PADDING, place.center().y);
        if let Some(meaning) = segment.meaning {
            let colour = if is_chosen {
                p.accent
            } else {
                p.tone(meaning).text
            };
            let middle = at + vec2(theme::ICON_BUTTON / 2.0, 0.0);
            icon_of(meaning).paint(ui.painter(), middle, theme::ICON_BUTTON, true, colour);
            at.x += theme::ICON_BUTTON + theme::CHIP_ICON_GAP;
        }
        let colour = match (is_enabled, is_chosen) {
            (false, _) => p.faint,
            (true, true) => p.accent,
            (true, false) => p.soft,
        };
        text_at(ui.painter(), at, &segment.word, font(is_chosen), colour);
        response
    }

    /// The same whether it is chosen or not: nothing moves when another one is.
    fn width(&self, ui: &Ui, at: usize) -> f32 {
        let Some(segment) = self.segments.get(at) else {
            return 0.0;
        };
        let word = width_of(ui.painter(), &segment.word, font(true));
        let icon = match segment.meaning {
            Some(_) => theme::ICON_BUTTON + theme::CHIP_ICON_GAP,
            None => 0.0,
        };
        (word + icon + 2.0 * theme::BUTTON_PADDING).ceil()
    }
}

fn font(is_chosen: bool) -> FontId {
    if is_chosen {
        theme::body_strong()
    } else {
        theme::body()
    }
}

fn corners(is_first: bool, is_last: bool) -> CornerRadius {
    let radius = theme::RADIUS_BUTTON;
    let left = if is_first { radius.nw } else { 0 };
    let right = if is_last { radius.ne } else { 0 };
    CornerRadius {
        nw: left,
        sw: left,
        ne: right,
        se: right,
    }
}
