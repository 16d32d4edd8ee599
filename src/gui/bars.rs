//! What stands around every page: the menu bar, the rail of pages, the status line; and what may
//! lie over it, a question or the list of shortcuts.

use super::command::{ALL, Menu};
use super::state::{Page, State};
use super::{Command, Intent};
use eframe::egui::{self, Context, Panel, Ui};

/// The menus; every entry comes from the table of commands.
pub fn menu(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    Panel::top("menu").show(ui, |ui| {
        egui::MenuBar::new().ui(ui, |ui| {
            for menu in Menu::ALL {
                ui.menu_button(menu.label(), |ui| {
                    for entry in ALL.iter().filter(|entry| entry.menu == Some(menu)) {
                        let command = entry.command;
                        let button = egui::Button::new(command.label())
                            .shortcut_text(command.keys(ui.ctx()));
                        if ui.add_enabled(command.is_enabled(state), button).clicked() {
                            intents.push(Intent::Do(command));
                        }
                    }
                });
            }
        });
    });
}

/// The pages.
pub fn rail(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    Panel::left("rail").show(ui, |ui| {
        for page in Page::RAIL {
            if ui
                .selectable_label(state.page == page, page.label())
                .clicked()
            {
                intents.push(Intent::Do(Command::Go(page)));
            }
        }
    });
}

/// What goes on or just happened.
pub fn status(ui: &mut Ui, state: &State, _intents: &mut Vec<Intent>) {
    Panel::bottom("status").show(ui, |ui| {
        ui.label(state.status.as_ref().map_or("", |status| &status.says));
    });
}

/// What lies over the page.
pub fn overlays(_ctx: &Context, _state: &State, _intents: &mut Vec<Intent>) {}
