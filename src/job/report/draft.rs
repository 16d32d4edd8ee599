//! The draft of a report: the zips are made, in a folder of their own that goes with the draft, and
//! the letters are written, so that what is shown is what will leave, to the byte. Nothing is
//! written down and nothing leaves.

use super::{Candidate, Leaves, ReportError, ReportedBefore, Take, Text, Wish, delivery};
use crate::job::desk::{JobError, make_private};
use crate::job::judging::brief_of;
use crate::job::known::known;
use crate::job::parcel;
use crate::job::plan::{Delivery, Plan};
use crate::mail::{Coverage, Digest, Letter, Message};
use crate::outbox;
use crate::package::{self, Spec};
use crate::sample;
use crate::settings::{Security, Sending};
use crate::store::{KeptSample, Package, Store, SubmissionState};
use crate::vendor::Route;
use crate::verdict::Purpose;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What is read of a sample to name it: its header, with some room.
const HEADER: u64 = 256 << 10;
/// The most drafts of the same messages on one day.
const MOST_DRAFTS: usize = 10_000;

/// A report, drawn up.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The account.
    pub account: String,
    /// The vendor's id.
    pub vendor: String,
    /// The vendor's name for people.
    pub vendor_name: String,
    /// The vendor's page for uploads, and what to choose there.
    pub portal: Option<(String, String)>,
    /// The password of the zips.
    pub password: String,
    /// How letters leave.
    pub leaves: Leaves,
    /// Every message that was chosen, newest first.
    pub samples: Vec<DraftSample>,
    /// What will leave, by purpose.
    pub letters: Vec<DraftLetter>,
    pub(super) wish: Wish,
    /// The zips; removed with the last copy of the draft.
    pub(super) _folder: Arc<TempDir>,
}

/// One chosen message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSample {
    /// What was chosen.
    pub chosen: Candidate,
    /// The subject, made safe to show.
    pub subject: String,
    /// The sender's address, made safe to show.
    pub sender: String,
    /// The From domain.
    pub sender_domain: String,
    /// When the mailbox received it.
    pub date: Option<Timestamp>,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it goes, or why not.
    pub standing: Standing,
    /// When it was reported as the same before.
    pub reported: Option<ReportedBefore>,
}

/// Whether a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It goes.
    Goes,
    /// A person left it out.
    LeftOut,
    /// It was reported as the same before.
    Reported,
    /// It cannot go, and why.
    Cannot(String),
}

/// One e-mail as it will leave, or one zip for the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLetter {
    /// What its messages are.
    pub purpose: Purpose,
    /// Whether it goes by e-mail, or by hand to the portal.
    pub route: Route,
    /// From whom, to whom, subject, text and the zip.
    pub letter: Letter,
    /// Which of how many of the same purpose, from 1.
    pub part: (usize, usize),
    /// The zip's size.
    pub zip_bytes: u64,
    /// The size of the whole e-mail as it is sent; `None` for a portal.
    pub bytes: Option<u64>,
    /// The most bytes that are taken: of the e-mail, or of the upload.
    pub limit: u64,
    /// The files in the zip, and the messages that they are.
    pub entries: Vec<(String, Digest)>,
}

impl DraftLetter {
    /// Whether it leaves by e-mail.
    pub fn is_mail(&self) -> bool {
        matches!(self.route, Route::Mail { .. })
    }

    /// The zip's name for the recipient.
    pub fn zip_name(&self) -> &str {
        let first = self.letter.enclosures.first();
        first.map_or("", |enclosure| enclosure.name.as_str())
    }

    /// What it says as it stands.
    pub fn text(&self) -> Text {
        Text {
            subject: self.letter.subject.clone(),
            body: self.letter.body.clone(),
        }
    }
}

impl Draft {
    /// The letters that leave by e-mail.
    pub fn mails(&self) -> impl Iterator<Item = (usize, &DraftLetter)> {
        let letters = self.letters.iter().enumerate();
        letters.filter(|(_, letter)| letter.is_mail() && self.leaves != Leaves::ByHand)
    }

    /// Where samples of a purpose go: an address or a page; `None` where nothing of it goes.
    pub fn to(&self, purpose: Purpose) -> Option<&str> {
        let mut letters = self.letters.iter();
        let first = letters.find(|letter| letter.purpose == purpose)?;
        Some(&first.letter.to)
    }
}

/// Draws a report up. Reads samples and the store, makes the zips, and changes nothing.
pub fn draft(plan: &Plan, chosen: &[Candidate], wish: &Wish) -> Result<Draft, ReportError> {
    let delivery = delivery(plan, wish)?;
    let data = &plan.places.data_dir;
    let drafts = data.join("drafts");
    make_private(&drafts)?;
    let folder = tempfile::Builder::new()
        .prefix("draft-")
        .tempdir_in(&drafts);
    let folder = folder.map_err(|source| JobError::File {
        path: drafts.clone(),
        source,
    })?;
    let held = known(&plan.places)?.ok_or(ReportError::NothingSwept)?;
    let store = &held.store;
    let vendor = delivery.vendor.clone();
    let mut samples = Vec::new();
    let mut going: HashMap<Purpose, Vec<KeptSample>> = HashMap::new();
    let looked = chosen
        .iter()
        .map(|chosen| look(plan, store, &delivery, chosen));
    let mut looked = looked.collect::<Result<Vec<_>, _>>()?;
    // Whatever order they were chosen in: a person finds one by when it came.
    looked.sort_by_key(|(sample, _)| (Reverse(sample.date), sample.chosen.digest));
    for (sample, kept) in looked {
        if let (Standing::Goes, Some(kept)) = (&sample.standing, kept) {
            going.entry(sample.chosen.purpose).or_default().push(kept);
        }
        samples.push(sample);
    }
    let mut draft = Draft {
        account: wish.account.clone(),
        vendor: vendor.id.clone(),
        vendor_name: vendor.name.clone(),
        portal: vendor
            .portal()
            .map(|portal| (portal.url.clone(), portal.how.clone())),
        password: vendor.password.clone(),
        leaves: leaves(plan, &delivery),
        samples,
        letters: Vec::new(),
        wish: wish.clone(),
        _folder: Arc::new(folder),
    };
    for purpose in Purpose::ALL {
        if let Some(kept) = going.get(&purpose) {
            draft.pack(plan, store, &delivery, purpose, kept)?;
        }
    }
    Ok(draft)
}

/// How letters of an account leave.
pub(super) fn leaves(plan: &Plan, delivery: &Delivery) -> Leaves {
    match (delivery.send, &plan.outgoing) {
        (Sending::Smtp, Some(server)) => Leaves::Smtp {
            server: server.host.clone(),
            encrypted: server.security != Security::None,
        },
        (Sending::Outbox, _) => Leaves::Outbox(plan.places.data_dir.join("outbox")),
        _ => Leaves::ByHand,
    }
}

/// What is known of a chosen message, and whether it goes.
fn look(
    plan: &Plan,
    store: &Store,
    delivery: &Delivery,
    chosen: &Candidate,
) -> Result<(DraftSample, Option<KeptSample>), ReportError> {
    let path = sample::path(&plan.places.data_dir.join("samples"), &chosen.digest);
    let vendor = &delivery.vendor;
    let reported = store.package_with(&vendor.id, &chosen.digest, chosen.purpose)?;
    let reported = reported.map(|package| ReportedBefore {
        at: package.at,
        package: package.id,
        to: package.recipient,
        way: package.way,
        state: package.state,
    });
    let mut sample = DraftSample {
        chosen: *chosen,
        subject: String::new(),
        sender: String::new(),
        sender_domain: String::new(),
        date: None,
        size: 0,
        standing: match (chosen.take, &reported) {
            (Take::No, None) => Standing::LeftOut,
            (Take::No | Take::Once, Some(_)) => Standing::Reported,
            _ => Standing::Goes,
        },
        reported,
    };
    let read = File::open(&path).and_then(|file| {
        let mut head = Vec::new();
        let size = file.metadata()?.len();
        file.take(HEADER).read_to_end(&mut head)?;
        Ok((head, size))
    });
    let (head, size) = match read {
        Ok(read) => read,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            sample.standing = Standing::Cannot(
                "its original is not kept here: move the message, or sweep it again".to_owned(),
            );
            return Ok((sample, None));
        }
        Err(error) => {
            sample.standing = Standing::Cannot(format!("{}: {error}", path.display()));
            return Ok((sample, None));
        }
    };
    let coverage = match size > HEADER {
        true => Coverage::Partial { total: size },
        false => Coverage::Whole,
    };
    let brief = brief_of(&Message::parse(
        head,
        coverage,
        &crate::mail::Reading::default(),
    ));
    let known = store.sample(&chosen.digest)?;
    sample.subject = brief.subject;
    sample.sender = brief.from;
    sample.size = size;
    sample.date = known.as_ref().and_then(|known| known.date);
    sample.sender_domain = brief.sender_domain.clone();
    if sample.standing == Standing::Goes
        && parcel::route(vendor, chosen.purpose, delivery.send).is_none()
    {
        sample.standing = Standing::Cannot(format!("{} takes none of this kind", vendor.name));
    }
    let kept = KeptSample {
        digest: chosen.digest,
        size,
        date: sample.date,
        sender_domain: brief.sender_domain,
        // Not looked at: the purpose says where it goes.
        category: chosen
            .purpose
            .category()
            .unwrap_or(crate::verdict::Category::Spam),
    };
    Ok((sample, Some(kept)))
}

impl Draft {
    /// Packs the samples of one purpose, and writes the letters that go with them.
    fn pack(
        &mut self,
        plan: &Plan,
        store: &Store,
        delivery: &Delivery,
        purpose: Purpose,
        kept: &[KeptSample],
    ) -> Result<(), ReportError> {
        let vendor = &delivery.vendor;
        let Some(route) = parcel::route(vendor, purpose, delivery.send) else {
            return Ok(());
        };
        let data = &plan.places.data_dir;
        let (to, largest) = parcel::bounds(vendor, &route, self.wish.server_limit);
        let samples = data.join("samples");
        let items: Vec<_> = kept
            .iter()
            .map(|kept| parcel::item(kept, sample::path(&samples, &kept.digest)))
            .collect();
        let now = Timestamp::now();
        let spec = Spec {
            password: vendor.password.clone(),
            cipher: delivery.cipher,
            largest,
            stem: free_stem(store, &data.join("packages"), now, purpose)?,
        };
        let built = package::build(self._folder.path(), &items, &spec).map_err(JobError::from)?;
        for (digest, error) in built.left_out {
            let samples = self.samples.iter_mut();
            let mut of_it = samples.filter(|known| known.chosen.purpose == purpose);
            if let Some(sample) = of_it.find(|known| known.chosen.digest == digest) {
                sample.standing = Standing::Cannot(error.to_string());
            }
        }
        let parts = built.packages.len();
        for (built, part) in built.packages.into_iter().zip(1..) {
            let package = Package {
                id: 0,
                sweep: 0,
                account: self.account.clone(),
                vendor: vendor.id.clone(),
                purpose,
                letter: parcel::letter_id(&built.path, &built.digests),
                path: built.path,
                bytes: built.bytes,
                part: (part, parts),
                state: SubmissionState::Ready,
                recipient: to.clone(),
                way: None,
                written: None,
                answer: None,
                at: now,
            };
            let dates = kept
                .iter()
                .filter(|kept| built.digests.contains(&kept.digest));
            let dates: Vec<Timestamp> = dates.filter_map(|kept| kept.date).collect();
            let span = dates.iter().min().copied().zip(dates.iter().max().copied());
            let mut letter = parcel::letter(&package, vendor, delivery, built.digests.len(), span);
            letter.to.clone_from(&to);
            let is_mail = matches!(route, Route::Mail { .. }) && !letter.from.is_empty();
            let bytes = match is_mail {
                true => Some(outbox::size(&letter).map_err(JobError::from)?),
                false => None,
            };
            let limit = match &route {
                Route::Mail { .. } => {
                    let server = self.wish.server_limit.unwrap_or(u64::MAX);
                    vendor.largest_mail().min(server)
                }
                Route::Portal { .. } => largest,
            };
            self.letters.push(DraftLetter {
                purpose,
                route: route.clone(),
                letter,
                part: (part, parts),
                zip_bytes: built.bytes,
                bytes,
                limit,
                entries: built.entries.into_iter().zip(built.digests).collect(),
            });
        }
        Ok(())
    }
}

/// A name for the zips of one purpose that no package has or had.
fn free_stem(
    store: &Store,
    packages: &Path,
    now: Timestamp,
    purpose: Purpose,
) -> Result<String, ReportError> {
    let day = parcel::day(now);
    let mut taken: Vec<String> = Vec::new();
    if let Ok(listing) = std::fs::read_dir(packages) {
        let names = listing.flatten().map(|entry| entry.file_name());
        taken.extend(names.map(|name| name.to_string_lossy().into_owned()));
    }
    let stem = |number: usize| format!("postsweep-{day}-report{number}-{purpose}");
    for number in 1..MOST_DRAFTS {
        let stem = stem(number);
        if !taken.iter().any(|name| name.starts_with(&stem)) && !store.has_letters_of(&stem)? {
            return Ok(stem);
        }
    }
    Ok(stem(MOST_DRAFTS))
}
