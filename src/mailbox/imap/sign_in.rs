//! Sign-in with a user and a password, by what the server offers. The password goes to the `imap`
//! crate and nowhere else: what the server says is searched for it before anyone sees it.

use super::adapter::{Adapter, Line};
use super::connect::Capabilities;
use crate::mailbox::MailboxError;
use crate::mailbox::names;
use crate::settings::account::Server;
use crate::settings::secret::Secret;

/// What a sign-in brings.
pub(super) struct SignedIn {
    /// The crate's session.
    pub(super) session: imap::Session<Adapter>,
    /// The mechanism's name.
    pub(super) mechanism: &'static str,
    /// What the server can do for this user, where it says so by itself.
    pub(super) capabilities: Option<Capabilities>,
}

/// Signs in.
pub(super) fn sign_in(
    line: &Line,
    server: &Server,
    password: &Secret,
    capabilities: &Capabilities,
) -> Result<SignedIn, MailboxError> {
    let user = server.user.clone().unwrap_or_default();
    let mechanism = choose(server, capabilities)?;
    let mut client = imap::Client::new(Adapter::new(line.clone(), capabilities.has("SASL-IR")));
    client.greeting_read = true;
    let result = match mechanism {
        "PLAIN" => {
            let plain = Plain {
                user: &user,
                password,
            };
            client.authenticate("PLAIN", &plain)
        }
        _ => client.login(&user, password.expose()),
    };
    if let Ok(session) = result {
        let outcome = line.outcome().and_then(Result::ok);
        let in_code = outcome.as_ref().and_then(Capabilities::in_code);
        return Ok(SignedIn {
            session,
            mechanism,
            capabilities: in_code.or(line.lock().capabilities.take()),
        });
    }
    let reason = match line.outcome() {
        Some(Err(error)) => return Err(error),
        Some(Ok(completion)) => completion.reason(),
        // The crate refuses to send what would break its line.
        None => "the user or the password holds a line break".to_owned(),
    };
    Err(MailboxError::SignIn {
        server: server.name(),
        reason: without(&reason, &user, password),
        user,
    })
}

/// AUTHENTICATE PLAIN before LOGIN, since it can carry any password (RFC 4616, RFC 3501 section
/// 6.2.3).
fn choose(server: &Server, capabilities: &Capabilities) -> Result<&'static str, MailboxError> {
    if capabilities.has("AUTH=PLAIN") {
        Ok("PLAIN")
    } else if !capabilities.has("LOGINDISABLED") {
        Ok("LOGIN")
    } else {
        Err(MailboxError::Unsupported {
            server: server.name(),
            reason: "it offers neither AUTHENTICATE PLAIN nor LOGIN over this connection: if security is \"none\", use \"tls\"; else ask the provider for an app password or IMAP access".to_owned(),
        })
    }
}

/// The text with nothing of the secret in it, should the server repeat what it was sent.
fn without(text: &str, user: &str, password: &Secret) -> String {
    let secret = password.expose();
    if secret.is_empty() {
        return text.to_owned();
    }
    let quoted = secret.replace('\\', "\\\\").replace('"', "\\\"");
    let encoded = names::base64(&Plain { user, password }.text());
    let mut text = text.to_owned();
    for sent in [encoded.as_str(), &quoted, secret] {
        text = text.replace(sent, "…");
    }
    // What follows may have been cut in the middle of the secret.
    text.chars().take(150).collect()
}

struct Plain<'a> {
    user: &'a str,
    password: &'a Secret,
}

impl Plain<'_> {
    /// What PLAIN sends (RFC 4616 section 2).
    fn text(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let text = format!("\0{}\0{}", self.user, self.password.expose());
        zeroize::Zeroizing::new(text.into_bytes())
    }
}

impl imap::Authenticator for Plain<'_> {
    type Response = zeroize::Zeroizing<Vec<u8>>;

    fn process(&self, _challenge: &[u8]) -> Self::Response {
        self.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_sent_is_repeated() {
        let password = Secret::new("hunt\"er\\2".to_owned());
        for said in [
            "bad LOGIN pat hunt\"er\\2",
            "bad LOGIN \"pat\" \"hunt\\\"er\\\\2\"",
            "cannot decode AHBhdABodW50ImVyXDI=",
        ] {
            let shown = without(said, "pat", &password);
            assert!(shown.contains('…'), "{shown}");
            assert!(
                !shown.contains("hunt") && !shown.contains("AHBh"),
                "{shown}"
            );
        }
    }
}
