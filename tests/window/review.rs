//! The page for hits: empty, filled and failing; every intention by keyboard.

use super::place::{Place, settle, window};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, OutputCommand, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::Page;
use postsweep::gui::{App, Command, Start, theme};
use postsweep::job::{self, Choices, Control, Moves, Plan};
use postsweep::settings::{KeyPlace, List, Settings};
use std::fs;
use std::path::PathBuf;

/// A Maildir of which these subjects, and their senders' names, are hits.
fn swept(hits: &[(&str, &str)]) -> Place {
    let place = Place::new("");
    let mail = place.path().join("mail");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(mail.join(part)).unwrap();
    }
    for (number, (name, subject)) in hits.iter().enumerate() {
        let message = format!(
            "Received: from mail.spam.example (mail.spam.example [192.0.2.7]) by mx.example.net;\r\n\
             \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: {name} <{number}@spam.example>\r\n\
             To: Pat <pat@example.net>\r\nSubject: {subject}\r\nMessage-ID: <{number}@spam.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <p>Read this. <a href=\"https://evil.example.org/x\">https://www.bank.com/</a></p>\r\n"
        );
        fs::write(
            mail.join(format!("cur/{number}.M{number}.host:2,")),
            message,
        )
        .unwrap();
    }
    let settings = format!(
        "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {mail:?}\nfolders = [\"INBOX\"]\n\
         move-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n\
         [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
         [senders]\nblocked = [\"*@spam.example\"]\n"
    );
    fs::write(place.places().config_file, &settings).unwrap();
    if !hits.is_empty() {
        sweep(&place);
    }
    place
}

fn sweep(place: &Place) {
    let places = place.places();
    let mut settings = Settings::load(&places.config_file).unwrap();
    settings.cache.key = KeyPlace::File;
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let plan = Plan::new(settings, &places, &choices).unwrap();
    let summary = job::run(&plan, &Control::new(), &mut |_| {});
    assert_eq!(summary.troubles, 0);
}

const THREE: [(&str, &str); 3] = [
    ("Bank", "Your account will be locked"),
    ("Prize Office", "You have won"),
    ("Sam", "Minutes of the meeting"),
];

fn open(place: &Place) -> Harness<'static, App> {
    let mut window = place.window();
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    window
}

fn press(window: &mut Harness<'static, App>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

fn key(window: &mut Harness<'static, App>, key: Key) {
    press(window, Modifiers::NONE, key);
}

fn click(window: &mut Harness<'static, App>, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn rows(window: &Harness<'static, App>) -> Vec<String> {
    let rows = window.get_all_by_role(Role::ListBoxOption);
    let name = |row: egui_kittest::Node<'_>| row.accesskit_node().label().unwrap_or_default();
    rows.map(name).collect()
}

fn has(window: &Harness<'static, App>, label: &str) -> bool {
    window.query_all_by_label_contains(label).next().is_some()
}

fn subjects_open(window: &Harness<'static, App>) -> String {
    let row = window.state().state().review.row();
    row.map_or_else(String::new, |row| row.subject.to_string())
}

fn moved(place: &Place) -> usize {
    let folder: PathBuf = place.path().join("mail/.Missed spam/cur");
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn without_a_hit_it_says_what_to_do_and_leads_there() {
    let place = swept(&[]);
    let mut window = open(&place);
    window.get_by_label("No hits yet. Sweep a mailbox to see what the gateway missed.");
    let buttons = window.get_all_by_role_and_label(Role::Button, "Sweep");
    buttons.last().unwrap().click();
    settle(&mut window);
    assert_eq!(
        window.state().state().page,
        postsweep::gui::state::Page::Sweep
    );
}

#[test]
fn every_hit_is_a_row_with_its_total_and_the_first_is_open() {
    let place = swept(&THREE);
    let window = open(&place);
    assert_eq!(rows(&window).len(), 3);
    assert!(rows(&window)[0].contains("0@spam.example"));
    window.get_by_label("3 of 3 shown");
    window.get_by_label("1 of 3");
    window.get_by_role_and_label(Role::Button, "Move 3 hits to “Missed spam”");
    assert!(has(&window, "handed over by 192.0.2.7"));
    assert!(has(&window, "Leads to"));
    assert!(has(&window, "https://evil.example.org/x"));
    window.get_by_role_and_label(Role::TextInput, "Filter hits");
}

#[test]
fn a_word_of_the_head_sorts_and_sorts_the_other_way() {
    let place = swept(&THREE);
    let mut window = open(&place);
    click(&mut window, "Sort by Subject");
    assert!(rows(&window)[0].contains("Minutes"));
    click(&mut window, "Sorted by Subject, ascending");
    assert!(rows(&window)[0].contains("account"));
    window.get_by_label("Sorted by Subject, descending");
}

#[test]
fn the_filter_is_reached_by_its_keys_leaves_what_is_typed_and_can_be_cleared() {
    let place = swept(&THREE);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::F);
    let field = window.get_by_role_and_label(Role::TextInput, "Filter hits");
    assert!(field.is_focused());
    field.type_text("prize");
    settle(&mut window);
    assert_eq!(rows(&window).len(), 1);
    window.get_by_label("1 of 3 shown");
    window.get_by_role_and_label(Role::Button, "Move 1 hit to “Missed spam”");
    let field = window.get_by_role_and_label(Role::TextInput, "Filter hits");
    field.type_text("zzz");
    settle(&mut window);
    window.get_by_label("No hit matches “prizezzz”.");
    click(&mut window, "Clear filter");
    assert_eq!(rows(&window).len(), 3);
}

#[test]
fn segments_and_rules_leave_what_is_chosen() {
    let place = swept(&THREE);
    let mut window = open(&place);
    click(&mut window, "Moved 0");
    assert!(
        window
            .query_all_by_role(Role::ListBoxOption)
            .next()
            .is_none()
    );
    click(&mut window, "All 3");
    window.get_by_role_and_label(Role::ComboBox, "Rule").click();
    settle(&mut window);
    window.get_by_label_contains("blocked sender (3)").click();
    settle(&mut window);
    assert_eq!(rows(&window).len(), 3);
}

#[test]
fn keys_walk_the_list_and_tick() {
    let place = swept(&THREE);
    let mut window = open(&place);
    let first = subjects_open(&window);
    key(&mut window, Key::J);
    let second = subjects_open(&window);
    assert_ne!(first, second);
    key(&mut window, Key::ArrowDown);
    window.get_by_label("3 of 3");
    key(&mut window, Key::K);
    key(&mut window, Key::ArrowUp);
    assert_eq!(subjects_open(&window), first);
    key(&mut window, Key::Space);
    window.get_by_role_and_label(Role::Button, "Move 2 hits to “Missed spam”");
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_role_and_label(Role::Button, "Move 3 hits to “Missed spam”");
    press(&mut window, Modifiers::COMMAND, Key::A);
    assert_eq!(window.state().state().review.table.counts().ticked, 0);
    let name = format!("Tick {second}");
    click(&mut window, &name);
    assert_eq!(window.state().state().review.table.counts().ticked, 1);
}

fn ticks(window: &Harness<'static, App>) -> Vec<bool> {
    let table = &window.state().state().review.table;
    (0..table.len()).map(|at| table.is_ticked(at)).collect()
}

fn click_row(window: &mut Harness<'static, App>, at: usize, modifiers: Modifiers) {
    let row = window.get_all_by_role(Role::ListBoxOption).nth(at);
    row.unwrap().click_modifiers(modifiers);
    settle(window);
}

const FIVE: [(&str, &str); 5] = [
    ("Bank", "Your account will be locked"),
    ("Prize Office", "You have won"),
    ("Sam", "Minutes of the meeting"),
    ("Shop", "Ships tonight"),
    ("Desk", "Mailbox full"),
];

#[test]
fn a_click_with_ctrl_ticks_a_row_and_with_shift_all_rows_up_to_it() {
    let place = swept(&FIVE);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::A);
    assert_eq!(ticks(&window), [false; 5]);
    let first = subjects_open(&window);
    click_row(&mut window, 1, Modifiers::COMMAND);
    assert_eq!(ticks(&window), [false, true, false, false, false]);
    assert_eq!(subjects_open(&window), first, "what is open stays open");
    click_row(&mut window, 3, Modifiers::SHIFT);
    assert_eq!(ticks(&window), [false, true, true, true, false]);
    click_row(&mut window, 2, Modifiers::COMMAND);
    assert_eq!(ticks(&window), [false, true, false, true, false]);
    // From a row that was opened, upwards.
    click_row(&mut window, 4, Modifiers::NONE);
    assert_ne!(subjects_open(&window), first);
    assert_eq!(ticks(&window), [false, true, false, true, false]);
    click_row(&mut window, 2, Modifiers::SHIFT);
    assert_eq!(ticks(&window), [false, true, true, true, true]);
}

#[test]
fn arrows_with_shift_tick_row_by_row_and_a_click_with_shift_goes_on_from_the_first() {
    let place = swept(&FIVE);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::A);
    key(&mut window, Key::ArrowDown);
    assert_eq!(ticks(&window), [false; 5]);
    press(&mut window, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(ticks(&window), [false, true, true, false, false]);
    window.get_by_label("3 of 5");
    click_row(&mut window, 3, Modifiers::SHIFT);
    assert_eq!(ticks(&window), [false, true, true, true, false]);
    press(&mut window, Modifiers::SHIFT, Key::ArrowUp);
    press(&mut window, Modifiers::SHIFT, Key::ArrowUp);
    press(&mut window, Modifiers::SHIFT, Key::ArrowUp);
    assert_eq!(ticks(&window), [true, true, true, true, false]);
    window.get_by_label("1 of 5");
}

fn from_more(window: &mut Harness<'static, App>, says: &str) {
    let more = window.get_by_role_and_label(Role::Button, "More for this hit");
    more.click();
    settle(window);
    from_menu(window, says);
}

fn from_menu(window: &mut Harness<'static, App>, says: &str) {
    // The menu's are drawn last: the bar of menus may hold the same words.
    let is_meant = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node()
            .label()
            .is_some_and(|label| label.starts_with(says))
    };
    let entry = window.query_all_by_role(Role::Button).rfind(is_meant);
    entry.unwrap().click();
    settle(window);
}

#[test]
fn the_menu_of_a_hit_approves_takes_back_puts_back_and_reports() {
    let place = swept(&THREE);
    let mut window = open(&place);
    let approved = |window: &Harness<'static, App>| {
        let approved = &window.state().state().site.settings.approved;
        approved.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    from_more(&mut window, "Always approve 0@spam.example");
    assert_eq!(approved(&window), ["0@spam.example"]);
    window.get_by_label("Not spam 1");
    from_more(&mut window, "Take back what I said");
    window.get_by_label("Not spam 0");
    from_more(&mut window, "Always approve everyone at spam.example");
    assert!(approved(&window).contains(&"*@spam.example".to_owned()));
    from_more(&mut window, "Take back what I said");
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(moved(&place), 3);
    from_more(&mut window, "Put back where it was");
    assert_eq!(moved(&place), 2);
    from_more(&mut window, "Report");
    let state = window.state().state();
    assert_eq!(state.page, postsweep::gui::state::Page::Report);
    assert!(!state.report.items.is_empty());
}

#[test]
fn the_other_button_on_a_row_opens_it_and_its_menu() {
    let place = swept(&THREE);
    let mut window = open(&place);
    let first = subjects_open(&window);
    let row = window.get_all_by_role(Role::ListBoxOption).nth(1);
    row.unwrap().click_secondary();
    settle(&mut window);
    assert_ne!(subjects_open(&window), first);
    let meant = subjects_open(&window);
    assert!(has(&window, "Always approve 1@spam.example"));
    from_menu(&mut window, "It is not spam");
    assert!(has(&window, "Not spam 1"));
    assert_eq!(subjects_open(&window), meant);
    let said = window.state().state().review.row().and_then(|row| row.said);
    assert_eq!(said, Some(postsweep::job::Said::NotSpam));
    // It is closed, and comes again for the row that is open.
    assert!(!has(&window, "Always approve 1@spam.example"));
    let row = window.get_all_by_role(Role::ListBoxOption).nth(1);
    row.unwrap().click_secondary();
    settle(&mut window);
    assert!(has(&window, "Take back what I said"));
    key(&mut window, Key::Escape);
    assert!(!has(&window, "Take back what I said"));
    assert_eq!(subjects_open(&window), meant);
}

#[test]
fn everyone_at_a_domain_is_approved_in_words_and_taken_back_whole() {
    let place = swept(&THREE);
    let mut window = open(&place);
    from_more(&mut window, "Always approve everyone at spam.example");
    window.get_by_label_contains("; everyone at spam.example is approved.");
    let listed = || {
        let settings = Settings::load(&place.places().config_file).unwrap();
        (settings.approved, settings.blocked)
    };
    let entry = vec!["*@spam.example".to_owned()];
    assert_eq!(listed(), (entry.clone(), Vec::new()));
    window.get_by_label("Not spam 1");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    window.get_by_label("Not spam 0");
    assert!(has(&window, "Your word and the approval were taken back"));
    assert_eq!(listed(), (Vec::new(), entry.clone()));

    // An entry that was there before stays.
    job::list_senders(&place.places(), List::Approved, &entry).unwrap();
    from_more(&mut window, "Always approve everyone at spam.example");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    window.get_by_label("Not spam 0");
    assert_eq!(listed(), (entry, Vec::new()));
}

#[test]
fn where_anybody_gets_an_address_only_that_address_can_be_approved() {
    let place = swept(&[]);
    let message = "Received: from mail.gmail.com (mail.gmail.com [192.0.2.7]) by mx.example.net;\r\n\
        \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: Prize <prize@gmail.com>\r\n\
        To: Pat <pat@example.net>\r\nSubject: You have won\r\nMessage-ID: <1@gmail.com>\r\n\r\nWon.\r\n";
    fs::write(place.path().join("mail/cur/1.M1.host:2,"), message).unwrap();
    job::list_senders(&place.places(), List::Blocked, &["*@gmail.com".to_owned()]).unwrap();
    sweep(&place);
    let mut window = open(&place);
    click(&mut window, "More for this hit");
    assert!(has(&window, "Always approve prize@gmail.com"));
    assert!(!has(&window, "Always approve everyone"));
}

#[test]
fn a_held_hit_that_is_ticked_is_not_called_unticked() {
    let place = swept(&THREE);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::M);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    sweep(&place);
    let mut window = open(&place);
    window.get_by_label_contains("Not ticked, because it was put back by an undo.");
    key(&mut window, Key::Space);
    assert!(!has(&window, "Not ticked, because"));
    window.get_by_label_contains("Ticked, though it was put back by an undo.");
}

#[test]
fn a_word_by_key_is_noted_and_taken_back() {
    let place = swept(&THREE);
    let mut window = open(&place);
    key(&mut window, Key::N);
    window.get_by_label("Not spam 1");
    assert!(has(&window, "Noted as not spam"));
    window.get_by_role_and_label(Role::Button, "Move 2 hits to “Missed spam”");
    key(&mut window, Key::P);
    window.get_by_label("Phishing 1");
    key(&mut window, Key::S);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    window.get_by_label("Phishing 1");
    // What was said is there when the window is opened again.
    drop(window);
    let window = open(&place);
    window.get_by_label("Phishing 1");
}

#[test]
fn ticked_hits_are_moved_at_once_nothing_is_sent_and_undo_puts_them_back() {
    let place = swept(&THREE);
    let mut window = open(&place);
    key(&mut window, Key::Space);
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(moved(&place), 2);
    assert!(has(&window, "2 hits moved"));
    window.get_by_label("Moved 2");
    assert!(!place.path().join("data/outbox").exists());
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(moved(&place), 0);
    window.get_by_label("Moved 0");
}

#[test]
fn of_a_message_in_two_folders_each_copy_is_moved_and_put_back_by_itself() {
    let place = swept(&THREE[..1]);
    let archive = place.path().join("mail/.Archive");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(archive.join(part)).unwrap();
    }
    let copy = place.path().join("mail/cur/0.M0.host:2,");
    fs::copy(copy, archive.join("cur/1.M1.host:2,")).unwrap();
    let file = place.places().config_file;
    let settings = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        settings.replace("[\"INBOX\"]", "[\"INBOX\", \"Archive\"]"),
    )
    .unwrap();
    sweep(&place);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(moved(&place), 1);
    // The row is now that of the other copy, which nobody has ticked.
    assert_eq!(ticks(&window), [false]);
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(moved(&place), 1);
    key(&mut window, Key::Space);
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(moved(&place), 2);
    // Each is taken back by itself, the last one first.
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(moved(&place), 1);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(moved(&place), 0);
}

#[test]
fn a_reported_hit_shows_that_and_its_folder() {
    let place = swept(&THREE);
    let mut window = open(&place);
    press(&mut window, Modifiers::COMMAND, Key::M);
    let first = subjects_open(&window);
    let row = |window: &Harness<'static, App>| {
        let mut rows = rows(window).into_iter();
        rows.rfind(|row| row.contains(&first)).unwrap()
    };
    assert!(row(&window).ends_with(", → Missed spam"));
    press(&mut window, Modifiers::COMMAND, Key::Num3);
    press(&mut window, Modifiers::COMMAND, Key::Enter);
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    assert!(row(&window).ends_with(", → Missed spam, in the outbox"));
    let signs = window.get_all_by_role(Role::Image);
    let is_sign = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().as_deref() == Some("in the outbox")
    };
    assert_eq!(signs.filter(is_sign).count(), 3);
    window.get_by_label_contains("All that are ticked are in reports.");
}

#[test]
fn what_another_program_took_is_told_in_the_page() {
    let place = swept(&THREE);
    let mut window = open(&place);
    for number in 0..3 {
        fs::remove_file(
            place
                .path()
                .join(format!("mail/cur/{number}.M{number}.host:2,")),
        )
        .unwrap();
    }
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert!(has(&window, "Not everything was done."));
    assert!(has(&window, "by another program"));
    window
        .get_by_role_and_label(Role::Button, "Dismiss")
        .click();
    settle(&mut window);
    assert!(!has(&window, "Not everything was done."));
}

#[test]
fn evidence_is_copied_by_its_keys() {
    let place = swept(&THREE);
    let mut window = open(&place);
    let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
    // Pressed and not let go: what is copied is told in the frame that hears of it.
    window.input_mut().events.push(Event::Key {
        key: Key::C,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    });
    window.step();
    let mut copied = String::new();
    for command in &window.output().platform_output.commands {
        if let OutputCommand::CopyText(text) = command {
            copied.clone_from(text);
        }
    }
    assert!(
        copied.contains("SHA-256: ") && copied.contains("hxxps://evil"),
        "{copied}"
    );
}

#[test]
fn every_part_of_the_open_hit_is_a_tab() {
    let place = swept(&THREE);
    let mut window = open(&place);
    for (tab, shows) in [
        ("Text", "Read this."),
        ("Attachments", "Nothing is attached."),
        ("Headers", "Message-ID: "),
        ("Source", "Received: from mail.spam.example"),
        ("Overview", "Why"),
    ] {
        window.get_by_role_and_label(Role::Tab, tab).click();
        settle(&mut window);
        assert!(has(&window, shows), "{tab}");
    }
}

#[test]
fn in_a_narrow_window_enter_opens_a_hit_and_escape_goes_back() {
    let place = swept(&THREE);
    let mut window = window(Start::of(place.places()), vec2(960.0, 640.0));
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    assert!(window.query_by_label("Why").is_none());
    key(&mut window, Key::Enter);
    window.get_by_label("Why");
    assert!(
        window
            .query_all_by_role(Role::ListBoxOption)
            .next()
            .is_none()
    );
    key(&mut window, Key::Escape);
    assert_eq!(rows(&window).len(), 3);
}

#[test]
fn a_narrow_window_says_once_how_many_hits_are_shown() {
    let place = swept(&THREE);
    let mut window = window(Start::of(place.places()), vec2(960.0, 640.0));
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    window.get_by_label("3 hits. Nothing has been moved yet.");
    assert!(!has(&window, "of 3"));
    press(&mut window, Modifiers::COMMAND, Key::F);
    let field = window.get_by_role_and_label(Role::TextInput, "Filter hits");
    field.type_text("prize");
    settle(&mut window);
    window.get_by_label("1 of 3 hits shown.");
    assert!(window.query_by_label("1 of 3 shown").is_none());
}

#[test]
fn where_there_is_no_room_for_the_kinds_one_is_chosen_from_a_list() {
    let place = swept(&THREE);
    // A choice of accounts takes their room.
    let mail = place.path().join("more");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(mail.join(part)).unwrap();
    }
    let name = "cur/0.M0.host:2,";
    fs::copy(place.path().join("mail").join(name), mail.join(name)).unwrap();
    let config = place.places().config_file;
    let more = format!(
        "\n[[account]]\nname = \"more\"\nsource = \"maildir\"\npath = {mail:?}\nfolders = [\"INBOX\"]\n\
         move-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n"
    );
    fs::write(&config, fs::read_to_string(&config).unwrap() + &more).unwrap();
    sweep(&place);
    // As with text at 150 %: the page keeps its least width, and scrolls.
    let mut window = window(Start::of(place.places()), vec2(700.0, 640.0));
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    let right = theme::RAIL + theme::PAGE_LEAST.x - theme::PAGE_EDGE;
    for choice in ["Account", "Rule"] {
        let choice = window.get_by_role_and_label(Role::ComboBox, choice);
        assert!(choice.rect().right() <= right, "{:?}", choice.rect());
    }
    window.get_by_role_and_label(Role::ComboBox, "Kind").click();
    settle(&mut window);
    click(&mut window, "Moved 0");
    assert!(
        window
            .query_all_by_role(Role::ListBoxOption)
            .next()
            .is_none()
    );
}

#[test]
fn a_store_that_cannot_be_read_is_told_with_a_way_out() {
    let place = swept(&THREE);
    let store = place.path().join("data/store.sqlite");
    let good = fs::read(&store).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(place.path().join(format!("data/store.sqlite{end}")));
    }
    fs::write(&store, "nothing of the kind".repeat(500)).unwrap();
    let mut window = open(&place);
    assert!(has(&window, "The hits could not be read."));
    fs::write(&store, good).unwrap();
    click(&mut window, "Try again");
    assert_eq!(rows(&window).len(), 3);
}

#[test]
fn what_is_written_from_right_to_left_is_read_out_in_the_order_of_reading() {
    // A name and a subject of several words.
    let place = swept(&[(
        "=?utf-8?b?15PXldeTINec15XXmQ==?=",
        "=?utf-8?b?16nXnNeV150g16LXldec150gKNeT15fXldejKQ==?=",
    )]);
    let mut window = open(&place);
    let (name, subject) = ("דוד לוי", "שלום עולם (דחוף)");
    let row = rows(&window).pop().unwrap();
    assert!(row.contains(name) && row.contains(subject), "{row}");
    window.get_by_role_and_label(Role::CheckBox, &format!("Tick {subject}"));
    key(&mut window, Key::Enter);
    let titles = window.query_all_by_role(Role::Label);
    let mut titles = titles.filter_map(|title| title.accesskit_node().value());
    assert!(titles.any(|title| title == subject));
}

#[test]
fn hostile_words_do_not_steer_the_list() {
    let long = "x".repeat(10_000);
    let marks = format!("a{}", "\u{301}".repeat(500));
    let place = swept(&[
        (
            "=?utf-8?q?Bank=E2=80=AEknab?=",
            "=?utf-8?q?=E2=80=AEgpj.exe?=",
        ),
        ("Long", &long),
        ("Zalgo", &marks),
    ]);
    let window = open(&place);
    let rows = rows(&window);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| !row.contains('\u{202e}')), "{rows:?}");
    assert!(rows.iter().all(|row| row.chars().count() < 2_000));
}

/// Two mailboxes with hits, one of which lies in both.
fn two_swept() -> Place {
    let place = Place::new("");
    let mut settings = String::new();
    for (account, numbers) in [("home", 0..3), ("work", 2..5)] {
        let mail = place.path().join(account);
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(mail.join(part)).unwrap();
        }
        for number in numbers {
            let name = format!("cur/{number}.M{number}.host:2,");
            let message = super::swept::message(number, "spam.example");
            fs::write(mail.join(name), message).unwrap();
        }
        settings += &format!(
            "[[account]]\nname = \"{account}\"\nsource = \"maildir\"\npath = {mail:?}\n\
             folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n"
        );
    }
    settings += "[senders]\nblocked = [\"*@spam.example\"]\n[cache]\nkey = \"file\"\n";
    fs::write(&place.places().config_file, settings).unwrap();
    place
}

#[test]
fn hits_of_two_mailboxes_are_moved_and_put_back_together() {
    let place = two_swept();
    let mut window = window(Start::of(place.places()), super::place::SIZE);
    super::everywhere::ask(&mut window, Command::Sweep);
    super::everywhere::ask(&mut window, Command::Go(Page::Review));
    let count = |folder: &str| {
        let of = |account| fs::read_dir(place.path().join(account).join(folder));
        ["home", "work"].map(|account| of(account).map_or(0, Iterator::count))
    };
    assert_eq!(count("cur"), [3, 3]);
    for _ in 0..3 {
        super::everywhere::ask(&mut window, Command::SelectAll);
        if window.state().state().review.table.counts().ticked == 0 {
            super::everywhere::ask(&mut window, Command::SelectAll);
        }
        super::everywhere::ask(&mut window, Command::Move);
        assert_eq!((count("cur"), count(".Missed spam/cur")), ([0, 0], [3, 3]));
        super::everywhere::ask(&mut window, Command::Undo);
        assert_eq!((count("cur"), count(".Missed spam/cur")), ([3, 3], [0, 0]));
        let review = &window.state().state().review;
        assert!(review.moving.is_empty() && review.done.is_empty());
        assert_eq!(review.table.len(), 6);
    }
}
