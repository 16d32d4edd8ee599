//! A path that is typed, where the system can open no file dialog: what it is for, what is typed so
//! far, and what is done with it.

use super::State;
use crate::gui::worker::Worker;
use crate::job::PathFor;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

static ASKED: AtomicU64 = AtomicU64::new(0);

/// What is done with the path.
pub type Then = Box<dyn FnOnce(&mut State, &mut Worker, PathBuf) + Send>;

/// A path that is asked for.
pub struct TypedPath {
    /// Tells it from one that is asked for later.
    pub number: u64,
    /// What it is for.
    pub purpose: PathFor,
    /// What is typed.
    pub text: String,
    /// Why that cannot be used.
    pub refused: Option<String>,
    /// Whether it is being looked at.
    pub looking: bool,
    /// What is done with it.
    pub then: Then,
}

impl TypedPath {
    /// Asked for, with this to begin with.
    pub fn new(purpose: PathFor, text: String, then: Then) -> TypedPath {
        TypedPath {
            number: ASKED.fetch_add(1, Ordering::Relaxed),
            purpose,
            text,
            refused: None,
            looking: false,
            then,
        }
    }
}
