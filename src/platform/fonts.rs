//! The fonts that the system has, found by the names of their files: so that mail in any script
//! can be shown. It looks through folders and reads files: nothing for a thread that draws.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The largest file that is read: fonts of all Chinese characters are a little smaller.
const LARGEST: u64 = 24 << 20;
/// No more files are looked at than this.
const MOST_FILES: usize = 20_000;
/// No folder deeper than this is looked into.
const DEEPEST: usize = 6;

/// The first of the fonts named that the system has: its name and its bytes. Names are those of
/// files, case not counted.
pub fn font(names: &[&str]) -> Option<(String, Vec<u8>)> {
    static FILES: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let mut files = HashMap::new();
        for folder in folders() {
            look_through(&folder, 0, &mut files);
        }
        files
    });
    names.iter().find_map(|name| {
        let path = files.get(&name.to_lowercase())?;
        let small_enough = fs::metadata(path).ok()?.len() <= LARGEST;
        let bytes = small_enough.then(|| fs::read(path).ok()).flatten()?;
        Some(((*name).to_owned(), bytes))
    })
}

fn look_through(folder: &Path, depth: usize, files: &mut HashMap<String, PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if files.len() >= MOST_FILES {
            return;
        }
        let path = entry.path();
        if path.is_dir() {
            if depth < DEEPEST {
                look_through(&path, depth + 1, files);
            }
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            files.entry(name.to_lowercase()).or_insert(path);
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let home = |below: &str| directories::BaseDirs::new().map(|dirs| dirs.home_dir().join(below));
    if cfg!(windows) {
        let root = std::env::var_os("SystemRoot").map(PathBuf::from);
        let root = root.unwrap_or_else(|| PathBuf::from(r"C:\Windows"));
        let own = home(r"AppData\Local\Microsoft\Windows\Fonts");
        std::iter::once(root.join("Fonts")).chain(own).collect()
    } else if cfg!(target_os = "macos") {
        let shared = ["/System/Library/Fonts", "/Library/Fonts"].map(PathBuf::from);
        shared.into_iter().chain(home("Library/Fonts")).collect()
    } else {
        let shared = ["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from);
        let own = [".local/share/fonts", ".fonts"]
            .into_iter()
            .filter_map(home);
        shared.into_iter().chain(own).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::font;

    #[test]
    fn a_font_that_is_not_there_is_none_and_not_an_error() {
        assert_eq!(font(&["no such font anywhere.ttf"]), None);
    }
}
