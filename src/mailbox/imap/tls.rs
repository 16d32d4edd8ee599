//! Encryption: the handshake, with the system's roots and the account's own, and why it failed.
//! A refused certificate is looked at once more over a connection that nothing is sent on; that
//! connection ends here, so nobody can sign in over it.

use super::certificate::Presented;
use super::connect::{self, Target};
use super::socket::Socket;
use crate::mailbox::{MailboxError, Stop};
use crate::settings::account::Server;
use native_tls::{
    Certificate, HandshakeError, Protocol, TlsConnector, TlsConnectorBuilder, TlsStream,
};

/// Encrypts a connection and checks who is at its other end.
pub(super) fn encrypt(
    socket: Socket,
    server: &Server,
    target: &Target,
) -> Result<TlsStream<Socket>, MailboxError> {
    let connector = builder(server)?;
    let stop = socket.stop().clone();
    match handshake(&connector, socket, server) {
        Ok(stream) => Ok(stream),
        Err(_) if stop.is_asked() => Err(MailboxError::Stopped),
        Err(reason) => Err(explain(server, target, reason, &stop)),
    }
}

/// TLS 1.2 or later, with the account's own CA beside the system's.
fn builder(server: &Server) -> Result<TlsConnectorBuilder, MailboxError> {
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(file) = &server.ca_file {
        let refuse = |reason: String| MailboxError::Certificate {
            server: server.name(),
            reason: format!("`ca-file` {} {reason}", file.display()),
        };
        let pem =
            std::fs::read(file).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let roots = Certificate::stack_from_pem(&pem)
            .map_err(|error| refuse(format!("holds no certificate in PEM form: {error}")))?;
        if roots.is_empty() {
            return Err(refuse("holds no certificate in PEM form".to_owned()));
        }
        for root in roots {
            builder.add_root_certificate(root);
        }
    }
    Ok(builder)
}

/// What went wrong in a handshake.
enum Failure {
    /// Nothing came in time.
    TimedOut,
    /// TLS or the system says this.
    Because(String),
}

fn handshake(
    builder: &TlsConnectorBuilder,
    socket: Socket,
    server: &Server,
) -> Result<TlsStream<Socket>, Failure> {
    let connector = builder
        .build()
        .map_err(|error| Failure::Because(error.to_string()))?;
    connector
        .connect(&connect::host(server), socket)
        .map_err(|error| match error {
            HandshakeError::Failure(error) => {
                let text = error.to_string();
                match text.contains("timed out") {
                    true => Failure::TimedOut,
                    false => Failure::Because(text),
                }
            }
            HandshakeError::WouldBlock(_) => Failure::TimedOut,
        })
}

/// Tells a refused certificate from a handshake that failed otherwise.
fn explain(server: &Server, target: &Target, failure: Failure, stop: &Stop) -> MailboxError {
    let refused = match failure {
        Failure::TimedOut => {
            return MailboxError::TimedOut {
                server: server.name(),
                seconds: server.io_timeout.as_secs().max(1),
            };
        }
        Failure::Because(reason) => reason,
    };
    match look(server, target, stop) {
        Some(presented) => MailboxError::Certificate {
            server: server.name(),
            reason: presented.objection(
                &connect::host(server),
                server.ca_file.as_deref(),
                &refused,
            ),
        },
        None => MailboxError::Unsupported {
            server: server.name(),
            reason: format!(
                "encryption could not be agreed on ({refused}): check `port` and `security` (usually 993 with \"tls\", 143 with \"starttls\"); TLS 1.2 is the oldest that is accepted"
            ),
        },
    }
}

/// Looks at the certificate that the server shows, with no check at all, and closes. It sends
/// nothing and hands out nothing but what the certificate says.
fn look(server: &Server, target: &Target, stop: &Stop) -> Option<Presented> {
    let socket = connect::bare(server, target, stop).ok()?;
    let mut unchecked = TlsConnector::builder();
    unchecked
        .min_protocol_version(Some(Protocol::Tlsv12))
        .danger_accept_invalid_certs(true)
        .danger_accept_invalid_hostnames(true);
    let stream = handshake(&unchecked, socket, server).ok()?;
    let certificate = stream.peer_certificate().ok()??;
    Presented::read(&certificate.to_der().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::account::Security;
    use crate::settings::secret::PasswordFrom;
    use native_tls::{Identity, TlsAcceptor};
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    /// A server whose certificate is for this name, up to a version of TLS; how a client that
    /// looks for `host` gets on with it.
    fn meet(host: &str, name: &str, most: Option<Protocol>) -> Result<(), MailboxError> {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        // Another name than a certificate's own default, or that would seem to sign itself.
        authority
            .distinguished_name
            .push(DnType::CommonName, "Postsweep test CA");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        let root = authority.self_signed(&key).unwrap();
        std::fs::write(&ca_file, root.pem()).unwrap();
        let issuer = Issuer::new(authority, key);
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let identity =
            Identity::from_pkcs8(certificate.pem().as_bytes(), key.serialize_pem().as_bytes());
        let acceptor = TlsAcceptor::builder(identity.unwrap())
            .min_protocol_version(None)
            .max_protocol_version(most)
            .build()
            .unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            // As often as it is asked: a refused certificate is looked at once more.
            for tcp in listener.incoming().flatten() {
                let _ = acceptor.accept(tcp);
            }
        });
        let server = Server {
            host: host.to_owned(),
            port: address.port(),
            security: Security::Tls,
            ca_file: Some(ca_file),
            user: None,
            password: PasswordFrom::Variable("UNUSED".to_owned()),
            connect_timeout: Duration::from_secs(10),
            io_timeout: Duration::from_secs(10),
            compress: None,
        };
        let tcp = TcpStream::connect(address).unwrap();
        let socket = Socket::new(tcp, server.io_timeout, &Stop::default()).unwrap();
        encrypt(socket, &server, &Target::new(address)).map(drop)
    }

    #[test]
    fn the_certificate_must_be_for_the_host_in_whatever_letters_it_is_written() {
        for (host, name, fits) in [
            ("imap.example.test", "imap.example.test", true),
            ("IMAP.Example.test", "imap.example.test", true),
            ("imap.ex\u{e4}mple.test", "imap.xn--exmple-cua.test", true),
            ("imap.EX\u{c4}MPLE.test", "imap.xn--exmple-cua.test", true),
            ("imap.xn--exmple-cua.test", "imap.xn--exmple-cua.test", true),
            ("\u{90f5}\u{4fbf}.test", "xn--wtqs30n.test", true),
            ("imap.ex\u{e4}mple.test", "imap.example.test", false),
            ("imap.example.test", "imap.example.org", false),
            ("imap.example.test", "*.example.test", true),
            ("imap.ex\u{e4}mple.test", "*.xn--exmple-cua.test", true),
            ("a.imap.example.test", "*.example.test", false),
            ("example.test", "*.example.test", false),
            ("imap.example.test", "im*.example.test", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.2", "127.0.0.1", false),
        ] {
            match meet(host, name, None) {
                Ok(()) => assert!(fits, "{host} with the certificate of {name}"),
                Err(MailboxError::Certificate { reason, .. }) => {
                    assert!(!fits, "{host} with the certificate of {name}: {reason}");
                    assert!(reason.contains(name), "{reason}");
                }
                Err(error) => panic!("{host} with the certificate of {name}: {error}"),
            }
        }
    }

    #[test]
    fn nothing_older_than_tls_1_2_is_spoken() {
        let name = "imap.example.test";
        assert!(meet(name, name, Some(Protocol::Tlsv12)).is_ok());
        let error = meet(name, name, Some(Protocol::Tlsv11)).unwrap_err();
        assert!(matches!(error, MailboxError::Unsupported { .. }), "{error}");
        assert!(
            error.to_string().contains("TLS 1.2 is the oldest"),
            "{error}"
        );
    }
}
