//! A key, or several pressed together, as a cap.

use super::{text_at, width_of};
use crate::gui::theme::{self, palette};
use eframe::egui::{Pos2, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A key cap: `Ctrl F`.
pub fn key(ui: &mut Ui, keys: &str) -> Response {
    let width = width(ui, keys);
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::KEY), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
    paint_key(ui, rect.right_center(), keys);
    response
}

/// Draws a key cap, its right end and its middle at a point.
pub fn paint_key(ui: &Ui, right: Pos2, keys: &str) -> Rect {
    let (p, painter) = (palette(ui), ui.painter());
    let size = vec2(width(ui, keys), theme::KEY);
    let rect = Rect::from_min_size(right - vec2(size.x, size.y / 2.0), size);
    let radius = theme::RADIUS_CHIP;
    painter.rect(
        rect,
        radius,
        p.page,
        theme::line(p.line),
        StrokeKind::Inside,
    );
    let at = pos2(rect.left() + theme::CHIP_PADDING, rect.center().y);
    text_at(painter, at, keys, theme::small(), p.faint);
    rect
}

fn width(ui: &Ui, keys: &str) -> f32 {
    (width_of(ui.painter(), keys, theme::small()) + 2.0 * theme::CHIP_PADDING).ceil()
}
