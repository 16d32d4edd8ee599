//! The page for the settings: what a choice and a field write, and what is refused.

use super::place::{Place, settle};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::App;
use postsweep::settings::{Sending, Settings};
use postsweep::verdict::Level;

const ACCOUNT: &str =
    "# Mine.\n[[account]]\nname = \"pat\"\nsource = \"files\"\npath = \"mail\" # here\n";

fn window(place: &Place) -> Harness<'static, App> {
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    settle(&mut window);
    window
}

fn settings(place: &Place) -> Settings {
    Settings::load(&place.path().join("config.toml")).unwrap()
}

fn click(window: &mut Harness<'static, App>, role: Role, label: &str) {
    window.get_by_role_and_label(role, label).scroll_to_me();
    window.run_ok();
    window.get_by_role_and_label(role, label).click();
    settle(window);
}

/// In place of what is there; the field is left with Tab.
fn type_into(window: &mut Harness<'static, App>, label: &str, text: &str) {
    window.get_by_role_and_label(Role::TextInput, label).focus();
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_ok();
    window
        .get_by_role_and_label(Role::TextInput, label)
        .type_text(text);
    settle(window);
}

fn leave(window: &mut Harness<'static, App>) {
    window.key_press(Key::Tab);
    settle(window);
}

fn says(window: &Harness<'static, App>, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn a_choice_is_written_at_once_and_comments_stay() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    click(&mut window, Role::RadioButton, "High");
    assert_eq!(settings(&place).level, Level::High);
    assert!(says(&window, "Finds most, with most false alarms."));
    click(&mut window, Role::CheckBox, "Look into attachments");
    assert!(!settings(&place).limits.attachments);
    let text = std::fs::read_to_string(place.path().join("config.toml")).unwrap();
    assert!(
        text.contains("# Mine.") && text.contains("# here"),
        "{text}"
    );
}

#[test]
fn theme_and_text_size_are_seen_at_once_and_kept() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    click(&mut window, Role::RadioButton, "Dark");
    assert_eq!(window.ctx.theme(), Theme::Dark);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    settle(&mut window);
    assert!((window.ctx.zoom_factor() - 1.1).abs() < 0.01);
    let kept = settings(&place).window;
    assert!((kept.text_size - 1.1).abs() < 0.01 && kept.theme.word() == "dark");
    let again = place.window();
    assert_eq!(again.ctx.theme(), Theme::Dark);
}

#[test]
fn a_look_written_by_hand_is_seen_once_the_file_is_read_again() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    click(&mut window, Role::RadioButton, "Light");
    let text = format!("{ACCOUNT}\n[window]\ntheme = \"dark\"\ntext-size = 1.2\n");
    std::fs::write(place.path().join("config.toml"), text).unwrap();
    click(&mut window, Role::Button, "Read the file again");
    assert_eq!(window.ctx.theme(), Theme::Dark);
    assert!((window.ctx.zoom_factor() - 1.2).abs() < 0.01);
}

#[test]
fn a_number_is_refused_while_it_is_typed_and_written_when_its_field_is_left() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    type_into(&mut window, "Keep for days", "soon");
    assert!(says(&window, "Write a whole number"));
    leave(&mut window);
    assert_eq!(settings(&place).keep_days, 90);
    type_into(&mut window, "Keep for days", "14");
    assert!(!says(&window, "Write a whole number"));
    leave(&mut window);
    assert_eq!(settings(&place).keep_days, 14);
}

#[test]
fn what_only_the_file_knows_is_refused_below_the_field() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    type_into(&mut window, "Hits go to the folder", "INBOX");
    leave(&mut window);
    assert_eq!(
        settings(&place).account("pat").unwrap().move_to,
        "Missed spam"
    );
    type_into(&mut window, "Letters are from", "nobody");
    leave(&mut window);
    assert!(says(&window, "not an e-mail address"));
    assert_eq!(settings(&place).submission.from, None);
}

#[test]
fn the_outgoing_server_is_kept_as_a_whole_and_then_letters_can_leave_by_it() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    click(&mut window, Role::RadioButton, "E-mail");
    assert_eq!(settings(&place).submission.send, Sending::Off);
    assert!(says(&window, "Letters need a sender"));
    type_into(&mut window, "Letters are from", "pat@example.com");
    leave(&mut window);
    click(&mut window, Role::RadioButton, "E-mail");
    assert_eq!(settings(&place).submission.send, Sending::Off);
    assert!(says(&window, "E-mail needs an outgoing mail server"));
    type_into(&mut window, "Server", "smtp.example.com");
    type_into(&mut window, "Port", "2525");
    click(&mut window, Role::Button, "Save the server");
    assert_eq!(settings(&place).outgoing.unwrap().port, 2525);
    click(&mut window, Role::RadioButton, "E-mail");
    assert_eq!(settings(&place).submission.send, Sending::Smtp);
}

#[test]
fn a_file_broken_by_hand_is_not_overwritten_and_the_page_says_where() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    let path = place.path().join("config.toml");
    let broken = format!("{ACCOUNT}\nlevel = = 3\n");
    std::fs::write(&path, &broken).unwrap();
    click(&mut window, Role::RadioButton, "High");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
    assert!(says(&window, "Not saved."));
    window
        .get_all_by_role_and_label(Role::Button, "Read the file again")
        .next()
        .unwrap()
        .click();
    settle(&mut window);
    assert!(says(&window, "Line 7, letter 9"));
    click(&mut window, Role::Button, "Keep a copy and start fresh");
    let kept = place.path().join("config.toml.kept");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), broken);
    assert!(settings(&place).accounts.is_empty());
}

#[test]
fn every_field_has_a_name_that_is_read_out() {
    let place = Place::new(ACCOUNT);
    let window = window(&place);
    for role in [
        Role::TextInput,
        Role::MultilineTextInput,
        Role::PasswordInput,
        Role::ComboBox,
        Role::CheckBox,
    ] {
        let mut count = 0;
        for node in window.query_all_by_role(role) {
            let node = node.accesskit_node();
            assert!(
                node.label().is_some_and(|label| !label.is_empty()),
                "{role:?}"
            );
            count += 1;
        }
        assert!(count > 0, "{role:?}");
    }
}
