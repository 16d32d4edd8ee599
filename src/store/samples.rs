//! Which samples are kept, and what a package needs to know of each.

use super::{Store, StoreError};
use crate::mail::Digest;
use crate::verdict::Category;
use jiff::Timestamp;
use rusqlite::OptionalExtension;
use std::collections::HashMap;

/// A sample that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSample {
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// When the mailbox received the message.
    pub date: Option<Timestamp>,
    /// The From domain.
    pub sender_domain: String,
    /// What it was judged to be when it was last kept.
    pub category: Category,
}

impl Store {
    /// Notes a sample. What a person called it stays.
    pub fn set_sample(&self, sample: &KeptSample, now: Timestamp) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT OR REPLACE INTO samples (sha256, size, date, sender_domain, category, kept)
                 VALUES (?1, ?2, ?3, ?4,
                         coalesce((SELECT word FROM words WHERE sha256 = ?1 AND word <> 'not-spam' LIMIT 1),
                                  ?5), ?6)",
                (
                    sample.digest.to_string(),
                    sample.size as i64,
                    sample.date.map(|date| date.to_string()),
                    &sample.sender_domain,
                    sample.category.word(),
                    now.to_string(),
                ),
            )
        })?;
        Ok(())
    }

    /// What is known of a sample.
    pub fn sample(&self, digest: &Digest) -> Result<Option<KeptSample>, StoreError> {
        type Row = (i64, Option<String>, String, String);
        let row: Option<Row> = self.sql(|db| {
            db.query_row(
                "SELECT size, date, sender_domain, category FROM samples WHERE sha256 = ?1",
                [digest.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()
        })?;
        row.map(|(size, date, sender_domain, category)| {
            Ok(KeptSample {
                digest: *digest,
                size: size.unsigned_abs(),
                date: date.map(|text| self.read("samples", &text)).transpose()?,
                sender_domain,
                category: self.category("samples", &category)?,
            })
        })
        .transpose()
    }

    /// Notes what a sample is called now: it goes to another address at the vendor.
    pub fn set_category(&self, digest: &Digest, category: Category) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "UPDATE samples SET category = ?2 WHERE sha256 = ?1",
                (digest.to_string(), category.word()),
            )
        })?;
        Ok(())
    }

    /// What every kept sample was judged to be.
    pub fn categories(&self) -> Result<HashMap<Digest, Category>, StoreError> {
        let rows: Vec<(String, String)> = self.sql(|db| {
            db.prepare("SELECT sha256, category FROM samples")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        rows.into_iter()
            .map(|(sha256, category)| {
                let digest = self.read("samples", &sha256)?;
                Ok((digest, self.category("samples", &category)?))
            })
            .collect()
    }

    /// Samples kept before `limit`, which no unfinished move and no package that is still to be
    /// made or sent needs.
    pub fn samples_older_than(&self, limit: Timestamp) -> Result<Vec<Digest>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare(
                "SELECT sha256 FROM samples WHERE kept < ?1
                 AND sha256 NOT IN (SELECT sha256 FROM moves WHERE state IN ('intended', 'undoing'))
                 AND sha256 NOT IN (SELECT sha256 FROM packaged JOIN packages ON packages.id = package
                                    WHERE state IN ('ready', 'sending', 'failed', 'withdrawn'))
                 AND sha256 NOT IN (SELECT sha256 FROM moves JOIN sweeps ON sweeps.id = sweep
                                    WHERE owes = 1 AND state IN ('moved', 'copied'))",
            )?
            .query_map([limit.to_string()], |row| row.get(0))?
            .collect()
        })?;
        rows.iter().map(|text| self.read("samples", text)).collect()
    }

    /// Samples of messages that no move is known of.
    pub fn samples_without_moves(&self) -> Result<Vec<KeptSample>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare("SELECT sha256 FROM samples WHERE sha256 NOT IN (SELECT sha256 FROM moves)")?
                .query_map([], |row| row.get(0))?
                .collect()
        })?;
        let mut samples = Vec::new();
        for text in rows {
            samples.extend(self.sample(&self.read("samples", &text)?)?);
        }
        Ok(samples)
    }

    /// Forgets a sample whose file was removed.
    pub fn forget_sample(&self, digest: &Digest) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM samples WHERE sha256 = ?1",
                [digest.to_string()],
            )
        })?;
        Ok(())
    }

    /// A category as it was written.
    pub(super) fn category(&self, table: &'static str, word: &str) -> Result<Category, StoreError> {
        let found = Category::ALL
            .into_iter()
            .find(|category| category.word() == word);
        found.ok_or_else(|| self.unreadable(table, word))
    }
}
