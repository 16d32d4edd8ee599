//! What the window remembers from one start to the next: its size and place, the page, how hits
//! are sorted and shown. It is written behind what a person does, never at every step of it; what
//! is done with sample mail is not remembered.

use super::state::review::{Column, Order};
use super::state::{Page, State};
use super::theme;
use super::worker::Worker;
use crate::settings::{Places, Remembered};
use eframe::egui::{Context, Pos2, Rect, Vec2, ViewportBuilder, ViewportCommand, pos2, vec2};
use std::time::Duration;

/// A change is written when it is so old, in seconds: a window that is dragged is written once.
const AFTER: f64 = 3.0;
/// So much of the window's upper edge must be on a screen, in points: it can be dragged by that.
const TO_GRAB: Vec2 = vec2(120.0, 24.0);

const PAGES: [(Page, &str); 7] = [
    (Page::Sweep, "sweep"),
    (Page::Review, "review"),
    (Page::Report, "report"),
    (Page::History, "history"),
    (Page::Lists, "lists"),
    (Page::Accounts, "accounts"),
    (Page::Settings, "settings"),
];

const COLUMNS: [(Column, &str); 7] = [
    (Column::Verdict, "verdict"),
    (Column::Score, "score"),
    (Column::From, "from"),
    (Column::Subject, "subject"),
    (Column::Reason, "reason"),
    (Column::Date, "date"),
    (Column::Folder, "folder"),
];

/// What is remembered, and how much of it is written.
#[derive(Debug, Default)]
pub struct Memory {
    /// Whose it is; `None`: nothing is remembered.
    places: Option<Places>,
    now: Remembered,
    written: Remembered,
    /// When the first change was seen that is not written, on the clock of frames.
    since: Option<f64>,
    /// Frames that were drawn, as far as it matters.
    frames: u8,
    is_demo: bool,
}

impl Memory {
    /// What was remembered at these places.
    pub fn read(places: &Places) -> Memory {
        let now = Remembered::read(places);
        Memory {
            places: Some(places.clone()),
            written: now.clone(),
            now,
            ..Memory::default()
        }
    }

    /// The window as it was, as far as that can be said before it is there.
    pub fn viewport(&self, builder: ViewportBuilder) -> ViewportBuilder {
        let builder = match (self.now.width, self.now.height) {
            (Some(width), Some(height)) => {
                builder.with_inner_size(vec2(width, height).max(theme::SMALLEST))
            }
            _ => builder,
        };
        builder.with_maximized(self.now.maximised)
    }

    /// Where it was, in pixels, if it can be seen and grabbed there on these screens.
    pub fn place(&self, screens: &[Rect]) -> Option<Pos2> {
        let place = pos2(self.now.x?, self.now.y?);
        let handle = Rect::from_min_size(place, TO_GRAB);
        let is_on = |screen: &Rect| screen.contains_rect(handle);
        screens.iter().any(is_on).then_some(place)
    }

    /// Sets a new window up as it was.
    pub fn begin(&self, state: &mut State) {
        // A window that has something to say first stays on the page that says it.
        if state.page == Page::Sweep
            && let Some(page) = by_name(&PAGES, self.now.page.as_deref())
        {
            state.page = page;
        }
        self.look(state);
    }

    fn look(&self, state: &mut State) {
        let review = &mut state.review;
        if let Some(column) = by_name(&COLUMNS, self.now.sort.as_deref()) {
            let descending = self.now.descending;
            review.table.sort(Order { column, descending });
        }
        review.compact = self.now.compact;
        let [_, least, most] = theme::DETAIL;
        review.detail = self.now.detail.map(|width| width.clamp(least, most));
    }

    /// Looks at what there is now, and has it written once it is worth it.
    pub fn follow(&mut self, state: &mut State, worker: &mut Worker, ctx: &Context) {
        let Some(places) = &self.places else {
            return;
        };
        let is_demo = state.site.is_demo;
        if !is_demo && self.is_demo {
            self.look(state);
        }
        self.is_demo = is_demo;
        self.frames = self.frames.saturating_add(1);
        see_window(&mut self.now, self.frames, ctx);
        if !is_demo {
            see(&mut self.now, state);
        }
        if self.now == self.written {
            self.since = None;
            return;
        }
        let time = ctx.input(|input| input.time);
        let age = time - *self.since.get_or_insert(time);
        if age < AFTER {
            ctx.request_repaint_after(Duration::from_secs_f64(AFTER - age));
            return;
        }
        self.since = None;
        self.written = self.now.clone();
        let (now, places) = (self.now.clone(), places.clone());
        worker.task("remembering the window", move |_| write(&now, &places));
    }

    /// Has written what is not written yet; waits for it.
    pub fn end(&mut self, worker: &mut Worker) {
        let Some(places) = self.places.take() else {
            return;
        };
        if self.now != self.written {
            let now = self.now.clone();
            worker.last("remembering the window", move || write(&now, &places));
        }
    }
}

fn write(now: &Remembered, places: &Places) {
    // Nothing is lost but a habit: nobody is told.
    if let Err(error) = now.write(places) {
        log::warn!("the window is not remembered: {error}");
    }
}

fn see_window(now: &mut Remembered, frames: u8, ctx: &Context) {
    let pixels = ctx.pixels_per_point();
    let window = ctx.input(|input| input.viewport().clone());
    if frames == 2 && now.maximised && window.maximized == Some(false) {
        // X11 forgets it of a window that is not shown yet.
        ctx.send_viewport_cmd(ViewportCommand::Maximized(true));
        ctx.request_repaint();
    }
    // The first frames tell of a window that is not where it will be.
    if frames <= 3 || window.minimized == Some(true) {
        return;
    }
    now.maximised = window.maximized.unwrap_or(now.maximised);
    if now.maximised || window.fullscreen == Some(true) {
        return;
    }
    if let Some(inner) = window.inner_rect {
        (now.width, now.height) = (Some(inner.width().round()), Some(inner.height().round()));
    }
    if let Some(outer) = window.outer_rect {
        let place = (outer.min.to_vec2() * pixels).round();
        (now.x, now.y) = (Some(place.x), Some(place.y));
    }
}

fn see(now: &mut Remembered, state: &State) {
    // The first page is shown where there is no other.
    if let Some(page) = name_of(&PAGES, state.page) {
        now.page = Some(page);
    }
    let order = state.review.table.order();
    if now.sort.is_some() || order != Order::default() {
        now.sort = name_of(&COLUMNS, order.column);
        now.descending = order.descending;
    }
    now.compact = state.review.compact;
    now.detail = state.review.detail.or(now.detail);
}

fn by_name<T: Copy>(all: &[(T, &str)], name: Option<&str>) -> Option<T> {
    let name = name?;
    let found = all.iter().find(|(_, known)| *known == name);
    found.map(|(one, _)| *one)
}

fn name_of<T: Copy + PartialEq>(all: &[(T, &str)], one: T) -> Option<String> {
    let found = all.iter().find(|(known, _)| *known == one);
    found.map(|(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, y: f32) -> Memory {
        Memory {
            now: Remembered {
                x: Some(x),
                y: Some(y),
                ..Remembered::default()
            },
            ..Memory::default()
        }
    }

    #[test]
    fn a_window_is_put_where_it_was_only_where_it_can_be_grabbed() {
        let screen = |x, y, width, height| Rect::from_min_size(pos2(x, y), vec2(width, height));
        let two = [
            screen(0.0, 0.0, 1920.0, 1080.0),
            screen(-1280.0, 0.0, 1280.0, 1024.0),
        ];
        assert_eq!(at(100.0, 50.0).place(&two), Some(pos2(100.0, 50.0)));
        assert_eq!(at(-1200.0, 50.0).place(&two), Some(pos2(-1200.0, 50.0)));
        for (x, y) in [
            (-1200.0, 50.0),
            (1900.0, 50.0),
            (100.0, -30.0),
            (100.0, 1075.0),
        ] {
            assert_eq!(at(x, y).place(&two[..1]), None, "{x} {y}");
        }
        assert_eq!(at(100.0, 50.0).place(&[]), None);
        assert_eq!(Memory::default().place(&two), None);
    }

    #[test]
    fn every_page_of_the_rail_and_every_column_has_a_name() {
        for page in Page::RAIL {
            let name = name_of(&PAGES, page);
            assert_eq!(by_name(&PAGES, name.as_deref()), Some(page));
        }
        assert_eq!(by_name(&COLUMNS, Some("score")), Some(Column::Score));
        assert_eq!(by_name(&COLUMNS, Some("no such")), None);
    }
}
