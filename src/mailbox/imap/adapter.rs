//! What the `imap` crate sees in place of a socket: its commands go out over the wire, and of the
//! answers it gets nothing but the server's requests to go on and the command's own last line,
//! both written anew. No command that is left to it needs more, and so no answer of a server can
//! make it panic, hang or lose count. What the server really said is kept for whoever asked.

use super::body::Body;
use super::command::{Completion, Status};
use super::connect::Capabilities;
use super::wire::{Next, Wire};
use crate::mailbox::MailboxError;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// The wire, and how the crate's last command went.
#[derive(Debug)]
pub(super) struct Shared {
    /// The wire.
    pub(super) wire: Wire,
    /// What the server said unasked that it can do, while the crate's last command ran.
    pub(super) capabilities: Option<Capabilities>,
    outcome: Option<Result<Completion, MailboxError>>,
}

/// A handle on the wire, for us and for the crate; one of them speaks at a time.
#[derive(Debug, Clone)]
pub(super) struct Line(Arc<Mutex<Shared>>);

impl Line {
    /// Shares this wire.
    pub(super) fn new(wire: Wire) -> Self {
        Line(Arc::new(Mutex::new(Shared {
            wire,
            capabilities: None,
            outcome: None,
        })))
    }

    /// Takes it for one exchange.
    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the crate's last command really went.
    pub(super) fn outcome(&self) -> Option<Result<Completion, MailboxError>> {
        self.lock().outcome.take()
    }
}

/// The crate's end of the line.
#[derive(Debug)]
pub(super) struct Adapter {
    line: Line,
    written: Zeroizing<Vec<u8>>,
    tag: Vec<u8>,
    ready: Vec<u8>,
    asked: u32,
    /// Whether a sign-in goes out in one piece (SASL-IR, RFC 4959).
    in_one: bool,
    /// The beginning of a sign-in that waits for its second half.
    held: Vec<u8>,
}

/// Most times that a server may ask for more of one command: no sign-in needs more than two.
const ASKED: u32 = 4;

impl Adapter {
    /// An end of this line; `in_one` where the server takes a sign-in in one piece.
    pub(super) fn new(line: Line, in_one: bool) -> Self {
        Adapter {
            line,
            written: Zeroizing::default(),
            tag: Vec::new(),
            ready: Vec::new(),
            asked: 0,
            in_one,
            held: Vec::new(),
        }
    }

    /// Reads up to the next thing that the crate may know.
    fn wait(&mut self) -> Result<(), MailboxError> {
        let mut shared = self.line.lock();
        loop {
            match shared.wire.next(&mut Body::nowhere())? {
                Next::Untagged(line) => {
                    if let Some(told) = Capabilities::told(&line) {
                        shared.capabilities = Some(told);
                    }
                }
                Next::Continue if self.asked >= ASKED => {
                    return Err(shared
                        .wire
                        .lost("it asks for more of a command without end"));
                }
                Next::Continue => {
                    self.asked += 1;
                    self.ready = b"+ \r\n".to_vec();
                    return Ok(());
                }
                Next::Done(completion) => {
                    self.ready = std::mem::take(&mut self.tag);
                    self.ready.extend_from_slice(match completion.status {
                        Status::Ok => b" OK .\r\n",
                        Status::No => b" NO .\r\n",
                        Status::Bad | Status::Bye | Status::PreAuth => b" BAD .\r\n",
                    });
                    shared.outcome = Some(Ok(completion));
                    return Ok(());
                }
            }
        }
    }

    fn keep(&self, result: Result<(), MailboxError>) -> io::Result<()> {
        result.map_err(|error| {
            let told = io::Error::other(error.to_string());
            self.line.lock().outcome = Some(Err(error));
            told
        })
    }
}

impl Read for Adapter {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() {
            if self.tag.is_empty() {
                return Err(io::Error::other("nothing was asked"));
            }
            let result = self.wait();
            self.keep(result)?;
        }
        let count = self.ready.as_slice().read(buffer)?;
        self.ready.drain(..count);
        Ok(count)
    }
}

impl Write for Adapter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.written.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.written.is_empty() {
            return Ok(());
        }
        let mut written = std::mem::take(&mut self.written);
        if self.tag.is_empty() {
            let tag = written.split(|byte| *byte == b' ').next();
            self.tag = tag.unwrap_or_default().to_vec();
            self.asked = 0;
            let words = written.get(self.tag.len()..).unwrap_or_default();
            if self.in_one && words.starts_with(b" AUTHENTICATE ") {
                // The crate waits to be asked for the rest: it is asked at once, by us.
                self.held = written.strip_suffix(b"\r\n").unwrap_or(&written).to_vec();
                self.ready = b"+ \r\n".to_vec();
                return Ok(());
            }
        } else if !self.held.is_empty() {
            let mut whole = Zeroizing::new(std::mem::take(&mut self.held));
            whole.reserve_exact(written.len() + 1);
            whole.push(b' ');
            whole.extend_from_slice(&written);
            written = whole;
        }
        let result = self.line.lock().wire.send_foreign(&written, &self.tag);
        self.keep(result)
    }
}
