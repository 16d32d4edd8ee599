//! The form for an account, new or known: what is typed, what was found, and which fields cannot
//! stay as they are. Nothing is read or written here.

use super::trial::Trial;
use crate::job::{Folder, FoundServers, SpecialUse};
use crate::settings::{Account, Draft, Field, Flaw, Kind, PasswordFrom, Secret, Settings, SignIn};
use std::collections::BTreeSet;

/// Where in the form somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    /// Name, address, password, server.
    #[default]
    Fields,
    /// What to sweep, and where hits go.
    Folders,
}

/// The search for the server.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Search {
    /// Nobody looks.
    #[default]
    Idle,
    /// Somebody looks.
    Running(u64),
    /// These were found, the first of them taken unless another was chosen.
    Found(Vec<FoundServers>, usize),
}

/// The form.
#[derive(Debug)]
pub struct Form {
    /// What is typed.
    pub draft: Draft,
    /// The account that is changed; `None`: a new one.
    pub changing: Option<String>,
    /// What that is called until the change is stored.
    pub called: String,
    /// The password that is typed; empty: none.
    pub password: Secret,
    /// Where somebody is.
    pub step: Step,
    /// The search for the server.
    pub search: Search,
    /// Ends it.
    pub stop: crate::job::Stop,
    /// The try of what is typed.
    pub trial: Option<Trial>,
    /// Whether the server's fields are shown.
    pub shows_server: bool,
    /// Whether it is being stored.
    pub saving: bool,
    /// Why it could not be stored.
    pub trouble: Option<String>,
    /// Whether a person said what lies at the path.
    kind_chosen: bool,
    /// Fields that were typed in by a person: nothing that is found replaces them.
    typed: BTreeSet<Field>,
    /// Fields that were left: what is wrong with them is told.
    left: BTreeSet<Field>,
    /// What is wrong now.
    flaws: Vec<Flaw>,
}

impl Form {
    /// An empty form.
    pub fn new(kind: Kind) -> Form {
        Form::over(
            Draft {
                kind,
                ..Draft::default()
            },
            None,
        )
    }

    /// The form of an account that is known.
    pub fn of(account: &Account) -> Form {
        let mut form = Form::over(Draft::of(account), Some(account.name.clone()));
        form.shows_server = true;
        form.typed.extend([Field::Host, Field::Name]);
        form
    }

    fn over(draft: Draft, changing: Option<String>) -> Form {
        Form {
            called: draft.name.clone(),
            draft,
            changing,
            password: Secret::new(String::new()),
            step: Step::Fields,
            search: Search::Idle,
            stop: crate::job::Stop::default(),
            trial: None,
            shows_server: false,
            saving: false,
            trouble: None,
            kind_chosen: false,
            typed: BTreeSet::new(),
            left: BTreeSet::new(),
            flaws: Vec::new(),
        }
    }

    /// What a field says now. What was tried or found for what it said before is void.
    pub fn type_in(&mut self, field: Field, text: String) {
        self.typed.insert(field);
        match field {
            Field::Name => self.draft.name = text,
            Field::Address => {
                self.draft.address = text;
                self.name_by_address();
                self.stop.ask();
                self.search = Search::Idle;
                if !self.typed.contains(&Field::Host) {
                    self.draft.host.clear();
                    self.draft.port.clear();
                }
            }
            Field::Host => self.draft.host = text,
            Field::Port => self.draft.port = text,
            Field::User => self.draft.user = text,
            Field::CaFile => self.draft.ca_file = text,
            Field::Path => {
                self.draft.path = text;
                self.kind_chosen = false;
            }
            Field::MoveTo => self.draft.move_to = text,
            Field::Password | Field::Security | Field::Folders => {}
        }
        if !matches!(field, Field::Name | Field::MoveTo) {
            self.void();
        }
    }

    /// A person says what lies at the path.
    pub fn choose_kind(&mut self, kind: Kind) {
        self.draft.kind = kind;
        self.kind_chosen = true;
        self.void();
    }

    /// Whether a look at the path may say what lies there: nobody else did.
    pub fn asks_kind(&self) -> bool {
        self.changing.is_none() && self.draft.kind == Kind::Files && !self.kind_chosen
    }

    /// A try of something else says nothing of this.
    pub fn void(&mut self) {
        self.trouble = None;
        if let Some(trial) = self.trial.take() {
            trial.stop.ask();
        }
    }

    /// The account is called by its address until somebody gives it another name.
    fn name_by_address(&mut self) {
        if self.changing.is_none() && !self.typed.contains(&Field::Name) {
            let fits = |c: &char| c.is_alphanumeric() || "-_.@+ ".contains(*c);
            let name: String = self
                .draft
                .address
                .trim()
                .chars()
                .filter(fits)
                .take(64)
                .collect();
            self.draft.name = name;
        }
    }

    /// The server that is found for the address, unless a person typed one.
    pub fn found(&mut self, all: Vec<FoundServers>) {
        match all.is_empty() {
            true => self.search = Search::Idle,
            false => {
                self.search = Search::Found(all, 0);
                if !self.typed.contains(&Field::Host) {
                    self.take(0);
                }
            }
        }
    }

    /// Takes one of those that were found.
    pub fn choose(&mut self, at: usize) {
        self.typed.remove(&Field::Host);
        self.take(at);
    }

    fn take(&mut self, at: usize) {
        let Search::Found(all, chosen) = &mut self.search else {
            return;
        };
        let Some(candidate) = all.get(at) else {
            return;
        };
        *chosen = at;
        self.draft.host = candidate.imap.server.clone();
        self.draft.security = candidate.imap.security;
        let usual = matches!(
            (candidate.imap.security, candidate.imap.port),
            (crate::settings::Security::Tls, 993) | (crate::settings::Security::Starttls, 143)
        );
        self.draft.port = match usual {
            true => String::new(),
            false => candidate.imap.port.to_string(),
        };
        if !self.typed.contains(&Field::User) {
            self.draft.user = match candidate.user == self.draft.address.trim() {
                true => String::new(),
                false => candidate.user.clone(),
            };
        }
        self.void();
    }

    /// What was found and is taken.
    pub fn candidate(&self) -> Option<&FoundServers> {
        match &self.search {
            Search::Found(all, chosen) => all.get(*chosen),
            _ => None,
        }
    }

    /// What the server that is taken takes from a program: a provider's word, while nobody typed
    /// another server.
    pub fn takes(&self) -> SignIn {
        let taken = |found: &&FoundServers| found.imap.server == self.draft.host;
        let found = self.candidate().filter(taken);
        match self.draft.kind {
            Kind::Imap => found.map_or(SignIn::Password, |found| found.sign_in),
            Kind::Maildir | Kind::Files => SignIn::Password,
        }
    }

    /// A field was left.
    pub fn leave(&mut self, field: Field) {
        self.left.insert(field);
    }

    /// The accounts beside this one.
    pub fn others(&self, settings: &Settings) -> Vec<Account> {
        let changing = self.changing.as_deref();
        let all = settings.accounts.iter();
        all.filter(|known| Some(known.name.as_str()) != changing)
            .cloned()
            .collect()
    }

    /// The try has ended: where the mailbox was reached, its folders are next.
    pub fn tried(&mut self) {
        let Some(trial) = self.trial.as_ref().filter(|trial| trial.reached()) else {
            return;
        };
        let is_there = |name: &String| {
            let mut folders = trial.folders.iter();
            folders.any(|folder| folder.name.eq_ignore_ascii_case(name))
        };
        // What was chosen before and is not there any more would be refused by every sweep.
        self.draft.folders.retain(is_there);
        if self.draft.folders.is_empty() {
            let mut folders = trial.folders.iter().filter(|folder| folder.selectable);
            let is_inbox = |folder: &&Folder| folder.special == Some(SpecialUse::Inbox);
            let first = folders.clone().find(is_inbox).or_else(|| folders.next());
            let first = first.map(|folder| folder.name.clone());
            self.draft.folders.extend(first);
        }
        self.step = Step::Folders;
    }

    /// Mail in files is called by its folder until somebody gives it another name.
    pub fn name_by_path(&mut self) {
        if !self.typed.contains(&Field::Name) {
            let last = std::path::Path::new(&self.draft.path).file_stem();
            let last = last.unwrap_or_default().to_string_lossy().into_owned();
            let fits = |c: &char| c.is_alphanumeric() || "-_@+ ".contains(*c);
            self.draft.name = last.chars().filter(fits).take(64).collect();
        }
    }

    /// Looks anew at what is wrong. A password for a server that takes none is wiped, and a known
    /// account has its own again.
    pub fn check(&mut self, settings: &Settings) {
        if self.takes() == SignIn::Oauth && !self.password.expose().is_empty() {
            self.password = Secret::new(String::new());
            let known = self.changing.as_deref();
            if let Some(known) = known.and_then(|name| settings.account(name)) {
                self.draft.password = Draft::of(known).password;
            }
        }
        let others = self.others(settings);
        self.flaws = self
            .draft
            .check(&settings.path, &others)
            .err()
            .unwrap_or_default();
        if self.needs_password() {
            self.flaws.push(Flaw {
                field: Field::Password,
                says: crate::text::window::accounts::no_password().to_owned(),
            });
        }
    }

    /// Whether there is no password and must be one. An account that is changed keeps its own.
    pub fn needs_password(&self) -> bool {
        self.draft.kind == Kind::Imap
            && self.changing.is_none()
            && matches!(self.draft.password, PasswordFrom::Keyring(_))
            && self.password.expose().is_empty()
    }

    /// What is wrong with a field, once it was left or the whole was asked for.
    pub fn flaw(&self, field: Field) -> Option<&str> {
        let is_told = self.left.contains(&field);
        let flaw = self.flaws.iter().find(|flaw| flaw.field == field)?;
        is_told.then_some(flaw.says.as_str())
    }

    /// Takes what the job found wrong.
    pub fn refused(&mut self, flaws: Vec<Flaw>) {
        self.left.extend(flaws.iter().map(|flaw| flaw.field));
        self.flaws = flaws;
    }

    /// Everything that is wrong is told from now on.
    pub fn tell_all(&mut self) {
        self.left.extend(self.flaws.iter().map(|flaw| flaw.field));
        let of_server = [Field::Port, Field::Security, Field::User, Field::CaFile];
        let is_hidden = |flaw: &Flaw| of_server.contains(&flaw.field) || flaw.field == Field::Host;
        self.shows_server |= self.flaws.iter().any(is_hidden);
    }

    /// The first field that cannot stay as it is.
    pub fn first_flaw(&self) -> Option<Field> {
        self.flaws.first().map(|flaw| flaw.field)
    }

    /// Whether something that cannot stay as it is, is told.
    pub fn tells_flaw(&self) -> bool {
        let mut flaws = self.flaws.iter();
        flaws.any(|flaw| self.left.contains(&flaw.field))
    }

    /// Whether nobody typed anything yet.
    pub fn is_untouched(&self) -> bool {
        self.changing.is_none() && self.typed.is_empty() && self.left.is_empty()
    }

    /// Whether what is typed is being tried.
    pub fn is_trying(&self) -> bool {
        self.trial.as_ref().is_some_and(Trial::is_running)
    }

    /// Whether nothing can be typed now.
    pub fn is_busy(&self) -> bool {
        self.saving || self.is_trying()
    }

    /// Whether all of it may stay as it is.
    pub fn is_sound(&self) -> bool {
        self.flaws.is_empty()
    }

    /// A folder is swept, or not.
    pub fn sweep(&mut self, folder: &str, on: bool) {
        self.draft.folders.retain(|known| known != folder);
        if on {
            self.draft.folders.push(folder.to_owned());
        }
    }

    /// The password that was typed, if any.
    pub fn typed_password(&self) -> Option<Secret> {
        let is_asked_for = self.draft.kind == Kind::Imap;
        (is_asked_for && !self.password.expose().is_empty()).then(|| self.password.clone())
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        self.stop.ask();
        if let Some(trial) = &self.trial {
            trial.stop.ask();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Servers, Stop};
    use std::path::Path;

    fn nobody() -> Settings {
        Settings::none(Path::new("config.toml"))
    }

    fn known(address: &str) -> Vec<FoundServers> {
        let own = "[[provider]]\nid = \"x\"\nname = \"X\"\ndomains = [\"example.com\"]\nuser = \"local\"\n\
                   imap = { server = \"imap.x.example\", port = 1993, security = \"tls\" }\n\
                   smtp = { server = \"smtp.x.example\", port = 465, security = \"tls\" }\n";
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("providers.toml"), own).unwrap();
        let places = crate::settings::Places::within(folder.path());
        Servers::load(&places)
            .unwrap()
            .find(address, &Stop::default())
    }

    #[test]
    fn the_server_is_filled_in_until_somebody_types_one() {
        let mut form = Form::new(Kind::Imap);
        form.type_in(Field::Address, "pat@example.com".to_owned());
        form.found(known("pat@example.com"));
        assert_eq!(
            (form.draft.host.as_str(), form.draft.port.as_str()),
            ("imap.x.example", "1993")
        );
        assert_eq!(form.draft.user, "pat");
        assert_eq!(form.draft.name, "pat@example.com");
        form.type_in(Field::Host, "mine.example".to_owned());
        form.found(known("pat@example.com"));
        assert_eq!(form.draft.host, "mine.example");
        form.choose(0);
        assert_eq!(form.draft.host, "imap.x.example");
        form.type_in(Field::Address, "kim@other.example".to_owned());
        assert_eq!((form.draft.host.as_str(), form.candidate()), ("", None));
    }

    #[test]
    fn a_password_does_not_stay_for_a_server_that_takes_none() {
        let mut form = Form::new(Kind::Imap);
        form.password = Secret::new("x".to_owned());
        form.type_in(Field::Address, "pat@outlook.com".to_owned());
        form.check(&nobody());
        assert_eq!(form.password.expose(), "x");
        form.found(known("pat@outlook.com"));
        assert_eq!(form.takes(), SignIn::Oauth);
        form.check(&nobody());
        assert_eq!(form.password.expose(), "");
    }

    #[test]
    fn a_name_that_somebody_gave_stays() {
        let mut form = Form::new(Kind::Imap);
        form.type_in(Field::Name, "Work".to_owned());
        form.type_in(Field::Address, "pat@example.com".to_owned());
        assert_eq!(form.draft.name, "Work");
    }

    #[test]
    fn what_is_wrong_is_told_when_a_field_was_left_or_all_is_asked_for() {
        let mut form = Form::new(Kind::Imap);
        form.check(&nobody());
        assert_eq!(form.flaw(Field::Address), None);
        form.leave(Field::Address);
        assert!(form.flaw(Field::Address).is_some());
        assert_eq!(form.flaw(Field::Password), None);
        form.tell_all();
        assert!(form.flaw(Field::Password).is_some() && form.shows_server);
        form.password = Secret::new("x".to_owned());
        form.type_in(Field::Address, "pat@example.com".to_owned());
        form.type_in(Field::Host, "imap.example.com".to_owned());
        form.check(&nobody());
        assert!(form.is_sound());
    }

    #[test]
    fn an_account_that_is_changed_needs_no_password_again() {
        let mut form = Form::new(Kind::Imap);
        form.type_in(Field::Address, "pat@example.com".to_owned());
        form.type_in(Field::Host, "imap.example.com".to_owned());
        let account = form.draft.check(Path::new("config.toml"), &[]).unwrap();
        let mut settings = nobody();
        settings.accounts.push(account.clone());
        let mut form = Form::of(&account);
        form.check(&settings);
        assert!(form.is_sound());
        assert_eq!(form.typed_password().map(|_| ()), None);
    }
}
