//! One of several, only the chosen one shown: a button that opens a list.

use super::{paint_cut, read_chosen, read_count, read_place, text_at, width_of};
use crate::gui::icon;
use crate::gui::theme::{self, palette};
use eframe::egui::{
    Align, Popup, Rect, Response, Role, ScrollArea, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo,
    accesskit, pos2, vec2,
};

/// The longest list before it scrolls.
const LONGEST: f32 = 360.0;
/// The widest button before its words are cut.
const WIDEST: f32 = 260.0;

/// A choice.
#[must_use]
pub struct Choice<'a> {
    name: &'a str,
    options: &'a [String],
    chosen: usize,
    is_enabled: bool,
    width: Option<f32>,
}

impl<'a> Choice<'a> {
    /// A choice; `name` says of what and is read out.
    pub fn new(name: &'a str, options: &'a [String], chosen: usize) -> Self {
        Choice {
            name,
            options,
            chosen,
            is_enabled: true,
            width: None,
        }
    }

    /// Whether it can be opened.
    pub fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// Its width, where it is not its words'.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// With its name above, as a field has.
    pub fn show_labelled(self, ui: &mut Ui) -> Option<usize> {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_4;
            super::small_in(ui, self.name, palette(ui).soft);
            self.show(ui)
        })
        .inner
    }

    /// Draws it; what was chosen, if anything.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let shown = self.options.get(self.chosen).map_or("", String::as_str);
        let is_enabled = self.is_enabled && ui.is_enabled();
        let sense = if is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let width = self.width.unwrap_or_else(|| {
            let words = width_of(ui.painter(), shown, theme::body());
            let rest = theme::ICON_GAP + theme::ICON_CHIP + 2.0 * theme::BUTTON_PADDING;
            (words + rest).ceil().min(WIDEST)
        });
        let (rect, response) = ui.allocate_exact_size(vec2(width, theme::BUTTON), sense);
        response.widget_info(|| WidgetInfo {
            label: Some(self.name.to_owned()),
            current_text_value: Some(shown.to_owned()),
            enabled: is_enabled,
            ..WidgetInfo::new(Role::ComboBox)
        });
        let popup = Popup::default_response_id(&response);
        let is_open = Popup::is_id_open(ui.ctx(), popup);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_has_popup(accesskit::HasPopup::Listbox);
            node.set_expanded(is_open);
        });
        self.paint(ui, rect, &response, shown, is_enabled);
        let popup = Popup::menu(&response).gap(theme::SPACE_4);
        let chosen = popup.show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let list = ScrollArea::vertical().max_height(LONGEST);
            let named = UiBuilder::new()
                .accessibility_role(Role::ListBox)
                .accessibility_label(self.name);
            ui.scope_builder(named, |ui| {
                read_count(ui.ctx(), ui.unique_id(), self.options.len());
                list.show(ui, |ui| self.list(ui, width)).inner
            })
            .inner
        });
        let chosen = chosen.and_then(|shown| shown.inner);
        if chosen.is_some() {
            Popup::close_id(ui.ctx(), Popup::default_response_id(&response));
            response.request_focus();
        }
        chosen.filter(|chosen| *chosen != self.chosen)
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, shown: &str, is_enabled: bool) {
        let (p, painter) = (palette(ui), ui.painter());
        let fill = if response.hovered() && is_enabled {
            p.hover
        } else {
            p.surface
        };
        let stroke = match (response.has_focus(), is_enabled) {
            (true, _) => theme::focus(p.accent),
            (false, true) => theme::line(p.edge),
            (false, false) => theme::line(p.line),
        };
        painter.rect(rect, theme::RADIUS_BUTTON, fill, stroke, StrokeKind::Inside);
        let inner = rect.shrink2(vec2(theme::BUTTON_PADDING, 0.0));
        let caret = pos2(inner.right() - theme::ICON_CHIP / 2.0, inner.center().y);
        icon::CARET_DOWN.paint(painter, caret, theme::ICON_CHIP, false, p.soft);
        let mut words = inner;
        words.max.x -= theme::ICON_CHIP + theme::ICON_GAP;
        let colour = if is_enabled { p.ink } else { p.faint };
        paint_cut(painter, words, shown, theme::body(), colour, Align::Min);
    }

    fn list(&self, ui: &mut Ui, least: f32) -> Option<usize> {
        let p = palette(ui);
        let widths = self
            .options
            .iter()
            .map(|option| width_of(ui.painter(), option, theme::body()));
        let tick = theme::ICON_BUTTON + theme::ICON_GAP;
        let width = widths.fold(least, |widest, one| {
            widest.max(one + tick + theme::SPACE_16)
        });
        let width = width.min(theme::TOOLTIP).ceil();
        let mut chosen = None;
        for (at, option) in self.options.iter().enumerate() {
            let size = vec2(width, theme::BUTTON_IN_ROW);
            let (rect, response) = ui.allocate_exact_size(size, Sense::click());
            let is_chosen = at == self.chosen;
            response
                .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, option));
            read_chosen(&response, is_chosen);
            read_place(ui.ctx(), response.id, at);
            if response.hovered() || response.has_focus() {
                ui.painter().rect_filled(rect, theme::RADIUS_CHIP, p.hover);
            }
            if response.has_focus() {
                let ring = theme::focus(p.accent);
                ui.painter()
                    .rect_stroke(rect, theme::RADIUS_CHIP, ring, StrokeKind::Inside);
            }
            let inner = rect.shrink2(vec2(theme::SPACE_4, 0.0));
            if is_chosen {
                icon::TICK.paint_left(ui.painter(), inner, theme::ICON_BUTTON, false, p.accent);
            }
            let font = if is_chosen {
                theme::body_strong()
            } else {
                theme::body()
            };
            let at_words = pos2(inner.left() + tick, inner.center().y);
            text_at(ui.painter(), at_words, option, font, p.ink);
            if response.clicked() {
                chosen = Some(at);
            }
        }
        chosen
    }
}
