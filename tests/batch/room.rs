//! Nowhere to move to, and nowhere to keep a sample: a folder that may not be written to, a
//! mailbox over its quota, a full disk. One line says so, the rest is swept, nothing is lost.

use super::program::{Program, said};
use super::support::client::Seen;
use super::support::disk::Disk;
use super::support::dovecot::{Dovecot, Options};
use super::trouble::{BLOCKED, CLEAN, HIT, account_at};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;

/// What is in two folders of a mailbox together, UIDs aside.
fn all(dovecot: &Dovecot) -> Vec<(Vec<u8>, BTreeSet<String>, String)> {
    let mut client = dovecot.client("pat");
    let folders = ["INBOX", "Missed spam"];
    let mut all: Vec<_> = folders
        .into_iter()
        .flat_map(|folder| client.look(folder))
        .map(
            |Seen {
                 flags, date, bytes, ..
             }| (bytes, flags, date),
        )
        .collect();
    all.sort();
    all
}

#[test]
fn a_folder_on_the_server_that_may_not_be_written_to_is_named() {
    // The right to insert is missing (RFC 4314), then the right to make the folder at all.
    for rights in ["Missed spam=lrw", "=lr"] {
        let dovecot = Dovecot::with(Options {
            rights: Some(rights),
            ..Options::default()
        });
        dovecot.deliver("pat", [HIT, CLEAN]);
        if rights.starts_with("Missed") {
            dovecot.client("pat").run("CREATE \"Missed spam\"");
        }
        let before = dovecot.client("pat").look("INBOX");
        let program = Program::new(&(account_at(&dovecot) + BLOCKED));
        program.one_line(&[
            "pat: folder `Missed spam` cannot be written to",
            "choose another folder",
        ]);
        assert_eq!(dovecot.client("pat").look("INBOX"), before, "{rights}");
    }
}

#[test]
fn a_mailbox_over_its_quota_is_named_and_nothing_is_lost() {
    for moves in [true, false] {
        let dovecot = Dovecot::with(Options {
            quota: Some(2),
            moves,
            ..Options::default()
        });
        dovecot.deliver("pat", [HIT, CLEAN]);
        dovecot.client("pat").run("CREATE \"Missed spam\"");
        let before = all(&dovecot);
        assert_eq!(before.len(), 2);
        let program = Program::new(&(account_at(&dovecot) + BLOCKED));
        // A move takes no room; a copy does, for a moment.
        if moves {
            program.expect(0, &["--batch"]);
        } else {
            program.one_line(&["pat: ", "folder `Missed spam`", "quota", "make room"]);
        }
        assert_eq!(all(&dovecot), before);
    }
}

/// A folder that its owner, who runs the program, may not write to.
#[test]
fn a_folder_on_disk_that_may_not_be_written_to_is_named() {
    for maildir in [false, true] {
        let program = Program::new("");
        let home = program.folder.path().to_owned();
        let (sub, source) = match maildir {
            true => ("mail/cur", "maildir"),
            false => ("mail", "files"),
        };
        let target = match maildir {
            true => home.join("mail/.Missed"),
            false => home.join("mail/Missed"),
        };
        let name = if maildir { "1.x:2,S" } else { "1.eml" };
        for part in [&home.join("mail"), &home.join(sub), &target] {
            fs::create_dir_all(part).unwrap();
        }
        if maildir {
            for part in ["new", "tmp", ".Missed/cur", ".Missed/new", ".Missed/tmp"] {
                fs::create_dir(home.join("mail").join(part)).unwrap();
            }
        }
        fs::write(home.join(sub).join(name), HIT).unwrap();
        let config = format!(
            "[[account]]\nname = \"pat\"\nsource = \"{source}\"\npath = {:?}\nfolders = [\"INBOX\"]\nmove-to = \"Missed\"\n{BLOCKED}",
            home.join("mail")
        );
        fs::write(home.join("config.toml"), config).unwrap();
        // Root may write anywhere, so that the program runs as somebody else.
        let nobody = 65_534;
        give(&home, nobody);
        let read_only = |mode| {
            for part in [target.clone(), target.join("cur"), target.join("new")] {
                if part.exists() {
                    fs::set_permissions(part, fs::Permissions::from_mode(mode)).unwrap();
                }
            }
        };
        read_only(0o555);
        let run = || {
            let mut command = program.command(&["--batch"]);
            command.uid(nobody).gid(nobody).env("HOME", &home);
            command.current_dir(&home).output().unwrap()
        };
        let output = run();
        let all = said(&output);
        assert_eq!(output.status.code(), Some(1), "{all}");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(errors.lines().count(), 1, "{all}");
        for word in [
            "pat: folder `Missed` cannot be written to",
            "mail/",
            "ermission",
        ] {
            assert!(errors.contains(word), "lacks {word:?}: {all}");
        }
        assert_eq!(fs::read(home.join(sub).join(name)).unwrap(), HIT);
        // What was in the way is gone: the next run does it.
        read_only(0o755);
        let output = run();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(!home.join(sub).join(name).exists());
    }
}

fn give(path: &Path, to: u32) {
    chown(path, Some(to), Some(to)).expect("this test needs root, to run the program as another");
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), to);
        }
    }
}

/// Hits, the newest of which are small and the oldest too large for what room there is.
fn hits() -> Vec<Vec<u8>> {
    let hit = |number: usize, padding: usize| {
        let text = String::from_utf8_lossy(HIT).replace("<1@", &format!("<{number}@"));
        (text + &format!("{}\r\n", "x".repeat(70)).repeat(padding / 72)).into_bytes()
    };
    vec![
        hit(1, 100),
        hit(2, 1_500_000),
        hit(3, 100),
        hit(4, 10_000_000),
        hit(5, 100),
    ]
}

#[test]
fn a_full_disk_ends_the_sweep_before_the_message_that_cannot_be_kept() {
    let hits = hits();
    for place in ["samples", "data"] {
        let dovecot = Dovecot::start();
        dovecot.deliver("pat", hits.iter().map(Vec::as_slice));
        dovecot.client("pat").run("CREATE \"Missed spam\"");
        let before = all(&dovecot);
        let program = Program::new(&(account_at(&dovecot) + BLOCKED));
        let disk = match place {
            "samples" => Disk::new(program.data().join("samples"), "400k"),
            _ => Disk::new(program.data(), "400k"),
        };
        let output = program.one_line(&[
            "pat: message ",
            "in folder `INBOX` was not touched",
            "No space left",
            "make room and run again",
        ]);
        assert!(!output.contains("moved from"), "{output}");
        assert_eq!(all(&dovecot), before);
        // With room the next run goes on from there.
        disk.enlarge("40m");
        program.expect(0, &["--batch"]);
        assert_eq!(all(&dovecot), before);
        assert!(dovecot.client("pat").look("INBOX").is_empty());
    }
}
