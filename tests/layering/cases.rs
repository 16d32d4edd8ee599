//! Small files that break one rule each, and files that look as if they did.

use super::{LONGEST, judge};
use std::collections::BTreeMap;

/// A file, its text behind a first line `//! .`, the line that is blamed, and words of the blame.
#[rustfmt::skip] // one case a line
const BROKEN: &[(&str, &str, usize, &str)] = &[
    ("mail/a.rs", "use crate::job::Event;", 2, "mail may not import job"),
    ("mail/a.rs", "use super::super::store;", 2, "mail may not import store"),
    ("mail/a.rs", "fn f() {\n crate::store::open() }", 3, "may not import store"),
    ("mail/a.rs", "use crate::{\n verdict,\n job::{Event},\n};", 3, "may not import verdict"),
    ("mail/a.rs", "use crate::{\n verdict,\n job::{Event},\n};", 4, "may not import job"),
    ("mail/a.rs", "mod b { use super::super::super::job::X; }", 2, "may not import job"),
    ("mail/a.rs", "macro_rules! m { () => { $crate::job::X } }", 2, "may not import job"),
    ("mail/a.rs", "#[doc = \"x\"]\nfn f(x: &crate::job::Event) {}", 3, "may not import job"),
    ("job/a.rs", "use crate::text;", 2, "job may not import text"),
    ("job/a.rs", "use crate::command::scan;", 2, "job may not import command"),
    ("main.rs", "use postsweep::store::Store;", 2, "main may not import store"),
    ("store/a.rs", "use crate::settings::Server;", 2, "store may not import settings"),
    ("mailbox/a.rs", "use crate::settings::check::x;", 2, "mailbox may not import settings"),
    ("mailbox/a.rs", "use crate::settings::Sending;", 2, "mailbox may not import settings"),
    ("news/mod.rs", "", 1, "is not in the table"),
    ("job/a.rs", "use rusqlite::Connection;", 2, "rusqlite is named only in store/"),
    ("mailbox/maildir.rs", "fn f() { imap::connect() }", 2, "imap is named only"),
    ("job/a.rs", "use crate::mailbox;\nfn f() { imap::open() }", 3, "imap is named only"),
    ("vendor/a.rs", "use {\n ::lettre::Message};", 3, "lettre is named only"),
    ("sample.rs", "type A = Vec<zip::ZipWriter>;", 2, "zip is named only"),
    ("settings/a.rs", "use native_tls as tls;", 2, "native_tls is named only"),
    ("job/a.rs", "use keyring;", 2, "keyring is named only in settings/"),
    ("mail/a.rs", "use std::{io, fs};", 2, "mail is pure and knows no file"),
    ("mail/a.rs", "use std::net::{IpAddr, TcpStream};", 2, "knows no network"),
    ("checks/a.rs", "fn f() { jiff::Timestamp::now(); }", 2, "knows no clock"),
    ("checks/a.rs", "fn f() { Timestamp::now(); }", 2, "knows no clock"),
    ("rules/a.rs", "use std::time::SystemTime;", 2, "knows no clock"),
    ("content/a.rs", "fn f() { std::process::exit(1) }", 2, "knows no process"),
    ("job/a.rs", "fn f() {\n\n println!(\"x\") }", 4, "`println!`: only main"),
    ("rules/a.rs", "#[cfg(test)]\nmod tests { }\nuse crate::job;", 4, "may not import job"),
    ("rules/a.rs", "#[cfg(test)]\nuse x::y;\nuse crate::job;", 4, "may not import job"),
];

/// A file, and its text behind a first line `//! .`.
#[rustfmt::skip] // one case a line
const SOUND: &[(&str, &str)] = &[
    ("mail/a.rs", "// use crate::job;\n/* crate::job /* nested */ crate::store */"),
    ("mail/a.rs", "const A: &str = \"crate::job\\\" println!()\";"),
    ("mail/a.rs", "const A: &str = r#\"use crate::job; \" println!()\"#;"),
    ("mail/a.rs", "const A: char = '\"'; const B: char = '\\''; use crate::mail::b;"),
    ("mail/a.rs", "fn f<'a>(a: &'a str) -> &'a str { a }"),
    ("mail/a.rs", "#[cfg(test)]\nmod tests {\n use crate::job; use std::fs; println!() }"),
    ("mail/a.rs", "#[cfg(all(test, unix))]\n#[path = \"x\"]\nuse std::fs;"),
    ("mail/a.rs", "use std::net::{IpAddr, Ipv4Addr}; use jiff::Timestamp;"),
    ("mail/a.rs", "fn f() { a.zip(b); super::header::x(); self::y(); print(x); a != b }"),
    ("mail/a.rs", "use super::{header, link::{self, Link}};"),
    ("mail/a.rs", "mod b { use super::super::header; }"),
    ("job/a.rs", "use crate::{mail::Digest, store, settings::check};"),
    ("command/a.rs", "use crate::{cli, job, settings, text, verdict::Level}; fn f() { println!() }"),
    ("mailbox/a.rs", "use crate::settings::{Server, account::Account, secret};"),
    ("mailbox/mod.rs", "pub mod imap;\nfn f() { imap::open() }"),
    ("mailbox/maildir.rs", "use super::imap::names;\nuse crate::mailbox::{imap::x};"),
    ("job/a.rs", "use crate::mailbox::{self, imap};\nfn f() { imap::open() }"),
    ("mailbox/imap/a.rs", "use imap::Session; use native_tls::TlsConnector;"),
    ("content/archive.rs", "use zip::ZipArchive;"),
    ("store/a.rs", "fn f() { Instant::now(); std::fs::read(x) }"),
];

/// What `judge` says of these files, beside the true table.
fn judged(files: &[(&str, &str)]) -> Vec<String> {
    let lib = include_str!("../../src/lib.rs").to_owned();
    let mut sources = BTreeMap::from([("lib.rs".to_owned(), lib)]);
    for module in [
        "mail", "mailbox", "verdict", "job", "store", "text", "command",
    ] {
        sources.insert(format!("{module}/mod.rs"), "//! .\n".to_owned());
    }
    let settings = "//! .\npub use account::{Account, Server};\nmod check;\npub struct Sending;\n";
    sources.insert("settings/mod.rs".into(), settings.into());
    for (file, text) in files {
        sources.insert((*file).to_owned(), format!("//! .\n{text}"));
    }
    judge(&sources)
}

#[test]
fn each_rule_catches_what_breaks_it() {
    for (file, text, line, part) in BROKEN {
        let broken = judged(&[(file, text)]);
        let wanted = format!("src/{file}:{line}: ");
        assert!(
            broken
                .iter()
                .any(|b| b.starts_with(&wanted) && b.contains(part)),
            "{file}: {text}\nwanted {wanted}{part}\ngot {broken:#?}"
        );
    }
    let long = "\n".repeat(LONGEST);
    assert!(judged(&[("mail/a.rs", &long)])[0].contains("501 lines"));
}

#[test]
fn a_file_says_at_its_top_what_it_is_for() {
    let lib = include_str!("../../src/lib.rs").to_owned();
    let bare = BTreeMap::from([
        ("lib.rs".to_owned(), lib),
        ("mail/a.rs".to_owned(), "fn f() {}\n".to_owned()),
    ]);
    assert!(judge(&bare)[0].contains("begins without `//!`"));
}

#[test]
fn what_is_allowed_or_only_mentioned_is_left_alone() {
    for (file, text) in SOUND {
        let broken = judged(&[(file, text)]);
        assert!(broken.is_empty(), "{file}: {text}\ngot {broken:#?}");
    }
}

#[test]
fn a_module_for_tests_may_do_as_it_likes_in_a_file_of_its_own() {
    let test_file = ("mail/samples.rs", "use crate::job; fn f() { println!() }");
    let for_tests = ("mail/mod.rs", "#[cfg(test)]\nmod samples;");
    assert!(judged(&[for_tests, test_file]).is_empty());
    assert!(!judged(&[("mail/mod.rs", "mod samples;"), test_file]).is_empty());
}
