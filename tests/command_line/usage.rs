//! Arguments and settings: what is refused, how it is said, and help.

use super::{Home, finish};
use std::path::Path;

const PAT: &str = "[[account]]\nname = \"pat\"\nsource = \"imap\"\nserver = \"imap.example.com\"\nuser = \"pat@example.com\"\npassword-command = \"echo x\"\n";

#[test]
fn what_cannot_be_understood_ends_with_2_and_says_how_it_goes() {
    for (arguments, says) in [
        (&["--json"][..], "--batch"),
        (&["--bacth"], "similar argument exists: '--batch'"),
        (
            &["--batch", "--submit", "--no-submit"],
            "cannot be used with",
        ),
        (&["--batch", "--level", "lowest"], "low, medium, high"),
        (&["--batch", "scan", "x"], "--batch"),
        (&["scan"], "<PATH>"),
        (&["undo", "yesterday"], "yesterday"),
        (&["account", "add", "--port", "0"], "0"),
    ] {
        let home = Home::new();
        let ran = finish(home.command(arguments), "");
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{arguments:?}: {ran:?}"
        );
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn without_a_display_no_window_opens_and_the_way_without_one_is_named() {
    let home = Home::new();
    let mut command = home.command(&[]);
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    let ran = finish(command, "");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("postsweep --batch"), "{}", ran.err);
}

#[test]
fn help_goes_to_standard_output_and_names_every_command_and_exit_code() {
    let ran = finish(Home::new().command(&["--help"]), "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for word in [
        "--batch",
        "--account",
        "--dry-run",
        "--level",
        "--no-move",
        "--submit",
        "--no-submit",
        "--json",
        "--demo",
        "scan",
        "undo",
        "history",
        "rules",
        "account",
        "config",
        "samples",
        "--config",
        "--data-dir",
        "130 stopped",
    ] {
        assert!(ran.out.contains(word), "{word} is not in:\n{}", ran.out);
    }
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 140, "too long to read: {line}");
    }
}

#[test]
fn the_example_goes_from_one_command_into_the_other() {
    let home = Home::new();
    let example = finish(home.command(&["config", "example"]), "");
    assert_eq!((example.code, example.err.as_str()), (0, ""));
    std::fs::write(home.config(), &example.out).unwrap();
    let check = home.run(&["config", "check"]);
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{check:?}");
    assert!(check.out.contains("2 accounts"), "{}", check.out);
}

#[test]
fn the_settings_are_where_the_platform_has_them_or_where_they_are_said_to_be() {
    let home = Home::new();
    let ran = home.run(&["config", "path"]);
    assert_eq!(ran.out.trim_end(), home.config().to_str().unwrap());
    let ran = finish(home.command(&["config", "path"]), "");
    let path = Path::new(ran.out.trim_end());
    assert!(
        path.starts_with(home.0.path()) && path.ends_with("config.toml"),
        "{path:?}"
    );
}

#[test]
fn settings_that_cannot_be_used_end_every_command_with_2_and_name_the_line() {
    let home = Home::with_settings(&PAT.replace("server", "sever"));
    for arguments in [
        &["--batch"][..],
        &["--batch", "--dry-run", "--json"],
        &["scan", "/dev/null"],
        &["undo"],
        &["account", "list"],
        &["account", "test"],
        &["account", "remove", "pat"],
        &["config", "check"],
        &["samples", "purge"],
    ] {
        let ran = home.run(arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{arguments:?}: {ran:?}"
        );
        let place = format!("{}:4: unknown key `sever`", home.config().display());
        assert!(ran.err.contains(&place), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("`server`"), "{}", ran.err);
    }
}

#[test]
fn without_settings_it_is_said_how_to_make_some() {
    let home = Home::new();
    for arguments in [
        &["--batch"][..],
        &["undo"],
        &["account", "test"],
        &["config", "check"],
    ] {
        let ran = home.run(arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{arguments:?}: {ran:?}"
        );
        assert!(ran.err.contains("postsweep account add"), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
    let list = home.run(&["account", "list"]);
    assert_eq!(list.code, 0);
    assert!(list.out.contains("account add"), "{list:?}");
}
