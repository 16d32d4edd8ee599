//! Phrases: how one idea is worded in mail, in each language, as data.
//!
//! ```toml
//! [[phrases]]
//! id = "account-in-danger"
//! about = "An account is said to be blocked, limited or about to be deleted"
//! en = ['account (is|was) (suspended|locked)']
//! de = ['konto (ist|wurde) gesperrt']
//! ```
//!
//! A rule says `phrases = ["account-in-danger"]`, and `in = "subject"` where it looks at another
//! field than `words`. What a set holds is the same for every rule that names it.

use super::field::Field;
use super::index::{Index, Looked};
use super::pattern::Pattern;
use crate::mail::Digest;
use std::collections::{BTreeMap, BTreeSet};

/// The languages that phrases may be in (ISO 639-1).
pub const LANGUAGES: [&str; 16] = [
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "ru", "zh", "cs", "sv", "tr", "ko", "ar",
];

/// A set as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Its id, unique; a later file's set of the same id replaces it.
    pub id: String,
    /// The idea, for a person.
    pub about: String,
    /// The patterns, each with its language.
    pub said: Vec<(String, String)>,
}

/// A set over one field.
#[derive(Debug, Clone)]
pub struct Phrases {
    id: String,
    field: Field,
    /// A word for all that it says, in whatever language.
    said: String,
    patterns: Vec<Pattern>,
}

impl Phrases {
    /// The first match of each pattern; of matches that overlap, or say the same, one. What
    /// patterns of two languages find in "casino bonus" is one phrase.
    pub fn find(&self, looked: &Looked) -> Vec<String> {
        let mut said: Vec<&str> = Vec::new();
        let worth = looked.worth(&self.patterns);
        for found in worth.filter_map(|one| one.find(looked)) {
            if !said.iter().any(|one| *one == found || overlap(one, found)) {
                said.push(found);
            }
        }
        said.into_iter().map(str::to_owned).collect()
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it looks at.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// All of it as text, for the fingerprint.
    pub fn describe(&self, text: &mut String) {
        text.push_str(&format!(
            "phrases {} in {}: {};",
            self.id, self.field, self.said
        ));
    }
}

/// Whether two parts of one text have a character in common.
fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (
        one.as_bytes().as_ptr_range(),
        other.as_bytes().as_ptr_range(),
    );
    one.start < other.end && other.start < one.end
}

/// Every set that rules ask for, over the field that they ask about.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    wordings: BTreeMap<String, Wording>,
    sets: Vec<Phrases>,
}

impl Sets {
    /// Sets of which no rule asks yet.
    pub fn new(wordings: BTreeMap<String, Wording>) -> Self {
        let sets = Vec::new();
        Sets { wordings, sets }
    }

    /// Every set, as written, in order of id.
    pub fn wordings(&self) -> impl Iterator<Item = &Wording> {
        self.wordings.values()
    }

    /// The place of a set over a field.
    pub fn place(&mut self, id: &str, field: &Field) -> Result<usize, String> {
        let known = |set: &Phrases| set.id == id && set.field == *field;
        if let Some(place) = self.sets.iter().position(known) {
            return Ok(place);
        }
        let Some(wording) = self.wordings.get(id) else {
            return Err(format!("there are no phrases `{id}`"));
        };
        let said: BTreeSet<&str> = wording.said.iter().map(|(_, one)| one.as_str()).collect();
        let patterns = said
            .into_iter()
            .map(|source| Pattern::unread(field.clone(), source))
            .collect();
        let said = format!("{:?}", wording.said);
        self.sets.push(Phrases {
            id: id.to_owned(),
            field: field.clone(),
            said: Digest::of(said.as_bytes()).to_string(),
            patterns,
        });
        Ok(self.sets.len() - 1)
    }

    /// How many sets there are.
    pub fn count(&self) -> usize {
        self.sets.len()
    }

    /// The set at a place.
    pub fn at(&self, place: usize) -> Option<&Phrases> {
        self.sets.get(place)
    }

    /// Gives every pattern its place in the index.
    pub fn index(&mut self, index: &mut Index) {
        let patterns = self.sets.iter_mut().flat_map(|set| &mut set.patterns);
        patterns.for_each(|pattern| index.add(pattern));
    }
}
