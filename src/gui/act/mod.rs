//! Carries out what was asked for: each page's own in a file of its own, what belongs to no page
//! here. It changes the state and starts work on the worker; it neither draws nor waits.

pub mod accounts;
pub mod history;
pub mod lists;
mod panicked;
pub mod report;
pub mod review;
pub mod settings;
pub mod sweep;

use super::state::{Page, State, Tone};
use super::worker::{Told, Worker};
use super::{Command, Intent};
use crate::log_file;
use crate::platform;
use eframe::egui::{Context, ViewportCommand};

/// What is read before the first frame asks for it.
pub fn begin(state: &mut State, worker: &mut Worker, ctx: &Context) {
    settings::apply_look(ctx, &state.site.settings.window);
    open(state, worker, state.page);
    if state.page != Page::Review {
        // The rail counts what waits there.
        review::opened(state, worker);
    }
}

/// Takes what the threads found; more than a frame can bear is left to the next one.
pub fn drain(state: &mut State, worker: &mut Worker, ctx: &Context) {
    const A_FRAME: usize = 500;
    state.has_focus = ctx.input(|input| input.focused);
    for _ in 0..A_FRAME {
        let Some(told) = worker.take() else {
            return;
        };
        match told {
            Told::Apply(apply) => apply(state, worker),
            Told::Event(kind, event) => {
                for heard in [
                    sweep::heard,
                    review::heard,
                    report::heard,
                    history::heard,
                    lists::heard,
                    accounts::heard,
                    settings::heard,
                ] {
                    heard(state, worker, kind, &event);
                }
            }
            Told::Ended(kind, summary) => {
                for ended in [
                    sweep::ended,
                    review::ended,
                    report::ended,
                    history::ended,
                    lists::ended,
                    accounts::ended,
                    settings::ended,
                ] {
                    ended(state, worker, kind, &summary);
                }
            }
            Told::Panicked(kind, name, why) => {
                panicked::panicked(state, worker, kind, &name, &why);
            }
        }
    }
    ctx.request_repaint();
}

/// What goes on by itself.
pub fn each_frame(state: &mut State, worker: &mut Worker, ctx: &Context) {
    sweep::tick(state, worker, ctx);
}

/// Opens a page.
pub fn open(state: &mut State, worker: &mut Worker, page: Page) {
    state.page = page;
    let opened = match page {
        Page::Welcome | Page::Accounts => accounts::opened,
        Page::Sweep => sweep::opened,
        Page::Review => review::opened,
        Page::Report => report::opened,
        Page::History => history::opened,
        Page::Lists => lists::opened,
        Page::Settings => settings::opened,
    };
    opened(state, worker);
}

/// Carries out one intent.
pub fn carry_out(state: &mut State, worker: &mut Worker, ctx: &Context, intent: Intent) {
    match intent {
        Intent::Do(command) => command_of(state, worker, ctx, command),
        Intent::Accounts(ask) => accounts::carry_out(state, worker, ctx, ask),
        Intent::Sweep(ask) => sweep::carry_out(state, worker, ctx, ask),
        Intent::Review(ask) => review::carry_out(state, worker, ctx, ask),
        Intent::Report(ask) => report::carry_out(state, worker, ctx, ask),
        Intent::History(ask) => history::carry_out(state, worker, ctx, ask),
        Intent::Lists(ask) => lists::carry_out(state, worker, ctx, ask),
        Intent::Settings(ask) => settings::carry_out(state, worker, ctx, ask),
        Intent::Answer => {
            if let Some(question) = state.question.take() {
                carry_out(state, worker, ctx, *question.then);
            }
        }
        Intent::Dismiss => {
            state.question = None;
            state.shows_shortcuts = false;
        }
        Intent::Seen => state.status = None,
    }
}

fn command_of(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) {
    if !command.is_enabled(state) {
        return;
    }
    match command {
        Command::Back if state.question.is_some() || state.shows_shortcuts => {
            carry_out(state, worker, ctx, Intent::Dismiss);
            return;
        }
        Command::Go(page) => return open(state, worker, page),
        Command::Shortcuts => state.shows_shortcuts = !state.shows_shortcuts,
        Command::Filter => state.wants_filter = true,
        Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        Command::ShowLog => return show_log(state, worker),
        _ => {}
    }
    // The open page is asked first: what acts on what is seen is its own.
    let mut pages = [
        (
            Page::Review,
            review::command as fn(&mut State, &mut Worker, &Context, Command) -> bool,
        ),
        (Page::Report, report::command),
        (Page::History, history::command),
        (Page::Lists, lists::command),
        (Page::Accounts, accounts::command),
        (Page::Sweep, sweep::command),
        (Page::Settings, settings::command),
    ];
    pages.sort_by_key(|(page, _)| *page != state.page);
    for (_, command_of) in pages {
        if command_of(state, worker, ctx, command) {
            return;
        }
    }
}

/// Shows the folder of the log, which is the owner's even while sample mail is shown.
fn show_log(state: &mut State, worker: &mut Worker) {
    let own = state.accounts.own.as_ref();
    let places = own.unwrap_or(&state.site.places).clone();
    worker.task("opening a folder", move |tell| {
        let folder = log_file::folder(&places).map_err(|error| error.to_string());
        let opened = folder.and_then(|folder| {
            let opened = platform::open_folder(&folder);
            opened.map_err(|error| format!("{}: {error}", folder.display()))
        });
        if let Err(says) = opened {
            tell.apply(move |state, _| state.say(Tone::Failed, says));
        }
    });
}

/// Whether a command can be done now. What no page takes for its own is always possible.
pub fn is_enabled(command: Command, state: &State) -> bool {
    match command {
        Command::Back if state.question.is_some() || state.shows_shortcuts => return true,
        Command::Shortcuts | Command::Quit | Command::ShowLog => return true,
        // Nothing can be done beside another window, nor with settings that cannot be read.
        _ if state.accounts.second.is_some() => return false,
        Command::SampleMail => {}
        _ if state.site.broken.is_some() => return false,
        Command::Filter => return true,
        Command::Go(_) => {
            return state.page != Page::Welcome || !state.site.settings.accounts.is_empty();
        }
        _ => {}
    }
    let mut pages = [
        (
            Page::Review,
            review::is_enabled as fn(Command, &State) -> Option<bool>,
        ),
        (Page::Report, report::is_enabled),
        (Page::History, history::is_enabled),
        (Page::Lists, lists::is_enabled),
        (Page::Accounts, accounts::is_enabled),
        (Page::Sweep, sweep::is_enabled),
        (Page::Settings, settings::is_enabled),
    ];
    pages.sort_by_key(|(page, _)| *page != state.page);
    pages
        .into_iter()
        .find_map(|(_, is_enabled)| is_enabled(command, state))
        .unwrap_or(false)
}
