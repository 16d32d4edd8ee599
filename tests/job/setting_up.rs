//! Accounts set up from a form: tried step by step before anything is written, then added, changed
//! and removed with the owner's comments left as they are.

use crate::support::certs::Flaw as Certificate;
use crate::support::dovecot::{Dovecot, Options};
use crate::support::free_port;
use postsweep::job::{self, Failed, Hindrance, Probed, Stage, Step, Stop};
use postsweep::settings::{Account, Draft, Kind, Places, Secret, Security, Settings};
use std::path::Path;

fn places(folder: &Path) -> Places {
    Places::within(folder)
}

/// As a person types it, with the certificate file of the server's own CA.
fn draft(dovecot: &Dovecot, security: Security) -> Draft {
    let server = dovecot.server("pat", security);
    Draft {
        name: "Pat".to_owned(),
        address: "pat@example.com".to_owned(),
        user: "pat".to_owned(),
        host: server.host,
        port: server.port.to_string(),
        security,
        ca_file: server.ca_file.unwrap().display().to_string(),
        ..Draft::default()
    }
}

fn checked(draft: &Draft) -> Account {
    draft.check(Path::new("/nowhere/config.toml"), &[]).unwrap()
}

/// The steps that were told, and how it ended.
fn tried(draft: &Draft, password: &str) -> (Vec<&'static str>, Result<(), Failed>) {
    let mut told = Vec::new();
    let password = Secret::new(password.to_owned());
    let outcome = job::probe_drafted(
        &checked(draft),
        Some(&password),
        &Stop::default(),
        &mut |probed| {
            told.push(match probed {
                Probed::Step(Step::Resolved(_)) => "found",
                Probed::Step(Step::Connected(_)) => "connected",
                Probed::Step(Step::Encrypted) => "encrypted",
                Probed::Step(Step::InTheClear) => "in the clear",
                Probed::Step(Step::SignedIn(_)) => "signed in",
                Probed::Step(Step::Listed(_)) => "listed",
                Probed::Folders(_) => "folders",
                Probed::NoSuchFolder(_) => "no such folder",
            });
        },
    );
    (told, outcome)
}

#[test]
fn each_step_is_told_with_a_password_that_is_stored_nowhere() {
    let dovecot = Dovecot::start();
    for (security, word) in [
        (Security::Tls, "encrypted"),
        (Security::Starttls, "encrypted"),
        (Security::None, "in the clear"),
    ] {
        let (told, outcome) = tried(&draft(&dovecot, security), "secret");
        assert_eq!(
            told,
            ["found", "connected", word, "signed in", "listed", "folders"]
        );
        assert_eq!(outcome, Ok(()));
    }
    let missing = Draft {
        folders: vec!["Kunden".to_owned()],
        ..draft(&dovecot, Security::Tls)
    };
    assert_eq!(tried(&missing, "secret").0.last(), Some(&"no such folder"));
}

#[test]
fn a_step_that_fails_is_named_with_what_there_is_to_do_about_it() {
    let dovecot = Dovecot::start();
    let good = draft(&dovecot, Security::Tls);
    let failed = |draft: &Draft, password: &str| {
        let failed = tried(draft, password).1.unwrap_err();
        assert!(!failed.says.contains("hunter2"), "{failed:?}");
        (failed.stage, failed.why)
    };
    assert_eq!(
        failed(&good, "hunter2"),
        (Stage::SignIn, Hindrance::Refused)
    );
    let nowhere = Draft {
        host: "no-such-host.invalid".to_owned(),
        ..good.clone()
    };
    assert_eq!(
        failed(&nowhere, "secret"),
        (Stage::Find, Hindrance::Unreachable)
    );
    let closed = Draft {
        port: free_port().to_string(),
        ..good.clone()
    };
    assert_eq!(
        failed(&closed, "secret"),
        (Stage::Connect, Hindrance::Unreachable)
    );
    let plain = Draft {
        port: dovecot.port.to_string(),
        ..good.clone()
    };
    assert_eq!(failed(&plain, "secret"), (Stage::Encrypt, Hindrance::Unfit));
    let unknown = Draft {
        ca_file: String::new(),
        ..good
    };
    assert_eq!(
        failed(&unknown, "secret"),
        (Stage::Encrypt, Hindrance::Certificate)
    );
}

#[test]
fn a_certificate_that_is_refused_is_explained() {
    let dovecot = Dovecot::with(Options {
        flaw: Certificate::Expired,
        ..Options::default()
    });
    let failed = tried(&draft(&dovecot, Security::Tls), "secret")
        .1
        .unwrap_err();
    assert_eq!(
        (failed.stage, failed.why),
        (Stage::Encrypt, Hindrance::Certificate)
    );
    assert!(
        failed.says.contains("it expired on 2021-02-03"),
        "{}",
        failed.says
    );
}

#[test]
fn a_try_that_is_stopped_ends() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let draft = Draft {
        name: "Pat".to_owned(),
        address: "pat@example.com".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: silent.local_addr().unwrap().port().to_string(),
        ..Draft::default()
    };
    let (account, stop) = (checked(&draft), Stop::default());
    let outcome = job::probe_drafted(
        &account,
        Some(&Secret::new("x".to_owned())),
        &stop,
        &mut |probed| {
            if matches!(probed, Probed::Step(Step::Connected(_))) {
                stop.ask();
            }
        },
    );
    assert_eq!(outcome.unwrap_err().why, Hindrance::Stopped);
}

#[test]
fn mail_in_files_is_added_changed_and_removed_and_comments_stay() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let mail = folder.path().join("old mail");
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(mail.join(part)).unwrap();
    }
    let mut draft = Draft {
        name: "Old".to_owned(),
        kind: Kind::Maildir,
        path: mail.display().to_string(),
        ..Draft::default()
    };
    let account = job::drafted(&places, &draft, None).unwrap();
    let mut folders = Vec::new();
    job::probe_drafted(&account, None, &Stop::default(), &mut |probed| {
        if let Probed::Folders(all) = probed {
            folders.extend(all.into_iter().map(|folder| folder.name));
        }
    })
    .unwrap();
    assert_eq!(folders, ["INBOX"]);
    let not_one = Draft {
        path: folder.path().join("none").display().to_string(),
        ..draft.clone()
    };
    let failed = job::probe_drafted(&checked(&not_one), None, &Stop::default(), &mut |_| {});
    assert_eq!(failed.unwrap_err().why, Hindrance::NotThere);

    let added = job::add_account(&places, &draft, None).unwrap();
    assert_eq!(added.settings.accounts, [account]);
    let text = std::fs::read_to_string(&places.config_file).unwrap();
    assert!(text.starts_with("# Postsweep"), "{text}");
    let own = format!("{text}# my own\nsince = \"9 days\" # not older\n\n[limits]\naccounts = 3\n");
    std::fs::write(&places.config_file, own).unwrap();

    // Added twice, or by a name that is taken, it is refused.
    assert!(matches!(
        job::add_account(&places, &draft, None),
        Err(job::SetUpError::Flaws(_))
    ));
    // Called otherwise, it stays what it is kept under.
    for (name, label) in [("New", Some("New")), ("Old", None)] {
        let renamed = Draft {
            name: name.to_owned(),
            ..draft.clone()
        };
        let changed = job::change_account(&places, "Old", &renamed, None).unwrap();
        let account = changed.settings.account("Old").unwrap();
        assert_eq!(account.label.as_deref(), label);
        let text = std::fs::read_to_string(&places.config_file).unwrap();
        assert_eq!(text.contains("label = \"New\""), label.is_some(), "{text}");
    }

    draft.move_to = "Elsewhere".to_owned();
    draft.folders = vec!["INBOX".to_owned(), "Kunden".to_owned()];
    let changed = job::change_account(&places, "Old", &draft, None)
        .unwrap()
        .settings;
    let account = changed.account("Old").unwrap();
    assert_eq!(
        (account.move_to.as_str(), account.folders.len()),
        ("Elsewhere", 2)
    );
    assert_eq!(account.since_hours, Some(9 * 24));
    let text = std::fs::read_to_string(&places.config_file).unwrap();
    assert!(
        text.contains("# my own\nsince = \"9 days\" # not older"),
        "{text}"
    );

    job::remove_account(&places, "Old").unwrap();
    let settings = Settings::load(&places.config_file).unwrap();
    assert!(settings.accounts.is_empty());
    assert_eq!(settings.limits.accounts, 3);
    assert!(mail.join("cur").is_dir(), "the mail itself is left alone");
}
