//! Saves the zips of a report into a folder that a person chose, to be uploaded at the vendor's
//! portal. Each is whole or not there, none replaces a file, and each is written down once it is
//! saved. Nothing leaves the computer.

use super::draft::{Draft, DraftLetter};
use super::post::{ReportEvent, Run, alone, copy_new, note, open};
use super::{Outcome, ReportError};
use crate::job::desk::JobError;
use crate::job::plan::Plan;
use crate::store::{Store, SubmissionState, Way};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The most zips of one name in a folder.
const MOST_ALIKE: usize = 1000;

/// Saves the zips of these letters, those that could go by e-mail too.
pub fn save_report(
    plan: &Plan,
    draft: &Draft,
    which: &[usize],
    folder: &Path,
    on: &mut dyn FnMut(ReportEvent),
) -> Result<(), ReportError> {
    let _alone = alone(plan)?;
    let mut opened = open(plan, on)?;
    let run = Run::begin(&opened.store, &draft.account)?;
    let (mut saved, mut failed) = (0, 0);
    for (number, letter) in draft.letters.iter().enumerate() {
        if !which.contains(&number) {
            continue;
        }
        on(ReportEvent::Begun { letter: number });
        let done = save_one(plan, draft, letter, &run, &mut opened.store, folder);
        let outcome = match done {
            Ok(path) => Outcome::Saved(path),
            Err(error) => Outcome::Untouched(error.to_string()),
        };
        match outcome.is_good() {
            true => saved += 1,
            false => failed += 1,
        }
        on(ReportEvent::Ended {
            letter: number,
            outcome,
        });
    }
    run.end(&mut opened.store, (saved, "saved"), failed, false)
}

fn save_one(
    plan: &Plan,
    draft: &Draft,
    letter: &DraftLetter,
    run: &Run,
    store: &mut Store,
    folder: &Path,
) -> Result<PathBuf, ReportError> {
    let saved = save_zip(letter, folder)?;
    // Written down after: a zip that nobody noted does no harm, and one that was noted and is not
    // there would never be reported.
    let noted = note(
        plan,
        draft,
        letter,
        run,
        store,
        (Way::Portal, SubmissionState::Sent, None),
    );
    match noted {
        Ok(package) => {
            let path = saved.display().to_string();
            store.set_submission(package.id, SubmissionState::Sent, &path)?;
            Ok(saved)
        }
        Err(error) => {
            // What cannot be noted is not saved: it would be reported twice.
            let _ = std::fs::remove_file(&saved);
            Err(error)
        }
    }
}

fn save_zip(letter: &DraftLetter, folder: &Path) -> Result<PathBuf, ReportError> {
    let stem = letter.zip_name().trim_end_matches(".zip");
    for again in 1..=MOST_ALIKE {
        let name = match again {
            1 => format!("{stem}.zip"),
            _ => format!("{stem}_{again}.zip"),
        };
        let path = folder.join(name);
        match copy_new(letter, folder, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(source) => return Err(JobError::File { path, source }.into()),
        }
    }
    let source = ErrorKind::AlreadyExists.into();
    let path = folder.join(letter.zip_name());
    Err(JobError::File { path, source }.into())
}
