//! How far checks read into an attachment: the one place that says it. A new reader of a kind of
//! file changes a line here. Where it is in doubt, an attachment is read.

use super::entity::Entity;
use crate::mail::FileKind;
use crate::mail::file_kind::{OFFICE, is_zip_of};

/// The longest document that is read, in bytes of base64: some 4 MiB of it.
const DOCUMENT: u64 = 6 << 20;
/// The longest picture or archive that is read whole, in bytes of base64: 512 KiB of it. Codes in
/// pictures are in small ones, and so are lures in archives.
const SMALL: u64 = 700 << 10;
/// Decoded bytes at the beginning of an attachment that are always read: what it is is seen there
/// (a disk image by what stands at 32,774).
pub(super) const HEAD: usize = 36 << 10;
/// Decoded bytes at its end that are always read.
const END: usize = 3 << 10;
/// The end record of a zip archive and the longest comment behind it (APPNOTE 4.3.16).
const ZIP_END: usize = 22 + 0xFFFF;
/// The longest directory of an archive that is read from its end.
const DIRECTORY: usize = 4 << 20;

/// How far an attachment is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// It is read whole up to this many bytes as they are sent.
    pub(super) whole: u64,
    /// What is read of the end of a longer one.
    end: End,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    Short,
    Zip,
    /// A header of this many bytes.
    SevenZip(usize),
}

/// Whether all of a part is read whatever it holds: text and messages.
pub(super) fn is_whole(entity: &Entity) -> bool {
    let kind = entity.media_type.split('/').next().unwrap_or_default();
    matches!(kind, "text" | "message" | "multipart")
}

/// How far a part is read that begins so.
pub(super) fn of(entity: &Entity, head: &[u8]) -> Reach {
    let whole = match FileKind::of(head) {
        FileKind::Html
        | FileKind::Svg
        | FileKind::Script
        | FileKind::Message
        | FileKind::Calendar
        | FileKind::Text => u64::MAX,
        FileKind::Pdf | FileKind::Office => DOCUMENT,
        FileKind::Image => SMALL,
        _ if is_called_document(entity) || is_office(head) => DOCUMENT,
        FileKind::Archive | FileKind::Shortcut => SMALL,
        FileKind::Program | FileKind::DiskImage | FileKind::Other => 0,
    };
    let end = if head.starts_with(b"PK") {
        End::Zip
    } else if head.starts_with(b"7z\xBC\xAF\x27\x1C") {
        End::SevenZip(number(head, 20, 8).unwrap_or(usize::MAX))
    } else {
        End::Short
    };
    Reach { whole, end }
}

impl Reach {
    /// How many decoded bytes of the end are read, as far as the last ones tell, which are
    /// `known`; `None` where they tell that the end is not as it should be.
    pub(super) fn end(&self, known: &[u8]) -> Option<usize> {
        let wanted = match self.end {
            End::Short => END,
            End::SevenZip(size) => {
                // The header, or what it is packed in, begins with one of these (7zFormat.txt).
                let start = known.len().checked_sub(size).and_then(|at| known.get(at));
                if !matches!(start, None | Some(0x01 | 0x17)) {
                    return None;
                }
                size.max(END)
            }
            End::Zip if known.len() < ZIP_END => ZIP_END,
            End::Zip => {
                let last = known.len() - ZIP_END;
                let mut fours = known.get(last..)?.windows(4);
                let end = last + fours.rposition(|four| four == b"PK\x05\x06")?;
                let size = number(known, end + 12, 4).filter(|size| *size > 0)?;
                if let Some(start) = end.checked_sub(size)
                    && !known.get(start..)?.starts_with(b"PK\x01\x02")
                {
                    return None;
                }
                (known.len() - end).checked_add(size)?.max(ZIP_END)
            }
        };
        (wanted <= DIRECTORY).then_some(wanted)
    }
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    let shifted = field.iter().rev().map(|byte| u64::from(*byte));
    usize::try_from(shifted.fold(0, |all, byte| all << 8 | byte)).ok()
}

/// Whether the header calls it a document: something that a program other than a player or an
/// unpacker opens.
fn is_called_document(entity: &Entity) -> bool {
    const TYPES: &[&str] = &[
        "application/pdf",
        "application/x-pdf",
        "application/msword",
        "application/vnd.",
        "application/rtf",
        "application/pkcs7",
        "application/x-pkcs7",
        "application/ms-tnef",
        "application/ics",
        "application/xhtml",
        "application/xml",
        "application/json",
        "application/x-javascript",
        "application/javascript",
        "image/",
    ];
    const NAMES: &[&str] = &[
        ".pdf", ".doc", ".dot", ".rtf", ".xls", ".xlt", ".xlam", ".ppt", ".pps", ".pot", ".odt",
        ".ods", ".odp", ".one", ".htm", ".xht", ".svg", ".eml", ".msg", ".ics", ".vcf", ".dat",
        ".p7m", ".txt", ".csv", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".webp",
    ];
    let is_type = TYPES.iter().any(|name| entity.media_type.starts_with(name));
    is_type || NAMES.iter().any(|name| entity.header.contains(name))
}

/// Whether a zip archive is a document by the name of its first file: of Office, or of one of the
/// programs that write `mimetype` or `META-INF/` first.
fn is_office(head: &[u8]) -> bool {
    is_zip_of(head, &OFFICE) || is_zip_of(head, &[b"mimetype", b"META-INF/"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(header: &str) -> Entity {
        Entity::read(format!("{header}\r\n\r\n").as_bytes()).unwrap()
    }

    #[test]
    fn what_checks_read_is_decided_by_kind_type_and_name() {
        let video = entity("Content-Type: video/mp4");
        for (entity, head, whole) in [
            (&video, &b"\0\0\0\x18ftypmp42"[..], 0),
            (&video, b"MZ\x90\0", 0),
            (&video, b"%PDF-1.7", DOCUMENT),
            (&video, b"<html><script>", u64::MAX),
            (&video, b"just text", u64::MAX),
            (&video, b"PK\x03\x04\x14\0\0\0\0\0", SMALL),
            (&video, b"\x89PNG\r\n\x1A\n", SMALL),
            (
                &video,
                b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0_rels/",
                DOCUMENT,
            ),
            (
                &entity_named("a.docx"),
                b"PK\x03\x04\x14\0\0\0\0\0",
                DOCUMENT,
            ),
            (&entity_named("a.bin"), b"\0\x01\x02\x03", 0),
            (
                &super::tests::entity("Content-Type: image/x-odd"),
                b"\0\x01",
                DOCUMENT,
            ),
        ] {
            assert_eq!(of(entity, head).whole, whole, "{entity:?} {head:?}");
        }
        assert!(is_whole(&entity("Content-Type: text/html")));
        assert!(is_whole(&entity("Content-Type: message/rfc822")));
        assert!(!is_whole(&video));
    }

    fn entity_named(name: &str) -> Entity {
        entity(&format!(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\""
        ))
    }

    #[test]
    fn the_end_of_an_archive_is_read_as_far_as_its_directory_goes() {
        let zip = of(&entity_named("a.zip"), b"PK\x03\x04");
        assert_eq!(zip.end(b""), Some(ZIP_END));
        let ended = |directory: &[u8], size: u32, comment: usize| {
            let mut known = vec![0; ZIP_END];
            known.extend(directory);
            known.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0");
            known.extend(size.to_le_bytes());
            known.extend([0; 6]);
            known.extend(vec![0; comment]);
            known
        };
        assert_eq!(zip.end(&ended(b"PK\x01\x02 x", 6, 0)), Some(ZIP_END));
        assert_eq!(zip.end(&ended(b"PK\x01\x02 x", 5, 0)), None);
        assert_eq!(zip.end(&ended(b"", 100_000, 30)), Some(100_052));
        assert_eq!(zip.end(&ended(b"", u32::MAX, 0)), None);
        assert_eq!(zip.end(&vec![0; ZIP_END]), None);

        let mut head = b"7z\xBC\xAF\x27\x1C\0\x04".to_vec();
        head.extend([0; 12]);
        head.extend(5000_u64.to_le_bytes());
        let seven = of(&entity_named("a.7z"), &head);
        assert_eq!(seven.end(b""), Some(5000));
        assert_eq!(seven.end(&[0x17; 5000]), Some(5000));
        assert_eq!(seven.end(&[0x18; 5000]), None);
    }
}
