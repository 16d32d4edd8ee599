//! Sentences about learning.

use super::count;

/// What stands beside the counter of messages that are read.
pub fn reading() -> &'static str {
    "read"
}

/// What was learnt, and what is known in all.
pub fn learnt(account: Option<&str>, new: (usize, usize), known: usize, all: (u64, u64)) -> String {
    let account = account.map_or_else(String::new, |account| format!("{account}: "));
    let (spam, ham) = new;
    let known = match known {
        0 => String::new(),
        known => format!(", {known} known before"),
    };
    let (all_spam, all_ham) = all;
    let mut says = format!(
        "{account}learnt {} as spam and {} as wanted{known}; {all_spam} and {all_ham} in all",
        count(spam, "message"),
        ham
    );
    if all_spam == 0 || all_ham == 0 {
        says.push_str("; both kinds must be learnt before anything is judged by them");
    }
    says
}

/// What was learnt is gone.
pub fn unlearnt(counts: Option<(u64, u64)>) -> String {
    match counts {
        None => "Nothing was learnt.".to_owned(),
        Some((spam, ham)) => {
            format!("forgot what {spam} messages of spam and {ham} of wanted mail had taught")
        }
    }
}

/// The end of learning.
pub fn learning_ended(counts: &super::Counts) -> String {
    match counts.troubles {
        0 => "done".to_owned(),
        troubles => format!("done; {} told above", count(troubles, "failure")),
    }
}

/// Paths and folders were mixed.
pub fn paths_and_folders() -> &'static str {
    "some of these are files or folders on this machine and some are not: name only paths, or name \
     folders of an account with --account"
}

/// It is not clear whose folders are meant.
pub fn which_account() -> &'static str {
    "there is more than one account: say whose folders these are, with --account"
}
