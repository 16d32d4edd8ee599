//! Submit: package what was moved, one package a category, and hand each over once. A package is
//! written down before it is sent, and one of which nobody knows whether it arrived is not sent
//! again.

use super::control::Control;
use super::desk::{Desk, JobError};
use super::event::{Event, Submitted};
use super::parcel::{self, Handed, Post};
use crate::mail::{Digest, Letter};
use crate::package::{self, Item, Spec};
use crate::settings::Sending;
use crate::store::{KeptSample, Package, SubmissionState, Way};
use crate::vendor::{Route, Vendor};
use crate::verdict::{Category, Purpose};
use jiff::Timestamp;
use std::sync::PoisonError;

impl Desk<'_> {
    /// Packages what was moved now, and what an earlier run moved and could not package, then
    /// hands over every package that is still to go.
    pub(super) fn submit(&mut self, moved: &[Digest], control: &Control) -> Result<(), JobError> {
        if self.work.account.delivery.send == Sending::Off {
            return Ok(());
        }
        let packing = self.work.shared.packing;
        let _alone = packing.lock().unwrap_or_else(PoisonError::into_inner);
        let owing = self.work.store.owing_sweeps(&self.work.name())?;
        let mut digests = moved.to_vec();
        for sweep in &owing {
            let moves = self.work.store.moves_of(*sweep)?.into_iter();
            let done = moves.filter(|done| done.state.stands());
            digests.extend(done.map(|done| done.digest));
        }
        let mut waiting = Vec::new();
        for package in self.waiting()? {
            match self.unfit(&package)? {
                Some(why) => self.withdraw(&package, &why)?,
                None => waiting.push(package),
            }
        }
        digests.extend(self.work.store.withdrawn(&self.work.name())?);
        let mut samples = self.unpackaged(&digests)?;
        if samples.is_empty() && waiting.is_empty() {
            return self.packaged(&owing);
        }
        let mut post = match self.post() {
            Ok(post) => post,
            Err(error) => {
                self.work.trouble(format!(
                    "{error}; what was moved is packaged and sent by the next run"
                ));
                return Ok(());
            }
        };
        let limit = match &mut post {
            Some(post) => post.outbox.limit()?,
            None => None,
        };
        let (large, waiting): (Vec<Package>, Vec<Package>) = waiting
            .into_iter()
            .partition(|package| self.is_too_large(package, limit));
        for package in large {
            let digests = self.work.store.packaged(package.id)?;
            self.withdraw(&package, "the server takes smaller letters now")?;
            samples.extend(self.unpackaged(&digests)?);
        }
        for package in waiting {
            if self.stops(control) {
                return Ok(());
            }
            self.hand_over(&package, post.as_mut())?;
        }
        for category in Category::ALL {
            let of_category: Vec<KeptSample> = samples
                .extract_if(.., |sample| sample.category == category)
                .collect();
            if !of_category.is_empty() {
                if self.stops(control) {
                    return Ok(());
                }
                self.submit_category(category, &of_category, limit, post.as_mut(), control)?;
            }
        }
        self.packaged(&owing)
    }

    /// Whether to leave what is still to go to the next run.
    fn stops(&mut self, control: &Control) -> bool {
        self.work.summary.stopped |= control.is_stopped();
        control.is_stopped()
    }

    fn packaged(&mut self, owing: &[i64]) -> Result<(), JobError> {
        self.work.store.forget_withdrawn(&self.work.name())?;
        owing
            .iter()
            .try_for_each(|sweep| Ok(self.work.store.set_owes(*sweep, false)?))
    }

    /// Why a package that waits must not go as it is, if so.
    fn unfit(&self, package: &Package) -> Result<Option<String>, JobError> {
        for digest in self.work.store.packaged(package.id)? {
            if self
                .work
                .store
                .correction(&package.account, &digest)?
                .is_some()
            {
                return Ok(Some(format!("message {} was put back", digest.short())));
            }
        }
        let is_there = package.path.exists();
        Ok((!is_there).then(|| "its zip is gone".to_owned()))
    }

    fn route(&self, vendor: &Vendor, purpose: Purpose) -> Option<Route> {
        parcel::route(vendor, purpose, self.work.account.delivery.send)
    }

    fn is_too_large(&self, package: &Package, limit: Option<u64>) -> bool {
        let vendor = &self.work.account.delivery.vendor;
        let route = self.route(vendor, package.purpose);
        vendor.id == package.vendor
            && matches!(route, Some(Route::Mail { .. }))
            && package.bytes > vendor.largest_zip(limit)
    }

    /// Takes a package back that was surely not taken by anyone; its messages can go in another.
    fn withdraw(&self, package: &Package, why: &str) -> Result<(), JobError> {
        log::info!("{}: not sent as it is: {why}", package.path.display());
        let state = SubmissionState::Withdrawn;
        Ok(self.work.store.set_submission(package.id, state, why)?)
    }

    /// The samples of these messages that stand in no package for the vendor, each once; none of
    /// what was put back since.
    fn unpackaged(&mut self, digests: &[Digest]) -> Result<Vec<KeptSample>, JobError> {
        let vendor = self.work.account.delivery.vendor.id.clone();
        let mut samples: Vec<KeptSample> = Vec::new();
        for digest in digests {
            let known = samples.iter().any(|sample| sample.digest == *digest);
            if known || self.work.store.is_packaged(&vendor, digest)? {
                continue;
            }
            let correction = self.work.store.correction(&self.work.name(), digest)?;
            if correction.is_some() {
                continue;
            }
            match self.work.store.sample(digest)? {
                Some(sample) => samples.push(sample),
                None => self.work.trouble(format!(
                    "message {} was moved, but its sample was purged: it is not packaged",
                    digest.short()
                )),
            }
        }
        Ok(samples)
    }

    /// Packages that were made and surely not taken yet.
    fn waiting(&self) -> Result<Vec<Package>, JobError> {
        let name = self.work.name();
        let mut waiting = self.work.store.packages_in(&name, SubmissionState::Ready)?;
        waiting.extend(
            self.work
                .store
                .packages_in(&name, SubmissionState::Failed)?,
        );
        // What was caught wrongly is sent, and sent again, by a person alone.
        waiting.retain(|package| package.purpose.category().is_some());
        Ok(waiting)
    }

    /// Where letters go; `None` in a dry run, which only shows them, and for the portal.
    fn post(&self) -> Result<Option<Post>, JobError> {
        if self.work.plan.is_rehearsal() {
            return Ok(None);
        }
        let delivery = &self.work.account.delivery;
        parcel::post(self.work.plan, delivery, &self.work.folders.outbox)
    }

    fn submit_category(
        &mut self,
        category: Category,
        samples: &[KeptSample],
        limit: Option<u64>,
        mut post: Option<&mut Post>,
        control: &Control,
    ) -> Result<(), JobError> {
        let delivery = &self.work.account.delivery;
        let vendor = delivery.vendor.clone();
        let Some(route) = self.route(&vendor, category.into()) else {
            self.work.trouble(format!(
                "{} takes no {category}: nothing was packaged of it",
                vendor.name
            ));
            return Ok(());
        };
        let (recipient, largest) = parcel::bounds(&vendor, &route, limit);
        let now = Timestamp::now();
        // Two runs on one day have different numbers; a dry run writes into a folder of its own.
        let day = parcel::day(now);
        let stem = format!("postsweep-{day}-{}-{category}", self.work.sweep);
        let items: Vec<Item> = samples
            .iter()
            .map(|sample| parcel::item(sample, self.work.kept_sample(&sample.digest)))
            .collect();
        let spec = Spec {
            password: vendor.password.clone(),
            cipher: delivery.cipher,
            largest,
            stem,
        };
        let built = package::build(&self.work.folders.packages, &items, &spec)?;
        for (digest, error) in built.left_out {
            self.work.trouble(format!(
                "message {} was not packaged: {error}",
                digest.short()
            ));
        }
        let parts = built.packages.len();
        let mut made = Vec::new();
        for (built, part) in built.packages.into_iter().zip(1..) {
            // Message-IDs are unique to a package, and the same at each try to send it.
            let mut package = Package {
                id: 0,
                sweep: self.work.sweep,
                account: self.work.name(),
                vendor: vendor.id.clone(),
                purpose: category.into(),
                letter: parcel::letter_id(&built.path, &built.digests),
                path: built.path,
                bytes: built.bytes,
                part: (part, parts),
                state: SubmissionState::Ready,
                recipient: recipient.clone(),
                way: None,
                written: None,
                answer: None,
                at: now,
            };
            package.id = self
                .work
                .store
                .together(|store| store.add_package(&package, &built.digests))?;
            self.work.summary.packages += 1;
            let rehearsal = self.work.plan.is_rehearsal();
            self.work.tell(Event::Packaged {
                category,
                path: (!rehearsal).then(|| package.path.clone()),
                password: vendor.password.clone(),
                messages: built.digests.len(),
                bytes: package.bytes,
                entries: built.entries,
                dry_run: rehearsal,
            });
            made.push(package);
        }
        for package in made {
            // The others wait for the next run.
            if self.stops(control) {
                break;
            }
            self.hand_over(&package, post.as_deref_mut())?;
        }
        Ok(())
    }

    /// Hands one package over, or shows what would be.
    fn hand_over(&mut self, package: &Package, post: Option<&mut Post>) -> Result<(), JobError> {
        let Some(category) = package.purpose.category() else {
            return Ok(());
        };
        // Whom it was made for, whatever the settings say now: another vendor could not open it.
        let Some(vendor) = self.work.plan.vendor(&package.vendor) else {
            self.work.trouble(format!(
                "{} is for vendor `{}`, which is not known any more: it is not sent; put the vendor's file \
                 back, or send it by hand",
                package.path.display(),
                package.vendor
            ));
            return Ok(());
        };
        let delivery = &self.work.account.delivery;
        let mut letter = parcel::stored_letter(&self.work.store, package, &vendor, delivery)?;
        let route = self.route(&vendor, package.purpose);
        if let Some(Route::Portal { url }) = &route {
            letter.to.clone_from(url);
        }
        let outcome = match (route, post) {
            _ if self.work.plan.is_rehearsal() => Submitted::WouldSend,
            (Some(Route::Mail { .. }), Some(post)) => match self.send(package, &letter, post)? {
                Some(path) if post.way == Way::Outbox => Submitted::Written(path),
                Some(answer) => Submitted::Sent(answer),
                None => return Ok(()),
            },
            (Some(Route::Portal { .. }), _) => {
                let zip = package.path.display().to_string();
                self.work
                    .store
                    .set_submission(package.id, SubmissionState::Sent, &zip)?;
                let how = vendor.portal().map(|portal| portal.how.clone());
                Submitted::ForPortal {
                    zip,
                    how: how.unwrap_or_default(),
                }
            }
            // Made for another way than the settings name now, which its vendor does not have.
            (Some(Route::Mail { .. }), None) | (None, _) => {
                self.work.trouble(format!(
                    "{} waits: {} does not take {} the way that `send` says now; set another, or send it by \
                     hand",
                    package.path.display(),
                    vendor.name,
                    category
                ));
                return Ok(());
            }
        };
        self.work.summary.submissions += 1;
        self.work.tell(Event::Submitted {
            category,
            vendor: vendor.name.clone(),
            to: letter.to,
            subject: letter.subject,
            body: letter.body,
            outcome,
        });
        Ok(())
    }

    /// Sends a letter once; `None` where it failed, which was told.
    fn send(
        &mut self,
        package: &Package,
        letter: &Letter,
        post: &mut Post,
    ) -> Result<Option<String>, JobError> {
        let handed = parcel::hand_over(&self.work.store, package.id, letter, post)?;
        let (error, next) = match handed {
            Handed::Taken(answer) => return Ok(Some(answer)),
            Handed::Elsewhere => return Ok(None),
            Handed::Failed(error) => (error, "the next run tries again"),
            Handed::Unknown(error) => (
                error,
                "whether it arrived is not known, so it is not sent again",
            ),
        };
        let path = package.path.display();
        self.work.trouble(format!(
            "{path} was not sent to {}: {error}; {next}",
            letter.to
        ));
        Ok(None)
    }
}
