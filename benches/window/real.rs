//! The real window, in a process of its own: what eframe itself says of its frames, the memory
//! that is taken, and whether it rests while nothing changes.

use super::frames::{FRAMES, POINTER, wheel};
use super::ground::{Ground, places};
use super::process::{Display, resident};
use super::table::{Table, at};
use anyhow::{Context as _, Result, anyhow};
use eframe::egui::{self, Context, Event, RawInput, Ui, ViewportCommand};
use postsweep::gui::state::Page;
use postsweep::gui::state::review::Load;
use postsweep::gui::{App, Command, Intent, Start, theme};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What this program is started with to be the window.
pub const WORD: &str = "--window-of";
/// Frames after which nothing of the start is left.
const WARM: usize = 30;
const REST: Duration = Duration::from_secs(3);

pub fn measure(ground: &Ground, display: &Display, table: &mut Table) -> Result<()> {
    let drawn = Said::of(ground, display, false)?;
    let bare = Said::of(ground, display, true)?;
    let name = "cpu_usage of a real frame while scrolling, without Mesa's rasteriser";
    table.number(
        &format!("{name}, median"),
        bare.number("median")?,
        4.0,
        "ms",
    );
    table.number(
        &format!("{name}, 95 of 100"),
        bare.number("most")?,
        4.0,
        "ms",
    );
    let name = "the same with the rasteriser";
    table.note(&format!("{name}, median"), drawn.number("median")?, "ms");
    table.note(&format!("{name}, 95 of 100"), drawn.number("most")?, "ms");
    table.number("memory after that", drawn.number("memory")?, 200.0, "MB");
    table.note("of it anonymous", drawn.number("anonymous")?, "MB");
    table.note("before the rows came", drawn.number("before")?, "MB");
    table.number(
        "frames in 3 s in which nothing changes",
        drawn.number("rest")?,
        0.0,
        "",
    );
    Ok(())
}

/// What the window printed.
struct Said {
    text: String,
    errors: String,
}

impl Said {
    fn of(ground: &Ground, display: &Display, bare: bool) -> Result<Said> {
        let mut command = std::process::Command::new(std::env::current_exe()?);
        command.arg(WORD).arg(ground.folder.path());
        if bare {
            // Mesa takes every call and draws nothing: what is left is eframe's and ours.
            command.env("GALLIUM_NOOP", "true");
        }
        display.give(&mut command);
        let output = command.output().context("the real window")?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Said {
            text: text(&output.stdout),
            errors: text(&output.stderr),
        })
    }

    fn number(&self, name: &str) -> Result<f64> {
        let mut lines = self.text.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let Said { text, errors } = self;
        let line = line.ok_or_else(|| anyhow!("the window said no {name}: {text}{errors}"))?;
        Ok(line.parse()?)
    }
}

enum Stage {
    Loading,
    Warm(usize),
    Scrolling(usize),
    Resting,
    Done,
}

struct Scrolled {
    app: App,
    stage: Stage,
    times: Vec<Duration>,
    frames: Arc<AtomicUsize>,
    rows: usize,
    before: f64,
}

/// Opens the window, scrolls, rests, prints and closes it.
pub fn inside(folder: &Path) -> Result<()> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size(theme::FIRST),
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    let start = Start::of(places(folder));
    let made = move |context: &eframe::CreationContext<'_>| {
        let mut app = App::new(&context.egui_ctx, start);
        let review = Intent::Do(Command::Go(Page::Review));
        app.carry_out(&context.egui_ctx, review);
        let scrolled = Scrolled {
            app,
            stage: Stage::Loading,
            times: Vec::new(),
            frames: Arc::default(),
            rows: 0,
            before: 0.0,
        };
        Ok(Box::new(scrolled) as Box<dyn eframe::App>)
    };
    eframe::run_native("Postsweep", options, Box::new(made)).map_err(|error| anyhow!("{error}"))
}

impl eframe::App for Scrolled {
    fn raw_input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        match self.stage {
            Stage::Warm(0) => input.events.push(Event::PointerMoved(POINTER)),
            Stage::Scrolling(_) => input.events.push(wheel(self.rows)),
            _ => {}
        }
    }

    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
        if let Stage::Scrolling(1..) = self.stage
            && let Some(seconds) = frame.info().cpu_usage
        {
            self.times.push(Duration::from_secs_f32(seconds));
        }
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        self.frames.fetch_add(1, Ordering::Relaxed);
        let ctx = ui.ctx().clone();
        self.stage = match self.stage {
            Stage::Loading => {
                if self.before == 0.0 {
                    self.before = resident().map_or(0.0, |(all, _)| all);
                }
                let review = &self.app.state().review;
                self.rows = review.table.len();
                let is_here = matches!(review.load, Load::Ready(())) && !self.app.is_busy();
                ctx.request_repaint();
                match is_here && self.rows > 0 {
                    true => Stage::Warm(0),
                    false => Stage::Loading,
                }
            }
            Stage::Warm(WARM) => {
                ctx.request_repaint();
                Stage::Scrolling(0)
            }
            Stage::Warm(frames) => {
                ctx.request_repaint();
                Stage::Warm(frames + 1)
            }
            Stage::Scrolling(FRAMES) => {
                self.told();
                rest(self.frames.clone(), ctx);
                Stage::Resting
            }
            Stage::Scrolling(frames) => {
                ctx.request_repaint();
                Stage::Scrolling(frames + 1)
            }
            Stage::Resting => Stage::Resting,
            Stage::Done => Stage::Done,
        };
    }

    fn on_exit(&mut self, gl: Option<&eframe::glow::Context>) {
        self.stage = Stage::Done;
        self.app.on_exit(gl);
    }
}

impl Scrolled {
    fn told(&mut self) {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!("median {}", ms(at(&mut self.times, 0.5)));
        println!("most {}", ms(at(&mut self.times, 0.95)));
        let (all, anonymous) = resident().unwrap_or_default();
        println!(
            "memory {all}\nanonymous {anonymous}\nbefore {}",
            self.before
        );
    }
}

/// Counts frames while nobody does anything, once the last of what was done is over.
fn rest(frames: Arc<AtomicUsize>, ctx: Context) {
    std::thread::spawn(move || {
        std::thread::sleep(REST + REST);
        let before = frames.load(Ordering::Relaxed);
        std::thread::sleep(REST);
        println!("rest {}", frames.load(Ordering::Relaxed) - before);
        ctx.send_viewport_cmd(ViewportCommand::Close);
        ctx.request_repaint();
    });
}
