//! What mailboxes on disk share: reading a part of a file, its time, and saying what went wrong.
//! Knows nothing of folders.

use super::{Entry, Fetched, MailboxError, Part};
use crate::mail::excerpt;
use crate::platform;
use jiff::Timestamp;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Most bytes that are read in search of the end of a header.
const LONGEST_HEADER: u64 = 4 << 20;

/// A file's error, named.
pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> MailboxError + '_ {
    |source| MailboxError::File {
        path: path.display().to_string(),
        source,
    }
}

/// An error at a change to a folder: who may not write, and who has no room, is told apart.
pub(super) fn refused(folder: &str, path: &Path, source: io::Error) -> MailboxError {
    use io::ErrorKind::{
        AlreadyExists, CrossesDevices, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem,
        StorageFull,
    };
    let (folder, reason) = (folder.to_owned(), format!("{}: {source}", path.display()));
    match source.kind() {
        PermissionDenied | ReadOnlyFilesystem => MailboxError::ReadOnly { folder, reason },
        StorageFull | QuotaExceeded => MailboxError::OverQuota { folder, reason },
        CrossesDevices => MailboxError::ReadOnly {
            folder,
            reason: format!(
                "{} lies on another filesystem, so that a message cannot be moved there in one \
                 step; choose a folder beside the first",
                path.display()
            ),
        },
        AlreadyExists => MailboxError::Refused {
            folder,
            reason: format!(
                "{} is there already; it was left alone, and so was the message",
                path.display()
            ),
        },
        _ => MailboxError::File {
            path: path.display().to_string(),
            source,
        },
    }
}

/// Whether two folders that were looked for are one; what is not there is no other's.
pub(super) fn same(
    one: Result<PathBuf, MailboxError>,
    other: Result<PathBuf, MailboxError>,
) -> Result<bool, MailboxError> {
    // As the system spells it: where it takes `spam` for `Spam`, these are one folder too.
    let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
    match (one, other) {
        (Err(MailboxError::NoFolder { .. }), _) | (_, Err(MailboxError::NoFolder { .. })) => {
            Ok(false)
        }
        (one, other) => Ok(real(one?) == real(other?)),
    }
}

/// When the mailbox received it: the file's time.
pub(super) fn date(metadata: &Metadata) -> Option<Timestamp> {
    Timestamp::try_from(metadata.modified().ok()?).ok()
}

/// Reads a part of what the reader gives, which has about `size` bytes.
pub(super) fn read(reader: &mut dyn BufRead, size: u64, part: Part) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match part {
        Part::Whole => {
            reader.read_to_end(&mut bytes)?;
        }
        Part::First(most) => {
            reader.take(most).read_to_end(&mut bytes)?;
        }
        Part::Judged(most) => {
            if size > excerpt::LARGEST {
                return read(reader, size, Part::First(excerpt::at_most(size, most)));
            }
            bytes.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
            reader.take(excerpt::LARGEST).read_to_end(&mut bytes)?;
            bytes = excerpt::excerpt(bytes, most).bytes;
        }
        Part::Headers => {
            let mut reader = reader.take(LONGEST_HEADER);
            loop {
                let before = bytes.len();
                reader.read_until(b'\n', &mut bytes)?;
                let line = bytes.get(before..).unwrap_or_default();
                if matches!(line, b"" | b"\n" | b"\r\n") {
                    break;
                }
            }
        }
    }
    Ok(bytes)
}

/// Reads the wanted messages one by one and hands each on until `each` breaks. Those that `read`
/// does not find are passed over; what cannot be read is told at the end, so that the others do
/// not suffer for it.
pub(super) fn fetch_each(
    wanted: &[Entry],
    each: &mut dyn FnMut(Fetched) -> ControlFlow<()>,
    mut read: impl FnMut(&Entry) -> Result<Option<Vec<u8>>, MailboxError>,
) -> Result<(), MailboxError> {
    let mut trouble = Ok(());
    for entry in wanted {
        match read(entry) {
            Ok(Some(bytes)) => {
                let place = entry.place.clone();
                let left_out = entry.size.saturating_sub(bytes.len() as u64);
                let fetched = Fetched {
                    place,
                    bytes,
                    left_out,
                };
                if each(fetched).is_break() {
                    break;
                }
            }
            Ok(None) => {}
            Err(error) => trouble = trouble.and(Err(error)),
        }
    }
    trouble
}

/// Makes what was moved in a folder outlast a power cut, as far as that can be had: an error
/// afterwards would hide that it was moved.
pub(super) fn settle(dir: &Path) {
    if let Err(error) = platform::sync_dir(dir) {
        log::warn!("{}: may not outlast a power cut: {error}", dir.display());
    }
}

/// Opens a message to read it: a plain file, and never what a symbolic link names.
pub(super) fn open(path: &Path) -> io::Result<BufReader<File>> {
    if !path.symlink_metadata()?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "is not a plain file",
        ));
    }
    File::open(path).map(|file| BufReader::with_capacity(64 << 10, file))
}

/// Copies what the reader gives to its end. The first error tells whether it was the message or
/// the sink that failed.
pub(super) fn copy(
    path: &Path,
    from: &mut dyn Read,
    sink: &mut dyn Write,
) -> Result<(), MailboxError> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(path)(error)),
        };
        let chunk = buffer.get(..length).unwrap_or_default();
        sink.write_all(chunk).map_err(failed(path))?;
    }
}

/// Whether a header has this Message-ID.
pub(super) fn has_message_id(header: &[u8], id: &str) -> bool {
    let text = String::from_utf8_lossy(header);
    let unfolded = text
        .replace("\r\n", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let wanted = id.trim_matches(['<', '>']);
    unfolded.lines().any(|line| {
        line.split_once(':').is_some_and(|(name, value)| {
            let value = value.trim().trim_start_matches('<').trim_end_matches('>');
            name.trim_end().eq_ignore_ascii_case("message-id") && value == wanted
        })
    })
}
