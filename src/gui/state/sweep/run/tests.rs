//! Counts that agree whatever the job tells, in whatever order it may.

use super::*;
use crate::mail::{Digest, Place};
use crate::verdict::{Judgement, Verdict};

fn run() -> Run {
    let row = |account: &str, folder: &str| FolderRow {
        account: account.to_owned(),
        folder: folder.to_owned(),
        ..FolderRow::default()
    };
    Run {
        folders: vec![
            row("work", "INBOX"),
            row("work", "Archive"),
            row("home", "INBOX"),
        ],
        ..Run::default()
    }
}

fn folder(account: &str, folder: &str, messages: usize, new: usize) -> Event {
    Event::Folder {
        account: account.to_owned(),
        folder: folder.to_owned(),
        messages,
        new,
        bytes: 0,
    }
}

fn at(account: &str, folder: &str, number: u32) -> MessageRef {
    MessageRef {
        account: account.to_owned(),
        folder: folder.to_owned(),
        place: Place::Path(number.to_string()),
    }
}

fn verdict(judgement: Judgement) -> Verdict {
    Verdict {
        judgement,
        ..Verdict::weigh(Vec::new(), Vec::new(), Level::Low)
    }
}

fn judged(account: &str, folder: &str, number: u32) -> Event {
    Event::Judged {
        at: at(account, folder, number),
        sha256: Digest::of(&number.to_be_bytes()),
        verdict: verdict(Judgement::Clean),
        size: Some(1),
    }
}

fn hit(number: u32, judgement: Judgement) -> Event {
    Event::Hit(Hit {
        sha256: Digest::of(&number.to_be_bytes()),
        at: at("work", "INBOX", number),
        from: "a@b.example".to_owned(),
        subject: "a subject".to_owned(),
        verdict: verdict(judgement),
        size: 1,
    })
}

fn hear(run: &mut Run, event: &Event) {
    run.hear(event, || "09:15:58".to_owned());
    assert_eq!(run.seen(), run.judged() + run.not_read());
    assert!(run.seen() <= run.messages());
}

#[test]
fn seen_is_judged_and_not_read_at_every_step() {
    let mut run = run();
    assert_eq!((run.part(), run.is_counted()), (0.0, false));
    hear(&mut run, &folder("work", "INBOX", 10, 4));
    assert_eq!((run.seen(), run.left()), (6, 4));
    for number in 0..3 {
        hear(&mut run, &judged("work", "INBOX", number));
    }
    // One of them could not be read; the next folder shows that this one is over.
    hear(&mut run, &folder("work", "Archive", 5, 5));
    assert_eq!((run.seen(), run.judged(), run.not_read()), (10, 9, 1));
    assert_eq!(run.folders[0].standing, Standing::Done);
    hear(&mut run, &folder("home", "INBOX", 0, 0));
    assert!(run.is_counted());
    assert_eq!(run.folders[2].standing, Standing::Done);
    run.end(&Summary::default());
    assert_eq!((run.seen(), run.not_read(), run.left()), (15, 6, 0));
    assert_eq!(run.part(), 1.0);
}

#[test]
fn a_folder_that_is_listed_again_after_a_break_is_not_counted_twice() {
    let mut run = run();
    hear(&mut run, &folder("work", "INBOX", 10, 10));
    for number in 0..4 {
        hear(&mut run, &judged("work", "INBOX", number));
    }
    let waiting = Event::Waiting {
        account: "work".to_owned(),
        seconds: 5,
        why: "gone".to_owned(),
    };
    hear(&mut run, &waiting);
    assert_eq!(run.waiting.len(), 1);
    hear(&mut run, &folder("work", "INBOX", 10, 6));
    assert!(run.waiting.is_empty());
    for number in 4..10 {
        hear(&mut run, &judged("work", "INBOX", number));
    }
    assert_eq!((run.seen(), run.judged()), (10, 10));
}

#[test]
fn hits_are_counted_once_and_the_newest_stands_first() {
    let mut run = run();
    hear(&mut run, &hit(1, Judgement::Spam));
    hear(&mut run, &hit(2, Judgement::Phishing));
    hear(&mut run, &hit(1, Judgement::Spam));
    assert_eq!((run.spam, run.phishing, run.all_hits()), (1, 1, 2));
    assert_eq!(run.folders[0].hits, 2);
    assert_eq!(run.latest[0].category, Category::Phishing);
}

#[test]
fn the_hit_that_was_found_last_stands_first_and_one_found_again_keeps_its_place() {
    let mut run = run();
    let mut found = |number: u32| {
        run.hear(&hit(number, Judgement::Spam), || number.to_string());
        let times = run.latest.iter().map(|hit| hit.time.clone());
        times.collect::<Vec<String>>().join(" ")
    };
    assert_eq!(found(1), "1");
    assert_eq!(found(2), "2 1");
    assert_eq!(found(1), "2 1");
    for number in 3..10 {
        found(number);
    }
    assert_eq!(found(10), "10 9 8 7 6 5 4 3");
}

#[test]
fn a_stopped_sweep_leaves_folders_unfinished_and_reads_nothing_into_that() {
    let mut run = run();
    hear(&mut run, &folder("work", "INBOX", 10, 10));
    hear(&mut run, &judged("work", "INBOX", 1));
    run.end(&Summary {
        stopped: true,
        ..Summary::default()
    });
    assert_eq!((run.judged(), run.not_read(), run.left()), (1, 0, 9));
    assert_eq!(run.folders[0].standing, Standing::Unfinished);
    assert_eq!(run.folders[1].standing, Standing::Unfinished);
}

#[test]
fn troubles_are_all_counted_and_some_kept() {
    let mut run = run();
    for number in 0..80 {
        let trouble = Event::Trouble {
            account: Some("work".to_owned()),
            says: format!("trouble {number}"),
        };
        hear(&mut run, &trouble);
    }
    assert_eq!((run.troubles, run.notices.len()), (80, NOTICES));
}
