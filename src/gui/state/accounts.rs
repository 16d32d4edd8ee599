//! What the page for the mailboxes shows, and the first page with it: the list, the tries that
//! were made, and the form. A password that is typed is held here until it is stored, and wiped
//! with the form.

mod form;
mod trial;

pub use form::{Form, Search, Step};
pub use trial::{Done, Outcome, Trial};

use crate::job::{AlreadyOpen, Servers};
use crate::settings::{Field, Kind, Places, Secret, Security};
use std::collections::BTreeMap;

/// A password on its way from the field into the form; shows nothing of itself.
#[derive(Debug, Clone)]
pub struct Typed(pub Secret);

impl PartialEq for Typed {
    fn eq(&self, other: &Typed) -> bool {
        self.0.expose() == other.0.expose()
    }
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// The form for mail in files.
    AddFiles,
    /// The sample mail goes, with what was found in it, and a form for this kind comes.
    LeaveSample(Kind),
    /// The sample mail is laid out afresh; what was found in it goes.
    SampleAfresh,
    /// The form for an account of this name.
    Change(String),
    /// Tries the account of this name.
    Test(String),
    /// Ends the try of the account of this name.
    StopTest(String),
    /// Puts the outcome of a try away.
    Hide(String),
    /// Asks whether to remove the account of this name.
    AskRemove(String),
    /// Removes it.
    Remove(String),
    /// A field of the form says this now.
    Typed(Field, String),
    /// The password is this now.
    Password(Typed),
    /// The command that prints the password; empty: the keyring holds it.
    Command(String),
    /// A field of the form was left.
    Left(Field),
    /// How the connection is protected.
    Protect(Security),
    /// What kind of mail in files it is.
    Kind(Kind),
    /// Shows the server's fields, or puts them away.
    Server(bool),
    /// Takes the server that was found at this place of the list.
    Candidate(usize),
    /// Chooses a folder or file on the disk for a field; whether it is a file.
    Choose(Field, bool),
    /// Tries what the form says.
    Try,
    /// Ends that try.
    StopTry,
    /// Back from the folders to the fields.
    Fields,
    /// On from the fields, whose try went well, to the folders.
    GoOn,
    /// A folder is swept, or not any more.
    Sweep(String, bool),
    /// Stores what the form says.
    Save,
    /// Puts the form away.
    Cancel,
    /// Keeps a copy of the broken settings and begins new ones.
    StartFresh,
    /// Opens the folder of the settings file.
    OpenFolder,
    /// Reads the settings file again.
    ReadAgain,
    /// Closes the window.
    Close,
}

/// The page's own state.
#[derive(Default)]
pub struct State {
    /// The form, while it is open.
    pub form: Option<Form>,
    /// The tries of accounts in the list, by name.
    pub trials: BTreeMap<String, Trial>,
    /// What failed on this page.
    pub trouble: Option<String>,
    /// What is known of providers.
    pub servers: Servers,
    /// The owner's own places, while the demo is shown.
    pub own: Option<Places>,
    /// Why this window must not work: another is open.
    pub second: Option<AlreadyOpen>,
    /// A number for each piece of work, so that what comes late is known to be so.
    pub number: u64,
}

impl State {
    /// The number of the next piece of work.
    pub fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// Whether a name is taken by an account that is tried now.
    pub fn is_testing(&self, name: &str) -> bool {
        self.trials.get(name).is_some_and(Trial::is_running)
    }
}
