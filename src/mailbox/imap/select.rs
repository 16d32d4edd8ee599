//! Opening a folder: EXAMINE to read, which can mark nothing as read, and SELECT only to change
//! something. A folder that is open is left by opening another: CLOSE would expunge.

use super::ImapMailbox;
use super::answer::{Value, values};
use super::command::{Command, Completion};
use crate::mail::Place;
use crate::mailbox::MailboxError;

/// What a folder is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing can be changed.
    Read,
    /// Messages will be moved, removed or flagged.
    Write,
}

/// The folder that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selected {
    raw: Vec<u8>,
    mode: Mode,
    /// UIDVALIDITY: what its UIDs are worth.
    pub(super) validity: u32,
    /// How many messages it had.
    pub(super) exists: u32,
    /// UIDNEXT, where it was told: every message has a lower UID.
    pub(super) next: Option<u32>,
    /// HIGHESTMODSEQ, where it was asked for and told (RFC 7162).
    pub(super) modseq: Option<u64>,
}

/// Where the next message of a folder will lie, or a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) uid: u32,
    pub(super) validity: Option<u32>,
}

impl ImapMailbox {
    /// Opens a folder anew, so that what has arrived or gone is known.
    pub(super) fn select(&mut self, folder: &str, mode: Mode) -> Result<Selected, MailboxError> {
        self.select_with(folder, mode, None)
    }

    /// Opens a folder to read, with all that the server can tell of what changed in it.
    pub(super) fn examine_counting(&mut self, folder: &str) -> Result<Selected, MailboxError> {
        let counts = self.capabilities.has("CONDSTORE");
        self.select_with(folder, Mode::Read, counts.then_some("(CONDSTORE)"))
    }

    fn select_with(
        &mut self,
        folder: &str,
        mode: Mode,
        parameter: Option<&str>,
    ) -> Result<Selected, MailboxError> {
        let raw = self.known()?.spell(folder);
        self.selected = None;
        let word = match mode {
            Mode::Read => "EXAMINE",
            Mode::Write => "SELECT",
        };
        let (mut validity, mut exists, mut next, mut modseq) = (None, 0, None, None);
        let mut command = Command::new(word).string(&raw);
        if let Some(parameter) = parameter {
            command = command.words(parameter);
        }
        let completion = self.run(command, &mut |line| {
            let Some(rest) = line.strip_prefix(b"* ") else {
                return;
            };
            if let Some(told) = Completion::parse(rest) {
                if let Some(number) = told.arguments("UIDVALIDITY") {
                    validity = number.trim().parse().ok();
                }
                if let Some(number) = told.arguments("UIDNEXT") {
                    next = number.trim().parse().ok().filter(|next| *next != 0);
                }
                if let Some(number) = told.arguments("HIGHESTMODSEQ") {
                    modseq = number.trim().parse().ok().filter(|modseq| *modseq != 0);
                }
            } else if let Some([count, what]) = values(rest).as_deref()
                && what.is("EXISTS")
            {
                exists = count.number().unwrap_or(exists);
            }
        })?;
        if !completion.is_ok() {
            let is_listed = self.known()?.find(folder).is_some();
            return Err(match completion.refusal(folder) {
                MailboxError::Refused { folder, .. } if !is_listed => {
                    MailboxError::NoFolder { folder }
                }
                other => other,
            });
        }
        if mode == Mode::Write && completion.has("READ-ONLY") {
            return Err(MailboxError::ReadOnly {
                folder: folder.to_owned(),
                reason: "the server opens it for reading only: check your rights on it".to_owned(),
            });
        }
        let validity = validity.filter(|number| *number != 0).ok_or_else(|| {
            // RFC 3501 section 2.3.1.1: without it, no UID can be noted for later.
            MailboxError::Refused {
                folder: folder.to_owned(),
                reason: "it gives no UIDVALIDITY, so its messages cannot be told apart safely; nothing was touched".to_owned(),
            }
        })?;
        let selected = Selected {
            raw,
            mode,
            validity,
            exists,
            next,
            modseq: modseq.filter(|_| parameter.is_some()),
        };
        self.selected = Some(selected.clone());
        Ok(selected)
    }

    /// Opens a folder where these places were noted, unless it is open so already, and checks that
    /// they still mean the same messages. Returns their UIDs, in the same order.
    pub(super) fn select_for<'a>(
        &mut self,
        folder: &str,
        mode: Mode,
        places: impl Iterator<Item = &'a Place>,
    ) -> Result<Vec<u32>, MailboxError> {
        let raw = self.known()?.spell(folder);
        let open = self.selected.take();
        let selected = match open {
            Some(open) if open.raw == raw && open.mode == mode => {
                self.selected = Some(open.clone());
                open
            }
            _ => self.select(folder, mode)?,
        };
        let uid = |place: &Place| match place {
            Place::Uid { validity, uid } if *validity == selected.validity => Some(*uid),
            _ => None,
        };
        places
            .map(uid)
            .collect::<Option<Vec<u32>>>()
            .ok_or_else(|| MailboxError::Renumbered {
                folder: folder.to_owned(),
            })
    }

    /// UIDNEXT of a folder that is not open, and its UIDVALIDITY; `None` where it is not there or
    /// does not tell.
    pub(super) fn next_uid(&mut self, folder: &str) -> Result<Option<Next>, MailboxError> {
        let raw = self.known()?.spell(folder);
        let mut told = (None, None);
        let command = Command::new("STATUS")
            .string(&raw)
            .words("(UIDNEXT UIDVALIDITY)");
        self.run(command, &mut |line| {
            let values = line.strip_prefix(b"* ").and_then(values);
            if let Some([word, _, Value::List(pairs)]) = values.as_deref()
                && word.is("STATUS")
            {
                let number = |name| {
                    let at = pairs.iter().position(|value| value.is(name))?;
                    let number = pairs.get(at + 1).and_then(Value::number)?;
                    (number != 0).then_some(number)
                };
                told = (number("UIDNEXT"), number("UIDVALIDITY"));
            }
        })?;
        let (next, validity) = told;
        Ok(next.map(|uid| Next { uid, validity }))
    }
}
