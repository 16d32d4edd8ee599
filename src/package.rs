//! Packages: samples in password-protected zip files, as vendors take them. Each stays under the
//! vendor's limit, appears whole or not at all, and is opened again and compared before anybody
//! hears of it. The names of the files inside are not encrypted, so that they say nothing but a
//! number, a date and the sender's domain.

mod draft;

use crate::mail::Digest;
use crate::platform;
use crate::sample::{self, SampleError};
use draft::{Added, Draft, Finished};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use zip::result::ZipError;

/// A sample to be packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its identity; what the file holds now is compared with it.
    pub digest: Digest,
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When the message was sent or received.
    pub date: Option<Timestamp>,
    /// The domain of its From address, as it stands there.
    pub sender_domain: String,
}

/// How a zip is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// Traditional zip encryption (APPNOTE 6.1): weak, and what Windows Explorer, `unzip` and the
    /// vendors' tools open. The password is public, it only keeps scanners out.
    Traditional,
    /// AES-256 (WinZip AE-2), which 7-Zip opens.
    Aes256,
}

/// How to pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The password; not empty.
    pub password: String,
    /// The encryption.
    pub cipher: Cipher,
    /// The most bytes that one zip may have.
    pub largest: u64,
    /// What the files are called, before `.zip`: letters, digits, `.`, `-`, `_`.
    pub stem: String,
}

/// One finished zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// The messages in it.
    pub digests: Vec<Digest>,
    /// The names of the files in it, in the same order.
    pub entries: Vec<String>,
}

/// What was packed and what was not.
#[derive(Debug)]
pub struct Built {
    /// The zips, in order.
    pub packages: Vec<Package>,
    /// What is in none of them, and why.
    pub left_out: Vec<(Digest, PackageError)>,
}

/// Why something could not be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The sample is gone, changed or cannot be read.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Packed, it alone is larger than the limit.
    #[error(
        "{path}: packed, this one message has more than the {largest} bytes that are taken: hand it over by the vendor's portal"
    )]
    TooLarge {
        /// The sample.
        path: PathBuf,
        /// The limit in bytes.
        largest: u64,
    },
    /// The zip could not be written.
    #[error("{path}: the package could not be written: {source}")]
    File {
        /// The zip or its folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// The zip could not be made or opened again.
    #[error("{path}: the package could not be made: {source}")]
    Zip {
        /// The zip or its folder.
        path: PathBuf,
        /// Why.
        source: ZipError,
    },
    /// What was read back is not what was packed.
    #[error("{path}: `{entry}` reads back changed; the package was thrown away, run again")]
    ReadBack {
        /// The zip.
        path: PathBuf,
        /// The file in it.
        entry: String,
    },
}

impl PackageError {
    /// Whether the disk (or its owner's quota) is full, so that the next package fails as well.
    pub fn is_disk_full(&self) -> bool {
        let source = match self {
            PackageError::Sample(error) => return error.is_disk_full(),
            PackageError::File { source, .. } => source,
            PackageError::Zip {
                source: ZipError::Io(source),
                ..
            } => source,
            _ => return false,
        };
        sample::is_full(source)
    }

    fn file(path: &Path) -> impl FnOnce(io::Error) -> PackageError + '_ {
        |source| PackageError::File {
            path: path.to_owned(),
            source,
        }
    }

    fn zip(path: &Path) -> impl FnOnce(ZipError) -> PackageError + '_ {
        |source| PackageError::Zip {
            path: path.to_owned(),
            source,
        }
    }
}

/// Packs the items, each digest once, in their order, into zips under the limit. An item that
/// cannot be packed is left out and named; an error means that there is no zip at all.
pub fn build(dir: &Path, items: &[Item], spec: &Spec) -> Result<Built, PackageError> {
    platform::private_dir(dir).map_err(PackageError::file(dir))?;
    let mut finished = Vec::new();
    let mut left_out = Vec::new();
    let mut draft: Option<Draft> = None;
    let mut seen = HashSet::new();
    let mut number = 1;
    for item in items.iter().filter(|item| seen.insert(item.digest)) {
        let name = entry_name(number, item);
        loop {
            let open = match draft.take() {
                Some(open) => draft.insert(open),
                None => draft.insert(Draft::start(dir)?),
            };
            match open.add(item, &name, spec)? {
                Added::Packed => number += 1,
                Added::LeftOut(why) => left_out.push((item.digest, why)),
                // It fits into a zip of its own, so that this goes round once.
                Added::Full => {
                    if let Some(full) = draft.take() {
                        finished.push(full.finish(spec)?);
                    }
                    continue;
                }
            }
            break;
        }
    }
    if let Some(last) = draft.filter(|draft| !draft.digests.is_empty()) {
        finished.push(last.finish(spec)?);
    }
    let packages = name_all(dir, &sanitised(&spec.stem, 100), finished)?;
    Ok(Built { packages, left_out })
}

/// The messages in a zip, by their digests, read with its password.
pub fn contents(path: &Path, password: &str) -> Result<Vec<Digest>, PackageError> {
    draft::contents(path, password)
}

/// `0001-2026-11-20-example.com.eml`
fn entry_name(number: usize, item: &Item) -> String {
    let date = item.date.map_or("undated".to_owned(), |date| {
        date.to_zoned(TimeZone::UTC).date().to_string()
    });
    let domain = sanitised(&item.sender_domain, 60);
    format!("{number:04}-{}-{domain}.eml", sanitised(&date, 20))
}

/// Letters a-z, digits, `.`, `-` and `_` alone, beginning and ending with a letter or digit: safe
/// on every system, behind or before whatever it is put.
fn sanitised(text: &str, most: usize) -> String {
    let mut safe = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        let c = match c {
            'a'..='z' | '0'..='9' | '_' | '-' => c,
            '.' if !safe.ends_with('.') => '.',
            _ if safe.ends_with(['-', '.']) => continue,
            _ => '-',
        };
        safe.push(c);
        if safe.len() >= most {
            break;
        }
    }
    match safe.trim_matches(['.', '-', '_']) {
        "" => "unknown".to_owned(),
        safe => safe.to_owned(),
    }
}

/// Gives every zip its name: `stem.zip`, or `stem-1-of-3.zip` and so on; never that of a file
/// that is already there.
fn name_all(dir: &Path, stem: &str, zips: Vec<Finished>) -> Result<Vec<Package>, PackageError> {
    let many = zips.len();
    let mut packages: Vec<Package> = Vec::new();
    for (index, zip) in zips.into_iter().enumerate() {
        let part = match many {
            1 => String::new(),
            _ => format!("-{}-of-{many}", index + 1),
        };
        match name_one(dir, &format!("{stem}{part}"), zip) {
            Ok(package) => packages.push(package),
            Err(error) => {
                for package in packages {
                    // The error at hand is told; a zip that stays is one too many, no loss.
                    let _ = std::fs::remove_file(package.path);
                }
                return Err(error);
            }
        }
    }
    platform::sync_dir(dir).map_err(PackageError::file(dir))?;
    Ok(packages)
}

fn name_one(dir: &Path, name: &str, zip: Finished) -> Result<Package, PackageError> {
    let mut file = zip.file;
    for again in 1..=10_000 {
        let path = match again {
            1 => dir.join(format!("{name}.zip")),
            _ => dir.join(format!("{name}_{again}.zip")),
        };
        match file.persist_noclobber(&path) {
            Ok(_) => {
                return Ok(Package {
                    path,
                    bytes: zip.bytes,
                    digests: zip.digests,
                    entries: zip.entries,
                });
            }
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => file = taken.file,
            Err(other) => return Err(PackageError::file(&path)(other.error)),
        }
    }
    let path = dir.join(format!("{name}.zip"));
    Err(PackageError::file(&path)(
        io::ErrorKind::AlreadyExists.into(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_number_date_and_domain_and_nothing_else() {
        for (date, domain, name) in [
            (
                "2026-11-20T23:30:00Z",
                "example.com",
                "2026-11-20-example.com",
            ),
            (
                "2026-11-20T23:30:00Z",
                "EXAMPLE.com.",
                "2026-11-20-example.com",
            ),
            ("", "", "undated-unknown"),
            ("", "../../etc/passwd", "undated-etc-passwd"),
            ("", "con", "undated-con"),
            (
                "",
                "a\\b:c*d?e\"f<g>h|i\0j\nk",
                "undated-a-b-c-d-e-f-g-h-i-j-k",
            ),
            ("", "\u{202e}moc.live..example", "undated-moc.live.example"),
            (
                "-000001-01-01T00:00:00Z",
                "x.example",
                "000001-01-01-x.example",
            ),
        ] {
            let item = Item {
                digest: Digest::of(b""),
                path: PathBuf::new(),
                size: 0,
                date: date.parse().ok(),
                sender_domain: domain.to_owned(),
            };
            assert_eq!(entry_name(7, &item), format!("0007-{name}.eml"));
        }
        let long = Item {
            digest: Digest::of(b""),
            path: PathBuf::new(),
            size: 0,
            date: None,
            sender_domain: "é.".repeat(5000),
        };
        assert!(entry_name(12345, &long).len() < 100);
    }
}
