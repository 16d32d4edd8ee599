//! What every widget promises: a name, a role, keys, and that what is greyed does nothing.

use super::sheet::{Sheet, sheet};
use eframe::egui::Key;
use eframe::egui::accesskit::{Role, Toggled};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

fn asked(harness: &Harness<'_, Sheet>) -> Vec<String> {
    harness.state().asked.clone()
}

#[test]
fn buttons_are_found_by_name_and_pressed_by_mouse_and_key() {
    let (mut window, _) = sheet(1.0);
    window
        .get_by_role_and_label(Role::Button, "Review 14 hits so far")
        .click();
    window.run();
    assert_eq!(asked(&window), ["header 2"]);
    window.get_by_role_and_label(Role::Button, "Pause").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(asked(&window), ["header 2", "header 1"]);
    window.get_by_role_and_label(Role::Button, "More");
}

#[test]
fn what_is_greyed_says_so_and_does_nothing() {
    let (mut window, _) = sheet(1.0);
    for name in ["Greyed", "Approve"] {
        let button = window.get_by_role_and_label(Role::Button, name);
        assert!(button.accesskit_node().is_disabled(), "{name}");
        button.click();
    }
    window.run();
    assert!(asked(&window).is_empty());
}

#[test]
fn tick_boxes_are_off_on_or_mixed() {
    let (mut window, _) = sheet(1.0);
    for (name, toggled) in [
        ("Off", Toggled::False),
        ("On", Toggled::True),
        ("Some", Toggled::Mixed),
    ] {
        let tick = window.get_by_role_and_label(Role::CheckBox, name);
        assert_eq!(tick.accesskit_node().toggled(), Some(toggled), "{name}");
    }
    window.get_by_role_and_label(Role::CheckBox, "Some").click();
    window.run();
    assert_eq!(asked(&window), ["tick Some"]);
}

#[test]
fn fields_are_named_by_their_labels_and_a_secret_is_not_read_out() {
    let (mut window, _) = sheet(1.0);
    window
        .get_by_role_and_label(Role::TextInput, "Filter hits")
        .focus();
    window.run();
    window
        .get_by_role_and_label(Role::TextInput, "Filter hits")
        .type_text("bank");
    window.run();
    assert_eq!(window.state().name, "bank");
    let refused = window.get_by_role_and_label(Role::TextInput, "Add a sender");
    let node = refused.accesskit_node();
    assert!(
        node.description()
            .is_some_and(|why| why.contains("every sender"))
    );
    let all = format!("{:?}", window.root());
    assert!(!all.contains("a secret"));
}

#[test]
fn segments_tabs_and_choices_are_chosen() {
    let (mut window, _) = sheet(1.0);
    window
        .get_by_role_and_label(Role::RadioButton, "Spam 12")
        .click();
    window.run();
    window.get_by_role_and_label(Role::Tab, "Rules 63").click();
    window.run();
    window
        .get_by_role_and_label(Role::ComboBox, "Account")
        .click();
    window.run();
    window
        .get_by_role_and_label(Role::ListBoxOption, "Home")
        .click();
    window.run();
    assert_eq!(asked(&window), ["segment 2", "tab 2", "choice 2"]);
    assert!(
        window
            .query_by_role_and_label(Role::ListBoxOption, "Home")
            .is_none()
    );
}

#[test]
fn a_list_draws_what_is_in_sight_and_moves_by_keys() {
    let (mut window, _) = sheet(1.0);
    let drawn = window.get_all_by_role(Role::ListBoxOption).count();
    assert!((5..10).contains(&drawn), "{drawn} rows");
    window.get_by_role_and_label(Role::ListBox, "Hits").focus();
    window.run();
    window.key_press(Key::ArrowDown);
    window.run();
    assert_eq!(window.state().selected, Some(2));
    window.key_press(Key::End);
    window.run();
    assert_eq!(window.state().selected, Some(999));
    window.get_by_label_contains("Hit 999");
}

#[test]
fn the_words_of_a_head_sort_by_themselves() {
    let (mut window, _) = sheet(1.0);
    window.get_by_role_and_label(Role::Button, "Sorted by Subject, descending");
    window
        .get_by_role_and_label(Role::Button, "Sort by strongest reason")
        .click();
    window.run();
    assert_eq!(asked(&window), ["sort 1 1"]);
}

#[test]
fn notes_and_empty_states_lead_on() {
    let (mut window, _) = sheet(1.0);
    window
        .get_by_role_and_label(Role::Button, "Show them")
        .click();
    window.run();
    window.get_by_role_and_label(Role::Button, "Sweep").click();
    window.run();
    assert_eq!(asked(&window), ["show them", "sweep"]);
}
