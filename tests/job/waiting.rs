//! What could not be packaged or sent at once: it waits, goes to whom it was made for, and only
//! what is still to go goes.

use super::place::{BLOCKED, Place};
use postsweep::job::{
    self, Choices, Control, Event, Moves, Plan, Rehearse, Request, Submitted, Summary,
};
use postsweep::mail::Digest;
use postsweep::settings::{Sending, Settings};
use postsweep::store::{Store, SubmissionState};
use std::fs;

fn run(place: &Place, settings: Settings, choices: &Choices) -> (Summary, Vec<Event>) {
    let plan = Plan::new(settings, &place.places(), choices).unwrap();
    let mut events = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| events.push(event));
    (summary, events)
}

/// Three hits, moved and packaged, and the package as after a server that could not take it.
fn with_a_package_that_failed() -> (Place, Vec<Digest>) {
    let place = Place::new(9);
    place.sweep();
    for letter in place.letters() {
        fs::remove_file(letter).unwrap();
    }
    let store = Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let package = store.packages().unwrap().remove(0);
    store
        .set_submission(package.id, SubmissionState::Failed, "try later")
        .unwrap();
    let digests = store.packaged(package.id).unwrap();
    assert_eq!(digests.len(), 3);
    (place, digests)
}

fn letter(place: &Place) -> String {
    let letters = place.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    fs::read_to_string(&letters[0]).unwrap()
}

/// How many messages each package holds that was made.
fn packaged(events: &[Event]) -> Vec<usize> {
    let messages = |event: &Event| match event {
        Event::Packaged { messages, .. } => Some(*messages),
        _ => None,
    };
    events.iter().filter_map(messages).collect()
}

/// A server for outgoing mail that nobody runs.
fn unreachable(place: &Place) -> Settings {
    let mut settings = place.settings("");
    settings.submission.send = Sending::Smtp;
    let text = "[outgoing]\nserver = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n";
    let outgoing = Settings::parse(std::path::Path::new("config.toml"), text).unwrap();
    settings.outgoing = outgoing.outgoing;
    settings
}

#[test]
fn a_package_goes_to_the_vendor_that_it_was_made_for() {
    let (place, _) = with_a_package_that_failed();
    let mut settings = place.settings("");
    settings.submission.vendor = "f-secure".into();
    let (summary, events) = run(&place, settings, &Choices::default());
    assert_eq!(
        (summary.packages, summary.submissions, summary.troubles),
        (0, 1, 0),
        "{events:#?}"
    );
    let letter = letter(&place);
    assert!(
        letter.contains("To: spam@support.trendmicro.com"),
        "{letter}"
    );
    assert!(letter.contains("novirus"), "{letter}");
}

#[test]
fn what_was_put_back_is_not_sent_with_the_package_that_it_was_in() {
    let (place, digests) = with_a_package_that_failed();
    let control = Control::new();
    control.ask(Request::Undo(vec![digests[1]]));
    let plan = place.plan(&Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    });
    assert_eq!(job::run(&plan, &control, &mut |_| {}).undone, 1);
    let (summary, events) = place.sweep();
    assert_eq!(packaged(&events), [2], "{events:#?}");
    assert_eq!(
        (summary.submissions, summary.troubles),
        (1, 0),
        "{events:#?}"
    );
    assert!(letter(&place).contains("2 messages"), "{}", letter(&place));
    // And that is that.
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.packages, summary.submissions),
        (0, 0),
        "{events:#?}"
    );
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn a_zip_that_was_removed_is_made_anew() {
    let (place, _) = with_a_package_that_failed();
    for zip in super::place::files(&place.root.join("data/packages")) {
        fs::remove_file(zip).unwrap();
    }
    let (summary, events) = place.sweep();
    assert_eq!(packaged(&events), [3], "{events:#?}");
    assert_eq!(
        (summary.submissions, summary.troubles),
        (1, 0),
        "{events:#?}"
    );
}

#[test]
fn what_was_moved_and_could_not_be_sent_outlasts_a_purge_and_is_shown_by_a_dry_run() {
    let place = Place::new(9);
    let (summary, events) = run(&place, unreachable(&place), &Choices::default());
    assert_eq!(
        (summary.moved, summary.packages, summary.troubles),
        (3, 0, 1),
        "{events:#?}"
    );
    let mut settings = place.settings("");
    settings.keep_days = 0;
    assert_eq!(job::purge(&settings, &place.places()).unwrap(), 0);
    let choices = Choices {
        rehearse: Rehearse::Yes,
        ..Choices::default()
    };
    let (shown, events) = place.run(&choices);
    assert_eq!(packaged(&events), [3], "{events:#?}");
    assert_eq!((shown.submissions, shown.troubles), (1, 0), "{events:#?}");
    assert!(place.letters().is_empty());
    let (summary, events) = place.sweep();
    assert_eq!(packaged(&events), [3], "{events:#?}");
    assert_eq!(
        (summary.submissions, summary.troubles),
        (1, 0),
        "{events:#?}"
    );
    assert_eq!(job::purge(&settings, &place.places()).unwrap(), 4);
}

#[test]
fn a_run_that_was_stopped_sends_nothing_and_the_next_one_does() {
    let place = Place::new(9);
    let control = Control::new();
    let plan = place.plan(&Choices::default());
    let stopped = job::run(&plan, &control, &mut |event| {
        if matches!(event, Event::Moved { .. }) {
            control.stop();
        }
    });
    assert!(stopped.stopped);
    assert_eq!((stopped.moved, stopped.packages), (3, 0));
    assert!(place.letters().is_empty());
    let (summary, events) = place.sweep();
    assert_eq!(packaged(&events), [3], "{events:#?}");
    assert_eq!(summary.submissions, 1);
}

#[test]
fn what_its_owner_took_out_of_the_target_is_neither_moved_again_nor_sent() {
    let place = Place::new(0);
    place.add(0, BLOCKED, "S");
    let (summary, _) = run(&place, unreachable(&place), &Choices::default());
    assert_eq!(summary.moved, 1);
    // Not back to the inbox, but to another folder that is swept.
    let work = place.mail().join(".Work");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(work.join(part)).unwrap();
    }
    let from = place.mail().join(".Missed spam/cur");
    let file = super::place::files(&from).remove(0);
    fs::rename(&file, work.join("cur").join(file.file_name().unwrap())).unwrap();
    let before = place.contents();
    for _ in 0..2 {
        let mut settings = place.settings("");
        settings.accounts[0].folders = vec!["INBOX".into(), "Work".into()];
        let (summary, events) = run(&place, settings, &Choices::default());
        assert_eq!(
            (
                summary.held,
                summary.moved,
                summary.packages,
                summary.troubles
            ),
            (1, 0, 0, 0),
            "{events:#?}"
        );
        assert_eq!(place.contents(), before);
    }
    // It is its owner's now: there is nothing to undo.
    let (undone, _) = place.undo();
    assert_eq!(undone.undone, 0);
    assert_eq!(place.contents(), before);
}

#[test]
fn a_zip_for_the_portal_is_saved_once_and_no_letter_is_written() {
    let place = Place::new(9);
    let mut settings = place.settings("");
    settings.submission.send = Sending::Portal;
    let (summary, events) = run(&place, settings.clone(), &Choices::default());
    assert_eq!(
        (summary.packages, summary.submissions),
        (1, 1),
        "{events:#?}"
    );
    let saved = events.iter().find_map(|event| match event {
        Event::Submitted {
            to,
            outcome: Submitted::ForPortal { zip, how },
            ..
        } => Some((to, zip, how)),
        _ => None,
    });
    let (to, zip, how) = saved.unwrap();
    assert!(
        to.starts_with("https://") && how.contains("Spam"),
        "{to} {how}"
    );
    assert!(fs::exists(zip).unwrap());
    assert!(place.letters().is_empty());
    let (again, _) = run(&place, settings, &Choices::default());
    assert_eq!((again.packages, again.submissions), (0, 0));
}

#[test]
fn a_letter_of_which_nobody_knows_whether_it_arrived_is_told_once_and_never_sent_again() {
    let (place, _) = with_a_package_that_failed();
    let store = Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let package = store.packages().unwrap().remove(0).id;
    let set = |state, answer| store.set_submission(package, state, answer).unwrap();
    set(SubmissionState::Sending, "smtp.example.com:465");
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.troubles, summary.submissions),
        (1, 0),
        "{events:#?}"
    );
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.troubles, summary.packages, summary.submissions),
        (0, 0, 0),
        "{events:#?}"
    );
    assert!(place.letters().is_empty());
    // On its way to a folder it can be seen that it did not arrive.
    set(SubmissionState::Sending, "");
    let (summary, events) = place.sweep();
    assert_eq!(
        (summary.troubles, summary.submissions),
        (0, 1),
        "{events:#?}"
    );
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn a_package_whose_vendor_has_no_portal_waits_for_another_way() {
    let place = Place::new(9);
    let mut settings = place.settings("");
    settings.submission.vendor = "f-secure".into();
    run(&place, settings.clone(), &Choices::default());
    for letter in place.letters() {
        fs::remove_file(letter).unwrap();
    }
    let store = Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let package = store.packages().unwrap().remove(0).id;
    store
        .set_submission(package, SubmissionState::Failed, "try later")
        .unwrap();
    let mut portal = place.settings("");
    portal.submission.send = Sending::Portal;
    let (summary, events) = run(&place, portal, &Choices::default());
    assert_eq!(
        (summary.submissions, summary.troubles),
        (0, 1),
        "{events:#?}"
    );
    let state = store.packages().unwrap().remove(0).state;
    assert_eq!(state, SubmissionState::Failed);
    let (summary, events) = run(&place, settings, &Choices::default());
    assert_eq!(
        (summary.submissions, summary.troubles),
        (1, 0),
        "{events:#?}"
    );
}
