//! Getting into a real Dovecot: encryption, certificates, passwords, and what is told when it
//! does not work.

use crate::support::certs::Flaw;
use crate::support::dovecot::{Dovecot, Options};
use crate::support::free_port;
use postsweep::mailbox::imap::{self, Step};
use postsweep::mailbox::{Mailbox, MailboxError, Stop};
use postsweep::settings::account::{Security, Server};
use postsweep::settings::secret::Secret;
use std::time::Duration;

fn error(server: &Server) -> MailboxError {
    imap::open(server, &Dovecot::password(), &Stop::default()).unwrap_err()
}

#[test]
fn each_step_into_the_mailbox_is_told() {
    let dovecot = Dovecot::start();
    for (security, encrypted) in [
        (Security::Tls, Step::Encrypted),
        (Security::Starttls, Step::Encrypted),
        (Security::None, Step::InTheClear),
    ] {
        let mut steps = Vec::new();
        let server = dovecot.server("pat", security);
        let mut watch = |step| steps.push(step);
        let mut mailbox =
            imap::open_watched(&server, &Dovecot::password(), &Stop::default(), &mut watch)
                .unwrap();
        assert!(mailbox.list("INBOX").unwrap().is_empty());
        assert!(matches!(&steps[0], Step::Resolved(all) if !all.is_empty()));
        assert!(matches!(&steps[1], Step::Connected(at) if at.port() == server.port));
        assert_eq!(
            steps[2..],
            [encrypted, Step::SignedIn("PLAIN"), Step::Listed(2)]
        );
    }
}

#[test]
fn a_refused_certificate_is_explained_with_names_and_dates() {
    for (flaw, says) in [
        (
            Flaw::Expired,
            [
                "it expired on 2021-02-03",
                "names: localhost, 127.0.0.1",
                "CN=Postsweep test CA",
                "must renew",
            ],
        ),
        (
            Flaw::WrongName,
            [
                "it is not for `localhost`",
                "names: imap.example.com",
                "valid 2020-01-01 to 2199-01-01",
                "set `server`",
            ],
        ),
        (
            Flaw::UnknownIssuer,
            [
                "issuer is known neither to this system nor by `ca-file`",
                "CN=Nobody's CA",
                "valid 2020-01-01",
                "check that `ca-file`",
            ],
        ),
    ] {
        let dovecot = Dovecot::with(Options {
            flaw,
            ..Options::default()
        });
        for security in [Security::Tls, Security::Starttls] {
            let server = dovecot.server("pat", security);
            let error = error(&server);
            let text = error.to_string();
            assert!(matches!(error, MailboxError::Certificate { .. }), "{text}");
            assert!(text.starts_with(&server.name()), "{text}");
            for part in says {
                assert!(
                    text.contains(part),
                    "{flaw:?} {security:?}: `{part}` in: {text}"
                );
            }
        }
        // Nobody signed in over the connection that looked again.
        assert!(!dovecot.log().contains("user=<pat>"), "{}", dovecot.log());
    }
}

#[test]
fn without_the_accounts_ca_the_issuer_is_unknown() {
    let dovecot = Dovecot::start();
    let mut server = dovecot.server("pat", Security::Tls);
    server.ca_file = None;
    let text = error(&server).to_string();
    assert!(
        text.contains("its issuer is not known to this system"),
        "{text}"
    );
    assert!(text.contains("set `ca-file`"), "{text}");

    server.ca_file = Some("/nowhere/ca.pem".into());
    let text = error(&server).to_string();
    assert!(text.contains("/nowhere/ca.pem cannot be read"), "{text}");

    server.ca_file = Some(dovecot.certs.key.clone());
    let text = error(&server).to_string();
    assert!(text.contains("holds no certificate"), "{text}");
}

#[test]
fn a_wrong_password_is_refused_without_showing_it() {
    let dovecot = Dovecot::start();
    let wrong = Secret::new("correct horse \"battery\" \\staple ü".to_owned());
    for security in [Security::Tls, Security::Starttls, Security::None] {
        let error =
            imap::open(&dovecot.server("pat", security), &wrong, &Stop::default()).unwrap_err();
        assert!(
            matches!(&error, MailboxError::SignIn { user, .. } if user == "pat"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("horse"), "{error:?}");
        assert!(error.is_fatal() && !error.is_transient());
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_named() {
    let dovecot = Dovecot::start();
    let mut server = dovecot.server("pat", Security::Tls);
    server.connect_timeout = Duration::from_secs(3);

    server.host = "no-such-host.invalid".to_owned();
    let unknown = error(&server);
    assert!(
        matches!(unknown, MailboxError::Unreachable { .. }),
        "{unknown}"
    );
    assert!(
        unknown.to_string().contains("no-such-host.invalid"),
        "{unknown}"
    );
    assert!(unknown.to_string().contains("check `server`"), "{unknown}");

    server.host = "127.0.0.1".to_owned();
    server.port = free_port();
    let refused = error(&server);
    assert!(
        matches!(refused, MailboxError::Unreachable { .. }),
        "{refused}"
    );
    assert!(refused.to_string().contains(&server.name()), "{refused}");

    // The wrong kind of port: TLS where none is, and none where TLS is.
    server.port = dovecot.port;
    let plain = error(&server);
    assert!(matches!(plain, MailboxError::Unsupported { .. }), "{plain}");
    assert!(plain.to_string().contains("check `port`"), "{plain}");
    let mut server = dovecot.server("pat", Security::Starttls);
    server.port = dovecot.tls_port;
    server.io_timeout = Duration::from_secs(1);
    let silent = error(&server);
    assert!(
        matches!(
            silent,
            MailboxError::TimedOut { .. } | MailboxError::Lost { .. }
        ),
        "{silent}"
    );
}
