//! Folders of `.eml` files, mboxes, and the walk over every message at a path.

use super::*;
use postsweep::mailbox::files;

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
                Coverage::Partial { total } | Coverage::Excerpt { total } => {
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
    dir.put(
        "mac.eml",
        b"From a@example.com Mon Jan  5 10:00:00 2026\rA: 1\r\rb\r",
    );
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
            "mac.eml: 52",
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
