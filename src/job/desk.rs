//! The desk: one account at work. It owns the connection, the lock, the store and the counts;
//! `sweep`, `deliver`, `undo` and `journal` are what it does. One thread, one desk an account.

use super::accounts::{Shared, Teller};
use super::control::Control;
use super::event::{Event, Summary};
use super::hit::Pending;
use super::lines::Lines;
use super::lock::Lock;
use super::news::Reads;
use super::plan::{AccountPlan, Plan};
use super::rebuild;
use super::steady::Patience;
use super::views::Views;
use crate::checks::Context;
use crate::mail::{Digest, MessageRef, Place};
use crate::mailbox::{self, Mailbox, MailboxError, Stop, imap};
use crate::outbox::OutboxError;
use crate::package::PackageError;
use crate::platform;
use crate::sample::{self, SampleError};
use crate::settings::secret::{self, SecretError};
use crate::settings::{Account, Source};
use crate::store::cache::CacheError;
use crate::store::{KeptSample, Store, StoreError, SweepId, SweepKind};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Why the work on one account ended, or one step of it failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another sweep of this account runs.
    #[error("another sweep of this account is running; nothing was done")]
    Locked,
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The connection could not be had again.
    #[error(
        "{source}; tried again for {seconds} s without getting further: what was judged, kept and moved stays so, and the next run goes on from there"
    )]
    GaveUp {
        /// The last failure.
        source: MailboxError,
        /// How long it was tried, in seconds.
        seconds: u64,
    },
    /// A person spoke of a message that no sweep found.
    #[error("message {0} is not among the hits that are known")]
    Unknown(String),
    /// The account's path is not what it should be.
    #[error("{source}; the account's `path` must be {what}")]
    Path {
        /// What was found there.
        source: MailboxError,
        /// What it must be.
        what: &'static str,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is kept of judged messages.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The key of what is kept of judged messages.
    #[error("what was kept of judged messages is removed, but not its key: {0}")]
    Key(String),
    /// A sample.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A sample that cannot be kept.
    #[error("message {place} in folder `{folder}` was not touched: {source}")]
    NotKept {
        /// The folder it is in.
        folder: String,
        /// Where in the folder.
        place: Place,
        /// Why.
        source: SampleError,
    },
    /// A package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The way out for letters.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The password.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}; run again")]
    Thread(std::io::Error),
    /// A file or folder of our own.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
}

impl JobError {
    /// Whether the owner asked to end: no trouble, and nothing to tell of.
    pub(super) fn is_stop(&self) -> bool {
        matches!(self, JobError::Mailbox(MailboxError::Stopped))
    }

    /// Whether nothing more can be done for this account now: the connection is gone, or what is
    /// kept cannot be kept safely.
    pub fn is_fatal(&self) -> bool {
        match self {
            JobError::Mailbox(error) => error.is_fatal(),
            JobError::Sample(error) | JobError::NotKept { source: error, .. } => {
                error.is_disk_full()
            }
            JobError::Package(_) | JobError::Outbox(_) | JobError::Unknown(_) => false,
            JobError::Locked
            | JobError::GaveUp { .. }
            | JobError::Path { .. }
            | JobError::Store(_)
            | JobError::Secret(_)
            | JobError::Thread(_)
            | JobError::Cache(_)
            | JobError::Key(_)
            | JobError::File { .. } => true,
        }
    }

    /// Whether it ended because the store is damaged.
    pub(super) fn is_damage(&self) -> bool {
        matches!(self, JobError::Store(error) if error.is_damage())
    }
}

/// What the history says of a run that could not begin.
pub(super) const NOT_OPENED: &str = "the mailbox was not opened";

/// The folders that a run writes to; of a dry run, all in one that is removed at its end.
pub(super) struct Folders {
    pub(super) samples: PathBuf,
    pub(super) packages: PathBuf,
    pub(super) outbox: PathBuf,
    _rehearsal: Option<TempDir>,
}

/// What the desk knows and writes, beside the mailbox itself.
pub(super) struct Work<'a> {
    pub(super) plan: &'a Plan,
    pub(super) account: &'a AccountPlan,
    pub(super) store: Store,
    pub(super) sweep: SweepId,
    pub(super) rules: String,
    pub(super) context: Option<Arc<Context>>,
    pub(super) folders: Folders,
    /// What is kept of judged messages.
    pub(super) views: Views<'a>,
    /// Messages of the folder in hand that were judged again.
    pub(super) rejudged: usize,
    /// Hits by digest: the same message may lie in several places.
    pub(super) pending: HashMap<Digest, Vec<Pending>>,
    /// Samples that lie on disk and are still to be written down, with the next rows.
    pub(super) samples_due: Vec<KeptSample>,
    /// Why hits are held, or that they are not; to be written down with the next rows.
    pub(super) held_due: Vec<(Digest, Option<&'static str>)>,
    /// Where hits lie that were counted: a folder is read again after a break.
    pub(super) counted: HashSet<(String, Place)>,
    /// Rows of the journal that this run began.
    pub(super) begun: HashSet<i64>,
    /// How many rows of the journal were settled by a look at the mailbox.
    pub(super) settled: usize,
    pub(super) patience: Patience,
    pub(super) summary: Summary,
    /// What was read to its end.
    pub(super) reads: Reads,
    /// Connections to read over.
    pub(super) lines: Lines,
    /// Whether it swept, or only did what was asked for.
    pub(super) swept: bool,
    /// Requests that this account was offered.
    pub(super) offered: usize,
    pub(super) shared: Shared<'a>,
    teller: Teller,
    _locks: Vec<Lock>,
}

/// One account at work.
pub(super) struct Desk<'a> {
    pub(super) mailbox: Box<dyn Mailbox>,
    pub(super) work: Work<'a>,
}

impl<'a> Desk<'a> {
    /// Locks the account, opens the store and then the mailbox.
    pub(super) fn open(
        plan: &'a Plan,
        account: &'a AccountPlan,
        control: &Control,
        shared: Shared<'a>,
        teller: Teller,
    ) -> Result<Desk<'a>, JobError> {
        let data = &plan.places.data_dir;
        let name = &account.account.name;
        let path = store_path(data);
        let (locks, store, troubles) = if plan.is_rehearsal() {
            (Vec::new(), Store::rehearsal(&path)?, 0)
        } else {
            make_private(data)?;
            let own = Lock::of_account(data, name)?;
            let opened = rebuild::open_store(plan, &mut |event| teller.tell(event))?;
            (
                vec![own, Lock::over(opened.lock)],
                opened.store,
                opened.troubles,
            )
        };
        let folders = Folders::new(plan)?;
        let started = Timestamp::now();
        let sweep = store.begin_sweep(name, started)?;
        let rules = plan.judge.fingerprint(&account.account);
        if store.texts(&rules)?.is_none() {
            store.set_texts(&rules, &plan.judge.texts(&account.account))?;
        }
        let mut work = Work {
            plan,
            account,
            sweep,
            rules,
            context: None,
            folders,
            views: Views::new(plan, name, &account.reading),
            rejudged: 0,
            pending: HashMap::new(),
            samples_due: Vec::new(),
            held_due: Vec::new(),
            counted: HashSet::new(),
            begun: HashSet::new(),
            settled: 0,
            patience: Patience::new(account.account.retry),
            summary: Summary {
                dry_run: plan.is_rehearsal(),
                troubles,
                ran: Some((started, started)),
                ..Summary::default()
            },
            store,
            reads: Reads::default(),
            lines: Lines::new(&account.account, Duration::ZERO),
            swept: false,
            offered: 0,
            shared,
            teller,
            _locks: locks,
        };
        let begun = Instant::now();
        let mailbox = match work.first_open(control) {
            Ok(mailbox) => mailbox,
            Err(error) => {
                // The history knows of it too.
                let says = format!("{NOT_OPENED}: {error}");
                work.store.end_sweep(sweep, &says, Timestamp::now())?;
                return Err(error);
            }
        };
        // Waits between tries make it look farther than it is: a further connection does no harm.
        work.lines = Lines::new(&account.account, begun.elapsed());
        let shown = (!plan.is_rehearsal()).then_some(sweep);
        work.tell(Event::Opened {
            account: name.clone(),
            sweep: shown,
        });
        Ok(Desk { mailbox, work })
    }

    /// Ends the work: the counts, and the line in the history.
    pub(super) fn close(mut self) -> Result<Summary, JobError> {
        self.keep_reads()?;
        self.work.keep_held()?;
        let learnt = self.work.learn_corrections();
        if learnt.as_ref().is_err_and(JobError::is_damage) {
            learnt?;
        } else {
            self.work.absorb_any(learnt);
        }
        let says = self.work.summary.says();
        let (sweep, level) = (self.work.sweep, self.work.plan.judge.level());
        let figures = self.work.summary.figures(level);
        let kind = match self.work.swept {
            true => SweepKind::Sweep,
            false => SweepKind::Errand,
        };
        let now = Timestamp::now();
        if let Some((_, ended)) = &mut self.work.summary.ran {
            *ended = now;
        }
        self.work.store.together(|store| {
            store.set_kind(sweep, kind)?;
            store.set_figures(sweep, &figures)?;
            store.end_sweep(sweep, &says, now)
        })?;
        if self.work.plan.purge && !self.work.plan.is_rehearsal() {
            let files = super::purge::purge_now(
                &self.work.store,
                &self.work.plan.places,
                self.work.plan.keep_days,
            )?;
            if files > 0 {
                self.work.tell(Event::Purged { files });
            }
        }
        Ok(self.work.summary)
    }
}

impl Work<'_> {
    pub(super) fn tell(&mut self, event: Event) {
        self.teller.tell(event);
    }

    /// Waits until the listener has heard all that was told.
    pub(super) fn await_listener(&self) {
        self.teller.wait();
    }

    /// The account's name.
    pub(super) fn name(&self) -> String {
        self.account.account.name.clone()
    }

    /// Reports a failure, so that it is handled once, here.
    pub(super) fn trouble(&mut self, says: impl ToString) {
        self.summary.troubles += 1;
        let says = says.to_string();
        log::warn!("{}: {says}", self.account.account.name);
        let account = Some(self.name());
        self.tell(Event::Trouble { account, says });
    }

    /// Reports a failure that the rest can go on after; passes one on that it cannot.
    pub(super) fn absorb(&mut self, done: Result<(), JobError>) -> Result<(), JobError> {
        match done {
            Err(error) if !error.is_fatal() => {
                self.trouble(error);
                Ok(())
            }
            other => other,
        }
    }

    /// Reports a failure of what the work does not depend on.
    fn absorb_any(&mut self, done: Result<(), JobError>) {
        if let Err(error) = done {
            self.trouble(error);
        }
    }

    pub(super) fn at(&self, folder: &str, place: &Place) -> MessageRef {
        MessageRef {
            account: self.name(),
            folder: folder.to_owned(),
            place: place.clone(),
        }
    }

    /// Whether a person is handing samples over right now; a dry run does not ask.
    pub(super) fn is_reporting(&self) -> Result<bool, JobError> {
        Ok(!self.plan.is_rehearsal() && Lock::is_reporting(&self.plan.places.data_dir)?)
    }

    pub(super) fn sample_path(&self, digest: &Digest) -> PathBuf {
        sample::path(&self.folders.samples, digest)
    }

    /// Where a sample is: a dry run has its own, and those that earlier runs kept.
    pub(super) fn kept_sample(&self, digest: &Digest) -> PathBuf {
        let own = self.sample_path(digest);
        if self.plan.is_rehearsal() && !own.exists() {
            return sample::path(&self.plan.places.data_dir.join("samples"), digest);
        }
        own
    }
}

impl Folders {
    fn new(plan: &Plan) -> Result<Folders, JobError> {
        let data = &plan.places.data_dir;
        let rehearsal = if plan.is_rehearsal() {
            let made = tempfile::Builder::new().prefix("postsweep-").tempdir();
            Some(made.map_err(|source| JobError::File {
                path: std::env::temp_dir(),
                source,
            })?)
        } else {
            None
        };
        let root: &Path = rehearsal.as_ref().map_or(data, TempDir::path);
        let folders = Folders {
            samples: root.join("samples"),
            packages: root.join("packages"),
            outbox: data.join("outbox"),
            _rehearsal: rehearsal,
        };
        make_private(&folders.samples)?;
        make_private(&folders.packages)?;
        Ok(folders)
    }
}

/// Where the store lies.
pub(super) fn store_path(data: &Path) -> PathBuf {
    data.join("store.sqlite")
}

pub(super) fn make_private(path: &Path) -> Result<(), JobError> {
    platform::private_dir(path).map_err(|source| JobError::File {
        path: path.to_owned(),
        source,
    })
}

/// Opens the mailbox of an account; `stop` ends what waits for a server.
pub(super) fn open_mailbox(account: &Account, stop: &Stop) -> Result<Box<dyn Mailbox>, JobError> {
    Ok(match &account.source {
        Source::Imap(server) => {
            let password = secret::password(&server.password)?;
            Box::new(imap::open(server, &password, stop)?)
        }
        Source::Maildir(path) => Box::new(mailbox::maildir::open(path).map_err(|source| {
            let what = "a Maildir";
            JobError::Path { source, what }
        })?),
        Source::Files(path) => Box::new(mailbox::files::open(path).map_err(|source| {
            let what = "a folder of .eml files, or an mbox";
            JobError::Path { source, what }
        })?),
    })
}
