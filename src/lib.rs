//! Postsweep finds the spam and phishing that a mail gateway let through, moves it out of the
//! inbox, keeps the untouched originals and hands them to the gateway's vendor.
//!
//! # The line
//!
//! The whole program is one straight line, written once, in [`job`]; the commands are listeners
//! to it, and so is the window ([`gui`], left out by `--no-default-features`).
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
//! main     → cli, command, gui               cli → verdict, settings
//! command  → job, settings, text, log_file (and plain types, to show them)
//! gui      → job, settings, text, platform, log_file (and plain types, to show them)
//! job      → everything below: it alone puts the parts together
//! verdict, platform, seal, dns → nothing     mail → nothing of ours         text → mail, verdict
//! content  → mail                            checks → mail, content, verdict
//! rules    → checks, mail, verdict           (it parses text that it is given)
//! measure  → mail, verdict
//! classifier → mail, verdict
//! sample, vendor → mail, verdict, platform   package → sample, mail, verdict, platform
//! mailbox, outbox → mail, settings::{account, secret}, platform
//! store    → mail, verdict, platform
//! settings → verdict, platform               log_file → job, settings, text
//! ```
//!
//! `verdict`, `mail`, `content`, `checks`, `rules`, `classifier` and `measure` are pure: no file,
//! clock or network. Each wire crate is named in one folder. `tests/layering.rs` holds this table.
//!
//! Fuzz targets read what others wrote: under `cfg(fuzzing)` the rest is left out, so that what is
//! watched is built in a fraction of the time.
//!
//! # Mechanism and knowledge
//!
//! Mechanism is code in `src`; knowledge is data in `assets`: rules, brands, vendors, mail providers, lists of
//! domains and words, and the demo mail are files there, compiled in. A user's own files of rules, brands and
//! vendors, in the same format, add to them or replace them by id.

// What a person asks for, and is told:
#[cfg(not(fuzzing))]
pub mod cli; // arguments as typed and validated
#[cfg(not(fuzzing))]
pub mod command; // one file a verb: starts a job, shows what it tells, ends with a code
#[cfg(all(feature = "gui", not(fuzzing)))]
pub mod gui; // the window: pages, and the threads behind them
#[cfg(not(fuzzing))]
pub mod text; // every sentence a person reads that is not in a data file

// The line:
#[cfg(not(fuzzing))]
pub mod job; // sweep, deliver, undo; puts all that follows together

// What is said of a message, pure:
pub mod checks; // facts about a message, one function each
#[cfg(not(fuzzing))]
pub mod classifier; // what was learnt from the owner's own mail
pub mod content; // what attachments hold
pub mod mail; // the message: original bytes, and a view parsed from them
#[cfg(not(fuzzing))]
pub mod measure; // how well rules part spam from honest mail, and what each is worth
pub mod rules; // rule files: which facts and patterns weigh how much
pub mod verdict; // findings, and what they add up to

// Where mail lives, and where it goes:
pub mod mailbox; // IMAP, Maildir, files: one trait
#[cfg(not(fuzzing))]
pub mod outbox; // SMTP, a folder: one trait
#[cfg(not(fuzzing))]
pub mod package; // samples in a zip with a password
#[cfg(not(fuzzing))]
pub mod sample; // one message's original bytes, kept on disk
#[cfg(not(fuzzing))]
pub mod vendor; // vendor files: where samples go; composes the letter

// Beside the line:
#[cfg(not(fuzzing))]
pub mod dns; // which servers a domain names for its mail
#[cfg(not(fuzzing))]
pub mod log_file; // what was done and what failed, for whoever looks after the machine
pub mod platform; // what differs between operating systems
#[cfg(not(fuzzing))]
pub mod seal; // bytes that others may get to read: compressed and encrypted
pub mod settings; // `config.toml`, accounts, secrets
#[cfg(not(fuzzing))]
pub mod store; // the one database: what was judged, moved, submitted and put back
