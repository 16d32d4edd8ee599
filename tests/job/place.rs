//! A Maildir with known mail, and settings to sweep it.

use postsweep::job::{self, Choices, Control, Event, Plan, Summary};
use postsweep::settings::{KeyPlace, Places, Settings};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// A mailbox of one account, in a folder that is removed at the end.
pub struct Place {
    pub root: PathBuf,
    _dir: Option<TempDir>,
}

/// What a mailbox holds: folder and unique name to bytes, flags and time.
pub type Contents = BTreeMap<(String, String), (Vec<u8>, String, u64)>;

/// Mail from this domain is blocked, so that it is a hit whatever the rules say.
pub const BLOCKED: &str = "spam.example";

impl Place {
    /// Messages 0 to `count`; each third is a hit.
    pub fn new(count: usize) -> Place {
        let dir = tempfile::tempdir().unwrap();
        let place = Place {
            root: dir.path().to_owned(),
            _dir: Some(dir),
        };
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(place.mail().join(part)).unwrap();
        }
        for number in 0..count {
            let domain = if number % 3 == 0 {
                BLOCKED
            } else {
                "example.org"
            };
            place.add(number, domain, if number % 2 == 0 { "S" } else { "" });
        }
        place
    }

    /// The place in a folder that another process made.
    pub fn at(root: &Path) -> Place {
        Place {
            root: root.to_owned(),
            _dir: None,
        }
    }

    pub fn mail(&self) -> PathBuf {
        self.root.join("mail")
    }

    pub fn add(&self, number: usize, domain: &str, flags: &str) {
        let path = self.mail().join(format!(
            "cur/{}.M{number}.host:2,{flags}",
            1_790_000_000 + number
        ));
        fs::write(&path, message(number, domain)).unwrap();
        let time = UNIX_EPOCH + Duration::from_secs(1_790_000_000 + number as u64);
        fs::File::options()
            .append(true)
            .open(&path)
            .unwrap()
            .set_modified(time)
            .unwrap();
    }

    pub fn settings(&self, extra: &str) -> Settings {
        let text = format!(
            "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {:?}\nfolders = [\"INBOX\"]\n\
             move-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n{extra}\n\
             [submission]\nvendor = \"trend-micro\"\nsend = \"outbox\"\nfrom = \"pat@example.net\"\n\
             [senders]\nblocked = [\"*@{BLOCKED}\"]\n",
            self.mail()
        );
        let mut settings = Settings::parse(Path::new("config.toml"), &text).unwrap();
        // Two or three messages on their way at a time, so that there are gaps to ask something in.
        settings.limits.memory = 2_000;
        // The keyring is not the tests'.
        settings.cache.key = KeyPlace::File;
        settings
    }

    pub fn places(&self) -> Places {
        Places::within(&self.root)
    }

    pub fn plan(&self, choices: &Choices) -> Plan {
        Plan::new(self.settings(""), &self.places(), choices).unwrap()
    }

    pub fn run(&self, choices: &Choices) -> (Summary, Vec<Event>) {
        let mut events = Vec::new();
        let summary = job::run(&self.plan(choices), &Control::new(), &mut |event| {
            events.push(event)
        });
        (summary, events)
    }

    /// A run as the settings say.
    pub fn sweep(&self) -> (Summary, Vec<Event>) {
        self.run(&Choices::default())
    }

    pub fn undo(&self) -> (Summary, Vec<Event>) {
        let mut events = Vec::new();
        let plan = self.plan(&Choices::default());
        let summary = job::undo(&plan, None, &Control::new(), &mut |event| {
            events.push(event)
        });
        (summary, events)
    }

    /// Every message in the mailbox, read without the program.
    pub fn contents(&self) -> Contents {
        let mut contents = Contents::new();
        let folders = fs::read_dir(self.mail())
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let folders = folders.map(|name| name.into_string().unwrap());
        let folders: Vec<String> = folders
            .filter(|name| name.starts_with('.'))
            .chain([String::new()])
            .collect();
        for folder in folders {
            for part in ["cur", "new"] {
                for file in fs::read_dir(self.mail().join(&folder).join(part)).unwrap() {
                    let path = file.unwrap().path();
                    let name = path.file_name().unwrap().to_str().unwrap();
                    let (unique, flags) = name.split_once(":2,").unwrap_or((name, ""));
                    let time = path.metadata().unwrap().modified().unwrap();
                    let time = time.duration_since(UNIX_EPOCH).unwrap().as_secs();
                    let before = contents.insert(
                        (folder.clone(), unique.to_owned()),
                        (fs::read(&path).unwrap(), flags.to_owned(), time),
                    );
                    assert!(before.is_none(), "{unique} lies twice in `{folder}`");
                }
            }
        }
        contents
    }

    /// Unique names in a folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        self.contents()
            .into_keys()
            .filter(|(of, _)| of == folder)
            .map(|(_, name)| name)
            .collect()
    }

    /// The `.eml` files in the outbox.
    pub fn letters(&self) -> Vec<PathBuf> {
        files(&self.root.join("data/outbox"))
    }
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(listing) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// An ordinary message, some 700 bytes long.
pub fn message(number: usize, domain: &str) -> String {
    format!(
        "Received: from mail.{domain} (mail.{domain} [192.0.2.7]) by mx.example.net with ESMTPS;\r\n\
         \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: Sam <sam{number}@{domain}>\r\n\
         To: Pat <pat@example.net>\r\nSubject: Minutes of meeting {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{number}@{domain}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        format!("These are the minutes of meeting {number}.\r\n").repeat(8)
    )
}

/// The folder that hits go to, as a Maildir spells it.
pub const TARGET: &str = ".Missed spam";
