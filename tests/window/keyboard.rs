//! Everything is done without a mouse: every command by its keys or, without any, from the menus;
//! Tab goes to every control of every page and back; Enter and Space press what has the focus.

use super::everywhere::{Window, all, ask};
use super::names::{controls, name};
use super::place::{Place, SIZE, settle, window};
use super::swept::swept;
use eframe::egui::accesskit::{Action, Role};
use eframe::egui::{Event, Key, KeyboardShortcut, Modifiers, RawInput};
use egui_kittest::kittest::Queryable;
use postsweep::gui::state::sweep::Phase;
use postsweep::gui::state::{Page, lists, report};
use postsweep::gui::{Command, Intent, Start, State, command, theme};
use postsweep::job::{self, Moves, Said};
use std::collections::BTreeSet;
use std::fs;

/// How a command is asked for.
#[derive(Clone, Copy)]
enum Way {
    Keys(KeyboardShortcut),
    Menu(Command),
}

impl Way {
    /// Asks, and does not wait for what comes of it.
    fn begin(self, window: &mut Window) {
        match self {
            Way::Keys(keys) => {
                window.key_press_modifiers(keys.modifiers, keys.logical_key);
                window.step();
            }
            Way::Menu(command) => from_menu(window, command),
        }
    }

    fn ask(self, window: &mut Window) {
        self.begin(window);
        settle(window);
    }
}

fn focused(window: &Window) -> Option<String> {
    let nodes = controls(window);
    let node = nodes.iter().find(|node| node.is_focused_in_tree())?;
    Some(format!("{:?} {}", node.role(), name(node)))
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

/// Goes on with Tab until this has the focus.
fn tab_to(window: &mut Window, wanted: &str) {
    for _ in 0..100 {
        if focused(window).is_some_and(|now| now.ends_with(wanted)) {
            return;
        }
        press(window, Modifiers::NONE, Key::Tab);
    }
    panic!("Tab never comes to {wanted}");
}

fn from_menu(window: &mut Window, command: Command) {
    let menu = command.entry().unwrap().menu.unwrap();
    tab_to(window, menu.label());
    press(window, Modifiers::NONE, Key::Enter);
    tab_to(window, command.label());
    press(window, Modifiers::NONE, Key::Enter);
}

fn go(window: &mut Window, page: Page) {
    ask(window, Command::Go(page));
}

fn state(window: &Window) -> &State {
    window.state().state()
}

fn in_target(place: &Place) -> usize {
    let folder = place.path().join("mail/.Missed spam/cur");
    fs::read_dir(folder).map_or(0, Iterator::count)
}

fn text_size(window: &Window) -> f32 {
    (window.ctx.zoom_factor() * 10.0).round() / 10.0
}

/// Whether these keys mean this command in this state; nothing is done: it would open a dialog.
fn means(window: &Window, way: Way, command: Command) -> bool {
    let Way::Keys(keys) = way else {
        return false;
    };
    let event = Event::Key {
        key: keys.logical_key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: keys.modifiers,
    };
    let input = RawInput {
        events: vec![Event::ModifiersChanged(keys.modifiers), event],
        ..RawInput::default()
    };
    let context = eframe::egui::Context::default();
    let mut pressed = Vec::new();
    let mut output = context.run_ui(input, |ui| {
        pressed.extend(Command::pressed(ui.ctx(), state(window)));
    });
    output.textures_delta.clear();
    pressed == [command]
}

/// The window on three hits that lie in their mailbox, on a page.
fn on(page: Page) -> (Place, Window) {
    let (place, _) = swept(Moves::WhenAsked);
    let mut window = place.window();
    go(&mut window, page);
    (place, window)
}

fn said(window: &Window) -> Option<Said> {
    state(window).review.row().unwrap().said
}

/// The command does what it is for.
fn has_its_effect(command: Command, way: Way) {
    match command {
        Command::SampleMail | Command::AddMailbox => {
            let place = Place::new("");
            let mut window = place.window();
            way.ask(&mut window);
            if command == Command::SampleMail {
                let site = &state(&window).site;
                assert!(site.is_demo && site.places.config_dir != place.path());
                fs::remove_dir_all(&site.places.config_dir).unwrap();
            } else {
                assert!(state(&window).accounts.form.is_some());
            }
        }
        Command::Quit => {
            let window = Place::new("").window();
            assert!(means(&window, way, command));
        }
        Command::SaveOriginal => {
            let (_place, window) = on(Page::Review);
            assert!(means(&window, way, command));
        }
        Command::SaveZips | Command::Send | Command::CopyPassword => {
            let (place, mut window) = on(Page::Review);
            ask(&mut window, Command::Report);
            match command {
                Command::SaveZips => assert!(means(&window, way, command)),
                Command::Send => {
                    way.ask(&mut window);
                    let outbox = place.path().join("data/outbox");
                    assert_eq!(fs::read_dir(outbox).unwrap().count(), 1);
                }
                _ => {
                    way.ask(&mut window);
                    assert!(status(&window).contains("clipboard"));
                }
            }
        }
        Command::SendAgain => {
            let (place, hits) = swept(Moves::AtOnce);
            super::history::failed_report(&place, hits[0]);
            let mut window = place.window();
            go(&mut window, Page::History);
            way.ask(&mut window);
            assert!(state(&window).history.unsent().is_none());
        }
        Command::Undo => {
            let (_place, mut window) = on(Page::Review);
            ask(&mut window, Command::NotSpam);
            assert!(said(&window).is_some());
            way.ask(&mut window);
            assert_eq!(said(&window), None);
        }
        Command::SelectAll | Command::Tick => {
            let (_place, mut window) = on(Page::Review);
            let ticked = |window: &Window| state(window).review.table.counts().ticked;
            let before = ticked(&window);
            way.ask(&mut window);
            let one = usize::from(command == Command::Tick);
            assert_eq!(
                ticked(&window),
                (before - before.min(3)) + one * (before - 1)
            );
        }
        Command::CopyEvidence => {
            let (_place, mut window) = on(Page::Review);
            way.ask(&mut window);
            assert!(status(&window).contains("copied"), "{}", status(&window));
        }
        Command::Filter => {
            for (page, field) in [
                (Page::Review, "Filter hits"),
                (Page::History, "Filter the history"),
                (Page::Lists, "Filter rules"),
            ] {
                let (_place, mut window) = on(page);
                let tab = lists::Ask::Tab(lists::Tab::Rules);
                ask(&mut window, Intent::Lists(tab));
                way.ask(&mut window);
                let field = window.get_by_role_and_label(Role::TextInput, field);
                assert!(field.is_focused(), "{page:?}");
            }
        }
        Command::Remove => {
            let (_place, mut window) = on(Page::Lists);
            let list = postsweep::settings::List::Blocked;
            let chosen = lists::Ask::Choose(list, "*@spam.example".to_owned());
            ask(&mut window, Intent::Lists(chosen));
            way.ask(&mut window);
            assert!(state(&window).site.settings.blocked.is_empty());
        }
        Command::Sweep | Command::Pause | Command::Stop => {
            let demo = job::demo().unwrap();
            let folder = demo.folder.clone();
            let mut window = window(Start::demo(demo), SIZE);
            let phase = |window: &Window| state(window).sweep.run.as_ref().map(|run| run.phase);
            if command == Command::Sweep {
                way.ask(&mut window);
            } else {
                // The sweep's thread has all to do still.
                let ctx = window.ctx.clone();
                window.state_mut().carry_out(&ctx, Command::Sweep.into());
                way.begin(&mut window);
                if command == Command::Pause {
                    assert_eq!(phase(&window), Some(Phase::Paused));
                    way.begin(&mut window);
                }
                settle(&mut window);
            }
            let run = state(&window).sweep.run.as_ref().unwrap();
            let summary = run.summary.as_ref().unwrap();
            assert_eq!(summary.stopped, command == Command::Stop);
            assert_eq!(phase(&window), Some(Phase::Done));
            fs::remove_dir_all(folder).unwrap();
        }
        Command::Next | Command::Previous => {
            let (_place, mut window) = on(Page::Review);
            ask(&mut window, Command::Next);
            way.ask(&mut window);
            let forward = command == Command::Next;
            let at = state(&window).review.position();
            assert_eq!(at, Some(if forward { 2 } else { 0 }));
        }
        Command::TickNext | Command::TickPrevious => {
            let (_place, mut window) = on(Page::Review);
            ask(&mut window, Command::SelectAll);
            ask(&mut window, Command::Next);
            way.ask(&mut window);
            let forward = command == Command::TickNext;
            let review = &state(&window).review;
            assert_eq!(review.position(), Some(if forward { 2 } else { 0 }));
            let ticked = [0, 1, 2].map(|at| review.table.is_ticked(at));
            assert_eq!(ticked, [!forward, true, forward]);
        }
        Command::Open | Command::Back => {
            let (place, _) = swept(Moves::WhenAsked);
            let mut window = window(Start::of(place.places()), theme::SMALLEST);
            go(&mut window, Page::Review);
            if command == Command::Back {
                ask(&mut window, Command::Open);
            }
            way.ask(&mut window);
            assert_eq!(state(&window).review.is_open, command == Command::Open);
        }
        Command::Phishing | Command::Spam | Command::NotSpam => {
            let (_place, mut window) = on(Page::Review);
            way.ask(&mut window);
            let meant = match command {
                Command::Phishing => Said::Phishing,
                Command::Spam => Said::Spam,
                _ => Said::NotSpam,
            };
            assert_eq!(said(&window), Some(meant));
        }
        Command::ApproveSender => {
            let (_place, mut window) = on(Page::Review);
            way.ask(&mut window);
            assert_eq!(state(&window).site.settings.approved.len(), 1);
        }
        Command::Move => {
            let (place, mut window) = on(Page::Review);
            way.ask(&mut window);
            assert_eq!(in_target(&place), 3);
        }
        Command::Report => {
            let (_place, mut window) = on(Page::Review);
            way.ask(&mut window);
            assert_eq!(state(&window).page, Page::Report);
            assert!(state(&window).report.draft.is_some());
        }
        Command::Go(page) => {
            let from = match page {
                Page::Sweep => Page::Review,
                _ => Page::Sweep,
            };
            let (_place, mut window) = on(from);
            way.ask(&mut window);
            assert_eq!(state(&window).page, page);
        }
        Command::CompactRows => {
            let (_place, mut window) = on(Page::Review);
            way.ask(&mut window);
            assert!(state(&window).review.is_compact());
        }
        Command::Larger | Command::Smaller | Command::UsualSize => {
            let (_place, mut window) = on(Page::Sweep);
            if command == Command::UsualSize {
                ask(&mut window, Command::Larger);
            }
            way.ask(&mut window);
            let size = match command {
                Command::Larger => 1.1,
                Command::Smaller => 0.9,
                _ => 1.0,
            };
            assert!((text_size(&window) - size).abs() < 0.01);
        }
        Command::Shortcuts => {
            let mut window = Place::new("").window();
            way.ask(&mut window);
            assert!(
                window
                    .query_by_label(
                        "Letters work while no field has the focus. Esc closes this list."
                    )
                    .is_some()
            );
            press(&mut window, Modifiers::NONE, Key::Escape);
            assert!(!state(&window).shows_shortcuts);
        }
        // It opens another program's window.
        Command::ShowLog => assert!(Command::ShowLog.entry().unwrap().menu.is_some()),
    }
}

fn status(window: &Window) -> String {
    let status = state(window).status.as_ref();
    status.map_or_else(String::new, |status| status.says.clone())
}

#[test]
fn every_command_is_done_by_its_keys_or_from_the_menus_by_keys() {
    for entry in command::ALL {
        let mut ways: Vec<Way> = entry.keys.iter().copied().map(Way::Keys).collect();
        if ways.is_empty() {
            ways.push(Way::Menu(entry.command));
        }
        for way in ways {
            println!("{:?}", entry.command);
            has_its_effect(entry.command, way);
        }
    }
}

/// What Tab has to come to: all that can be done something with. Rows are chosen by the arrows,
/// and ticked by Space, once their list has the focus.
fn stops(window: &Window, faults: &mut Vec<String>, page: &str) -> BTreeSet<String> {
    let of_lists = [Role::ListBoxOption, Role::CheckBox];
    let mut stops = BTreeSet::new();
    for node in controls(window) {
        let can = |action| node.data().supports_action(action);
        let shown = format!("{:?} {}", node.role(), name(&node));
        // A text that can be marked with the mouse is copied by commands as well.
        if node.is_disabled() || node.role() == Role::Label {
            continue;
        }
        if can(Action::Focus) {
            stops.insert(shown);
        } else if !of_lists.contains(&node.role()) {
            faults.push(format!("{page}: {shown} is for the mouse alone"));
        }
    }
    stops
}

#[test]
fn no_key_reaches_the_page_under_what_lies_over_it() {
    let (place, mut window) = on(Page::Review);
    ask(&mut window, Command::Shortcuts);
    press(&mut window, Modifiers::COMMAND, Key::M);
    press(&mut window, Modifiers::NONE, Key::N);
    assert_eq!((in_target(&place), said(&window)), (0, None));
    press(&mut window, Modifiers::NONE, Key::Escape);
    press(&mut window, Modifiers::COMMAND, Key::M);
    assert_eq!(in_target(&place), 3);
}

#[test]
fn what_the_focus_comes_to_is_brought_into_sight() {
    let place = Place::new(super::screenshots::FILLED);
    let mut window = window(Start::of(place.places()), theme::SMALLEST);
    for page in [Page::Settings, Page::Accounts, Page::Sweep] {
        go(&mut window, page);
        let menu = f64::from(theme::MENU_BAR);
        let room = menu..=f64::from(theme::SMALLEST.y - theme::STATUS_BAR);
        let mut seen = BTreeSet::new();
        for _ in 0..60 {
            press(&mut window, Modifiers::NONE, Key::Tab);
            let nodes = controls(&window);
            let node = nodes.iter().find(|node| node.is_focused_in_tree()).unwrap();
            let rect = node.bounding_box().unwrap();
            let name = format!("{:?} {}", node.role(), name(node));
            let in_menu = rect.y0 >= 0.0 && rect.y1 <= menu;
            let is_seen = in_menu || room.contains(&rect.y0) && room.contains(&rect.y1);
            assert!(is_seen, "{page:?}: {name} at {rect:?}");
            seen.insert(name);
        }
        assert!(seen.len() > 15, "{page:?}: {seen:?}");
    }
}

/// Where the focus comes to in a round.
fn round(window: &mut Window, modifiers: Modifiers, most: usize) -> BTreeSet<String> {
    window.ctx.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.surrender_focus(id);
        }
    });
    let mut seen = BTreeSet::new();
    for _ in 0..most {
        // One frame for a press, and one more in which the way back is gone.
        window.input_mut().events.push(Event::Key {
            key: Key::Tab,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        });
        window.step();
        window.step();
        seen.extend(focused(window));
    }
    seen
}

#[test]
fn tab_comes_to_every_control_of_every_page_and_back() {
    let (mut faults, mut known) = (Vec::new(), BTreeSet::new());
    all(SIZE, &mut |page, window| {
        // A page with the controls of another is that page.
        let stops = stops(window, &mut faults, page);
        if state(window).has_overlay() || !known.insert(stops.clone()) {
            return;
        }
        for (way, modifiers) in [("Tab", Modifiers::NONE), ("Shift Tab", Modifiers::SHIFT)] {
            let seen = round(window, modifiers, stops.len() + 8);
            // A button may be greyed by then: fields that are left empty are refused.
            let still = self::stops(window, &mut faults, page);
            for missed in stops.difference(&seen).filter(|stop| still.contains(*stop)) {
                faults.push(format!("{page}: {way} does not come to {missed}"));
            }
        }
        settle(window);
    });
    assert!(known.len() > 20, "{} pages", known.len());
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn enter_and_space_press_what_has_the_focus() {
    for key in [Key::Enter, Key::Space] {
        let (_place, mut window) = on(Page::Sweep);
        tab_to(&mut window, "Tab Review, 3");
        press(&mut window, Modifiers::NONE, key);
        assert_eq!(state(&window).page, Page::Review);
        tab_to(&mut window, "Tab Text");
        press(&mut window, Modifiers::NONE, key);
        assert!(
            window
                .query_all_by_label_contains("These are the minutes")
                .next()
                .is_some()
        );
        tab_to(&mut window, "RadioButton Not spam");
        press(&mut window, Modifiers::NONE, key);
        assert_eq!(said(&window), Some(Said::NotSpam));
        // What is wanted is not ticked with all others.
        let ticked = |window: &Window| state(window).review.table.counts().ticked;
        tab_to(&mut window, "CheckBox Tick all that is shown");
        for left in [0, 2] {
            press(&mut window, Modifiers::NONE, key);
            assert_eq!(ticked(&window), left);
        }
        tab_to(&mut window, "Button Copy evidence");
        press(&mut window, Modifiers::NONE, key);
        assert!(status(&window).contains("copied"));
        ask(&mut window, Command::Report);
        ask(&mut window, Intent::Report(report::Ask::Edit));
        tab_to(&mut window, "Button As it was");
        press(&mut window, Modifiers::NONE, key);
        assert!(state(&window).report.writing.is_none());
    }
}

#[test]
fn a_list_that_has_the_focus_is_walked_and_ticked_by_keys() {
    let (_place, mut window) = on(Page::Review);
    tab_to(&mut window, "ListBox Hits");
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(state(&window).review.position(), Some(1));
    press(&mut window, Modifiers::NONE, Key::Space);
    assert_eq!(state(&window).review.table.counts().ticked, 2);
    press(&mut window, Modifiers::NONE, Key::End);
    assert_eq!(state(&window).review.position(), Some(2));
    assert_eq!(focused(&window).as_deref(), Some("ListBox Hits"));
}

#[test]
fn a_question_is_answered_by_keys_and_leaving_it_is_what_enter_does() {
    let (_place, mut window) = on(Page::Accounts);
    for (tabs, asks) in [(0, true), (1, false)] {
        tab_to(&mut window, "Button Remove “work”");
        press(&mut window, Modifiers::NONE, Key::Enter);
        assert!(state(&window).question.is_some());
        for _ in 0..tabs {
            press(&mut window, Modifiers::NONE, Key::Tab);
        }
        press(&mut window, Modifiers::NONE, Key::Enter);
        assert!(state(&window).question.is_none());
        assert_eq!(!state(&window).site.settings.accounts.is_empty(), asks);
    }
}
