//! One connection to an SMTP server: commands out, replies in, each bounded in bytes and time.
//! The commands are lettre's. Its connection is not used, since it would read what somebody in
//! the middle slipped in before the handshake of STARTTLS as if it came after (the server's
//! replies in one buffer, lettre 0.11.23), holds a line of any length in memory, and ends the
//! program on a reply that has a line of spaces.

use super::super::OutboxError;
use super::tls;
use crate::settings::{Secret, Security, Server};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::{Auth, Ehlo, Quit, Starttls};
use lettre::transport::smtp::extension::ClientId;
use native_tls::TlsStream;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// Most bytes of one reply, all its lines together. RFC 5321 section 4.5.3.1.5 has 512 a line.
const LONGEST_REPLY: usize = 64 << 10;

/// A connection that is signed in, if it is to be.
pub(super) struct Connection {
    stream: BufReader<Stream>,
    server: String,
    timeout: Duration,
    offers: Offers,
}

/// What EHLO told.
#[derive(Default)]
struct Offers {
    starttls: bool,
    /// The ways to sign in, upper case.
    auth: Vec<String>,
    /// SIZE, and the limit where there is one (RFC 1870 section 3).
    size: Option<Option<u64>>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Connection {
    /// Connects, protects and signs in.
    pub(super) fn open(server: &Server, password: Option<&Secret>) -> Result<Self, OutboxError> {
        let tcp = connect(server)?;
        for set in [TcpStream::set_read_timeout, TcpStream::set_write_timeout] {
            let timeout = server.io_timeout.max(Duration::from_millis(1));
            set(&tcp, Some(timeout)).map_err(|error| unreachable(&server.name(), &error))?;
        }
        let stream = match server.security {
            Security::Tls => Stream::Tls(Box::new(tls::handshake(server, tcp)?)),
            Security::Starttls | Security::None => Stream::Plain(tcp),
        };
        let mut connection = Connection {
            stream: BufReader::new(stream),
            server: server.name(),
            timeout: server.io_timeout,
            offers: Offers::default(),
        };
        let greeting = connection.reply(connection.timeout)?;
        connection.expect(greeting)?;
        connection.hello()?;
        if server.security == Security::Starttls {
            connection = connection.starttls(server)?;
        }
        if let Some(user) = &server.user {
            connection.sign_in(user, password)?;
        }
        Ok(connection)
    }

    /// Whether the server wants to know the size of a letter first.
    pub(super) fn takes_size(&self) -> bool {
        self.offers.size.is_some()
    }

    /// The most bytes of a letter that the server takes.
    pub(super) fn limit(&self) -> Option<u64> {
        self.offers.size.flatten()
    }

    /// Sends a command and reads the reply, whatever it is.
    pub(super) fn command(&mut self, command: impl fmt::Display) -> Result<Reply, OutboxError> {
        self.write(command.to_string().as_bytes())?;
        self.reply(self.timeout)
    }

    /// Writes a letter behind DATA, without its end: lines that begin with a dot get another one
    /// (RFC 5321 section 4.5.2). The bytes end in CRLF, and none is added.
    pub(super) fn write_letter(&mut self, bytes: &[u8]) -> Result<(), OutboxError> {
        let mut stuffed = Vec::with_capacity(64 << 10);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.first() == Some(&b'.') {
                stuffed.push(b'.');
            }
            stuffed.extend_from_slice(line);
            if stuffed.len() >= 48 << 10 {
                self.write(&stuffed)?;
                stuffed.clear();
            }
        }
        if !bytes.ends_with(b"\r\n") {
            stuffed.extend_from_slice(b"\r\n");
        }
        self.write(&stuffed)
    }

    /// Ends a letter. From here on it may have arrived, whatever goes wrong.
    pub(super) fn end_letter(&mut self, wait: Duration) -> Result<Reply, OutboxError> {
        let reply = self.write(b".\r\n").and_then(|()| self.reply(wait));
        reply.map_err(|error| OutboxError::Unanswered {
            server: self.server.clone(),
            reason: match error {
                OutboxError::Unreachable { reason, .. } => reason,
                other => other.to_string(),
            },
        })
    }

    /// Takes leave, without waiting long for the answer.
    pub(super) fn quit(&mut self) {
        self.timeout = self.timeout.min(Duration::from_secs(2));
        let tcp = self.stream.get_ref().tcp();
        // All that may fail here is politeness.
        let _ = tcp.set_read_timeout(Some(Duration::from_secs(2)));
        let _ = tcp.set_write_timeout(Some(Duration::from_secs(2)));
        let _ = self.command(Quit);
    }

    fn hello(&mut self) -> Result<(), OutboxError> {
        let reply = self.command(Ehlo::new(ClientId::default()))?;
        let reply = self.expect(reply)?;
        self.offers = Offers::read(&reply.lines);
        Ok(())
    }

    fn starttls(mut self, server: &Server) -> Result<Self, OutboxError> {
        let unsupported = |reason: &str| OutboxError::Unsupported {
            server: server.name(),
            reason: reason.to_owned(),
        };
        if !self.offers.starttls {
            return Err(unsupported(
                "does not offer STARTTLS, and nothing is sent in the clear: set security = \"tls\" \
                 with its port, or ask the provider",
            ));
        }
        let reply = self.command(Starttls)?;
        self.expect(reply)?;
        // Whatever is here already came in the clear, from whomever (CVE-2011-0411).
        if !self.stream.buffer().is_empty() {
            return Err(unsupported(
                "sent more than its answer to STARTTLS before the encryption began: somebody may \
                 be listening in; nothing was sent",
            ));
        }
        let stream = match self.stream.into_inner() {
            Stream::Plain(tcp) => Stream::Tls(Box::new(tls::handshake(server, tcp)?)),
            tls => tls,
        };
        self.stream = BufReader::new(stream);
        self.hello()?;
        Ok(self)
    }

    fn sign_in(&mut self, user: &str, password: Option<&Secret>) -> Result<(), OutboxError> {
        let server = self.server.clone();
        let refused = |reason: String| OutboxError::SignIn {
            server: server.clone(),
            user: user.to_owned(),
            reason,
        };
        let password = password.ok_or_else(|| refused("there is no password".into()))?;
        let offered = |name: &str| self.offers.auth.iter().any(|own| own == name);
        let commands: &[(Mechanism, Option<&str>)] = if offered("PLAIN") {
            &[(Mechanism::Plain, None)]
        } else if offered("LOGIN") {
            // The server's prompts are always these two, in this order.
            &[
                (Mechanism::Login, None),
                (Mechanism::Login, Some("Username:")),
                (Mechanism::Login, Some("Password:")),
            ]
        } else {
            let reason = match self.offers.auth.as_slice() {
                [] => "offers no way to sign in: its port or its security may be another".into(),
                others => format!(
                    "offers no way to sign in with a password (PLAIN or LOGIN), but {}",
                    others.join(", ")
                ),
            };
            return Err(OutboxError::Unsupported {
                server: self.server.clone(),
                reason,
            });
        };
        let credentials = Credentials::new(user.to_owned(), password.expose().to_owned());
        for (mechanism, prompt) in commands {
            let prompt = prompt.map(str::to_owned);
            let command = Auth::new(*mechanism, credentials.clone(), prompt)
                .map_err(|error| refused(error.to_string()))?;
            let reply = self.command(command)?;
            match reply.code {
                235 => return Ok(()),
                334 => {}
                _ if reply.is_transient() => {
                    return Err(OutboxError::Refused {
                        server: self.server.clone(),
                        reason: reply.without(password),
                        transient: true,
                    });
                }
                _ => return Err(refused(reply.without(password))),
            }
        }
        Err(refused("the server asked for more than a password".into()))
    }

    fn expect(&self, reply: Reply) -> Result<Reply, OutboxError> {
        match reply.is_ok() {
            true => Ok(reply),
            false => Err(OutboxError::Refused {
                server: self.server.clone(),
                reason: reply.to_string(),
                transient: reply.is_transient(),
            }),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), OutboxError> {
        let stream = self.stream.get_mut();
        let written = stream.write_all(bytes).and_then(|()| stream.flush());
        written.map_err(|error| self.lost(&error))
    }

    /// Reads one reply (RFC 5321 section 4.2.1): lines with the same code, a hyphen behind it in
    /// all but the last.
    fn reply(&mut self, wait: Duration) -> Result<Reply, OutboxError> {
        let tcp = self.stream.get_ref().tcp();
        let timeout = wait.max(Duration::from_millis(1));
        let set = tcp.set_read_timeout(Some(timeout));
        set.map_err(|error| self.lost(&error))?;
        let deadline = Instant::now() + wait;
        let mut room = LONGEST_REPLY;
        let mut reply: Option<Reply> = None;
        loop {
            let line = self.line(&mut room, deadline)?;
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            let garbled = || OutboxError::Unreachable {
                server: self.server.clone(),
                reason: format!("it does not speak SMTP: {}", printable(text)),
            };
            let (code, rest) = text.split_at_checked(3).ok_or_else(garbled)?;
            let code: u16 = match code.bytes().all(|byte| byte.is_ascii_digit()) {
                true => code.parse().map_err(|_| garbled())?,
                false => return Err(garbled()),
            };
            let (more, said) = match rest.as_bytes().first() {
                None => (false, ""),
                Some(b' ') => (false, rest.get(1..).unwrap_or_default()),
                Some(b'-') => (true, rest.get(1..).unwrap_or_default()),
                Some(_) => return Err(garbled()),
            };
            let reply = reply.get_or_insert(Reply {
                code,
                lines: Vec::new(),
            });
            if reply.code != code {
                return Err(garbled());
            }
            reply.lines.push(said.to_owned());
            if !more {
                return Ok(reply.clone());
            }
            if Instant::now() > deadline {
                return Err(self.lost(&io::ErrorKind::TimedOut.into()));
            }
        }
    }

    fn line(&mut self, room: &mut usize, deadline: Instant) -> Result<Vec<u8>, OutboxError> {
        let mut line = Vec::new();
        loop {
            let buffer = match self.stream.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.lost(&error)),
            };
            if buffer.is_empty() {
                return Err(self.lost(&io::ErrorKind::UnexpectedEof.into()));
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            line.extend_from_slice(buffer.get(..used).unwrap_or_default());
            self.stream.consume(used);
            if line.len() > *room {
                return Err(OutboxError::Unreachable {
                    server: self.server.clone(),
                    reason: "its answer has no end".into(),
                });
            }
            if end.is_some() {
                *room -= line.len();
                return Ok(line);
            }
            if Instant::now() > deadline {
                return Err(self.lost(&io::ErrorKind::TimedOut.into()));
            }
        }
    }

    fn lost(&self, error: &io::Error) -> OutboxError {
        let reason = match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                format!("no answer within {} s", self.timeout.as_secs().max(1))
            }
            io::ErrorKind::UnexpectedEof => "the server ended the connection".to_owned(),
            _ => error.to_string(),
        };
        OutboxError::Unreachable {
            server: self.server.clone(),
            reason,
        }
    }
}

/// Connects to the first of the host's addresses that answers; without encryption only to a
/// loopback address.
fn connect(server: &Server) -> Result<TcpStream, OutboxError> {
    let name = server.name();
    let found = (server.host.as_str(), server.port).to_socket_addrs();
    let addresses: Vec<SocketAddr> = found.map_err(|error| unreachable(&name, &error))?.collect();
    let clear = server.security == Security::None;
    if clear && !addresses.iter().all(|address| address.ip().is_loopback()) {
        return Err(OutboxError::Unsupported {
            server: name,
            reason: "without encryption only a loopback address is connected to: set security = \
                     \"tls\" or \"starttls\""
                .into(),
        });
    }
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in addresses {
        let timeout = server.connect_timeout.max(Duration::from_millis(1));
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(unreachable(&name, &last))
}

fn unreachable(server: &str, error: &io::Error) -> OutboxError {
    OutboxError::Unreachable {
        server: server.to_owned(),
        reason: error.to_string(),
    }
}

/// A server's word on one line, without what could steer a terminal.
fn printable(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}') =>
        {
            ' '
        }
        c => c,
    };
    text.chars().take(400).map(plain).collect()
}

impl Offers {
    /// The lines behind the greeting (RFC 5321 section 4.1.1.1).
    fn read(lines: &[String]) -> Offers {
        let mut offers = Offers::default();
        for line in lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            // `AUTH=PLAIN LOGIN` is how old servers write it.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
                Some("SIZE") => {
                    let limit = words.next().and_then(|word| word.parse().ok());
                    // 0 says that there is no fixed limit.
                    offers.size = Some(limit.filter(|limit| *limit > 0));
                }
                _ => {}
            }
        }
        offers
    }
}

impl Reply {
    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// 354: the letter may come.
    pub(super) fn goes_on(&self) -> bool {
        (300..400).contains(&self.code)
    }

    pub(super) fn is_transient(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// The text, should a server repeat the password in it.
    fn without(&self, secret: &Secret) -> String {
        match secret.expose() {
            "" => self.to_string(),
            secret => self.to_string().replace(secret, "…"),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = printable(&self.lines.join(" "));
        write!(f, "{} {}", self.code, said.trim())
    }
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref(),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.read(buffer),
            Stream::Tls(tls) => tls.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.write(bytes),
            Stream::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(tcp) => tcp.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}
