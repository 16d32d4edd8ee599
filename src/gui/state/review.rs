//! What the page for the hits shows: the table, the hit that is open beside it, and what a person
//! did here that can be taken back.

mod table;

pub use table::{Column, Counts, Filter, Key, Kind, Order, Table};

use crate::job::{Opened, Said, Stamp};
use crate::settings::Setting;
use std::collections::HashSet;
use std::sync::Arc;

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Other rows are shown.
    Filter(Filter),
    /// Rows are sorted by a word of the head, or the other way round.
    Sort(Column),
    /// The row at a position is opened.
    Select(usize),
    /// The row at a position is ticked, or no more.
    Tick(usize),
    /// All rows from the one chosen last to this are ticked.
    TickTo(usize),
    /// All that is shown is ticked, or no more.
    TickAll(bool),
    /// Another part of the open hit.
    Tab(Tab),
    /// A person's word on the open hit; `None` takes it back.
    Say(Option<Said>),
    /// The sender of the open hit is approved, in this form.
    Approve(String),
    /// The open hit is put back where it was.
    PutBack,
    /// The trouble that is shown is dealt with.
    Dismiss,
    /// The hits are read anew.
    Reload,
    /// The filter has the focus.
    Focused,
    /// The open row is in sight.
    Scrolled,
    /// How wide the page is: whether the open hit takes the list's place.
    Width(Width),
    /// How wide the open hit is beside the list.
    Detail(f32),
}

/// How much the page has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// The list or the open hit.
    Narrow,
    /// Both.
    #[default]
    Usual,
    /// Both, and rows of one line.
    Wide,
}

/// A part of the open hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// Why, links, path.
    #[default]
    Overview,
    /// The text.
    Text,
    /// What it carries.
    Attachments,
    /// Every header.
    Headers,
    /// The raw source.
    Source,
}

impl Tab {
    /// All of them, from left to right.
    pub const ALL: [Tab; 5] = [
        Tab::Overview,
        Tab::Text,
        Tab::Attachments,
        Tab::Headers,
        Tab::Source,
    ];
}

/// How far reading got.
#[derive(Debug, Default)]
pub enum Load<T> {
    /// Nothing was asked for.
    #[default]
    Unread,
    /// It is being read.
    Reading,
    /// It is here.
    Ready(T),
    /// It failed; why.
    Failed(String),
}

/// A message that can be put back.
#[derive(Debug, Clone, PartialEq)]
pub struct Back {
    /// Which.
    pub key: Key,
    /// The folder that it was moved out of: other copies stay where they were moved to; `None`: all
    /// of them are meant.
    pub folder: Option<Arc<str>>,
}

/// Something a person did that can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// These were moved.
    Moved(Vec<Back>),
    /// Of this, something else was said before.
    Said(Key, Option<Said>),
    /// A sender was approved: what takes that back, and what was said before of the message that
    /// was called wanted with it.
    Approved(Vec<Setting>, Option<(Key, Option<Said>)>),
}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {
    /// The rows.
    pub table: Table,
    /// Whether the rows are here.
    pub load: Load<()>,
    /// Whether what is shown is not all that is known.
    pub stale: bool,
    /// What the rows were read from, where that can be told.
    pub stamp: Option<Stamp>,
    /// What is shown.
    pub filter: Filter,
    /// The row that is open.
    pub selected: Option<Key>,
    /// Where a range of ticks begins.
    pub anchor: Option<usize>,
    /// The open hit.
    pub opened: Load<Arc<Opened>>,
    /// Which part of it.
    pub tab: Tab,
    /// Whether the open hit takes the list's place, where there is room for one.
    pub is_open: bool,
    /// How much there is room for.
    pub width: Width,
    /// Rows of one line, where a person chose.
    pub compact: Option<bool>,
    /// How wide the open hit is beside the list, where that is known.
    pub detail: Option<f32>,
    /// What failed here, until it is dealt with.
    pub trouble: Option<String>,
    /// Messages that are on their way.
    pub moving: HashSet<Key>,
    /// What is asked of the mailbox once what runs has ended.
    pub waiting: Vec<(String, crate::job::Request)>,
    /// What was asked of a running sweep.
    pub asked: Vec<(String, crate::job::Request)>,
    /// Accounts that a running sweep has open.
    pub sweeping: HashSet<String>,
    /// What was done, the last at the end.
    pub done: Vec<Done>,
    /// Whether the chosen row is to be scrolled into sight.
    pub scroll: bool,
    /// Moved and put back since the last word in the status line.
    pub told: (usize, usize),
}

impl State {
    /// Hits that wait for a person.
    pub fn badge(&self) -> usize {
        self.table.counts().kinds.first().copied().unwrap_or(0)
    }

    /// Whether rows have one line.
    pub fn is_compact(&self) -> bool {
        self.compact.unwrap_or(self.width == Width::Wide)
    }

    /// Whether the list is seen.
    pub fn shows_list(&self) -> bool {
        self.width != Width::Narrow || !self.is_open
    }

    /// Whether the open hit is seen.
    pub fn shows_detail(&self) -> bool {
        self.width != Width::Narrow || self.is_open
    }

    /// Where the open row stands.
    pub fn position(&self) -> Option<usize> {
        self.table.position(self.selected.as_ref()?)
    }

    /// The open row.
    pub fn row(&self) -> Option<&crate::job::KnownHit> {
        self.table.row(self.selected.as_ref()?)
    }

    /// The open hit, where it is here.
    pub fn open_hit(&self) -> Option<&Arc<Opened>> {
        let (Load::Ready(opened), Some((digest, account))) = (&self.opened, &self.selected) else {
            return None;
        };
        (opened.digest == *digest && opened.account == **account).then_some(opened)
    }

    /// Whether the filter leaves something out.
    pub fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }
}
