//! TLS for outgoing mail: the system's trust store, and a CA of the user's own beside it. There
//! is no way to accept just anything.

use super::super::OutboxError;
use crate::settings::Server;
use native_tls::{Certificate, HandshakeError, Protocol, TlsConnector, TlsStream};
use std::net::TcpStream;

/// Shakes hands, checking the certificate against the host's name.
pub(super) fn handshake(
    server: &Server,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, OutboxError> {
    let connector = connector(server)?;
    connector
        .connect(&server.host, stream)
        .map_err(|error| explain(server, error))
}

fn connector(server: &Server) -> Result<TlsConnector, OutboxError> {
    let unusable = |error: native_tls::Error| OutboxError::Unsupported {
        server: server.name(),
        reason: format!("the system's TLS cannot be used: {error}"),
    };
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(path) = &server.ca_file {
        let failed = |source| OutboxError::File {
            path: path.display().to_string(),
            source,
        };
        let pem = std::fs::read(path).map_err(failed)?;
        let certificates = Certificate::stack_from_pem(&pem).unwrap_or_default();
        if certificates.is_empty() {
            return Err(failed(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "holds no certificate in PEM form",
            )));
        }
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(unusable)
}

fn explain(server: &Server, error: HandshakeError<TcpStream>) -> OutboxError {
    let name = server.name();
    let error = match error {
        HandshakeError::Failure(error) => error,
        HandshakeError::WouldBlock(_) => {
            let seconds = server.io_timeout.as_secs();
            let reason = format!("no answer to the TLS handshake within {seconds} s");
            return OutboxError::Unreachable {
                server: name,
                reason,
            };
        }
    };
    // native-tls has no kinds of errors, and hands over no certificate that it refuses.
    let reason = error.to_string();
    let lower = reason.to_lowercase();
    if ["certificate", "trust", "hostname", "chain"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return OutboxError::Certificate {
            server: name,
            reason,
        };
    }
    if [
        "wrong version",
        "packet length",
        "http request",
        "unknown protocol",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        return OutboxError::Unsupported {
            server: name,
            reason: "speaks no TLS on this port: it may be the one for security = \"starttls\""
                .to_owned(),
        };
    }
    OutboxError::Unreachable {
        server: name,
        reason,
    }
}
