//! The program, with settings of its own in a folder that is removed at the end.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

pub struct Program {
    pub folder: TempDir,
}

impl Program {
    /// With this `config.toml`. Every account's password is in `PAT_PASSWORD`.
    pub fn new(config: &str) -> Program {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.toml"), config).unwrap();
        Program { folder }
    }

    /// With other settings from now on.
    pub fn configure(&self, config: &str) {
        fs::write(self.folder.path().join("config.toml"), config).unwrap();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postsweep"));
        command
            .arg("--config")
            .arg(self.folder.path().join("config.toml"))
            .arg("--data-dir")
            .arg(self.data())
            .args(arguments)
            .env("PAT_PASSWORD", "secret")
            .env("SMTP_PASSWORD", "secret");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs `--batch`, which must end with code 1 and say one line on standard error, with all of
    /// these words; returns what it wrote to standard output.
    pub fn one_line(&self, words: &[&str]) -> String {
        let output = self.run(&["--batch"]);
        let all = said(&output);
        assert_eq!(output.status.code(), Some(1), "{all}");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(errors.lines().count(), 1, "{words:?}: {all}");
        for word in words {
            assert!(errors.contains(word), "lacks {word:?}: {errors}");
        }
        assert!(!all.contains("panicked"), "{all}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs it, which must end with `code`; returns what it wrote, on both channels.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(
            !said.contains("secret\n") && !said.contains("panicked"),
            "{said}"
        );
        said
    }
}

pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
