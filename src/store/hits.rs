//! Hits as a list shows them: every message that was found to be one, wherever it lies now, with
//! what a person said of it and what became of it. Written with each verdict, so that the list is
//! read without opening a message.

use super::{Brief, Judged, MoveState, Said, Store, StoreError, json};
use crate::mail::{Digest, Place};
use crate::verdict::{Category, Judgement, Level, Verdict};
use jiff::Timestamp;
use rusqlite::OptionalExtension;
use std::collections::{HashMap, HashSet};

/// Where a hit is now, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HitState {
    /// In its folder.
    LiesThere,
    /// In this folder, where it was moved to.
    Moved(String),
    /// In its folder again.
    PutBack,
    /// Not in its folder any more; another program moved or removed it.
    Gone,
}

/// One row of the list. What repeats from row to row is borrowed from SQLite's own row.
#[derive(Debug)]
pub struct HitRow<'r> {
    /// The message.
    pub digest: Digest,
    /// The account.
    pub account: &'r str,
    /// The folder it was seen in last.
    pub folder: &'r str,
    /// The sender's name.
    pub name: &'r str,
    /// The sender's address.
    pub sender: &'r str,
    /// The subject.
    pub subject: &'r str,
    /// When it was received.
    pub date: Option<Timestamp>,
    /// Its size in bytes; 0 where that is not known.
    pub size: u64,
    /// What the rules call it.
    pub category: Category,
    /// Its score.
    pub score: f64,
    /// The strongest reason.
    pub reason: &'r str,
    /// The rules that fired, as JSON.
    pub rules: &'r str,
    /// What a person said.
    pub said: Option<Said>,
    /// Where it is.
    pub state: HitState,
    /// Whether it, or another copy of it, was moved and was not put back.
    pub is_moved: bool,
    /// Why it stays unless somebody asks by name.
    pub held: Option<&'r str>,
}

/// A hit that may be delivered: where it may lie, and what must be known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundHit {
    /// The folder.
    pub folder: String,
    /// Where in the folder.
    pub place: Place,
    /// What was said of it.
    pub verdict: Verdict,
    /// What is shown of it.
    pub brief: Brief,
}

/// How the newest move of a message out of one folder stands, and where it went.
struct LastMove {
    source: String,
    state: MoveState,
    target: String,
}

/// The same of all messages, by account; of each the newest last.
type LastMoves = HashMap<String, HashMap<Digest, Vec<LastMove>>>;

const UPSERT: &str =
    "INSERT INTO hits (account, sha256, folder, place, date, size, name, sender, subject,
                                        category, score, reason, rules, verdict, brief)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
    ON CONFLICT DO UPDATE SET folder = excluded.folder, place = excluded.place,
        date = coalesce(excluded.date, date), size = max(excluded.size, size),
        name = excluded.name, sender = excluded.sender, subject = excluded.subject,
        category = excluded.category, score = excluded.score, reason = excluded.reason,
        rules = excluded.rules, verdict = excluded.verdict, brief = excluded.brief";

const ALL: &str =
    "SELECT hits.account, sha256, folder, name, sender, subject, date, size, category, score,
                          reason, rules, word, held
    FROM hits LEFT JOIN words USING (account, sha256)";

impl Store {
    /// Sender and subject of every hit that was packaged, by its digest.
    pub fn names_of_packaged(&self) -> Result<HashMap<Digest, (String, String)>, StoreError> {
        let rows: Vec<(String, String, String)> = self.sql(|db| {
            db.prepare(
                "SELECT sha256, sender, subject FROM hits
                 WHERE sha256 IN (SELECT sha256 FROM packaged)",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
        })?;
        rows.into_iter()
            .map(|(sha256, sender, subject)| Ok((self.read("hits", &sha256)?, (sender, subject))))
            .collect()
    }

    /// Notes what is shown of a hit.
    pub(super) fn set_hit(
        &self,
        account: &str,
        folder: &str,
        place: &Place,
        judged: &Judged,
        brief: &Brief,
    ) -> Result<(), StoreError> {
        let rules: Vec<&str> = judged
            .verdict
            .findings
            .iter()
            .map(|finding| finding.rule.as_str())
            .collect();
        self.sql(|db| {
            db.prepare_cached(UPSERT)?.execute((
                account,
                judged.digest.to_string(),
                folder,
                place.to_string(),
                brief.date.map(|date| date.to_string()),
                brief.size as i64,
                &brief.name,
                &brief.from,
                &brief.subject,
                category_of(&judged.verdict).word(),
                judged.verdict.score,
                judged.verdict.reason(),
                json(&rules),
                json(&judged.verdict),
                json(brief),
            ))
        })?;
        Ok(())
    }

    /// Forgets a hit that is none by the rules in force, unless somebody spoke of it or moved it.
    pub(super) fn forget_hit(&self, account: &str, digest: &Digest) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "DELETE FROM hits WHERE account = ?1 AND sha256 = ?2
                 AND NOT EXISTS (SELECT 1 FROM words WHERE account = ?1 AND sha256 = ?2)
                 AND NOT EXISTS (SELECT 1 FROM moves WHERE account = ?1 AND sha256 = ?2)",
            )?
            .execute((account, digest.to_string()))
        })?;
        Ok(())
    }

    /// Notes why a hit stays where it is; `None`: nothing holds it.
    pub fn set_held(
        &self,
        account: &str,
        digest: &Digest,
        held: Option<&str>,
    ) -> Result<(), StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "UPDATE hits SET held = ?3 WHERE account = ?1 AND sha256 = ?2 AND held IS NOT ?3",
            )?
            .execute((account, digest.to_string(), held))
        })?;
        Ok(())
    }

    /// Hands every hit to `each`, of all accounts.
    pub fn each_hit(&self, each: &mut dyn FnMut(HitRow<'_>)) -> Result<(), StoreError> {
        let (lies, moved) = (self.lies_there()?, self.moved_last()?);
        let mut wrong: Option<String> = None;
        self.sql(|db| {
            let mut ask = db.prepare(ALL)?;
            let mut rows = ask.query([])?;
            while let Some(row) = rows.next()? {
                let text = |column| -> rusqlite::Result<&str> {
                    Ok(row.get_ref(column)?.as_str().unwrap_or_default())
                };
                let (account, sha256) = (text(0)?, text(1)?);
                let (Ok(digest), Some(category)) =
                    (sha256.parse::<Digest>(), category_named(text(8)?))
                else {
                    wrong = Some(sha256.to_owned());
                    break;
                };
                let is_there = lies.get(account).is_some_and(|all| all.contains(&digest));
                let moves = moved.get(account).and_then(|all| all.get(&digest));
                let moves = moves.map(Vec::as_slice).unwrap_or_default();
                let folder = text(2)?;
                // What became of another copy tells nothing of the one that the row names.
                let own = moves.iter().find(|one| one.source == folder);
                let state = match own.or(moves.last()) {
                    Some(last) if last.state == MoveState::Undone => HitState::PutBack,
                    _ if is_there => HitState::LiesThere,
                    Some(last) if last.state.stands() || last.state == MoveState::Undoing => {
                        HitState::Moved(last.target.clone())
                    }
                    _ => HitState::Gone,
                };
                each(HitRow {
                    digest,
                    account,
                    folder,
                    name: text(3)?,
                    sender: text(4)?,
                    subject: text(5)?,
                    date: text(6)?.parse().ok(),
                    size: row.get::<_, i64>(7)?.unsigned_abs(),
                    category,
                    score: row.get(9)?,
                    reason: text(10)?,
                    rules: text(11)?,
                    said: Said::named(text(12)?),
                    state,
                    is_moved: moves.iter().any(|one| one.state.stands()),
                    held: text(13).ok().filter(|held| !held.is_empty()),
                });
            }
            Ok(())
        })?;
        match wrong {
            Some(value) => Err(self.unreadable("hits", &value)),
            None => Ok(()),
        }
    }

    /// Messages that lie where they were judged, by account.
    fn lies_there(&self) -> Result<HashMap<String, HashSet<Digest>>, StoreError> {
        let mut all: HashMap<String, HashSet<Digest>> = HashMap::new();
        self.sql(|db| {
            let mut ask =
                db.prepare("SELECT account, sha256 FROM judged WHERE brief IS NOT NULL")?;
            let mut rows = ask.query([])?;
            while let Some(row) = rows.next()? {
                let account = row.get_ref(0)?.as_str().unwrap_or_default();
                let Ok(digest) = row.get_ref(1)?.as_str().unwrap_or_default().parse() else {
                    continue;
                };
                match all.get_mut(account) {
                    Some(digests) => drop(digests.insert(digest)),
                    None => drop(all.insert(account.to_owned(), HashSet::from([digest]))),
                }
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// How the newest moves of each message stand.
    fn moved_last(&self) -> Result<LastMoves, StoreError> {
        let mut all = LastMoves::new();
        self.sql(|db| {
            let mut ask =
                db.prepare("SELECT account, sha256, state, target, source FROM moves ORDER BY id")?;
            let mut rows = ask.query([])?;
            while let Some(row) = rows.next()? {
                let text = |column| -> rusqlite::Result<&str> {
                    Ok(row.get_ref(column)?.as_str().unwrap_or_default())
                };
                let (Ok(digest), Some(state)) = (text(1)?.parse(), MoveState::named(text(2)?))
                else {
                    continue;
                };
                let of_account = match all.get_mut(text(0)?) {
                    Some(of_account) => of_account,
                    None => all.entry(text(0)?.to_owned()).or_default(),
                };
                let last = LastMove {
                    source: text(4)?.to_owned(),
                    state,
                    target: text(3)?.to_owned(),
                };
                let moves = of_account.entry(digest).or_default();
                moves.retain(|other| other.source != last.source);
                moves.push(last);
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// What was said of a hit, and what is shown of it; where it was seen last.
    pub fn hit(&self, account: &str, digest: &Digest) -> Result<Option<FoundHit>, StoreError> {
        type Row = (String, String, String, String);
        let row: Option<Row> = self.sql(|db| {
            db.prepare_cached(
                "SELECT folder, place, verdict, brief FROM hits WHERE account = ?1 AND sha256 = ?2",
            )?
            .query_row((account, digest.to_string()), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()
        })?;
        row.map(|(folder, place, verdict, brief)| {
            Ok(FoundHit {
                folder,
                place: self.read("hits", &place)?,
                verdict: self.read_json("hits", &verdict)?,
                brief: self.read_json("hits", &brief)?,
            })
        })
        .transpose()
    }

    /// Where a hit may lie now: where it was judged, and where it was put back.
    pub fn places_of_hit(
        &self,
        account: &str,
        digest: &Digest,
    ) -> Result<Vec<(String, Place)>, StoreError> {
        let rows: Vec<(String, String)> = self.sql(|db| {
            db.prepare_cached(
                "SELECT folder, place FROM judged
                 WHERE account = ?1 AND sha256 = ?2 AND brief IS NOT NULL",
            )?
            .query_map((account, digest.to_string()), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
        })?;
        let mut places = Vec::new();
        for (folder, place) in rows {
            places.push((folder, self.read("judged", &place)?));
        }
        for back in self.moves_of_message(account, digest)? {
            let place = back.target_place.unwrap_or(back.source_place);
            let at = (back.source, place);
            if back.state == MoveState::Undone && !places.contains(&at) {
                places.push(at);
            }
        }
        Ok(places)
    }

    /// The accounts in which a message was a hit, or was moved.
    pub fn accounts_of(&self, digest: &Digest) -> Result<Vec<String>, StoreError> {
        self.sql(|db| {
            db.prepare_cached(
                "SELECT account FROM hits WHERE sha256 = ?1
                 UNION SELECT account FROM moves WHERE sha256 = ?1 ORDER BY account",
            )?
            .query_map([digest.to_string()], |row| row.get(0))?
            .collect()
        })
    }
}

/// What the rules call it, at whatever level it is a hit.
fn category_of(verdict: &Verdict) -> Category {
    let mut verdict = verdict.clone();
    if verdict.judgement == Judgement::Clean {
        verdict.turn(Level::High);
    }
    verdict.judgement.category().unwrap_or(Category::Spam)
}

fn category_named(word: &str) -> Option<Category> {
    let mut all = Category::ALL.into_iter();
    all.find(|category| category.word() == word)
}
