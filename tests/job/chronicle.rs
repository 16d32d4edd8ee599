//! The history as a window shows it: what belongs together is one entry, and what was put back or
//! reported since is marked.

use super::place::{Place, TARGET, files};
use postsweep::job::{
    self, Candidate, Choices, Control, Done, Edits, End, Kind, Plan, Request, Submit, Take, Wish,
};
use postsweep::store::{MoveState, SubmissionState, Way};
use postsweep::verdict::Purpose;

fn kinds(entries: &[job::Entry]) -> Vec<&'static str> {
    let word = |entry: &job::Entry| match entry.done {
        Done::Swept(_) => "sweep",
        Done::Moved { .. } => "moved",
        Done::Undone { .. } => "undone",
        Done::Packaged { .. } => "package",
        Done::Reported(_) => "report",
    };
    entries.iter().map(word).collect()
}

#[test]
fn nothing_was_done_yet() {
    assert!(job::chronicle(&Place::new(0).places()).unwrap().is_empty());
}

#[test]
fn a_sweep_what_it_moved_and_what_was_put_back_stand_newest_first() {
    let place = Place::new(9);
    place.sweep();
    let entries = job::chronicle(&place.places()).unwrap();
    assert_eq!(kinds(&entries), ["report", "moved", "sweep"]);
    let Done::Swept(swept) = &entries[2].done else {
        panic!()
    };
    let figures = swept.figures.as_ref().unwrap();
    assert_eq!(
        (figures.seen, figures.spam, figures.level.as_str()),
        (9, 3, "low")
    );
    assert_eq!((swept.end, swept.took.is_some()), (End::Done, true));
    let Done::Moved { to, messages } = &entries[1].done else {
        panic!()
    };
    assert_eq!((to.as_str(), messages.len()), ("Missed spam", 3));
    assert!(
        messages
            .iter()
            .all(|one| one.from == "INBOX" && one.reported.is_some())
    );
    assert_eq!(entries[1].standing().len(), 3);
    let Done::Reported(packed) = &entries[0].done else {
        panic!()
    };
    assert_eq!(
        (packed.messages, packed.way, packed.state),
        (3, Some(Way::Outbox), SubmissionState::Sent)
    );
    assert!(
        packed
            .names
            .iter()
            .all(|name| name.subject.starts_with("Minutes"))
    );
    assert!(entries.iter().filter(|entry| entry.is(Kind::Moves)).count() == 1);
    assert!(entries[1].haystack.contains("minutes of meeting 3"));

    place.undo();
    let entries = job::chronicle(&place.places()).unwrap();
    assert_eq!(kinds(&entries), ["undone", "report", "moved", "sweep"]);
    let Done::Undone { messages } = &entries[0].done else {
        panic!()
    };
    assert!(messages.len() == 3 && messages.iter().all(|one| one.state == MoveState::Undone));
    assert!(entries[2].standing().is_empty());
    let all: Vec<&job::Entry> = entries.iter().collect();
    let table = job::history_as_csv(&all);
    assert_eq!(table.lines().count(), 1 + 3 + 3 + 3 + 1, "{table}");
}

/// What is shown of moves and undos, oldest first: of a move, how many of it are back.
fn moved_and_put_back(place: &Place) -> Vec<(&'static str, usize, usize)> {
    let entries = job::chronicle(&place.places()).unwrap();
    let shown = entries.iter().rev().filter_map(|entry| match &entry.done {
        Done::Moved { messages, .. } => {
            let back = messages.len() - entry.standing().len();
            Some(("moved", messages.len(), back))
        }
        Done::Undone { messages } => Some(("undone", messages.len(), 0)),
        _ => None,
    });
    shown.collect()
}

#[test]
fn what_is_moved_and_put_back_again_and_again_stands_with_each_undo_once() {
    let place = Place::new(9);
    place.sweep();
    let store = postsweep::store::Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let all: Vec<_> = store.all_moves().unwrap();
    let all: Vec<_> = all.iter().map(|row| row.digest).collect();
    let serve = |request| {
        let plan = place.plan(&Choices::default());
        job::serve(&plan, vec![request], &Control::new(), &mut |_| {})
    };
    let move_some = |number: usize| {
        let request = Request::MoveFrom("INBOX".to_owned(), all[..number].to_vec());
        assert_eq!(serve(request).moved, number);
    };
    assert_eq!(serve(Request::Undo(all.clone())).undone, 3);
    let first = [("moved", 3, 3), ("undone", 3, 0)];
    assert_eq!(moved_and_put_back(&place), first);
    move_some(2);
    let moved = [first.as_slice(), &[("moved", 2, 0)]].concat();
    assert_eq!(moved_and_put_back(&place), moved);
    assert_eq!(serve(Request::Undo(all[..1].to_vec())).undone, 1);
    assert_eq!(serve(Request::Undo(all[1..2].to_vec())).undone, 1);
    move_some(1);
    assert_eq!(place.undo().0.undone, 1);
    let since = [
        ("moved", 2, 2),
        ("undone", 1, 0),
        ("undone", 1, 0),
        ("moved", 1, 1),
        ("undone", 1, 0),
    ];
    let expected = [first.as_slice(), &since].concat();
    assert_eq!(moved_and_put_back(&place), expected);
}

#[test]
fn a_mailbox_that_could_not_be_opened_is_told() {
    let place = Place::new(3);
    let plan = place.plan(&Choices::default());
    std::fs::remove_dir_all(place.mail()).unwrap();
    job::run(&plan, &Control::new(), &mut |_| {});
    let entries = job::chronicle(&place.places()).unwrap();
    let Done::Swept(swept) = &entries[0].done else {
        panic!()
    };
    assert_eq!(swept.end, End::NotOpened);
}

#[test]
fn zips_that_were_saved_together_are_one_entry_with_the_persons_own_folder() {
    let place = Place::new(9);
    let choices = Choices {
        submit: Some(Submit::No),
        ..Choices::default()
    };
    place.run(&choices);
    let store = postsweep::store::Store::open(&place.root.join("data/store.sqlite")).unwrap();
    let moves = store.all_moves().unwrap();
    let choices = Choices {
        submit: Some(Submit::Yes),
        ..Choices::default()
    };
    let plan = Plan::new(place.settings(""), &place.places(), &choices).unwrap();
    let wish = Wish {
        account: "pat".to_owned(),
        ..Wish::default()
    };
    let chosen = |number: usize, purpose| Candidate {
        digest: moves[number].digest,
        purpose,
        take: Take::Once,
    };
    let chosen = [chosen(0, Purpose::Spam), chosen(1, Purpose::Phishing)];
    let draft = job::draft(&plan, &chosen, &wish).unwrap();
    let folder = tempfile::tempdir().unwrap();
    job::save_report(&plan, &draft, &[0, 1], folder.path(), &mut |_| {}).unwrap();
    let entries = job::chronicle(&place.places()).unwrap();
    assert_eq!(kinds(&entries), ["package", "moved", "sweep"]);
    let Done::Packaged { packages } = &entries[0].done else {
        panic!()
    };
    assert_eq!(packages.len(), 2);
    assert!(
        packages
            .iter()
            .all(|one| one.path.starts_with(folder.path()))
    );
    assert!(place.letters().is_empty());

    // A letter that failed can be sent again, and is found by what it says.
    let draft = job::draft(
        &plan,
        &[Candidate {
            digest: moves[2].digest,
            ..chosen[0]
        }],
        &wish,
    )
    .unwrap();
    job::send_report(
        &plan,
        &draft,
        &Edits::new(),
        &[0],
        &Control::new(),
        &mut |_| {},
    )
    .unwrap();
    let newest = store.packages().unwrap().remove(0).id;
    store
        .set_submission(newest, SubmissionState::Failed, "451 try later")
        .unwrap();
    let entries = job::chronicle(&place.places()).unwrap();
    assert_eq!(
        (kinds(&entries)[0], entries[0].unsent()),
        ("report", Some(newest))
    );
    assert!(entries[0].haystack.contains("451 try later"));
    assert!(entries[1].unsent().is_none());
    assert_eq!(files(&place.mail().join(TARGET).join("cur")).len(), 3);
}
