//! The program as its user has it: a real window on a screen, with mouse and keyboard, beside real
//! servers and a real keyring. Controls are found by name, as a screen reader finds them.
#![cfg(all(unix, not(target_os = "macos"), feature = "gui"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod eyes;
mod screen;
mod session;
mod story;

use eyes::Eyes;
use screen::Screen;

#[test]
fn the_window_opens_and_is_read_out() {
    if !session::is_inside() {
        return session::run("the_window_opens_and_is_read_out");
    }
    let folder = tempfile::tempdir().unwrap();
    let eyes = Eyes::open();
    let mut screen = Screen::new();
    screen.open(
        &folder.path().join("config.toml"),
        &folder.path().join("data"),
    );
    let file = eyes.find("button", "File");
    screen.click(file.middle());
    eyes.read("Quit");
    screen.press("Escape");
    screen.press("F1");
    eyes.read("All shortcuts");
    assert!(screen.runs());
}
