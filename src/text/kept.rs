//! Sentences about what is kept of judged messages.

use super::size;

/// What is kept of judged messages.
pub fn kept(bytes: u64, most: u64) -> String {
    match most {
        0 => format!(
            "{} kept of judged messages; the settings keep nothing more.",
            size(bytes)
        ),
        most => format!(
            "{} kept of judged messages, of at most {}.",
            size(bytes),
            size(most)
        ),
    }
}

/// What was kept of judged messages was removed.
pub fn forgotten(bytes: u64, account: Option<&str>) -> String {
    let whose = match account {
        Some(account) => format!(" of account {account}"),
        None => String::new(),
    };
    match bytes {
        0 => format!("Nothing was kept of judged messages{whose}."),
        bytes => format!(
            "removed {} that were kept of judged messages{whose}",
            size(bytes)
        ),
    }
}
