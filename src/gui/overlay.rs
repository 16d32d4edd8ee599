//! What may lie over a page, one at a time: a plain question before something that cannot be taken
//! back, a path to type where the system has no file dialog, and the list of all shortcuts.

use super::command::{ALL, Menu, written};
use super::state::State;
use super::state::typed::TypedPath;
use super::{Intent, theme, widget};
use crate::job::PathFor;
use crate::text::window::dialog as words;
use eframe::egui::{
    Button, Context, Frame, Grid, Id, Margin, Modal, RichText, ScrollArea, Ui, UiKind, vec2,
};

const SHORTCUTS: &str = "All shortcuts";

/// Draws what lies over the page.
pub fn show(ctx: &Context, state: &State, intents: &mut Vec<Intent>) {
    if state.shows_shortcuts {
        over(ctx, "shortcuts", SHORTCUTS, intents, |ui, _| shortcuts(ui));
    } else if let Some(question) = &state.question {
        over(ctx, "question", &question.says, intents, |ui, intents| {
            ui.set_max_width(width(ui));
            ui.label(&question.says);
            ui.add_space(theme::SPACE_16);
            ui.horizontal_wrapped(|ui| {
                let palette = theme::palette(ui);
                let word = RichText::new(&question.go)
                    .color(palette.on_accent)
                    .family(super::font::semibold());
                let go = Button::new(word).fill(palette.danger.text);
                if ui.add(go).clicked() {
                    intents.push(Intent::Answer);
                }
                let leave = ui.button("Leave it as it is");
                if ui.memory(|memory| memory.focused().is_none()) {
                    leave.request_focus();
                }
                if leave.clicked() {
                    intents.push(Intent::Dismiss);
                }
            });
        });
    } else if let Some(typed) = &state.typed {
        let (title, take) = match typed.purpose {
            PathFor::File => (words::TITLE_FILE, words::TAKE),
            PathFor::Folder => (words::TITLE_FOLDER, words::TAKE),
            PathFor::NewFile => (words::TITLE_NEW, words::SAVE),
        };
        over(ctx, "path", title, intents, |ui, intents| {
            widget::heading(ui, title);
            path(ui, typed, take, intents);
        });
    }
}

/// How wide a question is, in the window as it is.
fn width(ui: &Ui) -> f32 {
    let free = ui.ctx().content_rect().width() - theme::SPACE_64;
    theme::QUESTION.min(free)
}

/// The field for a path.
fn path(ui: &mut Ui, typed: &TypedPath, take: &str, intents: &mut Vec<Intent>) {
    ui.set_width(width(ui));
    ui.spacing_mut().item_spacing.y = theme::SPACE_8;
    widget::small(ui, words::WHY);
    let mut text = typed.text.clone();
    let field = widget::Field::new(words::PATH)
        .refused(typed.refused.as_deref())
        .show(ui, &mut text);
    if text != typed.text {
        intents.push(Intent::TypePath(text));
    }
    if ui.memory(|memory| memory.focused().is_none()) {
        field.response.request_focus();
    }
    ui.add_space(theme::SPACE_8);
    ui.horizontal(|ui| {
        let go = widget::Button::filled(take).enabled(!typed.looking);
        if go.show(ui).clicked() || field.is_entered {
            intents.push(Intent::TakePath);
        }
        if widget::Button::normal(words::LEAVE).show(ui).clicked() {
            intents.push(Intent::Dismiss);
        }
    });
}

fn over(
    ctx: &Context,
    id: &str,
    name: &str,
    intents: &mut Vec<Intent>,
    add: impl FnOnce(&mut Ui, &mut Vec<Intent>),
) {
    let palette = theme::palette_of(&ctx.global_style().visuals);
    let frame = Frame::NONE
        .fill(palette.surface)
        .stroke(theme::line(palette.edge))
        .corner_radius(theme::RADIUS_CARD)
        .inner_margin(Margin::same(20));
    let modal = Modal::new(Id::unique(id)).frame(frame).show(ctx, |ui| {
        let mut around = ui.stack().iter();
        if let Some(dialog) = around.find(|one| one.kind() == Some(UiKind::Modal)) {
            ui.ctx().accesskit_node_builder(dialog.unique_id, |node| {
                node.set_label(name);
                node.set_modal();
            });
        }
        add(ui, intents);
    });
    if modal.should_close() {
        intents.push(Intent::Dismiss);
    }
}

fn shortcuts(ui: &mut Ui) {
    let palette = theme::palette(ui);
    ui.heading(SHORTCUTS);
    ui.label(
        RichText::new("Letters work while no field has the focus. Esc closes this list.")
            .small()
            .color(palette.faint),
    );
    ui.add_space(theme::SPACE_8);
    let window = ui.ctx().content_rect().size();
    let most = window - vec2(theme::SPACE_64, theme::SPACE_64 * 2.0);
    ScrollArea::both()
        .max_width(most.x)
        .min_scrolled_width(most.x)
        .max_height(most.y)
        .min_scrolled_height(most.y)
        .show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for column in [
                    &[Some(Menu::File), Some(Menu::Edit), Some(Menu::Sweep)][..],
                    &[Some(Menu::Message)],
                    &[Some(Menu::View), Some(Menu::Help), None],
                ] {
                    ui.vertical(|ui| {
                        for menu in column {
                            of_menu(ui, *menu);
                        }
                    });
                    ui.add_space(theme::SPACE_24);
                }
            });
        });
}

fn of_menu(ui: &mut Ui, menu: Option<Menu>) {
    let palette = theme::palette(ui);
    let title = menu.map_or("Anywhere", Menu::label);
    ui.label(RichText::new(title).family(super::font::semibold()));
    Grid::new(("shortcuts", title)).show(ui, |ui| {
        let of_menu = ALL.iter().filter(|entry| entry.menu == menu);
        for entry in of_menu.filter(|entry| !entry.keys.is_empty()) {
            ui.label(entry.command.label());
            let keys: Vec<String> = entry
                .keys
                .iter()
                .map(|keys| written(ui.ctx(), keys))
                .collect();
            ui.label(RichText::new(keys.join(", ")).small().color(palette.faint));
            ui.end_row();
        }
    });
    ui.add_space(theme::SPACE_12);
}
