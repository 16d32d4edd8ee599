//! Patterns: `regex` syntax over folded text, in linear time. Every pattern is first asked which
//! words it cannot match without; one pass for all those words over a field says which patterns
//! are worth running. So a thousand patterns cost an ordinary mail little more than one.

use super::field::Field;
use super::plain::spelling;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The most bytes that one compiled pattern may take.
const SIZE_LIMIT: usize = 256 << 10;
/// The most words that one pattern is looked for by.
const MOST_WORDS: usize = 64;

/// Words for which the fastest search is small enough.
const FEW_WORDS: usize = 1000;

/// One pattern over one field.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// What it looks at.
    pub field: Field,
    /// As written.
    pub source: String,
    /// Read when the first message is judged: a sweep that finds nothing new judges none. `None`:
    /// there is a mistake in it.
    syntax: Arc<OnceLock<Option<Syntax>>>,
    /// Compiled when it is first worth a run: most never are. `None`: it cannot be.
    regex: Arc<OnceLock<Option<Regex>>>,
    /// Its place in the index.
    id: usize,
}

/// A pattern that was read.
#[derive(Debug)]
struct Syntax {
    text: String,
    /// Words of which a match holds at least one; empty where there are none.
    words: Vec<String>,
}

impl Syntax {
    fn read(field: &Field, source: &str) -> Result<Self, String> {
        let mut text = ascii_boundaries(source);
        if field.is_prose() {
            // `cialis` is not in `specialist`.
            text = format!(r"(?-u:\b{{start-half}})(?:{})", spelling(&text));
        }
        let hir = regex_syntax::ParserBuilder::new()
            .multi_line(true)
            .build()
            .parse(&text)
            // The crate draws an arrow over several lines: the last one says what is wrong.
            .map_err(|error| {
                let says = error.to_string();
                let says = says.lines().last().unwrap_or_default().trim();
                format!("the pattern `{source}` is wrong: {says}")
            })?;
        if hir.properties().minimum_len() == Some(0) {
            return Err(format!("the pattern `{source}` matches where nothing is"));
        }
        if let Some(letter) = capital(&hir) {
            return Err(format!(
                "the pattern `{source}` has the capital `{letter}`, but looks at text in small letters"
            ));
        }
        let words = required(&hir).unwrap_or_default();
        Ok(Syntax { text, words })
    }
}

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    pub fn new(field: Field, source: &str) -> Result<Self, String> {
        let pattern = Pattern::unread(field, source);
        let syntax = Syntax::read(&pattern.field, source)?;
        pattern.syntax.get_or_init(|| Some(syntax));
        Ok(pattern)
    }

    /// A pattern that is known to be right, to be read when it is needed.
    pub fn unread(field: Field, source: &str) -> Self {
        Pattern {
            field,
            source: source.to_owned(),
            syntax: Arc::default(),
            regex: Arc::default(),
            id: 0,
        }
    }

    fn syntax(&self) -> Option<&Syntax> {
        let read = || Syntax::read(&self.field, &self.source).ok();
        self.syntax.get_or_init(read).as_ref()
    }

    /// Says whether the pattern is too big to be compiled.
    pub fn try_out(&self) -> Result<(), String> {
        match self.regex() {
            Some(_) => Ok(()),
            None => Err(format!("the pattern `{}` is too big", self.source)),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let mut builder = RegexBuilder::new(&self.syntax()?.text);
            let built = builder.multi_line(true).size_limit(SIZE_LIMIT).build();
            built.ok()
        };
        self.regex.get_or_init(compile).as_ref()
    }

    /// The first match in the field's text, if the index found it worth a run.
    pub fn find<'t>(&self, looked: &'t Looked) -> Option<&'t str> {
        looked
            .candidates
            .get(self.id)
            .filter(|candidate| **candidate)?;
        let text = looked.texts.get(&self.field)?;
        self.regex()?.find(text).map(|found| found.as_str())
    }
}

/// The words of all patterns, by field.
#[derive(Debug, Clone, Default)]
pub struct Index {
    fields: BTreeMap<Field, Words>,
    count: usize,
}

#[derive(Debug, Clone, Default)]
struct Words {
    patterns: Vec<Pattern>,
    /// Made when it is first needed.
    search: OnceLock<Search>,
}

/// Which patterns of a field are worth running, by the words in it.
#[derive(Debug, Clone)]
struct Search {
    /// `None`: it cannot be made.
    words: Option<AhoCorasick>,
    /// The pattern that each word belongs to.
    owner: Vec<usize>,
    /// Patterns that have no word, and so always run.
    always: Vec<usize>,
}

/// A message's fields, and which patterns are worth running on them.
#[derive(Debug, Default)]
pub struct Looked {
    texts: BTreeMap<Field, String>,
    candidates: Vec<bool>,
}

impl Looked {
    /// Whether one of these patterns is worth a run. They were taken into the index one behind the
    /// other, as those of one condition are; of nearly all conditions none is.
    pub fn any(&self, patterns: &[Pattern]) -> bool {
        let first = patterns.first().map_or(0, |first| first.id);
        let candidates = self.candidates.get(first..first + patterns.len());
        candidates.is_none_or(|candidates| candidates.contains(&true))
    }
}

impl Index {
    /// Takes a pattern in, and gives it its place.
    pub fn add(&mut self, pattern: &mut Pattern) {
        pattern.id = self.count;
        self.count += 1;
        let field = self.fields.entry(pattern.field.clone()).or_default();
        field.patterns.push(pattern.clone());
    }

    /// Looks a message through, one pass a field; `text_of` gives a field's folded text.
    pub fn look(&self, text_of: impl Fn(&Field) -> String) -> Looked {
        let mut looked = Looked {
            texts: BTreeMap::new(),
            candidates: vec![false; self.count],
        };
        for (field, words) in &self.fields {
            let text = text_of(field);
            let search = words.search();
            let found = search
                .words
                .iter()
                .flat_map(|search| search.find_overlapping_iter(&text))
                .filter_map(|hit| search.owner.get(hit.pattern().as_usize()));
            let all = search.owner.iter().filter(|_| search.words.is_none());
            for id in search.always.iter().chain(found).chain(all) {
                if let Some(candidate) = looked.candidates.get_mut(*id) {
                    *candidate = true;
                }
            }
            looked.texts.insert(field.clone(), text);
        }
        looked
    }
}

impl Words {
    /// The search for all words. They were capped in number and length, so it can be made; could
    /// it not, every pattern would run.
    fn search(&self) -> &Search {
        self.search.get_or_init(|| {
            let (mut words, mut owner, mut always) = (Vec::new(), Vec::new(), Vec::new());
            for pattern in &self.patterns {
                match pattern.syntax() {
                    Some(syntax) if syntax.words.is_empty() => always.push(pattern.id),
                    Some(syntax) => {
                        words.extend(&syntax.words);
                        owner.extend(syntax.words.iter().map(|_| pattern.id));
                    }
                    None => {}
                }
            }
            // The fastest kind takes some kilobytes a word.
            let kind = match words.len() <= FEW_WORDS {
                true => AhoCorasickKind::DFA,
                false => AhoCorasickKind::ContiguousNFA,
            };
            let built = AhoCorasick::builder().kind(Some(kind)).build(&words);
            Search {
                words: built.ok(),
                owner,
                always,
            }
        })
    }
}

/// `\b` as an ASCII word boundary: a Unicode one cannot run in the fast engine on text that is
/// not ASCII, which is where an attacker would put it.
fn ascii_boundaries(source: &str) -> String {
    let mut changed = String::with_capacity(source.len() + 16);
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            changed.push(c);
            continue;
        }
        match chars.next() {
            Some('b') => changed.push_str(r"(?-u:\b)"),
            Some(next) => changed.extend(['\\', next]),
            None => changed.push('\\'),
        }
    }
    changed
}

/// A capital letter that the pattern asks for, which folded text never holds.
fn capital(hir: &Hir) -> Option<char> {
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0)
            .ok()?
            .chars()
            .find(|c| c.is_uppercase()),
        HirKind::Repetition(repetition) => capital(&repetition.sub),
        HirKind::Capture(capture) => capital(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(capital),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => None,
    }
}

/// Words of which every match holds at least one; `None` where no such words are known.
fn required(hir: &Hir) -> Option<Vec<String>> {
    let words = match hir.kind() {
        HirKind::Literal(literal) => vec![std::str::from_utf8(&literal.0).ok()?.to_owned()],
        HirKind::Class(Class::Unicode(class)) => {
            let few = class
                .iter()
                .map(|range| range.len())
                .try_fold(0, |sum: usize, n| {
                    Some(sum + n).filter(|sum| *sum <= MOST_WORDS)
                });
            few?;
            class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .map(String::from)
                .collect()
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub)?,
        HirKind::Capture(capture) => required(&capture.sub)?,
        HirKind::Concat(parts) => parts
            .iter()
            .filter_map(required)
            .max_by_key(|words| worth(words))?,
        HirKind::Alternation(parts) => {
            let all: Option<Vec<_>> = parts.iter().map(required).collect();
            all?.concat()
        }
        _ => return None,
    };
    (words.len() <= MOST_WORDS && words.iter().all(|word| word.len() > 1)).then_some(words)
}

/// How well words sort out: the shortest one counts, and few are better than many.
fn worth(words: &[String]) -> (usize, usize) {
    let shortest = words.iter().map(String::len).min().unwrap_or(0);
    (shortest.min(6), MOST_WORDS.saturating_sub(words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        let pattern = Pattern::new(Field::Text, source).unwrap();
        pattern.syntax().unwrap().words.clone()
    }

    #[test]
    fn a_pattern_knows_the_words_it_needs() {
        assert_eq!(words(r"free gifts?"), ["free gift"]);
        assert_eq!(words(r"voucher ?cards?"), ["voucher"]);
        assert_eq!(words(r"\b(invoice|rechnung)\b"), ["invoice", "rechnung"]);
        assert_eq!(words(r"^re: .{0,9}payment"), ["payment"]);
        assert!(words(r"[a-z]+\d{4,}").is_empty());
        assert!(words(r"(invoice)?\d").is_empty());
    }

    #[test]
    fn patterns_that_cannot_work_are_refused() {
        for (source, reason) in [
            ("(", "is wrong"),
            ("Invoice", "capital `I`"),
            ("a*", "matches where nothing is"),
            (r"\w{500}{500}", "too big"),
            (r"a(?=b)", "is wrong"),
        ] {
            let read = Pattern::new(Field::Text, source);
            let error = read.and_then(|read| read.try_out()).unwrap_err();
            assert!(error.contains(reason), "{source}: {error}");
        }
    }

    #[test]
    fn only_patterns_whose_words_are_there_run_and_they_find_what_they_would() {
        let mut index = Index::default();
        let mut patterns: Vec<_> = [
            r"gift ?cards?",
            r"\bpay (now|today)\b",
            r"\d{3}",
            "geschenk",
        ]
        .iter()
        .map(|source| Pattern::new(Field::Text, source).unwrap())
        .collect();
        patterns.iter_mut().for_each(|pattern| index.add(pattern));
        let looked = index.look(|_| "a giftcard for 250, pay  now".into());
        let found: Vec<_> = patterns.iter().map(|p| p.find(&looked)).collect();
        assert_eq!(found, [Some("giftcard"), None, Some("250"), None]);
    }
}
