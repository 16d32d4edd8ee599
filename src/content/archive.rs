//! Archives: the names inside, whether they are locked, and what the smaller files hold. Of RAR,
//! 7z and CAB only what their headers tell; nothing is unpacked there.

use super::opened::{Opened, Packing, u16_at, u32_at, u64_at};
use super::zip;
use crate::mail::Mark;

/// Files of one archive that are looked into.
const FILES: usize = 30;
/// Bytes of one file that are looked at.
const UNPACKED: usize = 2 << 20;
/// Names that are read of an archive that is not unpacked.
const NAMES: usize = 1000;

/// Reads an archive.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    if zip::is_zip(bytes) {
        of_zip(bytes, opened);
    } else if bytes.starts_with(b"Rar!\x1A\x07\0") {
        let _ = old_rar(bytes, opened);
    } else if bytes.starts_with(b"Rar!\x1A\x07") {
        let _ = new_rar(bytes, opened);
    } else if bytes.starts_with(b"7z\xBC\xAF\x27\x1C") {
        if seven_zip_is_locked(bytes) {
            opened.mark(Mark::Locked);
        }
    } else if bytes.starts_with(b"\x1F\x8B") {
        of_gzip(bytes, opened);
    } else if bytes.starts_with(b"MSCF") {
        let _ = cabinet(bytes, opened);
    } else if bytes.get(257..262) == Some(b"ustar") {
        tar(bytes, opened);
    }
}

fn of_zip(bytes: &[u8], opened: &mut Opened) {
    let entries = zip::entries(bytes);
    if entries.iter().any(|entry| entry.locked) {
        opened.mark(Mark::Locked);
    }
    let mut looked = 0;
    for entry in &entries {
        let unpacked = match looked < FILES && !entry.name.ends_with('/') {
            true => zip::unpack(bytes, entry, UNPACKED, opened),
            false => Vec::new(),
        };
        if unpacked.is_empty() {
            opened.file(&entry.name, None);
        } else {
            looked += 1;
            opened.inside(&entry.name, &unpacked);
        }
    }
}

fn of_gzip(bytes: &[u8], opened: &mut Opened) {
    // The name of the file is in the header (RFC 1952 section 2.3.1).
    let named = bytes.get(3).is_some_and(|flags| flags & 0x0C == 0x08);
    let name = bytes.get(10..).filter(|_| named).unwrap_or_default();
    let name: Vec<u8> = name
        .iter()
        .copied()
        .take(500)
        .take_while(|byte| *byte > 0)
        .collect();
    let unpacked = opened.unpack(bytes, Packing::Gzip, UNPACKED);
    if !unpacked.is_empty() {
        opened.inside(&String::from_utf8_lossy(&name), &unpacked);
    }
}

/// Headers of 512 bytes, each with its file behind it (POSIX ustar).
fn tar(bytes: &[u8], opened: &mut Opened) {
    let mut at = 0_usize;
    for _ in 0..NAMES {
        let Some(header) = bytes.get(at..at + 512) else {
            break;
        };
        let text = |from: usize, to: usize| {
            let field = header.get(from..to).unwrap_or_default();
            let end = field
                .iter()
                .position(|byte| *byte == 0)
                .unwrap_or(field.len());
            String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
        };
        let name = text(0, 100);
        let Ok(size) = usize::from_str_radix(text(124, 136).trim(), 8) else {
            break;
        };
        if name.is_empty() || header.get(257..262) != Some(b"ustar") {
            break;
        }
        let start = at + 512;
        let Some(end) = start.checked_add(size) else {
            break;
        };
        match bytes.get(start..end.min(bytes.len())) {
            Some(file) if matches!(header.get(156), Some(0 | b'0')) => opened.inside(&name, file),
            _ => opened.file(&name, None),
        }
        let Some(next) = end.checked_next_multiple_of(512) else {
            break;
        };
        at = next;
    }
}

/// The names in a cabinet ([MS-CAB] 2.1 and 2.3).
fn cabinet(bytes: &[u8], opened: &mut Opened) -> Option<()> {
    let (mut at, files) = (u32_at(bytes, 16)?, u16_at(bytes, 28)?);
    for _ in 0..files.min(NAMES) {
        let name = bytes.get(at.checked_add(16)?..)?;
        let length = name.iter().take(257).position(|byte| *byte == 0)?;
        opened.file(&String::from_utf8_lossy(name.get(..length)?), None);
        at += 16 + length + 1;
    }
    Some(())
}

/// RAR 4: blocks of a header and, of a file, its data; a lock is in the archive's flags, or in a
/// file's.
fn old_rar(bytes: &[u8], opened: &mut Opened) -> Option<()> {
    let mut at = 7_usize;
    for _ in 0..NAMES {
        let kind = *bytes.get(at + 2)?;
        let flags = u16_at(bytes, at + 3)?;
        let size = u16_at(bytes, at + 5)?;
        let mut data = 0;
        match kind {
            0x73 if flags & 0x80 != 0 => {
                opened.mark(Mark::Locked);
                return None;
            }
            0x74 => {
                if flags & 4 != 0 {
                    opened.mark(Mark::Locked);
                }
                data = u32_at(bytes, at + 7)?;
                let length = u16_at(bytes, at + 26)?;
                let start = at + 32 + if flags & 0x100 != 0 { 8 } else { 0 };
                let name = bytes.get(start..start + length)?;
                // Behind a null stands a packed form of the same name in Unicode.
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(length);
                opened.file(&String::from_utf8_lossy(name.get(..end)?), None);
            }
            0x7B => return None,
            _ if flags & 0x8000 != 0 => data = u32_at(bytes, at + 7)?,
            _ => {}
        }
        at = at.checked_add(size.max(7))?.checked_add(data)?;
    }
    Some(())
}

/// RAR 5 (its technote): a header is a CRC32, then its size and its kind as variable integers. A
/// lock is a header of its own, or a record in a file's extra area.
fn new_rar(bytes: &[u8], opened: &mut Opened) -> Option<()> {
    let mut at = 8_usize;
    for _ in 0..NAMES {
        let (size, start) = variable(bytes, at.checked_add(4)?)?;
        let (kind, body) = variable(bytes, start)?;
        let end = start.checked_add(size)?;
        if kind == 4 {
            opened.mark(Mark::Locked);
            return None;
        }
        let (flags, mut body) = variable(bytes, body)?;
        let (mut extra, mut data) = (0, 0);
        if flags & 1 != 0 {
            (extra, body) = variable(bytes, body)?;
        }
        if flags & 2 != 0 {
            (data, body) = variable(bytes, body)?;
        }
        if kind == 2 {
            let record = || {
                let (_, record) = variable(bytes, end.checked_sub(extra)?)?;
                Some(variable(bytes, record)?.0)
            };
            if extra > 0 && record() == Some(1) {
                opened.mark(Mark::Locked);
            }
            if let Some(name) = rar_name(bytes, body) {
                opened.file(&String::from_utf8_lossy(name), None);
            }
        }
        if kind == 5 {
            return None;
        }
        at = end.checked_add(data)?;
    }
    Some(())
}

fn rar_name(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (flags, at) = variable(bytes, at)?;
    let (_, at) = variable(bytes, at)?; // unpacked size
    let (_, mut at) = variable(bytes, at)?; // attributes
    at += if flags & 2 != 0 { 4 } else { 0 }; // time
    at += if flags & 4 != 0 { 4 } else { 0 }; // checksum
    let (_, at) = variable(bytes, at)?; // how it is packed
    let (_, at) = variable(bytes, at)?; // the system it was packed on
    let (length, at) = variable(bytes, at)?;
    bytes.get(at..at.checked_add(length)?)
}

/// A variable integer of RAR 5: seven bits a byte, the lowest first. Returns what follows, too.
fn variable(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for shift in (0..63).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7F).checked_shl(shift)?;
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
        Some(memchr::memmem::find(bytes.get(start..end)?, b"\x06\xF1\x07\x01").is_some())
    };
    look().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use crate::content::Reader;
    use crate::mail::{FileKind, Holding, Mark};
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
            writer.write_all(b"MZ\x90\0 content of the file").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8]) -> Holding {
        Reader::Archive.find(bytes)
    }

    fn names(holding: &Holding) -> Vec<&str> {
        holding
            .files
            .iter()
            .map(|file| file.name.as_str())
            .collect()
    }

    #[test]
    fn names_kinds_and_locks_of_a_zip_are_read() {
        let open = read(&zip(&["a.txt", "b/Grüße.txt"], None));
        assert_eq!(names(&open), ["a.txt", "b/Grüße.txt"]);
        assert_eq!(open.files[0].kind, Some(FileKind::Program));
        assert!(!open.has(Mark::Locked));
        let locked = read(&zip(&["a.exe"], Some(b"secret")));
        assert_eq!(names(&locked), ["a.exe"]);
        assert_eq!(locked.files[0].kind, None);
        assert!(locked.has(Mark::Locked));
    }

    #[test]
    fn a_zip_behind_something_else_or_without_its_end_still_tells() {
        let whole = zip(&["a.exe", "b.txt"], None);
        let mut stub = b"PK\x03\x04 not really".to_vec();
        stub.extend(&whole);
        assert_eq!(names(&read(&stub)), ["a.exe", "b.txt"]);
        assert_eq!(names(&read(&whole[..whole.len() - 30])), ["a.exe", "b.txt"]);
    }

    #[test]
    fn archives_in_archives_are_looked_into_and_not_for_ever() {
        let mut bytes = zip(&["program.exe"], None);
        for _ in 0..10 {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            writer
                .start_file("more.zip", SimpleFileOptions::default())
                .unwrap();
            writer.write_all(&bytes).unwrap();
            bytes = writer.finish().unwrap().into_inner();
        }
        assert_eq!(names(&read(&bytes)), ["more.zip"; 4]);
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..200 {
            writer
                .start_file(format!("{number}"), SimpleFileOptions::default())
                .unwrap();
            writer.write_all(&vec![0; 3 << 20]).unwrap();
        }
        let holding = read(&writer.finish().unwrap().into_inner());
        assert_eq!(holding.files.len(), 200);
    }

    #[test]
    fn a_thousand_names_are_kept() {
        let all: Vec<String> = (0..1005).map(|number| format!("{number}.txt")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(read(&zip(&all, None)).files.len(), 1000);
    }

    #[test]
    fn locks_and_names_of_others_are_seen() {
        let rar4 = |archive: u8, file: u8| {
            let mut bytes = b"Rar!\x1A\x07\0".to_vec();
            bytes.extend([0, 0, 0x73, archive, 0, 13, 0, 0, 0, 0, 0, 0, 0]);
            bytes.extend([0, 0, 0x74, file, 0x80, 37, 0, 0, 0, 0, 0]);
            bytes.extend([0; 15]);
            bytes.extend([5, 0, 0, 0, 0, 0]);
            bytes.extend(b"a.exe");
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
        let mut tar = vec![0; 1536];
        tar[..5].copy_from_slice(b"b.exe");
        tar[124..135].copy_from_slice(b"00000000005");
        tar[156] = b'0';
        tar[257..262].copy_from_slice(b"ustar");
        tar[512..517].copy_from_slice(b"MZ\x90\0\x03");
        let mut cabinet = b"MSCF".to_vec();
        cabinet.extend([0; 12]);
        cabinet.extend(36_u32.to_le_bytes());
        cabinet.extend([0; 8]);
        cabinet.extend(1_u16.to_le_bytes());
        cabinet.extend([0; 22]);
        cabinet.extend(b"c.js\0");
        let mut gzip = b"\x1F\x8B\x08\x08\0\0\0\0\0\x03d.txt\0".to_vec();
        let mut deflate =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        deflate.write_all(b"MZ\x90\0").unwrap();
        gzip.extend(deflate.finish().unwrap());
        for (bytes, files, locked) in [
            (rar4(0, 0), &["a.exe"][..], false),
            (rar4(0x80, 0), &[], true),
            (rar4(0, 4), &["a.exe"], true),
            (rar5(&[0, 0, 0, 0, 3, 4, 0, 0]), &[], true),
            // A main header, then a file.
            (
                rar5(&[
                    0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 11, 2, 0, 0, 9, 0, 0, 0, 3, b'x', b'.',
                    b'y',
                ]),
                &["x.y"],
                false,
            ),
            // And one whose extra area has an encryption record.
            (
                rar5(&[0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 6, 2, 1, 2, 9, 1, 1]),
                &[],
                true,
            ),
            // Sizes that lead to the last number there is.
            (
                rar5(&[
                    0, 0, 0, 0, 0xF4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 0xF6,
                    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
                ]),
                &[],
                false,
            ),
            (seven(b"\x17\x06\x24\x06\xF1\x07\x01\x0A"), &[], true),
            (seven(b"\x17\x06\x24\x03\x01\x01"), &[], false),
            (tar, &["b.exe"], false),
            (cabinet, &["c.js"], false),
            (gzip, &["d.txt"], false),
        ] {
            let holding = read(&bytes);
            assert_eq!(names(&holding), files, "{bytes:?}");
            assert_eq!(holding.has(Mark::Locked), locked, "{bytes:?}");
        }
        // The middle of a long one may be missing.
        let mut part = seven(b"\x17\x06\x24\x06\xF1\x07\x01\x0A");
        part[12..20].copy_from_slice(&50_000_000_u64.to_le_bytes());
        assert!(read(&part).has(Mark::Locked));
    }
}
