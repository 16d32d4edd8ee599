//! Lists of any length with rows of one height: only those in sight are drawn. A row is named by
//! whoever draws it; the list has the focus, and its rows are not in the way of Tab.

use super::{read_chosen, read_count, read_place};
use crate::gui::theme::{self, palette};
use eframe::egui::scroll_area::ScrollAreaOutput;
use eframe::egui::{
    Event, EventFilter, Id, Key, Rect, Response, Role, ScrollArea, Sense, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

/// A list.
#[must_use]
pub struct Rows<'a> {
    name: &'a str,
    count: usize,
    height: f32,
    scroll_to: Option<usize>,
    is_selectable: bool,
}

/// A row, as it is given to whoever draws it.
pub struct Row {
    /// Which one it is.
    pub index: usize,
    /// Its place.
    pub rect: Rect,
    /// Whether it is the one that is shown in detail.
    pub is_selected: bool,
    /// Whether the pointer is on it.
    pub is_hovered: bool,
}

/// What became of a list in a frame.
#[derive(Default)]
pub struct Rowed {
    /// The row that was clicked, and how.
    pub clicked: Option<(usize, Response)>,
    /// The row that a menu at the pointer belongs to: the one that the other button was pressed on,
    /// else the selected one.
    pub menu: Option<(usize, Response)>,
    /// The row that was clicked twice, or that Enter was pressed on.
    pub opened: Option<usize>,
    /// The row that the keyboard moved the selection to.
    pub moved_to: Option<usize>,
    /// Whether the list has the focus.
    pub has_focus: bool,
}

impl<'a> Rows<'a> {
    /// A list of `count` rows; `name` says of what and is read out.
    pub fn new(name: &'a str, count: usize, height: f32) -> Self {
        Rows {
            name,
            count,
            height,
            scroll_to: None,
            is_selectable: true,
        }
    }

    /// Brings a row into sight in this frame.
    pub fn scroll_to(mut self, row: Option<usize>) -> Self {
        self.scroll_to = row;
        self
    }

    /// Rows are only looked at: they cannot be clicked.
    pub fn only_shown(mut self) -> Self {
        self.is_selectable = false;
        self
    }

    /// Draws the list into all that is free. `draw` draws a row and returns what is read out.
    pub fn show(
        self,
        ui: &mut Ui,
        selected: Option<usize>,
        mut draw: impl FnMut(&mut Ui, &Row) -> String,
    ) -> Rowed {
        let place = ui.available_rect_before_wrap();
        let id = ui.scope_id().with(("rows", self.name));
        let mut rowed = Rowed::default();
        let (sense, role) = match self.is_selectable {
            true => (Sense::FOCUSABLE, Role::ListBox),
            false => (Sense::hover(), Role::List),
        };
        let list = ui.interact(place, id, sense);
        list.widget_info(|| WidgetInfo::labeled(role, true, self.name));
        read_count(ui.ctx(), id, self.count);
        if self.is_selectable {
            rowed.has_focus = list.has_focus();
            self.keys(ui, id, selected, &mut rowed);
        }
        let area = ScrollArea::vertical().id_salt(id).auto_shrink(false);
        let below = UiBuilder::new().max_rect(place).accessibility_parent(id);
        let inside = ui.scope_builder(below, |ui| {
            area.show_viewport(ui, |ui, viewport| {
                ui.set_height(self.height * self.count as f32);
                let top = ui.max_rect().top();
                let row_rect = |index: usize, ui: &Ui| {
                    let min = pos2(ui.max_rect().left(), top + index as f32 * self.height);
                    Rect::from_min_size(min, vec2(ui.max_rect().width(), self.height))
                };
                if let Some(row) = self.scroll_to.or(rowed.moved_to) {
                    ui.scroll_to_rect(row_rect(row, ui), None);
                }
                let first = (viewport.top() / self.height).floor().max(0.0) as usize;
                let last = (viewport.bottom() / self.height).ceil().max(0.0) as usize;
                for index in first..last.min(self.count) {
                    let rect = row_rect(index, ui);
                    self.row(
                        ui,
                        index,
                        rect,
                        selected == Some(index),
                        &mut rowed,
                        &mut draw,
                    );
                }
                // The list keeps the focus: this says which row the keys are on.
                let row = selected.map(|at| ui.scope_id().with(("row", at)));
                if let Some(row) = row.filter(|row| ui.ctx().has_accesskit_node(*row)) {
                    ui.ctx().accesskit_node_builder(id, |list| {
                        list.set_active_descendant(row.accesskit_id());
                    });
                }
            })
        });
        let output: ScrollAreaOutput<()> = inside.inner;
        if rowed.has_focus {
            let ring = theme::focus(palette(ui).accent);
            let around = output.inner_rect;
            ui.painter()
                .rect_stroke(around, 0.0, ring, StrokeKind::Inside);
        }
        rowed
    }

    fn row(
        &self,
        ui: &mut Ui,
        index: usize,
        rect: Rect,
        is_selected: bool,
        rowed: &mut Rowed,
        draw: &mut impl FnMut(&mut Ui, &Row) -> String,
    ) {
        let p = palette(ui);
        let sense = if self.is_selectable {
            Sense::CLICK
        } else {
            Sense::hover()
        };
        let response = ui.interact(rect, ui.scope_id().with(("row", index)), sense);
        let row = Row {
            index,
            rect,
            is_selected,
            is_hovered: self.is_selectable && response.contains_pointer(),
        };
        let fill = match (row.is_selected, row.is_hovered) {
            (true, _) => Some(p.sel),
            (false, true) => Some(p.hover),
            (false, false) => None,
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, 0.0, fill);
        }
        super::card::line_below(ui, rect);
        if row.is_selected {
            let bar = Rect::from_min_size(rect.min, vec2(theme::SELECTED_BAR, rect.height()));
            ui.painter().rect_filled(bar, 0.0, p.accent);
        }
        let inside = UiBuilder::new().max_rect(rect).id_salt(("inside", index));
        let mut inner = ui.new_child(inside);
        inner.set_clip_rect(rect.intersect(ui.clip_rect()));
        let name = draw(&mut inner, &row);
        let role = if self.is_selectable {
            Role::ListBoxOption
        } else {
            Role::ListItem
        };
        response.widget_info(|| match self.is_selectable {
            true => WidgetInfo::selected(role, true, is_selected, &name),
            false => WidgetInfo::labeled(role, true, &name),
        });
        if self.is_selectable {
            read_chosen(&response, is_selected);
        }
        read_place(ui.ctx(), response.id, index);
        if response.double_clicked() {
            rowed.opened = Some(index);
        }
        if response.secondary_clicked() || (is_selected && rowed.menu.is_none()) {
            rowed.menu = Some((index, response.clone()));
        }
        if response.clicked() {
            rowed.clicked = Some((index, response));
        }
    }

    /// Arrows, page by page, and the ends; while the list has the focus they do not leave it.
    fn keys(&self, ui: &Ui, id: Id, selected: Option<usize>, rowed: &mut Rowed) {
        if !rowed.has_focus || self.count == 0 {
            return;
        }
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let page = (ui.available_height() / self.height).floor().max(1.0) as usize;
        let pressed = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } if modifiers.is_none() => Some(*key),
                _ => None,
            })
        });
        let (last, at) = (self.count - 1, selected.unwrap_or(0));
        let below = selected.map_or(0, |at| (at + 1).min(last));
        match pressed {
            Some(Key::ArrowDown) => rowed.moved_to = Some(below),
            Some(Key::ArrowUp) => rowed.moved_to = Some(at.saturating_sub(1)),
            Some(Key::PageDown) => rowed.moved_to = Some((at + page).min(last)),
            Some(Key::PageUp) => rowed.moved_to = Some(at.saturating_sub(page)),
            Some(Key::Home) => rowed.moved_to = Some(0),
            Some(Key::End) => rowed.moved_to = Some(last),
            Some(Key::Enter) => rowed.opened = selected,
            _ => {}
        }
    }
}
