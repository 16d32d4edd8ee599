//! A page, or a part of one, without anything in it: what to do about that.

use super::{Button, icon_of};
use crate::gui::icon::Icon;
use crate::gui::theme::{self, Meaning, palette};
use eframe::egui::{Sense, Ui, Vec2};

/// An empty state: an icon, one sentence, and one button.
#[must_use]
#[derive(Debug, Clone, Copy)]
pub struct Empty<'a> {
    icon: Icon,
    meaning: Option<Meaning>,
    says: &'a str,
    more: &'a str,
    button: Option<(&'a str, Option<Icon>, bool)>,
}

impl<'a> Empty<'a> {
    /// An icon and a sentence.
    pub fn new(icon: Icon, says: &'a str) -> Self {
        Empty {
            icon,
            meaning: None,
            says,
            more: "",
            button: None,
        }
    }

    /// A second, smaller sentence.
    pub fn more(mut self, more: &'a str) -> Self {
        self.more = more;
        self
    }

    /// The next step, as a filled button.
    pub fn button(mut self, says: &'a str, icon: impl Into<Option<Icon>>) -> Self {
        self.button = Some((says, icon.into(), true));
        self
    }

    /// A way on that is no next step, as a normal button: "Clear filter".
    pub fn way_back(mut self, says: &'a str) -> Self {
        self.button = Some((says, None, false));
        self
    }

    /// Draws it in the middle of what is free; whether its button was pressed.
    pub fn show(self, ui: &mut Ui) -> bool {
        let p = palette(ui);
        let height = theme::SPACE_64 + theme::BUTTON + theme::BODY_LINE;
        let above = ((ui.available_height() - height) / 2.0).clamp(theme::SPACE_24, 160.0);
        ui.vertical_centered(|ui| {
            ui.add_space(above);
            let size = Vec2::splat(theme::ICON_RAIL + theme::SPACE_16);
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            let (colour, ground) = match self.meaning {
                Some(meaning) => (p.tone(meaning).text, p.tone(meaning).tint),
                None => (p.accent, p.tint),
            };
            let painter = ui.painter();
            painter.rect_filled(rect, theme::RADIUS_CARD, ground);
            let filled = self.meaning.is_some();
            self.icon
                .paint(painter, rect.center(), theme::ICON_RAIL, filled, colour);
            ui.add_space(theme::SPACE_4);
            super::body(ui, self.says);
            if !self.more.is_empty() {
                super::small(ui, self.more);
            }
            self.button.is_some_and(|(says, icon, is_next)| {
                ui.add_space(theme::SPACE_8);
                let mut button = match is_next {
                    true => Button::filled(says),
                    false => Button::normal(says),
                };
                if let Some(icon) = icon {
                    button = button.icon(icon);
                }
                button.show(ui).clicked()
            })
        })
        .inner
    }
}

/// Nothing is wrong, and that is good news.
pub fn good_news<'a>(says: &'a str, more: &'a str) -> Empty<'a> {
    Empty {
        meaning: Some(Meaning::Clean),
        ..Empty::new(icon_of(Meaning::Clean), says).more(more)
    }
}
