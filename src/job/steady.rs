//! Going on after breaks: a step that fails because the connection broke, or because the server
//! asks to be left alone, is done again once the mailbox is open anew and its journal settled.
//! Every step that is done so can be done twice: what it did before is seen in the store.
//!
//! How long: the account's `retry` without any progress, in waits that grow from 1 to 60 seconds,
//! each between half and one and a half times as long as the last, so that many clients do not
//! come back at once. A wait that the server tells is kept to. Before the server has let us in once, nothing yet
//! shows that the settings are right: whoever mistyped a name is told after three tries, some
//! seconds, and so is a timer that runs before the network is up; its next run is soon enough. Only
//! a server that itself asks to wait is waited for in full. What will not pass by itself (a certificate, a missing feature, a
//! refused password) is not tried again; but a sign-in that was taken before in this run is, twice:
//! some providers' passwords expire within the hour, and a fresh one is asked for each time.

use super::control::Control;
use super::desk::{Desk, JobError, Work, open_mailbox};
use super::event::Event;
use crate::mailbox::{Mailbox, MailboxError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

/// The first wait; a shorter one where all of them together are to be short.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait that is not the server's own.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Tries to reach a server that has never let us in.
const FIRST_TRIES: u32 = 3;
/// Refusals of a sign-in that was taken before.
const SIGN_INS: u32 = 2;

/// How long to go on trying, and how long that was so far.
#[derive(Debug)]
pub(super) struct Patience {
    retry: Duration,
    next: Duration,
    /// When what holds now began.
    since: Option<Instant>,
    /// Failures since then.
    tries: u32,
    sign_ins: u32,
    /// What was done when it last failed.
    done: usize,
    /// Whether the server let us in once.
    was_open: bool,
}

impl Patience {
    pub(super) fn new(retry: Duration) -> Patience {
        Patience {
            retry,
            next: FIRST_WAIT.min(retry / 64),
            since: None,
            tries: 0,
            sign_ins: 0,
            done: 0,
            was_open: false,
        }
    }

    /// Whether waiting may help.
    fn may_pass(&self, error: &MailboxError) -> bool {
        let is_expired = matches!(error, MailboxError::SignIn { .. }) && self.was_open;
        !self.retry.is_zero() && (error.is_transient() || is_expired)
    }

    /// How long to wait after this failure; `None` where it was tried for long enough. `done` grows
    /// with what is done.
    fn wait_after(&mut self, error: &MailboxError, done: usize) -> Option<Duration> {
        if done != self.done {
            *self = Patience {
                done,
                was_open: self.was_open,
                ..Patience::new(self.retry)
            };
        }
        self.tries += 1;
        let since = *self.since.get_or_insert_with(Instant::now);
        let left = self.retry.checked_sub(since.elapsed())?;
        let told = match error {
            MailboxError::Throttled { wait, .. } => *wait,
            _ if !self.was_open && self.tries >= FIRST_TRIES => return None,
            MailboxError::SignIn { .. } if self.sign_ins >= SIGN_INS => return None,
            MailboxError::SignIn { .. } => {
                self.sign_ins += 1;
                None
            }
            _ => None,
        };
        let wait = told.unwrap_or_else(|| jittered(self.next));
        self.next = (self.next * 2).min(LONGEST_WAIT);
        // At the very end it is tried once more.
        (!left.is_zero()).then(|| wait.min(left))
    }
}

/// From half the time to one and a half of it, at most a minute.
fn jittered(time: Duration) -> Duration {
    // Keyed by the system's chance anew for each: good enough for clients not to walk in step.
    let chance = RandomState::new().build_hasher().finish() % 1000;
    let share = 0.5 + chance as f64 / 1000.0;
    time.mul_f64(share).min(LONGEST_WAIT)
}

impl Work<'_> {
    /// Opens the mailbox for the first time in this run.
    pub(super) fn first_open(&mut self, control: &Control) -> Result<Box<dyn Mailbox>, JobError> {
        loop {
            match open_mailbox(&self.account.account, control.word()) {
                Ok(mailbox) => {
                    self.patience.was_open = true;
                    return Ok(mailbox);
                }
                Err(JobError::Mailbox(error)) if self.patience.may_pass(&error) => {
                    self.wait(error, control)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits before the next try, where there is to be one.
    fn wait(&mut self, error: MailboxError, control: &Control) -> Result<(), JobError> {
        let done = self.progress();
        let Some(wait) = self.patience.wait_after(&error, done) else {
            return Err(match (&error, self.patience.was_open) {
                (MailboxError::SignIn { .. }, _) => error.into(),
                (MailboxError::Throttled { .. }, _) | (_, true) => JobError::GaveUp {
                    source: error,
                    seconds: self.patience.retry.as_secs(),
                },
                _ => error.into(),
            });
        };
        let event = Event::Waiting {
            account: self.name(),
            seconds: wait.as_millis().div_ceil(1000) as u64,
            why: error.to_string(),
        };
        self.tell(event);
        // Whoever asks for something now sees whether it goes; a server that told a time gets it.
        let wakes = !matches!(error, MailboxError::Throttled { wait: Some(_), .. });
        match control.wait(wait, wakes) {
            true => Ok(()),
            false => Err(MailboxError::Stopped.into()),
        }
    }

    /// A number that grows with what is done in the mailbox.
    fn progress(&self) -> usize {
        let summary = &self.summary;
        summary.judged + summary.moved + summary.copied + summary.undone + self.settled
    }
}

impl Desk<'_> {
    /// Does a step; where the connection breaks in it, does it again on another one.
    pub(super) fn steadily<T>(
        &mut self,
        control: &Control,
        mut step: impl FnMut(&mut Self) -> Result<T, JobError>,
    ) -> Result<T, JobError> {
        loop {
            match step(self) {
                Err(JobError::Mailbox(error)) if self.work.patience.may_pass(&error) => {
                    self.open_again(error, control)?;
                }
                other => return other,
            }
        }
    }

    /// Sweeps a folder, on as many connections as it takes, and counts it once.
    pub(super) fn sweep_steadily(
        &mut self,
        control: &Control,
        folder: &str,
    ) -> Result<(), JobError> {
        let (seen, known) = (self.work.summary.seen, self.work.summary.known);
        let judged = self.work.summary.judged;
        let mut before = 0;
        let swept = self.steadily(control, |desk| {
            let summary = &mut desk.work.summary;
            (summary.seen, summary.known) = (seen, known);
            before = summary.judged - judged;
            desk.sweep_folder(control, folder)
        });
        // What an earlier try judged was known to the last one.
        let summary = &mut self.work.summary;
        summary.known = summary.known.saturating_sub(before).max(known);
        swept
    }

    /// Waits, connects, and settles what the break left open in the journal, until all that went
    /// well.
    fn open_again(&mut self, error: MailboxError, control: &Control) -> Result<(), JobError> {
        let mut error = error;
        loop {
            self.work.wait(error, control)?;
            let settled = match open_mailbox(&self.work.account.account, control.word()) {
                Ok(mailbox) => {
                    self.mailbox = mailbox;
                    let account = self.work.name();
                    self.work.tell(Event::Resumed { account });
                    self.settle_mailbox()
                }
                Err(error) => Err(error),
            };
            match settled {
                Err(JobError::Mailbox(next)) if self.work.patience.may_pass(&next) => error = next,
                other => return other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> MailboxError {
        let (server, reason) = ("s:1".into(), "x".into());
        MailboxError::Lost { server, reason }
    }

    fn throttled(wait: u64) -> MailboxError {
        MailboxError::Throttled {
            server: "s:1".into(),
            reason: "later".into(),
            wait: Some(Duration::from_secs(wait)),
        }
    }

    #[test]
    fn waits_grow_to_a_minute_and_begin_anew_after_progress() {
        let mut patience = Patience::new(Duration::from_secs(3600));
        patience.was_open = true;
        let mut expected = 1.0;
        for _ in 0..9 {
            let wait = patience.wait_after(&lost(), 0).unwrap().as_secs_f64();
            assert!(
                (expected * 0.5..=expected * 1.5).contains(&wait) && wait <= 60.0,
                "{wait} for {expected}"
            );
            expected = f64::min(expected * 2.0, 60.0);
        }
        let wait = patience.wait_after(&lost(), 1).unwrap().as_secs_f64();
        assert!(wait <= 1.5, "{wait}");
    }

    #[test]
    fn a_told_wait_is_kept_to_within_what_is_left() {
        let mut patience = Patience::new(Duration::from_secs(300));
        assert_eq!(
            patience.wait_after(&throttled(17), 0),
            Some(Duration::from_secs(17))
        );
        let bounded = patience.wait_after(&throttled(7200), 0).unwrap();
        assert!(bounded <= Duration::from_secs(300) && bounded > Duration::from_secs(290));
    }

    #[test]
    fn a_server_that_never_let_us_in_gets_three_tries_and_a_refused_sign_in_none() {
        let mut patience = Patience::new(Duration::from_secs(300));
        let refused = MailboxError::SignIn {
            server: "s:1".into(),
            user: "pat".into(),
            reason: "no".into(),
        };
        assert!(!patience.may_pass(&refused));
        assert!(patience.wait_after(&lost(), 0).is_some());
        assert!(patience.wait_after(&lost(), 0).is_some());
        assert!(patience.wait_after(&lost(), 0).is_none());
        patience.was_open = true;
        assert!(patience.may_pass(&refused));
        assert!(patience.wait_after(&refused, 1).is_some());
        assert!(patience.wait_after(&refused, 1).is_some());
        assert!(patience.wait_after(&refused, 1).is_none());
        assert!(!Patience::new(Duration::ZERO).may_pass(&lost()));
    }
}
