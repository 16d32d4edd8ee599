//! A mailbox on an IMAP server (RFC 3501 and its extensions).
//!
//! `wire` alone reads the socket, inflates what `deflate` agreed on, and hears a server that asks
//! to wait (`throttle`) and an owner who asks to end; `connect`, `tls` and `sign_in` lead to a
//! session; `select`, `survey`, `fetch`, `ahead`, `folders` and `relocate` are what a mailbox does. The
//! `imap` crate signs in, stores flags and makes folders, over `adapter`. Folders are read with
//! EXAMINE and `BODY.PEEK`, so that no message is ever marked read.
//!
//! Waiting for the server is what takes time, so little is asked one by one: a sign-in is one
//! command where the server takes it so, what it can do is taken from its own greeting, and what
//! is agreed on and listed after that goes out at once. A folder in which nothing happened costs
//! one command.

mod adapter;
mod ahead;
mod answer;
mod body;
mod certificate;
mod command;
mod connect;
mod deflate;
mod fetch;
mod folders;
mod gmail;
mod landing;
mod literal;
mod relocate;
mod rivals;
mod seen;
mod select;
mod sign_in;
mod socket;
mod structure;
mod survey;
mod throttle;
mod tls;
mod wire;

pub use connect::Step;
pub use socket::Traffic;

use super::{
    Entry, Fetched, Folder, Mailbox, MailboxError, Mark, Marked, Part, Relocated, Removed, Stop,
    Survey,
};
use crate::mail::{Flags, Place};
use crate::settings::account::Server;
use crate::settings::secret::Secret;
use adapter::{Adapter, Line};
use command::{Command, Completion};
use connect::Capabilities;
use folders::Folders;
use select::{Mode, Next, Selected};
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Duration;
use wire::Wire;

/// The longest time that sending a farewell may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// An open mailbox on an IMAP server.
#[derive(Debug)]
pub struct ImapMailbox {
    session: imap::Session<Adapter>,
    line: Line,
    capabilities: Capabilities,
    utf8: bool,
    folders: Option<Folders>,
    /// Whether they were listed just now, and nobody has seen them.
    is_listed_anew: bool,
    selected: Option<Selected>,
    /// Where the next message of a folder lay when it was asked for, until something is moved.
    next: Option<(String, Next)>,
    /// Whether this server marks as read what is only looked at; `None` until it is known.
    marks_read: Option<bool>,
}

/// Connects, encrypts as the account asks, and signs in. Whatever is read over the connection,
/// now or later, ends within a second with [`MailboxError::Stopped`] once `stop` is asked for, and
/// the connection with it; a change that is being made runs to its end.
pub fn open(server: &Server, password: &Secret, stop: &Stop) -> Result<ImapMailbox, MailboxError> {
    ImapMailbox::open(server, password, stop, &mut |_| {})
}

/// As `open`, and lists the folders; each step that succeeded is told to `watch`.
pub fn open_watched(
    server: &Server,
    password: &Secret,
    stop: &Stop,
    watch: &mut dyn FnMut(Step),
) -> Result<ImapMailbox, MailboxError> {
    let mut mailbox = ImapMailbox::open(server, password, stop, watch)?;
    let folders = mailbox.folders()?;
    watch(Step::Listed(folders.len()));
    Ok(mailbox)
}

/// As `open`, with a server that a fuzzer makes up on the other side, of the two directions of
/// `fed`. Built for `fuzz/` alone: no account leads here.
#[cfg(fuzzing)]
pub fn over(
    fed: impl std::io::Read + Write + Send + std::fmt::Debug + 'static,
    server: &Server,
    password: &Secret,
) -> Result<ImapMailbox, MailboxError> {
    let (wire, capabilities) = connect::over(fed, server)?;
    ImapMailbox::enter(wire, capabilities, server, password, &mut |_| {})
}

impl ImapMailbox {
    fn open(
        server: &Server,
        password: &Secret,
        stop: &Stop,
        watch: &mut dyn FnMut(Step),
    ) -> Result<Self, MailboxError> {
        let (wire, capabilities) = connect::open(server, stop, watch)?;
        ImapMailbox::enter(wire, capabilities, server, password, watch)
    }

    /// Signs in and lists the folders.
    fn enter(
        wire: Wire,
        capabilities: Capabilities,
        server: &Server,
        password: &Secret,
        watch: &mut dyn FnMut(Step),
    ) -> Result<Self, MailboxError> {
        let line = Line::new(wire);
        let signed_in = sign_in::sign_in(&line, server, password, &capabilities)?;
        line.lock().wire.signed_in();
        watch(Step::SignedIn(signed_in.mechanism));
        // A server offers more once it knows who asks.
        let capabilities = match signed_in.capabilities {
            Some(told) => told,
            None => Capabilities::ask(&mut line.lock().wire)?,
        };
        let mut mailbox = ImapMailbox {
            session: signed_in.session,
            line,
            capabilities,
            utf8: false,
            folders: None,
            is_listed_anew: false,
            selected: None,
            next: None,
            marks_read: None,
        };
        mailbox.begin(server.compress)?;
        Ok(mailbox)
    }

    /// Agrees on what there is to agree on, and lists the folders, in one round trip.
    fn begin(&mut self, compress: Option<bool>) -> Result<(), MailboxError> {
        let can = |name| self.capabilities.has(name);
        // Names travel as UTF-8 where the server can (RFC 6855); it then also leaves messages with
        // UTF-8 in their headers as they are.
        let asks_utf8 = can("ENABLE") && (can("UTF8=ACCEPT") || can("UTF8=ONLY"));
        let shared = &mut *self.line.lock();
        let wire = &mut shared.wire;
        // On this computer, the wire is faster than the compressor.
        let wanted = compress.unwrap_or(!wire.stream().is_to_loopback());
        let compresses = wanted && can("COMPRESS=DEFLATE");
        if asks_utf8 {
            wire.send(Command::new("ENABLE UTF8=ACCEPT"))?;
        }
        ask_for_folders(wire, &self.capabilities)?;
        if compresses {
            // The last: nothing may follow before its answer (RFC 4978 section 3).
            wire.send(Command::new("COMPRESS DEFLATE"))?;
        }
        if asks_utf8 {
            wire.finish(&mut |line| {
                let line = line.to_ascii_uppercase();
                self.utf8 |= line.starts_with(b"* ENABLED") && line.ends_with(b" UTF8=ACCEPT");
            })?;
        }
        let folders = take_folders(wire, &self.capabilities, self.utf8);
        let agreed = match compresses {
            true => wire
                .finish(&mut |_| {})
                .map(|completion| completion.is_ok()),
            false => Ok(false),
        };
        self.folders = Some(folders?);
        if agreed? {
            wire.compress();
        }
        self.is_listed_anew = true;
        Ok(())
    }

    /// What went over the connection so far.
    pub fn traffic(&self) -> Traffic {
        self.line.lock().wire.stream().traffic()
    }

    /// Makes a change: whatever belongs to it runs to its end, though a stop is asked for.
    fn change<T>(
        &mut self,
        make: impl FnOnce(&mut Self) -> Result<T, MailboxError>,
    ) -> Result<T, MailboxError> {
        self.line.lock().wire.hold(true);
        let made = make(self);
        self.line.lock().wire.hold(false);
        made
    }

    /// Runs a command of ours.
    fn run(
        &mut self,
        command: Command,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<Completion, MailboxError> {
        self.line.lock().wire.run(command, each)
    }

    /// Runs a command of the crate's; what the server really said is the answer.
    fn by_crate<T>(
        &mut self,
        folder: &str,
        call: impl FnOnce(&mut imap::Session<Adapter>) -> imap::Result<T>,
    ) -> Result<Completion, MailboxError> {
        let result = call(&mut self.session);
        match (self.line.outcome(), result) {
            (Some(outcome), _) => outcome,
            (None, Err(error)) => Err(MailboxError::Refused {
                folder: folder.to_owned(),
                reason: error.to_string(),
            }),
            (None, Ok(_)) => Err(self.line.lock().wire.lost("a command was left unanswered")),
        }
    }

    /// The folders, listed once.
    fn known(&mut self) -> Result<&Folders, MailboxError> {
        let folders = match self.folders.take() {
            Some(folders) => folders,
            None => self.list_folders()?,
        };
        Ok(self.folders.insert(folders))
    }

    fn list_folders(&mut self) -> Result<Folders, MailboxError> {
        let wire = &mut self.line.lock().wire;
        ask_for_folders(wire, &self.capabilities)?;
        take_folders(wire, &self.capabilities, self.utf8)
    }

    /// Makes a folder and subscribes to it; `false` where it was there already.
    fn make(&mut self, folder: &str) -> Result<bool, MailboxError> {
        let raw = self.known()?.spell(folder);
        let spelled = String::from_utf8_lossy(&raw).into_owned();
        let completion = self.by_crate(folder, |session| session.create(&spelled))?;
        self.folders = None;
        if !completion.is_ok() {
            let is_there = self.known()?.find(folder).is_some();
            return match completion.has("ALREADYEXISTS") || is_there {
                true => Ok(false),
                false => Err(completion.refusal(folder)),
            };
        }
        let subscribed = self.by_crate(folder, |session| session.subscribe(&spelled))?;
        if !subscribed.is_ok() {
            log::warn!(
                "folder `{folder}` was made but not subscribed: {}",
                subscribed.text
            );
        }
        Ok(true)
    }
}

/// Asks for the folders, and for what the server puts before the owner's own.
fn ask_for_folders(wire: &mut Wire, capabilities: &Capabilities) -> Result<(), MailboxError> {
    if capabilities.has("NAMESPACE") {
        wire.send(Command::new("NAMESPACE"))?;
    }
    let marks = capabilities.has("SPECIAL-USE") && capabilities.has("LIST-EXTENDED");
    wire.send(match marks {
        true => Command::new("LIST \"\" \"*\" RETURN (SPECIAL-USE)"),
        false => Command::new("LIST \"\" \"*\""),
    })
}

/// Takes the answers to that.
fn take_folders(
    wire: &mut Wire,
    capabilities: &Capabilities,
    utf8: bool,
) -> Result<Folders, MailboxError> {
    let mut folders = Folders::new(utf8);
    if capabilities.has("NAMESPACE") {
        wire.finish(&mut |line| folders.add_namespace(line))?;
    }
    let completion = wire.finish(&mut |line| folders.add(line))?;
    if !completion.is_ok() {
        return Err(completion.refusal("(the list of all)"));
    }
    folders.finish();
    Ok(folders)
}

impl Mailbox for ImapMailbox {
    fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        // What was listed on the way in is not asked for a second time.
        if !std::mem::take(&mut self.is_listed_anew) {
            self.folders = None;
        }
        Ok(self.known()?.all())
    }

    fn is_same(&mut self, one: &str, other: &str) -> Result<bool, MailboxError> {
        let folders = self.known()?;
        Ok(folders.spell(one) == folders.spell(other))
    }

    fn list(&mut self, folder: &str) -> Result<Vec<Entry>, MailboxError> {
        self.entries(folder)
    }

    fn without(&self, mark: &Mark, moved_out: usize) -> Option<Mark> {
        survey::without(mark, moved_out)
    }

    fn survey(&mut self, folder: &str, since: Option<&Mark>) -> Result<Survey, MailboxError> {
        self.survey_since(folder, since)
    }

    fn fetch(
        &mut self,
        folder: &str,
        wanted: &[Entry],
        part: Part,
        each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    ) -> Result<(), MailboxError> {
        self.fetch_all(folder, wanted, part, each)
    }

    fn download(
        &mut self,
        folder: &str,
        place: &Place,
        sink: &mut dyn Write,
    ) -> Result<bool, MailboxError> {
        self.stream_unmarked(folder, place, sink)
    }

    fn after_reading(
        &mut self,
        folder: &str,
        read: &[Entry],
    ) -> Result<Option<Marked>, MailboxError> {
        self.change(|own| own.keep_unread(folder, read))
    }

    fn leaves_unread(&self) -> Option<bool> {
        self.marks_read.map(|marks| !marks)
    }

    fn is_view(&mut self, folder: &str) -> Result<bool, MailboxError> {
        Ok(self.known()?.is_view(folder))
    }

    fn look(&mut self, folder: &str, places: &[Place]) -> Result<Vec<Entry>, MailboxError> {
        self.entries_at(folder, places)
    }

    fn create(&mut self, folder: &str) -> Result<bool, MailboxError> {
        self.folders = None;
        self.change(|own| match own.known()?.find(folder) {
            Some(_) => Ok(false),
            None => own.make(folder),
        })
    }

    fn next_place(&mut self, folder: &str) -> Result<Option<Place>, MailboxError> {
        let next = self.next_uid(folder)?;
        self.next = next.map(|next| (folder.to_owned(), next));
        Ok(next.and_then(|next| {
            let (validity, uid) = (next.validity?, next.uid);
            Some(Place::Uid { validity, uid })
        }))
    }

    fn relocate(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        self.change(|own| own.move_all(from, entries, to))
    }

    fn remove(&mut self, folder: &str, places: &[Place]) -> Result<Removed, MailboxError> {
        self.change(|own| {
            let uids = own.select_for(folder, Mode::Write, places.iter())?;
            own.refuse_last_label(folder, &uids)?;
            own.remove_uids(folder, &uids)
        })
    }

    fn set_flags(
        &mut self,
        folder: &str,
        place: &Place,
        flags: &Flags,
    ) -> Result<(), MailboxError> {
        self.change(|own| {
            let uids = own.select_for(folder, Mode::Write, std::iter::once(place))?;
            let set = answer::set(&uids);
            let completion = own.store(folder, &set, "FLAGS.SILENT", flags)?;
            if !completion.is_ok() {
                return Err(completion.refusal(folder));
            }
            match own.attributes(folder, &set)?.is_empty() {
                false => Ok(()),
                true => Err(MailboxError::Refused {
                    folder: folder.to_owned(),
                    reason: format!("the message at {place} is not there any more"),
                }),
            }
        })
    }

    fn find(
        &mut self,
        folder: &str,
        message_id: Option<&str>,
        was: &Place,
    ) -> Result<Vec<Entry>, MailboxError> {
        let selected = self.select(folder, Mode::Read)?;
        let mut uids = match message_id.map(str::trim) {
            Some(id) if !id.is_empty() => self.search(id)?,
            _ => Vec::new(),
        };
        match was {
            Place::Uid { validity, uid } if *validity == selected.validity => uids.push(*uid),
            _ => {}
        }
        let mut found = Vec::new();
        for chunk in uids.chunks(fetch::CHUNK) {
            let all = self.attributes(folder, &answer::set(chunk))?;
            let asked = all.into_iter().filter(|(uid, _)| chunk.contains(uid));
            found.extend(fetch::entries(asked.collect(), selected.validity));
        }
        Ok(found)
    }
}

impl Drop for ImapMailbox {
    /// Says good-bye, and waits for no answer.
    fn drop(&mut self) {
        let wire = &mut self.line.lock().wire;
        wire.farewell(FAREWELL);
        let Traffic {
            read,
            written,
            round_trips,
        } = wire.stream().traffic();
        log::debug!(
            "{}: {read} bytes read, {written} written, {round_trips} round trips",
            wire.server()
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_mailbox_can_be_handed_to_the_thread_that_works_with_it() {
        fn is_send<T: Send>() {}
        is_send::<super::ImapMailbox>();
    }
}
