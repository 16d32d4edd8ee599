//! Connecting and signing in.

use super::Start;
use super::support::certs::{self, Flaw};
use super::support::real::{self, Setup};
use postsweep::mailbox::imap;
use postsweep::mailbox::{Mailbox, MailboxError, Stop};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;

pub fn both_ways_of_encryption_and_a_wrong_password(start: Start) {
    let server = start(Setup::default());
    for security in [Security::Tls, Security::Starttls, Security::None] {
        let mut mailbox = imap::open(
            &server.server(security),
            &real::password(),
            &Stop::default(),
        )
        .unwrap_or_else(|error| panic!("{security:?}: {error}\n{}", server.log()));
        assert_eq!(mailbox.list("INBOX").unwrap(), [], "{security:?}");

        let wrong = Secret::new("wrong".to_owned());
        let error = imap::open(&server.server(security), &wrong, &Stop::default()).unwrap_err();
        assert!(
            matches!(&error, MailboxError::SignIn { user, .. } if user == real::USER),
            "{security:?}: {error}"
        );
        assert!(!error.is_transient(), "{error}");
    }
    // Somebody else's CA.
    let folder = tempfile::tempdir().unwrap();
    let other = certs::write(folder.path(), Flaw::None);
    for security in [Security::Tls, Security::Starttls] {
        let mut reach = server.server(security);
        reach.ca_file = Some(other.ca.clone());
        let error = imap::open(&reach, &real::password(), &Stop::default()).unwrap_err();
        assert!(matches!(error, MailboxError::Certificate { .. }), "{error}");
    }
}
