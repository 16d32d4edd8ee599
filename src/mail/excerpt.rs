//! What of a large message is judged: all of it but the middle of large attachments that no check
//! reads. Decided from the bytes alone, whether all of them are at hand or they come from a server
//! piece by piece, so that both give the same excerpt of the same message.
//!
//! Where a part's body begins, our own reader decides. Where a part that is not read ends, a server
//! may say, but only as a hint: the delimiter that must stand there is looked at. Whatever could be
//! understood in two ways (odd headers, boundaries that begin alike, base64 out of line) is left
//! whole, and where a hint does not hold, the whole message is asked for. One thing a server is
//! believed: that it ends a part at the delimiter of one that it lies in (RFC 2046 section 5.1.2),
//! as Dovecot, Cyrus and Courier do, so that none stands in what is left out. Positions are counted
//! with lines that end in CR LF, as mail travels; in a copy that ends them otherwise the same lines
//! are left out.

mod base64;
mod entity;
mod known;
mod line_ends;
mod reach;

pub use known::Known;

use aho_corasick::AhoCorasick;
use base64::Lines;
use entity::Entity;
use line_ends::{bare_line_feeds, move_back, with_line_ends};
use std::borrow::Cow;
use std::ops::Range;

/// Messages up to this many bytes are judged whole.
pub const WHOLE: u64 = 128 << 10;
/// The largest message of which an excerpt is made: 25 MB of attachments, the most that many
/// providers take, as they travel.
pub const LARGEST: u64 = 36 << 20;
/// What is judged of a larger one: its headers, its text, and what its attachments begin with.
pub const BEGINNING: u64 = 1 << 20;
/// What is asked for first of a message, in bytes.
pub const FIRST: u64 = 64 << 10;

/// Less than this is not worth being left out.
const WORTH: u64 = 32 << 10;
/// How far behind the end of a part is looked for what follows it.
const BEHIND: u64 = 4 << 10;
/// The longest beginning of a base64 body in which enough is encoded to see what it is.
const HEAD: usize = 256 << 10;
/// The longest line that delimits parts.
const DELIMITER: usize = 256;
/// Multiparts in multiparts, parts, and parts of which something is left out.
const DEPTH: usize = 10;
const PARTS: usize = 1000;
const HOLES: usize = 100;

/// What is judged of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Its bytes, less what was left out.
    pub bytes: Vec<u8>,
    /// How many bytes were left out.
    pub left_out: u64,
}

/// What to do next for an excerpt.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// These bytes are needed.
    Need(Range<u64>),
    /// All that is needed was at hand.
    Done(Excerpt),
    /// The hints do not hold: the whole message is needed.
    Whole,
}

/// How many bytes the body of a part has, by its path (`[2, 1]`: the first part of the second) and
/// its media type.
pub type Hint<'h> = &'h dyn Fn(&[usize], &str) -> Option<u64>;

/// How many bytes are judged at most of a message of this size, where `most` are of any.
pub fn at_most(size: u64, most: u64) -> u64 {
    match size > LARGEST {
        true => most.min(BEGINNING),
        false => most,
    }
}

/// The excerpt of a whole message, of at most `most` bytes.
pub fn excerpt(whole: Vec<u8>, most: u64) -> Excerpt {
    let total = whole.len() as u64;
    let bare = bare_line_feeds(&whole).count() as u64;
    let most = at_most(total + bare, most);
    let mut holes = Vec::new();
    if (WHOLE + 1..=LARGEST).contains(&(total + bare)) {
        let mut lines = Cow::Borrowed(whole.as_slice());
        if bare > 0 {
            lines = Cow::Owned(with_line_ends(&whole));
        }
        let known = Known::all(&lines);
        let mut walk = Walk::new(&known, most, None);
        let _ = walk.run(); // all is known: it ends where nothing more can be left out
        holes = walk.holes;
        if bare > 0 {
            move_back(&mut holes, &whole);
        }
    }
    let mut kept = Vec::new();
    if holes.is_empty() {
        kept = whole;
        kept.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        kept.shrink_to_fit(); // it is held until it was judged
    } else {
        for piece in around(&holes, total, most) {
            let piece = piece.start as usize..piece.end as usize;
            kept.extend_from_slice(whole.get(piece).unwrap_or_default());
        }
    }
    let left_out = total - kept.len() as u64;
    Excerpt {
        bytes: kept,
        left_out,
    }
}

/// What to do next for the excerpt of a message of which a part is known, beginning with its first
/// bytes. Only for messages longer than [`WHOLE`] and no longer than [`LARGEST`].
pub fn next(known: &Known<'_>, most: u64, hint: Hint<'_>) -> Step {
    let mut walk = Walk::new(known, most, Some(hint));
    match walk.run() {
        Ok(()) | Err(Halt::Keep) => {}
        Err(Halt::Need(range)) => return Step::Need(range),
        Err(Halt::Whole) => return Step::Whole,
    }
    let mut bytes = Vec::new();
    for piece in around(&walk.holes, known.total(), most) {
        if let Some(gap) = known.gap(piece.clone()) {
            return Step::Need(gap);
        }
        let length = (piece.end - piece.start) as usize;
        let run = known.run(piece.start);
        bytes.extend_from_slice(run.get(..length).unwrap_or_default());
    }
    let left_out = known.total() - bytes.len() as u64;
    Step::Done(Excerpt { bytes, left_out })
}

/// What stands around the holes, up to `most` bytes in all.
fn around(holes: &[Range<u64>], total: u64, most: u64) -> Vec<Range<u64>> {
    let starts = holes.iter().map(|hole| hole.end);
    let starts = std::iter::once(0).chain(starts);
    let ends = holes.iter().map(|hole| hole.start);
    let mut left = most;
    let pieces = starts.zip(ends.chain([total])).map(|(start, end)| {
        let length = end.saturating_sub(start).min(left);
        left -= length;
        start..start + length
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// Why the walk through a message ends before its end.
#[derive(Debug)]
enum Halt {
    /// These bytes are needed first.
    Need(Range<u64>),
    /// The rest is kept as it is.
    Keep,
    /// The hints do not hold.
    Whole,
}

/// A multipart that is open.
struct Level {
    boundary: String,
    /// Parts that have begun.
    parts: usize,
}

/// A line that delimits parts.
struct Delimiter {
    level: usize,
    opens: bool,
    /// What follows it.
    after: u64,
}

/// Where the search for the next delimiter begins.
struct Body {
    at: u64,
    /// Where the delimiter must stand.
    end: Option<u64>,
    /// Where it is likely to stand.
    likely: Option<u64>,
}

/// The walk through a message, part by part.
struct Walk<'k> {
    known: &'k Known<'k>,
    most: u64,
    /// `None` where all of the message is known.
    hint: Option<Hint<'k>>,
    levels: Vec<Level>,
    holes: Vec<Range<u64>>,
    parts: usize,
}

impl<'k> Walk<'k> {
    fn new(known: &'k Known<'k>, most: u64, hint: Option<Hint<'k>>) -> Self {
        Walk {
            known,
            most,
            hint,
            levels: Vec::new(),
            holes: Vec::new(),
            parts: 0,
        }
    }

    fn run(&mut self) -> Result<(), Halt> {
        let mut at = 0;
        loop {
            self.parts += 1;
            if self.parts > PARTS {
                return Err(Halt::Keep);
            }
            let (entity, start) = self.entity(at)?;
            let mut body = match &entity.boundary {
                Some(boundary) => self.enter(boundary, start)?,
                None => self.leaf(&entity, start)?,
            };
            loop {
                let Some(delimiter) = self.seek(&body)? else {
                    return Ok(());
                };
                at = delimiter.after;
                if delimiter.opens {
                    self.levels.truncate(delimiter.level + 1);
                    if let Some(level) = self.levels.last_mut() {
                        level.parts += 1;
                    }
                    break;
                }
                self.levels.truncate(delimiter.level);
                body = Body::of(at);
            }
        }
    }

    /// Reads the header section that begins here, and where its body begins.
    fn entity(&self, at: u64) -> Result<(Entity, u64), Halt> {
        self.go_on(at)?;
        let run = self.known.run(at);
        let Some(length) = entity::section(run) else {
            let far = at + run.len() as u64;
            return match run.len() < entity::SECTION {
                true => Err(self.need(far..far + FIRST)),
                false => Err(Halt::Keep),
            };
        };
        let section = run.get(..length).unwrap_or_default();
        let entity = Entity::read(section).ok_or(Halt::Keep)?;
        Ok((entity, at + length as u64))
    }

    /// Opens a multipart.
    fn enter(&mut self, boundary: &str, at: u64) -> Result<Body, Halt> {
        let alike = |level: &Level| {
            level.boundary.starts_with(boundary) || boundary.starts_with(&level.boundary)
        };
        if self.levels.len() >= DEPTH || self.levels.iter().any(alike) {
            return Err(Halt::Keep);
        }
        self.levels.push(Level {
            boundary: boundary.to_owned(),
            parts: 0,
        });
        Ok(Body::of(at))
    }

    /// Looks at the body of a part that has no parts, and leaves out its middle if that is not read.
    fn leaf(&mut self, entity: &Entity, at: u64) -> Result<Body, Halt> {
        let hinted = self.hinted(entity, at);
        let mut body = Body::of(at);
        body.likely = hinted;
        if !entity.is_base64 || reach::is_whole(entity) || self.holes.len() >= HOLES {
            return Ok(body);
        }
        let run = self.known.run(at);
        let (cut, head) = match base64::head(run, reach::HEAD.div_ceil(3) * 4) {
            Lines::Cut(length, head) => (at + length as u64, head),
            Lines::Short if run.len() < HEAD && at + (run.len() as u64) < self.known.total() => {
                let far = at + run.len() as u64;
                return Err(self.need(far..far + FIRST));
            }
            Lines::Short | Lines::Odd => return Ok(body),
        };
        let reach = reach::of(entity, &head);
        let end = match (self.levels.is_empty(), self.hint) {
            (true, _) => self.known.total(),
            (false, Some(_)) => {
                let within = |end: &u64| (cut..self.known.total()).contains(end);
                hinted.filter(within).ok_or(Halt::Whole)?
            }
            (false, None) => match self.first_delimiter(at) {
                Some((start, found)) => {
                    self.delimiter(found)?;
                    start
                }
                None => return Ok(body), // it never ends
            },
        };
        if !self.levels.is_empty() {
            body.end = Some(end);
            body.likely = Some(end);
        }
        if end - at <= reach.whole || end < cut + WORTH {
            return Ok(body);
        }
        if let Some(start) = self.tail(cut, end, &reach)?
            && start >= cut + WORTH
        {
            self.holes.push(cut..start);
            body.at = end;
        }
        Ok(body)
    }

    /// Where the end of a body begins that is read; `None` where all of it is.
    fn tail(&self, cut: u64, end: u64, reach: &reach::Reach) -> Result<Option<u64>, Halt> {
        let mut known = Vec::new();
        let mut room = 0;
        // Its last bytes, then its directory, and what that says.
        for _ in 0..4 {
            let Some(wanted) = reach.end(&known) else {
                return Ok(None);
            };
            if wanted <= known.len() {
                return Ok(Some(end - room));
            }
            // Up to two bytes less come of the last letters.
            let letters = wanted.div_ceil(3) * 4 + 4;
            room = (letters + letters / 32) as u64 + 256;
            known = loop {
                let from = end.saturating_sub(room).max(cut);
                self.have(from..end)?;
                let run = self.known.run(from);
                let run = run.get(..(end - from) as usize).unwrap_or_default();
                match base64::tail(run, from == cut, letters) {
                    Lines::Cut(start, bytes) => {
                        room = end - from - start as u64;
                        break bytes;
                    }
                    Lines::Short if from > cut => room *= 2,
                    Lines::Short | Lines::Odd => return Ok(None),
                }
            };
        }
        Ok(None)
    }

    /// Where a part ends by the hint: behind its body and the line end that belongs to the
    /// delimiter (RFC 2046 section 5.1.1).
    fn hinted(&self, entity: &Entity, at: u64) -> Option<u64> {
        let path: Vec<usize> = self.levels.iter().map(|level| level.parts).collect();
        let size = self.hint?(&path, &entity.media_type)?;
        at.checked_add(size)?.checked_add(2)
    }

    /// The next line that begins with a delimiter, and what is known from behind the boundary on.
    fn first_delimiter(&self, at: u64) -> Option<(u64, (usize, u64))> {
        let marks = self.levels.iter();
        let marks = marks.map(|level| format!("\n--{}", level.boundary));
        let marks = AhoCorasick::new(marks).ok()?;
        // A line that begins here has its line feed before.
        let from = at.saturating_sub(1);
        let found = marks.find(self.known.run(from))?;
        let level = found.pattern().as_usize();
        let start = from + found.start() as u64 + 1;
        Some((start, (level, from + found.end() as u64)))
    }

    /// The next delimiter; `None` where the message ends first.
    fn seek(&self, body: &Body) -> Result<Option<Delimiter>, Halt> {
        if self.levels.is_empty() {
            return Ok(None);
        }
        // Where something was left out, what ends it is looked at, however much is kept.
        if body.end.is_none() {
            self.go_on(body.at)?;
        }
        if body.end == Some(body.at) {
            self.have(body.at.saturating_sub(1)..body.at + DELIMITER as u64)?;
        }
        let Some((start, found)) = self.first_delimiter(body.at) else {
            let run = self.known.run(body.at.saturating_sub(1)).len() as u64;
            let far = body.at.saturating_sub(1) + run;
            let passed = body.end.is_some_and(|end| far > end + DELIMITER as u64);
            if far >= self.known.total() || passed {
                // Where it must stand, it does not.
                return match body.end {
                    Some(_) if self.hint.is_some() => Err(Halt::Whole),
                    _ => Ok(None),
                };
            }
            if body.end.is_none() {
                self.go_on(far)?;
            }
            let ahead = body.likely.map(|likely| likely + BEHIND);
            let ahead = ahead.filter(|ahead| *ahead > far);
            return Err(self.need(far..ahead.unwrap_or(far + run.max(FIRST))));
        };
        if body.end.is_some_and(|end| end != start) {
            return Err(Halt::Whole);
        }
        match (self.delimiter(found), body.end, self.hint) {
            (Err(Halt::Keep), Some(_), Some(_)) => Err(Halt::Whole),
            (read, _, _) => read.map(Some),
        }
    }

    /// Reads the rest of the line behind a boundary.
    fn delimiter(&self, (level, behind): (usize, u64)) -> Result<Delimiter, Halt> {
        self.have(behind..behind + DELIMITER as u64)?;
        let run = self.known.run(behind);
        let line = run.get(..run.len().min(DELIMITER)).unwrap_or_default();
        let (line, after) = match line.iter().position(|byte| *byte == b'\n') {
            Some(length) => (line.get(..length).unwrap_or_default(), length as u64 + 1),
            None if run.len() < DELIMITER => (line, line.len() as u64),
            None => (&b"?"[..], 0),
        };
        let opens = match line.trim_ascii_end() {
            b"" if after > 0 => true,
            b"--" => false,
            // A longer boundary to one reader, this one to another.
            _ => return Err(Halt::Keep),
        };
        Ok(Delimiter {
            level,
            opens,
            after: behind + after,
        })
    }

    /// Ends the walk where what is kept is as long as may be.
    fn go_on(&self, at: u64) -> Result<(), Halt> {
        let left_out: u64 = self.holes.iter().map(|hole| hole.end - hole.start).sum();
        match at.saturating_sub(left_out) < self.most {
            true => Ok(()),
            false => Err(Halt::Keep),
        }
    }

    /// Halts unless a range is known, as far as the message goes.
    fn have(&self, range: Range<u64>) -> Result<(), Halt> {
        match self.known.gap(range) {
            Some(gap) => Err(self.need(gap.start..gap.end + BEHIND)),
            None => Ok(()),
        }
    }

    /// Needs a range, and what follows it if it is little.
    fn need(&self, range: Range<u64>) -> Halt {
        let total = self.known.total();
        let end = match range.end.saturating_add(FIRST) >= total {
            true => total,
            false => range.end,
        };
        match self.known.gap(range.start..end) {
            Some(gap) => Halt::Need(gap),
            None => Halt::Keep,
        }
    }
}

impl Body {
    fn of(at: u64) -> Body {
        Body {
            at,
            end: None,
            likely: None,
        }
    }
}
