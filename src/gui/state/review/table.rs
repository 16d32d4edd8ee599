//! The hits as a table: rows as they are, and beside them the order, what the filter leaves and
//! what is ticked, each as plain numbers, so that a hundred thousand rows are sorted and filtered
//! between two frames.

mod anew;
mod ticks;

use crate::job::{HitState, KnownHit, Reported, Said};
use crate::mail::Digest;
use crate::verdict::Category;
use memchr::memmem::Finder;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::iter::repeat;
use std::sync::Arc;

/// A word of the head that rows can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Phishing, spam, not spam.
    Verdict,
    /// The score.
    Score,
    /// The sender's name, then address.
    From,
    /// The subject.
    Subject,
    /// The strongest reason.
    Reason,
    /// When it was received.
    Date,
    /// The folder.
    Folder,
}

/// How rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub column: Column,
    /// The largest, or the last, first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Order {
        Order {
            column: Column::Score,
            descending: true,
        }
    }
}

impl Order {
    /// The order after a click on a word of the head: the other way round, or by that word.
    #[must_use]
    pub fn by(self, column: Column) -> Order {
        let descending = match column == self.column {
            true => !self.descending,
            false => matches!(column, Column::Score | Column::Date | Column::Verdict),
        };
        Order { column, descending }
    }
}

/// Which hits are shown, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// All that lie in their folders, and those that were moved since the window was opened.
    #[default]
    All,
    /// Of those, phishing.
    Phishing,
    /// Of those, spam.
    Spam,
    /// Of those, what somebody called wanted.
    NotSpam,
    /// All that were moved, ever.
    Moved,
}

impl Kind {
    /// All of them, from left to right.
    pub const ALL: [Kind; 5] = [
        Kind::All,
        Kind::Phishing,
        Kind::Spam,
        Kind::NotSpam,
        Kind::Moved,
    ];
}

/// What rows are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words that all stand in the sender, subject, reason or folder.
    pub text: String,
    /// What they are.
    pub kind: Kind,
    /// The account.
    pub account: Option<Arc<str>>,
    /// A rule that fired.
    pub rule: Option<Arc<str>>,
}

/// Which row, whatever its number is: the message and its account.
pub type Key = (Digest, Arc<str>);

/// The rows.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<KnownHit>,
    /// Rows in their order.
    sorted: Vec<u32>,
    /// Rows by their key.
    by_key: Vec<u32>,
    /// Of `sorted`, what the filter leaves.
    shown: Vec<u32>,
    /// Of each row, whether it is among these: rows are looked through in the order in which they
    /// lie in memory, which takes a fraction of the time.
    is_shown: Vec<bool>,
    ticked: Vec<bool>,
    /// Ticks that somebody set or took away; the others are as they come.
    touched: HashSet<u32>,
    /// What is searched: sender, subject, reason and folder of each row in lower case.
    words: String,
    ends: Vec<u32>,
    moved_now: HashSet<Key>,
    order: Order,
    counts: Counts,
    accounts: Vec<Arc<str>>,
    rules: Vec<(Arc<str>, usize)>,
}

/// How many there are; all of them true of the rows as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Of each kind.
    pub kinds: [usize; 5],
    /// Shown, ticked.
    pub ticked: usize,
    /// Shown, ticked, and in their folders: what would be moved.
    pub to_move: usize,
    /// Shown, ticked and moved: what can be put back.
    pub moved: usize,
    /// Shown, ticked and handed over to a vendor before.
    pub reported: usize,
}

const BETWEEN: char = '\u{1}';

impl Table {
    /// The rows in this order, with what is ticked by itself. Takes a while: not for the window's
    /// own thread.
    pub fn new(rows: Vec<KnownHit>, order: Order) -> Table {
        let mut words = String::new();
        let mut ends = Vec::with_capacity(rows.len());
        let (mut accounts, mut rules) = (BTreeMap::new(), BTreeMap::<Arc<str>, usize>::new());
        for row in &rows {
            let parts = [&*row.name, &*row.from, &*row.subject, &*row.reason];
            for part in parts {
                words.extend(part.chars().flat_map(char::to_lowercase));
                words.push(BETWEEN);
            }
            words.extend(row.folder.chars().flat_map(char::to_lowercase));
            ends.push(u32::try_from(words.len()).unwrap_or(u32::MAX));
            accounts.insert(row.account.clone(), ());
            for rule in row.rules.iter() {
                *rules.entry(rule.clone()).or_default() += 1;
            }
        }
        words.shrink_to_fit();
        let number = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut by_key: Vec<u32> = (0..number).collect();
        let key = |row: &u32| rows.get(*row as usize).map(key_of);
        by_key.sort_unstable_by_key(key);
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let ticked = rows.iter().map(is_ticked_by_itself).collect();
        let mut table = Table {
            sorted: (0..number).collect(),
            by_key,
            ticked,
            words,
            ends,
            accounts: accounts.into_keys().collect(),
            rules,
            rows,
            ..Table::default()
        };
        table.sort(order);
        table
    }

    /// Sorts all rows.
    pub fn sort(&mut self, order: Order) {
        self.order = order;
        self.sorted = match order.column {
            Column::Score => self.by(|_, row| by_number(row.score)),
            Column::Verdict => self.by(|_, row| match row.meant() {
                Some(Category::Phishing) => 2,
                Some(Category::Spam) => 1,
                None => 0,
            }),
            Column::Date => self.by(|_, row| row.date),
            Column::From => self.by_field(0),
            Column::Subject => self.by_field(2),
            Column::Reason => self.by_field(3),
            Column::Folder => self.by_field(4),
        };
    }

    /// Numbers of rows by what is said of each, the newest first among equals, and then as they
    /// came: never by chance. It is said of all before the first two are compared, so that sorting
    /// does not jump through memory.
    fn by<K: Ord>(&self, key: impl Fn(u32, &KnownHit) -> K) -> Vec<u32> {
        let rows = (0..).zip(&self.rows);
        let mut keys: Vec<(K, Option<i64>, u32)> = rows
            .map(|(number, row)| (key(number, row), row.date, number))
            .collect();
        let turn = |ordering: Ordering| match self.order.descending {
            true => ordering.reverse(),
            false => ordering,
        };
        keys.sort_unstable_by(|a, b| {
            let newest = || b.1.cmp(&a.1).then(a.2.cmp(&b.2));
            turn(a.0.cmp(&b.0)).then_with(newest)
        });
        keys.into_iter().map(|(.., number)| number).collect()
    }

    fn by_field(&self, index: usize) -> Vec<u32> {
        let field = self.fields(index);
        self.by(|number, _| {
            let text = field(number);
            (beginning(text), text)
        })
    }

    /// One part of what is searched, of each row.
    fn fields<'t>(&'t self, index: usize) -> impl Fn(u32) -> &'t str {
        move |number| {
            let words = self.words_of(number as usize);
            match index {
                // Name and address together: who has no name stands by the address.
                0 => words.trim_start_matches(BETWEEN),
                index => words.split(BETWEEN).nth(index).unwrap_or_default(),
            }
        }
    }

    fn words_of(&self, number: usize) -> &str {
        let end = self.ends.get(number).map_or(0, |end| *end as usize);
        let begin = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |begin| *begin as usize);
        self.words.get(begin..end).unwrap_or_default()
    }

    /// Leaves what the filter says.
    pub fn filter(&mut self, filter: &Filter) {
        let lower = filter.text.to_lowercase();
        let wanted: Vec<Finder<'_>> = lower.split_whitespace().map(Finder::new).collect();
        let is_shown = |(number, row): (usize, &KnownHit)| {
            let words = || self.words_of(number).as_bytes();
            self.is_of(row, filter.kind)
                && filter
                    .account
                    .as_ref()
                    .is_none_or(|one| *one == row.account)
                && filter
                    .rule
                    .as_ref()
                    .is_none_or(|one| row.rules.contains(one))
                && wanted.iter().all(|word| word.find(words()).is_some())
        };
        self.is_shown = self.rows.iter().enumerate().map(is_shown).collect();
        let is_shown = |number: &u32| self.is_shown.get(*number as usize) == Some(&true);
        self.shown = self.sorted.iter().copied().filter(is_shown).collect();
        self.count();
    }

    fn is_of(&self, row: &KnownHit, kind: Kind) -> bool {
        let is_here = row.can_move() || self.is_moved_now(row);
        match kind {
            Kind::All => is_here,
            Kind::Phishing => is_here && row.meant() == Some(Category::Phishing),
            Kind::Spam => is_here && row.meant() == Some(Category::Spam),
            Kind::NotSpam => is_here && row.meant().is_none(),
            Kind::Moved => matches!(row.state, HitState::Moved(_)),
        }
    }

    fn is_moved_now(&self, row: &KnownHit) -> bool {
        // Of most tables nothing was moved, and no key is made.
        !self.moved_now.is_empty() && self.moved_now.contains(&(row.digest, row.account.clone()))
    }

    fn count(&mut self) {
        let mut counts = Counts::default();
        let ticked = self.ticked.iter().zip(&self.is_shown);
        // Before the first filter nothing is shown.
        let ticked = ticked.map(|(ticked, shown)| *ticked && *shown);
        for (row, ticked) in self.rows.iter().zip(ticked.chain(repeat(false))) {
            for (kind, count) in Kind::ALL.into_iter().zip(&mut counts.kinds) {
                *count += usize::from(self.is_of(row, kind));
            }
            if ticked {
                counts.ticked += 1;
                counts.to_move += usize::from(row.can_move());
                counts.moved += usize::from(matches!(row.state, HitState::Moved(_)));
                let reported = row.reported.as_deref();
                counts.reported += usize::from(reported.is_some_and(Reported::is_done));
            }
        }
        self.counts = counts;
    }

    /// How many there are.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How rows are sorted.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Every row.
    pub fn rows(&self) -> &[KnownHit] {
        &self.rows
    }

    /// The accounts, in their order.
    pub fn accounts(&self) -> &[Arc<str>] {
        &self.accounts
    }

    /// The rules that fired, those that did most often first, and how often.
    pub fn rules(&self) -> &[(Arc<str>, usize)] {
        &self.rules
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The row that is shown at a position.
    pub fn at(&self, position: usize) -> Option<&KnownHit> {
        self.rows.get(*self.shown.get(position)? as usize)
    }

    /// Where a row is shown.
    pub fn position(&self, key: &Key) -> Option<usize> {
        let number = self.find(&key.0, &key.1)?;
        self.shown.iter().position(|shown| *shown == number)
    }

    /// A row by its key.
    pub fn row(&self, key: &Key) -> Option<&KnownHit> {
        self.rows.get(self.find(&key.0, &key.1)? as usize)
    }

    fn find(&self, digest: &Digest, account: &str) -> Option<u32> {
        let found = self.by_key.binary_search_by(|number| {
            let key = self.rows.get(*number as usize).map(key_of);
            key.cmp(&Some((*digest, account)))
        });
        self.by_key.get(found.ok()?).copied()
    }

    /// A message of an account was moved there, or put back.
    pub fn set_state(&mut self, digest: &Digest, account: &str, state: HitState) {
        let Some(number) = self.find(digest, account) else {
            return;
        };
        let key = (*digest, Arc::from(account));
        match state {
            HitState::Moved(_) => drop(self.moved_now.insert(key)),
            _ => {
                self.moved_now.remove(&key);
                self.set_tick(number, false);
            }
        }
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.state = state;
        }
        self.count();
    }

    /// Somebody said something of a message. What is wanted is not ticked any more.
    pub fn set_said(&mut self, key: &Key, said: Option<Said>) {
        let Some(number) = self.find(&key.0, &key.1) else {
            return;
        };
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.said = said;
        }
        self.set_tick(number, said != Some(Said::NotSpam));
        self.count();
    }
}

fn key_of(row: &KnownHit) -> (Digest, &str) {
    (row.digest, &row.account)
}

/// Whether a hit is ticked before anybody looked: nothing speaks for leaving it.
fn is_ticked_by_itself(row: &KnownHit) -> bool {
    row.state == HitState::LiesThere && row.meant().is_some() && row.held.is_none()
}

/// A number that is compared as the score is, by `Ord`.
fn by_number(score: f32) -> i32 {
    // As `f32::total_cmp` does.
    let bits = score.to_bits().cast_signed();
    bits ^ ((bits >> 31).cast_unsigned() >> 1).cast_signed()
}

/// The first bytes of a text as a number: most texts differ in them, and need not be looked up.
fn beginning(text: &str) -> u64 {
    let mut bytes = [0; 8];
    for (byte, of) in bytes.iter_mut().zip(text.bytes()) {
        *byte = of;
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests;
