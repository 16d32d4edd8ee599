//! A message, fed as arbitrary bytes, to its verdict: parsed, its attachments read, judged by the
//! shipped rules; and again from what would be kept of it, which must say the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postsweep::checks::{Context, trim};
use postsweep::content;
use postsweep::mail::{Coverage, Message, Reading};
use postsweep::rules::{Ruleset, Senders, shipped};
use postsweep::verdict::Level;
use std::sync::LazyLock;

static RULES: LazyLock<Ruleset> = LazyLock::new(|| Ruleset::load(&shipped()).0);

fuzz_target!(|bytes: &[u8]| {
    let context = Context {
        now: "2026-06-01T12:00:00Z".parse().unwrap(),
        own_addresses: vec!["pat@example.com".into()],
        own_domains: vec!["example.com".into()],
        brands: RULES.brands(),
        correspondence: Default::default(),
    };
    let (reading, senders) = (Reading::default(), Senders::default());
    let mut message = Message::parse(bytes.to_vec(), Coverage::Whole, &reading);
    content::open(&mut message, &reading);
    let verdict = RULES.judge(&message, &context, &senders, Level::Low);
    let digest = message.digest;
    trim(&mut message);
    let kept = Message::kept(&message.keep(), digest, &reading).unwrap();
    assert_eq!(RULES.judge(&kept, &context, &senders, Level::Low), verdict);
});
