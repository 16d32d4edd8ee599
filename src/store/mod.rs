//! The one database: what was judged, moved, corrected, packaged and submitted, and what can be
//! undone. SQLite, in one file in the data folder; nothing of it is needed to read the mail or
//! the samples. It keeps facts that the job tells it and decides nothing.

pub mod cache;
mod correspondents;
mod fired;
mod folders;
mod hits;
mod judged;
mod listed;
mod moves;
mod rulesets;
mod salvage;
mod samples;
mod schema;
mod sound;
mod submissions;
mod sweeps;
mod undone;
mod words;

pub use folders::{ReadFolder, Reader};
pub use hits::{FoundHit, HitRow, HitState};
pub use judged::{Brief, Judged};
pub use moves::{Correction, Move, MoveState};
pub use rulesets::JudgedBefore;
pub use salvage::Salvaged;
pub use samples::KeptSample;
pub use sound::Origin;
pub use submissions::{Package, SubmissionState, Way, Written};
pub use sweeps::{Figures, Sweep, SweepId, SweepKind};
pub use undone::TakenBack;
pub use words::Said;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The open database.
pub struct Store {
    db: Connection,
    path: PathBuf,
}

/// Why the store could not do what was asked. Nothing in the mailbox is touched after one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's word.
    #[error(
        "{path}: {source}; nothing was moved after this: {} and run again",
        remedy(source)
    )]
    Database {
        /// The database.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
    /// The file is damaged.
    #[error(
        "{path}: the database is damaged ({reason}): the next sweep sets it aside and makes a new one of what can be read"
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// SQLite's word.
        reason: String,
    },
    /// Written by a later version of the program.
    #[error(
        "{path}: made by a newer Postsweep (schema {found}, this one knows {known}): update Postsweep, or name another --data-dir"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// A value in it cannot be read.
    #[error(
        "{path}: `{value}` in table {table} cannot be read: the next sweep sets the file aside and makes a new one of what can be read"
    )]
    Value {
        /// The database.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// The value.
        value: String,
    },
    /// The file or its folder could not be made.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

impl Store {
    /// Opens the database, makes it where there is none, and brings an older one up to date. One
    /// that is damaged is an error, and left as it is.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        if salvage::beside(path, ".rebuilt").exists() {
            // A run was cut off between making a new one and putting it in its place.
            salvage::exchange(path, Timestamp::now()).map_err(|source| StoreError::File {
                path: path.to_owned(),
                source,
            })?;
        }
        let cut_off = sound::was_cut_off(path);
        Store::made(path)?.looked_at(cut_off)
    }

    fn made(path: &Path) -> Result<Store, StoreError> {
        let file_error = |source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        // SQLite gives its write-ahead log the mode of the database, so this keeps both private.
        crate::platform::private_append(path).map_err(file_error)?;
        let store = Store::over(Connection::open(path), path)?;
        store.write_ahead()?;
        store.migrated()
    }

    /// Turns the write-ahead log on. SQLite does not wait for others here, whatever its time-out:
    /// two programs that make the database at once would lock each other out.
    fn write_ahead(&self) -> Result<(), StoreError> {
        let begun = Instant::now();
        loop {
            let busy = match self.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;") {
                Err(StoreError::Database { path, source })
                    if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
                {
                    StoreError::Database { path, source }
                }
                other => return other,
            };
            if begun.elapsed() > Duration::from_secs(10) {
                return Err(busy);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A copy in memory, for a dry run: what is written to it is gone when it is dropped. Where
    /// there is no database, none is made.
    pub fn rehearsal(path: &Path) -> Result<Store, StoreError> {
        let mut store = Store::over(Connection::open_in_memory(), path)?;
        if path.exists() {
            let error = |source| StoreError::Database {
                path: path.to_owned(),
                source,
            };
            let original = Connection::open(path).map_err(error)?;
            original
                .busy_timeout(Duration::from_secs(10))
                .map_err(error)?;
            rusqlite::backup::Backup::new(&original, &mut store.db)
                .and_then(|backup| backup.run_to_completion(1000, Duration::ZERO, None))
                .map_err(error)?;
        }
        store.migrated()
    }

    fn over(db: rusqlite::Result<Connection>, path: &Path) -> Result<Store, StoreError> {
        let error = |source| StoreError::Database {
            path: path.to_owned(),
            source,
        };
        let db = db.map_err(error)?;
        db.busy_timeout(Duration::from_secs(10)).map_err(error)?;
        db.pragma_update(None, "foreign_keys", true)
            .map_err(error)?;
        Ok(Store {
            db,
            path: path.to_owned(),
        })
    }

    fn migrated(mut self) -> Result<Store, StoreError> {
        let found: i64 =
            self.sql(|db| db.pragma_query_value(None, "user_version", |row| row.get(0)))?;
        let known = schema::MIGRATIONS.len() as i64;
        if found > MOST_VERSIONS {
            let reason = format!("schema {found}");
            let path = self.path;
            return Err(StoreError::Damaged { path, reason });
        }
        if found > known {
            return Err(StoreError::Newer {
                path: self.path,
                found,
                known,
            });
        }
        for (step, version) in schema::MIGRATIONS
            .iter()
            .zip(1_i64..)
            .filter(|(_, version)| *version > found)
        {
            let begin = TransactionBehavior::Immediate;
            let done = self.db.transaction_with_behavior(begin).and_then(|change| {
                // Another process may have opened the same new database and been quicker.
                let now: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
                if now < version {
                    if now == 0 {
                        change.pragma_update(None, "application_id", Origin::New as i64)?;
                    }
                    change.execute_batch(step)?;
                    change.pragma_update(None, "user_version", version)?;
                }
                change.commit()
            });
            done.map_err(|source| StoreError::Database {
                path: self.path.clone(),
                source,
            })?;
        }
        Ok(self)
    }

    /// Everything in `write` happens, or nothing.
    pub fn together<T>(
        &mut self,
        write: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.run("BEGIN IMMEDIATE")?;
        let written = write(self).and_then(|written| self.run("COMMIT").map(|()| written));
        if written.is_err() && !self.db.is_autocommit() {
            // Some errors, of a full disk say, have taken it back already. What is told is the
            // cause, whatever becomes of this.
            let _ = self.run("ROLLBACK");
        }
        written
    }

    fn run(&self, statements: &str) -> Result<(), StoreError> {
        self.sql(|db| db.execute_batch(statements))
    }

    /// Runs one piece of SQL and names the database in its error.
    fn sql<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        ask(&self.db).map_err(|source| StoreError::Database {
            path: self.path.clone(),
            source,
        })
    }

    /// Reads a value that the store wrote as text.
    fn read<T: std::str::FromStr>(&self, table: &'static str, text: &str) -> Result<T, StoreError> {
        text.parse().map_err(|_| self.unreadable(table, text))
    }

    /// Reads a value that the store wrote as JSON.
    fn read_json<T: serde::de::DeserializeOwned>(
        &self,
        table: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.unreadable(table, text))
    }

    /// Reads a state that the store wrote as its word.
    fn state<S: Copy>(
        &self,
        table: &'static str,
        words: &[(S, &str)],
        text: &str,
    ) -> Result<S, StoreError> {
        let found = words.iter().find(|(_, word)| *word == text);
        found
            .map(|(state, _)| *state)
            .ok_or_else(|| self.unreadable(table, text))
    }

    fn unreadable(&self, table: &'static str, text: &str) -> StoreError {
        StoreError::Value {
            path: self.path.clone(),
            table,
            value: text.chars().take(80).collect(),
        }
    }
}

/// No schema will have so many steps: such a number was not written by us.
const MOST_VERSIONS: i64 = 10_000;

/// What to do about an error of SQLite's.
fn remedy(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => "make room",
        Some(rusqlite::ErrorCode::DatabaseBusy) => "wait for the other run to end",
        _ => "check the disk",
    }
}

/// The word for a state, in the store and in the history.
fn word_of<S: PartialEq>(words: &[(S, &'static str)], state: S) -> &'static str {
    let found = words.iter().find(|(known, _)| *known == state);
    found.map_or("", |(_, word)| word)
}

/// Plain data as JSON text, for a column. Our own types always serialise.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_every_earlier_version_opens() {
        for version in 0..=schema::MIGRATIONS.len() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("store.sqlite");
            let old = Connection::open(&path).unwrap();
            for step in &schema::MIGRATIONS[..version] {
                old.execute_batch(step).unwrap();
            }
            old.pragma_update(None, "user_version", version as i64)
                .unwrap();
            drop(old);
            let store = Store::open(&path).unwrap();
            assert!(store.sweeps().unwrap().is_empty());
        }
    }

    #[test]
    fn a_database_from_the_future_and_a_file_that_is_none_are_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.sqlite");
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", 999)
            .unwrap();
        assert!(matches!(
            Store::open(&path),
            Err(StoreError::Newer { found: 999, .. })
        ));
        let other = dir.path().join("other.sqlite");
        std::fs::write(
            &other,
            "not a database, and long enough to be looked at as one".repeat(20),
        )
        .unwrap();
        assert!(matches!(
            Store::open(&other),
            Err(StoreError::Database { .. })
        ));
        assert!(
            std::fs::read_to_string(&other)
                .unwrap()
                .starts_with("not a database")
        );
    }

    #[test]
    fn what_is_committed_outlasts_a_power_cut() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let ask = |name: &str| {
            let value = store
                .db
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
            value.unwrap()
        };
        // 2 is FULL: the log is synced at every commit, not only when it is folded in.
        assert_eq!(ask("synchronous"), rusqlite::types::Value::Integer(2));
        assert_eq!(
            ask("journal_mode"),
            rusqlite::types::Value::Text("wal".into())
        );
    }

    #[test]
    fn a_full_disk_is_said_takes_everything_back_and_the_store_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let pages: i64 = store
            .db
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        let bound = |store: &Store, most: i64| {
            store
                .db
                .pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))
                .unwrap();
        };
        bound(&store, pages);
        let now = Timestamp::UNIX_EPOCH;
        let many =
            |store: &Store| (0..5000).try_for_each(|_| store.begin_sweep("pat", now).map(drop));
        let full = store.together(many).unwrap_err();
        assert!(
            full.to_string().contains("make room and run again"),
            "{full}"
        );
        assert!(!full.is_damage());
        assert!(store.sweeps().unwrap().is_empty());
        bound(&store, pages * 100);
        store.together(many).unwrap();
        assert_eq!(store.sweeps().unwrap().len(), 5000);
    }

    #[test]
    fn several_processes_may_make_it_at_once() {
        for _ in 0..20 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("store.sqlite");
            std::thread::scope(|scope| {
                let open = || Store::open(&path).map(|store| store.sweeps().unwrap().len());
                let all: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
                for one in all {
                    assert_eq!(one.join().unwrap().unwrap(), 0);
                }
            });
        }
    }

    #[test]
    fn a_rehearsal_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.sqlite");
        Store::rehearsal(&path).unwrap();
        assert!(!path.exists());
        let store = Store::open(&path).unwrap();
        store
            .begin_sweep("pat", jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        let rehearsal = Store::rehearsal(&path).unwrap();
        rehearsal
            .begin_sweep("pat", jiff::Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(
            (
                rehearsal.sweeps().unwrap().len(),
                store.sweeps().unwrap().len()
            ),
            (2, 1)
        );
    }
}
