//! A private Dovecot on loopback: its own configuration, mail and certificates in a temporary
//! folder, stopped and removed when dropped. Every user's password is `secret`.

use super::certs::{self, Certs, Flaw};
use super::client::Client;
use super::free_port;
use super::real::{self, Real};
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::Secret;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How the server differs from an ordinary one.
#[derive(Debug, Clone)]
pub struct Options {
    pub flaw: Flaw,
    /// Whether it offers MOVE.
    pub moves: bool,
    /// Whether it offers UIDPLUS.
    pub uidplus: bool,
    pub separator: char,
    /// What stands before the owner's folders, such as `INBOX.`.
    pub prefix: &'static str,
    /// Most messages in a mailbox.
    pub quota: Option<u32>,
    /// What the owner may do where, as lines of Dovecot's global ACL file: `Missed spam=lrw`; for
    /// every folder, `=lr` (RFC 4314 section 2.1).
    pub rights: Option<&'static str>,
    /// Whether it takes passwords in the clear.
    pub plaintext: bool,
    /// Connections that a user may have at a time.
    pub connections: u32,
    /// Whether it offers CONDSTORE.
    pub condstore: bool,
    /// Whether it offers COMPRESS=DEFLATE.
    pub compress: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            flaw: Flaw::None,
            moves: true,
            uidplus: true,
            separator: '/',
            prefix: "",
            quota: None,
            rights: None,
            plaintext: true,
            connections: 100,
            condstore: true,
            compress: false,
        }
    }
}

pub struct Dovecot {
    child: Child,
    folder: TempDir,
    pub certs: Certs,
    /// The port for STARTTLS and for no encryption.
    pub port: u16,
    /// The port for TLS.
    pub tls_port: u16,
}

impl Dovecot {
    /// An ordinary server.
    pub fn start() -> Dovecot {
        Dovecot::with(Options::default())
    }

    pub fn with(options: Options) -> Dovecot {
        let program = program();
        real::start("dovecot", |folder| {
            Dovecot::attempt(&program, folder, &options)
        })
    }

    fn attempt(program: &Path, folder: TempDir, options: &Options) -> Result<Dovecot, String> {
        let home = folder.path();
        let certs = certs::write(home, options.flaw);
        let mail = home.join("mail");
        fs::create_dir(&mail).unwrap();
        own(&mail);
        let (port, tls_port) = (free_port(), free_port());
        let file = home.join("dovecot.conf");
        fs::write(&file, configuration(home, port, tls_port, options)).unwrap();
        let child = Command::new(program)
            .arg("-F")
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut dovecot = Dovecot {
            child,
            folder,
            certs,
            port,
            tls_port,
        };
        match real::greets(&mut dovecot.child, port) {
            true => Ok(dovecot),
            false => Err(dovecot.log()),
        }
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("dovecot.log")).unwrap_or_default()
    }

    /// How to reach it as `user`.
    pub fn server(&self, user: &str, security: Security) -> Server {
        real::server(self.port, self.tls_port, &self.certs, user, security)
    }

    /// The password of every user.
    pub fn password() -> Secret {
        Secret::new("secret".to_owned())
    }

    /// Somebody else's view of the user's mailbox.
    pub fn client(&self, user: &str) -> Client {
        Client::new(self.port, user)
    }

    /// What its processes can be told by.
    pub fn handle(&self) -> Handle {
        Handle(self.child.id())
    }

    /// The user's Maildir.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.folder.path().join("mail").join(user)
    }

    /// Puts messages straight into the user's inbox, as a mail server delivers them.
    pub fn deliver<'a>(&self, user: &str, messages: impl IntoIterator<Item = &'a [u8]>) {
        let maildir = self.maildir(user);
        for part in ["", "cur", "new", "tmp"] {
            let path = maildir.join(part);
            fs::create_dir_all(&path).unwrap();
            own(&path);
        }
        for (index, bytes) in messages.into_iter().enumerate() {
            let path = maildir.join(format!("new/1700000000.M{index:06}P1.localhost"));
            fs::write(&path, bytes).unwrap();
            own(&path);
        }
    }
}

/// A server's processes, while it runs.
#[derive(Debug, Clone, Copy)]
pub struct Handle(u32);

impl Handle {
    /// Stops (`STOP`) or wakes (`CONT`) what serves this user now.
    pub fn signal(self, name: &str, user: &str) {
        let children = Command::new("pgrep")
            .args(["-P", &self.0.to_string(), "-x", "imap"])
            .output()
            .unwrap();
        for pid in String::from_utf8(children.stdout).unwrap().lines() {
            let title = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&title).contains(&format!("[{user} ")) {
                let signal = format!("-{name}");
                let _ = Command::new("kill").args([&signal, pid]).status();
            }
        }
    }
}

impl Real for Dovecot {
    fn port(&self) -> u16 {
        self.port
    }

    fn tls_port(&self) -> u16 {
        self.tls_port
    }

    fn certs(&self) -> &Certs {
        &self.certs
    }

    fn namespace(&self) -> (&'static str, char) {
        ("", '/')
    }

    fn log(&self) -> String {
        Dovecot::log(self)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Asked to end, it ends its own children too.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").arg("-TERM").arg(pid).status();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> PathBuf {
    let known = [
        "/usr/sbin/dovecot",
        "/usr/bin/dovecot",
        "/usr/local/sbin/dovecot",
    ];
    let found = known.iter().map(Path::new).find(|path| path.exists());
    let found = found.unwrap_or_else(|| {
        panic!("these tests need Dovecot: apt-get install -y --no-install-recommends dovecot-imapd")
    });
    found.to_owned()
}

/// The user that the mail belongs to; made where it is missing.
pub fn make_user() {
    let is_there = || {
        Command::new("id")
            .arg("vmail")
            .output()
            .unwrap()
            .status
            .success()
    };
    if is_there() {
        return;
    }
    let made = Command::new("useradd")
        .args(["-r", "-s", "/usr/sbin/nologin", "vmail"])
        .output();
    // Another test may have made it in the meantime.
    assert!(
        is_there(),
        "these tests need a user `vmail`; as root: useradd -r vmail ({made:?})"
    );
}

/// The numbers of `vmail` and its group.
pub fn ids() -> (u32, u32) {
    let id = |flag: &str| {
        let output = Command::new("id").args([flag, "vmail"]).output().unwrap();
        String::from_utf8(output.stdout)
            .unwrap()
            .trim()
            .parse::<u32>()
            .unwrap()
    };
    use std::sync::OnceLock;
    static IDS: OnceLock<(u32, u32)> = OnceLock::new();
    *IDS.get_or_init(|| (id("-u"), id("-g")))
}

/// Gives a folder and all in it to `vmail`.
pub fn own_all(folder: &Path) {
    own(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => own_all(&entry.path()),
            kind if kind.is_file() => own(&entry.path()),
            _ => {}
        }
    }
}

/// Gives a file to `vmail`.
fn own(path: &Path) {
    let (uid, gid) = ids();
    if fs::metadata(path).unwrap().uid() != uid {
        chown(path, Some(uid), Some(gid))
            .expect("these tests need root, to give the test server's mail to `vmail`");
    }
}

fn configuration(home: &Path, port: u16, tls_port: u16, options: &Options) -> String {
    let home = home.display().to_string();
    let mut capability = "IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE SORT THREAD=REFERENCES CHILDREN \
        NAMESPACE UNSELECT ID LIST-EXTENDED LIST-STATUS SPECIAL-USE ESEARCH"
        .to_owned();
    if options.condstore {
        capability.push_str(" CONDSTORE QRESYNC");
    }
    if options.compress {
        capability.push_str(" COMPRESS=DEFLATE");
    }
    if options.moves {
        capability.push_str(" MOVE");
    }
    if options.uidplus {
        capability.push_str(" UIDPLUS");
    }
    let (mut plugins, mut quota) = match options.quota {
        Some(most) => (
            "mail_plugins = quota",
            format!(
                "plugin {{\n quota = count:Mailbox\n quota_vsizes = yes\n quota_grace = 0\n quota_rule = *:messages={most}\n}}"
            ),
        ),
        None => ("", String::new()),
    };
    if let Some(rights) = options.rights {
        let (folder, rights) = rights.split_once('=').unwrap();
        let folder = if folder.is_empty() { "*" } else { folder };
        let file = Path::new(&home).join("acl");
        fs::write(&file, format!("\"{folder}\" owner {rights}\n")).unwrap();
        plugins = "mail_plugins = acl";
        quota = format!("plugin {{\n acl = vfile:{}\n}}", file.display());
    }
    let zlib = match options.compress {
        true => "mail_plugins = $mail_plugins imap_zlib",
        false => "",
    };
    let plaintext = if options.plaintext { "no" } else { "yes" };
    let Options {
        separator,
        prefix,
        connections,
        ..
    } = options;
    format!(
        "base_dir={home}/run
state_dir={home}/state
log_path={home}/dovecot.log
instance_name=postsweep-tests
verbose_proctitle=yes
protocols=imap
listen=127.0.0.1
ssl=yes
ssl_cert=<{home}/cert.pem
ssl_key=<{home}/key.pem
auth_mechanisms=plain login
auth_failure_delay=0
disable_plaintext_auth={plaintext}
login_trusted_networks=
mail_location=maildir:{home}/mail/%u
mail_max_userip_connections={connections}
first_valid_uid=1
{plugins}
passdb {{
  driver=static
  args=password=secret
}}
userdb {{
  driver=static
  args=uid=vmail gid=vmail home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port={port}
  }}
  inet_listener imaps {{
    port={tls_port}
    ssl=yes
  }}
}}
service anvil {{
  chroot=
}}
service stats {{
  chroot=
}}
protocol imap {{
  imap_capability={capability}
  {zlib}
}}
namespace inbox {{
  inbox=yes
  separator={separator}
  prefix={prefix}
  mailbox Junk {{
    special_use=\\Junk
    auto=subscribe
  }}
}}
{quota}
"
    )
}
