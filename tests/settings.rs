//! `config.toml`: what is accepted and what it means, and for everything that is refused the line
//! and the reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::settings::{
    self, Encryption, KeyPlace, NewAccount, PasswordFrom, Security, Sending, Settings, Source,
};
use postsweep::verdict::Level;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn parse(text: &str) -> Result<Settings, String> {
    Settings::parse(Path::new("/home/pat/config.toml"), text).map_err(|error| error.to_string())
}

/// The smallest useful account, and a place for more of its keys.
const PAT: &str = r#"[[account]]
name = "pat"
source = "imap"
server = "imap.example.com"
user = "pat@example.com"
"#;

#[test]
fn the_smallest_account_has_every_default() {
    let settings = parse(PAT).unwrap();
    let account = settings.account("pat").unwrap();
    let Source::Imap(server) = &account.source else {
        panic!("{account:?}")
    };
    assert_eq!(
        (server.host.as_str(), server.port),
        ("imap.example.com", 993)
    );
    assert_eq!(server.security, Security::Tls);
    assert_eq!(
        server.password,
        PasswordFrom::Keyring("pat@example.com at imap.example.com".into())
    );
    assert_eq!(account.folders, ["INBOX"]);
    assert_eq!(account.move_to, "Missed spam");
    assert_eq!(account.addresses, ["pat@example.com"]);
    assert_eq!((account.since_hours, account.max_moves), (None, None));
    assert_eq!(account.retry, Duration::from_secs(300));
    assert_eq!(settings.level, Level::Low);
    assert_eq!(settings.submission.send, Sending::Off);
    assert_eq!((settings.keep_days, settings.purge), (90, true));
    assert_eq!(
        (settings.cache.size, settings.cache.key),
        (1 << 30, KeyPlace::Keyring)
    );
}

#[test]
fn the_form_in_the_manual_is_read() {
    let settings = parse(
        r#"
        [[account]]
        name = "pat"
        source = "imap"
        server = "imap.example.com"
        port = 993
        security = "tls"
        ca-file = "/etc/ca.pem"
        user = "pat@example.com"
        password-command = "pass show mail"
        compress = false
        folders = ["INBOX"]
        move-to = "Missed spam"
        since = "30 days"
        max-moves = 200
        retry = "10 minutes"

        [submission]
        vendor = "trend-micro"
        send = "smtp"
        from = "pat@example.com"
        encryption = "aes-256"
        company = "Example Ltd"
        domains = ["example.com", "example.org"]

        [outgoing]
        server = "smtp.example.com"
        security = "starttls"
        user = "pat@example.com"
        timeout = "5 minutes"
        "#,
    )
    .unwrap();
    let account = &settings.accounts[0];
    assert_eq!(
        (account.since_hours, account.max_moves),
        (Some(720), Some(200))
    );
    assert_eq!(account.retry, Duration::from_secs(600));
    let Source::Imap(server) = &account.source else {
        panic!("{account:?}")
    };
    assert_eq!(server.ca_file, Some(PathBuf::from("/etc/ca.pem")));
    assert_eq!(server.compress, Some(false));
    assert_eq!(
        server.password,
        PasswordFrom::Command("pass show mail".into())
    );
    let outgoing = settings.outgoing.unwrap();
    assert_eq!(
        (outgoing.port, outgoing.security),
        (587, Security::Starttls)
    );
    assert_eq!(outgoing.io_timeout, Duration::from_secs(300));
    assert_eq!(outgoing.compress, None);
    assert_eq!(settings.submission.send, Sending::Smtp);
    assert_eq!(settings.submission.encryption, Encryption::Aes256);
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        settings.submission.facts,
        [
            fact("company", "Example Ltd"),
            fact("domains", "example.com, example.org")
        ]
    );
}

#[test]
fn other_good_forms_are_read() {
    for (what, text) in [
        ("an empty file", String::new()),
        (
            "letters from the account's own address",
            format!("{PAT}[submission]\nsend = \"outbox\""),
        ),
        ("a byte order mark", format!("\u{FEFF}{PAT}")),
        ("Windows line ends", PAT.replace('\n', "\r\n")),
        (
            "no encryption on this machine",
            PAT.replace("imap.example.com\"", "127.0.0.1\"\nsecurity = \"none\""),
        ),
        (
            "no encryption by IPv6",
            PAT.replace("imap.example.com\"", "::1\"\nsecurity = \"none\""),
        ),
        (
            "no encryption by name",
            PAT.replace("imap.example.com\"", "localhost\"\nsecurity = \"none\""),
        ),
        (
            "one authserv-id",
            format!("{PAT}authserv-id = \"mx.example.com\""),
        ),
        (
            "several authserv-ids",
            format!("{PAT}authserv-id = [\"mx1.example.com\", \"mx2.example.com\"]"),
        ),
        (
            "a user that is no address",
            PAT.replace("pat@example.com", "EXAMPLE\\\\pat"),
        ),
        (
            "a systemd credential",
            format!("{PAT}password-credential = \"pat\""),
        ),
        (
            "a Maildir",
            "[[account]]\nname='m'\nsource='maildir'\npath='Maildir'".into(),
        ),
        (
            "a folder of files",
            "[[account]]\nname='m'\nsource='files'\npath='~/mail.mbox'".into(),
        ),
    ] {
        parse(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
}

#[test]
fn paths_start_from_the_settings_file_or_home() {
    let path_of = |written: &str| {
        let text = format!("[[account]]\nname='m'\nsource='maildir'\npath='{written}'");
        match parse(&text).unwrap().accounts.remove(0).source {
            Source::Maildir(path) => path,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(path_of("mail"), Path::new("/home/pat/mail"));
    assert_eq!(path_of("/var/mail"), Path::new("/var/mail"));
    let home = path_of("~/Maildir");
    assert!(home.is_absolute() && home.ends_with("Maildir") && !home.starts_with("/home/pat/~"));
}

#[test]
fn an_account_overrides_the_submission_key_by_key() {
    let text = format!(
        "[submission]\nsend = \"outbox\"\nfrom = \"all@example.com\"\ncompany = \"All\"\ngateway = \"G\"\n\n{PAT}\n[account.submission]\nfrom = \"pat@example.com\"\ncompany = \"Pat\"\n"
    );
    let settings = parse(&text).unwrap();
    let own = settings.accounts[0].submission.clone().unwrap();
    assert_eq!(
        (own.send, own.from.as_deref()),
        (Sending::Outbox, Some("pat@example.com"))
    );
    assert_eq!(own.facts.len(), 2);
    assert!(own.facts.contains(&("company".into(), "Pat".into())));
    assert!(own.facts.contains(&("gateway".into(), "G".into())));
}

/// What is wrong, the line it is told on, and words of the reason. Lines 1 to 5 are `PAT`.
#[test]
fn every_refusal_names_its_line_and_reason() {
    let add = |line: &str| format!("{PAT}{line}\n");
    let instead = |old: &str, new: &str| PAT.replace(old, new);
    let disk = "[[account]]\nname = 'm'\nsource = 'maildir'\npath = '/m'\n";
    let outgoing = "[outgoing]\nserver = \"smtp.example.com\"\n";
    for (text, line, reason) in [
        // what TOML and serde refuse
        (
            add("sever = 1"),
            6,
            "unknown key `sever`; did you mean `server`?",
        ),
        (
            add("colour = 1"),
            6,
            "unknown key `colour`; allowed are name, label, source, ",
        ),
        (
            "levle = \"low\"".into(),
            1,
            "unknown key `levle`; did you mean `level`?",
        ),
        (
            "level = \"lowest\"".into(),
            1,
            "\"lowest\" is none of \"low\", \"medium\", \"high\"",
        ),
        ("\n\nlevel = ".into(), 3, ""),
        (
            "[[account]]\nname = \"a\"\n".into(),
            1,
            "`source` is missing",
        ),
        (add("port = 99999"), 6, "99999"),
        (add("port = \"993\""), 6, "string"),
        (add("folders = \"INBOX\""), 6, "string"),
        (add("name = \"again\""), 6, "duplicate"),
        ("[samples]\npurge = \"yes\"".into(), 2, "expected a boolean"),
        ("[cache]\nsize = \"1 kB\"".into(), 2, "at least \"1 MiB\""),
        (
            "[cache]\nkey = \"disk\"".into(),
            2,
            "none of \"keyring\", \"file\"",
        ),
        // how to reach the mailbox
        (
            instead("server = \"imap.example.com\"\n", ""),
            1,
            "`server` is missing",
        ),
        (
            instead("user = \"pat@example.com\"\n", ""),
            1,
            "`user` is missing",
        ),
        (instead("imap.example.com", ""), 4, "not a server's name"),
        (
            instead("imap.example.com", "imap.example.com:993"),
            4,
            "under `port`",
        ),
        (
            instead("imap.example.com", "https://example.com/"),
            4,
            "not a server's name",
        ),
        (add("port = 0"), 6, "port 0"),
        (add("security = \"none\""), 6, "loopback"),
        (
            add("security = \"ssl\""),
            6,
            "\"ssl\" is none of \"tls\", \"starttls\", \"none\"",
        ),
        (add("path = \"/mail\""), 6, "`path` belongs to"),
        (
            add("password-env = \"A\"\npassword-command = \"b\""),
            6,
            "not several",
        ),
        (add("password-env = \"A=b\""), 6, "environment variable"),
        (add("password-credential = \"../x\""), 6, "not a path"),
        (add("password-command = \" \""), 6, "empty"),
        (add("password = \"hunter2\""), 6, "unknown key `password`"),
        (add("timeout = \"soon\""), 6, "not a time"),
        (add("compress = \"yes\""), 6, "invalid type"),
        (add("retry = \"2 days\""), 6, "at most one day"),
        (
            "[[account]]\nname='m'\nsource='maildir'\npath='/m'\nretry='0'\n".into(),
            5,
            "`retry` belongs to source \"imap\"",
        ),
        (add("connect-timeout = \"2 days\""), 6, "at most one hour"),
        (instead("pat@example.com", ""), 5, "`user` cannot be empty"),
        (
            "[[account]]\nname = 'm'\nsource = 'maildir'\n".into(),
            1,
            "`path` is missing",
        ),
        (
            "[[account]]\nname='m'\nsource='maildir'\npath='/m'\nserver='x'\n".into(),
            5,
            "belongs to source \"imap\"",
        ),
        (
            "[[account]]\nname='m'\nsource='files'\npath='/m'\nuser='x'\n".into(),
            5,
            "belongs to source \"imap\"",
        ),
        // what to do there
        (instead("\"pat\"", "\"\""), 2, "account's name"),
        (instead("\"pat\"", "\"../pat\""), 2, "account's name"),
        (instead("\"pat\"", "\"a/b\""), 2, "account's name"),
        (
            format!("{PAT}\n{}", instead("\"pat\"", "\"Pat\"")),
            8,
            "two accounts named \"Pat\"",
        ),
        (add("folders = []"), 6, "`folders` is empty"),
        (add("folders = [\n \"INBOX\",\n \"\"]"), 8, "folder's name"),
        (add("folders = [\"INBOX\", \"inbox\"]"), 6, "listed twice"),
        (
            add("folders = [\"A\"]\nmove-to = \"A\""),
            7,
            "cannot be swept",
        ),
        (add("folders = [\"Missed spam\"]"), 6, "cannot be swept"),
        (add("move-to = \"\""), 6, "folder's name"),
        (add("since = \"30\""), 6, "\"30 days\""),
        (add("since = \"1 month\""), 6, "differ in length"),
        (add("max-moves = 0"), 6, "--no-move"),
        (add("max-moves = -1"), 6, "-1"),
        (add("addresses = [\"pat\"]"), 6, "not an e-mail address"),
        (add("own-domains = [\"a@b.example\"]"), 6, "not a domain"),
        // samples
        (
            "[submission]\nfrom = \"pat\"".into(),
            2,
            "not an e-mail address",
        ),
        (
            "[submission]\nfrom = \"Pat <pat@example.com>\"".into(),
            2,
            "not an e-mail address",
        ),
        ("[submission]\nvendor = \"\"".into(), 2, "`vendor` is empty"),
        (
            "[submission]\nsend = \"yes\"".into(),
            2,
            "none of \"off\", \"portal\", \"outbox\", \"smtp\"",
        ),
        (
            "[submission]\nencryption = \"aes\"".into(),
            2,
            "none of \"traditional\", \"aes-256\"",
        ),
        (
            format!("[submission]\nsend = \"outbox\"\n{disk}"),
            2,
            "letters need a sender",
        ),
        (
            format!("[submission]\nfrom = \"p@example.com\"\nsend = \"smtp\"\n{PAT}"),
            3,
            "add [outgoing]",
        ),
        (
            format!("{disk}[account.submission]\nsend = \"outbox\"\n"),
            6,
            "letters need a sender",
        ),
        (
            "[submission]\ncompany = \"a\\nBcc: b@example.com\"".into(),
            2,
            "one line",
        ),
        (format!("{outgoing}security = \"none\""), 3, "loopback"),
        (
            format!("{outgoing}folders = []"),
            3,
            "unknown key `folders`",
        ),
        (
            "[samples]\nkeep = \"1 hour\"".into(),
            2,
            "at least \"1 day\"",
        ),
        ("[limits]\nmessage = \"1 kB\"".into(), 2, "at least"),
        ("[limits]\nmessage = \"big\"".into(), 2, "not a size"),
        ("[limits]\nparts = 0".into(), 2, "at least 1"),
    ] {
        let error = match parse(&text) {
            Err(error) => error,
            Ok(settings) => panic!("accepted:\n{text}\n{settings:?}"),
        };
        let place = format!("/home/pat/config.toml:{line}: ");
        assert!(
            error.starts_with(&place),
            "line {line} expected in: {error}\n{text}"
        );
        assert!(error.contains(reason), "\"{reason}\" expected in: {error}");
        assert_eq!(error.lines().count(), 1, "one line expected: {error}");
    }
}

#[test]
fn the_example_is_a_settings_file_and_shows_every_key() {
    let settings = parse(settings::example()).unwrap();
    assert_eq!(settings.accounts.len(), 2);
    // The keys as the refusal of an unknown one lists them: what a reader can use must be shown.
    let keys = |text: &str| {
        let error = parse(text).unwrap_err();
        let (_, keys) = error
            .split_once("allowed are ")
            .unwrap_or_else(|| panic!("{error}"));
        keys.split(", ").map(str::to_owned).collect::<Vec<_>>()
    };
    for table in [
        "",
        "[[account]]\n",
        "[submission]\n",
        "[outgoing]\n",
        "[senders]\n",
        "[limits]\n",
        "[samples]\n",
    ] {
        for key in keys(&format!("{table}zzzz = 1")) {
            assert!(
                settings::example().contains(&key),
                "the example does not show `{key}` of {table}"
            );
        }
    }
}

#[test]
fn the_limits_in_the_example_are_the_defaults() {
    let example = parse(settings::example()).unwrap();
    let default = parse("").unwrap();
    assert_eq!(example.limits, default.limits);
    assert_eq!(example.cache, default.cache);
    assert_eq!(example.level, default.level);
    assert_eq!(
        (example.keep_days, example.purge),
        (default.keep_days, default.purge)
    );
}

#[test]
fn a_file_that_is_not_there_is_explained() {
    let error = Settings::load(Path::new("/nowhere/config.toml")).unwrap_err();
    let says = error.to_string();
    assert!(
        says.contains("/nowhere/config.toml") && says.contains("account add"),
        "{says}"
    );
}

#[test]
fn a_file_that_is_not_text_is_said_so() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"level = \"\xff\"").unwrap();
    let says = Settings::load(file.path()).unwrap_err().to_string();
    assert!(says.contains("UTF-8"), "{says}");
}

fn sam() -> NewAccount {
    NewAccount {
        name: "sam".into(),
        server: "imap.example.org".into(),
        port: Some(1143),
        security: Security::Starttls,
        ca_file: None,
        user: "sam \"the\" \\ \u{fc}ser".into(),
        password_command: Some("pass show 'sam'".into()),
        folders: vec!["INBOX".into(), "Caf\u{e9} \"x\"".into()],
        move_to: "Missed".into(),
    }
}

#[test]
fn an_added_account_is_read_back_and_all_else_stays() {
    let path = Path::new("/home/pat/config.toml");
    let before = format!("# mine\n{PAT}# the end, without a line end");
    let after = settings::add_account(path, &before, &sam()).unwrap();
    assert!(after.starts_with(&before), "{after}");
    let settings = parse(&after).unwrap();
    assert_eq!(settings.accounts.len(), 2);
    let account = settings.account("sam").unwrap();
    let Source::Imap(server) = &account.source else {
        panic!("{account:?}")
    };
    assert_eq!(server.user, Some(sam().user));
    assert_eq!((server.port, server.security), (1143, Security::Starttls));
    assert_eq!(account.folders, sam().folders);
    // A name that is taken is refused, by the line it would have.
    let error = settings::add_account(path, &after, &sam())
        .unwrap_err()
        .to_string();
    assert!(error.contains("two accounts named \"sam\""), "{error}");
}

#[test]
fn a_removed_account_takes_its_own_comment_and_leaves_the_others() {
    let path = Path::new("/home/pat/config.toml");
    let text = format!(
        "# the file's own words\n\n# pat's mail\n{PAT}# still pat's\n[account.submission]\nvendor = \"x\"\n\n# sam's mail\n{}\n# where samples go\n[submission]\nsend = \"off\" # nothing\n",
        PAT.replace("\"pat\"", "\"sam\"")
    );
    let after = settings::remove_account(path, &text, "pat").unwrap();
    assert_eq!(
        after,
        format!(
            "# the file's own words\n\n# sam's mail\n{}\n# where samples go\n[submission]\nsend = \"off\" # nothing\n",
            PAT.replace("\"pat\"", "\"sam\"")
        )
    );
    let last = settings::remove_account(path, &after, "sam").unwrap();
    assert_eq!(
        last,
        "# the file's own words\n\n# where samples go\n[submission]\nsend = \"off\" # nothing\n"
    );
    assert!(parse(&last).unwrap().accounts.is_empty());
}

#[test]
fn a_removal_that_would_touch_the_rest_is_refused() {
    let path = Path::new("/home/pat/config.toml");
    let inline = "account = [{ name = \"m\", source = \"maildir\", path = \"/m\" }, { name = \"n\", source = \"maildir\", path = \"/n\" }]\n";
    let error = settings::remove_account(path, inline, "m")
        .unwrap_err()
        .to_string();
    assert!(error.contains("in an editor"), "{error}");
    let error = settings::remove_account(path, PAT, "kim")
        .unwrap_err()
        .to_string();
    assert!(error.contains("no account named \"kim\""), "{error}");
}

#[cfg(unix)]
#[test]
fn a_settings_file_is_written_whole_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("new/deep/config.toml");
    settings::write(&path, PAT).unwrap();
    settings::write(&path, "level = \"high\"\n").unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "level = \"high\"\n"
    );
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(
        std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1
    );

    // A link stays a link, and what it leads to is written.
    let link = dir.path().join("link.toml");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    settings::write(&link, PAT).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), PAT);
}
