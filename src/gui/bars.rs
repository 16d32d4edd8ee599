//! What stands around every page: the menu bar, the rail of pages, the status line.

mod rail;

pub use rail::rail;

use super::command::{ALL, Menu};
use super::icon::{self, Icon};
use super::menu::entries;
use super::state::{Page, State, Tone};
use super::widget::read_changes;
use super::{Command, Intent, shown, theme};
use crate::text::window::{SAMPLE_MAIL, review as words};
use eframe::egui::{
    self, Align, Frame, Layout, Margin, Panel, RichText, Role, Sense, Ui, UiBuilder, Vec2,
};

/// The menus; every entry comes from the table of commands.
pub fn menu(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let palette = theme::palette(ui);
    bar(ui, Panel::top("menu").exact_size(theme::MENU_BAR), |ui| {
        egui::MenuBar::new().ui(ui, |ui| {
            ui.spacing_mut().item_spacing.x = theme::SPACE_8;
            for menu in Menu::ALL {
                let word = RichText::new(menu.label()).color(palette.soft);
                let in_it = ALL.iter().filter(|entry| entry.menu == Some(menu));
                let commands = in_it.map(|entry| entry.command);
                ui.menu_button(word, |ui| entries(ui, commands, state, intents));
            }
        });
    });
}

/// A bar of the window's frame.
fn bar(ui: &mut Ui, panel: Panel, add: impl FnOnce(&mut Ui)) {
    let palette = theme::palette(ui);
    let frame = Frame::NONE
        .fill(palette.chrome)
        .inner_margin(Margin::symmetric(12, 0));
    panel.resizable(false).frame(frame).show(ui, |ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), add)
    });
}

/// What goes on or just happened, at its right the keys that fit the page.
pub fn status(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let palette = theme::palette(ui);
    let panel = Panel::bottom("status").exact_size(theme::STATUS_BAR);
    let ctx = ui.ctx().clone();
    bar(ui, panel, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // What is said comes first: where there is no room for all, hints are left out.
            let mut faint = |text: String| {
                let text = RichText::new(text).small().color(palette.faint);
                let galley = egui::WidgetText::from(text).into_galley(
                    ui,
                    Some(egui::TextWrapMode::Extend),
                    f32::INFINITY,
                    egui::TextStyle::Small,
                );
                if ui.available_width() - galley.size().x > theme::STATUS_SAID {
                    ui.label(galley);
                    ui.add_space(theme::SPACE_8);
                }
            };
            let hints = hints(state.page).iter().rev();
            for (command, word) in hints.filter(|(command, _)| command.is_enabled(state)) {
                faint(format!("{} {word}", command.keys(&ctx)));
            }
            let ticked = state.review.table.counts().ticked;
            if state.page == Page::Review && ticked > 0 {
                faint(words::ticked(ticked));
            }
            if state.site.is_demo {
                faint(SAMPLE_MAIL.to_owned());
            }
            let told = UiBuilder::new()
                .layout(Layout::left_to_right(Align::Center))
                .accessibility_role(Role::Status);
            ui.scope_builder(told, |ui| {
                read_changes(ui.ctx(), ui.unique_id());
                said(ui, state, intents);
            });
        });
    });
}

fn said(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let palette = theme::palette(ui);
    let Some(status) = &state.status else {
        if state.site.settings.accounts.is_empty() {
            ui.label(RichText::new("No account yet").small().color(palette.soft));
        }
        return;
    };
    let (icon, colour) = match status.tone {
        Tone::Done => (icon::CLEAN, palette.soft),
        Tone::Working => (icon::SWEEP, palette.soft),
        Tone::Failed => (icon::FAILED, palette.danger.text),
    };
    sign(ui, icon, status.tone == Tone::Failed, colour);
    let says = shown::line(&status.says, theme::STATUS_LETTERS);
    let text = RichText::new(says).small().color(colour);
    let label = egui::Label::new(text).truncate();
    if status.tone == Tone::Failed {
        let response = ui
            .add(label.sense(Sense::click()))
            .on_hover_text("Click when it is dealt with");
        if response.clicked() {
            intents.push(Intent::Seen);
        }
    } else {
        ui.add(label);
    }
}

fn sign(ui: &mut Ui, icon: Icon, filled: bool, colour: egui::Color32) {
    let size = Vec2::splat(theme::ICON_CHIP);
    let (at, _) = ui.allocate_exact_size(size, Sense::hover());
    icon.paint(ui.painter(), at.center(), theme::ICON_CHIP, filled, colour);
}

/// Commands that fit a page, in a word each.
fn hints(page: Page) -> &'static [(Command, &'static str)] {
    const ALL: (Command, &str) = (Command::Shortcuts, "all shortcuts");
    match page {
        Page::Welcome => &[
            (Command::SampleMail, "sample mail"),
            (Command::AddMailbox, "add mailbox"),
            ALL,
        ],
        Page::Sweep => &[(Command::Pause, "pause"), (Command::Stop, "stop"), ALL],
        Page::Review => &[
            (Command::Phishing, "phishing"),
            (Command::Spam, "spam"),
            (Command::NotSpam, "not spam"),
            ALL,
        ],
        Page::Report => &[
            (Command::Send, "hand over"),
            (Command::SaveZips, "save zips"),
            ALL,
        ],
        Page::History => &[
            (Command::Undo, "undo"),
            (Command::SendAgain, "try again"),
            ALL,
        ],
        Page::Lists => &[(Command::Remove, "remove"), (Command::Undo, "undo"), ALL],
        Page::Accounts => &[
            (Command::AddMailbox, "add mailbox"),
            (Command::Sweep, "sweep"),
            ALL,
        ],
        Page::Settings => &[
            (Command::Larger, "larger"),
            (Command::Smaller, "smaller"),
            ALL,
        ],
    }
}
