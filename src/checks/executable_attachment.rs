//! Attachments that run.

use super::file_name::{told, with_extension};
use super::known::{DISKS, MACROS, RUNS};
use super::{Check, Concern, Given};
use crate::mail::{FileKind, Mark, Message};
use crate::verdict::Evidence;

/// `executable-attachment`
pub const EXECUTABLE_ATTACHMENT: Check = Check {
    name: "executable-attachment",
    about: "An attachment, or a file in an attached archive, is a program, script or shortcut, by \
            its content or its name.",
    concern: Concern::Attachment,
    run: executable,
};

/// `disk-image-attachment`
pub const DISK_IMAGE_ATTACHMENT: Check = Check {
    name: "disk-image-attachment",
    about: "An attachment, or a file in an attached archive, is a disk image: what is inside opens \
            without the warning that files from the Internet get.",
    concern: Concern::Attachment,
    run: |message, _| {
        let by_content = named_by_kind(message, &[FileKind::DiskImage]);
        let name = by_content.or_else(|| with_extension(message, &DISKS))?;
        Some(Evidence::none().with("name", name))
    },
};

/// `macro-attachment`
pub const MACRO_ATTACHMENT: Check = Check {
    name: "macro-attachment",
    about: "An attached Office document has macros: programs that run when they are allowed to.",
    concern: Concern::Attachment,
    run: |message, _| {
        let name = with_extension(message, &MACROS).or_else(|| {
            let mut all = message.attachments.iter();
            all.find(|one| one.holds.has(Mark::Macros)).map(told)
        })?;
        Some(Evidence::none().with("name", name))
    },
};

/// The name of the first attachment, or file in one, that is of one of these kinds.
fn named_by_kind(message: &Message, kinds: &[FileKind]) -> Option<String> {
    message.attachments.iter().find_map(|one| {
        if kinds.contains(&one.kind) && !one.media_type.starts_with("text/") {
            return Some(told(one));
        }
        let mut inside = one.holds.files.iter();
        let file = inside.find(|file| file.kind.is_some_and(|kind| kinds.contains(&kind)))?;
        Some(match file.name.is_empty() {
            true => told(one),
            false => file.name.clone(),
        })
    })
}

fn executable(message: &Message, _: &Given) -> Option<Evidence> {
    let by_content = named_by_kind(message, &[FileKind::Program, FileKind::Shortcut]);
    let name = by_content.or_else(|| with_extension(message, &RUNS))?;
    Some(Evidence::none().with("name", name))
}
