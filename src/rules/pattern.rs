//! A pattern: `regex` syntax over folded text, in linear time. It is read and compiled when a
//! message first makes it worth a run (`index`): most never are.

use super::field::Field;
use super::index::Looked;
use super::needs::Needs;
use super::plain::spelling;
use super::search::{Place, Why};
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker, Cache};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::prefilter::Prefilter;
use regex_automata::{Anchored, Input, MatchKind, Span};
use regex_syntax::hir::{Hir, HirKind};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

/// The most bytes that one compiled pattern may take.
const SIZE_LIMIT: usize = 256 << 10;
/// The most bytes that matching near a word takes; beyond that the text is long.
const MOST_ROOM: usize = 128 << 10;

/// One pattern over one field.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// What it looks at.
    pub field: Field,
    /// As written.
    pub source: String,
    /// `None`: there is a mistake in it.
    made: Arc<OnceLock<Option<Made>>>,
    /// Its place in the index.
    id: usize,
}

/// A pattern that was compiled.
#[derive(Debug)]
struct Made {
    /// For a few words: it takes the least memory, and all patterns share what they match in.
    near: BoundedBacktracker,
    /// For a long text, which few patterns ever look at: the fastest, with a memory of its own.
    far: OnceLock<Option<Regex>>,
}

/// What a pattern is matched in: any thread's, and any pattern's one after the other.
#[derive(Debug, Default)]
pub struct Room(RefCell<Option<Cache>>);

impl Made {
    fn of(hir: &Hir) -> Option<Made> {
        let config = thompson::Config::new()
            .nfa_size_limit(Some(SIZE_LIMIT))
            .which_captures(WhichCaptures::Implicit);
        let mut compiler = thompson::Compiler::new();
        let nfa = compiler.configure(config).build_from_hir(hir).ok()?;
        // Where a place only holds a match, from one letter that it can begin with to the next.
        let prefilter = Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, hir);
        let config = backtrack::Config::new()
            .visited_capacity(MOST_ROOM)
            .prefilter(prefilter);
        let mut builder = BoundedBacktracker::builder();
        let near = builder.configure(config).build_from_nfa(nfa).ok()?;
        let far = OnceLock::new();
        Some(Made { near, far })
    }
}

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    pub fn new(field: Field, source: &str) -> Result<Self, String> {
        let pattern = Pattern::unread(field, source);
        pattern.syntax()?;
        Ok(pattern)
    }

    /// A pattern that is known to be right, to be read when it is needed.
    pub fn unread(field: Field, source: &str) -> Self {
        Pattern {
            field,
            source: source.to_owned(),
            made: Arc::default(),
            id: 0,
        }
    }

    /// Its place in the index.
    pub fn id(&self) -> usize {
        self.id
    }

    /// Gives it its id in the index, and what was made of the same source.
    pub fn share(&mut self, same: &Pattern, id: usize) {
        self.made = Arc::clone(&same.made);
        self.id = id;
    }

    /// What a text must hold for it to match.
    pub fn needs(&self) -> Needs {
        match self.field.is_prose() {
            true => Needs::of(&spelling(&self.source), true),
            false => Needs::of(&self.source, false),
        }
    }

    /// All of it, as `regex` reads it.
    pub(super) fn text(&self) -> String {
        let text = ascii_boundaries(&self.source);
        match self.field.is_prose() {
            // `cialis` is not in `specialist`.
            true => format!(r"(?-u:\b{{start-half}})(?:{})", spelling(&text)),
            false => text,
        }
    }

    /// Reads it, or says what is wrong with it.
    fn syntax(&self) -> Result<Hir, String> {
        let (source, text) = (&self.source, self.text());
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
        Ok(hir)
    }

    /// Says whether the pattern is too big to be compiled.
    pub fn try_out(&self) -> Result<(), String> {
        match self.made() {
            Some(_) => Ok(()),
            None => Err(format!("the pattern `{}` is too big", self.source)),
        }
    }

    fn made(&self) -> Option<&Made> {
        let make = || Made::of(&self.syntax().ok()?);
        self.made.get_or_init(make).as_ref()
    }

    /// The first match in the field's text, where the index found it worth a run.
    pub fn find<'t>(&self, looked: &'t Looked) -> Option<&'t str> {
        let (text, mut places) = looked.places(self);
        let found = places.find_map(|place| self.find_in(text, place, &looked.room));
        text.get(found?.range())
    }

    fn find_in(&self, text: &str, place: &Place, room: &Room) -> Option<Span> {
        let made = self.made()?;
        let anchored = match place.why {
            Why::Begins => Anchored::Yes,
            Why::Holds | Why::Anywhere => Anchored::No,
        };
        let input = Input::new(text)
            .span(place.range.clone())
            .anchored(anchored);
        if place.why != Why::Anywhere {
            let mut room = room.0.borrow_mut();
            let room = room.get_or_insert_with(|| made.near.create_cache());
            room.reset(&made.near);
            if let Ok(found) = made.near.try_find(room, input.clone()) {
                return found.map(|found| found.span());
            }
        }
        let far = made.far.get_or_init(|| {
            let config = meta::Config::new().nfa_size_limit(Some(SIZE_LIMIT));
            let mut builder = Regex::builder();
            builder
                .configure(config)
                .build_from_hir(&self.syntax().ok()?)
                .ok()
        });
        far.as_ref()?.find(input).map(|found| found.span())
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
