//! What each ruleset was that judged something: of every rule a word for its text, so that of a
//! later ruleset only the rules run that are new or changed; and what other rulesets judged.

use super::{Judged, Store, StoreError, json};
use crate::mail::Place;
use std::collections::BTreeMap;

/// Rulesets that are remembered: rows of older ones are judged by every rule.
const REMEMBERED: usize = 64;

/// What another ruleset said of the message at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedBefore {
    /// Where it lies.
    pub place: Place,
    /// The fingerprint of the rules.
    pub rules: String,
    /// What they said.
    pub judged: Judged,
}

impl Store {
    /// The texts of the ruleset with this fingerprint, by rule.
    pub fn texts(&self, rules: &str) -> Result<Option<BTreeMap<String, String>>, StoreError> {
        let found: Vec<String> = self.sql(|db| {
            db.prepare("SELECT texts FROM rulesets WHERE rules = ?1")?
                .query_map([rules], |row| row.get(0))?
                .collect()
        })?;
        let found = found.first();
        found
            .map(|text| self.read_json("rulesets", text))
            .transpose()
    }

    /// Remembers a ruleset.
    pub fn set_texts(
        &self,
        rules: &str,
        texts: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT OR REPLACE INTO rulesets (rules, texts) VALUES (?1, ?2)",
                (rules, json(texts)),
            )?;
            db.execute(
                "DELETE FROM rulesets WHERE number <= (SELECT max(number) FROM rulesets) - ?1",
                [REMEMBERED as i64],
            )
        })?;
        Ok(())
    }

    /// What other rules than these judged in a folder, at most so many, in the order of their
    /// places as text, from the one behind `after` on.
    pub fn judged_by_others(
        &self,
        account: &str,
        folder: &str,
        rules: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<JudgedBefore>, StoreError> {
        type Row = (String, String, String, String, Option<String>);
        let rows: Vec<Row> = self.sql(|db| {
            db.prepare_cached(
                "SELECT place, rules, sha256, verdict, brief FROM judged
                 WHERE account = ?1 AND folder = ?2 AND place > ?4 AND rules <> ?3
                 ORDER BY place LIMIT ?5",
            )?
            .query_map((account, folder, rules, after, most as i64), |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(place, rules, digest, verdict, brief)| {
                Ok(JudgedBefore {
                    place: self.read("judged", &place)?,
                    rules,
                    judged: Judged {
                        digest: self.read("judged", &digest)?,
                        verdict: self.read_json("judged", &verdict)?,
                        brief: brief
                            .map(|text| self.read_json("judged", &text))
                            .transpose()?,
                    },
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rulesets_are_remembered_and_the_oldest_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.sqlite")).unwrap();
        let texts = |word: usize| BTreeMap::from([("rule".to_owned(), word.to_string())]);
        for number in 0..REMEMBERED + 5 {
            store
                .set_texts(&number.to_string(), &texts(number))
                .unwrap();
        }
        assert_eq!(store.texts("4").unwrap(), None);
        assert_eq!(store.texts("5").unwrap(), Some(texts(5)));
        let newest = REMEMBERED + 4;
        assert_eq!(
            store.texts(&newest.to_string()).unwrap(),
            Some(texts(newest))
        );
    }
}
