//! The window without a display: what eframe asks of the processor for a frame, and what filtering
//! and sorting take.

use super::ground::Ground;
use super::table::{Table, at};
use anyhow::{Result, ensure};
use eframe::App as _;
use eframe::egui::{
    Context, Event, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase,
    pos2, vec2,
};
use postsweep::gui::state::Page;
use postsweep::gui::state::review::{Ask, Column, Filter};
use postsweep::gui::{App, Command, Intent, Start};
use postsweep::job;
use postsweep::settings::Settings;
use std::time::{Duration, Instant};

pub const FRAMES: usize = 600;
const SIZE: Pos2 = pos2(1280.0, 800.0);
/// On the list.
pub const POINTER: Pos2 = pos2(400.0, 500.0);

const COLUMNS: [(Column, &str); 7] = [
    (Column::Verdict, "verdict"),
    (Column::Score, "score"),
    (Column::From, "sender"),
    (Column::Subject, "subject"),
    (Column::Reason, "reason"),
    (Column::Date, "date"),
    (Column::Folder, "folder"),
];
/// Typed key by key, and taken back.
const WORDS: [&str; 5] = ["account", "invoice overdue", "mail4711", "срочно", "zzzz"];

pub struct Window {
    ctx: Context,
    app: App,
    frame: eframe::Frame,
    time: f64,
}

impl Window {
    fn open(ground: &Ground) -> Window {
        let ctx = Context::default();
        let app = App::new(&ctx, Start::of(ground.places()));
        Window {
            ctx,
            app,
            frame: eframe::Frame::_new_kittest(),
            time: 0.0,
        }
    }

    /// Logic, page and triangles, as eframe has them made.
    fn draw(&mut self, events: Vec<Event>) -> Duration {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_max(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let begun = Instant::now();
        let (app, frame) = (&mut self.app, &mut self.frame);
        let mut output = self.ctx.run_ui(input, |ui| {
            app.logic(ui.ctx(), frame);
            app.ui(ui, frame);
        });
        let shapes = std::mem::take(&mut output.shapes);
        let triangles = self.ctx.tessellate(shapes, output.pixels_per_point);
        let took = begun.elapsed();
        assert!(!triangles.is_empty());
        output.drop_without_applying_deltas();
        took
    }

    fn settle(&mut self) {
        loop {
            self.draw(Vec::new());
            if !self.app.is_busy() {
                break;
            }
            std::thread::yield_now();
        }
        for _ in 0..10 {
            self.draw(Vec::new());
        }
    }

    fn ask(&mut self, ask: Ask) -> Duration {
        let ctx = self.ctx.clone();
        let begun = Instant::now();
        self.app.carry_out(&ctx, Intent::Review(ask));
        begun.elapsed()
    }
}

/// So much wheel that the whole list goes by.
pub fn wheel(rows: usize) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -(rows as f32) * 46.0 / FRAMES as f32),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    }
}

pub fn measure(ground: &Ground, table: &mut Table) -> Result<()> {
    let settings = Settings::load(&ground.places().config_file)?;
    let begun = Instant::now();
    let rows = job::hits(&settings, &ground.places())?;
    table.note(
        "reading the list (on a thread)",
        begun.elapsed().as_secs_f64() * 1000.0,
        "ms",
    );
    ensure!(rows.len() == ground.rows, "{} rows", rows.len());
    drop(rows);

    let mut window = Window::open(ground);
    let ctx = window.ctx.clone();
    let review = Intent::Do(Command::Go(Page::Review));
    window.app.carry_out(&ctx, review);
    window.settle();
    let shown = window.app.state().review.table.len();
    ensure!(shown == ground.rows, "{shown} shown");
    filter(&mut window, table);
    sort(&mut window, table);
    scroll(&mut window, ground, table, "rows of two lines");
    window.app.state_mut().review.compact = Some(true);
    scroll(&mut window, ground, table, "rows of one line");
    Ok(())
}

fn filter(window: &mut Window, table: &mut Table) {
    let mut worst = Duration::ZERO;
    for word in WORDS {
        let letters: Vec<char> = word.chars().collect();
        let typed = (1..=letters.len()).chain((0..letters.len()).rev());
        for length in typed {
            let text = letters.iter().take(length).collect();
            let filter = Filter {
                text,
                ..Filter::default()
            };
            let took = window.ask(Ask::Filter(filter)) + window.draw(Vec::new());
            worst = worst.max(took);
        }
    }
    table.time(
        "filter, worst key of five words, its frame too",
        worst,
        50.0,
    );
}

fn sort(window: &mut Window, table: &mut Table) {
    for (column, name) in COLUMNS {
        let mut worst = Duration::ZERO;
        for _ in 0..3 {
            let took = window.ask(Ask::Sort(column)) + window.draw(Vec::new());
            worst = worst.max(took);
        }
        let what = format!("sort by {name}, worst of both ways, its frame too");
        table.time(&what, worst, 150.0);
    }
    while window.app.state().review.table.order() != Default::default() {
        window.ask(Ask::Sort(Column::Score));
    }
}

fn scroll(window: &mut Window, ground: &Ground, table: &mut Table, what: &str) {
    window.settle();
    window.draw(vec![Event::PointerMoved(POINTER)]);
    let mut times: Vec<Duration> = (0..FRAMES)
        .map(|_| window.draw(vec![wheel(ground.rows)]))
        .collect();
    let says = |part: &str| format!("a frame while scrolling, {what}, {part}");
    table.time(&says("median"), at(&mut times, 0.5), 4.0);
    table.time(&says("95 of 100"), at(&mut times, 0.95), 4.0);
}
