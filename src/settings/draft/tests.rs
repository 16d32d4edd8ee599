//! What a person types becomes an account, or is refused at its field.

use super::*;

fn pat() -> Draft {
    Draft {
        name: "Work".to_owned(),
        address: "pat@example.com".to_owned(),
        host: "imap.example.com".to_owned(),
        ..Draft::default()
    }
}

fn check(draft: &Draft) -> Result<Account, Vec<Flaw>> {
    draft.check(Path::new("/home/pat/config.toml"), &[])
}

fn fields(draft: &Draft) -> Vec<Field> {
    let flaws = check(draft).unwrap_err();
    assert!(flaws.iter().all(|flaw| !flaw.says.is_empty()));
    flaws.into_iter().map(|flaw| flaw.field).collect()
}

#[test]
fn what_is_typed_becomes_an_account_and_comes_back_as_it_was() {
    let draft = Draft {
        port: "1993".to_owned(),
        user: "pat".to_owned(),
        folders: vec!["INBOX".to_owned(), "Kunden".to_owned()],
        ..pat()
    };
    let account = check(&draft).unwrap();
    let Source::Imap(server) = &account.source else {
        panic!("{account:?}")
    };
    assert_eq!(server.name(), "imap.example.com:1993");
    assert_eq!(server.user.as_deref(), Some("pat"));
    assert_eq!(
        server.password,
        PasswordFrom::Keyring("pat at imap.example.com".to_owned())
    );
    assert_eq!(account.addresses, ["pat@example.com"]);
    let kept_as = Some("Work".to_owned());
    assert_eq!(
        Draft::of(&account),
        Draft {
            kept_as: kept_as.clone(),
            ..draft
        }
    );
    assert_eq!(
        Draft::of(&check(&pat()).unwrap()),
        Draft {
            kept_as,
            folders: vec!["INBOX".to_owned()],
            ..pat()
        }
    );
}

#[test]
fn mail_in_files_needs_a_path_alone() {
    for kind in [Kind::Maildir, Kind::Files] {
        let draft = Draft {
            kind,
            name: "Old".to_owned(),
            path: "/home/pat/Mail".to_owned(),
            ..Draft::default()
        };
        assert_eq!(Draft::of(&check(&draft).unwrap()).kind, kind);
        assert_eq!(
            fields(&Draft {
                path: String::new(),
                ..draft
            }),
            [Field::Path]
        );
    }
}

#[test]
fn an_empty_form_says_each_thing_that_is_missing() {
    assert_eq!(
        fields(&Draft::default()),
        [Field::Name, Field::Address, Field::Host]
    );
}

#[test]
fn each_wrong_field_is_told_at_once_and_each_for_itself() {
    let draft = Draft {
        name: "-x".to_owned(),
        host: "imap example".to_owned(),
        port: "70000".to_owned(),
        move_to: "INBOX".to_owned(),
        folders: vec!["inbox".to_owned()],
        ..pat()
    };
    assert_eq!(
        fields(&draft),
        [Field::Name, Field::Host, Field::Port, Field::MoveTo]
    );
    let clear = Draft {
        security: Security::None,
        ..pat()
    };
    assert_eq!(fields(&clear), [Field::Security]);
    let lines = Draft {
        host: "a\nb".to_owned(),
        move_to: "c\rd".to_owned(),
        ..pat()
    };
    assert_eq!(fields(&lines), [Field::Host, Field::MoveTo]);
    let twice = Draft {
        folders: vec!["A".to_owned(), "A".to_owned()],
        ..pat()
    };
    assert_eq!(fields(&twice), [Field::Folders]);
    let address = Draft {
        address: "pat at example".to_owned(),
        user: "pat".to_owned(),
        ..pat()
    };
    assert_eq!(fields(&address), [Field::Address]);
}

#[test]
fn a_name_that_is_taken_is_refused_in_any_case() {
    let other = check(&pat()).unwrap();
    let draft = Draft {
        name: "wORK ".to_owned(),
        ..pat()
    };
    let flaws = draft.check(Path::new("config.toml"), &[other]).unwrap_err();
    assert_eq!(flaws[0].field, Field::Name);
}

#[test]
fn another_name_for_a_known_account_is_a_label_and_the_first_name_again_is_none() {
    let mut draft = Draft {
        name: "Office".to_owned(),
        ..Draft::of(&check(&pat()).unwrap())
    };
    let account = check(&draft).unwrap();
    assert_eq!((account.name.as_str(), account.shown()), ("Work", "Office"));
    draft = Draft::of(&account);
    assert_eq!(draft.name, "Office");
    draft.name = " Work ".to_owned();
    assert_eq!(check(&draft).unwrap().label, None);
    for name in ["", "a/b"] {
        draft.name = name.to_owned();
        assert_eq!(fields(&draft), [Field::Name], "{name}");
    }
    // Neither what another is called nor what it is kept under.
    for name in ["office", "work"] {
        let new = Draft {
            name: name.to_owned(),
            ..pat()
        };
        let others = [account.clone()];
        let flaws = new.check(Path::new("config.toml"), &others).unwrap_err();
        assert_eq!(flaws[0].field, Field::Name);
    }
}
