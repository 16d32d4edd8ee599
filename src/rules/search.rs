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
    /// What each word is asked for.
    asked: Vec<Asked>,
    ways: Vec<Wanted>,
    /// Patterns of which no words are known, and so always run.
    always: Vec<usize>,
}

/// What a word is asked for.
#[derive(Debug, Clone, Default)]
struct Asked {
    /// Whether it counts where a word of the text begins alone.
    begins: bool,
    /// Ways, and which of their parts it is.
    by: Vec<(usize, usize)>,
}

/// A way in which a pattern can match.
#[derive(Debug, Clone)]
struct Wanted {
    pattern: usize,
    reach: Reach,
    parts: Vec<WantedPart>,
}

#[derive(Debug, Clone)]
struct WantedPart {
    begins: bool,
    words: Vec<usize>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        way: Way,
        numbers: &mut HashMap<(String, bool), usize>,
    ) {
        let mut parts = Vec::new();
        for part in way {
            let begins = part.begins;
            let mut words = Vec::new();
            for spelling in part.spellings {
                let next = self.asked.len();
                let word = *numbers.entry((spelling, begins)).or_insert(next);
                if word == next {
                    let by = Vec::new();
                    self.asked.push(Asked { begins, by });
                }
                if let Some(asked) = self.asked.get_mut(word) {
                    asked.by.push((self.ways.len(), parts.len()));
                }
                words.push(word);
            }
            parts.push(WantedPart { begins, words });
        }
        self.ways.push(Wanted {
            pattern,
            reach,
            parts,
        });
    }

    /// Tells where which patterns can match in a text.
    pub(super) fn look(&self, text: &str, mut tell: impl FnMut(usize, Place)) {
        self.always
            .iter()
            .for_each(|pattern| tell(*pattern, Place::all(text.len())));
        let hits = self.hits(text);
        let mut seen = vec![0_u8; self.ways.len()];
        let mut spaces = None;
        let of_words = hits.chunk_by(|one, next| one.word == next.word);
        for word in of_words.filter_map(|hits| hits.first()) {
            let asked = self.asked.get(word.word);
            for (number, part) in asked.iter().flat_map(|asked| &asked.by) {
                let (Some(seen), Some(way)) = (seen.get_mut(*number), self.ways.get(*number))
                else {
                    continue;
                };
                let all = (1 << way.parts.len()) - 1;
                let before = *seen;
                *seen |= 1 << part;
                if *seen == all && before != all {
                    let spaces = spaces.get_or_insert_with(|| Spaces::of(text));
                    let hits = Hits {
                        hits: &hits,
                        spaces,
                        length: text.len(),
                    };
                    hits.places(way, &mut tell);
                }
            }
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
            let asked = self.asked.get(word)?;
            let before = found.start().checked_sub(1);
            let before = before.and_then(|at| text.as_bytes().get(at));
            let inside = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            let (start, end) = (found.start(), found.end());
            (!asked.begins || !inside).then_some(Hit { word, start, end })
        };
        let mut hits: Vec<Hit> = found.filter_map(hit).collect();
        hits.sort_unstable();
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

/// The words in a text.
struct Hits<'h> {
    hits: &'h [Hit],
    spaces: &'h Spaces,
    length: usize,
}

impl Hits<'_> {
    /// Where a pattern can match in this way: around each place of one part, within whose reach
    /// the others are.
    fn places(&self, way: &Wanted, tell: &mut impl FnMut(usize, Place)) {
        let count = |part: &WantedPart| -> usize {
            part.words.iter().map(|word| self.of(*word).len()).sum()
        };
        // Best the one that a match begins with, else the rarest.
        let begin = |part: &&WantedPart| part.begins && count(part) <= MOST_PLACES;
        let begin = way.parts.iter().find(begin);
        let rarest = way.parts.iter().min_by_key(|part| count(part));
        let Some(part) = begin.or(rarest) else {
            return;
        };
        let mut found = Vec::new();
        if count(part) <= MOST_PLACES && way.reach != Reach::Any {
            let hits = part.words.iter().flat_map(|word| self.of(*word));
            let places = hits.map(|hit| self.place(hit, way.reach, part.begins));
            found.extend(places.filter(|place| {
                let mut parts = way.parts.iter();
                parts.all(|part| self.has(part, &place.range))
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

    /// Whether the part is in this place.
    fn has(&self, part: &WantedPart, place: &Range<usize>) -> bool {
        part.words.iter().any(|word| {
            let hits = self.of(*word);
            let from = hits.partition_point(|hit| hit.start < place.start);
            hits.get(from).is_some_and(|hit| hit.end <= place.end)
        })
    }

    /// Where a word is.
    fn of(&self, word: usize) -> &[Hit] {
        let from = self.hits.partition_point(|hit| hit.word < word);
        let to = self.hits.partition_point(|hit| hit.word <= word);
        self.hits.get(from..to).unwrap_or_default()
    }
}
