//! The sentences of the page for hits.

use crate::mail::{FileKind, Mark, Outcome};
use crate::text::{count, parted};
use crate::verdict::Category;

/// The title.
pub const TITLE: &str = "Review";
/// The hint of the filter.
pub const FILTER: &str = "Filter hits";
/// The evidence was copied.
pub const COPIED: &str = "The evidence was copied.";
/// The choice of accounts and rules without one.
pub const ALL_ACCOUNTS: &str = "All accounts";
/// As above.
pub const ALL_RULES: &str = "All rules";
/// Nothing was swept yet, or nothing found.
pub const NONE: &str = "No hits yet. Sweep a mailbox to see what the gateway missed.";
/// Everything found was dealt with.
pub const ALL_DONE: &str = "Nothing is left to review here.";
/// No row is open.
pub const NO_HIT: &str = "Choose a hit to see why it was found.";
/// It is being read.
pub const READING: &str = "Reading…";
/// The message has no text.
pub const NO_TEXT: &str = "It has no text.";
/// Nothing is attached.
pub const NO_ATTACHMENTS: &str = "Nothing is attached.";
/// Beside the links.
pub const NEVER_OPENED: &str = "text only, never opened";
/// Text that goes on.
pub const CUT: &str = "Only the beginning is shown; the saved original holds all of it.";

/// `18,412 hits`.
pub fn hits(number: usize) -> String {
    match number {
        1 => "1 hit".to_owned(),
        number => format!("{} hits", parted(number)),
    }
}

/// The line of facts under the title.
pub fn facts(all: usize, moved: usize, reads: bool) -> String {
    if all + moved == 0 {
        return match reads {
            true => READING.to_owned(),
            false => "Nothing has been found yet. Nothing has left this computer.".to_owned(),
        };
    }
    let moved = match moved {
        0 => "Nothing has been moved yet.".to_owned(),
        1 => "1 was moved.".to_owned(),
        moved => format!("{} were moved.", parted(moved)),
    };
    format!(
        "{}. {moved} Nothing has left this computer from here.",
        hits(all)
    )
}

/// What the filled button does.
pub fn move_hits(number: usize, target: &str) -> String {
    match target {
        "" => format!("Move {}", hits(number)),
        target => format!("Move {} to “{target}”", hits(number)),
    }
}

/// What the filled button does once all is moved.
pub fn report_hits(number: usize) -> String {
    format!("Report {}…", hits(number))
}

/// How many rows are seen of how many.
pub fn shown(shown: usize, all: usize) -> String {
    format!("{} of {} shown", parted(shown), parted(all))
}

/// No row is left by the filter.
pub fn no_match(text: &str) -> String {
    match text {
        "" => "No hit matches what is chosen above.".to_owned(),
        text => format!("No hit matches “{text}”."),
    }
}

/// Messages are on their way.
pub fn moving(number: usize) -> String {
    format!("Moving {}…", hits(number))
}

/// Messages are on their way back.
pub fn putting_back(number: usize) -> String {
    format!("Putting {} back…", hits(number))
}

/// Messages have arrived.
pub fn settled(moved: usize, back: usize) -> String {
    match (moved, back) {
        (moved, 0) => format!("{} moved. Undo puts them back.", hits(moved)),
        (0, back) => format!("{} put back.", hits(back)),
        (moved, back) => format!("{} moved, {} put back.", hits(moved), parted(back)),
    }
}

/// A word was written down: what the message is now, `None` where it is wanted.
pub fn noted(meant: Option<Category>, learnt: bool) -> String {
    let says = match meant {
        None => "Noted as not spam: it stays where it is",
        Some(Category::Spam) => "Noted as spam",
        Some(Category::Phishing) => "Noted as phishing",
    };
    with_learnt(says, learnt)
}

/// A word was taken back.
pub fn taken_back(learnt: bool) -> String {
    with_learnt("Your word was taken back", learnt)
}

fn with_learnt(says: &str, learnt: bool) -> String {
    match learnt {
        true => format!("{says}, and learnt."),
        false => format!("{says}."),
    }
}

/// A sender was approved.
pub fn approved(entry: &str) -> String {
    format!("Mail from {entry} is approved from now on.")
}

/// An original was saved.
pub fn saved(path: &str) -> String {
    format!("The original was saved as {path}.")
}

/// The word for what a hit is.
pub fn meaning(meant: Option<Category>) -> &'static str {
    match meant {
        Some(Category::Phishing) => "Phishing",
        Some(Category::Spam) => "Spam",
        None => "Not spam",
    }
}

/// Beside the verdict of the open hit.
pub fn score(score: f64, threshold: f64, level: &str) -> (String, String) {
    (
        format!("{score:.1}"),
        format!(", flagged from {threshold:.1} up (level {level})"),
    )
}

/// Beside "Why".
pub fn adds_up(score: f64) -> String {
    format!("strongest first; the numbers add up to {score:.1}")
}

/// The line for what is not shown.
pub fn and_more(number: usize) -> String {
    format!("and {number} more")
}

/// What speaks for the message.
pub fn in_favour(says: &str) -> String {
    let mut letters = says.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    format!(
        "In its favour: {}{}",
        first.unwrap_or_default(),
        letters.as_str()
    )
}

/// A weight with its sign.
pub fn weight(weight: f64) -> String {
    match weight < 0.0 {
        true => format!("−{:.1}", -weight),
        false => format!("+{weight:.1}"),
    }
}

/// Beside "Links".
pub fn links(number: usize) -> String {
    format!("{number}, {NEVER_OPENED}")
}

/// Beside "Path".
pub fn handed_over(by: &str) -> String {
    format!("handed over by {by}")
}

/// A line of the path that anybody can forge.
pub const NOT_VERIFIABLE: &str = "not verifiable";
/// The line of the path that the receiver's own server wrote first.
pub const YOUR_GATEWAY: &str = "your gateway";

/// Since the line before.
pub fn seconds(seconds: i64) -> String {
    format!("{seconds} s")
}

/// What a line of the path claims.
pub fn claims(from: &str) -> String {
    format!("claims {from}")
}

/// A result of authentication.
pub fn authenticated(method: &str, outcome: Outcome, domain: &str) -> String {
    let outcome = match outcome {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::Neither => "showed nothing",
    };
    match domain {
        "" => format!("{method} {outcome}"),
        domain => format!("{method} {outcome} for {domain}"),
    }
}

/// A tab's word.
pub fn attachments(number: usize) -> String {
    match number {
        0 => "Attachments".to_owned(),
        number => format!("Attachments {number}"),
    }
}

/// What a file is.
pub fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Program => "program",
        FileKind::Script => "script",
        FileKind::Shortcut => "shortcut to a program",
        FileKind::DiskImage => "disk image",
        FileKind::Archive => "archive",
        FileKind::Html => "web page",
        FileKind::Svg => "drawing that can act as a web page",
        FileKind::Pdf => "PDF",
        FileKind::Office => "Office document",
        FileKind::Image => "picture",
        FileKind::Message => "message",
        FileKind::Calendar => "calendar entry",
        FileKind::Text => "text",
        FileKind::Other => "file of another kind",
    }
}

/// What a file can do.
pub fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Locked => "locked with a password",
        Mark::Macros => "holds macros",
        Mark::RemotePart => "fetches a part of itself from elsewhere",
        Mark::Embedded => "holds another file",
        Mark::Equation => "holds an object that breaks old versions of Office",
        Mark::Script => "holds a script",
        Mark::HiddenScript => "holds a script that unpacks hidden text",
        Mark::Form => "holds a form",
        Mark::Password => "asks for a password",
        Mark::MovesOn => "sends the reader on by itself",
        Mark::Launches => "starts a program",
        Mark::QrCode => "holds a QR code",
        Mark::DrawnCode => "holds a QR code drawn with letters",
        Mark::Note => "is a OneNote section",
        Mark::Report => "is a report on other mail",
    }
}

/// Files inside a file.
pub fn inside(names: &[String]) -> String {
    format!(
        "{} inside: {}",
        count(names.len(), "file"),
        names.join(", ")
    )
}

/// How many are ticked.
pub fn ticked(number: usize) -> String {
    format!("{} ticked", parted(number))
}
