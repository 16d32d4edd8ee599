//! Every message at a path, whatever the path is: a message, an mbox, a Maildir, or a folder of
//! any of them. It reads, and changes nothing.

use super::mbox;
use crate::mail::{Coverage, Digest, excerpt};
use crate::mailbox::{MailboxError, disk};
use std::fs;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A message found by [`walk`].
#[derive(Debug)]
pub struct Found {
    /// The file; for one of several messages in an mbox, followed by `#` and its number from 1.
    pub path: String,
    /// Its bytes, or why there are none.
    pub message: Result<Content, MailboxError>,
}

/// What is judged of a message's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether that is all.
    pub coverage: Coverage,
    /// The SHA-256 of the whole message, where all of it was read and not all is judged.
    pub whole: Option<Digest>,
}

/// Hands over every message at `path`, in the order of names. Of a large message what is judged is
/// handed over, and at most `most` bytes (`mail::excerpt`). What cannot be read, or is not mail, is handed over as the
/// error that says so. In folders, hidden files and links to folders are passed over; in a
/// Maildir, everything but `cur` and `new`. It stops when `each` breaks.
pub fn walk(
    path: &Path,
    most: u64,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => folder(path, most, each),
        Ok(metadata) if metadata.is_file() => file(path, most, each),
        Ok(_) => trouble(path, invalid("is neither a file nor a folder"), each),
        Err(error) => trouble(path, error, each),
    }
}

fn folder(
    dir: &Path,
    most: u64,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut entries: Vec<PathBuf> = Vec::new();
    let listed = fs::read_dir(dir).and_then(|listed| {
        for entry in listed {
            entries.push(entry?.path());
        }
        Ok(())
    });
    if let Err(error) = listed {
        trouble(dir, error, each)?;
    }
    entries.sort();
    let is_dir = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
    let maildir = ["cur", "new"].iter().any(|sub| is_dir(&dir.join(sub)));
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hidden = name.starts_with('.');
        match is_dir(&path) {
            // The folders of a Maildir begin with a dot.
            true if maildir && name == "tmp" => {}
            true if maildir || !hidden => folder(&path, most, each)?,
            false if !maildir && !hidden => match fs::metadata(&path) {
                Ok(found) if found.is_file() => file(&path, most, each)?,
                // A link to a folder, which may lead round in a circle; a socket.
                Ok(_) => {}
                Err(error) => trouble(&path, error, each)?,
            },
            _ => {}
        }
    }
    ControlFlow::Continue(())
}

fn file(path: &Path, most: u64, each: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    // Enough to see what it is, however little is wanted.
    let (bytes, total) = match first(path, most.max(mbox::HEAD as u64)) {
        Ok(first) => first,
        Err(error) => return trouble(path, error, each),
    };
    if mbox::begins_mbox(&bytes) {
        drop(bytes);
        return messages(path, most, each);
    }
    let eml = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
    let refusal = match bytes.as_slice() {
        [] => Some("is empty"),
        // The magic number of compound files (MS-CFB section 2.2).
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            Some("is an Outlook file, not the original message; save it as .eml")
        }
        other if !eml && !has_header(other) => Some("is not mail: it has no header"),
        _ => None,
    };
    if let Some(reason) = refusal {
        return trouble(path, invalid(reason), each);
    }
    let bytes = match (bytes.len() as u64 + 1..=excerpt::LARGEST).contains(&total) {
        true => first(path, excerpt::LARGEST).map(|(all, _)| all),
        false => Ok(bytes),
    };
    let message = bytes.map_err(disk::failed(path));
    each(Found {
        path: path.display().to_string(),
        message: message.map(|bytes| content(bytes, total, most)),
    })
}

/// Every message of an mbox.
fn messages(
    path: &Path,
    most: u64,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let index = match mbox::index(path) {
        Ok(index) => index,
        Err(error) => return found(path.display().to_string(), Err(error), each),
    };
    let many = index.len() > 1;
    for (number, (start, length)) in index.into_iter().enumerate() {
        let place = crate::mail::Place::Offset { start, length };
        let message = mbox::open(path, &place).and_then(|opened| {
            let mut bytes = Vec::new();
            if let Some(message) = opened {
                let most = match length <= excerpt::LARGEST {
                    true => excerpt::LARGEST,
                    false => excerpt::at_most(length, most),
                };
                let read = message.take(most).read_to_end(&mut bytes);
                read.map_err(disk::failed(path))?;
            }
            Ok(content(bytes, length, most))
        });
        let name = match many {
            true => format!("{}#{}", path.display(), number + 1),
            false => path.display().to_string(),
        };
        found(name, message, each)?;
    }
    ControlFlow::Continue(())
}

/// The first bytes of a file, and its size.
fn first(path: &Path, most: u64) -> io::Result<(Vec<u8>, u64)> {
    let file = fs::File::open(path)?;
    let total = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok((bytes, total))
}

/// What is judged of these bytes of a message of this length.
fn content(bytes: Vec<u8>, total: u64, most: u64) -> Content {
    let read = bytes.len() as u64;
    if read < total {
        let most = usize::try_from(excerpt::at_most(total, most)).unwrap_or(usize::MAX);
        let bytes = bytes.get(..most).map(<[u8]>::to_vec).unwrap_or(bytes);
        return Content {
            bytes,
            coverage: Coverage::Partial { total },
            whole: None,
        };
    }
    let digest = (read > excerpt::WHOLE).then(|| Digest::of(&bytes));
    let judged = excerpt::excerpt(bytes, most);
    Content {
        coverage: Coverage::of(&judged.bytes, judged.left_out, most),
        whole: digest.filter(|_| judged.left_out > 0),
        bytes: judged.bytes,
    }
}

/// Whether one of the first lines is a header (RFC 5322 section 2.2): a name without spaces and
/// a colon.
fn has_header(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    start.split(|byte| *byte == b'\n').take(20).any(|line| {
        let colon = line.iter().position(|byte| *byte == b':');
        let name = line.get(..colon.unwrap_or(0)).unwrap_or_default();
        !name.is_empty() && name.trim_ascii_end().iter().all(u8::is_ascii_graphic)
    })
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.to_owned())
}

fn trouble(
    path: &Path,
    error: io::Error,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    found(
        path.display().to_string(),
        Err(disk::failed(path)(error)),
        each,
    )
}

fn found(
    path: String,
    message: Result<Content, MailboxError>,
    each: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    each(Found { path, message })
}
