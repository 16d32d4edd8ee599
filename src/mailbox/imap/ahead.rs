//! Reading many messages: commands are sent ahead of their answers, so that the wire never waits
//! for us, within a bound of bytes asked for. Uses `BODY.PEEK` alone, in folders opened by EXAMINE,
//! and hands one message over at a time, as they come in.

use super::ImapMailbox;
use super::answer::{self, Fetch};
use super::body::Body;
use super::command::Command;
use super::fetch::CHUNK;
use super::select::Mode;
use super::wire::{Next, Wire};
use crate::mail::Place;
use crate::mailbox::{Entry, Fetched, MailboxError, Part};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::ops::ControlFlow;

/// Bytes that are asked for ahead, by the sizes listed: what is read in vain when the caller has
/// enough.
const AHEAD: u64 = 8 << 20;
/// Bytes that one command asks for, so that there are several ahead.
const BATCH: u64 = 1 << 20;
/// Bytes of commands under way. A server that cannot send its answers may not read commands
/// either: what we write must fit in between, or both sides wait for ever.
const COMMANDS: usize = 16 << 10;
/// The longest header section that is kept.
const HEADERS: u64 = 16 << 20;
/// How much longer than listed a message may be, beside twice: RFC822.SIZE is a guess with some
/// servers (Exchange).
const SLACK: u64 = 1 << 20;

impl ImapMailbox {
    /// Hands the wanted messages over as they come, until `each` breaks.
    pub(super) fn fetch_all(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let places = wanted.iter().map(|entry| &entry.place);
        let uids = self.select_for(folder, Mode::Read, places)?;
        let sizes = wanted.iter().map(|entry| entry.size);
        let mut ahead = Ahead {
            folder,
            validity: self.selected.as_ref().map_or(0, |open| open.validity),
            part,
            rest: uids.into_iter().zip(sizes).collect(),
            under_way: VecDeque::new(),
            bytes: 0,
            largest: wanted.iter().map(|entry| entry.size).max().unwrap_or(0),
            enough: false,
            longer: None,
            refused: None,
        };
        ahead.run(&mut self.line.lock().wire, each)
    }
}

/// A command under way.
struct Asked {
    /// What is still due of it, with the sizes listed.
    due: BTreeMap<u32, u64>,
    /// The length of the command.
    length: usize,
}

/// What is read, and how far it is asked for.
struct Ahead<'a> {
    folder: &'a str,
    validity: u32,
    part: Part,
    /// What was not asked for yet: UIDs and sizes.
    rest: VecDeque<(u32, u64)>,
    /// Oldest first, as they will be answered.
    under_way: VecDeque<Asked>,
    /// Bytes that are due, by the sizes listed.
    bytes: u64,
    /// The largest size listed.
    largest: u64,
    /// Whether the caller needs no more.
    enough: bool,
    longer: Option<(u32, u64)>,
    refused: Option<MailboxError>,
}

impl Ahead<'_> {
    fn run(
        &mut self,
        wire: &mut Wire,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        loop {
            while self.may_ask() && self.ask(wire)? {}
            if self.under_way.is_empty() {
                break;
            }
            let mut nowhere = io::sink();
            let mut body = match self.enough {
                true => Body::sink(&mut nowhere),
                false => Body::memory(self.most(self.largest)),
            };
            match wire.next(&mut body)? {
                Next::Untagged(line) => {
                    if let Some(fetched) = self.take(&line, &mut body) {
                        self.enough |= each(fetched).is_break();
                        wire.progress();
                    }
                }
                Next::Continue => {}
                Next::Done(completion) => {
                    // What is still due has vanished.
                    let gone = self.under_way.pop_front().into_iter();
                    for size in gone.flat_map(|asked| asked.due.into_values()) {
                        self.bytes = self.bytes.saturating_sub(self.cost(size));
                    }
                    if !completion.is_ok() && !completion.has("EXPUNGEISSUED") {
                        let refusal = completion.refusal(self.folder);
                        self.refused.get_or_insert(refusal);
                    }
                }
            }
        }
        if let Some(refusal) = self.refused.take() {
            return Err(refusal);
        }
        match self.longer {
            Some((uid, size)) if !self.enough => Err(MailboxError::Refused {
                folder: self.folder.to_owned(),
                reason: format!(
                    "message {uid} has {size} bytes, much more than the server lists: it was passed over and stays where it is"
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Whether another command may be sent now.
    fn may_ask(&self) -> bool {
        let commands: usize = self.under_way.iter().map(|asked| asked.length).sum();
        !self.enough && self.refused.is_none() && self.bytes < AHEAD && commands < COMMANDS
    }

    /// Sends the next command; `false` where all was asked for.
    fn ask(&mut self, wire: &mut Wire) -> Result<bool, MailboxError> {
        let mut bytes = 0u64;
        let fits = |(_, size): &&(u32, u64)| {
            bytes = bytes.saturating_add(self.cost(*size));
            bytes <= BATCH
        };
        let count = self.rest.iter().take(CHUNK).take_while(fits).count();
        let count = count.max(1).min(self.rest.len());
        let due: BTreeMap<u32, u64> = self.rest.drain(..count).collect();
        if due.is_empty() {
            return Ok(false);
        }
        let what = match self.part {
            Part::Headers => "BODY.PEEK[HEADER]".to_owned(),
            Part::First(bytes) => format!("BODY.PEEK[]<0.{}>", bytes.clamp(1, u32::MAX.into())),
            Part::Judged(_) | Part::Whole => "BODY.PEEK[]".to_owned(),
        };
        let uids: Vec<u32> = due.keys().copied().collect();
        let command = format!("UID FETCH {} (UID {what})", answer::set(&uids));
        let length = command.len();
        wire.send(Command::new(command))?;
        let bytes = due.values().map(|size| self.cost(*size));
        self.bytes = bytes.fold(self.bytes, u64::saturating_add);
        self.under_way.push_back(Asked { due, length });
        Ok(true)
    }

    /// The message that a response brings, if it is one that is due.
    fn take(&mut self, line: &[u8], body: &mut Body<'_>) -> Option<Fetched> {
        let fetch = Fetch::parse(line)?;
        let (uid, quoted) = (fetch.uid?, fetch.body?);
        let mut asked = self.under_way.iter_mut();
        let listed = asked.find_map(|asked| asked.due.remove(&uid))?;
        self.bytes = self.bytes.saturating_sub(self.cost(listed));
        if self.enough {
            return None;
        }
        if body.size().is_none() {
            body.begin(quoted.len() as u64);
            body.accept(&quoted);
        }
        let size = body.size().unwrap_or(0);
        let is_whole = matches!(self.part, Part::Judged(_) | Part::Whole);
        if is_whole && size > self.most(listed) {
            self.longer.get_or_insert((uid, size));
            return None;
        }
        let bytes = body.take();
        let left_out = match is_whole {
            true => 0,
            false => listed.saturating_sub(bytes.len() as u64),
        };
        let validity = self.validity;
        Some(Fetched {
            place: Place::Uid { validity, uid },
            bytes,
            left_out,
        })
    }

    /// What a message of this size is expected to bring, in bytes.
    fn cost(&self, size: u64) -> u64 {
        match self.part {
            Part::Headers => size.min(16 << 10),
            Part::First(most) => size.min(most),
            Part::Judged(_) | Part::Whole => size,
        }
    }

    /// The most that is kept of a message of this size.
    fn most(&self, size: u64) -> u64 {
        match self.part {
            Part::Headers => HEADERS,
            Part::First(bytes) => bytes,
            Part::Judged(_) | Part::Whole => size.saturating_mul(2).saturating_add(SLACK),
        }
    }
}
