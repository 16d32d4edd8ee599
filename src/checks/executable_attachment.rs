//! Attachments that run.

use super::file_name::with_extension;
use super::known::{DISKS, MACROS, RUNS};
use super::{Check, Concern, Context};
use crate::content::archive;
use crate::mail::{FileKind, Message};
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
        let by_content = message
            .attachments
            .iter()
            .find(|one| one.kind == FileKind::DiskImage)
            .map(|one| one.name.clone().unwrap_or_default());
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
            let office = message
                .attachments
                .iter()
                .filter(|one| one.kind == FileKind::Office && one.bytes.starts_with(b"PK"));
            office
                .filter(|one| {
                    archive::read(&one.bytes).is_some_and(|archive| {
                        archive
                            .names
                            .iter()
                            .any(|name| name.ends_with("vbaProject.bin"))
                    })
                })
                .find_map(|one| one.name.clone())
        })?;
        Some(Evidence::none().with("name", name))
    },
};

fn executable(message: &Message, _: &Context) -> Option<Evidence> {
    let by_content = message.attachments.iter().find(|one| {
        matches!(one.kind, FileKind::Program | FileKind::Shortcut)
            && !one.media_type.starts_with("text/")
    });
    let name = match by_content {
        Some(one) => one.name.clone().unwrap_or_else(|| one.media_type.clone()),
        None => with_extension(message, &RUNS)?,
    };
    Some(Evidence::none().with("name", name))
}
