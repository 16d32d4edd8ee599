//! Where a message's bytes go while they come in: into memory up to a bound, or on to a sink.
//! Takes one body a response; never holds more than it was told to.

use std::io::{self, Write};

/// Most bytes that are read and dropped behind what is kept, to save the connection.
const DROPPED: u64 = 64 << 20;
/// The longest message that is streamed to a sink.
const STREAMED: u64 = 2 << 30;

/// Most bytes that are made ready for a body before they have come.
const RESERVED: usize = 1 << 20;

/// Where the body in a FETCH response goes.
pub(super) struct Body<'a> {
    to: To<'a>,
    size: Option<u64>,
}

enum To<'a> {
    Nowhere,
    Memory {
        kept: Vec<u8>,
        most: u64,
    },
    Sink {
        sink: &'a mut dyn Write,
        failed: Option<io::Error>,
    },
}

impl<'a> Body<'a> {
    /// No body is expected.
    pub(super) fn nowhere() -> Self {
        Body::to(To::Nowhere)
    }

    /// The first `most` bytes are kept.
    pub(super) fn memory(most: u64) -> Self {
        Body::to(To::Memory {
            kept: Vec::new(),
            most,
        })
    }

    /// All bytes go to `sink`; when it fails, the rest is read and dropped.
    pub(super) fn sink(sink: &'a mut dyn Write) -> Self {
        Body::to(To::Sink { sink, failed: None })
    }

    fn to(to: To<'a>) -> Self {
        Body { to, size: None }
    }

    /// Whether the literal that follows `text` is the body of a FETCH that goes here.
    pub(super) fn is_next(&self, text: &[u8]) -> bool {
        let is_section = text.ends_with(b"] ") || text.ends_with(b"> ");
        self.size.is_none() && !matches!(self.to, To::Nowhere) && is_section
    }

    /// The longest body that may come, in bytes.
    pub(super) fn limit(&self) -> u64 {
        match self.to {
            To::Nowhere => 0,
            To::Memory { most, .. } => most.saturating_add(DROPPED),
            To::Sink { .. } => STREAMED,
        }
    }

    /// A body of this many bytes begins.
    pub(super) fn begin(&mut self, size: u64) {
        self.size = Some(size);
        if let To::Memory { kept, most } = &mut self.to {
            // At once where it is worth it, and no more than is soon filled: the size is claimed.
            let room = usize::try_from(size.min(*most)).unwrap_or(RESERVED);
            kept.reserve_exact(room.min(RESERVED));
        }
    }

    /// The next bytes of it.
    pub(super) fn accept(&mut self, bytes: &[u8]) {
        match &mut self.to {
            To::Nowhere => {}
            To::Memory { kept, most } => {
                let room = usize::try_from(most.saturating_sub(kept.len() as u64));
                let fits = bytes.len().min(room.unwrap_or(usize::MAX));
                kept.extend_from_slice(bytes.get(..fits).unwrap_or_default());
            }
            To::Sink { sink, failed } => {
                if failed.is_none() {
                    *failed = sink.write_all(bytes).err();
                }
            }
        }
    }

    /// How long the body was, if one came.
    pub(super) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Takes what was kept in memory; a next body may come.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.size = None;
        match &mut self.to {
            To::Memory { kept, .. } => std::mem::take(kept),
            _ => Vec::new(),
        }
    }

    /// Why the sink did not take everything.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        match &mut self.to {
            To::Sink { failed, .. } => failed.take(),
            _ => None,
        }
    }
}
