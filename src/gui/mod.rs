//! The window: for people, what `--batch` is for timers. It listens to the same job, shows what
//! that tells and asks it for what a person wants; nothing of the job is written again here.
//!
//! Pages look and ask: each is given the state and adds to a list of intents. `act` carries those
//! out, by changing the state and by starting work on the worker's threads; what that work finds
//! comes back in `App::logic` and is drawn in the next frame.

pub mod act;
pub mod app;
pub mod bars;
pub mod command;
pub mod font;
pub mod icon;
pub mod intent;
pub mod mark;
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
pub use state::State;

use crate::settings::Places;
use std::path::Path;

/// Pixels a side of the window's icon.
const ICON: u32 = 128;

/// Opens the window and stays until it is closed; without a display, the reason and the way out.
pub fn run(config: Option<&Path>, data_dir: Option<&Path>) -> Result<(), String> {
    let places = Places::find(config, data_dir).map_err(|error| error.to_string())?;
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
        viewport,
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    let start = Start::alone(places);
    eframe::run_native(
        "Postsweep",
        options,
        Box::new(|context| Ok(Box::new(App::new(&context.egui_ctx, start)))),
    )
    .map_err(|error| crate::text::window::no_display(&error.to_string()))
}
