//! What was said of the message at each place, and by which rules.

use super::{Store, StoreError, json};
use crate::mail::{Digest, Place};
use crate::verdict::Verdict;
use std::collections::HashMap;

/// One judged message.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The SHA-256 of the message, or of the part that was judged.
    pub digest: Digest,
    /// Whether only a part was judged.
    pub partial: bool,
    /// Its score.
    pub score: f64,
}

impl Store {
    /// Notes what was said of a message.
    #[expect(clippy::too_many_arguments, reason = "one row, its columns in order")]
    pub fn set_judged(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        digest: &Digest,
        partial: bool,
        rules: &str,
        verdict: &Verdict,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO judged (account, folder, place, sha256, part, rules, score, verdict)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                account,
                folder,
                place.to_string(),
                digest.to_string(),
                partial,
                rules,
                verdict.score,
                json(verdict),
            ))
        })?;
        Ok(())
    }

    /// What these rules said of the messages in a folder. Places of another UIDVALIDITY are other
    /// places, so a renumbered folder is read anew.
    pub fn judged(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
    ) -> Result<HashMap<Place, Judged>, StoreError> {
        let rows: Vec<(String, String, bool, f64)> = self.sql(|db| {
            db.prepare(
                "SELECT place, sha256, part, score FROM judged
                 WHERE account = ?1 AND folder = ?2 AND rules = ?3",
            )?
            .query_map((account, folder, rules), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(place, digest, partial, score)| {
                let digest = self.read("judged", &digest)?;
                Ok((
                    self.read("judged", &place)?,
                    Judged {
                        digest,
                        partial,
                        score,
                    },
                ))
            })
            .collect()
    }

    /// The verdict on one message, as it was judged.
    pub fn verdict(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
    ) -> Result<Option<Verdict>, StoreError> {
        let text: Option<String> = self.sql(|db| {
            use rusqlite::OptionalExtension;
            db.query_row(
                "SELECT verdict FROM judged WHERE account = ?1 AND folder = ?2 AND place = ?3",
                (account, folder, place.to_string()),
                |row| row.get(0),
            )
            .optional()
        })?;
        text.map(|text| self.read_json("judged", &text)).transpose()
    }

    /// Forgets places that are not in the folder any more.
    pub fn forget_judged(
        &self,
        account: &str,
        folder: &str,
        gone: &[Place],
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            let mut delete = db.prepare_cached(
                "DELETE FROM judged WHERE account = ?1 AND folder = ?2 AND place = ?3",
            )?;
            gone.iter().try_for_each(|place| {
                delete
                    .execute((account, folder, place.to_string()))
                    .map(|_| ())
            })
        })
    }
}
