//! What was said of the message at each place, and by which rules.

use super::{Store, StoreError, json};
use crate::mail::{Digest, Place};
use crate::verdict::Verdict;
use jiff::Timestamp;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One judged message.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The SHA-256 of the message; of its first bytes, where only these were judged and it is no hit.
    pub digest: Digest,
    /// What was said of it.
    pub verdict: Verdict,
    /// What is shown of it; `None` where it is no hit at any level.
    pub brief: Option<Brief>,
}

/// What is shown of a hit, and what else must be known to deliver it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// The sender's address.
    pub from: String,
    /// The From domain.
    pub sender_domain: String,
    /// The subject, made safe to show.
    pub subject: String,
    /// The Message-ID.
    pub message_id: Option<String>,
    /// Whether it answers a message of the owner's.
    pub takes_part: bool,
    /// The sender's name, made safe to show.
    #[serde(default)]
    pub name: String,
    /// When the mailbox received it, or else when it says that it was written.
    #[serde(default)]
    pub date: Option<Timestamp>,
    /// Its size in bytes; 0 where that is not known.
    #[serde(default)]
    pub size: u64,
}

/// What may be shown, of a folder.
const HITS: &str = "SELECT place, sha256, verdict, brief FROM judged
    WHERE account = ?1 AND folder = ?2 AND rules = ?3 AND score >= ?4 AND brief IS NOT NULL";

/// Names a place where a hit lies in its row, unless what the row names is not in this folder, or
/// is there.
const ELSEWHERE: &str = "UPDATE hits SET (folder, place) = (other.folder, other.place)
    FROM (SELECT folder, place FROM judged
          WHERE account = ?1 AND sha256 = ?2 AND brief IS NOT NULL LIMIT 1) AS other
    WHERE hits.account = ?1 AND hits.sha256 = ?2 AND hits.folder = ?3
        AND NOT EXISTS (SELECT 1 FROM judged
                        WHERE account = ?1 AND sha256 = ?2
                          AND folder = ?3 AND place = hits.place)";

impl Store {
    /// Notes what these rules said of the message at a place.
    pub fn set_judged(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        rules: &str,
        judged: &Judged,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO judged
                     (account, folder, place, sha256, rules, score, verdict, brief)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                account,
                folder,
                place.to_string(),
                judged.digest.to_string(),
                rules,
                judged.verdict.score,
                json(&judged.verdict),
                judged.brief.as_ref().map(json),
            ))
        })?;
        match &judged.brief {
            Some(brief) => self.set_hit(account, folder, place, judged, brief),
            None => self.forget_hit(account, &judged.digest),
        }
    }

    /// The places in a folder whose messages these rules judged. Places of another UIDVALIDITY
    /// are other places, so a renumbered folder is read anew.
    pub fn judged_places(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
    ) -> Result<HashSet<Place>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare(
                "SELECT place FROM judged WHERE account = ?1 AND folder = ?2 AND rules = ?3",
            )?
            .query_map((account, folder, rules), |row| row.get(0))?
            .collect()
        })?;
        rows.iter()
            .map(|place| self.read("judged", place))
            .collect()
    }

    /// Whether other rules judged anything in a folder.
    pub fn is_judged_by_others(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
    ) -> Result<bool, StoreError> {
        self.sql(|db| {
            db.prepare("SELECT 1 FROM judged WHERE account = ?1 AND folder = ?2 AND rules <> ?3")?
                .exists((account, folder, rules))
        })
    }

    /// Of these places, those whose messages these rules judged.
    pub fn judged_among<'a>(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
        places: impl Iterator<Item = &'a Place>,
    ) -> Result<HashSet<Place>, StoreError> {
        let mut judged = HashSet::new();
        self.sql(|db| {
            let mut ask = db.prepare_cached(
                "SELECT 1 FROM judged
                 WHERE account = ?1 AND folder = ?2 AND place = ?3 AND rules = ?4",
            )?;
            for place in places {
                if ask.exists((account, folder, place.to_string(), rules))? {
                    judged.insert(place.clone());
                }
            }
            Ok(())
        })?;
        Ok(judged)
    }

    /// What these rules judged in a folder with at least this score, of what may be shown.
    pub fn judged_from(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
        score: f64,
    ) -> Result<Vec<(Place, Judged)>, StoreError> {
        type Row = (String, String, String, Option<String>);
        let rows: Vec<Row> = self.sql(|db| {
            db.prepare(HITS)?
                .query_map((account, folder, rules, score), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?
                .collect()
        })?;
        rows.into_iter()
            .map(|(place, digest, verdict, brief)| {
                let judged = Judged {
                    digest: self.read("judged", &digest)?,
                    verdict: self.read_json("judged", &verdict)?,
                    brief: brief
                        .map(|text| self.read_json("judged", &text))
                        .transpose()?,
                };
                Ok((self.read("judged", &place)?, judged))
            })
            .collect()
    }

    /// Forgets what other rules judged in a folder.
    pub fn forget_other_rules(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM judged WHERE account = ?1 AND folder = ?2 AND rules <> ?3",
                (account, folder, rules),
            )
        })?;
        Ok(())
    }

    /// Forgets where a hit lay that was moved out of this folder; as `forget_judged`, also where no
    /// sweep has seen it since it was put back.
    pub fn forget_moved(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        digest: &Digest,
    ) -> Result<(), StoreError> {
        self.forget_judged(account, folder, std::slice::from_ref(place))?;
        self.sql(|db| {
            let mut elsewhere = db.prepare_cached(ELSEWHERE)?;
            elsewhere.execute((account, digest.to_string(), folder))
        })?;
        Ok(())
    }

    /// Forgets places that are not in the folder any more. A hit that lies elsewhere too is known
    /// to lie there from then on.
    pub fn forget_judged(
        &self,
        account: &str,
        folder: &str,
        gone: &[Place],
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            let mut delete = db.prepare_cached(
                "DELETE FROM judged WHERE account = ?1 AND folder = ?2 AND place = ?3
                 RETURNING sha256, brief IS NOT NULL",
            )?;
            let mut elsewhere = db.prepare_cached(ELSEWHERE)?;
            gone.iter().try_for_each(|place| {
                let place = place.to_string();
                let was: Option<(String, bool)> = delete
                    .query_row((account, folder, &place), |row| {
                        Ok((row.get(0)?, row.get(1)?))
                    })
                    .optional()?;
                if let Some((digest, true)) = was {
                    elsewhere.execute((account, digest, folder))?;
                }
                Ok(())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_found_without_reading_all_that_was_judged() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let steps: Vec<String> = store
            .sql(|db| {
                db.prepare(&format!("EXPLAIN QUERY PLAN {HITS}"))?
                    .query_map(("pat", "INBOX", "rules", 5.0), |row| row.get(3))?
                    .collect()
            })
            .unwrap();
        assert!(steps.join("; ").contains("INDEX judged_hits"), "{steps:?}");
    }
}
