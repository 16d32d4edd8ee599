//! Which threads the owner takes part in: hashes of the Message-IDs that they sent. The IDs
//! themselves are not kept.

use super::{Store, StoreError};
use crate::mail::{Digest, Place};
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

    /// Notes a message that the owner sent.
    pub fn set_sent(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        message_id: Option<&str>,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached("INSERT OR IGNORE INTO sent VALUES (?1, ?2, ?3)")?
                .execute((account, folder, place.to_string()))?;
            if let Some(id) = message_id {
                db.prepare_cached("INSERT OR IGNORE INTO correspondence VALUES (?1, ?2)")?
                    .execute((account, hash(id)))?;
            }
            Ok(())
        })
    }

    /// Whether the owner sent a message with one of these Message-IDs.
    pub fn takes_part(&self, account: &str, references: &[String]) -> Result<bool, StoreError> {
        self.sql(|db| {
            let mut ask =
                db.prepare_cached("SELECT 1 FROM correspondence WHERE account = ?1 AND hash = ?2")?;
            for id in references {
                if ask.exists((account, hash(id)))? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

fn hash(message_id: &str) -> String {
    Digest::of(message_id.as_bytes()).to_string()
}
