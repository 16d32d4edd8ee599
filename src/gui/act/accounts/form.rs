//! Carries out what the form for an account asks for.

use super::{failed, is_sweeping, trial};
use crate::gui::act::dialog::{Want, ask_for};
use crate::gui::state::accounts::{Ask, Search, Step};
use crate::gui::state::{Page, State, Tone};
use crate::gui::worker::Worker;
use crate::job::{self, PathFor, SetUp, SetUpError};
use crate::settings::{Field, Kind, PasswordFrom};
use crate::text::window::accounts as words;

/// Carries out what the form asks for.
pub(super) fn carry_out(state: &mut State, worker: &mut Worker, ask: Ask) {
    match ask {
        Ask::Choose(field, is_file) => return choose(state, worker, field, is_file),
        Ask::Try => return trial::of_form(state, worker),
        Ask::Save => return save(state, worker),
        Ask::Cancel => {
            state.accounts.form = None;
            if state.site.settings.accounts.is_empty() {
                state.page = Page::Welcome;
            }
            return;
        }
        Ask::Left(Field::Address) => search(state, worker),
        Ask::Left(Field::Path) => look(state, worker),
        _ => {}
    }
    let (servers, settings) = (&state.accounts.servers, &state.site.settings);
    let Some(form) = &mut state.accounts.form else {
        return;
    };
    match ask {
        Ask::Typed(field, text) => {
            form.type_in(field, text);
            if field == Field::Address
                && let Some(known) = servers.known(&form.draft.address)
            {
                form.found(vec![known]);
            }
        }
        Ask::Password(typed) => {
            form.password = typed.0;
            if !form.password.expose().is_empty() {
                form.draft.password = PasswordFrom::Keyring(String::new());
            }
            form.void();
        }
        Ask::Command(command) => {
            form.draft.password = match command.trim().is_empty() {
                true => PasswordFrom::Keyring(String::new()),
                false => PasswordFrom::Command(command),
            };
            form.void();
        }
        Ask::Left(field) => form.leave(field),
        Ask::Protect(security) => {
            form.draft.security = security;
            form.void();
        }
        Ask::Kind(kind) => form.choose_kind(kind),
        Ask::Server(shows) => form.shows_server = shows,
        Ask::Candidate(at) => form.choose(at),
        Ask::StopTry => {
            if let Some(trial) = &form.trial {
                trial.stop.ask();
            }
        }
        Ask::Fields => form.step = Step::Fields,
        Ask::GoOn => form.tried(),
        Ask::Sweep(folder, on) => form.sweep(&folder, on),
        _ => {}
    }
    form.check(settings);
}

/// Looks for the server of the address, unless it is known or a person typed one.
fn search(state: &mut State, worker: &mut Worker) {
    let number = state.accounts.next_number();
    let servers = state.accounts.servers.clone();
    let Some(form) = &mut state.accounts.form else {
        return;
    };
    let address = form.draft.address.trim().to_owned();
    let is_idle = form.search == Search::Idle && form.draft.host.is_empty();
    if form.draft.kind != Kind::Imap || !is_idle || !address.contains('@') {
        return;
    }
    form.search = Search::Running(number);
    form.stop = job::Stop::default();
    let stop = form.stop.clone();
    worker.task("looking for the server", move |tell| {
        let found = servers.find(&address, &stop);
        tell.apply(move |state, _| {
            let settings = &state.site.settings;
            let form = state.accounts.form.as_mut();
            if let Some(form) = form.filter(|form| form.search == Search::Running(number)) {
                form.found(found);
                form.check(settings);
            }
        });
    });
}

/// Looks what kind of mail lies at the path that was typed, unless a person said so.
fn look(state: &mut State, worker: &mut Worker) {
    let form = state.accounts.form.as_ref();
    let Some(form) = form.filter(|form| form.asks_kind()) else {
        return;
    };
    let typed = form.draft.path.clone();
    worker.task("looking at a folder", move |tell| {
        let Ok(path) = job::typed_path(&typed, PathFor::Folder) else {
            return;
        };
        let kind = job::kind_of(&path);
        tell.apply(move |state, _| {
            let settings = &state.site.settings;
            let form = state.accounts.form.as_mut();
            if let Some(form) = form.filter(|form| form.asks_kind() && form.draft.path == typed) {
                form.draft.kind = kind;
                form.check(settings);
            }
        });
    });
}

/// A file or folder for a field. What kind of mail lies there is looked at on a thread.
fn choose(state: &mut State, worker: &mut Worker, field: Field, is_file: bool) {
    let number = state.accounts.next_number();
    let want = match is_file {
        true => Want::file(&[]),
        false => Want::folder(),
    };
    ask_for(state, worker, want, move |_, worker, path| {
        worker.task("looking at a folder", move |tell| {
            let kind = job::kind_of(&path);
            tell.apply(move |state, _| {
                if state.accounts.number == number {
                    took(state, field, &path.display().to_string(), kind);
                }
            });
        });
    });
}

fn took(state: &mut State, field: Field, path: &str, kind: Kind) {
    let settings = &state.site.settings;
    let Some(form) = &mut state.accounts.form else {
        return;
    };
    form.type_in(field, path.to_owned());
    if field == Field::Path && form.changing.is_none() {
        form.draft.kind = kind;
        form.name_by_path();
    }
    form.leave(field);
    form.check(settings);
}

/// Stores what the form says.
fn save(state: &mut State, worker: &mut Worker) {
    if state.accounts.form.as_ref().is_none_or(|form| form.saving) || is_sweeping(state, worker) {
        return;
    }
    let settings = &state.site.settings;
    let Some(form) = &mut state.accounts.form else {
        return;
    };
    form.check(settings);
    form.tell_all();
    if !form.is_sound() {
        form.step = match form.first_flaw() {
            Some(Field::Folders | Field::MoveTo) => Step::Folders,
            _ => Step::Fields,
        };
        return;
    }
    form.saving = true;
    form.trouble = None;
    let (draft, changing) = (form.draft.clone(), form.changing.clone());
    let password = form.typed_password();
    let places = state.site.places.clone();
    worker.task("storing an account", move |tell| {
        let done = match &changing {
            None => job::add_account(&places, &draft, password.as_ref()),
            Some(name) => job::change_account(&places, name, &draft, password.as_ref()),
        };
        let called = draft.name.trim().to_owned();
        tell.apply(move |state, worker| match done {
            Ok(done) => stored(state, worker, &called, changing.as_deref(), done),
            Err(error) => refused(state, error),
        });
    });
}

fn stored(
    state: &mut State,
    worker: &mut Worker,
    called: &str,
    changed: Option<&str>,
    done: SetUp,
) {
    // The form goes, and the password with it.
    state.accounts.form = None;
    state.accounts.trials.remove(changed.unwrap_or(called));
    state.site.settings = done.settings;
    let says = match changed {
        Some(_) => words::changed(called),
        None => words::added(called),
    };
    state.say(Tone::Done, says);
    let page = match changed.is_some() || state.site.settings.accounts.len() > 1 {
        true => Page::Accounts,
        false => Page::Sweep,
    };
    crate::gui::act::open(state, worker, page);
    state.accounts.trouble = done.left.map(|why| words::left_password(&why));
}

fn refused(state: &mut State, error: SetUpError) {
    let says = error.to_string();
    let Some(form) = &mut state.accounts.form else {
        return failed(state, says);
    };
    form.saving = false;
    match error {
        SetUpError::Flaws(flaws) => {
            form.step = Step::Fields;
            form.refused(flaws);
        }
        SetUpError::Keyring(_) => {
            form.step = Step::Fields;
            form.shows_server = true;
            form.trouble = Some(format!("{says}. {}", words::NO_KEYRING));
        }
        SetUpError::Settings(_) => form.trouble = Some(says),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::Site;
    use crate::gui::state::accounts::Form;
    use crate::settings::{Places, SecretError};

    #[test]
    fn where_there_is_no_keyring_the_form_names_the_command_and_shows_its_field() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::new(Site::load(Places::within(folder.path())));
        state.accounts.form = Some(Form::new(Kind::Imap));
        let why = SecretError::Refused("SS error: no result".to_owned());
        refused(&mut state, SetUpError::Keyring(why));
        let form = state.accounts.form.as_ref().unwrap();
        let trouble = form.trouble.as_deref().unwrap();
        assert!(trouble.contains("command that prints the password"));
        assert!(form.shows_server);
    }
}
