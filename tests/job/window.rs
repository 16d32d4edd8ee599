//! A person at a window, without the window: the sweep runs in a thread, and is paused, asked to
//! deliver and to undo, and stopped from another one.

use super::place::{Place, TARGET};
use postsweep::job::{self, Choices, Control, Event, Moves, Request};
use postsweep::mail::Digest;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

/// Waits for an event that `pick` takes.
fn wait<T>(events: &Receiver<Event>, pick: impl Fn(&Event) -> Option<T>) -> T {
    loop {
        let event = events.recv_timeout(SOON).expect("the job says something");
        if let Some(found) = pick(&event) {
            return found;
        }
    }
}

#[test]
fn a_person_delivers_three_hits_while_the_sweep_goes_on_undoes_one_and_stops() {
    let place = Place::new(300);
    let before = place.contents();
    let plan = place.plan(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let control = Control::new();
    let (tell, events) = mpsc::channel();
    let summary = std::thread::scope(|scope| {
        let job = scope.spawn(|| {
            job::run(&plan, &control, &mut |event| {
                // Paused by the fourth hit, so that what follows finds the sweep in its middle.
                if matches!(&event, Event::Hit(_)) && tell.send(event.clone()).is_ok() {
                    return;
                }
                let _ = tell.send(event);
            })
        });
        let mut hits: Vec<Digest> = Vec::new();
        while hits.len() < 4 {
            hits.push(wait(&events, |event| match event {
                Event::Hit(hit) => Some(hit.sha256),
                _ => None,
            }));
        }
        control.pause();
        // Whatever was in hand is finished; then nothing more comes.
        let quiet = loop {
            match events.recv_timeout(Duration::from_millis(700)) {
                Err(error) => break error,
                Ok(Event::Summary(_)) => panic!("the sweep ended before it could be paused"),
                Ok(_) => {}
            }
        };
        assert_eq!(quiet, RecvTimeoutError::Timeout);
        assert_eq!(place.contents(), before, "nothing moves by itself");

        let chosen = hits[..3].to_vec();
        control.ask(Request::Deliver(chosen.clone()));
        for _ in 0..3 {
            let moved = wait(&events, |event| match event {
                Event::Moved { sha256, .. } => Some(*sha256),
                _ => None,
            });
            assert!(chosen.contains(&moved));
        }
        assert_eq!(place.names(TARGET).len(), 3);

        control.ask(Request::Undo(vec![chosen[1]]));
        let undone = wait(&events, |event| match event {
            Event::Undone { sha256, .. } => Some(*sha256),
            _ => None,
        });
        assert_eq!(undone, chosen[1]);
        assert_eq!(place.names(TARGET).len(), 2);

        control.resume();
        wait(&events, |event| {
            matches!(event, Event::Judged { .. }).then_some(())
        });
        control.stop();
        job.join().unwrap()
    });
    assert!(summary.stopped);
    assert!(summary.judged < 300, "stopped before its end");
    assert_eq!((summary.moved, summary.undone, summary.troubles), (3, 1, 0));
    assert_eq!(place.contents().len(), before.len());
    assert_eq!(place.names(TARGET).len(), 2);
    // One package of the three that were chosen, at once.
    assert_eq!((summary.packages, summary.submissions), (1, 1));
}

#[test]
fn a_request_for_a_message_that_is_no_hit_is_told() {
    let place = Place::new(3);
    let plan = place.plan(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    let control = Control::new();
    control.ask(Request::Deliver(vec![Digest::of(b"something else")]));
    let mut troubles = Vec::new();
    let summary = job::run(&plan, &control, &mut |event| {
        if let Event::Trouble { says, .. } = event {
            troubles.push(says);
        }
    });
    assert_eq!(summary.troubles, 1);
    assert!(troubles[0].contains("not among the hits"));
}

#[test]
fn a_hit_that_is_to_be_left_alone_before_it_was_moved_stays() {
    let place = Place::new(9);
    let control = Control::new();
    let mut first = None;
    let summary = job::run(
        &place.plan(&Choices::default()),
        &control,
        &mut |event| match event {
            Event::Hit(hit) if first.is_none() => {
                first = Some(hit.at.place.clone());
                control.ask(Request::Undo(vec![hit.sha256]));
            }
            _ => {}
        },
    );
    assert_eq!((summary.moved, summary.held, summary.troubles), (2, 1, 0));
    let stays = format!("{}", first.unwrap());
    assert!(
        !place
            .names(TARGET)
            .iter()
            .any(|name| stays.ends_with(name.as_str()))
    );
    assert_eq!(place.sweep().0.moved, 0);
}

#[test]
fn a_request_that_nobody_could_serve_is_told() {
    let place = Place::new(3);
    let plan = place.plan(&Choices::default());
    std::fs::remove_dir_all(place.mail()).unwrap();
    let control = Control::new();
    control.ask(Request::Undo(vec![Digest::of(b"something")]));
    let mut troubles = Vec::new();
    let summary = job::run(&plan, &control, &mut |event| {
        if let Event::Trouble { says, .. } = event {
            troubles.push(says);
        }
    });
    assert_eq!(summary.troubles, 2, "{troubles:?}");
    assert!(troubles[1].contains("ask again"), "{troubles:?}");
}
