//! What every real IMAP server of the tests offers, so that one suite runs over all of them.

use super::certs::Certs;
use super::client::Client;
use super::dovecot::make_user;
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::{PasswordFrom, Secret};
use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The user of every test; the password is `secret`.
pub const USER: &str = "pat";

/// How the server is to differ from an ordinary one.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// Most messages in the mailbox.
    pub most: Option<u32>,
    /// Whether it offers MOVE, if it can.
    pub moves: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            most: None,
            moves: true,
        }
    }
}

/// A running server with one empty mailbox.
pub trait Real {
    /// The port for STARTTLS and for no encryption.
    fn port(&self) -> u16;

    /// The port for TLS.
    fn tls_port(&self) -> u16;

    fn certs(&self) -> &Certs;

    /// What stands before the owner's folders, and what parts a folder from its parent.
    fn namespace(&self) -> (&'static str, char);

    /// Whether it takes no folder of this name.
    fn refuses(&self, _: &str) -> bool {
        false
    }

    /// Whether it tells what is new since a mark.
    fn marks(&self) -> bool {
        true
    }

    /// What it wrote to its log.
    fn log(&self) -> String;

    /// How to reach it.
    fn server(&self, security: Security) -> Server {
        server(self.port(), self.tls_port(), self.certs(), USER, security)
    }

    /// Somebody else's view of the mailbox.
    fn client(&self) -> Client {
        Client::new(self.port(), USER)
    }

    /// A folder as the server spells it.
    fn spell(&self, name: &str) -> String {
        let (prefix, separator) = self.namespace();
        if name == "INBOX" {
            return name.to_owned();
        }
        format!("{prefix}{}", name.replace('/', &separator.to_string()))
    }
}

/// How to reach a server on loopback.
pub fn server(port: u16, tls_port: u16, certs: &Certs, user: &str, security: Security) -> Server {
    Server {
        host: "localhost".to_owned(),
        port: match security {
            Security::Tls => tls_port,
            Security::Starttls | Security::None => port,
        },
        security,
        ca_file: Some(certs.ca.clone()),
        user: Some(user.to_owned()),
        password: PasswordFrom::Variable("UNUSED".to_owned()),
        connect_timeout: Duration::from_secs(5),
        io_timeout: Duration::from_secs(20),
        compress: None,
    }
}

pub fn password() -> Secret {
    Secret::new("secret".to_owned())
}

/// Starts a server in a folder of its own. Tried some times: another process may have taken its
/// port.
pub fn start<S>(name: &str, mut attempt: impl FnMut(TempDir) -> Result<S, String>) -> S {
    make_user();
    let mut said = String::new();
    for _ in 0..5 {
        let folder = tempfile::Builder::new()
            .prefix(&format!("postsweep-{name}-"))
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .unwrap();
        match attempt(folder) {
            Ok(server) => return server,
            Err(log) => said = log,
        }
    }
    panic!("{name} does not start: {said}");
}

/// Where `tests/run` unpacked this server.
pub fn unpacked(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME")
        .or_else(|| Some(variable("HOME")?.join(".cache")))
        .expect("neither XDG_CACHE_HOME nor HOME is set");
    let folder = cache.join("postsweep-tests/servers").join(name);
    assert!(
        folder.join("ready").exists(),
        "these tests need {name}, unpacked in {}: run tests/run once, which fetches it",
        folder.display()
    );
    folder
}

/// Copies files or folders of an unpacked server to the same places under `home`.
pub fn copy(from: &Path, home: &Path, what: &[&str]) {
    for what in what {
        let to = home.join(what);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        run(Command::new("cp").arg("-a").arg(from.join(what)).arg(to));
    }
}

/// Runs a command that must go well.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

/// Waits until a server greets on this port, or ends.
pub fn greets(child: &mut Child, port: u16) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if let Ok(tcp) = TcpStream::connect(("127.0.0.1", port)) {
            tcp.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut line = String::new();
            let read = BufReader::new(tcp).read_line(&mut line);
            if read.is_ok() && line.starts_with("* OK") {
                return true;
            }
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    false
}

/// Ends a server that leads a process group, and all of its processes.
pub fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    let signal = |name: &str| {
        let _ = Command::new("kill").args([name, "--", &group]).output();
    };
    signal("-TERM");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        if !matches!(child.try_wait(), Ok(None)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    signal("-KILL");
    let _ = child.wait();
}
