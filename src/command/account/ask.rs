//! Questions at the terminal. A password is read without being shown.

use crate::settings::Secret;
use crate::text;
use anyhow::bail;
use console::Term;
use std::io::{BufRead, IsTerminal, Read};
use zeroize::Zeroizing;

/// What is longer is no password, and no answer.
const LONGEST: u64 = 64 << 10;

/// Whether somebody is there to ask.
pub(super) fn is_possible() -> bool {
    std::io::stdin().is_terminal()
}

/// A flag's value, or else the answer to a question, or else its default. Without a terminal a
/// missing flag that has no default is an error that names it.
pub(super) fn or_flag(
    flag: Option<String>,
    option: &str,
    question: &str,
    default: &str,
) -> anyhow::Result<String> {
    if let Some(value) = flag {
        return Ok(value);
    }
    if !is_possible() {
        if default.is_empty() {
            bail!(text::needed(option));
        }
        return Ok(default.to_owned());
    }
    loop {
        let answer = answer(question, default)?;
        if !answer.is_empty() {
            return Ok(answer);
        }
    }
}

/// The answer to one question, which may be empty.
pub(super) fn answer(question: &str, default: &str) -> anyhow::Result<String> {
    let terminal = Term::stderr();
    terminal.write_str(&text::ask::with_default(question, default))?;
    let mut line = String::new();
    if std::io::stdin().lock().take(LONGEST).read_line(&mut line)? == 0 {
        bail!(text::no_answer());
    }
    let line = line.trim();
    Ok(if line.is_empty() { default } else { line }.to_owned())
}

/// A password, from the terminal or as the first line of standard input.
pub(super) fn password(stdin: bool) -> anyhow::Result<Secret> {
    let mut line = Zeroizing::new(String::with_capacity(1024));
    if stdin {
        std::io::stdin().lock().take(LONGEST).read_line(&mut line)?;
    } else if is_possible() {
        let terminal = Term::stderr();
        terminal.write_str(&text::ask::with_default(text::ask::PASSWORD, ""))?;
        *line = terminal.read_secure_line()?;
    } else {
        bail!(text::needed("--password-stdin"));
    }
    match line.trim_end_matches(['\r', '\n']) {
        "" => bail!(text::no_password_given()),
        password => Ok(Secret::new(password.to_owned())),
    }
}
