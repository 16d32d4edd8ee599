//! The cards of the settings, one function each.

use super::{ask, field, titled};
use crate::gui::state::State;
use crate::gui::state::settings::{Ask, FACTS, Field};
use crate::gui::theme;
use crate::gui::widget::{self, Button, Choice, Segment, Segments, Tick, small};
use crate::gui::{Command, Intent, icon};
use crate::settings::{Encryption, Sending, Setting, Theme};
use crate::text::window::settings as words;
use crate::verdict::Level;
use eframe::egui::Ui;

/// A field for a number.
const NUMBER: f32 = 120.0;
/// Lines of the list of folders.
const FOLDERS: usize = 3;
/// The text sizes that are offered, in hundredths.
const SIZES: [u32; 9] = [80, 90, 100, 110, 125, 140, 160, 180, 200];

/// How much must speak against a message.
pub fn level(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let now = state.site.settings.level;
    titled(ui, words::LEVEL, "", |ui| {
        let levels = [Level::Low, Level::Medium, Level::High];
        let segments = levels.map(|level| Segment::new(words::level_name(level.word())));
        let chosen = levels.iter().position(|level| *level == now);
        let clicked = Segments::new(&segments, chosen).show(ui);
        if let Some(level) = clicked.and_then(|at| levels.get(at)) {
            ask(intents, Ask::Set(Setting::Level(*level)));
        }
        small(ui, words::level(now.word()));
    });
}

/// Folders and brakes, an account at a time.
pub fn mailbox(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    titled(ui, words::MAILBOX, "", |ui| {
        let settings = &state.site.settings;
        let Some(account) = state.settings.account(settings) else {
            small(ui, words::NO_MAILBOX);
            let add = Button::normal(Command::AddMailbox.label()).icon(icon::PLUS);
            if add.show(ui).clicked() {
                intents.push(Command::AddMailbox.into());
            }
            return;
        };
        let name = account.name.clone();
        let names: Vec<String> = settings
            .accounts
            .iter()
            .map(|one| one.shown().to_owned())
            .collect();
        if names.len() > 1 {
            let accounts = &settings.accounts;
            let chosen = accounts.iter().position(|one| one.name == name);
            let chosen = chosen.unwrap_or(0);
            let choice = Choice::new(words::ACCOUNT, &names, chosen).show_labelled(ui);
            if let Some(one) = choice.and_then(|at| accounts.get(at)) {
                ask(intents, Ask::Account(one.name.clone()));
            }
        }
        ui.push_id(&name, |ui| {
            let shape = widget::Field::new(words::FOLDERS).lines(FOLDERS);
            field(ui, state, Field::Folders(name.clone()), shape, intents);
            let shape = widget::Field::new(words::MOVE_TO);
            field(ui, state, Field::MoveTo(name.clone()), shape, intents);
            numbers(ui, |ui, width| {
                let shape = widget::Field::new(words::SINCE)
                    .hint(words::NO_LIMIT)
                    .width(width);
                field(ui, state, Field::Since(name.clone()), shape, intents);
                let shape = widget::Field::new(words::MAX_MOVES)
                    .hint(words::NO_LIMIT)
                    .width(width);
                field(ui, state, Field::MaxMoves(name.clone()), shape, intents);
            });
        });
    });
}

/// Two fields beside each other.
fn numbers(ui: &mut Ui, draw: impl FnOnce(&mut Ui, f32)) {
    let width = (ui.available_width() - theme::SPACE_16) / 2.0;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::SPACE_16;
        draw(ui, width);
    });
}

/// What is read at most.
pub fn limits(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    titled(ui, words::LIMITS, "", |ui| {
        numbers(ui, |ui, width| {
            let shape = widget::Field::new(words::MESSAGE_LIMIT).width(width);
            field(ui, state, Field::MessageLimit, shape, intents);
            let shape = widget::Field::new(words::ACCOUNTS_LIMIT).width(width);
            field(ui, state, Field::AccountsLimit, shape, intents);
        });
        let now = state.site.settings.limits.attachments;
        if Tick::new(now, words::ATTACHMENTS).show(ui).clicked() {
            ask(intents, Ask::Set(Setting::Attachments(!now)));
        }
    });
}

/// How the window looks, and whether it tells of a long sweep's end.
pub fn window(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let now = state.site.settings.window;
    titled(ui, words::WINDOW, "", |ui| {
        let segments = Theme::ALL.map(|theme| Segment::new(words::theme(theme.word())));
        let chosen = Theme::ALL.iter().position(|theme| *theme == now.theme);
        let clicked = Segments::new(&segments, chosen).show(ui);
        if let Some(theme) = clicked.and_then(|at| Theme::ALL.get(at)) {
            ask(intents, Ask::Set(Setting::Theme(*theme)));
        }
        let percent = (now.text_size * 100.0).round() as u32;
        let mut sizes = SIZES.to_vec();
        if !sizes.contains(&percent) {
            sizes.push(percent);
            sizes.sort_unstable();
        }
        let options: Vec<String> = sizes.iter().map(|size| words::percent(*size)).collect();
        let chosen = sizes.iter().position(|size| *size == percent).unwrap_or(0);
        let choice = Choice::new(words::TEXT_SIZE, &options, chosen).show_labelled(ui);
        if let Some(size) = choice.and_then(|at| sizes.get(at)) {
            ask(intents, Ask::Set(Setting::TextSize(*size as f32 / 100.0)));
        }
        if Tick::new(now.notify, words::NOTIFY).show(ui).clicked() {
            ask(intents, Ask::Set(Setting::Notify(!now.notify)));
        }
    });
}

/// Where samples go, and in what form.
pub fn reporting(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    let now = &state.site.settings.submission;
    titled(ui, words::REPORTING, words::REPORTING_ABOUT, |ui| {
        let vendors = &state.settings.vendors;
        let mut names: Vec<String> = vendors.iter().map(|vendor| vendor.name.clone()).collect();
        let known = vendors.iter().position(|vendor| vendor.id == now.vendor);
        let chosen = known.unwrap_or_else(|| {
            names.push(now.vendor.clone());
            names.len() - 1
        });
        let choice = Choice::new(words::VENDOR, &names, chosen).show_labelled(ui);
        if let Some(vendor) = choice.and_then(|at| vendors.get(at)) {
            ask(intents, Ask::Set(Setting::Vendor(vendor.id.clone())));
        }
        let segments = Sending::ALL.map(|send| Segment::new(words::sending(send.word())));
        let chosen = Sending::ALL.iter().position(|send| *send == now.send);
        let clicked = Segments::new(&segments, chosen).show(ui);
        if let Some(send) = clicked.and_then(|at| Sending::ALL.get(at)) {
            ask(intents, Ask::Set(Setting::Send(*send)));
        }
        small(ui, words::sending_means(now.send.word()));
        let shape = widget::Field::new(words::FROM).hint("you@example.com");
        field(ui, state, Field::From, shape, intents);
        for pair in FACTS.chunks(2) {
            numbers(ui, |ui, width| {
                for name in pair {
                    let shape = widget::Field::new(words::fact(name)).width(width);
                    field(ui, state, Field::Fact(name), shape, intents);
                }
            });
        }
        let strong = now.encryption == Encryption::Aes256;
        if Tick::new(strong, words::AES).show(ui).clicked() {
            let encryption = match strong {
                true => Encryption::Traditional,
                false => Encryption::Aes256,
            };
            ask(intents, Ask::Set(Setting::Encryption(encryption)));
        }
        small(ui, words::AES_MEANS);
    });
}

/// How long samples stay.
pub fn samples(ui: &mut Ui, state: &State, intents: &mut Vec<Intent>) {
    titled(ui, words::SAMPLES, words::SAMPLES_ABOUT, |ui| {
        let shape = widget::Field::new(words::KEEP_DAYS).width(NUMBER);
        field(ui, state, Field::KeepDays, shape, intents);
        let now = state.site.settings.purge;
        if Tick::new(now, words::PURGE).show(ui).clicked() {
            ask(intents, Ask::Set(Setting::Purge(!now)));
        }
    });
}
