//! What a text must hold where a pattern matches in it, and how far a match reaches: read off the
//! pattern's syntax. It may know too little, and then more is searched than need be; it must
//! never ask for what a match can do without, or a match would be missed.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    Ast, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, GroupKind,
    RepetitionKind, RepetitionRange,
};

/// The most spellings that one part is looked for by.
const MOST_SPELLINGS: usize = 32;
/// The most where branches cannot be spelt out, and each gives its own.
const MOST_OF_BRANCHES: usize = 128;
/// The most bytes of a spelling: more say little more.
const LONGEST: usize = 12;
/// The most letters of a class that are spelt out.
const MOST_LETTERS: usize = 8;
/// The most parts that a way is looked for by.
const MOST_PARTS: usize = 2;
/// A part with a shorter spelling stands in most texts, and is not asked for beside another.
const SHORT: usize = 4;

/// What a match of a pattern holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Needs {
    /// The ways in which it can come about, a branch each. None: nothing is known.
    pub ways: Vec<Way>,
    /// How long it is at most.
    pub reach: Reach,
}

/// Parts that are all in the match.
pub type Way = Vec<Part>;

/// A part of a match: one of these spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The spellings, none of which stands in every text.
    pub spellings: Vec<String>,
    /// Whether the match begins with it.
    pub begins: bool,
}

/// How long a match is at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// So many bytes.
    Bytes(usize),
    /// It may hold so many spaces, and between them words of any length.
    Spaces(usize),
    /// As long as it likes.
    Any,
}

impl Needs {
    /// Reads a pattern as `regex` does; of one with a mistake or with flags nothing is known.
    /// `at_word`: a match begins where a word does.
    pub fn of(source: &str, at_word: bool) -> Needs {
        let needs = Parser::new().parse(source).ok().and_then(|ast| {
            let size = size(&ast)?;
            let ways: Vec<Way> = {
                let branches = branches(&ast).into_iter();
                branches.map(|branch| way(branch, at_word)).collect()
            };
            let known = ways.iter().all(|way| !way.is_empty());
            Some(Needs {
                ways: if known { ways } else { Vec::new() },
                reach: size.reach(),
            })
        });
        needs.unwrap_or(Needs {
            ways: Vec::new(),
            reach: Reach::Any,
        })
    }
}

/// The branches at the top of a pattern.
fn branches(ast: &Ast) -> Vec<&Ast> {
    match ast {
        Ast::Group(group) => branches(&group.ast),
        Ast::Alternation(all) => all.asts.iter().flat_map(branches).collect(),
        one => vec![one],
    }
}

/// The parts of a branch that sort out best, and the one that it begins with.
fn way(branch: &Ast, begins: bool) -> Way {
    let mut parts = parts(branch, begins);
    parts.sort_by_key(|part| std::cmp::Reverse(worth(part)));
    let known = parts.iter().take_while(|part| shortest(part) >= SHORT);
    let many = known.count().clamp(1, MOST_PARTS);
    let mut way: Way = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        if number < many || part.begins {
            way.push(part);
        }
    }
    way
}

fn shortest(part: &Part) -> usize {
    part.spellings.iter().map(String::len).min().unwrap_or(0)
}

/// How well a part sorts out: by its shortest spelling, and few are better than many.
fn worth(part: &Part) -> (usize, usize) {
    let few = MOST_OF_BRANCHES.saturating_sub(part.spellings.len());
    (shortest(part).min(8), few)
}

/// Parts that every match holds; `begins`: what is read begins the match.
fn parts(ast: &Ast, begins: bool) -> Vec<Part> {
    match ast {
        Ast::Group(group) => parts(&group.ast, begins),
        Ast::Concat(concat) => sequence(&concat.asts, begins),
        Ast::Repetition(repeated) => match times(&repeated.op.kind) {
            (0, _) => Vec::new(),
            _ => parts(&repeated.ast, begins),
        },
        Ast::Alternation(all) => {
            let branches: Vec<_> = all.asts.iter().map(|one| parts(one, begins)).collect();
            let of_each = |choose: &dyn Fn(&[Part]) -> Option<&Part>| {
                let chosen: Option<Vec<_>> = branches.iter().map(|one| choose(one)).collect();
                let chosen = chosen?;
                let begins = chosen.iter().all(|part| part.begins);
                let spellings = chosen.iter().flat_map(|part| part.spellings.clone());
                part(spellings.collect(), begins, MOST_OF_BRANCHES)
            };
            let best = of_each(&|parts| parts.iter().max_by_key(|part| worth(part)));
            let first = of_each(&|parts| parts.iter().find(|part| part.begins));
            let first = first.filter(|first| best.as_ref() != Some(first));
            best.into_iter().chain(first).collect()
        }
        one => spellings(one)
            .and_then(|all| part(all, begins, MOST_SPELLINGS))
            .into_iter()
            .collect(),
    }
}

/// The parts of what stands one behind the other: what can be spelt out is joined.
fn sequence(all: &[Ast], begins: bool) -> Vec<Part> {
    let mut found = Vec::new();
    let (mut run, mut first) = (vec![String::new()], begins);
    for (number, one) in all.iter().enumerate() {
        if let Ast::Literal(literal) = one {
            add(literal.c, &mut run);
            continue;
        }
        let spelt = spellings(one);
        if spelt.as_ref().is_some_and(|spelt| join(&mut run, spelt)) {
            continue;
        }
        found.extend(part(std::mem::take(&mut run), first, MOST_SPELLINGS));
        first = false;
        match spelt {
            Some(spelt) => run = spelt,
            None => {
                found.extend(parts(one, begins && number == 0));
                run = vec![String::new()];
            }
        }
    }
    found.extend(part(run, first, MOST_SPELLINGS));
    found
}

/// A part with these spellings, without those that hold another. `None`: they say too little.
fn part(mut spellings: Vec<String>, begins: bool, most: usize) -> Option<Part> {
    if spellings.iter().any(|one| says_little(one)) {
        return None;
    }
    for one in &mut spellings {
        one.truncate(one.floor_char_boundary(LONGEST));
    }
    spellings.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut few: Vec<String> = Vec::new();
    for one in spellings {
        let holds = |known: &String| match begins {
            true => one.starts_with(known.as_str()),
            false => one.contains(known.as_str()),
        };
        if !few.iter().any(holds) {
            few.push(one);
        }
    }
    let spellings = few;
    (1..=most)
        .contains(&spellings.len())
        .then_some(Part { spellings, begins })
}

/// A letter, a space or a stop stands in every text; a sign such as `$` does not.
fn says_little(spelling: &str) -> bool {
    match spelling.as_bytes() {
        [] => true,
        [one] => one.is_ascii_alphanumeric() || b" .,-/\n".contains(one),
        _ => false,
    }
}

/// All that a piece of a pattern can be, if that is little.
fn spellings(ast: &Ast) -> Option<Vec<String>> {
    match ast {
        Ast::Empty(_) | Ast::Assertion(_) => Some(vec![String::new()]),
        Ast::Literal(literal) => Some(vec![literal.c.to_string()]),
        Ast::Group(group) => spellings(&group.ast),
        Ast::Repetition(repeated) if repeated.op.kind == RepetitionKind::ZeroOrOne => {
            let mut all = spellings(&repeated.ast)?;
            all.push(String::new());
            Some(all)
        }
        Ast::ClassBracketed(class) => letters(class),
        Ast::Concat(concat) => {
            let mut all = vec![String::new()];
            for one in &concat.asts {
                if let Ast::Literal(literal) = one {
                    add(literal.c, &mut all);
                } else if !join(&mut all, &spellings(one)?) {
                    return None;
                }
            }
            Some(all)
        }
        Ast::Alternation(branches) => {
            let mut all = Vec::new();
            for one in &branches.asts {
                all.extend(spellings(one)?);
            }
            (all.len() <= MOST_SPELLINGS).then_some(all)
        }
        _ => None,
    }
}

/// Puts each of one list behind each of the other, unless that gives too many.
fn join(all: &mut Vec<String>, behind: &[String]) -> bool {
    let few = all.len() * behind.len() <= MOST_SPELLINGS;
    if few {
        let each = all.iter();
        let each = each.flat_map(|one| behind.iter().map(move |behind| format!("{one}{behind}")));
        *all = each.collect();
    }
    few
}

/// Puts a letter behind each: nearly all of a pattern is letters.
fn add(letter: char, all: &mut [String]) {
    all.iter_mut().for_each(|spelling| spelling.push(letter));
}

/// The letters of a class, if they are few.
fn letters(class: &ClassBracketed) -> Option<Vec<String>> {
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    let items = match item {
        ClassSetItem::Union(union) => union.items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut all = Vec::new();
    for item in items {
        match item {
            ClassSetItem::Literal(literal) => all.push(literal.c.to_string()),
            ClassSetItem::Range(range) => {
                let range = range.start.c..=range.end.c;
                all.extend(range.take(MOST_LETTERS + 1).map(String::from));
            }
            _ => return None,
        }
    }
    (!class.negated && all.len() <= MOST_LETTERS).then_some(all)
}

/// How many bytes and spaces a match has at most; `None`: there is no end.
#[derive(Debug, Clone, Copy)]
struct Size {
    bytes: Option<usize>,
    spaces: Option<usize>,
}

impl Size {
    fn new(bytes: usize, spaces: usize) -> Size {
        let (bytes, spaces) = (Some(bytes), Some(spaces));
        Size { bytes, spaces }
    }

    /// A letter of a class.
    fn letter(may_be_space: bool) -> Size {
        Size::new(4, usize::from(may_be_space))
    }

    fn with(self, other: Size, join: fn(usize, usize) -> usize) -> Size {
        let both = |one: Option<usize>, other: Option<usize>| Some(join(one?, other?));
        Size {
            bytes: both(self.bytes, other.bytes),
            spaces: both(self.spaces, other.spaces),
        }
    }

    fn times(self, most: Option<usize>) -> Size {
        let times = |size: Option<usize>| match (size, most) {
            (Some(0), _) => Some(0),
            (size, most) => Some(size?.saturating_mul(most?)),
        };
        Size {
            bytes: times(self.bytes),
            spaces: times(self.spaces),
        }
    }

    fn reach(self) -> Reach {
        match (self.bytes, self.spaces) {
            (Some(bytes), _) => Reach::Bytes(bytes),
            (None, Some(spaces)) => Reach::Spaces(spaces),
            (None, None) => Reach::Any,
        }
    }
}

/// The size of a match; `None` where flags change how a pattern is read.
fn size(ast: &Ast) -> Option<Size> {
    Some(match ast {
        Ast::Flags(_) => return None,
        Ast::Empty(_) | Ast::Assertion(_) => Size::new(0, 0),
        Ast::Literal(literal) => Size::new(literal.c.len_utf8(), usize::from(literal.c == ' ')),
        Ast::Dot(_) | Ast::ClassUnicode(_) => Size::letter(true),
        Ast::ClassPerl(class) => Size::letter(perl_has_space(class)),
        Ast::ClassBracketed(class) => Size::letter(may_be_space(class)),
        Ast::Repetition(repeated) => size(&repeated.ast)?.times(times(&repeated.op.kind).1),
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !flags.items.is_empty() => return None,
            _ => size(&group.ast)?,
        },
        Ast::Concat(all) => all.asts.iter().try_fold(Size::new(0, 0), |sum, one| {
            Some(sum.with(size(one)?, usize::saturating_add))
        })?,
        Ast::Alternation(all) => all.asts.iter().try_fold(Size::new(0, 0), |most, one| {
            Some(most.with(size(one)?, usize::max))
        })?,
    })
}

/// How often something is repeated, at least and at most.
fn times(kind: &RepetitionKind) -> (usize, Option<usize>) {
    let number = |number: &u32| usize::try_from(*number).unwrap_or(usize::MAX);
    match kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(RepetitionRange::Exactly(n)) => (number(n), Some(number(n))),
        RepetitionKind::Range(RepetitionRange::AtLeast(least)) => (number(least), None),
        RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => {
            (number(least), Some(number(most)))
        }
    }
}

fn perl_has_space(class: &ClassPerl) -> bool {
    (class.kind == ClassPerlKind::Space) != class.negated
}

/// Whether a class may hold the space.
fn may_be_space(class: &ClassBracketed) -> bool {
    let has = |item: &ClassSetItem| match item {
        ClassSetItem::Empty(_) => Some(false),
        ClassSetItem::Literal(literal) => Some(literal.c == ' '),
        ClassSetItem::Range(range) => Some((range.start.c..=range.end.c).contains(&' ')),
        ClassSetItem::Perl(class) => Some(perl_has_space(class)),
        _ => None,
    };
    let has = match &class.kind {
        ClassSet::Item(ClassSetItem::Union(union)) => {
            let all: Option<Vec<bool>> = union.items.iter().map(has).collect();
            all.map(|all| all.contains(&true))
        }
        ClassSet::Item(one) => has(one),
        ClassSet::BinaryOp(_) => None,
    };
    has.is_none_or(|has| has != class.negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of each way: `^` stands before those that a match begins with.
    fn told(source: &str) -> (String, Reach) {
        let needs = Needs::of(source, true);
        let part = |part: &Part| {
            let begins = if part.begins { "^" } else { "" };
            format!("{begins}{}", part.spellings.join("|"))
        };
        let way = |way: &Way| way.iter().map(part).collect::<Vec<_>>().join(" & ");
        let ways: Vec<_> = needs.ways.iter().map(way).collect();
        (ways.join(" or "), needs.reach)
    }

    #[test]
    fn a_pattern_tells_what_it_needs() {
        for (source, ways, reach) in [
            ("free gifts?", "^free gift", Reach::Bytes(10)),
            (
                r"\b(invoice|rechnung)\b",
                "^invoice|rechnung",
                Reach::Bytes(8),
            ),
            ("(the )?bonus", "^bonus|the bonus", Reach::Bytes(9)),
            (
                "(account|konto)( [^ .!?]+){0,4} (suspended|gesperrt)",
                " gesperrt| suspended & ^konto|account",
                Reach::Spaces(5),
            ),
            ("payments?.{0,9}due", "^payment", Reach::Bytes(8 + 36 + 3)),
            (
                "[a-z]+ (winner|loser)s?",
                " loser| winner",
                Reach::Spaces(1),
            ),
            (
                "bitcoin|(your|my) wallet",
                "^bitcoin or ^my wallet|your wallet",
                Reach::Bytes(11),
            ),
            (
                "(offer [0-9]+|[0-9]+ bonus)",
                "^offer  or  bonus",
                Reach::Spaces(1),
            ),
            (
                "(gr[ae]y|gold) card",
                "^gold card|gray card|grey card",
                Reach::Bytes(12),
            ),
            ("extraordinarily cheap", "^extraordinar", Reach::Bytes(21)),
            (r"won.*[0-9]", "^won", Reach::Any),
            (r"won\w+!", "^won", Reach::Spaces(0)),
            (r"won[^a-z]+x", "^won", Reach::Any),
            ("(won){2}", "^won", Reach::Bytes(6)),
            // Nothing is known of these, and they run on every text.
            (r"[a-z]+\d{4,}", "", Reach::Spaces(0)),
            (r"(invoice)?\d", "", Reach::Bytes(11)),
            ("invoice|[0-9]+", "", Reach::Spaces(0)),
            ("(?i)invoice", "", Reach::Any),
            ("(?i:invoice)", "", Reach::Any),
            ("(", "", Reach::Any),
        ] {
            assert_eq!(told(source), (ways.to_owned(), reach), "{source}");
        }
    }
}
