//! A private Cyrus on loopback, from Debian's packages unpacked beside the system (`tests/run`
//! does that): its own programs, configuration, mail and passwords in a temporary folder.

use super::certs::{self, Certs, Flaw};
use super::client::Client;
use super::dovecot::own_all;
use super::free_port;
use super::real::{self, Real, Setup, USER};
use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub struct Cyrus {
    child: Child,
    folder: TempDir,
    certs: Certs,
    port: u16,
    tls_port: u16,
}

impl Cyrus {
    pub fn with(setup: Setup) -> Cyrus {
        let unpacked = real::unpacked("cyrus");
        real::start("cyrus", |folder| Cyrus::attempt(&unpacked, folder, setup))
    }

    fn attempt(unpacked: &Path, folder: TempDir, setup: Setup) -> Result<Cyrus, String> {
        let home = folder.path();
        let certs = certs::write(home, Flaw::None);
        // The unpacked ones may lie where only their owner can look.
        real::copy(unpacked, home, &["usr/lib"]);
        let library = fs::read_dir(home.join("usr/lib")).unwrap();
        let library = library.map(|entry| entry.unwrap().path());
        let library = library
            .into_iter()
            .find(|path| path.join("libcyrus.so.0").exists())
            .expect("Cyrus without its library");
        for part in ["mail", "proc", "lock", "sock"] {
            fs::create_dir(home.join(part)).unwrap();
        }
        let (port, tls_port) = (free_port(), free_port());
        for user in [USER, "admin"] {
            let mut child = Command::new(unpacked.join("usr/sbin/saslpasswd2"))
                .args(["-p", "-c", "-u", "localhost", "-f"])
                .arg(home.join("sasldb2"))
                .arg(user)
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(b"secret").unwrap();
            assert!(child.wait().unwrap().success());
        }
        let [settings, services] = configuration(home, port, tls_port, setup);
        let file = |name: &str, text: &str| {
            let path = home.join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let (settings, services) = (file("imapd.conf", &settings), file("cyrus.conf", &services));
        own_all(home);
        let log = fs::File::create(home.join("cyrus.log")).unwrap();
        let child = Command::new(home.join("usr/lib/cyrus/bin/master"))
            .arg("-D")
            .arg("-C")
            .arg(settings)
            .arg("-M")
            .arg(services)
            .arg("-p")
            .arg(home.join("master.pid"))
            .env("LD_LIBRARY_PATH", library)
            // It sends its own end to its whole process group.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut cyrus = Cyrus {
            child,
            folder,
            certs,
            port,
            tls_port,
        };
        match real::greets(&mut cyrus.child, cyrus.port) {
            true => {
                // The first sign-in makes the mailbox.
                cyrus.client();
                if let Some(most) = setup.most {
                    let limit = format!("SETQUOTA user.{USER} (MESSAGE {most})");
                    Client::new(cyrus.port, "admin").run(&limit);
                }
                Ok(cyrus)
            }
            false => Err(cyrus.log()),
        }
    }
}

impl Real for Cyrus {
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
        ("INBOX.", '.')
    }

    fn refuses(&self, name: &str) -> bool {
        name.contains(['"', '\\'])
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("cyrus.log")).unwrap_or_default()
    }
}

impl Drop for Cyrus {
    fn drop(&mut self) {
        real::end(&mut self.child);
    }
}

/// `imapd.conf` and `cyrus.conf`.
fn configuration(home: &Path, port: u16, tls_port: u16, setup: Setup) -> [String; 2] {
    let home = home.display();
    let hidden = match setup.moves {
        true => "",
        false => "suppress_capabilities: MOVE\n",
    };
    let settings = format!(
        "configdirectory: {home}
defaultpartition: default
partition-default: {home}/mail
proc_path: {home}/proc
mboxname_lockpath: {home}/lock
cyrus_user: vmail
admins: admin
altnamespace: no
unixhierarchysep: no
allowplaintext: yes
autocreate_quota: 100000
autocreate_inbox_folders: Junk
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {home}/sasldb2
sasl_mech_list: PLAIN LOGIN
failedloginpause: 0
servername: localhost
tls_server_cert: {home}/cert.pem
tls_server_key: {home}/key.pem
idlesocket: {home}/sock/idle
lmtpsocket: {home}/sock/lmtp
notifysocket: {home}/sock/notify
{hidden}"
    );
    let services = format!(
        "START {{
  recover cmd=\"{home}/usr/lib/cyrus/bin/ctl_cyrusdb -C {home}/imapd.conf -r\"
}}
SERVICES {{
  imap cmd=\"{home}/usr/lib/cyrus/bin/imapd -C {home}/imapd.conf\" listen=\"127.0.0.1:{port}\" prefork=0
  imaps cmd=\"{home}/usr/lib/cyrus/bin/imapd -C {home}/imapd.conf -s\" listen=\"127.0.0.1:{tls_port}\" prefork=0
}}
EVENTS {{
  checkpoint cmd=\"{home}/usr/lib/cyrus/bin/ctl_cyrusdb -C {home}/imapd.conf -c\" period=60
}}
"
    );
    [settings, services]
}
