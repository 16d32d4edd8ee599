//! Several accounts at once: each is swept as it is alone, what is asked for reaches the one that
//! is meant, and no vendor gets a message twice.

use super::place::{BLOCKED, Place, message};
use postsweep::job::{self, Choices, Control, Event, Moves, Plan, Request};
use postsweep::settings::Settings;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ACCOUNTS: usize = 12;

/// Accounts `a0` and so on, each a folder of `.eml` files with `count` messages of which a third
/// are hits; the first hit is the same in all.
fn accounts(place: &Place, count: usize, side_by_side: usize) -> Settings {
    let mut text = format!(
        "[submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
         [senders]\nblocked = [\"*@{BLOCKED}\"]\n[limits]\naccounts = {side_by_side}\n"
    );
    for account in 0..ACCOUNTS {
        let folder = folder(place, account);
        fs::create_dir_all(&folder).unwrap();
        for number in 0..count {
            let domain = if number % 3 == 0 {
                BLOCKED
            } else {
                "example.org"
            };
            let number = if number == 0 {
                0
            } else {
                1000 * account + number
            };
            fs::write(
                folder.join(format!("{number}.eml")),
                message(number, domain),
            )
            .unwrap();
        }
        text.push_str(&format!(
            "[[account]]\nname = \"a{account}\"\nsource = \"files\"\npath = {folder:?}\n\
             folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n"
        ));
    }
    Settings::parse(Path::new("config.toml"), &text).unwrap()
}

fn folder(place: &Place, account: usize) -> PathBuf {
    place.root.join(format!("mail-{account}"))
}

#[test]
fn each_account_tells_its_own_story_in_order_and_the_counts_add_up() {
    let place = Place::new(0);
    let settings = accounts(&place, 9, 4);
    let plan = Plan::new(settings, &place.places(), &Choices::default()).unwrap();
    let mut stories: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut lately = 0;
    let summary = job::run(&plan, &Control::new(), &mut |event| {
        let (account, what) = match event {
            Event::Opened { account, .. } => (account, "opened"),
            Event::Folder { account, .. } => (account, "folder"),
            Event::Judged { at, .. } => (at.account, "judged"),
            Event::Hit(hit) => (hit.at.account, "hit"),
            Event::Moved { from, .. } => (from.account, "moved"),
            Event::Summary(_) => {
                lately += 1;
                return;
            }
            Event::Trouble { says, .. } => panic!("{says}"),
            _ => return,
        };
        assert_eq!(lately, 0, "the summary is the last");
        stories.entry(account).or_default().push(what);
    });
    assert_eq!(
        (summary.seen, summary.judged, summary.spam, summary.moved),
        (9 * ACCOUNTS, 9 * ACCOUNTS, 3 * ACCOUNTS, 3 * ACCOUNTS)
    );
    assert_eq!(stories.len(), ACCOUNTS);
    for (account, story) in stories {
        let count = |what: &str| story.iter().filter(|told| **told == what).count();
        assert_eq!((count("judged"), count("hit"), count("moved")), (9, 3, 3));
        let first = |what: &str| story.iter().position(|told| *told == what).unwrap();
        let order = ["opened", "folder", "judged", "hit", "moved"].map(first);
        assert!(order.is_sorted(), "{account}: {story:?}");
    }
    // The one that lay in all of them was handed over once.
    let zips = super::place::files(&place.root.join("data/packages"));
    let mut packed = 0;
    for zip in &zips {
        packed += zip::ZipArchive::new(fs::File::open(zip).unwrap())
            .unwrap()
            .len();
    }
    assert_eq!(packed, 2 * ACCOUNTS + 1);
}

/// Nothing is moved but what is asked for.
fn when_asked(place: &Place) -> Plan {
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    Plan::new(accounts(place, 6, 12), &place.places(), &choices).unwrap()
}

#[test]
fn a_request_reaches_the_account_that_has_the_message() {
    let place = Place::new(0);
    let plan = when_asked(&place);
    let control = Control::new();
    let (mut asked, mut moved) = (Vec::new(), Vec::new());
    let summary = job::run(&plan, &control, &mut |event| match event {
        // One hit of each account, which no other has.
        Event::Hit(hit) if !hit.subject.ends_with("meeting 0") => {
            control.ask(Request::Deliver(vec![hit.sha256]));
            asked.push((hit.at.account, hit.sha256));
        }
        Event::Moved { from, sha256, .. } => moved.push((from.account, sha256)),
        Event::Trouble { says, .. } => panic!("{says}"),
        _ => {}
    });
    asked.sort();
    moved.sort();
    assert_eq!(moved, asked);
    assert_eq!(moved.len(), ACCOUNTS);
    assert_eq!(summary.troubles, 0);
}

#[test]
fn what_is_asked_of_one_account_leaves_the_same_message_in_the_others() {
    let place = Place::new(0);
    let plan = when_asked(&place);
    // The hit that lies in all of them, asked for while all of them are at work.
    let control = Control::new();
    let (mut all, mut moved) = (Vec::new(), Vec::new());
    job::run(&plan, &control, &mut |event| match event {
        Event::Hit(hit) if hit.subject.ends_with("meeting 0") => {
            if all.is_empty() {
                let request = Request::MoveFrom("INBOX".to_owned(), vec![hit.sha256]);
                control.ask_of("a3", request);
            }
            all.push(hit.sha256);
        }
        Event::Moved { from, .. } => moved.push(from.account),
        Event::Trouble { says, .. } => panic!("{says}"),
        _ => {}
    });
    assert_eq!((all.len(), moved), (ACCOUNTS, vec!["a3".to_owned()]));
    // Once it was moved in all of them, it is put back in one.
    let everywhere = Control::new();
    everywhere.ask(Request::Deliver(vec![all[0]]));
    let summary = job::run(&plan, &everywhere, &mut |_| {});
    assert_eq!(summary.moved, ACCOUNTS - 1);
    let control = Control::new();
    control.ask_of("a3", Request::Undo(vec![all[0]]));
    let mut undone = Vec::new();
    job::run(&plan, &control, &mut |event| {
        if let Event::Undone { account, .. } = event {
            undone.push(account);
        }
    });
    assert_eq!(undone, ["a3"]);
}

#[test]
fn a_stop_ends_all_of_them() {
    let place = Place::new(0);
    let settings = accounts(&place, 30, 3);
    let plan = Plan::new(settings, &place.places(), &Choices::default()).unwrap();
    let control = Control::new();
    let summary = job::run(&plan, &control, &mut |event| {
        if matches!(event, Event::Judged { .. }) {
            control.stop();
        }
    });
    assert!(summary.stopped);
    assert_eq!((summary.moved, summary.troubles), (0, 0));
    assert!(
        summary.seen <= 3 * 30,
        "those that had not begun do not begin"
    );
}
