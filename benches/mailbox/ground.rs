//! The ground that both sides run on: a real Dovecot with generated mail in it, a proxy that makes
//! the way long, and the program as its user runs it.

use crate::mail::{self, Share};
use crate::support::dovecot::{Dovecot, Options, ids};
use crate::support::proxy::{Line, Proxy};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a byte travels, each way.
pub const DELAY: Duration = Duration::from_millis(25);
const SEED: u64 = 20_261_101;

pub fn dovecot() -> Result<Dovecot> {
    let module = "/usr/lib/dovecot/modules/lib30_imap_zlib_plugin.so";
    if !PathBuf::from(module).exists() {
        bail!("no {module}: apt-get install -y --no-install-recommends dovecot-imapd");
    }
    Ok(Dovecot::with(Options {
        compress: true,
        ..Options::default()
    }))
}

pub fn delayed(port: u16) -> Proxy {
    Proxy::start(
        port,
        Line {
            delay: DELAY,
            ..Line::default()
        },
    )
}

/// What a mailbox is filled with.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub messages: usize,
    pub share: Share,
    /// How many of them have an attachment of 50 MB.
    pub large: usize,
}

/// Writes the user's inbox into Dovecot's storage, as its own delivery does, and has Dovecot read
/// it once, so that nobody is measured building its index. Returns the bytes.
pub fn fill(dovecot: &Dovecot, user: &str, load: Load) -> Result<u64> {
    let maildir = dovecot.maildir(user);
    let (uid, gid) = ids();
    for part in ["", "cur", "new", "tmp"] {
        let path = maildir.join(part);
        fs::create_dir_all(&path)?;
        chown(&path, Some(uid), Some(gid)).context("the benchmark needs root, as the tests do")?;
    }
    let mut sum = 0;
    let every = load.messages / load.large.max(1);
    for number in 0..load.messages {
        let is_large = load.large > 0 && number % every == every / 2;
        let large = is_large.then_some(50_000_000 * 3 / 4);
        let bytes = mail::message(SEED, number, load.share, large);
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let (size, sent) = (bytes.len(), bytes.len() + lines);
        let name = format!(
            "{}.M{number:06}P1.localhost,S={size},W={sent}:2,S",
            1_700_000_000 + number
        );
        let path = maildir.join("cur").join(name);
        fs::write(&path, bytes)?;
        chown(&path, Some(uid), Some(gid))?;
        sum += sent as u64;
    }
    let mut client = dovecot.client(user);
    client.run("EXAMINE INBOX");
    client.run("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE)");
    Ok(sum)
}

/// One run of the program.
#[derive(Debug, Clone, Copy)]
pub struct Ran {
    pub took: Duration,
    /// The most memory that it held, in bytes.
    pub peak: u64,
}

/// The program with settings and data of its own.
pub struct Program {
    pub folder: TempDir,
}

impl Program {
    /// For these users at this port of loopback.
    pub fn new(port: u16, users: &[String]) -> Result<Program> {
        let program = Program {
            folder: tempfile::tempdir()?,
        };
        program.aim(port, users)?;
        Ok(program)
    }

    /// Writes the settings: all of them what they are by themselves. So nothing is compressed: the
    /// server is on this machine, `mbsync` cannot, and both sides share its processors with it.
    pub fn aim(&self, port: u16, users: &[String]) -> Result<()> {
        let accounts = users.iter().map(|user| {
            format!(
                "[[account]]\nname = \"{user}\"\nsource = \"imap\"\nserver = \"127.0.0.1\"\nport = {port}\n\
                 security = \"none\"\nuser = \"{user}\"\npassword-env = \"BENCH_PASSWORD\"\n\
                 folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\n\n"
            )
        });
        let text = accounts.collect::<String>();
        Ok(fs::write(self.folder.path().join("config.toml"), text)?)
    }

    /// Sweeps with what follows `--batch`; it must find no trouble.
    pub fn sweep(&self, arguments: &[&str]) -> Result<Ran> {
        let errors = self.folder.path().join("stderr");
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_postsweep"))
            .arg("--config")
            .arg(self.folder.path().join("config.toml"))
            .arg("--data-dir")
            .arg(self.folder.path().join("data"))
            .args(["--batch", "--quiet", "--no-submit"])
            .args(arguments)
            .env("BENCH_PASSWORD", "secret")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&errors)?)
            .spawn()?;
        let (status, peak) = watch(child)?;
        let took = begun.elapsed();
        if status != Some(0) {
            bail!(
                "the sweep ended with {status:?}: {}",
                fs::read_to_string(errors)?
            );
        }
        Ok(Ran { took, peak })
    }

    /// One more rule, so that all is to be judged again.
    pub fn change_rules(&self) -> Result<()> {
        let rules = self.folder.path().join("rules");
        fs::create_dir_all(&rules)?;
        let rule = "[[rule]]\nid = \"bench\"\ncategory = \"spam\"\nweight = 0.1\n\
            says = \"Says {words}\"\nwhy = \"A rule for the benchmark.\"\n\
            when = { words = ['quarterly synergy'] }\n";
        Ok(fs::write(rules.join("bench.toml"), rule)?)
    }
}

/// Waits for the end; the peak is what the kernel noted last (`VmHWM` only grows).
fn watch(mut child: Child) -> Result<(Option<i32>, u64)> {
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(status) = fs::read_to_string(&file)
            && let Some(line) = status.lines().find(|line| line.starts_with("VmHWM:"))
            && let Some(kilobytes) = line.split_ascii_whitespace().nth(1)
        {
            peak = peak.max(kilobytes.parse::<u64>()? * 1024);
        }
        if let Some(status) = child.try_wait()? {
            return Ok((status.code(), peak));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
