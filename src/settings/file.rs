//! `config.toml` as it is written: its tables and keys, each with its place in the text, and what
//! TOML's own refusals mean in plain words. Whether values make sense is asked in `check`.

use super::window::{RulesTable, WindowTable};
use super::{Encryption, KeyPlace, Security, Sending};
use crate::verdict::Level;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub level: Option<Level>,
    #[serde(default)]
    pub account: Vec<Spanned<AccountTable>>,
    #[serde(default)]
    pub submission: SubmissionTable,
    pub outgoing: Option<Spanned<OutgoingTable>>,
    #[serde(default)]
    pub senders: SendersTable,
    #[serde(default)]
    pub limits: LimitsTable,
    #[serde(default)]
    pub samples: SamplesTable,
    #[serde(default)]
    pub cache: CacheTable,
    #[serde(default)]
    pub rules: RulesTable,
    #[serde(default)]
    pub window: WindowTable,
}

/// `[[account]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AccountTable {
    pub name: Spanned<String>,
    pub label: Option<Spanned<String>>,
    pub source: SourceWord,
    pub path: Option<Spanned<String>>,
    pub server: Option<Spanned<String>>,
    pub port: Option<Spanned<u16>>,
    pub security: Option<Spanned<Security>>,
    pub ca_file: Option<Spanned<String>>,
    pub user: Option<Spanned<String>>,
    pub password_command: Option<Spanned<String>>,
    pub password_env: Option<Spanned<String>>,
    pub password_credential: Option<Spanned<String>>,
    pub connect_timeout: Option<Spanned<String>>,
    pub timeout: Option<Spanned<String>>,
    pub compress: Option<Spanned<bool>>,
    pub connections: Option<Spanned<usize>>,
    pub retry: Option<Spanned<String>>,
    pub folders: Option<Spanned<Vec<Spanned<String>>>>,
    pub move_to: Option<Spanned<String>>,
    pub since: Option<Spanned<String>>,
    pub max_moves: Option<Spanned<usize>>,
    #[serde(default)]
    pub addresses: Vec<Spanned<String>>,
    #[serde(default)]
    pub own_domains: Vec<Spanned<String>>,
    #[serde(default)]
    pub authserv_id: OneOrMore,
    #[serde(default)]
    pub trusted_hosts: Vec<Spanned<String>>,
    pub submission: Option<SubmissionTable>,
}

/// `source = …`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SourceWord {
    Imap,
    Maildir,
    Files,
}

/// A text, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        OneOrMore::More(Vec::new())
    }
}

impl OneOrMore {
    pub fn into_list(self) -> Vec<String> {
        match self {
            OneOrMore::One(one) => vec![one],
            OneOrMore::More(more) => more,
        }
    }
}

/// `[submission]`, and `[account.submission]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SubmissionTable {
    pub vendor: Option<Spanned<String>>,
    pub send: Option<Spanned<Sending>>,
    pub from: Option<Spanned<String>>,
    pub encryption: Option<Encryption>,
    pub company: Option<Spanned<String>>,
    pub contact: Option<Spanned<String>>,
    pub domains: Option<Spanned<OneOrMore>>,
    pub gateway: Option<Spanned<String>>,
    pub activation_code: Option<Spanned<String>>,
}

/// `[outgoing]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OutgoingTable {
    pub server: Spanned<String>,
    pub port: Option<Spanned<u16>>,
    pub security: Option<Spanned<Security>>,
    pub ca_file: Option<Spanned<String>>,
    pub user: Option<Spanned<String>>,
    pub password_command: Option<Spanned<String>>,
    pub password_env: Option<Spanned<String>>,
    pub password_credential: Option<Spanned<String>>,
    pub connect_timeout: Option<Spanned<String>>,
    pub timeout: Option<Spanned<String>>,
}

/// `[senders]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SendersTable {
    #[serde(default)]
    pub approved: Vec<String>,
    #[serde(default)]
    pub blocked: Vec<String>,
}

/// `[limits]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LimitsTable {
    pub message: Option<Spanned<String>>,
    pub memory: Option<Spanned<String>>,
    pub accounts: Option<Spanned<usize>>,
    pub parts: Option<Spanned<usize>>,
    pub depth: Option<Spanned<usize>>,
    pub attachments: Option<bool>,
}

/// `[samples]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SamplesTable {
    pub keep: Option<Spanned<String>>,
    pub purge: Option<bool>,
}

/// `[cache]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CacheTable {
    pub size: Option<Spanned<String>>,
    pub key: Option<KeyPlace>,
}

/// What TOML or serde refused, on one line and in plain words.
pub(super) fn explain(message: &str) -> String {
    let line = message
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(", ");
    if let Some((key, allowed)) = between(&line, "unknown field `", "`, expected ") {
        let allowed = quoted(allowed);
        return match closest(key, &allowed) {
            Some(near) => format!("unknown key `{key}`; did you mean `{near}`?"),
            None => format!("unknown key `{key}`; allowed are {}", allowed.join(", ")),
        };
    }
    if let Some((word, allowed)) = between(&line, "unknown variant `", "`, expected ") {
        let allowed = quoted(allowed).join("\", \"");
        return format!("\"{word}\" is none of \"{allowed}\"");
    }
    if let Some((key, _)) = between(&line, "missing field `", "`") {
        return format!("`{key}` is missing");
    }
    // serde speaks of its own types.
    [
        ("expected u16", "expected a whole number up to 65535"),
        ("expected usize", "expected a whole number"),
        (
            "expected a sequence",
            "expected a list, such as [\"INBOX\"]",
        ),
    ]
    .iter()
    .fold(line, |line, (theirs, ours)| line.replace(theirs, ours))
}

fn between<'a>(text: &'a str, start: &str, middle: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(start)?.split_once(middle)
}

/// The words within backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The word that is most likely meant.
fn closest<'a>(word: &str, among: &[&'a str]) -> Option<&'a str> {
    let likeness = |other: &&str| strsim::jaro_winkler(word, other);
    among
        .iter()
        .copied()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|best| likeness(best) > 0.8)
}
