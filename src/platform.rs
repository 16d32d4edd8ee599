//! What differs between operating systems, all of it: private files and folders and their owners,
//! renames that overwrite nothing and last, running a command line, fonts, and asking whether the
//! keyring is locked.

mod fonts;

pub use fonts::font;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What stands between a Maildir's unique name and `2,` with the flags: a colon, which file names
/// on Windows cannot have; programs there write a semicolon.
pub const FLAGS_MARK: char = if cfg!(windows) { ';' } else { ':' };

/// Makes a folder, and those above it, readable by its owner alone. On Windows a folder in the
/// user's profile is private by inheritance.
pub fn private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a new file, readable by its owner alone; fails where one is already.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(path)
}

/// Opens a file to append to or to lock, made readable by its owner alone if it is not there.
pub fn private_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    owner_only(&mut options);
    options.open(path)
}

fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Makes what was created or renamed in a folder outlast a power cut. Windows does so by itself
/// and has no call for it.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// What files are called that are not finished: a dot, so that nobody takes one for what it is
/// going to be.
const UNFINISHED: &str = ".unfinished-";

/// A private file that is gone again unless it is given a name.
pub fn unfinished(dir: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(dir)
}

/// Removes what a killed run left unfinished in a folder, as far as it was last written before
/// that time: what is younger may be another run's. Returns how many there were.
pub fn remove_unfinished(dir: &Path, before: std::time::SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // Told by the name: to look at each of many thousand samples would take a while.
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let metadata = entry.metadata()?;
        if metadata.is_file() && metadata.modified()? < before {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// The system's shell, ready to run a command line that the user wrote in the settings.
pub fn shell(command_line: &str) -> Command {
    #[cfg(windows)]
    let (shell, flag) = ("cmd", "/C");
    #[cfg(not(windows))]
    let (shell, flag) = ("sh", "-c");
    let mut command = Command::new(shell);
    command.arg(flag).arg(command_line);
    command
}

/// Shows a folder in the system's own file manager. Waits until that has been started.
pub fn open_folder(path: &Path) -> io::Result<()> {
    let program = match std::env::consts::OS {
        "windows" => "explorer",
        "macos" => "open",
        _ => "xdg-open",
    };
    let mut command = Command::new(program);
    command.arg(path).stdin(Stdio::null());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status =
        status.map_err(|error| io::Error::new(error.kind(), format!("{program}: {error}")))?;
    // Explorer ends with 1 whatever happened.
    match status.success() || cfg!(windows) {
        true => Ok(()),
        false => Err(io::Error::other(format!(
            "{program} could not open it ({status})"
        ))),
    }
}

/// Whether the system can ask a person for a file. Everywhere but on a bare Linux: there the
/// desktop's portal does it, or else `zenity`, and where neither is, a dialog would seem to have
/// been put away. Blocks for as long as the portal does, for a few seconds at most.
#[cfg(feature = "gui")]
pub fn has_file_dialogs() -> bool {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        use std::sync::OnceLock;
        static HAS: OnceLock<()> = OnceLock::new();
        if HAS.get().is_some() {
            return true;
        }
        match asks_portal().map_err(|error| is_slow(&error)) {
            Ok(()) => drop(HAS.set(())),
            // It is there, and has not come up yet: a dialog waits for it longer than this.
            Err(true) => {}
            Err(false) => return is_on_path("zenity"),
        }
        true
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    true
}

/// A portal without dialogs of its own, as one without a desktop has none, does not tell their
/// version.
#[cfg(all(feature = "gui", unix, not(target_os = "macos")))]
fn asks_portal() -> zbus::Result<()> {
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(5);
    let session = zbus::blocking::connection::Builder::session()?;
    let session = session.method_timeout(LONGEST).build()?;
    let asked = session.call_method(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.DBus.Properties"),
        "Get",
        &("org.freedesktop.portal.FileChooser", "version"),
    );
    asked.map(|_| ())
}

/// Whether nobody answered in time, which is another thing than that nobody is there.
#[cfg(all(feature = "gui", unix, not(target_os = "macos")))]
fn is_slow(error: &zbus::Error) -> bool {
    match error {
        zbus::Error::InputOutput(error) => error.kind() == io::ErrorKind::TimedOut,
        _ => false,
    }
}

#[cfg(all(feature = "gui", unix, not(target_os = "macos")))]
fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether the keyring is there and locked. The Secret Service answers a question about a locked
/// collection as if it held nothing; Keychain and Credential Manager say so themselves. Blocks for
/// as long as the service does.
pub fn keyring_is_locked() -> bool {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        use secret_service::{EncryptionType, blocking::SecretService};
        SecretService::connect(EncryptionType::Plain)
            .and_then(|service| service.get_default_collection()?.is_locked())
            .unwrap_or(false)
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    false
}

/// Renames a file within its filesystem in one step, never over another: where the new name is
/// taken it fails with `AlreadyExists`, and nothing has changed.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    // `std` has no such rename; `tempfile` has it for each system. What it calls a temporary
    // file is somebody's message: it must never be cleaned up.
    let mut file = tempfile::TempPath::try_from_path(from)?;
    file.disable_cleanup(true);
    file.persist_noclobber(to).map_err(|failed| failed.error)?;
    match from.symlink_metadata() {
        Err(_) => Ok(()),
        // Where the filesystem cannot rename so, it was linked, and the old name stayed.
        Ok(_) => fs::remove_file(from),
    }
}

/// Gives what was made the owner of what it was made in, as far as that is allowed: root sweeps
/// the mail of others. Windows inherits by itself.
pub fn same_owner(path: &Path, model: &Path) {
    #[cfg(unix)]
    if let (Ok(own), Ok(model)) = (fs::metadata(path), fs::metadata(model)) {
        use std::os::unix::fs::{MetadataExt, chown};
        if (own.uid(), own.gid()) != (model.uid(), model.gid()) {
            // Not allowed: the folder is the user's own then, as anything else that they make.
            let _ = chown(path, Some(model.uid()), Some(model.gid()));
        }
    }
    #[cfg(not(unix))]
    let _ = (path, model);
}

#[cfg(all(test, feature = "gui", unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn a_portal_that_is_slow_is_not_one_that_is_missing() {
        let slow = io::Error::from(io::ErrorKind::TimedOut);
        assert!(is_slow(&zbus::Error::from(slow)));
        let nobody = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert!(!is_slow(&zbus::Error::from(nobody)));
        assert!(!is_slow(&zbus::Error::InterfaceNotFound));
    }
}
