//! Letters by SMTP (RFC 5321), as a mail program submits them (RFC 6409): protected as the
//! settings demand, signed in, and the size asked first, so that a letter that is too large is
//! not sent in vain. A letter is taken or it is not; where the answer was lost, that is said.

mod connection;
mod tls;

use super::mime::{self, Encoded};
use super::{Outbox, OutboxError};
use crate::mail::Letter;
use crate::settings::{Secret, Server};
use connection::{Connection, Reply};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::MailParameter;
use std::fmt;
use std::time::Duration;

/// How long the answer to a whole letter may take (RFC 5321 section 4.5.3.2.6): a server that
/// scans it takes its time, and whoever gives up earlier sends it twice.
const ANSWER_TO_LETTER: Duration = Duration::from_secs(600);

/// A server for outgoing mail.
pub struct SmtpOutbox {
    server: Server,
    password: Option<Secret>,
    /// `None` once it was lost; the next letter connects anew.
    connection: Option<Connection>,
}

impl fmt::Debug for SmtpOutbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SmtpOutbox")
            .field(&self.server.name())
            .finish()
    }
}

impl SmtpOutbox {
    /// Connects, protects the connection as the settings demand, and signs in where they name a
    /// user.
    pub fn connect(server: &Server, password: Option<&Secret>) -> Result<Self, OutboxError> {
        let connection = Connection::open(server, password)?;
        Ok(SmtpOutbox {
            server: server.clone(),
            password: password.cloned(),
            connection: Some(connection),
        })
    }

    /// The connection, made anew where the server has ended it meanwhile.
    fn connection(&mut self) -> Result<Connection, OutboxError> {
        if let Some(mut connection) = self.connection.take()
            && connection.command(Noop).is_ok_and(|reply| reply.is_ok())
        {
            return Ok(connection);
        }
        Connection::open(&self.server, self.password.as_ref())
    }

    fn refused(&self, reply: &Reply) -> OutboxError {
        OutboxError::Refused {
            server: self.server.name(),
            reason: reply.to_string(),
            transient: reply.is_transient(),
        }
    }

    /// Sends one letter over a connection that has none in hand.
    fn deliver(&self, connection: &mut Connection, letter: &Encoded) -> Result<Reply, OutboxError> {
        let size = letter.bytes.len();
        let sized = connection.takes_size().then_some(MailParameter::Size(size));
        let mail = Mail::new(Some(letter.from.clone()), sized.into_iter().collect());
        let rcpt = Rcpt::new(letter.to.clone(), Vec::new());
        for reply in [connection.command(mail), connection.command(rcpt)] {
            let reply = reply?;
            if !reply.is_ok() {
                return Err(self.refused(&reply));
            }
        }
        let reply = connection.command(Data)?;
        if !reply.goes_on() {
            return Err(self.refused(&reply));
        }
        connection.write_letter(&letter.bytes)?;
        let wait = self.server.io_timeout.max(ANSWER_TO_LETTER);
        let reply = connection.end_letter(wait)?;
        match reply.is_ok() {
            true => Ok(reply),
            false => Err(self.refused(&reply)),
        }
    }
}

impl Outbox for SmtpOutbox {
    fn limit(&mut self) -> Result<Option<u64>, OutboxError> {
        let connection = self.connection()?;
        let limit = connection.limit();
        self.connection = Some(connection);
        Ok(limit)
    }

    /// Sends a letter; returns the server's answer.
    fn send(&mut self, letter: &Letter) -> Result<String, OutboxError> {
        let encoded = mime::encode(letter)?;
        let size = encoded.bytes.len() as u64;
        let mut connection = self.connection()?;
        if let Some(limit) = connection.limit().filter(|limit| size > *limit) {
            self.connection = Some(connection);
            return Err(OutboxError::TooLarge {
                server: self.server.name(),
                limit,
                size,
            });
        }
        let delivered = self.deliver(&mut connection, &encoded);
        let usable = match &delivered {
            Ok(_) => true,
            // What was begun is taken back, so that the next letter begins afresh.
            Err(OutboxError::Refused { .. }) => {
                connection.command(Rset).is_ok_and(|reply| reply.is_ok())
            }
            Err(_) => false,
        };
        if usable {
            self.connection = Some(connection);
        }
        delivered.map(|reply| reply.to_string())
    }
}

impl Drop for SmtpOutbox {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.quit();
        }
    }
}
