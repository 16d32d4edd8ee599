//! The one reader of the wire: splits what the server sends into responses, caps them, holds the
//! deadlines, hears a stop and a server that asks to wait, inflates where that was agreed on, and
//! streams message bodies to where they go. Every command, ours or the `imap` crate's, is sent and
//! answered here, so nobody else can start in the middle of a line.
//! Must not interpret a response beyond its kind; never panics, hangs or grows without bound.

use super::body::Body;
use super::command::{Command, Completion, Status, UnderWay, printable};
use super::deflate::Deflate;
use super::literal::{Literal, STRUCTURE, is_structure};
use super::socket::{Socket, Stream};
use super::throttle::{self, Doing, Plea};
use crate::mailbox::{MailboxError, Stop};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

/// Longest line, in bytes: a SEARCH or COPYUID may name tens of thousands of messages in one.
const LINE: usize = 1 << 20;
/// Longest response with the literals in it that are not bodies.
const RESPONSE: usize = 2 << 20;
/// Most bytes of responses to one command, bodies aside, between two that were of use.
const USELESS: u64 = 16 << 20;
/// Most bytes of a message's structure, which its sender can make as long as they like, that are
/// passed over to save the connection.
const PASSED_OVER: u64 = 64 << 20;
/// What a line counts beside its length, so that empty ones are not free.
const LINE_COST: u64 = 64;
/// A read that brought this much of a body or a line is worth another wait.
const STRETCH: u64 = 16 << 10;
/// How many waits a command may take between two responses that were of use: "still here" lines
/// keep a slow server's command alive, but not for ever.
const WAITS: u32 = 10;

/// What came next.
#[derive(Debug)]
pub(super) enum Next {
    /// An untagged response, its literals inline as they came (`{3}\r\nabc`).
    Untagged(Vec<u8>),
    /// The server asks for more of the command.
    Continue,
    /// The oldest command that was under way has ended.
    Done(Completion),
}

/// A connection to an IMAP server.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    deflate: Option<Box<Deflate>>,
    server: String,
    patience: Duration,
    give_up: Instant,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The commands that are under way, in the order in which they were sent.
    under_way: VecDeque<UnderWay>,
    tags: u32,
    rest: VecDeque<Vec<u8>>,
    useless: u64,
    leaving: bool,
    is_signed_in: bool,
    stop: Stop,
    /// Whether a change is being made, of which every command runs to its end.
    holds: bool,
    broken: Option<String>,
    /// Whether something was passed over since the last command was sent.
    garbled: bool,
}

impl Wire {
    /// Reads and writes on this connection; `patience` is the longest wait for a line.
    pub(super) fn new(stream: Stream, server: &str, patience: Duration, stop: &Stop) -> Self {
        Wire {
            stream,
            deflate: None,
            server: server.to_owned(),
            patience,
            give_up: Instant::now() + patience * WAITS,
            buffer: vec![0; 64 << 10],
            start: 0,
            end: 0,
            under_way: VecDeque::new(),
            tags: 0,
            rest: VecDeque::new(),
            useless: 0,
            leaving: false,
            is_signed_in: false,
            stop: stop.clone(),
            holds: false,
            broken: None,
            garbled: false,
        }
    }

    /// Reads the server's greeting: the line without `* `.
    pub(super) fn greeting(&mut self) -> Result<Vec<u8>, MailboxError> {
        match self.next(&mut Body::nowhere())? {
            Next::Untagged(line) => Ok(line.get(2..).unwrap_or_default().to_vec()),
            Next::Continue | Next::Done(_) => Err(self.lost("it does not greet as IMAP does")),
        }
    }

    /// Gives the bare connection back for a TLS handshake. What came before the handshake could
    /// have been put there by anyone, to be taken for the server's word after it (CVE-2011-0411):
    /// it is refused.
    pub(super) fn into_socket(self) -> Result<Socket, MailboxError> {
        let refuse = |reason: &str| MailboxError::Unsupported {
            server: self.server.clone(),
            reason: reason.to_owned(),
        };
        if self.start < self.end {
            return Err(refuse(
                "it sent more after its answer to STARTTLS, before encryption: somebody may be interfering with the connection; nothing was sent. Use security = \"tls\" if the server has it",
            ));
        }
        match self.stream {
            Stream::Plain(socket) => Ok(socket),
            _ => Err(refuse("it is encrypted already")),
        }
    }

    /// From here on what the server says may be logged: before, it could be the password.
    pub(super) fn signed_in(&mut self) {
        self.is_signed_in = true;
    }

    /// From here on both sides compress (RFC 4978): what came behind the answer to COMPRESS too.
    pub(super) fn compress(&mut self) {
        let came = self.buffer.get(self.start..self.end).unwrap_or_default();
        self.deflate = Some(Box::new(Deflate::new(came)));
        (self.start, self.end) = (0, 0);
    }

    /// The connection: where it leads, and what went over it so far.
    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Who it leads to, for messages.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Says good-bye, and waits for no answer: nothing that the server could say matters now.
    pub(super) fn farewell(&mut self, patience: Duration) {
        if self.broken.is_some() {
            return;
        }
        (self.patience, self.leaving) = (self.patience.min(patience), true);
        let _ = self.send(Command::new("LOGOUT"));
        self.stream.close();
        self.broken = Some("it was left".to_owned());
    }

    /// Whether a change is being made from here on: then a stop cuts nothing short, not even what
    /// is read to see how the change went.
    pub(super) fn hold(&mut self, holds: bool) {
        self.holds = holds;
    }

    /// Whether what is under way may be cut short.
    fn heeds(&self) -> bool {
        !self.holds && !self.leaving && {
            let mut under_way = self.under_way.iter();
            under_way.all(|command| command.doing != Doing::Changing)
        }
    }

    /// Whether something came since the last command was sent that is no response at all.
    pub(super) fn is_garbled(&self) -> bool {
        self.garbled
    }

    /// Sends a command of ours; its answers come from `next`. Several may be under way at once, as
    /// long as none but the last has a literal in it and none makes another's answers ambiguous
    /// (RFC 3501 section 5.5): their ends come in the order in which they were sent.
    pub(super) fn send(&mut self, command: Command) -> Result<(), MailboxError> {
        self.garbled = false;
        self.tags = self.tags.wrapping_add(1);
        let tag = format!("w{}", self.tags).into_bytes();
        self.rest = command.into_pieces();
        self.progress();
        let words = self.rest.pop_front().unwrap_or_default();
        let mut first = tag.clone();
        first.push(b' ');
        first.extend_from_slice(&words);
        if self.under_way.is_empty() {
            self.stream.count_round_trip();
        }
        let doing = Doing::of(&words);
        self.under_way.push_back(UnderWay { tag, doing });
        self.write(&first)
    }

    /// Sends what the `imap` crate wrote: a command with its own tag, or more of one.
    pub(super) fn send_foreign(&mut self, bytes: &[u8], tag: &[u8]) -> Result<(), MailboxError> {
        if self.under_way.front().is_none_or(|open| open.tag != tag) {
            let words = bytes.get(tag.len() + 1..).unwrap_or_default();
            self.under_way = VecDeque::from([UnderWay {
                tag: tag.to_vec(),
                doing: Doing::of(words),
            }]);
            self.rest.clear();
            self.progress();
        }
        self.stream.count_round_trip();
        self.write(bytes)
    }

    /// A command begins, or its last response was of use: it may take as long again.
    pub(super) fn progress(&mut self) {
        self.useless = 0;
        self.give_up = Instant::now() + self.patience * WAITS;
    }

    /// Sends a command and gives each untagged response to `each`, until the command's end.
    pub(super) fn run(
        &mut self,
        command: Command,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<Completion, MailboxError> {
        self.send(command)?;
        self.finish(each)
    }

    /// Gives each untagged response to `each`, until the oldest command under way has ended.
    pub(super) fn finish(
        &mut self,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<Completion, MailboxError> {
        loop {
            match self.next(&mut Body::nowhere())? {
                Next::Untagged(line) => each(&line),
                Next::Continue => {}
                Next::Done(completion) => return Ok(completion),
            }
        }
    }

    /// Waits for what comes next. The body of a FETCH goes to `body`, and `""` stands for it in
    /// the response.
    pub(super) fn next(&mut self, body: &mut Body<'_>) -> Result<Next, MailboxError> {
        loop {
            let text = self.response(body)?;
            self.useless += text.len() as u64 + LINE_COST;
            if self.useless > USELESS {
                return Err(self.lost("it sends without end what was not asked for"));
            }
            if let Some(completion) = self.completion(&text) {
                let ended = self.under_way.pop_front();
                if self.under_way.is_empty() {
                    self.rest.clear();
                }
                let doing = ended.map_or(Doing::Other, |command| command.doing);
                return match throttle::plea(&completion, doing) {
                    Some(plea) => Err(self.asked(plea, &completion)),
                    None => Ok(Next::Done(completion)),
                };
            }
            if text.starts_with(b"+") {
                match self.rest.pop_front() {
                    Some(piece) => {
                        self.stream.count_round_trip();
                        self.write(&piece)?;
                    }
                    None => return Ok(Next::Continue),
                }
            } else if let Some(said) = text.strip_prefix(b"* ") {
                let told = Completion::parse(said);
                if let Some(told) = &told {
                    if told.status == Status::Bye && !self.leaving {
                        if let Some(plea) = throttle::plea(told, Doing::Other) {
                            return Err(self.asked(plea, told));
                        }
                        let reason = format!("it said good-bye: {}", told.text);
                        return Err(self.lost(&reason));
                    }
                    let is_warning = matches!(told.status, Status::No | Status::Bad);
                    if self.is_signed_in && is_warning {
                        log::warn!("{}: the server warns: {}", self.server, told.text);
                    }
                }
                return Ok(Next::Untagged(text));
            } else {
                self.garbled |= !text.is_empty();
                if self.is_signed_in {
                    // An empty line, an answer to a command that nobody gave: of no use to anyone.
                    log::debug!("{}: passed over: {}", self.server, printable(&text));
                }
            }
        }
    }

    /// The end of the oldest command under way, if this line is that.
    fn completion(&self, text: &[u8]) -> Option<Completion> {
        let tag = &self.under_way.front()?.tag;
        let rest = text.strip_prefix(tag.as_slice())?.strip_prefix(b" ")?;
        // A tagged line that is neither OK nor NO counts as BAD: the command is over.
        Some(Completion::parse(rest).unwrap_or_else(|| Completion {
            status: Status::Bad,
            code: None,
            text: printable(rest),
        }))
    }

    /// Reads one whole response.
    fn response(&mut self, body: &mut Body<'_>) -> Result<Vec<u8>, MailboxError> {
        let mut text = Vec::new();
        loop {
            self.line(&mut text)?;
            let Some(literal) = Literal::announced_by(&text) else {
                return Ok(text);
            };
            if body.is_next(text.get(..literal.marker).unwrap_or_default()) {
                text.truncate(literal.marker);
                text.extend_from_slice(b"\"\"");
                if literal.size > body.limit() {
                    let reason = format!("it announces a message of {} bytes", literal.size);
                    return Err(self.lost(&reason));
                }
                body.begin(literal.size);
                self.literal(literal.size, &mut |bytes| body.accept(bytes))?;
            } else {
                let room = RESPONSE.saturating_sub(text.len()) as u64;
                if literal.size > room && literal.size <= PASSED_OVER && is_structure(&text) {
                    text.truncate(literal.marker);
                    text.extend_from_slice(b"\"\"");
                    self.literal(literal.size, &mut |_| {})?;
                    continue;
                }
                if literal.size > room {
                    let reason = format!("it announces {} bytes nobody asked for", literal.size);
                    return Err(self.lost(&reason));
                }
                text.extend_from_slice(b"\r\n");
                self.literal(literal.size, &mut |bytes| text.extend_from_slice(bytes))?;
            }
        }
    }

    /// Appends the next line to `text`, without its end.
    fn line(&mut self, text: &mut Vec<u8>) -> Result<(), MailboxError> {
        let begun = text.len();
        let mut worth = STRETCH as usize;
        let mut passed_over = 0;
        self.renew();
        loop {
            let ready = self.ready()?;
            let (taken, ended) = match ready.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (ready.len(), false),
            };
            text.extend_from_slice(ready.get(..taken).unwrap_or_default());
            self.start += taken;
            if ended {
                text.pop();
                if text.last() == Some(&b'\r') {
                    text.pop();
                }
                return Ok(());
            }
            if text.len() - begun > LINE && passed_over < PASSED_OVER && is_structure(text) {
                // What is left makes no sense, but its end, which may announce a body, is there.
                let middle = begun + STRUCTURE..text.len() - STRUCTURE;
                passed_over += middle.len() as u64;
                text.drain(middle);
                worth = STRETCH as usize;
                self.renew();
            }
            if text.len() - begun > LINE {
                return Err(self.lost("it sends a line without end"));
            }
            if text.len() - begun > worth {
                worth += STRETCH as usize;
                self.renew();
            }
        }
    }

    /// Hands the next `size` bytes over, piece by piece.
    fn literal(&mut self, size: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), MailboxError> {
        let mut left = size;
        let mut worth = 0;
        self.renew();
        while left > 0 {
            let ready = self.ready()?;
            let taken = ready.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            take(ready.get(..taken).unwrap_or_default());
            self.start += taken;
            left -= taken as u64;
            worth += taken as u64;
            if worth >= STRETCH {
                worth = 0;
                self.progress();
                self.renew();
            }
        }
        Ok(())
    }

    /// The bytes that have come and were not taken yet: at least one.
    fn ready(&mut self) -> Result<&[u8], MailboxError> {
        if let Some(reason) = &self.broken {
            return Err(self.lost_before(reason));
        }
        if self.start >= self.end {
            let read = match &mut self.deflate {
                Some(deflate) => deflate.read(&mut self.stream, &mut self.buffer),
                None => self.stream.read(&mut self.buffer),
            };
            match read {
                Ok(0) => return Err(self.lost("it closed the connection")),
                Ok(count) => {
                    self.start = 0;
                    self.end = count;
                }
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), MailboxError> {
        if let Some(reason) = &self.broken {
            return Err(self.lost_before(reason));
        }
        self.renew();
        let written = match &mut self.deflate {
            Some(deflate) => deflate.write(&mut self.stream, bytes),
            None => self.stream.write_all(bytes),
        };
        let written = written.and_then(|()| self.stream.flush());
        written.map_err(|error| self.failed(&error))
    }

    fn renew(&mut self) {
        let deadline = (Instant::now() + self.patience).min(self.give_up);
        self.stream.expect(deadline, self.heeds());
    }

    fn failed(&mut self, error: &io::Error) -> MailboxError {
        if self.heeds() && self.stop.is_asked() {
            self.broken = Some("stopped".to_owned());
            return MailboxError::Stopped;
        }
        if error.kind() == io::ErrorKind::TimedOut {
            self.broken = Some("an answer was overdue".to_owned());
            return MailboxError::TimedOut {
                server: self.server.clone(),
                seconds: self.patience.as_secs().max(1),
            };
        }
        self.lost(&error.to_string())
    }

    /// Gives the connection up: after this no byte of it is trusted.
    pub(super) fn lost(&mut self, reason: &str) -> MailboxError {
        self.broken = Some(reason.to_owned());
        MailboxError::Lost {
            server: self.server.clone(),
            reason: reason.to_owned(),
        }
    }

    /// What a server asks for in place of an answer; the connection is given up with it, so that
    /// the server has one less.
    fn asked(&mut self, plea: Plea, told: &Completion) -> MailboxError {
        match plea {
            Plea::Wait(wait) => {
                self.broken = Some(format!("it asked to wait: {}", told.text));
                MailboxError::Throttled {
                    server: self.server.clone(),
                    reason: told.reason(),
                    wait,
                }
            }
            Plea::ComeAgain => self.lost(&format!(
                "{}; where that does not pass, the user may not open this mailbox",
                told.reason()
            )),
        }
    }

    fn lost_before(&self, reason: &str) -> MailboxError {
        if self.stop.is_asked() {
            return MailboxError::Stopped;
        }
        MailboxError::Lost {
            server: self.server.clone(),
            reason: format!("earlier: {reason}"),
        }
    }
}
