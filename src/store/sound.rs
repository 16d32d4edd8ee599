//! Whether the database is sound: what says that it is not, and a look at it on opening that is
//! bounded in time. What is found here sets it aside (`salvage`).

use super::{Store, StoreError};
use rusqlite::{Connection, ErrorCode};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Tables that cannot be had again from the mailbox, looked at on every opening.
const DEAR: [&str; 6] = [
    "sweeps",
    "moves",
    "corrections",
    "packages",
    "packaged",
    "samples",
];
/// The longest look at these; some hundred thousand rows.
const SHORT: Duration = Duration::from_millis(500);
/// The longest look at the whole, after a run that did not end by itself.
const LONG: Duration = Duration::from_secs(10);

/// How a database's content came about, in its header (`PRAGMA application_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It has grown run by run, or whatever went before is in it.
    Whole = 0,
    /// It is new: what samples and packages lie on disk is not in it yet.
    New = 1,
    /// It was salvaged with its journal and corrections; samples and packages are to be added.
    Salvaged = 2,
    /// It was salvaged in part.
    Partial = 3,
}

impl StoreError {
    /// Whether the database's file is damaged, so that it has to be set aside.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Damaged { .. } | StoreError::Value { .. } => true,
            StoreError::Database { source, .. } => is_damage(source),
            StoreError::Newer { .. } | StoreError::File { .. } => false,
        }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqlInputError,
        Utf8Error,
    };
    let code = error.sqlite_error_code();
    matches!(
        code,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
        // A table or column of ours that is not there.
        || matches!(error, SqlInputError { .. })
        // A value of another kind than the schema allows.
        || matches!(
            error,
            InvalidColumnType(..)
                | FromSqlConversionFailure(..)
                | IntegralValueOutOfRange(..)
                | Utf8Error(..)
        )
}

impl Store {
    /// Looks at the database; at all of it where the last run did not end by itself.
    pub(super) fn looked_at(self, cut_off: bool) -> Result<Store, StoreError> {
        let asks: Vec<String> = match cut_off {
            true => vec!["PRAGMA integrity_check(1)".into()],
            false => DEAR
                .iter()
                .map(|table| format!("PRAGMA integrity_check({table})"))
                .collect(),
        };
        let found = self.sql(|db| {
            within(db, if cut_off { LONG } else { SHORT }, || {
                for ask in &asks {
                    let says: String = db.query_row(ask, [], |row| row.get(0))?;
                    if says != "ok" {
                        return Ok(Some(says));
                    }
                }
                Ok(None)
            })
        })?;
        match found {
            None => Ok(self),
            Some(reason) => Err(StoreError::Damaged {
                path: self.path.clone(),
                reason: reason.lines().next().unwrap_or_default().to_owned(),
            }),
        }
    }

    /// How its content came about.
    pub fn origin(&self) -> Result<Origin, StoreError> {
        let id: i64 =
            self.sql(|db| db.pragma_query_value(None, "application_id", |row| row.get(0)))?;
        Ok(match id {
            1 => Origin::New,
            2 => Origin::Salvaged,
            3 => Origin::Partial,
            _ => Origin::Whole,
        })
    }

    /// Notes how its content came about.
    pub fn set_origin(&self, origin: Origin) -> Result<(), StoreError> {
        self.sql(|db| db.pragma_update(None, "application_id", origin as i64))
    }
}

/// Whether a run that wrote to this database was cut off, or still runs: its log is there.
pub(super) fn was_cut_off(path: &Path) -> bool {
    let log = super::salvage::beside(path, "-wal");
    log.metadata().is_ok_and(|log| log.len() > 0)
}

/// Asks something that is given up after a while; what was given up found nothing.
fn within<T>(
    db: &Connection,
    limit: Duration,
    ask: impl FnOnce() -> rusqlite::Result<Option<T>>,
) -> rusqlite::Result<Option<T>> {
    let handle = db.get_interrupt_handle();
    let (done, wait) = mpsc::channel::<()>();
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            if wait.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                handle.interrupt();
            }
        });
        let answer = ask();
        drop(done);
        answer
    });
    match answer {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(None)
        }
        other => other,
    }
}
