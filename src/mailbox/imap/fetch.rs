//! Reading: what is in a folder, and the messages themselves, one at a time as they come in.
//! Uses `BODY.PEEK` alone, in folders opened by EXAMINE; holds one message at most.

use super::ImapMailbox;
use super::answer::{self, Fetch};
use super::body::Body;
use super::command::Command;
use super::select::Mode;
use super::wire::Next;
use crate::mail::{Flags, Place};
use crate::mailbox::{Entry, Fetched, MailboxError, Part};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::ops::ControlFlow;

/// Most messages in one command, so that its line stays within what servers accept (RFC 7162
/// section 4: 8,192 bytes).
pub(super) const CHUNK: usize = 400;
/// Most bytes that one command asks for, by the sizes listed: what is read in vain when the
/// caller has enough.
const BATCH: u64 = 8 << 20;
/// Most messages that a folder may list.
const MESSAGES: usize = 3_000_000;
/// The longest header section that is kept.
const HEADERS: u64 = 16 << 20;
/// How much longer than listed a message may be, beside twice: RFC822.SIZE is a guess with some
/// servers (Exchange).
const SLACK: u64 = 1 << 20;

/// What a folder lists of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) flags: Option<Flags>,
    pub(super) date: Option<Timestamp>,
    pub(super) size: Option<u64>,
}

impl ImapMailbox {
    /// What is in a folder, by UID.
    pub(super) fn entries(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError> {
        let selected = self.select(folder, Mode::Read)?;
        if selected.exists == 0 {
            return Ok(Vec::new()); // `1:*` in an empty folder is an error with some servers
        }
        let all = self.attributes(folder, "1:*")?;
        Ok(entries(all, selected.validity))
    }

    /// How these messages stand now, by UID; those that are gone are left out.
    pub(super) fn entries_at(
        &mut self,
        folder: &str,
        places: &[Place],
    ) -> Result<Vec<Entry>, MailboxError> {
        // Anew: in a folder that stays open, what others expunged may still be shown.
        self.select(folder, Mode::Read)?;
        let uids = self.select_for(folder, Mode::Read, places.iter())?;
        let Some(Place::Uid { validity, .. }) = places.first() else {
            return Ok(Vec::new());
        };
        let mut found = BTreeMap::new();
        for chunk in uids.chunks(CHUNK) {
            found.extend(self.attributes(folder, &answer::set(chunk))?);
        }
        let asked: BTreeSet<u32> = uids.into_iter().collect();
        found.retain(|uid, _| asked.contains(uid)); // servers tell of others unasked
        Ok(entries(found, *validity))
    }

    /// Flags, dates and sizes of these messages in the open folder; those that are not there are
    /// left out.
    pub(super) fn attributes(
        &mut self,
        folder: &str,
        set: &str,
    ) -> Result<BTreeMap<u32, Attributes>, MailboxError> {
        let mut all: BTreeMap<u32, Attributes> = BTreeMap::new();
        let shared = &mut *self.line.lock();
        let wire = &mut shared.wire;
        wire.send(Command::new(format!(
            "UID FETCH {set} (UID FLAGS INTERNALDATE RFC822.SIZE)"
        )))?;
        loop {
            let line = match wire.next(&mut Body::nowhere())? {
                Next::Untagged(line) => line,
                Next::Continue => continue,
                Next::Done(completion) if completion.is_ok() => return Ok(all),
                Next::Done(completion) if completion.has("EXPUNGEISSUED") => return Ok(all),
                Next::Done(completion) => return Err(completion.refusal(folder)),
            };
            let Some(fetch) = Fetch::parse(&line) else {
                continue;
            };
            let Some(uid) = fetch.uid else { continue };
            if all.len() >= MESSAGES {
                return Err(wire.lost("it lists messages without end"));
            }
            let known = all.len();
            let attributes = all.entry(uid).or_default();
            attributes.flags = fetch.flags.or(attributes.flags.take());
            attributes.date = fetch.date.or(attributes.date);
            attributes.size = fetch.size.or(attributes.size);
            if all.len() > known {
                wire.progress();
            }
        }
    }

    /// Hands the wanted messages over as they come, until `each` breaks.
    pub(super) fn fetch_all(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        let mut rest = wanted;
        let mut longer = None;
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch(rest, part));
            rest = later;
            let places = batch.iter().map(|entry| &entry.place);
            let uids = self.select_for(folder, Mode::Read, places)?;
            let largest = batch.iter().map(|entry| entry.size).max().unwrap_or(0);
            match self.fetch_batch(folder, &uids, largest, part, &mut longer, each)? {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(()) => return Ok(()),
            }
        }
        match longer {
            None => Ok(()),
            Some((uid, size)) => Err(MailboxError::Refused {
                folder: folder.to_owned(),
                reason: format!(
                    "message {uid} has {size} bytes, much more than the server lists: it was passed over and stays where it is"
                ),
            }),
        }
    }

    fn fetch_batch(
        &mut self,
        folder: &str,
        uids: &[u32],
        largest: u64,
        part: Part,
        longer: &mut Option<(u32, u64)>,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, MailboxError> {
        let validity = self.selected.as_ref().map_or(0, |open| open.validity);
        let (what, most) = match part {
            Part::Headers => ("BODY.PEEK[HEADER]".to_owned(), HEADERS),
            Part::First(bytes) => (
                format!("BODY.PEEK[]<0.{}>", bytes.clamp(1, u32::MAX.into())),
                bytes,
            ),
            Part::Judged(_) | Part::Whole => (
                "BODY.PEEK[]".to_owned(),
                largest.saturating_mul(2).saturating_add(SLACK),
            ),
        };
        let mut due: BTreeSet<u32> = uids.iter().copied().collect();
        let mut flow = ControlFlow::Continue(());
        let shared = &mut *self.line.lock();
        let wire = &mut shared.wire;
        let set = answer::set(uids);
        wire.send(Command::new(format!("UID FETCH {set} (UID {what})")))?;
        loop {
            let mut body = Body::memory(most);
            let line = match wire.next(&mut body)? {
                Next::Untagged(line) => line,
                Next::Continue => continue,
                Next::Done(completion) if completion.is_ok() => return Ok(flow),
                Next::Done(completion) if completion.has("EXPUNGEISSUED") => return Ok(flow),
                Next::Done(completion) => return Err(completion.refusal(folder)),
            };
            let Some(Fetch {
                uid: Some(uid),
                body: Some(quoted),
                ..
            }) = Fetch::parse(&line)
            else {
                continue;
            };
            if !due.remove(&uid) || flow.is_break() {
                continue;
            }
            if body.size().is_none() {
                body.begin(quoted.len() as u64);
                body.accept(&quoted);
            }
            let size = body.size().unwrap_or(0);
            if matches!(part, Part::Judged(_) | Part::Whole) && size > most {
                *longer = longer.or(Some((uid, size)));
                continue;
            }
            let place = Place::Uid { validity, uid };
            flow = each(Fetched {
                place,
                bytes: body.take(),
                left_out: 0,
            });
            wire.progress();
        }
    }

    /// Streams one message; returns whether it was there.
    pub(super) fn stream(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        let uids = self.select_for(folder, Mode::Read, std::iter::once(place))?;
        let wanted = uids.first().copied();
        let set = answer::set(&uids);
        let mut body = Body::sink(sink);
        let mut came = None;
        let shared = &mut *self.line.lock();
        let wire = &mut shared.wire;
        wire.send(Command::new(format!("UID FETCH {set} (UID BODY.PEEK[])")))?;
        let completion = loop {
            let line = match wire.next(&mut body)? {
                Next::Untagged(line) => line,
                Next::Continue => continue,
                Next::Done(completion) => break completion,
            };
            if let Some(Fetch {
                uid,
                body: Some(quoted),
                ..
            }) = Fetch::parse(&line)
                && came.is_none()
            {
                if body.size().is_none() {
                    body.begin(quoted.len() as u64);
                    body.accept(&quoted);
                }
                came = Some(uid);
            }
        };
        if let Some(source) = body.failure() {
            return Err(MailboxError::File {
                path: format!("the copy of {place} in `{folder}`"),
                source,
            });
        }
        match came {
            Some(uid) if uid == wanted => Ok(true),
            Some(_) => Err(MailboxError::Refused {
                folder: folder.to_owned(),
                reason: format!("it sent another message than {place}"),
            }),
            None if completion.is_ok() || completion.has("EXPUNGEISSUED") => Ok(false),
            None => Err(completion.refusal(folder)),
        }
    }
}

/// As entries, oldest first. A message whose flags are not told is left out, since it could be one
/// that its owner flagged; one whose size is not told was not asked for.
pub(super) fn entries(all: BTreeMap<u32, Attributes>, validity: u32) -> Vec<Entry> {
    let entry = |(uid, attributes): (u32, Attributes)| {
        Some(Entry {
            place: Place::Uid { validity, uid },
            size: attributes.size?,
            flags: attributes.flags?,
            date: attributes.date,
        })
    };
    all.into_iter().filter_map(entry).collect()
}

/// How many of these make one command: at least one.
fn batch(wanted: &[Entry], part: Part) -> usize {
    let mut bytes = 0u64;
    let fits = |entry: &&Entry| {
        bytes = bytes.saturating_add(match part {
            Part::Headers => entry.size.min(16 << 10),
            Part::First(most) => entry.size.min(most),
            Part::Judged(_) | Part::Whole => entry.size,
        });
        bytes <= BATCH
    };
    let count = wanted.iter().take(CHUNK).take_while(fits).count();
    count.max(1).min(wanted.len())
}
