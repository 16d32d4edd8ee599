//! Whole sweeps and undos on servers with bad habits: whatever the server does, each message ends
//! in exactly one folder with its bytes, flags and date, or it is said that it does not.

use crate::support::account::{Account, BLOCKED, Run, message};
use crate::support::quirky::{Habits, Moves, Quirky};
use std::collections::BTreeSet;

pub const DATE: &str = "02-Mar-2025 10:20:30 +0000";
pub const TARGET: &str = "Missed spam";

/// A message without its UID, which a move changes.
pub type Content = (Vec<u8>, BTreeSet<String>, String);

pub fn is_hit(content: &Content) -> bool {
    String::from_utf8_lossy(&content.0).contains(BLOCKED)
}

/// Eight messages, unread and read, with and without keywords; half of them are hits.
pub fn fill(quirky: &Quirky) {
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

pub fn contents(quirky: &Quirky, folder: &str) -> Vec<Content> {
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
            "was not moved there, though the server said so",
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

pub fn filled(habits: Habits) -> (Quirky, Account) {
    let quirky = Quirky::start(habits);
    fill(&quirky);
    let account = Account::at(quirky.port, "");
    (quirky, account)
}

pub fn contains(run: &Run, says: &str) {
    assert!(run.said().contains(says), "lacks {says:?}: {run:#?}");
}

#[test]
fn answers_that_a_server_leaves_out_cost_no_message_no_flag_and_no_date() {
    for each in 2..12 {
        for (no_move, no_copyuid) in [(false, false), (false, true), (true, false)] {
            let (quirky, account) = filled(Habits {
                drops_each: Some(each),
                no_move,
                no_copyuid,
                ..Habits::default()
            });
            let before = contents(&quirky, "INBOX");
            let all = |quirky: &Quirky| {
                let mut all = contents(quirky, "INBOX");
                all.extend(contents(quirky, TARGET));
                all.sort();
                all
            };
            let first = account.sweep();
            // A copy that the server would not show is there, and so is its original.
            let now = all(&quirky);
            let lost: Vec<_> = before.iter().filter(|one| !now.contains(one)).collect();
            assert!(lost.is_empty(), "{each}: {lost:?} {first:#?}");
            // Told all, the next sweep does what was left.
            quirky.state().habits.drops_each = None;
            let second = account.sweep();
            assert_eq!(all(&quirky), before, "{each}: {first:#?} {second:#?}");
            let target = contents(&quirky, TARGET);
            let inbox = contents(&quirky, "INBOX");
            assert!(target.iter().all(is_hit), "{each}");
            let left = inbox.iter().filter(|one| is_hit(one)).count();
            assert_eq!(left, 0, "{each}: {first:#?} {second:#?}");
        }
    }
}

fn unread(quirky: &Quirky) -> usize {
    let all = contents(quirky, "INBOX").into_iter();
    let all = all.chain(contents(quirky, TARGET));
    all.filter(|one| !one.1.contains("\\Seen")).count()
}

#[test]
fn where_unread_mail_cannot_be_put_back_no_more_of_it_is_read_and_that_is_said() {
    let (quirky, account) = filled(Habits {
        marks_read: true,
        read_only: true,
        ..Habits::default()
    });
    assert_eq!(unread(&quirky), 4);
    let run = account.sweep();
    contains(
        &run,
        "it could not be marked unread again, so the other unread messages were not read: folder \
         `INBOX` cannot be written to",
    );
    assert_eq!(unread(&quirky), 3);
}

#[test]
fn what_a_break_left_marked_as_read_is_marked_unread_again() {
    let marking = |settings: &str| {
        let quirky = Quirky::start(Habits {
            marks_read: true,
            ..Habits::default()
        });
        fill(&quirky);
        let account = Account::at(quirky.port, settings);
        (quirky, account)
    };
    // As it is tried, and as all are read.
    for after in [1, 2] {
        let breaks = |quirky: &Quirky| {
            let mut state = quirky.state();
            match after {
                1 => state.meanwhile("UID SEARCH SEEN", |state| state.hangs_up = true),
                _ => state.meanwhile("1:8 (UID BODY.PEEK[])", |state| {
                    state.meanwhile("UID SEARCH SEEN", |state| state.hangs_up = true);
                }),
            }
        };
        // The next connection puts it back,
        let (quirky, account) = marking("");
        breaks(&quirky);
        let run = account.sweep();
        assert_eq!(unread(&quirky), 4, "{after}: {run:#?}");
        contains(&run, "they were marked unread again");
        assert_eq!(
            (run.summary.moved, run.summary.troubles),
            (4, 0),
            "{run:#?}"
        );
        // or else the next run.
        let (quirky, account) = marking("retry = \"0\"");
        breaks(&quirky);
        let run = account.sweep();
        let marked = [1, 4][after - 1];
        assert_eq!(unread(&quirky), 4 - marked, "{after}: {run:#?}");
        let run = account.sweep();
        assert_eq!(unread(&quirky), 4, "{after}: {run:#?}");
        assert_eq!(run.summary.troubles, 0, "{run:#?}");
    }
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
