//! What a page asks for: a command that menus and keys know too, or something of its own that
//! needs a parameter.

use super::Command;
use super::state;

/// One thing that a person wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// A command from the list behind menus, buttons and shortcuts.
    Do(Command),
    /// Of the page for accounts.
    Accounts(state::accounts::Ask),
    /// Of the page that sweeps.
    Sweep(state::sweep::Ask),
    /// Of the page for hits.
    Review(state::review::Ask),
    /// Of the page for reports.
    Report(state::report::Ask),
    /// Of the history.
    History(state::history::Ask),
    /// Of the lists and rules.
    Lists(state::lists::Ask),
    /// Of the settings.
    Settings(state::settings::Ask),
    /// The open question is answered: go ahead.
    Answer,
    /// The open question, or whatever lies over the page, is put away.
    Dismiss,
    /// The path that is asked for is this, so far.
    TypePath(String),
    /// The path that is typed is the one.
    TakePath,
    /// What the status line says is dealt with.
    Seen,
}

impl From<Command> for Intent {
    fn from(command: Command) -> Intent {
        Intent::Do(command)
    }
}
