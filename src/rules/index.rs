//! The index of all patterns: one pass over a field finds every word that a pattern cannot match
//! without, and so which patterns are worth a run, and near which words. A few thousand patterns
//! cost an ordinary mail little more than that pass.

use super::field::Field;
use super::pattern::{Pattern, Room};
use super::search::{Place, Search, Why};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

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

/// A message's fields, and where in them patterns are worth a run.
#[derive(Debug, Default)]
pub struct Looked {
    texts: BTreeMap<Field, String>,
    /// What matching is done in.
    pub room: Room,
    /// By pattern, then place; but for those that begin a match, they do not overlap.
    places: Vec<(usize, Place)>,
}

impl Looked {
    /// Those of these patterns that are worth a run, in their order. They were taken into the index
    /// one behind the other, as those of one condition are; of nearly all conditions none is.
    pub fn worth<'p>(&self, patterns: &'p [Pattern]) -> impl Iterator<Item = &'p Pattern> {
        let first = patterns.first().map_or(0, Pattern::id);
        let places = self.of(first, patterns.len());
        let of_each = places.chunk_by(|(one, _), (next, _)| one == next);
        let numbers = of_each.filter_map(move |places| places.first()?.0.checked_sub(first));
        numbers.filter_map(|number| patterns.get(number))
    }

    /// The text of the pattern's field, and where in it the pattern is worth a run, in order.
    pub fn places(&self, pattern: &Pattern) -> (&str, impl Iterator<Item = &Place>) {
        let places = self.of(pattern.id(), 1);
        let text = match places.is_empty() {
            true => None,
            false => self.texts.get(&pattern.field),
        };
        let places = places.iter().map(|(_, place)| place);
        (text.map_or("", String::as_str), places)
    }

    /// The places of so many patterns.
    fn of(&self, first: usize, patterns: usize) -> &[(usize, Place)] {
        let from = self.places.partition_point(|(id, _)| *id < first);
        let behind = self.places.get(from..).unwrap_or_default();
        let count = behind.partition_point(|(id, _)| *id < first + patterns);
        behind.get(..count).unwrap_or_default()
    }

    /// Puts the places in order, and joins what runs into each other.
    fn order(&mut self) {
        let places = &mut self.places;
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
        looked.order();
        looked
    }
}

impl Patterns {
    /// Adds to `places` where patterns of this field can match in its text.
    fn look(&self, text: &str, field: usize, places: &mut Vec<(usize, Place)>) {
        let search = self.search.get_or_init(|| {
            let needs = self.all.iter().map(|shared| shared.pattern.needs());
            Search::new(needs)
        });
        search.look(text, |number, place| {
            let ids = self.all.get(number).map_or(&[][..], |shared| &shared.ids);
            let ids = ids.iter().filter(|(of, _)| *of == field);
            places.extend(ids.map(|(_, id)| (*id, place.clone())));
        });
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
        let worth: Vec<_> = looked.worth(&patterns).map(Pattern::id).collect();
        assert_eq!(worth, [patterns[0].id(), patterns[2].id()]);
        assert_eq!(looked.worth(&patterns[1..2]).count(), 0);
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
