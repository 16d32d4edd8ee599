//! The page for what goes to the vendor: empty, filled, failing; every control by role and label,
//! every intention by keyboard.

use super::place::{Place, settle};
use super::swept::swept;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::Page;
use postsweep::gui::state::report::Ask;
use postsweep::gui::{App, Command, Intent};
use postsweep::job::Moves;
use postsweep::mail::Digest;
use postsweep::store::{Store, SubmissionState};
use postsweep::verdict::Purpose;
use std::path::PathBuf;

/// The window on a place, these messages picked for a report.
fn picked(place: &Place, items: &[(Digest, Purpose)]) -> Harness<'static, App> {
    let mut window = place.window();
    window
        .state_mut()
        .state_mut()
        .report
        .pick(items.iter().copied());
    open(&mut window);
    window
}

fn open(window: &mut Harness<'static, App>) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    settle(window);
    assert_eq!(window.state().state().page, Page::Report);
}

fn press(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    settle(window);
}

fn tick(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_role_and_label(Role::CheckBox, label).click();
    settle(window);
}

fn ask(window: &mut Harness<'static, App>, ask: Ask) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::Report(ask));
    settle(window);
}

fn has(window: &Harness<'static, App>, label: &str) -> bool {
    window.query_all_by_label(label).next().is_some()
}

fn says(window: &Harness<'static, App>, part: &str) -> bool {
    window.query_all_by_label_contains(part).next().is_some()
}

fn letters(place: &Place) -> Vec<PathBuf> {
    let Ok(listing) = std::fs::read_dir(place.path().join("data/outbox")) else {
        return Vec::new();
    };
    listing.map(|entry| entry.unwrap().path()).collect()
}

fn status(window: &Harness<'static, App>) -> String {
    let status = &window.state().state().status;
    status
        .as_ref()
        .map_or(String::new(), |one| one.says.clone())
}

#[test]
fn an_empty_page_says_what_to_do() {
    let (place, _) = swept(Moves::WhenAsked);
    let mut window = place.window();
    open(&mut window);
    assert!(says(&window, "Nothing to report"));
    press(&mut window, "Go to Review");
    assert_eq!(window.state().state().page, Page::Review);
}

#[test]
fn what_was_moved_is_offered_and_leaves_when_ctrl_enter_is_pressed() {
    let (place, hits) = swept(Moves::AtOnce);
    let mut window = place.window();
    open(&mut window);
    assert!(has(&window, "Report, 3"), "the rail says how many");
    assert!(says(
        &window,
        "3 samples for F-Secure, in 1 e-mail. Nothing has left this computer yet."
    ));
    assert!(has(&window, "E-mail 1 of 1, exactly as it will be written"));
    assert!(has(&window, "spam-samples@email-samples.f-secure.com"));
    assert!(says(&window, "password infected"));
    assert!(letters(&place).is_empty());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut window);
    assert_eq!(letters(&place).len(), 1);
    assert!(
        status(&window).contains("1 e-mail put into the outbox folder; nothing was sent"),
        "{}",
        status(&window)
    );
    assert!(has(&window, "In the outbox"));
    assert!(has(&window, "1 of 1, as it was written"));
    assert!(says(&window, "Of 1 package, 1 put into the outbox folder."));
    press(&mut window, "Done");
    assert!(says(&window, "Nothing to report"));
    // The other pages say the same of it.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    settle(&mut window);
    let moved = window.get_by_role_and_label(Role::RadioButton, "Moved 3");
    moved.click();
    settle(&mut window);
    window.key_press(Key::J);
    settle(&mut window);
    assert!(says(&window, "Put into the outbox folder "));
    assert!(!says(&window, "eported "));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    assert!(says(
        &window,
        "as a file in the outbox folder; nothing was sent"
    ));
    let moved = window.get_by_label_contains("Moved: 3 messages");
    moved.click();
    settle(&mut window);
    assert!(says(&window, "in the outbox · sam0@spam.example"));
    assert!(says(
        &window,
        "What lies in the outbox folder already stays there."
    ));
    assert!(!says(&window, "stays sent"));
    // It is marked from now on.
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    assert!(says(&window, "in the outbox since "));
    assert!(has(&window, "nothing of it goes"));
    let name = "Minutes of meeting 0, from sam0@spam.example";
    let name = match window.query_by_role_and_label(Role::CheckBox, name) {
        Some(_) => name.to_owned(),
        None => {
            let box_ = window.get_all_by_role(Role::CheckBox).last().unwrap();
            box_.accesskit_node().label().unwrap()
        }
    };
    tick(&mut window, &name);
    press(&mut window, "Put 1 e-mail into the outbox");
    assert_eq!(letters(&place).len(), 2, "asked for by name, it goes again");
}

#[test]
fn groups_can_be_folded_and_ticked_and_letters_looked_at() {
    let (place, hits) = swept(Moves::WhenAsked);
    let items = [
        (hits[0], Purpose::Phishing),
        (hits[1], Purpose::Spam),
        (hits[2], Purpose::FalsePositive),
    ];
    let mut window = picked(&place, &items);
    assert!(
        has(&window, "Put 3 e-mails into the outbox")
            && has(&window, "Save 3 zips for the portal…")
    );
    assert!(has(&window, "E-mail 1 of 3, exactly as it will be written"));
    press(&mut window, "Next e-mail");
    assert!(has(&window, "E-mail 2 of 3, exactly as it will be written"));
    press(&mut window, "Previous e-mail");
    press(&mut window, "Show the samples of Spam");
    assert_eq!(window.get_all_by_role(Role::CheckBox).count(), 5);
    tick(&mut window, "Spam");
    assert!(has(&window, "Put 2 e-mails into the outbox"));
    assert!(says(&window, "2 samples for F-Secure, in 2 e-mails"));
    tick(&mut window, "Spam");
    assert!(has(&window, "Put 3 e-mails into the outbox"));
    // Another vendor takes what was caught wrongly by its portal alone.
    ask(&mut window, Ask::Vendor("trend-micro".to_owned()));
    assert!(
        has(&window, "Put 2 e-mails into the outbox")
            && has(&window, "Save 3 zips for the portal…")
    );
}

#[test]
fn a_letter_is_written_otherwise_and_leaves_so() {
    let (place, hits) = swept(Moves::WhenAsked);
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    press(&mut window, "Edit text");
    let subject = window.get_by_role_and_label(Role::TextInput, "Subject");
    subject.focus();
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_ok();
    window
        .get_by_role_and_label(Role::TextInput, "Subject")
        .type_text("As said on the phone");
    settle(&mut window);
    press(&mut window, "Keep this text");
    assert!(has(&window, "As said on the phone"));
    press(&mut window, "Put 1 e-mail into the outbox");
    let letter = std::fs::read_to_string(&letters(&place)[0]).unwrap();
    assert!(
        letter.contains("Subject: As said on the phone\r\n"),
        "{letter}"
    );
}

#[test]
fn the_password_is_copied_and_zips_are_saved() {
    let (place, hits) = swept(Moves::WhenAsked);
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    window
        .get_by_role_and_label(Role::Button, "Copy the password")
        .click();
    settle(&mut window);
    assert!(status(&window).contains("clipboard"));
    let folder = tempfile::tempdir().unwrap();
    ask(&mut window, Ask::SaveTo(folder.path().to_owned()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(has(&window, "Saved"));
    assert!(
        status(&window).contains("1 zip saved"),
        "{}",
        status(&window)
    );
    assert!(letters(&place).is_empty());
}

#[test]
fn a_server_that_is_not_there_is_told_in_the_page_with_the_way_out() {
    let (place, hits) = swept(Moves::WhenAsked);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let file = place.places().config_file;
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("\"outbox\"", "\"smtp\"");
    let outgoing =
        format!("\n[outgoing]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n");
    std::fs::write(&file, text + &outgoing).unwrap();
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    assert!(says(&window, "by 127.0.0.1, not encrypted"));
    press(&mut window, "Send 1 e-mail");
    assert!(says(&window, "Nothing was sent, written or saved"));
    assert!(status(&window).contains("not sent"), "{}", status(&window));
    // It can be tried again, as if nothing had been tried.
    assert!(has(&window, "Send 1 e-mail"));
    let store = Store::open(&place.path().join("data/store.sqlite")).unwrap();
    assert!(store.packages().unwrap().is_empty());
}

#[test]
fn letters_that_nobody_signs_lead_to_the_settings() {
    let (place, hits) = swept(Moves::WhenAsked);
    let file = place.places().config_file;
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("addresses = [\"pat@example.com\"]\n", "");
    std::fs::write(
        &file,
        text.replace("send = \"outbox\"\nfrom = \"pat@example.com\"\n", ""),
    )
    .unwrap();
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    assert!(says(&window, "Say who the letters are from"));
    assert!(!says(&window, "[submission]"));
    press(&mut window, "Go to Settings");
    assert_eq!(window.state().state().page, Page::Settings);
}

#[test]
fn a_letter_that_failed_is_sent_again_by_ctrl_r() {
    let (place, hits) = swept(Moves::WhenAsked);
    let outbox = place.path().join("data/outbox");
    std::fs::write(&outbox, "a file where the folder should be").unwrap();
    let mut window = picked(&place, &[(hits[0], Purpose::Spam)]);
    press(&mut window, "Put 1 e-mail into the outbox");
    assert!(says(&window, "Nothing was sent, written or saved"));
    std::fs::remove_file(&outbox).unwrap();
    // As after a server that could not take it.
    press(&mut window, "Put 1 e-mail into the outbox");
    let store = Store::open(&place.path().join("data/store.sqlite")).unwrap();
    let package = store.packages().unwrap().remove(0).id;
    store
        .set_submission(package, SubmissionState::Failed, "451 try later")
        .unwrap();
    std::fs::remove_file(letters(&place).remove(0)).unwrap();
    let failed = postsweep::job::Outcome::NotSent {
        package,
        says: "451 try later".to_owned(),
    };
    let report = &mut window.state_mut().state_mut().report;
    report.outcomes.insert(0, failed);
    window.run_ok();
    assert!(says(&window, "451 try later") && has(&window, "Try 1 e-mail again"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    settle(&mut window);
    assert_eq!(letters(&place).len(), 1);
    assert!(has(&window, "In the outbox"));
}

#[test]
fn what_is_ticked_in_review_is_reported_as_what_it_is_called() {
    let (place, _) = swept(Moves::WhenAsked);
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    settle(&mut window);
    // The open hit is wanted after all: it was caught wrongly.
    window.key_press(Key::N);
    settle(&mut window);
    window.key_press(Key::Space);
    settle(&mut window);
    let ctx = window.ctx.clone();
    let report = Intent::Do(Command::Report);
    window.state_mut().carry_out(&ctx, report);
    settle(&mut window);
    assert_eq!(window.state().state().page, Page::Report);
    let shown: Vec<String> = window
        .query_all_by_label_contains("sample")
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    assert!(
        says(&window, "3 samples for F-Secure, in 2 e-mails"),
        "{shown:?}"
    );
    assert!(has(&window, "Caught wrongly"));
}
