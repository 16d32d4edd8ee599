//! A database that was damaged: flipped, zeroed, cut or removed. The next run notices, sets it
//! aside and makes a new one: no message is lost, nothing is submitted twice, and what was moved
//! can be put back.

use super::place::{Contents, Place, files};
use postsweep::job::{Choices, Event, Rehearse};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const MESSAGES: usize = 18;
const HITS: usize = 6;

/// A place after a sweep, that can be had again and again.
struct Swept {
    place: Place,
    /// The mailbox before the sweep, and after.
    before: Contents,
    after: Contents,
    kept: TempDir,
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.unwrap().success());
}

impl Swept {
    fn new() -> Swept {
        let place = Place::new(MESSAGES);
        let before = place.contents();
        let (summary, events) = place.sweep();
        assert_eq!(
            (summary.moved, summary.submissions),
            (HITS, 1),
            "{events:?}"
        );
        let kept = tempfile::tempdir().unwrap();
        for part in ["mail", "data"] {
            copy(&place.root.join(part), &kept.path().join(part));
        }
        let after = place.contents();
        Swept {
            place,
            before,
            after,
            kept,
        }
    }

    fn store(&self) -> PathBuf {
        self.place.root.join("data/store.sqlite")
    }

    fn again(&self) {
        for part in ["mail", "data"] {
            fs::remove_dir_all(self.place.root.join(part)).unwrap();
            copy(&self.kept.path().join(part), &self.place.root.join(part));
        }
    }

    /// Files that were set aside.
    fn aside(&self) -> Vec<PathBuf> {
        let mut all = files(&self.place.root.join("data"));
        all.retain(|path| path.to_string_lossy().contains(".damaged-"));
        all
    }

    /// Sweeps with the damage, then puts everything back. Returns how it was noticed, if so.
    fn survives(&self, what: &str) -> Option<Noticed> {
        let (_, events) = self.place.sweep();
        let told = troubles(&events);
        assert_eq!(self.place.contents(), self.after, "{what}: {events:#?}");
        assert_eq!(self.place.letters().len(), 1, "{what}: {events:#?}");
        let aside = self.aside();
        if let Some(aside) = aside.first() {
            assert!(
                told.iter()
                    .any(|says| says.contains("damaged")
                        && says.contains(&aside.display().to_string())),
                "{what}: {told:#?}"
            );
        }
        // Said once.
        let (summary, events) = self.place.sweep();
        assert_eq!(summary.troubles, 0, "{what}: {events:#?}");
        assert_eq!(self.place.contents(), self.after, "{what}: {events:#?}");
        let mut said = told.clone();
        for _ in 0..4 {
            let (summary, events) = self.place.undo();
            said.extend(troubles(&events));
            if summary.undone == 0 {
                break;
            }
        }
        let restored = self.place.contents();
        let lost: Vec<_> = self
            .before
            .iter()
            .filter(|(key, kept)| restored.get(key) != Some(kept))
            .collect();
        // What cannot be put back is where it was moved to, and it is said.
        assert!(
            lost.is_empty() || said.iter().any(|says| says.contains("cannot be put back")),
            "{what}: {lost:?}: {said:#?}"
        );
        assert_eq!(restored.len(), self.before.len(), "{what}");
        // And it stays there.
        let (summary, events) = self.place.sweep();
        assert_eq!(summary.moved, 0, "{what}: {events:#?}");
        assert_eq!(self.place.letters().len(), 1, "{what}: {events:#?}");
        let amid = told
            .iter()
            .any(|says| says.contains("in the middle of a run"));
        (!aside.is_empty()).then_some(match amid {
            true => Noticed::AtWork,
            false => Noticed::OnOpening,
        })
    }
}

/// When damage is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noticed {
    OnOpening,
    AtWork,
}

fn troubles(events: &[Event]) -> Vec<String> {
    let says = events.iter().filter_map(|event| match event {
        Event::Trouble { says, .. } => Some(says.clone()),
        _ => None,
    });
    says.collect()
}

#[test]
fn pages_of_zeros() {
    let swept = Swept::new();
    let size = fs::metadata(swept.store()).unwrap().len() as usize;
    // The first, with the schema, and each third of the others.
    let tried: Vec<usize> = (0..size / 4096)
        .filter(|page| page % 3 == 0 || *page < 2)
        .collect();
    let (pages, mut noticed) = (tried.len(), Vec::new());
    for page in tried {
        let mut bytes = fs::read(swept.store()).unwrap();
        bytes[page * 4096..(page + 1) * 4096].fill(0);
        fs::write(swept.store(), bytes).unwrap();
        noticed.extend(swept.survives(&format!("page {page} of zeros")));
        swept.again();
    }
    println!("of {pages} pages of zeros were noticed: {noticed:?}");
    assert!(noticed.len() * 2 > pages, "{noticed:?} of {pages}");
    // What the mailbox can tell again is not looked at on every opening.
    assert!(noticed.contains(&Noticed::AtWork), "{noticed:?}");
}

#[test]
fn flipped_bytes() {
    let swept = Swept::new();
    let size = fs::metadata(swept.store()).unwrap().len() as usize;
    let (mut state, mut noticed) = (20_261_121_u64, 0);
    const TRIES: usize = 8;
    for number in 0..TRIES {
        let mut chance = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut bytes = fs::read(swept.store()).unwrap();
        // A quarter of them at the beginning of the first pages, where it matters most, however
        // large the database is.
        let at = match number % 4 {
            0 => number / 4 * 4096 + chance(64),
            _ => chance(size),
        };
        let length = 1 + chance(40);
        for byte in bytes.iter_mut().skip(at).take(length) {
            *byte ^= 1 << chance(8);
        }
        fs::write(swept.store(), bytes).unwrap();
        let found = swept.survives(&format!("{length} bytes flipped at {at}"));
        noticed += usize::from(found.is_some());
        swept.again();
    }
    println!("{noticed} of {TRIES} flips were noticed");
    assert!(noticed > 0, "{noticed}");
}

#[test]
fn cut_off_and_removed() {
    let swept = Swept::new();
    let size = fs::metadata(swept.store()).unwrap().len();
    for length in [0, 99, 100, 5000, size / 2, size - 1] {
        let file = fs::File::options().write(true).open(swept.store());
        file.unwrap().set_len(length).unwrap();
        let noticed = swept.survives(&format!("cut to {length}"));
        // SQLite takes what is shorter than any page for a new one.
        assert!(
            noticed.is_some() || length < 512 || length == size - 1,
            "cut to {length}"
        );
        swept.again();
    }
    fs::remove_file(swept.store()).unwrap();
    assert_eq!(swept.survives("removed"), None);
    swept.again();
    let other = "something else\n".repeat(1000);
    fs::write(swept.store(), &other).unwrap();
    swept.place.sweep();
    assert_eq!(fs::read_to_string(swept.aside().remove(0)).unwrap(), other);
}

#[test]
fn an_exchange_that_was_cut_off_is_ended() {
    let swept = Swept::new();
    let rebuilt = swept.place.root.join("data/store.sqlite.rebuilt");
    fs::copy(swept.store(), &rebuilt).unwrap();
    fs::write(swept.store(), "damaged\n".repeat(1000)).unwrap();
    let (summary, events) = swept.place.sweep();
    assert_eq!((summary.judged, summary.troubles), (0, 0), "{events:#?}");
    assert_eq!(swept.aside().len(), 1);
    assert!(!rebuilt.exists());
}

#[test]
fn a_dry_run_leaves_a_damaged_one_as_it_is() {
    let swept = Swept::new();
    let junk = "something else\n".repeat(1000);
    fs::write(swept.store(), &junk).unwrap();
    let choices = Choices {
        rehearse: Rehearse::Yes,
        ..Choices::default()
    };
    let (summary, events) = swept.place.run(&choices);
    assert_eq!(summary.troubles, 1, "{events:#?}");
    assert_eq!(fs::read_to_string(swept.store()).unwrap(), junk);
    assert!(swept.aside().is_empty());
}
