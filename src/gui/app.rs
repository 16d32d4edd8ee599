//! The application as eframe knows it: `logic` takes what the threads found, `ui` draws the bars
//! and the page and carries out what was asked for. It holds the state and the worker, no more.

use super::state::{Site, State};
use super::worker::Worker;
use super::{Command, Intent, act, bars, overlay, page, theme};
use crate::job::{self, AlreadyOpen, Demo, Window};
use crate::settings::Places;
use eframe::egui::{self, Context, Ui};

/// What the window starts with.
pub struct Start {
    /// The owner's settings and data, or the demo's.
    pub site: Site,
    /// Whether no other window works with them; `None`: nobody asked.
    pub alone: Option<Result<Window, AlreadyOpen>>,
}

impl Start {
    /// The owner's own places, with what their settings file holds.
    pub fn of(places: Places) -> Start {
        Start {
            site: Site::load(places),
            alone: None,
        }
    }

    /// The built-in mailbox.
    pub fn demo(demo: Demo) -> Start {
        Start {
            site: Site::demo(demo),
            alone: None,
        }
    }

    /// The owner's own places, if no other window works with them.
    pub fn alone(places: Places) -> Start {
        Start {
            alone: Some(job::only_window(&places)),
            ..Start::of(places)
        }
    }
}

/// The window.
pub struct App {
    state: State,
    worker: Worker,
    /// Held as long as this is open.
    _alone: Option<Window>,
}

impl App {
    /// A window on a site.
    pub fn new(ctx: &Context, start: Start) -> App {
        theme::install(ctx);
        let waker = ctx.clone();
        let mut worker = Worker::new(move || waker.request_repaint());
        let mut state = State::new(start.site);
        act::begin(&mut state, &mut worker, ctx);
        let alone = match start.alone.transpose() {
            Ok(alone) => alone,
            Err(why) => {
                act::accounts::second_window(&mut state, why);
                None
            }
        };
        App {
            state,
            worker,
            _alone: alone,
        }
    }

    /// What is shown.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is shown, to be set up by a test.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// Whether threads are at work.
    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }

    /// Carries out an intent, as if a control had asked for it.
    pub fn carry_out(&mut self, ctx: &Context, intent: Intent) {
        act::carry_out(&mut self.state, &mut self.worker, ctx, intent);
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        act::drain(&mut self.state, &mut self.worker, ctx);
        for command in Command::pressed(ctx, &self.state) {
            self.carry_out(ctx, Intent::Do(command));
        }
        act::each_frame(&mut self.state, &mut self.worker, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let mut intents = Vec::new();
        bars::menu(ui, &self.state, &mut intents);
        bars::status(ui, &self.state, &mut intents);
        if self.state.shows_rail() {
            bars::rail(ui, &self.state, &mut intents);
        }
        egui::CentralPanel::default()
            .frame(egui::Frame::NONE.fill(theme::palette(ui).page))
            .show(ui, |ui| page::show(ui, &self.state, &mut intents));
        overlay::show(ui.ctx(), &self.state, &mut intents);
        let ctx = ui.ctx().clone();
        for intent in intents {
            self.carry_out(&ctx, intent);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.worker.stop();
    }
}
