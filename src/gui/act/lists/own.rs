//! What the editor of a person's own rules asks for: files are opened, tried on a message while
//! they are typed, kept and taken out of force.

use super::{fail, read};
use crate::gui::Intent;
use crate::gui::act::dialog::{Want, ask_for};
use crate::gui::state::lists::{Ask, Editor, Tab};
use crate::gui::state::{Question, State, Tone};
use crate::gui::worker::{Tell, Worker};
use crate::job::{self, TrialMail};
use crate::text::window::lists as words;
use std::path::PathBuf;

/// Carries out what the editor asks for.
pub(super) fn carry_out(state: &mut State, worker: &mut Worker, ask: Ask) {
    match ask {
        Ask::Open(name) => {
            let files = state.lists.own.iter().flatten();
            let found = files.clone().find(|file| file.name == name).cloned();
            if let Some(file) = found {
                state.lists.editor = Some(Editor {
                    opened: Some(file.name.clone()),
                    name: file.name,
                    kept: file.text.clone(),
                    text: file.text,
                    ..Editor::default()
                });
                try_out(state, worker);
            }
        }
        Ask::New => {
            state.lists.tab = Tab::Own;
            state.lists.editor = Some(Editor {
                name: free_name(state),
                text: words::FIRST_RULE.to_owned(),
                ..Editor::default()
            });
            try_out(state, worker);
        }
        Ask::Name(name) => {
            if let Some(editor) = &mut state.lists.editor {
                editor.name = name;
                editor.failed = None;
            }
        }
        Ask::Text(text) => {
            if let Some(editor) = &mut state.lists.editor {
                editor.text = text;
                editor.failed = None;
            }
            try_out(state, worker);
        }
        Ask::Save => save(state, worker),
        Ask::RemoveOwn(name) => {
            let places = state.site.places.clone();
            worker.task("rules", move |tell: &Tell| {
                let removed = job::remove_rules(&places, &name);
                tell.apply(move |state, worker| match removed {
                    Ok(kept) => {
                        state.lists.editor = None;
                        let says = words::taken_out(&kept.display().to_string());
                        state.say(Tone::Done, says);
                        read(state, worker);
                    }
                    Err(error) => fail(state, error.to_string()),
                });
            });
        }
        Ask::Mail(at) => {
            state.lists.mail_at = at;
            try_out(state, worker);
        }
        Ask::OpenMail => {
            let want = Want::file(&[("Message", &["eml"]), ("All files", &["*"])]);
            ask_for(state, worker, want, |_, worker, path| {
                read_mail(worker, path)
            });
        }
        Ask::MailFrom(path) => read_mail(worker, path),
        _ => {}
    }
}

/// A name that no file of own rules has yet.
fn free_name(state: &State) -> String {
    let is_taken = |name: &str| {
        let mut files = state.lists.own.iter().flatten();
        files.any(|file| file.name == name)
    };
    let names = std::iter::once("my-rules".to_owned());
    let mut names = names.chain((2..).map(|number| format!("my-rules-{number}")));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

fn save(state: &mut State, worker: &mut Worker) {
    let Some(editor) = &state.lists.editor else {
        return;
    };
    let (name, text) = (editor.name.trim().to_owned(), editor.text.clone());
    let others = state.lists.own.iter().flatten();
    let is_other = editor.opened.as_deref() != Some(name.as_str());
    if is_other && others.clone().any(|file| file.name == name) {
        if let Some(editor) = &mut state.lists.editor {
            editor.failed = Some(format!("There are rules named “{name}” already."));
        }
        return;
    }
    let renamed = editor.opened.clone().filter(|opened| *opened != name);
    let places = state.site.places.clone();
    worker.task("rules", move |tell: &Tell| {
        let saved = job::save_rules(&places, &name, &text).and_then(|_| match renamed {
            // The new one stands before the old one goes.
            Some(old) => job::remove_rules(&places, &old).map(|_| ()),
            None => Ok(()),
        });
        tell.apply(move |state, worker| match saved {
            Ok(()) => {
                if let Some(editor) = &mut state.lists.editor {
                    editor.opened = Some(name.clone());
                    editor.kept = text;
                    editor.failed = None;
                }
                state.say(Tone::Done, words::kept(&name));
                read(state, worker);
            }
            Err(error) => {
                state.say(Tone::Failed, error.to_string());
                if let Some(editor) = &mut state.lists.editor {
                    editor.failed = Some(error.to_string());
                }
            }
        });
    });
}

/// Tries the rules in the editor on the chosen message: one try at a time, and once more when
/// something was typed meanwhile.
pub(super) fn try_out(state: &mut State, worker: &mut Worker) {
    let mail = state.lists.mail.get(state.lists.mail_at);
    let mail = mail.map(|mail| mail.bytes.clone());
    let places = state.site.places.clone();
    let Some(editor) = &mut state.lists.editor else {
        return;
    };
    if editor.is_trying {
        editor.is_stale = true;
        return;
    }
    editor.is_trying = true;
    editor.is_stale = false;
    let (name, text) = (editor.name.clone(), editor.text.clone());
    worker.task("rules", move |tell: &Tell| {
        let tried =
            std::panic::catch_unwind(|| job::try_rules(&places, &name, &text, mail.as_deref()));
        tell.apply(move |state, worker| {
            let Some(editor) = &mut state.lists.editor else {
                return;
            };
            editor.is_trying = false;
            editor.tried = tried.ok();
            if editor.is_stale {
                try_out(state, worker);
            }
        });
    });
}

fn read_mail(worker: &mut Worker, path: PathBuf) {
    worker.task("message", move |tell: &Tell| {
        let read = job::read_trial_mail(&path);
        tell.apply(move |state, worker| match read {
            Ok(mail) => add_mail(state, worker, mail),
            Err(error) => fail(state, error.to_string()),
        });
    });
}

fn add_mail(state: &mut State, worker: &mut Worker, mail: TrialMail) {
    state.lists.mail.push(mail);
    state.lists.mail_at = state.lists.mail.len() - 1;
    try_out(state, worker);
}

/// Asks before a file of own rules is taken out of force.
pub(super) fn ask_to_remove(state: &mut State) {
    let editor = state.lists.editor.as_ref();
    if let Some(name) = editor.and_then(|editor| editor.opened.clone()) {
        state.question = Some(Question {
            says: words::take_out(&name),
            go: "Take them out".to_owned(),
            then: Box::new(Intent::Lists(Ask::RemoveOwn(name))),
        });
    }
}
