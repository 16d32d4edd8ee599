//! Accounts side by side: each is worked on by a thread of its own, with its own store and
//! connection; the judge threads and the memory are shared. What they tell comes to the one
//! listener, on the thread that called, each account's events in their order.

use super::control::{Control, LeftOver};
use super::desk::{Desk, JobError};
use super::event::{Event, Summary};
use super::judging::Judges;
use super::plan::{AccountPlan, Plan};
use super::rebuild;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// Events on their way to the listener; a slow one slows the work, and memory stays bounded.
const EVENTS: usize = 256;

/// What an account's thread has to say.
enum Told {
    Event(Event),
    /// Whoever drops this has heard all that was told before.
    Heard(SyncSender<()>),
    Ended(Summary),
}

/// An account's way to the listener.
pub(super) struct Teller(SyncSender<Told>);

impl Teller {
    /// Tells an event.
    pub(super) fn tell(&self, event: Event) {
        self.send(Told::Event(event));
    }

    /// Waits until the listener has heard all that was told, so that what it asks for in answer
    /// is known.
    pub(super) fn wait(&self) {
        let (heard, answer) = mpsc::sync_channel(0);
        self.send(Told::Heard(heard));
        let _ = answer.recv(); // it is answered by being dropped
    }

    fn send(&self, told: Told) {
        // The listener goes away only when it panics, and then all of this ends.
        let _ = self.0.send(told);
    }
}

/// What the accounts of a run share.
#[derive(Clone)]
pub(super) struct Shared<'a> {
    pub(super) judges: Judges<'a>,
    /// Held while messages are packaged and handed over: no vendor gets one twice because it lay
    /// in two accounts.
    pub(super) packing: &'a Mutex<()>,
}

/// Opens each account and does the work; failures are told, and counted.
pub(super) fn each_account<'a>(
    plan: &'a Plan,
    accounts: impl IntoIterator<Item = &'a AccountPlan>,
    control: &Control,
    on: &mut dyn FnMut(Event),
    work: impl Fn(&mut Desk<'_>) -> Result<(), JobError> + Sync,
) -> Summary {
    let accounts: Vec<&AccountPlan> = accounts.into_iter().collect();
    let mut total = Summary {
        dry_run: plan.is_rehearsal(),
        ..Summary::default()
    };
    let (next, packing) = (AtomicUsize::new(0), Mutex::new(()));
    thread::scope(|scope| {
        let shared = Shared {
            judges: Judges::start(scope, &plan.judge, plan.memory),
            packing: &packing,
        };
        let (tell, told) = mpsc::sync_channel(EVENTS);
        for number in 1..=accounts.len().min(plan.side_by_side) {
            let (shared, tell) = (shared.clone(), tell.clone());
            let (accounts, next, work) = (&accounts, &next, &work);
            let thread = thread::Builder::new().name(format!("account-{number}"));
            let begun = thread.spawn_scoped(scope, move || {
                while let Some(account) = accounts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let summary = one(plan, account, &shared, control, &tell, work);
                    let _ = tell.send(Told::Ended(summary));
                }
            });
            if let Err(error) = begun {
                total.troubles += 1;
                on(Event::Trouble {
                    account: None,
                    says: format!("a thread could not be started: {error}; run again"),
                });
            }
        }
        drop((shared, tell));
        listen(&told, &mut total, on);
    });
    tell_left_over(control.left_over(), &mut total, on);
    on(Event::Summary(total.clone()));
    total
}

fn listen(told: &Receiver<Told>, total: &mut Summary, on: &mut dyn FnMut(Event)) {
    for told in told {
        match told {
            Told::Event(event) => on(event),
            Told::Heard(heard) => drop(heard),
            Told::Ended(summary) => total.add(&summary),
        }
    }
}

fn one<'a>(
    plan: &'a Plan,
    account: &'a AccountPlan,
    shared: &Shared<'a>,
    control: &Control,
    tell: &SyncSender<Told>,
    work: &impl Fn(&mut Desk<'_>) -> Result<(), JobError>,
) -> Summary {
    let mut summary = Summary::default();
    if control.is_stopped() {
        summary.stopped = true;
        return summary;
    }
    let at_work = || {
        let teller = Teller(tell.clone());
        Desk::open(plan, account, control, shared.clone(), teller).and_then(|mut desk| {
            match work(&mut desk) {
                Ok(()) => {}
                Err(error) if error.is_stop() => desk.work.summary.stopped = true,
                Err(error) if error.is_damage() => return Err(error),
                Err(error) => desk.work.trouble(error),
            }
            desk.close()
        })
    };
    let mut done = at_work();
    if let Err(error) = &done
        && error.is_damage()
        && !plan.is_rehearsal()
    {
        // Found in the middle of the work, which begins anew with another store; not where other
        // accounts still work with this one: then it is told, and the next run does it.
        let teller = Teller(tell.clone());
        match rebuild::replace_store(plan, &mut |event| teller.tell(event)) {
            Ok(told) => {
                summary.troubles += told;
                done = at_work();
            }
            Err(JobError::Locked) => {}
            Err(other) => done = Err(other),
        }
    }
    match done {
        Ok(done) => {
            summary.add(&done);
            summary
        }
        Err(error) if error.is_stop() => {
            summary.stopped = true;
            summary
        }
        Err(error) => {
            match error {
                JobError::Locked => summary.locked += 1,
                _ => summary.troubles += 1,
            }
            let account = account.account.name.clone();
            log::warn!("{account}: {error}");
            Teller(tell.clone()).tell(Event::Trouble {
                account: Some(account),
                says: error.to_string(),
            });
            summary
        }
    }
}

fn tell_left_over(left_over: LeftOver, total: &mut Summary, on: &mut dyn FnMut(Event)) {
    let mut trouble = |says: String| {
        total.troubles += 1;
        on(Event::Trouble {
            account: None,
            says,
        });
    };
    for digest in left_over.unknown {
        trouble(format!(
            "message {} is not among the hits that are known",
            digest.short()
        ));
    }
    if left_over.late > 0 {
        trouble(format!(
            "{} requests came when the work had ended: nothing was done about them; ask again",
            left_over.late
        ));
    }
}
