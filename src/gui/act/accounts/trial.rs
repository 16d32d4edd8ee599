//! Tries a mailbox on a thread and shows each step as it is done.

use crate::gui::state::accounts::Trial;
use crate::gui::state::{State, Tone};
use crate::gui::worker::Worker;
use crate::job;
use crate::settings::{Account, Kind, Secret, Source};
use crate::text::window::accounts as words;

/// Tries an account of the list.
pub(super) fn test(state: &mut State, worker: &mut Worker, name: &str) {
    let Some(account) = state.site.settings.account(name).cloned() else {
        return;
    };
    if state.accounts.is_testing(name) {
        return;
    }
    let trial = Trial::begun(state.accounts.next_number(), &account);
    let in_files = trial.is_of_files();
    state.say(Tone::Working, words::testing(account.shown(), in_files));
    state.accounts.trials.insert(name.to_owned(), trial.clone());
    let (number, name) = (trial.number, name.to_owned());
    let called = account.shown().to_owned();
    let whose = Whose::Account(name.clone(), number);
    let over = move |state: &mut State| {
        let Some(trial) = state.accounts.trials.get(&name) else {
            return;
        };
        let (tone, says) = match trial.works() {
            true => (Tone::Done, words::works(&called, in_files)),
            false => (Tone::Failed, words::does_not_work(&called, in_files)),
        };
        state.say(tone, says);
    };
    begin(worker, account, None, &trial, whose, false, over);
}

/// Tries what the form says.
pub(super) fn of_form(state: &mut State, worker: &mut Worker) {
    let number = state.accounts.next_number();
    let settings = &state.site.settings;
    let Some(form) = &mut state.accounts.form else {
        return;
    };
    form.check(settings);
    form.tell_all();
    let Ok(account) = form.draft.check(&settings.path, &form.others(settings)) else {
        return;
    };
    if !form.is_sound() {
        return;
    }
    form.void();
    let trial = Trial::begun(number, &account);
    form.trial = Some(trial.clone());
    let password = form.typed_password();
    let over = |state: &mut State| {
        let settings = &state.site.settings;
        if let Some(form) = &mut state.accounts.form {
            form.tried();
            form.check(settings);
        }
    };
    let (whose, looks) = (Whose::Form(number), form.asks_kind());
    begin(worker, account, password, &trial, whose, looks, over);
}

/// Whose try it is, and its number: it may have been put away, or another begun since.
#[derive(Clone)]
enum Whose {
    Account(String, u64),
    Form(u64),
}

impl Whose {
    fn of<'a>(&self, state: &'a mut State) -> Option<&'a mut Trial> {
        let (trial, number) = match self {
            Whose::Account(name, number) => (state.accounts.trials.get_mut(name), number),
            Whose::Form(number) => (state.accounts.form.as_mut()?.trial.as_mut(), number),
        };
        trial.filter(|trial| trial.number == *number)
    }
}

/// Tries it on a thread; `over` follows when it has ended and somebody still wants to know. With
/// `looks`, what looks like a Maildir is tried as one, and the form says so.
fn begin(
    worker: &mut Worker,
    mut account: Account,
    password: Option<Secret>,
    trial: &Trial,
    whose: Whose,
    looks: bool,
    over: impl FnOnce(&mut State) + Send + 'static,
) {
    let stop = trial.stop.clone();
    worker.task("testing the connection", move |tell| {
        if let Source::Files(path) = &account.source
            && looks
            && job::kind_of(path) == Kind::Maildir
        {
            account.source = Source::Maildir(path.clone());
            let whose = whose.clone();
            tell.apply(move |state, _| {
                let is_shown = whose.of(state).is_some();
                if let Some(form) = state.accounts.form.as_mut().filter(|_| is_shown) {
                    form.draft.kind = Kind::Maildir;
                }
            });
        }
        let outcome = job::probe_drafted(&account, password.as_ref(), &stop, &mut |probed| {
            let whose = whose.clone();
            tell.apply(move |state, _| {
                if let Some(trial) = whose.of(state) {
                    trial.heard(probed);
                }
            });
        });
        tell.apply(move |state, _| {
            if let Some(trial) = whose.of(state) {
                trial.ended(outcome);
                over(state);
            }
        });
    });
}
