//! A private Courier on loopback, from Debian's packages unpacked beside the system (`tests/run`
//! does that). Its paths are compiled in, so that each runs in a root of its own, a temporary
//! folder with the programs, the libraries they need, and the mail.

use super::certs::{self, Certs, Flaw};
use super::dovecot::own_all;
use super::free_port;
use super::real::{self, Real, Setup, USER};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// `secret`, as crypt(3) keeps it.
const PASSWORD: &str = "$1$postswee$TpW3/F7ztM/XPU7o.CnNY.";
/// What Debian's own configuration offers.
const OFFERS: &str =
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE";
const PROGRAMS: [&str; 6] = [
    "usr/bin/imapd",
    "usr/bin/couriertls",
    "usr/bin/maildirmake.courier",
    "usr/sbin/couriertcpd",
    "usr/lib/courier",
    "usr/lib/courier-authlib",
];

pub struct Courier {
    /// The keeper of passwords, and the listeners for STARTTLS and for TLS.
    children: Vec<Child>,
    folder: TempDir,
    certs: Certs,
    port: u16,
    tls_port: u16,
}

impl Courier {
    pub fn with(setup: Setup) -> Courier {
        let unpacked = real::unpacked("courier");
        real::start("courier", |folder| {
            Courier::attempt(&unpacked, folder, setup)
        })
    }

    fn attempt(unpacked: &Path, folder: TempDir, setup: Setup) -> Result<Courier, String> {
        let certs = certs::write(folder.path(), Flaw::None);
        furnish(unpacked, folder.path(), &certs, setup);
        let mut courier = Courier {
            children: Vec::new(),
            folder,
            certs,
            port: free_port(),
            tls_port: free_port(),
        };
        courier.launch(&["/usr/lib/courier/courier-authlib/authdaemond"], &[]);
        let (port, tls_port) = (courier.port.to_string(), courier.tls_port.to_string());
        let listen = |port| {
            [
                "/usr/sbin/couriertcpd",
                "-address=127.0.0.1",
                "-maxprocs=100",
                "-maxperip=100",
                "-nodnslookup",
                "-noidentlookup",
                port,
            ]
        };
        let serve = [
            "/usr/lib/courier/courier/imaplogin",
            "/usr/bin/imapd",
            "Maildir",
        ];
        courier.launch(
            &[&listen(&port)[..], &serve].concat(),
            &[("IMAP_STARTTLS", "YES")],
        );
        let encrypt = ["/usr/bin/couriertls", "-server", "-tcpd"];
        courier.launch(
            &[&listen(&tls_port)[..], &encrypt, &serve].concat(),
            &[("IMAP_TLS", "1")],
        );
        let socket = courier.folder.path().join("run/courier/authdaemon/socket");
        let [_, listener, _] = &mut courier.children[..] else {
            panic!("three were started")
        };
        match real::greets(listener, courier.port) && socket.exists() {
            true => Ok(courier),
            false => Err(courier.log()),
        }
    }

    fn launch(&mut self, words: &[&str], environment: &[(&str, &str)]) {
        let home = self.folder.path();
        let mut log = fs::OpenOptions::new();
        let log = log.create(true).append(true).open(home.join("courier.log"));
        let log = log.unwrap();
        let child = Command::new("chroot")
            .arg(home)
            .args(words)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs(settings())
            .envs(environment.iter().copied())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.children.push(child);
    }
}

impl Real for Courier {
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

    // It says no UIDNEXT as it opens a folder.
    fn marks(&self) -> bool {
        false
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("courier.log")).unwrap_or_default()
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.children.iter_mut().for_each(real::end);
    }
}

fn settings() -> [(&'static str, String); 11] {
    [
        ("IMAP_CAPABILITY", OFFERS.to_owned()),
        ("IMAP_CAPABILITY_TLS", format!("{OFFERS} AUTH=PLAIN")),
        ("IMAP_KEYWORDS", "1".to_owned()),
        ("IMAP_ACL", "1".to_owned()),
        // With locks each SELECT waits five seconds for a watcher of files that is not there.
        ("IMAP_USELOCKS", "0".to_owned()),
        ("IMAP_TLS_REQUIRED", "0".to_owned()),
        ("IMAP_IDLE_TIMEOUT", "60".to_owned()),
        ("IMAP_TRASHFOLDERNAME", "Trash".to_owned()),
        ("COURIERTLS", "/usr/bin/couriertls".to_owned()),
        ("TLS_CERTFILE", "/etc/courier/imapd.pem".to_owned()),
        ("TLS_VERIFYPEER", "NONE".to_owned()),
    ]
}

/// Puts in all that the server finds in its root.
fn furnish(unpacked: &Path, home: &Path, certs: &Certs, setup: Setup) {
    real::copy(unpacked, home, &PROGRAMS);
    for entry in fs::read_dir(unpacked.join("usr/lib")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("libcourier") {
            real::copy(unpacked, home, &[&format!("usr/lib/{name}")]);
        }
    }
    for folder in [
        "etc/courier",
        "run/courier/authdaemon",
        "dev",
        "tmp",
        "home/pat",
    ] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    for path in libraries(home) {
        let to = home.join(path.trim_start_matches('/'));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&path, to).unwrap();
    }
    for (name, minor) in [("null", "3"), ("urandom", "9")] {
        let device = home.join("dev").join(name);
        real::run(
            Command::new("mknod")
                .args(["-m", "666"])
                .arg(device)
                .args(["c", "1", minor]),
        );
    }
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let etc = home.join("etc/courier");
    fs::write(
        etc.join("imapd.pem"),
        read(&certs.key) + &read(&certs.certificate),
    )
    .unwrap();
    fs::write(
        etc.join("authdaemonrc"),
        "authmodulelist=\"authuserdb\"\nauthmodulelistorig=\"authuserdb\"\ndaemons=3\n\
         authdaemonvar=/run/courier/authdaemon\nDEBUG_LOGIN=0\n",
    )
    .unwrap();
    let (uid, gid) = super::dovecot::ids();
    // The user that the encrypting process becomes.
    fs::write(
        home.join("etc/passwd"),
        format!("courier:x:{uid}:{gid}::/:/bin/false\n"),
    )
    .unwrap();
    fs::write(home.join("etc/group"), format!("courier:x:{gid}:\n")).unwrap();
    database(
        home,
        "userdb",
        &format!("{USER}\tuid={uid}|gid={gid}|home=/home/pat|mail=/home/pat/Maildir"),
    );
    database(home, "userdbshadow", &format!("{USER}\timappw={PASSWORD}"));
    let maildir = "/home/pat/Maildir";
    let make = |words: &[&str]| {
        real::run(
            Command::new("chroot")
                .arg(home)
                .arg("/usr/bin/maildirmake.courier")
                .args(words),
        );
    };
    make(&[maildir]);
    make(&["-f", "Junk", maildir]);
    if let Some(most) = setup.most {
        make(&["-q", &format!("{most}C"), maildir]);
    }
    own_all(&home.join("home"));
}

/// The libraries of the system that the programs need.
fn libraries(home: &Path) -> BTreeSet<String> {
    let listed = real::run(
        Command::new("ldd")
            .args(PROGRAMS[..4].iter().map(|program| home.join(program)))
            .arg(home.join("usr/lib/courier/courier-authlib/authdaemond"))
            .arg(home.join("usr/lib/courier/courier/imaplogin"))
            .arg(home.join("usr/lib/courier-authlib/libauthuserdb.so"))
            .env("LD_LIBRARY_PATH", home.join("usr/lib")),
    );
    assert!(
        !listed.contains("not found"),
        "run tests/run once: {listed}"
    );
    let words = listed.split_ascii_whitespace();
    words
        .filter(|word| word.starts_with("/lib") || word.starts_with("/usr/lib"))
        .map(str::to_owned)
        .collect()
}

/// Writes `name`.dat, in the form in which Courier keeps its lists of users.
fn database(home: &Path, name: &str, line: &str) {
    let file = format!("/etc/courier/{name}.dat");
    let mut child = Command::new("chroot")
        .arg(home)
        .args([
            "/usr/lib/courier/courier/makedatprog",
            "-",
            "/tmp/new",
            &file,
        ])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(format!("{line}\n.\n").as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
