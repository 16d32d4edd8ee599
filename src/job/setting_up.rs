//! Accounts added, changed and removed for a person: the password goes to the keyring before the
//! settings name it, and out of it when nobody needs it any more. Whatever fails, settings and
//! keyring are left as they were.

use crate::settings::{
    self, Account, Draft, Field, Flaw, PasswordFrom, Places, Secret, SecretError, Server, Settings,
    SettingsError, Source, keyring,
};

/// Why an account could not be set up; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Fields that cannot stay as they are.
    #[error("{}", .0.iter().map(|flaw| flaw.says.as_str()).collect::<Vec<_>>().join("; "))]
    Flaws(Vec<Flaw>),
    /// The keyring takes or gives no password.
    #[error("the password cannot be stored: {0}")]
    Keyring(#[from] SecretError),
    /// The settings file.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// An account that was added, changed or removed.
#[derive(Debug)]
pub struct SetUp {
    /// The settings as they are now.
    pub settings: Settings,
    /// Whether a password was taken out of the keyring.
    pub forgot_password: bool,
    /// A password that nobody needs stayed in the keyring, for this reason.
    pub left: Option<String>,
}

/// The account as the settings would have it, or each field that cannot stay as it is. `changing`
/// is the account that the draft is to become, where it is none that is new.
pub fn drafted(
    places: &Places,
    draft: &Draft,
    changing: Option<&str>,
) -> Result<Account, SetUpError> {
    let known = accounts(places)?;
    let others: Vec<Account> = known
        .into_iter()
        .filter(|known| Some(known.name.as_str()) != changing)
        .collect();
    let checked = known_as(draft, changing).check(&places.config_file, &others);
    checked.map_err(SetUpError::Flaws)
}

/// A known account stays what it is kept under, whatever it is called now.
fn known_as(draft: &Draft, changing: Option<&str>) -> Draft {
    Draft {
        kept_as: changing.map(str::to_owned),
        ..draft.clone()
    }
}

/// Adds an account: first its password to the keyring, then the account to the settings.
pub fn add_account(
    places: &Places,
    draft: &Draft,
    password: Option<&Secret>,
) -> Result<SetUp, SetUpError> {
    let account = drafted(places, draft, None)?;
    let stored = match (keyring_name(&account), password) {
        (Some(name), Some(password)) => Some(Stored::store(name, password)?),
        (Some(_), None) => return Err(no_password()),
        (None, _) => None,
    };
    let settings = settings::add(&places.config_file, draft);
    kept(settings, stored, None)
}

/// Changes an account. Another name is what it is called from now on; all that was swept and moved
/// stays its own, since that is kept under the name it was added with. Without a password the one
/// that is known stays, under the name that the keyring then has for it.
pub fn change_account(
    places: &Places,
    name: &str,
    draft: &Draft,
    password: Option<&Secret>,
) -> Result<SetUp, SetUpError> {
    let account = drafted(places, draft, Some(name))?;
    let before = accounts(places)?
        .into_iter()
        .find(|known| known.name == name)
        .and_then(|known| keyring_name(&known).map(str::to_owned));
    let stored = match (keyring_name(&account), password) {
        (Some(now), Some(password)) => Some(Stored::store(now, password)?),
        (Some(now), None) if before.as_deref() != Some(now) => {
            let Some(before) = &before else {
                return Err(no_password());
            };
            match keyring::get(before) {
                Ok(password) => Some(Stored::store(now, &password)?),
                Err(SecretError::NotStored(_)) => return Err(no_password()),
                Err(error) => return Err(error.into()),
            }
        }
        _ => None,
    };
    let settings = settings::alter(&places.config_file, name, &known_as(draft, Some(name)));
    kept(settings, stored, before)
}

/// Removes an account from the settings, and its password from the keyring unless another account
/// or outgoing mail signs in alike. What was swept and moved stays known.
pub fn remove_account(places: &Places, name: &str) -> Result<SetUp, SetUpError> {
    let before = accounts(places)?
        .into_iter()
        .find(|known| known.name == name)
        .and_then(|known| keyring_name(&known).map(str::to_owned));
    let settings = settings::remove(&places.config_file, name);
    kept(settings, None, before)
}

/// The keyring's name for an account's password, where it is there.
pub fn keyring_name(account: &Account) -> Option<&str> {
    match &account.source {
        Source::Imap(server) => name_of(server),
        Source::Maildir(_) | Source::Files(_) => None,
    }
}

fn name_of(server: &Server) -> Option<&str> {
    match &server.password {
        PasswordFrom::Keyring(name) => server.user.as_ref().map(|_| name.as_str()),
        _ => None,
    }
}

fn accounts(places: &Places) -> Result<Vec<Account>, SettingsError> {
    match Settings::load(&places.config_file) {
        Ok(settings) => Ok(settings.accounts),
        Err(SettingsError::Missing { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn no_password() -> SetUpError {
    SetUpError::Flaws(vec![Flaw {
        field: Field::Password,
        says: "Type the password.".to_owned(),
    }])
}

/// A password just stored, and what was there before it.
struct Stored {
    name: String,
    before: Option<Secret>,
}

impl Stored {
    fn store(name: &str, password: &Secret) -> Result<Stored, SecretError> {
        let before = match keyring::get(name) {
            Ok(secret) => Some(secret),
            Err(SecretError::NotStored(_)) => None,
            Err(error) => return Err(error),
        };
        keyring::store(name, password)?;
        Ok(Stored {
            name: name.to_owned(),
            before,
        })
    }

    fn take_back(self) {
        // What cannot be put back leaves a password that no settings name.
        let _ = match &self.before {
            Some(secret) => keyring::store(&self.name, secret),
            None => keyring::delete(&self.name).map(|_| ()),
        };
    }
}

/// What became of it: with the settings written, the password under `before` goes unless something
/// in them still needs it; without, the keyring is as it was.
fn kept(
    settings: Result<Settings, SettingsError>,
    stored: Option<Stored>,
    before: Option<String>,
) -> Result<SetUp, SetUpError> {
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => {
            if let Some(stored) = stored {
                stored.take_back();
            }
            return Err(error.into());
        }
    };
    let mut used = settings.accounts.iter().filter_map(keyring_name);
    let outgoing = settings.outgoing.as_ref().and_then(name_of);
    let unused =
        before.filter(|name| !used.any(|used| used == name) && outgoing != Some(name.as_str()));
    let (forgot_password, left) = match unused.map(|name| keyring::delete(&name)) {
        None => (false, None),
        Some(Ok(was_there)) => (was_there, None),
        Some(Err(error)) => (false, Some(error.to_string())),
    };
    Ok(SetUp {
        settings,
        forgot_password,
        left,
    })
}
