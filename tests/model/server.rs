//! A Dovecot in the hands of another program.

use super::support::client::Client;
use super::support::dovecot::Dovecot;
use super::support::proxy::{Line, Proxy, Way, What, When};
use super::world::{Copy, FOLDERS, World, number};
use std::collections::BTreeSet;

pub struct Server<'a> {
    dovecot: &'a Dovecot,
    client: Client,
}

const FLAGS: [(&str, &str); 3] = [
    ("\\Flagged", "flagged"),
    ("\\Answered", "answered"),
    ("\\Seen", "seen"),
];
const USER: &str = "pat";

fn names(flags: &BTreeSet<&'static str>) -> String {
    let names = FLAGS.iter().filter(|(_, name)| flags.contains(name));
    names.map(|(flag, _)| *flag).collect::<Vec<_>>().join(" ")
}

impl<'a> Server<'a> {
    pub fn new(dovecot: &'a Dovecot) -> Self {
        Server {
            dovecot,
            client: dovecot.client(USER),
        }
    }

    fn account_at(port: u16) -> String {
        format!(
            "source = \"imap\"\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nuser = \"{USER}\"\n\
             password-command = \"echo secret\"\ntimeout = \"5 seconds\""
        )
    }

    pub fn account(&self) -> String {
        Self::account_at(self.dovecot.port)
    }

    fn folders(&mut self) -> Vec<String> {
        let listed = self.client.run("LIST \"\" \"*\"");
        let names = listed.iter().filter_map(|(line, _)| {
            let (_, name) = line.rsplit_once(" \"/\" ")?;
            Some(name.trim_matches('"').to_owned())
        });
        names.collect()
    }

    fn messages(&mut self) -> Vec<(u32, usize, Copy)> {
        let mut all = Vec::new();
        for folder in self.folders() {
            for seen in self.client.look(&folder) {
                let mut flags: BTreeSet<&'static str> = BTreeSet::new();
                for flag in &seen.flags {
                    let known = FLAGS.iter().find(|(name, _)| name == flag);
                    flags.insert(known.unwrap_or_else(|| panic!("{folder}: {flag}")).1);
                }
                let is_noon = seen.date.contains(" 12:00:00 +0000");
                let copy = Copy {
                    folder: folder.clone(),
                    flags,
                    day: match is_noon {
                        true => seen.date.trim()[..2].trim().parse().unwrap(),
                        false => u64::MAX,
                    },
                };
                all.push((seen.uid, number(&seen.bytes), copy));
            }
        }
        all
    }

    /// Opens the folder of one such message; returns its UID.
    fn open(&mut self, number: usize, at: &Copy) -> u32 {
        let mut messages = self.messages().into_iter();
        let found = messages.find(|(_, is, copy)| *is == number && copy == at);
        let uid = found.unwrap().0;
        self.client.run(&format!("SELECT \"{}\"", at.folder));
        uid
    }

    fn expunge(&mut self, uid: u32) {
        self.client
            .run(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"));
        self.client.run(&format!("UID EXPUNGE {uid}"));
    }
}

impl World for Server<'_> {
    fn wipe(&mut self) {
        for folder in self.folders() {
            self.client.run(&format!("SELECT \"{folder}\""));
            self.client.run("UID STORE 1:* +FLAGS.SILENT (\\Deleted)");
            self.client.run("EXPUNGE");
            self.client.run("UNSELECT");
            if folder != "INBOX" {
                self.client.run(&format!("DELETE \"{folder}\""));
            }
        }
        for folder in &FOLDERS[1..3] {
            self.client.run(&format!("CREATE \"{folder}\""));
        }
    }

    fn look(&mut self) -> Vec<(usize, Copy)> {
        let messages = self.messages().into_iter();
        messages.map(|(_, number, copy)| (number, copy)).collect()
    }

    fn arrive(&mut self, bytes: &[u8], at: &Copy) {
        let date = format!("{:02}-Mar-2020 12:00:00 +0000", at.day);
        self.client
            .append(&at.folder, &names(&at.flags), &date, bytes);
    }

    fn move_to(&mut self, number: usize, at: &Copy, folder: &str) {
        if !self.folders().iter().any(|known| known == folder) {
            self.client.run(&format!("CREATE \"{folder}\""));
        }
        let uid = self.open(number, at);
        self.client.run(&format!("UID COPY {uid} \"{folder}\""));
        self.expunge(uid);
    }

    fn remove(&mut self, number: usize, at: &Copy) {
        let uid = self.open(number, at);
        self.expunge(uid);
    }

    fn set_flags(&mut self, number: usize, at: &Copy, flags: &BTreeSet<&'static str>) {
        let uid = self.open(number, at);
        let command = format!("UID STORE {uid} FLAGS.SILENT ({})", names(flags));
        self.client.run(&command);
    }

    fn rename_target(&mut self, name: &str) {
        if self.folders().iter().any(|known| known == FOLDERS[3]) {
            self.client.run("UNSELECT");
            let command = format!("RENAME \"{}\" \"{name}\"", FOLDERS[3]);
            self.client.run(&command);
        }
    }

    fn cut(&mut self, from_client: bool, at: u64) -> Option<(String, Box<dyn std::any::Any>)> {
        let (way, at) = match from_client {
            true => (Way::FromClient, at / 5),
            false => (Way::FromServer, at),
        };
        let line = Line {
            harm: Some((When::Byte(way, at), What::Cut)),
            ..Line::default()
        };
        let proxy = Proxy::start(self.dovecot.port, line);
        Some((Self::account_at(proxy.port), Box::new(proxy)))
    }
}
