//! The judge threads, and the memory that messages on their way to a verdict may take: one set of
//! them for all accounts of a run, or for a scan. They know no mailbox, no store and no events.

use super::judge::Judge;
use super::views::Sealer;
use crate::checks::Context;
use crate::mail::{Coverage, Digest, Message, Place, Reading};
use crate::store::Brief;
use crate::verdict::{Verdict, tame};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};

/// Messages that are held at once, however small: each costs more than its bytes.
const MOST_MESSAGES: usize = 1000;

/// A bound on what is held at once, first come, first served, so that a large message is not
/// passed by small ones for ever. Whoever holds some of it never waits for more.
pub(super) struct Room {
    bytes: u64,
    held: Mutex<Held>,
    changed: Condvar,
}

#[derive(Default)]
struct Held {
    bytes: u64,
    messages: usize,
    /// The number that the next who comes is given, and the number whose turn it is.
    last: u64,
    turn: u64,
}

/// How many times its bytes a message takes while it is read and judged: itself, its parts decoded,
/// and its text.
const READING: usize = 3;

/// What one message takes of the room, until it is dropped.
pub(super) struct Taken {
    room: Arc<Room>,
    bytes: u64,
}

impl Room {
    pub(super) fn new(bytes: u64) -> Arc<Room> {
        Arc::new(Room {
            bytes,
            held: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// Waits until there is room for a message. One that is larger than all the room is let in
    /// alone.
    pub(super) fn take(self: &Arc<Room>, bytes: usize) -> Taken {
        let bytes = bytes as u64;
        let mut held = self.lock();
        let number = held.last;
        held.last += 1;
        let fits = |held: &Held| {
            let has_room =
                held.messages < MOST_MESSAGES && held.bytes.saturating_add(bytes) <= self.bytes;
            held.turn == number && (held.messages == 0 || has_room)
        };
        while !fits(&held) {
            held = self
                .changed
                .wait(held)
                .unwrap_or_else(PoisonError::into_inner);
        }
        held.turn += 1;
        held.messages += 1;
        held.bytes += bytes;
        self.changed.notify_all();
        Taken {
            room: self.clone(),
            bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut held = self.room.lock();
        held.messages -= 1;
        held.bytes -= self.bytes;
        self.room.changed.notify_all();
    }
}

/// A message to be judged.
pub(super) struct Task<'a> {
    /// Which, in the words of whoever asks.
    pub(super) index: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) coverage: Coverage,
    pub(super) reading: &'a Reading,
    pub(super) context: Arc<Context>,
    pub(super) taken: Taken,
    /// What makes a view of it to be kept, and its place.
    pub(super) keep: Option<(Sealer, Place)>,
    pub(super) answer: Sender<Opinion>,
}

/// What came of a task.
pub(super) struct Opinion {
    pub(super) index: usize,
    /// `None`: the judge failed over it.
    pub(super) said: Option<Said>,
    /// Given back when the opinion was dealt with.
    pub(super) taken: Taken,
}

/// What was said of a message, and what else of it is worth keeping.
pub(super) struct Said {
    pub(super) digest: Digest,
    pub(super) verdict: Verdict,
    pub(super) is_mail: bool,
    /// What is shown of it; whether it answers the owner is for the store to say.
    pub(super) brief: Brief,
    /// The messages that it answers.
    pub(super) references: Vec<String>,
    /// The bytes of a hit, where they are all there.
    pub(super) whole: Option<Vec<u8>>,
    /// The view to be kept of it.
    pub(super) view: Option<Vec<u8>>,
}

/// The way to the judge threads. They end when the last of these is dropped.
#[derive(Clone)]
pub(super) struct Judges<'a> {
    judge: &'a Judge,
    /// `None` where no thread could be made: whoever asks judges.
    tasks: Option<Sender<Task<'a>>>,
    room: Arc<Room>,
}

impl<'a> Judges<'a> {
    /// Starts one thread a core.
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        judge: &'a Judge,
        memory: u64,
    ) -> Judges<'a>
    where
        'a: 'scope,
    {
        let (tasks, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let started = (1..=cores).filter(|number| {
            let queue = queue.clone();
            let thread = thread::Builder::new().name(format!("judge-{number}"));
            let started = thread.spawn_scoped(scope, move || work(judge, &queue));
            if let Err(error) = &started {
                log::warn!("a judge's thread could not be started: {error}");
            }
            started.is_ok()
        });
        Judges {
            judge,
            tasks: (started.count() > 0).then_some(tasks),
            room: Room::new(memory),
        }
    }

    /// Waits until there is room for a message of this size.
    pub(super) fn take(&self, bytes: usize) -> Taken {
        self.room.take(bytes.saturating_mul(READING))
    }

    /// Has a message judged; the opinion goes where the task says.
    pub(super) fn judge(&self, task: Task<'a>) {
        match &self.tasks {
            // They wait as long as this is here.
            Some(tasks) => {
                let _ = tasks.send(task);
            }
            None => answer(self.judge, task),
        }
    }
}

fn work(judge: &Judge, queue: &Mutex<Receiver<Task<'_>>>) {
    loop {
        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match task {
            Ok(task) => answer(judge, task),
            Err(_) => return,
        }
    }
}

fn answer(judge: &Judge, task: Task<'_>) {
    let Task {
        index,
        bytes,
        coverage,
        reading,
        context,
        taken,
        keep,
        answer,
    } = task;
    // A mistake of ours over one message must not end the sweep of all others.
    let said = catch_unwind(AssertUnwindSafe(|| {
        let (message, verdict) = judge.judge(bytes, coverage, reading, &context);
        Said::of(message, verdict, keep)
    }));
    // Nobody waits for it any more where the account's work was cut off.
    let _ = answer.send(Opinion {
        index,
        said: said.ok(),
        taken,
    });
}

impl Said {
    fn of(mut message: Message, verdict: Verdict, keep: Option<(Sealer, Place)>) -> Said {
        let raw = std::mem::take(&mut message.raw);
        let is_hit = verdict.judgement.category().is_some();
        Said {
            digest: message.digest,
            is_mail: message.is_mail(),
            brief: brief_of(&message),
            references: message.references.clone(),
            whole: (is_hit && message.coverage == Coverage::Whole).then_some(raw),
            verdict,
            view: keep.and_then(|(sealer, place)| sealer.seal(&place, message)),
        }
    }
}

/// What is shown of a message; whether it answers the owner is for the store to say.
pub(super) fn brief_of(message: &Message) -> Brief {
    let from = message.from.first();
    Brief {
        from: from.map_or_else(String::new, |from| tame(&from.address())),
        sender_domain: from.map_or_else(String::new, |from| from.domain.clone()),
        subject: tame(&message.subject),
        message_id: message.message_id.clone(),
        takes_part: false,
        name: from.map_or_else(String::new, |from| tame(&from.name)),
        date: message.handover().and_then(|hop| hop.date).or(message.date),
        size: message.raw.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    #[test]
    fn the_room_is_never_overfull_and_everyone_gets_in() {
        let room = Room::new(100);
        let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for number in 0..8usize {
                let (room, now, most) = (&room, &now, &most);
                scope.spawn(move || {
                    for turn in 0..50usize {
                        // Every eighth is larger than all the room.
                        let size = if (number + turn) % 8 == 0 { 500 } else { 30 };
                        let taken = room.take(size);
                        let held = now.fetch_add(size as u64, Ordering::SeqCst) + size as u64;
                        most.fetch_max(
                            if size == 500 { held - 400 } else { held },
                            Ordering::SeqCst,
                        );
                        thread::yield_now();
                        now.fetch_sub(size as u64, Ordering::SeqCst);
                        drop(taken);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 100);
        assert_eq!(room.lock().bytes, 0);
    }

    #[test]
    fn a_large_message_is_not_passed_by_small_ones() {
        let room = Room::new(100);
        let small = room.take(60);
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            let (large, tell_small) = (tell.clone(), tell);
            let room = &room;
            scope.spawn(move || {
                let taken = room.take(90);
                large.send("large").unwrap();
                drop(taken);
            });
            while room.lock().last < 2 {
                thread::sleep(Duration::from_millis(1));
            }
            scope.spawn(move || {
                let taken = room.take(30); // there would be room for it now
                tell_small.send("small").unwrap();
                drop(taken);
            });
            thread::sleep(Duration::from_millis(20));
            drop(small);
        });
        assert_eq!(told.iter().collect::<Vec<_>>(), ["large", "small"]);
    }
}
