//! Whatever people, other programs and faults do to a mailbox between sweeps, deliveries and undos,
//! it holds what a simple model says: nothing is lost or doubled, what is held stays, a correction
//! is respected, and flags and dates are as they were. Sequences of operations are made up, and one
//! that fails is shrunk to a short one.
//!
//! The sequences are the same in every run. `PROPTEST_CASES=5000 cargo test --release --test model`
//! makes more of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../support/mod.rs"]
mod support;

mod disk;
mod job;
mod model;
mod operation;
mod server;
mod world;

use job::Job;
use model::Model;
use operation::operations;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use std::sync::{Mutex, PoisonError};
use support::dovecot::{Dovecot, Options};
use world::World;

static TURN: Mutex<()> = Mutex::new(());

/// Makes up sequences, and plays each on a fresh mailbox.
fn play(cases: u32, has_faults: bool, world: &mut dyn World, job: &Job) {
    // One at a time: a program that another test starts inherits the lock of an account for an
    // instant, and the next run would find it taken.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = std::env::var("PROPTEST_CASES").ok();
    let cases = asked.map_or(cases, |asked| {
        let asked: u32 = asked.parse().unwrap();
        // In proportion to what is made without being asked for.
        (asked / 256).max(1) * cases
    });
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let world = std::cell::RefCell::new(world);
    let played = runner.run(&operations(has_faults), |sequence| {
        let mut world = world.borrow_mut();
        world.wipe();
        job.wipe();
        let mut model = Model::default();
        for (number, operation) in sequence.iter().enumerate() {
            let told = model.play(operation, &mut **world, job);
            told.map_err(|wrong| {
                let at = format!("after operation {number}, {operation:?}: {wrong}");
                proptest::test_runner::TestCaseError::fail(at)
            })?;
        }
        Ok(())
    });
    match played {
        Ok(()) => eprintln!("model: {cases} sequences"),
        Err(TestError::Fail(why, sequence)) => {
            let shown: Vec<String> = sequence.iter().map(|one| format!("{one:?}")).collect();
            panic!("{why}\nin:\n{}", shown.join("\n"));
        }
        Err(error) => panic!("{error}"),
    }
}

/// In memory where there is room for it: power loss is tested elsewhere, and the disk is slow.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

#[test]
fn a_maildir_holds_what_the_model_says() {
    let folder = folder();
    let mut world = disk::Maildir::new(folder.path().join("mail"));
    let job = Job::new(folder.path(), &world.account());
    play(300, false, &mut world, &job);
}

/// A server that offers this.
fn on_a_server(cases: u32, options: Options) {
    let folder = folder();
    let dovecot = Dovecot::with(options);
    let mut world = server::Server::new(&dovecot);
    let job = Job::new(folder.path(), &world.account());
    play(cases, true, &mut world, &job);
}

#[test]
fn a_server_with_move_holds_what_the_model_says() {
    on_a_server(24, Options::default());
}

#[test]
fn a_server_with_uidplus_alone_holds_what_the_model_says() {
    on_a_server(
        24,
        Options {
            moves: false,
            ..Options::default()
        },
    );
}
