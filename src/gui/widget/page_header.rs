//! The head of a page: its title, a line of facts (what is here, and what has not happened yet),
//! and its buttons at the right, the next step last.

use super::{Button, cut};
use crate::gui::theme::{self, palette};
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

/// Draws it; which of the buttons was pressed.
pub fn page_header(
    ui: &mut Ui,
    title: &str,
    facts: &str,
    buttons: Vec<Button<'_>>,
) -> Option<usize> {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::PAGE_HEADER);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let inner = rect.shrink2(vec2(theme::PAGE_EDGE, 0.0));
    let widths = buttons.iter().map(|button| button.size(ui).x);
    let gaps = buttons.len() as f32 * theme::SPACE_12;
    let taken: f32 = widths.sum::<f32>() + gaps;
    let mut words = inner;
    words.max.x = (words.max.x - taken).max(words.min.x);
    words.min.y += theme::SPACE_8 + 2.0;
    let column = UiBuilder::new()
        .max_rect(words)
        .layout(Layout::top_down(Align::Min));
    // Children take no room: the head has it already, whatever it holds.
    {
        let ui = &mut ui.new_child(column);
        ui.spacing_mut().item_spacing.y = 0.0;
        let width = ui.available_width();
        let response = cut(ui, title, theme::heading(), p.ink, width);
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
        if !facts.is_empty() {
            cut(ui, facts, theme::small(), p.faint, width);
        }
    }
    let left = inner.right() - taken + theme::SPACE_12;
    let mut place = Rect::from_min_max(inner.min, inner.max);
    place.min.x = left.max(inner.left());
    let row = UiBuilder::new()
        .max_rect(place)
        .layout(Layout::left_to_right(Align::Center));
    let ui = &mut ui.new_child(row);
    ui.spacing_mut().item_spacing.x = theme::SPACE_12;
    let mut pressed = None;
    for (at, button) in buttons.into_iter().enumerate() {
        if button.show(ui).clicked() {
            pressed = Some(at);
        }
    }
    pressed
}
