//! The program as it is run: what it prints where, and with which code it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

#[path = "command_line/accounts.rs"]
mod accounts;
#[path = "command_line/forgetting.rs"]
mod forgetting;
#[path = "command_line/learning.rs"]
mod learning;
#[path = "command_line/measuring.rs"]
mod measuring;
#[path = "command_line/scanning.rs"]
mod scanning;
#[path = "command_line/sweeping.rs"]
mod sweeping;
#[path = "command_line/usage.rs"]
mod usage;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A place for settings and data of a test's own.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("config.toml")
    }

    fn with_settings(text: &str) -> Self {
        let home = Home::new();
        std::fs::write(home.config(), text).unwrap();
        home
    }

    /// Runs a command line on these places.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// The same, with something on standard input.
    fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        command.arg("--config").arg(self.config());
        command.arg("--data-dir").arg(self.path("data"));
        finish(command, input)
    }

    /// A command that sees nothing of this machine's owner, and no keyring.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postsweep"));
        command.args(arguments);
        command.env("HOME", self.0.path());
        for name in [
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "DBUS_SESSION_BUS_ADDRESS",
        ] {
            command.env_remove(name);
        }
        command.env("XDG_RUNTIME_DIR", self.path("none"));
        command
    }
}

fn finish(mut command: Command, input: &str) -> Ran {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that ends without reading its input is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Ran::from(child.wait_with_output().unwrap())
}

/// What came of it.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Ran {
            code: output.status.code().expect("ended by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A rule of the user's own, so that a test knows what is a hit whatever the shipped rules say.
const MARKER_RULE: &str = r#"
[[rule]]
id = "marker"
category = "spam"
weight = 9.5
says = "Holds the marker: {words}"
why = "The tests put it there."
when = { all = [{ words = ['zyxmarker'] }] }
"#;

fn mail(subject: &str, text: &str) -> String {
    format!(
        "From: Sam <sam@example.org>\r\nTo: pat@example.com\r\nSubject: {subject}\r\n\
         Date: Mon, 16 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{subject}@example.org>\r\n\r\n{text}\r\n"
    )
}

impl Home {
    /// Adds the marker rule to the user's own.
    fn with_marker(self) -> Self {
        std::fs::create_dir_all(self.path("rules")).unwrap();
        std::fs::write(self.path("rules/marker.toml"), MARKER_RULE).unwrap();
        self
    }
}
