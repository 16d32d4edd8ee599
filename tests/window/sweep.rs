//! The page for the sweep: choosing, a real sweep of the sample mail, and what it shows while one
//! goes on.

use super::place::{self, Place, SIZE, drawn, settle};
use super::raster::Textures;
use super::swept::{message, swept};
use eframe::App as _;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, RawInput};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::sweep::{Phase, Run};
use postsweep::gui::{App, Start};
use postsweep::job::{self, Event, Hit, Moves};
use postsweep::mail::{Digest, MessageRef, Place as At};
use postsweep::verdict::{Category, Finding, Judgement, Level, Verdict};
use std::time::{Duration, Instant};

fn demo() -> Start {
    Start::demo(job::demo().unwrap())
}

/// Two accounts.
pub const TWO: &str = "[[account]]\nname = \"Work\"\nsource = \"maildir\"\npath = \"/nowhere/work\"\n\
                   folders = [\"INBOX\", \"Archive/2025\"]\naddresses = [\"pat@example.com\"]\n\
                   [[account]]\nname = \"Home\"\nsource = \"maildir\"\npath = \"/nowhere/home\"\n\
                   folders = [\"INBOX\"]\naddresses = [\"pat@home.example\"]\n";

#[test]
fn the_sample_mail_is_swept_with_one_press_and_its_counts_agree() {
    let mut window = place::window(demo(), SIZE);
    let begin = window.get_by_role_and_label(Role::Button, "Sweep 1 mailbox");
    begin.click();
    settle(&mut window);
    let state = window.state().state();
    let run = state.sweep.run.as_ref().unwrap();
    assert_eq!(run.phase, Phase::Done);
    assert_eq!(run.seen(), run.judged() + run.not_read());
    let summary = run.summary.clone().unwrap();
    assert_eq!((run.judged(), run.seen()), (summary.judged, summary.seen));
    assert_eq!((run.spam, run.phishing), (summary.spam, summary.phishing));
    assert!(run.all_hits() > 0 && summary.moved == 0, "{summary:?}");
    let (judged, hits) = (run.judged(), run.all_hits());
    window.get_by_role_and_label(Role::Heading, "Sweep done");
    window.get_by_label(&format!("Judged: {judged}"));
    window
        .get_by_role_and_label(Role::Button, &format!("Review {hits} hits"))
        .click();
    window.run_ok();
    assert_eq!(
        window.state().state().page,
        postsweep::gui::state::Page::Review
    );
}

#[test]
fn a_sweep_is_started_by_key_and_what_is_not_ticked_is_left_out() {
    let mut window = place::window(demo(), SIZE);
    window
        .get_by_role_and_label(Role::CheckBox, "INBOX")
        .click();
    window.run_ok();
    let begin = window.get_by_role_and_label(Role::Button, "Sweep 0 mailboxes");
    assert!(begin.accesskit_node().is_disabled());
    window.key_press(Key::F5);
    settle(&mut window);
    assert!(window.state().state().sweep.run.is_none());
    window.get_by_role_and_label(Role::CheckBox, "demo").click();
    window.run_ok();
    window
        .get_by_role_and_label(Role::RadioButton, "High")
        .click();
    window.run_ok();
    window.key_press(Key::F5);
    settle(&mut window);
    let run = window.state().state().sweep.run.clone().unwrap();
    assert_eq!((run.phase, run.level), (Phase::Done, Level::High));
    window
        .get_by_role_and_label(Role::Button, "Choose what to sweep")
        .click();
    window.run_ok();
    window.get_by_role_and_label(Role::ComboBox, "How far back");
}

#[test]
fn the_end_of_a_long_sweep_is_told_outside_a_window_that_nobody_looks_at() {
    for (focused, minutes, notify, told) in [
        (false, 1, true, true),
        (true, 1, true, false),
        (false, 0, true, false),
        (false, 1, false, false),
    ] {
        let mut window = place::window(demo(), SIZE);
        window.state_mut().state_mut().site.settings.window.notify = notify;
        window.input_mut().focused = focused;
        window.key_press(Key::F5);
        window.step();
        let begun = Instant::now().checked_sub(Duration::from_secs(minutes * 60));
        let run = window.state_mut().state_mut().sweep.run.as_mut();
        run.unwrap().started = begun;
        settle(&mut window);
        let state = window.state().state();
        let run = state.sweep.run.as_ref().unwrap();
        let (hits, judged) = (run.all_hits(), run.judged());
        let says = format!("Sweep done: {hits} of {judged} messages look like missed spam");
        assert_eq!(state.told_outside, told.then_some(says));
    }
}

#[test]
fn the_end_is_told_outside_a_window_that_was_hidden_since_it_was_drawn_last() {
    let mut window = place::window(demo(), SIZE);
    window.input_mut().focused = true;
    window.key_press(Key::F5);
    window.step();
    let run = window.state_mut().state_mut().sweep.run.as_mut();
    run.unwrap().started = Instant::now().checked_sub(Duration::from_secs(60));
    // Nothing is drawn any more.
    let ctx = window.ctx.clone();
    let mut frame = eframe::Frame::_new_kittest();
    let hidden = RawInput {
        focused: false,
        ..RawInput::default()
    };
    while window.state().is_busy() {
        let _ = ctx.run_logic(&hidden, |ctx| window.state_mut().logic(ctx, &mut frame));
        std::thread::yield_now();
    }
    assert!(window.state().state().told_outside.is_some());
}

#[test]
fn a_mailbox_that_cannot_be_opened_is_told_on_the_page() {
    let place = Place::new(TWO);
    let mut window = place.window();
    window
        .get_by_role_and_label(Role::Button, "Sweep 2 mailboxes")
        .click();
    settle(&mut window);
    let run = window.state().state().sweep.run.clone().unwrap();
    assert!(run.troubles >= 2, "{:?}", run.notices);
    assert!(window.query_by_label_contains("Work:").is_some());
    assert!(window.query_by_label("Nothing was missed.").is_none());
}

#[test]
fn while_a_sweep_goes_on_it_can_be_paused_and_stopped() {
    let place = Place::new(TWO);
    let (window, _) = sweeping(&place);
    for name in ["Stop", "Pause", "Review 14 hits so far"] {
        let button = window.get_by_role_and_label(Role::Button, name);
        assert!(!button.accesskit_node().is_disabled(), "{name}");
    }
    window.get_by_role_and_label(Role::Heading, "Sweeping 2 accounts");
    for counter in ["Seen: 11,846", "Judged: 11,844", "Phishing: 5", "Spam: 9"] {
        window.get_by_label(counter);
    }
    window.get_by_label("Not read: 2");
    window.get_by_label("Left: 6,566");
}

/// Draws until this is so; whatever it waits for comes from a thread.
fn until(window: &mut Harness<'static, App>, what: &str, is: impl Fn(&Run) -> bool) {
    let begun = Instant::now();
    while !is(run(window)) {
        assert!(begun.elapsed() < Duration::from_secs(60), "not yet {what}");
        window.step();
    }
}

fn run<'a>(window: &'a Harness<'static, App>) -> &'a Run {
    window.state().state().sweep.run.as_ref().unwrap()
}

fn press(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    window.step();
    window.step();
}

#[test]
fn a_running_sweep_is_paused_goes_on_and_is_stopped_by_the_buttons_of_its_page() {
    const MORE: usize = 4_000;
    let (place, hits) = swept(Moves::WhenAsked);
    for number in 9..MORE {
        let name = format!("mail/cur/{}.M{number}.host:2,S", 1_790_000_000 + number);
        let message = message(number, "example.org");
        std::fs::write(place.path().join(name), message).unwrap();
    }
    let mut window = place.window();
    press(&mut window, "Sweep 1 mailbox");
    until(&mut window, "begun", |run| run.judged() > 9);
    press(&mut window, "Pause");
    assert_eq!(run(&window).phase, Phase::Paused);
    // What is asked of it is done between two steps; after that it waits.
    let go = |window: &mut Harness<'static, App>, key: Key| {
        window.key_press_modifiers(Modifiers::COMMAND, key);
        window.step();
    };
    go(&mut window, Key::Num2);
    let begun = Instant::now();
    while window.state().state().review.table.len() < hits.len() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no hit is listed"
        );
        window.step();
    }
    go(&mut window, Key::M);
    let target = place.path().join("mail/.Missed spam/cur");
    let moved = || std::fs::read_dir(&target).map_or(0, Iterator::count);
    while moved() < hits.len() || !window.state().state().review.moving.is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing moves");
        window.step();
    }
    let waits_at = run(&window).judged();
    for _ in 0..100 {
        window.step();
    }
    assert_eq!(run(&window).judged(), waits_at);
    assert!(waits_at < MORE && run(&window).phase == Phase::Paused);
    go(&mut window, Key::Num1);
    window.step();
    press(&mut window, "Go on");
    until(&mut window, "going on", |run| run.judged() > waits_at);
    press(&mut window, "Stop");
    settle(&mut window);
    let run = run(&window);
    assert_eq!(run.phase, Phase::Done);
    assert!(run.summary.as_ref().unwrap().stopped);
    assert!(run.judged() < MORE, "{} judged", run.judged());
    window.get_by_role_and_label(Role::Heading, "Sweep stopped");
}

#[test]
fn the_latest_hits_stand_newest_found_first() {
    let place = Place::new(TWO);
    let (mut window, _) = sweeping(&place);
    let run = window.state_mut().state_mut().sweep.run.as_mut().unwrap();
    for (number, time) in [(100, "09:30:00"), (101, "09:30:00"), (102, "09:31:00")] {
        run.hear(&hit("Home", "INBOX", number, false), || time.to_owned());
    }
    window.run_ok();
    let items = window.get_all_by_role(Role::ListItem);
    let mut shown: Vec<(f32, String)> = items
        .map(|item| {
            let label = item.accesskit_node().label().unwrap_or_default();
            (item.rect().top(), label)
        })
        .filter(|(_, label)| label.contains('@'))
        .collect();
    shown.sort_by(|one, other| one.0.total_cmp(&other.0));
    let shown: Vec<&str> = shown.iter().map(|(_, label)| label.as_str()).collect();
    for (at, number) in [(0, 102), (1, 101), (2, 100)] {
        let (from, subject, _) = HITS[number % HITS.len()];
        assert!(
            shown[at].starts_with(&format!("Spam, {from}, {subject}")),
            "{shown:?}"
        );
    }
}

#[test]
fn how_long_a_sweep_took_is_the_same_number_in_the_history() {
    let mut window = place::window(demo(), SIZE);
    window.key_press(Key::F5);
    window.step();
    // As if the window had waited longer than the sweep took.
    let begun = Instant::now().checked_sub(Duration::from_secs(100));
    let run = window.state_mut().state_mut().sweep.run.as_mut();
    run.unwrap().started = begun;
    settle(&mut window);
    let facts = window.get_by_label_contains("Nothing has been moved yet.");
    let facts = facts.accesskit_node().value().unwrap();
    let took = facts
        .split_once(", in ")
        .and_then(|(_, took)| took.split_once('.'));
    let Some((took, _)) = took else {
        panic!("{facts}");
    };
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    let swept = window.get_all_by_role(Role::ListBoxOption);
    let says: Vec<String> = swept
        .filter_map(|line| line.accesskit_node().label())
        .collect();
    assert!(says[0].contains(&format!(" · {took},")), "{took}: {says:?}");
}

/// A window in which a sweep of two accounts is two thirds done.
pub fn sweeping(place: &Place) -> (Harness<'static, App>, Textures) {
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    pretend(&mut window);
    (window, textures)
}

/// As if a sweep of the accounts of `TWO` were two thirds done.
pub fn pretend(window: &mut Harness<'_, App>) {
    let accounts = window.state().state().site.settings.accounts.clone();
    let mut run = Run::new(&accounts, Level::Low);
    for (account, folder, messages, new, judged, hits) in [
        ("Work", "INBOX", 9_214, 9_214, 9_212, 12),
        ("Work", "Archive/2025", 6_380, 6_380, 2_632, 2),
        ("Home", "INBOX", 2_818, 2_818, 0, 0),
    ] {
        let listed = Event::Folder {
            account: account.to_owned(),
            folder: folder.to_owned(),
            messages,
            new,
            bytes: 0,
        };
        run.hear(&listed, String::new);
        for number in 0..judged {
            run.hear(&judged_one(account, folder, number), String::new);
        }
        for number in 0..hits {
            let is_phishing = folder == "INBOX" && matches!(number, 1 | 3 | 5 | 7 | 9);
            run.hear(&hit(account, folder, number, is_phishing), || {
                format!("09:{:02}:{:02}", 10 + number, 58 - number)
            });
        }
        run.tick(Duration::from_secs(106));
    }
    let trouble = Event::Trouble {
        account: Some("Work".to_owned()),
        says: "2 messages in Archive/2025 could not be read. The server closed the connection; \
               both are tried again at the end of this sweep."
            .to_owned(),
    };
    run.hear(&trouble, String::new);
    for tenth in 0..80_u64 {
        let seen = 11_000 + usize::try_from(tenth).unwrap() * 11;
        run.pace
            .mark(Duration::from_millis(100_000 + tenth * 100), seen);
    }
    window.state_mut().state_mut().sweep.run = Some(run);
    window.run_ok();
}

fn at(account: &str, folder: &str, number: usize) -> MessageRef {
    MessageRef {
        account: account.to_owned(),
        folder: folder.to_owned(),
        place: At::Path(number.to_string()),
    }
}

fn verdict(judgement: Judgement, says: &str) -> Verdict {
    let finding = Finding {
        rule: "a-rule".to_owned(),
        category: Category::Spam,
        weight: 9.0,
        says: says.to_owned(),
        evidence: Default::default(),
    };
    Verdict {
        judgement,
        ..Verdict::weigh(vec![finding], Vec::new(), Level::Low)
    }
}

fn judged_one(account: &str, folder: &str, number: usize) -> Event {
    Event::Judged {
        at: at(account, folder, number),
        sha256: Digest::default(),
        verdict: verdict(Judgement::Clean, ""),
        size: Some(1),
    }
}

const HITS: [(&str, &str, &str); 5] = [
    (
        "desk@coin-double.example",
        "Double your deposit before midnight",
        "Wallet address with urgent demand",
    ),
    (
        "helpdesk@campus.example",
        "Mailbox full: confirm your password",
        "Asks for a password; replies go elsewhere",
    ),
    (
        "shop@rx-deal.example",
        "No prescription needed, ships tonight",
        "Pharmacy wording hidden in white text",
    ),
    (
        "service.department.of.accounts@examp1e-bank.example",
        "Your account will be locked in 24 hours",
        "Shows bank.example, leads elsewhere",
    ),
    (
        "winner@lotto.example.org",
        "You have been selected (final notice)",
        "Prize wording; reply address differs",
    ),
];

fn hit(account: &str, folder: &str, number: usize, is_phishing: bool) -> Event {
    let (from, subject, reason) = HITS[number % HITS.len()];
    let judgement = match is_phishing {
        true => Judgement::Phishing,
        false => Judgement::Spam,
    };
    Event::Hit(Hit {
        sha256: Digest::default(),
        at: at(account, folder, number),
        from: from.to_owned(),
        subject: subject.to_owned(),
        verdict: verdict(judgement, reason),
        size: 1,
    })
}

/// A page without an account, a choice of two, one that goes on, one that is over.
#[test]
fn pictures() {
    use super::screenshots::save;
    let place = Place::new(TWO);
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    save(&mut window, &textures, "sweep-choose");
    let (mut window, textures) = sweeping(&place);
    save(&mut window, &textures, "sweep-running");
    let (mut window, textures) = drawn(demo(), SIZE, 1.0);
    window.key_press(Key::F5);
    settle(&mut window);
    save(&mut window, &textures, "sweep-done");
}
