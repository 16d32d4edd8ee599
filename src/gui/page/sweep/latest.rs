//! The hits that were just found, the newest first.

use crate::gui::shown;
use crate::gui::state::sweep::{LatestHit, Run};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{card_filled, card_head, paint_chip, paint_cut, separator, small};
use crate::text::window::sweep as words;
use crate::verdict::Category;
use eframe::egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Where the columns begin: from the left in points, then as parts of the card.
const CHIP: f32 = 80.0;
const FROM: f32 = 176.0;
const SUBJECT: f32 = 0.37;
const REASON: f32 = 0.72;
/// Letters of a subject and of a reason that are laid out at most.
const LETTERS: usize = 200;

/// Draws the card; without a hit there is none.
pub fn show(ui: &mut Ui, run: &Run) {
    if run.latest.is_empty() {
        return;
    }
    card_filled(ui, |ui| {
        card_head(ui, words::LATEST, |ui| {
            small(ui, words::NEWEST_FIRST);
        });
        for (at, hit) in run.latest.iter().enumerate() {
            if at > 0 {
                separator(ui);
            }
            row(ui, hit);
        }
    });
}

fn row(ui: &mut Ui, hit: &LatestHit) {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::ROW_MOVED - theme::LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (meaning, word) = match hit.category {
        Category::Phishing => (Meaning::Phishing, "Phishing"),
        Category::Spam => (Meaning::Spam, "Spam"),
    };
    let subject = shown::subject(&hit.subject, LETTERS);
    let (from, reason) = (
        shown::line(&hit.from, LETTERS),
        shown::line(&hit.reason, LETTERS),
    );
    let read = |text: &str| shown::read(text, LETTERS);
    let said = format!(
        "{word}, {}, {}: {}",
        read(&hit.from),
        shown::read_subject(&hit.subject, LETTERS),
        read(&hit.reason)
    );
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &said));
    let column = |from: f32, to: f32| {
        let (from, to) = (rect.left() + from, rect.left() + to - theme::SPACE_12);
        Rect::from_min_max(pos2(from, rect.top()), pos2(to, rect.bottom()))
    };
    let width = rect.width();
    let painter = ui.painter();
    let time = column(theme::CARD_PADDING, CHIP + theme::SPACE_12);
    paint_cut(
        painter,
        time,
        &hit.time,
        theme::small(),
        p.faint,
        Align::Min,
    );
    paint_chip(ui, pos2(rect.left() + CHIP, rect.center().y), meaning, word);
    let place = column(FROM, width * SUBJECT);
    let fits = |text: &str| {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::body(), p.ink);
        galley.size().x <= place.width()
    };
    let from = shown::address_cut(&from, fits);
    paint_cut(painter, place, &from, theme::body(), p.ink, Align::Min);
    let place = column(width * SUBJECT, width * REASON);
    paint_cut(painter, place, &subject, theme::body(), p.ink, Align::Min);
    let place = column(width * REASON, width);
    paint_cut(painter, place, &reason, theme::small(), p.faint, Align::Min);
}
