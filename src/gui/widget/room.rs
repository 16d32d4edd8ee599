//! Room for what needs a least size to be laid out in. Where there is less, as with large text in
//! a small window, it is laid out in that size and scrolls: nothing is cut off or out of reach.

use eframe::egui::{Id, Rect, ScrollArea, Ui, UiBuilder, Vec2, Vec2b};

/// Draws into an area that scrolls, and brings into sight what the focus comes to.
pub fn scrolled<R>(ui: &mut Ui, area: ScrollArea, add: impl FnOnce(&mut Ui) -> R) -> R {
    let shown = area.show(ui, |ui| {
        let added = add(ui);
        follow_focus(ui);
        added
    });
    shown.inner
}

/// Scrolls once to what has the focus newly; whoever scrolls on is left alone.
fn follow_focus(ui: &Ui) {
    let followed = ui.scope_id().with("followed");
    let focused = ui.memory(|memory| memory.focused());
    let before = ui.data(|data| data.get_temp::<Option<Id>>(followed));
    if before == Some(focused) {
        return;
    }
    ui.data_mut(|data| data.insert_temp(followed, focused));
    let control = focused.and_then(|id| ui.ctx().read_response(id));
    if let Some(control) = control
        && control.layer_id == ui.layer_id()
        && ui.min_rect().contains_rect(control.rect)
    {
        ui.scroll_to_rect(control.rect, None);
    }
}

/// Draws something into all that is free, or into the least size that it needs.
pub fn room(ui: &mut Ui, least: Vec2, add: impl FnOnce(&mut Ui)) {
    let free = ui.available_size();
    let scrolls = Vec2b::new(free.x < least.x, free.y < least.y);
    let area = ScrollArea::new(scrolls).auto_shrink(false);
    scrolled(ui, area, |ui| {
        let size = ui.available_size().max(least);
        let place = Rect::from_min_size(ui.cursor().min, size);
        let inside = UiBuilder::new().max_rect(place);
        ui.scope_builder(inside, |ui| {
            ui.set_min_size(size);
            add(ui);
        });
    });
}
