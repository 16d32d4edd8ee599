//! The page for the mailboxes: added while each step is watched, tried, changed and removed.

use super::place::{Place, SIZE, drawn, settle};
use super::screenshots::save;
use crate::support::dovecot::Dovecot;
use crate::support::free_port;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use postsweep::gui::state::Page;
use postsweep::gui::state::accounts::Ask;
use postsweep::gui::{App, Command, Intent, Start, theme};
use postsweep::settings::{Field, Kind, Security, Settings, Source};

type Window = Harness<'static, App>;

fn press(window: &mut Window, button: &str) {
    let find = |window: &Window, act: fn(&egui_kittest::Node<'_>)| {
        act(&window.get_by_role_and_label(Role::Button, button));
    };
    find(window, |button| button.scroll_to_me());
    settle(window);
    find(window, |button| button.click());
    settle(window);
}

/// Types into a field that is found by its label.
fn type_in(window: &mut Window, label: &str, text: &str) {
    type_as(window, Role::TextInput, label, text);
}

fn type_as(window: &mut Window, role: Role, label: &str, text: &str) {
    window.get_by_role_and_label(role, label).focus();
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_role_and_label(role, label).type_text(text);
    settle(window);
}

fn ask(window: &mut Window, ask: Ask) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::Accounts(ask));
    settle(window);
}

fn open(window: &mut Window, command: Command) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::Do(command));
    settle(window);
}

fn says(window: &Window, part: &str) {
    window.get_by_label_contains(part);
}

fn maildir(place: &Place) -> String {
    let mail = place.path().join("mail");
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(mail.join(part)).unwrap();
    }
    mail.display().to_string()
}

fn in_files(place: &Place) -> String {
    format!(
        "[[account]]\nname = \"Old\"\nsource = \"maildir\"\npath = {:?}\n",
        maildir(place)
    )
}

#[test]
fn without_an_account_the_page_says_what_to_do() {
    let mut window = Place::new("").window();
    window.state_mut().state_mut().page = Page::Accounts;
    settle(&mut window);
    says(&window, "No mailbox yet. Add one");
    press(&mut window, "Add my mailbox");
    window.get_by_role_and_label(Role::TextInput, "E-mail address");
}

#[test]
fn a_form_that_is_not_filled_in_says_what_is_missing_at_each_field() {
    let mut window = Place::new("").window();
    open(&mut window, Command::AddMailbox);
    assert!(window.query_by_label("Type the password.").is_none());
    press(&mut window, "Test the connection");
    for why in [
        "Give it a short name, such as “Work”.",
        "Type your e-mail address, such as pat@example.com.",
        "Type the password.",
        "Name the IMAP server, such as imap.example.com.",
    ] {
        window.get_by_label(why);
    }
    let button = window.get_by_role_and_label(Role::Button, "Test the connection");
    assert!(button.accesskit_node().is_disabled());
    type_in(&mut window, "Port", "70000");
    window
        .get_by_role_and_label(Role::TextInput, "User name")
        .focus();
    settle(&mut window);
    window.get_by_label("A port is a number from 1 to 65535.");
}

#[test]
fn the_server_of_a_known_address_is_filled_in_as_it_is_typed() {
    let mut window = Place::new("").window();
    open(&mut window, Command::AddMailbox);
    type_in(&mut window, "E-mail address", "pat@gmail.com");
    window.get_by_label("Gmail: imap.gmail.com");
    says(&window, "make an app password");
    press(&mut window, "Server settings");
    let host = window.get_by_role_and_label(Role::TextInput, "IMAP server");
    assert_eq!(host.value().as_deref(), Some("imap.gmail.com"));
    let name = window.get_by_role_and_label(Role::TextInput, "Name of the account");
    assert_eq!(name.value().as_deref(), Some("pat@gmail.com"));
}

#[test]
fn a_provider_that_wants_an_app_password_says_how_to_make_it_before_one_is_typed() {
    let mut window = Place::new("").window();
    open(&mut window, Command::AddMailbox);
    for (address, step) in [
        ("pat@gmail.com", "Type the 16 letters that Google shows"),
        ("pat@icloud.com", "open App-Specific Passwords"),
    ] {
        type_in(&mut window, "E-mail address", address);
        says(&window, step);
        says(
            &window,
            "The one made for this program, not your usual one.",
        );
        window.get_by_role_and_label(Role::Button, "Open its page");
    }
    type_in(&mut window, "E-mail address", "pat@example.com");
    assert!(
        window
            .query_by_label_contains("made for this program")
            .is_none()
    );
}

#[test]
fn a_provider_that_takes_no_password_lets_none_be_typed_and_leads_to_mail_in_files() {
    let mut window = Place::new("").window();
    open(&mut window, Command::AddMailbox);
    type_in(&mut window, "E-mail address", "pat@outlook.com");
    says(&window, "Microsoft takes no password from mail programs");
    says(&window, "this provider takes no password");
    let field = window.get_by_role_and_label(Role::PasswordInput, "Password");
    assert!(field.accesskit_node().is_disabled());
    let test = window.query_by_role_and_label(Role::Button, "Test the connection");
    assert!(test.is_none());
    // Another server is somebody's own word.
    press(&mut window, "Server settings");
    type_in(&mut window, "IMAP server", "proxy.example.com");
    let field = window.get_by_role_and_label(Role::PasswordInput, "Password");
    assert!(!field.accesskit_node().is_disabled());
    type_in(&mut window, "IMAP server", "outlook.office365.com");
    press(&mut window, "Open mail in files");
    window.get_by_role_and_label(Role::TextInput, "Folder or file");
}

#[test]
fn what_is_changed_of_an_account_is_not_left_for_another_form() {
    let place = Place::new(
        "[[account]]\nname = \"Work\"\nsource = \"imap\"\nserver = \"imap.example.com\"\n\
         user = \"pat\"\npassword-command = \"echo secret\"\naddresses = [\"pat@example.com\"]\n",
    );
    let mut window = place.window();
    open(&mut window, Command::Go(Page::Accounts));
    press(&mut window, "Change “Work”");
    type_as(&mut window, Role::PasswordInput, "Password", "hunter2");
    type_in(&mut window, "E-mail address", "pat@outlook.com");
    type_in(&mut window, "IMAP server", "outlook.office365.com");
    says(&window, "this provider takes no password");
    let form = window.state().state().accounts.form.as_ref().unwrap();
    assert!(form.typed_password().is_none());
    let files = window.query_by_role_and_label(Role::Button, "Open mail in files");
    assert!(files.is_none());
    press(&mut window, "Save the change");
    let form = window.state().state().accounts.form.as_ref();
    assert_eq!(form.and_then(|form| form.trouble.clone()), None);
    let settings = Settings::load(&place.places().config_file).unwrap();
    assert_eq!(settings.accounts[0].addresses, ["pat@outlook.com"]);
}

#[test]
fn what_is_typed_as_password_is_read_out_nowhere_and_goes_with_the_form() {
    let mut window = Place::new("").window();
    open(&mut window, Command::AddMailbox);
    type_as(&mut window, Role::PasswordInput, "Password", "hunter2");
    let field = window.get_by_role_and_label(Role::PasswordInput, "Password");
    assert_ne!(field.value().as_deref(), Some("hunter2"));
    assert!(window.query_by_label_contains("hunter2").is_none());
    let form = window.state().state().accounts.form.as_ref().unwrap();
    assert_eq!(form.typed_password().unwrap().expose(), "hunter2");
    assert!(!format!("{form:?}").contains("hunter2"));
    press(&mut window, "Cancel");
    assert!(window.state().state().accounts.form.is_none());
    open(&mut window, Command::AddMailbox);
    // Undo brings nothing back.
    window
        .get_by_role_and_label(Role::PasswordInput, "Password")
        .focus();
    window.run_ok();
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    let form = window.state().state().accounts.form.as_ref().unwrap();
    assert!(form.typed_password().is_none());
}

#[test]
fn mail_in_files_is_added_in_three_steps() {
    let place = Place::new("");
    let mail = maildir(&place);
    let mut window = place.window();
    ask(&mut window, Ask::AddFiles);
    type_in(&mut window, "Folder or file", &mail);
    window
        .get_by_role_and_label(Role::RadioButton, "Maildir")
        .click();
    type_in(&mut window, "Name of the account", "Old");
    says(
        &window,
        "Nothing is stored before the files were looked at.",
    );
    press(&mut window, "Look at the files");
    says(&window, "The mail is there.");
    let inbox = window.get_by_role_and_label(Role::CheckBox, "INBOX");
    inbox.click();
    settle(&mut window);
    window.get_by_label("Tick at least one folder to sweep.");
    window
        .get_by_role_and_label(Role::CheckBox, "INBOX")
        .click();
    type_in(&mut window, "Folder for hits", "Gateway");
    press(&mut window, "Add the mailbox");

    let settings = Settings::load(&place.places().config_file).unwrap();
    let account = settings.account("Old").unwrap();
    assert_eq!(account.source, Source::Maildir(mail.into()));
    assert_eq!(
        (account.folders.as_slice(), account.move_to.as_str()),
        (&["INBOX".to_owned()][..], "Gateway")
    );
    let state = window.state().state();
    assert_eq!(state.page, Page::Sweep);
    assert!(state.status.as_ref().unwrap().says.contains("“Old” added"));
}

#[test]
fn a_maildir_whose_path_is_typed_is_taken_for_one_unless_somebody_says_otherwise() {
    let place = Place::new("");
    let mail = maildir(&place);
    let kind = |window: &Window| {
        let form = window.state().state().accounts.form.as_ref();
        form.unwrap().draft.kind
    };
    let mut window = place.window();
    ask(&mut window, Ask::AddFiles);
    type_in(&mut window, "Folder or file", &mail);
    assert_eq!(kind(&window), Kind::Files, "nothing was looked at yet");
    type_in(&mut window, "Name of the account", "Old");
    assert_eq!(kind(&window), Kind::Maildir);
    ask(&mut window, Ask::Kind(Kind::Files));
    ask(&mut window, Ask::Left(Field::Path));
    assert_eq!(kind(&window), Kind::Files);
    press(&mut window, "Look at the files");
    assert_eq!(kind(&window), Kind::Files);

    // Without leaving the field, at the latest when the files are looked at.
    ask(&mut window, Ask::Fields);
    ask(&mut window, Ask::Typed(Field::Path, mail));
    ask(&mut window, Ask::Try);
    says(&window, "The mail is there.");
    window.get_by_role_and_label(Role::CheckBox, "INBOX");
    assert_eq!(kind(&window), Kind::Maildir);
}

#[test]
fn a_mailbox_is_tried_while_you_watch_and_what_fails_says_the_way_out() {
    let dovecot = Dovecot::start();
    let place = Place::new("");
    let mut window = place.window();
    open(&mut window, Command::AddMailbox);
    type_in(&mut window, "E-mail address", "pat@example.test");
    press(&mut window, "Server settings");
    type_in(&mut window, "IMAP server", "127.0.0.1");
    type_in(&mut window, "User name", "pat");
    ask(&mut window, Ask::Protect(Security::None));

    // Nobody listens there.
    type_in(&mut window, "Port", &free_port().to_string());
    type_as(&mut window, Role::PasswordInput, "Password", "wrong");
    press(&mut window, "Test the connection");
    window.get_by_label("Find the server: 127.0.0.1");
    window.get_by_label("Connect: failed");
    window.get_by_label("Sign in: not reached");
    says(&window, "Check the server’s name and port");

    // The password is wrong.
    type_in(&mut window, "Port", &dovecot.port.to_string());
    assert!(
        window.query_by_label("Connect: failed").is_none(),
        "it says nothing of this port"
    );
    press(&mut window, "Test the connection");
    window.get_by_label("Encrypt: not encrypted, to this computer itself");
    window.get_by_label("Sign in: failed");
    says(&window, "Check the password and the user name.");

    // By keyboard: Enter tries again, and the folders are next.
    type_as(&mut window, Role::PasswordInput, "Password", "secret");
    window.key_press(Key::Enter);
    settle(&mut window);
    says(&window, "The connection works.");
    window.get_by_role_and_label(Role::CheckBox, "INBOX");
    assert!(
        !place.places().config_file.exists(),
        "nothing is stored yet"
    );

    // A command holds the password here, where a test has no keyring.
    press(&mut window, "Back");
    type_in(
        &mut window,
        "Command that prints the password",
        "echo secret",
    );
    type_as(&mut window, Role::PasswordInput, "Password", " ");
    ask(
        &mut window,
        Ask::Password(postsweep::gui::state::accounts::Typed(
            postsweep::settings::Secret::new(String::new()),
        )),
    );
    ask(&mut window, Ask::Command("echo secret".to_owned()));
    press(&mut window, "Test the connection");
    press(&mut window, "Add the mailbox");
    let settings = Settings::load(&place.places().config_file).unwrap();
    assert_eq!(settings.accounts.len(), 1);
    assert_eq!(window.state().state().page, Page::Sweep);
}

#[test]
fn the_list_has_each_account_with_what_can_be_done() {
    let place = Place::new("");
    std::fs::write(place.places().config_file, in_files(&place)).unwrap();
    let mut window = place.window();
    open(&mut window, Command::Go(Page::Accounts));
    says(&window, "1 mailbox. Nothing is moved until you say so.");
    says(&window, "Sweeps INBOX; hits go to “Missed spam”");
    press(&mut window, "Check the files of “Old”");
    window.get_by_label("Find the mail: it is there");
    window.get_by_label("List folders: 1 folder");
    press(&mut window, "Hide “Old”");
    assert!(window.query_by_label("List folders: 1 folder").is_none());

    // The mail is gone: the try says so, and what to do.
    std::fs::remove_dir_all(place.path().join("mail")).unwrap();
    press(&mut window, "Check the files of “Old”");
    window.get_by_label("Find the mail: failed");
    says(&window, "Choose another folder or file.");
    let status = window.state().state().status.clone().unwrap();
    assert_eq!(status.says, "The mail of “Old” cannot be read.");
}

#[test]
fn an_account_is_changed_and_removed_after_a_question() {
    let place = Place::new("");
    std::fs::write(
        place.places().config_file,
        format!("# mine\n{}", in_files(&place)),
    )
    .unwrap();
    let mut window = place.window();
    open(&mut window, Command::Go(Page::Accounts));
    press(&mut window, "Change “Old”");
    type_in(&mut window, "E-mail address", "pat@example.com");
    press(&mut window, "Save the change");
    let settings = Settings::load(&place.places().config_file).unwrap();
    assert_eq!(settings.accounts[0].addresses, ["pat@example.com"]);

    press(&mut window, "Remove “Old”");
    let question = window.state().state().question.as_ref().unwrap();
    assert!(
        question.says.contains("The mail stays where it is"),
        "{}",
        question.says
    );
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, Intent::Answer);
    settle(&mut window);
    assert_eq!(window.state().state().page, Page::Welcome);
    let text = std::fs::read_to_string(place.places().config_file).unwrap();
    assert!(!text.contains("[[account]]"), "{text}");
    assert!(place.path().join("mail/cur").is_dir());
}

#[test]
fn an_account_that_is_renamed_keeps_its_history_and_its_undo() {
    let (place, _) = super::swept::swept(postsweep::job::Moves::AtOnce);
    let missed = place.path().join("mail/.Missed spam/cur");
    assert_eq!(std::fs::read_dir(&missed).unwrap().count(), 3);
    let mut window = place.window();
    open(&mut window, Command::Go(Page::Accounts));
    press(&mut window, "Change “work”");
    type_in(&mut window, "Name of the account", "Office");
    press(&mut window, "Save the change");
    says(&window, "“Office” changed.");
    window.get_by_role_and_label(Role::Button, "Change “Office”");

    let settings = Settings::load(&place.places().config_file).unwrap();
    let account = settings.account("work").unwrap();
    assert_eq!(account.shown(), "Office");
    open(&mut window, Command::Go(Page::Sweep));
    window.get_by_role_and_label(Role::CheckBox, "Office");
    open(&mut window, Command::Go(Page::History));
    assert!(window.query_by_label_contains("work").is_none());
    open(&mut window, Command::Undo);
    assert_eq!(std::fs::read_dir(&missed).unwrap().count(), 0);
    // What was put back is not moved again: the same account is swept.
    open(&mut window, Command::Sweep);
    let run = window.state().state().sweep.run.as_ref().unwrap();
    assert_eq!((run.judged(), run.troubles), (9, 0));
    says(&window, "Office");
    assert_eq!(std::fs::read_dir(&missed).unwrap().count(), 0);
}

#[test]
fn pictures() {
    let place = Place::new("");
    let closed = free_port();
    let text = format!(
        "{}\n[[account]]\nname = \"Work\"\nsource = \"imap\"\nserver = \"127.0.0.1\"\nport = {closed}\n\
         security = \"none\"\nuser = \"pat@example.com\"\npassword-command = \"echo secret\"\n",
        in_files(&place)
    );
    std::fs::write(place.places().config_file, text).unwrap();
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.0);
    open(&mut window, Command::Go(Page::Accounts));
    press(&mut window, "Check the files of “Old”");
    press(&mut window, "Test “Work”");
    save(&mut window, &textures, "accounts-tried");
    open(&mut window, Command::AddMailbox);
    type_in(&mut window, "E-mail address", "pat@gmail.com");
    save(&mut window, &textures, "accounts-form");
    type_in(&mut window, "E-mail address", "pat@outlook.com");
    save(&mut window, &textures, "accounts-outlook");
    type_in(&mut window, "E-mail address", "pat@gmail.com");
    press(&mut window, "Server settings");
    type_in(&mut window, "IMAP server", "127.0.0.1");
    type_in(&mut window, "Port", &closed.to_string());
    type_as(&mut window, Role::PasswordInput, "Password", "secret");
    press(&mut window, "Test the connection");
    save(&mut window, &textures, "accounts-failing");
    press(&mut window, "Cancel");
    ask(&mut window, Ask::AddFiles);
    type_in(&mut window, "Folder or file", &maildir(&place));
    window
        .get_by_role_and_label(Role::RadioButton, "Maildir")
        .click();
    type_in(&mut window, "Name of the account", "Archive");
    save(&mut window, &textures, "accounts-files");
    press(&mut window, "Look at the files");
    save(&mut window, &textures, "accounts-folders");

    let (mut window, textures) = drawn(Start::of(place.places()), theme::SMALLEST, 1.0);
    open(&mut window, Command::AddMailbox);
    press(&mut window, "Test the connection");
    save(&mut window, &textures, "accounts-small");
    let nobody = Place::new("");
    let (mut window, textures) = drawn(Start::of(nobody.places()), theme::SMALLEST, 1.0);
    save(&mut window, &textures, "welcome-small");

    let broken = Place::new("level = \"low\"\n[samples\n");
    let (mut window, textures) = drawn(Start::of(broken.places()), SIZE, 1.0);
    save(&mut window, &textures, "welcome-broken");
}
