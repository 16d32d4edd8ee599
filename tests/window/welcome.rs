//! The first page: two ways in, settings that cannot be read, and a second window.

use super::place::{Place, SIZE, settle, window};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use postsweep::gui::state::Page;
use postsweep::gui::{App, Command, Intent, Start};

fn press(window: &mut Harness<'_, App>, button: &str) {
    window.get_by_role_and_label(Role::Button, button).click();
    settle(window);
}

fn page(window: &Harness<'_, App>) -> Page {
    window.state().state().page
}

#[test]
fn both_ways_in_are_there_with_what_they_promise() {
    let window = Place::new("").window();
    for says in [
        "Postsweep",
        "No mailbox, no password, no network",
        "Nothing is moved or sent until you say so",
        "What happens to a message",
        "Every move can be taken back, one or all.",
    ] {
        window.get_by_label(says);
    }
    window.get_by_label_contains("44 messages that come with the program");
    window.get_by_role_and_label(Role::Button, "Add my mailbox");
}

#[test]
fn the_sample_mail_is_a_key_away_and_the_owners_settings_come_back() {
    let place = Place::new("");
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut window);
    let state = window.state().state();
    assert!(state.site.is_demo);
    assert_eq!(state.page, Page::Sweep);
    assert!(
        !place.places().config_file.exists(),
        "nothing of the owner's changes"
    );

    // It was swept: that is not dropped without a word.
    window.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut window);
    window.get_by_role_and_label(Role::Button, "Put it away and add my mailbox");
    press(&mut window, "Leave it as it is");
    assert!(window.state().state().site.is_demo);
    window.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut window);
    press(&mut window, "Put it away and add my mailbox");
    assert!(!window.state().state().site.is_demo);
    window.get_by_role_and_label(Role::TextInput, "E-mail address");
}

#[test]
fn sample_mail_that_was_swept_is_laid_out_afresh_only_after_a_question() {
    let place = Place::new("");
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut window);
    let first = window.state().state().site.places.config_dir.clone();
    window.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut window);
    window.get_by_role_and_label(Role::Button, "Lay it out afresh");
    assert_eq!(window.state().state().site.places.config_dir, first);
    press(&mut window, "Lay it out afresh");
    let state = window.state().state();
    let second = state.site.places.config_dir.clone();
    assert!(state.site.is_demo && second != first);
    for folder in [first, second] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn sample_mail_that_was_not_swept_makes_way_without_a_question() {
    let demo = postsweep::job::demo().unwrap();
    let (folder, place) = (demo.folder.clone(), Place::new(""));
    let mut window = window(Start::demo(demo), SIZE);
    window.state_mut().state_mut().accounts.own = Some(place.places());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num6);
    settle(&mut window);
    window.get_by_label("Sample mail that comes with Postsweep");
    window.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut window);
    let state = window.state().state();
    assert!(state.question.is_none() && !state.site.is_demo);
    window.get_by_role_and_label(Role::TextInput, "E-mail address");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_mailbox_is_added_by_keyboard_and_escape_leads_back() {
    let mut window = Place::new("").window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut window);
    assert_eq!(page(&window), Page::Accounts);
    let address = window.get_by_role_and_label(Role::TextInput, "E-mail address");
    assert!(address.is_focused());
    window.key_press(Key::Escape);
    settle(&mut window);
    window.key_press(Key::Escape);
    settle(&mut window);
    assert_eq!(page(&window), Page::Welcome);
}

#[test]
fn mail_in_files_is_a_link_away() {
    let mut window = Place::new("").window();
    let link = "Open a Maildir, an mbox or a folder of .eml files";
    window.get_by_role_and_label(Role::Link, link).click();
    settle(&mut window);
    window.get_by_role_and_label(Role::TextInput, "Folder or file");
    window.get_by_role_and_label(Role::Button, "Choose a folder…");
}

#[test]
fn settings_that_cannot_be_read_say_where_and_can_be_kept_and_begun_anew() {
    let place = Place::new("level = \"low\"\n[samples\n");
    let mut window = place.window();
    window.get_by_label("The settings cannot be read");
    window.get_by_label_contains("config.toml, line 2, letter");
    assert!(window.query_by_label("Add my mailbox").is_none());
    window.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut window);
    window.get_by_label("The settings cannot be read");

    // Mended by hand, it is read again; broken still, it says so still.
    press(&mut window, "Read it again");
    window.get_by_label("The settings cannot be read");
    press(&mut window, "Keep a copy and start fresh");
    window.get_by_role_and_label(Role::Button, "Add my mailbox");
    let kept = std::fs::read_dir(place.path()).unwrap();
    let kept = kept.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path()).ok());
    assert!(kept.into_iter().any(|text| text.contains("[samples\n")));
    let status = window.state().state().status.clone().unwrap();
    assert!(status.says.contains("kept as"), "{}", status.says);
}

#[test]
fn a_second_window_says_so_and_does_nothing() {
    let place = Place::new("");
    let first = window(Start::alone(place.places()), SIZE);
    first.get_by_role_and_label(Role::Button, "Add my mailbox");
    let mut second = window(Start::alone(place.places()), SIZE);
    second.get_by_label("Postsweep is open already");
    for key in [Key::T, Key::N, Key::Num2] {
        second.key_press_modifiers(Modifiers::COMMAND, key);
        settle(&mut second);
        second.get_by_role_and_label(Role::Button, "Close this window");
    }
    drop(first);
    let third = window(Start::alone(place.places()), SIZE);
    third.get_by_role_and_label(Role::Button, "Add my mailbox");
}

#[test]
fn what_was_begun_for_other_mail_is_not_applied_to_the_mail_that_is_shown() {
    let place = Place::new("");
    let mut window = place.window();
    let (go, waits) = std::sync::mpsc::channel::<()>();
    let worker = window.state_mut().worker_mut();
    worker.task("a slow reading", move |tell| {
        let _ = waits.recv();
        tell.apply(|state, _| state.settings.failed = Some("of other mail".to_owned()));
        tell.anywhere(|state, _| state.told_outside = Some("came".to_owned()));
    });
    let ctx = window.ctx.clone();
    let sample = Intent::Do(Command::SampleMail);
    window.state_mut().carry_out(&ctx, sample);
    let begun = std::time::Instant::now();
    while !window.state().state().site.is_demo {
        assert!(begun.elapsed().as_secs() < 60);
        window.step();
    }
    go.send(()).unwrap();
    settle(&mut window);
    let state = window.state().state();
    assert_eq!(state.told_outside.as_deref(), Some("came"));
    assert_eq!(state.settings.failed, None);
}
