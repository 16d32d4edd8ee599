//! What faults do to a mailbox: nothing. The real program sweeps and delivers a mailbox on a real
//! Dovecot, or undoes that, and is killed, cut off or starved at some instant; it runs again, and
//! the whole mailbox is compared with what it was: every message by its bytes, flags, keywords and
//! date, in exactly one folder, and a sample of each that was moved.
//!
//! Instants are sampled: bytes uniformly over the whole conversation, and kills between two writes
//! of the database by the length of its log and some microseconds more. The plan is the same for
//! the same seed. `cargo test` makes a part of the tries; all of them:
//!
//! ```text
//! POSTSWEEP_FAULTS=full cargo test --test faults -- --nocapture
//! ```
//!
//! `POSTSWEEP_SEED=7` samples other instants; `POSTSWEEP_FAULT="cut-from-server 1234 move"` makes
//! this try alone and shows what the program said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../batch/program.rs"]
#[allow(dead_code)] // a table of what all programs share
mod program;

mod attempt;
mod fault;
mod letters;
mod mailbox;
mod random;
mod site;

use attempt::Told;
use fault::{FAULTS, Fault, KINDS, Kind, Run, Try};
use random::Random;
use site::Site;
use std::collections::BTreeMap;
use std::env;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// Tries at once: most wait, for a server or a time-out.
const WORKERS: usize = 4;

/// How many tries of each fault on each kind of server, in the part that is always made and in
/// all: sweeps in the clear, sweeps over TLS, undos in the clear, undos over TLS.
const PLAN: [(Fault, [u64; 4], [u64; 4]); 21] = [
    (Fault::KillFromServer, [2, 0, 1, 0], [24, 5, 6, 0]),
    (Fault::KillFromClient, [2, 0, 1, 0], [24, 5, 6, 0]),
    (Fault::KillAtWrite, [3, 0, 1, 0], [20, 0, 10, 0]),
    (Fault::CutFromServer, [5, 1, 2, 0], [60, 10, 30, 0]),
    (Fault::CutFromClient, [6, 1, 3, 0], [60, 10, 30, 0]),
    (Fault::GoneFromServer, [1, 0, 0, 0], [5, 2, 3, 0]),
    (Fault::GoneFromClient, [0, 0, 1, 0], [5, 2, 3, 0]),
    (Fault::RecordFromServer, [0, 1, 0, 0], [0, 5, 0, 3]),
    (Fault::RecordFromClient, [0, 0, 0, 1], [0, 5, 0, 3]),
    (Fault::HalfFromServer, [1, 0, 0, 0], [5, 2, 3, 0]),
    (Fault::HalfFromClient, [0, 0, 1, 0], [5, 2, 3, 0]),
    (Fault::GarbageFromServer, [2, 0, 0, 0], [20, 3, 5, 0]),
    // In the clear, what another wrote into a command is a command.
    (Fault::GarbageFromClient, [0, 1, 0, 0], [0, 5, 0, 3]),
    (Fault::StallFromServer, [1, 0, 0, 0], [3, 1, 2, 0]),
    (Fault::StallFromClient, [0, 0, 1, 0], [3, 1, 2, 0]),
    (Fault::SleepFromServer, [1, 0, 0, 0], [3, 1, 2, 0]),
    (Fault::SleepFromClient, [1, 0, 0, 0], [5, 1, 3, 0]),
    (Fault::ClockBack, [1, 0, 0, 0], [4, 0, 3, 0]),
    (Fault::DiskFull, [1, 0, 0, 0], [12, 0, 4, 0]),
    (Fault::Delay, [1, 0, 0, 0], [2, 1, 1, 0]),
    (Fault::Drip, [1, 0, 0, 0], [1, 1, 1, 0]),
];

const RUNS: [Run; 4] = {
    const fn run(is_undo: bool, is_encrypted: bool) -> Run {
        Run {
            is_undo,
            is_encrypted,
        }
    }
    [
        run(false, false),
        run(false, true),
        run(true, false),
        run(true, true),
    ]
};

/// Every try of this plan.
fn plan(sites: &[Site], is_full: bool, seed: u64) -> Vec<Try> {
    let mut random = Random(seed);
    let mut tries = Vec::new();
    for (fault, part, all) in PLAN {
        for site in sites {
            for (run, count) in RUNS.into_iter().zip(if is_full { all } else { part }) {
                for _ in 0..count {
                    let at = random.below(site.length(fault, run));
                    let kind = site.kind;
                    tries.push(Try {
                        fault,
                        at,
                        kind,
                        run,
                    });
                }
            }
        }
    }
    tries
}

#[test]
fn no_fault_loses_a_message() {
    let alone: Option<Try> = env::var("POSTSWEEP_FAULT")
        .ok()
        .map(|text| text.parse().unwrap_or_else(|error| panic!("{error}")));
    let is_full = env::var("POSTSWEEP_FAULTS").is_ok_and(|word| word == "full");
    let seed: u64 = env::var("POSTSWEEP_SEED").map_or(1, |seed| seed.parse().unwrap());
    let kinds: Vec<Kind> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let wanted = |kind: &Kind| alone.is_none_or(|alone| alone.kind == *kind);
    let sites: Vec<Site> = kinds.into_iter().filter(wanted).map(Site::new).collect();
    let tries = match alone {
        Some(alone) => vec![alone],
        None => plan(&sites, is_full, seed),
    };
    let begun = Instant::now();
    eprintln!("faults: {} tries, seed {seed}", tries.len());
    let next = AtomicUsize::new(0);
    let told: Mutex<Vec<(Try, Told)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(of) = tries.get(number) else { return };
                    let site = sites.iter().find(|site| site.kind == of.kind).unwrap();
                    let one = site.attempt(of, number);
                    if alone.is_some() || !one.wrong.is_empty() {
                        eprintln!("{of}: {:#?}\n{}", one.wrong, one.said);
                    }
                    told.lock().unwrap().push((*of, one));
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    let table = table(&told);
    eprintln!("{table}(seed {seed}, {} s)", begun.elapsed().as_secs());
    let lost: Vec<String> = told
        .iter()
        .filter(|(_, told)| !told.wrong.is_empty())
        .map(|(of, told)| format!("POSTSWEEP_FAULT=\"{of}\": {}", told.wrong.join("; ")))
        .collect();
    assert!(lost.is_empty(), "{table}{}", lost.join("\n"));
    assert_eq!(told.len(), tries.len());
}

/// The count of tries and losses by fault.
fn table(told: &[(Try, Told)]) -> String {
    let mut rows: BTreeMap<Fault, [usize; 5]> = BTreeMap::new();
    for (of, told) in told {
        let row = rows.entry(of.fault).or_default();
        row[0] += 1;
        row[1] += usize::from(!told.is_done);
        row[2] += usize::from(told.is_survived);
        row[3] += usize::from(told.runs > 1);
        row[4] += usize::from(!told.wrong.is_empty());
    }
    let mut text = format!(
        "{:<20}{:>6}{:>12}{:>10}{:>12}{:>8}\n",
        "fault", "tries", "too late", "survived", "more runs", "losses"
    );
    let mut sum = [0; 5];
    for (name, row) in FAULTS
        .iter()
        .filter_map(|(fault, name)| Some((name, rows.get(fault)?)))
    {
        let [tries, late, survived, more, losses] = row;
        text += &format!("{name:<20}{tries:>6}{late:>12}{survived:>10}{more:>12}{losses:>8}\n");
        for (sum, count) in sum.iter_mut().zip(row) {
            *sum += count;
        }
    }
    let [tries, late, survived, more, losses] = sum;
    text + &format!(
        "{:<20}{tries:>6}{late:>12}{survived:>10}{more:>12}{losses:>8}\n",
        "all"
    )
}
