//! Which threads the owner takes part in: the Message-IDs of what they sent, read from the
//! headers of the Sent folder, a little further at each sweep.

use super::control::Control;
use super::desk::{Desk, JobError};
use crate::mail::{Coverage, Message};
use crate::mailbox::{Part, SpecialUse};
use std::ops::ControlFlow;

/// The newest messages that are read in one sweep; a first one need not read twenty years.
const MOST_READ: usize = 2_000;
/// Headers in one batch.
const BATCH: usize = 250;

impl Desk<'_> {
    /// Reads the headers of sent messages that were not read before.
    pub(super) fn read_sent(&mut self, control: &Control) -> Result<(), JobError> {
        let folders = self.mailbox.folders()?;
        let is_sent = |folder: &&crate::mailbox::Folder| {
            folder.special == Some(SpecialUse::Sent) && folder.selectable
        };
        for folder in folders.iter().filter(is_sent) {
            self.read_sent_folder(control, &folder.name)?;
        }
        Ok(())
    }

    fn read_sent_folder(&mut self, control: &Control, folder: &str) -> Result<(), JobError> {
        let name = self.work.name();
        let known = self.work.store.sent_places(&name, folder)?;
        let mut entries = self.mailbox.list(folder)?;
        entries.reverse();
        entries.truncate(MOST_READ);
        entries.retain(|entry| !known.contains(&entry.place));
        for batch in entries.chunks(BATCH) {
            if control.is_stopped() {
                return Ok(());
            }
            let mut sent = Vec::new();
            let reading = &self.work.account.reading;
            self.mailbox
                .fetch(folder, batch, Part::Headers, &mut |fetched| {
                    let total = fetched.bytes.len() as u64;
                    let headers =
                        Message::parse(fetched.bytes, Coverage::Partial { total }, reading);
                    sent.push((fetched.place, headers.message_id));
                    ControlFlow::Continue(())
                })?;
            self.work.store.together(|store| {
                sent.iter()
                    .try_for_each(|(place, id)| store.set_sent(&name, folder, place, id.as_deref()))
            })?;
        }
        Ok(())
    }
}
