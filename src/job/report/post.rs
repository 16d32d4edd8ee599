//! Sends a report: each zip gets its name and is written down before its letter leaves, each letter
//! leaves once, and what became of each is told. What failed can be sent again; what may have
//! arrived cannot.

use super::draft::{Draft, DraftLetter};
use super::{Edits, Outcome, ReportError, Take, Wish, delivery};
use crate::job::control::Control;
use crate::job::desk::{JobError, make_private};
use crate::job::event::Event;
use crate::job::lock::Lock;
use crate::job::parcel::{self, Handed, Post};
use crate::job::plan::{Delivery, Plan};
use crate::job::rebuild::{self, Opened};
use crate::mail::Digest;
use crate::platform;
use crate::store::{Figures, Package, Store, SubmissionState, SweepKind, Way, Written};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// What sending or saving a report tells. Letters are counted as in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportEvent {
    /// The server is asked for a connection.
    Connecting,
    /// A letter is on its way.
    Begun {
        /// Which.
        letter: usize,
    },
    /// What became of it.
    Ended {
        /// Which.
        letter: usize,
        /// That.
        outcome: Outcome,
    },
    /// The server takes letters of so many bytes at most, and some are larger: nothing was sent;
    /// draw the report up with this limit.
    ServerLimit(u64),
    /// Something else that a person should know.
    Trouble(String),
}

/// Sends these letters of a draft, as they stand or as a person wrote them. Stops between two where
/// asked; what was not begun is as if nothing had been tried.
pub fn send_report(
    plan: &Plan,
    draft: &Draft,
    edits: &Edits,
    which: &[usize],
    control: &Control,
    on: &mut dyn FnMut(ReportEvent),
) -> Result<(), ReportError> {
    let delivery = delivery(plan, &draft.wish)?;
    let _alone = alone(plan)?;
    let mut opened = open(plan, on)?;
    let mut mails: Vec<(usize, &DraftLetter)> = draft.mails().collect();
    mails.retain(|(number, _)| which.contains(number));
    if mails.is_empty() {
        return Ok(());
    }
    on(ReportEvent::Connecting);
    let untouched = |on: &mut dyn FnMut(ReportEvent), says: &str| {
        for (letter, _) in &mails {
            let outcome = Outcome::Untouched(says.to_owned());
            on(ReportEvent::Ended {
                letter: *letter,
                outcome,
            });
        }
    };
    let outbox = plan.places.data_dir.join("outbox");
    let connected = parcel::post(plan, &delivery, &outbox).and_then(|post| {
        let Some(mut post) = post else {
            return Ok(None);
        };
        let limit = post.outbox.limit()?;
        Ok(Some((post, limit)))
    });
    let (mut post, limit) = match connected {
        Ok(Some(connected)) => connected,
        Ok(None) => {
            untouched(on, "the settings say that nothing is sent: save the zips");
            return Ok(());
        }
        Err(error) => {
            untouched(on, &error.to_string());
            return Ok(());
        }
    };
    let largest = mails.iter().filter_map(|(_, letter)| letter.bytes).max();
    if let Some(limit) = limit
        && largest.is_some_and(|largest| largest > limit)
    {
        on(ReportEvent::ServerLimit(limit));
        return Ok(());
    }
    let run = Run::begin(&opened.store, &draft.account)?;
    let (mut sent, mut failed, mut stopped) = (0, 0, false);
    for (number, letter) in mails {
        if control.is_stopped() {
            stopped = true;
            break;
        }
        on(ReportEvent::Begun { letter: number });
        let done = send_one(
            plan,
            draft,
            edits,
            letter,
            &run,
            &mut opened.store,
            &mut post,
        );
        let fatal = matches!(&done, Err(ReportError::Job(error)) if error.is_fatal());
        let outcome = done.unwrap_or_else(|error| Outcome::Untouched(error.to_string()));
        match outcome.is_good() {
            true => sent += 1,
            false => failed += 1,
        }
        on(ReportEvent::Ended {
            letter: number,
            outcome,
        });
        if fatal {
            break;
        }
    }
    run.end(&mut opened.store, (sent, "sent"), failed, stopped)
}

/// Sends a package once more that was surely not taken.
pub fn send_again(
    plan: &Plan,
    package: i64,
    on: &mut dyn FnMut(ReportEvent),
) -> Result<Outcome, ReportError> {
    let _alone = alone(plan)?;
    let opened = open(plan, on)?;
    let store = &opened.store;
    let known = store.package(package)?.ok_or(ReportError::NotWaiting)?;
    let waits = matches!(
        known.state,
        SubmissionState::Ready | SubmissionState::Failed
    );
    if !waits {
        return Err(ReportError::NotWaiting);
    }
    if !known.path.exists() {
        return Err(ReportError::ZipGone(known.path));
    }
    // Whom it was made for, whatever the settings say now: another vendor could not open it.
    let delivery = delivery(
        plan,
        &Wish {
            account: known.account.clone(),
            vendor: Some(known.vendor.clone()),
            server_limit: None,
        },
    )?;
    on(ReportEvent::Connecting);
    let not_sent = |says: String| Outcome::NotSent { package, says };
    let outbox = plan.places.data_dir.join("outbox");
    let mut post = match parcel::post(plan, &delivery, &outbox) {
        Ok(Some(post)) => post,
        Ok(None) => {
            return Ok(not_sent(
                "the settings say that nothing is sent: save the zip, or set how letters leave"
                    .to_owned(),
            ));
        }
        Err(error) => return Ok(not_sent(error.to_string())),
    };
    transmit(store, &known, &delivery, &mut post)
}

/// The lock of reports, held until the end.
pub(super) fn alone(plan: &Plan) -> Result<Lock, ReportError> {
    match Lock::of_reports(&plan.places.data_dir) {
        Err(JobError::Locked) => Err(ReportError::Busy),
        other => Ok(other?),
    }
}

/// The store, mended where it has to be.
pub(super) fn open(plan: &Plan, on: &mut dyn FnMut(ReportEvent)) -> Result<Opened, ReportError> {
    Ok(rebuild::open_store(plan, &mut |event| {
        if let Event::Trouble { says, .. } = event {
            on(ReportEvent::Trouble(says));
        }
    })?)
}

/// A run of the history, under whose number the packages of a report stand.
pub(super) struct Run(pub(super) i64);

impl Run {
    pub(super) fn begin(store: &Store, account: &str) -> Result<Run, ReportError> {
        let run = store.begin_sweep(account, Timestamp::now())?;
        store.set_kind(run, SweepKind::Report)?;
        Ok(Run(run))
    }

    pub(super) fn end(
        self,
        store: &mut Store,
        (done, what): (usize, &str),
        failed: usize,
        stopped: bool,
    ) -> Result<(), ReportError> {
        let figures = Figures {
            troubles: failed,
            stopped,
            ..Figures::default()
        };
        let failures = match failed {
            0 => String::new(),
            number => format!(", {number} failed"),
        };
        let says = format!("a report: {done} {what}{failures}");
        store.together(|store| {
            store.set_figures(self.0, &figures)?;
            store.end_sweep(self.0, &says, Timestamp::now())
        })?;
        Ok(())
    }
}

fn send_one(
    plan: &Plan,
    draft: &Draft,
    edits: &Edits,
    letter: &DraftLetter,
    run: &Run,
    store: &mut Store,
    post: &mut Post,
) -> Result<Outcome, ReportError> {
    let delivery = delivery(plan, &draft.wish)?;
    let written = edits.get(&letter.letter.id).map(|text| Written {
        subject: one_line(&text.subject),
        body: text.body.clone(),
    });
    let way = (post.way, SubmissionState::Ready, written);
    let package = note(plan, draft, letter, run, store, way)?;
    transmit(store, &package, &delivery, post)
}

/// A subject without what could begin another header.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn transmit(
    store: &Store,
    package: &Package,
    delivery: &Delivery,
    post: &mut Post,
) -> Result<Outcome, ReportError> {
    let mut letter = parcel::stored_letter(store, package, &delivery.vendor, delivery)?;
    letter.to.clone_from(&package.recipient);
    let handed = parcel::hand_over(store, package.id, &letter, post)?;
    Ok(match handed {
        Handed::Taken(path) if post.way == Way::Outbox => Outcome::Written(path.into()),
        Handed::Taken(answer) => Outcome::Accepted(answer),
        Handed::Failed(error) => Outcome::NotSent {
            package: package.id,
            says: error.to_string(),
        },
        Handed::Unknown(error) => Outcome::Unknown(error.to_string()),
        Handed::Elsewhere => return Err(ReportError::NotWaiting),
    })
}

/// Gives a drafted zip its name among the packages, and writes it down.
pub(super) fn note(
    plan: &Plan,
    draft: &Draft,
    letter: &DraftLetter,
    run: &Run,
    store: &mut Store,
    (way, state, written): (Way, SubmissionState, Option<Written>),
) -> Result<Package, ReportError> {
    let packages = plan.places.data_dir.join("packages");
    let path = file_zip(letter, &packages)?;
    let mut package = Package {
        id: 0,
        sweep: run.0,
        account: draft.account.clone(),
        vendor: draft.vendor.clone(),
        purpose: letter.purpose,
        path: path.clone(),
        bytes: letter.zip_bytes,
        part: letter.part,
        state,
        letter: letter.letter.id.clone(),
        recipient: letter.letter.to.clone(),
        way: Some(way),
        written,
        answer: None,
        at: Timestamp::now(),
    };
    let digests: Vec<Digest> = letter.entries.iter().map(|(_, digest)| *digest).collect();
    let again: Vec<Digest> = draft
        .samples
        .iter()
        .map(|sample| sample.chosen)
        .filter(|chosen| chosen.purpose == letter.purpose && chosen.take == Take::Again)
        .map(|chosen| chosen.digest)
        .collect();
    match store.together(|store| store.add_package_again(&package, &digests, &again)) {
        Ok(id) => {
            package.id = id;
            Ok(package)
        }
        Err(error) => {
            // Nobody knows of it; the draft still has its own.
            let _ = std::fs::remove_file(path);
            Err(error.into())
        }
    }
}

/// Copies a drafted zip under its name, whole or not at all; never over another file.
fn file_zip(letter: &DraftLetter, folder: &Path) -> Result<PathBuf, ReportError> {
    make_private(folder)?;
    let path = folder.join(letter.zip_name());
    copy_new(letter, folder, &path).map_err(|source| {
        ReportError::Job(JobError::File {
            path: path.clone(),
            source,
        })
    })?;
    Ok(path)
}

/// Copies a drafted zip to a path where nothing is yet.
pub(super) fn copy_new(letter: &DraftLetter, folder: &Path, path: &Path) -> std::io::Result<()> {
    let enclosure = letter.letter.enclosures.first();
    let from = enclosure.ok_or(std::io::ErrorKind::NotFound)?;
    let mut source = std::fs::File::open(&from.path)?;
    let mut file = platform::unfinished(folder)?;
    std::io::copy(&mut source, &mut file)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    platform::sync_dir(folder)
}
