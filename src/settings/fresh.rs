//! A way on from a settings file that cannot be used: it is kept beside itself under a new name,
//! and a fresh one takes its place. Nothing is ever deleted.

use super::SettingsError;
use super::edit::{HEADING, write};
use std::path::{Path, PathBuf};

/// The most names that are tried for the copy.
const MOST_COPIES: usize = 1000;

/// Keeps the settings file beside itself under a name that nothing has yet, writes a fresh one,
/// and says where the copy is.
pub fn start_fresh(path: &Path) -> Result<PathBuf, SettingsError> {
    let error = |source| SettingsError::File {
        path: path.to_owned(),
        source,
    };
    // Of a file that is a link, what it leads to.
    let target = std::fs::canonicalize(path).map_err(error)?;
    let bytes = std::fs::read(&target).map_err(error)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    for number in 1..MOST_COPIES {
        let copy = target.with_file_name(match number {
            1 => format!("{name}.kept"),
            number => format!("{name}.kept-{number}"),
        });
        match std::fs::hard_link(&target, &copy) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
            // Not every file system has links.
            Err(_) => match write_new(&copy, &bytes) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                written => written.map_err(|source| SettingsError::File {
                    path: copy.clone(),
                    source,
                })?,
            },
        }
        write(path, HEADING)?;
        return Ok(copy);
    }
    Err(SettingsError::Edit {
        path: path.to_owned(),
        says: "too many kept copies lie beside it; remove some".to_owned(),
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = crate::platform::private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn a_broken_file_is_kept_and_a_fresh_one_takes_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let mut copies = Vec::new();
        for broken in ["level = \n", "[[account\n"] {
            std::fs::write(&path, broken).unwrap();
            let copy = start_fresh(&path).unwrap();
            assert_eq!(std::fs::read_to_string(&copy).unwrap(), broken);
            assert_eq!(Settings::load(&path).unwrap().accounts, []);
            copies.push(copy.file_name().unwrap().to_owned());
        }
        assert_eq!(copies, ["config.toml.kept", "config.toml.kept-2"]);
    }

    #[test]
    fn what_is_not_there_cannot_be_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        assert!(start_fresh(&path).is_err());
        assert!(!path.exists());
    }
}
