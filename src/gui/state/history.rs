//! What the page for what was done shows: the entries that fit what a person looks for, under
//! their days, and the one that is open.

use crate::gui::clock;
use crate::job::{Done, Entry, Kind};
use crate::mail::Digest;
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Only entries with these words.
    Filter(String),
    /// Only entries of a kind.
    Kind(Kind),
    /// Only entries of an account; `None`: of all.
    Account(Option<String>),
    /// Opens an entry.
    Select(Id),
    /// Puts messages of an account back, each into the folder that it was moved out of.
    PutBack(String, Vec<(Digest, String)>),
    /// Sends a package of an account again.
    SendAgain(String, i64),
    /// Opens the folder of a zip.
    OpenFolder(PathBuf),
    /// Shows the messages of an entry in Review.
    ShowInReview(String),
    /// Writes what is shown into this file.
    ExportTo(PathBuf),
    /// Asks for a file and writes what is shown into it.
    Export,
    /// The filter has the focus.
    Focused,
    /// The open entry was scrolled into sight.
    Scrolled,
    /// Reads it anew.
    Reload,
    /// The trouble that is shown is dealt with.
    Dismiss,
}

/// By what an entry is known again when the history is read anew.
pub type Id = (Timestamp, i64, u8, i64);

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A day begins.
    Day(Date),
    /// The entry of this number.
    Entry(usize),
}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {
    /// Everything, newest first; `None` until it was read.
    pub entries: Option<Arc<Vec<Entry>>>,
    /// Why it could not be read, or what else failed here.
    pub failed: Option<String>,
    /// Whether it is being read.
    pub reading: bool,
    /// Whether it changed while it was read.
    pub stale: bool,
    /// What is looked for.
    pub filter: String,
    /// Which kind.
    pub kind: Kind,
    /// Which account.
    pub account: Option<String>,
    /// What is shown of it.
    pub lines: Vec<Line>,
    /// How many entries that are.
    pub shown: usize,
    /// The entry that is open.
    pub selected: Option<Id>,
    /// Whether the open entry is to be scrolled into sight.
    pub scroll: bool,
    /// Whether the open entry takes the list's place, where there is room for one.
    pub is_open: bool,
    /// Packages that are being sent again.
    pub sending: Vec<i64>,
}

/// By what an entry is known again.
pub fn id_of(entry: &Entry) -> Id {
    let (kind, number) = match &entry.done {
        Done::Swept(_) => (0, 0),
        Done::Moved { .. } => (1, 0),
        Done::Undone { .. } => (2, 0),
        Done::Packaged { packages } => (3, packages.first().map_or(0, |first| first.id)),
        Done::Reported(packed) => (4, packed.id),
    };
    (entry.at, entry.sweep, kind, number)
}

/// The day of an entry, where its reader is.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(clock::zone()).date()
}

impl State {
    /// Takes what was read.
    pub fn take(&mut self, entries: Vec<Entry>) {
        self.entries = Some(Arc::new(entries));
        self.arrange();
    }

    /// Shows what fits what is looked for; the open entry stays open as long as it is shown.
    pub fn arrange(&mut self) {
        let Some(entries) = self.entries.clone() else {
            return;
        };
        let filter = self.filter.to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        self.lines.clear();
        self.shown = 0;
        let mut day = None;
        for (number, entry) in entries.iter().enumerate() {
            let is_of = self
                .account
                .as_ref()
                .is_none_or(|name| *name == entry.account);
            let fits = words.iter().all(|word| entry.haystack.contains(word));
            if !(is_of && fits && entry.is(self.kind)) {
                continue;
            }
            let its_day = day_of(entry.at);
            if day != Some(its_day) {
                day = Some(its_day);
                self.lines.push(Line::Day(its_day));
            }
            self.lines.push(Line::Entry(number));
            self.shown += 1;
        }
        if self.position().is_none() {
            let first = self.lines.iter().find_map(|line| self.entry_at(line));
            self.selected = first.map(id_of);
        }
    }

    /// The entry of a line.
    pub fn entry_at(&self, line: &Line) -> Option<&Entry> {
        match line {
            Line::Day(_) => None,
            Line::Entry(number) => self.entries.as_ref()?.get(*number),
        }
    }

    /// The line of the open entry.
    pub fn position(&self) -> Option<usize> {
        let selected = self.selected?;
        let is_open = |line: &Line| {
            let entry = self.entry_at(line);
            entry.is_some_and(|entry| id_of(entry) == selected)
        };
        self.lines.iter().position(is_open)
    }

    /// The entry that is open.
    pub fn open(&self) -> Option<&Entry> {
        self.entry_at(self.lines.get(self.position()?)?)
    }

    /// Opens the next entry, or the one before.
    pub fn step(&mut self, forward: bool) {
        let at = self.position();
        let entries = |line: &(usize, &Line)| matches!(line.1, Line::Entry(_));
        let mut lines = self.lines.iter().enumerate().filter(entries);
        let next = match (at, forward) {
            (None, _) => lines.next(),
            (Some(at), true) => lines.find(|(line, _)| *line > at),
            (Some(at), false) => lines.take_while(|(line, _)| *line < at).last(),
        };
        if let Some(id) = next.and_then(|(_, line)| self.entry_at(line)).map(id_of) {
            self.selected = Some(id);
            self.scroll = true;
        }
    }

    /// The messages that can be put back of the open entry, or else of the newest move.
    pub fn undoable(&self) -> Option<(String, Vec<(Digest, String)>)> {
        let whole = |entry: &Entry| {
            let standing = entry.standing();
            (!standing.is_empty()).then(|| (entry.account.clone(), standing))
        };
        self.open().and_then(whole)
    }

    /// The package that can be sent again: of the open entry, or else the newest that failed.
    pub fn unsent(&self) -> Option<(String, i64)> {
        let unsent = |entry: &Entry| Some((entry.account.clone(), entry.unsent()?));
        let free = |found: &(String, i64)| !self.sending.contains(&found.1);
        let open = self.open().and_then(unsent).filter(free);
        open.or_else(|| {
            let entries = self.entries.as_ref()?;
            entries.iter().filter_map(unsent).find(free)
        })
    }

    /// Whether only a part is shown.
    pub fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || self.kind != Kind::All || self.account.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{End, Swept};

    fn entry(at: &str, account: &str, says: &str) -> Entry {
        Entry {
            at: at.parse().unwrap(),
            account: account.to_owned(),
            sweep: 1,
            done: Done::Swept(Swept {
                figures: None,
                says: says.to_owned(),
                took: Some(std::time::Duration::from_secs(3)),
                end: End::Done,
            }),
            haystack: says.to_lowercase(),
        }
    }

    #[test]
    fn entries_stand_under_their_days_and_the_open_one_stays_open() {
        let mut state = State::default();
        state.take(vec![
            entry("2025-11-21T12:00:00Z", "work", "Three hits"),
            entry("2025-11-21T11:00:00Z", "home", "No hits"),
            entry("2025-11-19T12:00:00Z", "work", "Two hits"),
        ]);
        let days = |state: &State| {
            let lines = state.lines.iter();
            lines.filter(|line| matches!(line, Line::Day(_))).count()
        };
        assert_eq!(
            (state.shown, days(&state), state.position()),
            (3, 2, Some(1))
        );
        state.step(true);
        state.step(true);
        assert_eq!(state.position(), Some(4));
        state.filter = "TWO hits".to_owned();
        state.arrange();
        assert_eq!((state.shown, state.position()), (1, Some(1)));
        state.filter.clear();
        state.account = Some("home".to_owned());
        state.arrange();
        assert_eq!(
            (state.shown, state.open().unwrap().account.as_str()),
            (1, "home")
        );
        state.step(false);
        assert_eq!(state.position(), Some(1));
        state.kind = Kind::Moves;
        state.arrange();
        assert!(state.open().is_none() && state.lines.is_empty());
    }
}
