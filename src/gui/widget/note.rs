//! Notes: what went wrong or is worth knowing, where it belongs, with the way out at the right.

use super::{Button, icon_of};
use crate::gui::icon::Icon;
use crate::gui::theme::{self, Meaning, palette};
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Frame, Label, Layout, Margin, Sense, TextFormat, Ui, accesskit, vec2};

/// A note.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    meaning: Meaning,
    icon: Icon,
    what: &'a str,
    why: &'a str,
    button: Option<&'a str>,
}

impl<'a> Note<'a> {
    /// A note of a meaning: what happened, in a few words.
    pub fn new(meaning: Meaning, what: &'a str) -> Self {
        Note {
            meaning,
            icon: icon_of(meaning),
            what,
            why: "",
            button: None,
        }
    }

    /// Something failed.
    pub fn danger(what: &'a str) -> Self {
        Note::new(Meaning::Danger, what)
    }

    /// Worth knowing.
    pub fn info(what: &'a str) -> Self {
        Note::new(Meaning::Info, what)
    }

    /// With another icon.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// Why, and what is done about it.
    pub fn why(mut self, why: &'a str) -> Self {
        self.why = why;
        self
    }

    /// The way out.
    pub fn button(mut self, says: &'a str) -> Self {
        self.button = Some(says);
        self
    }

    /// Draws it; whether its button was pressed.
    pub fn show(self, ui: &mut Ui) -> bool {
        let p = palette(ui);
        let tone = p.tone(self.meaning);
        let frame = Frame::new()
            .fill(tone.tint)
            .corner_radius(theme::RADIUS_BUTTON)
            .inner_margin(Margin::symmetric(12, 8));
        let shown = frame.show(ui, |ui| {
            let button = self
                .button
                .map(|says| Button::quiet(says).height(theme::BUTTON_IN_ROW));
            let at_right = button
                .as_ref()
                .map_or(0.0, |button| button.size(ui).x + theme::SPACE_8);
            let words = ui.available_width() - theme::ICON_ROW - theme::SPACE_8 - at_right;
            ui.horizontal(|ui| {
                ui.set_min_height(theme::BUTTON);
                let size = vec2(theme::ICON_ROW, theme::ICON_ROW);
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                let painter = ui.painter();
                self.icon
                    .paint(painter, rect.center(), theme::ICON_ROW, true, tone.text);
                let middle = Layout::left_to_right(Align::Center);
                ui.allocate_ui_with_layout(vec2(words.max(0.0), theme::BUTTON), middle, |ui| {
                    self.words(ui);
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    button.is_some_and(|button| button.show(ui).clicked())
                })
                .inner
            })
            .inner
        });
        shown.inner
    }

    fn words(&self, ui: &mut Ui) {
        let p = palette(ui);
        let mut job = LayoutJob::default();
        let format = |font, color| TextFormat {
            line_height: Some(theme::BODY_LINE),
            ..TextFormat::simple(font, color)
        };
        job.append(self.what, 0.0, format(theme::body_strong(), p.ink));
        if !self.why.is_empty() {
            job.append(" ", 0.0, format(theme::body(), p.soft));
            job.append(self.why, 0.0, format(theme::body(), p.soft));
        }
        let response = ui.add(Label::new(job).wrap());
        if self.meaning == Meaning::Danger {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_live(accesskit::Live::Polite);
            });
        }
    }
}
