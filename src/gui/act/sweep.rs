//! Carries out what the page for the sweep asks for: starts the one sweep, pauses and stops it,
//! and follows what it tells.

use crate::gui::state::sweep::{Ask, Phase, Run, Standing};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::{Kind, Worker};
use crate::gui::{Command, clock};
use crate::job::{self, Choices, Control, Event, Moves, Plan, Summary};
use crate::settings::{Places, Settings};
use crate::text::window::{sweep as words, took};
use eframe::egui::Context;
use std::time::{Duration, Instant};

/// The end of a sweep that took longer is told where the window is not looked at.
const LONG: Duration = Duration::from_secs(30);

/// The page was opened: it shows what the job told already.
pub fn opened(_state: &mut State, _worker: &mut Worker) {}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, _worker: &mut Worker, _ctx: &Context, ask: Ask) {
    let choice = &mut state.sweep.choice;
    match ask {
        Ask::Account(name, true) => {
            choice.without_accounts.remove(&name);
            // An account whose folders are all left out would still not be swept.
            let account = state.site.settings.account(&name);
            if account.is_some_and(|account| !choice.has_account(account)) {
                choice.without_folders.retain(|(of, _)| *of != name);
            }
        }
        Ask::Account(name, false) => {
            choice.without_accounts.insert(name);
        }
        Ask::Folder(account, folder, true) => {
            choice.without_accounts.remove(&account);
            choice.without_folders.remove(&(account, folder));
        }
        Ask::Folder(account, folder, false) => {
            choice.without_folders.insert((account, folder));
        }
        Ask::Level(level) => choice.level = Some(level),
        Ask::Since(since) => choice.since = since,
        Ask::Choose if !state.sweep.is_running() => state.sweep.run = None,
        Ask::Choose => {}
    }
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, _ctx: &Context, command: Command) -> bool {
    match command {
        Command::Sweep => start(state, worker),
        Command::Pause => pause(state, worker),
        Command::Stop => {
            if let Some(control) = worker.control(Kind::Sweep) {
                control.stop();
            }
            if let Some(run) = going_on(state) {
                run.phase = Phase::Stopping;
            }
        }
        _ => return false,
    }
    true
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    let phase = state.sweep.running().map(|run| run.phase);
    match command {
        Command::Sweep => {
            let accounts = state.sweep.choice.accounts(&state.site.settings);
            Some(phase.is_none() && !accounts.is_empty())
        }
        Command::Pause => Some(matches!(phase, Some(Phase::Running | Phase::Paused))),
        Command::Stop => Some(matches!(phase, Some(Phase::Running | Phase::Paused))),
        _ => None,
    }
}

/// Starts a sweep of what is chosen, unless one goes on, and shows it.
pub fn start(state: &mut State, worker: &mut Worker) {
    if state.sweep.is_running() || worker.control(Kind::Sweep).is_some() {
        return;
    }
    let settings = state.sweep.choice.settings(&state.site.settings);
    if settings.accounts.is_empty() {
        return;
    }
    let mut run = Run::new(&settings.accounts, settings.level);
    run.started = Some(Instant::now());
    state.sweep.run = Some(run);
    state.page = Page::Sweep;
    let places = state.site.places.clone();
    worker.job("the sweep", Kind::Sweep, move |control, on| {
        sweep(settings, &places, control, on)
    });
}

/// What the sweep's thread does.
fn sweep(
    settings: Settings,
    places: &Places,
    control: &Control,
    on: &mut dyn FnMut(Event),
) -> Summary {
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let plan = match Plan::new(settings, places, &choices) {
        Ok(plan) => plan,
        Err(error) => {
            on(Event::Trouble {
                account: None,
                says: error.to_string(),
            });
            return Summary {
                troubles: 1,
                ..Summary::default()
            };
        }
    };
    for says in &plan.warnings {
        on(Event::Noticed {
            account: String::new(),
            says: says.clone(),
        });
    }
    job::run(&plan, control, on)
}

fn pause(state: &mut State, worker: &mut Worker) {
    let (Some(control), Some(run)) = (worker.control(Kind::Sweep), going_on(state)) else {
        return;
    };
    match run.phase {
        Phase::Running => {
            control.pause();
            run.phase = Phase::Paused;
        }
        Phase::Paused => {
            control.resume();
            run.phase = Phase::Running;
        }
        Phase::Stopping | Phase::Done => {}
    }
}

fn going_on(state: &mut State) -> Option<&mut Run> {
    let run = state.sweep.run.as_mut();
    run.filter(|run| run.phase != Phase::Done)
}

/// Time goes by: while a sweep goes on, its page and the status line follow it.
pub fn tick(state: &mut State, _worker: &mut Worker, ctx: &Context) {
    const EVERY: Duration = Duration::from_millis(250);
    let Some(run) = going_on(state) else {
        return;
    };
    if let Some(started) = run.started {
        run.tick(started.elapsed());
    }
    let mut rows = run.folders.iter();
    let reading = rows.find(|row| row.standing == Standing::Reading);
    let reading = reading.map(|row| (row.account.clone(), row.folder.clone()));
    let (phase, time) = (run.phase, took(run.elapsed));
    let says = match (phase, &reading) {
        (Phase::Stopping, _) => words::STOPPING.to_owned(),
        (_, Some((account, folder))) => {
            words::at(state.site.settings.shown(account), folder, &time)
        }
        (_, None) => words::FACTS.to_owned(),
    };
    if reading.is_some() || phase == Phase::Stopping {
        state.say(Tone::Working, says);
    }
    ctx.request_repaint_after(EVERY);
}

/// A job tells something.
pub fn heard(state: &mut State, _worker: &mut Worker, kind: Kind, event: &Event) {
    if kind != Kind::Sweep {
        return;
    }
    if let Some(run) = going_on(state) {
        run.hear(event, || clock::here().strftime("%H:%M:%S").to_string());
    }
}

/// A job has ended.
pub fn ended(state: &mut State, worker: &mut Worker, kind: Kind, summary: &Summary) {
    if kind != Kind::Sweep {
        return;
    }
    let notify = state.site.settings.window.notify;
    let Some(run) = going_on(state) else {
        return;
    };
    // The history's number, wherever there is one.
    let so_far = run.started.map(|started| started.elapsed());
    run.elapsed = summary.took().or(so_far).unwrap_or(run.elapsed);
    run.end(summary);
    let says = words::done(summary.stopped, run.judged(), run.not_read());
    let tone = if run.troubles > 0 {
        Tone::Failed
    } else {
        Tone::Done
    };
    let is_long = so_far.is_some_and(|time| time >= LONG) && !summary.stopped;
    let outside = words::done_outside(run.all_hits(), run.judged());
    if notify && is_long && !state.has_focus {
        state.told_outside = Some(outside.clone());
        notification(worker, outside);
    }
    state.say(tone, says);
}

/// Tells of a long sweep's end where the window is not looked at. A system without a place for
/// that is no error.
fn notification(worker: &mut Worker, says: String) {
    worker.task("a notification", move |_| {
        let shown = notify_rust::Notification::new()
            .appname("Postsweep")
            .summary(&says)
            .show();
        if let Err(error) = shown {
            log::info!("no notification is shown: {error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::gui::state::sweep::Since;

    #[test]
    fn since_is_offered_in_as_many_words_as_there_are() {
        for at in 0..Since::ALL.len() {
            assert!(!words::since(at).is_empty());
        }
        assert!(words::since(Since::ALL.len()).is_empty());
    }
}
