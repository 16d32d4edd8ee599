//! What the next sweep is of: mailboxes and their folders, the level, and how far back.

use crate::gui::intent::Intent;
use crate::gui::shown;
use crate::gui::state::State;
use crate::gui::state::sweep::{Ask, LEVELS, Since};
use crate::gui::theme::{self, palette};
use crate::gui::widget::{
    Choice, Segment, Segments, Tick, Ticked, card_filled, card_head, small, small_in,
};
use crate::text::window::sweep as words;
use eframe::egui::{Frame, Margin, Ui, vec2};

/// Draws the choices.
pub fn show(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    card_filled(ui, |ui| {
        card_head(ui, words::WHICH, |_| {});
        accounts(ui, state, intents);
    });
    ui.add_space(theme::SPACE_16);
    card_filled(ui, |ui| {
        card_head(ui, words::HOW, |_| {});
        inside(ui, |ui| how(ui, state, intents));
    });
}

fn inside(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let frame = Frame::new().inner_margin(Margin::symmetric(16, 12));
    frame.show(ui, contents);
}

fn accounts(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let choice = &state.sweep.choice;
    for account in &state.site.settings.accounts {
        inside(ui, |ui| {
            ui.spacing_mut().interact_size.y = theme::SPACE_24;
            let is_on = !choice.without_accounts.contains(&account.name);
            let has = |folder: &&String| is_on && choice.has_folder(&account.name, folder);
            let ticked = account.folders.iter().filter(has).count();
            let name = shown::line(account.shown(), shown::LINE);
            ui.horizontal(|ui| {
                let all = Ticked::of(ticked, account.folders.len());
                if Tick::new(all, &name).show(ui).clicked() {
                    let ask = Ask::Account(account.name.clone(), all != Ticked::On);
                    intents.push(Intent::Sweep(ask));
                }
                if let Some(address) = account.addresses.first() {
                    small(ui, &shown::line(address, shown::LINE));
                }
            });
            ui.add_space(theme::SPACE_4);
            ui.horizontal_wrapped(|ui| {
                ui.add_space(theme::SPACE_24);
                ui.spacing_mut().item_spacing = vec2(theme::SPACE_20, theme::SPACE_4);
                for folder in &account.folders {
                    let is_ticked = is_on && choice.has_folder(&account.name, folder);
                    let shown = shown::line(folder, shown::LINE);
                    if Tick::new(is_ticked, &shown).show(ui).clicked() {
                        let ask = Ask::Folder(account.name.clone(), folder.clone(), !is_ticked);
                        intents.push(Intent::Sweep(ask));
                    }
                }
            });
        });
    }
}

fn how(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let p = palette(ui);
    let choice = &state.sweep.choice;
    let level = choice.level.unwrap_or(state.site.settings.level);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme::SPACE_32, theme::SPACE_4);
        ui.vertical(|ui| {
            small_in(ui, words::LEVEL, p.soft);
            let segments = LEVELS.map(|level| Segment::new(words::level(level)));
            let chosen = LEVELS.iter().position(|one| *one == level);
            if let Some(level) = Segments::new(&segments, chosen)
                .show(ui)
                .and_then(|at| LEVELS.get(at))
            {
                intents.push(Intent::Sweep(Ask::Level(*level)));
            }
            small(ui, words::level_says(level));
        });
        ui.vertical(|ui| {
            let options = std::array::from_fn::<_, 6, _>(|at| words::since(at).to_owned());
            let chosen = Since::ALL.iter().position(|one| *one == choice.since);
            let picked = Choice::new(words::SINCE, &options, chosen.unwrap_or_default());
            if let Some(since) = picked.show_labelled(ui).and_then(|at| Since::ALL.get(at)) {
                intents.push(Intent::Sweep(Ask::Since(*since)));
            }
        });
    });
}
