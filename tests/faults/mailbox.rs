//! A mailbox as somebody else sees it, and what may differ between two looks at it: nothing but
//! where hits lie. Every message is compared by its bytes, flags, keywords and date.

use super::letters::{BLOCKED, SWEPT, TARGET};
use super::support::client::{Client, Seen};
use postsweep::mail::Digest;
use postsweep::sample;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Every folder, with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(pub BTreeMap<String, Vec<Seen>>);

/// A message but for its UID, and for `\Deleted`, which says that it is a copy's original.
type Essence = (Vec<u8>, BTreeSet<String>, String);

fn essence(seen: &Seen) -> Essence {
    let mut flags = seen.flags.clone();
    flags.remove("\\Deleted");
    (seen.bytes.clone(), flags, seen.date.clone())
}

fn is_deleted(seen: &Seen) -> bool {
    seen.flags.contains("\\Deleted")
}

/// Whether a message may be moved: judged as spam, and nothing holds it.
fn may_move(folder: &str, seen: &Seen) -> bool {
    let held = ["\\Flagged", "\\Answered", "\\Deleted"];
    SWEPT.contains(&folder)
        && String::from_utf8_lossy(&seen.bytes).contains(BLOCKED)
        && !held.iter().any(|flag| seen.flags.contains(*flag))
}

/// A message as a person would name it.
fn name(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let subject = text.lines().find_map(|line| line.strip_prefix("Subject: "));
    subject.unwrap_or("?").to_owned()
}

impl Mailbox {
    pub fn look(client: &mut Client) -> Mailbox {
        let listed = client.run("LIST \"\" \"*\"");
        let holds = |(line, _): &&(String, Vec<u8>)| !line.to_lowercase().contains("\\noselect");
        let names = listed.iter().filter(holds).filter_map(|(line, _)| {
            let (_, name) = line.rsplit_once(" \"/\" ")?;
            Some(name.trim_matches('"').to_owned())
        });
        let names: Vec<String> = names.collect();
        let folders = names.into_iter().map(|name| {
            let seen = client.look(&name);
            (name, seen)
        });
        Mailbox(folders.collect())
    }

    fn all(&self) -> impl Iterator<Item = (&str, &Seen)> {
        let folders = self.0.iter();
        folders.flat_map(|(name, seen)| seen.iter().map(move |seen| (name.as_str(), seen)))
    }

    /// What is wrong after a sweep that began with `self`. `removes` says whether the server can
    /// remove single messages; `samples` is where samples are kept.
    pub fn after_sweep(&self, after: &Mailbox, removes: bool, samples: &Path) -> Vec<String> {
        let mut wrong = self.folders_and_originals(after, removes);
        let mut went: BTreeMap<Essence, Vec<&str>> = BTreeMap::new();
        for (folder, seen) in after.all().filter(|(_, seen)| !is_deleted(seen)) {
            went.entry(essence(seen)).or_default().push(folder);
        }
        // What is there more than once may lie anywhere among the folders of all of them.
        let mut were: BTreeMap<Essence, Vec<(&str, &Seen)>> = BTreeMap::new();
        for (folder, seen) in self.all().filter(|(_, seen)| !is_deleted(seen)) {
            were.entry(essence(seen)).or_default().push((folder, seen));
        }
        for (essence, was) in &were {
            let is = went.remove(essence).unwrap_or_default();
            let named = name(&essence.0);
            if is.len() != was.len() {
                wrong.push(format!("{named}: {} before, now in {is:?}", was.len()));
            }
            let movable = was.iter().filter(|(folder, seen)| may_move(folder, seen));
            let alike = self.all().filter(|(_, seen)| seen.bytes == essence.0);
            let (movable, is_alone) = (movable.count(), alike.count() == 1);
            let in_target = is.iter().filter(|folder| **folder == TARGET).count();
            if in_target > movable || (is_alone && in_target != movable) {
                wrong.push(format!("{named}: lies in {is:?}"));
            }
            let mut allowed: Vec<&str> = was.iter().map(|(folder, _)| *folder).collect();
            allowed.push(TARGET);
            if is.iter().any(|folder| !allowed.contains(folder)) {
                wrong.push(format!("{named}: lies in {is:?}"));
            }
        }
        for (essence, folders) in went {
            let (named, flags, date) = (name(&essence.0), essence.1, essence.2);
            wrong.push(format!("{named}: {flags:?} of {date}, new in {folders:?}"));
        }
        for (folder, seen) in self.all().filter(|(folder, seen)| !may_move(folder, seen)) {
            if !after.0.get(folder).is_some_and(|now| now.contains(seen)) {
                wrong.push(format!("{}: changed in {folder}", name(&seen.bytes)));
            }
        }
        for seen in after.0.get(TARGET).into_iter().flatten() {
            let path = sample::path(samples, &Digest::of(&seen.bytes));
            if std::fs::read(&path).ok().as_ref() != Some(&seen.bytes) {
                wrong.push(format!("{}: moved, without a sample", name(&seen.bytes)));
            }
        }
        wrong
    }

    /// What is wrong once the sweep that began with `self` was undone.
    pub fn after_undo(&self, after: &Mailbox, removes: bool) -> Vec<String> {
        let mut wrong = self.folders_and_originals(after, removes);
        for (folder, were) in &self.0 {
            let mut were: Vec<Essence> = were.iter().map(essence).collect();
            let now = after.0.get(folder).into_iter().flatten();
            let mut now: Vec<Essence> = now.map(essence).collect();
            were.sort();
            now.sort();
            for lost in were.iter().filter(|was| !now.contains(was)) {
                wrong.push(format!("{}: not back in {folder}", name(&lost.0)));
            }
            if were.len() != now.len() {
                wrong.push(format!(
                    "{folder}: {} before, {} now",
                    were.len(),
                    now.len()
                ));
            }
        }
        let left = after.0.get(TARGET).into_iter().flatten();
        for seen in left.filter(|seen| !is_deleted(seen)) {
            wrong.push(format!("{}: still in {TARGET}", name(&seen.bytes)));
        }
        wrong
    }

    /// Folders that came or went, and flagged originals where there may be none.
    fn folders_and_originals(&self, after: &Mailbox, removes: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        let names = |mailbox: &Mailbox| -> BTreeSet<String> {
            let names = mailbox.0.keys().filter(|name| *name != TARGET);
            names.cloned().collect()
        };
        if names(self) != names(after) {
            wrong.push(format!(
                "folders: {:?}, now {:?}",
                names(self),
                names(after)
            ));
        }
        let were: Vec<&Seen> = self.all().map(|(_, seen)| seen).collect();
        for (folder, seen) in after.all().filter(|(_, seen)| is_deleted(seen)) {
            let was_deleted = were
                .iter()
                .any(|was| is_deleted(was) && was.bytes == seen.bytes);
            let alive = after
                .all()
                .any(|(_, other)| !is_deleted(other) && other.bytes == seen.bytes);
            if !was_deleted && (removes || !alive) {
                wrong.push(format!("{}: \\Deleted in {folder}", name(&seen.bytes)));
            }
        }
        wrong
    }
}
