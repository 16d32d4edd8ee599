//! A place of its own for each test: settings, data and mail in a folder that goes with it.

use super::raster::Textures;
use eframe::egui::{Vec2, vec2};
use egui_kittest::Harness;
use postsweep::gui::{App, Start, font};
use postsweep::job::{self, Choices, Control, Demo, Moves, Plan};
use postsweep::settings::{KeyPlace, Places};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The window as the pictures show it.
pub const SIZE: Vec2 = vec2(1280.0, 800.0);

/// Settings and data of one test.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// With these settings; empty: no file.
    pub fn new(settings: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        if !settings.is_empty() {
            std::fs::write(folder.path().join("config.toml"), settings).unwrap();
        }
        Place { folder }
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its places.
    pub fn places(&self) -> Places {
        Places::within(self.path())
    }

    /// A window on it.
    pub fn window(&self) -> Harness<'static, App> {
        window(Start::of(self.places()), SIZE)
    }
}

/// A window of this size, in points.
pub fn window(start: Start, size: Vec2) -> Harness<'static, App> {
    drawn(start, size, 1.0).0
}

/// A window of this size, in points, at so many pixels a point; and what it takes to draw it.
pub fn drawn(start: Start, size: Vec2, scale: f32) -> (Harness<'static, App>, Textures) {
    // No letter may be missing in the frame that is looked at.
    drawn_with(start, size, scale, font::Loading::AtOnce)
}

/// The same, and what becomes of letters that the window's own fonts do not have.
pub fn drawn_with(
    start: Start,
    size: Vec2,
    scale: f32,
    loading: font::Loading,
) -> (Harness<'static, App>, Textures) {
    let textures = Textures::default();
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .renderer(textures.clone())
        .build_eframe(|context| {
            let app = App::new(&context.egui_ctx, start);
            font::install_with(&context.egui_ctx, loading);
            app
        });
    settle(&mut harness);
    (harness, textures)
}

/// Draws until no thread is at work and nothing moves any more.
pub fn settle(harness: &mut Harness<'_, App>) {
    let begun = Instant::now();
    loop {
        harness.step();
        if !harness.state().is_busy() {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "a thread goes on"
        );
        std::thread::yield_now();
    }
    harness.run_ok();
}

/// The sample mail, swept before the window opens; its hits lie where they were.
pub fn swept_sample() -> Demo {
    let mut demo = job::demo().unwrap();
    demo.settings.cache.key = KeyPlace::File;
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let plan = Plan::new(demo.settings.clone(), &demo.places, &choices).unwrap();
    job::run(&plan, &Control::new(), &mut |_| {});
    demo
}
