//! Passwords in a real keyring: gnome-keyring in a D-Bus session of its own, with a home of its
//! own. A session's address is read once by a process, so each test runs the rest of itself
//! again as a child inside the session that it has prepared.
#![cfg(all(unix, not(target_os = "macos")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use postsweep::job::{self, SetUpError};
use postsweep::settings::{Draft, Field, PasswordFrom, Places, Secret, keyring, secret};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const NAME: &str = "pat@example.com at imap.example.com";
const PASSWORD: &str = "hünter2 \"quoted\" 日本";
/// Set in the child: which part of a test it runs.
const PART: &str = "POSTSWEEP_TEST_PART";
const INSTALL: &str =
    "apt-get install -y --no-install-recommends gnome-keyring libsecret-tools dbus-daemon";

/// Starts a daemon whose default keyring is open.
const UNLOCKED: &str =
    "printf %s test | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null";

/// The part of the test that this process is to run; none in the parent.
fn part() -> Option<String> {
    std::env::var(PART).ok()
}

/// Runs a part of a test as a child below `wrapper`, in a home of its own, and demands that it
/// ran and passed.
fn run_part(test: &str, part: &str, home: &Path, wrapper: &[&str], prepare: &str) {
    let runtime = home.join("run");
    for folder in [&home.join(".cache"), &runtime] {
        std::fs::create_dir_all(folder).unwrap();
    }
    std::fs::set_permissions(
        &runtime,
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!("{prepare}\nexec \"$0\" --exact {test} --nocapture");
    let mut line: Vec<&str> = wrapper.to_vec();
    let this = this.to_str().unwrap();
    line.extend(["sh", "-c", &script, this]);
    let output = Command::new(line[0])
        .args(&line[1..])
        .env(PART, part)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &runtime)
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; install it with: {INSTALL}", line[0]));
    let said = said(&output);
    assert!(
        !said.contains("gnome-keyring-daemon: not found"),
        "install it with: {INSTALL}"
    );
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{test}, {part}:\n{said}"
    );
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn ask() -> Result<Secret, String> {
    secret::password(&PasswordFrom::Keyring(NAME.to_owned())).map_err(|error| error.to_string())
}

#[test]
fn a_password_is_stored_read_replaced_and_removed() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let test = "a_password_is_stored_read_replaced_and_removed";
        return run_part(
            test,
            "all",
            home.path(),
            &["dbus-run-session", "--"],
            UNLOCKED,
        );
    };
    let error = ask().unwrap_err();
    assert!(
        error.contains("holds no password") && error.contains(NAME),
        "{error}"
    );
    keyring::store(NAME, &Secret::new("first".into())).unwrap();
    keyring::store(NAME, &Secret::new(PASSWORD.into())).unwrap();
    assert_eq!(ask().unwrap().expose(), PASSWORD);

    // Other programs find it where the manual says it is.
    let tool = Command::new("secret-tool")
        .args(["lookup", "service", "postsweep", "username", NAME])
        .output()
        .unwrap_or_else(|error| panic!("secret-tool: {error}; install it with: {INSTALL}"));
    assert_eq!(String::from_utf8(tool.stdout).unwrap(), PASSWORD);

    assert!(keyring::delete(NAME).unwrap());
    assert!(!keyring::delete(NAME).unwrap());
    assert!(ask().unwrap_err().contains("holds no password"));
}

#[test]
fn an_account_puts_its_password_into_the_keyring_and_the_last_one_takes_it_out() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let test = "an_account_puts_its_password_into_the_keyring_and_the_last_one_takes_it_out";
        let wrapper = ["dbus-run-session", "--"];
        return run_part(test, "all", home.path(), &wrapper, UNLOCKED);
    };
    let config = Path::new(&std::env::var_os("HOME").unwrap()).join("config.toml");
    let postsweep = |arguments: &[&str], input: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postsweep"));
        command.args(arguments).arg("--config").arg(&config);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        assert!(!said(&output).contains("hunter"), "{}", said(&output));
        said(&output)
    };
    let stored = || {
        let name = PasswordFrom::Keyring("pat at imap.example.com".to_owned());
        secret::password(&name)
            .ok()
            .map(|secret| secret.expose().to_owned())
    };
    for name in ["one", "two"] {
        let flags = [
            "account",
            "add",
            "--name",
            name,
            "--server",
            "imap.example.com",
            "--user",
            "pat",
            "--password-stdin",
            "--no-test",
        ];
        let says = postsweep(&flags, "hunter2\r\nnot this\n");
        assert!(says.contains("stored in the keyring"), "{says}");
    }
    assert_eq!(stored().as_deref(), Some("hunter2"));
    postsweep(
        &["account", "password", "two", "--password-stdin"],
        "hunter3",
    );
    assert_eq!(stored().as_deref(), Some("hunter3"));
    // The other account signs in alike, and still needs it.
    postsweep(&["account", "remove", "one"], "");
    assert_eq!(stored().as_deref(), Some("hunter3"));
    let says = postsweep(&["account", "remove", "two"], "");
    assert!(says.contains("password removed"), "{says}");
    assert_eq!(stored(), None);
}

#[test]
fn a_locked_keyring_is_said_to_be_locked() {
    let test = "a_locked_keyring_is_said_to_be_locked";
    match part().as_deref() {
        None => {
            let home = tempfile::tempdir().unwrap();
            run_part(
                test,
                "store",
                home.path(),
                &["dbus-run-session", "--"],
                UNLOCKED,
            );
            // The second session starts the daemon by D-Bus, and nobody unlocks it.
            run_part(test, "locked", home.path(), &["dbus-run-session", "--"], "");
        }
        Some("store") => keyring::store(NAME, &Secret::new(PASSWORD.into())).unwrap(),
        Some(_) => {
            for error in [
                ask().unwrap_err(),
                keyring::store(NAME, &Secret::new(PASSWORD.into()))
                    .unwrap_err()
                    .to_string(),
                keyring::delete(NAME).unwrap_err().to_string(),
            ] {
                assert!(error.contains("keyring is locked"), "{error}");
                assert!(error.contains("password-command"), "{error}");
                assert!(
                    !error.contains("holds no password") && !error.contains(PASSWORD),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn without_a_session_the_alternatives_are_named() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let test = "without_a_session_the_alternatives_are_named";
        return run_part(test, "all", home.path(), &["env"], "");
    };
    let error = ask().unwrap_err();
    assert!(error.contains("no D-Bus session"), "{error}");
    assert!(error.contains("password-command"), "{error}");
}

#[test]
fn without_a_keyring_service_the_alternatives_are_named() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let bus = bus_with(home.path(), "");
        let wrapper = ["dbus-run-session", "--config-file", &bus, "--"];
        let test = "without_a_keyring_service_the_alternatives_are_named";
        return run_part(test, "all", home.path(), &wrapper, "");
    };
    let error = ask().unwrap_err();
    assert!(error.contains("no keyring service runs"), "{error}");
    assert!(error.contains("password-credential"), "{error}");
}

#[test]
fn a_keyring_that_hangs_meets_the_deadline() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let services = home.path().join("services");
        std::fs::create_dir(&services).unwrap();
        let service = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sleep 14\n";
        std::fs::write(services.join("org.freedesktop.secrets.service"), service).unwrap();
        let bus = bus_with(
            home.path(),
            &format!("<servicedir>{}</servicedir>", services.display()),
        );
        let wrapper = ["dbus-run-session", "--config-file", &bus, "--"];
        let test = "a_keyring_that_hangs_meets_the_deadline";
        return run_part(test, "all", home.path(), &wrapper, "");
    };
    let start = Instant::now();
    let error = ask().unwrap_err();
    assert!(error.contains("did not answer within 10 s"), "{error}");
    assert!(
        start.elapsed() < Duration::from_secs(15),
        "{:?}",
        start.elapsed()
    );
}

/// A bus that knows no service but those named here.
fn bus_with(home: &Path, services: &str) -> String {
    let file = home.join("bus.conf");
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>{services}\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n"
    );
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn the_key_of_what_is_kept_is_in_the_keyring_and_a_locked_one_holds_up_no_sweep() {
    let test = "the_key_of_what_is_kept_is_in_the_keyring_and_a_locked_one_holds_up_no_sweep";
    let session = ["dbus-run-session", "--"];
    let Some(part) = part() else {
        let home = tempfile::tempdir().unwrap();
        run_part(test, "open", home.path(), &session, UNLOCKED);
        run_part(test, "locked", home.path(), &session, "");
        return;
    };
    let home = std::path::PathBuf::from(std::env::var_os("HOME").unwrap());
    let (config, data, mail) = (
        home.join("config.toml"),
        home.join("data"),
        home.join("Mail"),
    );
    for folder in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(mail.join(folder)).unwrap();
    }
    let text = "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = \"Mail\"\n";
    std::fs::write(&config, text).unwrap();
    let letter =
        "From: a@example.org\r\nTo: pat@example.com\r\nSubject: Sunday\r\n\r\nAt the lake?\r\n";
    std::fs::write(mail.join(format!("cur/{part}.host:2,S")), letter).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_postsweep"));
    command.args(["--batch", "--json", "--config"]).arg(&config);
    let output = command.arg("--data-dir").arg(&data).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("\"judged\":1"), "{}", said(&output));
    assert!(!data.join("cache.key").exists());
    assert!(data.join("cache.sqlite").exists());
    if part == "open" {
        let name = PasswordFrom::Keyring("cache:key".to_owned());
        let key = secret::password(&name).unwrap();
        assert!(postsweep::seal::SealKey::from_hex(key.expose()).is_some());
        assert!(!said(&output).contains(key.expose()));
    } else {
        let log = std::fs::read_dir(data.join("logs")).unwrap();
        let log = log.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        assert!(log.collect::<String>().contains("keyring is locked"));
    }
}

#[test]
fn an_account_from_a_form_has_its_password_in_the_keyring_before_the_settings_name_it() {
    let Some(_) = part() else {
        let home = tempfile::tempdir().unwrap();
        let test =
            "an_account_from_a_form_has_its_password_in_the_keyring_before_the_settings_name_it";
        let wrapper = ["dbus-run-session", "--"];
        return run_part(test, "all", home.path(), &wrapper, UNLOCKED);
    };
    let home = std::path::PathBuf::from(std::env::var_os("HOME").unwrap());
    let places = Places::within(&home);
    let stored = |name: &str| {
        let secret = secret::password(&PasswordFrom::Keyring(name.to_owned())).ok();
        secret.map(|secret| secret.expose().to_owned())
    };
    let mut draft = Draft {
        name: "Work".to_owned(),
        address: "pat@example.com".to_owned(),
        host: "imap.example.com".to_owned(),
        ..Draft::default()
    };
    let password = Secret::new(PASSWORD.to_owned());

    // What cannot be written leaves nothing in the keyring, and what was there as it was.
    std::fs::write(&places.config_file, "account = 3\n").unwrap();
    assert!(job::add_account(&places, &draft, Some(&password)).is_err());
    assert_eq!(stored(NAME), None);
    std::fs::remove_file(&places.config_file).unwrap();

    let error = job::add_account(&places, &draft, None).unwrap_err();
    assert!(
        matches!(&error, SetUpError::Flaws(all) if all[0].field == Field::Password),
        "{error}"
    );
    let added = job::add_account(&places, &draft, Some(&password)).unwrap();
    assert_eq!(added.settings.accounts.len(), 1);
    assert_eq!(stored(NAME).as_deref(), Some(PASSWORD));

    // Another server: the password goes with the account, and is known under its new name alone.
    draft.host = "mail.example.com".to_owned();
    let changed = job::change_account(&places, "Work", &draft, None).unwrap();
    assert!(changed.forgot_password);
    let now = "pat@example.com at mail.example.com";
    assert_eq!(
        (stored(NAME), stored(now).as_deref()),
        (None, Some(PASSWORD))
    );
    let other = Secret::new("other".to_owned());
    job::change_account(&places, "Work", &draft, Some(&other)).unwrap();
    assert_eq!(stored(now).as_deref(), Some("other"));

    // Another account that signs in alike still needs it.
    let twin = Draft {
        name: "Twin".to_owned(),
        ..draft.clone()
    };
    job::add_account(&places, &twin, Some(&other)).unwrap();
    assert!(
        !job::remove_account(&places, "Work")
            .unwrap()
            .forgot_password
    );
    assert_eq!(stored(now).as_deref(), Some("other"));
    let removed = job::remove_account(&places, "Twin").unwrap();
    assert!(removed.forgot_password && removed.settings.accounts.is_empty());
    assert_eq!(stored(now), None);
    let text = std::fs::read_to_string(&places.config_file).unwrap();
    assert!(
        !text.contains("other") && !text.contains("hünter2"),
        "{text}"
    );
}
