//! A Dovecot of one kind, with the mailbox that faults are tried on ready to be copied: before a
//! sweep, and after one. Each try has a user, and a data folder, of its own.

use super::fault::{Fault, Kind, Run, Try};
use super::letters::{self, BLOCKED, SWEPT, TARGET};
use super::mailbox::Mailbox;
use super::program::{Program, said};
use super::support::dovecot::{Dovecot, Options};
use super::support::proxy::{Line, Proxy, Way};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// The longest that a run may take before it counts as hanging.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// The user whose mailbox is the one before a sweep.
const UNSWEPT: &str = "unswept";
/// … and after one.
const SWEPT_ALREADY: &str = "swept";

/// How much there is to harm in a run that nothing happens to.
#[derive(Debug, Clone, Copy)]
pub struct Length {
    from_server: u64,
    from_client: u64,
    /// How long the database's log gets, in bytes.
    log: u64,
    /// How much the data folder holds, in bytes.
    disk: u64,
}

pub struct Site {
    pub kind: Kind,
    pub dovecot: Dovecot,
    /// The mailbox before a sweep.
    pub before: Mailbox,
    /// The data folder after one.
    swept: Program,
    lengths: Mutex<HashMap<Run, Length>>,
}

impl Site {
    pub fn new(kind: Kind) -> Site {
        let dovecot = Dovecot::with(Options {
            moves: kind == Kind::Move,
            uidplus: kind != Kind::Neither,
            ..Options::default()
        });
        let mut client = dovecot.client(UNSWEPT);
        letters::fill(&mut client);
        let before = Mailbox::look(&mut client);
        let mut site = Site {
            kind,
            dovecot,
            before,
            swept: Program::new(""),
            lengths: Mutex::default(),
        };
        copy(
            &site.dovecot.maildir(UNSWEPT),
            &site.dovecot.maildir(SWEPT_ALREADY),
        );
        let plain = Run {
            is_undo: false,
            is_encrypted: false,
        };
        site.swept = Program::new(&site.settings(site.dovecot.port, SWEPT_ALREADY, plain, "0"));
        site.swept.expect(0, &["--batch"]);
        let after = Mailbox::look(&mut site.dovecot.client(SWEPT_ALREADY));
        let wrong = site.wrong(&after, plain, &site.swept.data().join("samples"));
        assert!(wrong.is_empty(), "without any fault: {wrong:#?}");
        site
    }

    /// What is wrong with a mailbox after a run.
    pub fn wrong(&self, after: &Mailbox, run: Run, samples: &Path) -> Vec<String> {
        let removes = self.kind != Kind::Neither;
        match run.is_undo {
            false => self.before.after_sweep(after, removes, samples),
            true => self.before.after_undo(after, removes),
        }
    }

    /// A fresh user for a run, with the mailbox and the data that it begins with.
    pub fn user(&self, name: &str, run: Run) -> Program {
        let (mailbox, program) = (self.dovecot.maildir(name), Program::new(""));
        if run.is_undo {
            copy(&self.dovecot.maildir(SWEPT_ALREADY), &mailbox);
            copy(&self.swept.data(), &program.data());
        } else {
            copy(&self.dovecot.maildir(UNSWEPT), &mailbox);
        }
        program
    }

    /// The settings of a user, by way of this port, with how long a broken connection is tried again.
    pub fn settings(&self, port: u16, user: &str, run: Run, retry: &str) -> String {
        let security = match run.is_encrypted {
            true => format!(
                "security = \"tls\"\nca-file = {:?}",
                self.dovecot.certs.ca.display().to_string()
            ),
            false => "security = \"none\"".to_owned(),
        };
        format!(
            "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"localhost\"\nport = {port}\n{security}\n\
             user = \"{user}\"\npassword-env = \"PAT_PASSWORD\"\nfolders = {SWEPT:?}\nmove-to = \"{TARGET}\"\n\
             connect-timeout = \"2 seconds\"\ntimeout = \"2 seconds\"\nretry = \"{retry}\"\n\
             [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
             [senders]\nblocked = [\"*@{BLOCKED}\"]\n"
        )
    }

    /// The port that the server is at.
    pub fn port(&self, run: Run) -> u16 {
        match run.is_encrypted {
            true => self.dovecot.tls_port,
            false => self.dovecot.port,
        }
    }

    /// One past the last place in a run at which a fault can be tried.
    pub fn length(&self, fault: Fault, run: Run) -> u64 {
        let mut lengths = self.lengths.lock().unwrap();
        let length = lengths.entry(run).or_insert_with(|| self.measure(run));
        match fault {
            Fault::KillAtWrite => length.log,
            Fault::DiskFull => length.disk >> 10,
            Fault::Delay => 30,
            Fault::Drip => 1,
            Fault::KillFromClient
            | Fault::CutFromClient
            | Fault::GoneFromClient
            | Fault::RecordFromClient
            | Fault::HalfFromClient
            | Fault::GarbageFromClient
            | Fault::StallFromClient
            | Fault::SleepFromClient => length.from_client,
            _ => length.from_server,
        }
    }

    /// Makes a run that nothing happens to.
    fn measure(&self, run: Run) -> Length {
        let user = format!("measured-{}-{}", run.is_undo, run.is_encrypted);
        let program = self.user(&user, run);
        let proxy = Proxy::start(self.port(run), Line::default());
        program.configure(&self.settings(proxy.port, &user, run, "0"));
        let verb = if run.is_undo { "undo" } else { "--batch" };
        let child = program
            .command(&[verb])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (log, longest) = (program.data().join("store.sqlite-wal"), Mutex::new(0));
        let output = std::thread::scope(|scope| {
            let watch = scope.spawn(|| proxy.watch(child, PATIENCE));
            while !watch.is_finished() {
                let now = std::fs::metadata(&log).map_or(0, |log| log.len());
                let mut longest = longest.lock().unwrap();
                *longest = now.max(*longest);
                drop(longest);
                std::thread::sleep(Duration::from_micros(200));
            }
            watch.join().unwrap()
        });
        let output = output.expect("the program hangs");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let log = *longest.lock().unwrap();
        Length {
            from_server: proxy.went(Way::FromServer),
            from_client: proxy.went(Way::FromClient),
            log,
            disk: used(&program.data()) + log,
        }
    }

    /// The name of a try's user.
    pub fn name(&self, of: &Try, number: usize) -> String {
        format!("{}{number}", of.fault.name().replace('-', ""))
    }
}

/// Copies a folder with everything that belongs to it: owners, times.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.unwrap().success(), "{from:?} to {to:?}");
}

/// What the files in a folder take up together, in bytes of whole blocks.
fn used(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.path().is_dir() {
        true => used(&entry.path()),
        false => entry.metadata().unwrap().len().div_ceil(4096) * 4096,
    });
    sizes.sum()
}
