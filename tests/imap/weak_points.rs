//! Answers that break the `imap` crate, or would break any careless reader: each must end within
//! seconds, with what can be had or with a clear error, and never with a panic.

use crate::support::scripted::{Act, MESSAGES, Script};
use postsweep::mail::{Flags, Place};
use postsweep::mailbox::imap;
use postsweep::mailbox::{Folder, Mailbox, MailboxError, Part, Relocation, Stop};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

/// What a whole walk through a mailbox brought.
#[derive(Debug, Default)]
struct Walk {
    folders: Vec<Folder>,
    listed: Vec<Flags>,
    fetched: Vec<(Place, Vec<u8>)>,
    downloaded: Option<Vec<u8>>,
    found: usize,
    moved: Vec<Relocation>,
}

impl Walk {
    /// Whether everything was had as from an ordinary server.
    fn is_whole(&self) -> bool {
        self.folders.len() == 2
            && self.listed.len() == 2
            && self.has_messages()
            && self.found == 1
            && self.moved.len() == 2
            && self.moved.iter().all(
                |one| matches!(one, Relocation::Moved { to: Some(_), notes } if notes.is_empty()),
            )
    }

    fn has_messages(&self) -> bool {
        let bytes: Vec<&[u8]> = self
            .fetched
            .iter()
            .map(|(_, bytes)| bytes.as_slice())
            .collect();
        bytes == MESSAGES.map(str::as_bytes)
            && self.downloaded.as_deref() == Some(MESSAGES[0].as_bytes())
    }
}

/// Does everything that a sweep does.
fn walk(script: Script, patience: Duration) -> Result<Walk, MailboxError> {
    let scripted = script.start();
    let mut server = scripted.server(Security::None);
    server.io_timeout = patience;
    let password = Secret::new("hunter2".to_owned());
    let mut walk = Walk::default();
    let mut mailbox = imap::open(&server, &password, &Stop::default())?;
    walk.folders = mailbox.folders()?;
    let entries = mailbox.list("INBOX")?;
    walk.listed = entries.iter().map(|entry| entry.flags.clone()).collect();
    mailbox.fetch("INBOX", &entries, Part::Whole, &mut |fetched| {
        walk.fetched.push((fetched.place, fetched.bytes));
        ControlFlow::Continue(())
    })?;
    let first = Place::Uid {
        validity: 7,
        uid: 11,
    };
    let mut sink = Vec::new();
    if mailbox.download("INBOX", &first, &mut sink)? {
        walk.downloaded = Some(sink);
    }
    walk.found = mailbox
        .find("INBOX", Some("<1@example.com>"), &first)?
        .len();
    let moved = mailbox.relocate("INBOX", &entries, "Junk")?;
    walk.moved = moved.into_iter().map(|moved| moved.outcome).collect();
    Ok(walk)
}

type Outcome = Result<Walk, MailboxError>;

struct Case {
    name: &'static str,
    script: Script,
    is_right: fn(&Outcome) -> bool,
}

fn case(name: &'static str, script: Script, is_right: fn(&Outcome) -> bool) -> Case {
    Case {
        name,
        script,
        is_right,
    }
}

fn whole(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(Walk::is_whole)
}

fn lost(outcome: &Outcome) -> bool {
    matches!(outcome, Err(MailboxError::Lost { .. }))
}

fn timed_out(outcome: &Outcome) -> bool {
    matches!(outcome, Err(MailboxError::TimedOut { .. }))
}

fn throttled(outcome: &Outcome) -> bool {
    matches!(outcome, Err(error @ MailboxError::Throttled { .. }) if error.is_transient())
}

fn refused(outcome: &Outcome) -> bool {
    matches!(outcome, Err(MailboxError::Refused { .. }))
}

/// Lines that `imap-proto` cannot read, or that the crate cannot take at the time, may come with
/// any command.
const UNREADABLE: &[(&str, &[u8])] = &[
    ("NAMESPACE", b"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
    ("ESEARCH", b"* ESEARCH (TAG \"x\") UID ALL 2,10:11\r\n"),
    ("SEARCH with MODSEQ", b"* SEARCH (MODSEQ 917162500)\r\n"),
    (
        "FETCH of something unknown",
        b"* 1 FETCH (UID 11 X-NEW (a {3}\r\nb)c \"d\"))\r\n",
    ),
    (
        "EMAILID",
        b"* 1 FETCH (UID 11 EMAILID (M6d99ac3275bb4e))\r\n",
    ),
    ("8-bit flags", b"* FLAGS (\\Seen M\xfcll)\r\n"),
    ("text that is not UTF-8 in NO", b"* NO M\xfcll \xff\xfe\r\n"),
    ("BAD", b"* BAD something\r\n"),
    ("NO", b"* NO [ALERT] disk almost full\r\n"),
    (
        "literal8",
        b"* 1 FETCH (UID 11 X-BINARY ~{4}\r\n\0\r\n\xff)\r\n",
    ),
    ("an empty line", b"\r\n"),
    ("a line feed alone", b"\n"),
    ("nothing but a star", b"*\r\n* \r\n"),
    (
        "VANISHED",
        b"* VANISHED (EARLIER) 41,43:116,118\r\n* VANISHED 3\r\n",
    ),
    (
        "FETCH unasked",
        b"* 9 FETCH (FLAGS (\\Seen))\r\n* 8 FETCH (UID 99 FLAGS ())\r\n",
    ),
    ("EXPUNGE, EXISTS", b"* 9 EXPUNGE\r\n* 3 RECENT\r\n"),
    ("NUL bytes", b"* OK a\0b\0\r\n\0\0\0\r\n"),
    ("another command's end", b"zz9 OK done\r\na77 NO no\r\n"),
    (
        "braces in text",
        b"* OK see {12}\r\n* NO see {99999999999}\r\n",
    ),
    (
        "parentheses that do not match",
        b"* 1 FETCH (((UID 11\r\n* LIST (\"/\r\n* )))\r\n",
    ),
    (
        "deep nesting",
        b"* X ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n",
    ),
    ("a request to go on that nobody waits for", b"+ what?\r\n"),
    (
        "numbers out of range",
        b"* 99999999999999999999 EXISTS\r\n* OK [UIDNEXT -1] x\r\n",
    ),
    ("CAPABILITY unasked", b"* CAPABILITY IMAP4rev1 X\r\n"),
];

/// The commands of a walk. AUTHENTICATE stands for itself below.
const COMMANDS: &[&str] = &[
    "CAPABILITY",
    "NAMESPACE",
    "LIST",
    "EXAMINE",
    "SELECT",
    "UID FETCH 1:*",
    "UID SEARCH",
    "UID MOVE",
];

fn unreadable() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, line) in UNREADABLE {
        let mut script = Script::new();
        for command in COMMANDS {
            script = match *command {
                "UID FETCH 1:*" => script.say(command, [line, usual_listing().as_slice()].concat()),
                _ => script.before(command, line),
            };
        }
        cases.push(case(name, script, whole));
    }
    cases
}

fn usual_listing() -> Vec<u8> {
    crate::support::scripted::usual("UID FETCH 1:* (UID FLAGS")
}

fn odd_answers() -> Vec<Case> {
    let body = "UID FETCH 11:12 (UID BODY";
    let one = "UID FETCH 11 (UID BODY";
    vec![
        case("an ordinary server", Script::new(), whole),
        case(
            "every line without its CR",
            Script::new().say("LIST", "* LIST () \"/\" INBOX\n* LIST () \"/\" Junk\nTAG OK\n"),
            whole,
        ),
        case(
            "COPYUID in the last line",
            Script::new().say("UID MOVE", "* 1 EXPUNGE\r\nTAG OK [COPYUID 7 11:12 11:12] done\r\n"),
            whole,
        ),
        case(
            "COPYUID message by message",
            Script::new().say("UID MOVE", "* OK [COPYUID 7 11 11]\r\n* OK [COPYUID 7 12 12]\r\nTAG OK done\r\n"),
            whole,
        ),
        case(
            "a COPYUID that does not add up is not believed",
            Script::new().say("UID MOVE", "* OK [COPYUID 7 1:4000000000 1:4000000000] x\r\nTAG OK [COPYUID 7 11:12 5] x\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.moved.iter().all(|one| matches!(one, Relocation::Gone))),
        ),
        case(
            "an 8-bit folder name",
            Script::new().say("LIST", b"* LIST () \"/\" INBOX\r\n* LIST (\\Junk) \"/\" \"M\xfcll\"\r\n* LIST () \"/\" {5}\r\nM\xc3\xbcll\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.folders.len() == 3 && walk.has_messages()),
        ),
        case(
            "8-bit flags on a message",
            Script::new().say("UID FETCH 1:*", b"* 1 FETCH (UID 11 FLAGS (M\xfcll) RFC822.SIZE 55)\r\n* 2 FETCH (UID 12 FLAGS () RFC822.SIZE 57)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.listed[0].keywords.len() == 1 && walk.has_messages()),
        ),
        case(
            "a message without flags is not listed",
            Script::new().say("UID FETCH 1:*", "* 1 FETCH (UID 11 RFC822.SIZE 55)\r\n* 2 FETCH (UID 12 FLAGS () RFC822.SIZE 57)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.listed.len() == 1),
        ),
        case(
            "a body in quotes, with escapes",
            Script::new().say(body, "* 1 FETCH (BODY[] \"a\\\"b\\\\c\" UID 11)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.fetched.len() == 1 && walk.fetched[0].1 == b"a\"b\\c"),
        ),
        case(
            "a streamed body in quotes",
            Script::new().say(one, "* 1 FETCH (BODY[] \"a\\\"b\\\\c\" UID 11)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.downloaded.as_deref() == Some(b"a\"b\\c")),
        ),
        case(
            "a body as literal8, and the UID behind it",
            Script::new().say(body, b"* 1 FETCH (FLAGS (\\Seen) BODY[] ~{4}\r\n\0\r\n\xff UID 12)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.fetched == [(Place::Uid { validity: 7, uid: 12 }, b"\0\r\n\xff".to_vec())]),
        ),
        case(
            "bodies that are not there are passed over",
            Script::new().say(body, "* 1 FETCH (UID 11 BODY[] NIL)\r\n* 2 FETCH (UID 12 FLAGS ())\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.fetched.is_empty()),
        ),
        case(
            "the same message twice, and one nobody asked for",
            Script::new().say(body, "* 1 FETCH (UID 11 BODY[] {1}\r\na)\r\n* 1 FETCH (UID 11 BODY[] {1}\r\nb)\r\n* 9 FETCH (UID 99 BODY[] {1}\r\nc)\r\nTAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.fetched.len() == 1 && walk.fetched[0].1 == b"a"),
        ),
        case(
            "a streamed message that is another's",
            Script::new().say(one, "* 9 FETCH (UID 99 BODY[] {1}\r\nc)\r\nTAG OK\r\n"),
            refused,
        ),
        case(
            "a streamed message that has gone",
            Script::new().say(one, "TAG OK\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.downloaded.is_none()),
        ),
        case(
            "a message much longer than listed",
            Script::new().on(body, vec![
                Act::Send(b"* 1 FETCH (UID 11 BODY[] {3000000}\r\n".to_vec()),
                Act::Send(vec![b'x'; 3_000_000]),
                Act::Send(format!(")\r\n* 2 FETCH (UID 12 BODY[] {{{}}}\r\n{})\r\nTAG OK\r\n", MESSAGES[1].len(), MESSAGES[1]).into_bytes()),
            ]),
            refused,
        ),
        case("no UIDVALIDITY", Script::new().say("EXAMINE", "* 2 EXISTS\r\nTAG OK\r\n"), refused),
        case(
            "UIDVALIDITY changes before the move",
            Script::new().say("SELECT", "* 2 EXISTS\r\n* OK [UIDVALIDITY 8] x\r\nTAG OK\r\n"),
            |outcome| matches!(outcome, Err(MailboxError::Renumbered { .. })),
        ),
        case(
            "a folder that opens for reading only",
            Script::new().say("SELECT", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-ONLY] x\r\n"),
            |outcome| matches!(outcome, Err(MailboxError::ReadOnly { .. })),
        ),
        case(
            "the inbox is gone",
            Script::new().say("EXAMINE", "TAG NO [NONEXISTENT] no such mailbox\r\n"),
            |outcome| matches!(outcome, Err(MailboxError::NoFolder { folder }) if folder == "INBOX"),
        ),
        case(
            "over quota",
            Script::new().say("UID MOVE", "TAG NO [OVERQUOTA] full\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.moved.iter().all(|one| matches!(one, Relocation::Failed(MailboxError::OverQuota { .. })))),
        ),
        case(
            "over quota in words alone",
            Script::new().say("UID MOVE", b"TAG NO Quota exceeded M\xfcll\r\n"),
            |outcome| outcome.as_ref().is_ok_and(|walk| walk.moved.iter().all(|one| matches!(one, Relocation::Failed(MailboxError::OverQuota { .. })))),
        ),
        case(
            "an end that is neither OK nor NO",
            Script::new().say("LIST", "TAG MAYBE later\r\n"),
            refused,
        ),
        case("an end without a word", Script::new().say("SELECT", "* OK [UIDVALIDITY 7]\r\nTAG OK\r\n"), whole),
        case("SEARCH is refused", Script::new().say("UID SEARCH", "TAG NO [BADCHARSET] x\r\n"), whole),
        case("SEARCH with MODSEQ behind", Script::new().say("UID SEARCH", "* SEARCH 11 (MODSEQ 917)\r\nTAG OK\r\n"), whole),
    ]
}

fn sign_ins() -> Vec<Case> {
    let refused: fn(&Outcome) -> bool = |outcome| match outcome {
        Err(error @ MailboxError::SignIn { user, .. }) => {
            user == "pat" && !error.to_string().contains("hunter2")
        }
        _ => false,
    };
    let no_plain = "* CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS MOVE\r\nTAG OK\r\n";
    vec![
        case("LOGIN where PLAIN is not offered", Script::new().say("CAPABILITY", no_plain), whole),
        case(
            "a refused password that the server repeats",
            Script::new().say("CAPABILITY", no_plain).say("LOGIN", b"* NO bad\r\nTAG NO [AUTHENTICATIONFAILED] hunter2 is wrong \xff\r\n"),
            refused,
        ),
        case("PLAIN is refused at once", Script::new().say("AUTHENTICATE", "* OK hm\r\n\r\nTAG NO [AUTHENTICATIONFAILED] no\r\n"), refused),
        case("BAD to a sign-in", Script::new().say("AUTHENTICATE", b"TAG BAD \xff\r\n"), refused),
        case(
            "it asks for the password without end",
            Script::new().on("AUTHENTICATE", vec![Act::Endless(b"+ \r\n".to_vec())]),
            lost,
        ),
        case(
            "LOGINDISABLED and no mechanism",
            Script::new().say("CAPABILITY", "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI\r\nTAG OK\r\n"),
            |outcome| matches!(outcome, Err(MailboxError::Unsupported { .. })),
        ),
        case(
            "unreadable lines around the sign-in",
            Script::new().say("CAPABILITY", no_plain).say("LOGIN", b"* NO x\r\n* X \xff\r\n* VANISHED 3\r\n* 1 FETCH (BODY[] {3}\r\nabc)\r\nTAG OK [CAPABILITY IMAP4rev1 NAMESPACE UIDPLUS MOVE] in\r\n"),
            whole,
        ),
        case(
            "it cannot check passwords now",
            Script::new().say("AUTHENTICATE", "TAG NO [UNAVAILABLE] later\r\n"),
            throttled,
        ),
    ]
}

fn greetings() -> Vec<Case> {
    let hello = |text: &[u8]| Script::new().greeting(vec![Act::Send(text.to_vec())]);
    let unsupported: fn(&Outcome) -> bool =
        |outcome| matches!(outcome, Err(MailboxError::Unsupported { .. }));
    vec![
        case(
            "BYE for a greeting",
            hello(b"* BYE no more today\r\n"),
            lost,
        ),
        case(
            "BYE because others are there",
            hello(b"* BYE too many connections\r\n"),
            throttled,
        ),
        case("PREAUTH", hello(b"* PREAUTH welcome\r\n"), unsupported),
        case(
            "another protocol",
            hello(b"220 smtp.example.com ESMTP\r\n* X\r\n"),
            unsupported,
        ),
        case("nothing but noise", hello(b"\xff\xfe\0\r\n"), timed_out),
        case(
            "silence",
            Script::new().greeting(vec![Act::Hang]),
            timed_out,
        ),
        case(
            "hangs up at once",
            Script::new().greeting(vec![Act::Close]),
            lost,
        ),
        case(
            "half a greeting",
            Script::new().greeting(vec![Act::Send(b"* O".to_vec()), Act::Close]),
            lost,
        ),
    ]
}

/// Things that a server can do to any command.
fn attacks() -> Vec<Case> {
    let mut cases = Vec::new();
    let any_end: fn(&Outcome) -> bool = |outcome| lost(outcome) || timed_out(outcome);
    for command in [
        "CAPABILITY",
        "AUTHENTICATE",
        "LIST",
        "EXAMINE",
        "UID FETCH",
        "UID MOVE",
        "SELECT",
    ] {
        let on = |acts| Script::new().on(command, acts);
        cases.push(case(
            "BYE",
            on(vec![
                Act::Send(b"* BYE shutting down\r\n".to_vec()),
                Act::Close,
            ]),
            lost,
        ));
        cases.push(case(
            "BYE without a word",
            on(vec![Act::Send(b"* BYE\r\n".to_vec())]),
            lost,
        ));
        cases.push(case("hangs up", on(vec![Act::Close]), lost));
        cases.push(case(
            "half a line, hangs up",
            on(vec![Act::Send(b"* 1 FETCH (UID 1".to_vec()), Act::Close]),
            lost,
        ));
        cases.push(case(
            "half a literal, hangs up",
            on(vec![
                Act::Send(b"* 1 FETCH (BODY[] {100}\r\nabc".to_vec()),
                Act::Close,
            ]),
            any_end,
        ));
        cases.push(case("silence", on(vec![Act::Hang]), timed_out));
        cases.push(case(
            "drip",
            on(vec![Act::Drip(
                b"* OK this is a very long line that never seems to come to its end\r\n".to_vec(),
                60,
            )]),
            timed_out,
        ));
        cases.push(case(
            "a huge literal",
            on(vec![Act::Send(
                b"* 1 FETCH (UID 11 BODY[] {4000000000}\r\nabc".to_vec(),
            )]),
            lost,
        ));
        cases.push(case(
            "a huge literal elsewhere",
            on(vec![Act::Send(
                b"* LIST () \"/\" {4000000000}\r\nabc".to_vec(),
            )]),
            lost,
        ));
        cases.push(case(
            "a literal beyond all numbers",
            on(vec![
                Act::Send(b"* 1 FETCH (UID 11 BODY[] {99999999999999999999}\r\n".to_vec()),
                Act::Close,
            ]),
            lost,
        ));
        cases.push(case(
            "a line without end",
            on(vec![Act::Endless(b"x".to_vec())]),
            lost,
        ));
        cases.push(case(
            "literals without end",
            on(vec![Act::Endless(b"* X {3}\r\nabc".to_vec())]),
            any_end,
        ));
        cases.push(case(
            "data without end",
            on(vec![Act::Endless(
                b"* 1 FETCH (UID 1 FLAGS ())\r\n".to_vec(),
            )]),
            any_end,
        ));
        let long = [b"* X ", "x".repeat(100_000).as_bytes(), b"\r\n"].concat();
        cases.push(case(
            "long lines without end",
            on(vec![Act::Endless(long)]),
            lost,
        ));
        cases.push(case(
            "noise without end",
            on(vec![Act::Endless(b"\r\n".to_vec())]),
            any_end,
        ));
    }
    cases.push(case(
        "still here, without end",
        Script::new().on(
            "EXAMINE",
            vec![Act::Again(b"* OK still here\r\n".to_vec(), 200)],
        ),
        timed_out,
    ));
    cases
}

/// Counts the panics of this process from now on.
fn panics() -> usize {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(info);
        }));
    });
    PANICS.load(Ordering::SeqCst)
}

/// Walks through all cases, a few at a time since most of them only wait; returns what went wrong.
fn walk_all(cases: Vec<Case>, patience: Duration) -> Vec<String> {
    let queue = Mutex::new(cases);
    let work = || {
        let mut wrong = Vec::new();
        loop {
            let next = queue.lock().unwrap().pop();
            let Some(case) = next else { return wrong };
            let begun = Instant::now();
            let outcome = walk(case.script.clone(), patience);
            let took = begun.elapsed();
            if !(case.is_right)(&outcome) || took > Duration::from_secs(10) {
                let Case { name, script, .. } = case;
                wrong.push(format!("{name} ({took:?}): {outcome:?}\n  {script:?}"));
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        let results = workers.into_iter().map(|worker| worker.join());
        results
            .flat_map(|wrong| wrong.expect("a case panicked"))
            .collect()
    })
}

#[test]
fn no_answer_of_a_server_panics_hangs_or_hides_what_happened() {
    let before = panics();
    let cases: Vec<Case> = [
        unreadable(),
        odd_answers(),
        sign_ins(),
        greetings(),
        attacks(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let count = cases.len();
    assert!(count > 100, "{count} cases");
    let wrong = walk_all(cases, Duration::from_millis(800));
    assert_eq!(panics(), before, "panics");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn damaged_answers_end_in_a_result_or_an_error() {
    let before = panics();
    let cases = (0..400)
        .map(|seed| case("damaged", Script::new().noise(seed), |_| true))
        .collect();
    let wrong = walk_all(cases, Duration::from_millis(100));
    assert_eq!(panics(), before, "panics");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
