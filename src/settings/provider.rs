//! Mail providers: which servers an address belongs to, and what its owner has to do before a
//! program may sign in. All knowledge is in `assets/providers.toml` and in a user's own file of
//! the same format; here it is read. Looks nothing up and knows no network.

use super::address::is_domain;
use super::{Places, Security, SettingsError};
use serde::Deserialize;

/// The providers that come with the program.
const SHIPPED: &str = include_str!("../../assets/providers.toml");

/// A server, and how the connection to it is protected.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its name.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// Protection.
    pub security: Security,
}

/// What a provider takes from a program that signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignIn {
    /// The owner's password.
    #[default]
    Password,
    /// A password that the owner makes for this program.
    AppPassword,
    /// No password at all (RFC 7628).
    Oauth,
}

/// What signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserName {
    /// The whole address.
    #[default]
    Address,
    /// What stands before the @.
    Local,
}

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Provider {
    /// What a user's own file replaces it by.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// The domains of its addresses.
    #[serde(default)]
    pub domains: Vec<String>,
    /// What the names of its mail servers end with.
    #[serde(default)]
    pub mx: Vec<String>,
    /// Where mail is read.
    pub imap: Way,
    /// Where mail is sent.
    pub smtp: Way,
    /// What signs in.
    #[serde(default)]
    pub user: UserName,
    /// What it takes from a program.
    #[serde(default)]
    pub sign_in: SignIn,
    /// What the owner has to do first.
    pub says: Option<String>,
    /// The same step by step.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Where they do it.
    pub page: Option<String>,
}

impl Provider {
    /// The name to sign in with for this address.
    pub fn user_of(&self, address: &str) -> String {
        match (self.user, address.rsplit_once('@')) {
            (UserName::Local, Some((local, _))) => local.to_owned(),
            _ => address.to_owned(),
        }
    }

    fn has(&self, names: &[String], name: &str) -> bool {
        names.iter().any(|known| is_within(name, known))
    }
}

/// Whether a name is this domain or lies in it.
pub fn is_within(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.trim_end_matches('.'), domain.trim_end_matches('.'));
    let Some(at) = name.len().checked_sub(domain.len()) else {
        return false;
    };
    let (Some(before), Some(end)) = (name.get(..at), name.get(at..)) else {
        return false;
    };
    end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
}

/// All providers that are known.
#[derive(Debug, Clone, Default)]
pub struct Providers(Vec<Provider>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<Provider>,
}

impl Providers {
    /// Those that come with the program, and the user's own before them.
    pub fn load(places: &Places) -> Result<Providers, SettingsError> {
        let path = places.config_dir.join("providers.toml");
        let own = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(SettingsError::File { path, source }),
        };
        Providers::parse(&own).map_err(|(line, says)| SettingsError::Edit {
            path,
            says: format!("line {line}: {says}"),
        })
    }

    /// Those that come with the program, and those of this text before them; or the line of it that
    /// is wrong, and why.
    pub fn parse(own: &str) -> Result<Providers, (usize, String)> {
        let mut all = read(own)?;
        let shipped = read(SHIPPED).unwrap_or_default();
        let is_new = |provider: &Provider| !all.iter().any(|own| own.id == provider.id);
        let rest: Vec<Provider> = shipped.into_iter().filter(is_new).collect();
        all.extend(rest);
        Ok(Providers(all))
    }

    /// The provider of an address with this domain.
    pub fn of_domain(&self, domain: &str) -> Option<&Provider> {
        self.0
            .iter()
            .find(|provider| provider.has(&provider.domains, domain))
    }

    /// The provider that keeps the mail of a domain, by the names of its mail servers.
    pub fn of_servers(&self, servers: &[String]) -> Option<&Provider> {
        let mut servers = servers.iter();
        servers.find_map(|server| {
            self.0
                .iter()
                .find(|provider| provider.has(&provider.mx, server))
        })
    }
}

fn read(text: &str) -> Result<Vec<Provider>, (usize, String)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.bytes().take(at).filter(|byte| *byte == b'\n');
        (1 + before.count(), super::file::explain(error.message()))
    })?;
    for provider in &file.provider {
        let mut names = provider.domains.iter().chain(&provider.mx);
        let ways = [&provider.imap, &provider.smtp];
        let wrong = if let Some(name) = names.find(|name| !is_domain(name)) {
            format!("\"{name}\" is not a domain")
        } else if provider.domains.is_empty() && provider.mx.is_empty() {
            "`domains` or `mx` must say which addresses are meant".to_owned()
        } else if ways
            .iter()
            .any(|way| way.server.is_empty() || way.port == 0)
        {
            "a server needs a name and a port".to_owned()
        } else {
            continue;
        };
        return Err((1, format!("provider \"{}\": {wrong}", provider.id)));
    }
    Ok(file.provider)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_provider_that_is_shipped_has_what_it_needs() {
        let all = read(SHIPPED).unwrap();
        assert!(all.len() > 30, "{}", all.len());
        let (mut ids, mut domains) = (HashSet::new(), HashSet::new());
        for provider in &all {
            let id = &provider.id;
            assert!(ids.insert(id), "{id} is there twice");
            for domain in &provider.domains {
                assert!(domains.insert(domain), "{id}: {domain} is another's too");
                assert_eq!(domain, &domain.to_lowercase(), "{id}");
            }
            for way in [&provider.imap, &provider.smtp] {
                assert_ne!(way.security, Security::None, "{id}");
                let usual = [
                    (993, Security::Tls),
                    (465, Security::Tls),
                    (587, Security::Starttls),
                ];
                let is_here = way.server == "127.0.0.1";
                assert!(
                    is_here || usual.contains(&(way.port, way.security)),
                    "{id}: {way:?}"
                );
            }
            let says = provider.says.is_some() && provider.page.is_some();
            let is_told = says && !provider.steps.is_empty();
            assert!(
                is_told || provider.sign_in == SignIn::Password,
                "{id}: says not what to do"
            );
            let page = provider.page.as_deref().unwrap_or("https://");
            assert!(page.starts_with("https://"), "{id}: {page}");
        }
    }

    #[test]
    fn an_address_has_its_provider_and_so_has_a_domain_whose_mail_it_keeps() {
        let all = Providers::parse("").unwrap();
        let id = |domain: &str| all.of_domain(domain).map(|provider| provider.id.as_str());
        assert_eq!(id("gmail.com"), Some("gmail"));
        assert_eq!(id("GMX.de"), Some("gmx"));
        assert_eq!(id("acme.onmicrosoft.com"), Some("microsoft-365"));
        assert_eq!(id("notgmail.com"), None);
        assert_eq!(id(""), None);
        let servers = ["aspmx.l.google.com.".to_owned()];
        assert_eq!(all.of_servers(&servers).unwrap().id, "gmail");
        assert!(all.of_servers(&["mx.example.com".to_owned()]).is_none());
    }

    #[test]
    fn the_users_own_come_first_and_replace_by_id() {
        let own = "[[provider]]\nid = \"gmail\"\nname = \"Mine\"\ndomains = [\"gmail.com\"]\nuser = \"local\"\n\
                   imap = { server = \"a\", port = 993, security = \"tls\" }\n\
                   smtp = { server = \"b\", port = 465, security = \"tls\" }\n";
        let all = Providers::parse(own).unwrap();
        let mine = all.of_domain("gmail.com").unwrap();
        assert_eq!(
            (mine.name.as_str(), mine.imap.server.as_str()),
            ("Mine", "a")
        );
        assert_eq!(mine.user_of("pat@gmail.com"), "pat");
        assert!(all.of_domain("googlemail.com").is_none());
    }

    #[test]
    fn what_is_wrong_in_the_users_own_is_told_with_its_line() {
        let (line, says) = Providers::parse("# mine\n[[provider]]\nid = 3\n").unwrap_err();
        assert_eq!(line, 3, "{says}");
        let none = "[[provider]]\nid = \"x\"\nname = \"X\"\n\
                    imap = { server = \"a\", port = 1, security = \"tls\" }\n\
                    smtp = { server = \"b\", port = 1, security = \"tls\" }\n";
        assert!(
            Providers::parse(none)
                .unwrap_err()
                .1
                .contains("which addresses")
        );
    }
}
