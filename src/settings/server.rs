//! The keys that say how to reach a server, checked; the same for an account's mailbox and for
//! outgoing mail. It resolves nothing and connects to nothing.

use super::account::{Security, Server};
use super::check::{Check, Checked};
use super::file::OutgoingTable;
use super::secret::PasswordFrom;
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const IO_TIMEOUT: Duration = Duration::from_secs(60);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(3600);

/// The keys that say how to reach a server, of an account or of the outgoing server.
pub(super) struct ServerKeys {
    pub host: Spanned<String>,
    pub port: Option<Spanned<u16>>,
    pub security: Option<Spanned<Security>>,
    pub ca_file: Option<Spanned<String>>,
    pub user: Option<Spanned<String>>,
    pub command: Option<Spanned<String>>,
    pub variable: Option<Spanned<String>>,
    pub credential: Option<Spanned<String>>,
    pub connect_timeout: Option<Spanned<String>>,
    pub timeout: Option<Spanned<String>>,
    pub compress: Option<bool>,
}

impl Check<'_> {
    pub(super) fn outgoing(&self, table: OutgoingTable) -> Checked<Server> {
        let keys = ServerKeys {
            host: table.server,
            port: table.port,
            security: table.security,
            ca_file: table.ca_file,
            user: table.user,
            command: table.password_command,
            variable: table.password_env,
            credential: table.password_credential,
            connect_timeout: table.connect_timeout,
            timeout: table.timeout,
            compress: None,
        };
        self.server(keys, smtp_port)
    }

    pub(super) fn server(&self, keys: ServerKeys, port_of: fn(Security) -> u16) -> Checked<Server> {
        let host_at = keys.host.span();
        let host = keys.host.into_inner();
        let is_ip = host.parse::<std::net::IpAddr>().is_ok();
        if !is_ip
            && (host.is_empty()
                || host
                    .contains(|c: char| c.is_whitespace() || c.is_control() || "/:@[]".contains(c)))
        {
            return Err(self.wrong(host_at, format!("\"{host}\" is not a server's name; write it alone, such as \"imap.example.com\", and the port under `port`")));
        }
        let security_at = keys.security.as_ref().map_or(host_at, Spanned::span);
        let security = keys.security.map_or(Security::Tls, Spanned::into_inner);
        if security == Security::None && !is_loopback(&host) {
            return Err(self.wrong(security_at, format!("`security = \"none\"` is for a loopback address only: it would show the password and all mail to the network; \"{host}\" needs \"tls\" or \"starttls\"")));
        }
        let port = match keys.port {
            Some(port) if *port.get_ref() == 0 => {
                return Err(self.wrong(
                    port.span(),
                    "port 0 is none; leave `port` out for the usual one",
                ));
            }
            Some(port) => port.into_inner(),
            None => port_of(security),
        };
        let user = match keys.user {
            Some(user)
                if user.get_ref().is_empty() || user.get_ref().chars().any(char::is_control) =>
            {
                return Err(self.wrong(
                    user.span(),
                    "`user` cannot be empty or hold control characters",
                ));
            }
            user => user.map(Spanned::into_inner),
        };
        let ways = [
            keys.command
                .map(|way| (way.span(), PasswordFrom::Command(way.into_inner()))),
            keys.variable
                .map(|way| (way.span(), PasswordFrom::Variable(way.into_inner()))),
            keys.credential
                .map(|way| (way.span(), PasswordFrom::Credential(way.into_inner()))),
        ];
        let mut ways = ways.into_iter().flatten();
        let password = match (ways.next(), ways.next()) {
            (_, Some((at, _))) => {
                return Err(self.wrong(at, "give one of `password-command`, `password-env` and `password-credential`, not several"));
            }
            (Some((at, way)), None) => self.way(at, way)?,
            (None, None) => {
                PasswordFrom::Keyring(keyring_name(user.as_deref().unwrap_or(""), &host))
            }
        };
        Ok(Server {
            host,
            port,
            security,
            ca_file: keys.ca_file.map(|file| self.file_path(file)).transpose()?,
            user,
            password,
            connect_timeout: self.timeout(keys.connect_timeout, CONNECT_TIMEOUT)?,
            io_timeout: self.timeout(keys.timeout, IO_TIMEOUT)?,
            compress: keys.compress,
        })
    }

    fn way(&self, at: Range<usize>, way: PasswordFrom) -> Checked<PasswordFrom> {
        let says = match &way {
            PasswordFrom::Command(command) if command.trim().is_empty() => {
                "`password-command` is empty"
            }
            PasswordFrom::Variable(name) if name.is_empty() || name.contains(['=', '\0']) => {
                "`password-env` is the name of an environment variable"
            }
            PasswordFrom::Credential(name)
                if name.is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') =>
            {
                "`password-credential` is the name of a systemd credential, not a path"
            }
            _ => return Ok(way),
        };
        Err(self.wrong(at, says))
    }

    fn timeout(&self, time: Option<Spanned<String>>, default: Duration) -> Checked<Duration> {
        let Some(time) = time else { return Ok(default) };
        let at = time.span();
        let time = self.time(time)?;
        if time > LONGEST_TIMEOUT {
            return Err(self.wrong(at, "a time-out is at most one hour"));
        }
        Ok(time)
    }
}

/// The keyring's name for the password of this user at this server: the same for two accounts
/// that sign in alike, whatever they are called.
fn keyring_name(user: &str, host: &str) -> String {
    format!("{user} at {host}")
}

pub(super) fn imap_port(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::Starttls | Security::None => 143,
    }
}

/// RFC 8314 section 3.3 and RFC 6409 section 3.1.
fn smtp_port(security: Security) -> u16 {
    match security {
        Security::Tls => 465,
        Security::Starttls => 587,
        Security::None => 25,
    }
}

fn is_loopback(host: &str) -> bool {
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
