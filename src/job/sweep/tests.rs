//! The sweep over a scripted mailbox: whatever comes in between, every message is judged once, and
//! what was judged is not asked for again.

mod scripted;

use crate::job::accounts::each_account;
use crate::job::deliver::{By, Then};
use crate::job::{Choices, Control, Event, Moves, Plan, Request, Summary};
use crate::mail::{Digest, Flags};
use crate::settings::{Keeping, KeyPlace, Places, Settings};
use scripted::{Error, Scripted, State, uid};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tempfile::TempDir;

/// Each third message is from here, and a hit.
const BLOCKED: &str = "spam.example";

/// A mailbox, and a data folder to sweep it with.
struct Scene {
    dir: TempDir,
    mailbox: Scripted,
    memory: u64,
    blocked: &'static str,
    /// Bytes that may be kept of judged messages.
    cache: u64,
}

impl Scene {
    fn new(count: usize) -> Scene {
        let state = State {
            next: 1,
            marks: true,
            ..State::default()
        };
        let scene = Scene {
            dir: tempfile::tempdir().unwrap(),
            mailbox: Scripted {
                state: Arc::new(Mutex::new(state)),
            },
            memory: 64 << 20,
            blocked: BLOCKED,
            cache: 0,
        };
        std::fs::create_dir(scene.dir.path().join("mail")).unwrap();
        for number in 0..count {
            scene.add(number, 100);
        }
        scene
    }

    fn add(&self, number: usize, length: usize) -> u32 {
        let domain = if number.is_multiple_of(3) {
            BLOCKED
        } else {
            "example.org"
        };
        let text = "Minutes of the meeting.\r\n".repeat(length / 25 + 1);
        let message = format!(
            "From: Sam <sam@{domain}>\r\nTo: pat@example.net\r\nSubject: Minutes {number}\r\n\
             Message-ID: <{number}@{domain}>\r\n\r\n{text}"
        );
        let mut state = self.mailbox.lock();
        let uid = state.next;
        state.next += 1;
        let inbox = state.folders.entry("INBOX".into()).or_default();
        inbox.insert(uid, (message.into_bytes(), Flags::default()));
        uid
    }

    fn plan(&self) -> Plan {
        let text = format!(
            "[[account]]\nname = \"pat\"\nsource = \"files\"\npath = \"mail\"\nfolders = [\"INBOX\"]\n\
             move-to = \"Missed spam\"\n[senders]\nblocked = [\"*@{}\"]\n",
            self.blocked
        );
        let path = self.dir.path().join("config.toml");
        let mut settings = Settings::parse(&path, &text).unwrap();
        // A break is told at once: what is opened anew is not the mailbox of the scene.
        settings.accounts[0].retry = std::time::Duration::ZERO;
        settings.limits.memory = self.memory;
        settings.limits.message = 64 << 10;
        settings.cache = Keeping {
            size: self.cache,
            key: KeyPlace::File,
        };
        let places = Places {
            config_file: path,
            config_dir: self.dir.path().to_owned(),
            data_dir: self.dir.path().join("data"),
        };
        let choices = Choices {
            moves: Moves::WhenAsked,
            ..Choices::default()
        };
        Plan::new(settings, &places, &choices).unwrap()
    }

    /// Sweeps, and delivers where that is asked for; must end by itself, and soon.
    fn run(&self, delivers: bool, hear: impl Fn(&Event, &Control) + Send) -> (Summary, Vec<Event>) {
        let control = Control::new();
        let (ended, end) = mpsc::channel();
        std::thread::scope(|scope| {
            let control = &control;
            scope.spawn(move || {
                let (plan, mut events) = (self.plan(), Vec::new());
                let mut on = |event: Event| {
                    hear(&event, control);
                    events.push(event);
                };
                let summary = each_account(&plan, &plan.accounts, control, &mut on, |desk| {
                    desk.mailbox = Box::new(self.mailbox.clone());
                    desk.sweep(control)?;
                    if delivers {
                        let hits = desk.work.deliverable();
                        desk.deliver(hits, By::Sweep, Then::Submit, control)?;
                    }
                    desk.gap(control).map(|_| ())
                });
                ended.send((summary, events)).unwrap();
            });
            let ended = end.recv_timeout(Duration::from_secs(60));
            ended.unwrap_or_else(|_| {
                eprintln!("the sweep stands still");
                std::process::exit(1)
            })
        })
    }

    fn sweep(&self) -> Summary {
        let (summary, events) = self.run(false, |_, _| {});
        assert_eq!(summary.troubles, 0, "{events:#?}");
        summary
    }

    /// What was listed, looked at and fetched since it was asked the last time.
    fn asked(&self) -> (usize, usize, usize) {
        let state = &mut *self.mailbox.lock();
        let fetched = std::mem::take(&mut state.fetched).len();
        let (listed, looked) = (&mut state.listed, &mut state.looked);
        (std::mem::take(listed), std::mem::take(looked), fetched)
    }
}

#[test]
fn a_tiny_room_and_messages_larger_than_it_come_to_an_end() {
    let mut scene = Scene::new(40);
    scene.memory = 64 << 10;
    for number in 0..12 {
        scene.add(number, 60_000 + 10_000 * number);
    }
    let summary = scene.sweep();
    assert_eq!((summary.judged, summary.spam), (52, 18), "{summary:?}");
    // Those above 64 KiB were judged in part, and the hits among them kept whole.
    let state = scene.mailbox.lock();
    let large = |bytes: &Vec<u8>| bytes.len() > 64 << 10;
    let hit = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(BLOCKED);
    let mut kept = 0;
    for (bytes, _) in state.folders["INBOX"].values() {
        let sample = scene
            .dir
            .path()
            .join(format!("data/samples/{}.eml", Digest::of(bytes)));
        assert_eq!(sample.exists(), hit(bytes));
        kept += usize::from(large(bytes) && hit(bytes));
    }
    assert_eq!((kept > 2, state.downloaded), (true, kept));
}

#[test]
fn whatever_comes_in_between_every_message_is_judged_once() {
    type Hear = fn(&Event, &Control);
    fn nth(event: &Event) -> bool {
        matches!(event, Event::Judged { at, .. } if uid(&at.place) % 17 == 5)
    }
    let cases: [(&str, Hear); 4] = [
        ("nothing", |_, _| {}),
        ("stop", |event, control| {
            if nth(event) {
                control.stop();
            }
        }),
        ("pause", |event, control| {
            if nth(event) {
                control.pause();
                control.ask(Request::Undo(vec![Digest::of(b"nobody's")]));
                control.resume();
            }
        }),
        ("deliver", |event, control| {
            if let Event::Hit(hit) = event {
                control.ask(Request::Deliver(vec![hit.sha256]));
            }
        }),
    ];
    for (what, hear) in cases {
        let mut scene = Scene::new(100);
        scene.memory = 1500; // three or four messages
        let (first, events) = scene.run(false, hear);
        let judged = |events: &[Event]| {
            let all = events.iter().filter_map(|event| match event {
                Event::Judged { at, .. } => Some(uid(&at.place)),
                _ => None,
            });
            all.collect::<Vec<u32>>()
        };
        let mut all = judged(&events);
        assert_eq!(first.stopped, what == "stop", "{what}");
        assert_eq!(all.len() < 100, what == "stop", "{what}: {}", all.len());
        let moved = if what == "deliver" { 34 } else { 0 };
        assert_eq!(first.moved, moved, "{what}");
        let (second, events) = scene.run(false, |_, _| {});
        all.extend(judged(&events));
        all.sort_unstable();
        assert_eq!(all, (1..=100).collect::<Vec<u32>>(), "{what}");
        assert_eq!(second.spam, 34 - moved, "{what}");
    }
}

#[test]
fn an_error_in_mid_fetch_loses_nothing_and_hangs_nothing() {
    for after in [0, 1, 7, 99] {
        let scene = Scene::new(100);
        scene.mailbox.lock().fails = Some((after, Error::Lost));
        let (first, events) = scene.run(false, |_, _| {});
        assert_eq!((first.judged, first.troubles), (after, 1), "{events:#?}");
        let second = scene.sweep();
        assert_eq!((second.judged, second.known), (100 - after, after));
        assert_eq!(second.spam, 34);
        assert_eq!(scene.asked().2, 100, "none was fetched twice");
    }
}

#[test]
fn a_message_that_cannot_be_fetched_holds_up_few_others_and_is_tried_again() {
    let scene = Scene::new(600);
    scene.mailbox.lock().broken = Some(300);
    let (first, events) = scene.run(false, |_, _| {});
    assert_eq!(first.troubles, 1, "{events:#?}");
    // All that came before it and, tried in smaller goes, what is well behind it.
    assert!((349..600).contains(&first.judged), "{}", first.judged);
    scene.mailbox.lock().broken = None;
    let second = scene.sweep();
    assert_eq!(first.judged + second.judged, 600);
}

#[test]
fn a_second_sweep_asks_for_nothing_but_the_hits() {
    let scene = Scene::new(30);
    let first = scene.sweep();
    assert_eq!((first.seen, first.judged, first.spam), (30, 30, 10));
    assert_eq!(scene.asked(), (2, 0, 30)); // INBOX and Sent
    let second = scene.sweep();
    assert_eq!((second.seen, second.known, second.judged), (30, 30, 0));
    assert_eq!(
        second.spam, 10,
        "those that were found before are told again"
    );
    assert_eq!(scene.asked(), (0, 1, 0));
    // What came is all that is read.
    scene.add(30, 100);
    scene.add(31, 100);
    let third = scene.sweep();
    assert_eq!((third.seen, third.known, third.judged), (32, 30, 2));
    assert_eq!(third.spam, 11);
    assert_eq!(scene.asked(), (0, 1, 2));
    // What went is noticed, and forgotten.
    scene
        .mailbox
        .lock()
        .folders
        .get_mut("INBOX")
        .unwrap()
        .remove(&2);
    let fourth = scene.sweep();
    assert_eq!((fourth.seen, fourth.known, fourth.judged), (31, 31, 0));
    assert_eq!(scene.asked(), (1, 0, 0));
}

#[test]
fn what_the_sweep_moves_itself_is_no_news_to_the_next_one() {
    let scene = Scene::new(30);
    let (first, _) = scene.run(true, |_, _| {});
    assert_eq!((first.moved, first.troubles), (10, 0));
    scene.asked();
    let second = scene.sweep();
    assert_eq!((second.seen, second.known, second.spam), (20, 20, 0));
    assert_eq!(scene.asked(), (0, 0, 0));
    // Somebody else's move beside ours is not taken for ours.
    scene.add(33, 100);
    let delete = scene.mailbox.clone();
    let (third, _) = scene.run(true, move |event, _| {
        if matches!(event, Event::Hit(_)) {
            delete.lock().folders.get_mut("INBOX").unwrap().remove(&3);
        }
    });
    assert_eq!(third.moved, 1);
    scene.asked();
    let fourth = scene.sweep();
    assert_eq!((fourth.seen, fourth.judged), (19, 0));
    assert_eq!(scene.asked().0, 1);
}

#[test]
fn drafts_and_what_is_marked_deleted_are_judged_when_they_are_that_no_more() {
    let scene = Scene::new(9);
    let flag = |uid: u32, deleted: bool, draft: bool| {
        let mut state = scene.mailbox.lock();
        let inbox = state.folders.get_mut("INBOX").unwrap();
        let flags = &mut inbox.get_mut(&uid).unwrap().1;
        (flags.deleted, flags.draft) = (deleted, draft);
    };
    flag(2, true, false);
    flag(4, false, true); // from the blocked domain
    let first = scene.sweep();
    assert_eq!((first.seen, first.judged, first.spam), (7, 7, 2));
    scene.asked();
    let second = scene.sweep();
    assert_eq!((second.seen, second.known, second.judged), (7, 7, 0));
    flag(2, false, false);
    flag(4, false, false);
    flag(1, true, false); // a hit, deleted by its owner
    let third = scene.sweep();
    assert_eq!((third.judged, third.spam), (2, 2));
    assert_eq!((third.seen, third.known), (8, 6));
    flag(1, false, false);
    let fourth = scene.sweep();
    assert_eq!((fourth.seen, fourth.judged, fourth.spam), (9, 0, 3));
    assert_eq!(scene.asked().0, 0, "nothing was listed in all that time");
}

#[test]
fn other_rules_judge_everything_again_and_the_old_ones_too_when_they_come_back() {
    let mut scene = Scene::new(9);
    scene.sweep();
    scene.blocked = "example.org";
    // Broken off, in its middle as a rule: some are judged by these rules, some by the others. A
    // stop is heard when the judges hear it, so that all of them may have been judged.
    scene.memory = 500;
    let (broken_off, _) = scene.run(false, |event, control| {
        if matches!(event, Event::Judged { .. }) {
            control.stop();
        }
    });
    assert!(broken_off.judged > 0, "{broken_off:?}");
    scene.blocked = BLOCKED;
    let back = scene.sweep();
    assert_eq!(back.known + back.judged, 9);
    assert_eq!((back.judged, back.spam), (broken_off.judged, 3));
    scene.blocked = "example.org";
    let other = scene.sweep();
    assert_eq!((other.judged, other.spam), (9, 6));
    scene.asked();
    assert_eq!(scene.sweep().known, 9);
    assert_eq!(scene.asked().0, 0);
}

#[test]
fn other_rules_judge_from_the_cache_and_ask_the_mailbox_for_nothing() {
    let mut scene = Scene::new(9);
    scene.cache = 8 << 20;
    scene.sweep();
    scene.asked();
    scene.blocked = "example.org";
    let other = scene.sweep();
    assert_eq!(
        (other.seen, other.judged, other.known, other.spam),
        (9, 9, 0, 6)
    );
    // Each new hit is looked at as it stands now, and its sample fetched; no list, no other fetch.
    let (listed, looked, fetched) = scene.asked();
    assert_eq!((listed, fetched), (0, 0));
    assert_eq!(looked, 1);
    scene.sweep();
    assert_eq!(scene.asked().0, 0);
}

#[test]
fn a_mailbox_without_marks_is_listed_each_time() {
    let scene = Scene::new(9);
    scene.mailbox.lock().marks = false;
    scene.sweep();
    scene.asked();
    let second = scene.sweep();
    assert_eq!((second.known, second.judged, second.spam), (9, 0, 3));
    assert_eq!(scene.asked(), (2, 0, 0));
}
