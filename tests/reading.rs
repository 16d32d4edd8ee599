//! Reading whole messages: charsets, attached messages, limits, hostile structure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "reading/properties.rs"]
mod properties;

use postsweep::mail::{Attachment, Coverage, FileKind, Message, Reading};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn parse(raw: &[u8]) -> Message {
    Message::parse(raw.to_vec(), Coverage::Whole, &Reading::default())
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut lines = String::new();
    for line in bytes.chunks(57) {
        for three in line.chunks(3) {
            let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for at in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
                lines.push(if at > three.len() { '=' } else { letter.into() });
            }
        }
        lines.push_str("\r\n");
    }
    lines
}

#[test]
fn charsets_are_decoded() {
    for (charset, encoding, body, text) in [
        ("utf-8", "8bit", "Grüße".as_bytes(), "Grüße"),
        ("iso-8859-1", "8bit", b"Gr\xFC\xDFe", "Grüße"),
        (
            "windows-1251",
            "8bit",
            b"\xCF\xF0\xE8\xE2\xE5\xF2",
            "Привет",
        ),
        (
            "KOI8-R",
            "quoted-printable",
            b"=F0=D2=C9=D7=C5=D4",
            "Привет",
        ),
        ("iso-2022-jp", "7bit", b"\x1B$BF|K\\\x1B(B", "日本"),
        ("gb2312", "base64", b"1tDOxA==", "中文"),
        ("no-such", "8bit", b"plain", "plain"),
        (
            "utf-8",
            "base64",
            b"not base64 at all!",
            "not base64 at all!",
        ),
    ] {
        let head = format!(
            "Subject: x\r\nContent-Type: text/plain; charset={charset}\r\n\
             Content-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        for head in [head.clone(), head.replace("\r\n", "\n")] {
            let message = parse(&[head.as_bytes(), body].concat());
            assert_eq!(message.text, text, "{charset} {encoding}");
        }
    }
}

#[test]
fn an_attached_message_keeps_its_exact_bytes() {
    let inner = "Received: x\r\nFrom:  odd   spacing <a@example.com>\r\nX-Folded: a\r\n\tb\r\nSubject: in\r\n\
         Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\ntext \r\n\
         --i\r\nContent-Disposition: attachment; filename=run.exe\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n--i--\r\n";
    for (inner, newline) in [
        (inner.to_owned(), "\r\n"),
        (inner.replace("\r\n", "\n"), "\n"),
    ] {
        for (encoding, content) in [
            ("7bit", inner.clone().into_bytes()),
            ("base64", base64(inner.as_bytes()).into_bytes()),
        ] {
            let head = format!(
                "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nsee below\r\n\
                 --o\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n\
                 Content-Disposition: attachment; filename=\"missed.eml\"\r\n\r\n"
            );
            let raw = [
                head.replace("\r\n", newline).as_bytes(),
                &content,
                newline.as_bytes(),
                b"--o--",
            ]
            .concat();
            let message = parse(&raw);
            assert_eq!(message.text, "see below");
            let found: Vec<_> = message
                .attachments
                .iter()
                .map(|attachment| (attachment.name.as_deref(), attachment.kind))
                .collect();
            // What the attached message carries is there, too.
            let expected = [
                (Some("missed.eml"), FileKind::Message),
                (Some("run.exe"), FileKind::Program),
            ];
            assert_eq!(found, expected, "{encoding}");
            assert_eq!(message.attachments[0].bytes, inner.as_bytes(), "{encoding}");
        }
    }
}

#[test]
fn the_text_is_what_a_reader_sees() {
    let part = |kind: &str, text: &str| format!("--b\nContent-Type: text/{kind}\n\n{text}\n");
    for (kind, parts, text, plain, html) in [
        (
            "alternative",
            [part("plain", "one"), part("html", "<p>two")],
            "two",
            Some("one"),
            true,
        ),
        (
            "mixed",
            [part("plain", "one"), part("html", "<p>two")],
            "one\ntwo",
            Some("one"),
            true,
        ),
        (
            "mixed",
            [part("plain", "one"), part("plain", "two")],
            "one\ntwo",
            Some("one\ntwo"),
            false,
        ),
        (
            "alternative",
            [part("plain", ""), part("html", "<p>two")],
            "two",
            Some(""),
            true,
        ),
    ] {
        let raw = format!(
            "From: a@example.com\nContent-Type: multipart/{kind}; boundary=b\n\n{}--b--\n",
            parts.concat()
        );
        let message = parse(raw.as_bytes());
        assert_eq!(message.text, text, "{kind}");
        assert_eq!(message.plain.as_deref(), plain, "{kind}");
        assert_eq!(message.html.is_some(), html, "{kind}");
    }
}

#[test]
fn a_missing_blank_line_hides_nothing() {
    let message = parse(b"From: a@example.com\nSubject: x\nDear you,\nsee http://evil.test/\n");
    assert_eq!(message.subject, "x");
    assert_eq!(message.links[0].host(), Some("evil.test"));
}

#[test]
fn a_damaged_part_is_still_read() {
    let page = "<p>Gr=C3=BC=C3=9Fe <a href=3D\"http://evil.test/\">here=\r\n</a>";
    let program = base64(&[b"MZ".as_slice(), &[0x90; 300]].concat());
    for (inner, text, kinds) in [
        // No closing boundary.
        (
            format!(
                "text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{page}"
            ),
            "Grüße here",
            &[][..],
        ),
        (
            format!(
                "text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
                base64(b"<p>Hello there <b>you</b>")
            ),
            "Hello there you",
            &[],
        ),
        (
            format!(
                "application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{program}"
            ),
            "",
            &[FileKind::Program],
        ),
        // A stranger among the letters.
        (
            format!(
                "application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
                program.replacen('k', "*k", 1)
            ),
            "",
            &[FileKind::Program],
        ),
    ] {
        let raw = format!(
            "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {inner}"
        );
        let message = parse(raw.as_bytes());
        assert_eq!(message.text, text, "{inner}");
        let found: Vec<_> = message
            .attachments
            .iter()
            .map(|attachment| attachment.kind)
            .collect();
        assert_eq!(found, kinds, "{inner}");
    }
}

#[test]
fn every_limit_holds_and_is_told() {
    let many = |part: &str, count| {
        format!(
            "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
            part.repeat(count)
        )
    };
    let attached = "--b\nContent-Type: application/x\n\ndata\n";
    let nested = "From: a@example.com\nContent-Type: message/rfc822\n\n";
    for (raw, cut) in [
        (many(attached, 10_000), "attachments beyond 500"),
        (nested.repeat(1000), "messages nested deeper than 10"),
        (
            format!("From: a@example.com\n\n{}", "word ".repeat(100_000)),
            "text beyond 262144 bytes",
        ),
        (
            format!(
                "From: a@example.com\n\n{}",
                (0..600)
                    .map(|n| format!("http://a.test/{n} "))
                    .collect::<String>()
            ),
            "links beyond 500",
        ),
        (
            format!("From: a@example.com\nX: {}\n\nb", "x".repeat(1 << 20)),
            "a header beyond 16384 bytes",
        ),
        (
            format!("From: a@example.com\n\n{}", "x".repeat(9 << 20)),
            "bytes beyond 8388608 of 9437205",
        ),
    ] {
        let message = parse(raw.as_bytes());
        assert!(
            message.cut.iter().any(|phrase| phrase == cut),
            "{:?} lacks {cut}",
            message.cut
        );
        assert!(message.attachments.len() <= 500 && message.links.len() <= 500);
        assert!(message.text.len() <= 256 << 10);
        assert_eq!(message.from[0].domain, "example.com");
    }
}

/// However a sender pads, what a reader sees and what runs when it is opened is read.
#[test]
fn padding_hides_nothing() {
    let seen = "Content-Type: text/html\n\n<a href='http://evil.test/'>click</a>\n";
    let multipart = |before: &str, count: usize, last: &str| {
        format!(
            "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n{}--b\n{last}--b--\n",
            before.repeat(count)
        )
    };
    let page = |comment: &str| seen.replace("<a", &format!("<!-- {comment} --><a"));
    let single = |comment: &str| format!("From: a@example.com\n{}", page(comment));
    let nested: String = (0..1000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    for raw in [
        multipart("--b\nContent-Type: text/plain\n\n\n", 10_000, seen),
        multipart("--b\nContent-Type: text/plain\n\nx\n", 10_000, seen),
        multipart("--b\n\n", 10_000, seen),
        multipart("--b\nContent-Type: text/html\n\n<p>\n", 10_000, seen),
        multipart("--b\nContent-Type: image/gif\n\n\n", 10_000, seen),
        format!("From: a@example.com\n{nested}{seen}"),
        single(&"-".repeat(250_000)),
        single(&"--\n".repeat(120_000)),
        single(&"boundary ".repeat(300_000)),
        single(&"\n".repeat(500_000)),
        multipart("", 0, &page(&"-".repeat(250_000))),
        multipart("", 0, &page(&"--\n".repeat(120_000))),
        multipart("", 0, &page(&"boundary ".repeat(300_000))),
        multipart("", 0, &page(&"\n".repeat(500_000))),
        format!("{}From: a@example.com\n{seen}", "X: y\n".repeat(20_000)),
        format!("X: {}\nFrom: a@example.com\n{seen}", "y\n ".repeat(500_000)),
        format!("X: y\n \nFrom: a@example.com\n{seen}"),
        format!(
            "From: a@example.com\nContent-Type: text/html\n\n{}{seen}",
            "&zwnj; ".repeat(300_000)
        ),
        format!(
            "From: a@example.com\n\n{}click http://evil.test/\n",
            " \u{200B}\n".repeat(300_000)
        ),
    ] {
        let message = parse(raw.as_bytes());
        let start: String = raw.chars().take(200).collect();
        assert_eq!(message.from[0].domain, "example.com", "{start}");
        assert!(message.text.contains("click"), "{start}");
        let hosts: Vec<_> = message
            .links
            .iter()
            .filter_map(|link| link.host())
            .collect();
        assert_eq!(hosts, ["evil.test"], "{start}");
    }
    let program = "Content-Type: application/x; name=a.exe\n\nMZ\u{0}\u{0}\n";
    let raw = multipart(
        "--b\nContent-Type: image/gif; name=a\n\n\n",
        10_000,
        program,
    );
    let last = parse(raw.as_bytes()).attachments.pop().unwrap();
    assert_eq!(last.name.as_deref(), Some("a.exe"));
}

#[test]
fn a_message_in_part_says_so() {
    let raw = b"From: a@example.com\n\nbody".to_vec();
    let message = Message::parse(raw, Coverage::Partial { total: 99 }, &Reading::default());
    assert_eq!(message.cut, ["bytes beyond 25 of 99"]);
    assert_eq!(message.text, "body");
}

/// Each would take minutes if a boundary were looked for to the end every time.
#[test]
fn hostile_structure_takes_linear_time() {
    let head = "From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n";
    for (name, raw) in [
        (
            "boundaries that never come",
            format!(
                "{head}{}",
                "--b\nContent-Type: multipart/mixed; boundary=zz\n\nx\n".repeat(40_000)
            ),
        ),
        (
            "empty parts",
            format!("{head}{}", "--b\n\n".repeat(400_000)),
        ),
        (
            "parts full of boundaries",
            format!(
                "{head}{}",
                format!(
                    "--b\nContent-Type: multipart/mixed; boundary=c\n\n{}\n",
                    "--c\nContent-Type: multipart/mixed; boundary=zz\n\n".repeat(600)
                )
                .repeat(250)
            ),
        ),
        (
            "a boundary of dashes",
            format!(
                "From: a@example.com\nContent-Type: multipart/mixed; boundary={}x\n\n{}",
                "-".repeat(8000),
                "-".repeat(2 << 20)
            ),
        ),
        ("headers", format!("{head}--b\n{}", "a:\n".repeat(500_000))),
        (
            "encoded words",
            format!("Subject: {}\n\n", "=?a?q?".repeat(2500)).repeat(50),
        ),
    ] {
        let start = Instant::now();
        let message = parse(raw.as_bytes());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{name}: {took:?}");
        assert!(message.is_mail());
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(raw in prop::collection::vec(any::<u8>(), 0..2000)) {
        parse(&raw);
    }

    #[test]
    fn mutated_mail_can_be_read(
        cuts in prop::collection::vec((0..1500_usize, 0..1500_usize, prop::collection::vec(any::<u8>(), 0..8)), 1..12)
    ) {
        let mut raw = MAIL.as_bytes().to_vec();
        for (from, length, bytes) in cuts {
            let from = from.min(raw.len());
            let to = (from + length % 9).min(raw.len());
            raw.splice(from..to, bytes);
        }
        let message = parse(&raw);
        prop_assert_eq!(message.raw, raw);
    }
}

const MAIL: &str = "Return-Path: <b@sender.example>\r\nAuthentication-Results: mx.example.com; spf=pass smtp.mailfrom=b@sender.example; dkim=pass (k) header.d=\"sender.example\"\r\n\
    Received: from x (y.sender.example [192.0.2.1] (may be forged)) by mx.example.com (Postfix) with ESMTPS id 1; Tue, 3 Feb 2026 10:00:00 +0100 (CET)\r\n\
    From: \"=?utf-8?Q?B=C3=A4nk?=\" <a@sender.example>\r\nTo: a: b@example.com, c;\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?= =?x?q?y?=\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"m\"\r\n\r\n--m\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <style>.a{display:none}</style><table><tr><td style=3D\"color:#fff\">x<a href=3D\"http://a.test\">b &amp; c</a><div class=3Da>=FC</table>\r\n\
    --m\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nwww.example.com\r\n--m\r\nContent-Type: application/zip; name*=utf-8''%C3%BC.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAA==\r\n--m--\r\n";

#[test]
fn what_follows_an_oddly_nested_message_is_still_read() {
    let odd = "From: a@example.org\nContent-Type: multipart/mixed; boundary=A\n\n\
               --A\nContent-Type: message/rfc822\n\n\
               Subject: one\nContent-Type: message/rfc822\n\n\
               Subject: two\nContent-Type: multipart/mixed; boundary=B\n\n\
               --B\nContent-Type: multipart/alternative; boundary=C\n\n\
               --C\n\ninner, not closed\n--C--\n\
               --A\nContent-Type: text/plain\n\nWhat the reader sees.\n\
               --A\nContent-Disposition: attachment; filename=run.js\n\nalert(1)\n--A--\n";
    let message = parse(odd.as_bytes());
    assert!(
        message.text.contains("What the reader sees."),
        "{}",
        message.text
    );
    let names: Vec<_> = message
        .attachments
        .iter()
        .filter_map(|one| one.name.as_deref())
        .collect();
    assert_eq!(names, ["run.js"]);
    let nested: Vec<_> = message
        .attachments
        .iter()
        .filter(|one| one.kind == FileKind::Message)
        .collect();
    let text = |one: &Attachment| String::from_utf8_lossy(&one.bytes).into_owned();
    assert_eq!(nested.len(), 2);
    assert!(
        text(nested[0]).starts_with("Subject: one\nContent-Type: message/rfc822\n\nSubject: two\n")
    );
    assert!(text(nested[1]).starts_with("Subject: two\n"));
}
