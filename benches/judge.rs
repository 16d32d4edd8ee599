//! How many messages a second one core reads and judges, end to end, and where the time goes.
//!
//! `POSTSWEEP_MAIL=dir:dir cargo bench --bench judge` takes the files in those folders; without
//! it a few messages written here are taken. Every file is one message; folders are not entered.
#![allow(missing_docs)]

use anyhow::{Context as _, Result, bail};
use criterion::{BatchSize, Criterion, Throughput};
use postsweep::checks::{ALL, Context, Given};
use postsweep::content::{self, Reader};
use postsweep::mail::{Coverage, FileKind, Message, Reading};
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

/// Where the time goes: stages, and what each took of every message.
struct Stages(Vec<(&'static str, Vec<Duration>)>);

impl Stages {
    fn add(&mut self, stage: &'static str, took: Duration) {
        match self.0.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, all)) => all.push(took),
            None => self.0.push((stage, vec![took])),
        }
    }

    /// A line for each stage: its share, its mean, and what 95 of 100 messages stay below.
    fn print(&self) {
        let total = |all: &[Duration]| all.iter().sum::<Duration>().as_secs_f64();
        let whole: f64 = self
            .0
            .iter()
            .filter(|(name, _)| *name != "in all")
            .map(|(_, all)| total(all))
            .sum();
        println!(
            "{:22} {:>6} {:>10} {:>10} {:>10}",
            "stage", "share", "mean", "95 %", "longest"
        );
        for (name, all) in &self.0 {
            let mut sorted = all.clone();
            sorted.sort_unstable();
            let at = |share: usize| sorted.get((sorted.len() - 1) * share / 100);
            let micro = |time: Option<&Duration>| time.map_or(0, Duration::as_micros);
            println!(
                "{name:22} {:>5.1}% {:>7} µs {:>7} µs {:>7} µs",
                100.0 * total(all) / whole,
                (1e6 * total(all) / all.len() as f64) as u64,
                micro(at(95)),
                micro(at(100)),
            );
        }
    }
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
        correspondence: Default::default(),
    };
    let senders = Senders::default();
    let reading = |attachments| Reading {
        attachments,
        ..Reading::default()
    };
    let judge_all = |mails: Vec<Vec<u8>>, reading: &Reading| {
        for raw in mails {
            let mut message = Message::parse(raw, Coverage::Whole, reading);
            content::open(&mut message, reading);
            black_box(ruleset.judge(&message, &context, &senders, Level::Low));
        }
    };

    let count = messages.len();
    let bytes: usize = messages.iter().map(Vec::len).sum();
    judge_all(messages.clone(), &reading(true)); // patterns are made when they are first needed
    for (attachments, told) in [(true, "with attachments"), (false, "without attachments")] {
        let copy = messages.clone();
        let reading = reading(attachments);
        let start = Instant::now();
        judge_all(copy, &reading);
        let seconds = start.elapsed().as_secs_f64();
        let (rate, mega) = (count as f64 / seconds, bytes as f64 / seconds / 1e6);
        println!("{told}: {count} messages, {rate:.0} messages/s a core, {mega:.1} MB/s");
    }

    let mut stages = Stages(Vec::new());
    for raw in messages.clone() {
        let start = Instant::now();
        let reading = reading(true);
        let mut message = Message::parse(raw, Coverage::Whole, &reading);
        let parsed = start.elapsed();
        stages.add("parse", parsed);
        content::open(&mut message, &reading);
        let opened = start.elapsed();
        black_box(ruleset.judge(&message, &context, &senders, Level::Low));
        let judged = start.elapsed();
        // Once more, what of it is spent on pictures and on checks.
        let again = Instant::now();
        let pictures = message.attachments.iter().map(|one| (one.kind, &one.bytes));
        for (_, picture) in pictures.filter(|(kind, _)| *kind == FileKind::Image) {
            black_box(Reader::Picture.find(picture));
        }
        let pictures = again.elapsed();
        let again = Instant::now();
        let given = Given::new(&message, &context);
        for check in ALL {
            black_box((check.run)(&message, &given));
        }
        let checks = again.elapsed();
        stages.add("attachments", (opened - parsed).saturating_sub(pictures));
        stages.add("pictures, QR codes", pictures.min(opened - parsed));
        stages.add(
            "folding, patterns",
            (judged - opened).saturating_sub(checks),
        );
        stages.add("checks", checks);
        stages.add("in all", judged);
    }
    stages.print();

    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(10)
        .measurement_time(Duration::from_secs(10));
    let mut group = criterion.benchmark_group("judge");
    group.throughput(Throughput::Elements(count as u64));
    for (attachments, told) in [(true, "parse, open and judge"), (false, "parse and judge")] {
        let reading = reading(attachments);
        group.bench_function(told, |bencher| {
            let all = |mails| judge_all(mails, &reading);
            bencher.iter_batched(|| messages.clone(), all, BatchSize::PerIteration);
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
