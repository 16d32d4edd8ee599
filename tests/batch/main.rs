//! The program as its user runs it, against a real IMAP server and a real SMTP server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod inbox;
mod kill;
mod lines;
mod odd;
mod paths;
mod program;
mod room;
mod stop;
mod trouble;
