//! Gmail (`X-GM-EXT-1`, developers.google.com/gmail/imap/imap-extensions, seen 2026-11-21): one
//! message with labels, shown in a folder for each. A message was moved when the source's label is
//! gone, and expunging takes a label off unless it is the last. X-GM-LABELS leaves out the label
//! of the folder that is open, so labels are looked at from the target.

use super::ImapMailbox;
use super::answer::{self, Value, values};
use super::command::Command;
use super::landing::Landed;
use super::relocate::{Batch, Outcomes};
use super::select::Mode;
use crate::mail::Place;
use crate::mailbox::{MailboxError, Relocation, SpecialUse};
use std::collections::BTreeMap;

/// What Gmail says of messages, by UID; nothing of those on another server.
pub(super) type Labelled = BTreeMap<u32, Message>;

/// What Gmail says of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// X-GM-MSGID: the same in every folder.
    id: u64,
    /// Its labels, but for that of the open folder, as the server spells them.
    labels: Vec<Vec<u8>>,
}

impl ImapMailbox {
    pub(super) fn is_gmail(&self) -> bool {
        self.capabilities.has("X-GM-EXT-1")
    }

    /// Refuses folders that only show again what lies in others: what is taken from there is taken
    /// from everywhere, or from nowhere.
    pub(super) fn refuse_views(&mut self, folders: &[&str]) -> Result<(), MailboxError> {
        for folder in folders {
            if self.known()?.is_view(folder) {
                return Err(MailboxError::Refused {
                    folder: (*folder).to_owned(),
                    reason: "it shows the messages of other folders once more, so nothing is moved from there or to there"
                        .to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The labels of messages that are to be moved, in the open folder.
    pub(super) fn labels_before(&mut self, batch: &Batch<'_>) -> Result<Labelled, MailboxError> {
        match self.is_gmail() {
            true => self.labelled(batch.from, &batch.present),
            false => Ok(Labelled::new()),
        }
    }

    /// Finds in the target what the server did not tell the place of, by X-GM-MSGID.
    pub(super) fn find_by_id(
        &mut self,
        batch: &Batch<'_>,
        before: &Labelled,
        landed: &mut Landed,
    ) -> Result<(), MailboxError> {
        let untold = |uid: &&u32| landed.place(**uid).is_none();
        let lacking: Vec<u32> = batch.present.iter().filter(untold).copied().collect();
        if before.is_empty() || lacking.is_empty() {
            return Ok(());
        }
        let validity = self.select(batch.to, Mode::Read)?.validity;
        for uid in lacking {
            let Some(message) = before.get(&uid) else {
                continue;
            };
            let mut found = Vec::new();
            let command = Command::new(format!("UID SEARCH X-GM-MSGID {}", message.id));
            self.run(command, &mut |line| {
                found.extend(answer::found(line).unwrap_or_default());
            })?;
            if let [at] = found.as_slice() {
                landed.put(uid, validity, *at);
            }
        }
        Ok(())
    }

    /// Looks whether what was moved is the same message, and has lost the source's label and no
    /// other; takes the label off where the server left it. `left` was still seen in the source.
    pub(super) fn check_labels(
        &mut self,
        batch: &Batch<'_>,
        before: &Labelled,
        left: &[u32],
        outcomes: &mut Outcomes,
    ) -> Result<(), MailboxError> {
        let at = |outcome: &Relocation| match outcome {
            Relocation::Moved {
                to: Some(Place::Uid { uid, .. }),
                ..
            } => Some(*uid),
            _ => None,
        };
        let arrived: BTreeMap<u32, u32> = outcomes
            .iter()
            .filter_map(|(uid, outcome)| Some((*uid, at(outcome)?)))
            .filter(|(uid, _)| before.contains_key(uid))
            .collect();
        if arrived.is_empty() {
            return Ok(());
        }
        let (source, target) = (self.label(batch.from)?, self.label(batch.to)?);
        let places: Vec<u32> = arrived.values().copied().collect();
        self.select(batch.to, Mode::Read)?;
        let after = self.labelled(batch.to, &places)?;
        let mut keep = Vec::new();
        for (uid, at) in &arrived {
            let (Some(was), Some(is)) = (before.get(uid), after.get(at)) else {
                continue;
            };
            if was.id != is.id {
                outcomes.insert(*uid, Relocation::Gone);
                continue;
            }
            if is.has(&source) || left.contains(uid) {
                keep.push((*uid, *at));
            }
            let own = |label: &&Vec<u8>| !label.starts_with(b"\\") && **label != target;
            let lost = was.labels.iter().filter(own).filter(|label| !is.has(label));
            let lost: Vec<Vec<u8>> = lost.cloned().collect();
            if !lost.is_empty() {
                let note = self.relabel(batch.to, *at, &lost)?;
                if let Some(Relocation::Moved { notes, .. }) = outcomes.get_mut(uid) {
                    notes.push(note);
                }
            }
        }
        if keep.is_empty() {
            return Ok(());
        }
        self.take_off(batch, &keep, &source, outcomes)
    }

    /// Takes the source's label off messages in the target, and looks whether it went.
    fn take_off(
        &mut self,
        batch: &Batch<'_>,
        keep: &[(u32, u32)],
        source: &[u8],
        outcomes: &mut Outcomes,
    ) -> Result<(), MailboxError> {
        let (from, at): (Vec<u32>, Vec<u32>) = keep.iter().copied().unzip();
        self.select(batch.to, Mode::Write)?;
        let done = self.store_labels("-X-GM-LABELS.SILENT", &at, &[source.to_vec()])?;
        let after = self.labelled(batch.to, &at)?;
        self.select(batch.from, Mode::Read)?;
        let left = self.attributes_told(batch.from, &answer::set(&from))?;
        for (uid, at) in keep {
            let has_label = after.get(at).is_none_or(|is| is.has(source));
            if has_label || left.contains_key(uid) {
                let error = MailboxError::Refused {
                    folder: batch.from.to_owned(),
                    reason: format!(
                        "Gmail shows message {uid} in `{}`, but does not take the label `{}` off it ({}); it is in both",
                        batch.to,
                        String::from_utf8_lossy(source),
                        done.as_deref().unwrap_or("it says that it did")
                    ),
                };
                outcomes.insert(*uid, Relocation::Failed(error));
            } else if let Some(Relocation::Moved { notes, .. }) = outcomes.get_mut(uid) {
                notes.push(format!(
                    "the server left it in `{}` too: the label was taken off it",
                    batch.from
                ));
            }
        }
        Ok(())
    }

    /// Gives a message labels that it lost on the way; says how that went.
    fn relabel(&mut self, to: &str, at: u32, lost: &[Vec<u8>]) -> Result<String, MailboxError> {
        let shown: Vec<String> = lost
            .iter()
            .map(|label| crate::mailbox::names::decode(label))
            .collect();
        let shown = shown.join(", ");
        let special = self
            .known()?
            .find(to)
            .and_then(|known| known.folder.special);
        if matches!(special, Some(SpecialUse::Junk | SpecialUse::Trash)) {
            return Ok(format!(
                "Gmail takes labels off what goes to `{to}`: {shown}"
            ));
        }
        self.select(to, Mode::Write)?;
        let done = self.store_labels("+X-GM-LABELS.SILENT", &[at], lost)?;
        Ok(match done {
            None => format!("its labels were lost on the way and put back: {shown}"),
            Some(why) => format!("it lost its labels on the way: {shown} ({why})"),
        })
    }

    /// Whether just these can be expunged from a folder and live on under another label; if not,
    /// Gmail would throw them away.
    pub(super) fn refuse_last_label(
        &mut self,
        folder: &str,
        uids: &[u32],
    ) -> Result<(), MailboxError> {
        if !self.is_gmail() {
            return Ok(());
        }
        let labelled = self.labelled(folder, uids)?;
        let lives_on = |uid: &u32| labelled.get(uid).is_none_or(Message::has_another_folder);
        match uids.iter().all(lives_on) {
            true => Ok(()),
            false => Err(MailboxError::Refused {
                folder: folder.to_owned(),
                reason: "Gmail has the message under no other label, so removing it here would delete it; it stays".to_owned(),
            }),
        }
    }

    /// Adds or takes labels; says why where that was refused.
    fn store_labels(
        &mut self,
        how: &str,
        uids: &[u32],
        labels: &[Vec<u8>],
    ) -> Result<Option<String>, MailboxError> {
        let mut refused = None;
        for label in labels {
            let command = Command::new(format!("UID STORE {} {how}", answer::set(uids)));
            // Gmail's own labels are written as flags are.
            let command = match label.starts_with(b"\\") {
                true => command.words(&format!("({})", String::from_utf8_lossy(label))),
                false => command.string(label),
            };
            let done = self.run(command, &mut |_| {})?;
            if !done.is_ok() {
                refused = Some(done.reason());
            }
        }
        Ok(refused)
    }

    fn labelled(&mut self, folder: &str, uids: &[u32]) -> Result<Labelled, MailboxError> {
        let set = answer::set(uids);
        let command = Command::new(format!("UID FETCH {set} (UID X-GM-MSGID X-GM-LABELS)"));
        let mut all = Labelled::new();
        let completion = self.run(command, &mut |line| {
            let told = Message::parse(line).filter(|(uid, _)| uids.contains(uid));
            all.extend(told);
        })?;
        match completion.is_ok() {
            true => Ok(all),
            false => Err(completion.refusal(folder)),
        }
    }

    /// The label that a folder stands for.
    fn label(&mut self, folder: &str) -> Result<Vec<u8>, MailboxError> {
        let raw = self.known()?.spell(folder);
        let special = self
            .known()?
            .find(folder)
            .and_then(|known| known.folder.special);
        let own: &[u8] = match special {
            Some(SpecialUse::Inbox) => b"\\Inbox",
            Some(SpecialUse::Sent) => b"\\Sent",
            Some(SpecialUse::Drafts) => b"\\Draft",
            Some(SpecialUse::Trash) => b"\\Trash",
            Some(SpecialUse::Junk) => b"\\Spam",
            _ => &raw,
        };
        Ok(own.to_vec())
    }
}

impl Message {
    /// Reads `* 1 FETCH (UID 7 X-GM-MSGID 1278455344230334865 X-GM-LABELS ("\\Inbox" Work))`.
    fn parse(line: &[u8]) -> Option<(u32, Message)> {
        let values = values(line.strip_prefix(b"* ")?)?;
        let [_, word, attributes, ..] = values.as_slice() else {
            return None;
        };
        let attributes = attributes.list().filter(|_| word.is("FETCH"))?;
        let (mut uid, mut id, mut labels) = (None, None, None);
        let mut pairs = attributes.iter();
        while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
            if name.is("UID") {
                uid = value.number();
            } else if name.is("X-GM-MSGID") {
                id = value.number();
            } else if name.is("X-GM-LABELS") {
                labels = value.list().map(|list| {
                    let all = list.iter().filter_map(Value::bytes);
                    all.map(<[u8]>::to_vec).collect()
                });
            }
        }
        Some((
            uid?,
            Message {
                id: id?,
                labels: labels?,
            },
        ))
    }

    fn has(&self, label: &[u8]) -> bool {
        let same = |own: &Vec<u8>| match label.starts_with(b"\\") {
            true => own.eq_ignore_ascii_case(label),
            false => own == label,
        };
        self.labels.iter().any(same)
    }

    /// `\Important` and `\Starred` are marks, and not folders that keep a message.
    fn has_another_folder(&self) -> bool {
        let marks: [&[u8]; 2] = [b"\\Important", b"\\Starred"];
        let is_mark = |label: &Vec<u8>| marks.iter().any(|m| label.eq_ignore_ascii_case(m));
        self.labels.iter().any(|label| !is_mark(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_in_each_of_their_forms() {
        let (uid, message) = Message::parse(
            b"* 1 FETCH (X-GM-MSGID 1278455344230334865 X-GM-LABELS (\"\\\\Inbox\" \\Sent Important \"Muy Importante\" {4}\r\nM&A-) UID 11)",
        )
        .unwrap();
        assert_eq!((uid, message.id), (11, 1_278_455_344_230_334_865));
        for label in [
            "\\Inbox",
            "\\inbox",
            "\\Sent",
            "Important",
            "Muy Importante",
            "M&A-",
        ] {
            assert!(message.has(label.as_bytes()), "{label}");
        }
        assert!(!message.has(b"important"));
        for odd in [
            "",
            "* 1 FETCH (UID 11 X-GM-LABELS ())",
            "* 1 EXISTS",
            "* 1 FETCH (UID 11 X-GM-MSGID x X-GM-LABELS NIL)",
        ] {
            assert_eq!(Message::parse(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn marks_keep_no_message() {
        let message = |labels: &[&str]| Message {
            id: 1,
            labels: labels
                .iter()
                .map(|label| label.as_bytes().to_vec())
                .collect(),
        };
        assert!(!message(&["\\Important", "\\starred"]).has_another_folder());
        assert!(!message(&[]).has_another_folder());
        assert!(message(&["\\Important", "Missed spam"]).has_another_folder());
    }
}
