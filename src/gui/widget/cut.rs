//! One line of text, cut where its place ends; the whole of it shows when the pointer rests on it,
//! and is what is read out.

use crate::gui::shown;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align, Color32, FontId, Galley, Painter, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2,
    vec2,
};
use std::sync::Arc;

/// What became of a text that was painted into a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// Where it stands.
    pub rect: Rect,
    /// Whether some of it is not shown.
    pub is_cut: bool,
}

/// The text as it fits, and whether some of it is not shown.
fn laid_out(
    painter: &Painter,
    text: &str,
    font: FontId,
    colour: Color32,
    width: f32,
) -> (Arc<Galley>, bool) {
    let within = |text: &str| {
        let mut job = LayoutJob::simple_singleline(text.to_owned(), font.clone(), colour);
        job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
        painter.layout_job(job)
    };
    let galley = within(text);
    if !galley.elided {
        return (galley, false);
    }
    let cut = shown::left_cut(text, |cut| !within(cut).elided);
    (cut.map_or(galley, |cut| within(&cut)), true)
}

/// Whether a text is not cut in a place so wide. What is then painted there is laid out already.
pub fn fits(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> bool {
    !laid_out(painter, text, font, colour, width).1
}

/// How wide a text is but for what its letters do to each other: what can be asked of many texts.
pub fn about_width(painter: &Painter, text: &str, font: &FontId) -> f32 {
    painter.fonts_mut(|fonts| {
        let widths = text.chars().map(|letter| fonts.glyph_width(font, letter));
        widths.sum()
    })
}

/// A label of one line, no wider than `width`.
pub fn cut(ui: &mut Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Response {
    let line = crate::gui::theme::line_height(font.size);
    let (galley, is_cut) = laid_out(ui.painter(), text, font, colour, width);
    let size = vec2(
        galley.size().x.ceil().min(width.max(0.0)),
        line.max(galley.size().y),
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
    let top = rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(pos2(rect.left(), top), galley, colour);
    match is_cut {
        true => response.on_hover_text(text),
        false => response,
    }
}

/// Draws one line into a place of a row that names it itself.
pub fn paint_cut(
    painter: &Painter,
    place: Rect,
    text: &str,
    font: FontId,
    colour: Color32,
    align: Align,
) -> Cut {
    let (galley, is_cut) = laid_out(painter, text, font, colour, place.width());
    let width = galley.size().x;
    let left = match align {
        Align::Min => place.left(),
        Align::Center => place.center().x - width / 2.0,
        Align::Max => place.right() - width,
    };
    let at = pos2(left, place.center().y - galley.size().y / 2.0);
    let rect = Rect::from_min_size(at, galley.size());
    painter.galley(at, galley, colour);
    Cut { rect, is_cut }
}
