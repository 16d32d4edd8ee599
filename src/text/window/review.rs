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

/// The list, for whoever listens.
pub const HITS: &str = "Hits";
/// Head words.
pub const VERDICT: &str = "Verdict";
/// As above.
pub const SCORE: &str = "Score";
/// As above.
pub const FROM: &str = "From";
/// As above.
pub const SUBJECT: &str = "Subject";
/// As above.
pub const REASON: &str = "strongest reason";
/// As above, where it stands alone.
pub const REASON_ALONE: &str = "Strongest reason";
/// As above.
pub const FOLDER_ALONE: &str = "Folder";
/// As above.
pub const DATE: &str = "Date";
/// As above.
pub const FOLDER: &str = "folder";
/// The tick over all ticks.
pub const TICK_ALL: &str = "Tick all that is shown";
/// Kinds of hits.
pub const ALL: &str = "All";
/// As above.
pub const PHISHING: &str = "Phishing";
/// As above.
pub const SPAM: &str = "Spam";
/// As above.
pub const NOT_SPAM: &str = "Not spam";
/// As above.
pub const MOVED: &str = "Moved";
/// What the kinds are called where only the chosen one is seen.
pub const KIND: &str = "Kind";
/// What the two choices are of.
pub const ACCOUNT: &str = "Account";
/// As above.
pub const RULE: &str = "Rule";
/// Leads to the page for sweeping.
pub const SWEEP: &str = "Sweep";
/// Takes the filter away.
pub const CLEAR_FILTER: &str = "Clear filter";
/// The hits could not be read.
pub const NOT_READ: &str = "The hits could not be read.";
/// One could not be read.
pub const NOT_OPENED: &str = "This hit could not be opened.";
/// Something that was asked for was not done, or not all of it.
pub const NOT_DONE: &str = "Not everything was done.";
/// The way out.
pub const TRY_AGAIN: &str = "Try again";
/// As above.
pub const SEEN: &str = "Dismiss";
/// It lies nowhere that is known.
pub const GONE: &str = "gone";
/// It was handed over.
pub const REPORTED: &str = "reported";
/// Its report lies in the outbox folder.
pub const IN_OUTBOX: &str = "in the outbox";
/// Parts of the open hit.
pub const OVERVIEW: &str = "Overview";
/// As above.
pub const TEXT: &str = "Text";
/// As above.
pub const ATTACHMENTS: &str = "Attachments";
/// As above.
pub const HEADERS: &str = "Headers";
/// As above.
pub const SOURCE: &str = "Source";
/// The open hit gives way to the list.
pub const BACK: &str = "All hits";
/// The chip shows a person's word.
pub const YOUR_WORD: &str = "You said so.";
/// Beside a sender that imitates others.
pub const MIXED_SCRIPTS: &str = "mixes alphabets";
/// Names beside the open hit's facts.
pub const TO: &str = "To";
/// As above.
pub const REPLY_TO: &str = "Replies";
/// As above.
pub const NOTE: &str = "Note";
/// Titles of the overview.
pub const WHY: &str = "Why";
/// As above.
pub const LINKS: &str = "Links";
/// As above.
pub const PATH: &str = "Path";
/// As above.
pub const AUTHENTICATION: &str = "Authentication";
/// Names beside a link.
pub const SAME: &str = "Same";
/// As above.
pub const SHOWS: &str = "Shows";
/// As above.
pub const LEADS_TO: &str = "Leads to";
/// Nothing was recorded of the sender's domain.
pub const NOT_RECORDED: &str = "your server recorded nothing";
/// The kept sample cannot be shown.
pub const NO_SAMPLE: &str = "The message itself cannot be shown.";
/// A file without a name.
pub const NO_NAME: &str = "(no name)";
/// The rest of what can be done.
pub const MORE: &str = "More for this hit";
/// In that menu.
pub const PUT_BACK: &str = "Put back where it was";
/// As above.
pub const TAKE_BACK: &str = "Take back what I said";

/// In that menu.
pub fn approve_address(address: &str) -> String {
    format!("Always approve {address}")
}

/// In that menu.
pub fn approve_domain(domain: &str) -> String {
    format!("Always approve everyone at {domain}")
}

/// A row's tick.
pub fn tick(subject: &str) -> String {
    format!("Tick {subject}")
}

/// A kind of hits and how many there are.
pub fn kind_of_row(word: &str, count: usize) -> String {
    format!("{word} {}", parted(count))
}

/// A rule in a choice.
pub fn rule(id: &str, count: usize) -> String {
    format!("{} ({})", id.replace('-', " "), parted(count))
}

/// Where a hit is.
pub fn moved_to(folder: &str) -> String {
    format!("→ {folder}")
}

/// Under the good news.
pub fn moved_before(number: usize) -> String {
    match number {
        1 => "1 hit was moved before.".to_owned(),
        number => format!("{} were moved before.", hits(number)),
    }
}

/// Which hit of how many.
pub fn position(position: usize, all: usize) -> String {
    format!("{} of {}", parted(position), parted(all))
}

/// Why it is not moved with the others, or was not before somebody ticked it.
pub fn held(why: &str, is_ticked: bool) -> String {
    match is_ticked {
        true => format!("Ticked, though {why}."),
        false => format!("Not ticked, because {why}."),
    }
}

/// When it was reported, and to whom.
pub fn reported(at: &str, to: &str) -> String {
    match to {
        "" => format!("Reported {at}."),
        to => format!("Reported {at} to {to}."),
    }
}

/// When its report was put into the outbox folder, and for whom.
pub fn in_outbox(at: &str, to: &str) -> String {
    format!("Put into the outbox folder {at}, for {to}; nothing was sent from here.")
}

/// Which server looked at the sender's domain.
pub fn recorded_by(server: &str) -> String {
    format!("recorded by {server}")
}

/// What follows the sender's side of a line of the path.
pub fn to(server: &str) -> String {
    format!(" → {server}")
}

/// What a file is.
pub fn file(kind: &str, declared: &str, size: &str) -> String {
    match declared {
        "" => format!("By its content a {kind}, {size}"),
        declared => format!("By its content a {kind}, declared as {declared}, {size}"),
    }
}

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
    format!("{}. {moved}", hits(all))
}

/// The line of facts where a part is shown and no other place says so.
pub fn facts_shown(shown: usize, all: usize) -> String {
    format!("{} of {} shown.", parted(shown), hits(all))
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

/// Where what was reported stands.
pub const SHOW_HISTORY: &str = "Show in History";

/// The line of facts, once nothing is left to do.
pub fn all_reported(facts: &str) -> String {
    format!("{facts} All that are ticked are in reports.")
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
    format!("Mail from {} is approved from now on.", whom(entry))
}

/// A message was called wanted and its sender approved.
pub fn noted_and_approved(entry: &str, learnt: bool) -> String {
    let learnt = if learnt { " and learnt" } else { "" };
    format!("Noted as not spam{learnt}; {} is approved.", whom(entry))
}

fn whom(entry: &str) -> String {
    match entry.strip_prefix("*@") {
        Some(domain) => format!("everyone at {domain}"),
        None => entry.to_owned(),
    }
}

/// An approval was taken back.
pub const APPROVAL_BACK: &str = "The approval was taken back.";

/// An approval was taken back, with the word that was given with it.
pub fn approval_taken_back(learnt: bool) -> String {
    with_learnt("Your word and the approval were taken back", learnt)
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

/// What was asked for had been done before.
pub const NOTHING_LEFT: &str = "Nothing was left to do: the messages lie there already";
