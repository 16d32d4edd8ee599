//! The sentences of the first page and of the page for the mailboxes.

use crate::text::count;

// ---- The first page --------------------------------------------------------------------------

/// The own mailboxes took the place of the sample mail.
pub const DEMO_LEFT: &str = "The sample mail was put away; the File menu lays it out afresh";
/// What is asked before the sample mail makes way for the own mailboxes.
pub const ASK_LEAVE_SAMPLE: &str = "Put the sample mail away? Your own mailbox takes its place in this window. What was found in the sample mail, and what you did with it, is not shown any more.";
/// The button that does it.
pub const LEAVE_SAMPLE: &str = "Put it away and add my mailbox";
/// What is asked before the sample mail is laid out once more.
pub const ASK_AFRESH: &str = "Lay the sample mail out afresh? What was found in it, and what you did with it, is not shown any more.";
/// The button that does it.
pub const SAMPLE_AFRESH: &str = "Lay it out afresh";
/// Where the sample mail is.
pub const SAMPLE_PLACE: &str = "Sample mail that comes with Postsweep";
/// The program.
pub const PROGRAM: &str = "Postsweep";
/// What it does.
pub const PURPOSE: &str = "Finds the spam and phishing that your mail gateway let through.";

/// A way in: its heading, what it is, and what it promises.
pub struct WayIn {
    /// Its heading, which is its button too.
    pub title: &'static str,
    /// What it is.
    pub says: &'static str,
    /// What it promises.
    pub promises: [&'static str; 3],
}

/// The demo.
pub const SAMPLE: WayIn = WayIn {
    title: "Try it on sample mail",
    says: "messages that come with the program. See the whole way, from sweep to report, in about two minutes.",
    promises: [
        "No mailbox, no password, no network",
        "Changes nothing of yours",
        "Reports go to a folder, not to anyone",
    ],
};

/// What it is, with how many messages there are.
pub fn sample(messages: usize) -> String {
    format!("{messages} {}", SAMPLE.says)
}

/// The owner's mailbox.
pub const MAILBOX: WayIn = WayIn {
    title: "Add my mailbox",
    says: "Name, address, password. The server is filled in where it is known, and tested while you watch.",
    promises: [
        "Messages stay unread and unchanged",
        "Nothing is moved or sent until you say so",
        "The password goes to your system’s keyring",
    ],
};

/// The way in for mail on disk.
pub const IN_FILES: &str = "Mail in files instead?";
/// Its link.
pub const OPEN_FILES: &str = "Open a Maildir, an mbox or a folder of .eml files";
/// The heading over the steps of the line.
pub const LINE: &str = "What happens to a message";
/// The steps of the line.
pub const STEPS: [(&str, &str); 5] = [
    ("Sweep", "Each message is read and judged on this computer."),
    ("Review", "You see each hit, and why, with the evidence."),
    (
        "Move",
        "Hits go to a folder you choose. A copy is kept first.",
    ),
    ("Report", "The originals go to the vendor in a locked zip."),
    ("Undo", "Every move can be taken back, one or all."),
];

// ---- Settings that cannot be read, and a second window ----------------------------------------

/// The heading where the settings cannot be read.
pub const BROKEN: &str = "The settings cannot be read";
/// What is in the way, and that nothing happened.
pub fn broken(path: &str, place: Option<(usize, usize)>) -> String {
    match place {
        Some((line, column)) => format!("{path}, line {line}, letter {column}"),
        None => path.to_owned(),
    }
}
/// What was not done.
pub const BROKEN_NOTHING: &str = "Nothing was changed, and no mail was touched. Put the file right and read it again, or begin anew: the file stays beside the new one, under another name.";
/// The way out.
pub const START_FRESH: &str = "Keep a copy and start fresh";
/// To mend it by hand.
pub const OPEN_FOLDER: &str = "Open the file’s folder";
/// Once it is mended.
pub const READ_AGAIN: &str = "Read it again";
/// What became of the old file.
pub fn kept_copy(path: &str) -> String {
    format!("New settings begun. The old ones are kept as {path}.")
}
/// The settings could be read.
pub const READ: &str = "The settings are read.";

/// The heading of a second window.
pub const SECOND: &str = "Postsweep is open already";
/// Why it does nothing.
pub const SECOND_SAYS: &str = "Another window works with these settings. Two at once could move the same message, so this one does nothing.";
/// It cannot be told whether another window is open.
pub const NO_DATA: &str = "The folder for data cannot be used";
/// The way out.
pub const CLOSE: &str = "Close this window";

// ---- The list --------------------------------------------------------------------------------

/// The page's title.
pub const TITLE: &str = "Accounts";
/// The line under it.
pub fn facts(accounts: usize, with_passwords: bool) -> String {
    match (accounts, with_passwords) {
        (0, _) => "No mailbox yet.".to_owned(),
        (_, true) => format!(
            "{}. Passwords are in your system’s keyring; nothing is moved until you say so.",
            mailboxes(accounts)
        ),
        (_, false) => format!(
            "{}. Nothing is moved until you say so.",
            mailboxes(accounts)
        ),
    }
}
fn mailboxes(number: usize) -> String {
    match number {
        1 => "1 mailbox".to_owned(),
        _ => format!("{number} mailboxes"),
    }
}
/// Nobody here.
pub const NONE: &str = "No mailbox yet. Add one to see what the gateway missed.";
/// The button.
pub const ADD: &str = "Add my mailbox";
/// The other button.
pub const ADD_FILES: &str = "Open mail in files";
/// Ends the try.
pub const STOP: &str = "Stop";
/// Changes an account.
pub const CHANGE: &str = "Change";
/// Removes an account.
pub const REMOVE: &str = "Remove";
/// Puts an outcome away.
pub const HIDE: &str = "Hide";
/// A button of one account among several, as it is read out.
pub fn of(button: &str, account: &str) -> String {
    format!("{button} “{account}”")
}
/// Who signs in where.
pub fn signs_in(user: &str, server: &str) -> String {
    format!("{user} at {server}")
}
/// What is swept, and where hits go.
pub fn sweeps(folders: &[String], move_to: &str) -> String {
    format!("Sweeps {}; hits go to “{move_to}”", folders.join(", "))
}
/// It is being tried.
pub fn testing(account: &str, in_files: bool) -> String {
    match in_files {
        true => format!("Looking at “{account}”…"),
        false => format!("Testing “{account}”…"),
    }
}
/// It works.
pub fn works(account: &str, in_files: bool) -> String {
    match in_files {
        true => format!("The mail of “{account}” is there."),
        false => format!("“{account}” works."),
    }
}
/// It does not.
pub fn does_not_work(account: &str, in_files: bool) -> String {
    match in_files {
        true => format!("The mail of “{account}” cannot be read."),
        false => format!("“{account}” does not work."),
    }
}
/// What is asked before an account goes.
pub fn ask_remove(account: &str) -> String {
    format!(
        "Remove “{account}”? Its settings and its password go. The mail stays where it is, and what was moved stays known."
    )
}
/// The button that does it.
pub fn remove(account: &str) -> String {
    format!("Remove “{account}”")
}
/// It is gone.
pub fn removed(account: &str, password: bool) -> String {
    match password {
        true => format!("“{account}” removed, and its password with it."),
        false => format!("“{account}” removed."),
    }
}
/// A password stayed behind.
pub fn left_password(why: &str) -> String {
    format!("A password that is not needed any more stayed in the keyring: {why}")
}
/// A sweep keeps it from being done.
pub const SWEEP_RUNS: &str = "A sweep runs. Stop it first.";

// ---- The form --------------------------------------------------------------------------------

/// The form for a new account.
pub const NEW: &str = "Add my mailbox";
/// The form for mail in files.
pub const NEW_FILES: &str = "Open mail in files";
/// The form for one that is known.
pub fn changing(account: &str) -> String {
    format!("Change “{account}”")
}
/// What is said of a try, by the kind of mailbox.
pub struct Way {
    /// Under the title of the form.
    pub not_yet: &'static str,
    /// Under the title, at the folders.
    pub choose: &'static str,
    /// The button that tries.
    pub go: &'static str,
    /// As above, once it failed.
    pub again: &'static str,
    /// Ends the try.
    pub stop: &'static str,
    /// The button of an account in the list.
    pub test: &'static str,
    /// As above, as it is read out before the account's name.
    pub test_of: &'static str,
    /// What there is to do about a failure that has no remedy of its own.
    pub other: &'static str,
}

/// On a server.
pub const SERVER: Way = Way {
    not_yet: "Nothing is stored before the connection was tested.",
    choose: "The connection works. Choose what to sweep, and where hits go.",
    go: "Test the connection",
    again: "Test again",
    stop: "Stop the test",
    test: "Test",
    test_of: "Test",
    other: "Test again; if it stays so, the log under Help says more.",
};

/// In files.
pub const FILES: Way = Way {
    not_yet: "Nothing is stored before the files were looked at.",
    choose: "The mail is there. Choose what to sweep, and where hits go.",
    go: "Look at the files",
    again: "Look again",
    stop: "Stop looking",
    test: "Check the files",
    test_of: "Check the files of",
    other: "Look again; if it stays so, the log under Help says more.",
};

/// Labels of fields.
pub mod label {
    /// The account's name.
    pub const NAME: &str = "Name of the account";
    /// The address.
    pub const ADDRESS: &str = "E-mail address";
    /// The password.
    pub const PASSWORD: &str = "Password";
    /// Servers that were found.
    pub const FOUND: &str = "Found for this address";
    /// The server.
    pub const HOST: &str = "IMAP server";
    /// Its port.
    pub const PORT: &str = "Port";
    /// Protection.
    pub const SECURITY: &str = "Encryption";
    /// The user.
    pub const USER: &str = "User name";
    /// The CA file.
    pub const CA_FILE: &str = "Certificate file";
    /// The command.
    pub const COMMAND: &str = "Command that prints the password";
    /// The path.
    pub const PATH: &str = "Folder or file";
    /// The kind of mail in files.
    pub const KIND: &str = "What it is";
    /// Where hits go.
    pub const MOVE_TO: &str = "Folder for hits";
    /// What is swept.
    pub const FOLDERS: &str = "Folders to sweep";
}

/// What an empty field shows.
pub mod hint {
    /// The address.
    pub const ADDRESS: &str = "pat@example.com";
    /// The password of an account that has one.
    pub const KEPT: &str = "The one that is stored";
    /// The server.
    pub const HOST: &str = "imap.example.com";
    /// The port with TLS from the first byte.
    pub const PORT: &str = "993";
    /// The port with STARTTLS.
    pub const PORT_STARTTLS: &str = "143";
    /// The password of a provider that wants one made for this program.
    pub const APP_PASSWORD: &str = "The app password";
    /// The user.
    pub const USER: &str = "As the address";
    /// The CA file.
    pub const CA_FILE: &str = "Only for a server of your own";
    /// The command.
    pub const COMMAND: &str = "Only without a keyring";
}

/// Ways to protect a connection.
pub const TLS: &str = "TLS";
/// As above.
pub const STARTTLS: &str = "STARTTLS";
/// As above.
pub const CLEAR: &str = "None (this computer only)";
/// Kinds of mail in files.
pub const MAILDIR: &str = "Maildir";
/// As above.
pub const EML: &str = ".eml files or mbox";

/// Opens the file dialog.
pub const CHOOSE_FOLDER: &str = "Choose a folder…";
/// As above.
pub const CHOOSE_FILE: &str = "Choose a file…";
/// The way out where the keyring takes no password.
pub const NO_KEYRING: &str =
    "Name a command that prints the password instead, under Server settings.";
/// Shows the server's fields.
pub const SHOW_SERVER: &str = "Server settings";
/// Puts the form away.
pub const CANCEL: &str = "Cancel";
/// Back to the fields.
pub const BACK: &str = "Back";
/// Stores a new account.
pub const SAVE: &str = "Add the mailbox";
/// Stores a change.
pub const SAVE_CHANGE: &str = "Save the change";
/// Goes on.
pub const GO_ON: &str = "Go on";
/// It is being stored.
pub const SAVING: &str = "Storing the password and the settings…";
/// Why the password is not shown.
pub const TO_KEYRING: &str = "Goes to your system’s keyring, never to a file.";
/// Of the password that a provider wants.
pub const APP_PASSWORD: &str =
    "The one made for this program, not your usual one. Goes to your system’s keyring.";
/// The provider takes none.
pub const TAKES_NONE: &str = "There is nothing to type here: this provider takes no password.";
/// A step of what is to be done first.
pub fn numbered(number: usize) -> String {
    format!("{number}.")
}
/// There is none.
pub fn no_password() -> &'static str {
    "Type the password."
}
/// Somebody looks for the server.
pub const SEARCHING: &str = "Looking for the server…";
/// It is a provider's.
pub fn found_provider(provider: &str, server: &str) -> String {
    format!("{provider}: {server}")
}
/// The domain says so.
pub fn found_by_domain(server: &str) -> String {
    format!("The address’s domain names {server}.")
}
/// As above, and it is elsewhere.
pub fn found_elsewhere(server: &str) -> String {
    format!(
        "The address’s domain names {server}, which is in another domain: check that it is your provider’s before you sign in."
    )
}
/// It is a guess.
pub fn guessed(server: &str) -> String {
    format!("Nobody says which server it is. {server} is a guess: ask whoever keeps your mail.")
}
/// A server that was found, among several.
pub fn option_found(server: &str) -> String {
    format!("{server}, named by the domain")
}
/// A server that was guessed, among several.
pub fn option_guessed(server: &str) -> String {
    format!("{server}, a guess")
}
/// Opens the provider's page.
pub const OPEN_PAGE: &str = "Open its page";
/// It was added.
pub fn added(account: &str) -> String {
    format!("“{account}” added. Sweep it when you like.")
}
/// It was changed.
pub fn changed(account: &str) -> String {
    format!("“{account}” changed.")
}
/// What the folder for hits is.
pub const MADE_WHEN_NEEDED: &str = "Made when the first hit is moved, if it is not there.";
/// Nothing chosen.
pub const NO_FOLDER: &str = "Tick at least one folder to sweep.";

// ---- The try ---------------------------------------------------------------------------------

/// Names of the steps.
pub mod stage {
    /// The name is looked up.
    pub const FIND: &str = "Find the server";
    /// For mail in files.
    pub const FIND_FILES: &str = "Find the mail";
    /// Somebody listens.
    pub const CONNECT: &str = "Connect";
    /// Encrypted.
    pub const ENCRYPT: &str = "Encrypt";
    /// Accepted.
    pub const SIGN_IN: &str = "Sign in";
    /// Listed.
    pub const LIST: &str = "List folders";
}

/// A step whose turn has not come.
pub const WAITING: &str = "waiting";
/// A step that was not come to.
pub const NOT_REACHED: &str = "not reached";
/// A step that goes on.
pub const RUNNING: &str = "working…";
/// What a step and its outcome are read out as.
pub fn step(name: &str, outcome: &str) -> String {
    format!("{name}: {outcome}")
}
/// A step that failed.
pub const FAILED: &str = "failed";
/// The host's name was found.
pub fn resolved(addresses: &[String]) -> String {
    match addresses.split_first() {
        Some((first, [])) => first.clone(),
        Some((first, rest)) => format!("{first} and {} more", rest.len()),
        None => String::new(),
    }
}
/// A server listens.
pub fn connected(address: &str) -> String {
    address.to_owned()
}
/// The connection is encrypted.
pub fn encrypted() -> &'static str {
    "done; the server is who it should be"
}
/// It is not.
pub fn in_the_clear() -> &'static str {
    "not encrypted, to this computer itself"
}
/// Accepted.
pub fn signed_in() -> &'static str {
    "accepted"
}
/// Mail in files is there.
pub fn found_files() -> &'static str {
    "it is there"
}
/// The folders.
pub fn listed(folders: usize) -> String {
    count(folders, "folder")
}
/// Folders that are not there.
pub fn no_such_folders(names: &[String]) -> String {
    format!(
        "Not there any more: {}. Change the account and choose others.",
        names.join(", ")
    )
}

/// What there is to do about a failure.
pub mod remedy {
    /// The host is not known, or nobody listens there.
    pub const UNREACHABLE: &str =
        "Check the server’s name and port, and that this computer is online.";
    /// Nothing came in time.
    pub const SILENT: &str = "Check port and encryption: a server often says nothing when they do not match. Then test again.";
    /// The certificate was refused.
    pub const CERTIFICATE: &str = "Do not sign in unless you know why. If the server is your own, name its certificate file under Server settings.";
    /// The server is not what it should be.
    pub const UNFIT: &str = "Check port and encryption under Server settings.";
    /// The sign-in was refused.
    pub const REFUSED: &str = "Check the password and the user name. Many providers want a password made for this program.";
    /// The server asks to wait.
    pub const BUSY: &str = "Wait a minute, then test again.";
    /// There is no password.
    pub const NO_PASSWORD: &str = "Change the account and type its password.";
    /// The mail is not there.
    pub const NOT_THERE: &str = "Choose another folder or file.";
    /// It was stopped.
    pub const STOPPED: &str = "You stopped it.";
}
