//! The folders of an IMAP server: listed, told apart by use, and found by the name that a person
//! writes, whatever the server's separator, prefix and encoding. Knows no messages.

use super::answer::{Value, values};
use crate::mailbox::names;
use crate::mailbox::{Folder, SpecialUse};

/// Most folders that are listed.
const MOST: usize = 10_000;

/// One folder as the server spells it and as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// The server's own spelling: what every command sends back.
    pub(super) raw: Vec<u8>,
    /// As people read it.
    pub(super) folder: Folder,
    separator: Option<char>,
}

/// All folders, and what a new one's name must look like.
#[derive(Debug, Default)]
pub(super) struct Folders {
    known: Vec<Known>,
    /// What the server puts before the owner's own folders: `INBOX.` with Courier and Cyrus.
    prefix: String,
    separator: Option<char>,
    /// Whether names travel as UTF-8 (RFC 6855) instead of modified UTF-7.
    utf8: bool,
}

impl Folders {
    /// None yet.
    pub(super) fn new(utf8: bool) -> Self {
        Folders {
            utf8,
            ..Folders::default()
        }
    }

    /// Takes in one answer to LIST; anything else is passed over.
    pub(super) fn add(&mut self, response: &[u8]) {
        let Some(known) = Known::parse(response, self.utf8) else {
            return;
        };
        if self.separator.is_none() {
            self.separator = known.separator;
        }
        let is_new = self.known.iter().all(|own| own.raw != known.raw);
        if is_new && self.known.len() < MOST {
            self.known.push(known);
        }
    }

    /// Takes in the answer to NAMESPACE (RFC 2342): the first personal one counts.
    pub(super) fn add_namespace(&mut self, response: &[u8]) {
        let parse = || {
            let rest = response.strip_prefix(b"* ")?;
            let values = values(rest)?;
            let mut values = values.iter();
            values.next().filter(|word| word.is("NAMESPACE"))?;
            let first = values.next()?.list()?.first()?.list()?;
            let prefix = first.first()?.bytes()?.to_vec();
            let separator = first.get(1).and_then(separator);
            Some((prefix, separator))
        };
        if let Some((prefix, separator)) = parse() {
            self.prefix = self.decode(&prefix);
            self.separator = separator.or(self.separator);
        }
    }

    /// Whether a folder only shows again what lies in others.
    pub(super) fn is_view(&self, name: &str) -> bool {
        let special = self.find(name).and_then(|known| known.folder.special);
        matches!(
            special,
            Some(SpecialUse::All | SpecialUse::Flagged | SpecialUse::Important)
        )
    }

    /// Marks well-known names where the server marks no folder for that use.
    pub(super) fn finish(&mut self) {
        use SpecialUse::{Archive, Drafts, Junk, Sent, Trash};
        for special in [Junk, Sent, Trash, Drafts, Archive] {
            if self.known.iter().any(|k| k.folder.special == Some(special)) {
                continue;
            }
            let fits = |known: &&mut Known| {
                known.folder.special.is_none()
                    && known.folder.selectable
                    && names::well_known(known.leaf()) == Some(special)
            };
            let mut fitting: Vec<&mut Known> = self.known.iter_mut().filter(fits).collect();
            // `Junk` before `Old/2019/Junk`.
            fitting.sort_by_key(|known| known.folder.name.chars().count());
            if let Some(known) = fitting.into_iter().next() {
                known.folder.special = Some(special);
            }
        }
    }

    /// All of them, for people.
    pub(super) fn all(&self) -> Vec<Folder> {
        self.known
            .iter()
            .map(|known| known.folder.clone())
            .collect()
    }

    /// The server's spelling of the folder that a person means, if it is listed.
    pub(super) fn find(&self, name: &str) -> Option<&Known> {
        let exact = |name: &str| self.known.iter().find(|known| known.is(name));
        let mapped = self.with_separator(name);
        exact(name)
            .or_else(|| exact(&mapped))
            .or_else(|| exact(&format!("{}{mapped}", self.prefix)))
    }

    /// The server's spelling of this name, listed or not: with its separator, its prefix and its
    /// encoding.
    pub(super) fn spell(&self, name: &str) -> Vec<u8> {
        if let Some(known) = self.find(name) {
            return known.raw.clone();
        }
        let mapped = self.with_separator(name);
        let mapped = match mapped.strip_prefix(self.prefix.as_str()) {
            _ if is_inbox(&mapped) => "INBOX".to_owned(),
            Some(_) => mapped,
            None => format!("{}{mapped}", self.prefix),
        };
        if self.utf8 {
            mapped.into_bytes()
        } else {
            names::encode(&mapped).into_bytes()
        }
    }

    /// The name with the server's separator in place of the `/` that people write.
    fn with_separator(&self, name: &str) -> String {
        match self.separator {
            Some(separator) if separator != '/' => name.replace('/', &separator.to_string()),
            _ => name.to_owned(),
        }
    }

    fn decode(&self, raw: &[u8]) -> String {
        decode(raw, self.utf8)
    }
}

fn decode(raw: &[u8], utf8: bool) -> String {
    if utf8 {
        String::from_utf8_lossy(raw).into_owned()
    } else {
        names::decode(raw)
    }
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("INBOX")
}

/// Gmail's views by their English names, should attributes be lost on the way (by a proxy, say).
fn gmail_view(name: &str) -> Option<SpecialUse> {
    let name = name.to_lowercase();
    let leaf = ["[gmail]/", "[google mail]/"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))?;
    match leaf {
        "all mail" => Some(SpecialUse::All),
        "starred" => Some(SpecialUse::Flagged),
        "important" => Some(SpecialUse::Important),
        _ => None,
    }
}

fn separator(value: &Value) -> Option<char> {
    match value {
        Value::Text(text) => text.first().map(|byte| char::from(*byte)),
        _ => None,
    }
}

impl Known {
    /// Reads `* LIST (\HasNoChildren) "/" name`.
    fn parse(response: &[u8], utf8: bool) -> Option<Known> {
        let values = values(response.strip_prefix(b"* ")?)?;
        let [command, attributes, separated, name, ..] = values.as_slice() else {
            return None;
        };
        if !command.is("LIST") {
            return None;
        }
        let attributes: Vec<String> = attributes.list()?.iter().filter_map(Value::word).collect();
        let has = |name: &str| attributes.iter().any(|own| own.eq_ignore_ascii_case(name));
        let raw = match name {
            Value::Text(raw) | Value::Word(raw) => raw.clone(),
            Value::List(_) => return None,
        };
        let name = decode(&raw, utf8);
        let uses = [
            ("\\Sent", SpecialUse::Sent),
            ("\\Junk", SpecialUse::Junk),
            ("\\Spam", SpecialUse::Junk), // Gmail's XLIST
            ("\\Trash", SpecialUse::Trash),
            ("\\Drafts", SpecialUse::Drafts),
            ("\\Archive", SpecialUse::Archive),
            ("\\All", SpecialUse::All),
            ("\\AllMail", SpecialUse::All),
            ("\\Flagged", SpecialUse::Flagged),
            ("\\Starred", SpecialUse::Flagged),
            ("\\Important", SpecialUse::Important), // RFC 8457
        ];
        let told = uses.iter().find(|(word, _)| has(word));
        let special = match is_inbox(&name) {
            true => Some(SpecialUse::Inbox),
            false => told.map(|(_, used)| *used).or_else(|| gmail_view(&name)),
        };
        Some(Known {
            raw,
            separator: separator(separated),
            folder: Folder {
                name,
                special,
                selectable: !has("\\Noselect") && !has("\\NonExistent"),
            },
        })
    }

    /// Whether a person's name for it is this one. INBOX alone is written in any case
    /// (RFC 3501 section 5.1), as itself and as the first level.
    fn is(&self, name: &str) -> bool {
        let own = self.folder.name.as_str();
        if own == name || (is_inbox(own) && is_inbox(name)) {
            return true;
        }
        let split = |text: &str| {
            let (first, rest) = text.split_once(self.separator?)?;
            is_inbox(first).then(|| rest.to_owned())
        };
        matches!((split(own), split(name)), (Some(own), Some(name)) if own == name)
    }

    /// The last level of its name.
    fn leaf(&self) -> &str {
        let name = self.folder.name.as_str();
        let Some(separator) = self.separator else {
            return name;
        };
        name.rsplit(separator).next().unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(lines: &[&str], namespace: Option<&str>) -> Folders {
        let mut folders = Folders::new(false);
        lines.iter().for_each(|line| folders.add(line.as_bytes()));
        if let Some(line) = namespace {
            folders.add_namespace(line.as_bytes());
        }
        folders.finish();
        folders
    }

    #[test]
    fn a_person_writes_slashes_whatever_the_server_separates_with() {
        let dots = listed(
            &[
                "* LIST (\\HasNoChildren) \".\" INBOX",
                "* LIST () \".\" INBOX.Archive",
                "* LIST () \".\" \"INBOX.Archive.Missed spam\"",
                "* LIST () \".\" INBOX.M&APw-ll",
            ],
            Some("* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL"),
        );
        for (name, raw) in [
            ("Archive/Missed spam", "INBOX.Archive.Missed spam"),
            ("INBOX.Archive", "INBOX.Archive"),
            ("inbox/Archive", "INBOX.Archive"),
            ("Müll", "INBOX.M&APw-ll"),
            ("inbox", "INBOX"),
            ("New/Überblick", "INBOX.New.&ANw-berblick"),
        ] {
            assert_eq!(String::from_utf8(dots.spell(name)).unwrap(), raw, "{name}");
        }
        let slashes = listed(
            &[
                "* LIST () \"/\" INBOX",
                "* LIST () \"/\" \"a \\\"b\\\" \\\\c\"",
            ],
            None,
        );
        assert_eq!(slashes.spell("a \"b\" \\c"), b"a \"b\" \\c");
        assert_eq!(slashes.spell("Archive/Missed spam"), b"Archive/Missed spam");
        assert!(slashes.find("Archive").is_none());
    }

    #[test]
    fn names_in_eight_bits_go_back_as_they_came() {
        let mut folders = Folders::new(false);
        folders.add(b"* LIST () \"/\" \"M\xfcll\"");
        folders.add(b"* LIST () NIL {5}\r\nM\xc3\xbcll");
        assert_eq!(folders.spell("M\u{fffd}ll"), b"M\xfcll");
        assert_eq!(folders.spell("Müll"), b"M\xc3\xbcll");
    }

    #[test]
    fn the_servers_word_goes_before_well_known_names() {
        let special = |folders: &Folders, name: &str| folders.find(name).unwrap().folder.special;
        let marked = listed(
            &[
                "* LIST (\\Junk) \"/\" Quarantine",
                "* LIST () \"/\" Junk",
                "* LIST () \"/\" \"Sent Items\"",
            ],
            None,
        );
        assert_eq!(special(&marked, "Quarantine"), Some(SpecialUse::Junk));
        assert_eq!(special(&marked, "Junk"), None);
        assert_eq!(special(&marked, "Sent Items"), Some(SpecialUse::Sent));
        let plain = listed(
            &[
                "* LIST () \"/\" Old/Junk",
                "* LIST (\\NoSelect) \"/\" Spam",
                "* LIST () \"/\" Junk",
            ],
            None,
        );
        assert_eq!(special(&plain, "Junk"), Some(SpecialUse::Junk));
        assert_eq!(special(&plain, "Old/Junk"), None);
        assert!(!plain.find("Spam").unwrap().folder.selectable);
    }

    #[test]
    fn views_are_known_in_any_language_and_by_name_where_nothing_marks_them() {
        let marked = listed(
            &[
                "* LIST (\\HasNoChildren) \"/\" INBOX",
                "* LIST (\\HasNoChildren \\All) \"/\" \"[Gmail]/Alle Nachrichten\"",
                "* LIST (\\HasNoChildren \\Important) \"/\" [Gmail]/Wichtig",
                "* LIST (\\HasNoChildren \\Flagged) \"/\" [Gmail]/Markiert",
                "* LIST (\\HasNoChildren \\Junk) \"/\" [Gmail]/Spam",
            ],
            None,
        );
        let plain = listed(
            &[
                "* LIST () \"/\" INBOX",
                "* LIST () \"/\" \"[Google Mail]/All Mail\"",
                "* LIST () \"/\" \"All Mail\"",
                "* LIST () \"/\" \"Junk Email\"",
            ],
            None,
        );
        for (folders, name, is_view) in [
            (&marked, "[Gmail]/Alle Nachrichten", true),
            (&marked, "[Gmail]/Wichtig", true),
            (&marked, "[Gmail]/Markiert", true),
            (&marked, "[Gmail]/Spam", false),
            (&marked, "INBOX", false),
            (&plain, "[Google Mail]/All Mail", true),
            (&plain, "All Mail", false),
            (&plain, "Junk Email", false),
            (&plain, "No such", false),
        ] {
            assert_eq!(folders.is_view(name), is_view, "{name}");
        }
    }

    #[test]
    fn answers_that_are_no_folders_are_passed_over() {
        let mut folders = Folders::new(false);
        for line in [
            "* LIST",
            "* LIST () NIL",
            "* LIST x \"/\" y",
            "* LIST () \"/\" (a)",
            "* LIST () \"/\" \"a",
            "* 1 EXISTS",
        ] {
            folders.add(line.as_bytes());
            folders.add_namespace(line.as_bytes());
        }
        folders.add_namespace(b"* NAMESPACE NIL NIL NIL");
        assert!(folders.all().is_empty());
    }
}
