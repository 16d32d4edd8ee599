//! A path that a person typed where no file dialog can be opened: looked at as a dialog would, so
//! that nothing is read that is not there, and no file that is there is written over. As with a
//! dialog that holds for the moment of the look: what another program puts there between that and
//! the writing is written over.

use std::path::{Path, PathBuf};

/// What a path is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathFor {
    /// A file to read.
    File,
    /// A folder that is there.
    Folder,
    /// A file to write, where none is yet.
    NewFile,
}

/// Why a path cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathFlaw {
    /// Nothing is typed.
    Empty,
    /// It begins nowhere: neither at the root nor at home.
    Relative,
    /// There is nothing.
    Missing(PathBuf),
    /// There is something else than a file.
    NotAFile(PathBuf),
    /// There is something else than a folder.
    NotAFolder(PathBuf),
    /// Something is there already.
    Taken(PathBuf),
}

/// The path that is meant; `~` is the home of whoever typed it.
pub fn typed_path(text: &str, purpose: PathFor) -> Result<PathBuf, PathFlaw> {
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    let path = absolute(text.trim(), home.as_deref())?;
    match purpose {
        PathFor::File if !path.exists() => Err(PathFlaw::Missing(path)),
        PathFor::File if !path.is_file() => Err(PathFlaw::NotAFile(path)),
        PathFor::Folder if !path.exists() => Err(PathFlaw::Missing(path)),
        PathFor::Folder if !path.is_dir() => Err(PathFlaw::NotAFolder(path)),
        // A link that leads nowhere is something too.
        PathFor::NewFile if path.symlink_metadata().is_ok() => Err(PathFlaw::Taken(path)),
        PathFor::NewFile => match path.parent() {
            Some(folder) if folder.is_dir() => Ok(path),
            Some(folder) => Err(PathFlaw::Missing(folder.to_owned())),
            None => Err(PathFlaw::NotAFile(path)),
        },
        PathFor::File | PathFor::Folder => Ok(path),
    }
}

fn absolute(text: &str, home: Option<&Path>) -> Result<PathBuf, PathFlaw> {
    if text.is_empty() {
        return Err(PathFlaw::Empty);
    }
    let path = Path::new(text);
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => Ok(home.join(rest)),
        _ if path.is_absolute() => Ok(path.to_owned()),
        _ => Err(PathFlaw::Relative),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_it_is_asked_for_or_says_why_not() {
        let dir = tempfile::tempdir().unwrap();
        let (file, none) = (dir.path().join("list.txt"), dir.path().join("none"));
        std::fs::write(&file, "").unwrap();
        let at = |path: &Path, purpose| typed_path(&format!(" {} ", path.display()), purpose);
        assert_eq!(at(&file, PathFor::File), Ok(file.clone()));
        assert_eq!(at(dir.path(), PathFor::Folder), Ok(dir.path().to_owned()));
        assert_eq!(at(&none, PathFor::NewFile), Ok(none.clone()));
        assert_eq!(
            at(&file, PathFor::NewFile),
            Err(PathFlaw::Taken(file.clone()))
        );
        assert_eq!(
            at(&none, PathFor::File),
            Err(PathFlaw::Missing(none.clone()))
        );
        assert_eq!(
            at(&none.join("new.txt"), PathFor::NewFile),
            Err(PathFlaw::Missing(none))
        );
        assert_eq!(
            at(&file, PathFor::Folder),
            Err(PathFlaw::NotAFolder(file.clone()))
        );
        let folder = dir.path().to_owned();
        assert_eq!(at(&folder, PathFor::File), Err(PathFlaw::NotAFile(folder)));
        assert_eq!(typed_path("  ", PathFor::File), Err(PathFlaw::Empty));
        assert_eq!(
            typed_path("list.txt", PathFor::File),
            Err(PathFlaw::Relative)
        );
    }

    #[test]
    fn home_is_a_letter_away() {
        let home = Path::new("/home/pat");
        assert_eq!(absolute("~/a", Some(home)), Ok(home.join("a")));
        assert_eq!(
            absolute("~", Some(home)).map(|path| path.join("b")),
            Ok(home.join("b"))
        );
        assert_eq!(absolute("~kim/a", Some(home)), Err(PathFlaw::Relative));
        assert_eq!(absolute("~/a", None), Err(PathFlaw::Relative));
    }
}
