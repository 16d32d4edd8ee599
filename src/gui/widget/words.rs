//! Text on a page in its ranks: each a label that is read out.

use super::cut;
use crate::gui::theme::{self, palette};
use eframe::egui::{Color32, FontId, Label, Response, RichText, Ui};

/// Text in a font and a colour, on one line.
pub fn label(ui: &mut Ui, text: &str, font: FontId, colour: Color32) -> Response {
    let line = theme::line_height(font.size);
    let text = RichText::new(text)
        .font(font)
        .color(colour)
        .line_height(Some(line));
    ui.add(Label::new(text).extend())
}

/// Text in a font and a colour, broken where its place ends.
pub fn wrapped(ui: &mut Ui, text: &str, font: FontId, colour: Color32) -> Response {
    let line = theme::line_height(font.size);
    let text = RichText::new(text)
        .font(font)
        .color(colour)
        .line_height(Some(line));
    ui.add(Label::new(text).wrap())
}

/// A title, cut where its place ends.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    let (colour, width) = (palette(ui).ink, ui.available_width());
    cut(ui, text, theme::heading(), colour, width)
}

/// Ordinary text.
pub fn body(ui: &mut Ui, text: &str) -> Response {
    wrapped(ui, text, theme::body(), palette(ui).ink)
}

/// Ordinary text in a colour.
pub fn body_in(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    wrapped(ui, text, theme::body(), colour)
}

/// Ordinary text of the second rank.
pub fn soft(ui: &mut Ui, text: &str) -> Response {
    wrapped(ui, text, theme::body(), palette(ui).soft)
}

/// Ordinary text that stands out.
pub fn strong(ui: &mut Ui, text: &str) -> Response {
    wrapped(ui, text, theme::body_strong(), palette(ui).ink)
}

/// Small text of the third rank: labels, hints, facts.
pub fn small(ui: &mut Ui, text: &str) -> Response {
    wrapped(ui, text, theme::small(), palette(ui).faint)
}

/// Small text in a colour.
pub fn small_in(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    wrapped(ui, text, theme::small(), colour)
}

/// Source, headers and the targets of links.
pub fn mono(ui: &mut Ui, text: &str) -> Response {
    wrapped(ui, text, theme::mono(), palette(ui).ink)
}

/// Words that lead on within the window, small: never a link of a message.
pub fn link(ui: &mut Ui, text: &str) -> Response {
    let words = RichText::new(text)
        .font(theme::small())
        .color(palette(ui).accent);
    ui.link(words)
}
