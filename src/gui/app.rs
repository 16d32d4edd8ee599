//! The application as eframe knows it: `logic` takes what the threads found, `ui` draws the bars
//! and the page and carries out what was asked for. It holds the state and the worker, no more.

use super::state::{Site, State, Tone};
use super::widget::room;
use super::worker::Worker;
use super::{Command, Intent, Memory, act, bars, overlay, page, theme};
use crate::job::{self, AlreadyOpen, Demo, Window};
use crate::settings::Places;
use eframe::egui::{self, Context, Ui};
use flexi_logger::LoggerHandle;
use std::time::Instant;

/// What the window starts with.
pub struct Start {
    /// The owner's settings and data, or the demo's.
    pub site: Site,
    /// Whether no other window works with them; `None`: nobody asked.
    pub alone: Option<Result<Window, AlreadyOpen>>,
    /// The log file, or why there is none; `None`: nobody asked for one.
    pub log: Option<Result<LoggerHandle, String>>,
    /// What is remembered of the window that was here before.
    pub memory: Memory,
    /// When the program began; the log then says how long the first frame took.
    pub begun: Option<Instant>,
}

impl Start {
    /// The owner's own places, with what their settings file holds.
    pub fn of(places: Places) -> Start {
        Start {
            memory: Memory::default(),
            begun: None,
            site: Site::load(places),
            alone: None,
            log: None,
        }
    }

    /// The built-in mailbox.
    pub fn demo(demo: Demo) -> Start {
        Start {
            memory: Memory::default(),
            site: Site::demo(demo),
            alone: None,
            log: None,
            begun: None,
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
    memory: Memory,
    /// Until the first frame is on the screen.
    begun: Option<Instant>,
    is_drawn: bool,
    /// Held as long as this is open.
    _alone: Option<Window>,
    /// Written as long as this is open.
    _log: Option<LoggerHandle>,
}

impl App {
    /// A window on a site.
    pub fn new(ctx: &Context, start: Start) -> App {
        theme::install(ctx);
        let waker = ctx.clone();
        let mut worker = Worker::new(move || waker.request_repaint());
        let mut state = State::new(start.site);
        let mut memory = start.memory;
        memory.begin(&mut state);
        act::begin(&mut state, &mut worker, ctx);
        let alone = match start.alone.transpose() {
            Ok(alone) => alone,
            Err(why) => {
                act::accounts::second_window(&mut state, why);
                memory = Memory::default();
                None
            }
        };
        let log = match start.log.transpose() {
            Ok(log) => log,
            Err(says) => {
                state.say(Tone::Failed, says);
                None
            }
        };
        App {
            state,
            worker,
            memory,
            begun: start.begun,
            is_drawn: false,
            _alone: alone,
            _log: log,
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

    /// The threads, to be given work by a test.
    pub fn worker_mut(&mut self) -> &mut Worker {
        &mut self.worker
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
        // The frame after the first begins once that is on the screen.
        if self.is_drawn
            && let Some(begun) = self.begun.take()
        {
            let took = begun.elapsed().as_millis();
            log::info!("the first frame is shown after {took} ms");
        }
        act::drain(&mut self.state, &mut self.worker, ctx);
        for command in Command::pressed(ctx, &self.state) {
            self.carry_out(ctx, Intent::Do(command));
        }
        act::each_frame(&mut self.state, &mut self.worker, ctx);
        self.memory.follow(&mut self.state, &mut self.worker, ctx);
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
            .show(ui, |ui| {
                room(ui, theme::PAGE_LEAST, |ui| {
                    page::show(ui, &self.state, &mut intents);
                });
            });
        overlay::show(ui.ctx(), &self.state, &mut intents);
        let ctx = ui.ctx().clone();
        for intent in intents {
            self.carry_out(&ctx, intent);
        }
        self.is_drawn = true;
        if self.begun.is_some() {
            ctx.request_repaint();
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.worker.stop();
        self.memory.end(&mut self.worker);
    }
}
