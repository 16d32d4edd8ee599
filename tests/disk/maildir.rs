//! Maildirs.

use super::*;
use postsweep::mailbox::{files, maildir};

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
