//! The threads of the window: one for each job that runs and each piece of work that reads a file
//! or asks the network. What they find is applied to the state on the window's own thread, unless
//! the window shows other mail by then than when the work was begun.

use super::state::State;
use crate::job::{Control, Event, Summary};
use crate::log_file;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread::{self, JoinHandle};

/// What is done to the state when work has found something.
pub type Apply = Box<dyn FnOnce(&mut State, &mut Worker) + Send>;

/// Which job it is that tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A sweep.
    Sweep,
    /// Moves and undos without a sweep.
    Serve,
    /// A report that is sent or saved.
    Report,
}

/// What comes from a thread.
pub enum Told {
    /// Work found something.
    Apply(Apply),
    /// A job tells something.
    Event(Kind, Event),
    /// A job has ended.
    Ended(Kind, Summary),
    /// A thread ended where it should not have: which job it was, if it was one; what it did; and
    /// the panic's words.
    Panicked(Option<Kind>, String, String),
}

enum Message {
    Told(Box<Told>),
    /// The thread of this number has ended.
    Gone(u64),
}

/// A thread's way back to the window.
#[derive(Clone)]
pub struct Tell {
    tell: Sender<Message>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Whose mail was shown when the work was begun.
    site: u64,
}

impl Tell {
    /// The number of the mail that was shown when the work was begun.
    pub fn site(&self) -> u64 {
        self.site
    }

    /// Applies something to the state, soon, on the window's thread; nothing where other mail is
    /// shown by then, which what was found says nothing of.
    pub fn apply(&self, apply: impl FnOnce(&mut State, &mut Worker) + Send + 'static) {
        let site = self.site;
        self.anywhere(move |state, worker| {
            if worker.site() == site {
                apply(state, worker);
            }
        });
    }

    /// As `apply`, whosever mail is shown by then.
    pub fn anywhere(&self, apply: impl FnOnce(&mut State, &mut Worker) + Send + 'static) {
        self.send(Message::Told(Box::new(Told::Apply(Box::new(apply)))));
    }

    fn send(&self, message: Message) {
        // The window may be closed: then nobody wants to know.
        let _ = self.tell.send(message);
        (self.wake)();
    }
}

struct Running {
    number: u64,
    kind: Option<Kind>,
    control: Arc<Control>,
    thread: Option<JoinHandle<()>>,
}

/// The threads of the window.
pub struct Worker {
    tell: Tell,
    told: Receiver<Message>,
    running: Vec<Running>,
    number: u64,
}

impl Worker {
    /// A worker that calls `wake` whenever there is something to take.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Worker {
        let (tell, told) = mpsc::channel();
        Worker {
            tell: Tell {
                tell,
                wake: Arc::new(wake),
                site: 0,
            },
            told,
            running: Vec::new(),
            number: 0,
        }
    }

    /// The number of the mail that is shown.
    pub fn site(&self) -> u64 {
        self.tell.site
    }

    /// Other mail is shown from now on: what was begun for that before is not applied to it.
    pub fn next_site(&mut self) {
        self.tell.site += 1;
    }

    /// Does some work on a thread of its own; it tells what it finds by its `Tell`.
    pub fn task(&mut self, name: &str, work: impl FnOnce(&Tell) + Send + 'static) {
        self.start(name, None, Arc::default(), work);
    }

    /// Runs a job on a thread of its own: what it tells comes as events of this kind, then its
    /// end.
    pub fn job(
        &mut self,
        name: &str,
        kind: Kind,
        work: impl FnOnce(&Control, &mut dyn FnMut(Event)) -> Summary + Send + 'static,
    ) {
        let control = Arc::new(Control::new());
        let its_own = control.clone();
        self.start(name, Some(kind), control, move |tell| {
            let mut on = |event| {
                log_file::note(&event);
                tell.send(Message::Told(Box::new(Told::Event(kind, event))));
            };
            let summary = work(&its_own, &mut on);
            tell.send(Message::Told(Box::new(Told::Ended(kind, summary))));
        });
    }

    /// Does work of this kind on a thread of its own, which a person can stop and the end of the
    /// window waits for; it tells what it does by its `Tell`. Its end is told only where it was not
    /// the one that was meant.
    pub fn errand(
        &mut self,
        name: &str,
        kind: Kind,
        work: impl FnOnce(&Control, &Tell) + Send + 'static,
    ) {
        let control = Arc::new(Control::new());
        let its_own = control.clone();
        self.start(name, Some(kind), control, move |tell| work(&its_own, tell));
    }

    /// Does a last piece of work on a thread of its own and waits for it: the window is closed.
    pub fn last(&mut self, name: &str, work: impl FnOnce() + Send + 'static) {
        self.start(name, None, Arc::default(), |_| work());
        let mine = self
            .running
            .iter_mut()
            .find(|one| one.number == self.number);
        if let Some(thread) = mine.and_then(|one| one.thread.take()) {
            let _ = thread.join();
        }
    }

    fn start(
        &mut self,
        name: &str,
        kind: Option<Kind>,
        control: Arc<Control>,
        work: impl FnOnce(&Tell) + Send + 'static,
    ) {
        self.number += 1;
        let (number, tell, what) = (self.number, self.tell.clone(), name.to_owned());
        let begun = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(|| work(&tell)));
            if let Err(panic) = done {
                let why = said_by(panic.as_ref());
                log::error!("{what}: {why}");
                tell.send(Message::Told(Box::new(Told::Panicked(kind, what, why))));
                if let Some(kind) = kind {
                    tell.send(Message::Told(Box::new(Told::Ended(kind, cut_off()))));
                }
            }
            tell.send(Message::Gone(number));
        });
        match begun {
            Ok(thread) => self.running.push(Running {
                number,
                kind,
                control,
                thread: Some(thread),
            }),
            Err(error) => {
                let told = Told::Panicked(kind, name.to_owned(), error.to_string());
                self.tell.send(Message::Told(Box::new(told)));
                if let Some(kind) = kind {
                    let told = Told::Ended(kind, cut_off());
                    self.tell.send(Message::Told(Box::new(told)));
                }
            }
        }
    }

    /// The next thing that a thread told.
    pub fn take(&mut self) -> Option<Told> {
        loop {
            match self.told.try_recv() {
                Ok(Message::Told(told)) => {
                    if let Told::Ended(kind, _) = &*told {
                        self.over(*kind);
                    }
                    return Some(*told);
                }
                Ok(Message::Gone(number)) => self.running.retain(|one| one.number != number),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
            }
        }
    }

    /// A job is over once its end is told: the next of its kind may begin, though its thread is not
    /// quite gone.
    fn over(&mut self, kind: Kind) {
        let mut running = self.running.iter_mut();
        if let Some(one) = running.find(|one| one.kind == Some(kind)) {
            one.kind = None;
        }
    }

    /// The control of a running job of this kind.
    pub fn control(&self, kind: Kind) -> Option<&Arc<Control>> {
        let mut running = self.running.iter();
        running
            .find(|one| one.kind == Some(kind))
            .map(|one| &one.control)
    }

    /// Whether any thread is at work.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Stops the jobs and waits for them: each ends after the step in hand, and what it did is
    /// written down.
    pub fn stop(&mut self) {
        for one in &self.running {
            one.control.stop();
        }
        for one in &mut self.running {
            if let (Some(_), Some(thread)) = (one.kind, one.thread.take()) {
                let _ = thread.join();
            }
        }
    }
}

/// What is said of a job that did not come to its end: not all of it was done.
fn cut_off() -> Summary {
    Summary {
        stopped: true,
        troubles: 1,
        ..Summary::default()
    }
}

fn said_by(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|says| (*says).to_owned()))
        .unwrap_or_else(|| "it gave no reason".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_thread_is_told_and_the_job_is_ended() {
        let (woken, wakes) = mpsc::channel();
        let mut worker = Worker::new(move || {
            let _ = woken.send(());
        });
        worker.job("a sweep", Kind::Sweep, |_, _| panic!("of a test"));
        let mut told = Vec::new();
        while worker.is_busy() {
            wakes.recv().unwrap();
            while let Some(one) = worker.take() {
                told.push(one);
            }
        }
        assert!(
            matches!(&told[..], [Told::Panicked(Some(Kind::Sweep), name, why), Told::Ended(Kind::Sweep, _)]
                if name == "a sweep" && why == "of a test")
        );
    }
}
