//! The outbox folder: each letter becomes one complete `.eml` file, for a person or another
//! program to send. A file appears whole or not at all, and is private to its owner.

use super::{Outbox, OutboxError, mime};
use crate::mail::Letter;
use crate::platform;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder that takes letters.
#[derive(Debug)]
pub struct FolderOutbox {
    dir: PathBuf,
}

impl FolderOutbox {
    /// This folder; it is made when the first letter comes.
    pub fn new(dir: PathBuf) -> Self {
        FolderOutbox { dir }
    }
}

impl Outbox for FolderOutbox {
    /// A folder takes any size.
    fn limit(&mut self) -> Result<Option<u64>, OutboxError> {
        Ok(None)
    }

    /// Writes `<id>.eml`; the same letter once more replaces itself. Returns the path.
    fn send(&mut self, letter: &Letter) -> Result<String, OutboxError> {
        let encoded = mime::encode(letter)?;
        let path = self.dir.join(format!("{}.eml", mime::safe_id(letter)));
        write(&self.dir, &path, &encoded.bytes).map_err(|source| OutboxError::File {
            path: path.display().to_string(),
            source,
        })?;
        Ok(path.display().to_string())
    }
}

fn write(dir: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    platform::private_dir(dir)?;
    let mut file = platform::unfinished(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    platform::sync_dir(dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Enclosure;
    use mail_parser::{MessageParser, MimeHeaders};
    use std::fs;

    fn letter(dir: &Path) -> Letter {
        let zip = dir.join("a.zip");
        let bytes: Vec<u8> = (0..20_000u32).flat_map(|n| n.to_le_bytes()).collect();
        fs::write(&zip, bytes).unwrap();
        Letter {
            from: "pat@example.com".into(),
            to: "spam@vendor.example".into(),
            subject: "Undetected spam: 2 messages – \r\nBcc: x@example.org".into(),
            body: "Grüße\n.\n..dot\nFrom the start\n".into(),
            id: "postsweep-1/../x".into(),
            date: "2026-11-21T08:00:00Z".parse().unwrap(),
            enclosures: vec![Enclosure {
                name: "postsweep-20261121-spam.zip".into(),
                media_type: "application/zip".into(),
                path: zip,
            }],
        }
    }

    #[test]
    fn a_letter_is_one_complete_message_in_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let letter = letter(dir.path());
        let mut outbox = FolderOutbox::new(dir.path().join("outbox"));
        let path = PathBuf::from(outbox.send(&letter).unwrap());
        assert_eq!(path, dir.path().join("outbox/postsweep-1-..-x.eml"));
        let bytes = fs::read(&path).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let address = |list: Option<&mail_parser::Address>| {
            let first = list.and_then(|list| list.first()).unwrap();
            first.address().unwrap().to_owned()
        };
        assert_eq!(address(message.from()), letter.from);
        assert_eq!(address(message.to()), letter.to);
        assert!(message.bcc().is_none(), "a header was smuggled in");
        assert_eq!(message.message_id(), Some("postsweep-1-..-x@example.com"));
        assert_eq!(
            message.date().unwrap().to_timestamp(),
            letter.date.as_second()
        );
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), letter.body.trim_end());
        let attachment = message.attachment(0).unwrap();
        assert_eq!(
            attachment.attachment_name(),
            Some("postsweep-20261121-spam.zip")
        );
        let zip = fs::read(&letter.enclosures[0].path).unwrap();
        assert_eq!(attachment.contents(), zip);
        assert_eq!(message.attachment_count(), 1);
        let lines = bytes.split(|byte| *byte == b'\n');
        assert!(
            lines
                .into_iter()
                .all(|line| line.is_empty() || line.ends_with(b"\r"))
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        // Once more: the same bytes, in the same file, and nothing beside it.
        assert_eq!(outbox.send(&letter).unwrap(), path.display().to_string());
        assert_eq!(fs::read(&path).unwrap(), bytes);
        assert_eq!(fs::read_dir(dir.path().join("outbox")).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_an_address_or_not_there_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut outbox = FolderOutbox::new(dir.path().join("outbox"));
        for wrong in [
            "https://vendor.example/",
            "",
            "a@",
            "a b@c.example",
            "a@b.example\r\nX: y",
        ] {
            let mut letter = letter(dir.path());
            letter.to = wrong.to_owned();
            let error = outbox.send(&letter).unwrap_err();
            assert!(matches!(error, OutboxError::Address(_)), "{wrong}: {error}");
        }
        let mut letter = letter(dir.path());
        letter.enclosures[0].path = dir.path().join("gone.zip");
        let error = outbox.send(&letter).unwrap_err();
        assert!(error.to_string().contains("gone.zip"), "{error}");
        assert!(!dir.path().join("outbox").exists());
    }
}
