//! Every number and colour of the window as named constants, and the style that is made of them.
//! Pages and widgets hold none of their own.

mod palette;
mod review;

pub use palette::{DARK, LIGHT, Meaning, Palette, Tone, palette, palette_of};
pub use review::*;

use super::font;
use eframe::egui::style::{ScrollStyle, Selection, WidgetVisuals, Widgets};
use eframe::egui::{
    Color32, Context, CornerRadius, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Vec2,
    Visuals, vec2,
};

// ---- Space -----------------------------------------------------------------------------------

/// Within one thing.
pub const SPACE_4: f32 = 4.0;
/// Between things that belong together.
pub const SPACE_8: f32 = 8.0;
/// Between parts of a row.
pub const SPACE_12: f32 = 12.0;
/// Inside a card, between cards.
pub const SPACE_16: f32 = 16.0;
/// At the edge of a page.
pub const SPACE_20: f32 = 20.0;
/// Between groups.
pub const SPACE_24: f32 = 24.0;
/// Between sections.
pub const SPACE_32: f32 = 32.0;
/// Around what stands alone.
pub const SPACE_64: f32 = 64.0;
/// From a page's left and right edge to what it shows.
pub const PAGE_EDGE: f32 = SPACE_20;
/// Inside a card.
pub const CARD_PADDING: f32 = SPACE_16;
/// From an icon to its word.
pub const ICON_GAP: f32 = SPACE_8;
/// From an icon to its word in a chip.
pub const CHIP_ICON_GAP: f32 = 5.0;
/// Left and right inside a chip.
pub const CHIP_PADDING: f32 = 6.0;
/// Left and right inside a button or a field.
pub const BUTTON_PADDING: f32 = 12.0;

// ---- Corners and lines -----------------------------------------------------------------------

/// A tick box's corners.
pub const RADIUS_TICK: CornerRadius = CornerRadius::same(3);
/// A chip's and a key cap's.
pub const RADIUS_CHIP: CornerRadius = CornerRadius::same(4);
/// A button's, a field's, a note's.
pub const RADIUS_BUTTON: CornerRadius = CornerRadius::same(6);
/// A card's, a rail item's, a menu's, a window's.
pub const RADIUS_CARD: CornerRadius = CornerRadius::same(8);
/// Every line's width.
pub const LINE: f32 = 1.0;
/// The focus ring's, and a refused field's.
pub const FOCUS: f32 = 2.0;
/// From a filled button to its focus ring.
pub const FOCUS_GAP: f32 = 2.0;
/// The bar at the left of a selected row, and under an open tab.
pub const SELECTED_BAR: f32 = 3.0;

// ---- Heights ---------------------------------------------------------------------------------

/// A button, a field.
pub const BUTTON: f32 = 32.0;
/// A button in a row of a table.
pub const BUTTON_IN_ROW: f32 = 28.0;
/// A button on Welcome.
pub const BUTTON_LARGE: f32 = 40.0;
/// A chip.
pub const CHIP: f32 = 22.0;
/// A key cap.
pub const KEY: f32 = 18.0;
/// A progress bar.
pub const BAR: f32 = 10.0;
/// A progress bar in a table.
pub const BAR_IN_ROW: f32 = 8.0;
/// A tick box.
pub const TICK: f32 = 16.0;
/// The menu bar.
pub const MENU_BAR: f32 = 32.0;
/// The status bar.
pub const STATUS_BAR: f32 = 26.0;
/// What is said in it has so much room at least.
pub const STATUS_SAID: f32 = 160.0;
/// A page's title and what stands beside it.
pub const PAGE_HEADER: f32 = 60.0;
/// A page's filter, segments and choices.
pub const TOOL_ROW: f32 = 44.0;
/// A row of tabs.
pub const TABS: f32 = 36.0;
/// What can be done with the open message.
pub const ACTION_BAR: f32 = 53.0;
/// The foot of Report.
pub const REPORT_FOOT: f32 = 57.0;
/// The head of a table.
pub const TABLE_HEAD: f32 = 28.0;
/// The head of a card that holds a table.
pub const CARD_HEAD: f32 = 42.0;
/// A hit in two lines.
pub const ROW_REVIEW: f32 = 46.0;
/// A hit in one line.
pub const ROW_COMPACT: f32 = 28.0;
/// A row of a list.
pub const ROW_LIST: f32 = 36.0;
/// The head of a report's group.
pub const ROW_GROUP: f32 = 65.0;
/// From a group's left edge to its samples.
pub const SAMPLE_INDENT: f32 = 42.0;
/// The labels before a letter's sender, recipient and subject.
pub const LETTER_LABEL: f32 = 76.0;
/// A line of a letter's head.
pub const LETTER_LINE: f32 = 28.0;
/// A letter with its head, a few lines of text and its foot.
pub const LETTER_LEAST: f32 = 260.0;
/// The foot of a letter, with its zip.
pub const LETTER_FOOT: f32 = 57.0;
/// The progress bar at the foot of Report.
pub const FOOT_BAR: f32 = 160.0;
/// The lines of the field that a letter is written in.
pub const LETTER_LINES: usize = 14;
/// The history's times, and what was done.
pub const HISTORY_COLUMNS: [f32; 3] = [48.0, 30.0, 70.0];
/// A choice in a page's header.
pub const HEADER_CHOICE: f32 = 200.0;
/// A sample of a report.
pub const ROW_SAMPLE: f32 = 28.0;
/// A moved message; a latest hit.
pub const ROW_MOVED: f32 = 38.0;
/// A line of the history.
pub const ROW_HISTORY: f32 = 48.0;
/// A folder of a sweep.
pub const ROW_FOLDER: f32 = 44.0;
/// A counter of a sweep.
pub const COUNTER: f32 = 76.0;
/// Good news on a card.
pub const GOOD_NEWS: f32 = 150.0;
/// The head of a day.
pub const ROW_DAY: f32 = 30.0;

// ---- Widths ----------------------------------------------------------------------------------

/// The rail.
pub const RAIL: f32 = 92.0;
/// An item of the rail.
pub const RAIL_ITEM: Vec2 = vec2(76.0, 60.0);
/// How high an item of the rail is at least.
pub const RAIL_LEAST: f32 = 42.0;
/// What a page is laid out in at the least: in a smaller place it scrolls.
pub const PAGE_LEAST: Vec2 = vec2(760.0, 474.0);
/// The open message: to begin with, at least, at most.
pub const DETAIL: [f32; 3] = [472.0, 400.0, 640.0];
/// The open line of the history.
pub const DETAIL_HISTORY: f32 = 464.0;
/// The list of Report.
pub const REPORT_LIST: f32 = 404.0;
/// Below this, what is open takes the list's place.
pub const NARROW: f32 = 1150.0;
/// From this, rows of one line are the default.
pub const WIDE: f32 = 1600.0;
/// The smallest window.
pub const SMALLEST: Vec2 = vec2(960.0, 640.0);
/// The window to begin with.
pub const FIRST: Vec2 = vec2(1280.0, 800.0);
/// The mark in the rail.
pub const MARK_RAIL: f32 = 36.0;
/// A menu, at least.
pub const MENU: f32 = 240.0;
/// A question, at most.
pub const QUESTION: f32 = 440.0;
/// Letters of the status line, at most; the window cuts them further.
pub const STATUS_LETTERS: usize = 300;
/// A filter field where there is little room.
pub const FILTER_SMALL: f32 = 220.0;
/// The filter field of the history.
pub const FILTER_HISTORY: f32 = 300.0;
/// A filter field.
pub const FILTER: f32 = 276.0;
/// The longest line of running text.
pub const MEASURE: f32 = 640.0;
/// The widest tooltip.
pub const TOOLTIP: f32 = 480.0;
/// The first page: its column, and its height.
pub const WELCOME: Vec2 = vec2(888.0, 602.0);
/// A square with an icon on the first page, and the mark there.
pub const TILE: [f32; 2] = [40.0, 48.0];
/// The field for a port.
pub const PORT: f32 = 96.0;
/// The name of a step, before its outcome.
pub const STEP_NAME: f32 = 132.0;

// ---- Text and icons --------------------------------------------------------------------------

/// Second lines, labels, chips.
pub const SMALL: f32 = 12.0;
/// Everything else.
pub const BODY: f32 = 14.0;
/// A title.
pub const HEADING: f32 = 18.0;
/// A counter.
pub const DISPLAY: f32 = 28.0;
/// Link targets, source, headers.
pub const MONO: f32 = 12.0;
/// A line of small text.
pub const SMALL_LINE: f32 = 16.0;
/// A line of body text.
pub const BODY_LINE: f32 = 20.0;
/// A line of a title.
pub const HEADING_LINE: f32 = 24.0;
/// A line of a counter.
pub const DISPLAY_LINE: f32 = 34.0;
/// A line of mono text.
pub const MONO_LINE: f32 = 18.0;
/// An icon in a chip.
pub const ICON_CHIP: f32 = 14.0;
/// An icon in a button.
pub const ICON_BUTTON: f32 = 16.0;
/// An icon in a row or a note.
pub const ICON_ROW: f32 = 18.0;
/// An icon in the rail or on an empty page.
pub const ICON_RAIL: f32 = 22.0;
/// The text sizes that can be chosen, as zoom.
pub const ZOOM: [f32; 2] = [0.8, 2.0];

/// Small text.
pub fn small() -> FontId {
    FontId::proportional(SMALL)
}

/// Small text that stands out.
pub fn small_strong() -> FontId {
    FontId::new(SMALL, font::semibold())
}

/// Ordinary text.
pub fn body() -> FontId {
    FontId::proportional(BODY)
}

/// Ordinary text that stands out.
pub fn body_strong() -> FontId {
    FontId::new(BODY, font::semibold())
}

/// A title.
pub fn heading() -> FontId {
    FontId::new(HEADING, font::semibold())
}

/// A counter.
pub fn display() -> FontId {
    FontId::new(DISPLAY, font::semibold())
}

/// The text style of a counter.
pub fn display_style() -> TextStyle {
    TextStyle::Name("display".into())
}

/// Source, headers and the targets of links.
pub fn mono() -> FontId {
    FontId::monospace(MONO)
}

/// How high a line of a size is.
pub fn line_height(size: f32) -> f32 {
    match size {
        SMALL => SMALL_LINE,
        BODY => BODY_LINE,
        HEADING => HEADING_LINE,
        DISPLAY => DISPLAY_LINE,
        _ => (size * 1.35).round(),
    }
}

/// The focus ring, or the mark of a refused field in another colour.
pub fn focus(colour: Color32) -> Stroke {
    Stroke::new(FOCUS, colour)
}

/// A line of the usual width.
pub fn line(colour: Color32) -> Stroke {
    Stroke::new(LINE, colour)
}

// ---- The style -------------------------------------------------------------------------------

/// Gives the window its fonts and both its styles. Which of them is on is the owner's choice.
pub fn install(ctx: &Context) {
    font::install(ctx);
    ctx.set_style_of(Theme::Light, style(&LIGHT, Visuals::light()));
    ctx.set_style_of(Theme::Dark, style(&DARK, Visuals::dark()));
}

fn style(palette: &Palette, visuals: Visuals) -> Style {
    let mut style = Style {
        visuals: dressed(palette, visuals),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Small, small()),
        (TextStyle::Body, body()),
        (TextStyle::Button, body()),
        (TextStyle::Heading, heading()),
        (TextStyle::Monospace, mono()),
        (display_style(), display()),
    ]
    .into();
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(SPACE_8, SPACE_8);
    spacing.button_padding = vec2(BUTTON_PADDING, 6.0);
    spacing.interact_size.y = BUTTON;
    spacing.icon_width = TICK;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = ICON_GAP;
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(8);
    spacing.menu_spacing = SPACE_4;
    spacing.tooltip_width = TOOLTIP;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        handle_min_length: 32.0,
        bar_inner_margin: 2.0,
        bar_outer_margin: 2.0,
        floating_width: 6.0,
        foreground_color: true,
        dormant_handle_opacity: 0.5,
        active_handle_opacity: 0.55,
        interact_handle_opacity: 0.7,
        ..ScrollStyle::floating()
    };
    spacing.scroll.fade.strength = 0.0;
    style
}

fn dressed(p: &Palette, visuals: Visuals) -> Visuals {
    let state = |fill: Color32, stroke: Stroke| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: stroke,
        corner_radius: RADIUS_BUTTON,
        fg_stroke: line(p.ink),
        expansion: 0.0,
    };
    Visuals {
        weak_text_color: Some(p.faint),
        widgets: Widgets {
            noninteractive: state(p.surface, line(p.line)),

            inactive: state(p.surface, line(p.edge)),
            hovered: state(p.hover, line(p.edge)),
            // Focus and pressing look alike to egui; a neutral fill keeps focus quiet.
            active: state(p.surface, focus(p.accent)),
            open: state(p.hover, line(p.edge)),
        },
        selection: Selection {
            bg_fill: p.sel,
            stroke: focus(p.accent),
        },
        hyperlink_color: p.accent,
        faint_bg_color: p.page,
        extreme_bg_color: p.surface,
        text_edit_bg_color: Some(p.surface),
        code_bg_color: p.page,
        warn_fg_color: p.spam.text,
        error_fg_color: p.danger.text,
        window_corner_radius: RADIUS_CARD,
        menu_corner_radius: RADIUS_CARD,
        window_shadow: Shadow::NONE,
        popup_shadow: Shadow::NONE,
        window_fill: p.surface,
        window_stroke: line(p.edge),
        panel_fill: p.page,
        indent_has_left_vline: false,
        ..visuals
    }
}

#[cfg(test)]
mod tests {
    use super::{DARK, LIGHT, install};
    use eframe::egui::{Context, Theme};

    #[test]
    fn both_styles_are_dressed_and_labels_leave_clicks_to_their_rows() {
        let ctx = Context::default();
        install(&ctx);
        for (theme, palette) in [(Theme::Light, &LIGHT), (Theme::Dark, &DARK)] {
            let style = ctx.style_of(theme);
            assert_eq!(style.visuals.panel_fill, palette.page);
            assert_eq!(style.visuals.dark_mode, theme == Theme::Dark);
            assert!(!style.interaction.selectable_labels);
        }
    }
}
