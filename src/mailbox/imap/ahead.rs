//! Reading many messages: commands are sent ahead of their answers, so that the wire never waits
//! for us, within a bound of bytes asked for. Uses `BODY.PEEK` alone, in folders opened by EXAMINE,
//! and hands one message over at a time, as they come in.
//!
//! Of what is read to be judged, large messages come in pieces: their first bytes and what the
//! server says of their structure, then what `mail::excerpt` asks for. Where a server cannot do
//! that, or what it says does not hold, the whole message is fetched.

use super::ImapMailbox;
use super::answer::{self, Fetch};
use super::body::Body;
use super::command::Command;
use super::fetch::CHUNK;
use super::select::Mode;
use super::structure::Structure;
use super::wire::{Next, Wire};
use crate::mail::Place;
use crate::mail::excerpt::{self, Excerpt, Known, Step};
use crate::mailbox::{Entry, Fetched, MailboxError, Part};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::ops::{ControlFlow, Range};

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
/// Most pieces that a message is read in.
const PIECES: usize = 24;

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
        let validity = self.selected.as_ref().map_or(0, |open| open.validity);
        let mut ahead = Ahead::new(folder, validity, part);
        for (uid, entry) in uids.into_iter().zip(wanted) {
            ahead.want(uid, entry.size);
        }
        ahead.run(&mut self.line.lock().wire, each)
    }
}

/// What is asked for of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Headers,
    First(u64),
    Whole,
    /// The first bytes and the structure.
    Head,
    Piece(Range<u64>),
}

impl What {
    /// What a message of this size is expected to bring, in bytes.
    fn cost(&self, size: u64) -> u64 {
        match self {
            What::Headers => size.min(16 << 10),
            What::First(most) => size.min(*most),
            What::Whole => size,
            What::Head => excerpt::FIRST,
            What::Piece(range) => range.end - range.start,
        }
    }

    /// The most that is kept of a message of this size.
    fn most(&self, size: u64) -> u64 {
        match self {
            What::Headers => HEADERS,
            What::First(bytes) => *bytes,
            _ => size.saturating_mul(2).saturating_add(SLACK),
        }
    }

    /// In the words of a FETCH. Of the last piece more is asked for than there should be: a server
    /// that has more gave a wrong size.
    fn words(&self, size: u64) -> String {
        match self {
            What::Headers => "BODY.PEEK[HEADER]".to_owned(),
            What::First(bytes) => format!("BODY.PEEK[]<0.{}>", (*bytes).clamp(1, u32::MAX.into())),
            What::Whole => "BODY.PEEK[]".to_owned(),
            What::Head => format!("BODYSTRUCTURE BODY.PEEK[]<0.{}>", excerpt::FIRST),
            What::Piece(range) => {
                let count = range.end - range.start + u64::from(range.end >= size);
                format!("BODY.PEEK[]<{}.{count}>", range.start)
            }
        }
    }
}

/// A command under way.
struct Asked {
    what: What,
    /// What is still due of it, with the sizes listed.
    due: BTreeMap<u32, u64>,
    /// The length of the command.
    length: usize,
}

/// A message that comes in pieces.
struct Pieces {
    known: Known<'static>,
    structure: Option<Structure>,
    count: usize,
}

impl Pieces {
    fn of(size: u64) -> Pieces {
        Pieces {
            known: Known::nothing(size),
            structure: None,
            count: 0,
        }
    }
}

/// Messages of which the same is wanted: their turn, UID and size.
type Queue = VecDeque<(usize, u32, u64)>;

/// What is read, and how far it is asked for.
struct Ahead<'a> {
    folder: &'a str,
    validity: u32,
    part: Part,
    /// What was not asked for yet.
    rest: Vec<(What, Queue)>,
    turns: usize,
    /// What is asked for next of messages that were begun.
    again: VecDeque<(u32, u64, What)>,
    /// Oldest first, as they will be answered.
    under_way: VecDeque<Asked>,
    /// Bytes that are due, by the sizes listed.
    due: u64,
    begun: HashMap<u32, Pieces>,
    /// Bytes of messages that were begun.
    held: u64,
    /// The longest body that is kept.
    longest: u64,
    /// Whether the caller needs no more.
    enough: bool,
    longer: Option<(u32, u64)>,
    refused: Option<MailboxError>,
}

impl<'a> Ahead<'a> {
    fn new(folder: &'a str, validity: u32, part: Part) -> Self {
        Ahead {
            folder,
            validity,
            part,
            rest: Vec::new(),
            turns: 0,
            again: VecDeque::new(),
            under_way: VecDeque::new(),
            due: 0,
            begun: HashMap::new(),
            held: 0,
            longest: 0,
            enough: false,
            longer: None,
            refused: None,
        }
    }

    /// Wants a message of this size.
    fn want(&mut self, uid: u32, size: u64) {
        let what = match self.part {
            Part::Headers => What::Headers,
            Part::First(bytes) => What::First(bytes),
            Part::Judged(_) if size <= excerpt::WHOLE => What::Whole,
            Part::Judged(_) if size <= excerpt::LARGEST => What::Head,
            Part::Judged(most) => What::First(excerpt::at_most(size, most)),
            Part::Whole => What::Whole,
        };
        self.longest = self.longest.max(what.most(size));
        self.turns += 1;
        let want = (self.turns, uid, size);
        match self.rest.iter_mut().find(|(of, _)| *of == what) {
            Some((_, queue)) => queue.push_back(want),
            None => self.rest.push((what, VecDeque::from([want]))),
        }
    }

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
                false => Body::memory(self.longest),
            };
            match wire.next(&mut body)? {
                Next::Untagged(line) => {
                    let due = self.due;
                    if let Some(fetched) = self.take(&line, &mut body) {
                        self.enough |= each(fetched).is_break();
                    }
                    if self.due < due {
                        wire.progress();
                    }
                }
                Next::Continue => {}
                Next::Done(completion) => {
                    let went_well = completion.is_ok() || completion.has("EXPUNGEISSUED");
                    if !self.end(went_well) {
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
        // What was begun is ended first: it takes room.
        let room = match self.again.is_empty() {
            true => self.due.saturating_add(self.held) < AHEAD,
            false => self.due < AHEAD,
        };
        !self.enough && self.refused.is_none() && room && commands < COMMANDS
    }

    /// Sends the next command; `false` where all was asked for.
    fn ask(&mut self, wire: &mut Wire) -> Result<bool, MailboxError> {
        let (what, due) = match self.again.pop_front() {
            Some((uid, size, what)) => (what, BTreeMap::from([(uid, size)])),
            None => match self.batch() {
                Some(batch) => batch,
                None => return Ok(false),
            },
        };
        let uids: Vec<u32> = due.keys().copied().collect();
        let largest = due.values().copied().max().unwrap_or(0);
        let set = answer::set(&uids);
        let command = format!("UID FETCH {set} (UID {})", what.words(largest));
        let length = command.len();
        wire.send(Command::new(command))?;
        let bytes = due.values().map(|size| what.cost(*size));
        self.due = bytes.fold(self.due, u64::saturating_add);
        self.under_way.push_back(Asked { what, due, length });
        Ok(true)
    }

    /// The next messages of which the same is wanted, as many as make one command.
    fn batch(&mut self) -> Option<(What, BTreeMap<u32, u64>)> {
        let turn = |queue: &Queue| queue.front().map_or(usize::MAX, |(turn, ..)| *turn);
        let next = self.rest.iter_mut().min_by_key(|(_, queue)| turn(queue));
        let (what, queue) = next?;
        let mut bytes = 0u64;
        let fits = |(.., size): &&(usize, u32, u64)| {
            bytes = bytes.saturating_add(what.cost(*size));
            bytes <= BATCH
        };
        let count = queue.iter().take(CHUNK).take_while(fits).count();
        let count = count.max(1).min(queue.len());
        let batch = queue.drain(..count).map(|(_, uid, size)| (uid, size));
        let due: BTreeMap<u32, u64> = batch.collect();
        (!due.is_empty()).then(|| (what.clone(), due))
    }

    /// The oldest command has ended; `false` where that is an error.
    fn end(&mut self, went_well: bool) -> bool {
        let Some(asked) = self.under_way.pop_front() else {
            return true;
        };
        let in_pieces = matches!(asked.what, What::Head | What::Piece(_));
        for (uid, size) in asked.due {
            self.due = self.due.saturating_sub(asked.what.cost(size));
            if let Some(begun) = self.begun.remove(&uid) {
                self.held = self.held.saturating_sub(begun.known.held());
            }
            // It has vanished, unless the server cannot tell its structure or give a part of it.
            if in_pieces {
                self.again.push_back((uid, size, What::Whole));
            }
        }
        went_well || in_pieces
    }

    /// The message that a response makes whole, if it is one that is due.
    fn take(&mut self, line: &[u8], body: &mut Body<'_>) -> Option<Fetched> {
        let mut fetch = Fetch::parse(line)?;
        let uid = fetch.uid?;
        let mut asked = self.under_way.iter_mut();
        let asked = asked.find(|asked| asked.due.contains_key(&uid))?;
        let structure = fetch.structure.take().map(Structure);
        let Some(inline) = fetch.body.take() else {
            // It may come in a response of its own.
            if let (Some(_), What::Head) = (&structure, &asked.what) {
                let listed = asked.due.get(&uid).copied().unwrap_or(0);
                let begun = self.begun.entry(uid);
                begun.or_insert_with(|| Pieces::of(listed)).structure = structure;
            }
            return None;
        };
        let listed = asked.due.remove(&uid)?;
        let what = asked.what.clone();
        self.due = self.due.saturating_sub(what.cost(listed));
        if self.enough {
            return None;
        }
        // What went another way was not the body if that stands here: a structure holds literals
        // of the sender's making.
        let (bytes, size) = match (inline.is_empty(), body.size()) {
            (true, Some(size)) => (body.take(), size),
            _ => {
                let size = inline.len() as u64;
                (inline, size)
            }
        };
        match (what, self.part) {
            (What::Piece(range), Part::Judged(most)) => {
                let is_it = fetch.origin == Some(range.start) && size == range.end - range.start;
                self.piece(uid, listed, most, range.start, is_it.then_some(bytes), None)
            }
            (What::Head, Part::Judged(most)) => {
                let is_it = fetch.origin.is_none_or(|origin| origin == 0) && size == excerpt::FIRST;
                self.piece(uid, listed, most, 0, is_it.then_some(bytes), structure)
            }
            (what @ What::Whole, _) if size > what.most(listed) => {
                self.longer.get_or_insert((uid, size));
                None
            }
            (What::Whole, Part::Judged(most)) => {
                let Excerpt { bytes, left_out } = excerpt::excerpt(bytes, most);
                Some(self.fetched(uid, bytes, left_out))
            }
            (What::Whole, _) => Some(self.fetched(uid, bytes, 0)),
            _ => {
                let left_out = listed.saturating_sub(bytes.len() as u64);
                Some(self.fetched(uid, bytes, left_out))
            }
        }
    }

    fn fetched(&self, uid: u32, bytes: Vec<u8>, left_out: u64) -> Fetched {
        let validity = self.validity;
        Fetched {
            place: Place::Uid { validity, uid },
            bytes,
            left_out,
        }
    }

    /// A piece of a message has come; without bytes it is not the one that was asked for.
    fn piece(
        &mut self,
        uid: u32,
        listed: u64,
        most: u64,
        at: u64,
        bytes: Option<Vec<u8>>,
        structure: Option<Structure>,
    ) -> Option<Fetched> {
        let begun = self.begun.remove(&uid);
        let mut begun = begun.unwrap_or_else(|| Pieces::of(listed));
        self.held = self.held.saturating_sub(begun.known.held());
        begun.structure = structure.or(begun.structure);
        begun.count += 1;
        let step = match bytes {
            Some(bytes) if begun.count <= PIECES => {
                begun.known.add(at, &bytes);
                let hint = |path: &[usize], media_type: &str| {
                    begun.structure.as_ref()?.size(path, media_type)
                };
                excerpt::next(&begun.known, most, &hint)
            }
            _ => Step::Whole,
        };
        match step {
            Step::Need(range) => {
                self.held += begun.known.held();
                self.begun.insert(uid, begun);
                self.again.push_back((uid, listed, What::Piece(range)));
                None
            }
            Step::Done(Excerpt { bytes, left_out }) => Some(self.fetched(uid, bytes, left_out)),
            Step::Whole => {
                self.again.push_back((uid, listed, What::Whole));
                None
            }
        }
    }
}
