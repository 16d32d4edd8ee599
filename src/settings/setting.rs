//! One setting that a person changes by a click: what it is called in `config.toml`, and how it
//! is written there. Whether the value makes sense is asked by the settings' own reader.

use super::change::{account, change, set, set_or_remove, sub_table, table};
use super::entries::{add, list, remove};
use super::{Encryption, Security, Sending, Settings, SettingsError, Theme};
use crate::verdict::Level;
use std::path::Path;
use toml_edit::{Array, DocumentMut, TableLike, Value};

/// One of the two lists of senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// Never flagged.
    Approved,
    /// Always flagged.
    Blocked,
}

impl List {
    /// Its key in the settings.
    pub fn word(self) -> &'static str {
        match self {
            List::Approved => "approved",
            List::Blocked => "blocked",
        }
    }

    /// The other one.
    pub fn other(self) -> List {
        match self {
            List::Approved => List::Blocked,
            List::Blocked => List::Approved,
        }
    }
}

/// The server for outgoing mail, as it is asked for; its password is in the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutgoing {
    /// Its name.
    pub server: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// Protection.
    pub security: Security,
    /// The user to sign in as; `None`: nobody.
    pub user: Option<String>,
}

/// One setting and the value that it is to have. `None` takes the key out: what is usual holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// A sender more on a list, and no more on the other.
    Sender(List, String),
    /// A sender less on a list.
    NoSender(List, String),
    /// How much must speak against a message.
    Level(Level),
    /// The folders that are swept of an account.
    Folders(String, Vec<String>),
    /// Where an account's hits go.
    MoveTo(String, String),
    /// An account looks only at what came within so many days.
    Since(String, Option<u32>),
    /// Above so many hits nothing of an account moves.
    MaxMoves(String, Option<usize>),
    /// Bytes of a message that are judged, in MiB.
    MessageLimit(Option<u64>),
    /// Accounts that are swept at once.
    AccountsLimit(Option<usize>),
    /// Whether attachments are looked into.
    Attachments(bool),
    /// The vendor's id.
    Vendor(String),
    /// How letters leave.
    Send(Sending),
    /// Who letters are from.
    From(Option<String>),
    /// How packages are encrypted.
    Encryption(Encryption),
    /// A fact for the letter, by name.
    Fact(String, Option<String>),
    /// The server for outgoing mail.
    Outgoing(Option<NewOutgoing>),
    /// For how many days samples and packages are kept.
    KeepDays(u32),
    /// Whether a sweep removes those that are older.
    Purge(bool),
    /// A rule is off, or on again.
    Rule(String, bool),
    /// Light or dark.
    Theme(Theme),
    /// How large everything is drawn.
    TextSize(f32),
    /// Whether the end of a long sweep is told.
    Notify(bool),
}

/// Writes these settings, all or none, and gives what the file says then.
pub fn set_all(path: &Path, settings: &[Setting]) -> Result<Settings, SettingsError> {
    change(path, |document| {
        settings.iter().try_for_each(|one| one.write(document))
    })
}

impl Setting {
    /// Writes it into the document.
    pub fn write(&self, document: &mut DocumentMut) -> Result<(), String> {
        match self {
            Setting::Sender(which, entry) => {
                let senders = table(document, "senders")?;
                if senders.contains_key(which.other().word()) {
                    remove(list(senders, which.other().word())?, entry);
                }
                add(list(senders, which.word())?, entry);
            }
            Setting::NoSender(which, entry) => {
                let senders = table(document, "senders")?;
                remove(list(senders, which.word())?, entry);
            }
            Setting::Level(level) => set(document.as_table_mut(), "level", level.word()),
            Setting::Folders(name, folders) => {
                let folders: Array = folders.iter().map(String::as_str).collect();
                set(account(document, name)?, "folders", folders);
            }
            Setting::MoveTo(name, folder) => {
                set(account(document, name)?, "move-to", folder.as_str());
            }
            Setting::Since(name, days) => {
                let days = days.map(in_days);
                set_or_remove(account(document, name)?, "since", days);
            }
            Setting::MaxMoves(name, most) => {
                set_or_remove(account(document, name)?, "max-moves", whole(*most));
            }
            Setting::MessageLimit(mib) => {
                let size = mib.map(|mib| format!("{mib} MiB"));
                set_or_remove(table(document, "limits")?, "message", size);
            }
            Setting::AccountsLimit(most) => {
                set_or_remove(table(document, "limits")?, "accounts", whole(*most));
            }
            Setting::Attachments(look) => set(table(document, "limits")?, "attachments", *look),
            Setting::Vendor(id) => set(submission(document)?, "vendor", id.as_str()),
            Setting::Send(send) => set(submission(document)?, "send", send.word()),
            Setting::From(from) => set_or_remove(submission(document)?, "from", from.as_deref()),
            Setting::Encryption(encryption) => {
                set(submission(document)?, "encryption", encryption.word());
            }
            Setting::Fact(name, value) => {
                set_or_remove(submission(document)?, name, value.as_deref());
            }
            Setting::Outgoing(None) => {
                document.as_table_mut().remove("outgoing");
            }
            Setting::Outgoing(Some(new)) => write_outgoing(table(document, "outgoing")?, new),
            Setting::KeepDays(days) => set(table(document, "samples")?, "keep", in_days(*days)),
            Setting::Purge(purge) => set(table(document, "samples")?, "purge", *purge),
            Setting::Rule(id, on) => {
                let off = list(sub_table(document.as_table_mut(), "rules")?, "off")?;
                match on {
                    true => {
                        remove(off, id);
                    }
                    false => add(off, id),
                }
            }
            Setting::Theme(theme) => set(table(document, "window")?, "theme", theme.word()),
            Setting::TextSize(size) => {
                // As it is written by hand: a tenth is enough, and an f32 has none exactly.
                let size = (f64::from(*size) * 100.0).round() / 100.0;
                set(table(document, "window")?, "text-size", size);
            }
            Setting::Notify(notify) => set(table(document, "window")?, "notify", *notify),
        }
        Ok(())
    }
}

fn submission(document: &mut DocumentMut) -> Result<&mut dyn TableLike, String> {
    table(document, "submission")
}

/// What is not asked for (a CA, a password command, time-outs) stays, but for another server it
/// would be wrong: then only what is asked for holds.
fn write_outgoing(table: &mut dyn TableLike, new: &NewOutgoing) {
    let same =
        |key: &str, value: Option<&str>| table.get(key).and_then(|item| item.as_str()) == value;
    if !same("server", Some(&new.server)) || !same("user", new.user.as_deref()) {
        for key in ["password-command", "password-env", "password-credential"] {
            table.remove(key);
        }
    }
    set(table, "server", new.server.as_str());
    set(table, "security", new.security.word());
    set_or_remove(table, "port", new.port.map(i64::from));
    set_or_remove(table, "user", new.user.as_deref());
}

fn in_days(days: u32) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

fn whole(number: Option<usize>) -> Option<Value> {
    number.map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# Mine.
level = "low" # careful

# Home.
[[account]]
name = "pat"
source = "imap"
server = "imap.example.com"
user = "pat@example.com"
since = "30 days" # enough

[[account]]
name = "kim"
source = "files"
path = "mail"

[senders]
approved = ["a@example.com"]
"#;

    fn write(text: &str, settings: &[Setting]) -> Result<(String, Settings), SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let settings = set_all(&path, settings)?;
        Ok((std::fs::read_to_string(&path).unwrap(), settings))
    }

    #[test]
    fn every_setting_reads_back_as_it_was_chosen() {
        let pat = || "pat".to_owned();
        let server = NewOutgoing {
            server: "smtp.example.com".to_owned(),
            port: Some(2525),
            security: Security::Starttls,
            user: Some("pat@example.com".to_owned()),
        };
        let all = [
            Setting::Level(Level::High),
            Setting::Folders(pat(), vec!["INBOX".to_owned(), "News".to_owned()]),
            Setting::MoveTo("kim".to_owned(), "Spam \"x\"".to_owned()),
            Setting::Since(pat(), Some(1)),
            Setting::MaxMoves(pat(), Some(200)),
            Setting::MessageLimit(Some(4)),
            Setting::AccountsLimit(Some(2)),
            Setting::Attachments(false),
            Setting::Vendor("other".to_owned()),
            Setting::Outgoing(Some(server)),
            Setting::Send(Sending::Smtp),
            Setting::From(Some("pat@example.com".to_owned())),
            Setting::Encryption(Encryption::Aes256),
            Setting::Fact("company".to_owned(), Some("Example".to_owned())),
            Setting::KeepDays(14),
            Setting::Purge(false),
            Setting::Rule("gift-card-request".to_owned(), false),
            Setting::Theme(Theme::Dark),
            Setting::TextSize(1.3),
            Setting::Notify(false),
        ];
        let (text, settings) = write(TEXT, &all).unwrap();
        assert!(text.contains("# Mine.") && text.contains("# careful") && text.contains("# Home."));
        assert!(text.contains("since = \"1 day\" # enough") && text.contains("text-size = 1.3\n"));
        let account = settings.account("pat").unwrap();
        assert_eq!(account.folders, ["INBOX", "News"]);
        assert_eq!(
            (account.since_hours, account.max_moves),
            (Some(24), Some(200))
        );
        assert_eq!(settings.account("kim").unwrap().move_to, "Spam \"x\"");
        assert_eq!(settings.level, Level::High);
        assert_eq!(
            (settings.limits.message, settings.limits.accounts),
            (4 << 20, 2)
        );
        assert!(!settings.limits.attachments && !settings.purge);
        assert_eq!(settings.outgoing.unwrap().port, 2525);
        let submission = settings.submission;
        assert_eq!(
            (submission.vendor.as_str(), submission.send),
            ("other", Sending::Smtp)
        );
        assert_eq!(submission.encryption, Encryption::Aes256);
        assert_eq!(submission.from.as_deref(), Some("pat@example.com"));
        assert_eq!(
            submission.facts,
            [("company".to_owned(), "Example".to_owned())]
        );
        assert_eq!(settings.keep_days, 14);
        assert_eq!(settings.rules_off, ["gift-card-request"]);
        assert_eq!(settings.window.theme, Theme::Dark);
        assert!((settings.window.text_size - 1.3).abs() < 0.001 && !settings.window.notify);
    }

    #[test]
    fn what_is_taken_out_leaves_what_is_usual() {
        let (text, settings) = write(
            TEXT,
            &[
                Setting::Since("pat".to_owned(), None),
                Setting::Rule("x".to_owned(), true),
                Setting::Outgoing(None),
            ],
        )
        .unwrap();
        assert_eq!(settings.account("pat").unwrap().since_hours, None);
        assert!(!text.contains("since"), "{text}");
    }

    #[test]
    fn a_sender_is_on_one_list_at_a_time() {
        let entry = "a@example.com".to_owned();
        let block = Setting::Sender(List::Blocked, entry.clone());
        let (_, settings) = write(TEXT, std::slice::from_ref(&block)).unwrap();
        assert_eq!(
            (settings.approved.len(), settings.blocked),
            (0, vec![entry.clone()])
        );
        let (_, settings) = write(TEXT, &[block, Setting::NoSender(List::Blocked, entry)]).unwrap();
        assert_eq!((settings.approved.len(), settings.blocked.len()), (0, 0));
    }

    #[test]
    fn all_or_none_is_written_and_the_refusal_says_why() {
        for (settings, reason) in [
            (
                vec![Setting::Level(Level::High), Setting::Send(Sending::Smtp)],
                "needs the server for outgoing mail",
            ),
            (
                vec![Setting::Folders("nobody".to_owned(), Vec::new())],
                "no account named \"nobody\"",
            ),
            (
                vec![Setting::Folders("pat".to_owned(), Vec::new())],
                "name at least one",
            ),
            (vec![Setting::TextSize(3.0)], "from 0.8 to 2.0"),
            (vec![Setting::KeepDays(0)], "more than nothing"),
        ] {
            let error = write(TEXT, &settings).unwrap_err();
            assert!(error.reason().contains(reason), "{error}");
        }
    }

    #[test]
    fn another_outgoing_server_is_not_given_the_password_of_the_one_before() {
        let text = "[outgoing]\nserver = \"one.example\"\nuser = \"pat\"\npassword-env = \"P\"\n";
        let new = |server: &str| {
            Setting::Outgoing(Some(NewOutgoing {
                server: server.to_owned(),
                port: None,
                security: Security::Tls,
                user: Some("pat".to_owned()),
            }))
        };
        let (same, _) = write(text, &[new("one.example")]).unwrap();
        assert!(same.contains("password-env"), "{same}");
        let (other, _) = write(text, &[new("two.example")]).unwrap();
        assert!(!other.contains("password-env"), "{other}");
    }
}
