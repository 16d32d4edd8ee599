//! Every sentence a person reads that is not in a data file, an argument's help or an error's own
//! words: plain functions with plain parameters, so that wording is read and changed in one place.

mod accounts;
mod desktop;
mod kept;
mod learnt;
mod measured;
mod rules;
mod verdicts;
#[cfg(feature = "gui")]
pub mod window;

pub use accounts::*;
pub use desktop::*;
pub use kept::*;
pub use learnt::*;
pub use measured::*;
pub use rules::*;
pub use verdicts::*;

/// What a build without a window says when it is started like one with it.
pub const NO_WINDOW: &str = "nothing to do: this build has no window; --batch sweeps, or give a command (--help lists them)";

use crate::verdict;

/// `1 message`, `2 messages`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A number with its thousands parted: `18,412`.
pub fn parted(number: usize) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// A size as people read it: `512 bytes`, `12 kB`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(usize::try_from(bytes).unwrap_or_default(), "byte"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Text made safe for a terminal: what a name of a file or a server's words could do to it
/// (control and direction-changing characters) is shown as `\u{…}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if verdict::steers(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

// ---- What a sweep tells ----------------------------------------------------------------------

/// An account was opened.
pub fn opened(account: &str, sweep: Option<i64>) -> String {
    match sweep {
        Some(number) => format!("{account}: sweep {number}"),
        None => format!("{account}: a dry run; nothing will be changed"),
    }
}

/// The connection broke, or the server asked to wait.
pub fn waiting(account: &str, seconds: u64, why: &str) -> String {
    format!("{account}: trying again in {seconds} s: {why}")
}

/// The connection stands again.
pub fn resumed(account: &str) -> String {
    format!("{account}: connected again, going on")
}

/// A folder was listed.
pub fn folder(account: &str, folder: &str, messages: usize, new: usize) -> String {
    let messages = count(messages, "message");
    format!("{account}: {folder}: {messages}, {new} to judge")
}

/// What stands beside a progress bar.
pub fn bar_label(account: &str, folder: &str) -> String {
    format!("{account}: {folder}")
}

/// What stands beside a progress bar for several accounts at once.
pub fn bar_label_of_many(accounts: usize) -> String {
    format!("{accounts} accounts")
}

/// The progress bar, in indicatif's own form; `rate` is a whole number.
pub const BAR: &str = "{prefix} {wide_bar} {human_pos}/{human_len}, {rate}/s, {eta} left";

/// The counter where the end is not known, in indicatif's own form.
pub const COUNTER: &str = "{prefix}: {human_pos}, {rate}/s";

/// A folder to scan that holds no mail.
pub fn no_mail_in(path: &str) -> String {
    format!("{path}: no mail in it; name .eml files, a folder of them, an mbox or a Maildir")
}

/// What stands beside the counter of a scan.
pub fn scanning() -> &'static str {
    "judged"
}

/// A hit that is not moved.
pub fn stays(says: &str) -> String {
    format!("    stays where it is: {says}")
}

/// A message was moved, or would be.
pub fn moved(what: &str, from: &str, to: &str, dry_run: bool) -> String {
    let verb = if dry_run { "would move" } else { "moved" };
    format!("{verb} from {from} to {to}: {what}")
}

/// A message that no longer has a name here, by its hash.
pub fn message(short: &str) -> String {
    format!("message {short}")
}

/// A package was written, or would be.
pub fn packaged(
    category: &str,
    messages: usize,
    bytes: u64,
    password: &str,
    path: Option<&str>,
    dry_run: bool,
) -> String {
    let verb = if dry_run { "would package" } else { "packaged" };
    let messages = count(messages, "message");
    let size = size(bytes);
    let place = path.map(|path| format!(": {path}")).unwrap_or_default();
    format!("{verb} {messages} as {category}, {size}, password {password}{place}")
}

/// A file in a package.
pub fn entry(name: &str) -> String {
    format!("    {name}")
}

/// A submission left.
pub fn sent(vendor: &str, to: &str, answer: &str) -> String {
    format!("sent to {vendor}, {to}: {answer}")
}

/// A letter lies in the outbox folder.
pub fn letter_written(vendor: &str, to: &str, path: &str) -> String {
    format!("wrote the letter to {vendor}, {to}, into the outbox folder; nothing was sent: {path}")
}

/// A zip is to be uploaded by hand.
pub fn for_portal(vendor: &str, portal: &str, zip: &str, how: &str) -> String {
    let how = match how {
        "" => String::new(),
        how => format!(" ({how})"),
    };
    format!("to upload at {vendor}'s portal, {portal}{how}: {zip}")
}

/// A letter that would leave, whole.
pub fn would_send(vendor: &str, to: &str, subject: &str, body: &str) -> Vec<String> {
    let mut lines = vec![
        format!("would hand the package over to {vendor} with this letter:"),
        format!("    To: {to}"),
        format!("    Subject: {subject}"),
        String::new(),
    ];
    lines.extend(
        body.lines()
            .map(|line| format!("    {line}").trim_end().to_owned()),
    );
    lines
}

/// A message was put back.
pub fn undone(what: &str, account: &str, folder: &str) -> String {
    format!("put back into {account}: {folder}: {what}")
}

/// A move that an earlier run did not finish was settled.
pub fn settled(account: &str, says: &str) -> String {
    format!("{account}: left open by an earlier run: {says}")
}

/// The mailbox did something odd, which was put right.
pub fn noticed(account: &str, says: &str) -> String {
    format!("{account}: {says}")
}

/// Old files were removed.
pub fn purged(files: usize) -> String {
    if files == 0 {
        return "No sample or package is old enough to be removed.".to_owned();
    }
    format!(
        "removed {} that had been kept long enough",
        count(files, "old sample or package file")
    )
}

/// Something failed.
pub fn trouble(account: Option<&str>, says: &str) -> String {
    match account {
        Some(account) => format!("{account}: {says}"),
        None => says.to_owned(),
    }
}

/// What a summary counts, by name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Messages looked at or known from before.
    pub seen: usize,
    /// Hits that are spam.
    pub spam: usize,
    /// Hits that are phishing.
    pub phishing: usize,
    /// Hits that stay.
    pub held: usize,
    /// Moved.
    pub moved: usize,
    /// Copied, the original staying.
    pub copied: usize,
    /// Packages.
    pub packages: usize,
    /// Submissions.
    pub submissions: usize,
    /// Put back.
    pub undone: usize,
    /// Failures.
    pub troubles: usize,
    /// Accounts held by another sweep.
    pub locked: usize,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Whether it was stopped.
    pub stopped: bool,
}

/// `3 of 120 messages look like missed spam: 1 spam, 2 phishing.`
pub fn looks_like(seen: usize, spam: usize, phishing: usize) -> String {
    let hits = spam + phishing;
    let messages = count(seen, "message");
    match hits {
        _ if seen == 0 => "There is no message to judge.".to_owned(),
        0 if seen == 1 => "The message does not look like missed spam.".to_owned(),
        0 => format!("None of {messages} looks like missed spam."),
        1 => format!(
            "1 of {messages} looks like missed spam: {}.",
            kinds(spam, phishing)
        ),
        _ => format!(
            "{hits} of {messages} look like missed spam: {}.",
            kinds(spam, phishing)
        ),
    }
}

fn kinds(spam: usize, phishing: usize) -> String {
    format!("{spam} spam, {phishing} phishing")
}

/// The end of a sweep, in a few short sentences.
pub fn swept(counts: &Counts) -> String {
    // Of a mailbox that was not seen nothing is known, not even that it is empty.
    let unseen = counts.seen == 0 && counts.troubles + counts.locked > 0;
    let mut says = vec![match unseen {
        true => "No message was looked at.".to_owned(),
        false => looks_like(counts.seen, counts.spam, counts.phishing),
    }];
    let would = if counts.dry_run { " would be" } else { "" };
    let done: Vec<String> = [
        (counts.moved, format!("{}{would} moved", counts.moved)),
        (
            counts.copied,
            format!(
                "{} copied, the originals staying flagged as deleted",
                counts.copied
            ),
        ),
        (
            counts.held,
            match counts.held {
                1 => "1 left where it is".to_owned(),
                held => format!("{held} left where they are"),
            },
        ),
        (
            counts.packages,
            format!("{}{would} written", count(counts.packages, "package")),
        ),
        (
            counts.submissions,
            format!("{}{would} made", count(counts.submissions, "submission")),
        ),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(_, text)| text)
    .collect();
    if !done.is_empty() {
        says.push(format!("{}.", done.join(", ")));
    }
    says.extend(ending(counts));
    if counts.dry_run {
        says.push("This was a dry run: nothing was changed.".to_owned());
    }
    says.join(" ")
}

/// The end of an undo.
pub fn taken_back(counts: &Counts) -> String {
    let mut says = vec![match counts.undone {
        0 => "Nothing was put back.".to_owned(),
        number => format!(
            "{} put back; what was put back is not moved again.",
            count(number, "message")
        ),
    }];
    says.extend(ending(counts));
    says.join(" ")
}

fn ending(counts: &Counts) -> Vec<String> {
    let mut says = Vec::new();
    if counts.troubles > 0 {
        says.push(format!(
            "{} reported above.",
            count(counts.troubles, "problem")
        ));
    }
    if counts.locked > 0 {
        let accounts = count(counts.locked, "account");
        says.push(format!(
            "{accounts} left out: another sweep holds the lock."
        ));
    }
    if counts.stopped {
        says.push("Stopped before the end; the next run goes on from here.".to_owned());
    }
    says
}

/// The first Ctrl-C.
pub fn stopping() -> &'static str {
    "stopping after the step in hand"
}

/// Every further Ctrl-C.
pub fn still_stopping() -> &'static str {
    "still finishing the step in hand, so that no message is left half moved"
}

/// Where the demo left its things.
pub fn demo_places(folder: &str) -> String {
    format!(
        "The demo's mailbox, samples, packages and outbox are in {folder}; remove that folder when you are done."
    )
}

/// A line of the history.
pub fn history(time: &str, sweep: i64, account: &str, what: &str, says: &str) -> String {
    format!("{time}  {sweep:>5}  {what:<8}  {account}: {says}")
}

/// There is nothing in the history.
pub fn no_history() -> &'static str {
    "Nothing was swept yet."
}

/// The log cannot be written; everything else can go on.
pub fn no_log(reason: &str) -> String {
    format!("no log is written: {reason}")
}

/// How a last error is shown.
pub fn failed(says: &str) -> String {
    format!("postsweep: {says}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_nouns() {
        for (seen, spam, phishing, says) in [
            (0, 0, 0, "There is no message to judge."),
            (1, 0, 0, "The message does not look like missed spam."),
            (120, 0, 0, "None of 120 messages looks like missed spam."),
            (
                1,
                1,
                0,
                "1 of 1 message looks like missed spam: 1 spam, 0 phishing.",
            ),
            (
                120,
                1,
                2,
                "3 of 120 messages look like missed spam: 1 spam, 2 phishing.",
            ),
        ] {
            assert_eq!(looks_like(seen, spam, phishing), says);
        }
        assert_eq!(count(1, "package"), "1 package");
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(1_001), "2 kB");
    }

    #[test]
    fn the_end_says_what_was_done_and_what_was_not() {
        let counts = Counts {
            seen: 10,
            spam: 2,
            moved: 1,
            held: 1,
            packages: 1,
            troubles: 1,
            ..Counts::default()
        };
        assert_eq!(
            swept(&counts),
            "2 of 10 messages look like missed spam: 2 spam, 0 phishing. 1 moved, 1 left where it is, 1 package written. 1 problem reported above."
        );
        let dry = Counts {
            dry_run: true,
            troubles: 0,
            ..counts
        };
        assert!(swept(&dry).contains("1 would be moved"));
        assert!(swept(&dry).ends_with("nothing was changed."));
    }

    #[test]
    fn nothing_shown_can_steer_a_terminal() {
        assert_eq!(
            visible("a\u{1b}[2J\u{202e}b\nc"),
            "a\\u{1b}[2J\\u{202e}b\\u{a}c"
        );
    }
}
