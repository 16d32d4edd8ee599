//! Where settings and data live on this system, and how the command line moves them.

use super::SettingsError;
use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// The places that a run uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// `config.toml`, or the file that `--config` names.
    pub config_file: PathBuf,
    /// The folder it is in; a user's own rules and vendors are folders beside it.
    pub config_dir: PathBuf,
    /// The store, samples, packages, the outbox and the log.
    pub data_dir: PathBuf,
}

impl Places {
    /// The platform's places, each overridden by what is given.
    pub fn find(config: Option<&Path>, data_dir: Option<&Path>) -> Result<Places, SettingsError> {
        let system = || ProjectDirs::from("", "", "postsweep").ok_or(SettingsError::NoHome);
        let config_file = match config {
            Some(file) => absolute(file)?,
            None => system()?.config_dir().join("config.toml"),
        };
        let data_dir = match data_dir {
            Some(dir) => absolute(dir)?,
            // Mail does not belong into a profile that roams over the network.
            None => system()?.data_local_dir().to_owned(),
        };
        let config_dir = config_file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Places {
            config_file,
            config_dir,
            data_dir,
        })
    }

    /// All in one folder: sample mail and trials, which touch nothing else.
    pub fn within(folder: &Path) -> Places {
        Places {
            config_file: folder.join("config.toml"),
            config_dir: folder.to_owned(),
            data_dir: folder.join("data"),
        }
    }

    /// The user's own weights of rules, as `tune` measured them.
    pub fn weights_file(&self) -> PathBuf {
        self.config_dir.join("weights.toml")
    }

    /// A folder of this name in the data folder, made if it is not there, for its owner alone.
    pub fn data_folder(&self, name: &str) -> Result<PathBuf, SettingsError> {
        let path = self.data_dir.join(name);
        match crate::platform::private_dir(&path) {
            Ok(()) => Ok(path),
            Err(source) => Err(SettingsError::File { path, source }),
        }
    }
}

fn absolute(path: &Path) -> Result<PathBuf, SettingsError> {
    std::path::absolute(path).map_err(|source| SettingsError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_moves_both_places() {
        let places = Places::find(Some(Path::new("/c/my.toml")), Some(Path::new("/d"))).unwrap();
        assert_eq!(places.config_file, Path::new("/c/my.toml"));
        assert_eq!(places.config_dir, Path::new("/c"));
        assert_eq!(places.data_dir, Path::new("/d"));
    }

    #[test]
    fn a_relative_file_has_a_folder() {
        let places = Places::find(Some(Path::new("my.toml")), Some(Path::new("d"))).unwrap();
        assert!(places.config_dir.is_absolute());
        assert!(places.data_dir.is_absolute());
    }
}
