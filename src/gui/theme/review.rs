//! Widths and bounds of the page for hits.

/// The column of ticks.
pub const REVIEW_TICK: f32 = 36.0;
/// The column of verdicts.
pub const REVIEW_VERDICT: f32 = 98.0;
/// The column of scores.
pub const REVIEW_SCORE: f32 = 42.0;
/// The same in rows of one line.
pub const REVIEW_SCORE_COMPACT: f32 = 52.0;
/// The column of senders, as it is meant to be, as it is at least, and in rows of one line.
pub const REVIEW_FROM: f32 = 184.0;
/// The least of it.
pub const REVIEW_FROM_LEAST: f32 = 120.0;
/// In rows of one line.
pub const REVIEW_FROM_COMPACT: f32 = 220.0;
/// The column of subjects, at least.
pub const REVIEW_SUBJECT: f32 = 200.0;
/// The column of dates, with the folder below.
pub const REVIEW_DATE: f32 = 84.0;
/// The same in rows of one line.
pub const REVIEW_DATE_COMPACT: f32 = 96.0;
/// Subject and reason in rows of one line, at least: with less, only the subject is there.
pub const REVIEW_BOTH: f32 = 240.0;
/// The column of folders in rows of one line.
pub const REVIEW_FOLDER: f32 = 110.0;
/// The names beside an open hit's facts.
pub const REVIEW_LABEL: f32 = 52.0;
/// The weight of a reason.
pub const REVIEW_WEIGHT: f32 = 40.0;
/// The names beside a link.
pub const REVIEW_LINK: f32 = 64.0;
/// The time of a line of the path.
pub const REVIEW_TIME: f32 = 72.0;
/// The filter in a narrow window.
pub const FILTER_NARROW: f32 = 150.0;
/// A choice in a narrow window.
pub const CHOICE_NARROW: f32 = 108.0;
/// Letters of a filter, at most.
pub const FILTER_LETTERS: usize = 200;
/// Letters of a name that a mailbox or a server gives, at most.
pub const NAME_LETTERS: usize = 120;
/// Letters of a note, at most.
pub const NOTE_LETTERS: usize = 600;
/// Letters of a sentence that holds words of a message, at most.
pub const SAYS_LETTERS: usize = 400;
/// Letters of a link's target, at most.
pub const TARGET_LETTERS: usize = 2_000;
/// Letters of a text or source that is open, at most.
pub const TEXT_LETTERS: usize = 200_000;
/// Lines that are laid out together.
pub const LINES_AT_ONCE: usize = 40;
