//! Parcel: what every package and its letter have in common, whoever asks for them: how it goes
//! to its vendor, what the letter says, and that it is handed over once. `submit` does it for a
//! sweep, `report` for a person.

use super::desk::{JobError, make_private};
use super::plan::{Delivery, Plan};
use crate::mail::{Digest, Enclosure, Letter};
use crate::outbox::{Outbox, OutboxError, folder::FolderOutbox, smtp::SmtpOutbox};
use crate::package::Item;
use crate::settings::{Sending, secret};
use crate::store::{KeptSample, Package, Store, SubmissionState, Way};
use crate::vendor::{Facts, Route, Vendor};
use crate::verdict::Purpose;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// How samples reach a vendor: as its file says, or by its portal where the settings say so.
pub(super) fn route(vendor: &Vendor, purpose: Purpose, send: Sending) -> Option<Route> {
    let portal = vendor.portal().map(|portal| Route::Portal {
        url: portal.url.clone(),
    });
    match send {
        Sending::Portal => portal,
        _ => vendor.route(purpose).cloned(),
    }
}

/// Whom a package goes to by this route, and the most bytes that its zip may have; `limit` is the
/// server's.
pub(super) fn bounds(vendor: &Vendor, route: &Route, limit: Option<u64>) -> (String, u64) {
    match route {
        Route::Mail { to } => (to.clone(), vendor.largest_zip(limit)),
        Route::Portal { url } => {
            let largest = vendor.portal().map(|portal| portal.largest);
            (
                url.clone(),
                largest.unwrap_or_else(|| vendor.largest_zip(None)),
            )
        }
    }
}

/// A sample as it is packed.
pub(super) fn item(sample: &KeptSample, path: PathBuf) -> Item {
    Item {
        digest: sample.digest,
        path,
        size: sample.size,
        date: sample.date,
        sender_domain: sample.sender_domain.clone(),
    }
}

/// The day in a package's name.
pub(super) fn day(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).strftime("%Y%m%d").to_string()
}

/// A name for a letter that no other package has: of the file and the messages in it.
pub(super) fn letter_id(path: &Path, digests: &[Digest]) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let messages: String = digests.iter().map(Digest::to_string).collect();
    format!("{stem}-{}", Digest::of(messages.as_bytes()).short())
}

/// The letter that goes with a package of so many messages, received in this span.
pub(super) fn letter(
    package: &Package,
    vendor: &Vendor,
    delivery: &Delivery,
    samples: usize,
    span: Option<(Timestamp, Timestamp)>,
) -> Letter {
    let facts = Facts {
        from: delivery.from.clone().unwrap_or_default(),
        facts: delivery.facts.clone(),
        samples,
        part: package.part,
        password: vendor.password.clone(),
        id: package.letter.clone(),
        date: package.at,
        span,
    };
    let name = package.path.file_name().unwrap_or_default();
    let enclosure = Enclosure {
        name: name.to_string_lossy().into_owned(),
        media_type: "application/zip".into(),
        path: package.path.clone(),
    };
    let mut letter = vendor.compose(package.purpose, &facts, enclosure);
    if let Some(written) = &package.written {
        letter.subject.clone_from(&written.subject);
        letter.body.clone_from(&written.body);
    }
    letter
}

/// The letter of a package that is written down.
pub(super) fn stored_letter(
    store: &Store,
    package: &Package,
    vendor: &Vendor,
    delivery: &Delivery,
) -> Result<Letter, JobError> {
    let samples = store.packaged_count(package.id)?;
    let span = store.packaged_span(package.id)?;
    Ok(letter(package, vendor, delivery, samples, span))
}

/// Where letters go.
pub(super) struct Post {
    pub(super) outbox: Box<dyn Outbox>,
    pub(super) way: Way,
    /// The server's name; empty for a folder.
    server: String,
}

/// Where letters go; `None` where they do not: by hand, or not at all.
pub(super) fn post(
    plan: &Plan,
    delivery: &Delivery,
    folder: &Path,
) -> Result<Option<Post>, JobError> {
    Ok(match (delivery.send, &plan.outgoing) {
        (Sending::Smtp, Some(server)) => {
            let password = match &server.user {
                Some(_) => Some(secret::password(&server.password)?),
                None => None,
            };
            let outbox = SmtpOutbox::connect(server, password.as_ref())?;
            Some(Post {
                outbox: Box::new(outbox),
                way: Way::Smtp,
                server: server.name(),
            })
        }
        (Sending::Portal | Sending::Off, _) => None,
        _ => {
            make_private(folder)?;
            Some(Post {
                outbox: Box::new(FolderOutbox::new(folder.to_owned())),
                way: Way::Outbox,
                server: String::new(),
            })
        }
    })
}

/// What came of handing a letter over.
pub(super) enum Handed {
    /// It was taken, with this answer.
    Taken(String),
    /// It was surely not taken.
    Failed(OutboxError),
    /// Nobody knows.
    Unknown(OutboxError),
    /// Somebody else is at it, or has done it.
    Elsewhere,
}

/// Hands a letter over once, which is written down before and after.
pub(super) fn hand_over(
    store: &Store,
    package: i64,
    letter: &Letter,
    post: &mut Post,
) -> Result<Handed, JobError> {
    if !store.claim_submission(package, post.way, &post.server)? {
        return Ok(Handed::Elsewhere);
    }
    match post.outbox.send(letter) {
        Ok(answer) => {
            store.set_submission(package, SubmissionState::Sent, &answer)?;
            Ok(Handed::Taken(answer))
        }
        Err(error) => {
            let (state, handed): (_, fn(OutboxError) -> Handed) = match error.may_have_arrived() {
                true => (SubmissionState::Unknown, Handed::Unknown),
                false => (SubmissionState::Failed, Handed::Failed),
            };
            store.set_submission(package, state, &error.to_string())?;
            Ok(handed(error))
        }
    }
}
