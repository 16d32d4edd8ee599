//! A server on loopback that says what a test tells it to: an ordinary small mailbox, but for the
//! answers that a case replaces. In a script `TAG` stands for the command's tag.

use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::PasswordFrom;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does when a command comes.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends this.
    Send(Vec<u8>),
    /// Sends this one byte at a time, with this many milliseconds between.
    Drip(Vec<u8>, u64),
    /// Sends this over and over until the client hangs up.
    Endless(Vec<u8>),
    /// As `Endless`, with this many milliseconds between.
    Again(Vec<u8>, u64),
    /// Says nothing more, but keeps the connection.
    Hang,
    /// Hangs up.
    Close,
}

/// A server with some of its answers replaced.
#[derive(Debug, Clone, Default)]
pub struct Script {
    greeting: Option<Vec<Act>>,
    answers: Vec<(String, Vec<Act>)>,
    turns: Vec<(String, Vec<String>)>,
    by_connection: Vec<(String, Vec<String>)>,
    noise: Option<u64>,
}

impl Script {
    /// All answers as usual.
    pub fn new() -> Script {
        Script::default()
    }

    /// Greets with this.
    pub fn greeting(mut self, acts: Vec<Act>) -> Script {
        self.greeting = Some(acts);
        self
    }

    /// Answers commands that begin so in this way.
    pub fn on(mut self, command: &str, acts: Vec<Act>) -> Script {
        self.answers.push((command.to_owned(), acts));
        self
    }

    /// Answers commands that begin so with this text.
    pub fn say(self, command: &str, text: impl AsRef<[u8]>) -> Script {
        self.on(command, vec![Act::Send(text.as_ref().to_vec())])
    }

    /// Answers commands that begin so with this text, whatever was said of them before.
    #[allow(dead_code, reason = "each test program uses its part of the support")]
    pub fn instead(mut self, command: &str, text: impl AsRef<[u8]>) -> Script {
        self.answers.retain(|(begins, _)| begins != command);
        self.say(command, text)
    }

    /// Answers commands that begin so with these texts, one after the other; the last one stays.
    pub fn in_turn(mut self, command: &str, texts: &[&str]) -> Script {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.turns.push((command.to_owned(), texts));
        self
    }

    /// Answers commands that begin so with these texts, one a connection; the last one stays.
    #[allow(dead_code, reason = "each test program uses its part of the support")]
    pub fn by_connection(mut self, command: &str, texts: &[&str]) -> Script {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        self.by_connection.push((command.to_owned(), texts));
        self
    }

    /// Puts this before the usual answer to commands that begin so.
    pub fn before(self, command: &str, text: impl AsRef<[u8]>) -> Script {
        let mut bytes = text.as_ref().to_vec();
        bytes.extend(usual(command));
        self.say(command, bytes)
    }

    /// Damages a quarter of what it sends, by chance that this seed decides.
    pub fn noise(mut self, seed: u64) -> Script {
        self.noise = Some(seed);
        self
    }

    /// Starts it.
    pub fn start(self) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = heard.clone();
        std::thread::spawn(move || {
            // Ends with the test process; each connection ends with its client.
            for (number, tcp) in listener.incoming().flatten().enumerate() {
                let (mut script, told) = (self.clone(), told.clone());
                for (command, texts) in self.by_connection.clone() {
                    let text = texts[number.min(texts.len() - 1)].clone();
                    script.turns.push((command, vec![text]));
                }
                std::thread::spawn(move || {
                    let _ = script.serve(tcp, &told);
                });
            }
        });
        Scripted { port, heard }
    }

    fn serve(&self, tcp: TcpStream, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
        tcp.set_nodelay(true)?;
        let mut out = tcp.try_clone()?;
        let mut lines = BufReader::new(tcp);
        let hello = vec![Act::Send(b"* OK ready\r\n".to_vec())];
        for act in self.greeting.as_ref().unwrap_or(&hello) {
            perform(act, "", &mut out)?;
        }
        let mut turns = self.turns.clone();
        let mut noise = self.noise;
        // The folder that is open, and the one that all was moved out of.
        let (mut open, mut emptied) = (String::new(), None);
        loop {
            let mut line = Vec::new();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            // A literal: asked for and read along.
            while let Some(size) = literal(&line) {
                out.write_all(b"+ go on\r\n")?;
                let mut bytes = vec![0; size];
                lines.read_exact(&mut bytes)?;
                line.extend(bytes);
                lines.read_until(b'\n', &mut line)?;
            }
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            heard.lock().unwrap().push(text.clone());
            let Some((tag, command)) = text.split_once(' ') else {
                continue;
            };
            if command.starts_with("EXAMINE") || command.starts_with("SELECT") {
                open = command
                    .split_once(' ')
                    .map_or("", |(_, name)| name)
                    .to_owned();
            }
            let turn = turns
                .iter_mut()
                .find(|(begins, _)| command.starts_with(begins.as_str()));
            if let Some((_, texts)) = turn {
                let text = match texts.len() {
                    1 => texts[0].clone(),
                    _ => texts.remove(0),
                };
                if command.starts_with("UID MOVE") && text.contains("TAG OK") {
                    emptied = Some(open.clone());
                }
                perform(&Act::Send(text.into_bytes()), tag, &mut out)?;
                continue;
            }
            let replaced = self
                .answers
                .iter()
                .find(|(begins, _)| command.starts_with(begins));
            match replaced {
                Some((_, acts)) => {
                    let ends_well = |act: &Act| matches!(act, Act::Send(bytes) if bytes.windows(6).any(|w| w == b"TAG OK"));
                    if command.starts_with("UID MOVE") && acts.iter().any(ends_well) {
                        emptied = Some(open.clone());
                    }
                    for act in acts {
                        perform(act, tag, &mut out)?;
                    }
                }
                None => {
                    if command.starts_with("AUTHENTICATE") {
                        out.write_all(b"+ \r\n")?;
                        let mut secret = String::new();
                        lines.read_line(&mut secret)?;
                    }
                    let mut answer = usual(command);
                    if command.starts_with("UID MOVE") {
                        emptied = Some(open.clone());
                    } else if command.starts_with("UID FETCH") && emptied.as_ref() == Some(&open) {
                        answer = b"TAG OK nothing there\r\n".to_vec();
                    }
                    if let Some(noise) = &mut noise {
                        damage(&mut answer, noise);
                    }
                    perform(&Act::Send(answer), tag, &mut out)?;
                }
            }
        }
    }
}

/// A server that runs until the test process ends.
pub struct Scripted {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// How to reach it, with short time-outs.
    pub fn server(&self, security: Security) -> Server {
        Server {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security,
            ca_file: None,
            user: Some("pat".to_owned()),
            password: PasswordFrom::Variable("UNUSED".to_owned()),
            connect_timeout: Duration::from_secs(2),
            io_timeout: Duration::from_secs(2),
            compress: None,
        }
    }

    /// Every line that a client sent.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Flips, cuts out, doubles or puts in some bytes, in one answer of four.
fn damage(answer: &mut Vec<u8>, noise: &mut u64) {
    let mut chance = |below: usize| {
        // Knuth's MMIX generator; its upper bits are good enough here.
        *noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (*noise >> 33) as usize % below.max(1)
    };
    if answer.is_empty() || chance(4) != 0 {
        return;
    }
    for _ in 0..=chance(3) {
        let at = chance(answer.len());
        let to = (at + chance(12)).min(answer.len());
        match chance(4) {
            0 => answer
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << chance(8)),
            1 => drop(answer.drain(at..to)),
            2 => {
                let twice = answer[at..to].to_vec();
                answer.splice(at..at, twice);
            }
            _ => {
                let odd: [&[u8]; 8] = [
                    b"\"",
                    b"(",
                    b")",
                    b"{5}\r\n",
                    b"\0",
                    b"\xff",
                    b"\r\n",
                    b"99999999999",
                ];
                answer.splice(at..at, odd[chance(8)].iter().copied());
            }
        }
    }
}

fn literal(line: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(line);
    let inner = text.trim_end().strip_suffix('}')?;
    inner.rsplit_once('{')?.1.parse().ok()
}

fn perform(act: &Act, tag: &str, out: &mut TcpStream) -> std::io::Result<()> {
    let tagged = |bytes: &[u8]| {
        if bytes.len() > 100_000 {
            return bytes.to_vec(); // a big body: no tag in it, and no time to look
        }
        let mut result = Vec::new();
        let mut rest = bytes;
        while let Some(at) = rest.windows(3).position(|window| window == b"TAG") {
            result.extend_from_slice(&rest[..at]);
            result.extend_from_slice(tag.as_bytes());
            rest = &rest[at + 3..];
        }
        result.extend_from_slice(rest);
        result
    };
    let pause = |milliseconds: u64| std::thread::sleep(Duration::from_millis(milliseconds));
    match act {
        Act::Send(bytes) => out.write_all(&tagged(bytes)),
        Act::Drip(bytes, wait) => tagged(bytes).iter().try_for_each(|byte| {
            pause(*wait);
            out.write_all(&[*byte])
        }),
        Act::Endless(bytes) => {
            let block = bytes.repeat(65536 / bytes.len().max(1) + 1);
            loop {
                out.write_all(&block)?;
            }
        }
        Act::Again(bytes, wait) => loop {
            out.write_all(bytes)?;
            pause(*wait);
        },
        Act::Hang => {
            let mut nothing = Vec::new();
            out.read_to_end(&mut nothing)?;
            Ok(())
        }
        Act::Close => out.shutdown(Shutdown::Both),
    }
}

/// The two messages of the usual mailbox.
pub const MESSAGES: [&str; 2] = [
    "Message-ID: <1@example.com>\r\nSubject: one\r\n\r\nFirst.\r\n",
    "Message-ID: <2@example.com>\r\nSubject: two\r\n\r\nSecond.\r\n",
];

/// What an ordinary server with two messages answers.
pub fn usual(command: &str) -> Vec<u8> {
    let ok = "TAG OK done\r\n";
    let literal = |text: &str| format!("{{{}}}\r\n{text}", text.len());
    let answer = if command.starts_with("CAPABILITY") {
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN NAMESPACE UIDPLUS MOVE\r\n".to_owned()
    } else if command.starts_with("NAMESPACE") {
        "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n".to_owned()
    } else if command.starts_with("LIST") {
        "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST (\\HasNoChildren \\Junk) \"/\" Junk\r\n"
            .to_owned()
    } else if command.starts_with("EXAMINE") || command.starts_with("SELECT") {
        "* FLAGS (\\Seen)\r\n* 2 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] UIDs valid\r\n"
            .to_owned()
    } else if command.starts_with("UID FETCH") && command.contains("FLAGS") {
        (1..=2)
            .map(|n| format!("* {n} FETCH (UID 1{n} FLAGS (\\Seen $Work) INTERNALDATE \"0{n}-Jan-2025 10:00:00 +0000\" RFC822.SIZE {})\r\n", MESSAGES[n - 1].len()))
            .collect()
    } else if command.starts_with("UID FETCH") {
        (1..=2)
            .filter(|n| command.contains("11:12") || command.contains(&format!(" 1{n} ")))
            .map(|n| {
                format!(
                    "* {n} FETCH (UID 1{n} BODY[] {})\r\n",
                    literal(MESSAGES[n - 1])
                )
            })
            .collect()
    } else if command.starts_with("UID SEARCH") {
        "* SEARCH 11\r\n".to_owned()
    } else if command.starts_with("UID MOVE") {
        "* OK [COPYUID 7 11:12 11:12] moved\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\n".to_owned()
    } else if command.starts_with("UID COPY") {
        return b"TAG OK [COPYUID 7 11:12 11:12] copied\r\n".to_vec();
    } else if command.starts_with("ENABLE") {
        "* ENABLED\r\n".to_owned()
    } else if command.starts_with("LOGOUT") {
        "* BYE\r\n".to_owned()
    } else {
        String::new()
    };
    (answer + ok).into_bytes()
}
