//! An IMAP server on loopback that keeps real mail in memory, as one would, but for the bad habits
//! that a test gives it: what a sweep does to it is seen in its state, not in its answers. Reads
//! only what this program says, and trusts it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a MOVE does before it is answered OK.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Moves {
    #[default]
    Properly,
    /// The originals stay.
    ByCopy,
    /// Nothing.
    NotAtAll,
    /// The messages are in neither folder after it.
    IntoNowhere,
}

/// How it differs from a good server.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    /// Folders are labels of one message, as with Gmail.
    pub gmail: bool,
    pub moves: Moves,
    /// It does not offer MOVE.
    pub no_move: bool,
    /// It does not offer UIDPLUS.
    pub no_uidplus: bool,
    /// It never tells where messages went.
    pub no_copyuid: bool,
    /// It refuses to search.
    pub no_search: bool,
    /// Fetching a body sets `\Seen`, whatever it was opened or asked with.
    pub marks_read: bool,
    /// Nothing can be changed.
    pub read_only: bool,
    /// RFC822.SIZE is this instead of the true one.
    pub sizes: Option<fn(usize) -> usize>,
    /// What is moved or copied gets this date.
    pub new_dates: Option<&'static str>,
    /// What is moved or copied loses its flags and keywords.
    pub drops_flags: bool,
    /// This folder takes no keywords.
    pub no_keywords: Option<&'static str>,
    /// This folder takes no further message.
    pub full: Option<&'static str>,
    /// Labels cannot be taken off, though it says OK.
    pub keeps_labels: bool,
    /// It tells of other messages before each end of a command.
    pub chatters: bool,
    /// Of so many untagged FETCH responses it leaves out the last.
    pub drops_each: Option<usize>,
    /// LIST tells no attribute.
    pub no_special_use: bool,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub uid: u32,
    pub flags: BTreeSet<String>,
    pub date: String,
    pub bytes: Vec<u8>,
    /// The same in every folder that shows it.
    pub id: u64,
}

#[derive(Debug, Clone)]
pub struct Folder {
    pub name: String,
    pub attribute: &'static str,
    pub validity: u32,
    pub next: u32,
    pub messages: Vec<Message>,
}

type Meanwhile = Box<dyn FnOnce(&mut State) + Send>;

/// What it holds. Anyone may change it at any time: another client would.
#[derive(Default)]
pub struct State {
    pub folders: Vec<Folder>,
    pub habits: Habits,
    pub heard: Vec<String>,
    /// It hangs up on the next command, before it does anything.
    pub hangs_up: bool,
    ids: u64,
    fetched: usize,
    meanwhile: Vec<(String, Meanwhile)>,
}

impl State {
    pub fn folder(&mut self, name: &str) -> Option<&mut Folder> {
        self.folders.iter_mut().find(|folder| folder.name == name)
    }

    pub fn make(&mut self, name: &str, attribute: &'static str) {
        self.folders.push(Folder {
            name: name.to_owned(),
            attribute,
            validity: 7,
            next: 1,
            messages: Vec::new(),
        });
    }

    /// Delivers a message; with Gmail, into All Mail too.
    pub fn add(&mut self, folder: &str, flags: &str, date: &str, bytes: &[u8]) {
        self.ids += 1;
        let message = Message {
            uid: 0,
            flags: flags.split_whitespace().map(str::to_owned).collect(),
            date: date.to_owned(),
            bytes: bytes.to_vec(),
            id: 1_278_455_344_230_334_000 + self.ids,
        };
        if self.habits.gmail {
            self.put("[Gmail]/All Mail", message.clone());
        }
        self.put(folder, message);
    }

    /// Puts a message into a folder; returns its UID.
    fn put(&mut self, folder: &str, mut message: Message) -> u32 {
        let gmail = self.habits.gmail;
        let folder = self.folder(folder).unwrap();
        let there = folder.messages.iter().find(|own| own.id == message.id);
        if let Some(there) = there.filter(|_| gmail) {
            return there.uid; // one message has a label once
        }
        message.uid = folder.next;
        folder.next += 1;
        folder.messages.push(message);
        folder.next - 1
    }

    /// Another client removes a message, or takes it elsewhere.
    pub fn take(&mut self, folder: &str, uid: u32) -> Message {
        let messages = &mut self.folder(folder).unwrap().messages;
        let at = messages.iter().position(|own| own.uid == uid).unwrap();
        messages.remove(at)
    }

    /// Does this the next time that a command holds these words, before it is answered.
    pub fn meanwhile(&mut self, command: &str, act: impl FnOnce(&mut State) + Send + 'static) {
        self.meanwhile.push((command.to_owned(), Box::new(act)));
    }

    fn labels(&self, id: u64, open: &str) -> String {
        let has = |folder: &&Folder| {
            folder.name != open
                && !folder.name.starts_with("[Gmail]")
                && folder.messages.iter().any(|own| own.id == id)
        };
        let label = |folder: &Folder| match folder.name.as_str() {
            "INBOX" => "\"\\\\Inbox\"".to_owned(),
            name => format!("\"{name}\""),
        };
        let labels: Vec<String> = self.folders.iter().filter(has).map(label).collect();
        labels.join(" ")
    }
}

/// A server that runs until the test process ends.
pub struct Quirky {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Quirky {
    /// With an inbox and a folder `Missed spam`; with Gmail's own folders too.
    pub fn start(habits: Habits) -> Quirky {
        let mut state = State::default();
        state.make("INBOX", "");
        state.make("Missed spam", "");
        if habits.gmail {
            state.make("[Gmail]/All Mail", "\\All");
            state.make("[Gmail]/Important", "\\Important");
            state.make("[Gmail]/Starred", "\\Flagged");
            state.make("[Gmail]/Spam", "\\Junk");
        }
        state.habits = habits;
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = state.clone();
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || {
                    let _ = serve(tcp, &state);
                });
            }
        });
        Quirky { port, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// The folder that a connection has open, and whether for changes.
type Open = Option<(String, bool)>;

fn serve(tcp: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    tcp.set_nodelay(true)?;
    let mut out = tcp.try_clone()?;
    let mut lines = BufReader::new(tcp).lines();
    let mut open: Open = None;
    out.write_all(b"* OK ready\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let Some((tag, command)) = line.split_once(' ') else {
            continue;
        };
        if command.starts_with("AUTHENTICATE") {
            out.write_all(b"+ \r\n")?;
            lines.next().transpose()?;
        }
        let mut state = state.lock().unwrap();
        state.heard.push(command.to_owned());
        while let Some(at) = state
            .meanwhile
            .iter()
            .position(|(part, _)| command.contains(part.as_str()))
        {
            let (_, act) = state.meanwhile.remove(at);
            act(&mut state);
        }
        if std::mem::take(&mut state.hangs_up) {
            return Ok(());
        }
        let (mut answer, end) = answer(&mut state, &mut open, command);
        if state.habits.chatters && command.starts_with("UID") {
            answer.extend_from_slice(
                b"* 70 EXISTS\r\n* 60 EXPUNGE\r\n* VANISHED 999\r\n* 9 FETCH (UID 990 FLAGS (\\Seen))\r\n* 8 FETCH (FLAGS (\\Flagged))\r\n* SEARCH\r\n",
            );
        }
        answer.extend_from_slice(format!("{tag} {end}\r\n").as_bytes());
        out.write_all(&answer)?;
    }
    Ok(())
}

/// The words of a command: a quoted string is one, and so is a list.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut depth, mut quoted) = (0, false);
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => word.extend(chars.next()),
            '"' if depth == 0 => quoted = !quoted,
            ' ' if depth == 0 && !quoted => words.push(std::mem::take(&mut word)),
            c => {
                match c {
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth -= 1,
                    _ => {}
                }
                word.push(c);
            }
        }
    }
    words.push(word);
    words
}

fn in_set(set: &str, uid: u32, last: u32) -> bool {
    let number = |text: &str| {
        if text == "*" {
            last
        } else {
            text.parse().unwrap()
        }
    };
    set.split(',').any(|part| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let (from, to) = (number(from), number(to));
        (from.min(to)..=from.max(to)).contains(&uid)
    })
}

fn answer(state: &mut State, open: &mut Open, command: &str) -> (Vec<u8>, String) {
    let words = words(command);
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    let ok = "OK done".to_owned();
    let habits = state.habits.clone();
    match word(0) {
        "CAPABILITY" => {
            let mut all = "* CAPABILITY IMAP4rev1 AUTH=PLAIN".to_owned();
            for (is_there, name) in [
                (!habits.no_move, " MOVE"),
                (!habits.no_uidplus, " UIDPLUS"),
                (habits.gmail, " X-GM-EXT-1 SPECIAL-USE"),
            ] {
                if is_there {
                    all.push_str(name);
                }
            }
            (format!("{all}\r\n").into_bytes(), ok)
        }
        "LIST" => {
            let line = |folder: &Folder| {
                let attribute = if habits.no_special_use {
                    ""
                } else {
                    folder.attribute
                };
                format!("* LIST ({attribute}) \"/\" \"{}\"\r\n", folder.name)
            };
            let all: String = state.folders.iter().map(line).collect();
            (all.into_bytes(), ok)
        }
        "CREATE" => {
            state.make(word(1), "");
            (Vec::new(), ok)
        }
        "STATUS" => match state.folder(word(1)) {
            Some(folder) => {
                let line = format!(
                    "* STATUS \"{}\" (MESSAGES {} UIDNEXT {} UIDVALIDITY {})\r\n",
                    folder.name,
                    folder.messages.len(),
                    folder.next,
                    folder.validity
                );
                (line.into_bytes(), ok)
            }
            None => (Vec::new(), "NO [NONEXISTENT] no such folder".to_owned()),
        },
        "EXAMINE" | "SELECT" => match state.folder(word(1)) {
            Some(folder) => {
                let writes = word(0) == "SELECT" && !habits.read_only;
                let line = format!(
                    "* FLAGS (\\Seen)\r\n* {} EXISTS\r\n* OK [UIDVALIDITY {}] x\r\n* OK [UIDNEXT {}] x\r\n",
                    folder.messages.len(),
                    folder.validity,
                    folder.next
                );
                *open = Some((folder.name.clone(), writes));
                let mode = if writes { "READ-WRITE" } else { "READ-ONLY" };
                (line.into_bytes(), format!("OK [{mode}] open"))
            }
            None => {
                *open = None;
                (Vec::new(), "NO [NONEXISTENT] no such folder".to_owned())
            }
        },
        "UID" => {
            let Some((folder, writes)) = open.clone() else {
                return (Vec::new(), "BAD no folder is open".to_owned());
            };
            let Some(last) = state.folder(&folder).map(|folder| folder.next - 1) else {
                return (Vec::new(), "NO [NONEXISTENT] it was removed".to_owned());
            };
            match word(1) {
                "FETCH" => (fetch(state, &folder, word(2), last, word(3)), ok),
                "SEARCH" if habits.no_search => (Vec::new(), "NO cannot search".to_owned()),
                "SEARCH" => (search(state, &folder, &words[2..], last), ok),
                _ if !writes => (Vec::new(), "NO [READ-ONLY] not now".to_owned()),
                "STORE" => store(state, &folder, word(2), last, word(3), word(4)),
                "EXPUNGE" => (expunge(state, &folder, word(2), last), ok),
                "MOVE" | "COPY" => transfer(state, &folder, word(1), word(2), last, word(3)),
                _ => (Vec::new(), "BAD what?".to_owned()),
            }
        }
        "LOGOUT" => (b"* BYE\r\n".to_vec(), ok),
        _ => (Vec::new(), ok),
    }
}

fn fetch(state: &mut State, name: &str, set: &str, last: u32, items: &str) -> Vec<u8> {
    let habits = state.habits.clone();
    let mut out = Vec::new();
    let wanted: Vec<(usize, Message)> = state
        .folder(name)
        .unwrap()
        .messages
        .iter()
        .enumerate()
        .filter(|(_, own)| in_set(set, own.uid, last))
        .map(|(index, own)| (index, own.clone()))
        .collect();
    for (index, message) in wanted {
        let mut parts = vec![format!("UID {}", message.uid).into_bytes()];
        if items.contains("FLAGS") {
            let flags: Vec<&str> = message.flags.iter().map(String::as_str).collect();
            parts.push(format!("FLAGS ({})", flags.join(" ")).into_bytes());
        }
        if items.contains("INTERNALDATE") {
            parts.push(format!("INTERNALDATE \"{}\"", message.date).into_bytes());
        }
        if items.contains("RFC822.SIZE") {
            let size = habits
                .sizes
                .map_or(message.bytes.len(), |lie| lie(message.bytes.len()));
            parts.push(format!("RFC822.SIZE {size}").into_bytes());
        }
        if items.contains("X-GM-MSGID") && habits.gmail {
            parts.push(format!("X-GM-MSGID {}", message.id).into_bytes());
        }
        if items.contains("X-GM-LABELS") && habits.gmail {
            parts.push(format!("X-GM-LABELS ({})", state.labels(message.id, name)).into_bytes());
        }
        if let Some((_, section)) = items.split_once("BODY.PEEK[") {
            let (section, range) = section.split_once(']').unwrap();
            let bytes = &message.bytes;
            let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
            let bytes = match section {
                "HEADER" => &bytes[..end],
                _ => &bytes[..],
            };
            let range = range
                .strip_prefix("<0.")
                .and_then(|rest| rest.split('>').next());
            let (bytes, mark) = match range {
                Some(most) => (&bytes[..bytes.len().min(most.parse().unwrap())], "<0>"),
                None => (bytes, ""),
            };
            let mut part = format!("BODY[{section}]{mark} {{{}}}\r\n", bytes.len()).into_bytes();
            part.extend_from_slice(bytes);
            parts.push(part);
            if habits.marks_read {
                flag(state, name, message.uid, &|flags| {
                    flags.insert("\\Seen".to_owned());
                });
            }
        }
        state.fetched += 1;
        if habits
            .drops_each
            .is_some_and(|each| state.fetched.is_multiple_of(each))
        {
            continue;
        }
        out.extend_from_slice(format!("* {} FETCH (", index + 1).as_bytes());
        out.extend_from_slice(&parts.join(&b' '));
        out.extend_from_slice(b")\r\n");
    }
    out
}

fn search(state: &mut State, name: &str, words: &[String], last: u32) -> Vec<u8> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_found = |own: &Message| match words.as_slice() {
        ["SEEN", "UID", set] => own.flags.contains("\\Seen") && in_set(set, own.uid, last),
        ["HEADER", "Message-ID", id] => {
            let line = format!(
                "message-id: <{}>",
                id.trim_matches(['<', '>']).to_lowercase()
            );
            String::from_utf8_lossy(&own.bytes)
                .to_lowercase()
                .contains(&line)
        }
        ["X-GM-MSGID", id] => own.id.to_string() == **id,
        other => panic!("a search that this server does not know: {other:?}"),
    };
    let messages = &state.folder(name).unwrap().messages;
    let found = messages.iter().filter(|own| is_found(own));
    let found: Vec<String> = found.map(|own| own.uid.to_string()).collect();
    format!("* SEARCH {}\r\n", found.join(" ")).into_bytes()
}

/// Changes a message's flags: with Gmail, in every folder that shows it.
fn flag(state: &mut State, name: &str, uid: u32, change: &dyn Fn(&mut BTreeSet<String>)) {
    let gmail = state.habits.gmail;
    let id = state
        .folder(name)
        .unwrap()
        .messages
        .iter()
        .find(|own| own.uid == uid)
        .unwrap()
        .id;
    for folder in &mut state.folders {
        let here = folder.name == name;
        for own in folder
            .messages
            .iter_mut()
            .filter(|own| own.id == id && (gmail || here))
        {
            if gmail || own.uid == uid {
                change(&mut own.flags);
            }
        }
    }
}

fn store(
    state: &mut State,
    name: &str,
    set: &str,
    last: u32,
    how: &str,
    what: &str,
) -> (Vec<u8>, String) {
    let messages = &state.folder(name).unwrap().messages;
    let wanted = messages.iter().filter(|own| in_set(set, own.uid, last));
    let wanted: Vec<Message> = wanted.cloned().collect();
    let what = what.trim_start_matches('(').trim_end_matches(')');
    for message in wanted {
        if how.contains("X-GM-LABELS") {
            let label = if what == "\\Inbox" { "INBOX" } else { what };
            if how.starts_with('+') {
                state.put(label, message);
            } else if !state.habits.keeps_labels {
                let folder = state.folder(label).unwrap();
                folder.messages.retain(|own| own.id != message.id);
            }
            continue;
        }
        let plain = state.habits.no_keywords == Some(name);
        let named = what
            .split_whitespace()
            .filter(|flag| !plain || flag.starts_with('\\'));
        let named: BTreeSet<String> = named.map(str::to_owned).collect();
        flag(
            state,
            name,
            message.uid,
            &|flags| match how.chars().next() {
                Some('+') => flags.extend(named.iter().cloned()),
                Some('-') => flags.retain(|own| !named.contains(own)),
                _ => *flags = named.clone(),
            },
        );
    }
    (Vec::new(), "OK stored".to_owned())
}

fn expunge(state: &mut State, name: &str, set: &str, last: u32) -> Vec<u8> {
    let goes = |own: &Message| own.flags.contains("\\Deleted") && in_set(set, own.uid, last);
    let messages = &mut state.folder(name).unwrap().messages;
    let gone: Vec<u64> = messages
        .iter()
        .filter(|own| goes(own))
        .map(|own| own.id)
        .collect();
    messages.retain(|own| !goes(own));
    if state.habits.gmail {
        for id in gone {
            // Without a label it is thrown away, as an owner may have set it.
            if state.labels(id, "").is_empty() {
                state
                    .folder("[Gmail]/All Mail")
                    .unwrap()
                    .messages
                    .retain(|own| own.id != id);
            }
        }
    }
    Vec::new()
}

fn transfer(
    state: &mut State,
    name: &str,
    word: &str,
    set: &str,
    last: u32,
    target: &str,
) -> (Vec<u8>, String) {
    let habits = state.habits.clone();
    if state.folder(target).is_none() {
        return (Vec::new(), "NO [TRYCREATE] no such folder".to_owned());
    }
    if habits.full == Some(target) {
        return (Vec::new(), "NO [OVERQUOTA] no room".to_owned());
    }
    let done = match word {
        "COPY" => Moves::ByCopy,
        _ => habits.moves,
    };
    if done == Moves::NotAtAll {
        return (Vec::new(), "OK moved".to_owned());
    }
    let messages = &state.folder(name).unwrap().messages;
    let wanted = messages.iter().filter(|own| in_set(set, own.uid, last));
    let wanted: Vec<Message> = wanted.cloned().collect();
    let (mut from, mut to, mut out) = (Vec::new(), Vec::new(), String::new());
    for message in wanted {
        from.push(message.uid.to_string());
        let mut copy = message.clone();
        copy.date = habits.new_dates.map_or(copy.date, str::to_owned);
        if habits.drops_flags {
            copy.flags.clear();
        }
        if habits.no_keywords == Some(target) {
            copy.flags.retain(|flag| flag.starts_with('\\'));
        }
        if done != Moves::IntoNowhere {
            to.push(state.put(target, copy).to_string());
        }
        if done != Moves::ByCopy {
            let messages = &mut state.folder(name).unwrap().messages;
            messages.retain(|own| own.uid != message.uid);
        }
    }
    let validity = state.folder(target).unwrap().validity;
    let told = format!("[COPYUID {validity} {} {}]", from.join(","), to.join(","));
    let tells = !habits.no_copyuid && !habits.no_uidplus && !to.is_empty();
    if tells && word == "MOVE" {
        out.push_str(&format!("* OK {told} moved\r\n"));
    }
    let end = if tells && word == "COPY" { &told } else { "" };
    (out.into_bytes(), format!("OK {end} done"))
}
