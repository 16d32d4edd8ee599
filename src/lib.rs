//! Postsweep finds the spam and phishing that a mail gateway let through, moves it out of the
//! inbox, keeps the untouched originals and hands them to the gateway's vendor.
//!
//! # The line
//!
//! The whole program is one straight line, written once, in [`job`]; the commands are listeners
//! to it, and so is any window.
//!
//! ```text
//! sweep (judges and keeps)                        deliver (a second call)
//! mailbox ── message ── verdict ── sample    ──►  move ──── package ── submission
//! list       original   judged,    bytes on       to the    zip with   e-mail, outbox
//!            bytes      pure       disk, read     chosen    password   folder, or a file
//!                                  back           folder               for the portal
//! ```
//!
//! The sample is kept, and read back, before the move: at every instant the message exists in at
//! least one place. A change to a mailbox is journalled before it is made and settled after, so
//! that a kill between any two steps is settled by the next run.
//!
//! # Who may import whom
//!
//! ```text
//! main     → cli, command                    cli → verdict, settings
//! command  → job, settings, text (and plain types, to show them)
//! job      → everything below; nothing below it sees the store, the clock or the network
//!            unless it is listed here with it
//! verdict, platform → nothing                mail, text → nothing of ours
//! content  → mail                            checks → mail, content, verdict
//! rules    → checks, mail, verdict           (it parses text that it is given)
//! sample, vendor → mail, verdict, platform   package → sample, mail, verdict, platform
//! mailbox, outbox → mail, settings::{account, secret}, platform
//! store    → mail, verdict, platform
//! settings → verdict, platform
//! ```
//!
//! `verdict`, `mail`, `content`, `checks` and `rules` are pure: no file, clock or network. Each
//! wire crate is named in one folder. `tests/layering.rs` holds this table.
//!
//! # Mechanism and knowledge
//!
//! Mechanism is code in `src`; knowledge is data in `assets`: rules, brands, vendors and the demo
//! mail are files there, compiled in, and a user's own files of the same format add to them or
//! replace them by id.

pub mod checks;
pub mod cli;
pub mod command;
pub mod content;
pub mod job;
pub mod mail;
pub mod mailbox;
pub mod outbox;
pub mod package;
pub mod platform;
pub mod rules;
pub mod sample;
pub mod settings;
pub mod store;
pub mod text;
pub mod vendor;
pub mod verdict;
