//! Secrets: where a password comes from, how it is got, and a type that never shows it. No error
//! made here holds a secret, nor anything that a password command printed as its answer.

use super::keyring;
use std::fmt;
use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Longest wait for a password command: somebody may have to type a passphrase for it.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(60);
/// A password is shorter than this; what is longer is something else.
const LONGEST: u64 = 64 << 10;

/// A secret. `Debug` shows nothing of it; it is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret over.
    pub fn new(text: String) -> Self {
        Secret(Zeroizing::new(text))
    }

    /// The secret itself, for the moment of its use.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordFrom {
    /// The system's keyring, under service `postsweep` and this name.
    Keyring(String),
    /// The first line that this command prints.
    Command(String),
    /// This environment variable.
    Variable(String),
    /// This systemd credential (a file in `$CREDENTIALS_DIRECTORY`).
    Credential(String),
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The keyring is open, and holds none under this name.
    #[error(
        "the keyring holds no password for \"{0}\": store it with `postsweep account password`"
    )]
    NotStored(String),
    /// The keyring is there and locked.
    #[error(
        "the keyring is locked: unlock it (signing in to the desktop does) and run again{ALTERNATIVES}"
    )]
    Locked,
    /// There is no keyring to ask.
    #[error("no keyring can be asked: {reason}{ALTERNATIVES}")]
    NoKeyring {
        /// What is missing.
        reason: String,
    },
    /// The keyring did not answer.
    #[error(
        "the keyring did not answer within {seconds} s; it may be waiting for somebody to unlock it{ALTERNATIVES}"
    )]
    Silent {
        /// The time waited.
        seconds: u64,
    },
    /// The keyring refused.
    #[error("the keyring refused: {0}")]
    Refused(String),
    /// The password command failed.
    #[error("password-command {0}")]
    Command(String),
    /// The environment variable is of no use.
    #[error("the environment variable {name} (password-env) {reason}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The systemd credential is of no use.
    #[error("the systemd credential \"{name}\" (password-credential) {reason}")]
    Credential {
        /// The credential.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// What to use where there is no usable keyring.
const ALTERNATIVES: &str = "; or say in the settings where the password is: password-command, password-env or password-credential";

/// Gets a password. Waits for a bounded time.
pub fn password(from: &PasswordFrom) -> Result<Secret, SecretError> {
    match from {
        PasswordFrom::Keyring(name) => keyring::get(name),
        PasswordFrom::Command(line) => first_line_of(line, COMMAND_TIMEOUT),
        PasswordFrom::Variable(name) => variable(name),
        PasswordFrom::Credential(name) => credential(name),
    }
}

fn variable(name: &str) -> Result<Secret, SecretError> {
    let wrong = |reason| SecretError::Variable {
        name: name.to_owned(),
        reason,
    };
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Err(wrong("is empty")),
        Ok(value) => Ok(Secret::new(value)),
        Err(std::env::VarError::NotPresent) => Err(wrong("is not set")),
        Err(std::env::VarError::NotUnicode(_)) => Err(wrong("is not UTF-8")),
    }
}

/// systemd.exec(5), "Credentials": a read-only file for this service alone.
fn credential(name: &str) -> Result<Secret, SecretError> {
    let wrong = |reason: String| SecretError::Credential {
        name: name.to_owned(),
        reason,
    };
    let Some(folder) = std::env::var_os("CREDENTIALS_DIRECTORY") else {
        return Err(wrong(
            "cannot be read: $CREDENTIALS_DIRECTORY is not set; run as a service with LoadCredential= or SetCredentialEncrypted="
                .to_owned(),
        ));
    };
    let path = std::path::Path::new(&folder).join(name);
    let mut bytes = Zeroizing::new(Vec::new());
    std::fs::File::open(&path)
        .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
        .map_err(|error| wrong(format!("cannot be read: {}: {error}", path.display())))?;
    first_line(&bytes).ok_or_else(|| wrong("is empty or not UTF-8".to_owned()))
}

/// Runs a command line and takes the first line it prints.
fn first_line_of(line: &str, timeout: Duration) -> Result<Secret, SecretError> {
    let mut child = crate::platform::shell(line)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| SecretError::Command(format!("could not be started: {error}")))?;
    // Both pipes are read at once and to their ends, so that the command never waits for us.
    let answer = drain(child.stdout.take());
    let complaint = drain(child.stderr.take());

    let deadline = Instant::now() + timeout;
    let late = || SecretError::Command(format!("gave no password within {} s", timeout.as_secs()));
    let Some(status) = wait(&mut child, deadline) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(late());
    };
    let rest = || {
        deadline
            .saturating_duration_since(Instant::now())
            .max(Duration::from_secs(1))
    };
    if !status.success() {
        let complaint = complaint.recv_timeout(rest()).unwrap_or_default();
        return Err(SecretError::Command(format!(
            "failed ({status}){}",
            last_words(&complaint)
        )));
    }
    let answer = answer.recv_timeout(rest()).map_err(|_| late())?;
    first_line(&answer).ok_or_else(|| {
        SecretError::Command("printed no password: its first line is empty or not UTF-8".to_owned())
    })
}

type Bytes = Zeroizing<Vec<u8>>;

/// Reads a pipe to its end in a thread; all that goes over the bound is read and dropped.
fn drain<P: Read + Send + 'static>(pipe: Option<P>) -> mpsc::Receiver<Bytes> {
    let (give, take) = mpsc::channel();
    let read = move || {
        // Room from the start: a buffer that grows leaves copies of the secret behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST as usize));
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(LONGEST).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = give.send(bytes);
    };
    // Without a thread the receiver finds nobody at the other end, which reads as "no answer".
    let _ = std::thread::Builder::new()
        .name("password-command".to_owned())
        .spawn(read);
    take
}

fn wait(child: &mut Child, deadline: Instant) -> Option<std::process::ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn first_line(bytes: &[u8]) -> Option<Secret> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.trim_end_matches('\r');
    (!line.is_empty()).then(|| Secret::new(line.to_owned()))
}

/// The last line of what a command said on stderr, which is where tools explain themselves.
fn last_words(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    match text.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(line) => format!(": {}", crate::verdict::tame(line)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Result<Secret, SecretError> {
        first_line_of(line, Duration::from_secs(10))
    }

    #[test]
    fn a_command_gives_its_first_line() {
        for line in [
            "echo hunter2",
            "printf 'hunter2\\r\\nuser: pat\\n'",
            "printf hunter2",
        ] {
            assert_eq!(command(line).unwrap().expose(), "hunter2", "{line}");
        }
    }

    #[test]
    fn a_command_that_fails_is_quoted_by_its_stderr_and_never_by_its_stdout() {
        let line = "echo hunter2; echo first >&2; echo 'no such entry' >&2; exit 3";
        let error = command(line).unwrap_err().to_string();
        assert!(
            error.contains("no such entry") && error.contains('3'),
            "{error}"
        );
        assert!(
            !error.contains("hunter2") && !error.contains("first"),
            "{error}"
        );
    }

    #[test]
    fn a_command_without_an_answer_is_said_so() {
        for (line, says) in [
            ("true", "printed no password"),
            ("echo; echo second", "printed no password"),
            ("printf '\\377\\n'", "printed no password"),
            ("exit 1", "failed"),
        ] {
            let error = command(line).unwrap_err().to_string();
            assert!(error.contains(says), "{line}: {error}");
        }
    }

    #[test]
    fn a_command_that_hangs_meets_its_deadline() {
        let start = Instant::now();
        let error = first_line_of("sleep 60", Duration::from_millis(200)).unwrap_err();
        assert!(error.to_string().contains("within"), "{error}");
        assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_command_that_prints_without_end_does_not_fill_the_memory() {
        let error = first_line_of("yes hunter2", Duration::from_millis(300)).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        let much = "head -c 3000000 /dev/zero | tr '\\0' x";
        assert_eq!(command(much).unwrap().expose().len() as u64, LONGEST);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "Secret(…)");
    }
}
