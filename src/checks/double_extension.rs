//! File names that lie.

use super::file_name::{extension, names};
use super::known::{DISKS, PAGES, RUNS, TRUSTED};
use super::{Check, Concern, Given};
use crate::mail::{FileKind, Message};
use crate::verdict::Evidence;

/// `double-extension`
pub const DOUBLE_EXTENSION: Check = Check {
    name: "double-extension",
    about: "A file's name shows one harmless extension before the real one (invoice.pdf.exe), or \
            has characters that turn the writing round.",
    concern: Concern::Attachment,
    run: double,
};

/// `type-contradicts-content`
pub const TYPE_CONTRADICTS_CONTENT: Check = Check {
    name: "type-contradicts-content",
    about: "A file is called a document or picture, and is a program, a page or an archive by its \
            content.",
    concern: Concern::Attachment,
    run: contradicts,
};

fn double(message: &Message, _: &Given) -> Option<Evidence> {
    let mut all = message.attachments.iter().flat_map(names);
    all.find_map(|name| {
        let turned = name.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}'));
        let real = extension(name)?;
        let stem = name.trim_end().rsplit_once('.').map(|(stem, _)| stem)?;
        let shown = extension(stem.trim_end());
        let lies = shown.is_some_and(|shown| TRUSTED.has(&shown))
            && [&RUNS, &DISKS, &PAGES].iter().any(|list| list.has(&real));
        (turned || lies).then(|| Evidence::none().with("name", name).with("real", &real))
    })
}

fn contradicts(message: &Message, _: &Given) -> Option<Evidence> {
    message.attachments.iter().find_map(|one| {
        let name = one.name.as_deref()?;
        let extension = extension(name)?;
        if !TRUSTED.has(&extension) {
            return None;
        }
        let is = match one.kind {
            FileKind::Program => "a program",
            FileKind::Shortcut => "a shortcut",
            FileKind::DiskImage => "a disk image",
            // Old programs save pages and tables as .doc and .xls.
            FileKind::Html if !matches!(extension.as_str(), "doc" | "xls" | "txt") => "a page",
            FileKind::Archive
                if matches!(extension.as_str(), "pdf" | "jpg" | "jpeg" | "png" | "gif") =>
            {
                "an archive"
            }
            _ => return None,
        };
        Some(Evidence::none().with("name", name).with("is", is))
    })
}
