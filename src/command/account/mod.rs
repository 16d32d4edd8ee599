//! `account`: sets accounts up, tries, lists and removes them. Passwords go from the terminal to
//! the keyring and are never shown.

mod add;
mod ask;

use super::Exit;
use super::output::Output;
use crate::cli;
use crate::job::{self, Probed, Step};
use crate::settings::{
    Account, PasswordFrom, Places, Server, Settings, SettingsError, Source, keyring,
};
use crate::text;
use anyhow::bail;

/// Does what was asked for.
pub(super) fn run(places: &Places, command: cli::Account) -> anyhow::Result<Exit> {
    match command {
        cli::Account::Add(flags) => add::run(places, flags),
        cli::Account::Test { name } => test(places, name),
        cli::Account::List => list(places),
        cli::Account::Remove { name } => remove(places, &name),
        cli::Account::Password {
            name,
            password_stdin,
            ..
        } => password(places, name, password_stdin),
    }
}

fn named<'a>(settings: &'a Settings, name: &str) -> anyhow::Result<&'a Account> {
    let known = settings
        .accounts
        .iter()
        .map(|account| account.name.as_str());
    match settings.account(name) {
        Some(account) => Ok(account),
        None => bail!(text::no_such_account(name, &known.collect::<Vec<_>>())),
    }
}

fn test(places: &Places, name: Option<String>) -> anyhow::Result<Exit> {
    let settings = Settings::load(&places.config_file)?;
    let output = Output::plain();
    let accounts = match name {
        Some(name) => vec![named(&settings, &name)?],
        None => settings.accounts.iter().collect(),
    };
    if accounts.is_empty() {
        bail!(text::no_accounts());
    }
    let mut all_work = true;
    for account in accounts {
        all_work &= try_out(&output, account);
    }
    Ok(if all_work { Exit::Done } else { Exit::Reported })
}

/// Tries an account step by step; returns whether it works.
fn try_out(output: &Output, account: &Account) -> bool {
    output.line(&text::testing(&account.name));
    let mut works = true;
    let probed = job::probe(account, &mut |probed| match probed {
        Probed::Step(step) => {
            if let Some(line) = step_line(&step) {
                output.line(&line);
            }
        }
        Probed::Folders(folders) => {
            let names: Vec<String> = folders.into_iter().map(|folder| folder.name).collect();
            output.line(&text::step::folders(&names));
        }
        Probed::NoSuchFolder(name) => {
            works = false;
            output.error(&text::step::no_such_folder(&name));
        }
    });
    if let Err(error) = probed {
        works = false;
        output.error(&text::step::failed(&error.to_string()));
    }
    if works {
        output.line(&text::works(&account.name));
    } else {
        output.error(&text::does_not_work(&account.name));
    }
    works
}

fn step_line(step: &Step) -> Option<String> {
    Some(match step {
        Step::Resolved(addresses) => {
            let addresses: Vec<String> = addresses.iter().map(|at| at.ip().to_string()).collect();
            text::step::resolved(&addresses)
        }
        Step::Connected(address) => text::step::connected(&address.to_string()),
        Step::Encrypted => text::step::encrypted(),
        Step::InTheClear => text::step::in_the_clear(),
        Step::SignedIn(mechanism) => text::step::signed_in(mechanism),
        // Their names follow.
        Step::Listed(_) => return None,
    })
}

fn list(places: &Places) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let accounts = match Settings::load(&places.config_file) {
        Err(SettingsError::Missing { .. }) => Vec::new(),
        settings => settings?.accounts,
    };
    if accounts.is_empty() {
        output.line(text::no_accounts());
    }
    for account in accounts {
        let place = match &account.source {
            Source::Imap(server) => {
                let user = server.user.as_deref().unwrap_or_default();
                text::signs_in(user, &server.name(), &where_is(&server.password))
            }
            Source::Maildir(path) | Source::Files(path) => path.display().to_string(),
        };
        output.line(&text::account(
            &text::called(&account.name, account.shown()),
            &place,
            &account.folders,
            &account.move_to,
        ));
    }
    Ok(Exit::Done)
}

fn where_is(password: &PasswordFrom) -> String {
    match password {
        PasswordFrom::Keyring(_) => text::in_keyring().to_owned(),
        PasswordFrom::Command(_) => text::in_command().to_owned(),
        PasswordFrom::Variable(name) => text::in_variable(name),
        PasswordFrom::Credential(name) => text::in_credential(name),
    }
}

/// The keyring's name for a server's password, where it is there.
fn keyring_name(server: &Server) -> Option<&str> {
    match &server.password {
        PasswordFrom::Keyring(name) => server.user.as_ref().map(|_| name.as_str()),
        _ => None,
    }
}

fn server(account: &Account) -> Option<&Server> {
    match &account.source {
        Source::Imap(server) => Some(server),
        Source::Maildir(_) | Source::Files(_) => None,
    }
}

fn remove(places: &Places, name: &str) -> anyhow::Result<Exit> {
    let output = Output::plain();
    let path = &places.config_file;
    named(&Settings::load(path)?, name)?;
    let removed = job::remove_account(places, name)?;
    output.line(&text::removed(name, &path.display().to_string()));
    if removed.forgot_password {
        output.line(&text::password_removed(name));
    }
    match removed.left {
        None => Ok(Exit::Done),
        Some(error) => {
            output.error(&text::trouble(Some(name), &error));
            Ok(Exit::Reported)
        }
    }
}

/// Stores the password of an account, or without a name that of outgoing mail.
fn password(places: &Places, name: Option<String>, stdin: bool) -> anyhow::Result<Exit> {
    let settings = Settings::load(&places.config_file)?;
    let (whose, server) = match &name {
        Some(name) => (name.as_str(), server(named(&settings, name)?)),
        None => match &settings.outgoing {
            Some(server) => (server.host.as_str(), Some(server)),
            None => bail!(text::no_outgoing()),
        },
    };
    let Some(server) = server.filter(|server| server.user.is_some()) else {
        bail!(text::needs_no_password(whose));
    };
    let Some(keyring_name) = keyring_name(server) else {
        bail!(text::not_in_keyring(whose, &where_is(&server.password)));
    };
    let secret = ask::password(stdin)?;
    keyring::store(keyring_name, &secret)?;
    Output::plain().line(&text::password_stored(whose));
    Ok(Exit::Done)
}
