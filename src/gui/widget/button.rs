//! Buttons: filled (the next step, once a page), normal, quiet, and those for what cannot be taken
//! back. A button that is greyed cannot be pressed and says so to whoever listens.

use super::{text_at, width_of};
use crate::gui::icon::Icon;
use crate::gui::theme::{self, palette};
use eframe::egui::{
    Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo,
    pos2, vec2,
};

/// How much a button asks to be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The next step.
    Filled,
    /// Anything else.
    Normal,
    /// Beside others, without an edge.
    Quiet,
    /// It cannot be taken back.
    Danger,
    /// The same, in the question itself.
    FilledDanger,
}

/// A button.
#[must_use]
#[derive(Debug, Clone)]
pub struct Button<'a> {
    text: &'a str,
    name: Option<&'a str>,
    icon: Option<(Icon, bool)>,
    trailing: Option<Icon>,
    kind: Kind,
    is_enabled: bool,
    height: f32,
    width: Option<f32>,
    tip: Option<&'a str>,
}

impl<'a> Button<'a> {
    /// A button of a kind.
    pub fn new(kind: Kind, text: &'a str) -> Self {
        Button {
            text,
            name: None,
            icon: None,
            trailing: None,
            kind,
            is_enabled: true,
            height: theme::BUTTON,
            width: None,
            tip: None,
        }
    }

    /// The next step.
    pub fn filled(text: &'a str) -> Self {
        Button::new(Kind::Filled, text)
    }

    /// Anything else.
    pub fn normal(text: &'a str) -> Self {
        Button::new(Kind::Normal, text)
    }

    /// Without an edge.
    pub fn quiet(text: &'a str) -> Self {
        Button::new(Kind::Quiet, text)
    }

    /// It cannot be taken back.
    pub fn danger(text: &'a str) -> Self {
        Button::new(Kind::Danger, text)
    }

    /// It cannot be taken back, in the question itself.
    pub fn filled_danger(text: &'a str) -> Self {
        Button::new(Kind::FilledDanger, text)
    }

    /// With nothing but an icon: `name` is what is read out, and shown when the pointer rests.
    pub fn of_icon(icon: Icon, name: &'a str) -> Self {
        Button::quiet("").icon(icon).name(name).tip(name)
    }

    /// An icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some((icon, false));
        self
    }

    /// A filled icon before the words.
    pub fn icon_filled(mut self, icon: Icon) -> Self {
        self.icon = Some((icon, true));
        self
    }

    /// An icon behind the words.
    pub fn trailing(mut self, icon: Icon) -> Self {
        self.trailing = Some(icon);
        self
    }

    /// What is read out, where that is more than the words.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Whether it can be pressed.
    pub fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// Its height, where it is not the usual.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Its width, where it is not its words'.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// What is shown when the pointer rests on it: its shortcut, or why it is greyed.
    pub fn tip(mut self, tip: &'a str) -> Self {
        self.tip = Some(tip);
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> Response {
        ui.add(self)
    }

    /// How much room it takes.
    pub fn size(&self, ui: &Ui) -> Vec2 {
        let width = self.width.unwrap_or_else(|| {
            let padding = match self.text.is_empty() {
                true => self.height - theme::ICON_BUTTON,
                false => 2.0 * theme::BUTTON_PADDING,
            };
            self.content_width(ui) + padding
        });
        vec2(width.ceil(), self.height)
    }

    fn font(&self) -> FontId {
        match self.kind {
            Kind::Filled | Kind::FilledDanger => theme::body_strong(),
            Kind::Normal | Kind::Quiet | Kind::Danger => theme::body(),
        }
    }

    fn content_width(&self, ui: &Ui) -> f32 {
        let icons = [self.icon.is_some(), self.trailing.is_some()];
        let icons = icons.into_iter().filter(|has| *has).count() as f32;
        let gap = if self.text.is_empty() {
            0.0
        } else {
            theme::ICON_GAP
        };
        let text = match self.text.is_empty() {
            true => 0.0,
            false => width_of(ui.painter(), self.text, self.font()),
        };
        text + icons * (theme::ICON_BUTTON + gap)
    }
}

/// How a button looks at the moment.
struct Look {
    fill: Color32,
    stroke: Stroke,
    text: Color32,
    icon: Color32,
}

impl Button<'_> {
    fn look(&self, ui: &Ui, response: &Response, is_enabled: bool) -> Look {
        let p = palette(ui);
        let is_active = response.hovered() || response.is_pointer_button_down_on();
        if !is_enabled {
            let edge = match self.kind {
                Kind::Quiet => Color32::TRANSPARENT,
                _ => p.line,
            };
            return Look {
                fill: Color32::TRANSPARENT,
                stroke: theme::line(edge),
                text: p.faint,
                icon: p.faint,
            };
        }
        let neutral = if is_active { p.hover } else { p.surface };
        let (fill, edge, text, icon) = match self.kind {
            Kind::Filled => {
                let fill = if is_active { p.pressed } else { p.accent };
                (fill, fill, p.on_accent, p.on_accent)
            }
            Kind::FilledDanger => (p.danger.text, p.danger.text, p.on_accent, p.on_accent),
            Kind::Normal => (neutral, p.edge, p.ink, p.ink),
            Kind::Danger => (neutral, p.danger.text, p.danger.text, p.danger.text),
            Kind::Quiet => {
                let fill = if is_active {
                    p.hover
                } else {
                    Color32::TRANSPARENT
                };
                (fill, Color32::TRANSPARENT, p.soft, p.soft)
            }
        };
        Look {
            fill,
            stroke: theme::line(edge),
            text,
            icon,
        }
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response, is_enabled: bool) {
        let look = self.look(ui, response, is_enabled);
        let painter = ui.painter();
        let radius = theme::RADIUS_BUTTON;
        painter.rect(rect, radius, look.fill, look.stroke, StrokeKind::Inside);
        if response.has_focus() {
            let ring = theme::focus(palette(ui).accent);
            match self.kind {
                Kind::Filled | Kind::FilledDanger => {
                    let around = rect.expand(theme::FOCUS_GAP);
                    painter.rect_stroke(around, theme::RADIUS_CARD, ring, StrokeKind::Outside)
                }
                _ => painter.rect_stroke(rect, radius, ring, StrokeKind::Inside),
            };
        }
        let gap = if self.text.is_empty() {
            0.0
        } else {
            theme::ICON_GAP
        };
        let mut at = pos2(
            rect.center().x - self.content_width(ui) / 2.0,
            rect.center().y,
        );
        if let Some((icon, is_filled)) = self.icon {
            let middle = at + vec2(theme::ICON_BUTTON / 2.0, 0.0);
            icon.paint(painter, middle, theme::ICON_BUTTON, is_filled, look.icon);
            at.x += theme::ICON_BUTTON + gap;
        }
        if !self.text.is_empty() {
            at.x = text_at(painter, at, self.text, self.font(), look.text).right() + gap;
        }
        if let Some(icon) = self.trailing {
            let middle = at + vec2(theme::ICON_BUTTON / 2.0, 0.0);
            icon.paint(painter, middle, theme::ICON_BUTTON, false, look.icon);
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let is_enabled = self.is_enabled && ui.is_enabled();
        let sense = if is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(self.size(ui), sense);
        let name = self.name.unwrap_or(self.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, name));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, &response, is_enabled);
        }
        match self.tip {
            Some(tip) => response.on_hover_text(tip),
            None => response,
        }
    }
}
