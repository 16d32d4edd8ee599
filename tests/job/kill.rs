//! Kills: the program dies at every step of a delivery in turn, and the next run settles it.

use super::place::{Place, TARGET};
use postsweep::job::{self, Choices, Control};
use std::path::Path;
use std::process::Command;

const ROOT: &str = "POSTSWEEP_TEST_KILL_ROOT";
const AFTER: &str = "POSTSWEEP_TEST_KILL_AFTER";

/// A run that dies after as many events as the environment says; where it says nothing, one that
/// comes to its end.
#[test]
fn a_run_lives_as_long_as_it_is_let() {
    let (place, mut left) = match (std::env::var(ROOT), std::env::var(AFTER)) {
        (Ok(root), Ok(after)) => (Place::at(Path::new(&root)), after.parse().unwrap()),
        _ => (Place::new(6), usize::MAX),
    };
    let summary = job::run(
        &place.plan(&Choices::default()),
        &Control::new(),
        &mut |_| {
            if left == 0 {
                // As `kill -9`: no destructor runs, nothing is flushed.
                std::process::abort();
            }
            left -= 1;
        },
    );
    assert_eq!(
        (summary.moved, summary.submissions, summary.troubles),
        (2, 1, 0)
    );
}

#[test]
fn a_kill_after_any_event_is_settled_by_the_next_run() {
    let mut survived = false;
    for after in 0.. {
        let place = Place::new(6);
        let before = place.contents();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "kill::a_run_lives_as_long_as_it_is_let",
                "--nocapture",
            ])
            .env(ROOT, &place.root)
            .env(AFTER, after.to_string())
            .output()
            .unwrap();
        survived = child.status.success();
        let (summary, events) = place.sweep();
        assert_eq!(summary.troubles, 0, "after {after} events: {events:#?}");
        let contents = place.contents();
        assert_eq!(contents.len(), before.len(), "after {after} events");
        for ((_, name), kept) in &before {
            let found: Vec<_> = contents
                .iter()
                .filter(|((_, other), _)| other == name)
                .collect();
            assert_eq!(found.len(), 1, "{name} after {after} events");
            assert_eq!(found[0].1, kept);
        }
        assert_eq!(place.names(TARGET).len(), 2, "after {after} events");
        assert_eq!(
            place.letters().len(),
            1,
            "one submission, whenever it died: after {after} events"
        );
        if survived {
            break;
        }
    }
    assert!(survived);
}
