//! When senders were put on the lists of the settings, as far as the program did it. The lists are
//! the settings': what is only here is on none. The date of an entry that was taken off is set
//! aside, so that whoever takes that back has it again, and whoever writes it anew has not.

use super::{Store, StoreError};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashSet};

impl Store {
    /// Notes that these were put on a list now.
    pub fn note_listed(
        &mut self,
        list: &str,
        entries: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.together(|store| {
            for entry in entries {
                store.sql(|db| {
                    db.prepare_cached("INSERT OR REPLACE INTO listed VALUES (?1, ?2, ?3)")?
                        .execute((list, entry, now.to_string()))
                })?;
            }
            Ok(())
        })
    }

    /// Sets the dates of these aside, as they were taken off a list.
    pub fn set_listed_aside(&mut self, list: &str, entries: &[String]) -> Result<(), StoreError> {
        self.move_dates(list, &aside(list), entries)
    }

    /// Gives these the dates that were set aside.
    pub fn take_listed_back(&mut self, list: &str, entries: &[String]) -> Result<(), StoreError> {
        self.move_dates(&aside(list), list, entries)
    }

    /// In place of what is known there, even where nothing is known here.
    fn move_dates(&mut self, from: &str, to: &str, entries: &[String]) -> Result<(), StoreError> {
        self.together(|store| {
            for entry in entries {
                store.forget_listed(to, entry)?;
                store.sql(|db| {
                    db.prepare_cached("UPDATE listed SET list = ?2 WHERE list = ?1 AND entry = ?3")?
                        .execute((from, to, entry))
                })?;
            }
            Ok(())
        })
    }

    /// Forgets the dates of all that are on a list no more, by whatever hand.
    pub fn keep_listed(&mut self, list: &str, entries: &[String]) -> Result<(), StoreError> {
        let there: HashSet<&String> = entries.iter().collect();
        let known = self.listed_rows(list)?;
        self.together(|store| {
            for (entry, _) in known.iter().filter(|(entry, _)| !there.contains(entry)) {
                store.forget_listed(list, entry)?;
            }
            Ok(())
        })
    }

    fn forget_listed(&self, list: &str, entry: &str) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached("DELETE FROM listed WHERE list = ?1 AND entry = ?2")?
                .execute((list, entry))
        })?;
        Ok(())
    }

    /// When the entries of a list were put there, where that is known: a date that cannot be read
    /// is not.
    pub fn listed(&self, list: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let rows = self.listed_rows(list)?.into_iter();
        let dated = rows.filter_map(|(entry, at)| Some((entry, at.parse().ok()?)));
        Ok(dated.collect())
    }

    fn listed_rows(&self, list: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.sql(|db| {
            db.prepare_cached("SELECT entry, at FROM listed WHERE list = ?1")?
                .query_map([list], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }
}

/// Where the dates of a list are set aside.
fn aside(list: &str) -> String {
    format!("was-{list}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_cannot_be_read_is_none_and_closes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let entries = ["a@example.com", "b@example.com"].map(str::to_owned);
        let now = Timestamp::now();
        store.note_listed("blocked", &entries, now).unwrap();
        let spoil = "UPDATE listed SET at = 'in spring' WHERE entry = 'a@example.com'";
        store.sql(|db| db.execute(spoil, [])).unwrap();
        let listed = store.listed("blocked").unwrap();
        assert_eq!(listed, BTreeMap::from([("b@example.com".to_owned(), now)]));
    }
}
