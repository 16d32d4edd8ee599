//! What is kept of judged messages so that a change of rules need not fetch them again: sealed
//! bytes by place, in a database of its own beside the store. It may be lost at any time; it is
//! bounded in size, and it knows nothing of what the bytes hold.

use crate::mail::Place;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Large pages: several messages lie in one, so that reading a folder reads it front to back.
const PAGE: i64 = 32 << 10;
/// Rows that go at once when room is made.
const MANY: i64 = 500;

const SCHEMA: &str = "
    CREATE TABLE about (made_by TEXT NOT NULL) STRICT;
    CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        folder TEXT NOT NULL,
        UNIQUE (account, folder)
    ) STRICT;
    -- `run` counts the runs that wrote here: rows of earlier runs make room for later ones.
    CREATE TABLE views (
        id INTEGER PRIMARY KEY,
        folder INTEGER NOT NULL,
        place TEXT NOT NULL,
        run INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        UNIQUE (folder, place)
    ) STRICT;
    CREATE INDEX views_by_run ON views (run);
    PRAGMA user_version = 1;";

/// The open cache.
pub struct Cache {
    db: Connection,
    path: PathBuf,
    size: u64,
    run: i64,
}

/// Why the cache could not do what was asked. Nothing is lost by it but time.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = .path.display())]
pub struct CacheError {
    path: PathBuf,
    source: rusqlite::Error,
}

impl CacheError {
    /// Whether the file is of no more use.
    pub fn is_damaged(&self) -> bool {
        matches!(
            self.source.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        ) || matches!(
            self.source,
            rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::QueryReturnedNoRows
        )
    }
}

/// Where the cache lies in a data folder.
pub fn path_in(data: &Path) -> PathBuf {
    data.join("cache.sqlite")
}

/// What the cache's files take on the disk, in bytes.
pub fn bytes_on_disk(path: &Path) -> u64 {
    let sizes = files(path).into_iter().map(|file| file.metadata());
    sizes.filter_map(|of| of.ok()).map(|of| of.len()).sum()
}

/// Removes the cache's files.
pub fn remove(path: &Path) -> std::io::Result<()> {
    for file in files(path) {
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The database, and what SQLite puts beside it.
fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

impl Cache {
    /// Opens the cache, or makes it, for rows that `made_by` speaks of: rows of another program
    /// or other limits are dropped. It holds at most `size` bytes.
    pub fn open(path: &Path, made_by: &str, size: u64) -> Result<Cache, CacheError> {
        let named = |source| CacheError {
            path: path.to_owned(),
            source,
        };
        // SQLite gives its write-ahead log the mode of the database, so this keeps both private.
        crate::platform::private_append(path).map_err(|error| {
            let refused = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
            named(rusqlite::Error::SqliteFailure(
                refused,
                Some(error.to_string()),
            ))
        })?;
        let prepare = || -> rusqlite::Result<(Connection, i64)> {
            let mut db = Connection::open(path)?;
            db.busy_timeout(Duration::from_secs(10))?;
            db.pragma_update(None, "page_size", PAGE)?;
            // Losing the last rows to a power cut costs a fetch of these messages, no more.
            db.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 256;")?;
            let begin = rusqlite::TransactionBehavior::Immediate;
            db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
            let change = db.transaction_with_behavior(begin)?;
            let known: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if known == 0 {
                change.execute_batch(SCHEMA)?;
            }
            let made = change.query_row("SELECT made_by FROM about", [], |row| row.get(0));
            if made.optional()?.is_none_or(|made: String| made != made_by) {
                change
                    .execute_batch("DELETE FROM views; DELETE FROM folders; DELETE FROM about;")?;
                change.execute("INSERT INTO about VALUES (?1)", [made_by])?;
            }
            let newest: Option<i64> =
                change.query_row("SELECT max(run) FROM views", [], |row| row.get(0))?;
            change.commit()?;
            Ok((db, newest.unwrap_or(0)))
        };
        let (db, newest) = prepare().map_err(named)?;
        Ok(Cache {
            db,
            path: path.to_owned(),
            size,
            run: newest + 1,
        })
    }

    /// Opens the cache to read it, for a dry run; `None` where there is none, or its rows are of
    /// no use to `made_by`.
    pub fn look(path: &Path, made_by: &str) -> Result<Option<Cache>, CacheError> {
        if !path.exists() {
            return Ok(None);
        }
        let named = |source| CacheError {
            path: path.to_owned(),
            source,
        };
        let db =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(named)?;
        let cache = Cache {
            db,
            path: path.to_owned(),
            size: 0,
            run: 0,
        };
        let made: Option<String> = cache.sql(|db| {
            db.busy_timeout(Duration::from_secs(10))?;
            db.query_row("SELECT made_by FROM about", [], |row| row.get(0))
                .optional()
        })?;
        Ok((made.as_deref() == Some(made_by)).then_some(cache))
    }

    /// What is kept of the message at a place.
    pub fn get(&self, folder: FolderId, place: &Place) -> Result<Option<Vec<u8>>, CacheError> {
        self.sql(|db| {
            db.prepare_cached("SELECT sealed FROM views WHERE folder = ?1 AND place = ?2")?
                .query_row((folder.0, place.to_string()), |row| row.get(0))
                .optional()
        })
    }

    /// The number of a folder in the cache, if something of it was kept.
    pub fn folder(&self, account: &str, folder: &str) -> Result<Option<FolderId>, CacheError> {
        self.sql(|db| {
            db.prepare_cached("SELECT id FROM folders WHERE account = ?1 AND folder = ?2")?
                .query_row((account, folder), |row| row.get(0).map(FolderId))
                .optional()
        })
    }

    /// Keeps these, all or none. What does not fit, even when what earlier runs kept makes room,
    /// is left out.
    pub fn put(
        &mut self,
        account: &str,
        folder: &str,
        views: &[(Place, Vec<u8>)],
    ) -> Result<(), CacheError> {
        let needed: usize = views.iter().map(|(_, sealed)| sealed.len() + 100).sum();
        if views.is_empty() || !self.make_room(needed as u64)? {
            return Ok(());
        }
        self.change(|db, run| {
            db.execute(
                "INSERT OR IGNORE INTO folders (account, folder) VALUES (?1, ?2)",
                (account, folder),
            )?;
            let folder: i64 = db.query_row(
                "SELECT id FROM folders WHERE account = ?1 AND folder = ?2",
                (account, folder),
                |row| row.get(0),
            )?;
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO views (folder, place, run, sealed) VALUES (?1, ?2, ?3, ?4)",
            )?;
            views.iter().try_for_each(|(place, sealed)| {
                insert
                    .execute((folder, place.to_string(), run, sealed))
                    .map(|_| ())
            })
        })
    }

    /// Removes what was kept of places that are not there any more.
    pub fn remove_places(
        &mut self,
        account: &str,
        folder: &str,
        gone: &[Place],
    ) -> Result<(), CacheError> {
        let Some(FolderId(folder)) = self.folder(account, folder)? else {
            return Ok(());
        };
        self.change(|db, _| {
            let mut delete =
                db.prepare_cached("DELETE FROM views WHERE folder = ?1 AND place = ?2")?;
            gone.iter()
                .try_for_each(|place| delete.execute((folder, place.to_string())).map(|_| ()))
        })
    }

    /// Removes what was kept of an account's messages, and gives the room back to the disk.
    pub fn forget(&mut self, account: &str) -> Result<(), CacheError> {
        self.change(|db, _| {
            db.execute(
                "DELETE FROM views WHERE folder IN (SELECT id FROM folders WHERE account = ?1)",
                [account],
            )?;
            db.execute("DELETE FROM folders WHERE account = ?1", [account])?;
            Ok(())
        })?;
        // Rewrites the file without what was removed, the log included.
        self.sql(|db| db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"))
    }

    /// What is in use of the file, in bytes.
    pub fn used(&self) -> Result<u64, CacheError> {
        let pages = |name: &str| -> Result<u64, CacheError> {
            let count: i64 = self.sql(|db| db.pragma_query_value(None, name, |row| row.get(0)))?;
            Ok(count.unsigned_abs())
        };
        let page = pages("page_size")?;
        let used = pages("page_count")?.saturating_sub(pages("freelist_count")?);
        Ok(used.saturating_mul(page))
    }

    /// Makes room for so many bytes; returns whether there is. What this run wrote stays: it is of
    /// newer messages than what it would write next.
    fn make_room(&mut self, needed: u64) -> Result<bool, CacheError> {
        // A little more than needed, so that this is not done for each batch.
        let mut goal = self.size;
        while self.used()?.saturating_add(needed) > goal {
            goal = self.size - self.size / 50;
            let mut removed = 0;
            self.change(|db, run| {
                let oldest: Option<i64> =
                    db.query_row("SELECT min(run) FROM views WHERE run < ?1", [run], |row| {
                        row.get(0)
                    })?;
                // A run begins with the newest messages.
                removed = db.execute(
                    "DELETE FROM views WHERE id IN
                         (SELECT id FROM views WHERE run = ?1 ORDER BY id DESC LIMIT ?2)",
                    (oldest, MANY),
                )?;
                Ok(())
            })?;
            if removed == 0 {
                return Ok(self.used()?.saturating_add(needed) <= self.size);
            }
        }
        Ok(true)
    }

    fn change(
        &mut self,
        change: impl FnOnce(&Connection, i64) -> rusqlite::Result<()>,
    ) -> Result<(), CacheError> {
        let run = self.run;
        let begin = rusqlite::TransactionBehavior::Immediate;
        let done = self.db.transaction_with_behavior(begin).and_then(|open| {
            change(&open, run)?;
            open.commit()
        });
        done.map_err(|source| self.named(source))
    }

    fn sql<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, CacheError> {
        ask(&self.db).map_err(|source| self.named(source))
    }

    fn named(&self, source: rusqlite::Error) -> CacheError {
        CacheError {
            path: self.path.clone(),
            source,
        }
    }
}

/// A folder's number in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderId(i64);

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn place(uid: u32) -> Place {
        Place::Uid { validity: 1, uid }
    }

    fn views(uids: std::ops::Range<u32>, bytes: usize) -> Vec<(Place, Vec<u8>)> {
        uids.map(|uid| (place(uid), vec![uid as u8; bytes]))
            .collect()
    }

    fn kept(cache: &Cache, uids: std::ops::Range<u32>) -> usize {
        let folder = cache.folder("pat", "INBOX").unwrap().unwrap();
        uids.filter(|uid| cache.get(folder, &place(*uid)).unwrap().is_some())
            .count()
    }

    #[test]
    fn what_was_put_is_there_until_it_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = path_in(dir.path());
        let mut cache = Cache::open(&path, "v1", MIB).unwrap();
        assert_eq!(cache.folder("pat", "INBOX").unwrap(), None);
        cache.put("pat", "INBOX", &views(1..4, 100)).unwrap();
        cache.put("kim", "INBOX", &views(1..2, 100)).unwrap();
        drop(cache);
        let mut cache = Cache::open(&path, "v1", MIB).unwrap();
        let folder = cache.folder("pat", "INBOX").unwrap().unwrap();
        assert_eq!(cache.get(folder, &place(2)).unwrap(), Some(vec![2; 100]));
        cache
            .remove_places("pat", "INBOX", &[place(2), place(9)])
            .unwrap();
        assert_eq!(kept(&cache, 1..4), 2);
        cache.forget("pat").unwrap();
        assert_eq!(cache.folder("pat", "INBOX").unwrap(), None);
        assert!(cache.folder("kim", "INBOX").unwrap().is_some());
        assert!(Cache::look(&path, "v1").unwrap().is_some());
        assert!(Cache::look(&path, "v2").unwrap().is_none());
        // Another version's rows are of no use.
        let cache = Cache::open(&path, "v2", MIB).unwrap();
        assert_eq!(cache.folder("kim", "INBOX").unwrap(), None);
        drop(cache);
        remove(&path).unwrap();
        assert_eq!((bytes_on_disk(&path), path.exists()), (0, false));
        assert!(Cache::look(&path, "v2").unwrap().is_none());
    }

    #[test]
    fn it_never_grows_beyond_its_size_and_earlier_runs_make_room() {
        let dir = tempfile::tempdir().unwrap();
        let path = path_in(dir.path());
        let size = 4 * MIB;
        for run in 0..4 {
            let mut cache = Cache::open(&path, "v1", size).unwrap();
            for part in 0..20 {
                let start = run * 10_000 + part * 100;
                cache
                    .put("pat", "INBOX", &views(start..start + 100, 5_000))
                    .unwrap();
                assert!(cache.used().unwrap() <= size);
            }
            // The first that a run puts are the newest messages: they stay.
            let start = run * 10_000;
            assert_eq!(kept(&cache, start..start + 400), 400);
            assert!(kept(&cache, start..start + 2_000) < 1_000);
        }
        assert!(path.metadata().unwrap().len() <= size + size / 10);
    }

    #[test]
    fn a_file_that_is_none_or_damaged_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = path_in(dir.path());
        std::fs::write(
            &path,
            "no database, and long enough to be looked at ".repeat(50),
        )
        .unwrap();
        assert!(Cache::open(&path, "v1", MIB).err().unwrap().is_damaged());
        assert!(Cache::look(&path, "v1").err().unwrap().is_damaged());
        remove(&path).unwrap();
        let mut cache = Cache::open(&path, "v1", 8 * MIB).unwrap();
        cache.put("pat", "INBOX", &views(1..400, 5_000)).unwrap();
        drop(cache);
        let mut bytes = std::fs::read(&path).unwrap();
        for byte in bytes.iter_mut().skip(100).step_by(97) {
            *byte ^= 0x55;
        }
        std::fs::write(&path, bytes).unwrap();
        let told = Cache::open(&path, "v1", 8 * MIB).map_or_else(
            |error| error.is_damaged(),
            |cache| {
                cache
                    .folder("pat", "INBOX")
                    .is_err_and(|error| error.is_damaged())
            },
        );
        assert!(told);
    }

    #[cfg(unix)]
    #[test]
    fn it_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = path_in(dir.path());
        let mut cache = Cache::open(&path, "v1", MIB).unwrap();
        cache.put("pat", "INBOX", &views(1..4, 100)).unwrap();
        for file in files(&path) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
