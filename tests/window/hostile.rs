//! What others send, and what goes wrong on the way: none of it crashes the window, freezes it or
//! hides what matters.

use super::everywhere::{Window, ask};
use super::fits::texts;
use super::place::{Place, SIZE, settle, window};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Shape};
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::sweep::Phase;
use postsweep::gui::state::{Page, Tone, review};
use postsweep::gui::worker::Kind;
use postsweep::gui::{Command, Intent, Start, State};
use postsweep::job::{Event, Summary};
use postsweep::mail::text::is_invisible;
use std::fs;
use std::time::{Duration, Instant};

const SETTINGS: &str = "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = \"mail\"\n\
    folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n\n\
    [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\n\
    [senders]\nblocked = [\"*@spam.example\"]\n\n[cache]\nkey = \"file\"\n";

/// A mailbox with a hit of each of these senders and subjects.
pub fn mailbox(hits: &[(String, String)]) -> Place {
    let place = Place::new(SETTINGS);
    let mail = place.path().join("mail");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(mail.join(part)).unwrap();
    }
    for (number, (name, subject)) in hits.iter().enumerate() {
        let message = format!(
            "Received: from mail.spam.example (mail.spam.example [192.0.2.7]) by mx.example.net;\r\n\
             \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: {name} <who{number}@spam.example>\r\n\
             To: Pat <pat@example.net>\r\nSubject: {subject}\r\nMessage-ID: <{number}@spam.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{subject}\r\n"
        );
        fs::write(
            mail.join(format!("cur/{number}.M{number}.host:2,")),
            message,
        )
        .unwrap();
    }
    place
}

fn state(window: &Window) -> &State {
    window.state().state()
}

fn has(window: &Window, part: &str) -> bool {
    window.query_all_by_label_contains(part).next().is_some()
}

fn sender(name: &str, subject: &str) -> (String, String) {
    (name.to_owned(), subject.to_owned())
}

/// Nothing that is seen or read out steers text, is unseen or has no end.
fn is_tame(window: &Window, page: &str) {
    let read = window.root().children_recursive();
    let read = read.filter_map(|node| node.accesskit_node().label());
    for text in read.chain(texts(window)) {
        // What shapes honest words of some scripts stays.
        let bad = |letter: &char| {
            is_invisible(*letter) && !matches!(letter, '\u{200C}' | '\u{200D}' | '\u{FE0F}' | '\n')
        };
        assert_eq!(text.chars().find(bad), None, "{page}: {text:?}");
        let marks = text.chars().filter(|letter| *letter == '\u{301}').count();
        assert!(marks < 50, "{page}: {marks} signs on {text:?}");
    }
}

#[test]
fn hostile_words_are_tame_on_every_page_and_addresses_stay_in_sight() {
    let flood = format!("a{}", "\u{301}".repeat(2_000));
    let hits = [
        sender("Bank \u{202e}knab\u{202c}", "invoice\u{202e}fdp.exe"),
        sender(
            "Zero\u{200b}\u{200b}\u{2060}width",
            &"\u{200b}".repeat(3_000),
        ),
        sender("Zalgo", &flood),
        sender("Long", &"x".repeat(10_000)),
        sender(&"N".repeat(10_000), "a name without an end"),
        sender("😀🎉👩‍👩‍👧‍👦", "🎁 You won 🎁"),
        sender("\"support@bank.example\"", "imitates by its name"),
        sender("P\u{430}ypal", "imitates by its letters"),
        sender("Анна Иванова", "is of one alphabet"),
        sender("", ""),
    ];
    let place = mailbox(&hits);
    let mut window = window(Start::of(place.places()), SIZE);
    ask(&mut window, Command::Sweep);
    assert_eq!(state(&window).sweep.run.as_ref().unwrap().all_hits(), 10);
    is_tame(&window, "Sweep");
    ask(&mut window, Command::Go(Page::Review));
    for compact in [false, true] {
        if compact {
            ask(&mut window, Command::CompactRows);
        }
        is_tame(&window, "Review");
        let rows: Vec<String> = window
            .get_all_by_role(Role::ListBoxOption)
            .filter_map(|row| row.accesskit_node().label())
            .collect();
        let seen = texts(&window);
        assert_eq!(rows.len(), 10);
        for number in 0..10 {
            let address = format!("who{number}@spam.example");
            assert!(rows.iter().any(|row| row.contains(&address)), "{address}");
            // On the screen its local part may be cut, never its domain.
            let ends = seen.iter().filter(|text| text.ends_with("@spam.example"));
            assert!(ends.count() >= 10, "{seen:?}");
        }
    }
    for position in 0..10 {
        ask(&mut window, Intent::Review(review::Ask::Select(position)));
        for tab in review::Tab::ALL {
            ask(&mut window, Intent::Review(review::Ask::Tab(tab)));
            is_tame(&window, &format!("{tab:?} of hit {position}"));
        }
        let row = state(&window).review.row().unwrap();
        let (name, from) = (row.name.to_string(), row.from.to_string());
        assert!(
            texts(&window).iter().any(|text| text.contains(&from)),
            "{from}"
        );
        assert_eq!(
            has(&window, "mixes alphabets"),
            name.starts_with('P'),
            "{name}"
        );
    }
    ask(&mut window, Command::Move);
    ask(&mut window, Command::Report);
    is_tame(&window, "Report");
    ask(&mut window, Command::Send);
    assert!(state(&window).report.is_over());
    ask(&mut window, Command::Go(Page::History));
    for _ in 0..4 {
        is_tame(&window, "History");
        ask(&mut window, Command::Next);
    }
}

/// The letters of the longest text that a frame lays out.
fn longest(window: &Window) -> usize {
    let shapes = window.output().shapes.iter();
    let lengths = shapes.map(|clipped| letters(&clipped.shape));
    lengths.max().unwrap_or_default()
}

fn letters(shape: &Shape) -> usize {
    match shape {
        Shape::Vec(shapes) => shapes.iter().map(letters).max().unwrap_or_default(),
        Shape::Text(text) => text.galley.text().chars().count(),
        _ => 0,
    }
}

#[test]
fn a_flood_of_letters_is_cut_before_it_is_laid_out() {
    let hits: Vec<_> = (0..12)
        .map(|number| {
            let flood = format!("{number}{}", "\u{301}\u{202e}x".repeat(20_000));
            sender(&flood, &flood)
        })
        .collect();
    let place = mailbox(&hits);
    let mut window = window(Start::of(place.places()), SIZE);
    ask(&mut window, Command::Sweep);
    for page in [Page::Sweep, Page::Review, Page::Report, Page::History] {
        ask(&mut window, Command::Go(page));
        let longest = longest(&window);
        assert!((1..1_000).contains(&longest), "{page:?}: {longest}");
    }
}

#[test]
fn a_mailbox_that_vanishes_in_mid_sweep_is_told_and_what_was_found_stays() {
    let hits: Vec<_> = (0..600)
        .map(|number| sender("Sam", &format!("Offer {number}")))
        .collect();
    let place = mailbox(&hits);
    let mut window = window(Start::of(place.places()), SIZE);
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Command::Sweep.into());
    let begun = Instant::now();
    while state(&window).sweep.run.as_ref().unwrap().all_hits() < 3 {
        window.step();
        assert!(begun.elapsed() < Duration::from_secs(60), "no hit");
    }
    fs::rename(place.path().join("mail"), place.path().join("elsewhere")).unwrap();
    settle(&mut window);
    let run = state(&window).sweep.run.clone().unwrap();
    assert_eq!(run.phase, Phase::Done);
    assert!(run.all_hits() >= 3);
    let all = run.judged() + run.not_read();
    if run.judged() < 600 {
        assert!(run.troubles > 0, "{all} of 600, {:?}", run.notices);
        assert_eq!(state(&window).status.as_ref().unwrap().tone, Tone::Failed);
        assert!(window.query_by_label("Nothing was missed.").is_none());
    }
    // What was found can be looked at; moving says that the mailbox is not there.
    ask(&mut window, Command::Go(Page::Review));
    assert!(state(&window).review.table.len() >= 3);
    ask(&mut window, Command::Move);
    assert!(has(&window, "Not everything was done."));
    assert!(state(&window).review.moving.is_empty());
    // It is back: so is everything that can be done.
    fs::rename(place.path().join("elsewhere"), place.path().join("mail")).unwrap();
    ask(&mut window, Command::Sweep);
    let run = state(&window).sweep.run.clone().unwrap();
    assert_eq!(
        (run.phase, run.troubles),
        (Phase::Done, 0),
        "{:?}",
        run.notices
    );
    ask(&mut window, Command::Go(Page::Review));
    assert_eq!(state(&window).review.table.len(), 600);
}

#[test]
fn settings_broken_in_any_way_say_where_and_are_kept_when_new_ones_are_begun() {
    let cases: [(&str, &[u8]); 5] = [
        ("line 2, letter", b"level = \"low\"\n[samples\n"),
        ("line 1, letter", b"level = \xff\xfe\n"),
        ("line 3, letter", b"# mine\n\nlevle = \"low\"\n"),
        (
            "line 2, letter",
            b"[[account]]\nname = \"../../etc\"\nsource = \"files\"\npath = \"x\"\n",
        ),
        ("config.toml", b"\0\0\0\0"),
    ];
    for (place_in_file, bytes) in cases {
        let place = Place::new("");
        let file = place.places().config_file;
        fs::write(&file, bytes).unwrap();
        let mut window = place.window();
        assert!(has(&window, "The settings cannot be read"));
        assert!(has(&window, place_in_file), "{:?}", texts(&window));
        window
            .get_by_role_and_label(Role::Button, "Keep a copy and start fresh")
            .click();
        settle(&mut window);
        let kept = fs::read_dir(place.path()).unwrap();
        let kept = kept.filter_map(|entry| fs::read(entry.unwrap().path()).ok());
        assert!(
            kept.into_iter().any(|text| text == bytes),
            "{place_in_file}"
        );
        ask(&mut window, Command::AddMailbox);
        assert!(state(&window).accounts.form.is_some());
    }
}

#[test]
fn a_second_window_says_so_while_the_first_goes_on() {
    let place = mailbox(&[sender("Sam", "Offer")]);
    let mut first = window(Start::alone(place.places()), SIZE);
    let ctx = first.ctx.clone();
    first.state_mut().carry_out(&ctx, Command::Sweep.into());
    let mut second = window(Start::alone(place.places()), SIZE);
    second.get_by_label("Postsweep is open already");
    for key in [Key::F5, Key::F6, Key::Delete, Key::Space] {
        second.key_press(key);
        settle(&mut second);
    }
    for key in [Key::Num2, Key::M, Key::Z, Key::Enter, Key::Comma, Key::Plus] {
        second.key_press_modifiers(Modifiers::COMMAND, key);
        settle(&mut second);
    }
    second.get_by_role_and_label(Role::Button, "Close this window");
    settle(&mut first);
    assert_eq!(state(&first).sweep.run.as_ref().unwrap().all_hits(), 1);
}

#[test]
fn a_panic_in_a_sweep_is_told_keeps_what_was_found_and_another_can_begin() {
    let place = mailbox(&[sender("Sam", "Offer"), sender("Kim", "Prize")]);
    let mut window = window(Start::of(place.places()), SIZE);
    ask(&mut window, Command::Sweep);
    ask(&mut window, Command::Go(Page::Review));
    assert_eq!(state(&window).review.table.len(), 2);
    ask(&mut window, Command::Go(Page::Sweep));
    // The same sweep, as if its thread had ended in the middle.
    let run = window.state_mut().state_mut().sweep.run.as_mut().unwrap();
    (run.phase, run.summary) = (Phase::Running, None);
    window.state_mut().worker_mut().job(
        "the sweep",
        Kind::Sweep,
        |_, on: &mut dyn FnMut(Event)| -> Summary {
            on(Event::Noticed {
                account: String::new(),
                says: "it went well so far".to_owned(),
            });
            panic!("the moon fell down")
        },
    );
    settle(&mut window);
    let run = state(&window).sweep.run.clone().unwrap();
    assert_eq!((run.phase, run.all_hits()), (Phase::Done, 2));
    assert!(has(&window, "the moon fell down"));
    assert!(has(&window, "What was kept and moved stays so; try again."));
    assert!(!has(&window, "Sweep done"));
    assert_eq!(state(&window).status.as_ref().unwrap().tone, Tone::Failed);
    ask(&mut window, Command::Go(Page::Review));
    assert_eq!(state(&window).review.table.len(), 2);
    ask(&mut window, Command::Sweep);
    let run = state(&window).sweep.run.clone().unwrap();
    assert_eq!((run.phase, run.troubles), (Phase::Done, 0));
}

#[test]
fn a_panic_in_what_is_read_or_moved_leaves_nothing_waiting() {
    let place = mailbox(&[sender("Sam", "Offer")]);
    let mut window = window(Start::of(place.places()), SIZE);
    ask(&mut window, Command::Sweep);
    ask(&mut window, Command::Go(Page::Review));
    let app = window.state_mut();
    let review = &mut app.state_mut().review;
    review.load = review::Load::Reading;
    app.worker_mut()
        .task("the reading of hits", |_| panic!("a page is torn"));
    settle(&mut window);
    assert!(has(&window, "The hits could not be read."));
    assert!(has(&window, "a page is torn"));
    window
        .get_by_role_and_label(Role::Button, "Try again")
        .click();
    settle(&mut window);
    assert_eq!(state(&window).review.table.len(), 1);

    let app = window.state_mut();
    let open = app.state().review.selected.clone().unwrap();
    app.state_mut().review.moving.insert(open);
    app.worker_mut()
        .job("the moving of messages", Kind::Serve, |_, _| {
            panic!("a box is torn")
        });
    settle(&mut window);
    assert!(has(&window, "a box is torn"));
    assert!(Command::Move.is_enabled(state(&window)));
    ask(&mut window, Command::Move);
    assert_eq!(state(&window).review.table.counts().kinds[4], 1);
}
