//! A Maildir in the hands of another program.

use super::world::{Copy, FOLDERS, World, number};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub struct Maildir {
    root: PathBuf,
    written: usize,
}

fn dir(root: &Path, folder: &str) -> PathBuf {
    match folder {
        "INBOX" => root.to_owned(),
        other => root.join(format!(".{other}")),
    }
}

fn make(dir: &Path) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(dir.join(part)).unwrap();
    }
}

fn day(day: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_500_000_000 + day * 86_400)
}

const LETTERS: [(char, &str); 3] = [('F', "flagged"), ('R', "answered"), ('S', "seen")];

fn info(flags: &BTreeSet<&'static str>) -> String {
    let letters = LETTERS.iter().filter(|(_, name)| flags.contains(name));
    letters.map(|(letter, _)| *letter).collect()
}

impl Maildir {
    pub fn new(root: PathBuf) -> Maildir {
        Maildir { root, written: 0 }
    }

    pub fn account(&self) -> String {
        format!("source = \"maildir\"\npath = {:?}", self.root)
    }

    /// Every file, with what it is.
    fn files(&self) -> Vec<(PathBuf, usize, Copy)> {
        let mut files = Vec::new();
        let subs = fs::read_dir(&self.root).unwrap().map(|entry| {
            let name = entry.unwrap().file_name();
            name.into_string().unwrap()
        });
        let subs: Vec<String> = subs
            .filter_map(|name| name.strip_prefix('.').map(str::to_owned))
            .collect();
        for folder in subs.iter().map(String::as_str).chain(["INBOX"]) {
            for part in ["cur", "new"] {
                let Ok(listed) = fs::read_dir(dir(&self.root, folder).join(part)) else {
                    continue;
                };
                for file in listed {
                    let path = file.unwrap().path();
                    let name = path.file_name().unwrap().to_str().unwrap();
                    let (_, info) = name.split_once(":2,").unwrap_or((name, ""));
                    let flags = LETTERS.iter().filter(|(letter, _)| info.contains(*letter));
                    let known = LETTERS.iter().map(|(letter, _)| *letter);
                    assert!(
                        info.chars()
                            .all(|letter| known.clone().any(|l| l == letter)),
                        "{path:?}"
                    );
                    let time = path.metadata().unwrap().modified().unwrap();
                    let since = time
                        .duration_since(day(0))
                        .map_or(u64::MAX, |t| t.as_secs());
                    let copy = Copy {
                        folder: folder.to_owned(),
                        flags: flags.map(|(_, name)| *name).collect(),
                        day: if since % 86_400 == 0 {
                            since / 86_400
                        } else {
                            u64::MAX
                        },
                    };
                    let bytes = fs::read(&path).unwrap();
                    files.push((path.clone(), number(&bytes), copy));
                }
            }
        }
        files
    }

    fn file(&self, number: usize, at: &Copy) -> PathBuf {
        let mut files = self.files().into_iter();
        let found = files.find(|(_, is, copy)| *is == number && copy == at);
        found.unwrap().0
    }
}

impl World for Maildir {
    fn wipe(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
        for folder in &FOLDERS[..3] {
            make(&dir(&self.root, folder));
        }
    }

    fn look(&mut self) -> Vec<(usize, Copy)> {
        let files = self.files().into_iter();
        files.map(|(_, number, copy)| (number, copy)).collect()
    }

    fn arrive(&mut self, bytes: &[u8], at: &Copy) {
        self.written += 1;
        let name = format!("17.M{}.host:2,{}", self.written, info(&at.flags));
        let path = dir(&self.root, &at.folder).join("cur").join(name);
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(day(at.day)).unwrap();
    }

    fn move_to(&mut self, number: usize, at: &Copy, folder: &str) {
        let from = self.file(number, at);
        let to = dir(&self.root, folder);
        make(&to);
        fs::rename(&from, to.join("cur").join(from.file_name().unwrap())).unwrap();
    }

    fn remove(&mut self, number: usize, at: &Copy) {
        fs::remove_file(self.file(number, at)).unwrap();
    }

    fn set_flags(&mut self, number: usize, at: &Copy, flags: &BTreeSet<&'static str>) {
        let from = self.file(number, at);
        let name = from.file_name().unwrap().to_str().unwrap();
        let unique = name.split_once(":2,").map_or(name, |(unique, _)| unique);
        let cur = dir(&self.root, &at.folder).join("cur");
        fs::rename(&from, cur.join(format!("{unique}:2,{}", info(flags)))).unwrap();
    }

    fn rename_target(&mut self, name: &str) {
        let _ = fs::rename(dir(&self.root, FOLDERS[3]), dir(&self.root, name));
    }

    fn cut(&mut self, _: bool, _: u64) -> Option<(String, Box<dyn std::any::Any>)> {
        None
    }
}
