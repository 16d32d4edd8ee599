//! One zip while it is written: entries go in one by one, are measured, and are taken out again
//! where they do not fit. At the end it is opened and compared before it is given a name.

use super::{Cipher, Item, PackageError, Spec};
use crate::mail::Digest;
use crate::platform;
use crate::sample::{self, SampleError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tempfile::NamedTempFile;
use zip::result::ZipError;
use zip::unstable::write::FileOptionsExt;
use zip::write::FileOptions;
use zip::{AesMode, CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// What became of an item.
pub(super) enum Added {
    Packed,
    /// There is no room left in this zip, and there is in an empty one.
    Full,
    LeftOut(PackageError),
}

/// Why the packing of an item broke off.
enum Stop {
    Sample(SampleError),
    Large,
    Failed(PackageError),
}

impl From<SampleError> for Stop {
    fn from(error: SampleError) -> Self {
        Stop::Sample(error)
    }
}

/// A zip that is being written, not yet under its name.
pub(super) struct Draft {
    path: PathBuf,
    zip: ZipWriter<Measured>,
    extent: Rc<Extent>,
    /// An upper bound of what the directory at the end takes.
    directory: u64,
    pub(super) digests: Vec<Digest>,
    entries: Vec<String>,
}

/// A zip that was read back, not yet under its name.
pub(super) struct Finished {
    pub(super) file: NamedTempFile,
    pub(super) bytes: u64,
    pub(super) digests: Vec<Digest>,
    pub(super) entries: Vec<String>,
}

/// An upper bound of the bytes at the end of a zip (APPNOTE 4.3.14 to 4.3.16: 56, 20 and 22).
const END: u64 = 128;

/// An upper bound of what an entry has beside its name and its data so far: the directory entry
/// of 46 bytes with its extra fields, the data descriptor, the AES authentication code, the end
/// of the deflate stream.
const ENTRY: u64 = 160;

impl Draft {
    pub(super) fn start(dir: &Path) -> Result<Self, PackageError> {
        let file = platform::unfinished(dir).map_err(PackageError::file(dir))?;
        let path = file.path().to_owned();
        let extent = Rc::new(Extent::default());
        let measured = Measured {
            file: BufWriter::with_capacity(64 << 10, file),
            extent: Rc::clone(&extent),
        };
        Ok(Draft {
            path,
            zip: ZipWriter::new(measured),
            extent,
            directory: END,
            digests: Vec::new(),
            entries: Vec::new(),
        })
    }

    /// Writes one entry, hashing what it reads. What does not fit, or is not the sample it should
    /// be, is taken out again.
    pub(super) fn add(
        &mut self,
        item: &Item,
        name: &str,
        spec: &Spec,
    ) -> Result<Added, PackageError> {
        let before = self.extent.at.get();
        let failed = PackageError::zip(&self.path);
        let started = options(item, spec).and_then(|options| self.zip.start_file(name, options));
        started.map_err(failed)?;
        let directory = ENTRY + name.len() as u64;
        // What the entry would take in a zip of its own, at least.
        let alone = |written: u64| written.saturating_sub(before) + directory + END;
        let packed = sample::hash(&item.path, &mut |chunk| {
            let put = self.zip.write_all(chunk);
            put.map_err(|error| Stop::Failed(PackageError::file(&self.path)(error)))?;
            match alone(self.extent.at.get()) > spec.largest {
                true => Err(Stop::Large),
                false => Ok(()),
            }
        });
        let packed = packed.and_then(|digest| {
            if digest != item.digest {
                let path = item.path.clone();
                return Err(Stop::Sample(SampleError::Changed { path }));
            }
            // Makes the compressor give out what it holds back, so that it can be measured.
            let flushed = self.zip.flush();
            flushed.map_err(|error| Stop::Failed(PackageError::file(&self.path)(error)))?;
            match alone(self.extent.at.get()) > spec.largest {
                true => Err(Stop::Large),
                false => Ok(()),
            }
        });
        let added = match packed {
            Ok(()) if self.extent.at.get() + self.directory + directory > spec.largest => {
                Added::Full
            }
            Ok(()) => {
                self.directory += directory;
                self.digests.push(item.digest);
                self.entries.push(name.to_owned());
                return Ok(Added::Packed);
            }
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Sample(error)) => Added::LeftOut(error.into()),
            Err(Stop::Large) => Added::LeftOut(PackageError::TooLarge {
                path: item.path.clone(),
                largest: spec.largest,
            }),
        };
        let taken_out = self.zip.abort_file();
        taken_out.map_err(PackageError::zip(&self.path))?;
        self.extent.end.set(self.extent.at.get());
        Ok(added)
    }

    /// Ends the zip, makes it last, and opens it again to compare every entry.
    pub(super) fn finish(self, spec: &Spec) -> Result<Finished, PackageError> {
        let path = self.path;
        let measured = self.zip.finish().map_err(PackageError::zip(&path))?;
        let bytes = measured.extent.at.get();
        let file = measured.file.into_inner();
        let file = file.map_err(|error| PackageError::file(&path)(error.into_error()))?;
        // What was taken out last may have reached further than what is there now.
        let cut = file.as_file().set_len(bytes);
        cut.and_then(|()| file.as_file().sync_all())
            .map_err(PackageError::file(&path))?;
        if bytes > spec.largest {
            let largest = spec.largest;
            return Err(PackageError::TooLarge { path, largest });
        }
        read_back(&path, &self.entries, &self.digests, spec)?;
        Ok(Finished {
            file,
            bytes,
            digests: self.digests,
            entries: self.entries,
        })
    }
}

/// Opens every entry with the password and compares it with its digest.
fn read_back(
    path: &Path,
    entries: &[String],
    digests: &[Digest],
    spec: &Spec,
) -> Result<(), PackageError> {
    let changed = |entry: &str| PackageError::ReadBack {
        path: path.to_owned(),
        entry: entry.to_owned(),
    };
    let file = File::open(path).map_err(PackageError::file(path))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(PackageError::zip(path))?;
    if archive.len() != entries.len() {
        return Err(changed("the list of files"));
    }
    for (index, (name, digest)) in entries.iter().zip(digests).enumerate() {
        let entry = archive.by_index_decrypt(index, spec.password.as_bytes());
        let mut entry = entry.map_err(PackageError::zip(path))?;
        let same_name = entry.name().is_ok_and(|found| found == *name);
        if !same_name || !entry.encrypted() {
            return Err(changed(name));
        }
        let found = sample::hash_from(&mut entry).map_err(PackageError::file(path))?;
        if found != *digest {
            return Err(changed(name));
        }
    }
    Ok(())
}

/// The messages in a finished zip.
pub(super) fn contents(path: &Path, password: &str) -> Result<Vec<Digest>, PackageError> {
    let file = File::open(path).map_err(PackageError::file(path))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(PackageError::zip(path))?;
    let mut digests = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_decrypt(index, password.as_bytes());
        let mut entry = entry.map_err(PackageError::zip(path))?;
        digests.push(sample::hash_from(&mut entry).map_err(PackageError::file(path))?);
    }
    Ok(digests)
}

fn options<'a>(item: &Item, spec: &'a Spec) -> Result<FileOptions<'a, 'static, ()>, ZipError> {
    if spec.password.is_empty() {
        return Err(ZipError::InvalidPassword);
    }
    let options = FileOptions::<()>::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip_time(item.date))
        .unix_permissions(0o600)
        .large_file(item.size >= u64::from(u32::MAX) / 2);
    match spec.cipher {
        Cipher::Traditional => options.with_deprecated_encryption(spec.password.as_bytes()),
        Cipher::Aes256 => Ok(options.with_aes_encryption(AesMode::Aes256, &spec.password)),
    }
}

/// A zip's times have no zone and begin in 1980; ours are UTC.
fn zip_time(date: Option<Timestamp>) -> DateTime {
    let time = date.unwrap_or_default().to_zoned(TimeZone::UTC).datetime();
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(time.year()).unwrap_or_default(),
        part(time.month()),
        part(time.day()),
        part(time.hour()),
        part(time.minute()),
        part(time.second()),
    )
    .unwrap_or_default()
}

/// How far a file is written, for those who have given it away.
#[derive(Default)]
struct Extent {
    at: Cell<u64>,
    /// The end of what counts. The writer of zips cannot shorten a file: it leaves what it took
    /// out behind the end, and would write around it if it knew.
    end: Cell<u64>,
}

/// A file whose extent is known.
struct Measured {
    file: BufWriter<NamedTempFile>,
    extent: Rc<Extent>,
}

impl Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        let at = self.extent.at.get() + length as u64;
        self.extent.at.set(at);
        self.extent.end.set(at.max(self.extent.end.get()));
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Measured {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(offset) => {
                let to = self.extent.end.get().checked_add_signed(offset);
                SeekFrom::Start(to.ok_or(io::ErrorKind::InvalidInput)?)
            }
            other => other,
        };
        let at = self.file.seek(to)?;
        self.extent.at.set(at);
        Ok(at)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.extent.at.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_a_zip_cannot_hold_are_its_earliest() {
        for date in [
            None,
            "1970-01-01T00:00:00Z".parse().ok(),
            "2200-01-01T00:00:00Z".parse().ok(),
        ] {
            assert_eq!(zip_time(date).year(), 1980);
        }
    }
}
