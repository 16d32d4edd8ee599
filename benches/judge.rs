//! How many messages a second one core reads and judges, end to end.
//!
//! `POSTSWEEP_MAIL=dir:dir cargo bench --bench judge` takes the files in those folders; without
//! it a few messages written here are taken. Every file is one message; folders are not entered.
#![allow(missing_docs)]

use anyhow::{Context as _, Result, bail};
use criterion::{BatchSize, Criterion, Throughput};
use postsweep::checks::Context;
use postsweep::mail::{Coverage, Message, Reading};
use postsweep::rules::{Ruleset, Senders, shipped};
use postsweep::verdict::Level;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Messages of the usual kinds: a letter, a newsletter, a notice, a fraud.
const OWN: [&str; 4] = [
    "From: Kim <kim@example.org>\r\nTo: pat@example.com\r\nSubject: Sunday\r\n\
     Date: Mon, 1 Jun 2026 09:00:00 +0000\r\n\r\nShall we meet on Sunday at the lake?\r\n",
    "From: News <news@example.org>\r\nTo: pat@example.com\r\nSubject: June\r\n\
     List-Unsubscribe: <https://news.example.org/u>\r\nContent-Type: text/html\r\n\r\n\
     <table><tr><td><h1>June</h1><p>The bridge is open again.</p>\
     <a href=\"https://news.example.org/bridge\">Read on</a></td></tr></table>\r\n",
    "From: IT <it@example.com>\r\nTo: pat@example.com\r\nSubject: Mailboxes move\r\n\r\n\
     We move all mailboxes on Saturday. See https://intranet.example.com/move\r\n",
    "From: PayPal <desk@mailer.example>\r\nTo: pat@example.com\r\nSubject: Your account\r\n\
     Content-Type: text/html\r\n\r\n<p>Your account has been suspended. Please confirm your \
     information: <a href=\"https://paypal-login.example.net/#pat@example.com\">\
     https://www.paypal.com/</a></p>\r\n",
];

fn messages() -> Result<Vec<Vec<u8>>> {
    let Ok(folders) = std::env::var("POSTSWEEP_MAIL") else {
        return Ok(OWN.iter().map(|mail| mail.as_bytes().to_vec()).collect());
    };
    let mut messages = Vec::new();
    for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
        for entry in std::fs::read_dir(folder).with_context(|| folder.to_owned())? {
            let path = entry?.path();
            if path.is_file() {
                messages.push(std::fs::read(&path)?);
            }
        }
    }
    if messages.is_empty() {
        bail!("no files in POSTSWEEP_MAIL={folders}");
    }
    Ok(messages)
}

fn main() -> Result<()> {
    let messages = messages()?;
    let (ruleset, errors) = Ruleset::load(&shipped());
    if let Some(error) = errors.first() {
        bail!("{error}");
    }
    let context = Context {
        now: "2026-06-01T12:00:00Z".parse()?,
        own_addresses: vec!["pat@example.com".into()],
        own_domains: vec!["example.com".into()],
        brands: ruleset.brands(),
    };
    let (reading, senders) = (Reading::default(), Senders::default());
    let judge_all = |mails: Vec<Vec<u8>>| {
        for raw in mails {
            let message = Message::parse(raw, Coverage::Whole, &reading);
            black_box(ruleset.judge(&message, &context, &senders, Level::Low));
        }
    };

    let count = messages.len();
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let copy = messages.clone();
    let start = Instant::now();
    judge_all(copy);
    let seconds = start.elapsed().as_secs_f64();
    let (rate, mega) = (count as f64 / seconds, bytes as f64 / seconds / 1e6);
    println!("once through: {count} messages, {rate:.0} messages/s a core, {mega:.1} MB/s");

    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(count as u64));
    group.bench_function("parse and judge", |bencher| {
        bencher.iter_batched(|| messages.clone(), judge_all, BatchSize::PerIteration);
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
