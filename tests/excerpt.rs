//! What of a message is judged is the same whether all of it is at hand or a server gives it piece
//! by piece, and so is the verdict; and what no check reads stays on the server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use mail_parser::MimeHeaders;
use postsweep::checks::Context;
use postsweep::content;
use postsweep::mail::excerpt::{self, Excerpt, Known, Step, excerpt};
use postsweep::mail::{Coverage, Message, Reading};
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::mailbox::{Fetched, Mailbox, Part, Stop, files};
use postsweep::rules::{Ruleset, Senders, shipped};
use postsweep::settings::account::Security;
use postsweep::settings::secret::Secret;
use postsweep::verdict::{Level, Verdict};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use support::dovecot::Dovecot;
use support::mime::Maker;
use support::scripted::{Act, Script};

const MOST: u64 = 8 << 20;

static RULES: LazyLock<Ruleset> = LazyLock::new(|| Ruleset::load(&shipped()).0);

fn judge(bytes: Vec<u8>, coverage: Coverage) -> Verdict {
    let context = Context {
        now: "2026-06-01T12:00:00Z".parse().unwrap(),
        own_addresses: vec!["pat@example.com".into()],
        own_domains: vec!["example.com".into()],
        brands: RULES.brands(),
        correspondence: Default::default(),
    };
    let mut message = Message::parse(bytes, coverage, &Reading::default());
    content::open(&mut message, &Reading::default());
    RULES.judge(&message, &context, &Senders::default(), Level::Low)
}

/// As a message travels.
fn with_line_ends(bytes: &[u8]) -> Vec<u8> {
    let mut ended: Vec<u8> = Vec::new();
    for byte in bytes {
        if *byte == b'\n' && ended.last() != Some(&b'\r') {
            ended.push(b'\r');
        }
        ended.push(*byte);
    }
    ended
}

/// How a message is fetched from a server that hints at the sizes of parts; and how many bytes.
fn fetched(
    whole: &[u8],
    most: u64,
    hint: &dyn Fn(&[usize], &str) -> Option<u64>,
) -> (Excerpt, usize) {
    let mut known = Known::nothing(whole.len() as u64);
    known.add(0, &whole[..excerpt::FIRST as usize]);
    let mut came = excerpt::FIRST as usize;
    for _ in 0..24 {
        match excerpt::next(&known, most, hint) {
            Step::Need(range) => {
                assert!(range.start < range.end && range.end <= whole.len() as u64);
                let range = range.start as usize..range.end as usize;
                came += range.len();
                known.add(range.start as u64, &whole[range]);
            }
            Step::Done(excerpt) => return (excerpt, came),
            Step::Whole => break,
        }
    }
    (excerpt(whole.to_vec(), most), came + whole.len())
}

/// The sizes of parts that another reader of MIME sees, by their paths. As servers do it, a part
/// ends where one ends that it lies in (RFC 2046 section 5.1.2).
fn sizes(raw: &[u8]) -> BTreeMap<Vec<usize>, u64> {
    struct Walk<'m> {
        message: &'m mail_parser::Message<'m>,
        path: Vec<usize>,
        delimiters: Vec<Vec<u8>>,
        all: BTreeMap<Vec<usize>, u64>,
    }
    impl Walk<'_> {
        fn part(&mut self, raw: &[u8], id: u32) {
            let part = &self.message.parts[id as usize];
            let (start, end) = (part.raw_body_offset(), part.raw_end_offset());
            let body = &raw[start as usize..end as usize];
            let ends = self.delimiters.iter().filter_map(|delimiter| {
                let mut windows = body.windows(delimiter.len());
                windows.position(|window| window == delimiter)
            });
            let size = ends.min().unwrap_or(body.len());
            self.all.insert(self.path.clone(), size as u64);
            let mail_parser::PartType::Multipart(parts) = &part.body else {
                return;
            };
            let boundary = part.content_type().and_then(|of| of.attribute("boundary"));
            let delimiter = format!("\r\n--{}", boundary.unwrap_or_default());
            self.delimiters.push(delimiter.into_bytes());
            for (index, id) in parts.iter().enumerate() {
                self.path.push(index + 1);
                self.part(raw, *id);
                self.path.pop();
            }
            self.delimiters.pop();
        }
    }
    let Some(message) = mail_parser::MessageParser::default().parse(raw) else {
        return BTreeMap::new();
    };
    let mut walk = Walk {
        message: &message,
        path: Vec::new(),
        delimiters: Vec::new(),
        all: BTreeMap::new(),
    };
    walk.part(raw, 0);
    walk.all
}

/// Of one made message: that its excerpt is the same whole or piece by piece.
fn same_in_pieces(seed: u64, wrong: i64, odd: bool, most: u64) -> Result<(), TestCaseError> {
    let message = Maker::new(seed, odd, 900_000).message();
    let travels = with_line_ends(&message);
    let of_whole = excerpt(travels.clone(), most);
    prop_assert_eq!(
        of_whole.left_out,
        (travels.len() - of_whole.bytes.len()) as u64
    );
    // However the lines end, the same ones are left out.
    let of_copy = excerpt(message.clone(), MOST);
    if most == MOST {
        prop_assert_eq!(&with_line_ends(&of_copy.bytes), &of_whole.bytes);
    }
    if travels.len() as u64 <= excerpt::WHOLE {
        prop_assert!(of_whole.left_out == 0 || most < MOST);
        return Ok(());
    }
    let sizes = sizes(&travels);
    // Right, or a little wrong; a server can also say nothing.
    let hint = |path: &[usize], _: &str| match wrong {
        5 => None,
        wrong => sizes.get(path).copied()?.checked_add_signed(wrong.max(0)),
    };
    let (in_pieces, _) = fetched(&travels, most, &hint);
    prop_assert!(
        in_pieces == of_whole,
        "{} and {} bytes left out",
        in_pieces.left_out,
        of_whole.left_out
    );
    let total = travels.len() as u64;
    if in_pieces.left_out > 0 && !odd && most == MOST {
        // Nothing that a check reads is missing.
        let whole = judge(travels, Coverage::Whole);
        let part = judge(in_pieces.bytes, Coverage::Excerpt { total });
        prop_assert_eq!(whole.findings, part.findings);
    }
    Ok(())
}

#[test]
fn a_hint_that_is_off_where_no_more_may_be_kept_moves_nothing() {
    same_in_pieces(13_291_086_914_923_417_529, 1, false, 90_000).unwrap();
}

#[test]
fn a_part_ends_where_the_one_ends_that_it_lies_in() {
    same_in_pieces(7_109_359_243_306_895_008, 0, true, MOST).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_excerpt_is_the_same_whole_or_piece_by_piece(seed: u64, wrong in -3..6_i64, odd: bool, most in prop::sample::select(vec![MOST, 200_000, 90_000])) {
        same_in_pieces(seed, wrong, odd, most)?;
    }
}

fn fetch(mailbox: &mut ImapMailbox, part: Part) -> Vec<Fetched> {
    let entries = mailbox.list("INBOX").unwrap();
    let mut all = Vec::new();
    let mut each = |fetched| {
        all.push(fetched);
        ControlFlow::Continue(())
    };
    let done = mailbox.fetch("INBOX", &entries, part, &mut each);
    done.unwrap_or_else(|error| panic!("{error}, of {entries:?}"));
    assert_eq!(all.len(), entries.len());
    all.sort_by(|a, b| a.place.cmp(&b.place));
    all
}

/// Which message it is: its first header says so.
fn number(bytes: &[u8]) -> usize {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap();
    let (_, number) = std::str::from_utf8(line).unwrap().split_once(' ').unwrap();
    number.parse().unwrap()
}

#[test]
fn a_sweep_and_a_scan_judge_thousands_of_messages_alike() {
    const SMALL: u64 = 1900;
    const LARGE: u64 = 100;
    let messages: Vec<Vec<u8>> = (0..SMALL + LARGE)
        .map(|seed| {
            let room = if seed < SMALL { 10_000 } else { 900_000 };
            let mut message = format!("X-Number: {seed}\r\n").into_bytes();
            message.extend(Maker::new(seed, seed % 2 == 0, room).message());
            message
        })
        .collect();
    let dovecot = Dovecot::start();
    dovecot.deliver("pat", messages.iter().map(Vec::as_slice));
    let server = dovecot.server("pat", Security::None);
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
    let begun = Instant::now();
    let judged = fetch(&mut mailbox, Part::Judged(MOST));
    println!("fetched in {:?}", begun.elapsed());

    let (mut excerpts, mut left_out) = (0, 0);
    let whole = fetch(&mut mailbox, Part::Whole);
    for (judged, whole) in judged.iter().zip(whole) {
        let number = number(&whole.bytes);
        let expected = excerpt(whole.bytes, MOST);
        assert!(
            judged.bytes == expected.bytes && judged.left_out == expected.left_out,
            "message {number}: {} bytes left out and not {}",
            judged.left_out,
            expected.left_out
        );
        excerpts += u64::from(judged.left_out > 0);
        left_out += judged.left_out;
    }
    println!("of {excerpts} messages {left_out} bytes were left out");
    assert!(excerpts > LARGE / 4, "{excerpts}");

    // The same messages as files.
    let dir = tempfile::tempdir().unwrap();
    for (number, message) in messages.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{number:05}.eml")), message).unwrap();
    }
    let mut scanned = Vec::new();
    let _ = files::walk(dir.path(), MOST, &mut |found| {
        scanned.push(found.message.unwrap());
        ControlFlow::Continue(())
    });
    assert_eq!(scanned.len(), judged.len());
    for judged in judged {
        let number = number(&judged.bytes);
        let coverage = Coverage::of(&judged.bytes, judged.left_out, MOST);
        let scanned = &scanned[number];
        if (&judged.bytes, coverage) == (&scanned.bytes, scanned.coverage) {
            continue; // to judge is a function of these
        }
        let swept = judge(judged.bytes, coverage);
        let scanned = judge(scanned.bytes.clone(), scanned.coverage);
        assert_eq!(swept.judgement, scanned.judgement, "message {number}");
        assert_eq!(swept.score, scanned.score, "message {number}");
        assert_eq!(swept.findings, scanned.findings, "message {number}");
        assert_eq!(swept.notes.len(), scanned.notes.len(), "message {number}");
    }
}

/// Passes a connection on and counts what the server sends.
fn counting(server: u16) -> (u16, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut there = TcpStream::connect(("127.0.0.1", server)).unwrap();
        let (mut from, mut to) = (there.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(read) = from.read(&mut buffer)
                && read > 0
            {
                counted.fetch_add(read as u64, Ordering::SeqCst);
                if to.write_all(&buffer[..read]).is_err() {
                    break;
                }
            }
        });
        let _ = std::io::copy(&mut client, &mut there);
    });
    (port, count)
}

#[test]
fn a_large_attachment_that_no_check_reads_stays_on_the_server() {
    let film = "QUFB".repeat(19).repeat(260_000);
    let film: Vec<&str> = (0..260_000).map(|n| &film[n * 76..n * 76 + 76]).collect();
    let start = "AAAAGGZ0eXBtcDQy";
    let message = format!(
        "From: kim@example.org\r\nSubject: film\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\n\r\nLook.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{start}\r\n{}\r\n\
         --b\r\nContent-Type: application/octet-stream; name=invoice.pdf.exe\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n--b--\r\n",
        film.join("\r\n")
    )
    .into_bytes();
    assert!(message.len() > 20_000_000);
    let dovecot = Dovecot::start();
    dovecot.deliver("pat", [message.as_slice()]);
    let mut server = dovecot.server("pat", Security::None);
    let (port, count) = counting(server.port);
    server.port = port;
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
    let fetched = fetch(&mut mailbox, Part::Judged(MOST)).remove(0);
    let came = count.load(Ordering::SeqCst);
    assert!(came < 150_000, "{came} bytes came");
    assert_eq!(
        fetched.left_out,
        (message.len() - fetched.bytes.len()) as u64
    );
    let verdict = judge(
        fetched.bytes.clone(),
        Coverage::of(&fetched.bytes, fetched.left_out, MOST),
    );
    // What follows the film is seen, and that something was left out is told.
    let fired: Vec<&str> = verdict
        .findings
        .iter()
        .map(|one| one.rule.as_str())
        .collect();
    assert!(fired.contains(&"program-attached"), "{fired:?}");
    assert_eq!(
        verdict.notes,
        [format!(
            "Not judged: {} bytes of attachments that no check reads",
            fetched.left_out
        )]
    );
    assert_eq!(excerpt(message, MOST).bytes, fetched.bytes);
}

#[test]
fn of_a_message_too_large_for_an_excerpt_the_beginning_is_judged_everywhere() {
    let mut message = b"X-Number: 0\r\nSubject: film\r\n\r\n".to_vec();
    message.extend(
        b"Sixty letters and their line end, over and over, again, and.\r\n".repeat(610_000),
    );
    let total = message.len() as u64;
    assert!(total > excerpt::LARGEST);
    let dovecot = Dovecot::start();
    dovecot.deliver("pat", [message.as_slice()]);
    let server = dovecot.server("pat", Security::None);
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default()).unwrap();
    let fetched = fetch(&mut mailbox, Part::Judged(MOST)).remove(0);
    let coverage = Coverage::of(&fetched.bytes, fetched.left_out, MOST);
    assert_eq!(coverage, Coverage::Partial { total });
    assert_eq!(fetched.bytes.len() as u64, excerpt::BEGINNING);

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("film.eml");
    std::fs::write(&file, &message).unwrap();
    // An mbox, and a copy whose lines end in LF alone, which is smaller than what it travels as.
    let unix = String::from_utf8(message).unwrap().replace('\r', "");
    assert!((unix.len() as u64) < excerpt::LARGEST);
    let mbox = format!("From kim@example.org Thu Jan  1 00:00:00 2026\n{unix}\n");
    std::fs::write(dir.path().join("mbox"), mbox).unwrap();
    let mut scanned = Vec::new();
    let _ = files::walk(dir.path(), MOST, &mut |found| {
        scanned.push(found.message.unwrap());
        ControlFlow::Continue(())
    });
    assert_eq!(scanned.len(), 2);
    assert!(scanned[0].bytes == fetched.bytes && scanned[0].coverage == coverage);
    assert_eq!(scanned[1].bytes.len() as u64, excerpt::BEGINNING);
    assert!(matches!(scanned[1].coverage, Coverage::Partial { .. }));
}

#[test]
fn a_server_that_cannot_tell_the_structure_is_asked_for_the_whole() {
    let film = "QUFB".repeat(19) + "\r\n";
    let message = format!(
        "Subject: film\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         AAAAGGZ0eXBtcDQy\r\n{}--b--\r\n",
        film.repeat(5000)
    );
    let expected = excerpt(message.clone().into_bytes(), MOST);
    assert!(expected.left_out > 200_000);
    let head = format!("BODY[]<0> {{65536}}\r\n{}", &message[..65_536]);
    let long = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 9 1)".repeat(80_000);
    let literal = format!("{{3000000}}\r\n{}", "x".repeat(3_000_000));
    let deep = format!("{}{}", "(".repeat(1000), ")".repeat(1000));
    let video = "\"video\" \"mp4\" NIL NIL NIL \"base64\"";
    let forged =
        "((\"video\" \"mp4\" (\"a\" {5}\r\nBODY> {3}\r\nabc) NIL NIL \"base64\" 1) \"mixed\")"
            .to_owned();
    for (case, answer) in [
        (
            "long",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE ({long}) {head})\r\n"),
        ),
        (
            "literal",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE ({literal}) {head})\r\n"),
        ),
        (
            "deep",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE {deep} {head})\r\n"),
        ),
        (
            "nil",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE NIL {head})\r\n"),
        ),
        ("not told", format!("* 1 FETCH (UID 11 {head})\r\n")),
        (
            "beyond the end",
            format!(
                "* 1 FETCH (UID 11 BODYSTRUCTURE (({video} 99999999999) \"mixed\") {head})\r\n"
            ),
        ),
        (
            "within the film",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE (({video} 200000) \"mixed\") {head})\r\n"),
        ),
        (
            "forged",
            format!("* 1 FETCH (UID 11 BODYSTRUCTURE {forged} {head})\r\n"),
        ),
        (
            "whole at once",
            format!(
                "* 1 FETCH (UID 11 BODYSTRUCTURE NIL BODY[] {{{}}}\r\n{message})\r\n",
                message.len()
            ),
        ),
        (
            "short",
            "* 1 FETCH (UID 11 BODYSTRUCTURE NIL BODY[]<0> {3}\r\nSub)\r\n".to_owned(),
        ),
        ("nothing", String::new()),
        ("no", "NO cannot".to_owned()),
        ("bad", "BAD what is BODYSTRUCTURE?".to_owned()),
    ] {
        let (answer, end) = match answer.starts_with(['N', 'B']) {
            true => (String::new(), answer),
            false => (answer, "OK".to_owned()),
        };
        let acts = |text: String, end: &str| {
            let end = format!("TAG {end}\r\n");
            vec![Act::Send(text.into_bytes()), Act::Send(end.into_bytes())]
        };
        let whole = format!(
            "* 1 FETCH (UID 11 BODY[] {{{}}}\r\n{message})\r\n",
            message.len()
        );
        let listed = format!(
            "* 1 FETCH (UID 11 FLAGS () RFC822.SIZE {})\r\n",
            message.len()
        );
        let scripted = Script::new()
            .on("UID FETCH 1:*", acts(listed, "OK"))
            .on("UID FETCH 11 (UID BODYSTRUCTURE", acts(answer, &end))
            .on("UID FETCH 11 (UID BODY.PEEK[])", acts(whole, "OK"))
            .say("UID FETCH 11 (UID BODY.PEEK[]<", "TAG NO no parts\r\n")
            .start();
        let mut server = scripted.server(Security::None);
        server.io_timeout = std::time::Duration::from_secs(20);
        let password = Secret::new("hunter2".to_owned());
        let mut mailbox = imap::open(&server, &password, &Stop::default()).unwrap();
        let fetched = fetch(&mut mailbox, Part::Judged(MOST)).remove(0);
        assert!(
            fetched.bytes == expected.bytes,
            "{case}: {} bytes",
            fetched.bytes.len()
        );
        assert_eq!(fetched.left_out, expected.left_out, "{case}");
    }
}
