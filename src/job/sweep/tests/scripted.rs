//! A mailbox in memory, as a server without CONDSTORE is: it counts what it is asked, and fails
//! where a test says so.

use crate::mail::{Flags, Place};
use crate::mailbox::{
    Entry, Fetched, Folder, Mailbox, MailboxError, Mark, Part, Relocated, Relocation, Removed,
    SpecialUse, Survey,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the mailbox holds, and what was asked of it.
#[derive(Default)]
pub(super) struct State {
    pub(super) folders: BTreeMap<String, BTreeMap<u32, (Vec<u8>, Flags)>>,
    pub(super) next: u32,
    /// Whether it gives marks.
    pub(super) marks: bool,
    /// The error after so many messages of a fetch, once or each time.
    pub(super) fails: Option<(usize, Error)>,
    /// A message that cannot be fetched.
    pub(super) broken: Option<u32>,
    pub(super) listed: usize,
    pub(super) looked: usize,
    pub(super) fetched: Vec<u32>,
    pub(super) downloaded: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Error {
    Lost,
    Refused,
}

impl Error {
    fn make(self) -> MailboxError {
        match self {
            Error::Lost => MailboxError::Lost {
                server: "imap.example".into(),
                reason: "cut".into(),
            },
            Error::Refused => MailboxError::Refused {
                folder: "INBOX".into(),
                reason: "no".into(),
            },
        }
    }
}

#[derive(Clone)]
pub(super) struct Scripted {
    pub(super) state: Arc<Mutex<State>>,
}

impl Scripted {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn place(uid: u32) -> Place {
    Place::Uid { validity: 1, uid }
}

pub(super) fn uid(place: &Place) -> u32 {
    match place {
        Place::Uid { uid, .. } => *uid,
        other => panic!("{other}"),
    }
}

fn entry(uid: u32, (bytes, flags): &(Vec<u8>, Flags)) -> Entry {
    Entry {
        place: place(uid),
        size: bytes.len() as u64,
        flags: flags.clone(),
        date: None,
    }
}

impl Mailbox for Scripted {
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        Ok(vec![Folder {
            name: "Sent".into(),
            special: Some(SpecialUse::Sent),
            selectable: true,
        }])
    }

    fn is_same(&mut self, one: &str, other: &str) -> Result<bool, MailboxError> {
        Ok(one == other)
    }

    fn list(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError> {
        let mut state = self.lock();
        state.listed += 1;
        let all = state.folders.entry(folder.to_owned()).or_default();
        Ok(all
            .iter()
            .map(|(uid, message)| entry(*uid, message))
            .collect())
    }

    /// As a server without CONDSTORE: what came is known by its UID, what changed is not told.
    fn survey(&mut self, folder: &str, since: Option<&Mark>) -> Result<Survey, MailboxError> {
        let mut state = self.lock();
        let (next, marks) = (state.next, state.marks);
        let all = state.folders.entry(folder.to_owned()).or_default();
        let mark = Mark(format!("{next}:{}", all.len()));
        let messages = all.len();
        if let Some((old_next, count)) = since.and_then(|since| since.0.split_once(':')) {
            let old_next: u32 = old_next.parse().unwrap();
            let came: Vec<Entry> = all.range(old_next..).map(|(n, m)| entry(*n, m)).collect();
            if messages - came.len() == count.parse::<usize>().unwrap() {
                return Ok(match came.is_empty() {
                    true => Survey::Same { messages },
                    false => Survey::Changed {
                        messages,
                        entries: came,
                        mark,
                    },
                });
            }
        }
        drop(state);
        let entries = self.list(folder)?;
        let mark = marks.then_some(mark);
        Ok(Survey::Whole { entries, mark })
    }

    fn without(&self, mark: &Mark, moved_out: usize) -> Option<Mark> {
        let (next, count) = mark.0.split_once(':')?;
        let count = count.parse::<usize>().ok()?.checked_sub(moved_out)?;
        Some(Mark(format!("{next}:{count}")))
    }

    fn fetch(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        for (count, wanted) in wanted.iter().enumerate() {
            let uid = uid(&wanted.place);
            let mut state = self.lock();
            match state.fails {
                Some((after, error)) if after == count => {
                    if error == Error::Lost {
                        state.fails = None;
                    }
                    return Err(error.make());
                }
                _ => {}
            }
            if state.broken == Some(uid) {
                return Err(Error::Refused.make());
            }
            let Some((bytes, _)) = state.folders[folder].get(&uid) else {
                continue;
            };
            let mut bytes = bytes.clone();
            state.fetched.push(uid);
            drop(state);
            let mut left_out = 0;
            if let Part::Judged(most) = part {
                let most = usize::try_from(most).unwrap();
                left_out = bytes.len().saturating_sub(most) as u64;
                bytes.truncate(most);
            }
            let place = wanted.place.clone();
            let fetched = Fetched {
                place,
                bytes,
                left_out,
            };
            if each(fetched).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn download(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        let mut state = self.lock();
        state.downloaded += 1;
        let message = state.folders[folder].get(&uid(place));
        Ok(message.is_some_and(|(bytes, _)| sink.write_all(bytes).is_ok()))
    }

    fn look(&mut self, folder: &str, places: &[Place]) -> Result<Vec<Entry>, MailboxError> {
        let mut state = self.lock();
        state.looked += 1;
        let all = &state.folders[folder];
        let found = places.iter().map(uid);
        Ok(found
            .filter_map(|uid| all.get(&uid).map(|message| entry(uid, message)))
            .collect())
    }

    fn create(&mut self, folder: &str) -> Result<bool, MailboxError> {
        self.lock().folders.entry(folder.to_owned()).or_default();
        Ok(true)
    }

    fn relocate(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        let mut state = self.lock();
        let mut moved = Vec::new();
        for entry in entries {
            let message = state
                .folders
                .get_mut(from)
                .unwrap()
                .remove(&uid(&entry.place));
            let number = state.next;
            state.next += 1;
            let target = state.folders.get_mut(to).unwrap();
            target.insert(number, message.unwrap());
            moved.push(Relocated {
                from: entry.place.clone(),
                outcome: Relocation::Moved {
                    to: Some(place(number)),
                    notes: Vec::new(),
                },
            });
        }
        Ok(moved)
    }

    fn remove(&mut self, _: &str, _: &[Place]) -> Result<Removed, MailboxError> {
        Ok(Removed::Gone)
    }

    fn set_flags(&mut self, _: &str, _: &Place, _: &Flags) -> Result<(), MailboxError> {
        Ok(())
    }

    fn find(
        &mut self,
        folder: &str,
        _: Option<&str>,
        was: &Place,
    ) -> Result<Vec<Entry>, MailboxError> {
        let _ = was;
        self.list(folder)
    }
}
