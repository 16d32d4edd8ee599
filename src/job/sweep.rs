//! Sweep: what is new in each folder is judged, and a sample of each hit is kept. Nothing is moved
//! here but what a person asks for while it runs.

use super::control::{Control, Gap, Request};
use super::deliver::Then;
use super::desk::{Desk, JobError};
use super::event::Event;
use crate::mail::Digest;
use crate::mailbox::Entry;
use crate::store::Judged;

impl Desk<'_> {
    /// Sweeps every folder of the account. Ends early where a stop was asked for.
    pub(super) fn sweep(&mut self, control: &Control) -> Result<(), JobError> {
        self.work.swept = true;
        let read = self.steadily(control, |desk| desk.read_sent(control));
        self.work.absorb(read)?;
        for folder in self.work.account.account.folders.clone() {
            let swept = self.sweep_steadily(control, &folder);
            self.work.absorb(swept)?;
            if self.work.summary.stopped {
                break;
            }
        }
        Ok(())
    }

    /// Serves what was asked for in the gap between two steps; returns whether to go on.
    pub(super) fn gap(&mut self, control: &Control) -> Result<bool, JobError> {
        // Whatever the listener asked for when it heard of the last step comes before the next.
        self.work.await_listener();
        loop {
            let name = self.work.name();
            let (number, request) = match control.next(&name, &mut self.work.offered) {
                Gap::GoOn => return Ok(true),
                Gap::Stop => {
                    self.work.summary.stopped = true;
                    return Ok(false);
                }
                Gap::Offer(number, request) => (number, request),
            };
            let served = self.serve(control, number, &request);
            self.work.absorb(served)?;
        }
    }

    /// Does what this account can of a request.
    fn serve(
        &mut self,
        control: &Control,
        number: usize,
        request: &Request,
    ) -> Result<(), JobError> {
        let name = self.work.name();
        let mut own: Vec<Digest> = Vec::new();
        for digest in request.digests() {
            let store = &self.work.store;
            // A hit of an earlier run is as good as one of this.
            let is_hit = self.work.pending.contains_key(digest)
                || match request {
                    Request::Undo(_) | Request::UndoTo(..) => {
                        !store.moves_of_message(&name, digest)?.is_empty()
                    }
                    Request::Deliver(_) | Request::MoveFrom(..) => {
                        store.hit(&name, digest)?.is_some()
                    }
                };
            if is_hit {
                own.push(*digest);
            }
        }
        control.take(number, &own);
        match request {
            _ if own.is_empty() => Ok(()),
            Request::Deliver(_) => self.deliver_chosen(&own, None, Then::Submit, control),
            Request::MoveFrom(folder, _) => {
                self.deliver_chosen(&own, Some(folder), Then::Nothing, control)
            }
            Request::Undo(_) => self.undo_chosen(&own, None, control),
            Request::UndoTo(folder, _) => self.undo_chosen(&own, Some(folder), control),
        }
    }

    pub(super) fn sweep_folder(&mut self, control: &Control, folder: &str) -> Result<(), JobError> {
        if !self.gap(control)? {
            return Ok(());
        }
        let target = self.work.account.account.move_to.clone();
        if self.mailbox.is_same(folder, &target)? {
            self.work.trouble(format!(
                "folder `{folder}` is where hits are moved to, so it is not swept: take it out of \
                 `folders`, or set `move-to` to another folder"
            ));
            return Ok(());
        }
        if self.is_view(folder)? {
            return Ok(());
        }
        let news = self.news(control, folder)?;
        let messages = news.known + news.new.len();
        self.work.summary.seen += messages;
        // Those that were judged again were counted as judged.
        let again = std::mem::take(&mut self.work.rejudged);
        self.work.summary.known += news.known.saturating_sub(again);
        let account = self.work.name();
        self.work.tell(Event::Folder {
            account,
            folder: folder.to_owned(),
            messages,
            new: news.new.len(),
            bytes: news.new.iter().map(|entry| entry.size).sum(),
        });
        self.known_hits(folder, news.hits)?;
        let troubles = self.work.summary.troubles;
        let all = self.judge_new(control, folder, news.new)?;
        if news.is_whole && !control.is_stopped() {
            self.work
                .store
                .forget_other_rules(&self.work.name(), folder, &self.work.rules)?;
        }
        if let Some(read) = news.read
            && all
            && self.work.summary.troubles == troubles
        {
            self.work.reads.end(folder, read);
        }
        Ok(())
    }

    /// Hits that were found before and are still there: held, or not delivered yet.
    fn known_hits(&mut self, folder: &str, hits: Vec<(Entry, Judged)>) -> Result<(), JobError> {
        for (entry, judged) in hits {
            let Some(brief) = judged.brief else { continue };
            let mut verdict = judged.verdict;
            verdict.turn(self.work.plan.judge.level());
            let pending = self
                .work
                .pending_for(folder, &entry, judged.digest, brief, verdict);
            let considered = self.consider(pending);
            self.work.absorb(considered)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
