//! A private Postfix on loopback, with a Dovecot that checks passwords for it: their own
//! configuration, queue and certificates in a temporary folder, stopped and removed when dropped.
//! It takes mail for anybody at `vendor.example` into one Maildir. Every password is `secret`.

use super::certs::{self, Certs, Flaw};
use super::free_port;
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::PasswordFrom;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The most bytes of a message that the server takes.
pub const LIMIT: u64 = 1_000_000;

const INSTALL: &str = "apt-get install -y --no-install-recommends postfix dovecot-core";

/// Who owns the delivered mail: `nobody`.
const NOBODY: u32 = 65534;

pub struct Postfix {
    master: Child,
    dovecot: Child,
    dir: TempDir,
    pub certs: Certs,
    /// TLS from the first byte.
    pub tls: u16,
    /// STARTTLS, and no sign-in before it.
    pub starttls: u16,
    /// As `starttls`, but only LOGIN is offered.
    pub login: u16,
    /// No TLS and no sign-in.
    pub clear: u16,
}

impl Postfix {
    /// An ordinary server.
    pub fn start() -> Postfix {
        Postfix::with(Flaw::None)
    }

    /// One whose certificate has a flaw.
    pub fn with(flaw: Flaw) -> Postfix {
        let mut said = String::new();
        for _ in 0..3 {
            match Postfix::attempt(flaw) {
                Ok(postfix) => return postfix,
                Err(log) => said = log, // another process may have taken a port
            }
        }
        panic!("Postfix does not start: {said}");
    }

    fn attempt(flaw: Flaw) -> Result<Postfix, String> {
        let folder = tempfile::Builder::new()
            .prefix("postsweep-postfix-")
            .tempdir()
            .unwrap();
        let dir = folder.path();
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
        for sub in ["etc", "queue", "data", "mail", "auth"] {
            fs::create_dir(dir.join(sub)).unwrap();
        }
        chown(dir.join("mail"), Some(NOBODY), Some(NOBODY)).unwrap_or_else(|error| {
            panic!("{error}: Postfix can only be started by root: run the tests as root")
        });
        let owned = Command::new("chown")
            .arg("postfix")
            .arg(dir.join("data"))
            .output()
            .unwrap();
        assert!(owned.status.success(), "no user `postfix`: {INSTALL}");
        let certs = certs::write(dir, flaw);
        let ports = [free_port(), free_port(), free_port(), free_port()];
        fs::write(dir.join("etc/main.cf"), main_cf(dir, &certs)).unwrap();
        fs::write(dir.join("etc/master.cf"), master_cf(ports)).unwrap();
        fs::write(dir.join("auth/dovecot.conf"), dovecot_conf(dir)).unwrap();
        let mut dovecot = spawn("dovecot", &["-F", "-c"], &dir.join("auth/dovecot.conf"));
        // Makes the queue's folders, as `postfix start` does.
        let check = Command::new(program("postfix"))
            .arg("-c")
            .arg(dir.join("etc"))
            .arg("check")
            .output()
            .unwrap();
        if !check.status.success() {
            stop(&mut dovecot);
            return Err(format!("{check:?} {}", log(dir)));
        }
        let master = spawn(
            "/usr/lib/postfix/sbin/master",
            &["-d", "-c"],
            &dir.join("etc"),
        );
        let [tls, starttls, login, clear] = ports;
        let postfix = Postfix {
            master,
            dovecot,
            certs,
            tls,
            starttls,
            login,
            clear,
            dir: folder,
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        let ready = |port: &u16| TcpStream::connect(("127.0.0.1", *port)).is_ok();
        let socket = postfix.dir.path().join("auth/socket");
        while !(ports.iter().all(ready) && socket.exists()) {
            if Instant::now() > deadline {
                return Err(log(postfix.dir.path()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(postfix)
    }

    /// How to reach one of its ports.
    pub fn server(&self, port: u16, security: Security) -> Server {
        Server {
            host: "localhost".to_owned(),
            port,
            security,
            ca_file: Some(self.certs.ca.clone()),
            user: (port != self.clear).then(|| "pat@example.com".to_owned()),
            password: PasswordFrom::Variable("UNUSED".to_owned()),
            connect_timeout: Duration::from_secs(5),
            io_timeout: Duration::from_secs(20),
            compress: None,
        }
    }

    /// Waits until this many letters have been delivered, and returns their bytes.
    pub fn delivered(&self, wanted: usize) -> Vec<Vec<u8>> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let files = self.maildir();
            if files.len() >= wanted {
                return files.iter().map(|file| fs::read(file).unwrap()).collect();
            }
            let log = || log(self.dir.path());
            assert!(
                Instant::now() < deadline,
                "{} of {wanted}: {}",
                files.len(),
                log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What has been delivered so far.
    pub fn maildir(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.dir.path().join("mail/inbox/new")) else {
            return Vec::new();
        };
        files.map(|file| file.unwrap().path()).collect()
    }

    /// Everything that the server said of itself.
    pub fn log(&self) -> String {
        log(self.dir.path())
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        stop(&mut self.master);
        stop(&mut self.dovecot);
    }
}

fn log(dir: &Path) -> String {
    ["postfix.log", "dovecot.log"]
        .map(|name| fs::read_to_string(dir.join(name)).unwrap_or_default())
        .join("\n")
}

fn stop(child: &mut Child) {
    // TERM, so that it stops those that it has started.
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if let Ok(Some(_)) = child.try_wait() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn program(name: &str) -> PathBuf {
    let dirs = ["", "/usr/sbin", "/usr/bin"];
    let found = dirs.iter().map(|dir| Path::new(dir).join(name));
    let mut found = found.filter(|path| path.is_absolute() && path.exists());
    found
        .next()
        .unwrap_or_else(|| panic!("{name} is missing: {INSTALL}"))
}

fn spawn(name: &str, arguments: &[&str], config: &Path) -> Child {
    Command::new(program(name))
        .args(arguments)
        .arg(config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Postfix ends the group that its master leads.
        .process_group(0)
        .spawn()
        .unwrap()
}

fn main_cf(dir: &Path, certs: &Certs) -> String {
    let dir = dir.display();
    let (certificate, key) = (certs.certificate.display(), certs.key.display());
    format!(
        "compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/postfix.log
maillog_file_prefixes = {dir}
myhostname = mail.example.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = vendor.example support.trendmicro.com
virtual_mailbox_base = {dir}/mail
virtual_mailbox_maps = static:inbox/
virtual_minimum_uid = 1
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
virtual_mailbox_limit = 0
mailbox_size_limit = 0
message_size_limit = {LIMIT}
smtputf8_enable = no
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dir}/auth/socket
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{{{later@vendor.example=450 4.2.0 Come again}}}}
smtp_tls_security_level = none
default_transport = error:no mail leaves this machine
"
    )
}

fn master_cf([tls, starttls, login, clear]: [u16; 4]) -> String {
    let signed = "-o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes \
         -o smtpd_relay_restrictions=permit_sasl_authenticated,reject";
    format!(
        "127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {signed}
127.0.0.1:{starttls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {signed}
127.0.0.1:{login} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {signed} -o smtpd_sasl_mechanism_filter=login
127.0.0.1:{clear} inet n - n - - smtpd -o smtpd_tls_security_level=none
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
    )
}

fn dovecot_conf(dir: &Path) -> String {
    let dir = dir.display();
    format!(
        "base_dir = {dir}/auth/run
state_dir = {dir}/auth/state
log_path = {dir}/dovecot.log
instance_name = postsweep-postfix-tests
protocols =
ssl = no
auth_mechanisms = plain login
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home=/nonexistent
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service auth {{
  unix_listener {dir}/auth/socket {{
    mode = 0666
  }}
}}
"
    )
}
