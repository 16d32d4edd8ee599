//! The journal of moves, and the corrections.

use super::{Store, StoreError, SweepId, json, word_of};
use crate::mail::{Digest, Flags, Place};
use jiff::Timestamp;
use rusqlite::OptionalExtension;
use std::collections::HashSet;

/// How far a move got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveState {
    /// Written down, and perhaps begun.
    Intended,
    /// Done: the message lies in the target alone.
    Moved,
    /// A copy lies in the target; the original stays, flagged `\Deleted`.
    Copied,
    /// It did not happen: the message is where it was.
    Stayed,
    /// The message was gone before it could be moved; the sample is kept.
    Gone,
    /// Taking it back was written down, and perhaps begun.
    Undoing,
    /// Taken back.
    Undone,
    /// It could not be taken back: the message is not in the target any more.
    Lost,
}

const STATES: [(MoveState, &str); 8] = [
    (MoveState::Intended, "intended"),
    (MoveState::Moved, "moved"),
    (MoveState::Copied, "copied"),
    (MoveState::Stayed, "stayed"),
    (MoveState::Gone, "gone"),
    (MoveState::Undoing, "undoing"),
    (MoveState::Undone, "undone"),
    (MoveState::Lost, "lost"),
];

impl MoveState {
    /// The word in the store and in the history.
    pub fn word(self) -> &'static str {
        word_of(&STATES, self)
    }

    pub(super) fn named(word: &str) -> Option<MoveState> {
        let found = STATES.iter().find(|(_, known)| *known == word);
        found.map(|(state, _)| *state)
    }

    /// Whether the message lies in the target, as far as is known.
    pub fn stands(self) -> bool {
        matches!(self, MoveState::Moved | MoveState::Copied)
    }

    /// Whether nothing is left to be moved.
    pub fn has_left(self) -> bool {
        self.stands() || self == MoveState::Gone
    }
}

/// One message's way from one folder to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its number; 0 until it is written down.
    pub id: i64,
    /// The sweep it belongs to.
    pub sweep: SweepId,
    /// The account.
    pub account: String,
    /// The message.
    pub digest: Digest,
    /// Its Message-ID, to find it by.
    pub message_id: Option<String>,
    /// The sender's address, to name it to a person.
    pub sender: String,
    /// The subject, made safe to show.
    pub subject: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its flags before.
    pub flags: Flags,
    /// When the mailbox had received it.
    pub date: Option<Timestamp>,
    /// The folder it lay in.
    pub source: String,
    /// Where it lay.
    pub source_place: Place,
    /// The folder it goes to.
    pub target: String,
    /// Where it lies there, once known; of one that was taken back, where it lies in the source;
    /// of one that is intended, the first place that its copy can have.
    pub target_place: Option<Place>,
    /// How far it got.
    pub state: MoveState,
    /// When it was written down.
    pub at: Timestamp,
    /// What was put right or lost on the way.
    pub notes: Vec<String>,
}

impl Move {
    /// The message as a person knows it: its sender and subject, or what its digest begins with.
    pub fn name(&self) -> String {
        match (self.sender.as_str(), self.subject.as_str()) {
            ("", "") => format!("message {}", self.digest.short()),
            (sender, "") => format!("the message of {sender}"),
            (sender, subject) => format!("{sender}: {subject}"),
        }
    }
}

/// Why a message is not moved again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Taken back by `undo`.
    Undone,
    /// Moved back by the owner, with whatever program.
    MovedBack,
    /// Its sample was kept, and what became of it then is not known any more.
    Doubtful,
    /// A person said that it is wanted.
    NotSpam,
}

impl Correction {
    fn word(self) -> &'static str {
        match self {
            Correction::Undone => "undone",
            Correction::MovedBack => "moved-back",
            Correction::Doubtful => "doubtful",
            Correction::NotSpam => "not-spam",
        }
    }

    fn of_word(word: &str) -> Correction {
        match word {
            "undone" => Correction::Undone,
            "doubtful" => Correction::Doubtful,
            "not-spam" => Correction::NotSpam,
            _ => Correction::MovedBack,
        }
    }
}

const COLUMNS: &str = "id, sweep, account, sha256, message_id, sender, subject, size, flags, date, source, source_place, \
                       target, target_place, state, at, notes";

/// A row of the journal as SQLite has it.
struct Row {
    id: i64,
    sweep: i64,
    account: String,
    digest: String,
    message_id: Option<String>,
    sender: String,
    subject: String,
    size: i64,
    flags: String,
    date: Option<String>,
    source: String,
    source_place: String,
    target: String,
    target_place: Option<String>,
    state: String,
    at: String,
    notes: String,
}

impl Store {
    /// Writes a move down before it is begun; returns its number.
    pub fn intend(&self, plan: &Move) -> Result<i64, StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "INSERT INTO moves (sweep, account, sha256, message_id, sender, subject, size, flags, date,
                                    source, source_place, target, target_place, state, at, notes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute((
                plan.sweep,
                &plan.account,
                plan.digest.to_string(),
                &plan.message_id,
                &plan.sender,
                &plan.subject,
                plan.size as i64,
                json(&plan.flags),
                plan.date.map(|date| date.to_string()),
                &plan.source,
                plan.source_place.to_string(),
                &plan.target,
                plan.target_place.as_ref().map(Place::to_string),
                plan.state.word(),
                plan.at.to_string(),
                json(&plan.notes),
            ))?;
            Ok(db.last_insert_rowid())
        })
    }

    /// Notes how far a move got, and where the message lies in the target.
    pub fn settle(
        &self,
        id: i64,
        state: MoveState,
        target_place: Option<&Place>,
        notes: &[String],
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "UPDATE moves SET state = ?2, target_place = ?3, notes = ?4 WHERE id = ?1",
            )?
            .execute((
                id,
                state.word(),
                target_place.map(Place::to_string),
                json(&notes),
            ))
        })?;
        Ok(())
    }

    /// Notes what is known of a move that is not settled.
    pub fn note(&self, id: i64, notes: &[String]) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached("UPDATE moves SET notes = ?2 WHERE id = ?1")?
                .execute((id, json(&notes)))
        })?;
        Ok(())
    }

    /// Moves of an account in a state, oldest first.
    pub fn moves_in(&self, account: &str, state: MoveState) -> Result<Vec<Move>, StoreError> {
        self.moves(
            "account = ?1 AND state = ?2 ORDER BY id",
            (account, state.word()),
        )
    }

    /// Moves of one sweep, oldest first.
    pub fn moves_of(&self, sweep: SweepId) -> Result<Vec<Move>, StoreError> {
        self.moves("sweep = ?1 ORDER BY id", [sweep])
    }

    /// How a move stands now.
    pub fn move_now(&self, id: i64) -> Result<Option<Move>, StoreError> {
        Ok(self.moves("id = ?1", [id])?.pop())
    }

    /// Every move of one message in an account, oldest first.
    pub fn moves_of_message(
        &self,
        account: &str,
        digest: &Digest,
    ) -> Result<Vec<Move>, StoreError> {
        self.moves(
            "account = ?1 AND sha256 = ?2 ORDER BY id",
            (account, digest.to_string()),
        )
    }

    /// Every move, newest first.
    pub fn all_moves(&self) -> Result<Vec<Move>, StoreError> {
        self.moves("1 ORDER BY id DESC", [])
    }

    /// Where messages lie that an account's moves brought to their targets.
    pub fn target_places(&self, account: &str) -> Result<HashSet<Place>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare(
                "SELECT target_place FROM moves WHERE account = ?1 AND target_place IS NOT NULL
                 AND state IN ('moved', 'copied', 'undoing')",
            )?
            .query_map([account], |row| row.get(0))?
            .collect()
        })?;
        rows.iter().map(|text| self.read("moves", text)).collect()
    }

    /// Notes that a person wants this message left alone.
    pub fn correct(
        &self,
        account: &str,
        digest: &Digest,
        correction: Correction,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "INSERT OR IGNORE INTO corrections VALUES (?1, ?2, ?3, ?4)",
                (
                    account,
                    digest.to_string(),
                    correction.word(),
                    now.to_string(),
                ),
            )
        })?;
        Ok(())
    }

    /// Takes a correction back: a person asked for the move after all.
    pub fn uncorrect(&self, account: &str, digest: &Digest) -> Result<(), StoreError> {
        self.sql(|db| {
            db.execute(
                "DELETE FROM corrections WHERE account = ?1 AND sha256 = ?2",
                (account, digest.to_string()),
            )
        })?;
        Ok(())
    }

    /// Whether a person wants this message left alone, and how they said so.
    pub fn correction(
        &self,
        account: &str,
        digest: &Digest,
    ) -> Result<Option<Correction>, StoreError> {
        let word: Option<String> = self.sql(|db| {
            db.prepare_cached("SELECT kind FROM corrections WHERE account = ?1 AND sha256 = ?2")?
                .query_row((account, digest.to_string()), |row| row.get(0))
                .optional()
        })?;
        Ok(word.map(|word| Correction::of_word(&word)))
    }

    /// What a person put back, moved back or called wanted, oldest first.
    pub fn put_back(&self, account: &str) -> Result<Vec<Digest>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare_cached(
                "SELECT sha256 FROM corrections WHERE account = ?1
                 AND kind IN ('undone', 'moved-back', 'not-spam') ORDER BY at, sha256",
            )?
            .query_map([account], |row| row.get(0))?
            .collect()
        })?;
        rows.iter()
            .map(|text| self.read("corrections", text))
            .collect()
    }

    pub(super) fn moves(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Move>, StoreError> {
        let rows: Vec<Row> = self.sql(|db| {
            db.prepare_cached(&format!("SELECT {COLUMNS} FROM moves WHERE {condition}"))?
                .query_map(values, |row| {
                    Ok(Row {
                        id: row.get(0)?,
                        sweep: row.get(1)?,
                        account: row.get(2)?,
                        digest: row.get(3)?,
                        message_id: row.get(4)?,
                        sender: row.get(5)?,
                        subject: row.get(6)?,
                        size: row.get(7)?,
                        flags: row.get(8)?,
                        date: row.get(9)?,
                        source: row.get(10)?,
                        source_place: row.get(11)?,
                        target: row.get(12)?,
                        target_place: row.get(13)?,
                        state: row.get(14)?,
                        at: row.get(15)?,
                        notes: row.get(16)?,
                    })
                })?
                .collect()
        })?;
        rows.into_iter().map(|row| self.read_move(row)).collect()
    }

    fn read_move(&self, row: Row) -> Result<Move, StoreError> {
        Ok(Move {
            id: row.id,
            sweep: row.sweep,
            account: row.account,
            digest: self.read("moves", &row.digest)?,
            message_id: row.message_id,
            sender: row.sender,
            subject: row.subject,
            size: row.size.unsigned_abs(),
            flags: self.read_json("moves", &row.flags)?,
            date: row.date.map(|text| self.read("moves", &text)).transpose()?,
            source: row.source,
            source_place: self.read("moves", &row.source_place)?,
            target: row.target,
            target_place: row
                .target_place
                .map(|text| self.read("moves", &text))
                .transpose()?,
            state: self.state("moves", &STATES, &row.state)?,
            at: self.read("moves", &row.at)?,
            notes: self.read_json("moves", &row.notes)?,
        })
    }
}
