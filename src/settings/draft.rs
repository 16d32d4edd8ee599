//! An account as a person types it into a form: checked by the rules of the settings file itself,
//! each refusal at the field that it is about, and turned into the lines that the file will have.
//! Reads and writes nothing.

use super::account::{Account, Security, Source};
use super::secret::PasswordFrom;
use super::server::imap_port;
use super::{MOVE_TO, Settings, SettingsError};
use std::path::Path;

/// What kind of mailbox it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// On an IMAP server.
    #[default]
    Imap,
    /// A Maildir.
    Maildir,
    /// A folder of `.eml` files, or an mbox.
    Files,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The account's name.
    Name,
    /// The owner's address.
    Address,
    /// The password.
    Password,
    /// The server's name.
    Host,
    /// Its port.
    Port,
    /// Protection.
    Security,
    /// The name to sign in with.
    User,
    /// An additional CA.
    CaFile,
    /// The folder or file that holds the mail.
    Path,
    /// The folders to sweep.
    Folders,
    /// Where hits go.
    MoveTo,
}

/// A field that cannot stay as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Which.
    pub field: Field,
    /// Why, and what would do.
    pub says: String,
}

/// An account as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// The name that a known account is kept under, whatever it is called.
    pub kept_as: Option<String>,
    /// What kind of mailbox it is.
    pub kind: Kind,
    /// The owner's address.
    pub address: String,
    /// Further addresses of the owner.
    pub more_addresses: Vec<String>,
    /// The name to sign in with; empty: the address.
    pub user: String,
    /// The server.
    pub host: String,
    /// Its port; empty: the usual one.
    pub port: String,
    /// Protection.
    pub security: Security,
    /// A file with an additional CA (PEM); empty: none.
    pub ca_file: String,
    /// Where the password is; a keyring's name for it is not typed, and follows from the rest.
    pub password: PasswordFrom,
    /// The folder or file that holds the mail.
    pub path: String,
    /// The folders to sweep; empty: the inbox.
    pub folders: Vec<String>,
    /// Where hits go.
    pub move_to: String,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            name: String::new(),
            kept_as: None,
            kind: Kind::Imap,
            address: String::new(),
            more_addresses: Vec::new(),
            user: String::new(),
            host: String::new(),
            port: String::new(),
            security: Security::Tls,
            ca_file: String::new(),
            password: PasswordFrom::Keyring(String::new()),
            path: String::new(),
            folders: Vec::new(),
            move_to: MOVE_TO.to_owned(),
        }
    }
}

/// A key of the settings file, its value as it is written there, and the field it comes from.
type Line = (Field, &'static str, toml::Value);

impl Draft {
    /// An account of the settings, to be changed.
    pub fn of(account: &Account) -> Draft {
        let mut draft = Draft {
            name: account.shown().to_owned(),
            kept_as: Some(account.name.clone()),
            folders: account.folders.clone(),
            move_to: account.move_to.clone(),
            ..Draft::default()
        };
        let mut addresses = account.addresses.clone();
        if !addresses.is_empty() {
            draft.address = addresses.remove(0);
        }
        draft.more_addresses = addresses;
        match &account.source {
            Source::Imap(server) => {
                draft.host = server.host.clone();
                draft.security = server.security;
                if server.port != imap_port(server.security) {
                    draft.port = server.port.to_string();
                }
                let file = server.ca_file.as_ref();
                draft.ca_file = file
                    .map(|file| file.display().to_string())
                    .unwrap_or_default();
                if !matches!(server.password, PasswordFrom::Keyring(_)) {
                    draft.password = server.password.clone();
                }
                let user = server.user.clone().unwrap_or_default();
                if user != draft.address {
                    draft.user = user;
                }
            }
            Source::Maildir(path) | Source::Files(path) => {
                draft.kind = match &account.source {
                    Source::Maildir(_) => Kind::Maildir,
                    _ => Kind::Files,
                };
                draft.path = path.display().to_string();
            }
        }
        draft
    }

    /// The name that it signs in with.
    pub fn signs_in_as(&self) -> &str {
        match self.user.trim() {
            "" => self.address.trim(),
            user => user,
        }
    }

    /// The account as the settings file at `path` would have it, beside `others`; or each field
    /// that cannot stay as it is.
    pub fn check(&self, path: &Path, others: &[Account]) -> Result<Account, Vec<Flaw>> {
        let mut flaws = self.gaps();
        let mut lines = self.lines();
        let told = |flaws: &Vec<Flaw>, field: Field| flaws.iter().any(|flaw| flaw.field == field);
        for (field, _, value) in &mut lines {
            let holds_control = |value: &toml::Value| {
                value
                    .as_str()
                    .is_some_and(|text| text.chars().any(char::is_control))
            };
            if told(&flaws, *field) || holds_control(value) {
                if !told(&flaws, *field) {
                    flaws.push(flaw(
                        *field,
                        "This cannot hold control characters or line ends.",
                    ));
                }
                *value = stand_in(*field);
            }
        }
        // What is wrong first is put aside, so that what is wrong next is told as well.
        let account = loop {
            match Settings::parse(path, &text_of(&lines)) {
                Ok(settings) => break settings.accounts.into_iter().next(),
                Err(SettingsError::Wrong { line, says, .. }) => {
                    let at = line.checked_sub(2);
                    let Some((field, _, value)) = at.and_then(|at| lines.get_mut(at)) else {
                        flaws.push(flaw(Field::Name, &says));
                        break None;
                    };
                    if told(&flaws, *field) {
                        break None;
                    }
                    flaws.push(flaw(*field, &says));
                    *value = stand_in(*field);
                }
                Err(other) => {
                    flaws.push(flaw(Field::Name, &other.to_string()));
                    break None;
                }
            }
        };
        let name = self.name.trim();
        if let Some(other) = others.iter().find(|other| other.is_called(name)) {
            let is_seen = other.shown().to_lowercase() == name.to_lowercase();
            let says = match is_seen {
                true => "Another account has this name already: choose another one.",
                false => "Another account had this name first: choose another one.",
            };
            flaws.push(flaw(Field::Name, says));
        }
        flaws.sort_by_key(|flaw| flaw.field);
        match account {
            Some(account) if flaws.is_empty() => Ok(account),
            _ => Err(flaws),
        }
    }

    /// What must be there and is not, and what is no number.
    fn gaps(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut need = |field, text: &str, says| {
            if text.trim().is_empty() {
                flaws.push(flaw(field, says));
            }
        };
        need(
            Field::Name,
            &self.name,
            "Give it a short name, such as “Work”.",
        );
        need(
            Field::MoveTo,
            &self.move_to,
            "Name the folder that hits go to.",
        );
        match self.kind {
            Kind::Imap => {
                need(
                    Field::Host,
                    &self.host,
                    "Name the IMAP server, such as imap.example.com.",
                );
                let says = "Type your e-mail address, such as pat@example.com.";
                need(Field::Address, self.signs_in_as(), says);
            }
            Kind::Maildir => need(Field::Path, &self.path, "Choose the Maildir."),
            Kind::Files => {
                need(
                    Field::Path,
                    &self.path,
                    "Choose the folder of .eml files, or the mbox file.",
                );
            }
        }
        let port = self.port.trim();
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if self.kind == Kind::Imap && !port.is_empty() && !is_port {
            flaws.push(flaw(Field::Port, "A port is a number from 1 to 65535."));
        }
        flaws
    }

    /// The keys of the account's table, as the settings file will have them.
    pub(super) fn lines(&self) -> Vec<Line> {
        let text = |text: &str| toml::Value::from(text.trim());
        let name = self.name.trim();
        let kept_as = self.kept_as.as_deref().unwrap_or(name);
        let mut lines: Vec<Line> = vec![(Field::Name, "name", text(kept_as))];
        if kept_as != name {
            lines.push((Field::Name, "label", text(name)));
        }
        let source = match self.kind {
            Kind::Imap => "imap",
            Kind::Maildir => "maildir",
            Kind::Files => "files",
        };
        lines.push((Field::Name, "source", source.into()));
        let user = self.signs_in_as();
        if self.kind == Kind::Imap {
            lines.push((Field::Host, "server", text(&self.host)));
            match self.port.trim().parse::<u16>() {
                Ok(port) if port != imap_port(self.security) => {
                    lines.push((Field::Port, "port", i64::from(port).into()));
                }
                _ => {}
            }
            lines.push((Field::Security, "security", self.security.word().into()));
            if !self.ca_file.trim().is_empty() {
                lines.push((Field::CaFile, "ca-file", text(&self.ca_file)));
            }
            lines.push((Field::Address, "user", text(user)));
            match &self.password {
                PasswordFrom::Keyring(_) => {}
                PasswordFrom::Command(way) => {
                    lines.push((Field::Password, "password-command", text(way)));
                }
                PasswordFrom::Variable(way) => {
                    lines.push((Field::Password, "password-env", text(way)));
                }
                PasswordFrom::Credential(way) => {
                    lines.push((Field::Password, "password-credential", text(way)));
                }
            }
        } else {
            lines.push((Field::Path, "path", text(&self.path)));
        }
        let typed = Some(self.address.trim()).filter(|address| !address.is_empty());
        let mut addresses: Vec<String> = Vec::new();
        for address in typed
            .into_iter()
            .chain(self.more_addresses.iter().map(String::as_str))
        {
            let is_user = self.kind == Kind::Imap && address == user;
            if !is_user && !addresses.iter().any(|known| known == address) {
                addresses.push(address.to_owned());
            }
        }
        if !addresses.is_empty() {
            lines.push((Field::Address, "addresses", addresses.into()));
        }
        if !self.folders.is_empty() {
            lines.push((Field::Folders, "folders", self.folders.clone().into()));
        }
        lines.push((Field::MoveTo, "move-to", text(&self.move_to)));
        lines
    }

    /// The account's table, as the settings file will have it.
    pub(super) fn table(&self) -> String {
        text_of(&self.lines())
    }
}

/// The keys that a change of an account may take out.
pub(super) const OPTIONAL: &[&str] = &[
    "label",
    "port",
    "ca-file",
    "addresses",
    "folders",
    "password-command",
    "password-env",
    "password-credential",
];

fn text_of(lines: &[Line]) -> String {
    let mut text = String::from("[[account]]\n");
    for (_, key, value) in lines {
        text.push_str(&format!("{key} = {value}\n"));
    }
    text
}

fn flaw(field: Field, says: &str) -> Flaw {
    Flaw {
        field,
        says: says.to_owned(),
    }
}

/// Something that is always right.
fn stand_in(field: Field) -> toml::Value {
    match field {
        Field::Port => 1.into(),
        Field::Security => "tls".into(),
        Field::Folders => vec!["INBOX".to_owned()].into(),
        Field::MoveTo => "nowhere else".into(),
        Field::Host => "mail.example.com".into(),
        _ => "pat@example.com".into(),
    }
}

#[cfg(test)]
mod tests;
