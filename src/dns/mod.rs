//! Questions to the domain name system that the system's own look-up does not answer: which
//! servers a domain names for a service (SRV), and which take its mail (MX). Every question has an
//! end, and an answer is data from strangers: bounded, and believed by nobody here.

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::{Resolver, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Most answers to one question that are looked at.
const ANSWERS: usize = 16;
/// How often a wait looks up, to see whether it is over.
const SLICE: Duration = Duration::from_millis(50);

/// A server that a domain names for a service (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// The lower, the sooner it is asked.
    pub priority: u16,
    /// Its name, without a dot at the end.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The servers of a service: `_imaps._tcp.example.com`.
    Services(String),
    /// The servers that take a domain's mail.
    MailServers(String),
    /// Whether a host has an address.
    Exists(String),
}

/// What came back; nothing where nothing was known in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The first to ask first.
    Services(Vec<Service>),
    /// Their names, the first to ask first.
    MailServers(Vec<String>),
    /// Whether it has one.
    Exists(bool),
}

/// Asks all at once and waits for the answers, at most this long, or until `is_over`. `server` is
/// asked instead of those that the system is set to.
pub fn ask(
    questions: &[Question],
    server: Option<SocketAddr>,
    longest: Duration,
    is_over: &dyn Fn() -> bool,
) -> Vec<Answer> {
    let nothing = |question: &Question| match question {
        Question::Services(_) => Answer::Services(Vec::new()),
        Question::MailServers(_) => Answer::MailServers(Vec::new()),
        Question::Exists(_) => Answer::Exists(false),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        return questions.iter().map(nothing).collect();
    };
    runtime.block_on(async {
        let Some(resolver) = resolver(server, longest) else {
            return questions.iter().map(nothing).collect();
        };
        let mut asked = Vec::new();
        for question in questions {
            let (resolver, question) = (resolver.clone(), question.clone());
            asked.push(tokio::spawn(async move {
                let answer = answer(&resolver, &question);
                tokio::time::timeout(longest, answer).await.ok().flatten()
            }));
        }
        let mut answers = Vec::new();
        for (question, answer) in questions.iter().zip(asked) {
            let answer = until(answer, is_over).await;
            answers.push(answer.unwrap_or_else(|| nothing(question)));
        }
        answers
    })
}

async fn until(
    mut asked: JoinHandle<Option<Answer>>,
    is_over: &dyn Fn() -> bool,
) -> Option<Answer> {
    while !is_over() {
        if let Ok(answered) = tokio::time::timeout(SLICE, &mut asked).await {
            return answered.ok().flatten();
        }
    }
    None
}

fn resolver(server: Option<SocketAddr>, longest: Duration) -> Option<TokioResolver> {
    let mut builder = match server {
        None => Resolver::builder_tokio().ok()?,
        Some(server) => {
            let mut connection = ConnectionConfig::udp();
            connection.port = server.port();
            let server = NameServerConfig::new(server.ip(), true, vec![connection]);
            let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
            Resolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    options.timeout = longest / 2;
    options.attempts = 1;
    builder.build().ok()
}

async fn answer(resolver: &TokioResolver, question: &Question) -> Option<Answer> {
    // With a dot at its end a name is whole, and the system's search list is left alone.
    let whole = |name: &str| format!("{}.", name.trim_end_matches('.'));
    Some(match question {
        Question::Services(name) => {
            let found = resolver.srv_lookup(whole(name)).await.ok()?;
            let mut services: Vec<Service> = found
                .answers()
                .iter()
                .take(ANSWERS)
                .filter_map(|record| match &record.data {
                    RData::SRV(srv) => Some(Service {
                        priority: srv.priority,
                        host: name_of(&srv.target)?,
                        port: srv.port,
                    }),
                    _ => None,
                })
                .collect();
            services.sort();
            Answer::Services(services)
        }
        Question::MailServers(domain) => {
            let found = resolver.mx_lookup(whole(domain)).await.ok()?;
            let mut servers: Vec<(u16, String)> = found
                .answers()
                .iter()
                .take(ANSWERS)
                .filter_map(|record| match &record.data {
                    RData::MX(mx) => Some((mx.preference, name_of(&mx.exchange)?)),
                    _ => None,
                })
                .collect();
            servers.sort();
            Answer::MailServers(servers.into_iter().map(|(_, name)| name).collect())
        }
        Question::Exists(host) => {
            let found = resolver.lookup_ip(whole(host)).await.ok()?;
            Answer::Exists(found.iter().next().is_some())
        }
    })
}

/// A name that may be shown and connected to; the root alone says "none here" (RFC 2782).
fn name_of(name: &hickory_resolver::proto::rr::Name) -> Option<String> {
    let name = name.to_ascii().trim_end_matches('.').to_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!name.is_empty() && name.len() < 254 && name.chars().all(fits)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::time::Instant;

    const LONGEST: Duration = Duration::from_secs(3);

    /// A name server on loopback that answers each question with what `says` makes of it.
    fn server(says: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + 'static) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let at = socket.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                if let Some(answer) = says(&bytes[..length]) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        at
    }

    /// The question with these answers to it, each of its type (RFC 1035 section 4).
    fn answered(asked: &[u8], answers: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let name = asked[12..].iter().position(|byte| *byte == 0).unwrap();
        let question = &asked[12..12 + name + 5];
        let mut bytes = asked[..2].to_vec();
        bytes.extend([0x81, 0x80, 0, 1, 0, answers.len() as u8, 0, 0, 0, 0]);
        bytes.extend(question);
        for (kind, data) in answers {
            bytes.extend([0xc0, 0x0c]);
            bytes.extend(kind.to_be_bytes());
            bytes.extend([0, 1, 0, 0, 0, 60]);
            bytes.extend((data.len() as u16).to_be_bytes());
            bytes.extend(data);
        }
        bytes
    }

    fn name(text: &str) -> Vec<u8> {
        let labels = text.split('.').filter(|label| !label.is_empty());
        let mut bytes: Vec<u8> = labels
            .flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat())
            .collect();
        bytes.push(0);
        bytes
    }

    fn srv(priority: u16, port: u16, host: &str) -> (u16, Vec<u8>) {
        let mut data = priority.to_be_bytes().to_vec();
        data.extend([0, 0]);
        data.extend(port.to_be_bytes());
        data.extend(name(host));
        (33, data)
    }

    fn services(answer: &Answer) -> Vec<(&str, u16)> {
        match answer {
            Answer::Services(all) => all
                .iter()
                .map(|one| (one.host.as_str(), one.port))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn services_come_by_priority_and_the_root_alone_is_none() {
        let at = server(|asked| {
            let answers = [
                srv(20, 1993, "b.example.com"),
                srv(10, 993, "A.example.com"),
                srv(0, 0, ""),
            ];
            Some(answered(asked, &answers))
        });
        let asked = [Question::Services("_imaps._tcp.example.com".to_owned())];
        let answers = ask(&asked, Some(at), LONGEST, &|| false);
        assert_eq!(
            services(&answers[0]),
            [("a.example.com", 993), ("b.example.com", 1993)]
        );
    }

    #[test]
    fn mail_servers_and_hosts_are_told() {
        let at = server(|asked| {
            let kind = asked[asked.len().saturating_sub(15)..]
                .windows(2)
                .any(|two| two == [0, 15]);
            let mut mx = vec![0, 10];
            mx.extend(name("mx.example.net"));
            let is_mx = kind || asked.windows(4).any(|four| four == [0, 15, 0, 1]);
            Some(match is_mx {
                true => answered(asked, &[(15, mx)]),
                false => answered(asked, &[(1, vec![192, 0, 2, 1])]),
            })
        });
        let asked = [
            Question::MailServers("example.com".to_owned()),
            Question::Exists("imap.example.com".to_owned()),
        ];
        let answers = ask(&asked, Some(at), LONGEST, &|| false);
        assert_eq!(
            answers[0],
            Answer::MailServers(vec!["mx.example.net".to_owned()])
        );
        assert_eq!(answers[1], Answer::Exists(true));
    }

    #[test]
    fn odd_answers_and_none_are_nothing_in_time() {
        let asked = [
            Question::Services("_imaps._tcp.example.com".to_owned()),
            Question::Services("..".to_owned()),
            Question::Exists("a b\u{202e}".to_owned()),
        ];
        type Says = fn(&[u8]) -> Option<Vec<u8>>;
        let odd: [Says; 4] = [
            |_| None,
            |_| Some(vec![0xff; 512]),
            |asked| Some(asked[..2].to_vec()),
            |asked| Some(answered(asked, &[(33, vec![0, 1])])),
        ];
        for says in odd {
            let start = Instant::now();
            let longest = Duration::from_millis(400);
            let answers = ask(&asked, Some(server(says)), longest, &|| false);
            assert!(services(&answers[0]).is_empty());
            assert_eq!(answers[2], Answer::Exists(false));
            assert!(
                start.elapsed() < Duration::from_secs(3),
                "{:?}",
                start.elapsed()
            );
        }
    }

    #[test]
    fn a_wait_that_is_over_ends() {
        let start = Instant::now();
        let asked = [Question::Services("_imaps._tcp.example.com".to_owned())];
        ask(
            &asked,
            Some(server(|_| None)),
            Duration::from_secs(30),
            &|| true,
        );
        assert!(
            start.elapsed() < Duration::from_secs(3),
            "{:?}",
            start.elapsed()
        );
    }
}
