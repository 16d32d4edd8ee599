//! The reader of server responses, fed with arbitrary bytes as what a server says, from the
//! greeting through sign-in, listing, surveys and fetches to a move. Whatever comes, it must end,
//! without a panic and within its bounds of memory.
//!
//! In the bytes, `TAG` stands for the tag of the oldest command that is not answered yet, so that
//! a session stays one when the fuzzer adds or drops a part of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postsweep::mail::{Flags, Place};
use postsweep::mailbox::{Entry, Mailbox, MailboxError, Part, Survey, imap};
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::{PasswordFrom, Secret};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::time::Duration;

/// A server that says what it was given, whatever it hears.
#[derive(Debug)]
struct Talk {
    said: VecDeque<u8>,
    /// Tags of commands that were not answered yet.
    tags: VecDeque<Vec<u8>>,
}

impl Talk {
    fn stands_at_tag(&self) -> bool {
        self.said.iter().take(3).eq(b"TAG")
    }
}

impl Read for Talk {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut out = Vec::new();
        // As much as could come before the next command: a tag that is not known yet ends it.
        while out.len() < buffer.len().min(4096) {
            if self.stands_at_tag() && (out.is_empty() || !self.tags.is_empty()) {
                self.said.drain(..3);
                let tag = self.tags.pop_front();
                out.extend(tag.unwrap_or_else(|| b"TAG".to_vec()));
            } else if self.stands_at_tag() {
                break;
            } else if let Some(byte) = self.said.pop_front() {
                out.push(byte);
            } else {
                break;
            }
        }
        let taken = out.len().min(buffer.len());
        for byte in out.drain(taken..).rev() {
            self.said.push_front(byte);
        }
        buffer[..taken].copy_from_slice(&out);
        Ok(taken)
    }
}

impl Write for Talk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for line in bytes.split(|byte| *byte == b'\n') {
            let tag = line.split(|byte| *byte == b' ').next().unwrap_or_default();
            let is_tag = matches!(tag.split_first(), Some((b'a' | b'w', number))
                if !number.is_empty() && number.iter().all(u8::is_ascii_digit));
            if is_tag && line.len() > tag.len() {
                self.tags.push_back(tag.to_vec());
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn server() -> Server {
    Server {
        host: "imap.example.com".to_owned(),
        port: 993,
        security: Security::Tls,
        ca_file: None,
        user: Some("pat".to_owned()),
        password: PasswordFrom::Variable("UNUSED".to_owned()),
        connect_timeout: Duration::from_secs(1),
        io_timeout: Duration::from_secs(60),
        compress: Some(true),
    }
}

/// Everything that a sweep and an undo do.
fn walk(said: &[u8]) -> Result<(), MailboxError> {
    let talk = Talk {
        said: said.iter().copied().collect(),
        tags: VecDeque::new(),
    };
    let password = Secret::new("secret".to_owned());
    let mut mailbox = imap::over(talk, &server(), &password)?;
    // What a server refuses is no end; only a lost connection is.
    let go_on = |error: MailboxError| match error.is_fatal() {
        true => Err(error),
        false => Ok(()),
    };
    mailbox.folders()?;
    let mut mark = None;
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..2 {
        match mailbox.survey("INBOX", mark.as_ref()) {
            Ok(Survey::Whole {
                entries: all,
                mark: now,
            }) => (entries, mark) = (all, now),
            Ok(Survey::Changed {
                entries: new,
                mark: now,
                ..
            }) => {
                entries.extend(new);
                mark = Some(now);
            }
            Ok(Survey::Same { .. }) => {}
            Err(error) => go_on(error)?,
        }
    }
    entries.truncate(50);
    for part in [
        Part::Headers,
        Part::First(100),
        Part::Judged(2_000),
        Part::Whole,
    ] {
        let mut each = |_| ControlFlow::Continue(());
        mailbox
            .fetch("INBOX", &entries, part, &mut each)
            .or_else(go_on)?;
    }
    let place = entries.first().map_or(
        Place::Uid {
            validity: 7,
            uid: 11,
        },
        |entry| entry.place.clone(),
    );
    let mut sink = std::io::sink();
    mailbox
        .download("INBOX", &place, &mut sink)
        .map(drop)
        .or_else(go_on)?;
    mailbox
        .find("INBOX", Some("<1@example.com>"), &place)
        .map(drop)
        .or_else(go_on)?;
    mailbox
        .look("INBOX", std::slice::from_ref(&place))
        .map(drop)
        .or_else(go_on)?;
    mailbox
        .relocate("INBOX", &entries, "Junk")
        .map(drop)
        .or_else(go_on)?;
    let flags = Flags {
        seen: true,
        ..Flags::default()
    };
    mailbox.set_flags("Junk", &place, &flags).or_else(go_on)?;
    mailbox.remove("Junk", &[place]).map(drop).or_else(go_on)?;
    mailbox.create("New/M\u{fc}ll").map(drop).or_else(go_on)
}

fuzz_target!(|said: &[u8]| {
    let _ = walk(said);
});
