//! From a host's name to an encrypted wire: look the name up, connect, encrypt, greet. An account
//! that asks for encryption never goes on without it. Sends no credential.

use super::command::{Command, Completion, Status};
use super::socket::{Socket, Stream};
use super::tls;
use super::wire::Wire;
use crate::mailbox::{MailboxError, Stop};
use crate::settings::account::{Security, Server};
use std::borrow::Cow;
use std::collections::HashSet;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The longest time-out.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a wait looks up, to see whether a stop was asked for.
const SLICE: Duration = Duration::from_millis(100);

/// A step on the way into a mailbox, told when it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The host's name has these addresses.
    Resolved(Vec<SocketAddr>),
    /// A server listens at this address.
    Connected(SocketAddr),
    /// The connection is encrypted, and the server is who it should be.
    Encrypted,
    /// The connection is in the clear, to this computer itself.
    InTheClear,
    /// The user and the password were accepted, by this mechanism.
    SignedIn(&'static str),
    /// There are this many folders.
    Listed(usize),
}

/// The address that answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target(SocketAddr);

impl Target {
    /// This address.
    #[cfg(test)]
    pub(super) fn new(address: SocketAddr) -> Self {
        Target(address)
    }
}

/// What a server says it can do (RFC 3501 section 7.2.1).
#[derive(Debug, Clone, Default)]
pub(super) struct Capabilities(HashSet<String>);

impl Capabilities {
    /// Whether this one is among them.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// What an untagged CAPABILITY says, if this is one that makes sense.
    pub(super) fn told(line: &[u8]) -> Option<Self> {
        let words = line.strip_prefix(b"* ")?;
        let (word, words) = words.split_at_checked(11)?;
        let is_it = word.eq_ignore_ascii_case(b"CAPABILITY ");
        is_it.then(|| Capabilities::plausible(&String::from_utf8_lossy(words)))?
    }

    /// What the code of a greeting or of a sign-in's end says (RFC 3501 section 7.1).
    pub(super) fn in_code(told: &Completion) -> Option<Self> {
        Capabilities::plausible(told.arguments("CAPABILITY")?)
    }

    /// A list without the protocol's own name is no list: the server is better asked.
    fn plausible(words: &str) -> Option<Self> {
        let mut all = Capabilities::default();
        all.add(words);
        (all.has("IMAP4REV1") || all.has("IMAP4REV2")).then_some(all)
    }

    fn add(&mut self, words: &str) {
        let words = words.to_ascii_uppercase();
        let words = words.split_ascii_whitespace().take(1000).map(str::to_owned);
        self.0.extend(words);
    }

    /// Asks the server.
    pub(super) fn ask(wire: &mut Wire) -> Result<Self, MailboxError> {
        let mut all = Capabilities::default();
        let completion = wire.run(Command::new("CAPABILITY"), &mut |line| {
            let line = String::from_utf8_lossy(line).to_ascii_uppercase();
            if let Some(words) = line.strip_prefix("* CAPABILITY ") {
                all.add(words);
            }
        })?;
        match completion.is_ok() {
            true => Ok(all),
            false => Err(wire.lost(&format!(
                "it does not say what it can do: {}",
                completion.text
            ))),
        }
    }
}

/// The host as TLS and the resolver take it: an IPv6 address without its brackets, a name in other
/// letters as its A-labels (RFC 5890, UTS #46).
pub(super) fn host(server: &Server) -> Cow<'_, str> {
    let host = server.host.trim_start_matches('[').trim_end_matches(']');
    if host.is_ascii() {
        return Cow::Borrowed(host);
    }
    match url::Host::parse(host) {
        Ok(url::Host::Domain(name)) => Cow::Owned(name),
        // Nothing has such a name: it is not found, and said so.
        _ => Cow::Borrowed(host),
    }
}

/// Connects, encrypts as the account asks, and reads the greeting.
pub(super) fn open(
    server: &Server,
    stop: &Stop,
    watch: &mut dyn FnMut(Step),
) -> Result<(Wire, Capabilities), MailboxError> {
    // Sums of time-outs must not overflow, whatever the settings say.
    let server = &Server {
        connect_timeout: server.connect_timeout.min(LONGEST),
        io_timeout: server.io_timeout.min(LONGEST),
        ..server.clone()
    };
    let addresses = resolve(server, stop)?;
    watch(Step::Resolved(addresses.clone()));
    let (socket, target) = reach(server, &addresses, stop)?;
    watch(Step::Connected(target.0));
    let (mut wire, told) = match server.security {
        Security::Tls => {
            let mut wire = encrypted(socket, server, &target)?;
            watch(Step::Encrypted);
            let told = greet(&mut wire, server)?;
            (wire, told)
        }
        Security::Starttls => {
            let socket = starttls(socket, server)?;
            let wire = encrypted(socket, server, &target)?;
            watch(Step::Encrypted);
            // What was said in the clear is not believed: the server is asked again.
            (wire, None)
        }
        Security::None => {
            watch(Step::InTheClear);
            let mut wire = bare_wire(socket, server);
            let told = greet(&mut wire, server)?;
            (wire, told)
        }
    };
    let capabilities = match told {
        Some(told) => told,
        None => Capabilities::ask(&mut wire)?,
    };
    Ok((wire, capabilities))
}

/// As `open`, over what a fuzzer makes up.
#[cfg(fuzzing)]
pub(super) fn over(
    fed: impl super::socket::Fed + 'static,
    server: &Server,
) -> Result<(Wire, Capabilities), MailboxError> {
    let stream = Stream::Fed(Box::new(fed));
    let mut wire = Wire::new(stream, &server.name(), server.io_timeout, &Stop::default());
    let capabilities = match greet(&mut wire, server)? {
        Some(told) => told,
        None => Capabilities::ask(&mut wire)?,
    };
    Ok((wire, capabilities))
}

/// One more connection to the same address, up to where a handshake begins.
pub(super) fn bare(server: &Server, target: &Target, stop: &Stop) -> Result<Socket, MailboxError> {
    let (socket, _) = reach(server, &[target.0], stop)?;
    match server.security {
        Security::Starttls => starttls(socket, server),
        Security::Tls | Security::None => Ok(socket),
    }
}

fn encrypted(socket: Socket, server: &Server, target: &Target) -> Result<Wire, MailboxError> {
    let stop = socket.stop().clone();
    let stream = Stream::Tls(Box::new(tls::encrypt(socket, server, target)?));
    Ok(Wire::new(stream, &server.name(), server.io_timeout, &stop))
}

fn bare_wire(socket: Socket, server: &Server) -> Wire {
    let stop = socket.stop().clone();
    Wire::new(
        Stream::Plain(socket),
        &server.name(),
        server.io_timeout,
        &stop,
    )
}

/// Does what the system gives no way to cut short on a thread of its own, and waits for it until a
/// stop is asked for or the time is over (`None`); then it is left to end by itself.
fn wait_for<T: Send + 'static>(
    stop: &Stop,
    deadline: Instant,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, MailboxError> {
    let (give, take) = mpsc::channel();
    let made = std::thread::Builder::new()
        .name("connect".to_owned())
        .spawn(move || {
            // Nobody takes it where the wait is over.
            let _ = give.send(work());
        });
    if made.is_err() {
        return Ok(None);
    }
    loop {
        match take.recv_timeout(SLICE) {
            Ok(done) => return Ok(Some(done)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if stop.is_asked() => return Err(MailboxError::Stopped),
            Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn resolve(server: &Server, stop: &Stop) -> Result<Vec<SocketAddr>, MailboxError> {
    let unreachable = |reason: String| MailboxError::Unreachable {
        server: server.name(),
        reason,
    };
    let (name, port) = (host(server).into_owned(), server.port);
    let deadline = Instant::now() + server.connect_timeout;
    let found = wait_for(stop, deadline, move || {
        let found = (name.as_str(), port).to_socket_addrs()?;
        Ok::<_, std::io::Error>(found.collect::<Vec<SocketAddr>>())
    })?;
    let addresses = found.ok_or_else(|| too_slow(server))?.map_err(|error| {
        unreachable(format!(
            "the host's name has no address ({error}): check `server`"
        ))
    })?;
    if addresses.is_empty() {
        return Err(unreachable(
            "the host's name has no address: check `server`".to_owned(),
        ));
    }
    if server.security == Security::None && !addresses.iter().all(|a| a.ip().is_loopback()) {
        return Err(MailboxError::Unsupported {
            server: server.name(),
            reason: "security = \"none\" is for this computer's own addresses only: use \"tls\" or \"starttls\"".to_owned(),
        });
    }
    Ok(addresses)
}

/// Connects to the first address that answers. No address but the last may use up all the time.
fn reach(
    server: &Server,
    addresses: &[SocketAddr],
    stop: &Stop,
) -> Result<(Socket, Target), MailboxError> {
    let deadline = Instant::now() + server.connect_timeout;
    let mut reason = String::new();
    for (index, address) in addresses.iter().copied().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let share = if index + 1 < addresses.len() {
            left / 2
        } else {
            left
        };
        if share.is_zero() {
            break;
        }
        let connected = wait_for(stop, deadline + SLICE, move || {
            TcpStream::connect_timeout(&address, share)
        })?;
        match connected.map(|tcp| tcp.and_then(|tcp| Socket::new(tcp, server.io_timeout, stop))) {
            Some(Ok(socket)) => return Ok((socket, Target(address))),
            Some(Err(error)) if error.kind() != std::io::ErrorKind::TimedOut => {
                reason = format!("{error} ({})", address.ip());
            }
            Some(Err(_)) | None => {}
        }
    }
    if reason.is_empty() {
        return Err(too_slow(server));
    }
    Err(MailboxError::Unreachable {
        server: server.name(),
        reason: format!("{reason}: check `server` and `port`, and that the server runs"),
    })
}

fn too_slow(server: &Server) -> MailboxError {
    MailboxError::TimedOut {
        server: server.name(),
        seconds: server.connect_timeout.as_secs().max(1),
    }
}

/// Reads the greeting; returns what the server can do, where it says so. One that says "signed in already" is refused: whose mailbox it would be is
/// not known, and with STARTTLS it is a known trick to avoid encryption (CVE-2020-12398).
fn greet(wire: &mut Wire, server: &Server) -> Result<Option<Capabilities>, MailboxError> {
    let line = wire.greeting()?;
    let refuse = |reason: String| MailboxError::Unsupported {
        server: server.name(),
        reason,
    };
    match Completion::parse(&line) {
        Some(told) if told.is_ok() => Ok(Capabilities::in_code(&told)),
        Some(Completion {
            status: Status::PreAuth,
            ..
        }) => Err(refuse(
            "it says that somebody is signed in already, before encryption or a password: refused"
                .to_owned(),
        )),
        _ => Err(refuse(format!(
            "it does not greet as IMAP does ({}): check `port`",
            super::command::printable(&line)
        ))),
    }
}

/// Greets in the clear and asks for encryption; what comes back is ready for the handshake.
fn starttls(socket: Socket, server: &Server) -> Result<Socket, MailboxError> {
    let mut wire = bare_wire(socket, server);
    let told = greet(&mut wire, server)?;
    let refuse = |reason: String| MailboxError::Unsupported {
        server: server.name(),
        reason,
    };
    // Whoever could lie here could as well refuse encryption: nothing but an end comes of it.
    let offers = told.is_some_and(|told| told.has("STARTTLS"))
        || Capabilities::ask(&mut wire)?.has("STARTTLS");
    if !offers {
        return Err(refuse(
            "it does not offer STARTTLS, and this account never goes on in the clear: use security = \"tls\"".to_owned(),
        ));
    }
    let completion = wire.run(Command::new("STARTTLS"), &mut |_| {})?;
    if !completion.is_ok() {
        return Err(refuse(format!(
            "it refuses STARTTLS ({}), and this account never goes on in the clear: use security = \"tls\"",
            completion.text
        )));
    }
    wire.into_socket()
}
