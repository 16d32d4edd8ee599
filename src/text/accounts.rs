//! Sentences about settings, accounts and passwords.

use super::count;

/// The settings hold together.
pub fn settings_are_fine(path: &str, accounts: usize) -> String {
    format!("{path}: good, {}", count(accounts, "account"))
}

/// Steps of `account test`.
pub mod step {
    fn line(what: &str, outcome: &str) -> String {
        format!("  {what:<10} {outcome}")
    }

    /// The host's name was found.
    pub fn resolved(addresses: &[String]) -> String {
        line("find", &addresses.join(", "))
    }

    /// A server listens.
    pub fn connected(address: &str) -> String {
        line("connect", address)
    }

    /// The connection is encrypted.
    pub fn encrypted() -> String {
        line("encrypt", "done; the server is who it should be")
    }

    /// The connection is in the clear.
    pub fn in_the_clear() -> String {
        line("encrypt", "not encrypted, to this computer itself")
    }

    /// The user and the password were accepted.
    pub fn signed_in(mechanism: &str) -> String {
        line("sign in", &format!("accepted ({mechanism})"))
    }

    /// The folders, by name.
    pub fn folders(names: &[String]) -> String {
        line("folders", &names.join(", "))
    }

    /// A folder to sweep is not there.
    pub fn no_such_folder(name: &str) -> String {
        line(
            "folders",
            &format!(
                "FAILED: there is no folder \"{name}\": name one of those above under `folders`"
            ),
        )
    }

    /// A step failed.
    pub fn failed(why: &str) -> String {
        format!("  FAILED: {why}")
    }
}

/// An account by its name, and by what people call it where that is something else.
pub fn called(name: &str, shown: &str) -> String {
    match name == shown {
        true => name.to_owned(),
        false => format!("{name} ({shown})"),
    }
}

/// The account that is tried.
pub fn testing(account: &str) -> String {
    format!("{account}:")
}

/// An account works.
pub fn works(account: &str) -> String {
    format!("{account}: works")
}

/// An account does not.
pub fn does_not_work(account: &str) -> String {
    format!(
        "{account}: does not work yet; put right what is said above and run `postsweep account test {account}`"
    )
}

/// An account was written into the settings.
pub fn added(account: &str, path: &str) -> String {
    format!("{account}: added to {path}")
}

/// An account was taken out of the settings.
pub fn removed(account: &str, path: &str) -> String {
    format!("{account}: removed from {path}; its mail, samples and history stay")
}

/// Its password was removed as well.
pub fn password_removed(account: &str) -> String {
    format!("{account}: password removed from the keyring")
}

/// A password is in the keyring.
pub fn password_stored(whose: &str) -> String {
    format!("{whose}: password stored in the keyring")
}

/// A password that the keyring has no part in.
pub fn not_in_keyring(whose: &str, place: &str) -> String {
    format!(
        "{whose}: the settings take this password from {place}, not from the keyring; change it there"
    )
}

/// No account of that name.
pub fn no_such_account(name: &str, known: &[&str]) -> String {
    match known {
        [] => format!("there is no account \"{name}\", and no other: run `postsweep account add`"),
        _ => format!(
            "there is no account \"{name}\"; the settings have: {}",
            known.join(", ")
        ),
    }
}

/// No account at all.
pub fn no_accounts() -> &'static str {
    "No account is set up; `postsweep account add` does so."
}

/// No server for outgoing mail.
pub fn no_outgoing() -> &'static str {
    "the settings have no [outgoing]"
}

/// An account that signs in nowhere.
pub fn needs_no_password(name: &str) -> String {
    format!("{name}: signs in nowhere, so that it needs no password")
}

/// An answer is needed, and nobody is there to give it.
pub fn needed(option: &str) -> String {
    format!("{option} is needed: there is no terminal to ask at")
}

/// The password on standard input is not there.
pub fn no_password_given() -> &'static str {
    "no password was given; nothing was changed"
}

/// What the keyring's refusal means for a new account.
pub fn keyring_of_no_use(reason: &str) -> String {
    format!("the password cannot be stored: {reason}")
}

/// Where a password is, for lists.
pub fn in_keyring() -> &'static str {
    "the keyring"
}

/// As above.
pub fn in_command() -> &'static str {
    "password-command"
}

/// As above.
pub fn in_variable(name: &str) -> String {
    format!("the environment variable {name}")
}

/// As above.
pub fn in_credential(name: &str) -> String {
    format!("the systemd credential {name}")
}

/// Where an account of a server signs in.
pub fn signs_in(user: &str, server: &str, password: &str) -> String {
    format!("{user} at {server}, password in {password}")
}

/// A word that is no protection.
pub fn no_such_security(word: &str) -> String {
    format!("\"{word}\" is none of tls, starttls, none")
}

/// Input ended where an answer was wanted.
pub fn no_answer() -> &'static str {
    "no answer was given; nothing was changed"
}

/// A line of `account list`.
pub fn account(name: &str, place: &str, folders: &[String], move_to: &str) -> String {
    format!("{name}: {place}: {} → {move_to}", folders.join(", "))
}

/// The questions of `account add`.
pub mod ask {
    /// The e-mail address or user name.
    pub const USER: &str = "User name at the server, often your e-mail address";
    /// The server.
    pub const SERVER: &str = "IMAP server";
    /// The protection.
    pub const SECURITY: &str = "Protection: tls, starttls, or none (this machine only)";
    /// The name.
    pub const NAME: &str = "A short name for this account";
    /// The target folder.
    pub const MOVE_TO: &str = "Folder for what was missed";
    /// The password, which is not echoed.
    pub const PASSWORD: &str = "Password (not shown)";
    /// The command instead.
    pub const COMMAND: &str = "A command that prints the password instead (empty: give up)";

    /// A question with what an empty answer means.
    pub fn with_default(question: &str, default: &str) -> String {
        if default.is_empty() {
            format!("{question}: ")
        } else {
            format!("{question} [{default}]: ")
        }
    }
}
