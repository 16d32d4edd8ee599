//! What the integration tests share: real servers with their own configuration and data, removed
//! when done, and a client of our own to look at a mailbox from outside.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod account;
pub mod certs;
pub mod client;
pub mod courier;
pub mod cyrus;
pub mod disk;
pub mod dovecot;
pub mod mime;
pub mod postfix;
pub mod proxy;
pub mod quirky;
pub mod real;
pub mod scripted;

use std::net::TcpListener;

/// A port on loopback that nobody listens on now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
