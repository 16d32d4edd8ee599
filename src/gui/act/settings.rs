//! Carries out what the page for the settings asks for. Every change to the settings file, other
//! pages' too, goes through the one line here, so that none overtakes another.

use super::lists;
use crate::gui::Command;
use crate::gui::state::settings::{Ask, Change, Origin, OutgoingPart};
use crate::gui::state::{Site, State, Tone};
use crate::gui::worker::{Tell, Worker};
use crate::job;
use crate::settings::{
    LARGEST_TEXT, Places, SMALLEST_TEXT, Sending, Setting, Settings, SettingsError, Theme, Window,
    start_fresh,
};
use crate::text::window::settings as words;
use eframe::egui::{Context, ThemePreference};

/// How much larger or smaller one step is.
const STEP: f32 = 0.1;

/// The page was opened: what it shows is read anew.
pub fn opened(state: &mut State, worker: &mut Worker) {
    let places = state.site.places.clone();
    worker.task("vendors", move |tell: &Tell| {
        let mut warnings = Vec::new();
        let vendors = job::vendor_list(&places, &mut warnings);
        tell.apply(move |state, _| {
            state.settings.vendors = vendors;
            if let Some(warning) = warnings.into_iter().next() {
                state.settings.failed = Some(warning);
            }
        });
    });
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, ctx: &Context, ask: Ask) {
    match ask {
        Ask::Set(Setting::Send(send)) if lacking(&state.site.settings, send).is_some() => {
            let says = lacking(&state.site.settings, send).unwrap_or_default();
            failed(state, Origin::Choice, says.to_owned());
        }
        Ask::Set(setting) => {
            look_at(&mut state.site.settings.window, &setting);
            apply_look(ctx, &state.site.settings.window);
            write(state, worker, Change::Set(vec![setting]), Origin::Choice);
        }
        Ask::Account(name) => state.settings.account = Some(name),
        Ask::Type(field, text) => {
            match field.setting(&text) {
                Ok(_) => drop(state.settings.refused.remove(&field)),
                Err(says) => drop(state.settings.refused.insert(field.clone(), says)),
            }
            state.settings.typed.insert(field, text);
        }
        Ask::Leave(field) => {
            let Some(text) = state.settings.typed.get(&field) else {
                return;
            };
            if *text == field.text(&state.site.settings) {
                state.settings.typed.remove(&field);
                state.settings.refused.remove(&field);
            } else if let Ok(setting) = field.setting(text) {
                let change = Change::Set(vec![setting]);
                write(state, worker, change, Origin::Field(field));
            }
        }
        Ask::TypeOutgoing(part, text) => {
            let mut form = state.settings.outgoing_form(&state.site.settings);
            match part {
                OutgoingPart::Server => form.server = text,
                OutgoingPart::Port => form.port = text,
                OutgoingPart::User => form.user = text,
            }
            state.settings.outgoing = Some(form);
            state.settings.outgoing_failed = None;
        }
        Ask::TypePassword(secret) => {
            state.settings.password = Some(secret).filter(|secret| !secret.expose().is_empty());
        }
        Ask::OutgoingSecurity(security) => {
            let mut form = state.settings.outgoing_form(&state.site.settings);
            // Each way has its usual port; one that somebody typed stays.
            if matches!(form.port.trim(), "465" | "587" | "25") {
                form.port.clear();
            }
            form.security = security;
            state.settings.outgoing = Some(form);
        }
        Ask::SaveOutgoing => {
            let form = state.settings.outgoing_form(&state.site.settings);
            match form.server() {
                Ok(server) => {
                    let change = Change::Outgoing(server, state.settings.password.take());
                    write(state, worker, change, Origin::Outgoing);
                }
                Err((_, says)) => state.settings.outgoing_failed = Some(says.to_owned()),
            }
        }
        Ask::NoOutgoing => {
            let change = Change::Set(vec![Setting::Outgoing(None)]);
            write(state, worker, change, Origin::Outgoing);
        }
        Ask::StartFresh => {
            let path = state.site.places.config_file.clone();
            let ctx = ctx.clone();
            worker.task("settings", move |tell: &Tell| {
                let kept = start_fresh(&path);
                tell.apply(move |state, worker| match kept {
                    Ok(copy) => {
                        state.say(
                            Tone::Done,
                            words::started_fresh(&copy.display().to_string()),
                        );
                        read_again(state, worker, &ctx);
                    }
                    Err(error) => state.settings.failed = Some(error.to_string()),
                });
            });
        }
        Ask::ReadAgain => read_again(state, worker, ctx),
    }
}

/// What letters need before they can leave so, in the words of the page and not of the file.
fn lacking(settings: &Settings, send: Sending) -> Option<&'static str> {
    let has_sender = settings.submission.from.is_some();
    let accounts = &settings.accounts;
    match send {
        Sending::Off | Sending::Portal => None,
        _ if !has_sender && accounts.iter().any(|one| one.addresses.is_empty()) => {
            Some(words::NEEDS_SENDER)
        }
        Sending::Smtp if settings.outgoing.is_none() => Some(words::NEEDS_SERVER),
        _ => None,
    }
}

/// Reads the settings file again, which was changed by hand.
fn read_again(state: &mut State, worker: &mut Worker, ctx: &Context) {
    let places = state.site.places.clone();
    let ctx = ctx.clone();
    worker.task("settings", move |tell: &Tell| {
        let site = Site::load(places);
        tell.apply(move |state, worker| {
            state.site.broken = site.broken;
            match &state.site.broken {
                Some(error) => {
                    let says = error.to_string();
                    state.settings.failed = Some(says);
                }
                None => {
                    state.settings.typed.clear();
                    state.settings.refused.clear();
                    state.settings.failed = None;
                    adopt(state, site.settings);
                    apply_look(&ctx, &state.site.settings.window);
                    state.say(Tone::Done, words::READ_AGAIN);
                    lists::read(state, worker);
                }
            }
        });
    });
}

/// Takes what the file says now. The demo's settings differ from its file in what is kept.
fn adopt(state: &mut State, settings: Settings) {
    let cache = state.site.settings.cache;
    state.site.settings = settings;
    if state.site.is_demo {
        state.site.settings.cache = cache;
    }
}

/// Writes a change into the settings file, after those that wait.
pub fn write(state: &mut State, worker: &mut Worker, change: Change, origin: Origin) {
    state.settings.waiting.push_back((change, origin));
    write_next(state, worker);
}

fn write_next(state: &mut State, worker: &mut Worker) {
    if state.settings.writing.is_some() {
        return;
    }
    let Some((change, origin)) = state.settings.waiting.pop_front() else {
        return;
    };
    state.settings.writing = Some(origin.clone());
    let places = state.site.places.clone();
    worker.task("settings", move |tell: &Tell| {
        // A panic on the way must not keep what waits from being written.
        let written =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| carry(&change, &places)));
        let written = written.unwrap_or_else(|_| Err(words::NOT_WRITTEN.to_owned()));
        tell.apply(move |state, worker| {
            state.settings.writing = None;
            match written {
                Ok((settings, word)) => {
                    adopt(state, settings);
                    done(state, worker, &change, origin, word);
                }
                Err(says) => failed(state, origin, says),
            }
            write_next(state, worker);
        });
    });
}

/// What was written, and a word about it where there is one.
type Written = Result<(Settings, Option<String>), String>;

fn carry(change: &Change, places: &Places) -> Written {
    let only = |settings: Result<Settings, SettingsError>| match settings {
        Ok(settings) => Ok((settings, None)),
        Err(error) => Err(error.reason()),
    };
    match change {
        Change::Set(settings) => only(job::write_settings(places, settings)),
        Change::Unlist(list, entries) => only(job::unlist_senders(places, *list, entries)),
        Change::List(list, entries) => match job::list_senders(places, *list, entries) {
            Ok((settings, _)) => Ok((settings, None)),
            Err(error) => Err(error.to_string()),
        },
        Change::Outgoing(server, password) => {
            job::set_outgoing(places, server.clone(), password.as_ref())
                .map_err(|error| error.reason())
        }
    }
}

fn done(
    state: &mut State,
    worker: &mut Worker,
    change: &Change,
    origin: Origin,
    word: Option<String>,
) {
    // What is written now is written to a file that can be used.
    state.settings.failed = None;
    match origin {
        Origin::Lists => return lists::written(state, worker, change),
        Origin::Field(field) => {
            state.settings.typed.remove(&field);
            state.settings.refused.remove(&field);
        }
        Origin::Choice => {}
        Origin::Outgoing => {
            state.settings.outgoing = None;
            state.settings.password = None;
            state.settings.outgoing_failed = word.map(|why| words::no_keyring(&why));
        }
    }
    state.say(Tone::Done, words::SAVED);
}

fn failed(state: &mut State, origin: Origin, says: String) {
    state.say(Tone::Failed, words::not_saved(&says));
    match origin {
        Origin::Lists => state.lists.failed = Some(says),
        Origin::Field(field) => drop(state.settings.refused.insert(field, says)),
        Origin::Choice => state.settings.failed = Some(says),
        Origin::Outgoing => state.settings.outgoing_failed = Some(says),
    }
}

/// How the window looks, at once.
fn look_at(window: &mut Window, setting: &Setting) {
    match setting {
        Setting::Theme(theme) => window.theme = *theme,
        Setting::TextSize(size) => window.text_size = size.clamp(SMALLEST_TEXT, LARGEST_TEXT),
        _ => {}
    }
}

/// Makes the window look as the settings say.
pub fn apply_look(ctx: &Context, window: &Window) {
    ctx.set_theme(match window.theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
    ctx.set_zoom_factor(window.text_size);
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) -> bool {
    let now = state.site.settings.window.text_size;
    let size = match command {
        Command::Larger => now + STEP,
        Command::Smaller => now - STEP,
        Command::UsualSize => 1.0,
        _ => return false,
    };
    let size = (size * 10.0).round() / 10.0;
    let size = size.clamp(SMALLEST_TEXT, LARGEST_TEXT);
    carry_out(state, worker, ctx, Ask::Set(Setting::TextSize(size)));
    true
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    let size = state.site.settings.window.text_size;
    match command {
        Command::Larger => Some(size < LARGEST_TEXT),
        Command::Smaller => Some(size > SMALLEST_TEXT),
        Command::UsualSize => Some((size - 1.0).abs() > f32::EPSILON),
        _ => None,
    }
}
