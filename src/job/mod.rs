//! The line: sweep, keep, move, package, submit, and take back. Written once; commands and any
//! window listen to it. It prints nothing, and draws nothing.

pub mod control;
pub mod event;

pub use control::{Control, Request};
pub use event::{Event, Hit, Submitted, Summary};
