//! Sweeps: one row a run over one account.

use super::{Store, StoreError, json, word_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A sweep's number.
pub type SweepId = i64;

/// What a run was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepKind {
    /// To judge what is new.
    Sweep,
    /// To do what a person asked for: to move, to put back, to learn.
    Errand,
    /// To hand samples over that a person chose.
    Report,
}

const KINDS: [(SweepKind, &str); 3] = [
    (SweepKind::Sweep, "sweep"),
    (SweepKind::Errand, "errand"),
    (SweepKind::Report, "report"),
];

/// What a run did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Figures {
    /// Messages in the folders.
    pub seen: usize,
    /// Of those, judged now.
    pub judged: usize,
    /// Judged before and unchanged.
    pub known: usize,
    /// Hits that are spam.
    pub spam: usize,
    /// Hits that are phishing.
    pub phishing: usize,
    /// Failures that were told.
    pub troubles: usize,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// The level's word.
    pub level: String,
}

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
    /// What it was for.
    pub kind: SweepKind,
    /// The same in numbers; `None` where an earlier version wrote the row, or it was killed.
    pub figures: Option<Figures>,
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

    /// Notes what a run is for.
    pub fn set_kind(&self, sweep: SweepId, kind: SweepKind) -> Result<(), StoreError> {
        let kind = word_of(&KINDS, kind);
        self.sql(|db| db.execute("UPDATE sweeps SET kind = ?2 WHERE id = ?1", (sweep, kind)))?;
        Ok(())
    }

    /// Notes what it did in numbers.
    pub fn set_figures(&self, sweep: SweepId, figures: &Figures) -> Result<(), StoreError> {
        let figures = json(figures);
        self.sql(|db| {
            db.execute(
                "UPDATE sweeps SET figures = ?2 WHERE id = ?1",
                (sweep, figures),
            )
        })?;
        Ok(())
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
        struct Row {
            started: String,
            ended: Option<String>,
            kind: String,
            figures: Option<String>,
        }
        let rows: Vec<(Sweep, Row)> = self.sql(|db| {
            db.prepare(
                "SELECT id, account, started, ended, summary, kind, figures FROM sweeps
                 ORDER BY id DESC",
            )?
            .query_map([], |row| {
                let sweep = Sweep {
                    id: row.get(0)?,
                    account: row.get(1)?,
                    started: Timestamp::UNIX_EPOCH,
                    ended: None,
                    summary: row.get(4)?,
                    kind: SweepKind::Sweep,
                    figures: None,
                };
                let rest = Row {
                    started: row.get(2)?,
                    ended: row.get(3)?,
                    kind: row.get(5)?,
                    figures: row.get(6)?,
                };
                Ok((sweep, rest))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(sweep, row)| {
                let ended = row.ended;
                Ok(Sweep {
                    started: self.read("sweeps", &row.started)?,
                    ended: ended.map(|text| self.read("sweeps", &text)).transpose()?,
                    kind: self.state("sweeps", &KINDS, &row.kind)?,
                    // Numbers that cannot be read are no reason to show nothing at all.
                    figures: row
                        .figures
                        .and_then(|text| serde_json::from_str(&text).ok()),
                    ..sweep
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
