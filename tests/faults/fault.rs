//! The faults, by the names that they are asked for by, and a try: one fault at one place of one
//! run on one kind of server.

use std::fmt;
use std::str::FromStr;

/// What goes wrong. The number in a try says where: after how many bytes, writes and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The program is killed when so many bytes came from the server.
    KillFromServer,
    /// … went to the server.
    KillFromClient,
    /// … once the database's log has grown to so many bytes, and some microseconds later.
    KillAtWrite,
    /// The connection is cut.
    CutFromServer,
    CutFromClient,
    /// It is cut, and the server cannot be reached any more.
    GoneFromServer,
    GoneFromClient,
    /// It ends behind a TLS record, without a close_notify.
    RecordFromServer,
    RecordFromClient,
    /// One of its two ways ends.
    HalfFromServer,
    HalfFromClient,
    /// Bytes that nobody sent come in between.
    GarbageFromServer,
    GarbageFromClient,
    /// Nothing comes or goes any more, and nobody says so.
    StallFromServer,
    StallFromClient,
    /// What serves the connection sleeps for longer than the program waits, and wakes up.
    SleepFromServer,
    SleepFromClient,
    /// The clock jumps back by three days.
    ClockBack,
    /// The disk has so many kilobytes.
    DiskFull,
    /// Bytes travel for so many milliseconds, each way.
    Delay,
    /// Bytes come one at a time.
    Drip,
}

pub const FAULTS: [(Fault, &str); 21] = [
    (Fault::KillFromServer, "kill-from-server"),
    (Fault::KillFromClient, "kill-from-client"),
    (Fault::KillAtWrite, "kill-at-write"),
    (Fault::CutFromServer, "cut-from-server"),
    (Fault::CutFromClient, "cut-from-client"),
    (Fault::GoneFromServer, "gone-from-server"),
    (Fault::GoneFromClient, "gone-from-client"),
    (Fault::RecordFromServer, "record-from-server"),
    (Fault::RecordFromClient, "record-from-client"),
    (Fault::HalfFromServer, "half-from-server"),
    (Fault::HalfFromClient, "half-from-client"),
    (Fault::GarbageFromServer, "garbage-from-server"),
    (Fault::GarbageFromClient, "garbage-from-client"),
    (Fault::StallFromServer, "stall-from-server"),
    (Fault::StallFromClient, "stall-from-client"),
    (Fault::SleepFromServer, "sleep-from-server"),
    (Fault::SleepFromClient, "sleep-from-client"),
    (Fault::ClockBack, "clock-back"),
    (Fault::DiskFull, "disk-full"),
    (Fault::Delay, "delay"),
    (Fault::Drip, "drip"),
];

impl Fault {
    pub fn name(self) -> &'static str {
        let found = FAULTS.iter().find(|(fault, _)| *fault == self);
        found.unwrap().1
    }
}

/// What the server offers for moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Move,
    Uidplus,
    Neither,
}

pub const KINDS: [(Kind, &str); 3] = [
    (Kind::Move, "move"),
    (Kind::Uidplus, "uidplus"),
    (Kind::Neither, "neither"),
];

/// What the program does meanwhile, and how it is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run {
    pub is_undo: bool,
    pub is_encrypted: bool,
}

/// One fault, at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    pub fault: Fault,
    pub at: u64,
    pub kind: Kind,
    pub run: Run,
}

impl fmt::Display for Try {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = KINDS.iter().find(|(kind, _)| *kind == self.kind).unwrap().1;
        write!(to, "{} {} {kind}", self.fault.name(), self.at)?;
        if self.run.is_encrypted {
            write!(to, " tls")?;
        }
        if self.run.is_undo {
            write!(to, " undo")?;
        }
        Ok(())
    }
}

impl FromStr for Try {
    type Err = String;

    fn from_str(text: &str) -> Result<Try, String> {
        let wrong = || {
            let faults: Vec<&str> = FAULTS.iter().map(|(_, name)| *name).collect();
            format!(
                "\"{text}\" is not a fault: write one of {}, a number, one of move, uidplus, neither, \
                 and perhaps tls and undo, such as \"cut-from-server 1234 move tls\"",
                faults.join(", ")
            )
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (Some(fault), Some(at), Some(kind)) = (words.first(), words.get(1), words.get(2))
        else {
            return Err(wrong());
        };
        let fault = FAULTS.iter().find(|(_, name)| name == fault);
        let kind = KINDS.iter().find(|(_, name)| name == kind);
        let rest = &words[3..];
        if rest.iter().any(|word| !["tls", "undo"].contains(word)) {
            return Err(wrong());
        }
        Ok(Try {
            fault: fault.ok_or_else(wrong)?.0,
            at: at.parse().map_err(|_| wrong())?,
            kind: kind.ok_or_else(wrong)?.0,
            run: Run {
                is_undo: rest.contains(&"undo"),
                is_encrypted: rest.contains(&"tls"),
            },
        })
    }
}

#[test]
fn a_try_is_read_as_it_is_printed() {
    for (text, ok) in [
        ("cut-from-server 1234 move", true),
        ("kill-at-write 9 neither undo", true),
        ("garbage-from-client 0 uidplus tls undo", true),
        ("cut 1 move", false),
        ("cut-from-server x move", false),
        ("cut-from-server 1", false),
        ("cut-from-server 1 move today", false),
    ] {
        let read = text.parse::<Try>().map(|read| read.to_string());
        assert_eq!(read.ok().as_deref(), ok.then_some(text), "{text}");
    }
}
