//! Samples: the exact original bytes of one message each, kept on disk as `<digest>.eml` before
//! anything happens to the message. A sample is written whole or not at all, lasts through a
//! power cut, is read back, and can be read back again at any time: an antivirus program may have
//! eaten it in between. Nothing here looks at what a message says.

use crate::mail::Digest;
use crate::platform;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// One message kept for submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The SHA-256 of its bytes, as they were on disk a moment ago.
    pub digest: Digest,
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

/// Why a sample could not be kept, or is not there any more.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// It is gone.
    #[error(
        "{path}: the sample was removed, by an antivirus program perhaps: exclude the folder there, then run again"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It holds other bytes.
    #[error(
        "{path}: the sample was changed, by an antivirus program perhaps: exclude the folder there, then run again"
    )]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The mailbox broke off in the middle of the message; nothing was kept.
    #[error("the message could not be read to its end: {0}")]
    Broken(io::Error),
    /// A file could not be read or written.
    #[error("{path}: {source}{}", hint(source))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

/// What to do about an error of the system, where that can be said.
fn hint(source: &io::Error) -> &'static str {
    if is_full(source) {
        "; make room and run again"
    } else {
        ""
    }
}

/// Whether an error of the system says that the disk, or its owner's quota, is full.
pub(crate) fn is_full(source: &io::Error) -> bool {
    matches!(
        source.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

impl SampleError {
    /// Whether the disk (or its owner's quota) is full, so that the next sample fails as well.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, SampleError::File { source, .. } if is_full(source))
    }

    fn file(path: &Path) -> impl FnOnce(io::Error) -> SampleError + '_ {
        |source| SampleError::File {
            path: path.to_owned(),
            source,
        }
    }
}

/// Where the sample with this digest lies, if it is there.
pub fn path(dir: &Path, digest: &Digest) -> PathBuf {
    dir.join(format!("{digest}.eml"))
}

/// Keeps a message: writes it privately, makes it last, reads it back and compares. A good sample
/// that is already there is left as it is.
pub fn keep(dir: &Path, bytes: &[u8]) -> Result<Sample, SampleError> {
    if let Ok(sample) = verify(dir, &Digest::of(bytes)) {
        // Whoever wrote it may have been killed before its name would outlast a power cut.
        platform::sync_dir(dir).map_err(SampleError::file(dir))?;
        return Ok(sample);
    }
    keep_streamed(dir, &mut |sink| sink.write_all(bytes))
}

/// Keeps a message that is too large to hold in memory: `write` writes it to the sink it is
/// given, and must fail where the message broke off.
pub fn keep_streamed(
    dir: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<Sample, SampleError> {
    platform::private_dir(dir).map_err(SampleError::file(dir))?;
    let file = platform::unfinished(dir).map_err(SampleError::file(dir))?;
    let mut sink = Sink {
        file: BufWriter::with_capacity(64 << 10, file),
        hasher: Sha256::new(),
        failed: false,
    };
    let written = write(&mut sink).and_then(|()| sink.flush());
    if let Err(source) = written {
        return Err(match sink.failed {
            true => SampleError::file(dir)(source),
            false => SampleError::Broken(source),
        });
    }
    let digest = Digest::finish(sink.hasher);
    let path = path(dir, &digest);
    let file = sink
        .file
        .into_inner()
        .map_err(|error| SampleError::file(&path)(error.into_error()))?;
    file.as_file()
        .sync_all()
        .map_err(SampleError::file(&path))?;
    file.persist(&path)
        .map_err(|error| SampleError::file(&path)(error.error))?;
    platform::sync_dir(dir).map_err(SampleError::file(dir))?;
    verify(dir, &digest)
}

/// Reads a sample again, to its last byte, and compares it with its digest.
pub fn verify(dir: &Path, digest: &Digest) -> Result<Sample, SampleError> {
    let path = path(dir, digest);
    let mut size = 0;
    let found = hash(&path, &mut |chunk| {
        size += chunk.len() as u64;
        Ok::<(), SampleError>(())
    })?;
    if found != *digest {
        return Err(SampleError::Changed { path });
    }
    Ok(Sample {
        digest: *digest,
        path,
        size,
    })
}

/// Removes a sample; returns whether there was one.
pub fn remove(dir: &Path, digest: &Digest) -> Result<bool, SampleError> {
    let path = path(dir, digest);
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(SampleError::file(&path)(error)),
    }
}

/// Hashes a file piece by piece, handing each piece to `each` as well.
pub(crate) fn hash<E: From<SampleError>>(
    path: &Path,
    each: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<Digest, E> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => SampleError::Missing {
            path: path.to_owned(),
        },
        _ => SampleError::file(path)(error),
    };
    let mut file = File::open(path).map_err(missing)?;
    let failed = |error| E::from(SampleError::file(path)(error));
    hash_pieces(&mut file, &failed, each)
}

/// Hashes what a reader gives.
pub(crate) fn hash_from(reader: &mut dyn Read) -> io::Result<Digest> {
    hash_pieces(reader, &|error| error, &mut |_| Ok(()))
}

fn hash_pieces<E>(
    reader: &mut dyn Read,
    failed: &dyn Fn(io::Error) -> E,
    each: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<Digest, E> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = match reader.read(&mut buffer) {
            Ok(0) => return Ok(Digest::finish(hasher)),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        let chunk = buffer.get(..length).unwrap_or_default();
        hasher.update(chunk);
        each(chunk)?;
    }
}

/// Writes and hashes, and knows whether it was the file that failed or the one who writes.
struct Sink {
    file: BufWriter<NamedTempFile>,
    hasher: Sha256,
    failed: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.file.write(bytes);
        match &result {
            Ok(length) => self.hasher.update(bytes.get(..*length).unwrap_or_default()),
            Err(error) => self.failed |= error.kind() != io::ErrorKind::Interrupted,
        }
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.file.flush();
        self.failed |= result.is_err();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_message_byte_for_byte_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new/samples");
        let bytes = b"From: a@example.com\r\n\0\xff no line end";
        let sample = keep(&dir, bytes).unwrap();
        assert_eq!(fs::read(&sample.path).unwrap(), bytes);
        assert_eq!(
            (sample.digest, sample.size),
            (Digest::of(bytes), bytes.len() as u64)
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&sample.path), mode(&dir)), (0o600, 0o700));
        }
        assert_eq!(verify(&dir, &sample.digest).unwrap(), sample);
        assert_eq!(keep(&dir, bytes).unwrap(), sample);
        let streamed = keep_streamed(&dir, &mut |sink| {
            bytes.chunks(3).try_for_each(|chunk| sink.write_all(chunk))
        });
        assert_eq!(streamed.unwrap(), sample);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "nothing left over");
    }

    #[test]
    fn a_sample_that_was_removed_or_changed_is_told_and_can_be_kept_anew() {
        let dir = tempfile::tempdir().unwrap();
        let sample = keep(dir.path(), b"eaten").unwrap();
        fs::write(&sample.path, b"quarantined").unwrap();
        let changed = verify(dir.path(), &sample.digest).unwrap_err();
        assert!(matches!(changed, SampleError::Changed { .. }), "{changed}");
        assert_eq!(keep(dir.path(), b"eaten").unwrap(), sample);
        assert!(remove(dir.path(), &sample.digest).unwrap());
        assert!(!remove(dir.path(), &sample.digest).unwrap());
        let missing = verify(dir.path(), &sample.digest).unwrap_err();
        assert!(matches!(missing, SampleError::Missing { .. }));
        assert!(missing.to_string().contains("antivirus"), "{missing}");
    }

    #[test]
    fn a_message_that_breaks_off_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let broken = keep_streamed(dir.path(), &mut |sink| {
            sink.write_all(b"half")?;
            Err(io::Error::other("the connection was lost"))
        });
        assert!(matches!(broken, Err(SampleError::Broken(_))));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let sample = keep(dir.path(), b"mail").unwrap();
        let (_, left) = platform::unfinished(dir.path()).unwrap().keep().unwrap();
        let now = std::time::SystemTime::now();
        let hour = std::time::Duration::from_secs(3600);
        let clear = |before| platform::remove_unfinished(dir.path(), before).unwrap();
        assert_eq!(clear(now - hour), 0, "it may be another run's");
        assert_eq!(clear(now + hour), 1);
        assert!(sample.path.exists() && !left.exists());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_known_as_one() {
        let error = SampleError::file(Path::new("/dev/full"))(
            File::options()
                .write(true)
                .open("/dev/full")
                .unwrap()
                .write_all(b"x")
                .unwrap_err(),
        );
        assert!(error.is_disk_full());
        assert!(error.to_string().contains("make room"), "{error}");
    }
}
