//! Carries out what the page for senders and rules asks for. Lists and switches are settings and
//! go through their line of changes; own rules are files of their own.

mod own;

use super::dialog::{Want, ask_for};
use super::settings::write;
use crate::gui::Command;
use crate::gui::state::lists::{Ask, Brought, Entry, Tab, Undo};
use crate::gui::state::settings::{Change, Origin};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::{Tell, Worker};
use crate::job::{self, Covers, Imported, ListForm};
use crate::settings::{List, Setting};
use crate::text::window::lists as words;
use eframe::egui::Context;
use std::collections::HashSet;
use std::path::PathBuf;

/// Changes that can be taken back.
const MOST_UNDO: usize = 100;

/// The page was opened: what it shows is read anew.
pub fn opened(state: &mut State, worker: &mut Worker) {
    read(state, worker);
    if state.lists.mail.is_empty() {
        worker.task("sample mail", |tell: &Tell| {
            let mail = job::trial_mail();
            tell.apply(move |state, worker| {
                state.lists.mail = mail;
                own::try_out(state, worker);
            });
        });
    }
}

/// Reads lists and rules anew.
pub fn read(state: &mut State, worker: &mut Worker) {
    let (settings, places) = (state.site.settings.clone(), state.site.places.clone());
    worker.task("lists", move |tell: &Tell| {
        let senders = job::senders(&settings, &places);
        let rules = job::rule_list(&settings, &places);
        let mut warnings = Vec::new();
        let own = job::own_rules(&places, &mut warnings);
        tell.apply(move |state, _| {
            let lists = &mut state.lists;
            match senders {
                Ok(senders) => lists.senders = Some(senders),
                Err(error) => lists.failed = Some(error.to_string()),
            }
            match rules {
                Ok(rules) => lists.rules = Some(rules),
                Err(error) => lists.failed = Some(error.to_string()),
            }
            lists.own = Some(own);
            if let Some(warning) = warnings.into_iter().next() {
                lists.failed = Some(warning);
            }
        });
    });
}

/// Carries out what the page asks for.
pub fn carry_out(state: &mut State, worker: &mut Worker, _ctx: &Context, ask: Ask) {
    match ask {
        Ask::Tab(tab) => state.lists.tab = tab,
        Ask::Type(list, text) => state.lists.entry_mut(list).typed(text),
        Ask::Add(list) => add_typed(state, worker, list),
        Ask::Choose(list, entry) => state.lists.chosen = Some((list, entry)),
        Ask::Remove(list, entry) => {
            let says = words::removed(&entry, list_word(list));
            remember(state, says, vec![Setting::Sender(list, entry.clone())]);
            let beside = [true, false].map(|down| state.lists.beside(list, &entry, down));
            let beside = beside.into_iter().flatten().next();
            state.lists.chosen = beside.map(|beside| (list, beside));
            write(
                state,
                worker,
                Change::Unlist(list, vec![entry]),
                Origin::Lists,
            );
        }
        Ask::Import(list) => {
            let want = Want::file(&[("Senders", &["txt", "csv"]), ("All files", &["*"])]);
            ask_for(state, worker, want, move |state, worker, path| {
                import(state, worker, list, path);
            });
        }
        Ask::ImportFrom(list, path) => import(state, worker, list, path),
        Ask::Export(list) => {
            let name = format!("{}-senders.txt", list.word());
            let want = Want::new_file(name, &[("Text", &["txt"]), ("CSV", &["csv"])]);
            ask_for(state, worker, want, move |state, worker, path| {
                export(state, worker, list, path);
            });
        }
        Ask::ExportTo(list, path) => export(state, worker, list, path),
        Ask::Read => {
            state.lists.brought = None;
            state.lists.failed = None;
        }
        Ask::Filter(text) => state.lists.filter = text,
        Ask::Which(which) => state.lists.which = which,
        Ask::Rule(id) => state.lists.rule = Some(id),
        Ask::Switch(id, on) => {
            remember(
                state,
                words::switched(&id, !on),
                vec![Setting::Rule(id.clone(), !on)],
            );
            // Seen at once; what is written is read back.
            let rules = state.lists.rules.iter_mut();
            for rule in rules.flat_map(|list| &mut list.rules) {
                if rule.id == id {
                    rule.on = on;
                }
            }
            let change = Change::Set(vec![Setting::Rule(id, on)]);
            write(state, worker, change, Origin::Lists);
        }
        ask => own::carry_out(state, worker, ask),
    }
}

fn add_typed(state: &mut State, worker: &mut Worker, list: List) {
    let entry = state.lists.entry_mut(list);
    if !entry.is_good() {
        entry.is_meant = true;
        return;
    }
    let entry = entry.sender().to_owned();
    let says = words::added(&entry, list_word(list));
    let mut back = vec![Setting::NoSender(list, entry.clone())];
    if entries(state, list.other()).contains(&entry) {
        back.push(Setting::Sender(list.other(), entry.clone()));
    }
    if !entries(state, list).contains(&entry) {
        remember(state, says, back);
    }
    state.lists.chosen = Some((list, entry.clone()));
    write(
        state,
        worker,
        Change::List(list, vec![entry]),
        Origin::Lists,
    );
}

fn entries(state: &State, list: List) -> &[String] {
    match list {
        List::Approved => &state.site.settings.approved,
        List::Blocked => &state.site.settings.blocked,
    }
}

fn list_word(list: List) -> &'static str {
    match list {
        List::Approved => "approved",
        List::Blocked => "blocked",
    }
}

/// A change of the lists is in the settings file.
pub fn written(state: &mut State, worker: &mut Worker, change: &Change) {
    state.lists.failed = None;
    if let Change::List(list, entries) = change {
        let typed = state.lists.entry(*list).sender();
        if entries.iter().any(|entry| entry == typed) {
            *state.lists.entry_mut(*list) = Entry::default();
        }
    }
    state.say(Tone::Done, words::SAVED);
    read(state, worker);
}

fn remember(state: &mut State, says: String, settings: Vec<Setting>) {
    state.lists.undo.push(Undo { says, settings });
    if state.lists.undo.len() > MOST_UNDO {
        state.lists.undo.remove(0);
    }
}

fn fail(state: &mut State, says: String) {
    state.say(Tone::Failed, says.clone());
    state.lists.failed = Some(says);
}

fn import(state: &mut State, worker: &mut Worker, list: List, path: PathBuf) {
    state.lists.brought = None;
    worker.task("import", move |tell: &Tell| {
        let imported = job::import_senders(&path);
        tell.apply(move |state, worker| match imported {
            Ok(imported) => take_in(state, worker, list, imported),
            Err(error) => fail(state, error.to_string()),
        });
    });
}

fn take_in(state: &mut State, worker: &mut Worker, list: List, imported: Imported) {
    let there: HashSet<&String> = entries(state, list).iter().collect();
    let other: HashSet<&String> = entries(state, list.other()).iter().collect();
    let fresh = imported
        .entries
        .iter()
        .filter(|entry| !there.contains(entry));
    let fresh: Vec<String> = fresh.cloned().collect();
    let mut back: Vec<Setting> = Vec::new();
    for entry in &fresh {
        back.push(Setting::NoSender(list, entry.clone()));
        if other.contains(entry) {
            back.push(Setting::Sender(list.other(), entry.clone()));
        }
    }
    state.lists.brought = Some(Brought {
        list,
        new: fresh.len(),
        known: imported.entries.len() - fresh.len(),
        refused: imported.refused,
    });
    if !fresh.is_empty() {
        remember(state, words::brought(fresh.len(), 0, 0), back);
        write(state, worker, Change::List(list, fresh), Origin::Lists);
    }
}

fn export(state: &mut State, worker: &mut Worker, list: List, path: PathBuf) {
    let entries = entries(state, list).to_vec();
    worker.task("export", move |tell: &Tell| {
        let form = ListForm::of_file(&path);
        let text = job::write_senders(&entries, form, &covers_word);
        let saved = job::save_text(&path, &text);
        tell.apply(move |state, _| match saved {
            Ok(()) => {
                let says = words::exported(entries.len(), &path.display().to_string());
                state.say(Tone::Done, says);
            }
            Err(error) => fail(state, error.to_string()),
        });
    });
}

/// Whom an entry covers, in words.
pub fn covers_word(covers: Covers) -> &'static str {
    match covers {
        Covers::Address => "this address",
        Covers::Domain => "this domain",
        Covers::Server => "this server",
        Covers::Servers => "all its servers",
    }
}

/// Carries out a command that is this page's; whether it was.
pub fn command(state: &mut State, worker: &mut Worker, ctx: &Context, command: Command) -> bool {
    if state.page != Page::Lists || is_enabled(command, state) != Some(true) {
        return false;
    }
    match command {
        Command::Undo => {
            if let Some(undo) = state.lists.undo.pop() {
                write(state, worker, Change::Set(undo.settings), Origin::Lists);
            }
        }
        Command::Remove => match state.lists.tab {
            Tab::Senders => {
                if let Some((list, entry)) = state.lists.chosen.clone() {
                    carry_out(state, worker, ctx, Ask::Remove(list, entry));
                }
            }
            _ => own::ask_to_remove(state),
        },
        Command::Next | Command::Previous => choose(state, command == Command::Next),
        _ => return false,
    }
    true
}

/// Moves the choice in the list or among the rules.
fn choose(state: &mut State, down: bool) {
    match state.lists.tab {
        Tab::Senders => {
            if let Some((list, entry)) = state.lists.chosen.clone() {
                let beside = state.lists.beside(list, &entry, down);
                state.lists.chosen = Some((list, beside.unwrap_or(entry)));
            }
        }
        Tab::Rules => {
            let shown = state.lists.shown();
            let open = state.lists.rule.as_ref();
            let at = shown.iter().position(|rule| Some(&rule.id) == open);
            let at = match (at, down) {
                (None, _) => 0,
                (Some(at), true) => at + 1,
                (Some(at), false) => at.saturating_sub(1),
            };
            let next = shown.get(at).map(|rule| rule.id.clone());
            if next.is_some() {
                state.lists.rule = next;
            }
        }
        Tab::Own => {}
    }
}

/// Whether a command of this page can be done now; `None`: it is not this page's.
pub fn is_enabled(command: Command, state: &State) -> Option<bool> {
    if state.page != Page::Lists {
        return None;
    }
    let lists = &state.lists;
    match command {
        Command::Undo => Some(!lists.undo.is_empty()),
        Command::Remove => Some(match lists.tab {
            Tab::Senders => lists.chosen.is_some(),
            Tab::Rules => false,
            Tab::Own => lists
                .editor
                .as_ref()
                .is_some_and(|editor| editor.opened.is_some()),
        }),
        Command::Next | Command::Previous => Some(match lists.tab {
            Tab::Senders => lists.chosen.is_some(),
            Tab::Rules => !lists.shown().is_empty(),
            Tab::Own => false,
        }),
        _ => None,
    }
}

/// A job has ended: what fired is counted anew where it is looked at.
pub fn ended(state: &mut State, worker: &mut Worker) {
    if state.page == Page::Lists {
        read(state, worker);
    }
}
