//! What the page for the sweep shows: what is chosen for the next one, and how far the last one
//! is. Counts come from what the job tells, and agree: seen = judged + not read.

mod pace;
mod run;

pub use pace::Pace;
pub use run::{FolderRow, LatestHit, Notice, Phase, Run, Standing};

use crate::settings::{Account, Settings};
use crate::verdict::Level;
use std::collections::BTreeSet;

/// How far back messages are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Since {
    /// As each account's settings say.
    #[default]
    AsSet,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// Every message.
    Ever,
}

impl Since {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Since; 6] = [
        Since::AsSet,
        Since::Day,
        Since::Week,
        Since::Month,
        Since::Quarter,
        Since::Ever,
    ];

    /// In hours, for an account whose settings say `set`.
    pub fn hours(self, set: Option<u64>) -> Option<u64> {
        match self {
            Since::AsSet => set,
            Since::Day => Some(24),
            Since::Week => Some(7 * 24),
            Since::Month => Some(30 * 24),
            Since::Quarter => Some(91 * 24),
            Since::Ever => None,
        }
    }
}

/// The levels, from the fewest false alarms to the most hits.
pub const LEVELS: [Level; 3] = [Level::Low, Level::Medium, Level::High];

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Whether an account is swept.
    Account(String, bool),
    /// Whether a folder of an account is swept.
    Folder(String, String, bool),
    /// How much must speak against a message, in the next sweep.
    Level(Level),
    /// How far back, in the next sweep.
    Since(Since),
    /// Back to choosing, after a sweep.
    Choose,
}

/// What is chosen for the next sweep. What is not named is swept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    /// Accounts that are left out.
    pub without_accounts: BTreeSet<String>,
    /// Folders that are left out, each with its account.
    pub without_folders: BTreeSet<(String, String)>,
    /// Another level than the settings'.
    pub level: Option<Level>,
    /// How far back.
    pub since: Since,
}

impl Choice {
    /// Whether a folder is swept, if its account is.
    pub fn has_folder(&self, account: &str, folder: &str) -> bool {
        let left_out = (account.to_owned(), folder.to_owned());
        !self.without_folders.contains(&left_out)
    }

    /// Whether anything of an account is swept.
    pub fn has_account(&self, account: &Account) -> bool {
        let has = |folder: &String| self.has_folder(&account.name, folder);
        !self.without_accounts.contains(&account.name) && account.folders.iter().any(has)
    }

    /// The accounts that are swept, with what of each.
    pub fn accounts(&self, settings: &Settings) -> Vec<Account> {
        let chosen = settings.accounts.iter();
        let chosen = chosen.filter(|account| self.has_account(account)).cloned();
        chosen
            .map(|mut account| {
                let name = account.name.clone();
                account
                    .folders
                    .retain(|folder| self.has_folder(&name, folder));
                account.since_hours = self.since.hours(account.since_hours);
                account
            })
            .collect()
    }

    /// The settings of a sweep of just this.
    pub fn settings(&self, settings: &Settings) -> Settings {
        Settings {
            accounts: self.accounts(settings),
            level: self.level.unwrap_or(settings.level),
            ..settings.clone()
        }
    }
}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {
    /// What is chosen for the next sweep.
    pub choice: Choice,
    /// The sweep that goes on, or that was the last.
    pub run: Option<Run>,
}

impl State {
    /// The sweep that goes on.
    pub fn running(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| run.phase != Phase::Done)
    }

    /// Whether a sweep goes on.
    pub fn is_running(&self) -> bool {
        self.running().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Since};
    use crate::settings::Settings;
    use std::path::Path;

    #[test]
    fn what_is_left_out_is_not_swept_and_the_rest_is() {
        let text = "[[account]]\nname = \"work\"\nsource = \"maildir\"\npath = \"/mail\"\n\
                    folders = [\"INBOX\", \"Archive\"]\nsince = \"2 days\"\n\
                    [[account]]\nname = \"home\"\nsource = \"maildir\"\npath = \"/home\"\n\
                    folders = [\"INBOX\"]\n";
        let settings = Settings::parse(Path::new("config.toml"), text).unwrap();
        let mut choice = Choice::default();
        assert_eq!(choice.settings(&settings), settings);
        let archive = ("work".to_owned(), "Archive".to_owned());
        choice.without_folders.insert(archive);
        choice.without_accounts.insert("home".to_owned());
        choice.since = Since::Week;
        let chosen = choice.settings(&settings).accounts;
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0].folders, ["INBOX"]);
        assert_eq!(chosen[0].since_hours, Some(168));
        choice
            .without_folders
            .insert(("work".to_owned(), "INBOX".to_owned()));
        assert!(choice.accounts(&settings).is_empty());
    }
}
