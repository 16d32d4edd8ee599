//! Sweeps: one row a run over one account.

use super::{Store, StoreError};
use jiff::Timestamp;

/// A sweep's number.
pub type SweepId = i64;

/// One sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Its number.
    pub id: SweepId,
    /// The account.
    pub account: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` while it runs, or where it was killed.
    pub ended: Option<Timestamp>,
    /// What it did, in a sentence.
    pub summary: Option<String>,
}

impl Store {
    /// Begins a sweep.
    pub fn begin_sweep(&self, account: &str, now: Timestamp) -> Result<SweepId, StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT INTO sweeps (account, started) VALUES (?1, ?2)",
                (account, now.to_string()),
            )?;
            Ok(db.last_insert_rowid())
        })
    }

    /// Ends it.
    pub fn end_sweep(
        &self,
        sweep: SweepId,
        summary: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "UPDATE sweeps SET ended = ?2, summary = ?3 WHERE id = ?1",
                (sweep, now.to_string(), summary),
            )
        })?;
        Ok(())
    }

    /// Every sweep, newest first.
    pub fn sweeps(&self) -> Result<Vec<Sweep>, StoreError> {
        type Row = (i64, String, String, Option<String>, Option<String>);
        let rows: Vec<Row> = self.sql(|db| {
            db.prepare("SELECT id, account, started, ended, summary FROM sweeps ORDER BY id DESC")?
                .query_map([], |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                    ))
                })?
                .collect()
        })?;
        rows.into_iter()
            .map(|(id, account, started, ended, summary)| {
                Ok(Sweep {
                    id,
                    account,
                    started: self.read("sweeps", &started)?,
                    ended: ended.map(|text| self.read("sweeps", &text)).transpose()?,
                    summary,
                })
            })
            .collect()
    }

    /// The newest sweep that moved something which still can be taken back, or is being so.
    pub fn last_sweep_with_moves(&self) -> Result<Option<SweepId>, StoreError> {
        self.sql(|db| {
            db.query_row(
                "SELECT max(sweep) FROM moves WHERE state IN ('moved', 'copied', 'undoing')",
                [],
                |row| row.get(0),
            )
        })
    }

    /// Notes whether a sweep moved messages that are still to be packaged.
    pub fn set_owes(&self, sweep: SweepId, owes: bool) -> Result<(), StoreError> {
        self.sql(|db| db.execute("UPDATE sweeps SET owes = ?2 WHERE id = ?1", (sweep, owes)))?;
        Ok(())
    }

    /// Begins a search of an account's target for what was moved before the journal was lost: a
    /// sweep of its own, under whose number what is found can be put back.
    pub fn begin_search(&self, account: &str, now: Timestamp) -> Result<SweepId, StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT INTO sweeps (account, started, owes) VALUES (?1, ?2, 2)",
                (account, now.to_string()),
            )?;
            Ok(db.last_insert_rowid())
        })
    }

    /// The search that is still to be made in an account.
    pub fn search(&self, account: &str) -> Result<Option<SweepId>, StoreError> {
        self.sql(|db| {
            db.query_row(
                "SELECT max(id) FROM sweeps WHERE account = ?1 AND owes = 2",
                [account],
                |row| row.get(0),
            )
        })
    }

    /// Ends a search.
    pub fn end_search(
        &self,
        search: SweepId,
        summary: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.set_owes(search, false)?;
        self.end_sweep(search, summary, now)
    }

    /// No sweep owes a package any more: whether it was made is not known.
    pub fn forget_owed(&self) -> Result<(), StoreError> {
        self.sql(|db| db.execute("UPDATE sweeps SET owes = 0 WHERE owes = 1", []))?;
        Ok(())
    }

    /// Sweeps of an account that owe packages.
    pub fn owing_sweeps(&self, account: &str) -> Result<Vec<SweepId>, StoreError> {
        self.sql(|db| {
            db.prepare("SELECT id FROM sweeps WHERE account = ?1 AND owes = 1 ORDER BY id")?
                .query_map([account], |row| row.get(0))?
                .collect()
        })
    }
}
