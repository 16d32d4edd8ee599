//! Carries out what was asked for: each page's own in a file of its own, what belongs to no page
//! here. It changes the state and starts work on the worker; it neither draws nor waits.

pub mod accounts;
mod dialog;
pub mod history;
pub mod lists;
mod panicked;
pub mod report;
pub mod review;
pub mod settings;
pub mod sweep;

use super::state::{Page, State, Tone};
use super::worker::{Kind, Told, Worker};
use super::{Command, Intent};
use crate::job::{Event, Summary};
use crate::log_file;
use crate::platform;
use eframe::egui::{Context, ViewportCommand};

/// What a page does with a command, and whether it can.
type Commands = (
    Page,
    fn(&mut State, &mut Worker, &Context, Command) -> bool,
    fn(Command, &State) -> Option<bool>,
);

const COMMANDS: [Commands; 7] = [
    (Page::Review, review::command, review::is_enabled),
    (Page::Report, report::command, report::is_enabled),
    (Page::History, history::command, history::is_enabled),
    (Page::Lists, lists::command, lists::is_enabled),
    (Page::Accounts, accounts::command, accounts::is_enabled),
    (Page::Sweep, sweep::command, sweep::is_enabled),
    (Page::Settings, settings::command, settings::is_enabled),
];

/// The open page is asked first: what acts on what is seen is its own.
fn open_first(open: Page) -> impl Iterator<Item = &'static Commands> {
    let of_open = COMMANDS.iter().filter(move |(page, ..)| *page == open);
    let others = COMMANDS.iter().filter(move |(page, ..)| *page != open);
    of_open.chain(others)
}

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
    // Of the newest input: a hidden window draws no frame that would take it in.
    state.has_focus = ctx.input(|input| input.raw.focused);
    for _ in 0..A_FRAME {
        let Some(told) = worker.take() else {
            return;
        };
        match told {
            Told::Apply(apply) => apply(state, worker),
            Told::Event(kind, event) => heard(state, worker, kind, &event),
            Told::Ended(kind, summary) => ended(state, worker, kind, &summary),
            Told::Panicked(kind, name, why) => {
                panicked::panicked(state, worker, kind, &name, &why);
            }
        }
    }
    ctx.request_repaint();
}

/// A job tells something while it runs.
fn heard(state: &mut State, worker: &mut Worker, kind: Kind, event: &Event) {
    sweep::heard(state, worker, kind, event);
    review::heard(state, worker, kind, event);
}

/// A job has ended.
fn ended(state: &mut State, worker: &mut Worker, kind: Kind, summary: &Summary) {
    sweep::ended(state, worker, kind, summary);
    review::ended(state, worker, kind, summary);
    report::ended(state, worker, kind, summary);
    history::changed(state, worker);
    lists::ended(state, worker);
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
        Intent::Dismiss => state.uncover(),
        Intent::TypePath(text) => dialog::type_in(state, text),
        Intent::TakePath => dialog::take(state, worker),
        Intent::Seen => state.status = None,
    }
}

fn command_of(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) {
    if !command.is_enabled(state) {
        return;
    }
    match command {
        Command::Back if state.has_overlay() => {
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
    for (_, command_of, _) in open_first(state.page) {
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
            tell.anywhere(move |state, _| state.say(Tone::Failed, says));
        }
    });
}

/// Whether a command can be done now. What no page takes for its own is always possible.
pub fn is_enabled(command: Command, state: &State) -> bool {
    match command {
        Command::Back if state.has_overlay() => return true,
        Command::Shortcuts | Command::Quit => return true,
        // What lies over the page hides what a key would do there.
        _ if state.has_overlay() => return false,
        Command::ShowLog => return true,
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
    open_first(state.page)
        .find_map(|(_, _, is_enabled)| is_enabled(command, state))
        .unwrap_or(false)
}
