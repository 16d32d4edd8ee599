//! A try of a mailbox as it is watched: which steps are done and with what outcome, which one
//! goes on, and what failed.

use crate::job::{Failed, Folder, Probed, Stage, Step, Stop};
use crate::settings::Account;
use crate::text::window::accounts as words;

/// A step that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The step.
    pub stage: Stage,
    /// What came of it.
    pub says: String,
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Its turn has not come.
    Waiting,
    /// It goes on.
    Running,
    /// It is done, with this outcome.
    Done(&'a str),
    /// It failed.
    Failed(&'a Failed),
}

/// One try.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Its number.
    pub number: u64,
    /// The steps, in order.
    pub stages: &'static [Stage],
    /// Those that are done.
    pub done: Vec<Done>,
    /// The one that failed.
    pub failed: Option<Failed>,
    /// The folders that were listed.
    pub folders: Vec<Folder>,
    /// Folders that the account names and that are not there.
    pub missing: Vec<String>,
    /// Whether it has ended.
    pub ended: bool,
    /// Ends it.
    pub stop: Stop,
}

impl Trial {
    /// A try that has just begun.
    pub fn begun(number: u64, account: &Account) -> Trial {
        Trial {
            number,
            stages: Stage::of(account),
            done: Vec::new(),
            failed: None,
            folders: Vec::new(),
            missing: Vec::new(),
            ended: false,
            stop: Stop::default(),
        }
    }

    /// Whether it is of mail in files, to which nobody connects.
    pub fn is_of_files(&self) -> bool {
        !self.stages.contains(&Stage::Connect)
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        !self.ended
    }

    /// Whether every step was done and every folder is there.
    pub fn works(&self) -> bool {
        self.ended && self.failed.is_none() && self.missing.is_empty()
    }

    /// Whether the mailbox was reached, whatever folders are not there.
    pub fn reached(&self) -> bool {
        self.ended && self.failed.is_none()
    }

    /// Takes what the probe tells.
    pub fn heard(&mut self, probed: Probed) {
        let done = match probed {
            Probed::Step(step) => match told(&step) {
                Some(done) => done,
                None => return,
            },
            Probed::Folders(folders) => {
                if self.is_of_files() {
                    let says = words::found_files().to_owned();
                    self.done.push(Done {
                        stage: Stage::Find,
                        says,
                    });
                }
                let says = words::listed(folders.len());
                self.folders = folders;
                Done {
                    stage: Stage::List,
                    says,
                }
            }
            Probed::NoSuchFolder(name) => {
                self.missing.push(name);
                return;
            }
        };
        self.done.push(done);
    }

    /// It has ended so.
    pub fn ended(&mut self, outcome: Result<(), Failed>) {
        self.ended = true;
        self.failed = outcome.err();
    }

    /// How a step stands.
    pub fn outcome(&self, stage: Stage) -> Outcome<'_> {
        if let Some(failed) = self.failed.as_ref().filter(|failed| failed.stage == stage) {
            return Outcome::Failed(failed);
        }
        if let Some(done) = self.done.iter().rfind(|done| done.stage == stage) {
            return Outcome::Done(&done.says);
        }
        let next = self
            .stages
            .iter()
            .find(|stage| !self.done.iter().any(|done| done.stage == **stage));
        match self.is_running() && next == Some(&stage) {
            true => Outcome::Running,
            false => Outcome::Waiting,
        }
    }
}

/// What came of a step; that folders were listed is told with them.
fn told(step: &Step) -> Option<Done> {
    let (stage, says) = match step {
        Step::Resolved(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(|at| at.ip().to_string()).collect();
            (Stage::Find, words::resolved(&addresses))
        }
        Step::Connected(address) => (Stage::Connect, words::connected(&address.to_string())),
        Step::Encrypted => (Stage::Encrypt, words::encrypted().to_owned()),
        Step::InTheClear => (Stage::Encrypt, words::in_the_clear().to_owned()),
        Step::SignedIn(_) => (Stage::SignIn, words::signed_in().to_owned()),
        Step::Listed(_) => return None,
    };
    Some(Done { stage, says })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Hindrance;
    use crate::settings::Draft;
    use std::path::Path;

    fn begun() -> Trial {
        let draft = Draft {
            name: "Work".to_owned(),
            address: "pat@example.com".to_owned(),
            host: "imap.example.com".to_owned(),
            ..Draft::default()
        };
        let account = draft.check(Path::new("config.toml"), &[]).unwrap();
        Trial::begun(1, &account)
    }

    #[test]
    fn one_step_goes_on_at_a_time_and_none_after_the_end() {
        let mut trial = begun();
        assert_eq!(trial.outcome(Stage::Find), Outcome::Running);
        assert_eq!(trial.outcome(Stage::Connect), Outcome::Waiting);
        trial.heard(Probed::Step(Step::Resolved(vec![
            "192.0.2.1:993".parse().unwrap(),
        ])));
        assert!(
            matches!(trial.outcome(Stage::Find), Outcome::Done(says) if says.contains("192.0.2.1"))
        );
        assert_eq!(trial.outcome(Stage::Connect), Outcome::Running);
        let failed = Failed {
            stage: Stage::Connect,
            why: Hindrance::Unreachable,
            says: "nobody".to_owned(),
        };
        trial.ended(Err(failed.clone()));
        assert_eq!(trial.outcome(Stage::Connect), Outcome::Failed(&failed));
        assert_eq!(trial.outcome(Stage::Encrypt), Outcome::Waiting);
        assert!(!trial.works());
    }

    #[test]
    fn a_mailbox_whose_folder_is_missing_is_reached_and_does_not_work() {
        let mut trial = begun();
        trial.heard(Probed::Folders(Vec::new()));
        trial.heard(Probed::NoSuchFolder("Kunden".to_owned()));
        trial.ended(Ok(()));
        assert!(trial.reached() && !trial.works());
    }
}
