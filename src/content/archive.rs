//! Archives: the names inside, and whether they are locked. Pure: reads bytes that it is given,
//! and unpacks nothing. The zip directory is read here and not by the `zip` crate, which builds
//! all of it in memory before it can be asked, and refuses an archive whose end is missing.

/// Names that are kept.
const NAMES: usize = 1000;
/// Bytes of one name that are kept.
const NAME: usize = 1000;

/// What is inside an archive, as far as its directory tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    /// The names inside, as written, at most 1,000; only of zip archives.
    pub names: Vec<String>,
    /// Whether at least one file in it, or its directory, is encrypted.
    pub encrypted: bool,
    /// Whether there are more names than were kept.
    pub more: bool,
}

/// Reads an archive's directory: names and locks of a zip, locks of RAR and 7z. `None` for
/// anything else.
pub fn read(bytes: &[u8]) -> Option<Archive> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        // A zip has its directory at the end; of a message that was read in part it is missing.
        Some(directory(bytes).unwrap_or_else(|| entries(bytes)))
    } else if bytes.starts_with(b"Rar!\x1A\x07") {
        Some(Archive {
            encrypted: rar_is_locked(bytes),
            ..Archive::default()
        })
    } else if bytes.starts_with(b"7z\xBC\xAF\x27\x1C") {
        Some(Archive {
            encrypted: seven_zip_is_locked(bytes),
            ..Archive::default()
        })
    } else {
        None
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?).into())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

fn u64_at(bytes: &[u8], at: usize) -> Option<usize> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    usize::try_from(u64::from_le_bytes(eight.try_into().ok()?)).ok()
}

impl Archive {
    fn add(&mut self, name: &[u8], flags: usize) {
        // Bit 0: the file's data are encrypted (APPNOTE 4.4.4).
        self.encrypted |= flags & 1 == 1;
        if self.names.len() >= NAMES {
            self.more = true;
            return;
        }
        let name = name.get(..name.len().min(NAME)).unwrap_or_default();
        self.names.push(String::from_utf8_lossy(name).into_owned());
    }

    /// A small archive, with nothing inside, of which [`read`] tells the same.
    pub fn outline(&self) -> Vec<u8> {
        if self.names.is_empty() {
            return match self.encrypted {
                true => b"Rar!\x1A\x07\0\0\0\x73\x80\0\x0D\0".to_vec(),
                false => b"PK\x05\x06".to_vec(),
            };
        }
        let mut directory = Vec::new();
        for name in self
            .names
            .iter()
            .map(String::as_str)
            .chain(self.more.then_some(""))
        {
            // One byte for what could not be decoded, so that no name grows beyond its bound.
            let mut bytes = Vec::with_capacity(name.len());
            for (at, text) in name.split('\u{FFFD}').enumerate() {
                bytes.extend((at > 0).then_some(0xFF));
                bytes.extend(text.as_bytes());
            }
            directory.extend(b"PK\x01\x02\0\0\0\0");
            directory.extend([u8::from(self.encrypted), 0]);
            directory.extend([0; 18]);
            directory.extend((bytes.len() as u16).to_le_bytes());
            directory.extend([0; 16]);
            directory.extend(bytes);
        }
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend(&directory);
        bytes.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0");
        bytes.extend((directory.len() as u32).to_le_bytes());
        bytes.extend([0; 6]);
        bytes
    }
}

/// The central directory (APPNOTE 4.3.12).
fn directory(bytes: &[u8]) -> Option<Archive> {
    // The end record is 22 bytes and a comment of at most 65,535 (APPNOTE 4.3.16).
    let tail = bytes.len().saturating_sub(22 + 0xFFFF);
    let end = tail
        + bytes
            .get(tail..)?
            .windows(4)
            .rposition(|four| four == b"PK\x05\x06")?;
    // Programs trust the size over the offset: there may be something in front of the archive.
    let size = u32_at(bytes, end + 12)?;
    let mut at = end.checked_sub(size)?;
    if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
        at = u32_at(bytes, end + 16)?;
    }
    let mut archive = Archive::default();
    while bytes.get(at..at.checked_add(4)?) == Some(b"PK\x01\x02") {
        let flags = u16_at(bytes, at + 8)?;
        let length = u16_at(bytes, at + 28)?;
        let name = bytes.get(at + 46..at + 46 + length)?;
        archive.add(name, flags);
        if archive.more {
            break;
        }
        at += 46 + length + u16_at(bytes, at + 30)? + u16_at(bytes, at + 32)?;
    }
    (!archive.names.is_empty()).then_some(archive)
}

/// The entries from the front (APPNOTE 4.3.7), as far as they say how long they are.
fn entries(bytes: &[u8]) -> Archive {
    let mut archive = Archive::default();
    let mut at = 0;
    while let Some(next) = entry(bytes, at, &mut archive) {
        if next <= at || archive.more {
            break;
        }
        at = next;
    }
    archive
}

fn entry(bytes: &[u8], at: usize, archive: &mut Archive) -> Option<usize> {
    if bytes.get(at..at.checked_add(4)?)? != b"PK\x03\x04" {
        return None;
    }
    let flags = u16_at(bytes, at + 6)?;
    let length = u16_at(bytes, at + 26)?;
    archive.add(bytes.get(at + 30..at + 30 + length)?, flags);
    // Bit 3: the length comes behind the data, which only unpacking would find.
    (flags & 8 == 0).then_some(())?;
    (at + 30 + length + u16_at(bytes, at + 28)?).checked_add(u32_at(bytes, at + 18)?)
}

/// RAR 4: the archive header's or the first file's flag; RAR 5: a header of the encryption kind,
/// or an encryption record in the first file's header (the format's technote).
fn rar_is_locked(bytes: &[u8]) -> bool {
    if bytes.get(6) == Some(&0) {
        let flags = u16_at(bytes, 10).unwrap_or(0);
        let size = u16_at(bytes, 12).unwrap_or(0);
        let first = u16_at(bytes, 7 + size + 3).unwrap_or(0);
        let is_file = bytes.get(7 + size + 2) == Some(&0x74);
        return flags & 0x80 != 0 || is_file && first & 4 != 0;
    }
    // A header: CRC32, then its size and its kind as variable integers.
    let mut at = 8;
    for _ in 0..4 {
        let Some((size, start)) = variable(bytes, at + 4) else {
            return false;
        };
        let Some((kind, body)) = variable(bytes, start) else {
            return false;
        };
        match kind {
            4 => return true,
            2 => return rar_file_is_locked(bytes, body, start + size),
            1 | 3 => {}
            _ => return false,
        }
        at = start.saturating_add(size);
    }
    false
}

fn rar_file_is_locked(bytes: &[u8], at: usize, end: usize) -> bool {
    let look = || {
        let (flags, at) = variable(bytes, at)?;
        (flags & 1 == 1).then_some(())?; // has an extra area, which ends the header
        let (extra, _) = variable(bytes, at)?;
        let (_, kind) = variable(bytes, end.checked_sub(extra)?)?;
        Some(variable(bytes, kind)?.0 == 1)
    };
    look().unwrap_or(false)
}

/// A variable integer of RAR 5: seven bits a byte, the lowest first. Returns what follows, too.
fn variable(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for shift in (0..28).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
    }
    None
}

/// The coder AES-256 (06F10701) in the header, which lies at the end of the file (7zFormat.txt).
fn seven_zip_is_locked(bytes: &[u8]) -> bool {
    let look = || {
        let start = 32_usize.checked_add(u64_at(bytes, 12)?)?;
        let end = start.checked_add(u64_at(bytes, 20)?)?;
        // Where the middle was left out, the header still is what stands at the very end.
        let start = start.min(start.checked_add(bytes.len())?.checked_sub(end)?);
        let end = end.min(bytes.len()).min(start.checked_add(64 << 10)?);
        let header = bytes.get(start..end)?;
        Some(header.windows(4).any(|four| four == b"\x06\xF1\x07\x01"))
    };
    look().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{Cursor, Write};
    use zip::unstable::write::FileOptionsExt;
    use zip::write::SimpleFileOptions;

    fn zip(names: &[&str], password: Option<&[u8]>) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            let mut options = SimpleFileOptions::default();
            if let Some(password) = password {
                options = options.with_deprecated_encryption(password).unwrap();
            }
            writer.start_file(*name, options).unwrap();
            writer.write_all(b"content of the file").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn names_and_locks_of_a_zip_are_read() {
        let open = read(&zip(&["a.exe", "b/Grüße.txt"], None)).unwrap();
        assert_eq!(open.names, ["a.exe", "b/Grüße.txt"]);
        assert!(!open.encrypted && !open.more);
        let locked = read(&zip(&["a.exe"], Some(b"secret"))).unwrap();
        assert_eq!(locked.names, ["a.exe"]);
        assert!(locked.encrypted);
    }

    #[test]
    fn a_zip_behind_something_else_or_without_its_end_still_tells() {
        let whole = zip(&["a.exe", "b.txt"], None);
        let mut stub = b"PK\x03\x04 not really".to_vec();
        stub.extend(&whole);
        assert_eq!(read(&stub).unwrap().names, ["a.exe", "b.txt"]);
        let part = &whole[..whole.len() - 30];
        assert_eq!(read(part).unwrap().names, ["a.exe", "b.txt"]);
    }

    #[test]
    fn a_thousand_names_are_kept() {
        let names: Vec<String> = (0..NAMES + 5)
            .map(|number| format!("{number}.txt"))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let archive = read(&zip(&names, None)).unwrap();
        assert_eq!(archive.names.len(), NAMES);
        assert!(archive.more);
    }

    #[test]
    fn locks_of_rar_and_7z_are_seen() {
        let rar4 = |archive: u8, file: u8| {
            let mut bytes = b"Rar!\x1A\x07\0".to_vec();
            bytes.extend([0, 0, 0x73, archive, 0, 13, 0, 0, 0, 0, 0, 0, 0]);
            bytes.extend([0, 0, 0x74, file, 0x80, 40, 0]);
            bytes
        };
        let rar5 = |headers: &[u8]| [b"Rar!\x1A\x07\x01\0", headers].concat();
        let seven = |header: &[u8]| {
            let mut bytes = b"7z\xBC\xAF\x27\x1C\0\x04\0\0\0\0".to_vec();
            bytes.extend(0_u64.to_le_bytes());
            bytes.extend((header.len() as u64).to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend(header);
            bytes
        };
        for (bytes, locked) in [
            (rar4(0, 0), false),
            (rar4(0x80, 0), true),
            (rar4(0, 4), true),
            (rar5(&[0, 0, 0, 0, 3, 4, 0, 0]), true),
            // A main header, then a file whose extra area has an encryption record.
            (
                rar5(&[0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 6, 2, 1, 2, 9, 1, 1]),
                true,
            ),
            (
                rar5(&[0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 6, 2, 1, 2, 9, 1, 2]),
                false,
            ),
            (seven(b"\x17\x06\x24\x06\xF1\x07\x01\x0A"), true),
            (seven(b"\x17\x06\x24\x03\x01\x01"), false),
        ] {
            assert_eq!(read(&bytes).unwrap().encrypted, locked, "{bytes:?}");
        }
        // The middle of a long one may be missing.
        let mut part = seven(b"\x17\x06\x24\x06\xF1\x07\x01\x0A");
        part[12..20].copy_from_slice(&50_000_000_u64.to_le_bytes());
        assert!(read(&part).unwrap().encrypted);
    }

    #[test]
    fn other_files_are_none() {
        assert_eq!(read(b""), None);
        assert_eq!(read(b"PK"), None);
        assert_eq!(read(b"plain text"), None);
    }

    proptest! {
        #[test]
        fn an_outline_tells_the_same(
            names in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1200), 0..5),
            encrypted: bool, more: bool,
        ) {
            let mut archive = Archive::default();
            for name in &names {
                archive.add(name, usize::from(encrypted));
            }
            archive.encrypted = encrypted;
            if more && !names.is_empty() {
                archive.names.resize(NAMES, "PK\u{5}\u{6}".to_owned());
                archive.more = true;
            }
            prop_assert_eq!(read(&archive.outline()), Some(archive));
        }

        #[test]
        fn reading_never_panics(start in prop::sample::select(vec![&b"PK\x03\x04"[..], b"PK\x05\x06", b"Rar!\x1A\x07\0", b"Rar!\x1A\x07\x01\0", b"7z\xBC\xAF\x27\x1C"]), rest in prop::collection::vec(any::<u8>(), 0..300)) {
            read(&[start, &rest].concat());
        }

        #[test]
        fn a_damaged_zip_never_panics(at in 0..400_usize, byte: u8, cut in 0..400_usize) {
            let mut bytes = zip(&["a.exe", "b.txt"], None);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(bytes.len().saturating_sub(cut));
            read(&bytes);
        }
    }
}
