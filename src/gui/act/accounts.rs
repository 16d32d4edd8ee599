//! Carries out what the page for the mailboxes and the first page ask for: the form is filled in
//! and checked at once; what asks the disk, the network or the keyring goes to the worker.

mod form;
mod site;
mod trial;

use crate::gui::state::accounts::{Ask, Form};
use crate::gui::state::{Page, Question, State, Tone};
use crate::gui::worker::{Kind as Job, Worker};
use crate::gui::{Command, Intent};
use crate::job::{self, Servers};
use crate::settings::Kind;
use crate::text::window::accounts as words;
use eframe::egui::{Context, ViewportCommand};

pub use site::second_window;

/// The page was opened: what is known of providers is read anew.
pub fn opened(state: &mut State, worker: &mut Worker) {
    state.accounts.trouble = None;
    let places = state.site.places.clone();
    worker.task("reading the providers", move |tell| {
        let servers = Servers::load(&places);
        tell.apply(move |state, _| match servers {
            Ok(servers) => state.accounts.servers = servers,
            Err(error) => state.accounts.trouble = Some(error.to_string()),
        });
    });
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, ctx: &Context, ask: Ask) {
    match ask {
        Ask::AddFiles => new_form(state, worker, Kind::Files),
        Ask::LeaveSample(kind) => {
            if !is_sweeping(state, worker) {
                site::leave_demo(state, worker, kind);
            }
        }
        Ask::SampleAfresh => site::sample(state, worker, ctx),
        Ask::Change(name) => {
            if let Some(account) = state.site.settings.account(&name) {
                state.accounts.form = Some(Form::of(account));
                crate::gui::act::open(state, worker, Page::Accounts);
            }
        }
        Ask::Test(name) => trial::test(state, worker, &name),
        Ask::StopTest(name) => {
            if let Some(trial) = state.accounts.trials.get(&name) {
                trial.stop.ask();
            }
        }
        Ask::Hide(name) => {
            if let Some(trial) = state.accounts.trials.remove(&name) {
                trial.stop.ask();
                // What was said of it is dealt with.
                state.status = None;
            }
        }
        Ask::AskRemove(name) => {
            if is_sweeping(state, worker) {
                return;
            }
            let called = state.site.settings.shown(&name);
            state.question = Some(Question {
                says: words::ask_remove(called),
                go: words::remove(called),
                then: Box::new(Intent::Accounts(Ask::Remove(name))),
            });
        }
        Ask::Remove(name) => remove(state, worker, name),
        Ask::StartFresh => site::start_fresh(state, worker, ctx),
        Ask::OpenFolder => site::open_folder(state, worker),
        Ask::ReadAgain => site::read_again(state, worker, ctx),
        Ask::Close => ctx.send_viewport_cmd(ViewportCommand::Close),
        ask => form::carry_out(state, worker, ask),
    }
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) -> bool {
    match command {
        Command::AddMailbox => new_form(state, worker, Kind::Imap),
        Command::SampleMail if site::was_swept(state) => {
            if !is_sweeping(state, worker) {
                state.question = Some(Question {
                    says: words::ASK_AFRESH.to_owned(),
                    go: words::SAMPLE_AFRESH.to_owned(),
                    then: Box::new(Intent::Accounts(Ask::SampleAfresh)),
                });
            }
        }
        Command::SampleMail => site::sample(state, worker, ctx),
        Command::Back if has_form(state) => form::carry_out(state, worker, Ask::Cancel),
        _ => return false,
    }
    true
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    match command {
        Command::AddMailbox => Some(state.accounts.second.is_none() && state.site.broken.is_none()),
        Command::SampleMail => Some(state.accounts.second.is_none()),
        Command::Back => has_form(state).then_some(true),
        _ => None,
    }
}

fn has_form(state: &State) -> bool {
    state.page == Page::Accounts && state.accounts.form.is_some()
}

/// Says so where a sweep keeps something from being done.
fn is_sweeping(state: &mut State, worker: &Worker) -> bool {
    let is_sweeping = worker.control(Job::Sweep).is_some() || worker.control(Job::Serve).is_some();
    if is_sweeping {
        state.say(Tone::Failed, words::SWEEP_RUNS);
    }
    is_sweeping
}

/// A form for a new account, beside the owner's own: the sample mail makes way for it, and where it
/// was swept that is asked first.
fn new_form(state: &mut State, worker: &mut Worker, kind: Kind) {
    if state.accounts.own.is_none() {
        state.accounts.form = Some(Form::new(kind));
        return crate::gui::act::open(state, worker, Page::Accounts);
    }
    if is_sweeping(state, worker) {
        return;
    }
    match site::was_swept(state) {
        true => {
            state.question = Some(Question {
                says: words::ASK_LEAVE_SAMPLE.to_owned(),
                go: words::LEAVE_SAMPLE.to_owned(),
                then: Box::new(Intent::Accounts(Ask::LeaveSample(kind))),
            });
        }
        false => site::leave_demo(state, worker, kind),
    }
}

fn remove(state: &mut State, worker: &mut Worker, name: String) {
    if is_sweeping(state, worker) {
        return;
    }
    if let Some(trial) = state.accounts.trials.remove(&name) {
        trial.stop.ask();
    }
    let places = state.site.places.clone();
    let called = state.site.settings.shown(&name).to_owned();
    worker.task("removing an account", move |tell| {
        let removed = job::remove_account(&places, &name);
        tell.apply(move |state, _| match removed {
            Ok(removed) => {
                state.site.settings = removed.settings;
                state.say(Tone::Done, words::removed(&called, removed.forgot_password));
                state.accounts.trouble = removed.left.map(|why| words::left_password(&why));
                if state.site.settings.accounts.is_empty() {
                    state.page = Page::Welcome;
                }
            }
            Err(error) => failed(state, error.to_string()),
        });
    });
}

/// Tells on the page, and in the status line until it is dealt with.
fn failed(state: &mut State, why: String) {
    state.accounts.trouble = Some(why.clone());
    state.say(Tone::Failed, why);
}
