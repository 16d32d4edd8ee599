//! What the page for the sweep says.

use super::{counted, number};
use crate::verdict::Level;

/// The page's title before a sweep.
pub const TITLE: &str = "Sweep";
/// What a sweep does and does not do.
pub const FACTS: &str = "Messages are read and judged on this computer. Hits stay where they are until you have reviewed them.";
/// The head of the choice of accounts.
pub const WHICH: &str = "Mailboxes and folders";
/// The head of the choice of level and time.
pub const HOW: &str = "How";
/// Over the choice of a level.
pub const LEVEL: &str = "Level";
/// Over the choice of a time.
pub const SINCE: &str = "How far back";
/// A folder that was not looked at yet.
pub const WAITING: &str = "Waiting";
/// A folder that is done with.
pub const DONE: &str = "Done";
/// A folder that the sweep did not come to the end of.
pub const UNFINISHED: &str = "Not finished";
/// A folder that the sweep did not come to.
pub const NOT_SWEPT: &str = "Not swept";
/// The counters, in their order.
pub const COUNTERS: [&str; 6] = ["Seen", "Judged", "Phishing", "Spam", "Not read", "Left"];
/// The card of folders.
pub const FOLDERS: &str = "Folders";
/// Its columns.
pub const MESSAGES: &str = "Messages";
/// Its columns.
pub const HITS: &str = "Hits";
/// The card of hits.
pub const LATEST: &str = "Latest hits";
/// How it is ordered.
pub const NEWEST_FIRST: &str = "newest first";
/// The button that pauses.
pub const PAUSE: &str = "Pause";
/// The button that goes on.
pub const GO_ON: &str = "Go on";
/// The button that stops.
pub const STOP: &str = "Stop";
/// The button that sweeps the same again.
pub const AGAIN: &str = "Sweep again";
/// The button that leads back to choosing.
pub const CHOOSE: &str = "Choose what to sweep";
/// The page without an account.
pub const NO_ACCOUNT: &str = "No mailbox yet. Add yours, or try it on sample mail.";
/// The button there.
pub const ADD: &str = "Add my mailbox";
/// A sweep without a hit.
pub const NOTHING_MISSED: &str = "Nothing was missed.";
/// What is said while a sweep waits for its end.
pub const STOPPING: &str = "Stopping after the step in hand. What was found is kept.";
/// Nothing is ticked.
pub const NOTHING_CHOSEN: &str = "Tick at least one folder.";
/// The name of the bar.
pub const PROGRESS: &str = "Progress of the sweep";

/// The button that begins.
pub fn begin(accounts: usize) -> String {
    match accounts {
        1 => "Sweep 1 mailbox".to_owned(),
        accounts => format!("Sweep {} mailboxes", number(accounts)),
    }
}

/// The title while a sweep goes on.
pub fn sweeping(accounts: usize, paused: bool) -> String {
    let word = if paused { "Paused" } else { "Sweeping" };
    let accounts = counted(accounts, "account");
    match paused {
        true => format!("{word}: {accounts}"),
        false => format!("{word} {accounts}"),
    }
}

/// The title after a sweep.
pub fn swept(stopped: bool) -> &'static str {
    if stopped {
        "Sweep stopped"
    } else {
        "Sweep done"
    }
}

/// The facts while a sweep goes on.
pub fn facts(level: Level) -> String {
    format!(
        "Level {}. Hits stay where they are until you have reviewed them.",
        level.word()
    )
}

/// The facts after a sweep.
pub fn outcome(judged: usize, not_read: usize, took: &str) -> String {
    let not_read = match not_read {
        0 => String::new(),
        count => format!(", {} could not be read", number(count)),
    };
    format!(
        "{} judged{not_read}, in {took}. Nothing has been moved yet.",
        counted(judged, "message")
    )
}

/// The status line after a sweep.
pub fn done(stopped: bool, judged: usize, not_read: usize) -> String {
    let not_read = match not_read {
        0 => String::new(),
        count => format!(", {} could not be read", number(count)),
    };
    format!("{}: {} judged{not_read}", swept(stopped), number(judged))
}

/// What the desktop is told at the end of a long sweep.
pub fn done_outside(hits: usize, judged: usize) -> String {
    let of = counted(judged, "message");
    match hits {
        0 => format!("Sweep done: none of {of} looks like missed spam"),
        1 => format!("Sweep done: 1 of {of} looks like missed spam"),
        hits => format!("Sweep done: {} of {of} look like missed spam", number(hits)),
    }
}

/// The status line while a sweep goes on.
pub fn at(account: &str, folder: &str, took: &str) -> String {
    format!("Sweeping {account}, {folder} · {took} so far")
}

/// The button to the hits.
pub fn review(hits: usize, running: bool) -> String {
    let so_far = if running { " so far" } else { "" };
    format!("Review {}{so_far}", counted(hits, "hit"))
}

/// How far it is, beside the percentage.
pub fn of_messages(seen: usize, all: usize) -> String {
    format!("{} of {}", number(seen), counted(all, "message"))
}

/// How far it is while not all folders are listed: there is no percentage then.
pub fn so_far(folders: usize, all: usize) -> String {
    format!(
        "messages so far; {} of {} listed",
        number(folders),
        counted(all, "folder")
    )
}

/// How fast it goes.
pub fn rate(messages: f64) -> String {
    match messages {
        slow if slow < 10.0 => format!("{slow:.1} messages a second"),
        fast => format!("{} messages a second", number(fast.round() as usize)),
    }
}

/// How long it will take.
pub fn left(about: &str) -> String {
    format!("{about} left")
}

/// An account waits for its server.
pub fn waits(account: &str, why: &str) -> (String, String) {
    let what = format!("{account} waits for its server; it is tried again.");
    (what, why.to_owned())
}

/// A note about troubles: of the first, and how many more there are.
pub fn more_troubles(more: usize) -> String {
    format!("and {} more", number(more))
}

/// What a level does.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Low => "Low",
        Level::Medium => "Medium",
        Level::High => "High",
    }
}

/// What a level does, in a sentence.
pub fn level_says(level: Level) -> &'static str {
    match level {
        Level::Low => "The fewest false alarms.",
        Level::Medium => "Finds more, with some false alarms.",
        Level::High => "Finds most, with most false alarms.",
    }
}

/// Under the good news.
pub fn all_clean(judged: usize) -> String {
    match judged {
        1 => "1 message judged, and it is clean.".to_owned(),
        judged => format!("{} judged, all clean.", counted(judged, "message")),
    }
}

/// What is read out of a folder's row.
pub fn folder_row(
    account: &str,
    folder: &str,
    state: &str,
    seen: usize,
    all: Option<usize>,
    hits: usize,
) -> String {
    let of = all.map_or_else(String::new, |all| format!(", {}", of_messages(seen, all)));
    format!("{account}, {folder}: {state}{of}, {}", counted(hits, "hit"))
}

/// How far back, in the words of the choice.
pub fn since(choice: usize) -> &'static str {
    const SINCE: [&str; 6] = [
        "As each mailbox is set",
        "The last day",
        "The last 7 days",
        "The last 30 days",
        "The last 3 months",
        "All messages",
    ];
    SINCE.get(choice).copied().unwrap_or_default()
}
