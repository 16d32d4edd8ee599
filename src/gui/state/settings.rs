//! What the page for the settings shows: what is typed and not yet written, what was refused, and
//! the changes that wait to be written, one after the other.

use crate::job::VendorLine;
use crate::settings::{List, NewOutgoing, Secret, Security, Server, Setting, Settings};
use std::collections::{BTreeMap, VecDeque};

/// A field of text. What stands in it is written when it is left.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The folders that are swept of an account, one a line.
    Folders(String),
    /// Where an account's hits go.
    MoveTo(String),
    /// How many days back an account is swept.
    Since(String),
    /// Above how many hits nothing of an account moves.
    MaxMoves(String),
    /// How much of a message is judged, in MiB.
    MessageLimit,
    /// How many accounts are swept at once.
    AccountsLimit,
    /// Who letters are from.
    From,
    /// A fact for the letter, by name.
    Fact(&'static str),
    /// For how many days samples are kept.
    KeepDays,
}

/// The facts of a letter, in their order.
pub const FACTS: [&str; 4] = ["company", "contact", "gateway", "activation-code"];

/// A change to the settings file.
#[derive(Debug)]
pub enum Change {
    /// These settings.
    Set(Vec<Setting>),
    /// Senders more on a list.
    List(List, Vec<String>),
    /// Senders less.
    Unlist(List, Vec<String>),
    /// The outgoing server, with a password for the keyring.
    Outgoing(NewOutgoing, Option<Secret>),
}

/// Who asked for a change, and is told how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A field of this page.
    Field(Field),
    /// A choice of this page.
    Choice,
    /// The outgoing server's form.
    Outgoing,
    /// The page of lists and rules.
    Lists,
}

/// The outgoing server as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingForm {
    /// Its name.
    pub server: String,
    /// Its port; empty: the usual one.
    pub port: String,
    /// Protection.
    pub security: Security,
    /// The user; empty: nobody signs in.
    pub user: String,
}

/// A part of that form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutgoingPart {
    /// The server.
    Server,
    /// The port.
    Port,
    /// The user.
    User,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A setting by a click, at once.
    Set(Setting),
    /// Another account's folders and limits.
    Account(String),
    /// A field is typed in.
    Type(Field, String),
    /// A field is left, or Enter was pressed in it.
    Leave(Field),
    /// A part of the outgoing server is typed.
    TypeOutgoing(OutgoingPart, String),
    /// The outgoing server's password is typed.
    TypePassword(Secret),
    /// How the outgoing server is protected.
    OutgoingSecurity(Security),
    /// The outgoing server is kept.
    SaveOutgoing,
    /// There is to be no outgoing server.
    NoOutgoing,
    /// The broken settings file is kept under another name, and a fresh one made.
    StartFresh,
    /// The settings file was changed by hand: it is read again.
    ReadAgain,
}

/// The page's own state.
#[derive(Debug, Default)]
pub struct State {
    /// The account whose folders are shown; without one, the first.
    pub account: Option<String>,
    /// What is typed and not yet written.
    pub typed: BTreeMap<Field, String>,
    /// Why a field was not written.
    pub refused: BTreeMap<Field, String>,
    /// Why a choice was not written.
    pub failed: Option<String>,
    /// The outgoing server as it is typed.
    pub outgoing: Option<OutgoingForm>,
    /// Its password as it is typed.
    pub password: Option<Secret>,
    /// Why the outgoing server was not kept.
    pub outgoing_failed: Option<String>,
    /// The vendors there are.
    pub vendors: Vec<VendorLine>,
    /// Changes that wait, with who asked for them.
    pub waiting: VecDeque<(Change, Origin)>,
    /// Who asked for the one that is being written.
    pub writing: Option<Origin>,
}

impl State {
    /// What a field shows: what is typed, or what the settings say.
    pub fn text(&self, field: &Field, settings: &Settings) -> String {
        let typed = self.typed.get(field).cloned();
        typed.unwrap_or_else(|| field.text(settings))
    }

    /// Whether a field's text is on its way into the file.
    pub fn writes(&self, field: &Field) -> bool {
        let is_its = |origin: &Origin| matches!(origin, Origin::Field(one) if one == field);
        self.writing.as_ref().is_some_and(is_its)
            || self.waiting.iter().any(|(_, origin)| is_its(origin))
    }

    /// The outgoing server's form: as typed, or as the settings say.
    pub fn outgoing_form(&self, settings: &Settings) -> OutgoingForm {
        let typed = self.outgoing.clone();
        typed.unwrap_or_else(|| OutgoingForm::of(settings.outgoing.as_ref()))
    }

    /// The account whose folders and limits are shown.
    pub fn account<'a>(&self, settings: &'a Settings) -> Option<&'a crate::settings::Account> {
        let chosen = self.account.as_deref();
        let chosen = chosen.and_then(|name| settings.account(name));
        chosen.or_else(|| settings.accounts.first())
    }
}

impl OutgoingForm {
    /// As the settings say.
    pub fn of(server: Option<&Server>) -> OutgoingForm {
        match server {
            Some(server) => OutgoingForm {
                server: server.host.clone(),
                port: server.port.to_string(),
                security: server.security,
                user: server.user.clone().unwrap_or_default(),
            },
            None => OutgoingForm {
                server: String::new(),
                port: String::new(),
                security: Security::Tls,
                user: String::new(),
            },
        }
    }

    /// The server that is meant, or what is wrong with which part.
    pub fn server(&self) -> Result<NewOutgoing, (OutgoingPart, &'static str)> {
        let server = self.server.trim();
        if server.is_empty() {
            return Err((
                OutgoingPart::Server,
                "The server's name is needed, such as smtp.example.com.",
            ));
        }
        let port = match self.port.trim() {
            "" => None,
            port => match port.parse::<u16>() {
                Ok(port) if port > 0 => Some(port),
                _ => {
                    return Err((
                        OutgoingPart::Port,
                        "A port is a number up to 65535; leave it empty for the usual one.",
                    ));
                }
            },
        };
        let user = Some(self.user.trim()).filter(|user| !user.is_empty());
        Ok(NewOutgoing {
            server: server.to_owned(),
            port,
            security: self.security,
            user: user.map(str::to_owned),
        })
    }
}

impl Field {
    /// What the settings say.
    pub fn text(&self, settings: &Settings) -> String {
        let number = |number: Option<usize>| number.map_or_else(String::new, |n| n.to_string());
        let account = |name: &str| settings.account(name);
        match self {
            Field::Folders(name) => account(name)
                .map(|account| account.folders.join("\n"))
                .unwrap_or_default(),
            Field::MoveTo(name) => account(name)
                .map(|account| account.move_to.clone())
                .unwrap_or_default(),
            Field::Since(name) => account(name)
                .and_then(|account| account.since_hours)
                .map(|hours| hours.div_ceil(24).to_string())
                .unwrap_or_default(),
            Field::MaxMoves(name) => number(account(name).and_then(|account| account.max_moves)),
            Field::MessageLimit => (settings.limits.message >> 20).max(1).to_string(),
            Field::AccountsLimit => settings.limits.accounts.to_string(),
            Field::From => settings.submission.from.clone().unwrap_or_default(),
            Field::Fact(name) => {
                let mut facts = settings.submission.facts.iter();
                let fact = facts.find(|(other, _)| other == name);
                fact.map(|(_, value)| value.clone()).unwrap_or_default()
            }
            Field::KeepDays => settings.keep_days.to_string(),
        }
    }

    /// The setting that a text in this field means; or why it means none. What only the settings'
    /// own reader knows is refused when it is written.
    pub fn setting(&self, text: &str) -> Result<Setting, String> {
        let text = text.trim();
        let line = || Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(match self {
            Field::Folders(name) => {
                let folders = text.lines().map(str::trim);
                let folders: Vec<String> = folders
                    .filter(|folder| !folder.is_empty())
                    .map(str::to_owned)
                    .collect();
                if folders.is_empty() {
                    return Err("Name at least one folder, such as INBOX.".to_owned());
                }
                Setting::Folders(name.clone(), folders)
            }
            Field::MoveTo(name) => match line() {
                Some(folder) => Setting::MoveTo(name.clone(), folder),
                None => return Err("Hits need a folder to go to.".to_owned()),
            },
            Field::Since(name) => Setting::Since(name.clone(), optional(text, 36_500)?),
            Field::MaxMoves(name) => {
                let most: Option<u32> = optional(text, 1_000_000)?;
                Setting::MaxMoves(name.clone(), most.map(|most| most as usize))
            }
            Field::MessageLimit => Setting::MessageLimit(Some(number(text, 1024)?.into())),
            Field::AccountsLimit => Setting::AccountsLimit(Some(number(text, 64)? as usize)),
            Field::From => Setting::From(line()),
            Field::Fact(name) => Setting::Fact((*name).to_owned(), line()),
            Field::KeepDays => Setting::KeepDays(number(text, 36_500)?),
        })
    }
}

fn number(text: &str, most: u32) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(format!("Write a whole number from 1 to {most}.")),
    }
}

fn optional(text: &str, most: u32) -> Result<Option<u32>, String> {
    match text.is_empty() {
        true => Ok(None),
        false => number(text, most).map(Some).map_err(|_| {
            format!("Write a whole number from 1 to {most}, or nothing for no limit.")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn settings(text: &str) -> Settings {
        Settings::parse(Path::new("config.toml"), text).unwrap()
    }

    #[test]
    fn a_field_shows_what_the_settings_say_until_it_is_typed_in() {
        let settings = settings(
            "[[account]]\nname = 'pat'\nsource = 'files'\npath = 'mail'\nfolders = ['A', 'B']\n\
             since = '30 days'\n[samples]\nkeep = '9 days'\n[submission]\ncompany = 'Example'\n",
        );
        let pat = || "pat".to_owned();
        let mut state = State::default();
        for (field, text) in [
            (Field::Folders(pat()), "A\nB"),
            (Field::MoveTo(pat()), "Missed spam"),
            (Field::Since(pat()), "30"),
            (Field::MaxMoves(pat()), ""),
            (Field::MessageLimit, "8"),
            (Field::AccountsLimit, "8"),
            (Field::From, ""),
            (Field::Fact("company"), "Example"),
            (Field::KeepDays, "9"),
            (Field::MoveTo("nobody".to_owned()), ""),
        ] {
            assert_eq!(state.text(&field, &settings), text, "{field:?}");
        }
        state.typed.insert(Field::KeepDays, "10".to_owned());
        assert_eq!(state.text(&Field::KeepDays, &settings), "10");
    }

    #[test]
    fn what_a_field_cannot_mean_is_refused_while_it_is_typed() {
        let pat = || "pat".to_owned();
        for (field, text) in [
            (Field::Folders(pat()), " \n "),
            (Field::MoveTo(pat()), " "),
            (Field::Since(pat()), "soon"),
            (Field::MaxMoves(pat()), "0"),
            (Field::MessageLimit, ""),
            (Field::AccountsLimit, "-1"),
            (Field::KeepDays, "1.5"),
        ] {
            assert!(field.setting(text).is_err(), "{field:?}");
        }
        let folders = Field::Folders(pat()).setting("INBOX\n\n News \n").unwrap();
        let expected = vec!["INBOX".to_owned(), "News".to_owned()];
        assert_eq!(folders, Setting::Folders(pat(), expected));
        assert_eq!(
            Field::Since(pat()).setting(" ").unwrap(),
            Setting::Since(pat(), None)
        );
        assert_eq!(Field::From.setting("").unwrap(), Setting::From(None));
    }

    #[test]
    fn the_outgoing_server_is_checked_as_it_is_typed() {
        let mut form = OutgoingForm::of(None);
        assert_eq!(form.server().unwrap_err().0, OutgoingPart::Server);
        form.server = " smtp.example.com ".to_owned();
        form.port = "70000".to_owned();
        assert_eq!(form.server().unwrap_err().0, OutgoingPart::Port);
        form.port = String::new();
        let server = form.server().unwrap();
        assert_eq!(
            (server.server.as_str(), server.port),
            ("smtp.example.com", None)
        );
        assert_eq!(server.user, None);
    }
}
