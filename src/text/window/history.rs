//! The sentences of the page for what was done.

use crate::text::{count, size};

/// The name that a table is offered under.
pub const FILE_NAME: &str = "postsweep-history.csv";
/// Nothing was done yet.
pub const NOTHING: &str = "Nothing was done yet. Sweep a mailbox to see what the gateway missed.";
/// The way on.
pub const SWEEP: &str = "Sweep";
/// Writes a table.
pub const EXPORT: &str = "Export as CSV…";
/// In the filter.
pub const FILTER_HINT: &str = "Find a sender, subject or day";
/// The filter's name.
pub const FILTER: &str = "Filter the history";
/// No account is chosen.
pub const ALL_ACCOUNTS: &str = "All accounts";
/// What the choice of accounts is called.
pub const ACCOUNT: &str = "Account";
/// The list's name.
pub const LIST: &str = "History";
/// The way back.
pub const CLEAR: &str = "Clear filter";
/// A report goes out once more.
pub const SENDING: &str = "Handing the report over again…";
/// It went.
pub const SENT: &str = "The report was sent";
/// It was put into the outbox folder.
pub const PUT: &str = "The report was put into the outbox folder; nothing was sent";
/// Sends again.
pub const SEND_AGAIN: &str = "Send again";
/// As above, of the outbox folder.
pub const TRY_AGAIN: &str = "Try again";
/// Opens a folder.
pub const OPEN_FOLDER: &str = "Open folder";
/// A button of one line among many: what is read out of it.
pub fn of_line(button: &str, at: &str, what: &str) -> String {
    format!("{button}, {at}: {what}")
}

/// The button that opens a package's folder, as it is read out.
pub fn open_folder_of(file: &str) -> String {
    format!("{OPEN_FOLDER} of {file}")
}

/// Takes a move back.
pub const UNDO: &str = "Undo";
/// Puts one message back.
pub const PUT_BACK: &str = "Put back";
/// Goes to the hits.
pub const SHOW_IN_REVIEW: &str = "Show in Review";
/// Something failed here.
pub const FAILED: &str = "That did not work";
/// While it is read.
pub const READING: &str = "Reading what was done…";
/// What lies in the outbox folder stays there.
pub const STAYS_IN_OUTBOX: &str = "What lies in the outbox folder already stays there.";
/// What was sent stays sent.
pub const STAYS_SENT: &str = "What was already sent to the vendor stays sent.";

/// The kinds of entries.
pub const KINDS: [&str; 5] = ["All", "Sweeps", "Moves", "Packages", "Reports"];

/// Under the title.
pub fn facts(days: u32) -> String {
    format!(
        "What was swept, moved, packaged and sent, newest first. Samples are kept for {days} days."
    )
}

/// How many are shown.
pub fn shown(shown: usize, all: usize) -> String {
    match shown == all {
        true => entries(all),
        false => format!("{shown} of {all} shown"),
    }
}

fn entries(number: usize) -> String {
    match number {
        1 => "1 entry".to_owned(),
        number => format!("{number} entries"),
    }
}

/// A table was written.
pub fn exported(number: usize, path: &str) -> String {
    format!("{} written to {path}", entries(number))
}

/// Nothing fits what is looked for.
pub fn no_match(filter: &str) -> String {
    match filter {
        "" => "No entry of this kind.".to_owned(),
        filter => format!("No entry matches “{filter}”."),
    }
}

/// A sweep's first line.
pub fn swept(seen: usize, hits: usize) -> String {
    format!("{}, {}", count(seen, "message"), count(hits, "hit"))
}

/// A sweep's second line.
pub fn swept_more(account: &str, level: &str, took: &str, troubles: usize) -> String {
    let mut says = account.to_owned();
    if !level.is_empty() {
        says.push_str(&format!(" · level {level}"));
    }
    if !took.is_empty() {
        says.push_str(&format!(" · {took}"));
    }
    if troubles > 0 {
        says.push_str(&format!(" · {troubles} could not be read or done"));
    }
    says
}

/// A move's first line.
pub fn moved(messages: usize, to: &str) -> String {
    format!("{} to “{to}”", count(messages, "message"))
}

/// Where they came from: `Work: 19 from INBOX, 2 from Archive`.
pub fn from(account: &str, folders: &[(String, usize)]) -> String {
    let parts: Vec<String> = folders
        .iter()
        .map(|(folder, number)| format!("{number} from {folder}"))
        .collect();
    format!("{account}: {}", parts.join(", "))
}

/// Where they go back to.
pub fn back_to(folders: &[(String, usize)]) -> String {
    let parts: Vec<String> = folders
        .iter()
        .map(|(folder, number)| match number {
            1 => format!("1 goes back to {folder}"),
            number => format!("{number} go back to {folder}"),
        })
        .collect();
    format!("{}, with their flags and dates.", parts.join(", "))
}

/// An undo's first line.
pub fn undone(messages: usize, folder: &str) -> String {
    format!("{} back to {folder}", count(messages, "message"))
}

/// A quoted subject behind an account.
pub fn subject_of(account: &str, subject: &str) -> String {
    format!("{account} · “{subject}”")
}

/// Zips' first line.
pub fn packaged(zips: usize, originals: usize, bytes: u64) -> String {
    format!(
        "{}, {}, {}",
        count(zips, "zip"),
        count(originals, "original"),
        size(bytes)
    )
}

/// A report's first line.
pub fn reported(samples: usize, purpose: &str, to: &str) -> String {
    let plural = if samples == 1 { "" } else { "s" };
    format!("{samples} {purpose} sample{plural} to {to}")
}

/// A report that lies in the outbox folder.
pub fn in_outbox(account: &str) -> String {
    format!("{account} · as a file in the outbox folder; nothing was sent")
}

/// A message's state beside its sender.
pub fn reported_on(day: &str) -> String {
    format!("reported {day}")
}

/// As above, of the outbox folder.
pub const IN_OUTBOX: &str = "in the outbox";

/// Puts all back.
pub fn put_all_back(messages: usize) -> String {
    match messages {
        1 => "Put 1 back".to_owned(),
        messages => format!("Put all {messages} back"),
    }
}

/// A message's button, read out.
pub fn put_back(subject: &str) -> String {
    format!("Put back {subject}")
}

/// The detail's title of a move.
pub fn moved_title(messages: usize) -> String {
    format!("Moved {}", count(messages, "message"))
}

/// The detail's title of an undo.
pub fn undone_title(messages: usize) -> String {
    format!("Put back {}", count(messages, "message"))
}

/// Moved, at the right of its line: how many, and of those put back since, and not found any more.
pub fn moved_word(moved: usize, back: usize, gone: usize) -> String {
    let mut parts = Vec::new();
    match (moved, back) {
        (0, _) if gone > 0 => {}
        (1.., _) if moved == back && gone == 0 => parts.push("Put back".to_owned()),
        (moved, 0) => parts.push(format!("{moved} moved")),
        (moved, back) => parts.push(format!("{moved} moved, {back} put back since")),
    }
    if gone > 0 {
        parts.push(format!("{gone} not found"));
    }
    parts.join(", ")
}

/// Put back, at the right of its line.
pub fn undone_word(messages: usize) -> String {
    format!("{messages} put back")
}
