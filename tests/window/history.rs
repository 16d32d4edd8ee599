//! The page for what was done: empty, filled, failing; what was moved is put back from it, and what
//! failed is sent again.

use super::everywhere;
use super::place::{Place, settle};
use super::swept::swept;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::Page;
use postsweep::gui::state::history::Ask;
use postsweep::gui::{App, Command, Intent};
use postsweep::job::{self, Candidate, Control, Edits, Moves, Take, Wish};
use postsweep::mail::Digest;
use postsweep::settings::Settings;
use postsweep::store::{Store, SubmissionState};
use postsweep::verdict::Purpose;

fn window(place: &Place) -> Harness<'static, App> {
    let mut window = place.window();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    assert_eq!(window.state().state().page, Page::History);
    window
}

fn press(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    settle(window);
}

fn says(window: &Harness<'static, App>, part: &str) -> bool {
    window.query_all_by_label_contains(part).next().is_some()
}

/// The lines of the list, as they are read out.
fn lines(window: &Harness<'static, App>) -> Vec<String> {
    let options = window.get_all_by_role(Role::ListBoxOption);
    options
        .filter_map(|line| line.accesskit_node().label())
        .collect()
}

fn in_target(place: &Place) -> usize {
    let folder = place.path().join("mail/.Missed spam/cur");
    std::fs::read_dir(folder).map_or(0, |listing| listing.count())
}

fn ask(window: &mut Harness<'static, App>, ask: Ask) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::History(ask));
    settle(window);
}

#[test]
fn before_anything_was_done_it_says_what_to_do() {
    let place = Place::new("[[account]]\nname = \"pat\"\nsource = \"files\"\npath = \"mail\"\n");
    let mut window = window(&place);
    assert!(says(&window, "Nothing was done yet"));
    let way_on = window.get_all_by_role_and_label(Role::Button, "Sweep");
    way_on.last().unwrap().click();
    settle(&mut window);
    assert_eq!(window.state().state().page, Page::Sweep);
}

#[test]
fn what_was_moved_is_put_back_one_by_one_and_all_by_ctrl_z() {
    let (place, _) = swept(Moves::AtOnce);
    let mut window = window(&place);
    let before = lines(&window);
    assert!(
        before[0].contains("Moved: 3 messages to “Missed spam”, work: 3 from INBOX, 3 moved"),
        "{before:?}"
    );
    assert!(
        before[1].contains("Sweep: 9 messages, 3 hits, work · level low"),
        "{before:?}"
    );
    assert!(says(&window, "Today, "));
    assert!(says(
        &window,
        "3 go back to INBOX, with their flags and dates."
    ));
    assert_eq!(in_target(&place), 3);
    press(&mut window, "Put back Minutes of meeting 3");
    assert_eq!(in_target(&place), 2);
    let after = lines(&window);
    assert!(
        after[0].contains("Undone: 1 message back to INBOX, work · “Minutes of meeting 3”"),
        "{after:?}"
    );
    assert!(after[1].contains("3 moved, 1 put back since"), "{after:?}");
    // The move is still the one that is open.
    assert!(says(&window, "Put all 2 back"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(in_target(&place), 0);
    assert!(window.query_by_label("Put all 2 back").is_none());
}

#[test]
fn what_the_history_put_back_is_not_put_back_again_by_the_next_undo() {
    let (place, _) = swept(Moves::WhenAsked);
    let mut window = place.window();
    everywhere::ask(&mut window, Command::Go(Page::Review));
    everywhere::ask(&mut window, Command::Move);
    assert_eq!(in_target(&place), 3);
    everywhere::ask(&mut window, Command::Go(Page::History));
    press(&mut window, "Put all 3 back");
    assert_eq!(in_target(&place), 0);
    everywhere::ask(&mut window, Command::Go(Page::Review));
    assert!(!Command::Undo.is_enabled(window.state().state()));
}

#[test]
fn entries_are_found_by_words_kind_and_account() {
    let (place, _) = swept(Moves::AtOnce);
    let mut window = window(&place);
    assert!(says(&window, "2 entries"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut window);
    window
        .get_by_role_and_label(Role::TextInput, "Filter the history")
        .type_text("meeting 6");
    settle(&mut window);
    assert_eq!(lines(&window).len(), 1);
    assert!(says(&window, "1 of 2 shown"));
    ask(&mut window, Ask::Filter("nobody said this".to_owned()));
    assert!(says(&window, "No entry matches “nobody said this”."));
    press(&mut window, "Clear filter");
    assert!(says(&window, "2 entries"));
    ask(&mut window, Ask::Kind(job::Kind::Sweeps));
    assert!(lines(&window).iter().all(|line| line.contains("Sweep")));
    ask(&mut window, Ask::Kind(job::Kind::All));
    ask(&mut window, Ask::Account(Some("work".to_owned())));
    assert_eq!(lines(&window).len(), 2);
    // The next line by keyboard.
    window.key_press(Key::ArrowDown);
    settle(&mut window);
    assert!(says(&window, "Judged in this sweep"));
    let file = place.path().join("history.csv");
    ask(&mut window, Ask::ExportTo(file.clone()));
    let table = std::fs::read_to_string(file).unwrap();
    assert_eq!(table.lines().count(), 5, "{table}");
}

/// A report of this message that the server put off.
pub fn failed_report(place: &Place, hit: Digest) {
    let settings = Settings::load(&place.places().config_file).unwrap();
    let (plan, _) = job::report_plan(&settings, &place.places(), "work").unwrap();
    let candidate = Candidate {
        digest: hit,
        purpose: Purpose::Spam,
        take: Take::Once,
    };
    let wish = Wish {
        account: "work".to_owned(),
        ..Wish::default()
    };
    let draft = job::draft(&plan, &[candidate], &wish).unwrap();
    let all = [0];
    job::send_report(
        &plan,
        &draft,
        &Edits::new(),
        &all,
        &Control::new(),
        &mut |_| {},
    )
    .unwrap();
    let outbox = place.path().join("data/outbox");
    std::fs::remove_dir_all(&outbox).unwrap();
    let store = Store::open(&place.path().join("data/store.sqlite")).unwrap();
    let package = store.packages().unwrap().remove(0).id;
    store
        .set_submission(package, SubmissionState::Failed, "451 try later")
        .unwrap();
}

#[test]
fn a_report_that_failed_is_sent_again_by_ctrl_r_and_its_failure_is_told() {
    let (place, hits) = swept(Moves::AtOnce);
    failed_report(&place, hits[0]);
    let outbox = place.path().join("data/outbox");
    std::fs::write(&outbox, "a file where the folder should be").unwrap();
    let mut window = window(&place);
    assert!(
        lines(&window)[0].contains("Not written"),
        "{:?}",
        lines(&window)
    );
    assert!(says(&window, "451 try later"));
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    settle(&mut window);
    assert!(says(&window, "That did not work"));
    press(&mut window, "Dismiss");
    std::fs::remove_file(&outbox).unwrap();
    window.key_press_modifiers(Modifiers::COMMAND, Key::R);
    settle(&mut window);
    assert!(
        lines(&window)[0].contains("In the outbox"),
        "{:?}",
        lines(&window)
    );
    assert_eq!(std::fs::read_dir(outbox).unwrap().count(), 1);
}
