//! Which servers an address belongs to: the provider's where it is known, else what its domain
//! says (RFC 6186, RFC 8314), else what servers are usually called. Nothing is signed in to, and
//! nothing found here is used before a person has seen it: whoever can lie to this computer about
//! names could name any server.

use crate::dns::{self, Answer, Question, Service};
use crate::mailbox::Stop;
use crate::settings::{
    Kind, Places, Provider, Providers, Security, SettingsError, SignIn, Way, is_within,
};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

/// Longest wait for all that is asked.
const LONGEST: Duration = Duration::from_secs(4);

/// How a candidate was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// It is this provider's.
    Provider,
    /// The domain names it, or names who keeps its mail.
    Domain,
    /// Servers are usually called so.
    Guess,
}

/// Servers that an address may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundServers {
    /// How they were found.
    pub by: FoundBy,
    /// Where mail is read.
    pub imap: Way,
    /// Where mail is sent, where that is known.
    pub smtp: Option<Way>,
    /// The name to sign in with.
    pub user: String,
    /// The provider, as people call it.
    pub provider: Option<String>,
    /// What it takes from a program that signs in.
    pub sign_in: SignIn,
    /// What the owner has to do first.
    pub says: Option<String>,
    /// The same step by step.
    pub steps: Vec<String>,
    /// Where they do it.
    pub page: Option<String>,
    /// Whether the server lies in another domain than the address and is no known provider's.
    pub elsewhere: bool,
}

/// What is known of providers: the program's own knowledge, and the user's.
#[derive(Debug, Clone, Default)]
pub struct Servers(Providers);

impl Servers {
    /// Reads the user's own file of providers.
    pub fn load(places: &Places) -> Result<Servers, SettingsError> {
        Providers::load(places).map(Servers)
    }

    /// What is known of an address without asking anybody.
    pub fn known(&self, address: &str) -> Option<FoundServers> {
        let provider = self.0.of_domain(&domain_of(address)?)?;
        Some(of_provider(provider, address, FoundBy::Provider))
    }

    /// The servers that an address may belong to, the most likely first; none where it is no
    /// address. Takes a few seconds at most; `stop` ends it at once.
    pub fn find(&self, address: &str, stop: &Stop) -> Vec<FoundServers> {
        candidates(&self.0, address, stop, None)
    }
}

/// The servers that an address may belong to, the most likely first; none where it is no address.
/// Takes a few seconds at most; `stop` ends it at once.
pub fn find_servers(
    places: &Places,
    address: &str,
    stop: &Stop,
) -> Result<Vec<FoundServers>, SettingsError> {
    Ok(Servers::load(places)?.find(address, stop))
}

/// What kind of mailbox lies at this path, as far as its looks tell: a folder with `cur` and `new`
/// is a Maildir.
pub fn kind_of(path: &Path) -> Kind {
    match path.join("cur").is_dir() && path.join("new").is_dir() {
        true => Kind::Maildir,
        false => Kind::Files,
    }
}

fn candidates(
    known: &Providers,
    address: &str,
    stop: &Stop,
    server: Option<SocketAddr>,
) -> Vec<FoundServers> {
    let Some(domain) = domain_of(address) else {
        return Vec::new();
    };
    if let Some(provider) = known.of_domain(&domain) {
        return vec![of_provider(provider, address, FoundBy::Provider)];
    }
    let usual = ["imap", "mail"].map(|name| format!("{name}.{domain}"));
    let service = |name: &str| Question::Services(format!("_{name}._tcp.{domain}"));
    let questions = [
        service("imaps"),
        service("imap"),
        service("submissions"),
        service("submission"),
        Question::MailServers(domain.clone()),
        Question::Exists(usual[0].clone()),
        Question::Exists(usual[1].clone()),
    ];
    let answers = dns::ask(&questions, server, LONGEST, &|| stop.is_asked());
    let way = |at: usize, security| first_way(answers.get(at), security);
    let exists = |at: usize| matches!(answers.get(at), Some(Answer::Exists(true)));

    let smtp = way(2, Security::Tls).or_else(|| way(3, Security::Starttls));
    let mut found = Vec::new();
    for imap in [way(0, Security::Tls), way(1, Security::Starttls)]
        .into_iter()
        .flatten()
    {
        found.push(plain(imap, smtp.clone(), address, &domain, FoundBy::Domain));
    }
    if let Some(Answer::MailServers(servers)) = answers.get(4)
        && let Some(provider) = known.of_servers(servers)
    {
        found.push(of_provider(provider, address, FoundBy::Domain));
    }
    // Those that are there go first.
    let mut guesses = [(exists(5), &usual[0]), (exists(6), &usual[1])];
    guesses.sort_by_key(|(is_there, _)| !is_there);
    for (_, host) in guesses {
        let imap = Way {
            server: host.clone(),
            port: 993,
            security: Security::Tls,
        };
        found.push(plain(imap, smtp.clone(), address, &domain, FoundBy::Guess));
    }
    found
}

/// The domain of an address, as the domain name system has it (RFC 5890).
fn domain_of(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    match url::Host::parse(domain.trim_end_matches('.')).ok()? {
        url::Host::Domain(domain) if !local.is_empty() && domain.contains('.') => Some(domain),
        _ => None,
    }
}

fn first_way(answer: Option<&Answer>, security: Security) -> Option<Way> {
    let Some(Answer::Services(services)) = answer else {
        return None;
    };
    let Service { host, port, .. } = services.iter().find(|service| service.port != 0)?;
    Some(Way {
        server: host.clone(),
        port: *port,
        security,
    })
}

fn of_provider(provider: &Provider, address: &str, by: FoundBy) -> FoundServers {
    FoundServers {
        by,
        imap: provider.imap.clone(),
        smtp: Some(provider.smtp.clone()),
        user: provider.user_of(address.trim()),
        provider: Some(provider.name.clone()),
        sign_in: provider.sign_in,
        says: provider.says.clone(),
        steps: provider.steps.clone(),
        page: provider.page.clone(),
        elsewhere: false,
    }
}

fn plain(imap: Way, smtp: Option<Way>, address: &str, domain: &str, by: FoundBy) -> FoundServers {
    FoundServers {
        by,
        elsewhere: !is_within(&imap.server, domain),
        imap,
        smtp,
        user: address.trim().to_owned(),
        provider: None,
        sign_in: SignIn::Password,
        says: None,
        steps: Vec::new(),
        page: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    /// A name server that answers questions of one type with one answer, and no other.
    fn server(kind: u8, service: &'static [u8], data: Vec<u8>) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let at = socket.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let asked = &bytes[..length];
                let end = 12 + asked[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
                // The name's letters come back in the case in which they were sent.
                let is_it = asked[end - 3] == kind
                    && asked[12..end].to_ascii_lowercase().starts_with(service);
                let mut answer = asked[..2].to_vec();
                answer.extend([0x81, 0x80, 0, 1, 0, u8::from(is_it), 0, 0, 0, 0]);
                answer.extend(&asked[12..end]);
                if is_it {
                    answer.extend([0xc0, 0x0c, 0, kind, 0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
                    answer.extend(&data);
                }
                let _ = socket.send_to(&answer, from);
            }
        });
        at
    }

    fn name(text: &str) -> Vec<u8> {
        let mut bytes: Vec<u8> = text
            .split('.')
            .flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat())
            .collect();
        bytes.push(0);
        bytes
    }

    fn found(address: &str, server: SocketAddr) -> Vec<FoundServers> {
        let known = Providers::parse("").unwrap();
        candidates(&known, address, &Stop::default(), Some(server))
    }

    #[test]
    fn a_known_provider_is_asked_nobody_about() {
        let nobody = "127.0.0.1:9".parse().unwrap();
        let all = found("pat@gmail.com", nobody);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].imap.server, "imap.gmail.com");
        assert_eq!(
            (all[0].by, all[0].sign_in),
            (FoundBy::Provider, SignIn::AppPassword)
        );
        assert!(all[0].says.as_ref().unwrap().contains("app password"));
    }

    #[test]
    fn what_the_domain_says_comes_before_guesses() {
        let mut data = vec![0, 1, 0, 0];
        data.extend(1993u16.to_be_bytes());
        data.extend(name("mail.hoster.example"));
        let all = found("pat@acme.example", server(33, b"\x06_imaps", data));
        let hosts: Vec<_> = all
            .iter()
            .map(|one| (one.by, one.imap.server.as_str(), one.imap.port))
            .collect();
        assert_eq!(
            hosts,
            [
                (FoundBy::Domain, "mail.hoster.example", 1993),
                (FoundBy::Guess, "imap.acme.example", 993),
                (FoundBy::Guess, "mail.acme.example", 993),
            ]
        );
        assert!(all[0].elsewhere && !all[1].elsewhere);
        assert_eq!(all[0].user, "pat@acme.example");
    }

    #[test]
    fn who_keeps_the_mail_of_a_domain_is_known_by_its_mail_servers() {
        let mut data = vec![0, 1];
        data.extend(name("aspmx.l.google.com"));
        let all = found("pat@acme.example", server(15, b"\x04acme", data));
        assert_eq!(
            (all[0].by, all[0].provider.as_deref()),
            (FoundBy::Domain, Some("Gmail"))
        );
        assert_eq!(all[0].imap.server, "imap.gmail.com");
    }

    #[test]
    fn what_is_no_address_has_no_servers() {
        let nobody = "127.0.0.1:9".parse().unwrap();
        for odd in [
            "",
            "pat",
            "pat@",
            "@acme.example",
            "pat@localhost",
            "pat@127.0.0.1",
            "pat@a b.c",
        ] {
            assert_eq!(found(odd, nobody), [], "{odd}");
        }
    }

    #[test]
    fn with_no_answer_in_time_there_are_guesses_and_a_stop_is_heard() {
        let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
        let start = std::time::Instant::now();
        let all = found("pat@acme.example", silent.local_addr().unwrap());
        assert_eq!(all.len(), 2);
        assert!(start.elapsed() < LONGEST * 2, "{:?}", start.elapsed());
        let stop = Stop::default();
        stop.ask();
        let start = std::time::Instant::now();
        let known = Providers::parse("").unwrap();
        candidates(&known, "pat@acme.example", &stop, silent.local_addr().ok());
        assert!(start.elapsed() < LONGEST / 2, "{:?}", start.elapsed());
    }
}
