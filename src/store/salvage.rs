//! A damaged database is set aside, whole, and a new one made of what can still be read of it.
//! What the mailbox can tell again (what was judged, what was sent) is not salvaged. Nothing that
//! was perhaps handed over is left in a state in which it would go again.

use super::sound::Origin;
use super::{Store, StoreError, SubmissionState};
use crate::mail::Digest;
use crate::platform;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::cell::Cell;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What came of setting a damaged database aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged one is now.
    pub aside: PathBuf,
    /// Moves that could be read.
    pub moves: usize,
    /// Whether the journal, the corrections and the packages could all be read to their ends.
    pub is_whole: bool,
}

/// A table that is salvaged, and what its rows are ordered by.
struct Table {
    name: &'static str,
    order: &'static str,
    /// Whether rows have a number by which those behind a hole can be asked for.
    numbered: bool,
}

const fn table(name: &'static str, order: &'static str, numbered: bool) -> Table {
    Table {
        name,
        order,
        numbered,
    }
}

const TABLES: [Table; 9] = [
    table("sweeps", "id", true),
    table("moves", "id", true),
    table("packages", "id", true),
    table("corrections", "account, sha256", false),
    table("packaged", "vendor, sha256", false),
    table("samples", "sha256", false),
    table("hits", "account, sha256", false),
    table("words", "account, sha256", false),
    table("listed", "list, entry", false),
];

/// The most numbers that are asked for one by one in a hole.
const MOST_ASKED: usize = 10_000;

/// A file whose name begins as the database's does.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

impl Store {
    /// Sets a damaged database aside and puts one in its place with all that can be read of it.
    /// Nobody else may have it open. Cut off at any point, it can be done again.
    pub fn salvage(path: &Path, now: Timestamp) -> Result<Salvaged, StoreError> {
        let error = |source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        let part = beside(path, ".rebuilding");
        remove(&part).map_err(error)?;
        let mut new = Store::made(&part)?;
        let mut whole = copy_from(path, &mut new, true).map_err(error)?;
        if whole.is_none() {
            // The log may be what is damaged.
            drop(new);
            remove(&part).map_err(error)?;
            new = Store::made(&part)?;
            whole = copy_from(path, &mut new, false)
                .map_err(error)?
                .map(|_| false);
        }
        let dropped = new.mend(now)?;
        let is_whole = whole == Some(true) && dropped == 0;
        new.set_origin(match is_whole {
            true => Origin::Salvaged,
            false => Origin::Partial,
        })?;
        let moves = new.all_moves()?.len();
        new.run("PRAGMA wal_checkpoint(TRUNCATE)")?;
        drop(new);
        let done = beside(path, ".rebuilt");
        fs::rename(&part, &done).map_err(error)?;
        let aside = exchange(path, now).map_err(error)?;
        Ok(Salvaged {
            aside,
            moves,
            is_whole,
        })
    }

    /// Takes out what cannot be understood and fills in what rows refer to; returns how many rows
    /// were taken out.
    fn mend(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let mut dropped = 0;
        let ids = |store: &Store, table: &str| -> Result<Vec<i64>, StoreError> {
            store.sql(|db| {
                db.prepare(&format!("SELECT id FROM {table}"))?
                    .query_map([], |row| row.get(0))?
                    .collect()
            })
        };
        for id in ids(self, "moves")? {
            if self.moves("id = ?1", [id]).is_err() {
                self.sql(|db| db.execute("DELETE FROM moves WHERE id = ?1", [id]))?;
                dropped += 1;
            }
        }
        let undone: Vec<(i64, String)> = self.sql(|db| {
            db.prepare("SELECT id, undone_at FROM moves WHERE undone_at IS NOT NULL")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        for (id, _) in undone
            .iter()
            .filter(|(_, at)| at.parse::<Timestamp>().is_err())
        {
            self.sql(|db| db.execute("UPDATE moves SET undone_at = NULL WHERE id = ?1", [id]))?;
        }
        for id in ids(self, "packages")? {
            if self.packages_where("id = ?1", [id]).is_err() {
                self.sql(|db| db.execute("DELETE FROM packages WHERE id = ?1", [id]))?;
                dropped += 1;
            }
        }
        for table in ["corrections", "packaged", "samples", "hits", "words"] {
            let keys: Vec<String> = self.sql(|db| {
                db.prepare(&format!("SELECT sha256 FROM {table}"))?
                    .query_map([], |row| row.get(0))?
                    .collect()
            })?;
            for key in keys {
                let digest = key.parse::<Digest>().ok();
                let is_good = match (&digest, table) {
                    (Some(digest), "samples") => self.sample(digest).is_ok(),
                    (digest, _) => digest.is_some(),
                };
                if !is_good {
                    let delete = format!("DELETE FROM {table} WHERE sha256 = ?1");
                    self.sql(|db| db.execute(&delete, [&key]))?;
                    dropped += 1;
                }
            }
        }
        let started: Vec<(i64, String, Option<String>)> = self.sql(|db| {
            db.prepare("SELECT id, started, ended FROM sweeps")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })?;
        let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
        for (id, started, ended) in started {
            if !is_time(&started) || ended.is_some_and(|ended| !is_time(&ended)) {
                self.sql(|db| {
                    db.execute(
                        "UPDATE sweeps SET started = ?2, ended = ?2 WHERE id = ?1",
                        (id, now.to_string()),
                    )
                })?;
            }
        }
        let unknown = SubmissionState::Unknown.word();
        let says =
            "the database was damaged: whether it was sent is not known, so it is not sent again";
        self.sql(|db| {
            // Messages of a package that was lost were packaged all the same.
            db.execute(
                "INSERT OR IGNORE INTO packages (id, sweep, account, vendor, category, path, bytes, part,
                                                 parts, state, letter, recipient, answer, at)
                 SELECT DISTINCT package, (SELECT coalesce(max(id), 1) FROM sweeps), '', vendor, 'spam', '', 0,
                        1, 1, ?1, 'lost-' || package, '', ?2, ?3
                 FROM packaged WHERE package NOT IN (SELECT id FROM packages)",
                (unknown, says, now.to_string()),
            )?;
            // What is newer than what could be read may have been handed over.
            db.execute(
                "UPDATE packages SET state = ?1, answer = ?2
                 WHERE state IN ('ready', 'sending', 'failed')",
                (unknown, says),
            )?;
            for of in ["moves", "packages"] {
                db.execute(
                    &format!(
                        "INSERT OR IGNORE INTO sweeps (id, account, started, ended, summary)
                         SELECT sweep, account, min(at), max(at), 'what it did could not be read any more'
                         FROM {of} WHERE sweep NOT IN (SELECT id FROM sweeps) GROUP BY sweep"
                    ),
                    [],
                )?;
            }
            // An undo is a correction, whichever of the two could be read.
            db.execute(
                "INSERT OR IGNORE INTO corrections
                 SELECT account, sha256, 'undone', at FROM moves WHERE state IN ('undone', 'undoing')",
                [],
            )?;
            // An earlier version did not write down when.
            db.execute(
                "UPDATE moves SET undone_at = (SELECT at FROM corrections
                     WHERE account = moves.account AND sha256 = moves.sha256)
                 WHERE state = 'undone' AND undone_at IS NULL",
                [],
            )
        })?;
        self.run("PRAGMA foreign_keys = ON")?;
        Ok(dropped)
    }
}

/// Ends an exchange that was begun: the damaged database goes aside, the new one comes in its
/// place. Returns where the damaged one is.
pub(super) fn exchange(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stamp = now.strftime("%Y-%m-%d-%H%M%S").to_string();
    let free = |number: &usize| {
        let again = match number {
            0 => String::new(),
            number => format!("_{number}"),
        };
        let aside = beside(path, &format!(".damaged-{stamp}{again}"));
        (!aside.exists()).then_some(aside)
    };
    let aside = (0..1000).find_map(|number| free(&number));
    let aside = aside.ok_or(io::ErrorKind::AlreadyExists)?;
    for end in ["-wal", "-shm", ""] {
        match fs::rename(beside(path, end), beside(&aside, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(beside(path, ".rebuilt"), path)?;
    if let Some(folder) = path.parent() {
        platform::sync_dir(folder)?;
    }
    Ok(aside)
}

fn remove(path: &Path) -> io::Result<()> {
    for end in ["-wal", "-shm", ""] {
        match fs::remove_file(beside(path, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Copies what can be read, from a copy, so that the damaged one stays as it is. Returns whether
/// all of it could be; `None` where nothing could.
fn copy_from(path: &Path, new: &mut Store, with_log: bool) -> io::Result<Option<bool>> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let own = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempdir_in(folder)?;
    let copy = own.path().join("store.sqlite");
    if !path.exists() {
        return Ok(None);
    }
    fs::copy(path, &copy)?;
    let log = beside(path, "-wal");
    if with_log && log.exists() {
        fs::copy(log, beside(&copy, "-wal"))?;
    }
    let Ok(old) = Connection::open(&copy) else {
        return Ok(None);
    };
    // A damaged page is skipped by asking again behind it; what refers to it is mended after.
    let _ = new.run("PRAGMA foreign_keys = OFF");
    let (mut rows, mut whole) = (0, true);
    let copied = new.together(|new| {
        for table in &TABLES {
            let (read, is_whole) = copy_table(&old, new, table);
            rows += read;
            whole &= is_whole;
        }
        Ok(())
    });
    match copied {
        Ok(()) if rows > 0 => Ok(Some(whole)),
        _ => Ok(None),
    }
}

/// Copies one table's rows: from the front until one cannot be read, from the back likewise, and
/// in between by number. Returns how many, and whether that was all.
fn copy_table(old: &Connection, new: &Store, table: &Table) -> (usize, bool) {
    let Table {
        name,
        order,
        numbered,
    } = table;
    let Some(mut columns) = columns(new, name) else {
        return (0, false);
    };
    // One of an earlier version lacks some; where it does not say which, it is asked for all.
    if let Ok(theirs) = columns_of(old, name)
        && !theirs.is_empty()
    {
        columns.retain(|column| theirs.contains(column));
    }
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {name} ({list}) VALUES ({marks})");
    let mut rows = 0;
    let mut keep = |row: Vec<Value>| {
        // A row that the schema does not take is none of ours.
        let kept = new.sql(|db| db.prepare_cached(&insert)?.execute(params_from_iter(row)));
        rows += kept.unwrap_or_default();
    };
    let select = |rest: &str| format!("SELECT {list} FROM {name} {rest}");
    // The number of the row that was read last.
    let last = Cell::new(None);
    let mut read = |sql: &str, number: Option<i64>| -> rusqlite::Result<()> {
        let mut statement = old.prepare_cached(sql)?;
        let mut found = statement.query(params_from_iter(number))?;
        while let Some(row) = found.next()? {
            let values: Vec<Value> = (0..columns.len())
                .map(|column| row.get(column))
                .collect::<rusqlite::Result<_>>()?;
            if let Some(Value::Integer(id)) = values.first() {
                last.set(Some(*id));
            }
            keep(values);
        }
        Ok(())
    };
    // By the table itself, not by an index that may be what is damaged.
    let all = read(&select(&format!("NOT INDEXED ORDER BY {order}")), None);
    let whole = all.is_ok();
    if !whole {
        let front = last.take();
        let backwards: Vec<String> = order.split(", ").map(|key| format!("{key} DESC")).collect();
        let backwards = backwards.join(", ");
        let _ = read(&select(&format!("NOT INDEXED ORDER BY {backwards}")), None);
        let back = last.take();
        if *numbered {
            let ask = select("WHERE id = ?1");
            let first = front.map_or(1, |front| front + 1);
            let end = back.or_else(|| highest(old, name).map(|last| last + 1));
            for number in (first..end.unwrap_or(first)).take(MOST_ASKED) {
                let _ = read(&ask, Some(number));
            }
        }
    }
    (rows, whole)
}

/// The highest number that a table ever gave, where that can be read.
fn highest(old: &Connection, name: &str) -> Option<i64> {
    let ask = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
    old.query_row(ask, [name], |row| row.get(0)).ok()
}

fn columns(new: &Store, table: &str) -> Option<Vec<String>> {
    let columns = new.sql(|db| columns_of(db, table));
    columns.ok().filter(|columns| !columns.is_empty())
}

fn columns_of(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect()
}
