//! How folders stood when they were last read to the end, so that the next sweep asks only for
//! what came since. A mark without its rows in `judged` would hide messages: whoever takes those
//! away takes the mark away first.

use super::{Store, StoreError, json};
use crate::mail::Place;
use rusqlite::OptionalExtension;
use std::collections::BTreeMap;

/// What a folder was read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// To judge what lies in it.
    Sweep,
    /// To know what the owner sent.
    Sent,
}

impl Reader {
    fn word(self) -> &'static str {
        match self {
            Reader::Sweep => "sweep",
            Reader::Sent => "sent",
        }
    }
}

/// A folder as it was when it was read to the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFolder {
    /// The mailbox's own word for it.
    pub mark: String,
    /// Messages in it.
    pub messages: usize,
    /// Of those, how many were looked at.
    pub seen: usize,
    /// Those that were passed over for their flags, which may change.
    pub skipped: Vec<Place>,
    /// The rules that judged it.
    pub rules: String,
    /// Only messages received within this time, in hours, were looked at.
    pub since_hours: Option<u64>,
}

impl Store {
    /// How a folder stood when it was last read to the end.
    pub fn read_folder(
        &self,
        account: &str,
        folder: &str,
        reader: Reader,
    ) -> Result<Option<ReadFolder>, StoreError> {
        type Row = (String, i64, i64, String, String, Option<i64>);
        let row: Option<Row> = self.sql(|db| {
            db.query_row(
                "SELECT mark, messages, seen, skipped, rules, since_hours FROM folders
                 WHERE account = ?1 AND folder = ?2 AND reader = ?3",
                (account, folder, reader.word()),
                |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                        row.get(5)?,
                    ))
                },
            )
            .optional()
        })?;
        row.map(|(mark, messages, seen, skipped, rules, since_hours)| {
            let skipped: Vec<String> = self.read_json("folders", &skipped)?;
            let skipped = skipped.iter().map(|place| self.read("folders", place));
            Ok(ReadFolder {
                mark,
                messages: usize::try_from(messages).unwrap_or(0),
                seen: usize::try_from(seen).unwrap_or(0),
                skipped: skipped.collect::<Result<_, StoreError>>()?,
                rules,
                since_hours: since_hours.map(i64::unsigned_abs),
            })
        })
        .transpose()
    }

    /// Notes that a folder was read to the end.
    pub fn set_read_folder(
        &self,
        account: &str,
        folder: &str,
        reader: Reader,
        read: &ReadFolder,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT OR REPLACE INTO folders
                     (account, folder, reader, mark, messages, seen, skipped, rules, since_hours)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                (
                    account,
                    folder,
                    reader.word(),
                    &read.mark,
                    read.messages as i64,
                    read.seen as i64,
                    json(&read.skipped),
                    &read.rules,
                    read.since_hours.map(|hours| hours as i64),
                ),
            )
        })?;
        Ok(())
    }

    /// Forgets it, so that the folder is read from its beginning.
    pub fn forget_read_folder(
        &self,
        account: &str,
        folder: &str,
        reader: Reader,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM folders WHERE account = ?1 AND folder = ?2 AND reader = ?3",
                (account, folder, reader.word()),
            )
        })?;
        Ok(())
    }
}

/// Unread messages that a break may leave marked as read.
impl Store {
    /// Notes unread messages before they are read.
    pub fn note_unread<'a>(
        &self,
        account: &str,
        folder: &str,
        mut places: impl Iterator<Item = &'a Place>,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            let mut insert =
                db.prepare_cached("INSERT OR IGNORE INTO unread VALUES (?1, ?2, ?3)")?;
            places.try_for_each(|place| {
                insert
                    .execute((account, folder, place.to_string()))
                    .map(|_| ())
            })
        })
    }

    /// What was noted, by folder.
    pub fn noted_unread(&self, account: &str) -> Result<BTreeMap<String, Vec<Place>>, StoreError> {
        let rows: Vec<(String, String)> = self.sql(|db| {
            db.prepare("SELECT folder, place FROM unread WHERE account = ?1")?
                .query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        let mut all: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (folder, place) in rows {
            let place = self.read("unread", &place)?;
            all.entry(folder).or_default().push(place);
        }
        Ok(all)
    }

    /// Forgets what was noted of a folder: it is as it was.
    pub fn forget_unread(&self, account: &str, folder: &str) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM unread WHERE account = ?1 AND folder = ?2",
                (account, folder),
            )
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_known_as_it_was_read_until_it_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let read = ReadFolder {
            mark: "7 100 12".to_owned(),
            messages: 12,
            seen: 10,
            skipped: vec![Place::Uid {
                validity: 7,
                uid: 3,
            }],
            rules: "abc".to_owned(),
            since_hours: Some(720),
        };
        store
            .set_read_folder("pat", "INBOX", Reader::Sweep, &read)
            .unwrap();
        let known = |reader| store.read_folder("pat", "INBOX", reader).unwrap();
        assert_eq!(known(Reader::Sweep), Some(read));
        assert_eq!(known(Reader::Sent), None);
        store
            .forget_read_folder("pat", "INBOX", Reader::Sweep)
            .unwrap();
        assert_eq!(known(Reader::Sweep), None);
    }
}
