//! The sentences of the page for what goes to the vendor.

use crate::text::{count, size};

/// Nothing was chosen.
pub const NOTHING: &str = "Nothing to report. Tick hits in Review, or move them first.";
/// How a message can be reported without being moved.
pub const NOTHING_MORE: &str = "What was moved and not reported yet is offered here by itself.";
/// The way out of an empty page.
pub const TO_REVIEW: &str = "Go to Review";
/// While the letters are written.
pub const DRAFTING: &str = "Writing the e-mails and packing the zips…";
/// What stands under the list.
pub const ONE_EACH: &str = "One e-mail for each address. Untick what should not go.";
/// Under the list once all went.
pub const ALL_WENT: &str = "Kept in History with the zips.";
/// Between the two ways.
pub const TWO_WAYS: &str = "Two ways, same zips:";
/// A person writes the letter.
pub const EDIT: &str = "Edit text";
/// They have written it.
pub const EDITED: &str = "Keep this text";
/// They have not.
pub const AS_DRAFTED: &str = "As it was";
/// Sends.
pub const COPY_PASSWORD: &str = "Copy the password";
/// Said once it is on the clipboard.
pub const COPIED: &str = "The password is on the clipboard";
/// After the last letter.
pub const PUT_AWAY: &str = "Done";
/// Before the next letter.
pub const STOP: &str = "Stop";
/// Opens the folder of a zip.
pub const OPEN_FOLDER: &str = "Open folder";
/// The one beside a zip, as it is read out.
pub const OPEN_FOLDER_OF_ZIP: &str = "Open folder of the zip";
/// Draws up once more.
pub const AGAIN: &str = "Try again";
/// Nothing could be drawn up.
pub const FAILED: &str = "The report could not be drawn up";
/// What a wrongly caught message is called in technical terms.
pub const FALSE_POSITIVE: &str = "False positive";
/// Letters do not leave by e-mail.
pub const BY_HAND: &str = "No e-mail can be sent.";
/// Nobody signs them.
pub const NO_SENDER: &str = "Say who the letters are from: Settings, Reports.";
/// No server takes them.
pub const NO_SERVER: &str = "Name the server that sends them: Settings, Outgoing mail server.";
/// Leads to what is missing.
pub const TO_SETTINGS: &str = "Go to Settings";
/// Where the list is too long.
pub const REPORTED_BEFORE: &str = "already reported";

/// The vendor takes nothing at a portal.
pub fn no_portal(vendor: &str) -> String {
    format!("{vendor} has no portal: choose another way to send: Settings, Reports.")
}

/// Under the title.
pub fn facts(samples: usize, vendor: &str, letters: usize) -> String {
    let samples = count(samples, "sample");
    let letters = count(letters, "e-mail");
    format!("{samples} for {vendor}, in {letters}. Nothing has left this computer yet.")
}

/// Under the title, where nothing leaves by e-mail.
pub fn facts_by_hand(samples: usize, vendor: &str, zips: usize) -> String {
    let samples = count(samples, "sample");
    let zips = count(zips, "zip");
    format!("{samples} for {vendor}, in {zips}. Nothing has left this computer yet.")
}

/// Under the title, once something was done: what was taken, put into the outbox folder and saved.
pub fn facts_done(
    (accepted, written, saved): (usize, usize, usize),
    of: usize,
    failed: usize,
) -> String {
    let of = count(of, "package");
    let done = [
        (accepted, "handed over"),
        (written, "put into the outbox folder"),
        (saved, "saved"),
    ];
    let mut parts: Vec<String> = done
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    if failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    format!("Of {of}, {}.", parts.join(", "))
}

/// Sends.
pub fn send(letters: usize) -> String {
    format!("Send {}", count(letters, "e-mail"))
}

/// Puts into the outbox folder.
pub fn put(letters: usize) -> String {
    format!("Put {} into the outbox", count(letters, "e-mail"))
}

/// Saves.
pub fn save(zips: usize) -> String {
    format!("Save {} for the portal…", count(zips, "zip"))
}

/// Sends again.
pub fn send_again(letters: usize) -> String {
    format!("Send {} again", count(letters, "e-mail"))
}

/// Puts into the outbox folder again what could not be.
pub fn put_again(letters: usize) -> String {
    format!("Try {} again", count(letters, "e-mail"))
}

/// Which letter is shown.
pub fn which(number: usize, of: usize) -> String {
    format!("E-mail {number} of {of}, exactly as it will leave")
}

/// Which letter is shown, that goes into the outbox folder.
pub fn which_put(number: usize, of: usize) -> String {
    format!("E-mail {number} of {of}, exactly as it will be written")
}

/// Which zip is shown, that does not leave by e-mail.
pub fn which_zip(number: usize, of: usize) -> String {
    format!("Zip {number} of {of}, for the vendor's portal")
}

/// Which letter is shown, when it has left.
pub fn which_sent(number: usize, of: usize) -> String {
    format!("{number} of {of}, as it was handed over")
}

/// Which letter is shown, when it lies in the outbox folder.
pub fn which_written(number: usize, of: usize) -> String {
    format!("{number} of {of}, as it was written")
}

/// Which letter is shown, when it was not sent, or only its zip was saved.
pub fn which_tried(number: usize, of: usize) -> String {
    format!("{number} of {of}, as it was drawn up")
}

/// How a letter leaves.
pub fn by_server(server: &str, encrypted: bool) -> String {
    match encrypted {
        true => format!("by {server}, encrypted"),
        false => format!("by {server}, not encrypted"),
    }
}

/// A letter goes into the outbox folder.
pub fn by_folder() -> &'static str {
    "to the outbox folder, not sent"
}

/// Below a zip's name.
pub fn zip(bytes: u64, mail: Option<u64>, limit: u64, samples: usize, password: &str) -> String {
    let originals = count(samples, "original");
    let taken = match mail {
        Some(mail) => format!("as an e-mail {} of {} allowed", size(mail), size(limit)),
        None => format!("{} allowed", size(limit)),
    };
    format!(
        "{}, {taken}. {originals}, password {password}.",
        size(bytes)
    )
}

/// A group's name, read out.
pub fn group(word: &str, samples: usize, to: &str) -> String {
    format!("{word}, {}, to {to}", count(samples, "sample"))
}

/// A sample's tick box, read out.
pub fn sample(subject: &str, sender: &str) -> String {
    format!("{subject}, from {sender}")
}

/// When it was reported.
pub fn reported(day: &str) -> String {
    format!("already reported {day}")
}

/// When it was put into the outbox folder.
pub fn in_outbox(day: &str) -> String {
    format!("in the outbox since {day}")
}

/// A letter is put into the outbox folder.
pub fn putting(number: usize, of: usize) -> String {
    format!("Putting {number} of {of} into the outbox…")
}

/// A letter is on its way.
pub fn sending(number: usize, of: usize) -> String {
    format!("Sending {number} of {of}…")
}

/// A zip is being saved.
pub fn saving(number: usize, of: usize) -> String {
    format!("Saving {number} of {of}…")
}

/// Before the first goes into the outbox folder.
pub fn opening() -> &'static str {
    "Opening the outbox folder…"
}

/// Before the first.
pub fn connecting() -> &'static str {
    "Connecting to the server…"
}

/// In the status line.
pub fn sent(letters: usize, vendor: &str) -> String {
    format!("{} sent to {vendor}", count(letters, "e-mail"))
}

/// In the status line.
pub fn written(letters: usize) -> String {
    let letters = count(letters, "e-mail");
    format!("{letters} put into the outbox folder; nothing was sent")
}

/// In the status line.
pub fn saved(zips: usize, folder: &str) -> String {
    format!("{} saved in {folder}", count(zips, "zip"))
}

/// In the status line.
pub fn not_sent(letters: usize) -> String {
    match letters {
        1 => "1 report was not sent".to_owned(),
        letters => format!("{letters} reports were not sent"),
    }
}

/// In the status line, of the outbox folder.
pub fn not_put(letters: usize) -> String {
    match letters {
        1 => "1 report was not put into the outbox folder".to_owned(),
        letters => format!("{letters} reports were not put into the outbox folder"),
    }
}

/// The server takes less.
pub fn server_limit(bytes: u64) -> String {
    format!(
        "The server takes e-mails up to {}: nothing was sent. The report is now in smaller parts; look at it and send.",
        size(bytes)
    )
}

/// A letter was taken.
pub const ACCEPTED: &str = "Accepted";
/// A letter lies in the outbox folder.
pub const WRITTEN: &str = "In the outbox";
/// A zip was saved.
pub const SAVED: &str = "Saved";
/// A letter did not leave.
pub const NOT_SENT: &str = "Not sent";
/// A letter could not be put into the outbox folder.
pub const NOT_PUT: &str = "Not written";
/// Nobody knows.
pub const NOT_KNOWN: &str = "Not known";
/// Above a letter that was taken.
pub const ACCEPTED_LONG: &str = "The server accepted this e-mail";
/// Above a letter in the outbox folder.
pub const WRITTEN_LONG: &str = "This e-mail lies in the outbox folder; nothing was sent";
/// Above a zip that was saved.
pub const SAVED_LONG: &str = "The zip was saved; upload it at the vendor's portal";
/// Above a letter that did not leave.
pub const NOT_SENT_LONG: &str = "This e-mail was not sent";
/// Above a letter that is not in the outbox folder.
pub const NOT_PUT_LONG: &str = "This e-mail could not be put into the outbox folder";
/// Above a letter of which nobody knows.
pub const NOT_KNOWN_LONG: &str =
    "Nobody knows whether this e-mail arrived: ask the vendor; it is not sent again";
/// Above a letter that nothing was made of.
pub const UNTOUCHED_LONG: &str = "Nothing was sent, written or saved";
/// Sends again, in a note.
pub const SEND_AGAIN: &str = "Send again";
/// Before the sender.
pub const FROM: &str = "From";
/// Before the recipient.
pub const TO: &str = "To";
/// Before the page of a portal.
pub const PORTAL: &str = "Portal";
/// Before the subject.
pub const SUBJECT: &str = "Subject";
/// The text's field, read out.
pub const BODY: &str = "Text";
/// The letter before.
pub const PREVIOUS: &str = "Previous e-mail";
/// The letter after.
pub const NEXT: &str = "Next e-mail";
/// The choice of vendors.
pub const VENDOR: &str = "Vendor";
/// The choice of accounts.
pub const SEND_WITH: &str = "Send with";
/// The list of messages, read out.
pub const LIST: &str = "Samples";
/// A message that cannot go.
pub const CANNOT: &str = "cannot go";
/// Missed phishing.
pub const PHISHING: &str = "Phishing";
/// Missed spam.
pub const SPAM: &str = "Spam";
/// Honest mail that was caught.
pub const CAUGHT_WRONGLY: &str = "Caught wrongly";
/// Nothing of a group goes.
pub const NOTHING_GOES: &str = "nothing of it goes";
/// Shows the messages of a group.
pub fn fold(word: &str, is_open: bool) -> String {
    match is_open {
        true => format!("Hide the samples of {word}"),
        false => format!("Show the samples of {word}"),
    }
}

/// Something went otherwise than was meant.
pub const NOTE: &str = "Please note";
