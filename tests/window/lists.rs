//! The page for senders and rules: empty, filled, failing; by mouse and by keyboard.

use super::place::{Place, settle};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::lists::Ask;
use postsweep::gui::{App, Intent};
use postsweep::settings::{List, Settings};

const ACCOUNT: &str = "[[account]]\nname = \"pat\"\nsource = \"files\"\npath = \"mail\"\n";
const SENDERS: &str = "\n[senders]\napproved = [\"news@garden.example.org\", \"*@example.com\"] # friends\nblocked = [\"*@*.rx-deal.example\"]\n";
const RULE: &str = "[[rule]]\nid = \"zebras\"\ncategory = \"spam\"\nweight = 2.0\nsays = \"Speaks of {words}\"\nwhy = \"Nobody needs a zebra.\"\nwhen = { subject = ['zebras?'] }\n";

fn window(place: &Place) -> Harness<'static, App> {
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    settle(&mut window);
    window
}

fn settings(place: &Place) -> Settings {
    Settings::load(&place.path().join("config.toml")).unwrap()
}

fn ask(window: &mut Harness<'static, App>, ask: Ask) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::Lists(ask));
    settle(window);
}

fn type_into(window: &mut Harness<'static, App>, label: &str, text: &str) {
    window.get_by_role_and_label(Role::TextInput, label).focus();
    window.run_ok();
    window
        .get_by_role_and_label(Role::TextInput, label)
        .type_text(text);
    settle(window);
}

fn press(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    settle(window);
}

fn open_tab(window: &mut Harness<'static, App>, word: &str) {
    let is_it = |label: String| label.starts_with(word);
    window
        .get_all_by_role(Role::Tab)
        .find(|tab| tab.accesskit_node().label().is_some_and(is_it))
        .unwrap()
        .click();
    settle(window);
}

fn is_enabled(window: &Harness<'static, App>, label: &str) -> bool {
    let button = window.get_by_role_and_label(Role::Button, label);
    !button.accesskit_node().is_disabled()
}

#[test]
fn empty_lists_say_so_and_show_which_forms_there_are() {
    let place = Place::new(ACCOUNT);
    let window = window(&place);
    window.get_by_label("Nobody is approved yet.");
    window.get_by_label("Nobody is blocked yet.");
    window.get_by_label("*@*.example.com");
    assert!(!is_enabled(&window, "Export approved senders…"));
    assert!(!is_enabled(&window, "Approve"));
}

#[test]
fn a_form_that_is_too_wide_is_refused_while_it_is_typed() {
    let place = Place::new(&format!("{ACCOUNT}{SENDERS}"));
    let mut window = window(&place);
    type_into(&mut window, "Approve a sender", "*@*.com");
    assert!(
        window
            .query_all_by_label_contains("public suffix")
            .next()
            .is_some()
    );
    assert!(!is_enabled(&window, "Approve"));
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(settings(&place).approved.len(), 2);
}

#[test]
fn what_enter_cannot_add_says_why_and_an_address_with_a_name_is_taken() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    type_into(&mut window, "Approve a sender", "example.org");
    let refused = |window: &Harness<'static, App>| {
        let mut notes = window.query_all_by_label_contains("Refused: it ");
        notes.next().is_some()
    };
    assert!(
        !refused(&window),
        "nobody is scolded in the middle of a word"
    );
    window.key_press(Key::Enter);
    settle(&mut window);
    assert!(refused(&window));
    assert!(settings(&place).approved.is_empty());
    let typed = "Bob Smith <bob@example.org>".to_owned();
    ask(&mut window, Ask::Type(List::Approved, typed));
    assert!(!refused(&window));
    press(&mut window, "Approve");
    assert_eq!(settings(&place).approved, ["bob@example.org"]);
    let field = window.get_by_role_and_label(Role::TextInput, "Approve a sender");
    assert_eq!(field.value().unwrap_or_default(), "");
}

#[test]
fn a_sender_is_added_with_enter_taken_back_and_removed_by_keys() {
    let place = Place::new(&format!("{ACCOUNT}{SENDERS}"));
    let mut window = window(&place);
    type_into(&mut window, "Block a sender", "*@spam.example");
    window.key_press(Key::Enter);
    settle(&mut window);
    assert_eq!(
        settings(&place).blocked,
        ["*@*.rx-deal.example", "*@spam.example"]
    );
    // With the time at which it was put there; the other was written by hand.
    window.get_by_label_contains("*@spam.example, this domain, added ");
    let field = window.get_by_role_and_label(Role::TextInput, "Block a sender");
    assert_eq!(field.value().unwrap_or_default(), "");

    // Away from the field, the keys are the page's.
    window
        .get_by_role_and_label(
            Role::ListBoxOption,
            "*@*.rx-deal.example, all its servers, matched 0",
        )
        .click();
    settle(&mut window);
    window.key_press(Key::Delete);
    settle(&mut window);
    assert_eq!(settings(&place).blocked, ["*@spam.example"]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(settings(&place).blocked.len(), 2);
    let text = std::fs::read_to_string(place.path().join("config.toml")).unwrap();
    assert!(text.contains("# friends"), "{text}");
}

#[test]
fn a_blocked_sender_that_is_approved_leaves_the_other_list() {
    let place = Place::new(&format!("{ACCOUNT}{SENDERS}"));
    let mut window = window(&place);
    type_into(&mut window, "Approve a sender", "*@*.rx-deal.example");
    press(&mut window, "Approve");
    let settings = settings(&place);
    assert_eq!((settings.approved.len(), settings.blocked.len()), (3, 0));
}

#[test]
fn a_file_of_senders_is_taken_in_and_what_was_refused_is_told() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    let path = place.path().join("list.txt");
    std::fs::write(&path, "# ours\na@example.com\n*@*\n").unwrap();
    ask(&mut window, Ask::ImportFrom(List::Approved, path));
    assert_eq!(settings(&place).approved, ["a@example.com"]);
    assert!(
        window
            .query_all_by_label_contains("1 sender was added, 1 were refused")
            .next()
            .is_some()
    );
    assert!(
        window
            .query_all_by_label_contains("Line 3")
            .next()
            .is_some()
    );
    press(&mut window, "Close");
    assert!(
        window
            .query_all_by_label_contains("Line 3")
            .next()
            .is_none()
    );
    let path = place.path().join("out.csv");
    ask(&mut window, Ask::ExportTo(List::Approved, path.clone()));
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, "sender,covers\r\n\"a@example.com\",this address\r\n");
}

#[test]
fn a_list_that_cannot_be_written_keeps_what_was_typed_and_says_why() {
    let place = Place::new(&format!("{ACCOUNT}{SENDERS}"));
    let mut window = window(&place);
    std::fs::write(place.path().join("config.toml"), "level = \n").unwrap();
    type_into(&mut window, "Block a sender", "a@spam.example");
    press(&mut window, "Block");
    assert!(
        window
            .query_all_by_label_contains("That could not be done.")
            .next()
            .is_some()
    );
    let field = window.get_by_role_and_label(Role::TextInput, "Block a sender");
    assert_eq!(field.value().unwrap_or_default(), "a@spam.example");
}

#[test]
fn a_rule_is_found_read_and_switched_off_and_on() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    open_tab(&mut window, "Rules");
    type_into(&mut window, "Filter rules", "gift");
    let row = window.get_all_by_role(Role::ListBoxOption).next().unwrap();
    let name = row.accesskit_node().label().unwrap();
    let id = name.split(',').next().unwrap().to_owned();
    row.click();
    settle(&mut window);
    window.get_by_label("Why it matters");
    window.get_by_label("What it looks at");
    let switch = "This rule judges messages";
    window.get_by_role_and_label(Role::CheckBox, switch).click();
    settle(&mut window);
    assert_eq!(settings(&place).rules_off, std::slice::from_ref(&id));
    let switch = format!("{id} judges messages");
    window
        .get_by_role_and_label(Role::CheckBox, &switch)
        .click();
    settle(&mut window);
    assert!(settings(&place).rules_off.is_empty());

    type_into(&mut window, "Filter rules", " and nothing like it");
    assert!(
        window
            .query_all_by_label_contains("No rule matches")
            .next()
            .is_some()
    );
    press(&mut window, "Clear filter");
    assert!(window.get_all_by_role(Role::ListBoxOption).count() > 5);
}

#[test]
fn own_rules_are_tried_while_they_are_typed_and_kept_once_they_are_right() {
    let place = Place::new(ACCOUNT);
    let mut window = window(&place);
    let mail = place.path().join("zebra.eml");
    std::fs::write(
        &mail,
        "From: a@b.example\r\nSubject: Cheap zebras\r\n\r\nHello\r\n",
    )
    .unwrap();
    open_tab(&mut window, "My rules");
    press(&mut window, "Write a rule");
    ask(&mut window, Ask::MailFrom(mail));
    window.get_by_label("The rule does not fire on this message.");
    assert_eq!(window.query_all_by_label_contains("not fire").count(), 1);
    ask(&mut window, Ask::Text(RULE.replace("2.0", "2000")));
    assert!(
        window
            .query_all_by_label_contains("Line 4, letter 10")
            .next()
            .is_some()
    );
    assert!(!is_enabled(&window, "Save rules"));
    ask(&mut window, Ask::Text(RULE.to_owned()));
    window.get_by_label("1 of 1 fire on this message.");
    assert!(
        window
            .query_all_by_label_contains("Speaks of “zebras”")
            .next()
            .is_some()
    );
    press(&mut window, "Save rules");
    let kept = place.path().join("rules/my-rules.toml");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), RULE);
    window.get_by_role_and_label(Role::ListBoxOption, "my-rules, 1 rule");

    press(&mut window, "Take out…");
    assert!(kept.exists(), "asked first");
    press(&mut window, "Take them out");
    assert!(!kept.exists() && kept.with_extension("toml.removed").exists());
}
