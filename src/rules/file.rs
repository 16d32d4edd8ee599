//! A rule file: TOML with `[[rule]]`, `[[phrases]]` and `[[brand]]`. A file with a mistake is refused whole,
//! with the line and the reason; unknown keys, checks and fields are mistakes.

use super::Source;
use super::condition::Condition;
use super::field::Field;
use super::pattern::Pattern;
use super::phrases::{LANGUAGES, Sets, Wording};
use super::value::{
    Item, Wrong, count, identifier, list, string, strings, table, weight_of, wrong,
};
use super::weights::{self, Weights};
use crate::checks::ALL;
use crate::checks::Brand;
use crate::mail::address::ascii_domain;
use crate::verdict::Category;
use toml::Spanned;
use toml::de::DeTable;

/// How deep conditions may stand in each other.
const MOST_DEPTH: usize = 8;

/// Why a rule file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct RuleError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The letter in that line, from 1.
    pub column: usize,
    /// What is wrong there, and what would be right.
    pub reason: String,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, unique.
    pub id: String,
    /// The kind of mail it speaks of.
    pub category: Category,
    /// What it adds to the score: measured, where a weights file names the rule, else `prior`.
    /// 0: it counts nothing, and says what speaks for a message.
    pub weight: f64,
    /// The weight in its rule file: what an expert gives it before anything is measured.
    pub prior: f64,
    /// What it rests on that the sender cannot write; only such a rule may weigh less than
    /// nothing in a weights file.
    pub fact: Option<String>,
    /// Whether it stands in a file of the user's own.
    pub own: bool,
    /// The name of that file.
    pub file: String,
    /// The sentence for a person; `{name}` stands for the evidence of that name.
    pub says: String,
    /// Why it speaks against a message.
    pub why: String,
    /// Whether it looks at a link or an attachment, by a check or a field.
    pub of_content: bool,
    pub(super) when: Condition,
}

/// What a file holds, in its order.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub rules: Vec<Entry>,
    pub brands: Vec<Brand>,
    pub weights: Option<Weights>,
}

/// A rule, or the word that one is off.
#[derive(Debug)]
pub(super) enum Entry {
    Rule(Rule),
    Off(String),
}

/// A file that is TOML.
pub(super) struct File<'s> {
    source: &'s Source,
    table: Spanned<DeTable<'s>>,
}

impl<'s> File<'s> {
    /// Takes the TOML apart.
    pub fn open(source: &'s Source) -> Result<Self, RuleError> {
        match DeTable::parse(&source.text) {
            Ok(table) => Ok(File { source, table }),
            Err(error) => {
                let reason = error.message().replace('\n', " ");
                Err(refusal(source, (error.span().unwrap_or(0..0), reason)))
            }
        }
    }

    /// The phrases in it.
    pub fn wordings(&self) -> Result<Vec<Wording>, RuleError> {
        let mut wordings = Vec::new();
        let read = |item| wording(item, self.source.shipped);
        match self.table.get_ref().get("phrases") {
            Some(value) => list(value).and_then(|items| {
                for item in items {
                    wordings.push(read(item)?);
                }
                Ok(())
            }),
            None => Ok(()),
        }
        .map_err(|wrong| refusal(self.source, wrong))?;
        Ok(wordings)
    }

    /// Its rules and brands; of the sets of phrases, those that it asks for are made.
    pub fn contents(&self, sets: &mut Sets) -> Result<Contents, RuleError> {
        let refuse = |wrong| refusal(self.source, wrong);
        let mut contents = contents(self.table.get_ref(), self.source, sets).map_err(refuse)?;
        for entry in &mut contents.rules {
            if let Entry::Rule(rule) = entry {
                rule.own = !self.source.shipped;
                rule.file.clone_from(&self.source.name);
            }
        }
        if !self.source.shipped {
            try_out(&contents, &self.source.text).map_err(refuse)?;
        }
        Ok(contents)
    }
}

fn refusal(source: &Source, (span, reason): Wrong) -> RuleError {
    RuleError {
        file: source.name.clone(),
        line: line_of(&source.text, span.start),
        column: column_of(&source.text, span.start),
        reason,
    }
}

/// Compiles every pattern, to say at once which is too big. Of those that are shipped the tests
/// say it.
fn try_out(contents: &Contents, text: &str) -> Result<(), Wrong> {
    let mut patterns = Vec::new();
    for entry in &contents.rules {
        if let Entry::Rule(rule) = entry {
            rule.when.patterns(&mut patterns);
        }
    }
    patterns.into_iter().try_for_each(|pattern| {
        let at = text.find(&pattern.source).unwrap_or(0);
        pattern.try_out().map_err(|reason| (at..at, reason))
    })
}

pub(super) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// The letter in its line at which something stands, from 1.
fn column_of(text: &str, at: usize) -> usize {
    let before = text.get(..text.floor_char_boundary(at));
    let line = before.unwrap_or(text).rsplit('\n').next();
    1 + line.unwrap_or_default().chars().count()
}

fn contents(table: &DeTable<'_>, source: &Source, sets: &mut Sets) -> Result<Contents, Wrong> {
    let mut contents = Contents::default();
    if table.iter().any(|(key, _)| key.get_ref() == "weights") {
        contents.weights = Some(weights::read(table, source)?);
        return Ok(contents);
    }
    for (key, value) in table.iter() {
        let items = list(value)?;
        match key.get_ref().as_ref() {
            "rule" => {
                for item in items {
                    contents.rules.push(entry(item, sets)?);
                }
            }
            "phrases" => {} // read before every rule
            "brand" => {
                for item in items {
                    contents.brands.push(brand(item)?);
                }
            }
            other => {
                let reason = format!(
                    "unknown key `{other}`: expected `[[rule]]`, `[[phrases]]` or `[[brand]]`"
                );
                return wrong(key.span(), reason);
            }
        }
    }
    Ok(contents)
}

fn entry(item: Item, sets: &mut Sets) -> Result<Entry, Wrong> {
    let (mut id, mut category, mut weight) = (None, None, None);
    let (mut says, mut why, mut fact, mut when, mut off) = (None, None, None, None, false);
    for (key, value) in table(item)?.iter() {
        match key.get_ref().as_ref() {
            "id" => id = Some(identifier(value)?),
            "category" => category = Some(category_of(value)?),
            "weight" => weight = Some(weight_of(value)?),
            "says" => says = Some(string(value)?.to_owned()),
            "why" => why = Some(string(value)?.to_owned()),
            "fact" => fact = Some(string(value)?.to_owned()),
            "when" => when = Some(condition(value, sets, 0)?),
            "off" => {
                off = match value.get_ref().as_bool() {
                    Some(off) => off,
                    None => return wrong(value.span(), "`off` is true or false"),
                }
            }
            other => return wrong(key.span(), format!("unknown key `{other}` in a rule")),
        }
    }
    let Some(id) = id else {
        return wrong(item.span(), "a rule needs an `id`");
    };
    if off {
        return Ok(Entry::Off(id));
    }
    let missing = |key: &str| (item.span(), format!("the rule `{id}` needs `{key}`"));
    let when = when.ok_or_else(|| missing("when"))?;
    let mut looks_at = Vec::new();
    when.looks_at(sets, &mut looks_at);
    if looks_at.is_empty() {
        let reason = format!("the rule `{id}` would fire on every message that lacks something");
        return wrong(item.span(), reason);
    }
    let weight = weight.ok_or_else(|| missing("weight"))?;
    // What only speaks for a message is of no kind of missed mail.
    let category = category.or((weight <= 0.0).then_some(Category::Spam));
    Ok(Entry::Rule(Rule {
        category: category.ok_or_else(|| missing("category"))?,
        weight,
        prior: weight,
        fact,
        own: false,
        file: String::new(),
        says: says.ok_or_else(|| missing("says"))?,
        why: why.ok_or_else(|| missing("why"))?,
        of_content: looks_at.iter().any(|concern| concern.is_content()),
        when,
        id,
    }))
}

/// The conditions of a list.
fn conditions(value: Item, sets: &mut Sets, depth: usize) -> Result<Vec<Condition>, Wrong> {
    if depth >= MOST_DEPTH {
        return wrong(value.span(), "conditions stand too deep in each other");
    }
    let items = list(value)?.iter();
    let all: Vec<_> = items
        .map(|one| condition(one, sets, depth + 1))
        .collect::<Result<_, _>>()?;
    if all.is_empty() {
        return wrong(value.span(), "this list of conditions is empty");
    }
    Ok(all)
}

fn condition(item: Item, sets: &mut Sets, depth: usize) -> Result<Condition, Wrong> {
    let (mut parts, mut least, mut of) = (Vec::new(), None, None);
    let (mut phrases, mut within) = (None, None);
    for (key, value) in table(item)?.iter() {
        match key.get_ref().as_ref() {
            "check" => parts.push(check(value)?),
            "all" => {
                let all = conditions(value, sets, depth)?;
                parts.push(Condition::AtLeast(all.len(), all));
            }
            "any" => parts.push(Condition::AtLeast(1, conditions(value, sets, depth)?)),
            "none" => parts.push(Condition::Not(conditions(value, sets, depth)?)),
            "of" => of = Some((value.span(), conditions(value, sets, depth)?)),
            "at-least" => least = Some((value.span(), count(value)?)),
            "phrases" => phrases = Some(value),
            "in" => within = Some((value.span(), prose(value)?)),
            name => match Field::named(name) {
                Some(field) => parts.push(Condition::Patterns(1, patterns(&field, value)?)),
                None => {
                    let fields: Vec<_> = Field::NAMED.iter().map(Field::to_string).collect();
                    let reason = format!(
                        "`{name}` is neither a field nor a word of a condition: expected check, \
                         phrases, in, all, any, none, at-least, of, header:NAME, {}",
                        fields.join(", ")
                    );
                    return wrong(key.span(), reason);
                }
            },
        }
    }
    match (phrases, within) {
        (Some(value), within) => {
            let field = within.map_or(Field::Words, |(_, field)| field);
            parts.push(Condition::Phrases(1, places(value, &field, sets)?));
        }
        (None, Some((span, _))) => return wrong(span, "`in` needs `phrases = […]`"),
        (None, None) => {}
    }
    let few = |span, least: usize, has: usize| {
        if least > has {
            return wrong(
                span,
                format!("at-least = {least}, but there are only {has}"),
            );
        }
        Ok(())
    };
    match (least, of) {
        (Some((span, least)), Some((_, all))) => {
            few(span, least, all.len())?;
            parts.push(Condition::AtLeast(least, all));
        }
        (Some((span, least)), None) => {
            let mut fields = parts.iter_mut().filter_map(|part| match part {
                Condition::Patterns(number, all) => Some((number, all.len())),
                // How many phrases there are is up to other files.
                Condition::Phrases(number, _) => Some((number, usize::MAX)),
                _ => None,
            });
            let (Some((number, has)), None) = (fields.next(), fields.next()) else {
                return wrong(
                    span,
                    "`at-least` needs `of = […]`, or one field or `phrases` beside it",
                );
            };
            few(span, least, has)?;
            *number = least;
        }
        (None, Some((span, _))) => return wrong(span, "`of` needs `at-least = n`"),
        (None, None) => {}
    }
    match parts.len() {
        0 => wrong(item.span(), "an empty condition"),
        1 => Ok(parts.remove(0)),
        all => Ok(Condition::AtLeast(all, parts)),
    }
}

fn check(value: Item) -> Result<Condition, Wrong> {
    let name = string(value)?;
    match ALL.iter().position(|check| check.name == name) {
        Some(number) => Ok(Condition::Check(number)),
        None => wrong(value.span(), format!("there is no check `{name}`")),
    }
}

fn patterns(field: &Field, value: Item) -> Result<Vec<Pattern>, Wrong> {
    let compile = |item: Item| {
        Pattern::new(field.clone(), string(item)?).map_err(|reason| (item.span(), reason))
    };
    if value.get_ref().is_str() {
        return Ok(vec![compile(value)?]);
    }
    let all: Vec<_> = list(value)?.iter().map(compile).collect::<Result<_, _>>()?;
    if all.is_empty() {
        return wrong(value.span(), "this list of patterns is empty");
    }
    Ok(all)
}

/// The places of sets of phrases.
fn places(value: Item, field: &Field, sets: &mut Sets) -> Result<Vec<usize>, Wrong> {
    let mut places = Vec::new();
    for item in list(value)? {
        let place = sets.place(string(item)?, field);
        places.push(place.map_err(|reason| (item.span(), reason))?);
    }
    if places.is_empty() {
        return wrong(value.span(), "this list of phrases is empty");
    }
    Ok(places)
}

/// A field of sentences, in which phrases can stand.
fn prose(value: Item) -> Result<Field, Wrong> {
    let name = string(value)?;
    let field = Field::named(name).filter(Field::is_prose);
    field.ok_or_else(|| (value.span(), format!("`{name}` is no field of sentences")))
}

fn wording(item: Item, shipped: bool) -> Result<Wording, Wrong> {
    let (mut id, mut about, mut said) = (None, None, Vec::new());
    for (key, value) in table(item)?.iter() {
        match key.get_ref().as_ref() {
            "id" => id = Some(identifier(value)?),
            "about" => about = Some(string(value)?.to_owned()),
            language if LANGUAGES.contains(&language) => {
                for phrase in list(value)? {
                    let source = string(phrase)?;
                    if !shipped {
                        let tried =
                            Pattern::new(Field::Words, source).and_then(|one| one.try_out());
                        tried.map_err(|reason| (phrase.span(), reason))?;
                    }
                    said.push((language.to_owned(), source.to_owned()));
                }
            }
            other => {
                let reason = format!(
                    "unknown key `{other}` in phrases: expected id, about, {}",
                    LANGUAGES.join(", ")
                );
                return wrong(key.span(), reason);
            }
        }
    }
    let missing = |key: &str| (item.span(), format!("phrases need `{key}`"));
    if said.is_empty() {
        return wrong(item.span(), "these phrases say nothing in any language");
    }
    Ok(Wording {
        id: id.ok_or_else(|| missing("id"))?,
        about: about.ok_or_else(|| missing("about"))?,
        said,
    })
}

fn brand(item: Item) -> Result<Brand, Wrong> {
    let (mut id, mut names, mut domains) = (None, None, None);
    for (key, value) in table(item)?.iter() {
        match key.get_ref().as_ref() {
            "id" => id = Some(identifier(value)?),
            "names" => names = Some(strings(value)?),
            "domains" => domains = Some(strings(value)?),
            other => return wrong(key.span(), format!("unknown key `{other}` in a brand")),
        }
    }
    let missing = |key: &str| (item.span(), format!("a brand needs `{key}`"));
    let domains = domains.ok_or_else(|| missing("domains"))?;
    Ok(Brand {
        id: id.ok_or_else(|| missing("id"))?,
        names: names.ok_or_else(|| missing("names"))?,
        domains: domains.iter().map(|domain| ascii_domain(domain)).collect(),
    })
}

fn category_of(value: Item) -> Result<Category, Wrong> {
    let word = string(value)?;
    let found = Category::ALL.into_iter().find(|one| one.word() == word);
    found.ok_or_else(|| {
        (
            value.span(),
            format!("`{word}` is neither spam nor phishing"),
        )
    })
}
