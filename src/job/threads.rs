//! Which threads the owner takes part in, and to whom they write: read from the headers of the Sent
//! folder, a little further at each sweep.

use super::control::Control;
use super::desk::{Desk, JobError, Work};
use crate::checks::{Context, Correspondence};
use crate::mail::{Coverage, Message};
use crate::mailbox::{Mark, Part, SpecialUse, Survey};
use crate::store::{ReadFolder, Reader};
use std::ops::ControlFlow;
use std::sync::Arc;

/// The newest messages that are read in one sweep; a first one need not read twenty years.
const MOST_READ: usize = 2_000;

impl Desk<'_> {
    /// Reads the headers of sent messages that were not read before.
    pub(super) fn read_sent(&mut self, control: &Control) -> Result<(), JobError> {
        self.work.context = None;
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
        let store = &self.work.store;
        let kept = store.read_folder(&name, folder, Reader::Sent)?;
        let since = kept.map(|kept| Mark(kept.mark));
        let (messages, mut entries, mark) = match self.mailbox.survey(folder, since.as_ref())? {
            Survey::Same { .. } => return Ok(()),
            Survey::Changed {
                messages,
                entries,
                mark,
            } => (messages, entries, Some(mark)),
            Survey::Whole { entries, mark } => (entries.len(), entries, mark),
        };
        entries.reverse();
        entries.truncate(MOST_READ);
        let places = entries.iter().map(|entry| &entry.place);
        let known = store.sent_among(&name, folder, places)?;
        entries.retain(|entry| !known.contains(&entry.place));
        let mut sent = Vec::new();
        let reading = &self.work.account.reading;
        let fetched = self
            .mailbox
            .fetch(folder, &entries, Part::Headers, &mut |fetched| {
                let total = fetched.bytes.len() as u64;
                let headers = Message::parse(fetched.bytes, Coverage::Partial { total }, reading);
                sent.push((
                    fetched.place,
                    headers.message_id.clone(),
                    recipients(&headers),
                ));
                match control.is_stopped() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        let mark = mark.filter(|_| fetched.is_ok() && sent.len() == entries.len());
        self.work.store.together(|store| {
            for (place, id, to) in &sent {
                store.set_sent(&name, folder, place, id.as_deref(), to)?;
            }
            let Some(Mark(mark)) = mark else {
                return Ok(());
            };
            let read = ReadFolder {
                mark,
                messages,
                ..ReadFolder::default()
            };
            store.set_read_folder(&name, folder, Reader::Sent, &read)
        })?;
        Ok(fetched?)
    }
}

impl Work<'_> {
    /// What checks may know of the owner, whom they write to included. Put together when a message
    /// is first judged: most sweeps find nothing new.
    pub(super) fn context(&mut self) -> Result<Arc<Context>, JobError> {
        if let Some(context) = &self.context {
            return Ok(Arc::clone(context));
        }
        let (sent, people) = self.store.correspondence(&self.name())?;
        let context = Arc::new(Context {
            correspondence: Arc::new(Correspondence { sent, people }),
            ..self.plan.judge.context(Some(&self.account.account))
        });
        self.context = Some(Arc::clone(&context));
        Ok(context)
    }
}

/// The addresses that a message was written to. Of one that went to a crowd nobody is known by it.
fn recipients(headers: &Message) -> Vec<String> {
    const CROWD: usize = 50;
    let to = || headers.to.iter().chain(&headers.cc);
    let all = to().filter(|to| !to.domain.is_empty());
    match to().count() > CROWD {
        true => Vec::new(),
        false => all.map(|to| to.address().to_lowercase()).collect(),
    }
}
