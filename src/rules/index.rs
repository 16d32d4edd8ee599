//! The index of all patterns: one pass over a field finds every word that a pattern cannot match
//! without, and so which patterns are worth a run, and near which words. A few thousand patterns
//! cost an ordinary mail little more than that pass.

use super::field::Field;
use super::needs::{Reach, Way};
use super::pattern::{Pattern, Room};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

/// Words for which the fastest search is small enough.
const FEW_WORDS: usize = 1000;
/// Bytes that may be looked at twice.
const LITTLE: usize = 4 << 10;
/// A part of a pattern that stands in a text more often than this is looked for everywhere.
const MOST_PLACES: usize = 64;

/// All patterns, to be looked for in one pass over each field.
#[derive(Debug, Clone, Default)]
pub struct Index {
    fields: Vec<Field>,
    /// Those of prose, and the others.
    prose: Patterns,
    other: Patterns,
    count: usize,
}

/// Patterns that are read alike.
#[derive(Debug, Clone, Default)]
struct Patterns {
    all: Vec<Shared>,
    /// Where in `all` each is, by its source.
    known: HashMap<String, usize>,
    /// Made when the first message is judged: a sweep that finds nothing new judges none.
    search: OnceLock<Search>,
}

/// A pattern, in however many fields it is looked for.
#[derive(Debug, Clone)]
struct Shared {
    pattern: Pattern,
    /// The number of each field, and its id there.
    ids: Vec<(usize, usize)>,
}

/// Where patterns can match, by the words in a text.
#[derive(Debug, Clone, Default)]
struct Search {
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

/// A message's fields, and where in them patterns are worth a run.
#[derive(Debug, Default)]
pub struct Looked {
    texts: BTreeMap<Field, String>,
    /// What matching is done in.
    pub room: Room,
    /// By pattern, then place; but for those that begin a match, they do not overlap.
    places: Vec<(usize, Place)>,
}

impl Place {
    fn all(length: usize) -> Place {
        let (range, why) = (0..length, Why::Anywhere);
        Place { range, why }
    }
}

impl Looked {
    /// Whether one of these patterns is worth a run. They were taken into the index one behind the
    /// other, as those of one condition are; of nearly all conditions none is.
    pub fn any(&self, patterns: &[Pattern]) -> bool {
        let first = patterns.first().map_or(0, Pattern::id);
        let ids = first..first + patterns.len();
        let from = self.places.partition_point(|(id, _)| *id < ids.start);
        self.places.get(from).is_some_and(|(id, _)| *id < ids.end)
    }

    /// The text of the pattern's field, and where in it the pattern is worth a run, in order.
    pub fn places(&self, pattern: &Pattern) -> (&str, impl Iterator<Item = &Place>) {
        let id = pattern.id();
        let from = self.places.partition_point(|(other, _)| *other < id);
        let places = self.places.iter().skip(from);
        let places = places.take_while(move |(other, _)| *other == id);
        let text = self.texts.get(&pattern.field).map_or("", String::as_str);
        (text, places.map(|(_, place)| place))
    }
}

impl Index {
    /// Takes a pattern in, and gives it its id.
    pub fn add(&mut self, pattern: &mut Pattern) {
        let known = self.fields.iter().position(|field| *field == pattern.field);
        let field = known.unwrap_or(self.fields.len());
        if known.is_none() {
            self.fields.push(pattern.field.clone());
        }
        let patterns = match pattern.field.is_prose() {
            true => &mut self.prose,
            false => &mut self.other,
        };
        let next = patterns.all.len();
        let number = *patterns.known.entry(pattern.source.clone()).or_insert(next);
        if number == next {
            let (pattern, ids) = (pattern.clone(), Vec::new());
            patterns.all.push(Shared { pattern, ids });
        }
        if let Some(shared) = patterns.all.get_mut(number) {
            pattern.share(&shared.pattern, self.count);
            shared.ids.push((field, self.count));
        }
        self.count += 1;
    }

    /// Looks a message through, one pass a field; `text_of` gives a field's folded text.
    pub fn look(&self, text_of: impl Fn(&Field) -> String) -> Looked {
        let mut looked = Looked::default();
        for (number, field) in self.fields.iter().enumerate() {
            let text = text_of(field);
            if !text.is_empty() {
                let patterns = if field.is_prose() {
                    &self.prose
                } else {
                    &self.other
                };
                patterns.look(&text, number, &mut looked.places);
            }
            looked.texts.insert(field.clone(), text);
        }
        let places = &mut looked.places;
        places.sort_unstable_by_key(|(id, place)| (*id, place.range.start, place.why));
        places.dedup_by(|(next_id, next), (id, known)| {
            let apart = match next.why.min(known.why) == Why::Begins {
                true => next.range.start != known.range.start,
                false => next.range.start > known.range.end,
            };
            let joined = id == next_id && !apart;
            if joined {
                known.range.end = known.range.end.max(next.range.end);
                known.why = known.why.min(next.why);
            }
            joined
        });
        looked
    }
}

impl Patterns {
    /// Adds to `places` where patterns of this field can match in its text.
    fn look(&self, text: &str, field: usize, places: &mut Vec<(usize, Place)>) {
        let search = self.search.get_or_init(|| Search::new(&self.all));
        search.look(text, |number, place| {
            let ids = self.all.get(number).map_or(&[][..], |shared| &shared.ids);
            let ids = ids.iter().filter(|(of, _)| *of == field);
            places.extend(ids.map(|(_, id)| (*id, place.clone())));
        });
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
    fn new(patterns: &[Shared]) -> Search {
        let mut search = Search::default();
        let mut numbers: HashMap<(String, bool), usize> = HashMap::new();
        for (number, shared) in patterns.iter().enumerate() {
            let needs = shared.pattern.needs();
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
            search.always = (0..patterns.len()).collect();
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
    fn look(&self, text: &str, mut tell: impl FnMut(usize, Place)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Ruleset, shipped};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    fn indexed(field: &Field, sources: &[&str]) -> (Index, Vec<Pattern>) {
        let mut index = Index::default();
        let patterns = sources.iter().map(|source| {
            let mut pattern = Pattern::new(field.clone(), source).unwrap();
            index.add(&mut pattern);
            pattern
        });
        let patterns = patterns.collect();
        (index, patterns)
    }

    /// What each finds in the text.
    fn found<'t>(looked: &'t Looked, patterns: &[Pattern]) -> Vec<Option<&'t str>> {
        patterns.iter().map(|one| one.find(looked)).collect()
    }

    /// What each finds that looks through the whole text.
    fn plainly<'t>(text: &'t str, patterns: &[Pattern]) -> Vec<Option<&'t str>> {
        let find = |pattern: &Pattern| {
            let mut regex = regex::RegexBuilder::new(&pattern.text());
            let regex = regex.multi_line(true).build().unwrap();
            regex.find(text).map(|found| found.as_str())
        };
        patterns.iter().map(find).collect()
    }

    #[test]
    fn near_its_words_a_pattern_finds_what_it_finds_in_the_whole_text() {
        for (source, text, finds) in [
            (r"gift ?cards?", "a giftcard for 250", Some("giftcard")),
            (r"\bpay (now|today)\b", "so pay  now", None),
            (r"\d{3}", "only 250", Some("250")),
            ("geschenk", "nothing", None),
            // At the edges of the text, and of a line.
            ("pay( [a-z]+){0,2} now", "pay now", Some("pay now")),
            (r"^pay now$", "first\npay now\nlast", Some("pay now")),
            (r"now\b", "nowhere, now", Some("now")),
            ("pay[^ .]*", "a pay", Some("pay")),
            // As far as it reaches, and no farther.
            ("pay( [^ ]+){0,2} now", "pay a b now", Some("pay a b now")),
            ("pay( [^ ]+){0,2} now", "pay a b c now", None),
            ("pay.{0,3}now", "pay... now, pay...now", Some("pay...now")),
            (
                "платить.{0,2}сейчас",
                "платить, сейчас",
                Some("платить, сейчас"),
            ),
            // The first one, and of it what the pattern likes best.
            ("(win|win big)( now)?", "to win big now", Some("win")),
            (
                "(win big|win)( now)?",
                "to win big now",
                Some("win big now"),
            ),
            (
                "(bonus|the bonus)( now)?",
                "the bonus now",
                Some("the bonus now"),
            ),
            (
                "(gold( [a-z]+)*|silver gold)",
                "silver gold coins",
                Some("silver gold"),
            ),
            (
                "(gold( [a-z]+)*|[a-z]+ gold)",
                "silver gold coins",
                Some("silver gold"),
            ),
            // Where a word begins: a letter of another script does not hold it back.
            ("pill", "caterpillar, pills", Some("pill")),
            ("pill", "éпpill", Some("pill")),
            ("(my )?gold coins", "mygold coins", None),
            (
                "(my )?gold coins",
                "oh my gold coins",
                Some("my gold coins"),
            ),
            // Places that run into each other.
            (
                "gold( [a-z]+){0,3} coins?",
                "gold gold of gold coins",
                Some("gold gold of gold coins"),
            ),
        ] {
            let (index, patterns) = indexed(&Field::Text, &[source]);
            let looked = index.look(|_| text.to_owned());
            assert_eq!(found(&looked, &patterns), [finds], "{source} in {text}");
            assert_eq!(plainly(text, &patterns), [finds], "{source} in {text}");
        }
    }

    #[test]
    fn a_word_that_fills_a_text_costs_no_more_than_the_text() {
        let (index, patterns) = indexed(&Field::Text, &["gold[^ .]*!", "gold( [^ ]+){0,9} coin"]);
        for gap in [" ", "-"] {
            let text = format!("gold{gap}").repeat(50_000) + "gold coins";
            let looked = index.look(|_| text.clone());
            let places = looked.places.len();
            assert!(places <= 2, "{places} places");
            assert_eq!(found(&looked, &patterns), plainly(&text, &patterns));
        }
    }

    #[test]
    fn a_pattern_of_several_fields_is_found_in_each_on_its_own() {
        let mut index = Index::default();
        let of = |field: &Field| Pattern::new(field.clone(), "gold coins?").unwrap();
        let fields = [Field::Subject, Field::Text, Field::LinkHost];
        let mut patterns: Vec<_> = fields.iter().map(of).collect();
        patterns.iter_mut().for_each(|pattern| index.add(pattern));
        let looked = index.look(|field| match field {
            Field::Subject => "a gold coin".to_owned(),
            Field::Text => "silver".to_owned(),
            _ => "marigold coins".to_owned(),
        });
        let coins = [Some("gold coin"), None, Some("gold coins")];
        assert_eq!(found(&looked, &patterns), coins);
        assert!(looked.any(&patterns) && !looked.any(&patterns[1..2]));
    }

    /// Every phrase that is compiled in.
    static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let (ruleset, _) = Ruleset::load(&shipped());
        let wordings = ruleset.wordings();
        let said = wordings.flat_map(|wording| wording.said.iter().map(|(_, one)| one.clone()));
        said.collect()
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        /// Over texts made of the phrases' own words.
        #[test]
        fn the_fast_way_finds_what_the_plain_one_does(
            chosen in prop::collection::vec(any::<prop::sample::Index>(), 12),
            words in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize), 0..80),
        ) {
            let sources: Vec<&str> = chosen.iter().map(|at| at.get(&PHRASES).as_str()).collect();
            let all: Vec<&str> = sources
                .iter()
                .flat_map(|source| source.split(|c: char| !c.is_alphanumeric() && c != ' '))
                .filter(|word| !word.is_empty())
                .collect();
            let gaps = [" ", " ", " ", " ", " so ", ", ", ". ", "\n", ""];
            let text: String = words
                .iter()
                .flat_map(|(word, gap)| [*word.get(&all), gaps[*gap]])
                .collect();
            let text = crate::rules::plain::plain(text);
            for field in [Field::Text, Field::LinkHost] {
                let (index, patterns) = indexed(&field, &sources);
                let looked = index.look(|_| text.clone());
                prop_assert_eq!(found(&looked, &patterns), plainly(&text, &patterns));
            }
        }
    }
}
