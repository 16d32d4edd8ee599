//! Whose mail the window shows: the demo in and out, settings that were broken by hand, and the
//! window that must not work because another does.

use super::{failed, is_sweeping};
use crate::gui::Command;
use crate::gui::state::{Page, Site, State, Tone};
use crate::gui::worker::Worker;
use crate::job::{self, AlreadyOpen};
use crate::settings::{self, Kind};
use crate::text::window::accounts as words;
use eframe::egui::Context;

/// Another window is open: this one says so and does nothing.
pub fn second_window(state: &mut State, why: AlreadyOpen) {
    state.page = Page::Welcome;
    state.accounts.second = Some(why);
}

/// Sweeps the built-in mailbox.
pub(super) fn sample(state: &mut State, worker: &mut Worker, ctx: &Context) {
    if is_sweeping(state, worker) {
        return;
    }
    let ctx = ctx.clone();
    worker.task("laying out the sample mail", move |tell| {
        let demo = job::demo();
        tell.apply(move |state, worker| match demo {
            Ok(demo) => {
                if is_sweeping(state, worker) {
                    return;
                }
                let own = state.accounts.own.take();
                let own = own.unwrap_or_else(|| state.site.places.clone());
                change(state, worker, Site::demo(demo));
                state.accounts.own = Some(own);
                crate::gui::act::open(state, worker, Page::Sweep);
                crate::gui::act::carry_out(state, worker, &ctx, Command::Sweep.into());
            }
            Err(error) => failed(state, error.to_string()),
        });
    });
}

/// Whether something would go with the sample mail: hits, and what was done with them.
pub(super) fn was_swept(state: &State) -> bool {
    let has_hits = !state.review.table.rows().is_empty();
    state.accounts.own.is_some() && (state.sweep.run.is_some() || has_hits)
}

/// The owner's own settings again, with a form for a new account of this kind.
pub(super) fn leave_demo(state: &mut State, worker: &mut Worker, kind: Kind) {
    let Some(own) = state.accounts.own.clone() else {
        return;
    };
    worker.task("reading the settings", move |tell| {
        let site = Site::load(own);
        tell.apply(move |state, worker| {
            // One may have been begun meanwhile.
            if is_sweeping(state, worker) {
                return;
            }
            change(state, worker, site);
            if state.site.broken.is_none() {
                super::new_form(state, worker, kind);
                state.say(Tone::Done, words::DEMO_LEFT);
            }
        });
    });
}

/// Keeps a copy of the broken settings and begins new ones.
pub(super) fn start_fresh(state: &mut State, worker: &mut Worker, ctx: &Context) {
    let places = state.site.places.clone();
    let ctx = ctx.clone();
    worker.task("beginning new settings", move |tell| {
        let kept = settings::start_fresh(&places.config_file);
        let site = Site::load(places);
        tell.apply(move |state, worker| match kept {
            Ok(kept) => {
                let says = words::kept_copy(&kept.display().to_string());
                replace(state, worker, &ctx, site, says);
            }
            Err(error) => failed(state, error.to_string()),
        });
    });
}

/// Reads the settings file again, once somebody mended it.
pub(super) fn read_again(state: &mut State, worker: &mut Worker, ctx: &Context) {
    let places = state.site.places.clone();
    let ctx = ctx.clone();
    worker.task("reading the settings", move |tell| {
        let site = Site::load(places);
        tell.apply(move |state, worker| replace(state, worker, &ctx, site, words::READ.to_owned()));
    });
}

/// Other mail is shown, and nothing that was found for that before.
fn change(state: &mut State, worker: &mut Worker, site: Site) {
    worker.next_site();
    *state = State::new(site);
}

fn replace(state: &mut State, worker: &mut Worker, ctx: &Context, site: Site, says: String) {
    change(state, worker, site);
    crate::gui::act::settings::apply_look(ctx, &state.site.settings.window);
    match &state.site.broken {
        Some(error) => state.say(Tone::Failed, error.to_string()),
        None => state.say(Tone::Done, says),
    }
    let page = state.page;
    crate::gui::act::open(state, worker, page);
}

/// Shows the folder of the settings file in the system's own file manager.
pub(super) fn open_folder(state: &mut State, worker: &mut Worker) {
    let folder = state.site.places.config_dir.clone();
    worker.task("opening a folder", move |tell| {
        if let Err(error) = crate::platform::open_folder(&folder) {
            let says = format!("{}: {error}", folder.display());
            tell.anywhere(move |state, _| failed(state, says));
        }
    });
}
