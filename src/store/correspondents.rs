//! Which threads the owner takes part in, and to whom they write: hashes of the Message-IDs and of
//! the recipients of what they sent. The IDs and addresses themselves are not kept.

use super::{Store, StoreError};
use crate::mail::{Digest, Place};
use rusqlite::Connection;
use std::collections::HashSet;

impl Store {
    /// Of these messages of a Sent folder, those that were read before.
    pub fn sent_among<'a>(
        &self,
        account: &str,
        folder: &str,
        places: impl Iterator<Item = &'a Place>,
    ) -> Result<HashSet<Place>, StoreError> {
        let mut known = HashSet::new();
        self.sql(|db| {
            let mut ask = db.prepare_cached(
                "SELECT 1 FROM sent WHERE account = ?1 AND folder = ?2 AND place = ?3",
            )?;
            for place in places {
                if ask.exists((account, folder, place.to_string()))? {
                    known.insert(place.clone());
                }
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Notes a message that the owner sent, and to which addresses, in lower case.
    pub fn set_sent(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        message_id: Option<&str>,
        recipients: &[String],
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached("INSERT OR IGNORE INTO sent VALUES (?1, ?2, ?3)")?
                .execute((account, folder, place.to_string()))?;
            if let Some(id) = message_id {
                db.prepare_cached("INSERT OR IGNORE INTO correspondence VALUES (?1, ?2)")?
                    .execute((account, hash(id)))?;
            }
            for address in recipients {
                db.prepare_cached("INSERT OR IGNORE INTO recipients VALUES (?1, ?2)")?
                    .execute((account, hash(address)))?;
            }
            Ok(())
        })
    }

    /// The digests of all Message-IDs that the owner sent, and of all addresses that they wrote to.
    pub fn correspondence(
        &self,
        account: &str,
    ) -> Result<(HashSet<Digest>, HashSet<Digest>), StoreError> {
        let all = |db: &Connection, sql| -> rusqlite::Result<HashSet<Digest>> {
            let mut ask = db.prepare_cached(sql)?;
            let rows = ask.query_map([account], |row| row.get::<_, String>(0))?;
            // What somebody else wrote there is passed over.
            let digests = rows.filter_map(|hash| hash.map(|hash| hash.parse().ok()).transpose());
            digests.collect()
        };
        self.sql(|db| {
            let sent = all(db, "SELECT hash FROM correspondence WHERE account = ?1")?;
            let people = all(db, "SELECT hash FROM recipients WHERE account = ?1")?;
            Ok((sent, people))
        })
    }
}

fn hash(text: &str) -> String {
    Digest::of(text.as_bytes()).to_string()
}
