//! Every page in every state that matters, one after the other: empty, filled, failing, and with
//! something lying over it. What must hold everywhere is looked at in each.

use super::place::{Place, settle, window};
use super::swept::swept;
use eframe::egui::{Key, Modifiers, Vec2};
use egui_kittest::Harness;
use postsweep::gui::state::review::{Filter, Tab};
use postsweep::gui::state::typed::TypedPath;
use postsweep::gui::state::{Page, accounts, history, lists, report, review};
use postsweep::gui::{App, Command, Intent, Start};
use postsweep::job::{Kind, Moves, PathFor, Said};
use postsweep::settings::{Field, List};
use std::fs;

/// A window.
pub type Window = Harness<'static, App>;
/// What looks at a page; the words say which page it is, and in which state.
pub type Look<'a> = &'a mut dyn FnMut(&str, &mut Window);

/// Carries out an intent, and waits for what comes of it.
pub fn ask(window: &mut Window, intent: impl Into<Intent>) {
    let ctx = window.ctx.clone();
    window.state_mut().carry_out(&ctx, intent.into());
    settle(window);
}

fn go(window: &mut Window, page: Page) {
    ask(window, Command::Go(page));
    assert_eq!(window.state().state().page, page);
}

/// Nobody's: no account, settings that cannot be read, a second window.
pub fn nobody(size: Vec2, look: Look<'_>) {
    let place = Place::new("");
    let mut window = window(Start::alone(place.places()), size);
    look("welcome", &mut window);
    for page in Page::RAIL {
        window.state_mut().state_mut().page = page;
        settle(&mut window);
        look(&format!("{page:?} without an account"), &mut window);
    }
    ask(&mut window, Command::AddMailbox);
    look("the form for a mailbox", &mut window);
    ask(&mut window, Intent::Accounts(accounts::Ask::Server(true)));
    ask(&mut window, Intent::Accounts(accounts::Ask::Try));
    look("the form for a mailbox, refused", &mut window);
    ask(&mut window, Command::Back);
    ask(&mut window, Intent::Accounts(accounts::Ask::AddFiles));
    look("the form for mail in files", &mut window);
    let path = TypedPath::new(PathFor::NewFile, "~/".to_owned(), Box::new(|_, _, _| {}));
    window.state_mut().state_mut().typed = Some(path);
    settle(&mut window);
    ask(&mut window, Intent::TypePath("nowhere".to_owned()));
    ask(&mut window, Intent::TakePath);
    look("a path to type, refused", &mut window);
    ask(&mut window, Intent::Dismiss);
    ask(&mut window, Command::Back);
    ask(&mut window, Command::AddMailbox);
    for provider in ["pat@gmail.com", "pat@outlook.com"] {
        let typed = accounts::Ask::Typed(Field::Address, provider.to_owned());
        ask(&mut window, Intent::Accounts(typed));
        look(&format!("the form for a mailbox, {provider}"), &mut window);
    }
    let mut second = super::place::window(Start::alone(place.places()), size);
    look("a second window", &mut second);
    let broken = Place::new("level = \"low\"\n[samples\n");
    let mut window = super::place::window(Start::of(broken.places()), size);
    look("settings that cannot be read", &mut window);
}

/// With accounts of long names, nothing swept yet.
pub fn unswept(size: Vec2, look: Look<'_>) {
    let long = "The mailbox of the helpdesk in the north-eastern region - 2nd";
    let folder = "Projects/2026/Customers and suppliers/Correspondence that nobody reads";
    let target = "Projects/2026/Customers and suppliers/Missed by the gateway, for the vendor";
    let settings = format!(
        "[[account]]\nname = {long:?}\nsource = \"maildir\"\npath = \"/nowhere/work\"\n\
         folders = [\"INBOX\", {folder:?}]\nmove-to = {target:?}\naddresses = [\"pat@example.com\"]\n\
         [[account]]\nname = \"Home\"\nsource = \"maildir\"\npath = \"/nowhere/home\"\n\
         folders = [\"INBOX\"]\naddresses = [\"pat@home.example\"]\n"
    );
    let place = Place::new(&settings);
    let mut window = window(Start::of(place.places()), size);
    let broken = &window.state().state().site.broken;
    assert!(broken.is_none(), "{broken:?}");
    for page in Page::RAIL {
        go(&mut window, page);
        look(&format!("{page:?} before a sweep"), &mut window);
    }
    go(&mut window, Page::Lists);
    for tab in [lists::Tab::Rules, lists::Tab::Own] {
        ask(&mut window, Intent::Lists(lists::Ask::Tab(tab)));
        look(&format!("Lists before a sweep, {tab:?}"), &mut window);
    }
    ask(&mut window, Command::Sweep);
    look("Sweep, mailboxes that cannot be opened", &mut window);
    go(&mut window, Page::Accounts);
    for name in [long, "Home"] {
        let test = accounts::Ask::Test(name.to_owned());
        ask(&mut window, Intent::Accounts(test));
    }
    look("Accounts, tried", &mut window);
    ask(
        &mut window,
        Intent::Accounts(accounts::Ask::Change(long.to_owned())),
    );
    look("Accounts, changed", &mut window);
    ask(&mut window, Command::Back);
    ask(
        &mut window,
        Intent::Accounts(accounts::Ask::AskRemove(long.to_owned())),
    );
    look("a question", &mut window);
    ask(&mut window, Intent::Dismiss);
    ask(&mut window, Command::Shortcuts);
    look("all shortcuts", &mut window);
    let place = Place::new(super::sweep::TWO);
    let (mut window, _) = super::sweep::sweeping(&place);
    look("Sweep, going on", &mut window);
}

/// The sample mail, from its sweep to a report that was sent.
pub fn sampled(size: Vec2, look: Look<'_>) {
    let demo = super::place::swept_sample();
    let folder = demo.folder.clone();
    let mut window = window(Start::demo(demo), size);
    look("Sweep of the sample mail", &mut window);
    ask(&mut window, Command::Sweep);
    look("Sweep of the sample mail, done", &mut window);
    hits(&mut window, look);
    reports(&mut window, look);
    acts(&mut window, look);
    senders_and_rules(&mut window, look);
    go(&mut window, Page::Settings);
    look("Settings of the sample mail", &mut window);
    fs::remove_dir_all(folder).unwrap();
}

fn hits(window: &mut Window, look: Look<'_>) {
    go(window, Page::Review);
    look("Review", window);
    for tab in Tab::ALL {
        ask(window, Intent::Review(review::Ask::Tab(tab)));
        ask(window, Command::Open);
        look(&format!("Review, {tab:?}"), window);
    }
    ask(window, Intent::Review(review::Ask::Tab(Tab::Overview)));
    let number = window.state().state().review.table.len();
    for position in (0..number).step_by(4) {
        ask(window, Intent::Review(review::Ask::Select(position)));
        ask(window, Command::Open);
        look(&format!("Review, hit {position}"), window);
    }
    ask(
        window,
        Intent::Review(review::Ask::Say(Some(Said::NotSpam))),
    );
    look("Review, a word said", window);
    ask(window, Command::Undo);
    ask(window, Command::CompactRows);
    look("Review, compact", window);
    ask(window, Command::CompactRows);
    let nothing = Filter {
        text: "nobody said this, and nobody will ever say anything like this".to_owned(),
        ..Filter::default()
    };
    ask(window, Intent::Review(review::Ask::Filter(nothing)));
    look("Review, nothing matches", window);
    ask(
        window,
        Intent::Review(review::Ask::Filter(Filter::default())),
    );
    let trouble = "`demo`: the server closed the connection while 12 messages were on their way";
    window.state_mut().state_mut().review.trouble = Some(trouble.to_owned());
    look("Review, failing", window);
    window.state_mut().state_mut().review.trouble = None;
}

fn reports(window: &mut Window, look: Look<'_>) {
    go(window, Page::Review);
    ask(window, Intent::Review(review::Ask::TickAll(false)));
    // Two moves, so that History has two of a kind.
    for position in 0..2 {
        ask(window, Intent::Review(review::Ask::Tick(position)));
    }
    ask(window, Command::Move);
    look("Review, some moved", window);
    ask(window, Intent::Review(review::Ask::TickAll(true)));
    ask(window, Command::Move);
    look("Review, all moved", window);
    ask(window, Command::Report);
    assert_eq!(window.state().state().page, Page::Report);
    look("Report", window);
    ask(window, Intent::Report(report::Ask::Show(1)));
    look("Report, the next e-mail", window);
    ask(window, Intent::Report(report::Ask::Edit));
    look("Report, writing", window);
    ask(window, Command::Back);
    ask(window, Command::Send);
    assert!(window.state().state().report.is_over());
    look("Report, sent", window);
}

fn acts(window: &mut Window, look: Look<'_>) {
    go(window, Page::History);
    for _ in 0..5 {
        look("History", window);
        ask(window, Command::Next);
        ask(window, Command::Open);
    }
    let none = "nobody said this".to_owned();
    ask(window, Intent::History(history::Ask::Filter(none)));
    look("History, nothing matches", window);
    ask(window, Command::Back);
    ask(window, Intent::History(history::Ask::Kind(Kind::Sweeps)));
    look("History, sweeps", window);
    ask(window, Command::Back);
}

fn senders_and_rules(window: &mut Window, look: Look<'_>) {
    go(window, Page::Lists);
    for (list, sender) in [
        (List::Approved, "*@*.example.com"),
        (List::Approved, "billing.department@a-shop.example.net"),
        (List::Blocked, "*@seo-growth.example"),
    ] {
        let typed = lists::Ask::Type(list, sender.to_owned());
        ask(window, Intent::Lists(typed));
        ask(window, Intent::Lists(lists::Ask::Add(list)));
    }
    let wide = lists::Ask::Type(List::Approved, "*@*.com".to_owned());
    ask(window, Intent::Lists(wide));
    let chosen = "*@seo-growth.example".to_owned();
    ask(
        window,
        Intent::Lists(lists::Ask::Choose(List::Blocked, chosen)),
    );
    look("Lists, senders", window);
    ask(window, Intent::Lists(lists::Ask::Tab(lists::Tab::Rules)));
    ask(window, Command::Next);
    look("Lists, rules", window);
    ask(window, Intent::Lists(lists::Ask::New));
    look("Lists, a new rule", window);
    let wrong = "[[rule]]\nid = \"zebras\"\nweight = 2000\n".to_owned();
    ask(window, Intent::Lists(lists::Ask::Text(wrong)));
    look("Lists, a rule that is refused", window);
}

/// A few hits that were moved before the window was opened.
pub fn moved(size: Vec2, look: Look<'_>) {
    let (place, _) = swept(Moves::AtOnce);
    let mut window = window(Start::of(place.places()), size);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut window);
    look("History of a move", &mut window);
    go(&mut window, Page::Report);
    look("Report of what was moved", &mut window);
}

/// All of it.
pub fn all(size: Vec2, look: Look<'_>) {
    nobody(size, look);
    unswept(size, look);
    moved(size, look);
    sampled(size, look);
}
