//! Tick boxes: empty, ticked, or some of several. They fill when they are on, which those of the
//! library do not.

use super::text_at;
use crate::gui::theme::{self, palette};
use eframe::egui::{
    Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// How thick the sign in a box is.
const SIGN: f32 = 1.75;

/// What a tick box shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ticked {
    /// Nothing.
    #[default]
    Off,
    /// A tick.
    On,
    /// A dash: some of what it stands for.
    Some,
}

impl From<bool> for Ticked {
    fn from(is_on: bool) -> Self {
        if is_on { Ticked::On } else { Ticked::Off }
    }
}

impl Ticked {
    /// What a box shows that stands for `ticked` of `all`.
    pub fn of(ticked: usize, all: usize) -> Self {
        match ticked {
            0 => Ticked::Off,
            ticked if ticked < all => Ticked::Some,
            _ => Ticked::On,
        }
    }
}

/// A tick box. It changes nothing itself: whoever asks for it looks whether it was clicked.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Tick<'a> {
    ticked: Ticked,
    name: &'a str,
    shows_name: bool,
    is_enabled: bool,
}

impl<'a> Tick<'a> {
    /// A box with its words beside it.
    pub fn new(ticked: impl Into<Ticked>, name: &'a str) -> Self {
        Tick {
            ticked: ticked.into(),
            name,
            shows_name: true,
            is_enabled: true,
        }
    }

    /// A box alone; `name` is read out.
    pub fn alone(ticked: impl Into<Ticked>, name: &'a str) -> Self {
        Tick {
            shows_name: false,
            ..Tick::new(ticked, name)
        }
    }

    /// Whether it can be clicked.
    pub fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let font = theme::body();
        let words = match self.shows_name {
            true => super::width_of(ui.painter(), self.name, font.clone()) + theme::ICON_GAP,
            false => 0.0,
        };
        let height = if self.shows_name {
            theme::SPACE_24
        } else {
            theme::TICK
        };
        let size = vec2((theme::TICK + words).ceil(), height);
        let (rect, response) = ui.allocate_exact_size(size, self.sense(ui));
        let response = self.finish(ui, rect, response);
        if self.shows_name {
            let p = palette(ui);
            let colour = if self.is_enabled { p.ink } else { p.faint };
            let at = pos2(rect.left() + theme::TICK + theme::ICON_GAP, rect.center().y);
            text_at(ui.painter(), at, self.name, font, colour);
        }
        response
    }

    /// Draws it in a row of a list: in the middle of `place`, all of which can be clicked. It is
    /// left out of the order of Tab, where a list of thousands would be in the way.
    pub fn show_in(self, ui: &mut Ui, place: Rect) -> Response {
        let id = ui.scope_id().with(("tick", self.name));
        let response = ui.interact(place, id, Sense::CLICK);
        let rect = Rect::from_center_size(place.center(), Vec2::splat(theme::TICK));
        self.finish(ui, rect, response)
    }

    fn sense(&self, ui: &Ui) -> Sense {
        match self.is_enabled && ui.is_enabled() {
            true => Sense::click(),
            false => Sense::hover(),
        }
    }

    fn finish(&self, ui: &Ui, rect: Rect, response: Response) -> Response {
        let is_enabled = self.is_enabled && ui.is_enabled();
        response.widget_info(|| WidgetInfo {
            enabled: is_enabled,
            label: Some(self.name.to_owned()),
            // Neither on nor off is what is read out as "mixed".
            selected: (self.ticked != Ticked::Some).then_some(self.ticked == Ticked::On),
            ..WidgetInfo::new(Role::CheckBox)
        });
        let at = pos2(rect.left() + theme::TICK / 2.0, rect.center().y);
        let square = Rect::from_center_size(at, Vec2::splat(theme::TICK));
        self.paint(ui, square, &response, is_enabled);
        response
    }

    fn paint(&self, ui: &Ui, square: Rect, response: &Response, is_enabled: bool) {
        let (p, painter) = (palette(ui), ui.painter());
        let (fill, edge) = match (is_enabled, self.ticked, response.hovered()) {
            (false, _, _) => (p.page, p.line),
            (true, Ticked::On, false) => (p.accent, p.accent),
            (true, Ticked::On, true) => (p.pressed, p.pressed),
            (true, _, false) => (p.surface, p.edge),
            (true, _, true) => (p.hover, p.edge),
        };
        let radius = theme::RADIUS_TICK;
        painter.rect(square, radius, fill, theme::line(edge), StrokeKind::Inside);
        let sign: &[[f32; 2]] = match self.ticked {
            Ticked::Off => &[],
            Ticked::On => &[[-4.0, 0.2], [-1.2, 3.0], [4.2, -2.8]],
            Ticked::Some => &[[-3.5, 0.0], [3.5, 0.0]],
        };
        let colour = match self.ticked {
            Ticked::On if is_enabled => p.on_accent,
            Ticked::Some if is_enabled => p.ink,
            _ => p.faint,
        };
        let points = sign.iter().map(|[x, y]| square.center() + vec2(*x, *y));
        painter.line(points.collect(), Stroke::new(SIGN, colour));
        if response.has_focus() {
            let ring = theme::focus(p.accent);
            let around = square.expand(theme::FOCUS_GAP - 1.0);
            painter.rect_stroke(around, theme::RADIUS_CHIP, ring, StrokeKind::Outside);
        }
    }
}
