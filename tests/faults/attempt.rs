//! One try: a run with a fault in it, then runs without one until the program says that all is
//! done, and then a look at the whole mailbox.

use super::fault::{Fault, Run, Try};
use super::mailbox::Mailbox;
use super::program::{Program, said};
use super::site::{PATIENCE, Site};
use super::support::disk::Disk;
use super::support::proxy::{Line, Proxy, Way, What, When};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Runs that may be needed, the one with the fault aside.
const RUNS: usize = 3;
/// Longer than the program waits for the server.
const SLEEP: Duration = Duration::from_secs(3);

/// How a try went.
#[derive(Debug, Default)]
pub struct Told {
    /// Whether the fault came to pass: a run may be shorter than another one.
    pub is_done: bool,
    /// Whether the run with the fault ended well by itself.
    pub is_survived: bool,
    /// How many runs without a fault it took until the program said that all was done.
    pub runs: usize,
    /// What is wrong: nothing, or messages that were lost.
    pub wrong: Vec<String>,
    /// What the program said.
    pub said: String,
}

impl Site {
    /// Tries one fault.
    pub fn attempt(&self, of: &Try, number: usize) -> Told {
        let user = self.name(of, number);
        let program = self.user(&user, of.run);
        let disk = (of.fault == Fault::DiskFull).then(|| self.small_disk(&program, of));
        let mut told = Told::default();
        self.run_with_fault(of, &user, &program, &mut told);
        if let Some(disk) = &disk {
            disk.enlarge("100m");
        }
        if of.fault == Fault::StallFromClient || of.fault == Fault::StallFromServer {
            // The connection ended with the proxy.
            thread::sleep(Duration::from_millis(100));
        }
        self.run_until_done(of, &user, &program, &mut told);
        let after = Mailbox::look(&mut self.dovecot.client(&user));
        let samples = program.data().join("samples");
        told.wrong.extend(self.wrong(&after, of.run, &samples));
        if told.wrong.is_empty() && of.run.is_undo {
            // What was put back stays, whatever was interrupted.
            let output = self.command(of, &program, &["--batch"]).output().unwrap();
            told.hear("the next sweep", &output);
            let after = Mailbox::look(&mut self.dovecot.client(&user));
            told.wrong.extend(self.wrong(&after, of.run, &samples));
        }
        let _ = fs::remove_dir_all(self.dovecot.maildir(&user));
        told
    }

    /// Puts the data folder onto a disk that is too small.
    fn small_disk(&self, program: &Program, of: &Try) -> Disk {
        let (data, aside) = (program.data(), program.folder.path().join("aside"));
        if of.run.is_undo {
            fs::rename(&data, &aside).unwrap();
        }
        let disk = Disk::new(data.clone(), "100m");
        if of.run.is_undo {
            let all = aside.join(".");
            let copied = Command::new("cp").arg("-a").arg(all).arg(data).status();
            assert!(copied.unwrap().success());
        }
        // What is there already must fit; what comes may not.
        disk.shrink(of.at.max(4));
        disk
    }

    fn command(&self, of: &Try, program: &Program, arguments: &[&str]) -> Command {
        let mut command = program.command(arguments);
        if of.fault == Fault::ClockBack {
            command
                .env("LD_PRELOAD", libfaketime())
                .env("FAKETIME_TIMESTAMP_FILE", clock(program))
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }

    fn run_with_fault(&self, of: &Try, user: &str, program: &Program, told: &mut Told) {
        fs::write(clock(program), "+0").unwrap();
        let proxy = Proxy::start(self.port(of.run), self.line(of, user, program));
        // Half of the runs end with the connection, half connect again and go on.
        let retry = if of.at.is_multiple_of(2) {
            "0"
        } else {
            "5 seconds"
        };
        program.configure(&self.settings(proxy.port, user, of.run, retry));
        let mut command = self.command(of, program, &[verb(of.run)]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let output = thread::scope(|scope| {
            let watch = scope.spawn(|| proxy.watch(child, PATIENCE));
            if of.fault == Fault::KillAtWrite {
                let log = program.data().join("store.sqlite-wal");
                while !watch.is_finished() {
                    if fs::metadata(&log).is_ok_and(|log| log.len() > of.at) {
                        // Between two writes: files, the wire, the next transaction.
                        thread::sleep(Duration::from_micros(of.at % 1500));
                        proxy.kill();
                        told.is_done = true;
                        break;
                    }
                    thread::sleep(Duration::from_micros(50));
                }
            }
            watch.join().unwrap()
        });
        told.is_done |= proxy.is_done() || matches!(of.fault, Fault::Delay | Fault::Drip);
        let Some(output) = output else {
            told.wrong.push(format!("hangs: {:?}", proxy.commands()));
            return;
        };
        if of.fault == Fault::DiskFull {
            told.is_done = output.status.code() != Some(0);
        }
        told.is_survived = output.status.code() == Some(0);
        told.hear(&format!("the run with {of}"), &output);
        told.said += &format!("(after {:?})\n", begun.elapsed());
        if matches!(of.fault, Fault::SleepFromClient | Fault::SleepFromServer) && told.is_done {
            // Until it woke up, and saw that nobody is there any more.
            let left = (SLEEP + Duration::from_millis(500)).saturating_sub(begun.elapsed());
            thread::sleep(left);
            self.dovecot.handle().signal("CONT", user);
            thread::sleep(Duration::from_millis(300));
        }
    }

    fn run_until_done(&self, of: &Try, user: &str, program: &Program, told: &mut Told) {
        program.configure(&self.settings(self.port(of.run), user, of.run, "0"));
        while told.runs < RUNS {
            told.runs += 1;
            let mut command = self.command(of, program, &[verb(of.run)]);
            let output = command.output().unwrap();
            told.hear(&format!("run {}", told.runs), &output);
            let nothing = of.run.is_undo && told.said.contains("nothing was moved");
            if output.status.code() == Some(0) || nothing {
                return;
            }
        }
        told.wrong.push(format!("not done after {RUNS} runs"));
    }

    /// The way to the server, with the fault on it.
    fn line(&self, of: &Try, user: &str, program: &Program) -> Line {
        let mut line = Line::default();
        let from_server = When::Byte(Way::FromServer, of.at);
        let from_client = When::Byte(Way::FromClient, of.at);
        let sleep = || {
            let (dovecot, user) = (self.dovecot.handle(), user.to_owned());
            What::Call(Arc::new(move || {
                dovecot.signal("STOP", &user);
                let user = user.clone();
                thread::spawn(move || {
                    thread::sleep(SLEEP);
                    dovecot.signal("CONT", &user);
                });
            }))
        };
        let garbage = || What::Garbage(b"\0\xff\r\n)\x01* 7 FETCH (\x80{3}\r\n".to_vec());
        line.harm = Some(match of.fault {
            Fault::KillFromServer => (from_server, What::Kill),
            Fault::KillFromClient => (from_client, What::Kill),
            Fault::CutFromServer => (from_server, What::Cut),
            Fault::CutFromClient => (from_client, What::Cut),
            Fault::GoneFromServer => (from_server, What::Gone),
            Fault::GoneFromClient => (from_client, What::Gone),
            Fault::RecordFromServer => (from_server, What::CutAtRecord),
            Fault::RecordFromClient => (from_client, What::CutAtRecord),
            Fault::HalfFromServer => (from_server, What::HalfClose),
            Fault::HalfFromClient => (from_client, What::HalfClose),
            Fault::GarbageFromServer => (from_server, garbage()),
            Fault::GarbageFromClient => (from_client, garbage()),
            Fault::StallFromServer => (from_server, What::Stall),
            Fault::StallFromClient => (from_client, What::Stall),
            Fault::SleepFromServer => (from_server, sleep()),
            Fault::SleepFromClient => (from_client, sleep()),
            Fault::ClockBack => {
                let clock = clock(program);
                let back = move || fs::write(&clock, "-3d").unwrap();
                (from_server, What::Call(Arc::new(back)))
            }
            Fault::Delay => {
                line.delay = Duration::from_millis(of.at);
                return line;
            }
            Fault::Drip => {
                line.drip = true;
                return line;
            }
            Fault::KillAtWrite | Fault::DiskFull => return line,
        });
        line
    }
}

impl Told {
    fn hear(&mut self, run: &str, output: &std::process::Output) {
        let words = said(output);
        if words.contains("panicked") || output.status.code() == Some(101) {
            self.wrong.push(format!("{run} panicked"));
        }
        self.said += &format!("-- {run}: {}\n{words}", output.status);
    }
}

fn verb(run: Run) -> &'static str {
    match run.is_undo {
        true => "undo",
        false => "--batch",
    }
}

/// The file that tells a program under libfaketime the time.
fn clock(program: &Program) -> PathBuf {
    program.folder.path().join("clock")
}

fn libfaketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().map(Result::unwrap);
    let mut files = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    files
        .find(|file| Path::exists(file))
        .expect("these tests need libfaketime: apt-get install -y --no-install-recommends faketime")
}
