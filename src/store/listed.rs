//! When senders were put on the lists of the settings, as far as the program did it. The lists are
//! the settings': what is only here is on none.

use super::{Store, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;

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

    /// When the entries of a list were put there, where that is known: a date that cannot be read
    /// is not.
    pub fn listed(&self, list: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let rows: Vec<(String, String)> = self.sql(|db| {
            db.prepare_cached("SELECT entry, at FROM listed WHERE list = ?1")?
                .query_map([list], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        let dated = rows
            .into_iter()
            .filter_map(|(entry, at)| Some((entry, at.parse().ok()?)));
        Ok(dated.collect())
    }
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
