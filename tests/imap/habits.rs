//! Whole sweeps and undos on servers with bad habits: whatever the server does, each message ends
//! in exactly one folder with its bytes, flags and date, or it is said that it does not.

use crate::support::account::{Account, BLOCKED, Run, message};
use crate::support::quirky::{Habits, Moves, Quirky};
use std::collections::BTreeSet;

const DATE: &str = "02-Mar-2025 10:20:30 +0000";
const TARGET: &str = "Missed spam";

/// A message without its UID, which a move changes.
type Content = (Vec<u8>, BTreeSet<String>, String);

fn is_hit(content: &Content) -> bool {
    String::from_utf8_lossy(&content.0).contains(BLOCKED)
}

/// Eight messages, unread and read, with and without keywords; half of them are hits.
fn fill(quirky: &Quirky) {
    for number in 0..8 {
        let domain = if number % 2 == 0 {
            BLOCKED
        } else {
            "example.org"
        };
        let flags = ["", "\\Seen", "$Work", "\\Seen $Work"][number / 2];
        quirky
            .state()
            .add("INBOX", flags, DATE, &message(number, domain));
    }
}

fn contents(quirky: &Quirky, folder: &str) -> Vec<Content> {
    let mut state = quirky.state();
    let Some(folder) = state.folder(folder) else {
        return Vec::new();
    };
    let mut all: Vec<Content> = folder
        .messages
        .iter()
        .map(|own| (own.bytes.clone(), own.flags.clone(), own.date.clone()))
        .collect();
    all.sort();
    all
}

/// What must never be said, whatever happens.
fn never_expunges_all(quirky: &Quirky) {
    let heard = quirky.state().heard.clone();
    let bad = |command: &&String| *command == "EXPUNGE" || *command == "CLOSE";
    assert_eq!(heard.iter().find(bad), None);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// In the target alone, as they were, and back as they were.
    Moved,
    /// In both, the original flagged as deleted.
    Copied,
    /// Where they were, as they were, and that was told as trouble.
    Stayed,
    /// In neither; the samples are kept.
    Lost,
}

struct Case {
    name: &'static str,
    habits: Habits,
    ends: Ends,
    /// What is told of the sweep.
    says: &'static str,
}

fn case(name: &'static str, ends: Ends, says: &'static str, habits: Habits) -> Case {
    Case {
        name,
        habits,
        ends,
        says,
    }
}

fn cases() -> Vec<Case> {
    let good = Habits::default;
    let gmail = || Habits {
        gmail: true,
        ..good()
    };
    let by_copy = || Habits {
        moves: Moves::ByCopy,
        ..good()
    };
    let no_place = || Habits {
        no_copyuid: true,
        ..good()
    };
    let sizes = |lie: fn(usize) -> usize| Habits {
        sizes: Some(lie),
        ..good()
    };
    vec![
        case("a good server", Ends::Moved, "", good()),
        case(
            "without MOVE",
            Ends::Moved,
            "",
            Habits {
                no_move: true,
                ..good()
            },
        ),
        case(
            "without MOVE, places not told",
            Ends::Moved,
            "",
            Habits {
                no_move: true,
                ..no_place()
            },
        ),
        case(
            "without MOVE and UIDPLUS",
            Ends::Copied,
            "the original stays, flagged as deleted",
            Habits {
                no_move: true,
                no_uidplus: true,
                ..good()
            },
        ),
        case("places not told", Ends::Moved, "", no_place()),
        case(
            "MOVE without UIDPLUS",
            Ends::Moved,
            "",
            Habits {
                no_uidplus: true,
                ..good()
            },
        ),
        case(
            "MOVE is a copy",
            Ends::Moved,
            "answered the move with a copy",
            by_copy(),
        ),
        case(
            "MOVE is a copy, places not told",
            Ends::Moved,
            "answered the move with a copy",
            Habits {
                moves: Moves::ByCopy,
                ..no_place()
            },
        ),
        case(
            "MOVE is a copy, and nothing can be removed",
            Ends::Copied,
            "the original stays, flagged as deleted",
            Habits {
                no_uidplus: true,
                ..by_copy()
            },
        ),
        case(
            "MOVE does nothing",
            Ends::Stayed,
            "cannot be found there; the original stays",
            Habits {
                moves: Moves::NotAtAll,
                ..good()
            },
        ),
        case(
            "MOVE loses messages",
            Ends::Lost,
            "its sample is kept",
            Habits {
                moves: Moves::IntoNowhere,
                ..good()
            },
        ),
        case(
            "reading marks as read",
            Ends::Moved,
            "marked 4 unread messages as read when they were only looked at",
            Habits {
                marks_read: true,
                ..good()
            },
        ),
        case("sizes too small", Ends::Moved, "", sizes(|size| size / 3)),
        case("sizes too large", Ends::Moved, "", sizes(|size| size * 3)),
        case("sizes are nought", Ends::Moved, "", sizes(|_| 0)),
        case(
            "sizes too small, places not told",
            Ends::Moved,
            "",
            Habits {
                sizes: Some(|size| size / 3),
                ..no_place()
            },
        ),
        case(
            "flags are dropped",
            Ends::Moved,
            "flags were lost on the way and put back",
            Habits {
                drops_flags: true,
                ..good()
            },
        ),
        case(
            "it cannot search",
            Ends::Moved,
            "",
            Habits {
                no_search: true,
                ..good()
            },
        ),
        case(
            "over quota",
            Ends::Stayed,
            "over its quota",
            Habits {
                full: Some(TARGET),
                ..good()
            },
        ),
        case(
            "over quota, without MOVE",
            Ends::Stayed,
            "over its quota",
            Habits {
                full: Some(TARGET),
                no_move: true,
                ..good()
            },
        ),
        case(
            "for reading only",
            Ends::Stayed,
            "reading only",
            Habits {
                read_only: true,
                ..good()
            },
        ),
        case(
            "tells of others all the time",
            Ends::Moved,
            "",
            Habits {
                chatters: true,
                ..good()
            },
        ),
        case(
            "tells of others, without MOVE",
            Ends::Moved,
            "",
            Habits {
                chatters: true,
                no_move: true,
                ..good()
            },
        ),
        case("Gmail", Ends::Moved, "", gmail()),
        case(
            "Gmail, places not told",
            Ends::Moved,
            "",
            Habits {
                no_copyuid: true,
                ..gmail()
            },
        ),
        case(
            "Gmail, the inbox label stays on",
            Ends::Moved,
            "the label was taken off it",
            Habits {
                moves: Moves::ByCopy,
                ..gmail()
            },
        ),
        case(
            "Gmail, moved and not moved",
            Ends::Stayed,
            "as before",
            Habits {
                moves: Moves::NotAtAll,
                ..gmail()
            },
        ),
        case(
            "Exchange: sizes are guesses, nothing is marked, places not told",
            Ends::Moved,
            "",
            Habits {
                sizes: Some(|size| size + 77),
                no_special_use: true,
                ..no_place()
            },
        ),
    ]
}

#[test]
fn whatever_a_server_does_each_message_ends_in_one_place_as_it_was() {
    for Case {
        name,
        habits,
        ends,
        says,
    } in cases()
    {
        let quirky = Quirky::start(habits.clone());
        fill(&quirky);
        let before = contents(&quirky, "INBOX");
        let (hits, others): (Vec<Content>, Vec<Content>) = before.iter().cloned().partition(is_hit);
        let account = Account::at(quirky.port, "");
        let run = account.sweep();
        never_expunges_all(&quirky);
        let (inbox, target) = (contents(&quirky, "INBOX"), contents(&quirky, TARGET));
        let said = run.said();
        assert!(said.contains(says), "{name}: {run:#?}");
        let counts = (run.summary.moved, run.summary.copied);
        match ends {
            Ends::Moved => {
                assert_eq!((inbox, target), (others, hits), "{name}: {run:#?}");
                assert_eq!(
                    (counts, run.summary.troubles),
                    ((4, 0), 0),
                    "{name}: {run:#?}"
                );
            }
            Ends::Copied => {
                assert_eq!(target, hits, "{name}: {run:#?}");
                let originals = inbox.iter().filter(|one| is_hit(one));
                assert!(
                    originals.clone().all(|one| one.1.contains("\\Deleted")),
                    "{name}"
                );
                assert_eq!((counts, originals.count()), ((0, 4), 4), "{name}: {run:#?}");
            }
            Ends::Stayed => {
                assert_eq!(
                    (inbox, target),
                    (before.clone(), Vec::new()),
                    "{name}: {run:#?}"
                );
                assert_eq!(counts, (0, 0), "{name}: {run:#?}");
                assert!(run.summary.troubles > 0, "{name}: {run:#?}");
            }
            Ends::Lost => {
                assert_eq!((inbox, target), (others, Vec::new()), "{name}: {run:#?}");
                assert_eq!(counts, (0, 0), "{name}: {run:#?}");
                let samples = account.folder.path().join("data/samples");
                assert_eq!(std::fs::read_dir(samples).unwrap().count(), 4, "{name}");
            }
        }
        if habits.gmail {
            let all = contents(&quirky, "[Gmail]/All Mail");
            assert_eq!(all, before, "{name}: All Mail keeps everything");
        }
        if matches!(ends, Ends::Moved | Ends::Copied) {
            let undone = account.undo();
            assert_eq!(
                (undone.summary.undone, undone.summary.troubles),
                (4, 0),
                "{name}: {undone:#?}"
            );
            assert_eq!(contents(&quirky, "INBOX"), before, "{name}: {undone:#?}");
            let left = contents(&quirky, TARGET);
            let deleted = left.iter().all(|one| one.1.contains("\\Deleted"));
            assert!(
                left.is_empty() || (ends == Ends::Copied && deleted),
                "{name}: {left:?}"
            );
        }
        // What stayed is found again by the next sweep, and nothing becomes more or fewer by it.
        if ends == Ends::Stayed {
            let again = account.sweep();
            assert_eq!(again.summary.spam, 4, "{name}: {again:#?}");
            assert_eq!(contents(&quirky, "INBOX"), before, "{name}: {again:#?}");
        }
    }
}

fn filled(habits: Habits) -> (Quirky, Account) {
    let quirky = Quirky::start(habits);
    fill(&quirky);
    let account = Account::at(quirky.port, "");
    (quirky, account)
}

fn contains(run: &Run, says: &str) {
    assert!(run.said().contains(says), "lacks {says:?}: {run:#?}");
}

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
fn where_unread_mail_cannot_be_put_back_that_is_said() {
    let (_quirky, account) = filled(Habits {
        marks_read: true,
        read_only: true,
        ..Habits::default()
    });
    let run = account.sweep();
    contains(
        &run,
        "could not all be marked unread again: folder `INBOX` cannot be written to",
    );
}

#[test]
fn a_date_that_a_server_takes_away_is_said_at_the_move_and_at_the_undo() {
    let (quirky, account) = filled(Habits {
        new_dates: Some("21-Nov-2026 08:00:00 +0000"),
        ..Habits::default()
    });
    let run = account.sweep();
    assert_eq!(run.summary.moved, 4, "{run:#?}");
    contains(
        &run,
        "a new date of receipt: 2026-11-21T08:00:00Z instead of 2025-03-02T10:20:30Z",
    );
    let undone = account.undo();
    assert_eq!(undone.summary.undone, 4);
    contains(
        &undone,
        "its date of receipt was 2025-03-02T10:20:30Z before it was moved",
    );
    let heard = quirky.state().heard.clone();
    assert!(
        !heard.iter().any(|line| line.starts_with("APPEND")),
        "nothing is made anew"
    );
}

#[test]
fn keywords_that_the_target_does_not_take_are_told_and_come_back_with_an_undo() {
    let (quirky, account) = filled(Habits {
        no_keywords: Some(TARGET),
        ..Habits::default()
    });
    let before = contents(&quirky, "INBOX");
    let run = account.sweep();
    contains(&run, "its flags were $Work, and the server keeps only: ");
    assert!(
        contents(&quirky, TARGET)
            .iter()
            .all(|one| !one.1.contains("$Work"))
    );
    let undone = account.undo();
    assert_eq!(
        (undone.summary.undone, undone.summary.troubles),
        (4, 0),
        "{undone:#?}"
    );
    assert_eq!(contents(&quirky, "INBOX"), before, "{undone:#?}");
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
        target
            .messages
            .push(postsweep_message(message, target.next));
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

fn postsweep_message(
    mut message: crate::support::quirky::Message,
    uid: u32,
) -> crate::support::quirky::Message {
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
fn gmail_moves_labels_alone_and_never_sweeps_what_shows_mail_once_more() {
    let quirky = Quirky::start(Habits {
        gmail: true,
        ..Habits::default()
    });
    fill(&quirky);
    // One hit has a label of its owner's, and its mark.
    {
        let mut state = quirky.state();
        state.make("Bank", "");
        let first = state.folder("INBOX").unwrap().messages[0].clone();
        state.folder("Bank").unwrap().messages.push(first.clone());
        state
            .folder("[Gmail]/Important")
            .unwrap()
            .messages
            .push(first);
    }
    let before = contents(&quirky, "INBOX");
    let folders =
        "folders = [\"INBOX\", \"[Gmail]/All Mail\", \"[Gmail]/Important\", \"[Gmail]/Starred\"]";
    let account = Account::at(quirky.port, folders);
    let run = account.sweep();
    assert_eq!(
        (run.summary.moved, run.summary.troubles),
        (4, 3),
        "{run:#?}"
    );
    for view in ["All Mail", "Important", "Starred"] {
        contains(
            &run,
            &format!("folder `[Gmail]/{view}` shows the messages of other folders"),
        );
    }
    assert_eq!(contents(&quirky, "Bank").len(), 1);
    assert_eq!(contents(&quirky, "[Gmail]/All Mail"), before);
    let heard = quirky.state().heard.clone();
    assert!(
        !heard
            .iter()
            .any(|line| line.contains("\\Deleted") || line.contains("EXPUNGE")),
        "{heard:?}"
    );
    assert_eq!(account.undo().summary.undone, 4);
    assert_eq!(contents(&quirky, "INBOX"), before);
}

#[test]
fn a_label_that_gmail_keeps_on_is_said() {
    let (quirky, account) = filled(Habits {
        gmail: true,
        moves: Moves::ByCopy,
        keeps_labels: true,
        ..Habits::default()
    });
    let run = account.sweep();
    assert_eq!(run.summary.moved, 0, "{run:#?}");
    contains(&run, "does not take the label `\\Inbox` off it");
    assert_eq!(contents(&quirky, "[Gmail]/All Mail").len(), 8);
}
