//! How far something is: a bar that fills from the left. What its end is, and how much of it is
//! done, is read out.

use crate::gui::theme::{self, palette};
use eframe::egui::{CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// A progress bar.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Bar<'a> {
    part: f32,
    name: &'a str,
    width: Option<f32>,
    height: f32,
}

impl<'a> Bar<'a> {
    /// A bar of which a part, from 0 to 1, is done; `name` says of what.
    pub fn new(part: f32, name: &'a str) -> Self {
        Bar {
            part,
            name,
            width: None,
            height: theme::BAR,
        }
    }

    /// As it stands in a row of a table.
    pub fn in_row(mut self) -> Self {
        self.height = theme::BAR_IN_ROW;
        self
    }

    /// Its width, where that is not all that is free.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (rect, response) = ui.allocate_exact_size(vec2(width, self.height), Sense::hover());
        response.widget_info(|| WidgetInfo {
            label: Some(self.name.to_owned()),
            value: Some(f64::from((self.part.clamp(0.0, 1.0) * 100.0).round())),
            ..WidgetInfo::new(Role::ProgressIndicator)
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(100.0);
        });
        paint_bar(ui, rect, self.part);
        response
    }
}

/// Draws a bar into a place of a row that names it itself.
pub fn paint_bar(ui: &Ui, rect: Rect, part: f32) {
    let (p, painter) = (palette(ui), ui.painter());
    let half = rect.height() / 2.0;
    let radius = CornerRadius::same(half as u8);
    painter.rect_filled(rect, radius, p.line);
    let part = part.clamp(0.0, 1.0);
    if part > 0.0 {
        // What has begun is seen: a full round end at least.
        let width = (rect.width() * part).max(rect.height()).min(rect.width());
        let done = Rect::from_min_max(rect.min, pos2(rect.left() + width, rect.bottom()));
        painter.rect_filled(done, radius, p.accent);
    }
}
