//! How far a sweep is: the part that is done, the rate, and six counts that agree.

use crate::gui::icon;
use crate::gui::state::sweep::{Phase, Run};
use crate::gui::theme::{self, Meaning, palette};
use crate::gui::widget::{Bar, card_filled, icon_of, label};
use crate::text::window::{about, number, sweep as words};
use eframe::egui::{
    Align, Align2, Frame, Layout, Margin, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

/// Draws the card.
pub fn show(ui: &mut Ui, run: &Run) {
    card_filled(ui, |ui| {
        let margin = Margin {
            left: 16,
            right: 16,
            top: 16,
            bottom: 14,
        };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.set_height(theme::DISPLAY_LINE);
                far(ui, run);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| fast(ui, run));
            });
            ui.add_space(theme::SPACE_8 + 2.0);
            Bar::new(run.part(), words::PROGRESS).show(ui);
        });
        counters(ui, run);
    });
    ui.add_space(theme::SPACE_16);
}

/// A percentage only where it is known of how many.
fn far(ui: &mut Ui, run: &Run) {
    let p = palette(ui);
    ui.spacing_mut().item_spacing.x = theme::SPACE_8;
    if run.is_counted() {
        let percent = format!("{} %", (run.part() * 100.0).floor());
        label(ui, &percent, theme::display(), p.ink);
        let of = words::of_messages(run.seen(), run.messages());
        label(ui, &of, theme::body(), p.ink);
    } else {
        let listed = run.folders.iter().filter(|row| row.messages.is_some());
        let says = words::so_far(listed.count(), run.folders.len());
        label(ui, &number(run.seen()), theme::display(), p.ink);
        label(ui, &says, theme::body(), p.ink);
    }
}

fn fast(ui: &mut Ui, run: &Run) {
    let p = palette(ui);
    if run.phase != Phase::Running {
        return;
    }
    if let Some(left) = run.time_left() {
        label(ui, &words::left(&about(left)), theme::body_strong(), p.ink);
        label(ui, "·", theme::body(), p.faint);
    }
    if let Some(rate) = run.pace.rate() {
        label(ui, &words::rate(rate), theme::body(), p.faint);
    }
}

fn counters(ui: &mut Ui, run: &Run) {
    let p = palette(ui);
    let size = vec2(ui.available_width(), theme::COUNTER);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter();
    let line = theme::line(p.line);
    painter.hline(rect.x_range(), rect.top(), line);
    let left = match run.is_counted() {
        true => number(run.left()),
        false => format!("{}+", number(run.left())),
    };
    let counts = [
        number(run.seen()),
        number(run.judged()),
        number(run.phishing),
        number(run.spam),
        number(run.not_read()),
        left,
    ];
    let signs = [
        None,
        None,
        Some((icon_of(Meaning::Phishing), p.phishing.text)),
        Some((icon_of(Meaning::Spam), p.spam.text)),
        Some((
            icon::FAILED,
            if run.not_read() > 0 {
                p.danger.text
            } else {
                p.soft
            },
        )),
        None,
    ];
    let width = rect.width() / counts.len() as f32;
    for (at, ((word, count), sign)) in words::COUNTERS.iter().zip(counts).zip(signs).enumerate() {
        let min = pos2(rect.left() + width * at as f32, rect.top());
        let cell = Rect::from_min_size(min, vec2(width, rect.height()));
        if at > 0 {
            painter.vline(cell.left(), cell.y_range(), line);
        }
        let id = ui.scope_id().with(("counter", at));
        let response = ui.interact(cell, id, Sense::hover());
        let says = format!("{word}: {count}");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &says));
        let mut x = cell.left() + theme::CARD_PADDING;
        let y = cell.top() + theme::SPACE_20;
        if let Some((sign, colour)) = sign {
            let middle = pos2(x + theme::ICON_CHIP / 2.0, y);
            sign.paint(painter, middle, theme::ICON_CHIP, true, colour);
            x += theme::ICON_CHIP + theme::CHIP_ICON_GAP;
        }
        let place = pos2(x, y);
        painter.text(place, Align2::LEFT_CENTER, word, theme::small(), p.soft);
        let place = pos2(cell.left() + theme::CARD_PADDING, y + theme::SPACE_24 + 1.0);
        painter.text(place, Align2::LEFT_CENTER, count, theme::display(), p.ink);
    }
}
