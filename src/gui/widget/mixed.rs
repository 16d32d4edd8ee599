//! Lists with rows of several heights: only those in sight are drawn, each by whoever asks for the
//! list. For lists of one height there is `Rows`.

use super::card::line_below;
use super::{read_chosen, read_count, read_place};
use crate::gui::theme::{self, palette};
use eframe::egui::{
    Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// A list of rows of these heights.
#[must_use]
pub struct Mixed<'a> {
    name: &'a str,
    heights: &'a [f32],
    scroll_to: Option<usize>,
    heads: Vec<usize>,
}

impl<'a> Mixed<'a> {
    /// A list; `name` tells it from others on the page.
    pub fn new(name: &'a str, heights: &'a [f32]) -> Self {
        Mixed {
            name,
            heights,
            scroll_to: None,
            heads: Vec::new(),
        }
    }

    /// Brings a row into sight in this frame.
    pub fn scroll_to(mut self, row: Option<usize>) -> Self {
        self.scroll_to = row;
        self
    }

    /// Which rows cannot be chosen, in their order: they are not counted when it is read out which
    /// row is which.
    pub fn heads(mut self, heads: impl IntoIterator<Item = usize>) -> Self {
        self.heads = heads.into_iter().collect();
        self
    }

    /// Draws it into all that is free.
    pub fn show(self, ui: &mut Ui, mut draw: impl FnMut(&mut Ui, usize, Rect)) {
        let place = UiBuilder::new()
            .max_rect(ui.available_rect_before_wrap())
            .accessibility_role(Role::ListBox)
            .accessibility_label(self.name);
        ui.scope_builder(place, |ui| {
            let count = self.heights.len() - self.heads.len();
            read_count(ui.ctx(), ui.unique_id(), count);
            let area = ScrollArea::vertical()
                .id_salt(("mixed", self.name))
                .auto_shrink(false);
            area.show_viewport(ui, |ui, viewport| self.rows(ui, viewport, &mut draw));
        });
    }

    fn rows(&self, ui: &mut Ui, viewport: Rect, draw: &mut impl FnMut(&mut Ui, usize, Rect)) {
        ui.set_height(self.heights.iter().sum());
        let (left, width) = (ui.max_rect().left(), ui.max_rect().width());
        let top = ui.max_rect().top();
        let mut from = 0.0;
        for (index, height) in self.heights.iter().enumerate() {
            let below = from + height;
            let min = pos2(left, top + from);
            let rect = Rect::from_min_size(min, vec2(width, *height));
            if self.scroll_to == Some(index) {
                ui.scroll_to_rect(rect, None);
            }
            if below >= viewport.top() && from <= viewport.bottom() {
                let inside = UiBuilder::new().max_rect(rect).id_salt((self.name, index));
                let mut inner = ui.new_child(inside);
                inner.set_clip_rect(rect.intersect(ui.clip_rect()));
                draw(&mut inner, index, rect);
                let above = self.heads.partition_point(|head| *head < index);
                let row = inner.scope_id().with(GROUND);
                if ui.ctx().has_accesskit_node(row) {
                    read_place(ui.ctx(), row, index - above);
                }
            }
            from = below;
        }
    }
}

/// By what the ground of a row is known within it.
const GROUND: &str = "ground";

/// The ground of a row that can be chosen: what lies on it is drawn after it, and gets its own
/// clicks.
pub fn row_ground(ui: &Ui, rect: Rect, is_selected: bool, name: &str) -> Response {
    let p = palette(ui);
    let response = ui.interact(rect, ui.scope_id().with(GROUND), Sense::CLICK);
    let fill = match (is_selected, response.contains_pointer()) {
        (true, _) => Some(p.sel),
        (false, true) => Some(p.hover),
        (false, false) => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    line_below(ui, rect);
    if is_selected {
        let bar = Rect::from_min_size(rect.min, vec2(theme::SELECTED_BAR, rect.height()));
        ui.painter().rect_filled(bar, 0.0, p.accent);
    }
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, name));
    read_chosen(&response, is_selected);
    response
}

/// A row that is only a head of those below it.
pub fn row_head(ui: &mut Ui, rect: Rect, text: &str) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.page);
    line_below(ui, rect);
    let inner = rect.shrink2(vec2(theme::PAGE_EDGE, 0.0));
    let place = UiBuilder::new()
        .max_rect(inner)
        .layout(eframe::egui::Layout::left_to_right(
            eframe::egui::Align::Center,
        ));
    ui.scope_builder(place, |ui| {
        super::cut(ui, text, theme::small_strong(), p.soft, inner.width());
    });
}
