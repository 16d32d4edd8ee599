//! Which moves were taken back, when and by which run. It is written with the move itself: what a
//! person said of a message is one for all its moves, and ends when it is moved again.

use super::{MoveState, Store, StoreError, SweepId};
use crate::mail::Place;
use jiff::Timestamp;
use std::collections::HashMap;

/// When a move was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenBack {
    /// When.
    pub at: Timestamp,
    /// By which run; `None` where an earlier version took it back.
    pub by: Option<SweepId>,
}

impl Store {
    /// Notes that a run took a move back, to this place if the mailbox told: that is where the hit
    /// lies from then on.
    pub fn undone(
        &self,
        id: i64,
        by: SweepId,
        back: Option<&Place>,
        notes: &[String],
    ) -> Result<(), StoreError> {
        self.taken_out(id, by, back, notes)?;
        self.sql(|db| {
            db.prepare_cached(
                "UPDATE hits SET (folder, place) = (back.source, back.place)
                 FROM (SELECT account, sha256, source, coalesce(target_place, source_place) AS place
                       FROM moves WHERE id = ?1) AS back
                 WHERE hits.account = back.account AND hits.sha256 = back.sha256",
            )?
            .execute([id])
        })?;
        Ok(())
    }

    /// Notes that a run found a move taken back, or took it back; where the hit lies stays as it
    /// is known.
    pub fn taken_out(
        &self,
        id: i64,
        by: SweepId,
        back: Option<&Place>,
        notes: &[String],
    ) -> Result<(), StoreError> {
        self.settle(id, MoveState::Undone, back, notes)?;
        self.sql(|db| {
            db.prepare_cached("UPDATE moves SET undone_at = ?2, undone_by = ?3 WHERE id = ?1")?
                .execute((id, Timestamp::now().to_string(), by))
        })?;
        Ok(())
    }

    /// When each move was taken back, by its number.
    pub fn taken_back(&self) -> Result<HashMap<i64, TakenBack>, StoreError> {
        let rows: Vec<(i64, String, Option<SweepId>)> = self.sql(|db| {
            db.prepare(
                "SELECT id, undone_at, undone_by FROM moves
                 WHERE state = ?1 AND undone_at IS NOT NULL",
            )?
            .query_map([MoveState::Undone.word()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect()
        })?;
        rows.into_iter()
            .map(|(id, at, by)| {
                let at = self.read("moves", &at)?;
                Ok((id, TakenBack { at, by }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::MIGRATIONS;
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn of_what_an_earlier_version_took_back_each_keeps_its_own_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.sqlite");
        let old = Connection::open(&path).unwrap();
        for step in &MIGRATIONS[..8] {
            old.execute_batch(step).unwrap();
        }
        old.pragma_update(None, "user_version", 8).unwrap();
        let at = |minute: u32| format!("2026-11-21T10:{minute:02}:00Z");
        let digest = crate::mail::Digest::of(b"a").to_string();
        for (id, state, minute) in [(1, "undone", 10), (2, "undone", 20), (3, "moved", 40)] {
            let account = if id == 3 { "sam" } else { "pat" };
            old.execute(
                "INSERT INTO sweeps (id, account, started) VALUES (?1, ?2, ?3)",
                (id, account, at(minute)),
            )
            .unwrap();
            old.execute(
                "INSERT INTO moves (sweep, account, sha256, sender, subject, size, flags, source,
                                    source_place, target, state, at, notes)
                 VALUES (?1, ?2, ?3, '', '', 1, '{}', 'INBOX', 'uid:7:1', 'Spam', ?4, ?5, '[]')",
                (id, account, &digest, state, at(minute)),
            )
            .unwrap();
        }
        old.execute(
            "INSERT INTO corrections VALUES ('pat', ?1, 'undone', ?2)",
            (&digest, at(30)),
        )
        .unwrap();
        drop(old);
        let store = Store::open(&path).unwrap();
        let back = |minute| TakenBack {
            at: at(minute).parse().unwrap(),
            by: None,
        };
        let expected = HashMap::from([(1, back(20)), (2, back(30))]);
        assert_eq!(store.taken_back().unwrap(), expected);
    }
}
