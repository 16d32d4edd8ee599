//! What is measured: folders of mail that were judged. Of a message no more is here than its path,
//! its score and what fired.

use serde::Serialize;

/// What kind of mail a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Honest mail.
    Ham,
    /// Spam and phishing.
    Spam,
}

/// How much a folder counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// As any other.
    #[default]
    Full,
    /// Half when weights are fitted: it is of another time.
    Old,
    /// It is shown apart, is no part of any total, counts a fifth when weights are fitted, and no
    /// bound holds for it: honest mail that quotes spam, for one.
    Aside,
}

/// What a finding is called, and what a fit may do with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The rule's id, or what else a finding is called.
    pub id: String,
    /// The weight that an expert gave it.
    pub prior: f64,
    /// The weight in force.
    pub weight: f64,
    /// Whether it may be fitted: it is a rule's.
    pub fitted: bool,
    /// Whether it may weigh less than nothing: it rests on what the sender cannot write.
    pub may_clear: bool,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its file.
    pub path: String,
    /// Its score, with the weights in force.
    pub score: f64,
    /// What fired, by its place among the corpus's names, and with what weight.
    pub fired: Vec<(usize, f64)>,
}

/// One folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// Its path, as it was given.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// How much it counts.
    pub part: Part,
    /// Its messages, in the order of their files.
    pub messages: Vec<Judged>,
}

/// All that is measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// The rules, in order of id, and behind them what else fired.
    pub names: Vec<Name>,
    /// The folders, in the order in which they were given.
    pub folders: Vec<Folder>,
}

impl Corpus {
    /// The id at this place.
    pub fn id(&self, place: usize) -> &str {
        self.names.get(place).map_or("", |name| name.id.as_str())
    }
}

impl Judged {
    /// What its score would be with these weights; what they do not weigh stays.
    pub fn score_with(&self, weights: &[Option<f64>]) -> f64 {
        let sum = self.fired.iter().map(|(place, weight)| {
            let other = weights.get(*place).copied().flatten();
            other.unwrap_or(*weight)
        });
        // As a verdict's score is rounded.
        (sum.sum::<f64>() * 1000.0).round() / 1000.0 + 0.0
    }
}
