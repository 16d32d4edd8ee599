//! A path that is typed, where the system has no file dialog: looked at before anything is done
//! with it.

use super::place::{Place, SIZE, drawn, settle};
use super::screenshots::save;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use postsweep::gui::state::typed::TypedPath;
use postsweep::gui::state::{Question, Tone};
use postsweep::gui::{App, Intent, Start, State};
use postsweep::job::PathFor;

type Window = Harness<'static, App>;

/// As where a dialog was asked for and none can be opened; what is chosen is said.
fn asked(window: &mut Window, purpose: PathFor) {
    let then = |state: &mut State, _: &mut _, path: std::path::PathBuf| {
        state.say(Tone::Done, format!("took {}", path.display()));
    };
    let typed = TypedPath::new(purpose, "~/".to_owned(), Box::new(then));
    window.state_mut().state_mut().typed = Some(typed);
    settle(window);
}

fn type_path(window: &mut Window, path: &str) {
    let field = window.get_by_role_and_label(Role::TextInput, "Path");
    assert!(field.is_focused());
    window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::A);
    window
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text(path);
    settle(window);
}

fn said(window: &Window) -> Option<&str> {
    let status = window.state().state().status.as_ref()?;
    Some(status.says.as_str())
}

#[test]
fn a_path_is_typed_where_no_dialog_can_be_opened() {
    let place = Place::new("");
    let file = place.path().join("list.txt");
    std::fs::write(&file, "a@b.example\n").unwrap();
    let file = file.display().to_string();
    let mut window = place.window();
    // What has the focus on the page does not keep it.
    window
        .get_by_role_and_label(Role::Button, "Add my mailbox")
        .focus();
    settle(&mut window);
    asked(&mut window, PathFor::File);
    window.get_by_label_contains("This system opens no file dialog");
    type_path(&mut window, "nowhere");
    window.key_press(Key::Enter);
    settle(&mut window);
    window.get_by_label("Type the whole path, from / or from ~ on.");
    assert_eq!(said(&window), None);
    type_path(&mut window, &file);
    window
        .get_by_role_and_label(Role::Button, "Use this path")
        .click();
    settle(&mut window);
    assert_eq!(said(&window), Some(format!("took {file}").as_str()));
    assert!(window.query_by_label("Path").is_none());
}

#[test]
fn nothing_is_written_over_and_escape_puts_it_away() {
    let place = Place::new("");
    let file = place.path().join("list.txt");
    std::fs::write(&file, "").unwrap();
    let mut window = place.window();
    asked(&mut window, PathFor::NewFile);
    type_path(&mut window, &file.display().to_string());
    window
        .get_by_role_and_label(Role::Button, "Save there")
        .click();
    settle(&mut window);
    window.get_by_label_contains("is there already: choose another name.");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.state().state().typed.is_none());
    assert_eq!(said(&window), None);
}

#[test]
fn what_was_looked_at_is_taken_by_the_one_that_asked() {
    let place = Place::new("");
    let file = place.path().join("list.txt");
    std::fs::write(&file, "").unwrap();
    let file = file.display().to_string();
    let mut window = place.window();
    asked(&mut window, PathFor::File);
    let ctx = window.ctx.clone();
    let app = window.state_mut();
    app.carry_out(&ctx, Intent::TypePath(file.clone()));
    app.carry_out(&ctx, Intent::TakePath);
    app.carry_out(&ctx, Intent::Dismiss);
    // Another is asked for, and the same is typed, before the disk has answered.
    let then = |state: &mut State, _: &mut _, _| state.say(Tone::Done, "the other");
    let other = TypedPath::new(PathFor::File, file.clone(), Box::new(then));
    app.state_mut().typed = Some(other);
    settle(&mut window);
    assert_eq!(said(&window), None);
    let typed = window.state().state().typed.as_ref();
    assert_eq!(typed.map(|typed| typed.text.as_str()), Some(file.as_str()));
}

#[test]
fn a_question_that_is_open_comes_first_and_escape_puts_one_away() {
    let place = Place::new("");
    let mut window = place.window();
    window.state_mut().state_mut().question = Some(Question {
        says: "Really?".to_owned(),
        go: "Yes".to_owned(),
        then: Box::new(Intent::Seen),
    });
    asked(&mut window, PathFor::File);
    window.get_by_role_and_label(Role::Button, "Leave it as it is");
    assert!(window.query_by_label("Path").is_none());
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(window.query_by_label("Leave it as it is").is_none());
    window.get_by_role_and_label(Role::TextInput, "Path");
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(!window.state().state().has_overlay());
}

#[test]
fn the_field_stays_within_a_small_window() {
    let place = Place::new("");
    let small = vec2(320.0, 480.0);
    let mut window = super::place::window(Start::of(place.places()), small);
    asked(&mut window, PathFor::File);
    let field = window.get_by_role_and_label(Role::TextInput, "Path").rect();
    assert!(field.min.x >= 0.0 && field.max.x <= small.x);
    let leave = window.get_by_role_and_label(Role::Button, "Cancel").rect();
    assert!(leave.max.x <= small.x);
}

#[test]
fn pictures() {
    let place = Place::new("");
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    asked(&mut window, PathFor::NewFile);
    save(&mut window, &textures, "path");
}
