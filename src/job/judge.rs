//! The judge: the effective rules and lists of senders, ready to judge message after message.

use super::plan::{PlanError, own_files};
use crate::checks::{self, Context};
use crate::content;
use crate::mail::{Coverage, Digest, Message, Reading};
use crate::rules::senders::Senders;
use crate::rules::{self, Again, Ruleset, Source, Texts};
use crate::settings::{Account, Places};
use crate::verdict::{Level, Only, Verdict};
use jiff::Timestamp;

/// The effective rules and lists.
pub struct Judge {
    ruleset: Ruleset,
    senders: Senders,
    level: Level,
    lists: String,
}

impl Judge {
    /// Reads the shipped rules and weights, then the user's own from the configuration folder. A
    /// file that is refused is a warning, and the rest goes on.
    pub fn new(
        approved: &[String],
        blocked: &[String],
        places: &Places,
        level: Level,
        warnings: &mut Vec<String>,
    ) -> Result<Judge, PlanError> {
        let own = own_files(&places.config_dir.join("rules"), warnings);
        let own = own.into_iter().map(|(name, text)| Source::own(name, text));
        let weights = own_weights(places, warnings);
        let shipped = rules::shipped().into_iter();
        let sources: Vec<Source> = shipped.chain(own).chain(weights).collect();
        let (ruleset, refused) = Ruleset::load(&sources);
        warnings.extend(
            refused
                .iter()
                .map(|error| format!("{error}; the file was left out")),
        );
        if ruleset.rules().is_empty() {
            return Err(PlanError::NoRules(warnings.join("; ")));
        }
        let senders = Senders::parse(approved, blocked).map_err(PlanError::Senders)?;
        Ok(Judge {
            ruleset,
            senders,
            level,
            lists: format!("{approved:?}{blocked:?}"),
        })
    }

    /// Judges by one part alone; `None`: by both.
    pub fn by(self, only: Option<Only>) -> Result<Judge, PlanError> {
        match only {
            Some(Only::Learner) => Err(PlanError::NothingLearnt),
            Some(Only::Rules) | None => Ok(self),
        }
    }

    /// The rules in force.
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// What rules of the user's own can ask for: each check's name, and what it states.
    pub fn checks(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        checks::ALL.iter().map(|check| (check.name, check.about))
    }

    /// The level that verdicts are given at.
    pub fn level(&self) -> Level {
        self.level
    }

    /// What a verdict of these rules depends on beside the message, in one word: when it
    /// changes, messages are judged again. The level is not part of it: scores stay.
    pub fn fingerprint(&self, account: &Account) -> String {
        let owner = owner(account);
        Digest::of(format!("{}\n{}\n{owner}", self.ruleset.fingerprint(), self.lists).as_bytes())
            .to_string()
    }

    /// The rules' texts for this account: where one is the same, its rule need not run again.
    pub fn texts(&self, account: &Account) -> Texts {
        self.ruleset.texts(&owner(account))
    }

    /// What is to be done with messages that rules of the texts `before` judged.
    pub fn again(&self, before: &Texts, now: &Texts) -> Again {
        self.ruleset.again(before, now)
    }

    /// Judges again a message of which `before` was said; `None` where a view of it is needed.
    pub fn judge_again(
        &self,
        again: &Again,
        before: &Verdict,
        view: Option<&Message>,
        context: &Context,
    ) -> Option<Verdict> {
        let senders = &self.senders;
        self.ruleset
            .judge_again(again, before, view, context, senders, self.level)
    }

    /// Judges one message.
    pub fn judge(
        &self,
        bytes: Vec<u8>,
        coverage: Coverage,
        reading: &Reading,
        context: &Context,
    ) -> (Message, Verdict) {
        let mut message = Message::parse(bytes, coverage, reading);
        content::open(&mut message, reading);
        let verdict = self
            .ruleset
            .judge(&message, context, &self.senders, self.level);
        (message, verdict)
    }

    /// What checks may know of this account's owner, now.
    pub fn context(&self, account: Option<&Account>) -> Context {
        Context {
            now: Timestamp::now(),
            own_addresses: account.map_or_else(Vec::new, |account| account.addresses.clone()),
            own_domains: account.map_or_else(Vec::new, |account| account.own_domains.clone()),
            brands: self.ruleset.brands(),
        }
    }
}

/// The weights that the user measured: they replace those that are compiled in.
fn own_weights(places: &Places, warnings: &mut Vec<String>) -> Option<Source> {
    let path = places.weights_file();
    let name = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(Source::own(name, text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            warnings.push(format!("{name}: {error}; it was left out"));
            None
        }
    }
}

/// What the settings say of an account's owner and their servers, as text.
fn owner(account: &Account) -> String {
    format!(
        "{:?}{:?}{:?}{:?}",
        account.addresses, account.own_domains, account.authserv_ids, account.trusted_hosts
    )
}
