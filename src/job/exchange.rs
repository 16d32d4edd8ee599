//! Lists of senders as files to exchange: text with one a line, or CSV. Of what is read in, each
//! line that cannot be used is told with its number and the reason, and the rest is taken.

use super::desk::JobError;
use super::senders::{Covers, check_sender, typed_sender};
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

/// The most that is read of a file, in bytes.
const MOST_BYTES: u64 = 4 << 20;
/// What a spreadsheet would take for a formula.
const FORMULA: [char; 5] = ['=', '+', '-', '@', '\t'];
/// What stands between the fields of a line.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// What a file of senders held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// What can be put on a list.
    pub entries: Vec<String>,
    /// What cannot.
    pub refused: Vec<RefusedLine>,
}

/// A line that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: usize,
    /// What it says, cut where it is long.
    pub entry: String,
    /// Why: the end of a sentence that begins with the entry.
    pub reason: String,
}

/// How a list is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListForm {
    /// One a line.
    Text,
    /// With a head, and whom each covers.
    Csv,
}

impl ListForm {
    /// The form that a file's name asks for.
    pub fn of_file(path: &Path) -> ListForm {
        let extension = path.extension().unwrap_or_default();
        match extension.eq_ignore_ascii_case("csv") {
            true => ListForm::Csv,
            false => ListForm::Text,
        }
    }
}

/// Reads a file of senders.
pub fn import_senders(path: &Path) -> Result<Imported, JobError> {
    let error = |source| JobError::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(error)?;
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(error)?;
    if bytes.len() as u64 > MOST_BYTES {
        let says = "is larger than 4 MiB, which no list of senders is";
        return Err(error(std::io::Error::other(says)));
    }
    Ok(read_senders(&String::from_utf8_lossy(&bytes)))
}

/// Reads a list of senders: one a line, the first column of a CSV, or several a line as a mail
/// program writes them. Empty lines, a head, and what follows a `#` count for nothing.
pub fn read_senders(text: &str) -> Imported {
    let mut imported = Imported::default();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let (mut is_first, mut known) = (true, HashSet::new());
    for (number, line) in text.lines().enumerate() {
        let fields = fields(without_comment(line));
        let Some(first) = fields.first().filter(|first| !first.is_empty()) else {
            continue;
        };
        // A head has no sender in it.
        if std::mem::take(&mut is_first) && is_head(first) {
            continue;
        }
        for field in senders_of(&fields) {
            let entry = typed_sender(field);
            match check_sender(entry) {
                Ok(_) if !known.insert(entry.to_owned()) => {}
                Ok(_) => imported.entries.push(entry.to_owned()),
                Err(refused) => imported.refused.push(RefusedLine {
                    line: number + 1,
                    entry: refused.entry.chars().take(200).collect(),
                    reason: refused.reason,
                }),
            }
        }
    }
    imported
}

/// The fields of a line that are senders: the first, and whatever else looks like one.
fn senders_of(fields: &[String]) -> impl Iterator<Item = &String> {
    let is_meant = |(at, field): &(usize, &String)| *at == 0 || field.contains('@');
    fields
        .iter()
        .enumerate()
        .filter(is_meant)
        .map(|(_, field)| field)
}

fn is_head(entry: &str) -> bool {
    let words = ["sender", "senders", "address", "e-mail", "email", "entry"];
    words.contains(&entry.to_lowercase().as_str())
}

fn without_comment(line: &str) -> &str {
    let line = line.trim();
    match line.find('#') {
        Some(0) => "",
        // A `#` may be part of an address.
        Some(_) => {
            let comment = line.match_indices('#').find(|(at, _)| {
                let before = line.get(..*at).unwrap_or_default();
                before.ends_with(char::is_whitespace)
            });
            let end = comment.map_or(line.len(), |(at, _)| at);
            line.get(..end).unwrap_or(line).trim()
        }
        None => line,
    }
}

/// The fields of a line of CSV, their quotes taken off.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut rest) = (Vec::new(), Some(line));
    while let Some(text) = rest {
        let field;
        (field, rest) = first_field(text.trim_start());
        fields.push(field);
    }
    fields
}

/// The first field, and what follows its separator.
fn first_field(line: &str) -> (String, Option<&str>) {
    let quoted = line.strip_prefix('"').and_then(in_quotes);
    let (field, after) = quoted.unwrap_or_else(|| {
        let mut is_quoted = false;
        let end = line.find(|letter| {
            is_quoted ^= letter == '"';
            !is_quoted && SEPARATORS.contains(&letter)
        });
        let end = end.unwrap_or(line.len());
        let (field, after) = line.split_at_checked(end).unwrap_or((line, ""));
        (field.to_owned(), after)
    });
    let field = field.trim();
    // What was written so that a spreadsheet takes it for text.
    let plain = field.strip_prefix('\'');
    let plain = plain.filter(|rest| rest.starts_with(FORMULA));
    let field = plain.unwrap_or(field).to_owned();
    (field, after.strip_prefix(SEPARATORS))
}

/// A field in quotes of which the first is taken off, and what follows the last; `None` where
/// more of the field follows: the name in an address may stand in quotes too, as in
/// `"pat doe"@example.com` or `"Doe, Pat" <pat@example.com>`.
fn in_quotes(rest: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if letters.next_if(|(_, next)| *next == '"').is_some() => field.push('"'),
            '"' => {
                let after = rest.get(at + 1..)?.trim_start_matches(' ');
                let is_whole = after.is_empty() || after.starts_with(SEPARATORS);
                return is_whole.then_some((field, after));
            }
            letter => field.push(letter),
        }
    }
    None
}

/// A list as text. `covers` gives a word for each kind of entry, for the CSV's second column.
pub fn write_senders(
    entries: &[String],
    form: ListForm,
    covers: &dyn Fn(Covers) -> &'static str,
) -> String {
    match form {
        ListForm::Text => entries.iter().map(|entry| format!("{entry}\n")).collect(),
        ListForm::Csv => {
            let line = |entry: &String| {
                let word = check_sender(entry).map_or("", covers);
                // A hostile address must not become a formula in a spreadsheet.
                let mark = if entry.starts_with(FORMULA) { "'" } else { "" };
                format!("\"{mark}{}\",{word}\r\n", entry.replace('"', "\"\""))
            };
            let head = "sender,covers\r\n".to_owned();
            std::iter::once(head)
                .chain(entries.iter().map(line))
                .collect()
        }
    }
}

/// Writes a text into a file that a person chose: whole or not at all.
pub fn save_text(path: &Path, text: &str) -> Result<(), JobError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let save = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    save().map_err(|source| JobError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_told_by_line_and_the_rest_is_taken() {
        let text = "\u{FEFF}# ours\nSender,Covers\n\na@b.example # a friend\r\n*@*.com\n\
                    \"*@b.example\",this domain\nc#d@b.example;x\na@b.example\nno sign\n";
        let imported = read_senders(text);
        assert_eq!(
            imported.entries,
            ["a@b.example", "*@b.example", "c#d@b.example"]
        );
        let refused = imported
            .refused
            .iter()
            .map(|one| (one.line, one.entry.as_str()));
        assert_eq!(
            refused.collect::<Vec<_>>(),
            [(5, "*@*.com"), (9, "no sign")]
        );
    }

    #[test]
    fn several_senders_of_a_line_are_all_taken_or_told_of() {
        let text = "carol@a.example;dave@b.example\n\
                    Eve Doe <eve@a.example>, *@*.com, frank@b.example\n\
                    grace@a.example,this address,2026-11-16\n\
                    \"Doe, Heidi\" <heidi@a.example>\n";
        let imported = read_senders(text);
        assert_eq!(
            imported.entries,
            [
                "carol@a.example",
                "dave@b.example",
                "eve@a.example",
                "frank@b.example",
                "grace@a.example",
                "heidi@a.example"
            ]
        );
        let refused: Vec<_> = imported.refused.iter().map(|one| &one.entry).collect();
        assert_eq!(refused, ["*@*.com"]);
    }

    #[test]
    fn what_is_written_out_is_read_back() {
        let entries = [
            "a@b.example",
            "*@*.b.example",
            "=1+1@evil.example",
            "\"x y\"@b.example",
        ];
        let entries = entries.map(str::to_owned);
        for form in [ListForm::Text, ListForm::Csv] {
            let text = write_senders(&entries, form, &|_| "word");
            assert_eq!(read_senders(&text).entries, entries, "{text}");
            assert_eq!(read_senders(&text).refused, [], "{text}");
        }
        let csv = write_senders(&entries, ListForm::Csv, &|_| "word");
        assert!(csv.contains("\"'=1+1@evil.example\",word"), "{csv}");
    }

    #[test]
    fn the_files_name_says_the_form() {
        assert_eq!(ListForm::of_file(Path::new("a.CSV")), ListForm::Csv);
        assert_eq!(ListForm::of_file(Path::new("a.txt")), ListForm::Text);
    }

    #[test]
    fn files_are_read_and_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.txt");
        save_text(&path, "a@b.example\n").unwrap();
        assert_eq!(import_senders(&path).unwrap().entries, ["a@b.example"]);
        let error = import_senders(&dir.path().join("none")).unwrap_err();
        assert!(error.to_string().contains("none"), "{error}");
    }
}
