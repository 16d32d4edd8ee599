//! The rail: the mark, then a page under the other, the settings at the foot.

use crate::gui::icon::{self, Icon};
use crate::gui::state::{Page, State};
use crate::gui::widget::{read_chosen, room};
use crate::gui::{Command, Intent, mark, theme};
use eframe::egui::{
    Align, Align2, Color32, FocusDirection, Frame, Key, Layout, Panel, Rect, Role, Sense, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

/// The pages.
pub fn rail(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let palette = theme::palette(ui);
    let panel = Panel::left("rail")
        .exact_size(theme::RAIL)
        .resizable(false)
        .frame(Frame::NONE.fill(palette.chrome));
    let items = Page::RAIL.len() as f32 * (theme::RAIL_LEAST + theme::SPACE_4);
    let least = vec2(theme::RAIL_ITEM.x, theme::SPACE_8 + items + theme::SPACE_8);
    let whole = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(theme::SPACE_4);
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            ui.add_space(theme::SPACE_8);
            let mark = theme::MARK_RAIL + theme::SPACE_8 + theme::SPACE_4 + theme::SPACE_8;
            // The pages come first: where all of it does not fit, the mark makes room.
            if ui.available_height() >= items + mark {
                let size = Vec2::splat(theme::MARK_RAIL);
                let (at, _) = ui.allocate_exact_size(size, Sense::hover());
                mark::paint(ui.painter(), at, palette.accent, palette.on_accent);
                ui.add_space(theme::SPACE_8);
            }
            let [pages @ .., last] = Page::RAIL;
            // In a low window the items draw closer together, so that none is left out.
            let each = (ui.available_height() - theme::SPACE_8) / Page::RAIL.len() as f32;
            let height = (each - theme::SPACE_4).clamp(theme::RAIL_LEAST, theme::RAIL_ITEM.y);
            for page in pages {
                item(ui, page, height, state, intents);
            }
            let foot = height + theme::SPACE_8;
            ui.add_space((ui.available_height() - foot).max(0.0));
            item(ui, last, height, state, intents);
        });
    };
    panel.show(ui, |ui| room(ui, least, whole));
}

/// Where the word stands, from an item's foot, as part of its height.
const RAIL_WORD: f32 = 4.0 / 15.0;

fn item(ui: &mut Ui, page: Page, height: f32, state: &State, intents: &mut Vec<Intent>) {
    let palette = theme::palette(ui);
    let is_open = state.page == page;
    let (at, response) = ui.allocate_exact_size(vec2(theme::RAIL_ITEM.x, height), Sense::click());
    let badge = state.badge(page).filter(|count| *count > 0);
    let name = match badge {
        Some(count) => format!("{}, {count}", page.label()),
        None => page.label().to_owned(),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_open, &name));
    read_chosen(&response, is_open);
    let response = response.on_hover_text(Command::Go(page).keys(ui.ctx()));
    let painter = ui.painter();
    if is_open || response.hovered() {
        let fill = if is_open {
            palette.surface
        } else {
            palette.hover
        };
        painter.rect_filled(at, theme::RADIUS_CARD, fill);
    }
    let stroke = match (response.has_focus(), is_open) {
        (true, _) => theme::focus(palette.accent),
        (false, true) => theme::line(palette.line),
        (false, false) => theme::line(Color32::TRANSPARENT),
    };
    painter.rect_stroke(
        at,
        theme::RADIUS_CARD,
        stroke,
        eframe::egui::StrokeKind::Inside,
    );
    let colour = if is_open {
        palette.accent
    } else {
        palette.soft
    };
    let middle = at.center();
    icon_of(page).paint(
        painter,
        pos2(middle.x, at.top() + height / 3.0),
        theme::ICON_RAIL,
        is_open,
        colour,
    );
    let font = if is_open {
        theme::small_strong()
    } else {
        theme::small()
    };
    painter.text(
        pos2(middle.x, at.bottom() - height * RAIL_WORD),
        Align2::CENTER_CENTER,
        page.label(),
        font,
        colour,
    );
    if let Some(count) = badge {
        count_at(ui, at, count, is_open);
    }
    if response.has_focus() {
        step(ui);
    }
    if response.clicked() {
        intents.push(Intent::Do(Command::Go(page)));
    }
}

/// Arrows go from item to item.
fn step(ui: &Ui) {
    for (key, to) in [
        (Key::ArrowDown, FocusDirection::Next),
        (Key::ArrowUp, FocusDirection::Previous),
    ] {
        // Asked before the memory is taken: both at once would wait for each other for ever.
        if ui.input(|input| input.key_pressed(key)) {
            ui.memory_mut(|memory| memory.move_focus(to));
        }
    }
}

/// How many there are, at the top right of an item.
fn count_at(ui: &Ui, at: Rect, count: usize, is_open: bool) {
    let palette = theme::palette(ui);
    let (ground, ink) = match is_open {
        true => (palette.accent, palette.on_accent),
        false => (palette.soft, palette.chrome),
    };
    let says = if count > 999 {
        "999+".to_owned()
    } else {
        count.to_string()
    };
    let painter = ui.painter();
    let text = painter.layout_no_wrap(says, theme::small_strong(), ink);
    let size = vec2(text.size().x + theme::SPACE_12, theme::SMALL_LINE);
    let top_right = pos2(at.right() - theme::SPACE_4, at.top() + theme::SPACE_4);
    let pill = Rect::from_min_size(top_right - vec2(size.x, 0.0), size);
    painter.rect_filled(pill, theme::SMALL_LINE / 2.0, ground);
    painter.galley(pill.center() - text.size() / 2.0, text, ink);
}

fn icon_of(page: Page) -> Icon {
    match page {
        Page::Welcome => icon::MESSAGE,
        Page::Sweep => icon::SWEEP,
        Page::Review => icon::REVIEW,
        Page::Report => icon::REPORT,
        Page::History => icon::HISTORY,
        Page::Lists => icon::LISTS,
        Page::Accounts => icon::ACCOUNTS,
        Page::Settings => icon::SETTINGS,
    }
}
