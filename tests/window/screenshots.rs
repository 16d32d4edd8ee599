//! A picture of every page, light and dark, in `target/screenshots`, by `cargo test --test window
//! screenshots`. Each is looked at by a person; what must hold of it is tested beside this.

use super::place::{self, Place, SIZE, drawn};
use super::raster::Textures;
use eframe::egui::Theme;
use egui_kittest::Harness;
use postsweep::gui::state::Page;
use postsweep::gui::{Command, Intent, Start};
use std::path::Path;

/// Saves what the window shows, in both themes.
fn save<S>(harness: &mut Harness<'_, S>, textures: &Textures, name: &str) {
    for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        harness.ctx.set_theme(theme);
        harness.run_ok();
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/screenshots")
            .join(format!("{name}-{word}.png"));
        textures.picture(harness).save(&path);
        assert!(path.metadata().unwrap().len() > 1_000);
    }
}

#[test]
fn every_page_without_an_account() {
    let place = Place::new("");
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    save(&mut window, &textures, "welcome");
    let ctx = window.ctx.clone();
    for page in Page::RAIL {
        window
            .state_mut()
            .carry_out(&ctx, Intent::Do(Command::Go(page)));
        place::settle(&mut window);
        save(
            &mut window,
            &textures,
            &format!("{page:?}-empty").to_lowercase(),
        );
    }
}

#[test]
fn every_widget() {
    let (mut window, textures) = super::sheet::sheet(1.0);
    save(&mut window, &textures, "widgets");
}
