//! What others ask of a running job: pause, go on, stop, and requests that are served between
//! two batches by the one thread that owns the connection.

use crate::mail::Digest;
use crate::mailbox::Stop;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Something to do for a person while a sweep runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Move these hits, and package and submit them as the plan says.
    Deliver(Vec<Digest>),
    /// Put these back where they were, and never move them again.
    Undo(Vec<Digest>),
}

/// The one handle on a running job; shared by reference or `Arc`.
#[derive(Debug, Default)]
pub struct Control {
    state: Mutex<State>,
    changed: Condvar,
    stop: Stop,
}

#[derive(Debug, Default)]
struct State {
    paused: bool,
    requests: VecDeque<Request>,
}

impl Control {
    /// A job that runs.
    pub fn new() -> Self {
        Control::default()
    }

    /// Waits at the next gap between two steps; requests are still served.
    pub fn pause(&self) {
        self.change(|state| state.paused = true);
    }

    /// Goes on.
    pub fn resume(&self) {
        self.change(|state| state.paused = false);
    }

    /// Ends after the step in hand; what is being read from a server is not waited for. What was
    /// judged and kept stays so.
    pub fn stop(&self) {
        self.change(|_| self.stop.ask());
    }

    /// Whether a stop was asked for.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_asked()
    }

    /// The word that ends what waits for a server.
    pub(super) fn word(&self) -> &Stop {
        &self.stop
    }

    /// Queues a request.
    pub fn ask(&self, request: Request) {
        self.change(|state| state.requests.push_back(request));
    }

    /// Called by the job in the gap between two steps: the next request, or what to do without
    /// one. Blocks while paused with nothing asked.
    pub(super) fn next(&self) -> Gap {
        let mut state = self.lock();
        loop {
            if let Some(request) = state.requests.pop_front() {
                return Gap::Serve(request);
            }
            if self.stop.is_asked() {
                return Gap::Stop;
            }
            if !state.paused {
                return Gap::GoOn;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the requests that nobody served.
    pub(super) fn left_over(&self) -> usize {
        std::mem::take(&mut self.lock().requests).len()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the job does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The next step of its own.
    GoOn,
    /// This first.
    Serve(Request),
    /// Nothing more.
    Stop,
}
