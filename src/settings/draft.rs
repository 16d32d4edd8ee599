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
    /// Its name.
    pub name: String,
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
            name: account.name.clone(),
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
        let name = self.name.trim().to_lowercase();
        if others.iter().any(|other| other.name.to_lowercase() == name) {
            let says = "Another account has this name already: choose another one.";
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
        let mut lines: Vec<Line> = vec![(Field::Name, "name", text(&self.name))];
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
mod tests {
    use super::*;

    fn pat() -> Draft {
        Draft {
            name: "Work".to_owned(),
            address: "pat@example.com".to_owned(),
            host: "imap.example.com".to_owned(),
            ..Draft::default()
        }
    }

    fn check(draft: &Draft) -> Result<Account, Vec<Flaw>> {
        draft.check(Path::new("/home/pat/config.toml"), &[])
    }

    fn fields(draft: &Draft) -> Vec<Field> {
        let flaws = check(draft).unwrap_err();
        assert!(flaws.iter().all(|flaw| !flaw.says.is_empty()));
        flaws.into_iter().map(|flaw| flaw.field).collect()
    }

    #[test]
    fn what_is_typed_becomes_an_account_and_comes_back_as_it_was() {
        let draft = Draft {
            port: "1993".to_owned(),
            user: "pat".to_owned(),
            folders: vec!["INBOX".to_owned(), "Kunden".to_owned()],
            ..pat()
        };
        let account = check(&draft).unwrap();
        let Source::Imap(server) = &account.source else {
            panic!("{account:?}")
        };
        assert_eq!(server.name(), "imap.example.com:1993");
        assert_eq!(server.user.as_deref(), Some("pat"));
        assert_eq!(
            server.password,
            PasswordFrom::Keyring("pat at imap.example.com".to_owned())
        );
        assert_eq!(account.addresses, ["pat@example.com"]);
        assert_eq!(Draft::of(&account), draft);
        assert_eq!(
            Draft::of(&check(&pat()).unwrap()),
            Draft {
                folders: vec!["INBOX".to_owned()],
                ..pat()
            }
        );
    }

    #[test]
    fn mail_in_files_needs_a_path_alone() {
        for kind in [Kind::Maildir, Kind::Files] {
            let draft = Draft {
                kind,
                name: "Old".to_owned(),
                path: "/home/pat/Mail".to_owned(),
                ..Draft::default()
            };
            assert_eq!(Draft::of(&check(&draft).unwrap()).kind, kind);
            assert_eq!(
                fields(&Draft {
                    path: String::new(),
                    ..draft
                }),
                [Field::Path]
            );
        }
    }

    #[test]
    fn an_empty_form_says_each_thing_that_is_missing() {
        assert_eq!(
            fields(&Draft::default()),
            [Field::Name, Field::Address, Field::Host]
        );
    }

    #[test]
    fn each_wrong_field_is_told_at_once_and_each_for_itself() {
        let draft = Draft {
            name: "-x".to_owned(),
            host: "imap example".to_owned(),
            port: "70000".to_owned(),
            move_to: "INBOX".to_owned(),
            folders: vec!["inbox".to_owned()],
            ..pat()
        };
        assert_eq!(
            fields(&draft),
            [Field::Name, Field::Host, Field::Port, Field::MoveTo]
        );
        let clear = Draft {
            security: Security::None,
            ..pat()
        };
        assert_eq!(fields(&clear), [Field::Security]);
        let lines = Draft {
            host: "a\nb".to_owned(),
            move_to: "c\rd".to_owned(),
            ..pat()
        };
        assert_eq!(fields(&lines), [Field::Host, Field::MoveTo]);
        let twice = Draft {
            folders: vec!["A".to_owned(), "A".to_owned()],
            ..pat()
        };
        assert_eq!(fields(&twice), [Field::Folders]);
        let address = Draft {
            address: "pat at example".to_owned(),
            user: "pat".to_owned(),
            ..pat()
        };
        assert_eq!(fields(&address), [Field::Address]);
    }

    #[test]
    fn a_name_that_is_taken_is_refused_in_any_case() {
        let other = check(&pat()).unwrap();
        let draft = Draft {
            name: "wORK ".to_owned(),
            ..pat()
        };
        let flaws = draft.check(Path::new("config.toml"), &[other]).unwrap_err();
        assert_eq!(flaws[0].field, Field::Name);
    }
}
