//! Changes to `config.toml` made by the program for its owner: values change, and comments, order
//! and layout stay as they were written. What comes out is checked before it is written whole, and
//! a change that another program made meanwhile is never overwritten.

use super::edit::{HEADING, write};
use super::{Settings, SettingsError};
use std::fs::File;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

/// How often a file that others keep changing is tried.
const TRIES: usize = 8;

/// Changes the settings file and gives what it says now. `edit` may run several times: again
/// where another program changed the file meanwhile. What it refuses, and what would not be
/// settings any more, is not written.
pub fn change(
    path: &Path,
    edit: impl Fn(&mut DocumentMut) -> Result<(), String>,
) -> Result<Settings, SettingsError> {
    change_unless(path, edit, &|| ())
}

/// `before_writing` runs between reading and writing: the moment in which others may write.
fn change_unless(
    path: &Path,
    edit: impl Fn(&mut DocumentMut) -> Result<(), String>,
    before_writing: &dyn Fn(),
) -> Result<Settings, SettingsError> {
    let refuse = |says: String| SettingsError::Edit {
        path: path.to_owned(),
        says,
    };
    let _held = Held::folder_of(path);
    for _ in 0..TRIES {
        let before = read(path)?;
        let text = changed(path, before.as_deref(), &edit)?;
        let settings = Settings::parse(path, &text)?;
        before_writing();
        if read(path)? != before {
            continue;
        }
        if before.as_deref() != Some(text.as_str()) {
            write(path, &text)?;
        }
        return Ok(settings);
    }
    Err(refuse(
        "another program keeps changing this file; nothing was changed".to_owned(),
    ))
}

/// The text with the change made; of a file that is not there, a fresh one.
fn changed(
    path: &Path,
    before: Option<&str>,
    edit: &impl Fn(&mut DocumentMut) -> Result<(), String>,
) -> Result<String, SettingsError> {
    let text = match before {
        Some(text) if !text.trim().is_empty() => text,
        _ => HEADING,
    };
    let (mark, text) = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => ("\u{FEFF}", rest),
        None => ("", text),
    };
    let mut document: DocumentMut = match text.parse() {
        Ok(document) => document,
        // The settings' own reader says it in plain words.
        Err(error) => {
            Settings::parse(path, text)?;
            return Err(SettingsError::Edit {
                path: path.to_owned(),
                says: error.message().to_owned(),
            });
        }
    };
    edit(&mut document).map_err(|says| SettingsError::Edit {
        path: path.to_owned(),
        says,
    })?;
    let mut after = document.to_string();
    if text.contains("\r\n") {
        // The editor of TOML writes all line ends alike.
        after = after.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    Ok(format!("{mark}{after}"))
}

/// What the file says; `None`: there is none.
fn read(path: &Path) -> Result<Option<String>, SettingsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SettingsError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The lock by which two of our own programs change settings one after the other. Editors know
/// nothing of it, so what is written is compared all the same; where a folder cannot be locked,
/// that is all there is.
struct Held(Option<File>);

impl Held {
    fn folder_of(path: &Path) -> Held {
        let folder = path.parent().and_then(|folder| File::open(folder).ok());
        Held(folder.filter(|folder| folder.lock().is_ok()))
    }
}

impl Drop for Held {
    /// Closing would not do: a program that another thread is just starting holds it too.
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            let _ = folder.unlock();
        }
    }
}

/// The table of this name, made at the end where there is none.
pub(super) fn table<'a>(
    document: &'a mut DocumentMut,
    name: &str,
) -> Result<&'a mut dyn TableLike, String> {
    sub_table(document.as_table_mut(), name)
}

/// The table of this name within another, made where there is none.
pub(super) fn sub_table<'a>(
    within: &'a mut dyn TableLike,
    name: &str,
) -> Result<&'a mut dyn TableLike, String> {
    if !within.contains_key(name) {
        let mut fresh = Table::new();
        fresh.decor_mut().set_prefix("\n");
        within.insert(name, Item::Table(fresh));
    }
    let found = within.get_mut(name).and_then(Item::as_table_like_mut);
    found.ok_or_else(|| format!("`{name}` is no table; change it in an editor"))
}

/// The table of the account of this name.
pub(super) fn account<'a>(
    document: &'a mut DocumentMut,
    name: &str,
) -> Result<&'a mut dyn TableLike, String> {
    fn is_named(table: &dyn TableLike, name: &str) -> bool {
        table.get("name").and_then(Item::as_str) == Some(name)
    }
    let found: Option<&mut dyn TableLike> = match document.get_mut("account") {
        Some(Item::ArrayOfTables(all)) => all
            .iter_mut()
            .find(|table| is_named(*table, name))
            .map(|table| table as &mut dyn TableLike),
        Some(Item::Value(Value::Array(all))) => all
            .iter_mut()
            .filter_map(Value::as_inline_table_mut)
            .find(|table| is_named(*table, name))
            .map(|table| table as &mut dyn TableLike),
        _ => None,
    };
    found.ok_or_else(|| format!("there is no account named \"{name}\" any more"))
}

/// Sets a key; the comment beside the value that was there stays.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Sets a key, or takes it out: then what is usual holds.
pub(super) fn set_or_remove(table: &mut dyn TableLike, key: &str, value: Option<impl Into<Value>>) {
    match value {
        Some(value) => set(table, key, value),
        None => {
            table.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Level;
    use std::cell::Cell;
    use std::path::PathBuf;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    fn level(document: &mut DocumentMut, word: &str) {
        set(document.as_table_mut(), "level", word);
    }

    #[test]
    fn a_value_changes_and_all_else_stays_as_it_was_written() {
        let text =
            "# mine\nlevel = 'low'   # for now\n\n[senders] # lists\napproved=[ 'a@b.example' ]\n";
        let (_dir, path) = file(text);
        let settings = change(&path, |document| {
            level(document, "high");
            Ok(())
        })
        .unwrap();
        assert_eq!(settings.level, Level::High);
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            text.replace("'low'", "\"high\"")
        );
    }

    #[test]
    fn what_would_be_no_settings_any_more_is_not_written() {
        let (_dir, path) = file("level = \"low\"\n");
        let error = change(&path, |document| {
            level(document, "most");
            Ok(())
        })
        .unwrap_err();
        assert!(error.reason().contains("\"most\" is none of"), "{error}");
        let error = change(&path, |_| Err("not today".to_owned())).unwrap_err();
        assert_eq!(error.reason(), "not today");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "level = \"low\"\n");
    }

    #[test]
    fn what_another_program_wrote_meanwhile_is_kept() {
        let (_dir, path) = file("level = \"low\"\n");
        let wrote = Cell::new(false);
        let other = || {
            if !wrote.replace(true) {
                std::fs::write(&path, "level = \"low\"\n[samples]\nkeep = \"9 days\"\n").unwrap();
            }
        };
        let edit = |document: &mut DocumentMut| {
            level(document, "high");
            Ok(())
        };
        let settings = change_unless(&path, edit, &other).unwrap();
        assert_eq!((settings.level, settings.keep_days), (Level::High, 9));
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "level = \"high\"\n[samples]\nkeep = \"9 days\"\n"
        );
    }

    #[test]
    fn a_file_that_changes_all_the_time_is_left_alone() {
        let (_dir, path) = file("");
        let count = Cell::new(0);
        let other = || {
            count.set(count.get() + 1);
            std::fs::write(&path, format!("# {}\n", count.get())).unwrap();
        };
        let edit = |document: &mut DocumentMut| {
            level(document, "high");
            Ok(())
        };
        let error = change_unless(&path, edit, &other).unwrap_err();
        assert!(error.reason().contains("keeps changing"), "{error}");
        assert!(!std::fs::read_to_string(&path).unwrap().contains("level"));
    }

    #[test]
    fn a_file_that_is_not_there_is_made_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new").join("config.toml");
        let edit = |document: &mut DocumentMut| {
            level(document, "medium");
            set(table(document, "samples")?, "keep", "3 days");
            Ok(())
        };
        let settings = change(&path, edit).unwrap();
        assert_eq!((settings.level, settings.keep_days), (Level::Medium, 3));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("# Postsweep's settings"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn windows_line_ends_and_byte_order_marks_stay() {
        let text = "\u{FEFF}# mine\r\nlevel = \"low\"\r\n\r\n[samples]\r\npurge = true\r\n";
        let (_dir, path) = file(text);
        change(&path, |document| {
            level(document, "high");
            Ok(())
        })
        .unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            text.replace("low", "high")
        );
    }

    #[test]
    fn a_broken_file_is_refused_with_its_line_and_column() {
        let (_dir, path) = file("level = \"low\"\n[samples\n");
        let error = change(&path, |_| Ok(())).unwrap_err();
        assert_eq!(error.place().map(|(line, _)| line), Some(2), "{error}");
    }
}
