//! Rules: which checks and patterns, which category, what weight, what sentence; and how what
//! fired adds up to a verdict. Rules are data: this module parses text that it is given, and
//! opens no file itself.
//!
//! ```toml
//! [[rule]]
//! id = "gift-card-request"          # unique; a later file's rule of the same id replaces it
//! category = "phishing"             # or "spam"
//! weight = 3.0                      # what it adds to the score; a hit at level low needs 7; 0: speaks for it
//! says = "Asks for gift cards: {words}"
//! why = "Nobody pays in gift cards but the victims of a fraud."
//! when = { all = [{ words = ['gift ?cards?'] }, { none = [{ check = "list-mail" }] }] }
//! ```
//!
//! How an idea is worded in each language is data, too, for every rule that names it
//! (`phrases`). A rule on a fact that the sender cannot write, such as what the receiver's own
//! server found, names it (`fact = "…"`): only such a rule may weigh less than nothing when weights
//! are measured (`weights`). `off = true` beside an `id` switches a rule off. `condition` says what `when` may hold,
//! `field` which parts of a message patterns look at, `file` what a file may hold.

mod again;
mod condition;
mod field;
mod file;
mod index;
mod looks;
mod needs;
mod pattern;
mod phrases;
mod plain;
mod ruleset;
mod search;
pub mod senders;
mod value;
mod weights;

pub use again::{Again, Texts};
pub use file::{Rule, RuleError};
pub use looks::{Look, Looks};
pub use phrases::Wording;
pub use ruleset::Ruleset;
pub use senders::{Refused, SenderPattern, Senders};

use include_dir::{Dir, include_dir};

static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/rules");
static PHRASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/phrases");
static BRANDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/brands");

/// The weights that were measured, made by `postsweep tune`.
const WEIGHTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/weights.toml"));

/// A rule file: its name, for messages, and its text. It may hold `[[rule]]`, `[[phrases]]` and
/// `[[brand]]`, or else the weights of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How the file is called in messages.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Whether it is compiled in: its patterns are known to be right, and are compiled when they
    /// are first needed.
    shipped: bool,
}

impl Source {
    /// A file of the user's own.
    pub fn own(name: String, text: String) -> Source {
        let shipped = false;
        Source {
            name,
            text,
            shipped,
        }
    }
}

/// The files that are compiled in, in order of name: brands, phrases, rules, weights.
pub fn shipped() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in [&BRANDS, &PHRASES, &RULES] {
        let mut files: Vec<_> = folder.files().collect();
        files.sort_by_key(|file| file.path());
        sources.extend(files.into_iter().map(|file| Source {
            name: file.path().display().to_string(),
            text: String::from_utf8_lossy(file.contents()).into_owned(),
            shipped: true,
        }));
    }
    sources.push(Source {
        name: "weights.toml".to_owned(),
        text: WEIGHTS.to_owned(),
        shipped: true,
    });
    sources
}
