//! Packages and what became of them. A message that stands in a package for a vendor never goes
//! into another one for the same vendor.

use super::{Store, StoreError, SweepId, word_of};
use crate::mail::Digest;
use crate::verdict::Purpose;
use jiff::Timestamp;
use std::collections::HashMap;
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
    /// Whether what left this way was put into the outbox folder, and not sent from here.
    pub fn is_in_outbox(self, way: Option<Way>) -> bool {
        (way, self) == (Some(Way::Outbox), SubmissionState::Sent)
    }

    /// The word in the store and in the history.
    pub fn word(self) -> &'static str {
        word_of(&STATES, self)
    }
}

/// How a package leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By the server for outgoing mail.
    Smtp,
    /// As a file in the outbox folder, for another program to send.
    Outbox,
    /// By hand, at the vendor's portal: the zip was saved.
    Portal,
}

const WAYS: [(Way, &str); 3] = [
    (Way::Smtp, "smtp"),
    (Way::Outbox, "outbox"),
    (Way::Portal, "portal"),
];

/// A letter that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
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
    /// What its messages are handed over for.
    pub purpose: Purpose,
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
    /// How it left, once that is known.
    pub way: Option<Way>,
    /// The letter as a person wrote it; `None`: as the vendor's file says.
    pub written: Option<Written>,
    /// What was answered.
    pub answer: Option<String>,
    /// When it was made.
    pub at: Timestamp,
}

impl Store {
    /// Notes a package and the messages in it; returns its number.
    pub fn add_package(&self, package: &Package, digests: &[Digest]) -> Result<i64, StoreError> {
        self.add_package_again(package, digests, &[])
    }

    /// As `add_package`; these of its messages were asked for once more by a person.
    pub fn add_package_again(
        &self,
        package: &Package,
        digests: &[Digest],
        again: &[Digest],
    ) -> Result<i64, StoreError> {
        let written = package.written.as_ref();
        self.sql(|db| {
            db.execute(
                "INSERT INTO packages (sweep, account, vendor, category, path, bytes, part, parts, state,
                                       letter, recipient, answer, at, way, subject, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
                (
                    package.sweep,
                    &package.account,
                    &package.vendor,
                    package.purpose.word(),
                    package.path.to_string_lossy(),
                    package.bytes as i64,
                    package.part.0 as i64,
                    package.part.1 as i64,
                    package.state.word(),
                    &package.letter,
                    &package.recipient,
                    &package.answer,
                    package.at.to_string(),
                    package.way.map(|way| word_of(&WAYS, way)),
                    written.map(|written| &written.subject),
                    written.map(|written| &written.body),
                ),
            )?;
            let id = db.last_insert_rowid();
            let mut release = db.prepare_cached(
                "DELETE FROM packaged WHERE vendor = ?1 AND sha256 = ?2
                 AND package IN (SELECT id FROM packages WHERE state = 'withdrawn')",
            )?;
            let mut times = db.prepare_cached(
                "SELECT coalesce(max(again) + 1, 0) FROM packaged
                 WHERE vendor = ?1 AND sha256 = ?2 AND purpose = ?3",
            )?;
            let mut insert = db.prepare_cached(
                "INSERT INTO packaged (vendor, sha256, purpose, again, package)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let purpose = package.purpose.word();
            for digest in digests {
                let sha256 = digest.to_string();
                release.execute((&package.vendor, &sha256))?;
                let number: i64 = match again.contains(digest) {
                    true => {
                        times.query_row((&package.vendor, &sha256, purpose), |row| row.get(0))?
                    }
                    false => 0,
                };
                insert.execute((&package.vendor, &sha256, purpose, number, id))?;
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

    /// Every message that stands in a package which was not withdrawn, with those packages'
    /// numbers, oldest first.
    pub fn all_packaged(&self) -> Result<HashMap<Digest, Vec<i64>>, StoreError> {
        let rows: Vec<(String, i64)> = self.sql(|db| {
            db.prepare(
                "SELECT sha256, package FROM packaged JOIN packages ON packages.id = package
                 WHERE state <> 'withdrawn' ORDER BY package",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
        })?;
        let mut packaged: HashMap<Digest, Vec<i64>> = HashMap::new();
        for (sha256, package) in rows {
            let digest = self.read("packaged", &sha256)?;
            packaged.entry(digest).or_default().push(package);
        }
        Ok(packaged)
    }

    /// The newest package for this vendor in which a message stands for a purpose.
    pub fn package_with(
        &self,
        vendor: &str,
        digest: &Digest,
        purpose: Purpose,
    ) -> Result<Option<Package>, StoreError> {
        let found = self.packages_where(
            "state <> 'withdrawn' AND id IN (SELECT package FROM packaged
                 WHERE vendor = ?1 AND sha256 = ?2 AND purpose = ?3) ORDER BY id DESC LIMIT 1",
            (vendor, digest.to_string(), purpose.word()),
        )?;
        Ok(found.into_iter().next())
    }

    /// The package of that number.
    pub fn package(&self, id: i64) -> Result<Option<Package>, StoreError> {
        Ok(self.packages_where("id = ?1", [id])?.pop())
    }

    /// Whether any letter's id begins with this.
    pub fn has_letters_of(&self, stem: &str) -> Result<bool, StoreError> {
        self.sql(|db| {
            db.prepare("SELECT 1 FROM packages WHERE substr(letter, 1, length(?1)) = ?1")?
                .exists([stem])
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

    /// The missed messages of an account that stood in packages which were withdrawn, and in none
    /// since.
    pub fn withdrawn(&self, account: &str) -> Result<Vec<Digest>, StoreError> {
        let mut packages = self.packages_in(account, SubmissionState::Withdrawn)?;
        packages.retain(|package| package.purpose.category().is_some());
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

    /// Takes a package to hand it over to this server, or to the outbox folder, which has no name;
    /// false where somebody else has taken it, or nothing is to be done.
    pub fn claim_submission(
        &self,
        package: i64,
        way: Way,
        server: &str,
    ) -> Result<bool, StoreError> {
        let changed = self.sql(|db| {
            db.execute(
                "UPDATE packages SET state = 'sending', way = ?2, answer = ?3
                 WHERE id = ?1 AND state IN ('ready', 'failed')",
                (package, word_of(&WAYS, way), server),
            )
        })?;
        Ok(changed > 0)
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
        type Row = (Package, String, String, String, Option<String>);
        let rows: Vec<Row> = self.sql(|db| {
            db.prepare(&format!(
                "SELECT id, sweep, account, vendor, path, bytes, part, parts, letter, recipient, answer,
                        category, state, at, way, subject, body
                 FROM packages WHERE {condition}"
            ))?
            .query_map(values, |row| {
                let unsigned = |column| row.get(column).map(i64::unsigned_abs);
                let package = Package {
                    id: row.get(0)?,
                    sweep: row.get(1)?,
                    account: row.get(2)?,
                    vendor: row.get(3)?,
                    purpose: Purpose::Spam,
                    path: PathBuf::from(row.get::<_, String>(4)?),
                    bytes: unsigned(5)?,
                    part: (unsigned(6)? as usize, unsigned(7)? as usize),
                    state: SubmissionState::Ready,
                    letter: row.get(8)?,
                    recipient: row.get(9)?,
                    way: None,
                    written: written(row.get(15)?, row.get(16)?),
                    answer: row.get(10)?,
                    at: Timestamp::UNIX_EPOCH,
                };
                Ok((
                    package,
                    row.get(11)?,
                    row.get(12)?,
                    row.get(13)?,
                    row.get(14)?,
                ))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(package, purpose, state, at, way)| {
                let purpose = Purpose::ALL
                    .into_iter()
                    .find(|known| known.word() == purpose)
                    .ok_or_else(|| self.unreadable("packages", &purpose))?;
                Ok(Package {
                    purpose,
                    way: way
                        .map(|way| self.state("packages", &WAYS, &way))
                        .transpose()?,
                    state: self.state("packages", &STATES, &state)?,
                    at: self.read("packages", &at)?,
                    ..package
                })
            })
            .collect()
    }
}

fn written(subject: Option<String>, body: Option<String>) -> Option<Written> {
    Some(Written {
        subject: subject?,
        body: body?,
    })
}
