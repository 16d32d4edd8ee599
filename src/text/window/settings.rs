//! The sentences of the page for the settings.

/// The page's title.
pub const TITLE: &str = "Settings";
/// Where a choice was written.
pub const SAVED: &str = "Settings saved";
/// The file was read again.
pub const READ_AGAIN: &str = "Settings read again";
/// The program erred while it wrote.
pub const NOT_WRITTEN: &str = "an error in the program; what the file said before stands";

/// Below the title: the file.
pub fn kept_in(path: &str) -> String {
    format!("Kept in {path}. What you write there by hand stays, comments too.")
}

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
        "portal" => "Zips for the portal",
        "outbox" => "E-mail files",
        "smtp" => "By e-mail",
        _ => "Not at all",
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
