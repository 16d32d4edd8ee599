//! The letters behind a file's unique name (`:2,FS`), as flags and back; and Dovecot's keywords,
//! letters a to z that each folder's `dovecot-keywords` gives a meaning.

use crate::mail::Flags;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The flag that `P` stands for ("passed"): as IMAP spells it (RFC 5788 registry).
const PASSED: &str = "$Forwarded";

/// What the letters a to z mean in one folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Keywords(HashMap<char, String>);

impl Keywords {
    /// Reads `dovecot-keywords`: a number and a name a line, 0 being `a`. No file: no names.
    pub(super) fn read(dir: &Path) -> Self {
        let path = dir.join("dovecot-keywords");
        // 26 names; what is larger is not such a file.
        let small = path
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() < 64 << 10);
        let text = match small {
            true => fs::read_to_string(path).unwrap_or_default(),
            false => String::new(),
        };
        let named = text.lines().filter_map(|line| {
            let (number, name) = line.split_once(' ')?;
            let number: u8 = number.parse().ok().filter(|number| *number < 26)?;
            Some((char::from(b'a' + number), name.trim().to_owned()))
        });
        Keywords(named.filter(|(_, name)| !name.is_empty()).collect())
    }

    fn name(&self, letter: char) -> String {
        self.0.get(&letter).cloned().unwrap_or(letter.into())
    }

    fn letter(&self, name: &str) -> Option<char> {
        let named = self.0.iter().find(|(_, own)| *own == name);
        let bare = || match name.as_bytes() {
            [letter @ b'a'..=b'z'] => Some(char::from(*letter)),
            _ => None,
        };
        named.map(|(letter, _)| *letter).or_else(bare)
    }
}

/// The flags that these letters stand for.
pub(super) fn flags(info: &str, keywords: &Keywords) -> Flags {
    let mut flags = Flags::default();
    for letter in info.chars() {
        match letter {
            'D' => flags.draft = true,
            'F' => flags.flagged = true,
            'R' => flags.answered = true,
            'S' => flags.seen = true,
            'T' => flags.deleted = true,
            'P' => flags.keywords.push(PASSED.to_owned()),
            'a'..='z' => flags.keywords.push(keywords.name(letter)),
            _ => {}
        }
    }
    flags.keywords.sort();
    flags.keywords.dedup();
    flags
}

/// The letters of these flags, in the order of ASCII, as every program writes them; or the
/// keyword that has none.
pub(super) fn of(flags: &Flags, keywords: &Keywords) -> Result<String, String> {
    let mut letters: Vec<char> = [
        (flags.draft, 'D'),
        (flags.flagged, 'F'),
        (flags.answered, 'R'),
        (flags.seen, 'S'),
        (flags.deleted, 'T'),
    ]
    .into_iter()
    .filter_map(|(set, letter)| set.then_some(letter))
    .collect();
    for keyword in &flags.keywords {
        letters.push(match keyword.as_str() {
            PASSED => 'P',
            other => keywords.letter(other).ok_or(keyword.clone())?,
        });
    }
    letters.sort_unstable();
    letters.dedup();
    Ok(letters.into_iter().collect())
}

/// The keywords whose letters mean something else in the folder that the file went to.
pub(super) fn other_keywords(info: &str, here: &Keywords, there: &Keywords) -> Vec<String> {
    let letters = info.chars().filter(char::is_ascii_lowercase);
    let other: Vec<String> = letters
        .filter(|letter| here.0.get(letter) != there.0.get(letter))
        .map(|letter| here.name(letter))
        .collect();
    match other.is_empty() {
        true => Vec::new(),
        false => vec![format!(
            "keywords may show under another name in the target folder: {}",
            other.join(", ")
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_flags_and_flags_are_letters() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(
            dir.path().join("dovecot-keywords"),
            "0 $Junk\n2 later\n99 x\nodd\n",
        )
        .unwrap();
        let keywords = Keywords::read(dir.path());
        for (info, names) in [
            ("", ""),
            ("S", ""),
            ("DFRST", ""),
            ("PS", "$Forwarded"),
            ("Sac", "$Junk later"),
            ("Sb", "b"),
        ] {
            let flags = flags(info, &keywords);
            assert_eq!(flags.keywords.join(" "), names, "{info}");
            assert_eq!(flags.seen, info.contains('S'), "{info}");
            assert_eq!(of(&flags, &keywords).as_deref(), Ok(info));
        }
        assert_eq!(flags("X9,?S", &keywords), flags("S", &keywords));
        let mut flags = Flags::default();
        flags.keywords.push("unknown".into());
        assert_eq!(of(&flags, &keywords), Err("unknown".to_owned()));
        let none = Keywords::default();
        assert_eq!(other_keywords("Sab", &keywords, &none).len(), 1);
        assert!(other_keywords("Sab", &keywords, &keywords).is_empty());
    }
}
