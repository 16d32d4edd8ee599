//! What a file is by its content, whatever it is called and declared.

/// What a file is by its content, folded to what checks ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum FileKind {
    /// A program: PE, ELF, Mach-O, Java class.
    Program,
    /// A script by its content (`#!`, `<script>`, WScript, PowerShell).
    Script,
    /// A Windows shortcut (LNK).
    Shortcut,
    /// A disk image (ISO, IMG, VHD).
    DiskImage,
    /// ZIP, RAR, 7z, gzip, tar, CAB, ACE …
    Archive,
    /// HTML or XHTML.
    Html,
    /// SVG.
    Svg,
    /// PDF.
    Pdf,
    /// Word, Excel, PowerPoint, OneNote or OpenDocument.
    Office,
    /// An image.
    Image,
    /// A message (RFC 822).
    Message,
    /// A calendar entry.
    Calendar,
    /// Plain text.
    Text,
    /// Anything else.
    Other,
}

/// Signatures that `infer` does not know: where, what, which kind.
const SIGNATURES: &[(usize, &[u8], FileKind)] = &[
    (
        0,
        b"\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46",
        FileKind::Shortcut,
    ), // [MS-SHLLINK] 2.1
    (0x8001, b"CD001", FileKind::DiskImage), // ISO 9660 section 8
    (0x8001, b"BEA01", FileKind::DiskImage), // UDF (ECMA 167 part 2)
    (0, b"conectix", FileKind::DiskImage),   // VHD
    (0, b"vhdxfile", FileKind::DiskImage),   // [MS-VHDX] 2.2
    (0, b"QFI\xFB", FileKind::DiskImage),
    (54, b"FAT1", FileKind::DiskImage),
    (82, b"FAT32", FileKind::DiskImage),
    (7, b"**ACE**", FileKind::Archive),
    (0, b"\x60\xEA", FileKind::Archive), // ARJ
    (2, b"-lh", FileKind::Archive),
    (0, b"PK\x03\x04", FileKind::Archive), // also where `infer` wants more of the file
    (
        0,
        b"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3",
        FileKind::Office,
    ), // [MS-ONESTORE] 2.3.1
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::Office), // [MS-CFB] 2.2
    (0, b"{\\rt", FileKind::Office),       // Word opens what is only nearly {\rtf
    (0, b"MZ", FileKind::Program),
    (0, b"\x7FELF", FileKind::Program),
];

/// Bytes of a file in which text is looked at.
const SNIFFED: usize = 4096;

impl FileKind {
    /// Whether a file of this kind does nothing when it is opened.
    pub(super) fn is_harmless(self) -> bool {
        matches!(
            self,
            FileKind::Image | FileKind::Calendar | FileKind::Text | FileKind::Other
        )
    }

    /// What these bytes are.
    pub fn of(bytes: &[u8]) -> FileKind {
        let start = bytes.get(..bytes.len().min(SNIFFED)).unwrap_or_default();
        if is_zip_of(start, &OFFICE) {
            return FileKind::Office;
        }
        if let Some(kind) = infer::get(bytes).and_then(|found| known(found, bytes)) {
            return kind;
        }
        for (at, signature, kind) in SIGNATURES {
            if bytes.get(*at..*at + signature.len()) == Some(*signature) {
                return *kind;
            }
        }
        // Readers look for it in the first kilobyte (ISO 32000-1 annex H.3.4.1).
        if start.windows(5).take(1024).any(|five| five == b"%PDF-") {
            return FileKind::Pdf;
        }
        match as_text(start) {
            Some(text) => of_text(&text.to_ascii_lowercase()),
            None => FileKind::Other,
        }
    }
}

/// What a document of Office begins with, as a zip: any of its files may be the first, and `infer`
/// knows the usual one alone.
pub(in crate::mail) const OFFICE: [&[u8]; 6] = [
    b"[Content_Types].xml",
    b"_rels/",
    b"docProps/",
    b"word/",
    b"xl/",
    b"ppt/",
];

/// Whether a zip's first file has one of these names, or is in one of these folders.
pub(in crate::mail) fn is_zip_of(start: &[u8], first: &[&[u8]]) -> bool {
    let name = start.get(30..).unwrap_or_default();
    start.starts_with(b"PK\x03\x04") && first.iter().any(|first| name.starts_with(first))
}

/// Folds what `infer` found; `None` where a look at the text tells more.
fn known(found: infer::Type, bytes: &[u8]) -> Option<FileKind> {
    use infer::MatcherType;
    Some(match (found.matcher_type(), found.extension()) {
        (_, "exe" | "dll" | "elf" | "class" | "mach" | "dex" | "dey" | "msi" | "bc" | "wasm") => {
            // Every old Office file, MSI and Outlook message is an OLE container.
            if found.extension() == "msi" && bytes.starts_with(b"\xD0\xCF") {
                FileKind::Office
            } else {
                FileKind::Program
            }
        }
        (_, "qcow2") => FileKind::DiskImage,
        (_, "obj" | "coff" | "der" | "pem" | "sh" | "html" | "xml") => return None,
        (_, "pdf") => FileKind::Pdf,
        (_, "rtf") => FileKind::Office,
        (_, "ps" | "swf" | "eot" | "sqlite" | "nes" | "dcm") => FileKind::Other,
        (MatcherType::Doc, _) => FileKind::Office,
        (_, "odt" | "ods" | "odp") => FileKind::Office,
        (MatcherType::Archive, _) => FileKind::Archive,
        (MatcherType::Image, _) => FileKind::Image,
        (MatcherType::Text, _) => return None,
        _ => FileKind::Other,
    })
}

/// Bytes as text, if they are text: UTF-16 too, since Windows runs scripts written in it.
fn as_text(start: &[u8]) -> Option<String> {
    let wide = |first: usize| -> String {
        start
            .get(2..)
            .unwrap_or_default()
            .chunks_exact(2)
            .filter_map(|pair| pair.get(first).copied().map(char::from))
            .collect()
    };
    match start {
        [0xFF, 0xFE, ..] => return Some(wide(0)),
        [0xFE, 0xFF, ..] => return Some(wide(1)),
        _ => {}
    }
    let odd = start
        .iter()
        .filter(|byte| **byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B))
        .count();
    (!start.is_empty() && odd * 100 <= start.len())
        .then(|| String::from_utf8_lossy(start).into_owned())
}

/// What a text is; `text` is its beginning in lower case.
fn of_text(text: &str) -> FileKind {
    let begun = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n', '\0']);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let begins = |words: &[&str]| words.iter().any(|word| begun.starts_with(word));
    if begins(&["begin:vcalendar"]) {
        return FileKind::Calendar;
    }
    if begun.starts_with('<') {
        if has(&["<hta:application"]) {
            return FileKind::Script;
        }
        if has(&["<svg"]) && !has(&["<html", "<!doctype html", "<body"]) {
            return FileKind::Svg;
        }
        if begins(&["<?php", "<job", "<package", "<%", "<scriptlet"]) {
            return FileKind::Script;
        }
        const TAGS: [&str; 17] = [
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<script",
            "<meta",
            "<table",
            "<div",
            "<iframe",
            "<form",
            "<title",
            "<style",
            "<a ",
            "<p",
            "<img",
            "<center",
            "<br",
        ];
        if has(&TAGS) {
            return FileKind::Html;
        }
    }
    if begins(&[
        "#!",
        "@echo off",
        "@if (",
        "windows registry editor",
        "[internetshortcut]",
    ]) || has(&[
        "wscript.",
        "createobject(",
        "activexobject(",
        "powershell",
        "invoke-expression",
        "new-object system.net",
        "frombase64string",
        "on error resume next",
        "cmd.exe /c",
    ]) && !has(&["<html", "<body"])
    {
        return if begun.starts_with("[internetshortcut]") {
            FileKind::Shortcut
        } else {
            FileKind::Script
        };
    }
    if has(&["<html", "<body", "<script"]) {
        return FileKind::Html;
    }
    let mut lines = begun.lines();
    let header = |line: Option<&str>| {
        line.is_some_and(|line| {
            [
                "received:",
                "from:",
                "to:",
                "return-path:",
                "mime-version:",
                "message-id:",
                "date:",
                "subject:",
                "delivered-to:",
                "x-",
                "dkim-signature:",
            ]
            .iter()
            .any(|name| line.starts_with(name))
        })
    };
    if header(lines.next()) && lines.take(5).any(|line| header(Some(line))) {
        return FileKind::Message;
    }
    FileKind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_content() {
        let mut iso = vec![0; 0x8000];
        iso.extend(b"\x01CD001\x01");
        let mut lnk = b"\x4C\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46".to_vec();
        lnk.extend([0; 60]);
        let utf16: Vec<u8> = "\u{FEFF}WScript.Echo 1"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let cases: &[(&[u8], FileKind)] = &[
            (b"MZ\x90\0\x03\0\0\0", FileKind::Program),
            (b"\x7FELF\x02\x01\x01\0", FileKind::Program),
            (b"#!/bin/sh\necho", FileKind::Script),
            (b"@echo off\r\nstart x", FileKind::Script),
            (b"Set s = CreateObject(\"WScript.Shell\")", FileKind::Script),
            (&utf16, FileKind::Script),
            (&lnk, FileKind::Shortcut),
            (
                b"[InternetShortcut]\r\nURL=http://evil.test/",
                FileKind::Shortcut,
            ),
            (&iso, FileKind::DiskImage),
            (b"PK\x03\x04\x14\0\0\0\x08\0", FileKind::Archive),
            (b"Rar!\x1A\x07\x01\0", FileKind::Archive),
            (b"7z\xBC\xAF\x27\x1C\0\x04", FileKind::Archive),
            (b"\x1F\x8B\x08\0", FileKind::Archive),
            (b"\n <!DOCTYPE html><title>x", FileKind::Html),
            (b"<!-- c --><script>x</script>", FileKind::Html),
            (
                b"<?xml version=\"1.0\"?><svg xmlns=\"x\"><script/></svg>",
                FileKind::Svg,
            ),
            (b"%PDF-1.7\n", FileKind::Pdf),
            (b"junk\n%PDF-1.4\n", FileKind::Pdf),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", FileKind::Office),
            (b"{\\rtf1 x}", FileKind::Office),
            (b"\x89PNG\r\n\x1A\n\0\0", FileKind::Image),
            (b"BEGIN:VCALENDAR\r\nVERSION:2.0", FileKind::Calendar),
            (
                b"From: a@example.com\nTo: b@example.com\n\nc",
                FileKind::Message,
            ),
            (b"Just some text.", FileKind::Text),
            (b"\0\x01\x02\x03\x04", FileKind::Other),
            (b"", FileKind::Other),
        ];
        for (bytes, kind) in cases {
            assert_eq!(
                FileKind::of(bytes),
                *kind,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}
