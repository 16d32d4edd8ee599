//! A proxy on loopback between the program and an IMAP server, in the clear or encrypted: it makes
//! the way long or slow, and does harm at a chosen byte or command. It reads nothing of what it
//! passes on but where lines end and, where that is the point, where TLS records do. Needs only
//! the standard library, so that a benchmark can include this file by its path.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Chunks under way in one direction: at 64 KiB each, no bound that a test could notice.
const UNDER_WAY: usize = 4096;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    FromClient,
    FromServer,
}

/// When harm is done: once, counted from the proxy's start over all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// When so many bytes went this way.
    Byte(Way, u64),
    /// Before the server gets this command, counted from 0.
    Before(usize),
    /// After the server has carried it out.
    After(usize),
}

/// What harm.
#[derive(Clone)]
pub enum What {
    /// The connection ends, both ways; a new one works.
    Cut,
    /// So it does, and no connection works from then on.
    Gone,
    /// The connection ends behind the TLS record that holds the byte, without a close_notify.
    CutAtRecord,
    /// This way ends; the other goes on.
    HalfClose,
    /// These bytes come in between.
    Garbage(Vec<u8>),
    /// Nothing goes either way any more, and nobody says so.
    Stall,
    /// The program is killed (`SIGKILL`), and its connection ends.
    Kill,
    /// This happens, and the connection goes on.
    Call(Arc<dyn Fn() + Send + Sync>),
}

/// What the proxy is like; by default it is not noticed.
#[derive(Clone, Default)]
pub struct Line {
    /// How long bytes travel, each way. However many are under way: latency, not bandwidth.
    pub delay: Duration,
    /// Whether bytes go one at a time.
    pub drip: bool,
    pub harm: Option<(When, What)>,
}

pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
}

struct State {
    line: Line,
    is_done: AtomicBool,
    /// No connection works any more.
    is_down: AtomicBool,
    /// The proxy goes.
    is_over: AtomicBool,
    went: [AtomicU64; 2],
    connections: AtomicU64,
    turns: AtomicU64,
    commands: Mutex<Vec<String>>,
    sockets: Mutex<Vec<TcpStream>>,
    child: Mutex<Option<Child>>,
}

/// Whether a connection goes on.
#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    End,
}

impl Proxy {
    /// A proxy to a server on loopback.
    pub fn start(server: u16, line: Line) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            line,
            is_done: AtomicBool::new(false),
            is_down: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
            went: [AtomicU64::new(0), AtomicU64::new(0)],
            connections: AtomicU64::new(0),
            turns: AtomicU64::new(0),
            commands: Mutex::default(),
            sockets: Mutex::default(),
            child: Mutex::default(),
        });
        let shared = state.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                if shared.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(client), state) = (client, shared.clone()) else {
                    continue;
                };
                state.connections.fetch_add(1, Ordering::Relaxed);
                if !state.is_down.load(Ordering::Relaxed) {
                    thread::spawn(move || join(client, server, &state));
                }
            }
        });
        Proxy { port, state }
    }

    /// Hands over the program to kill, and waits for its end; `None` where it does not come to one
    /// in time, and is then killed.
    pub fn watch(&self, child: Child, patience: Duration) -> Option<Output> {
        *self.state.child.lock().unwrap() = Some(child);
        let begun = Instant::now();
        let mut in_time = true;
        loop {
            if let Some(child) = self.state.child.lock().unwrap().as_mut()
                && child.try_wait().unwrap().is_some()
            {
                break;
            }
            if in_time && begun.elapsed() > patience {
                in_time = false;
                self.state.kill();
            }
            thread::sleep(Duration::from_millis(3));
        }
        let child = self.state.child.lock().unwrap().take();
        let output = child.unwrap().wait_with_output().unwrap();
        in_time.then_some(output)
    }

    /// Kills the program that it watches.
    pub fn kill(&self) {
        self.state.kill();
    }

    /// Whether the harm was done.
    pub fn is_done(&self) -> bool {
        self.state.is_done.load(Ordering::Relaxed)
    }

    /// How many bytes went this way.
    pub fn went(&self, way: Way) -> u64 {
        self.state.went[way as usize].load(Ordering::Relaxed)
    }

    /// How many connections there were.
    pub fn connections(&self) -> u64 {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// How often the program spoke after the server had: round trips, where it waits for answers.
    pub fn turns(&self) -> u64 {
        self.state.turns.load(Ordering::Relaxed)
    }

    /// The lines from the program that went through, without their tags.
    pub fn commands(&self) -> Vec<String> {
        self.state.commands.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::Relaxed);
        self.state.hang_up();
        let _ = TcpStream::connect(("127.0.0.1", self.port)); // wakes the listener
    }
}

impl State {
    fn hang_up(&self) {
        for socket in self.sockets.lock().unwrap().drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    fn kill(&self) {
        // The program may connect before it is handed over.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if let Some(child) = self.child.lock().unwrap().as_mut() {
                let _ = child.kill();
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn join(client: TcpStream, server: u16, state: &Arc<State>) {
    // A connection takes a round trip to be made.
    thread::sleep(state.line.delay * 2);
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else {
        return;
    };
    let copy = |tcp: &TcpStream| {
        tcp.set_nodelay(true).unwrap();
        tcp.try_clone().unwrap()
    };
    let both = [copy(&client), copy(&server)];
    state.sockets.lock().unwrap().extend(both);
    let stalled = Arc::new(AtomicBool::new(false));
    let is_servers = Arc::new(AtomicBool::new(false));
    for (way, from, to) in [
        (Way::FromClient, &client, &server),
        (Way::FromServer, &server, &client),
    ] {
        let (sender, receiver) = mpsc::sync_channel(UNDER_WAY);
        let from = copy(from);
        let pump = Pump {
            way,
            from: copy(&from),
            to: copy(to),
            state: state.clone(),
            stalled: stalled.clone(),
            is_servers: is_servers.clone(),
            line: Vec::new(),
            records: Records::default(),
        };
        thread::spawn(move || take(from, &sender));
        thread::spawn(move || pump.run(&receiver));
    }
}

/// Reads what comes, and notes when.
fn take(mut from: TcpStream, to: &SyncSender<(Instant, Vec<u8>)>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read) = from.read(&mut buffer) {
        let chunk = (Instant::now(), buffer[..read].to_vec());
        if read == 0 || to.send(chunk).is_err() {
            return;
        }
    }
}

/// One direction of one connection.
struct Pump {
    way: Way,
    from: TcpStream,
    to: TcpStream,
    state: Arc<State>,
    stalled: Arc<AtomicBool>,
    /// Whether the server spoke last.
    is_servers: Arc<AtomicBool>,
    /// The line that has begun.
    line: Vec<u8>,
    records: Records,
}

impl Pump {
    fn run(mut self, chunks: &Receiver<(Instant, Vec<u8>)>) {
        for (came, bytes) in chunks {
            let due = came + self.state.line.delay;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let from_server = self.way == Way::FromServer;
            if self.is_servers.swap(from_server, Ordering::Relaxed) && !from_server {
                self.state.turns.fetch_add(1, Ordering::Relaxed);
            }
            let lines = match self.way {
                Way::FromClient => bytes.split_inclusive(|byte| *byte == b'\n').collect(),
                Way::FromServer => vec![bytes.as_slice()],
            };
            for piece in lines {
                if self.pass(piece).unwrap_or(Then::End) == Then::End {
                    return;
                }
            }
        }
        // The other side's end is passed on, as the network does.
        thread::sleep(self.state.line.delay);
        let _ = self.to.shutdown(Shutdown::Write);
    }

    /// Passes some bytes on, of one line at most where they come from the program.
    fn pass(&mut self, bytes: &[u8]) -> io::Result<Then> {
        let command = match self.way {
            Way::FromClient => self.command(bytes),
            Way::FromServer => None,
        };
        let state = self.state.clone();
        let before = state.went[self.way as usize].fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let (when, what) = match &state.line.harm {
            Some(harm) if !state.is_done.load(Ordering::Relaxed) => harm,
            _ => return self.write(bytes),
        };
        let ends = match what {
            What::CutAtRecord => self.records.ends(bytes),
            _ => Vec::new(),
        };
        let at = match *when {
            When::Byte(way, at) if way == self.way && at <= before + bytes.len() as u64 => {
                let at = usize::try_from(at.saturating_sub(before)).unwrap();
                match what {
                    What::CutAtRecord => ends.into_iter().find(|end| *end >= at),
                    _ => Some(at),
                }
            }
            When::Before(number) if command == Some(number) => Some(0),
            When::After(number) if command == Some(number) => Some(bytes.len()),
            _ => None,
        };
        let Some(at) = at else {
            return self.write(bytes);
        };
        if state.is_done.swap(true, Ordering::Relaxed) {
            return self.write(bytes);
        }
        if self.write(&bytes[..at])? == Then::End {
            return Ok(Then::End);
        }
        if matches!(when, When::After(_)) {
            // The server works on loopback and in memory: this is ample.
            thread::sleep(Duration::from_millis(150));
        }
        match self.harm(what)? {
            Then::GoOn => self.write(&bytes[at..]),
            Then::End => Ok(Then::End),
        }
    }

    /// Notes a line of the program; returns its number once it has ended.
    fn command(&mut self, bytes: &[u8]) -> Option<usize> {
        self.line.extend_from_slice(bytes);
        if !bytes.ends_with(b"\n") {
            return None;
        }
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let command = text.split_once(' ').map_or("", |(_, command)| command);
        let mut commands = self.state.commands.lock().unwrap();
        commands.push(command.trim_end().to_owned());
        Some(commands.len() - 1)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<Then> {
        while self.stalled.load(Ordering::Relaxed) {
            if self.state.is_over.load(Ordering::Relaxed) {
                return Ok(Then::End);
            }
            thread::sleep(Duration::from_millis(20));
        }
        if self.state.line.drip {
            for byte in bytes {
                self.to.write_all(&[*byte])?;
                thread::yield_now();
            }
        } else {
            self.to.write_all(bytes)?;
        }
        Ok(Then::GoOn)
    }

    fn harm(&mut self, what: &What) -> io::Result<Then> {
        match what {
            What::Cut | What::CutAtRecord => self.cut(),
            What::Gone => {
                self.state.is_down.store(true, Ordering::Relaxed);
                self.state.hang_up();
                return Ok(Then::End);
            }
            What::HalfClose => self.to.shutdown(Shutdown::Write)?,
            What::Garbage(bytes) => return self.write(bytes),
            What::Stall => {
                self.stalled.store(true, Ordering::Relaxed);
                return Ok(Then::GoOn);
            }
            What::Kill => {
                self.state.kill();
                self.cut();
            }
            What::Call(call) => {
                call();
                return Ok(Then::GoOn);
            }
        }
        Ok(Then::End)
    }

    fn cut(&self) {
        for socket in [&self.from, &self.to] {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

/// Where TLS records end (RFC 8446 section 5.1: five bytes, the last two of which are a length).
#[derive(Default)]
struct Records {
    header: Vec<u8>,
    left: usize,
}

impl Records {
    /// The offsets in these bytes at which records end.
    fn ends(&mut self, bytes: &[u8]) -> Vec<usize> {
        let mut ends = Vec::new();
        for (index, byte) in bytes.iter().enumerate() {
            if self.left > 0 {
                self.left -= 1;
            } else {
                self.header.push(*byte);
                if self.header.len() < 5 {
                    continue;
                }
                self.left = usize::from(self.header[3]) << 8 | usize::from(self.header[4]);
                self.header.clear();
            }
            if self.left == 0 {
                ends.push(index + 1);
            }
        }
        ends
    }
}
