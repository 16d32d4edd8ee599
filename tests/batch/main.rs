//! The program as its user runs it, against a real IMAP server and a real SMTP server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod breaks;
mod inbox;
mod kill;
mod learning;
mod lines;
mod odd;
mod paths;
mod program;
mod rivals;
mod room;
mod stop;
mod trouble;
