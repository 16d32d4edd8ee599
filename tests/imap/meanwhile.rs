//! What other clients do while a sweep runs and after it, on a server in memory: it wins, it costs
//! no message, and what could not be done is said.

use crate::habits::{Content, DATE, TARGET, contains, contents, fill, filled, is_hit};
use crate::support::account::{Account, BLOCKED, message};
use crate::support::quirky::{Habits, Message, Moves, Quirky};
use std::collections::BTreeSet;

#[test]
fn mail_that_its_owner_reads_during_the_sweep_stays_read() {
    let (quirky, account) = filled(Habits::default());
    quirky.state().meanwhile("BODY.PEEK[", |state| {
        for own in &mut state.folder("INBOX").unwrap().messages {
            own.flags.insert("\\Seen".to_owned());
        }
    });
    let run = account.sweep();
    assert_eq!(
        (run.summary.moved, run.summary.troubles),
        (4, 0),
        "{run:#?}"
    );
    assert_eq!(run.said(), "", "{run:#?}");
    for folder in ["INBOX", TARGET] {
        let all = contents(&quirky, folder);
        assert!(
            all.iter().all(|one| one.1.contains("\\Seen")),
            "{folder}: {all:?}"
        );
    }
}

#[test]
fn flags_that_somebody_changed_after_the_move_stay_so_through_an_undo() {
    let (quirky, account) = filled(Habits::default());
    account.sweep();
    for own in &mut quirky.state().folder(TARGET).unwrap().messages {
        own.flags = BTreeSet::from(["\\Flagged".to_owned(), "$Mine".to_owned()]);
    }
    let undone = account.undo();
    assert_eq!(undone.summary.undone, 4, "{undone:#?}");
    let hits: Vec<Content> = contents(&quirky, "INBOX")
        .into_iter()
        .filter(is_hit)
        .collect();
    assert!(
        hits.iter()
            .all(|one| one.1.contains("\\Flagged") && one.1.contains("$Mine") && one.1.len() == 2),
        "{hits:?}"
    );
}

#[test]
fn what_others_take_away_between_listing_judging_and_moving_is_gone_and_nothing_else() {
    let (quirky, account) = filled(Habits::default());
    quirky.state().meanwhile("BODY.PEEK[", |state| {
        state.take("INBOX", 1);
        state.take("INBOX", 2);
    });
    // One goes to the target by another hand, one is thrown away, just before the move.
    quirky.state().meanwhile("UID MOVE", |state| {
        let message = state.take("INBOX", 3);
        let target = state.folder(TARGET).unwrap();
        target.messages.push(numbered(message, target.next));
        target.next += 1;
        state.take("INBOX", 5);
    });
    let run = account.sweep();
    assert_eq!(run.summary.moved, 2, "{run:#?}");
    contains(&run, "its sample is kept");
    let (inbox, target) = (contents(&quirky, "INBOX"), contents(&quirky, TARGET));
    assert_eq!((inbox.len(), target.len()), (3, 2), "{run:#?}");
    assert!(inbox.iter().all(|one| !is_hit(one)));
}

fn numbered(mut message: Message, uid: u32) -> Message {
    message.uid = uid;
    message
}

#[test]
fn a_folder_that_is_renumbered_in_mid_sweep_is_left_alone_until_the_next() {
    for at in ["BODY.PEEK[", "SELECT \"INBOX\""] {
        let (quirky, account) = filled(Habits::default());
        let before = contents(&quirky, "INBOX");
        quirky.state().meanwhile(at, |state| {
            let inbox = state.folder("INBOX").unwrap();
            inbox.validity = 8;
            for own in &mut inbox.messages {
                own.uid = 9 - own.uid; // other messages under the same numbers
            }
        });
        let run = account.sweep();
        assert_eq!(run.summary.moved, 0, "{run:#?}");
        contains(&run, "was renumbered by the server");
        assert_eq!(contents(&quirky, "INBOX"), before);
        let again = account.sweep();
        assert_eq!(
            (again.summary.moved, again.summary.troubles),
            (4, 0),
            "{again:#?}"
        );
        assert!(contents(&quirky, TARGET).iter().all(is_hit));
    }
}

#[test]
fn a_folder_without_uidvalidity_is_not_touched() {
    let (quirky, account) = filled(Habits::default());
    quirky.state().folder("INBOX").unwrap().validity = 0;
    let before = contents(&quirky, "INBOX");
    let run = account.sweep();
    contains(&run, "it gives no UIDVALIDITY");
    assert_eq!(run.summary.moved, 0);
    assert_eq!(contents(&quirky, "INBOX"), before);
}

#[test]
fn a_target_that_is_removed_before_the_move_is_made_again() {
    let (quirky, account) = filled(Habits::default());
    quirky.state().meanwhile("UID MOVE", |state| {
        state.folders.retain(|folder| folder.name != TARGET);
    });
    let run = account.sweep();
    assert_eq!(
        (run.summary.moved, run.summary.troubles),
        (4, 0),
        "{run:#?}"
    );
    assert_eq!(contents(&quirky, TARGET).len(), 4);
}

#[test]
fn a_source_that_is_renamed_in_mid_sweep_is_said_and_the_rest_goes_on() {
    for at in ["BODY.PEEK[", "UID MOVE"] {
        let quirky = Quirky::start(Habits::default());
        quirky.state().make("Work", "");
        quirky.state().add("Work", "", DATE, &message(20, BLOCKED));
        fill(&quirky);
        quirky.state().meanwhile(at, |state| {
            state.folder("Work").unwrap().name = "Works".to_owned();
        });
        let account = Account::at(quirky.port, "folders = [\"Work\", \"INBOX\"]");
        let run = account.sweep();
        assert_eq!(
            contents(&quirky, "Works").len() + contents(&quirky, TARGET).len(),
            5,
            "{at}: {run:#?}"
        );
        assert_eq!(run.summary.moved, 4, "{at}: {run:#?}");
        contains(&run, "`Work`");
        let again = account.sweep();
        contains(&again, "folder `Work` does not exist");
    }
}

#[test]
fn undo_finds_what_was_renumbered_and_says_what_is_gone_and_where_its_sample_lies() {
    let (quirky, account) = filled(Habits::default());
    account.sweep();
    {
        let mut state = quirky.state();
        state.take(TARGET, 2);
        let target = state.folder(TARGET).unwrap();
        target.validity = 99;
        for own in &mut target.messages {
            own.uid += 100;
        }
        target.next += 100;
    }
    let undone = account.undo();
    assert_eq!(
        (undone.summary.undone, undone.summary.troubles),
        (3, 1),
        "{undone:#?}"
    );
    contains(
        &undone,
        "is not in folder `Missed spam` any more, so it cannot be put back; its sample is /",
    );
    assert_eq!(contents(&quirky, "INBOX").len(), 7);

    let (quirky, account) = filled(Habits::default());
    account.sweep();
    quirky.state().folder(TARGET).unwrap().name = "Tidied".to_owned();
    let undone = account.undo();
    assert_eq!(
        (undone.summary.undone, undone.summary.troubles),
        (0, 4),
        "{undone:#?}"
    );
    contains(
        &undone,
        "was in folder `Missed spam`, which is not there any more",
    );
    assert_eq!(contents(&quirky, "Tidied").len(), 4);
}

#[test]
fn what_lies_as_it_was_put_goes_back_at_once_and_the_rest_is_looked_at_one_by_one() {
    let (quirky, account) = filled(Habits::default());
    account.sweep();
    let before = contents(&quirky, "INBOX").len();
    {
        let mut state = quirky.state();
        state.take(TARGET, 1); // thrown away
        let back = state.take(TARGET, 3); // put back by hand, and read
        state.add("INBOX", "\\Seen", DATE, &back.bytes);
        state.heard.clear();
        // The owner is quicker with one of the others.
        state.meanwhile("UID MOVE", |state| {
            let back = state.take(TARGET, 2);
            state.add("INBOX", "\\Flagged", DATE, &back.bytes);
        });
    }
    let undone = account.undo();
    assert_eq!(
        (undone.summary.undone, undone.summary.troubles),
        (3, 1),
        "{undone:#?}"
    );
    contains(&undone, "is not in folder `Missed spam` any more");
    assert_eq!(contents(&quirky, TARGET).len(), 0);
    assert_eq!(contents(&quirky, "INBOX").len(), before + 3);
    let heard = quirky.state().heard.join("\n");
    assert_eq!(heard.matches("UID MOVE").count(), 1, "{heard}");
}

/// A mailbox with one hit, and the same message in the target already.
fn with_an_older_one() -> (Quirky, Account) {
    let quirky = Quirky::start(Habits::default());
    let hit = message(0, BLOCKED);
    let mut state = quirky.state();
    state.add("INBOX", "", DATE, &hit);
    state.make(TARGET, "");
    state.add(TARGET, "\\Seen", DATE, &hit);
    drop(state);
    let account = Account::at(quirky.port, "");
    (quirky, account)
}

#[test]
fn the_same_message_that_lay_in_the_target_before_is_not_taken_for_the_copy() {
    // Cut off before the move, it is moved after that.
    let (quirky, account) = with_an_older_one();
    quirky
        .state()
        .meanwhile("UID MOVE", |state| state.hangs_up = true);
    let run = account.sweep();
    let places = |folder: &str| contents(&quirky, folder).len();
    assert_eq!((places("INBOX"), places(TARGET)), (0, 2), "{run:#?}");
    assert_eq!(run.summary.moved, 1, "{run:#?}");
    let undone = account.undo();
    assert_eq!((places("INBOX"), places(TARGET)), (1, 1), "{undone:#?}");
    let older = quirky.state().folder(TARGET).unwrap().messages.remove(0);
    assert!(older.flags.contains("\\Seen"));

    // Cut off after it, it was moved.
    let (quirky, account) = with_an_older_one();
    quirky.state().meanwhile("UID MOVE", |state| {
        let message = state.take("INBOX", 1);
        let target = state.folder(TARGET).unwrap();
        target.messages.push(numbered(message, target.next));
        target.next += 1;
        state.hangs_up = true;
    });
    let run = account.sweep();
    let places = |folder: &str| contents(&quirky, folder).len();
    assert_eq!((places("INBOX"), places(TARGET)), (0, 2), "{run:#?}");
    assert_eq!(run.summary.moved, 1, "{run:#?}");
    account.undo();
    let older = quirky.state().folder(TARGET).unwrap().messages.remove(0);
    assert!(older.flags.contains("\\Seen"));
}

#[test]
fn a_move_that_did_not_happen_though_the_server_said_so_removes_nothing_for_an_older_one() {
    let (quirky, account) = with_an_older_one();
    quirky.state().habits.moves = Moves::NotAtAll;
    let run = account.sweep();
    let places = |folder: &str| contents(&quirky, folder).len();
    assert_eq!((places("INBOX"), places(TARGET)), (1, 1), "{run:#?}");
    contains(&run, "was not moved there, though the server said so");
}

#[test]
fn a_target_that_was_renumbered_meanwhile_is_no_reason_to_remove_anything() {
    let (quirky, account) = with_an_older_one();
    quirky.state().meanwhile("UID MOVE", |state| {
        let target = state.folder(TARGET).unwrap();
        target.validity += 1;
        target.messages[0].uid = 40;
        target.next = 41;
        state.hangs_up = true;
    });
    let run = account.sweep();
    let again = account.sweep();
    let places = |folder: &str| contents(&quirky, folder).len();
    assert_eq!(
        (places("INBOX"), places(TARGET)),
        (0, 2),
        "{run:#?} {again:#?}"
    );
}

#[test]
fn a_copy_that_is_seen_late_is_seen() {
    let quirky = Quirky::start(Habits {
        moves: Moves::NotAtAll,
        ..Habits::default()
    });
    let ordinary = message(1, "example.org");
    quirky.state().add("INBOX", "", DATE, &ordinary);
    quirky.state().add("INBOX", "", DATE, &message(0, BLOCKED));
    let account = Account::at(quirky.port, "");
    // Once it was searched for, and before it is looked for again.
    quirky.state().meanwhile("UID SEARCH HEADER", |state| {
        state.meanwhile("EXAMINE \"INBOX\"", |state| {
            let message = state.folder("INBOX").unwrap().messages[1].clone();
            let target = state.folder(TARGET).unwrap();
            target.messages.push(numbered(message, target.next));
            target.next += 1;
        });
    });
    let run = account.sweep();
    let places = |folder: &str| contents(&quirky, folder).len();
    assert_eq!((places("INBOX"), places(TARGET)), (1, 1), "{run:#?}");
    assert_eq!(
        (run.summary.moved, run.summary.troubles),
        (1, 0),
        "{run:#?}"
    );
}
