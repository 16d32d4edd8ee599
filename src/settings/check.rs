//! From what is written to what can be used: every rule that TOML itself does not hold, each
//! refusal with its line. It reads nothing but the text, and asks no network and no keyring.

use super::account::{Account, Server, Source};
use super::address::{is_address, is_domain};
use super::file::{self, AccountTable, CacheTable, File, SourceWord, SubmissionTable};
use super::server::{ServerKeys, imap_port};
use super::{Bounds, Keeping, MOVE_TO, Sending, Settings, SettingsError, Submission, units};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

const DEFAULT_FOLDER: &str = "INBOX";
const DEFAULT_CONNECTIONS: usize = 2;
const DEFAULT_KEEP_DAYS: u32 = 90;
const DEFAULT_RETRY: Duration = Duration::from_secs(300);
const LONGEST_RETRY: Duration = Duration::from_secs(24 * 3600);

pub(super) type Checked<T> = Result<T, SettingsError>;

/// The settings in this text.
pub(super) fn settings(path: &Path, text: &str) -> Checked<Settings> {
    let check = Check { path, text };
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        check.wrong(at, file::explain(error.message()))
    })?;

    let outgoing = file
        .outgoing
        .map(|table| check.outgoing(table.into_inner()))
        .transpose()?;
    let send_at = file.submission.send.as_ref().map(Spanned::span);
    let submission = check.submission(file.submission, &Submission::default())?;

    let mut accounts: Vec<Account> = Vec::new();
    for table in file.account {
        let at = table.get_ref().name.span();
        let own_send = table
            .get_ref()
            .submission
            .as_ref()
            .and_then(|own| own.send.as_ref());
        let sends_at = own_send.map(Spanned::span).or(send_at.clone());
        let account = check.account(table, &submission)?;
        check.is_its_own(at, &account, &accounts)?;
        let effective = account.submission.as_ref().unwrap_or(&submission);
        let sender = effective.from.as_ref().or(account.addresses.first());
        check.can_send(effective.send, sender, outgoing.as_ref(), sends_at)?;
        accounts.push(account);
    }
    let default = Bounds::default();
    let limits = Bounds {
        message: check.size(file.limits.message, default.message)?,
        memory: check.size(file.limits.memory, default.memory)?,
        accounts: check.count(file.limits.accounts, default.accounts)?,
        parts: check.count(file.limits.parts, default.parts)?,
        depth: check.count(file.limits.depth, default.depth)?,
        attachments: file.limits.attachments.unwrap_or(default.attachments),
    };
    Ok(Settings {
        path: path.to_owned(),
        accounts,
        level: file.level.unwrap_or_default(),
        submission,
        outgoing,
        approved: file.senders.approved,
        blocked: file.senders.blocked,
        limits,
        keep_days: check.days(file.samples.keep)?,
        purge: file.samples.purge.unwrap_or(true),
        cache: check.keeping(file.cache)?,
        rules_off: file.rules.off,
        window: check.window(file.window)?,
    })
}

/// The text, for turning a place in it into a line.
pub(super) struct Check<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Check<'_> {
    pub(super) fn wrong(&self, at: Range<usize>, says: impl Into<String>) -> SettingsError {
        let start = self.text.floor_char_boundary(at.start);
        let before = self.text.get(..start).unwrap_or_default();
        let in_line = before.rsplit('\n').next().unwrap_or_default();
        SettingsError::Wrong {
            path: self.path.to_owned(),
            line: 1 + before.bytes().filter(|byte| *byte == b'\n').count(),
            column: 1 + in_line.chars().count(),
            says: says.into(),
        }
    }

    fn account(&self, table: Spanned<AccountTable>, global: &Submission) -> Checked<Account> {
        let at = table.span();
        let table = table.into_inner();
        let name = self.name(table.name)?;
        let label = table.label.map(|label| self.name(label)).transpose()?;
        let user = table.user.as_ref().map(|user| user.get_ref().clone());
        let retry = self.retry(table.retry.clone())?;
        let source = match table.source {
            SourceWord::Imap => {
                if let Some(path) = &table.path {
                    return Err(self.wrong(path.span(), "`path` belongs to source \"maildir\" or \"files\"; an IMAP account has a `server`"));
                }
                let host = table.server.ok_or_else(|| {
                    self.wrong(
                        at.clone(),
                        format!("account \"{name}\": `server` is missing, the IMAP server's name"),
                    )
                })?;
                if table.user.is_none() {
                    return Err(self.wrong(
                        at,
                        format!("account \"{name}\": `user` is missing, the name to sign in with"),
                    ));
                }
                let keys = ServerKeys {
                    host,
                    port: table.port,
                    security: table.security,
                    ca_file: table.ca_file,
                    user: table.user,
                    command: table.password_command,
                    variable: table.password_env,
                    credential: table.password_credential,
                    connect_timeout: table.connect_timeout,
                    timeout: table.timeout,
                    compress: table.compress.map(Spanned::into_inner),
                };
                Source::Imap(self.server(keys, imap_port)?)
            }
            kind => {
                let needless = [
                    ("server", table.server.as_ref().map(Spanned::span)),
                    ("port", table.port.as_ref().map(Spanned::span)),
                    ("security", table.security.as_ref().map(Spanned::span)),
                    ("ca-file", table.ca_file.as_ref().map(Spanned::span)),
                    ("user", table.user.as_ref().map(Spanned::span)),
                    (
                        "password-command",
                        table.password_command.as_ref().map(Spanned::span),
                    ),
                    (
                        "password-env",
                        table.password_env.as_ref().map(Spanned::span),
                    ),
                    (
                        "password-credential",
                        table.password_credential.as_ref().map(Spanned::span),
                    ),
                    (
                        "connect-timeout",
                        table.connect_timeout.as_ref().map(Spanned::span),
                    ),
                    ("timeout", table.timeout.as_ref().map(Spanned::span)),
                    ("compress", table.compress.as_ref().map(Spanned::span)),
                    ("connections", table.connections.as_ref().map(Spanned::span)),
                    ("retry", table.retry.as_ref().map(Spanned::span)),
                ];
                for (key, at) in needless {
                    if let Some(at) = at {
                        return Err(self.wrong(at, format!("`{key}` belongs to source \"imap\"; mail on disk has a `path` alone")));
                    }
                }
                let path = table.path.ok_or_else(|| {
                    self.wrong(at, format!("account \"{name}\": `path` is missing, the folder or file that holds the mail"))
                })?;
                let path = self.file_path(path)?;
                match kind {
                    SourceWord::Maildir => Source::Maildir(path),
                    _ => Source::Files(path),
                }
            }
        };

        let (folders, move_to) = self.folders(table.folders, table.move_to)?;
        let since = table.since.map(|since| self.time(since)).transpose()?;
        let max_moves = match table.max_moves {
            Some(most) if *most.get_ref() == 0 => {
                return Err(self.wrong(
                    most.span(),
                    "`max-moves = 0` would move nothing, ever; run with --no-move instead",
                ));
            }
            most => most.map(Spanned::into_inner),
        };
        let mut addresses: Vec<String> = user.filter(|user| is_address(user)).into_iter().collect();
        for address in table.addresses {
            let address = self.address(address)?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let connections = match table.connections {
            Some(count) if !(1..=8).contains(count.get_ref()) => {
                return Err(self.wrong(count.span(), "`connections` is a number from 1 to 8"));
            }
            count => count.map_or(DEFAULT_CONNECTIONS, Spanned::into_inner),
        };
        let submission = table
            .submission
            .map(|own| self.submission(own, global))
            .transpose()?;
        Ok(Account {
            name,
            label,
            source,
            folders,
            move_to,
            since_hours: since.map(|since| since.as_secs().div_ceil(3600)),
            retry,
            max_moves,
            connections,
            addresses,
            own_domains: self.domains(table.own_domains)?,
            authserv_ids: table.authserv_id.into_list(),
            trusted_hosts: table
                .trusted_hosts
                .into_iter()
                .map(Spanned::into_inner)
                .collect(),
            submission,
        })
    }

    fn folders(
        &self,
        folders: Option<Spanned<Vec<Spanned<String>>>>,
        target: Option<Spanned<String>>,
    ) -> Checked<(Vec<String>, String)> {
        let target_at = target.as_ref().map(Spanned::span);
        let target = match target {
            Some(target) => self.folder(target)?,
            None => MOVE_TO.to_owned(),
        };
        let into_itself = |at: Range<usize>| {
            let says =
                format!("\"{target}\" is where hits are moved to, so it cannot be swept itself");
            Err(self.wrong(target_at.clone().unwrap_or(at), says))
        };
        let Some(folders) = folders else {
            return match target == DEFAULT_FOLDER {
                true => into_itself(0..0),
                false => Ok((vec![DEFAULT_FOLDER.to_owned()], target)),
            };
        };
        let all_at = folders.span();
        let mut names = Vec::new();
        for folder in folders.into_inner() {
            let at = folder.span();
            let name = self.folder(folder)?;
            if name == target {
                return into_itself(at);
            }
            if names.contains(&name) {
                return Err(self.wrong(at, format!("folder \"{name}\" is listed twice")));
            }
            names.push(name);
        }
        if names.is_empty() {
            return Err(self.wrong(
                all_at,
                "`folders` is empty: name at least one, such as \"INBOX\"",
            ));
        }
        Ok((names, target))
    }

    fn folder(&self, name: Spanned<String>) -> Checked<String> {
        if name.get_ref().trim().is_empty() || name.get_ref().chars().any(char::is_control) {
            return Err(self.wrong(
                name.span(),
                "a folder's name cannot be empty or hold control characters",
            ));
        }
        let name = name.into_inner();
        // RFC 3501 section 5.1: INBOX is the one name whose case does not matter.
        Ok(if name.eq_ignore_ascii_case("inbox") {
            DEFAULT_FOLDER.to_owned()
        } else {
            name
        })
    }

    fn submission(&self, table: SubmissionTable, base: &Submission) -> Checked<Submission> {
        let mut facts = base.facts.clone();
        let domains = table.domains.map(|domains| {
            let at = domains.span();
            (at, domains.into_inner().into_list().join(", "))
        });
        for (name, value) in [
            (
                "company",
                table
                    .company
                    .map(|value| (value.span(), value.into_inner())),
            ),
            (
                "contact",
                table
                    .contact
                    .map(|value| (value.span(), value.into_inner())),
            ),
            ("domains", domains),
            (
                "gateway",
                table
                    .gateway
                    .map(|value| (value.span(), value.into_inner())),
            ),
            (
                "activation-code",
                table
                    .activation_code
                    .map(|value| (value.span(), value.into_inner())),
            ),
        ] {
            let Some((at, value)) = value else { continue };
            if value.trim().is_empty() || value.chars().any(char::is_control) {
                return Err(self.wrong(
                    at,
                    format!("`{name}` is one line of text; leave it out if there is none"),
                ));
            }
            facts.retain(|(other, _)| other != name);
            facts.push((name.to_owned(), value));
        }
        let vendor = match table.vendor {
            Some(vendor) if vendor.get_ref().trim().is_empty() => {
                return Err(self.wrong(vendor.span(), "`vendor` is empty; \"trend-micro\" is one"));
            }
            Some(vendor) => vendor.into_inner(),
            None => base.vendor.clone(),
        };
        let from = table.from.map(|from| self.address(from)).transpose()?;
        Ok(Submission {
            vendor,
            send: table.send.map_or(base.send, Spanned::into_inner),
            from: from.or(base.from.clone()),
            encryption: table.encryption.unwrap_or(base.encryption),
            facts,
        })
    }

    /// Whether what is to be sent has a sender and a way out.
    fn can_send(
        &self,
        send: Sending,
        sender: Option<&String>,
        outgoing: Option<&Server>,
        at: Option<Range<usize>>,
    ) -> Checked<()> {
        let says = match send {
            Sending::Off | Sending::Portal => return Ok(()),
            _ if sender.is_none() => {
                "letters need a sender: add `from = \"you@example.com\"` beside `send`"
            }
            Sending::Smtp if outgoing.is_none() => {
                "`send = \"smtp\"` needs the server for outgoing mail: add [outgoing] with `server`, `security` and `user`"
            }
            _ => return Ok(()),
        };
        Err(self.wrong(at.unwrap_or(0..0), says))
    }

    fn address(&self, address: Spanned<String>) -> Checked<String> {
        if is_address(address.get_ref()) {
            return Ok(address.into_inner());
        }
        let says = format!(
            "\"{}\" is not an e-mail address, such as \"pat@example.com\"",
            address.get_ref()
        );
        Err(self.wrong(address.span(), says))
    }

    fn domains(&self, domains: Vec<Spanned<String>>) -> Checked<Vec<String>> {
        let mut checked = Vec::new();
        for domain in domains {
            if !is_domain(domain.get_ref()) {
                let says = format!(
                    "\"{}\" is not a domain, such as \"example.com\"",
                    domain.get_ref()
                );
                return Err(self.wrong(domain.span(), says));
            }
            checked.push(domain.into_inner());
        }
        Ok(checked)
    }

    /// A path as it is written; `~/` is the home folder, and a relative path starts from the
    /// folder of the settings file, wherever the program is run.
    pub(super) fn file_path(&self, path: Spanned<String>) -> Checked<PathBuf> {
        let written = path.get_ref();
        if written.is_empty() || written.contains('\0') {
            return Err(self.wrong(path.span(), "the path is empty"));
        }
        if let Some(rest) = written.strip_prefix("~/") {
            let home = directories::BaseDirs::new().ok_or(SettingsError::NoHome)?;
            return Ok(home.home_dir().join(rest));
        }
        Ok(self.path.parent().unwrap_or(Path::new("")).join(written))
    }

    pub(super) fn time(&self, time: Spanned<String>) -> Checked<Duration> {
        units::time(time.get_ref()).map_err(|says| self.wrong(time.span(), says))
    }

    /// How long a broken connection is tried again; "0" for not at all.
    fn retry(&self, retry: Option<Spanned<String>>) -> Checked<Duration> {
        match retry {
            None => Ok(DEFAULT_RETRY),
            Some(none) if none.get_ref().trim() == "0" => Ok(Duration::ZERO),
            Some(retry) => {
                let at = retry.span();
                let time = self.time(retry)?;
                match time <= LONGEST_RETRY {
                    true => Ok(time),
                    false => Err(self.wrong(at, "`retry` is at most one day")),
                }
            }
        }
    }

    fn days(&self, keep: Option<Spanned<String>>) -> Checked<u32> {
        let Some(keep) = keep else {
            return Ok(DEFAULT_KEEP_DAYS);
        };
        let at = keep.span();
        let days = self.time(keep)?.as_secs() / 86_400;
        u32::try_from(days)
            .ok()
            .filter(|days| *days > 0)
            .ok_or_else(|| self.wrong(at, "samples are kept for at least \"1 day\""))
    }

    fn size(&self, size: Option<Spanned<String>>, default: u64) -> Checked<u64> {
        let Some(size) = size else { return Ok(default) };
        let bytes = units::size(size.get_ref()).map_err(|says| self.wrong(size.span(), says))?;
        if bytes < 64 << 10 {
            return Err(self.wrong(
                size.span(),
                "at least \"64 KiB\" of a message are needed to judge it",
            ));
        }
        Ok(bytes)
    }

    fn keeping(&self, table: CacheTable) -> Checked<Keeping> {
        let default = Keeping::default();
        let size = match table.size {
            None => default.size,
            Some(size) => {
                let bytes =
                    units::size(size.get_ref()).map_err(|says| self.wrong(size.span(), says))?;
                if (1..1 << 20).contains(&bytes) {
                    let says = "write \"0\" to keep nothing, or at least \"1 MiB\"";
                    return Err(self.wrong(size.span(), says));
                }
                bytes
            }
        };
        let key = table.key.unwrap_or(default.key);
        Ok(Keeping { size, key })
    }

    fn count(&self, count: Option<Spanned<usize>>, default: usize) -> Checked<usize> {
        match count {
            Some(count) if *count.get_ref() == 0 => {
                Err(self.wrong(count.span(), "must be at least 1"))
            }
            count => Ok(count.map_or(default, Spanned::into_inner)),
        }
    }
}
