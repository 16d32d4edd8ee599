//! Where it is in doubt what an earlier run did, or which of two messages is meant: whatever is
//! decided, no message becomes fewer, and nothing is changed that was not asked for.

use super::place::{BLOCKED, Place, TARGET, files, message};
use postsweep::job::{self, Choices, Control, Event, Plan, Rehearse, Summary};
use postsweep::mail::{Digest, Flags, Place as Spot};
use postsweep::settings::Settings;
use postsweep::store::{Move, MoveState, Store};
use std::fs;
use std::path::Path;

/// Another folder of the mailbox.
const WORK: &str = ".Work";

/// A settings' run, with what it told.
fn run(place: &Place, settings: Settings, choices: &Choices) -> (Summary, Vec<Event>) {
    let plan = Plan::new(settings, &place.places(), choices).unwrap();
    let mut events = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| events.push(event));
    (summary, events)
}

fn make_folder(place: &Place, name: &str) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(place.mail().join(name).join(part)).unwrap();
    }
}

/// A move of hit 0 from a folder as a killed run leaves it: written down, and no more.
fn left(place: &Place, state: MoveState, from: &str, unique: &str) -> Move {
    fs::create_dir_all(place.root.join("data")).unwrap();
    let store = Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let now = jiff::Timestamp::now();
    let bytes = message(0, BLOCKED);
    let mut left = Move {
        id: 0,
        sweep: store.begin_sweep("pat", now).unwrap(),
        account: "pat".into(),
        digest: Digest::of(bytes.as_bytes()),
        message_id: Some(format!("0@{BLOCKED}")),
        sender: format!("sam0@{BLOCKED}"),
        subject: "Minutes of meeting 0".into(),
        size: bytes.len() as u64,
        flags: Flags {
            seen: true,
            ..Flags::default()
        },
        date: None,
        source: from.into(),
        source_place: Spot::Name(unique.into()),
        target: "Missed spam".into(),
        target_place: None,
        state,
        at: now,
        notes: Vec::new(),
    };
    left.id = store.intend(&left).unwrap();
    left
}

fn state(place: &Place, of: &Move) -> MoveState {
    let store = Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let all = store.all_moves().unwrap();
    all.into_iter().find(|done| done.id == of.id).unwrap().state
}

const UNIQUE: &str = "1790000000.M0.host";

#[test]
fn hits_in_the_folder_that_they_are_moved_to_are_left_there_however_it_is_called() {
    for (folders, target) in [
        ("", "INBOX"),
        ("", "inbox"),
        ("folders = [\"INBOX.Work\"]", "Work"),
    ] {
        let place = Place::new(0);
        make_folder(&place, WORK);
        let into = if folders.is_empty() { "" } else { WORK };
        let path = place.mail().join(into).join(format!("cur/{UNIQUE}:2,S"));
        fs::write(&path, message(0, BLOCKED)).unwrap();
        let before = place.contents();
        let text = format!(
            "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {:?}\n{folders}\nmove-to = {target:?}\n\
             [senders]\nblocked = [\"*@{BLOCKED}\"]\n",
            place.mail()
        );
        let Ok(settings) = Settings::parse(Path::new("config.toml"), &text) else {
            continue; // Refused before anything begins.
        };
        for _ in 0..2 {
            let (summary, events) = run(&place, settings.clone(), &Choices::default());
            assert_eq!(place.contents(), before, "{target}: {events:#?}");
            assert_eq!((summary.moved, summary.troubles), (0, 1), "{events:#?}");
        }
    }
}

#[test]
fn a_dry_run_after_a_kill_settles_nothing() {
    for begun in [MoveState::Intended, MoveState::Undoing] {
        let place = Place::new(3);
        // Killed between the copy and the removal of the original.
        make_folder(&place, TARGET);
        let copy = place.mail().join(TARGET).join("cur/other.host:2,");
        fs::write(copy, message(0, BLOCKED)).unwrap();
        let open = left(&place, begun, "INBOX", UNIQUE);
        let before = place.contents();
        let choices = Choices {
            rehearse: Rehearse::Yes,
            ..Choices::default()
        };
        let (_, events) = place.run(&choices);
        assert_eq!(place.contents(), before, "{events:#?}");
        assert!(
            events.iter().any(
                |event| matches!(event, Event::Settled { says, .. } if says.contains("next run"))
            ),
            "{events:#?}"
        );
        assert_eq!(state(&place, &open), begun);
    }
}

#[test]
fn the_same_message_in_two_folders_stays_two_messages() {
    let place = Place::new(0);
    make_folder(&place, WORK);
    make_folder(&place, TARGET);
    let file = |folder: &str, name: &str| {
        let path = place.mail().join(folder).join("cur").join(name);
        fs::write(path, message(0, BLOCKED)).unwrap();
    };
    // One was moved from the inbox; then the run was killed before it moved the one in Work.
    file(TARGET, &format!("{UNIQUE}:2,S"));
    file(WORK, "second.host:2,S");
    let first = left(&place, MoveState::Intended, "INBOX", UNIQUE);
    let second = left(&place, MoveState::Intended, "Work", "second.host");
    let mut settings = place.settings("");
    settings.accounts[0].folders = vec!["INBOX".into(), "Work".into()];
    let (_, events) = run(&place, settings, &Choices::default());
    assert_eq!(place.contents().len(), 2, "{events:#?}");
    assert_eq!(
        (state(&place, &first), state(&place, &second)),
        (MoveState::Moved, MoveState::Stayed),
        "{events:#?}"
    );
    // It is a hit like any other, and nobody moved it back.
    assert_eq!(place.names(TARGET).len(), 2, "{events:#?}");
    assert_eq!(place.letters().len(), 1);
}

#[test]
fn a_flag_that_cannot_be_put_back_keeps_nothing_open_for_ever() {
    let place = Place::new(0);
    make_folder(&place, TARGET);
    fs::write(
        place.mail().join(TARGET).join("cur/moved.host:2,S"),
        message(0, BLOCKED),
    )
    .unwrap();
    let store = place.root.join("data/store.sqlite");
    let mut open = left(&place, MoveState::Intended, "INBOX", UNIQUE);
    open.flags.keywords = vec!["$Work".into()];
    let id = Store::open(&store).unwrap().intend(&open).unwrap();
    Store::open(&store)
        .unwrap()
        .settle(open.id, MoveState::Undone, None, &[])
        .unwrap();
    open.id = id;
    place.sweep();
    assert_eq!(state(&place, &open), MoveState::Moved);
    let (summary, events) = place.sweep();
    assert_eq!(summary.troubles, 0, "{events:#?}");
    assert_eq!(files(&place.mail().join(TARGET).join("cur")).len(), 1);
}

#[test]
fn what_went_to_the_target_in_another_way_counts_as_moved() {
    let place = Place::new(0);
    place.add(0, BLOCKED, "");
    place.add(3, BLOCKED, "");
    make_folder(&place, TARGET);
    let inbox = |name: &str| place.mail().join("cur").join(name);
    let plan = place.plan(&Choices::default());
    let mut flagged = false;
    let mut events = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| {
        match &event {
            Event::Hit(_) if !flagged => {
                fs::rename(
                    inbox("1790000000.M0.host:2,"),
                    inbox("1790000000.M0.host:2,F"),
                )
                .unwrap();
                flagged = true;
            }
            // The one is looked at before the other moves: here somebody is quicker.
            Event::Held { .. } => {
                let target = place.mail().join(TARGET).join("cur");
                fs::rename(
                    inbox("1790000003.M3.host:2,"),
                    target.join("1790000003.M3.host:2,"),
                )
                .unwrap();
            }
            _ => {}
        }
        events.push(event);
    });
    assert_eq!(
        (
            summary.held,
            summary.moved,
            summary.packages,
            summary.troubles
        ),
        (1, 1, 1, 0),
        "{events:#?}"
    );
    assert_eq!(place.undo().0.undone, 1);
    assert!(place.names(TARGET).is_empty());
}
