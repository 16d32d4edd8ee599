//! The page for whoever has no account yet: two ways in, and what happens to a message. Where the
//! settings cannot be read, or another window is open, it says so instead.

mod halted;

use crate::gui::icon::{self, Icon};
use crate::gui::state::State;
use crate::gui::state::accounts::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button};
use crate::gui::{Command, Intent, mark};
use crate::job;
use crate::text::window::accounts as words;
use eframe::egui::{
    Align, Frame, Layout, Margin, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let page = palette(ui).page;
    Frame::new().fill(page).show(ui, |ui| {
        widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
            let free = ui.available_size();
            let width = theme::WELCOME.x.min(free.x - 2.0 * theme::PAGE_EDGE);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space((free.x - width) / 2.0);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.x = theme::SPACE_8;
                    let above = (free.y - theme::WELCOME.y) / 2.0;
                    ui.add_space(above.max(theme::SPACE_20));
                    if let Some(why) = &state.accounts.second {
                        halted::second(ui, why, intents);
                    } else if let Some(error) = &state.site.broken {
                        halted::broken(ui, state, error, intents);
                    } else {
                        ways_in(ui, state, intents);
                    }
                    ui.add_space(theme::SPACE_20);
                });
            });
        });
    });
}

fn ways_in(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    head(ui);
    ui.add_space(theme::SPACE_24);
    if let Some(trouble) = &state.accounts.trouble {
        widget::Note::danger(trouble).show(ui);
        ui.add_space(theme::SPACE_8);
    }
    let sample = words::sample(job::demo_messages());
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_24;
        ui.columns(2, |columns| {
            if let [left, right] = columns {
                let button = Button::filled(words::SAMPLE.title).icon_filled(icon::PLAY);
                if way_in(left, &words::SAMPLE, &sample, icon::SAMPLES, button) {
                    intents.push(Command::SampleMail.into());
                }
                let button = Button::normal(words::MAILBOX.title).icon(icon::PLUS);
                let says = words::MAILBOX.says;
                if way_in(right, &words::MAILBOX, says, icon::ADDRESS, button) {
                    intents.push(Command::AddMailbox.into());
                }
            }
        });
    });
    ui.add_space(theme::SPACE_4);
    let row = vec2(ui.available_width(), theme::BODY_LINE);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_4;
        if widget::link(ui, words::OPEN_FILES).clicked() {
            intents.push(Intent::Accounts(Ask::AddFiles));
        }
        let soft = palette(ui).soft;
        widget::label(ui, words::IN_FILES, theme::small(), soft);
    });
    ui.add_space(theme::SPACE_20);
    widget::separator(ui);
    ui.add_space(theme::SPACE_16);
    widget::strong(ui, words::LINE);
    ui.add_space(theme::SPACE_8);
    line(ui);
}

/// The mark, the name, and what it is for.
fn head(ui: &mut Ui) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_12;
        let (square, _) = ui.allocate_exact_size(Vec2::splat(theme::TILE[1]), Sense::hover());
        mark::paint(ui.painter(), square, p.accent, p.on_accent);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let name = widget::label(ui, words::PROGRAM, theme::display(), p.ink);
            name.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words::PROGRAM));
            widget::soft(ui, words::PURPOSE);
        });
    });
}

/// A card with a way in; whether its button was pressed.
fn way_in(ui: &mut Ui, words: &words::WayIn, says: &str, icon: Icon, button: Button<'_>) -> bool {
    let p = palette(ui);
    let frame = Frame::new()
        .fill(p.surface)
        .stroke(theme::line(p.line))
        .corner_radius(theme::RADIUS_CARD)
        .inner_margin(Margin::same(theme::SPACE_24 as i8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.x = theme::ICON_GAP;
        ui.spacing_mut().interact_size.y = theme::BODY_LINE;
        // Columns would stretch each line of text from edge to edge.
        ui.vertical(|ui| contents(ui, words, says, icon, button))
            .inner
    });
    shown.inner
}

fn contents(ui: &mut Ui, words: &words::WayIn, says: &str, icon: Icon, button: Button<'_>) -> bool {
    let p = palette(ui);
    let (tile, _) = ui.allocate_exact_size(Vec2::splat(theme::TILE[0]), Sense::hover());
    ui.painter().rect_filled(tile, theme::RADIUS_BUTTON, p.tint);
    icon.paint(
        ui.painter(),
        tile.center(),
        theme::ICON_RAIL,
        false,
        p.accent,
    );
    ui.add_space(theme::SPACE_4);
    widget::heading(ui, words.title);
    ui.add_space(theme::SPACE_4);
    widget::soft(ui, says);
    ui.add_space(theme::SPACE_8);
    for promise in words.promises {
        ui.horizontal(|ui| {
            let (place, _) = ui.allocate_exact_size(Vec2::splat(theme::ICON_ROW), Sense::hover());
            let painter = ui.painter();
            icon::TICK.paint(painter, place.center(), theme::ICON_BUTTON, false, p.soft);
            widget::body(ui, promise);
        });
    }
    ui.add_space(theme::SPACE_16);
    let width = ui.available_width();
    button
        .height(theme::BUTTON_LARGE)
        .width(width)
        .show(ui)
        .clicked()
}

/// What happens to a message, from left to right.
fn line(ui: &mut Ui) {
    let p = palette(ui);
    let icons = [
        icon::SWEEP,
        icon::REVIEW,
        icon::FOLDER,
        icon::ZIP,
        icon::UNDO,
    ];
    let steps: Vec<_> = icons.into_iter().zip(words::STEPS).collect();
    ui.spacing_mut().item_spacing.x = theme::SPACE_32;
    let shown = ui.columns(steps.len(), |columns| {
        for (ui, (icon, (name, says))) in columns.iter_mut().zip(&steps) {
            ui.spacing_mut().item_spacing = vec2(theme::ICON_GAP, theme::SPACE_4);
            ui.spacing_mut().interact_size.y = theme::BODY_LINE;
            ui.vertical(|ui| {
                ui.horizontal(|ui| {
                    let (place, _) =
                        ui.allocate_exact_size(Vec2::splat(theme::ICON_ROW), Sense::hover());
                    let painter = ui.painter();
                    icon.paint(painter, place.center(), theme::ICON_ROW, false, p.accent);
                    widget::label(ui, name, theme::body_strong(), p.ink);
                });
                widget::small_in(ui, says, p.soft);
            });
        }
        columns.iter().map(Ui::min_rect).collect::<Vec<Rect>>()
    });
    let foot = shown.iter().map(Rect::bottom).fold(0.0, f32::max);
    for place in shown.iter().skip(1) {
        let x = place.left() - theme::SPACE_16;
        let line = [pos2(x, place.top()), pos2(x, foot)];
        ui.painter().line_segment(line, theme::line(p.line));
    }
}
