//! A stop ends what is read within a second and cuts no change short.

use crate::support::scripted::{Act, Script};
use postsweep::mailbox::imap;
use postsweep::mailbox::{Mailbox, MailboxError, Part, Relocation, Stop};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Asks for a stop in a while; returns when that will be.
fn stop_soon(stop: &Stop) -> Instant {
    let (stop, wait) = (stop.clone(), Duration::from_millis(400));
    std::thread::spawn(move || {
        std::thread::sleep(wait);
        stop.ask();
    });
    Instant::now() + wait
}

/// Reads all that is read in a sweep.
fn read(script: Script, security: Security, stop: &Stop) -> Result<(), MailboxError> {
    let mut server = script.start().server(security);
    server.io_timeout = Duration::from_secs(20);
    let mut mailbox = imap::open(&server, &Secret::new("hunter2".to_owned()), stop)?;
    mailbox.folders()?;
    let entries = mailbox.list("INBOX")?;
    let mut each = |_| ControlFlow::Continue(());
    mailbox.fetch("INBOX", &entries, Part::Whole, &mut each)?;
    mailbox.download("INBOX", &entries[0].place, &mut Vec::new())?;
    mailbox.find("INBOX", Some("<1@example.com>"), &entries[0].place)?;
    Ok(())
}

#[test]
fn a_stop_ends_every_wait_for_something_to_read() {
    let silent = |command: &str| Script::new().on(command, vec![Act::Hang]);
    let mut cases = vec![
        (
            "the greeting",
            Script::new().greeting(vec![Act::Hang]),
            Security::None,
        ),
        (
            "the handshake",
            Script::new().greeting(vec![Act::Hang]),
            Security::Tls,
        ),
        (
            "data that never ends to come",
            Script::new().on(
                "UID FETCH 11:12 (UID BODY",
                vec![Act::Again(
                    b"* 1 FETCH (UID 9 BODY[] {3}\r\nabc)\r\n".to_vec(),
                    5,
                )],
            ),
            Security::None,
        ),
    ];
    for command in [
        "CAPABILITY",
        "AUTHENTICATE",
        "LIST",
        "EXAMINE",
        "UID FETCH",
        "UID SEARCH",
    ] {
        cases.push((command, silent(command), Security::None));
    }
    std::thread::scope(|scope| {
        for (name, script, security) in cases {
            scope.spawn(move || {
                let stop = Stop::default();
                let asked = stop_soon(&stop);
                let outcome = read(script, security, &stop);
                let late = asked.elapsed();
                assert!(
                    matches!(outcome, Err(MailboxError::Stopped)),
                    "{name}: {outcome:?}"
                );
                assert!(late < Duration::from_secs(1), "{name}: {late:?}");
            });
        }
    });
}

#[test]
fn a_change_runs_to_its_end_though_a_stop_is_asked_for() {
    let done = b"* OK [COPYUID 7 11:12 11:12] moved\r\nTAG OK done\r\n".to_vec();
    let scripted = Script::new()
        .on("UID MOVE", vec![Act::Drip(done, 20)])
        .start();
    let stop = Stop::default();
    let server = scripted.server(Security::None);
    let mut mailbox = imap::open(&server, &Secret::new("hunter2".to_owned()), &stop).unwrap();
    let entries = mailbox.list("INBOX").unwrap();
    stop_soon(&stop);
    let moved = mailbox.relocate("INBOX", &entries, "Junk").unwrap();
    assert!(stop.is_asked(), "the server was too quick");
    for one in &moved {
        assert!(
            matches!(one.outcome, Relocation::Moved { to: Some(_), .. }),
            "{one:?}"
        );
    }
    // And then nothing more is read.
    let error = mailbox.list("INBOX").unwrap_err();
    assert!(matches!(error, MailboxError::Stopped), "{error}");
    assert!(error.is_fatal() && !error.is_transient());
}
