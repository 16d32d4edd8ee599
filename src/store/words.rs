//! What a person said of messages: their word, which outranks every verdict.

use super::{Store, StoreError, word_of};
use crate::mail::Digest;
use crate::verdict::Category;
use jiff::Timestamp;
use rusqlite::OptionalExtension;

/// What a person said of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Said {
    /// It is wanted.
    NotSpam,
    /// It is spam.
    Spam,
    /// It is phishing.
    Phishing,
}

const WORDS: [(Said, &str); 3] = [
    (Said::NotSpam, "not-spam"),
    (Said::Spam, "spam"),
    (Said::Phishing, "phishing"),
];

impl Said {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        word_of(&WORDS, self)
    }

    /// What it makes of a message; `None` where it is wanted.
    pub fn category(self) -> Option<Category> {
        match self {
            Said::NotSpam => None,
            Said::Spam => Some(Category::Spam),
            Said::Phishing => Some(Category::Phishing),
        }
    }

    /// The word that names a category.
    pub fn of(category: Category) -> Said {
        match category {
            Category::Spam => Said::Spam,
            Category::Phishing => Said::Phishing,
        }
    }

    pub(super) fn named(word: &str) -> Option<Said> {
        let found = WORDS.iter().find(|(_, known)| *known == word);
        found.map(|(said, _)| *said)
    }
}

impl Store {
    /// Notes what a person said, instead of what they said before; `None` takes it back.
    pub fn set_said(
        &self,
        account: &str,
        digest: &Digest,
        said: Option<Said>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sha256 = digest.to_string();
        self.sql(|db| match said {
            Some(said) => db
                .prepare_cached("INSERT OR REPLACE INTO words VALUES (?1, ?2, ?3, ?4)")?
                .execute((account, sha256, said.word(), now.to_string())),
            None => db
                .prepare_cached("DELETE FROM words WHERE account = ?1 AND sha256 = ?2")?
                .execute((account, sha256)),
        })?;
        Ok(())
    }

    /// What a person said of a message.
    pub fn said(&self, account: &str, digest: &Digest) -> Result<Option<Said>, StoreError> {
        let word: Option<String> = self.sql(|db| {
            db.prepare_cached("SELECT word FROM words WHERE account = ?1 AND sha256 = ?2")?
                .query_row((account, digest.to_string()), |row| row.get(0))
                .optional()
        })?;
        Ok(word.and_then(|word| Said::named(&word)))
    }

    /// What a person called spam or phishing, oldest first.
    pub fn called_spam(&self, account: &str) -> Result<Vec<Digest>, StoreError> {
        let rows: Vec<String> = self.sql(|db| {
            db.prepare_cached(
                "SELECT sha256 FROM words WHERE account = ?1 AND word <> 'not-spam'
                 ORDER BY at, sha256",
            )?
            .query_map([account], |row| row.get(0))?
            .collect()
        })?;
        rows.iter().map(|text| self.read("words", text)).collect()
    }
}
