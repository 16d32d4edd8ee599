//! Serving a person's requests without a sweep: hits of earlier sweeps are moved, and messages put
//! back, over a connection that is opened for it. Journalled and taken back as those of any sweep.

use super::accounts::each_account;
use super::control::{Control, Request};
use super::deliver::{By, Then};
use super::desk::{Desk, JobError};
use super::event::{Event, Summary};
use super::hit::Pending;
use super::journal::none_if_absent;
use super::known::known;
use super::plan::Plan;
use crate::mail::{Digest, Place};
use crate::store::MoveState;
use std::collections::{BTreeMap, BTreeSet};

/// Opens the accounts that the requests are about, does what is asked, and ends. What is of no
/// account is told.
pub fn serve(
    plan: &Plan,
    requests: Vec<Request>,
    control: &Control,
    on: &mut dyn FnMut(Event),
) -> Summary {
    let mut summary = Summary {
        dry_run: plan.is_rehearsal(),
        ..Summary::default()
    };
    let sorted = match sort_out(plan, requests) {
        Ok(sorted) => sorted,
        Err(error) => Sorted {
            troubles: vec![error.to_string()],
            ..Sorted::default()
        },
    };
    for says in sorted.troubles {
        summary.troubles += 1;
        on(Event::Trouble {
            account: None,
            says,
        });
    }
    if sorted.accounts.is_empty() {
        on(Event::Summary(summary.clone()));
        return summary;
    }
    for request in sorted.requests {
        control.ask(request);
    }
    let concerned = plan
        .accounts
        .iter()
        .filter(|plan| sorted.accounts.contains(&plan.account.name));
    let mut tell = |event| match event {
        Event::Summary(mut all) => {
            all.troubles += summary.troubles;
            on(Event::Summary(all));
        }
        event => on(event),
    };
    let mut done = each_account(plan, concerned, control, &mut tell, |desk| {
        desk.steadily(control, Desk::settle)?;
        desk.steadily(control, Desk::search_target)?;
        desk.gap(control).map(|_| ())
    });
    done.troubles += summary.troubles;
    done
}

/// Requests for accounts of the plan.
#[derive(Default)]
struct Sorted {
    requests: Vec<Request>,
    accounts: BTreeSet<String>,
    troubles: Vec<String>,
}

fn sort_out(plan: &Plan, requests: Vec<Request>) -> Result<Sorted, JobError> {
    let mut sorted = Sorted::default();
    let known = known(&plan.places)?;
    let is_planned = |name: &String| plan.accounts.iter().any(|of| of.account.name == *name);
    for request in requests {
        let mut digests = Vec::new();
        for digest in request.digests() {
            let accounts = match &known {
                Some(known) => known.store.accounts_of(digest)?,
                None => Vec::new(),
            };
            if accounts.is_empty() {
                let unknown = JobError::Unknown(digest.short());
                sorted.troubles.push(unknown.to_string());
                continue;
            }
            let gone = accounts.join("`, `");
            let planned: Vec<String> = accounts.into_iter().filter(is_planned).collect();
            if planned.is_empty() {
                sorted.troubles.push(format!(
                    "message {} is of account `{gone}`, which is not in the settings any more",
                    digest.short()
                ));
                continue;
            }
            sorted.accounts.extend(planned);
            digests.push(*digest);
        }
        if !digests.is_empty() {
            sorted.requests.push(request.with(digests));
        }
    }
    Ok(sorted)
}

impl Desk<'_> {
    /// Moves the hits that a person chose, held ones too: they were asked for by name. Where a
    /// `folder` is given, only what lies there.
    pub(super) fn deliver_chosen(
        &mut self,
        digests: &[Digest],
        folder: Option<&str>,
        then: Then,
        control: &Control,
    ) -> Result<(), JobError> {
        let is_meant = |of: &str| is_meant(folder, of);
        let (mut chosen, mut earlier) = (Vec::new(), Vec::new());
        for digest in digests {
            let found = self.work.pending.get(digest).into_iter().flatten();
            let mut meant = found.filter(|found| is_meant(&found.hit.at.folder));
            match meant.next() {
                Some(first) => chosen.extend(std::iter::once(first).chain(meant).cloned()),
                None => earlier.push(*digest),
            }
        }
        if !earlier.is_empty() {
            let found = self.steadily(control, |desk| desk.find_earlier(&earlier, folder))?;
            chosen.extend(found);
        }
        self.deliver(chosen, By::Request, then, control)
    }

    /// Hits of earlier sweeps, as they lie now; of those that are not to be found it is told.
    fn find_earlier(
        &mut self,
        digests: &[Digest],
        only: Option<&str>,
    ) -> Result<Vec<Pending>, JobError> {
        let name = self.work.name();
        let mut by_folder: BTreeMap<String, Vec<(Place, Digest)>> = BTreeMap::new();
        for digest in digests {
            for (folder, place) in self.work.store.places_of_hit(&name, digest)? {
                if !is_meant(only, &folder) {
                    continue;
                }
                by_folder.entry(folder).or_default().push((place, *digest));
            }
        }
        let target = self.work.account.account.move_to.clone();
        let mut found: Vec<Pending> = Vec::new();
        for (folder, wanted) in by_folder {
            if self.mailbox.is_same(&folder, &target)? {
                continue;
            }
            let places: Vec<Place> = wanted.iter().map(|(place, _)| place.clone()).collect();
            for entry in none_if_absent(self.mailbox.look(&folder, &places))? {
                let of_place = wanted.iter().find(|(place, _)| *place == entry.place);
                let Some((_, digest)) = of_place else {
                    continue;
                };
                found.extend(self.work.earlier(&folder, &entry, digest)?);
            }
        }
        for digest in digests {
            if !found.iter().any(|pending| pending.hit.sha256 == *digest) {
                found.extend(self.search_earlier(digest, only)?);
            }
        }
        Ok(found)
    }

    /// One that does not lie where it was seen last: put back to where nobody told, or gone.
    fn search_earlier(
        &mut self,
        digest: &Digest,
        only: Option<&str>,
    ) -> Result<Option<Pending>, JobError> {
        let name = self.work.name();
        let mut moves = self.work.store.moves_of_message(&name, digest)?;
        moves.retain(|row| is_meant(only, &row.source));
        let last = moves.into_iter().next_back();
        if let Some(back) = last.as_ref().filter(|row| row.state == MoveState::Undone)
            && let Some(entry) = self.locate(&back.source, back.target_place.as_ref(), back)?
        {
            return self.work.earlier(&back.source, &entry, digest);
        }
        match (last, self.work.store.hit(&self.work.name(), digest)?) {
            (Some(done), _) if done.state.stands() => {
                let account = self.work.name();
                self.work.tell(Event::Settled {
                    sha256: *digest,
                    account,
                    says: format!("{} was moved to `{}` before", done.name(), done.target),
                });
            }
            (_, Some(hit)) => {
                self.tell_gone(
                    digest,
                    &format!("{}: {}", hit.brief.from, hit.brief.subject),
                    // It may lie in another folder, where nobody asked for it.
                    only.unwrap_or(&hit.folder),
                );
            }
            (_, None) => self.work.trouble(JobError::Unknown(digest.short())),
        }
        Ok(None)
    }
}

/// Whether what lies in a folder is asked for; where no folder is named, it always is.
pub(super) fn is_meant(only: Option<&str>, folder: &str) -> bool {
    only.is_none_or(|only| only == folder)
}
