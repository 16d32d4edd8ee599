//! The system's keyring: Secret Service, Keychain or Credential Manager. Each question is asked
//! from a thread of its own with a deadline, because a service that starts badly or waits for
//! somebody at a dialog answers late or never. Nothing but this file knows the crate.

use super::secret::{Secret, SecretError};
use keyring::{Entry, Error};
use std::sync::mpsc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The name under which all our passwords are kept.
pub const SERVICE: &str = "postsweep";
/// Longest wait for an answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// The password stored under this name.
pub fn get(name: &str) -> Result<Secret, SecretError> {
    let asked = name.to_owned();
    ask(name, move || entry(&asked)?.get_password().map(Secret::new))
}

/// Stores a password under this name, in place of the one before.
pub fn store(name: &str, secret: &Secret) -> Result<(), SecretError> {
    let (asked, secret) = (name.to_owned(), secret.clone());
    ask(name, move || entry(&asked)?.set_password(secret.expose()))
}

/// Removes the password under this name; returns whether there was one.
pub fn delete(name: &str) -> Result<bool, SecretError> {
    let asked = name.to_owned();
    match ask(name, move || entry(&asked)?.delete_credential()) {
        Ok(()) => Ok(true),
        Err(SecretError::NotStored(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn entry(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

/// Asks in a thread. One that hangs is left behind: it holds nothing that anybody waits for.
fn ask<T: Send + 'static>(
    name: &str,
    question: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T, SecretError> {
    let (give, take) = mpsc::channel();
    let name = name.to_owned();
    let worker = move || {
        let answer = question().map_err(|error| explain(error, name));
        let _ = give.send(answer);
    };
    std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(worker)
        .map_err(|error| SecretError::Refused(error.to_string()))?;
    take.recv_timeout(DEADLINE)
        .unwrap_or(Err(SecretError::Silent {
            seconds: DEADLINE.as_secs(),
        }))
}

/// Runs in the asking thread, since it may have to ask once more.
fn explain(error: Error, name: String) -> SecretError {
    match error {
        // A locked collection answers as if it held nothing (seen with gnome-keyring 42,
        // November 2026), so that "nothing stored" is believed of an open one only.
        Error::NoEntry | Error::NoStorageAccess(_) if crate::platform::keyring_is_locked() => {
            SecretError::Locked
        }
        Error::NoEntry => SecretError::NotStored(name),
        Error::NoDefaultStore => SecretError::NoKeyring {
            reason: match Entry::store_status() {
                Err(error) => missing(error),
                Ok(()) => "the system has none".to_owned(),
            },
        },
        // These two carry what was read.
        Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _) => {
            drop(Zeroizing::new(bytes));
            SecretError::Refused(format!("what it holds for \"{name}\" is not UTF-8"))
        }
        Error::NoStorageAccess(cause) | Error::PlatformFailure(cause) => {
            SecretError::Refused(crate::verdict::tame(&cause.to_string()))
        }
        Error::TooLong(_, most) => {
            SecretError::Refused(format!("it takes no more than {most} characters"))
        }
        Error::Ambiguous(_) => SecretError::Refused(format!(
            "it holds several passwords for \"{name}\" of \"{SERVICE}\": remove all but one"
        )),
        other => SecretError::Refused(crate::verdict::tame(&other.to_string())),
    }
}

/// Why there is no keyring, in words; the system's own go last.
fn missing(error: &Error) -> String {
    let cause = error.to_string();
    let detail = match error {
        Error::PlatformFailure(inner) => inner.to_string(),
        _ => cause,
    };
    if detail.contains("ServiceUnknown") || detail.contains("not provided by any .service") {
        "no keyring service runs in this session (gnome-keyring, KWallet or KeePassXC would be one)"
            .to_owned()
    } else if detail.contains("No such file")
        || detail.contains("NotFound")
        || detail.contains("not found")
    {
        "there is no D-Bus session, as under cron or over ssh".to_owned()
    } else {
        crate::verdict::tame(&detail)
    }
}
