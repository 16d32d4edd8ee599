//! Compression of what goes over the wire (RFC 4978): raw deflate (RFC 1951) both ways, each
//! command flushed. Works in fixed buffers, so that little that inflates to much takes time and
//! never memory: how much of it is read is for the wire to bound.

use super::socket::Stream;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::io::{self, Read, Write};

/// Bytes that are read, or written, in one piece.
const PIECE: usize = 64 << 10;

/// The two directions of a compressed connection.
#[derive(Debug)]
pub(super) struct Deflate {
    inflate: Decompress,
    deflate: Compress,
    /// What came and was not inflated yet.
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
}

impl Deflate {
    /// Begins; `came` came already, behind the answer that compression begins with.
    pub(super) fn new(came: &[u8]) -> Self {
        let mut input = came.to_vec();
        let end = input.len();
        input.resize(end.max(PIECE), 0);
        Deflate {
            inflate: Decompress::new(false),
            // Commands are short: a better level would find nothing more in them.
            deflate: Compress::new(Compression::fast(), false),
            input,
            start: 0,
            end,
            output: vec![0; PIECE],
        }
    }

    /// Reads at least one inflated byte into `buffer`; none where the connection ended.
    pub(super) fn read(&mut self, stream: &mut Stream, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            // Tried without input too: the last piece may have held more than there was room for.
            let ready = self.input.get(self.start..self.end).unwrap_or_default();
            let (read, given) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(ready, buffer, FlushDecompress::None)
                .map_err(|error| broken(&error.to_string()))?;
            let taken = (self.inflate.total_in() - read) as usize;
            let given = (self.inflate.total_out() - given) as usize;
            self.start = self.end.min(self.start + taken);
            if given > 0 {
                return Ok(given);
            }
            if status == Status::StreamEnd {
                return Err(broken("the server ended it"));
            }
            if self.start < self.end {
                if taken == 0 {
                    return Err(broken("it does not go on"));
                }
                continue;
            }
            (self.start, self.end) = (0, 0);
            match stream.read(&mut self.input)? {
                0 => return Ok(0),
                came => self.end = came,
            }
        }
    }

    /// Compresses `bytes` and sends them, so that the server has all of them.
    pub(super) fn write(&mut self, stream: &mut Stream, mut bytes: &[u8]) -> io::Result<()> {
        loop {
            let (read, given) = (self.deflate.total_in(), self.deflate.total_out());
            self.deflate
                .compress(bytes, &mut self.output, FlushCompress::Sync)
                .map_err(|error| broken(&error.to_string()))?;
            let taken = (self.deflate.total_in() - read) as usize;
            let given = (self.deflate.total_out() - given) as usize;
            bytes = bytes.get(taken..).unwrap_or_default();
            stream.write_all(self.output.get(..given).unwrap_or_default())?;
            // Room that was left says that the flush is complete.
            if bytes.is_empty() && given < self.output.len() {
                return Ok(());
            }
        }
    }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("compression: {reason}; `compress = false` does without"),
    )
}
