//! Cards: surfaces that hold what belongs together, bounded by a line.

use crate::gui::theme::{self, palette};
use eframe::egui::{Align, Frame, InnerResponse, Layout, Margin, Rect, Sense, Ui, vec2};

/// A card with room at its edges.
pub fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    frame(ui, Margin::same(16)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui)
    })
}

/// A card that is filled to its edges: a table, a list.
pub fn card_filled<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    frame(ui, Margin::ZERO).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        contents(ui)
    })
}

fn frame(ui: &Ui, margin: Margin) -> Frame {
    let p = palette(ui);
    Frame::new()
        .fill(p.surface)
        .stroke(theme::line(p.line))
        .corner_radius(theme::RADIUS_CARD)
        .inner_margin(margin)
}

/// The head of a filled card: its title, what stands at its right, and a line below.
pub fn card_head<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    let size = vec2(ui.available_width(), theme::CARD_HEAD);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let inner = rect.shrink2(vec2(theme::CARD_PADDING, 0.0));
    let builder = eframe::egui::UiBuilder::new().max_rect(inner);
    let inner = ui.scope_builder(builder.layout(Layout::left_to_right(Align::Center)), |ui| {
        super::label(ui, title, theme::body_strong(), palette(ui).ink);
        ui.with_layout(Layout::right_to_left(Align::Center), right)
            .inner
    });
    line_below(ui, rect);
    inner.inner
}

/// A line across what is free.
pub fn separator(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::LINE), Sense::hover());
    let line = theme::line(palette(ui).line);
    ui.painter().hline(rect.x_range(), rect.center().y, line);
}

/// A line at the foot of a place.
pub(super) fn line_below(ui: &Ui, rect: Rect) {
    let line = theme::line(palette(ui).line);
    let y = rect.bottom() - theme::LINE / 2.0;
    ui.painter().hline(rect.x_range(), y, line);
}
