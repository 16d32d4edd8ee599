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
