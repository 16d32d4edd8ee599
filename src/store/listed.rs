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

    /// When the entries of a list were put there, where that is known.
    pub fn listed(&self, list: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let rows: Vec<(String, String)> = self.sql(|db| {
            db.prepare_cached("SELECT entry, at FROM listed WHERE list = ?1")?
                .query_map([list], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        let dated = rows
            .into_iter()
            .map(|(entry, at)| Ok((entry, self.read("listed", &at)?)));
        dated.collect()
    }
}
