//! Packages and what became of them. A message that stands in a package for a vendor never goes
//! into another one for the same vendor.

use super::{Store, StoreError, SweepId, word_of};
use crate::mail::Digest;
use crate::verdict::Category;
use jiff::Timestamp;
use std::path::PathBuf;

/// How far a package got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// The zip is written.
    Ready,
    /// It is being handed over; found so after a crash, nobody knows whether it arrived.
    Sending,
    /// It was handed over.
    Sent,
    /// It was surely not taken, and can be tried again.
    Failed,
    /// Nobody knows whether it arrived: it is not sent again.
    Unknown,
    /// It was never taken and never will be: what may still go of it goes in another one.
    Withdrawn,
}

const STATES: [(SubmissionState, &str); 6] = [
    (SubmissionState::Ready, "ready"),
    (SubmissionState::Sending, "sending"),
    (SubmissionState::Sent, "sent"),
    (SubmissionState::Failed, "failed"),
    (SubmissionState::Unknown, "unknown"),
    (SubmissionState::Withdrawn, "withdrawn"),
];

impl SubmissionState {
    /// The word in the store and in the history.
    pub fn word(self) -> &'static str {
        word_of(&STATES, self)
    }
}

/// One package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its number; 0 until it is written down.
    pub id: i64,
    /// The sweep it belongs to.
    pub sweep: SweepId,
    /// The account whose settings say where it goes.
    pub account: String,
    /// The vendor's id.
    pub vendor: String,
    /// The category.
    pub category: Category,
    /// The zip.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Which of how many packages that were made together, from 1.
    pub part: (usize, usize),
    /// How far it got.
    pub state: SubmissionState,
    /// The letter's id: the same at each try.
    pub letter: String,
    /// Whom it goes to.
    pub recipient: String,
    /// What was answered.
    pub answer: Option<String>,
    /// When it was made.
    pub at: Timestamp,
}

impl Store {
    /// Notes a package and the messages in it; returns its number.
    pub fn add_package(&self, package: &Package, digests: &[Digest]) -> Result<i64, StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT INTO packages (sweep, account, vendor, category, path, bytes, part, parts, state,
                                       letter, recipient, answer, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                (
                    package.sweep,
                    &package.account,
                    &package.vendor,
                    package.category.word(),
                    package.path.to_string_lossy(),
                    package.bytes as i64,
                    package.part.0 as i64,
                    package.part.1 as i64,
                    package.state.word(),
                    &package.letter,
                    &package.recipient,
                    &package.answer,
                    package.at.to_string(),
                ),
            )?;
            let id = db.last_insert_rowid();
            let mut release = db.prepare_cached(
                "DELETE FROM packaged WHERE vendor = ?1 AND sha256 = ?2
                 AND package IN (SELECT id FROM packages WHERE state = 'withdrawn')",
            )?;
            let mut insert = db.prepare_cached("INSERT INTO packaged VALUES (?1, ?2, ?3)")?;
            for digest in digests {
                release.execute((&package.vendor, digest.to_string()))?;
                insert.execute((&package.vendor, digest.to_string(), id))?;
            }
            Ok(id)
        })
    }

    /// Whether a message stands in a package for this vendor.
    pub fn is_packaged(&self, vendor: &str, digest: &Digest) -> Result<bool, StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "SELECT 1 FROM packaged JOIN packages ON packages.id = package
                 WHERE packaged.vendor = ?1 AND sha256 = ?2 AND state <> 'withdrawn'",
            )?
            .exists((vendor, digest.to_string()))
        })
    }

    /// The messages in a package.
    pub fn packaged(&self, package: i64) -> Result<Vec<Digest>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare("SELECT sha256 FROM packaged WHERE package = ?1")?
                .query_map([package], |row| row.get(0))?
                .collect()
        })?;
        rows.iter()
            .map(|text| self.read("packaged", text))
            .collect()
    }

    /// The messages of an account that stood in packages which were withdrawn, and in none since.
    pub fn withdrawn(&self, account: &str) -> Result<Vec<Digest>, StoreError> {
        let packages = self.packages_in(account, SubmissionState::Withdrawn)?;
        let mut digests = Vec::new();
        for package in packages {
            digests.extend(self.packaged(package.id)?);
        }
        Ok(digests)
    }

    /// Forgets them: whatever may go of them stands in another package now.
    pub fn forget_withdrawn(&self, account: &str) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM packaged WHERE package IN
                     (SELECT id FROM packages WHERE account = ?1 AND state = 'withdrawn')",
                [account],
            )
        })?;
        Ok(())
    }

    /// How many messages are in a package.
    pub fn packaged_count(&self, package: i64) -> Result<usize, StoreError> {
        let count: i64 = self.sql(|db| {
            db.query_row(
                "SELECT count(*) FROM packaged WHERE package = ?1",
                [package],
                |row| row.get(0),
            )
        })?;
        Ok(count.unsigned_abs() as usize)
    }

    /// When the oldest and the newest message in a package were received.
    pub fn packaged_span(
        &self,
        package: i64,
    ) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        let span: (Option<String>, Option<String>) = self.sql(|db| {
            db.query_row(
                "SELECT min(date), max(date) FROM samples JOIN packaged USING (sha256) WHERE package = ?1",
                [package],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
        })?;
        match span {
            (Some(oldest), Some(newest)) => Ok(Some((
                self.read("samples", &oldest)?,
                self.read("samples", &newest)?,
            ))),
            _ => Ok(None),
        }
    }

    /// Zips made before `limit` that were handed over, or never will be, or of which nobody knows.
    pub fn packages_older_than(&self, limit: Timestamp) -> Result<Vec<PathBuf>, StoreError> {
        self.sql(|db| {
            db.prepare("SELECT path FROM packages WHERE at < ?1 AND state IN ('sent', 'unknown', 'withdrawn')")?
                .query_map([limit.to_string()], |row| {
                    Ok(PathBuf::from(row.get::<_, String>(0)?))
                })?
                .collect()
        })
    }

    /// Notes how far a package got.
    pub fn set_submission(
        &self,
        package: i64,
        state: SubmissionState,
        answer: &str,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "UPDATE packages SET state = ?2, answer = ?3 WHERE id = ?1",
                (package, state.word(), answer),
            )
        })?;
        Ok(())
    }

    /// Packages of an account in a state, oldest first.
    pub fn packages_in(
        &self,
        account: &str,
        state: SubmissionState,
    ) -> Result<Vec<Package>, StoreError> {
        self.packages_where(
            "account = ?1 AND state = ?2 ORDER BY id",
            (account, state.word()),
        )
    }

    /// Every package, newest first.
    pub fn packages(&self) -> Result<Vec<Package>, StoreError> {
        self.packages_where("1 ORDER BY id DESC", [])
    }

    pub(super) fn packages_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Package>, StoreError> {
        let rows: Vec<(Package, String, String, String)> = self.sql(|db| {
            db.prepare(&format!(
                "SELECT id, sweep, account, vendor, path, bytes, part, parts, letter, recipient, answer,
                        category, state, at
                 FROM packages WHERE {condition}"
            ))?
            .query_map(values, |row| {
                let unsigned = |column| row.get(column).map(i64::unsigned_abs);
                let package = Package {
                    id: row.get(0)?,
                    sweep: row.get(1)?,
                    account: row.get(2)?,
                    vendor: row.get(3)?,
                    category: Category::Spam,
                    path: PathBuf::from(row.get::<_, String>(4)?),
                    bytes: unsigned(5)?,
                    part: (unsigned(6)? as usize, unsigned(7)? as usize),
                    state: SubmissionState::Ready,
                    letter: row.get(8)?,
                    recipient: row.get(9)?,
                    answer: row.get(10)?,
                    at: Timestamp::UNIX_EPOCH,
                };
                Ok((package, row.get(11)?, row.get(12)?, row.get(13)?))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(package, category, state, at)| {
                Ok(Package {
                    category: self.category("packages", &category)?,
                    state: self.state("packages", &STATES, &state)?,
                    at: self.read("packages", &at)?,
                    ..package
                })
            })
            .collect()
    }
}
