//! `account add`: asks for what the flags leave open, writes the account into the settings, its
//! password into the keyring, and tries it.

use super::{Exit, ask, keyring_name, server, try_out};
use crate::cli::AccountAdd;
use crate::command::output::Output;
use crate::settings::{
    self, Account, NewAccount, Places, Secret, Security, Settings, SettingsError, keyring,
};
use crate::text;
use anyhow::{Context, anyhow, bail};
use std::path::Path;

/// Adds an account.
pub(super) fn run(places: &Places, flags: AccountAdd) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let path = &places.config_file;
    let before = text_of(path)?;
    let (try_it, stdin) = (!flags.no_test, flags.password_stdin);
    let mut new = questions(flags)?;
    // Everything is checked before the password is asked for, and before anything is written.
    let mut after = settings::add_account(path, &before, &new)?;
    if new.password_command.is_none() {
        let secret = ask::password(stdin)?;
        if let Err(reason) = store(&read_back(path, &after, &new)?, &secret) {
            new.password_command = Some(command_instead(&output, &reason.to_string(), stdin)?);
            after = settings::add_account(path, &before, &new)?;
        } else {
            output.line(&text::password_stored(&new.name));
        }
    }
    settings::write(path, &after)?;
    output.line(&text::added(&new.name, &path.display().to_string()));
    if !try_it || try_out(&output, &read_back(path, &after, &new)?) {
        return Ok(Exit::Done);
    }
    Ok(Exit::Reported)
}

fn questions(flags: AccountAdd) -> anyhow::Result<NewAccount> {
    use text::ask as question;
    let user = ask::or_flag(flags.user, "--user", question::USER, "")?;
    let (local, domain) = user.split_once('@').unwrap_or((&user, ""));
    let likely = match domain {
        "" => String::new(),
        domain if ask::is_possible() => format!("imap.{domain}"),
        // A guess is for somebody who sees it.
        _ => String::new(),
    };
    let server = ask::or_flag(flags.server, "--server", question::SERVER, &likely)?;
    let security = match flags.security {
        Some(security) => security,
        None => security(&ask::or_flag(
            None,
            "--security",
            question::SECURITY,
            "tls",
        )?)?,
    };
    let name = ask::or_flag(flags.name, "--name", question::NAME, local)?;
    let move_to = ask::or_flag(
        flags.move_to,
        "--move-to",
        question::MOVE_TO,
        settings::MOVE_TO,
    )?;
    let ca_file = match flags.ca_file {
        // Here it starts from where the command is run; in the file, from the file's folder.
        Some(file) => Some(std::path::absolute(&file).with_context(|| file.display().to_string())?),
        None => None,
    };
    Ok(NewAccount {
        name,
        server,
        port: flags.port,
        security,
        ca_file: ca_file.map(|file| file.display().to_string()),
        user,
        password_command: flags.password_command,
        folders: flags.folder,
        move_to,
    })
}

fn security(word: &str) -> anyhow::Result<Security> {
    let known = [Security::Tls, Security::Starttls, Security::None];
    let found = known.into_iter().find(|security| security.word() == word);
    found.ok_or_else(|| anyhow!(text::no_such_security(word)))
}

/// The account as the settings will have it.
fn read_back(path: &Path, text: &str, new: &NewAccount) -> anyhow::Result<Account> {
    let settings = Settings::parse(path, text)?;
    let account = settings.account(&new.name).cloned();
    account.ok_or_else(|| anyhow!(text::no_such_account(&new.name, &[])))
}

fn store(account: &Account, secret: &Secret) -> Result<(), settings::SecretError> {
    match server(account).and_then(keyring_name) {
        Some(name) => keyring::store(name, secret),
        None => Ok(()),
    }
}

/// What to do where the keyring takes no password: a person may name a command, a script is told.
fn command_instead(output: &Output, reason: &str, stdin: bool) -> anyhow::Result<String> {
    let says = text::keyring_of_no_use(reason);
    if stdin || !ask::is_possible() {
        bail!(says);
    }
    output.error(&says);
    match ask::answer(text::ask::COMMAND, "")? {
        command if command.is_empty() => bail!(text::no_password_given()),
        command => Ok(command),
    }
}

/// The settings file's text; empty where there is none yet.
pub(super) fn text_of(path: &Path) -> Result<String, SettingsError> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| SettingsError::File {
            path: path.to_owned(),
            source,
        }),
    }
}
