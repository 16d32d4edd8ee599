//! The page for the mailboxes: the list, each with how a try of it went, or the form over it.

mod folders;
mod form;
mod trial;

use crate::gui::icon;
use crate::gui::shown;
use crate::gui::state::State;
use crate::gui::state::accounts::Ask;
use crate::gui::theme::{self, palette};
use crate::gui::widget::{self, Button, Empty, Note, page_header};
use crate::gui::{Command, Intent};
use crate::settings::{Account, Source};
use crate::text::window::accounts as words;
use eframe::egui::{Align, Frame, Layout, Margin, ScrollArea, Ui};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let page = palette(ui).page;
    Frame::new().fill(page).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        match &state.accounts.form {
            Some(form) => form::show(ui, form, intents),
            None => list(ui, state, intents),
        }
    });
}

fn list(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let accounts = &state.site.settings.accounts;
    let buttons = match accounts.is_empty() {
        true => Vec::new(),
        false => vec![
            Button::normal(words::ADD_FILES).icon(icon::FOLDER_OPEN),
            Button::filled(words::ADD).icon(icon::PLUS),
        ],
    };
    let facts = words::facts(accounts.len(), accounts.iter().any(|one| !in_files(one)));
    match page_header(ui, words::TITLE, &facts, buttons) {
        Some(0) => intents.push(Intent::Accounts(Ask::AddFiles)),
        Some(_) => intents.push(Command::AddMailbox.into()),
        None => {}
    }
    if accounts.is_empty() {
        let empty = Empty::new(icon::ACCOUNTS, words::NONE);
        if empty.button(words::ADD, icon::PLUS).show(ui) {
            intents.push(Command::AddMailbox.into());
        }
        return;
    }
    widget::scrolled(ui, ScrollArea::vertical().auto_shrink(false), |ui| {
        let margin = Margin::symmetric(theme::PAGE_EDGE as i8, 0);
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme::SPACE_12;
            if let Some(trouble) = &state.accounts.trouble {
                Note::danger(trouble).show(ui);
            }
            for account in accounts {
                ui.push_id(&account.name, |ui| {
                    widget::card(ui, |ui| one(ui, state, account, intents));
                });
            }
            ui.add_space(theme::SPACE_8);
        });
    });
}

/// One account of the list.
fn one(ui: &mut Ui, state: &State, account: &Account, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let (name, called) = (account.name.as_str(), account.shown());
    let place = match state.site.is_demo {
        true => words::SAMPLE_PLACE.to_owned(),
        false => place(account),
    };
    let trial = state.accounts.trials.get(name);
    let is_testing = state.accounts.is_testing(name);
    ui.spacing_mut().item_spacing.y = theme::SPACE_4;
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let mut ask = |ui: &mut Ui, button: Button<'_>, word: &str, ask: Ask| {
                if button.name(&words::of(word, called)).show(ui).clicked() {
                    intents.push(Intent::Accounts(ask));
                }
            };
            let owned = || name.to_owned();
            let button = Button::danger(words::REMOVE).icon(icon::REMOVE);
            ask(ui, button, words::REMOVE, Ask::AskRemove(owned()));
            let button = Button::normal(words::CHANGE).icon(icon::EDIT);
            ask(ui, button, words::CHANGE, Ask::Change(owned()));
            match is_testing {
                true => {
                    let button = Button::normal(words::STOP).icon(icon::STOP);
                    ask(ui, button, words::STOP, Ask::StopTest(owned()));
                }
                false => {
                    let way = match in_files(account) {
                        true => &words::FILES,
                        false => &words::SERVER,
                    };
                    let button = Button::normal(way.test).icon(icon::RETRY);
                    ask(ui, button, way.test_of, Ask::Test(owned()));
                }
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let width = ui.available_width();
                widget::cut(ui, called, theme::body_strong(), p.ink, width);
                widget::cut(ui, &place, theme::small(), p.soft, width);
                let folders = shown::line(&words::sweeps(&account.folders, &account.move_to), 500);
                widget::cut(ui, &folders, theme::small(), p.faint, width);
            });
        });
    });
    if let Some(trial) = trial {
        ui.add_space(theme::SPACE_8);
        widget::separator(ui);
        ui.add_space(theme::SPACE_4);
        trial::show(ui, trial, None);
        if !trial.is_running()
            && Button::quiet(words::HIDE)
                .name(&words::of(words::HIDE, called))
                .height(theme::BUTTON_IN_ROW)
                .show(ui)
                .clicked()
        {
            intents.push(Intent::Accounts(Ask::Hide(name.to_owned())));
        }
    }
}

fn in_files(account: &Account) -> bool {
    !matches!(account.source, Source::Imap(_))
}

/// Where an account's mail is.
fn place(account: &Account) -> String {
    match &account.source {
        Source::Imap(server) => {
            let user = server.user.as_deref().unwrap_or_default();
            words::signs_in(user, &server.name())
        }
        Source::Maildir(path) | Source::Files(path) => path.display().to_string(),
    }
}
