//! Disk images: the names of the files in them, and what the smaller ones are. ISO 9660 and FAT;
//! of others only that they are one. A walk over what directories say, bounded in all.

use super::opened::{Opened, u16_at, u32_at};

/// A sector of an ISO image, in bytes.
const SECTOR: usize = 2048;
/// Directories that are read.
const DIRECTORIES: usize = 50;
/// Bytes of one directory.
const DIRECTORY: usize = 64 << 10;
/// Files that are looked into.
const FILES: usize = 20;
/// Bytes of one file that are looked at.
const FILE: usize = 2 << 20;

/// Reads an image.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    if bytes.get(0x8001..0x8006) == Some(b"CD001") {
        iso(bytes, opened);
    } else if bytes.get(510..512) == Some(b"\x55\xAA") {
        let _ = fat(bytes, opened);
    }
}

/// ISO 9660: the names in UTF-16 (Joliet) where there are some, else the short ones.
fn iso(bytes: &[u8], opened: &mut Opened) {
    let descriptor = |kind: u8| {
        (16..32).find_map(|number| {
            let sector = bytes.get(number * SECTOR..(number + 1) * SECTOR)?;
            let joliet = kind == 1 || sector.get(88..90) == Some(b"%/");
            (sector.first() == Some(&kind) && sector.get(1..6) == Some(b"CD001") && joliet)
                .then_some(sector)
        })
    };
    let (sector, wide) = match (descriptor(2), descriptor(1)) {
        (Some(joliet), _) => (joliet, true),
        (None, Some(primary)) => (primary, false),
        (None, None) => return,
    };
    let Some(root) = sector.get(156..190).and_then(extent) else {
        return;
    };
    let mut directories = vec![root];
    let (mut next, mut looked) = (0, 0);
    while let Some((at, length)) = directories.get(next).copied() {
        next += 1;
        let end = at.saturating_add(length.min(DIRECTORY)).min(bytes.len());
        let mut records = bytes.get(at..end).unwrap_or_default();
        while let Some(length) = records.first().copied().map(usize::from) {
            if length < 34 {
                // Records do not cross sectors (ECMA-119 section 6.8.1.1).
                let left = (end - records.len()) % SECTOR;
                match records.get(SECTOR - left..) {
                    Some(rest) if length == 0 => records = rest,
                    _ => break,
                }
                continue;
            }
            let Some((record, rest)) = records.split_at_checked(length) else {
                break;
            };
            records = rest;
            let Some((start, size)) = extent(record) else {
                continue;
            };
            let size_of_name = record.get(32).copied().map_or(0, usize::from);
            let name = record.get(33..33 + size_of_name).unwrap_or_default();
            if matches!(name, [0] | [1] | []) {
                continue; // the directory itself, and the one above
            }
            if record.get(25).is_some_and(|flags| flags & 2 != 0) {
                if directories.len() < DIRECTORIES && !directories.contains(&(start, size)) {
                    directories.push((start, size));
                }
                continue;
            }
            let name = match wide {
                true => name
                    .chunks_exact(2)
                    .filter_map(|two| Some(u16::from_be_bytes(two.try_into().ok()?)))
                    .map(|unit| char::from_u32(unit.into()).unwrap_or('\u{FFFD}'))
                    .collect(),
                false => String::from_utf8_lossy(name).into_owned(),
            };
            let name = name.split(';').next().unwrap_or_default();
            let end = start.saturating_add(size.min(FILE)).min(bytes.len());
            match bytes.get(start..end).filter(|file| !file.is_empty()) {
                Some(file) if looked < FILES => {
                    looked += 1;
                    opened.inside(name, file);
                }
                _ => opened.file(name, None),
            }
        }
    }
}

/// Where a directory record's file lies, in bytes (ECMA-119 section 9.1).
fn extent(record: &[u8]) -> Option<(usize, usize)> {
    let at = u32_at(record, 2)?.checked_mul(SECTOR)?;
    Some((at, u32_at(record, 10)?))
}

/// FAT 12 and 16: the names in the root directory, short ones (Microsoft's FAT specification).
fn fat(bytes: &[u8], opened: &mut Opened) -> Option<()> {
    let sector = u16_at(bytes, 11)?;
    let reserved = u16_at(bytes, 14)?;
    let tables = usize::from(*bytes.get(16)?);
    let entries = u16_at(bytes, 17)?.min(512);
    let size = u16_at(bytes, 22)?;
    let root = (reserved + tables * size) * sector;
    for entry in bytes.get(root..)?.chunks_exact(32).take(entries) {
        let [first, ..] = entry else { break };
        let attributes = *entry.get(11)?;
        if *first == 0 {
            break;
        }
        // Deleted, a part of a long name, a label, a folder.
        if *first == 0xE5 || attributes & 0x18 != 0 {
            continue;
        }
        let part = |from, to| -> Option<String> {
            let part = String::from_utf8_lossy(entry.get(from..to)?).into_owned();
            Some(part.trim_end().to_owned())
        };
        opened.file(&format!("{}.{}", part(0, 8)?, part(8, 11)?), None);
    }
    Some(())
}
