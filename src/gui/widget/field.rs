//! Fields to type in: a label above that is read out with it, a hint, and where what was typed is
//! refused, the reason below. A secret leaves nothing in the memory that undo keeps.

use super::paint_key;
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{self, palette};
use eframe::egui::{
    Align2, FontSelection, Frame, Id, Margin, Response, Sense, StrokeKind, TextEdit, Ui, accesskit,
    pos2, vec2,
};

/// A field.
#[must_use]
pub struct Field<'a> {
    label: &'a str,
    shows_label: bool,
    hint: &'a str,
    refused: Option<&'a str>,
    is_secret: bool,
    is_mono: bool,
    is_enabled: bool,
    icon: Option<Icon>,
    keys: Option<&'a str>,
    width: Option<f32>,
    lines: usize,
    id: Option<Id>,
    most: usize,
}

/// What became of a field in a frame.
pub struct Fielded {
    /// The field itself.
    pub response: Response,
    /// Enter was pressed in it.
    pub is_entered: bool,
}

impl<'a> Field<'a> {
    /// A field with its label above.
    pub fn new(label: &'a str) -> Self {
        Field {
            label,
            shows_label: true,
            hint: "",
            refused: None,
            is_secret: false,
            is_mono: false,
            is_enabled: true,
            icon: None,
            keys: None,
            width: None,
            lines: 1,
            id: None,
            most: 10_000,
        }
    }

    /// A field whose label is only read out: a filter, a cell of a table.
    pub fn unlabelled(name: &'a str) -> Self {
        Field {
            shows_label: false,
            ..Field::new(name)
        }
    }

    /// What stands in it while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Why what was typed cannot be used.
    pub fn refused(mut self, why: Option<&'a str>) -> Self {
        self.refused = why;
        self
    }

    /// What is typed is not shown, and not kept to be undone.
    pub fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// In the font of source.
    pub fn mono(mut self) -> Self {
        self.is_mono = true;
        self
    }

    /// Whether it can be typed in.
    pub fn enabled(mut self, is_enabled: bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    /// An icon at its left.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The keys that lead to it, shown while it is empty.
    pub fn keys(mut self, keys: &'a str) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Its width, where that is not all that is free.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// How many lines it has.
    pub fn lines(mut self, lines: usize) -> Self {
        self.lines = lines;
        self
    }

    /// Its identity, for whoever gives it the focus.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// No more letters than this can be typed.
    pub fn most(mut self, letters: usize) -> Self {
        self.most = letters;
        self
    }

    /// Draws it; what is typed goes into `text`.
    pub fn show(self, ui: &mut Ui, text: &mut String) -> Fielded {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_4;
            let label = self
                .shows_label
                .then(|| super::small_in(ui, self.label, palette(ui).soft));
            let fielded = self.show_box(ui, text);
            let response = match label {
                Some(label) => fielded.response.labelled_by(label.id),
                None => fielded.response.accessible_name(self.label),
            };
            if let Some(why) = self.refused {
                ui.ctx().accesskit_node_builder(response.id, |node| {
                    node.set_invalid(accesskit::Invalid::True);
                    node.set_description(why.to_owned());
                });
                refusal(ui, why, self.width);
            }
            Fielded {
                response,
                ..fielded
            }
        })
        .inner
    }

    fn show_box(&self, ui: &mut Ui, text: &mut String) -> Fielded {
        let p = palette(ui);
        let id = self
            .id
            .unwrap_or_else(|| ui.scope_id().with(("field", self.label)));
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let left = match self.icon {
            Some(_) => theme::ICON_BUTTON + theme::BUTTON_PADDING + theme::ICON_GAP,
            None => 10.0,
        };
        let margin = Margin {
            left: left as i8,
            right: 10,
            top: 6,
            bottom: 6,
        };
        let font = if self.is_mono {
            theme::mono()
        } else {
            theme::body()
        };
        let mut edit = match self.lines {
            1 => TextEdit::singleline(text),
            lines => TextEdit::multiline(text).desired_rows(lines),
        };
        edit = edit
            .id(id)
            .password(self.is_secret)
            .interactive(self.is_enabled)
            .font(FontSelection::FontId(font.clone()))
            .text_color(if self.is_enabled { p.ink } else { p.faint })
            .hint_text(
                eframe::egui::RichText::new(self.hint)
                    .font(font)
                    .color(p.faint),
            )
            .char_limit(self.most)
            .desired_width(width)
            .min_size(vec2(width, theme::BUTTON))
            .frame(
                Frame::new()
                    .inner_margin(margin)
                    .fill(p.surface)
                    .corner_radius(theme::RADIUS_BUTTON),
            );
        if self.lines == 1 {
            edit = edit.align(Align2::LEFT_CENTER);
        }
        let response = ui.add(edit);
        if !self.is_enabled {
            ui.ctx()
                .accesskit_node_builder(response.id, |node| node.set_disabled());
        }
        if self.is_secret {
            forget_undo(ui, id);
        }
        let (stroke, has_focus) = (self.stroke(ui, &response), response.has_focus());
        let rect = response.rect;
        ui.painter()
            .rect_stroke(rect, theme::RADIUS_BUTTON, stroke, StrokeKind::Inside);
        if let Some(icon) = self.icon {
            let middle = pos2(rect.left() + theme::BUTTON_PADDING + 6.0, rect.center().y);
            icon.paint(ui.painter(), middle, theme::ICON_BUTTON, false, p.soft);
        }
        if let (Some(keys), true, false) = (self.keys, text.is_empty(), has_focus) {
            paint_key(ui, rect.right_center() - vec2(theme::SPACE_8, 0.0), keys);
        }
        let enter = |ui: &Ui| ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
        let is_entered = self.lines == 1 && response.lost_focus() && enter(ui);
        Fielded {
            response,
            is_entered,
        }
    }

    fn stroke(&self, ui: &Ui, response: &Response) -> eframe::egui::Stroke {
        let p = palette(ui);
        match (self.refused, response.has_focus(), self.is_enabled) {
            (Some(_), ..) => theme::focus(p.danger.text),
            (None, true, _) => theme::focus(p.accent),
            (None, false, true) => theme::line(p.edge),
            (None, false, false) => theme::line(p.line),
        }
    }
}

/// Nothing of what was typed stays where undo could bring it back.
fn forget_undo(ui: &Ui, id: Id) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        state.clear_undoer();
        TextEdit::store_state(ui.ctx(), id, state);
    }
}

/// Why a field is refused, on its tint.
fn refusal(ui: &mut Ui, why: &str, width: Option<f32>) {
    let p = palette(ui);
    let width = width.unwrap_or_else(|| ui.available_width());
    let inner = width - theme::ICON_CHIP - theme::CHIP_ICON_GAP;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::CHIP_ICON_GAP;
        let size = vec2(theme::ICON_CHIP, theme::SMALL_LINE);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let painter = ui.painter();
        icon::REFUSED.paint(
            painter,
            rect.center(),
            theme::ICON_CHIP,
            true,
            p.danger.text,
        );
        ui.vertical(|ui| {
            ui.set_max_width(inner);
            super::small_in(ui, why, p.danger.text);
        });
    });
}
