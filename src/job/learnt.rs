//! What was learnt, on disk: one file in the data folder, replaced whole or not at all, by one run
//! at a time. One that cannot be read is told, and judged without; the first to learn anew keeps
//! it aside.

use super::desk::{JobError, make_private};
use super::lock::Lock;
use crate::classifier::{Counts, Model, Unreadable};
use crate::platform;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file; about 8 MB.
const FILE: &str = "learnt.bin";
/// What is larger is nothing of ours.
const MOST: u64 = 16 << 20;

pub(super) fn path_in(data: &Path) -> PathBuf {
    data.join(FILE)
}

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    File(#[from] io::Error),
}

/// Reads what was learnt; `None` where nothing was.
pub(super) fn read(path: &Path) -> Result<Option<Model>, Unusable> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    Ok(Some(Model::from_bytes(&bytes)?))
}

/// What was learnt, to judge by. What cannot be read is a warning.
pub(super) fn to_judge_by(data: &Path, warnings: &mut Vec<String>) -> Option<Model> {
    let path = path_in(data);
    read(&path).unwrap_or_else(|error| {
        warnings.push(format!(
            "{}: {error}: messages are judged without what was learnt; `postsweep learn` keeps the \
             file aside and begins anew",
            path.display()
        ));
        None
    })
}

/// What was learnt, while it is changed: nobody else changes it meanwhile.
pub(super) struct Lessons {
    pub(super) model: Model,
    /// Where a file lies that could not be read, and why it could not.
    pub(super) aside: Option<(PathBuf, String)>,
    path: PathBuf,
    _lock: Lock,
}

impl Lessons {
    /// Waits for whoever else learns, and reads what there is. A file that is damaged is kept
    /// aside.
    pub(super) fn open(data: &Path) -> Result<Lessons, JobError> {
        make_private(data)?;
        let lock = Lock::of_learnt(data)?;
        let path = path_in(data);
        let (model, aside) = match read(&path) {
            Ok(model) => (model.unwrap_or_default(), None),
            Err(Unusable::File(source)) => return Err(JobError::File { path, source }),
            Err(Unusable::Unreadable(error)) => {
                let aside = set_aside(&path)?;
                log::warn!("{}: {error}: kept as {}", path.display(), aside.display());
                (Model::default(), Some((aside, error.to_string())))
            }
        };
        Ok(Lessons {
            model,
            aside,
            path,
            _lock: lock,
        })
    }

    /// As [`Lessons::open`]; `None` where nothing was learnt yet, or what was cannot be read.
    pub(super) fn go_on(data: &Path) -> Result<Option<Lessons>, JobError> {
        let path = path_in(data);
        if !path.exists() {
            return Ok(None);
        }
        let lock = Lock::of_learnt(data)?;
        Ok(read(&path).ok().flatten().map(|model| Lessons {
            model,
            aside: None,
            path,
            _lock: lock,
        }))
    }

    /// Writes it down, whole or not at all.
    pub(super) fn write(&self) -> Result<(), JobError> {
        write(&self.path, &self.model.to_bytes()).map_err(|source| JobError::File {
            path: self.path.clone(),
            source,
        })
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = platform::unfinished(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    platform::sync_dir(folder)
}

/// Renames a file that cannot be read; an earlier one of that kind stays as well.
fn set_aside(path: &Path) -> Result<PathBuf, JobError> {
    let mut number = 1;
    loop {
        let aside = path.with_extension(format!("damaged-{number}"));
        match platform::rename_new(path, &aside) {
            Ok(()) => return Ok(aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                number += 1;
            }
            Err(source) => {
                let path = path.to_owned();
                return Err(JobError::File { path, source });
            }
        }
    }
}

/// Removes what was learnt; what it was, if that could still be read. Damaged ones that were kept
/// aside stay.
pub fn unlearn(data: &Path) -> Result<Option<Counts>, JobError> {
    if !data.exists() {
        return Ok(None);
    }
    let _lock = Lock::of_learnt(data)?;
    let path = path_in(data);
    let counts = read(&path).ok().flatten().map(|model| model.counts());
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(JobError::File { path, source }),
        Ok(()) => Ok(Some(counts.unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_told_judged_without_and_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let path = path_in(data);
        let mut warnings = Vec::new();
        assert!(to_judge_by(data, &mut warnings).is_none() && warnings.is_empty());
        Lessons::open(data).unwrap().write().unwrap();
        assert!(to_judge_by(data, &mut warnings).is_some() && warnings.is_empty());
        let mut bytes = fs::read(&path).unwrap();
        bytes[5000] ^= 1;
        for number in 1..=2 {
            fs::write(&path, &bytes).unwrap();
            assert!(to_judge_by(data, &mut warnings).is_none());
            assert!(warnings.pop().unwrap().contains("learnt.bin"));
            assert_eq!(fs::read(&path).unwrap(), bytes);
            let lessons = Lessons::open(data).unwrap();
            let (aside, why) = lessons.aside.clone().unwrap();
            assert!(
                aside.ends_with(format!("learnt.damaged-{number}")),
                "{aside:?}"
            );
            assert!(why.contains("checksum"), "{why}");
            assert_eq!(fs::read(aside).unwrap(), bytes);
            lessons.write().unwrap();
            drop(lessons);
            assert!(read(&path).unwrap().is_some());
        }
        assert_eq!(unlearn(data).unwrap(), Some(Counts::default()));
        assert_eq!(unlearn(data).unwrap(), None);
    }
}
