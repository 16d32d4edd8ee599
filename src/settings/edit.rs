//! Changes to `config.toml` made by a command: an account more, an account less. The text is
//! edited by whole lines, so that comments and order stay as their owner wrote them, and what
//! comes out is read again before anybody writes it.

use super::change::{account, change, set};
use super::draft::{Draft, OPTIONAL};
use super::{Security, Settings, SettingsError};
use std::io::Write;
use std::path::Path;

/// What `account add` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// The IMAP server.
    pub server: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// Protection.
    pub security: Security,
    /// An additional CA (PEM).
    pub ca_file: Option<String>,
    /// The user to sign in as.
    pub user: String,
    /// The command that prints the password, where that is not in the keyring.
    pub password_command: Option<String>,
    /// The folders to sweep; empty: the inbox.
    pub folders: Vec<String>,
    /// Where hits go.
    pub move_to: String,
}

/// What a settings file begins with when a command makes it.
pub(super) const HEADING: &str =
    "# Postsweep's settings. `postsweep config example` shows and explains all keys.\n";

/// Adds an account to the settings file, at its end.
pub fn add(path: &Path, draft: &Draft) -> Result<Settings, SettingsError> {
    change(path, |document| {
        let mut text = document.to_string();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let text = format!("{text}\n{}", draft.table());
        *document = text
            .parse()
            .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
        Ok(())
    })
}

/// Gives the account of that name what the draft says. Its name stays, since what was swept, moved
/// and learnt is kept under it: what it is called else is its label.
pub fn alter(path: &Path, name: &str, draft: &Draft) -> Result<Settings, SettingsError> {
    change(path, |document| {
        let lines = draft.lines();
        let table = account(document, name)?;
        for key in OPTIONAL {
            if !lines.iter().any(|(_, known, _)| known == key) {
                table.remove(key);
            }
        }
        for (_, key, value) in lines.into_iter().filter(|(_, key, _)| *key != "name") {
            let value: toml_edit::Value = value
                .to_string()
                .parse()
                .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
            let same = |old: &toml_edit::Item| old.as_value().map(plain) == Some(plain(&value));
            if !table.get(key).is_some_and(same) {
                set(table, key, value);
            }
        }
        Ok(())
    })
}

/// A value without the spaces and comments around it.
fn plain(value: &toml_edit::Value) -> String {
    value.clone().decorated("", "").to_string()
}

/// Takes the account of that name out of the settings file.
pub fn remove(path: &Path, name: &str) -> Result<Settings, SettingsError> {
    change(path, |document| {
        let after = remove_account(path, &document.to_string(), name);
        let after = after.map_err(|error| error.reason())?;
        *document = after
            .parse()
            .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
        Ok(())
    })
}

/// `text` with one account more, at its end; checked. `path` is only named.
pub fn add_account(path: &Path, text: &str, new: &NewAccount) -> Result<String, SettingsError> {
    let mut whole = if text.trim().is_empty() {
        HEADING.to_owned()
    } else {
        text.to_owned()
    };
    if !whole.ends_with('\n') {
        whole.push('\n');
    }
    whole.push('\n');
    whole.push_str(&table(new));
    Settings::parse(path, &whole)?;
    Ok(whole)
}

fn table(new: &NewAccount) -> String {
    let mut text = String::from("[[account]]\n");
    let mut line = |key: &str, value: toml::Value| text.push_str(&format!("{key} = {value}\n"));
    line("name", new.name.as_str().into());
    line("source", "imap".into());
    line("server", new.server.as_str().into());
    if let Some(port) = new.port {
        line("port", i64::from(port).into());
    }
    line("security", new.security.word().into());
    if let Some(file) = &new.ca_file {
        line("ca-file", file.as_str().into());
    }
    line("user", new.user.as_str().into());
    if let Some(command) = &new.password_command {
        line("password-command", command.as_str().into());
    }
    if !new.folders.is_empty() {
        line("folders", new.folders.clone().into());
    }
    line("move-to", new.move_to.as_str().into());
    text
}

/// `text` without the account of that name: its lines, and the comment right above it. A file
/// that is laid out too oddly to do so safely is refused.
pub fn remove_account(path: &Path, text: &str, name: &str) -> Result<String, SettingsError> {
    let refuse = |says: String| SettingsError::Edit {
        path: path.to_owned(),
        says,
    };
    let before = Settings::parse(path, text)?;
    let Some(position) = before
        .accounts
        .iter()
        .position(|account| account.name == name)
    else {
        return Err(refuse(format!("there is no account named \"{name}\"")));
    };

    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_own_part = |line: &str| line.trim_start().starts_with("[account.");
    let is_header = |line: &&str| line.trim_start().starts_with('[') && !is_own_part(line);
    let headers: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).is_some_and(is_header))
        .collect();
    let is_account = |at: &&usize| lines.get(**at).is_some_and(|line| is_account_header(line));
    let start = headers.iter().filter(is_account).nth(position).copied();
    let start = start.unwrap_or(lines.len());
    let end = headers
        .iter()
        .copied()
        .find(|at| *at > start)
        .unwrap_or(lines.len());
    // The comment that touches a header from above belongs to it.
    let with_comment = |mut at: usize| {
        let is_comment = |at: usize| {
            lines
                .get(at)
                .is_some_and(|line| line.trim_start().starts_with('#'))
        };
        while at > 0 && at < lines.len() && is_comment(at - 1) {
            at -= 1;
        }
        at
    };
    let (start, end) = (with_comment(start), with_comment(end));
    let kept = lines.iter().enumerate();
    let after: String = kept
        .filter(|(at, _)| *at < start || *at >= end)
        .map(|(_, line)| *line)
        .collect();

    let mut wanted = before;
    wanted.accounts.remove(position);
    match Settings::parse(path, &after) {
        Ok(settings) if settings == wanted => Ok(after),
        _ => Err(refuse(format!(
            "account \"{name}\" cannot be taken out without touching the rest; nothing was changed: remove it in an editor"
        ))),
    }
}

fn is_account_header(line: &str) -> bool {
    let words: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    words.starts_with("[[account]]")
}

/// Writes a settings file whole or not at all, readable by its owner alone.
pub fn write(path: &Path, text: &str) -> Result<(), SettingsError> {
    // A file that is a link into a folder of dot-files stays one.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("."));
    let save = || -> std::io::Result<()> {
        crate::platform::private_dir(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|error| error.error)?;
        crate::platform::sync_dir(folder)
    };
    save().map_err(|source| SettingsError::File {
        path: path.to_owned(),
        source,
    })
}
