//! Asks a person for a file or a folder: by the system's own dialog, on a thread, since it may stay
//! open for as long as it likes; where none can be opened, the window asks for a typed path.

use crate::gui::state::State;
use crate::gui::state::typed::{Then, TypedPath};
use crate::gui::worker::Worker;
use crate::job::{self, PathFlaw, PathFor};
use crate::platform;
use crate::text::window::dialog as words;
use std::path::PathBuf;

/// A kind of files: what it is called, and what their names end with.
pub type Filter = (&'static str, &'static [&'static str]);

/// What is asked for.
pub struct Want {
    purpose: PathFor,
    filters: &'static [Filter],
    name: String,
}

impl Want {
    /// A file to read, of one of these kinds or of any.
    pub fn file(filters: &'static [Filter]) -> Want {
        Want {
            purpose: PathFor::File,
            filters,
            name: String::new(),
        }
    }

    /// A folder.
    pub fn folder() -> Want {
        Want {
            purpose: PathFor::Folder,
            ..Want::file(&[])
        }
    }

    /// A file to write, with this name unless a person gives it another.
    pub fn new_file(name: impl Into<String>, filters: &'static [Filter]) -> Want {
        Want {
            purpose: PathFor::NewFile,
            name: name.into(),
            filters,
        }
    }

    /// The system's own dialog; `None`: it was put away.
    fn by_system(&self) -> Option<PathBuf> {
        let mut dialog = rfd::FileDialog::new();
        for (name, endings) in self.filters {
            dialog = dialog.add_filter(*name, endings);
        }
        match self.purpose {
            PathFor::File => dialog.pick_file(),
            PathFor::Folder => dialog.pick_folder(),
            PathFor::NewFile => dialog.set_file_name(&self.name).save_file(),
        }
    }

    /// What a typed path begins with.
    fn first(&self) -> String {
        match self.purpose {
            PathFor::NewFile => format!("~/{}", self.name),
            PathFor::File | PathFor::Folder => "~/".to_owned(),
        }
    }
}

/// Asks, and does this with the answer; nothing where there is none.
pub fn ask_for(
    worker: &mut Worker,
    want: Want,
    then: impl FnOnce(&mut State, &mut Worker, PathBuf) + Send + 'static,
) {
    worker.task("a file dialog", move |tell| {
        let then: Then = Box::new(then);
        if !platform::has_file_dialogs() {
            let typed = TypedPath::new(want.purpose, want.first(), then);
            tell.apply(move |state, _| state.typed = Some(typed));
        } else if let Some(path) = want.by_system() {
            tell.apply(move |state, worker| then(state, worker, path));
        }
    });
}

/// What is typed, now.
pub fn type_in(state: &mut State, text: String) {
    if let Some(typed) = &mut state.typed {
        typed.text = text;
        typed.refused = None;
    }
}

/// Goes on with what is typed, if it can be used.
pub fn take(state: &mut State, worker: &mut Worker) {
    let Some(typed) = state.typed.as_mut().filter(|typed| !typed.looking) else {
        return;
    };
    typed.looking = true;
    let (text, purpose) = (typed.text.clone(), typed.purpose);
    worker.task("looking at a path", move |tell| {
        let path = job::typed_path(&text, purpose);
        tell.apply(move |state, worker| {
            // It may have been put away, or something else typed, meanwhile.
            let Some(mut typed) = state.typed.take() else {
                return;
            };
            typed.looking = false;
            match path {
                Ok(path) if typed.text == text => (typed.then)(state, worker, path),
                Err(flaw) if typed.text == text => {
                    typed.refused = Some(says(&flaw));
                    state.typed = Some(typed);
                }
                _ => state.typed = Some(typed),
            }
        });
    });
}

fn says(flaw: &PathFlaw) -> String {
    match flaw {
        PathFlaw::Empty => words::EMPTY.to_owned(),
        PathFlaw::Relative => words::RELATIVE.to_owned(),
        PathFlaw::Missing(path) => words::missing(path),
        PathFlaw::NotAFile(path) => words::not_a_file(path),
        PathFlaw::NotAFolder(path) => words::not_a_folder(path),
        PathFlaw::Taken(path) => words::taken(path),
    }
}
