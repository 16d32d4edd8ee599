//! One account swept in-process: its settings, and a data folder that is removed at the end.

use postsweep::job::{self, Choices, Control, Event, Plan, Summary};
use postsweep::settings::{Places, Settings};
use std::path::Path;
use tempfile::TempDir;

/// Mail from this domain is blocked, so that it is a hit whatever the rules say.
pub const BLOCKED: &str = "spam.example";

pub struct Account {
    pub folder: TempDir,
    plan: Plan,
}

/// What a run did, and all it told.
#[derive(Debug)]
pub struct Run {
    pub summary: Summary,
    pub events: Vec<Event>,
}

impl Account {
    /// On an IMAP server; `server` holds further lines of the account.
    pub fn new(server: &str) -> Account {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "[[account]]\nname = \"pat\"\nsource = \"imap\"\nuser = \"pat\"\npassword-command = \"echo secret\"\n\
             move-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n{server}\n\
             [senders]\nblocked = [\"*@{BLOCKED}\"]\n"
        );
        let settings = Settings::parse(Path::new("config.toml"), &settings).unwrap();
        let places = Places::within(folder.path());
        let plan = Plan::new(settings, &places, &Choices::default()).unwrap();
        Account { folder, plan }
    }

    /// On a server on loopback, in the clear.
    pub fn at(port: u16, more: &str) -> Account {
        Account::new(&format!(
            "server = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n{more}"
        ))
    }

    pub fn sweep(&self) -> Run {
        self.sweep_watched(&mut |_| {})
    }

    /// Each event is shown to `watch` when it comes.
    pub fn sweep_watched(&self, watch: &mut dyn FnMut(&Event)) -> Run {
        let mut events = Vec::new();
        let summary = job::run(&self.plan, &Control::new(), &mut |event| {
            watch(&event);
            events.push(event);
        });
        Run { summary, events }
    }

    pub fn undo(&self) -> Run {
        let mut events = Vec::new();
        let summary = job::undo(&self.plan, None, &Control::new(), &mut |event| {
            events.push(event)
        });
        Run { summary, events }
    }
}

impl Run {
    /// Every sentence and note that was told, a line each.
    pub fn said(&self) -> String {
        let mut lines = Vec::new();
        for event in &self.events {
            match event {
                Event::Trouble { says, .. }
                | Event::Noticed { says, .. }
                | Event::Settled { says, .. } => lines.push(says.clone()),
                Event::Moved { notes, .. } | Event::Undone { notes, .. } => {
                    lines.extend(notes.iter().cloned());
                }
                _ => {}
            }
        }
        lines.join("\n")
    }
}

/// An ordinary message, a hit where its domain is [`BLOCKED`].
pub fn message(number: usize, domain: &str) -> Vec<u8> {
    format!(
        "From: Sam <sam{number}@{domain}>\r\nTo: Pat <pat@example.net>\r\nSubject: Minutes {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{number}@{domain}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        format!("These are the minutes of meeting {number}.\r\n").repeat(8)
    )
    .into_bytes()
}
