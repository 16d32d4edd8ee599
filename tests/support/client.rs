//! A minimal IMAP client of its own, to fill mailboxes and to look at them from outside. Trusts
//! its server, which a test has started; shares nothing with the program.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Client {
    stream: BufReader<TcpStream>,
}

/// A message as somebody else sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub uid: u32,
    /// Flags and keywords, `\Recent` aside.
    pub flags: BTreeSet<String>,
    /// INTERNALDATE as written.
    pub date: String,
    pub bytes: Vec<u8>,
}

impl Client {
    /// Signs in; again for some seconds where a server has not yet seen another client leave, of
    /// which it takes so many and no more.
    pub fn new(port: u16, user: &str) -> Client {
        let mut said = String::new();
        for _ in 0..100 {
            let tcp = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let mut client = Client {
                stream: BufReader::new(tcp),
            };
            client.line();
            let command = format!("x LOGIN {user} secret\r\n");
            client
                .stream
                .get_mut()
                .write_all(command.as_bytes())
                .unwrap();
            said = String::from_utf8_lossy(&client.line()).into_owned();
            while said.starts_with('*') {
                said = String::from_utf8_lossy(&client.line()).into_owned();
            }
            if said.starts_with("x OK") {
                return client;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{user} cannot sign in: {said}");
    }

    fn line(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).unwrap();
        assert!(line.ends_with(b"\r\n"), "the server hung up");
        line
    }

    /// Runs a command that must go well; returns its untagged responses.
    pub fn run(&mut self, command: &str) -> Vec<(String, Vec<u8>)> {
        self.stream
            .get_mut()
            .write_all(format!("x {command}\r\n").as_bytes())
            .unwrap();
        self.answers(command)
    }

    fn answers(&mut self, command: &str) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        loop {
            let mut line = String::from_utf8_lossy(&self.line()).trim_end().to_owned();
            if let Some(done) = line.strip_prefix("x ") {
                assert!(done.starts_with("OK"), "{command}: {done}");
                return all;
            }
            let mut literal = Vec::new();
            while line.ends_with('}') {
                let (_, size) = line.rsplit_once('{').unwrap();
                literal = vec![0; size.trim_end_matches('}').parse().unwrap()];
                self.stream.read_exact(&mut literal).unwrap();
                line.push_str(String::from_utf8_lossy(&self.line()).trim_end());
            }
            all.push((line, literal));
        }
    }

    /// Delivers a message, with flags such as `\Seen $Work` and a date such as
    /// `02-Mar-2025 10:20:30 +0100`.
    pub fn append(&mut self, folder: &str, flags: &str, date: &str, bytes: &[u8]) {
        let command = format!(
            "x APPEND \"{folder}\" ({flags}) \"{date}\" {{{}}}\r\n",
            bytes.len()
        );
        self.stream.get_mut().write_all(command.as_bytes()).unwrap();
        assert!(self.line().starts_with(b"+"));
        self.stream.get_mut().write_all(bytes).unwrap();
        self.stream.get_mut().write_all(b"\r\n").unwrap();
        self.answers("APPEND");
    }

    /// Delivers five messages with different flags, keywords and dates; returns the inbox.
    pub fn fill(&mut self) -> Vec<Seen> {
        let all = [
            "",
            "\\Seen",
            "\\Flagged $Work",
            "\\Answered \\Draft",
            "$Label1 Junk",
        ];
        for (index, flags) in all.into_iter().enumerate() {
            let text = format!(
                "From: a@example.com\r\nMessage-ID: <{index}@example.com>\r\nSubject: {index}\r\n\r\nBody \"{index}\" \\ \r\n"
            );
            let date = format!("0{}-Mar-2025 10:20:30 +0100", index + 1);
            self.append("INBOX", flags, &date, text.as_bytes());
        }
        self.look("INBOX")
    }

    /// Everything in a folder.
    pub fn look(&mut self, folder: &str) -> Vec<Seen> {
        let exists = self.run(&format!("EXAMINE \"{folder}\""));
        if exists.iter().any(|(line, _)| line == "* 0 EXISTS") {
            return Vec::new();
        }
        let lines = self.run("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])");
        let between = |line: &str, from: &str, to: char| {
            let (_, rest) = line.split_once(from).unwrap();
            rest.split(to).next().unwrap().to_owned()
        };
        let seen = lines
            .into_iter()
            .filter(|(line, _)| line.contains(" FETCH "));
        let seen = seen.map(|(line, bytes)| Seen {
            uid: between(&line, "UID ", ' ').parse().unwrap(),
            flags: between(&line, "FLAGS (", ')')
                .split_ascii_whitespace()
                .filter(|flag| *flag != "\\Recent")
                .map(str::to_owned)
                .collect(),
            date: between(&line, "INTERNALDATE \"", '"'),
            bytes,
        });
        seen.collect()
    }
}

/// All but the UID, which a move changes.
pub fn content(seen: &[Seen]) -> Vec<(Vec<u8>, BTreeSet<String>, String)> {
    let rest = seen.iter().cloned();
    let mut all: Vec<_> = rest.map(|m| (m.bytes, m.flags, m.date)).collect();
    all.sort();
    all
}
