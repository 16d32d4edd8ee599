//! Reading: what is in a folder, and a single message into a sink. Many messages are `ahead`'s.
//! Uses `BODY.PEEK` alone, in folders opened by EXAMINE; holds no message.

use super::ImapMailbox;
use super::answer::{self, Fetch};
use super::body::Body;
use super::command::Command;
use super::select::Mode;
use super::wire::Next;
use crate::mail::{Flags, Place};
use crate::mailbox::{Entry, MailboxError};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Most messages in one command, so that its line stays within what servers accept (RFC 7162
/// section 4: 8,192 bytes).
pub(super) const CHUNK: usize = 400;
/// Most messages that a search by Message-ID may find.
const FOUND: usize = 1000;
/// Most messages that a folder may list.
const MESSAGES: usize = 3_000_000;

/// What a folder lists of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) flags: Option<Flags>,
    pub(super) date: Option<Timestamp>,
    pub(super) size: Option<u64>,
}

impl Attributes {
    /// Takes in what one more response says.
    pub(super) fn add(&mut self, fetch: Fetch) {
        self.flags = fetch.flags.or(self.flags.take());
        self.date = fetch.date.or(self.date);
        self.size = fetch.size.or(self.size);
    }
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

    /// UIDs in the open folder whose Message-ID holds this; none where the server cannot search.
    pub(super) fn search(&mut self, id: &str) -> Result<Vec<u32>, MailboxError> {
        // RFC 6855 section 3 forbids naming a charset once UTF-8 is agreed on.
        let words = match id.is_ascii() || self.utf8 {
            true => "UID SEARCH HEADER Message-ID",
            false => "UID SEARCH CHARSET UTF-8 HEADER Message-ID",
        };
        let mut uids: Vec<u32> = Vec::new();
        let completion = self.run(Command::new(words).string(id.as_bytes()), &mut |line| {
            let found = answer::found(line).unwrap_or_default();
            uids.extend(found.into_iter().take(FOUND.saturating_sub(uids.len())));
        })?;
        if !completion.is_ok() {
            log::warn!(
                "the server cannot search by Message-ID: {}",
                completion.text
            );
        }
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Flags, dates and sizes of these messages in the open folder; those that are not there are
    /// left out. What was not told of is asked for once more: some servers leave answers out, and
    /// what is there must not be taken for gone.
    pub(super) fn attributes(
        &mut self,
        folder: &str,
        set: &str,
    ) -> Result<BTreeMap<u32, Attributes>, MailboxError> {
        let mut all = self.attributes_told(folder, set)?;
        let asked = answer::uids(set, CHUNK).unwrap_or_default();
        let missing = asked.into_iter().filter(|uid| !all.contains_key(uid));
        let missing: Vec<u32> = missing.collect();
        if !missing.is_empty() {
            all.extend(self.attributes_told(folder, &answer::set(&missing))?);
        }
        Ok(all)
    }

    /// As `attributes`, asked for once: of messages that are likely gone.
    pub(super) fn attributes_told(
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
                Next::Done(completion)
                    if completion.is_ok()
                        && wire.is_garbled()
                        && answer::uids(set, CHUNK)
                            .is_some_and(|uids| uids.iter().any(|uid| !all.contains_key(uid))) =>
                {
                    // What is missing may be there all the same: nobody must take it for gone.
                    return Err(wire.lost("what it lists cannot be read"));
                }
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
            all.entry(uid).or_default().add(fetch);
            if all.len() > known {
                wire.progress();
            }
        }
    }

    /// Streams one message; returns whether it was there. Where nothing came it is asked for once
    /// more, as attributes are.
    pub(super) fn stream(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        Ok(self.stream_told(folder, place, sink)? || self.stream_told(folder, place, sink)?)
    }

    fn stream_told(
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
        if came.is_none() && (body.size().is_some() || wire.is_garbled()) {
            // It may be there all the same: nobody must take it for gone.
            return Err(wire.lost("what it sent where a message was due cannot be read"));
        }
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
