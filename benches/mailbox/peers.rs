//! The peers, each as its users run it.

use crate::support::dovecot::Dovecot;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Whether it is installed, or how it would be.
pub fn need(program: &str, package: &str) -> Result<()> {
    let found = ["/usr/bin", "/usr/sbin", "/usr/local/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(program).exists());
    match found {
        true => Ok(()),
        false => bail!("no {program}: apt-get install -y --no-install-recommends {package}"),
    }
}

/// `mbsync` pulls the user's inbox into an empty Maildir.
pub fn mbsync(port: u16, user: &str, messages: usize) -> Result<Duration> {
    need("mbsync", "isync")?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().display();
    let settings = format!(
        "FSync no\n\nIMAPAccount far\nHost 127.0.0.1\nPort {port}\nUser {user}\nPass secret\n\
         SSLType None\nAuthMechs LOGIN\nPipelineDepth 50\nTimeout 120\n\nIMAPStore far\nAccount far\n\n\
         MaildirStore near\nPath {path}/near/\nInbox {path}/near/inbox\n\n\
         Channel all\nFar :far:INBOX\nNear :near:inbox\nCreate Near\nSync Pull New\nSyncState *\n"
    );
    let file = folder.path().join("mbsyncrc");
    fs::write(&file, settings)?;
    fs::create_dir(folder.path().join("near"))?;
    let begun = Instant::now();
    let output = Command::new("mbsync")
        .arg("-q")
        .arg("-c")
        .arg(&file)
        .arg("all")
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .output()?;
    let took = begun.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("mbsync: {said}");
    }
    let count = |part| -> Result<usize> {
        Ok(fs::read_dir(folder.path().join("near/inbox").join(part))?.count())
    };
    let pulled = count("cur")? + count("new")?;
    if pulled != messages {
        bail!("mbsync pulled {pulled} of {messages} messages: {said}");
    }
    Ok(took)
}

/// `isbg` with `spamc` and `spamd` (local tests only) goes through the user's inbox and moves what
/// it finds. Returns how long, and how many messages it read.
pub fn isbg(dovecot: &Dovecot, user: &str, messages: usize) -> Result<(Duration, usize)> {
    need("isbg", "isbg")?;
    need("spamc", "spamc")?;
    need("spamd", "spamassassin")?;
    let folder = tempfile::tempdir()?;
    let _spamd = Spamd::start(folder.path())?;
    dovecot.client(user).run("CREATE Spam");
    let begun = Instant::now();
    let output = Command::new("isbg")
        .args(["--imaphost", "127.0.0.1", "--imapport"])
        .arg(dovecot.port.to_string())
        .args(["--imapuser", user, "--imappasswd", "secret", "--nossl"])
        .args(["--spamc", "--spaminbox", "Spam", "--delete", "--expunge"])
        .args(["--partialrun", "0", "--noninteractive", "--ignorelockfile"])
        .arg("--trackfile")
        .arg(folder.path().join("track"))
        .arg("--lockfilename")
        .arg(folder.path().join("lock"))
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .output()?;
    let took = begun.elapsed();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    // It passes over what is large.
    let read = said.split(" spams found in ").nth(1);
    let read = read.and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    match read {
        Some(read) if output.status.success() && read > messages / 2 => Ok((took, read)),
        _ => bail!("isbg: {said}"),
    }
}

/// A private spamd, on the port that spamc asks.
struct Spamd(Child);

impl Spamd {
    fn start(home: &Path) -> Result<Spamd> {
        const PORT: u16 = 783;
        if TcpStream::connect(("127.0.0.1", PORT)).is_ok() {
            bail!("something listens on port {PORT}: stop spamd, the benchmark starts its own");
        }
        let child = Command::new("spamd")
            .args(["--local", "--nouser-config", "--listen", "127.0.0.1"])
            .args([
                "--port",
                "783",
                "--max-children",
                "2",
                "--username",
                "nobody",
            ])
            .arg("--pidfile")
            .arg(home.join("spamd.pid"))
            .env("HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(home.join("spamd.log"))?)
            .spawn()
            .context("spamd")?;
        let mut spamd = Spamd(child);
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", PORT)).is_err() {
            if spamd.0.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(60) {
                bail!(
                    "spamd does not start: {}",
                    fs::read_to_string(home.join("spamd.log"))?
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(spamd)
    }
}

impl Drop for Spamd {
    fn drop(&mut self) {
        let pid = self.0.id().to_string();
        let _ = Command::new("kill").arg(pid).status();
        let _ = self.0.wait();
    }
}
