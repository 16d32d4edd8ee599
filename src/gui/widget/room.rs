//! Room for what needs a least size to be laid out in. Where there is less, as with large text in
//! a small window, it is laid out in that size and scrolls: nothing is cut off or out of reach.

use eframe::egui::{Rect, ScrollArea, Ui, UiBuilder, Vec2, Vec2b};

/// Draws something into all that is free, or into the least size that it needs.
pub fn room(ui: &mut Ui, least: Vec2, add: impl FnOnce(&mut Ui)) {
    let free = ui.available_size();
    let scrolls = Vec2b::new(free.x < least.x, free.y < least.y);
    let area = ScrollArea::new(scrolls).auto_shrink(false);
    area.show(ui, |ui| {
        let size = ui.available_size().max(least);
        let place = Rect::from_min_size(ui.cursor().min, size);
        let inside = UiBuilder::new().max_rect(place);
        ui.scope_builder(inside, |ui| {
            ui.set_min_size(size);
            add(ui);
        });
    });
}
