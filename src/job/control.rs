//! What others ask of a running job: pause, go on, stop, and requests. Every account at work is
//! offered each request, in a gap between two steps, and takes what is its own of it.

use crate::mail::Digest;
use crate::mailbox::Stop;
use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something to do for a person, while a sweep runs or by itself (`serve`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Move these hits, and package and submit them as the plan says.
    Deliver(Vec<Digest>),
    /// Move these hits, of whatever sweep, out of this folder alone, and package nothing: the same
    /// message may lie in others, where nobody chose it.
    MoveFrom(String, Vec<Digest>),
    /// Put these back where they were, and never move them again.
    Undo(Vec<Digest>),
    /// The same of what was moved out of this folder alone.
    UndoTo(String, Vec<Digest>),
}

impl Request {
    /// The messages that it is about.
    pub fn digests(&self) -> &[Digest] {
        match self {
            Request::Deliver(digests)
            | Request::MoveFrom(_, digests)
            | Request::Undo(digests)
            | Request::UndoTo(_, digests) => digests,
        }
    }

    /// The same of other messages.
    #[must_use]
    pub fn with(&self, digests: Vec<Digest>) -> Request {
        match self {
            Request::Deliver(_) => Request::Deliver(digests),
            Request::MoveFrom(folder, _) => Request::MoveFrom(folder.clone(), digests),
            Request::Undo(_) => Request::Undo(digests),
            Request::UndoTo(folder, _) => Request::UndoTo(folder.clone(), digests),
        }
    }
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
    /// All that was asked, in that order: who comes later may be the one that is meant.
    asked: Vec<Asked>,
}

#[derive(Debug)]
struct Asked {
    request: Request,
    /// The only account that it is meant for.
    account: Option<String>,
    /// Whether any account was offered it.
    offered: bool,
    /// What of it some account took.
    taken: HashSet<Digest>,
}

/// What nobody did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOver {
    /// Requests that came too late for every account.
    pub(super) late: usize,
    /// Messages that no account knew.
    pub(super) unknown: Vec<Digest>,
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

    /// Queues a request to whichever account has the messages.
    pub fn ask(&self, request: Request) {
        self.queue(None, request);
    }

    /// Queues a request to one account: others may have the same messages, and leave them alone.
    pub fn ask_of(&self, account: &str, request: Request) {
        self.queue(Some(account.to_owned()), request);
    }

    fn queue(&self, account: Option<String>, request: Request) {
        self.change(|state| {
            state.asked.push(Asked {
                request,
                account,
                offered: false,
                taken: HashSet::new(),
            });
        });
    }

    /// Called by the work of the account `name` in the gap between two steps: the first request
    /// after the `offered` that it was offered already, or what to do without one. Blocks while
    /// paused with nothing asked.
    pub(super) fn next(&self, name: &str, offered: &mut usize) -> Gap {
        let mut state = self.lock();
        loop {
            if let Some(asked) = state.asked.get_mut(*offered) {
                let number = *offered;
                *offered += 1;
                if asked.account.as_ref().is_some_and(|of| of != name) {
                    continue;
                }
                asked.offered = true;
                return Gap::Offer(number, asked.request.clone());
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

    /// Waits, at most this long; something new that is asked for ends the wait where it `wakes`, a
    /// stop always. Returns whether to go on.
    pub(super) fn wait(&self, time: Duration, wakes: bool) -> bool {
        let state = self.lock();
        let asked = state.asked.len();
        let waits =
            |state: &mut State| !(self.stop.is_asked() || wakes && state.asked.len() > asked);
        // Nothing is left to do when the lock is let go.
        drop(
            self.changed
                .wait_timeout_while(state, time, waits)
                .unwrap_or_else(PoisonError::into_inner),
        );
        !self.is_stopped()
    }

    /// Whether `next` has something else to say than to go on.
    pub(super) fn is_wanted(&self, offered: usize) -> bool {
        let state = self.lock();
        self.is_stopped() || state.paused || state.asked.len() > offered
    }

    /// Notes what an account takes of a request.
    pub(super) fn take(&self, number: usize, digests: &[Digest]) {
        if let Some(asked) = self.lock().asked.get_mut(number) {
            asked.taken.extend(digests);
        }
    }

    /// Called when all the work has ended: what nobody did.
    pub(super) fn left_over(&self) -> LeftOver {
        let mut left_over = LeftOver::default();
        for asked in std::mem::take(&mut self.lock().asked) {
            if !asked.offered {
                left_over.late += 1;
                continue;
            }
            let digests = asked.request.digests().iter();
            let unknown = digests.filter(|digest| !asked.taken.contains(digest));
            left_over.unknown.extend(unknown);
        }
        left_over
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
    /// What this account can do of this request first; its number is for `Control::take`.
    Offer(usize, Request),
    /// Nothing more.
    Stop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_offered_a_request_once_and_what_nobody_took_is_left_over() {
        let control = Control::new();
        let [one, other] = [Digest::of(b"one"), Digest::of(b"other")];
        let request = Request::Deliver(vec![one, other]);
        control.ask(request.clone());
        let (mut first, mut second) = (0, 0);
        assert!(control.is_wanted(first));
        for offered in [&mut first, &mut second] {
            let offer = Gap::Offer(0, request.clone());
            assert_eq!(control.next("pat", offered), offer);
            assert_eq!(control.next("pat", offered), Gap::GoOn);
        }
        assert!(!control.is_wanted(first));
        control.take(0, &[one]);
        control.ask(Request::Undo(vec![one]));
        let left_over = control.left_over();
        assert_eq!((left_over.late, left_over.unknown), (1, vec![other]));
    }

    #[test]
    fn what_one_account_is_asked_no_other_is_offered() {
        let control = Control::new();
        let request = Request::Undo(vec![Digest::of(b"one")]);
        control.ask_of("sam", request.clone());
        control.ask(request.clone());
        let (mut pat, mut sam) = (0, 0);
        let offer = |number| Gap::Offer(number, request.clone());
        assert_eq!(control.next("pat", &mut pat), offer(1));
        assert_eq!(control.next("pat", &mut pat), Gap::GoOn);
        assert_eq!(control.next("sam", &mut sam), offer(0));
        assert_eq!(control.next("sam", &mut sam), offer(1));
    }
}
