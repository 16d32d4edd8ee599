//! Mailboxes on disk: Maildirs, folders of `.eml` files and mboxes, with hostile names and other
//! programs at work.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::mail::{Coverage, Digest, Flags, Place};
use postsweep::mailbox::{
    Entry, Mailbox, MailboxError, Part, Relocation, Removed, SpecialUse, files, maildir,
};
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// A Maildir++ with an inbox and folders.
struct Dir {
    dir: TempDir,
}

impl Dir {
    fn new(folders: &[&str]) -> Dir {
        let dir = TempDir::new().unwrap();
        for folder in folders {
            for sub in ["cur", "new", "tmp"] {
                fs::create_dir_all(dir.path().join(folder).join(sub)).unwrap();
            }
        }
        Dir { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn put(&self, file: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Sets a file's time, in seconds since 1970.
    fn date(&self, file: &str, seconds: u64) {
        let file = fs::File::options()
            .write(true)
            .open(self.path().join(file))
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    }

    /// Every file with its bytes and time.
    fn state(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut state = BTreeMap::new();
        let mut dirs = vec![self.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let metadata = path.symlink_metadata().unwrap();
                if metadata.is_dir() {
                    dirs.push(path);
                } else if metadata.is_file() {
                    let name = path.strip_prefix(self.path()).unwrap();
                    let bytes = fs::read(&path).unwrap();
                    let name = name.to_str().unwrap().to_owned();
                    state.insert(name, (bytes, metadata.modified().unwrap()));
                }
            }
        }
        state
    }

    fn names(&self) -> Vec<String> {
        self.state().into_keys().collect()
    }
}

fn fetch(mailbox: &mut dyn Mailbox, folder: &str, wanted: &[Entry], part: Part) -> Vec<Vec<u8>> {
    let mut fetched = Vec::new();
    mailbox
        .fetch(folder, wanted, part, &mut |message| {
            fetched.push(message.bytes);
            ControlFlow::Continue(())
        })
        .unwrap();
    fetched
}

fn at(place: &Place) -> Entry {
    Entry {
        place: place.clone(),
        size: 0,
        flags: Flags::default(),
        date: None,
    }
}

/// Moves one message and says what became of it in a word or two.
fn relocate(mailbox: &mut dyn Mailbox, from: &str, place: &Place, to: &str) -> String {
    let outcome = mailbox.relocate(from, &[at(place)], to).unwrap().remove(0);
    assert_eq!(outcome.from, *place);
    match outcome.outcome {
        Relocation::Moved { to, notes } => format!("moved {} {}", to.unwrap(), notes.join(" ")),
        Relocation::Copied { .. } => "copied".into(),
        Relocation::Gone => "gone".into(),
        Relocation::Failed(error) => format!("failed {error}"),
    }
}

fn name(unique: &str) -> Place {
    Place::Name(unique.to_owned())
}

const MAIL: &[u8] = b"Message-ID: <1@example.com>\r\nSubject: x\r\n\r\nbody \0\xff no end";

#[test]
fn a_maildir_is_read_without_changing_anything() {
    let dir = Dir::new(&[""]);
    dir.put("cur/20.a:2,S", MAIL);
    dir.put("cur/30.b:2,FRSa", b"Subject: LF\n\nLF\n");
    dir.put("new/10.c", b"");
    dir.put("tmp/40.d", b"not delivered yet");
    dir.put("cur/.hidden", b"not mail");
    dir.put("dovecot-keywords", b"0 $Junk\n");
    for (file, seconds) in [
        ("new/10.c", 100),
        ("cur/20.a:2,S", 200),
        ("cur/30.b:2,FRSa", 300),
    ] {
        dir.date(file, seconds);
    }
    let before = dir.state();
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let entries = mailbox.list("INBOX").unwrap();
    let places: Vec<Place> = entries.iter().map(|entry| entry.place.clone()).collect();
    assert_eq!(places, [name("10.c"), name("20.a"), name("30.b")]);
    assert_eq!(entries[1].size, MAIL.len() as u64);
    assert_eq!(entries[1].date.unwrap().as_second(), 200);
    assert!(!entries[0].flags.seen && entries[1].flags.seen);
    let flags = &entries[2].flags;
    assert!(flags.flagged && flags.answered && flags.seen && !flags.deleted);
    assert_eq!(flags.keywords, ["$Junk"]);
    assert_eq!(
        fetch(&mut mailbox, "inbox", &entries, Part::Whole),
        [&b""[..], MAIL, b"Subject: LF\n\nLF\n"]
    );
    assert_eq!(
        fetch(&mut mailbox, "INBOX", &entries, Part::Headers),
        [&b""[..], &MAIL[..43], b"Subject: LF\n\n"]
    );
    assert_eq!(
        fetch(&mut mailbox, "INBOX", &entries[1..2], Part::First(9)),
        [b"Message-I"]
    );
    let mut whole = Vec::new();
    assert!(mailbox.download("INBOX", &places[1], &mut whole).unwrap());
    assert_eq!(whole, MAIL);
    assert_eq!(dir.state(), before);
}

#[test]
fn a_move_keeps_bytes_flags_and_time_and_undo_puts_everything_back() {
    let dir = Dir::new(&[""]);
    dir.put("cur/20.a,S=5:2,FSab", MAIL);
    dir.put("new/10.c", b"new one");
    dir.date("cur/20.a,S=5:2,FSab", 1_000_000_000);
    let before = dir.state();
    let mut mailbox = maildir::open(dir.path()).unwrap();
    assert!(mailbox.create("Missed spam").unwrap());
    assert!(!mailbox.create("Missed spam").unwrap());
    assert!(dir.path().join(".Missed spam/maildirfolder").exists());
    let entries = mailbox.list("INBOX").unwrap();
    let moved = mailbox.relocate("INBOX", &entries, "Missed spam").unwrap();
    assert_eq!(moved.len(), 2);
    for (moved, entry) in moved.iter().zip(&entries) {
        let Relocation::Moved { to, notes } = &moved.outcome else {
            panic!("{moved:?}");
        };
        assert_eq!(to.as_ref(), Some(&entry.place));
        assert!(notes.is_empty(), "{notes:?}");
    }
    assert!(mailbox.list("INBOX").unwrap().is_empty());
    let there = mailbox.list("Missed spam").unwrap();
    let sorted = |mut entries: Vec<Entry>| {
        entries.sort_by(|a, b| a.place.cmp(&b.place));
        entries
    };
    assert_eq!(sorted(there.clone()), sorted(entries));
    let back = mailbox.relocate("Missed spam", &there, "INBOX").unwrap();
    assert_eq!(back.len(), 2);
    let mut after = dir.state();
    after.remove(".Missed spam/maildirfolder");
    assert_eq!(after, before);
}

#[test]
fn a_flag_that_another_program_sets_meanwhile_goes_along() {
    let dir = Dir::new(&["", ".Junk"]);
    for n in 0..50 {
        dir.put(
            &format!("new/{n}.x"),
            format!("Subject: {n}\n\n").as_bytes(),
        );
    }
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let entries = mailbox.list("INBOX").unwrap();
    let shift = |n: usize, to: &str| {
        fs::rename(dir.path().join(format!("new/{n}.x")), dir.path().join(to)).unwrap();
    };
    shift(3, "cur/3.x:2,S");
    shift(4, "cur/4.x:2,FS");
    fs::remove_file(dir.path().join("new/5.x")).unwrap();
    assert_eq!(
        fetch(&mut mailbox, "INBOX", &entries, Part::Whole).len(),
        49
    );
    fs::rename(
        dir.path().join("cur/4.x:2,FS"),
        dir.path().join("cur/4.x:2,S"),
    )
    .unwrap();
    let moved = mailbox.relocate("INBOX", &entries, "Junk").unwrap();
    for (moved, entry) in moved.iter().zip(&entries) {
        let is_gone = matches!(moved.outcome, Relocation::Gone);
        assert_eq!(is_gone, entry.place == name("5.x"), "{moved:?}");
    }
    assert!(dir.path().join(".Junk/cur/3.x:2,S").exists());
    assert!(dir.path().join(".Junk/cur/4.x:2,S").exists());
    assert!(dir.path().join(".Junk/new/49.x").exists());
}

#[test]
fn a_move_never_overwrites_and_never_leaves_the_maildir() {
    let dir = Dir::new(&["", ".Junk"]);
    dir.put("cur/1.a:2,S", b"mine");
    dir.put(".Junk/cur/1.a:2,S", b"another");
    let secret = TempDir::new().unwrap();
    fs::write(secret.path().join("secret"), b"not mail").unwrap();
    std::os::unix::fs::symlink(secret.path().join("secret"), dir.path().join("cur/2.b:2,"))
        .unwrap();
    std::os::unix::fs::symlink(secret.path(), dir.path().join(".Linked")).unwrap();
    fs::create_dir(secret.path().join("cur")).unwrap();
    let before = dir.state();
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let told = relocate(&mut mailbox, "INBOX", &name("1.a"), "Junk");
    assert!(
        told.starts_with("failed") && told.contains("there already"),
        "{told}"
    );
    assert_eq!(
        mailbox.list("INBOX").unwrap().len(),
        1,
        "a link is followed"
    );
    for place in [
        name("2.b"),
        name("../../etc/passwd"),
        name(""),
        Place::Path("1.a:2,S".into()),
    ] {
        assert_eq!(relocate(&mut mailbox, "INBOX", &place, "Junk"), "gone");
        assert!(!mailbox.download("INBOX", &place, &mut Vec::new()).unwrap());
    }
    for folder in ["Linked", "..", "../..", "/etc", "Junk/../..", "", "cur"] {
        let error = mailbox.list(folder).unwrap_err();
        assert!(
            matches!(error, MailboxError::NoFolder { .. }),
            "{folder}: {error}"
        );
    }
    for folder in [
        "../out",
        "a/../../out",
        "",
        "/out",
        "a//b",
        "a\0b",
        "tmp",
        "a.b",
        "x\ny",
    ] {
        let error = mailbox.create(folder).unwrap_err();
        assert!(
            matches!(error, MailboxError::Refused { .. }),
            "{folder}: {error}"
        );
    }
    assert_eq!(dir.state(), before);
    let error = mailbox
        .relocate("INBOX", &[at(&name("1.a"))], "Nowhere")
        .unwrap_err();
    assert!(matches!(error, MailboxError::NoFolder { .. }), "{error}");
}

#[test]
fn folders_are_found_by_name_in_either_layout_and_spelling() {
    let dir = Dir::new(&[
        "",
        ".Junk",
        ".M&APw-ll",
        ".Ärger",
        ".Archive.2026",
        ".a b \"c\"",
    ]);
    fs::create_dir(dir.path().join(".not-a-folder")).unwrap();
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let folders = mailbox.folders().unwrap();
    let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "INBOX",
            "Archive/2026",
            "Junk",
            "Müll",
            "a b \"c\"",
            "Ärger"
        ]
    );
    assert_eq!(folders[0].special, Some(SpecialUse::Inbox));
    assert_eq!(folders[2].special, Some(SpecialUse::Junk));
    for name in names {
        assert!(mailbox.list(name).is_ok(), "{name}");
    }
    for name in ["Archive.2026", "INBOX.Junk", "inbox"] {
        assert!(mailbox.list(name).is_ok(), "{name}");
    }
    let plain = Dir::new(&["INBOX", "Archive/2026"]);
    let mut mailbox = maildir::open(plain.path()).unwrap();
    assert!(mailbox.create("Archive/Spam – new").unwrap());
    assert!(plain.path().join("Archive/Spam – new/cur").is_dir());
    let names: Vec<String> = mailbox
        .folders()
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["INBOX", "Archive/2026", "Archive/Spam – new"]);
    let ascii = Dir::new(&[""]);
    maildir::open(ascii.path())
        .unwrap()
        .create("Müll/Neu")
        .unwrap();
    assert!(ascii.path().join(".M&APw-ll.Neu/cur").is_dir());
}

#[test]
fn flags_are_set_by_the_name_and_found_again() {
    let dir = Dir::new(&[""]);
    dir.put("new/1.a", MAIL);
    dir.put(
        "cur/2.b:2,S",
        b"Message-Id:\n <2@example.com>\n\nbody <1@example.com>",
    );
    dir.put("dovecot-keywords", b"0 $Junk\n1 later\n");
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let mut flags = Flags {
        seen: true,
        flagged: true,
        keywords: vec!["later".into()],
        ..Flags::default()
    };
    mailbox.set_flags("INBOX", &name("1.a"), &flags).unwrap();
    assert_eq!(
        dir.names(),
        ["cur/1.a:2,FSb", "cur/2.b:2,S", "dovecot-keywords"]
    );
    let found = mailbox.find("INBOX", None, &name("1.a")).unwrap();
    assert_eq!(found[0].flags, flags);
    flags.keywords.push("unknown".into());
    let error = mailbox
        .set_flags("INBOX", &name("1.a"), &flags)
        .unwrap_err();
    assert!(error.to_string().contains("unknown"), "{error}");
    // Moved by another program, which gave it another name: by its Message-ID.
    for (id, unique) in [("1@example.com", "1.a"), ("<2@example.com>", "2.b")] {
        let found = mailbox.find("INBOX", Some(id), &name("gone")).unwrap();
        assert_eq!(found.len(), 1, "{id}");
        assert_eq!(found[0].place, name(unique));
    }
    assert!(
        mailbox
            .find("INBOX", Some("3@example.com"), &name("gone"))
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        mailbox
            .remove("INBOX", &[name("1.a"), name("gone")])
            .unwrap(),
        Removed::Gone
    );
    assert_eq!(dir.names(), ["cur/2.b:2,S", "dovecot-keywords"]);
}

#[test]
fn what_is_not_a_mailbox_is_told_with_its_path() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("picture.png"), b"\x89PNG\r\n").unwrap();
    for (name, path) in [
        ("missing", "no/such"),
        ("not a Maildir", ""),
        ("a file", "picture.png"),
    ] {
        let error = maildir::open(&dir.path().join(path)).unwrap_err();
        assert!(
            matches!(error, MailboxError::File { .. }),
            "{name}: {error}"
        );
        let told = error.to_string();
        assert!(
            told.contains(dir.path().to_str().unwrap()),
            "{name}: {told}"
        );
    }
    assert!(files::open(&dir.path().join("picture.png")).is_err());
    assert!(files::open(&dir.path().join("no/such")).is_err());
}

#[test]
fn eml_files_are_a_mailbox_and_subfolders_its_folders() {
    let dir = Dir::new(&[]);
    dir.put("b.eml", MAIL);
    dir.put("a.EML", b"Subject: a\n\n");
    dir.put("notes.txt", b"not mail");
    dir.put(".hidden.eml", b"not mail");
    dir.put("Spam/b.eml", b"another b");
    dir.put("Spam/deep/c.eml", b"c");
    dir.date("b.eml", 100);
    dir.date("a.EML", 200);
    let mut mailbox = files::open(dir.path()).unwrap();
    let names: Vec<String> = mailbox
        .folders()
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["INBOX", "Spam", "Spam/deep"]);
    let entries = mailbox.list("INBOX").unwrap();
    let b = Place::Path("b.eml".into());
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].place, b);
    assert_eq!(
        fetch(&mut mailbox, "INBOX", &entries, Part::Whole),
        [MAIL, b"Subject: a\n\n"]
    );
    // The name is taken there: it goes beside, and says so; nothing is overwritten.
    let told = relocate(&mut mailbox, "INBOX", &b, "Spam");
    assert!(
        told.starts_with("moved path:b-2.eml `b.eml` was there"),
        "{told}"
    );
    assert_eq!(fs::read(dir.path().join("Spam/b-2.eml")).unwrap(), MAIL);
    assert_eq!(
        fs::read(dir.path().join("Spam/b.eml")).unwrap(),
        b"another b"
    );
    assert_eq!(relocate(&mut mailbox, "INBOX", &b, "Spam"), "gone");
    let b2 = Place::Path("b-2.eml".into());
    assert_eq!(
        relocate(&mut mailbox, "Spam", &b2, "INBOX"),
        "moved path:b-2.eml "
    );
    let found = mailbox.find("INBOX", Some("1@example.com"), &b).unwrap();
    assert_eq!(found[0].place, b2);
    assert_eq!(found[0].date.unwrap().as_second(), 100);
    assert!(mailbox.create("Missed/spam").unwrap());
    assert!(!mailbox.create("Missed/spam").unwrap());
    assert_eq!(
        relocate(&mut mailbox, "INBOX", &b2, "Missed/spam"),
        "moved path:b-2.eml "
    );
}

#[test]
fn places_and_folders_never_lead_out_of_a_folder_of_files() {
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret.eml"), b"secret").unwrap();
    let dir = Dir::new(&[]);
    dir.put("a.eml", MAIL);
    dir.put("Spam/x.eml", b"");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("linked")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.eml"), dir.path().join("l.eml"))
        .unwrap();
    let mut mailbox = files::open(dir.path()).unwrap();
    assert_eq!(mailbox.list("INBOX").unwrap().len(), 1);
    let up = format!(
        "../{}/secret.eml",
        outside.path().file_name().unwrap().to_str().unwrap()
    );
    for path in [up.as_str(), "/etc/passwd", "linked/secret.eml", "..", ""] {
        let place = Place::Path(path.into());
        assert_eq!(
            relocate(&mut mailbox, "INBOX", &place, "Spam"),
            "gone",
            "{path}"
        );
        let mut bytes = Vec::new();
        assert!(
            !mailbox.download("INBOX", &place, &mut bytes).unwrap(),
            "{path}"
        );
        mailbox.remove("INBOX", &[place]).unwrap();
    }
    assert!(
        mailbox
            .download("INBOX", &Place::Path("l.eml".into()), &mut Vec::new())
            .is_err()
    );
    for folder in ["linked", "..", "../..", "/etc", "Spam/../.."] {
        assert!(mailbox.list(folder).is_err(), "{folder}");
        assert!(mailbox.create(folder).is_err(), "{folder}");
    }
    assert!(mailbox.create("linked/new").is_err());
    assert!(outside.path().join("secret.eml").exists());
    assert!(!outside.path().join("new").exists());
}

#[test]
fn one_unreadable_file_does_not_keep_the_others() {
    for maildir in [true, false] {
        let dir = Dir::new(if maildir { &[""] } else { &[] });
        let sub = if maildir { "cur/" } else { "" };
        for n in 1..=3 {
            dir.put(
                &format!("{sub}{n}.eml"),
                format!("Subject: {n}\n\n").as_bytes(),
            );
        }
        let mut mailbox: Box<dyn Mailbox> = match maildir {
            true => Box::new(postsweep::mailbox::maildir::open(dir.path()).unwrap()),
            false => Box::new(files::open(dir.path()).unwrap()),
        };
        let entries = mailbox.list("INBOX").unwrap();
        assert_eq!(entries.len(), 3);
        // A folder where a file was: even root cannot read it.
        fs::remove_file(dir.path().join(format!("{sub}2.eml"))).unwrap();
        fs::create_dir(dir.path().join(format!("{sub}2.eml"))).unwrap();
        let mut fetched = 0;
        let result = mailbox.fetch("INBOX", &entries, Part::Whole, &mut |_| {
            fetched += 1;
            ControlFlow::Continue(())
        });
        assert_eq!(fetched, 2);
        // In a Maildir it is no message any more; as a file it is one that cannot be read.
        assert_eq!(result.is_ok(), maildir);
    }
}

const FROM: &str = "From a@example.com Mon Jan  5 10:00:00 2026\n";

#[test]
fn an_mbox_is_read_and_never_written() {
    let dir = Dir::new(&[]);
    let first = "Message-ID: <1@example.com>\nSubject: 1\n\nbody\n\n>From the start\n";
    let second = "Message-ID: <2@example.com>\n\nno end";
    let path = dir.put(
        "mail.mbox",
        format!("{FROM}{first}\n{FROM}{second}").as_bytes(),
    );
    let before = dir.state();
    let mut mailbox = files::open(&path).unwrap();
    let entries = mailbox.list("INBOX").unwrap();
    assert_eq!(
        fetch(&mut mailbox, "INBOX", &entries, Part::Whole),
        [first.as_bytes(), second.as_bytes()]
    );
    assert_eq!(entries[0].size, first.len() as u64);
    let mut bytes = Vec::new();
    assert!(
        mailbox
            .download("INBOX", &entries[1].place, &mut bytes)
            .unwrap()
    );
    assert_eq!(bytes, second.as_bytes());
    let found = mailbox
        .find("INBOX", Some("2@example.com"), &name("x"))
        .unwrap();
    assert_eq!(found[0].place, entries[1].place);
    let refused = |error: MailboxError| assert!(matches!(error, MailboxError::ReadOnly { .. }));
    refused(mailbox.relocate("INBOX", &entries, "Spam").unwrap_err());
    refused(mailbox.create("Spam").unwrap_err());
    refused(
        mailbox
            .remove("INBOX", &[entries[0].place.clone()])
            .unwrap_err(),
    );
    assert!(matches!(
        mailbox.list("Spam"),
        Err(MailboxError::NoFolder { .. })
    ));
    assert_eq!(dir.state(), before);
    // Another program writes it anew: a place is void, and no wrong bytes come of it.
    fs::write(
        &path,
        format!(
            "{FROM}Subject: a longer one than before, so that places shift\n\n{}",
            "x".repeat(500)
        ),
    )
    .unwrap();
    let error = mailbox
        .download("INBOX", &entries[1].place, &mut Vec::new())
        .unwrap_err();
    assert!(matches!(error, MailboxError::Renumbered { .. }), "{error}");
    fs::write(&path, b"").unwrap();
    assert!(
        !mailbox
            .download("INBOX", &entries[1].place, &mut Vec::new())
            .unwrap()
    );
}

/// What [`files::walk`] finds, as `path: what`.
fn walked(path: &Path, most: u64) -> Vec<String> {
    let mut found = Vec::new();
    let base = format!("{}/", path.display());
    let walk = files::walk(path, most, &mut |each| {
        let shown = each.path.replace(&base, "");
        found.push(match each.message {
            Ok(content) => match content.coverage {
                Coverage::Whole => format!("{shown}: {}", content.bytes.len()),
                Coverage::Partial { total } => {
                    format!("{shown}: {} of {total}", content.bytes.len())
                }
            },
            Err(error) => format!("! {}", error.to_string().replace(&base, "")),
        });
        ControlFlow::Continue(())
    });
    assert!(walk.is_continue());
    found
}

#[test]
fn a_scan_finds_messages_of_every_kind_in_order() {
    let dir = Dir::new(&["box", "box/.Junk"]);
    dir.put("a.eml", b"Subject: a\n\n");
    dir.put("b", b"Subject: b\n\nno extension");
    dir.put("broken.eml", b"no header at all");
    dir.put("empty.eml", b"");
    dir.put(
        "mail.mbox",
        format!("{FROM}A: 1\n\n{FROM}B: 22\n\n").as_bytes(),
    );
    dir.put("one.mbox", format!("{FROM}A: 1\n\n").as_bytes());
    dir.put("outlook.msg", b"\xD0\xCF\x11\xE0\xA1\xB1");
    dir.put("picture.png", b"\x89PNG\r\n\x1a\n");
    dir.put("sub/deep/z.eml", &b"Subject: z\n\n".repeat(100));
    dir.put(".git/x.eml", b"Subject: hidden\n\n");
    dir.put("box/cur/1.a:2,S", b"Subject: 1\n\n");
    dir.put("box/new/2.b", b"Subject: 2\n\n");
    dir.put("box/tmp/3.c", b"Subject: 3\n\n");
    dir.put("box/dovecot-uidlist", b"3 V1 N1\n");
    dir.put("box/.Junk/cur/4.d:2,", b"Subject: 4\n\n");
    std::os::unix::fs::symlink(dir.path(), dir.path().join("sub/loop")).unwrap();
    let before = dir.state();
    assert_eq!(
        walked(dir.path(), 1000),
        [
            "a.eml: 12",
            "b: 24",
            "box/.Junk/cur/4.d:2,: 12",
            "box/cur/1.a:2,S: 12",
            "box/new/2.b: 12",
            "broken.eml: 16",
            "! empty.eml: is empty",
            "mail.mbox#1: 5",
            "mail.mbox#2: 6",
            "one.mbox: 5",
            "! outlook.msg: is an Outlook file, not the original message; save it as .eml",
            "! picture.png: is not mail: it has no header",
            "sub/deep/z.eml: 1000 of 1200",
        ]
    );
    assert_eq!(dir.state(), before);
    assert_eq!(walked(&dir.path().join("box"), 5).len(), 3);
    let missing = walked(&dir.path().join("missing"), 5);
    assert!(
        missing.len() == 1 && missing[0].starts_with("! "),
        "{missing:?}"
    );
    let device = walked(Path::new("/dev/null"), 5);
    assert_eq!(device, ["! /dev/null: is neither a file nor a folder"]);
}

#[test]
fn a_scan_stops_when_told() {
    let dir = Dir::new(&[]);
    for n in 0..10 {
        dir.put(&format!("{n}.eml"), b"Subject: x\n\n");
    }
    let mut seen = 0;
    let walk = files::walk(dir.path(), 100, &mut |_| {
        seen += 1;
        match seen {
            3 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    assert!(walk.is_break());
    assert_eq!(seen, 3);
}

#[test]
fn a_maildir_of_thousands_is_moved_at_once_and_one_by_one() {
    let dir = Dir::new(&["", ".Junk"]);
    let count = 3000;
    for n in 0..count {
        dir.put(&format!("cur/{n}.x:2,S"), n.to_string().as_bytes());
    }
    let started = std::time::Instant::now();
    let mut mailbox = maildir::open(dir.path()).unwrap();
    let entries = mailbox.list("INBOX").unwrap();
    for entry in &entries {
        let mut bytes = Vec::new();
        assert!(mailbox.download("INBOX", &entry.place, &mut bytes).unwrap());
        assert_ne!(Digest::of(&bytes), Digest::of(b""));
    }
    let moved = mailbox.relocate("INBOX", &entries, "Junk").unwrap();
    assert!(
        moved
            .iter()
            .all(|moved| matches!(moved.outcome, Relocation::Moved { .. }))
    );
    for entry in &entries {
        assert!(
            mailbox
                .download("Junk", &entry.place, &mut Vec::new())
                .unwrap()
        );
    }
    // A look at the whole folder for each message would take minutes.
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}
