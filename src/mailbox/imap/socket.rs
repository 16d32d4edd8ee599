//! The bytes below the wire: a TCP connection, perhaps within TLS, on which nothing waits beyond
//! one deadline, however slowly the other side drips, nor, where it may be cut short, after a stop
//! was asked for. Knows nothing of IMAP; never opens a connection or chooses its protection by
//! itself.

use crate::mailbox::Stop;
use native_tls::TlsStream;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What went over a connection to a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes that came, as they crossed the wire: encrypted and compressed.
    pub read: u64,
    /// Bytes that were sent, likewise.
    pub written: u64,
    /// How often the server had to be waited for: commands that were sent while none was under
    /// way, and what it had to ask for within one.
    pub round_trips: u64,
}

/// A TCP connection with a deadline for whatever is read or written next. A socket's own
/// time-out starts anew with each byte; this does not.
#[derive(Debug)]
pub(super) struct Socket {
    tcp: TcpStream,
    deadline: Instant,
    stop: Stop,
    /// Whether a stop ends what is under way.
    heeds: bool,
    traffic: Traffic,
}

impl Socket {
    /// Takes a connection over; its deadline is `patience` from now.
    pub(super) fn new(tcp: TcpStream, patience: Duration, stop: &Stop) -> io::Result<Self> {
        let slice = (patience / 4).clamp(Duration::from_millis(10), Duration::from_millis(250));
        tcp.set_read_timeout(Some(slice))?;
        tcp.set_write_timeout(Some(slice))?;
        tcp.set_nodelay(true)?;
        Ok(Socket {
            tcp,
            deadline: Instant::now() + patience,
            stop: stop.clone(),
            heeds: true,
            traffic: Traffic::default(),
        })
    }

    /// Who may ask for an end.
    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Refuses to go on where a stop was asked for and may be heeded. Not by `Interrupted`: that
    /// is tried again without end.
    fn check(&self) -> io::Result<()> {
        match self.heeds && self.stop.is_asked() {
            true => Err(io::Error::other("stopped")),
            false => Ok(()),
        }
    }

    /// Calls until something happens, the deadline is over or a stop is heeded.
    fn persist<T>(
        &mut self,
        mut call: impl FnMut(&mut TcpStream) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            self.check()?;
            match call(&mut self.tcp) {
                Err(error) if is_wait(&error) => {}
                other => return other,
            }
            if Instant::now() >= self.deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }
}

/// Whether nothing happened within one slice of waiting.
fn is_wait(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.deadline {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let read = self.persist(|tcp| tcp.read(buffer))?;
        self.traffic.read += read as u64;
        Ok(read)
    }
}

impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.persist(|tcp| tcp.write(buffer))?;
        self.traffic.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// A connection in the clear or encrypted.
#[derive(Debug)]
pub(super) enum Stream {
    /// In the clear: before STARTTLS, or to a loopback address.
    Plain(Socket),
    /// Encrypted.
    Tls(Box<TlsStream<Socket>>),
    /// What a fuzzer makes up; never in a program that is used.
    #[cfg(fuzzing)]
    Fed(Box<dyn Fed>),
}

/// Both directions of a connection that is none.
#[cfg(fuzzing)]
pub trait Fed: Read + Write + Send + std::fmt::Debug {}

#[cfg(fuzzing)]
impl<T: Read + Write + Send + std::fmt::Debug> Fed for T {}

impl Stream {
    fn socket(&self) -> Option<&Socket> {
        match self {
            Stream::Plain(socket) => Some(socket),
            Stream::Tls(tls) => Some(tls.get_ref()),
            #[cfg(fuzzing)]
            Stream::Fed(_) => None,
        }
    }

    fn socket_mut(&mut self) -> Option<&mut Socket> {
        match self {
            Stream::Plain(socket) => Some(socket),
            Stream::Tls(tls) => Some(tls.get_mut()),
            #[cfg(fuzzing)]
            Stream::Fed(_) => None,
        }
    }

    /// Sets the time by which the next reads and writes must have ended, and whether a stop ends
    /// them before that.
    pub(super) fn expect(&mut self, deadline: Instant, heeds: bool) {
        if let Some(socket) = self.socket_mut() {
            socket.deadline = deadline;
            socket.heeds = heeds;
        }
    }

    /// The server has to be waited for once more.
    pub(super) fn count_round_trip(&mut self) {
        if let Some(socket) = self.socket_mut() {
            socket.traffic.round_trips += 1;
        }
    }

    /// What went over it so far.
    pub(super) fn traffic(&self) -> Traffic {
        self.socket()
            .map(|socket| socket.traffic)
            .unwrap_or_default()
    }

    /// Whether the other end is this computer.
    pub(super) fn is_to_loopback(&self) -> bool {
        let peer = self.socket().and_then(|socket| socket.tcp.peer_addr().ok());
        peer.is_some_and(|address| address.ip().to_canonical().is_loopback())
    }

    /// Says that nothing more is sent, where encryption has a word for it; waits for nothing.
    pub(super) fn close(&mut self) {
        if let Stream::Tls(tls) = self {
            // Only courtesy: the connection ends all the same.
            let _ = tls.shutdown();
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(tls) => tls.read(buffer),
            #[cfg(fuzzing)]
            Stream::Fed(fed) => fed.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.write(buffer),
            Stream::Tls(tls) => tls.write(buffer),
            #[cfg(fuzzing)]
            Stream::Fed(fed) => fed.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(tls) => tls.flush(),
            #[cfg(fuzzing)]
            Stream::Fed(fed) => fed.flush(),
        }
    }
}
