//! Where in a text patterns can match: around the words that they cannot match without. One pass
//! finds the words of all of them.

use super::needs::{Needs, Reach, Way};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::HashMap;
use std::ops::Range;

/// Words for which the fastest search is small enough.
const FEW_WORDS: usize = 1000;
/// Bytes that may be looked at twice.
const LITTLE: usize = 4 << 10;
/// A part of a pattern that stands in a text more often than this is looked for everywhere.
const MOST_PLACES: usize = 64;

/// Where patterns can match, by the words in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    words: Option<AhoCorasick>,
    /// Of each word, whether it counts where a word of the text begins alone.
    begins: Vec<bool>,
    /// Of each word, what it is a part of.
    part_of: Vec<Vec<PartOf>>,
    ways: Vec<Wanted>,
    /// Of each way, a bit for each of its parts.
    whole: Vec<u8>,
    /// Patterns of which no words are known, and so always run.
    always: Vec<usize>,
}

/// A part of a way in which a pattern can match, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PartOf {
    way: usize,
    part: usize,
}

/// A way in which a pattern can match.
#[derive(Debug, Clone)]
struct Wanted {
    pattern: usize,
    reach: Reach,
    /// Of each part, whether a match begins with it.
    begins: Vec<bool>,
}

/// Where in a text a pattern is worth a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The part of the text.
    pub range: Range<usize>,
    /// Why there.
    pub why: Why,
}

/// Why a pattern is worth a run in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A match may be anywhere: the place is the whole text.
    Anywhere,
    /// It holds words that a match holds.
    Holds,
    /// It begins with a word that a match begins with, and so does the match.
    Begins,
}

impl Place {
    fn all(length: usize) -> Place {
        let (range, why) = (0..length, Why::Anywhere);
        Place { range, why }
    }
}

/// A word in a text.
#[derive(Debug, Clone, Copy)]
struct Hit {
    word: usize,
    start: usize,
    end: usize,
}

impl Search {
    /// Of patterns that need so much each, known by their place in the row.
    pub(super) fn new(patterns: impl Iterator<Item = Needs>) -> Search {
        let mut search = Search::default();
        let mut numbers: HashMap<(String, bool), usize> = HashMap::new();
        let mut count = 0;
        for (number, needs) in patterns.enumerate() {
            count += 1;
            if needs.ways.is_empty() {
                search.always.push(number);
            }
            for way in needs.ways {
                search.want(number, needs.reach, way, &mut numbers);
            }
        }
        let mut words = vec![String::new(); numbers.len()];
        for ((word, _), number) in numbers {
            if let Some(place) = words.get_mut(number) {
                *place = word;
            }
        }
        // The fastest kind takes some kilobytes a word.
        let kind = match words.len() <= FEW_WORDS {
            true => AhoCorasickKind::DFA,
            false => AhoCorasickKind::ContiguousNFA,
        };
        // They were capped in number and length, so it can be made; could it not, every pattern
        // would run.
        search.words = AhoCorasick::builder().kind(Some(kind)).build(&words).ok();
        if search.words.is_none() {
            search.always = (0..count).collect();
        }
        search
    }

    /// Takes in a way in which a pattern can match.
    fn want(
        &mut self,
        pattern: usize,
        reach: Reach,
        parts: Way,
        numbers: &mut HashMap<(String, bool), usize>,
    ) {
        let way = self.ways.len();
        let mut begins = Vec::new();
        for (number, part) in parts.into_iter().enumerate() {
            let first = part.begins;
            for spelling in part.spellings {
                let next = self.begins.len();
                let word = *numbers.entry((spelling, first)).or_insert(next);
                if word == next {
                    self.begins.push(first);
                    self.part_of.push(Vec::new());
                }
                if let Some(part_of) = self.part_of.get_mut(word) {
                    part_of.push(PartOf { way, part: number });
                }
            }
            begins.push(first);
        }
        self.whole.push((1 << begins.len()) - 1);
        self.ways.push(Wanted {
            pattern,
            reach,
            begins,
        });
    }

    /// Tells where which patterns can match in a text.
    pub(super) fn look(&self, text: &str, mut tell: impl FnMut(usize, Place)) {
        self.always
            .iter()
            .for_each(|pattern| tell(*pattern, Place::all(text.len())));
        let hits = self.hits(text);
        let of_words: Vec<&[Hit]> = hits.chunk_by(|one, next| one.word == next.word).collect();
        let parts_of = |hits: &[Hit]| {
            let part_of = self.part_of.get(hits.first().map_or(0, |hit| hit.word));
            part_of.map_or(&[][..], Vec::as_slice)
        };
        let mut seen = vec![0_u8; self.ways.len()];
        for PartOf { way, part } in of_words.iter().flat_map(|hits| parts_of(hits)) {
            if let Some(seen) = seen.get_mut(*way) {
                *seen |= 1 << part;
            }
        }
        // Of most ways a part is missing.
        let mut found: Vec<(PartOf, &[Hit])> = Vec::new();
        for hits in of_words {
            let parts = parts_of(hits).iter();
            let whole = parts.filter(|part| seen.get(part.way) == self.whole.get(part.way));
            found.extend(whole.map(|part| (*part, hits)));
        }
        if found.is_empty() {
            return;
        }
        found.sort_unstable_by_key(|(part, _)| *part);
        let near = Near {
            spaces: Spaces::of(text),
            length: text.len(),
        };
        for parts in found.chunk_by(|(one, _), (next, _)| one.way == next.way) {
            let way = parts.first().and_then(|(part, _)| self.ways.get(part.way));
            way.into_iter()
                .for_each(|way| near.places(way, parts, &mut tell));
        }
    }

    /// Every word that is asked for in a text, by word and place.
    fn hits(&self, text: &str) -> Vec<Hit> {
        let found = self
            .words
            .iter()
            .flat_map(|words| words.find_overlapping_iter(text));
        let hit = |found: aho_corasick::Match| {
            let word = found.pattern().as_usize();
            let before = found.start().checked_sub(1);
            let before = before.and_then(|at| text.as_bytes().get(at));
            let inside = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            let (start, end) = (found.start(), found.end());
            let counts = !inside || self.begins.get(word) == Some(&false);
            counts.then_some(Hit { word, start, end })
        };
        let mut hits: Vec<Hit> = found.filter_map(hit).collect();
        hits.sort_unstable_by_key(|hit| (hit.word, hit.start));
        hits
    }
}

/// Where the spaces of a text are.
struct Spaces(Vec<usize>);

impl Spaces {
    fn of(text: &str) -> Spaces {
        Spaces(memchr::memchr_iter(b' ', text.as_bytes()).collect())
    }

    /// What lies around a part of the text with so many spaces on each side and in it.
    fn around(&self, hit: &Hit, spaces: usize, length: usize) -> Range<usize> {
        let before = self.0.partition_point(|at| *at < hit.start);
        let start = before.checked_sub(spaces + 1).and_then(|at| self.0.get(at));
        let behind = self.0.partition_point(|at| *at < hit.end) + spaces;
        let end = self.0.get(behind);
        start.map_or(0, |at| at + 1)..end.map_or(length, |at| *at)
    }
}

/// A text in which places are looked for.
struct Near {
    spaces: Spaces,
    length: usize,
}

impl Near {
    /// Where a pattern can match in this way, of whose parts these words are there: around each
    /// place of one part, within whose reach the others are.
    fn places(
        &self,
        way: &Wanted,
        words: &[(PartOf, &[Hit])],
        tell: &mut impl FnMut(usize, Place),
    ) {
        let parts: Vec<_> = words.chunk_by(|(one, _), (next, _)| one == next).collect();
        let begins = |part: usize| way.begins.get(part) == Some(&true);
        // Best the one that a match begins with, else the rarest.
        let few = |part: usize| {
            parts
                .get(part)
                .is_some_and(|part| count(part) <= MOST_PLACES)
        };
        let numbers = 0..parts.len();
        let begin = numbers.clone().find(|part| begins(*part) && few(*part));
        let rarest = || numbers.min_by_key(|part| parts.get(*part).map_or(0, |part| count(part)));
        let Some(chosen) = begin.or_else(rarest) else {
            return;
        };
        let mut found = Vec::new();
        if few(chosen) && way.reach != Reach::Any {
            let hits = parts.get(chosen).into_iter().flat_map(|part| all(part));
            let places = hits.map(|hit| self.place(hit, way.reach, begins(chosen)));
            found.extend(places.filter(|place| {
                let mut others = parts.iter();
                others.all(|part| has(part, &place.range))
            }));
        } else {
            found.push(Place::all(self.length));
        }
        // Places of long words without a space may overlap: what is looked at stays linear.
        let length: usize = found.iter().map(|place| place.range.len()).sum();
        if length > self.length.max(LITTLE) {
            found = vec![Place::all(self.length)];
        }
        found.into_iter().for_each(|place| tell(way.pattern, place));
    }

    /// Where a match can be that holds this word.
    fn place(&self, hit: &Hit, reach: Reach, begins: bool) -> Place {
        let mut range = match reach {
            Reach::Bytes(bytes) => {
                let end = hit.start.saturating_add(bytes).min(self.length);
                hit.end.saturating_sub(bytes)..end
            }
            Reach::Spaces(spaces) => self.spaces.around(hit, spaces, self.length),
            Reach::Any => 0..self.length,
        };
        let why = if begins { Why::Begins } else { Why::Holds };
        if begins {
            range.start = hit.start;
        }
        Place { range, why }
    }
}

/// The places of a part: of each of its words.
fn all<'h>(part: &'h [(PartOf, &'h [Hit])]) -> impl Iterator<Item = &'h Hit> {
    part.iter().flat_map(|(_, hits)| *hits)
}

fn count(part: &[(PartOf, &[Hit])]) -> usize {
    part.iter().map(|(_, hits)| hits.len()).sum()
}

/// Whether the part is in this place.
fn has(part: &[(PartOf, &[Hit])], place: &Range<usize>) -> bool {
    part.iter().any(|(_, hits)| {
        let from = hits.partition_point(|hit| hit.start < place.start);
        hits.get(from).is_some_and(|hit| hit.end <= place.end)
    })
}
