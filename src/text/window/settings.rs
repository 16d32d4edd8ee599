//! The sentences of the page for the settings.

/// The page's title.
pub const TITLE: &str = "Settings";
/// Where a choice was written.
pub const SAVED: &str = "Settings saved";
/// The file was read again.
pub const READ_AGAIN: &str = "Settings read again";
/// Letters cannot leave by e-mail yet.
pub const NEEDS_SERVER: &str =
    "E-mail needs an outgoing mail server: fill it in below and save it first.";
/// Letters would have no sender.
pub const NEEDS_SENDER: &str = "Letters need a sender: fill in “Letters are from” below first.";
/// The program erred while it wrote.
pub const NOT_WRITTEN: &str = "an error in the program; what the file said before stands";

/// Below the title: the file.
pub fn kept_in(path: &str) -> String {
    format!("Kept in {path}. What you write there by hand stays, comments too.")
}

/// Below the title, while the sample mail is shown.
pub const OF_SAMPLE: &str = "These settings are the sample mail’s own; yours stay as they are.";

/// The broken file is kept, and a fresh one is in its place.
pub fn started_fresh(copy: &str) -> String {
    format!("Fresh settings; the old file is kept as {copy}")
}

/// Something was not written.
pub fn not_saved(why: &str) -> String {
    format!("Not saved: {why}")
}

/// The password did not get into the keyring.
pub fn no_keyring(why: &str) -> String {
    format!("The server is saved, but not its password: {why}")
}

/// What the level means.
pub fn level(word: &str) -> &'static str {
    match word {
        "medium" => "Finds more. A few wanted messages may be among the hits.",
        "high" => "Finds most, with most false alarms. Look at each hit before you move it.",
        _ => "Finds what is clearly spam or phishing. Fewest false alarms.",
    }
}

/// How letters leave, in a word or two.
pub fn sending(word: &str) -> &'static str {
    match word {
        "portal" => "Portal",
        "outbox" => "Files",
        "smtp" => "E-mail",
        _ => "Off",
    }
}

/// What that means.
pub fn sending_means(word: &str) -> &'static str {
    match word {
        "portal" => "Zips are saved for you to upload at the vendor's portal.",
        "outbox" => "Letters are put into the outbox folder as .eml files; nothing is sent.",
        "smtp" => "Letters leave by the outgoing mail server when you send a report.",
        _ => "Zips are made when you ask for them, and nothing leaves this computer.",
    }
}

/// A theme's name.
pub fn theme(word: &str) -> &'static str {
    match word {
        "light" => "Light",
        "dark" => "Dark",
        _ => "As the system",
    }
}

/// A level's name.
pub fn level_name(word: &str) -> &'static str {
    match word {
        "medium" => "Medium",
        "high" => "High",
        _ => "Low",
    }
}

/// How a connection is protected, in words.
pub fn security(word: &str) -> &'static str {
    match word {
        "starttls" => "STARTTLS",
        "none" => "None (this computer only)",
        _ => "TLS",
    }
}

/// Reads the file again.
pub const READ: &str = "Read the file again";
/// The file cannot be used.
pub const BROKEN: &str = "The settings file cannot be used.";
/// The way out of that.
pub const START_FRESH: &str = "Keep a copy and start fresh";
/// Something was not written.
pub const NOT_SAVED: &str = "Not saved.";
/// A card.
pub const LEVEL: &str = "What counts as a hit";
/// A card.
pub const MAILBOX: &str = "Folders and limits of a mailbox";
/// No account yet.
pub const NO_MAILBOX: &str = "No mailbox yet.";
/// Which mailbox.
pub const ACCOUNT: &str = "Mailbox";
/// A field.
pub const FOLDERS: &str = "Folders to sweep, one a line";
/// A field.
pub const MOVE_TO: &str = "Hits go to the folder";
/// A field.
pub const SINCE: &str = "Only the last … days";
/// A field.
pub const MAX_MOVES: &str = "Move none if hits are above";
/// An empty field.
pub const NO_LIMIT: &str = "no limit";
/// A card.
pub const LIMITS: &str = "Limits";
/// A field.
pub const MESSAGE_LIMIT: &str = "MiB judged of each message";
/// A field.
pub const ACCOUNTS_LIMIT: &str = "Mailboxes swept at once";
/// A tick box.
pub const ATTACHMENTS: &str = "Look into attachments";
/// A card.
pub const WINDOW: &str = "The window";
/// A choice.
pub const TEXT_SIZE: &str = "Text size";
/// A tick box.
pub const NOTIFY: &str = "Tell me when a long sweep ends";
/// A card.
pub const REPORTING: &str = "Reports";
/// Below it.
pub const REPORTING_ABOUT: &str = "Where samples go, and what the letter says of you.";
/// A choice.
pub const VENDOR: &str = "Vendor";
/// A field.
pub const FROM: &str = "Letters are from";
/// A tick box.
pub const AES: &str = "Encrypt zips with AES-256";
/// What that means.
pub const AES_MEANS: &str =
    "Strong, but Windows Explorer cannot open them. Traditional encryption opens everywhere.";
/// A card.
pub const SAMPLES: &str = "Samples";
/// Below it.
pub const SAMPLES_ABOUT: &str =
    "Originals of hits, kept on this computer before anything is moved.";
/// A field.
pub const KEEP_DAYS: &str = "Keep for days";
/// A tick box.
pub const PURGE: &str = "Remove older ones at each sweep";
/// A card.
pub const OUTGOING: &str = "Outgoing mail server";
/// Below it.
pub const OUTGOING_ABOUT: &str =
    "For reports that leave by e-mail. The password goes into the system’s keyring.";
/// A field.
pub const SERVER: &str = "Server";
/// A field.
pub const PORT: &str = "Port";
/// A choice.
pub const SECURITY: &str = "Encryption";
/// A field.
pub const USER: &str = "User";
/// A field.
pub const PASSWORD: &str = "Password";
/// A password is there already.
pub const PASSWORD_KEPT: &str = "unchanged";
/// A button.
pub const SAVE_SERVER: &str = "Save the server";
/// A button.
pub const NO_SERVER: &str = "Use no server";

/// Where the file is wrong.
pub fn place(line: usize, column: usize) -> String {
    format!("Line {line}, letter {column}: ")
}

/// A text size.
pub fn percent(size: u32) -> String {
    format!("{size} %")
}

/// A fact's name.
pub fn fact(name: &str) -> &'static str {
    match name {
        "company" => "Company",
        "contact" => "Contact",
        "gateway" => "Gateway",
        _ => "Activation code",
    }
}
