//! The window: for people, what `--batch` is for timers. It listens to the same job, shows what
//! that tells and asks it for what a person wants; nothing of the job is written again here.
//!
//! Pages look and ask: each is given the state and adds to a list of intents. `act` carries those
//! out, by changing the state and by starting work on the worker's threads; what that work finds
//! comes back in `App::logic` and is drawn in the next frame.

pub mod act;
pub mod app;
pub mod bars;
pub mod clock;
pub mod command;
pub mod font;
pub mod icon;
pub mod intent;
pub mod mark;
pub mod memory;
pub mod menu;
pub mod overlay;
pub mod page;
pub mod shown;
pub mod state;
pub mod theme;
pub mod widget;
pub mod worker;

pub use app::{App, Start};
pub use command::Command;
pub use intent::Intent;
pub use memory::Memory;
pub use state::State;

use crate::log_file;
use crate::settings::Places;
use eframe::egui::{Rect, ViewportCommand, pos2, vec2};
use std::path::Path;
use std::time::Instant;

/// Pixels a side of the window's icon.
const ICON: u32 = 128;

/// Opens the window and stays until it is closed; without a display, the reason and the way out.
pub fn run(config: Option<&Path>, data_dir: Option<&Path>) -> Result<(), String> {
    let begun = Instant::now();
    let places = Places::find(config, data_dir).map_err(|error| error.to_string())?;
    let memory = Memory::read(&places);
    let viewport = eframe::egui::ViewportBuilder::default()
        .with_app_id("org.postsweep.Postsweep")
        .with_title("Postsweep")
        .with_inner_size(theme::FIRST)
        .with_min_inner_size(theme::SMALLEST)
        .with_icon(eframe::egui::IconData {
            rgba: mark::pixels(ICON),
            width: ICON,
            height: ICON,
        });
    let options = eframe::NativeOptions {
        viewport: memory.viewport(viewport),
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    let log = log_file::start(&places);
    let start = Start {
        log: Some(log),
        memory,
        begun: Some(begun),
        ..Start::alone(places)
    };
    eframe::run_native(
        "Postsweep",
        options,
        Box::new(|context| {
            place(context, &start.memory);
            Ok(Box::new(App::new(&context.egui_ctx, start)))
        }),
    )
    .map_err(|error| crate::text::window::no_display(&error.to_string()))
}

/// Puts the window where it was: only once it is there is it known what screens there are.
fn place(context: &eframe::CreationContext<'_>, memory: &Memory) {
    let Some(window) = context.winit_window() else {
        return;
    };
    let screens: Vec<Rect> = window
        .available_monitors()
        .map(|screen| {
            let (place, size) = (screen.position(), screen.size());
            let min = pos2(place.x as f32, place.y as f32);
            Rect::from_min_size(min, vec2(size.width as f32, size.height as f32))
        })
        .collect();
    if let Some(place) = memory.place(&screens) {
        let pixels = context.egui_ctx.zoom_factor() * window.scale_factor() as f32;
        let place = ViewportCommand::OuterPosition(place / pixels);
        context.egui_ctx.send_viewport_cmd(place);
    }
}
