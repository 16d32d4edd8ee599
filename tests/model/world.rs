//! A mailbox as another program has it in hand.

use super::operation::Mark;
use std::collections::BTreeSet;

/// The folders that are swept.
pub const SWEPT: [&str; 2] = ["INBOX", "Work"];
/// Where hits go.
pub const TARGET: &str = "Missed spam";
/// Where another program may move messages to.
pub const FOLDERS: [&str; 4] = ["INBOX", "Work", "Archive", TARGET];

/// A message as it lies there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    pub folder: String,
    pub flags: BTreeSet<&'static str>,
    /// Days since some day.
    pub day: u64,
}

/// The flags of a mark.
pub fn flags(mark: Mark) -> BTreeSet<&'static str> {
    let flags: &[&str] = match mark {
        Mark::None => &[],
        Mark::Seen => &["seen"],
        Mark::Flagged => &["flagged"],
        Mark::SeenAnswered => &["answered", "seen"],
    };
    flags.iter().copied().collect()
}

/// The bytes of a message; its number is in its subject.
pub fn letter(number: usize, domain: &str) -> Vec<u8> {
    format!(
        "From: Sam <sam{number}@{domain}>\r\nTo: Pat <pat@example.net>\r\nSubject: Meeting {number}.\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\n{}\r\nMinutes.\r\n",
        // Some have no Message-ID.
        match number % 3 {
            0 => String::new(),
            _ => format!("Message-ID: <{number}@{domain}>\r\n"),
        }
    )
    .into_bytes()
}

/// The number of a message.
pub fn number(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.split_once("Subject: Meeting ").unwrap();
    rest.split('.').next().unwrap().parse().unwrap()
}

pub trait World {
    /// Empties the mailbox: the folders that are swept, and one more.
    fn wipe(&mut self);

    /// Everything in it: numbers, and the bytes' place.
    fn look(&mut self) -> Vec<(usize, Copy)>;

    fn arrive(&mut self, bytes: &[u8], at: &Copy);

    /// Moves one such message to a folder, which may have to be made.
    fn move_to(&mut self, number: usize, at: &Copy, folder: &str);

    fn remove(&mut self, number: usize, at: &Copy);

    fn set_flags(&mut self, number: usize, at: &Copy, flags: &BTreeSet<&'static str>);

    /// Renames the folder that hits go to, if it is there.
    fn rename_target(&mut self, name: &str);

    /// The account's lines in the settings by another way to it, which is cut after so many bytes;
    /// and what keeps that way open. `None` where there is none.
    fn cut(&mut self, from_client: bool, at: u64) -> Option<(String, Box<dyn std::any::Any>)>;
}
