//! IMAP against a real Dovecot, and against a scripted server where an answer is needed that no
//! real one here gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

#[path = "imap/gmail.rs"]
mod gmail;
#[path = "imap/habits.rs"]
mod habits;
#[path = "imap/meanwhile.rs"]
mod meanwhile;
#[path = "imap/moving.rs"]
mod moving;

#[path = "imap/odd_servers.rs"]
mod odd_servers;
#[path = "imap/reading.rs"]
mod reading;
#[path = "imap/rivals.rs"]
mod rivals;
#[path = "imap/signing_in.rs"]
mod signing_in;
#[path = "imap/stopping.rs"]
mod stopping;
#[path = "imap/survey.rs"]
mod survey;
#[path = "imap/talking.rs"]
mod talking;
#[path = "imap/two_clients.rs"]
mod two_clients;
#[path = "imap/weak_points.rs"]
mod weak_points;
