//! Asks a person for a file or a folder: by the system's own dialog, on a thread, since it may stay
//! open for as long as it likes; where none can be opened, the window asks for a typed path.

use crate::gui::state::typed::{Then, TypedPath};
use crate::gui::state::{State, Tone};
use crate::gui::worker::{Tell, Worker};
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

/// Asks, and does this with the answer; nothing where there is none. While a path is typed, or it
/// is not known yet how to ask, nothing else is asked.
pub fn ask_for(
    state: &mut State,
    worker: &mut Worker,
    want: Want,
    then: impl FnOnce(&mut State, &mut Worker, PathBuf) + Send + 'static,
) {
    if state.typed.is_some() || state.finds_dialog {
        return;
    }
    state.finds_dialog = true;
    worker.task("a file dialog", move |tell| {
        let then: Then = Box::new(then);
        if !platform::has_file_dialogs() {
            let typed = TypedPath::new(want.purpose, want.first(), then);
            return tell.apply(move |state, _| {
                state.finds_dialog = false;
                state.typed = Some(typed);
            });
        }
        tell.apply(|state, _| state.finds_dialog = false);
        if let Some(path) = want.by_system() {
            answered(tell, path, then);
        }
    });
}

/// The system's dialog may stay open for as long as it likes: where other mail is shown by then,
/// what was chosen was not meant for that.
fn answered(tell: &Tell, path: PathBuf, then: Then) {
    let site = tell.site();
    tell.anywhere(move |state, worker| match worker.site() == site {
        true => then(state, worker, path),
        false => state.say(Tone::Failed, words::other_mail(&path)),
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
    let Some(typed) = &mut state.typed else {
        return;
    };
    if typed.looking {
        return;
    }
    typed.looking = true;
    let (number, text, purpose) = (typed.number, typed.text.clone(), typed.purpose);
    worker.task("looking at a path", move |tell| {
        let path = job::typed_path(&text, purpose);
        tell.apply(move |state, worker| {
            // It may have been put away, something else asked for, or something else typed,
            // meanwhile.
            let is_it = |typed: &mut TypedPath| typed.number == number;
            let Some(mut typed) = state.typed.take_if(is_it) else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::Site;
    use crate::gui::worker::Told;
    use crate::settings::Places;
    use std::path::Path;
    use std::sync::mpsc;

    /// A dialog that is answered after this was done with the window.
    fn answered_after(done: impl FnOnce(&mut State, &mut Worker)) -> (State, Vec<Told>) {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::new(Site::load(Places::within(folder.path())));
        let (woken, wakes) = mpsc::channel();
        let mut worker = Worker::new(move || {
            let _ = woken.send(());
        });
        let (go, waits) = mpsc::channel::<()>();
        worker.task("a file dialog", move |tell| {
            waits.recv().unwrap();
            let then: Then = Box::new(|state, _, path| {
                state.say(Tone::Done, format!("took {}", path.display()));
            });
            answered(tell, PathBuf::from("list.txt"), then);
        });
        done(&mut state, &mut worker);
        go.send(()).unwrap();
        let mut others = Vec::new();
        while worker.is_busy() {
            wakes.recv().unwrap();
            while let Some(told) = worker.take() {
                match told {
                    Told::Apply(apply) => apply(&mut state, &mut worker),
                    other => others.push(other),
                }
            }
        }
        (state, others)
    }

    #[test]
    fn what_is_chosen_is_taken_only_for_the_mail_it_was_asked_for() {
        let says = |(state, others): (State, Vec<Told>)| {
            assert!(others.is_empty());
            state.status.unwrap().says
        };
        assert_eq!(says(answered_after(|_, _| {})), "took list.txt");
        assert_eq!(
            says(answered_after(|_, worker| worker.next_site())),
            words::other_mail(Path::new("list.txt"))
        );
    }
}
