//! Report: samples that a person chose, handed over to a vendor. First they are drawn up, so that
//! the exact letters can be looked at and nothing has left; then they are sent, or their zips are
//! saved for the vendor's portal. It is the packing and sending of `submit`, at a person's word.

mod draft;
mod post;
mod save;

pub use draft::{Draft, DraftLetter, DraftSample, Standing, draft};
pub use post::{ReportEvent, send_again, send_report};
pub use save::save_report;

use super::desk::JobError;
use super::plan::{Choices, Delivery, Plan, PlanError, Submit};
use crate::mail::Digest;
use crate::settings::{Places, Settings};
use crate::store::{SubmissionState, Way};
use crate::verdict::Purpose;
use jiff::Timestamp;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A message that a person chose to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub digest: Digest,
    /// As what.
    pub purpose: Purpose,
    /// Whether it goes.
    pub take: Take,
}

/// Whether a chosen message goes with the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// It is shown, and does not go.
    No,
    /// It goes, if it was not reported as the same already.
    Once,
    /// It goes, also if it was.
    Again,
}

/// How a report is to be drawn up, beside what the settings say of its account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The account of the plan whose settings say how letters leave, and from whom.
    pub account: String,
    /// Another vendor than the account's, by its id.
    pub vendor: Option<String>,
    /// The most bytes of a letter that the server takes, once it has said so.
    pub server_limit: Option<u64>,
}

/// Letters as a person wrote them, by the letters' ids.
pub type Edits = HashMap<String, Text>;

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// How letters of an account leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaves {
    /// By this server.
    Smtp {
        /// Its name.
        server: String,
        /// Whether what is said to it is encrypted on the way.
        encrypted: bool,
    },
    /// As files in this folder, for another program to send.
    Outbox(PathBuf),
    /// They do not: the zips are saved.
    ByHand,
}

/// What was said of a message to a vendor before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedBefore {
    /// When it was packaged.
    pub at: Timestamp,
    /// The package's number.
    pub package: i64,
    /// Whom it went to, or was to go to.
    pub to: String,
    /// How it left, if that is known.
    pub way: Option<Way>,
    /// How far it got.
    pub state: SubmissionState,
}

impl ReportedBefore {
    /// Whether it was put into the outbox folder, and not sent from here.
    pub fn is_in_outbox(&self) -> bool {
        self.state.is_in_outbox(self.way)
    }
}

/// What became of one letter or zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it, with this answer.
    Accepted(String),
    /// It lies in the outbox folder, as this file.
    Written(PathBuf),
    /// The zip was saved, as this file.
    Saved(PathBuf),
    /// It was surely not sent, and why; the package waits, and can be sent again.
    NotSent {
        /// The package's number.
        package: i64,
        /// Why.
        says: String,
    },
    /// Nobody knows whether it arrived, and why: it is not sent again.
    Unknown(String),
    /// Nothing was made of it, and why: it can be sent as if nothing had been tried.
    Untouched(String),
}

impl Outcome {
    /// Whether it is where it should be.
    pub fn is_good(&self) -> bool {
        matches!(
            self,
            Outcome::Accepted(_) | Outcome::Written(_) | Outcome::Saved(_)
        )
    }
}

/// Why a report cannot be drawn up, sent or saved.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The account is not in the plan.
    #[error("there is no account `{0}` in the settings any more")]
    NoAccount(String),
    /// No vendor of that id.
    #[error("there is no vendor `{0}` any more: its file was removed, or cannot be read")]
    NoVendor(String),
    /// There is no sample of anything yet.
    #[error("nothing was swept yet, so that there is nothing to report")]
    NothingSwept,
    /// No package of that number that could be sent.
    #[error("this report is not waiting to be sent any more")]
    NotWaiting,
    /// The zip is gone.
    #[error("{0}: the zip is gone, so that it cannot be sent again: report its messages anew")]
    ZipGone(PathBuf),
    /// Another window or run is handing samples over.
    #[error("another report is being sent right now; wait for its end")]
    Busy,
    /// What every job may fail of.
    #[error(transparent)]
    Job(#[from] JobError),
}

impl From<crate::store::StoreError> for ReportError {
    fn from(error: crate::store::StoreError) -> Self {
        ReportError::Job(error.into())
    }
}

/// The account's way out, with the vendor that was wished for.
fn delivery(plan: &Plan, wish: &Wish) -> Result<Delivery, ReportError> {
    let mut accounts = plan.accounts.iter();
    let account = accounts
        .find(|known| known.account.name == wish.account)
        .ok_or_else(|| ReportError::NoAccount(wish.account.clone()))?;
    let mut delivery = account.delivery.clone();
    if let Some(id) = &wish.vendor {
        let vendor = plan.vendor(id);
        delivery.vendor = vendor.ok_or_else(|| ReportError::NoVendor(id.clone()))?;
    }
    Ok(delivery)
}

/// A plan to report with: for one account, its letters leaving as the settings say. Where they
/// cannot leave so, the zips can be saved all the same, and why is said.
pub fn report_plan(
    settings: &Settings,
    places: &Places,
    account: &str,
) -> Result<(Plan, Option<PlanError>), PlanError> {
    let plan = |submit| {
        let choices = Choices {
            accounts: vec![account.to_owned()],
            submit: Some(submit),
            ..Choices::default()
        };
        Plan::new(settings.clone(), places, &choices)
    };
    match plan(Submit::Yes) {
        Err(why @ (PlanError::NoSender(_) | PlanError::NoOutgoing(_) | PlanError::NoPortal(_))) => {
            Ok((plan(Submit::No)?, Some(why)))
        }
        other => Ok((other?, None)),
    }
}

/// The vendors that samples can be sent to: ids, and names for people, in order of the names.
pub fn vendors(plan: &Plan) -> Vec<(String, String)> {
    let known = plan.vendors().iter();
    let mut names: Vec<(String, String)> = known
        .map(|vendor: &Arc<_>| (vendor.id.clone(), vendor.name.clone()))
        .collect();
    names.sort_by_key(|(_, name)| name.to_lowercase());
    names
}
