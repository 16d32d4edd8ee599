//! What a file's name says that it is.

use super::known::List;
use crate::mail::{Attachment, Message};

/// The last extension of a name, small, without what Windows drops at the end, nor letters that
/// turn the writing round.
pub fn extension(name: &str) -> Option<String> {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200B}'..='\u{200F}'))
        .collect();
    let plain = plain.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, extension) = plain.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.trim().to_lowercase())
}

/// An attachment's name as it is told to a person.
pub fn told(attachment: &Attachment) -> String {
    let name = attachment.name.as_ref();
    name.map_or_else(|| format!("({})", attachment.media_type), Clone::clone)
}

/// The names that an attachment has: its own, and those of the files inside.
pub fn names(attachment: &Attachment) -> impl Iterator<Item = &str> {
    let inside = attachment.holds.files.iter();
    attachment
        .name
        .as_deref()
        .into_iter()
        .chain(inside.map(|file| file.name.as_str()))
}

/// The first name, of an attachment or inside an archive, with one of these extensions.
pub fn with_extension(message: &Message, extensions: &List) -> Option<String> {
    message
        .attachments
        .iter()
        .flat_map(names)
        .find(|name| extension(name).is_some_and(|extension| extensions.has(&extension)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::extension;

    #[test]
    fn the_extension_is_what_the_system_will_go_by() {
        for (name, expected) in [
            ("a.pdf.EXE", Some("exe")),
            ("a.exe. ", Some("exe")),
            ("a\u{202E}fdp.exe", Some("exe")),
            ("README", None),
            (".profile", None),
        ] {
            assert_eq!(extension(name).as_deref(), expected);
        }
    }
}
