//! The window without a display: each page alone and the whole story, with controls found by role
//! and label only, as somebody who cannot see them finds them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod contrast;
mod dialog;
mod everywhere;
mod fits;
mod history;
mod hostile;
mod icons;
mod keyboard;
mod lists;
mod log;
mod memory;
mod names;
mod opening;
mod place;
mod raster;
mod read_out;
mod report;
mod review;
mod screenshots;
mod scripts;
mod settings;
mod sheet;
mod snapshots;
mod story;
mod sweep;
mod swept;
mod welcome;
mod widgets;
