//! The job over mail on disk: what a sweep moves, keeps, packages and hands over; what `undo`
//! brings back; what new rules judge again; and what a kill, a pause or a person's request in mid-sweep does to it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod again;
mod chronicle;
mod damage;
mod doubt;
mod kill;
mod line;
mod place;
mod report;
mod review;
mod setting_up;
mod waiting;
mod window;
