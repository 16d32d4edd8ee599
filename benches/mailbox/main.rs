//! How fast the mailbox engine is, each piece of work against its peer in the same run:
//! `cargo bench --bench mailbox [-- ROW…]`. Starts a real Dovecot, fills it with generated mail
//! (`mail.rs` says of what make), and prints one table. Needs root, as the tests do. Both sides
//! sign in without TLS, on loopback, and neither compresses. Ends with 1 where a bound is not met.
//!
//! `POSTSWEEP_BENCH_DIVIDE=10` takes a tenth of the messages, for a first look.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod ground;
mod mail;
mod peers;
#[path = "../../tests/support/mod.rs"]
mod support;
mod table;

use anyhow::{Result, bail};
use ground::{Load, Program, Ran, delayed, dovecot, fill};
use mail::Share;
use postsweep::mailbox::{Fetched, Mailbox, Part, Stop, imap};
use postsweep::settings::account::Security;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use support::dovecot::Dovecot;
use support::proxy::{Line, Proxy};
use table::{Row, seconds};

type Measure = fn() -> Result<Vec<Row>>;

const ROWS: [(&str, Measure); 5] = [
    ("first", first),
    ("delay", delay),
    ("isbg", isbg),
    ("large", large),
    ("accounts", accounts),
];
const CLEAN: Share = Share { hit_every: 0 };
/// One in a hundred was missed by the gateway.
const USUAL: Share = Share { hit_every: 100 };
const JUDGE: [&str; 1] = ["--no-move"];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    match run(&asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(asked: &[String]) -> Result<bool> {
    let names = ROWS.map(|(name, _)| name);
    if let Some(unknown) = asked.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("no rows `{unknown}`: there are {}", names.join(", "));
    }
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|one| one == name);
    let mut rows = Vec::new();
    for (name, measure) in ROWS.into_iter().filter(|(name, _)| wanted(name)) {
        eprintln!("measuring: {name} (load {})", load_average());
        let measured = measure()?;
        eprint!("{}", table::markdown(&measured));
        rows.extend(measured);
    }
    println!("{}", table::markdown(&rows));
    Ok(rows.iter().all(|row| row.met))
}

fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// So many messages, or the part of them that was asked for.
fn scaled(messages: usize) -> usize {
    let divide = std::env::var("POSTSWEEP_BENCH_DIVIDE").ok();
    let divide = divide.and_then(|text| text.parse().ok()).unwrap_or(1);
    (messages / divide).max(1)
}

fn user() -> Vec<String> {
    vec!["pat".to_owned()]
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Both sides, in turn, three times.
fn in_turn(
    mut ours: impl FnMut() -> Result<Duration>,
    mut peer: impl FnMut() -> Result<Duration>,
) -> Result<(Duration, Duration)> {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        one.push(ours()?);
        other.push(peer()?);
        eprintln!(
            "  {} against {}",
            seconds(one[one.len() - 1]),
            seconds(other[other.len() - 1])
        );
    }
    Ok((median(one), median(other)))
}

fn filled(load: Load) -> Result<(Dovecot, u64, String)> {
    let dovecot = dovecot()?;
    let bytes = fill(&dovecot, "pat", load)?;
    let what = format!("{} messages, {} MB", load.messages, bytes / 1_000_000);
    Ok((dovecot, bytes, what))
}

/// A first sweep with a store of its own.
fn sweep_anew(port: u16) -> Result<Duration> {
    Ok(Program::new(port, &user())?.sweep(&JUDGE)?.took)
}

/// Fetch alone, and a first sweep, on loopback.
fn first() -> Result<Vec<Row>> {
    let messages = scaled(10_000);
    let load = Load {
        messages,
        share: USUAL,
        large: 0,
    };
    let (dovecot, bytes, what) = filled(load)?;
    let pull = || peers::mbsync(dovecot.port, "pat", messages);
    let (fetched, pulled) = in_turn(|| fetch(&dovecot, messages, bytes), pull)?;
    let mut rows = vec![Row::ratio(
        &format!("fetch alone, loopback: {what}"),
        fetched,
        ("mbsync", pulled),
        0.7,
    )];
    let (swept, pulled) = in_turn(|| sweep_anew(dovecot.port), pull)?;
    rows.push(Row::ratio(
        "first sweep of the same",
        swept,
        ("mbsync", pulled),
        1.3,
    ));
    Ok(rows)
}

/// Lists the inbox and fetches all of every message.
fn fetch(dovecot: &Dovecot, messages: usize, bytes: u64) -> Result<Duration> {
    let begun = Instant::now();
    let server = dovecot.server("pat", Security::None);
    let mut mailbox = imap::open(&server, &Dovecot::password(), &Stop::default())?;
    let entries = mailbox.list("INBOX")?;
    let (mut count, mut sum) = (0, 0);
    let mut each = |fetched: Fetched| {
        count += 1;
        sum += fetched.bytes.len() as u64;
        ControlFlow::Continue(())
    };
    mailbox.fetch("INBOX", &entries, Part::Whole, &mut each)?;
    let took = begun.elapsed();
    if (count, sum) != (messages, bytes) {
        bail!("fetched {count} messages of {messages}, {sum} bytes of {bytes}");
    }
    Ok(took)
}

/// A first sweep over a long way.
fn delay() -> Result<Vec<Row>> {
    let messages = scaled(10_000);
    let load = Load {
        messages,
        share: USUAL,
        large: 0,
    };
    let (dovecot, _, what) = filled(load)?;
    let proxy = delayed(dovecot.port);
    let (swept, pulled) = in_turn(
        || sweep_anew(proxy.port),
        || peers::mbsync(proxy.port, "pat", messages),
    )?;
    let work = format!("first sweep, 25 ms away each way: {what}");
    Ok(vec![Row::ratio(&work, swept, ("mbsync", pulled), 0.7)])
}

/// A first sweep that moves what it finds.
fn isbg() -> Result<Vec<Row>> {
    const FEW: usize = 100;
    let messages = scaled(2_000);
    let share = Share { hit_every: 10 };
    let dovecot = dovecot()?;
    let mut ours = Vec::new();
    for user in ["one", "two", "three"] {
        fill(
            &dovecot,
            user,
            Load {
                messages,
                share,
                large: 0,
            },
        )?;
        let program = Program::new(dovecot.port, &[user.to_owned()])?;
        ours.push(program.sweep(&[])?.took);
        let moved = dovecot
            .client(user)
            .run("STATUS \"Missed spam\" (MESSAGES)");
        let expected = format!("MESSAGES {})", messages / share.hit_every);
        if !moved[0].0.ends_with(&expected) {
            bail!("expected {expected}: {}", moved[0].0);
        }
    }
    fill(
        &dovecot,
        "few",
        Load {
            messages: FEW,
            share,
            large: 0,
        },
    )?;
    let (peer, read) = peers::isbg(&dovecot, "few", FEW)?;
    let scaled = peer.mul_f64(messages as f64 / read as f64);
    let name = format!(
        "isbg, spamc, scaled from {read} messages in {}",
        seconds(peer)
    );
    let work = format!("first sweep and moves: {messages} messages, a tenth hits");
    Ok(vec![Row::ratio(
        &work,
        median(ours),
        (&name, scaled),
        0.005,
    )])
}

/// A mailbox of many years: first sweep, nothing new, other rules; and the memory that it takes.
fn large() -> Result<Vec<Row>> {
    let messages = scaled(100_000);
    let load = Load {
        messages,
        share: USUAL,
        large: scaled(20),
    };
    let (dovecot, _, what) = filled(load)?;
    let proxy = delayed(dovecot.port);
    let program = Program::new(proxy.port, &user())?;
    let first = program.sweep(&JUDGE)?;
    eprintln!("  first sweep of {what}: {}", seconds(first.took));
    let mut rows = vec![nothing_new(&dovecot, &program, messages)?];
    program.aim(proxy.port, &user())?;

    program.change_rules()?;
    let again = program.sweep(&JUDGE)?;
    rows.push(Row::ratio(
        &format!("rules changed: {messages} messages judged again, 25 ms away"),
        again.took,
        ("first sweep", first.took),
        0.25,
    ));
    let peak = [first, again].iter().map(|ran| ran.peak).max().unwrap_or(0);
    rows.push(Row {
        work: format!("peak memory: {what}, {} of 50 MB", load.large),
        ours: format!("{} MB", peak / 1_000_000),
        peer: String::new(),
        bound: "150 MB".to_owned(),
        got: format!("{} MB", peak / 1_000_000),
        met: peak <= 150_000_000,
    });
    Ok(rows)
}

/// Sweeps that find nothing new: their time on loopback, and their round trips.
fn nothing_new(dovecot: &Dovecot, program: &Program, messages: usize) -> Result<Row> {
    let near = Proxy::start(dovecot.port, Line::default());
    program.aim(near.port, &user())?;
    let before = opened(dovecot);
    program.sweep(&[])?; // the hits are moved: what is left is nothing new
    settle(dovecot, before);
    let before = near.turns();
    program.sweep(&[])?;
    let turns = near.turns() - before;
    program.aim(dovecot.port, &user())?;
    let runs = (0..3).map(|_| Ok(program.sweep(&[])?.took));
    let took = median(runs.collect::<Result<_>>()?);
    Ok(Row {
        work: format!("second sweep, nothing new: {messages} messages"),
        ours: seconds(took),
        peer: format!("EXAMINE alone: {}", seconds(opened(dovecot))),
        bound: "10 round trips, 0.3 s".to_owned(),
        got: format!("{turns} round trips, {}", seconds(took)),
        met: turns <= 10 && took <= Duration::from_millis(300),
    })
}

/// How long the server takes to open the inbox.
fn opened(dovecot: &Dovecot) -> Duration {
    let mut client = dovecot.client("pat");
    let begun = Instant::now();
    client.run("EXAMINE INBOX");
    begun.elapsed()
}

/// Waits until the server opens the inbox as fast as before it was changed, a minute at most: for
/// some seconds after a change Dovecot reads a Maildir anew at each opening, for whatever client,
/// and nobody is measured at that.
fn settle(dovecot: &Dovecot, before: Duration) {
    let begun = Instant::now();
    while opened(dovecot) > before.mul_f64(1.5) && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_secs(1));
    }
    eprintln!("  settled in {}", seconds(begun.elapsed()));
}

/// Many accounts on one server, together and one after another.
fn accounts() -> Result<Vec<Row>> {
    let messages = scaled(100);
    let dovecot = dovecot()?;
    let users: Vec<String> = (0..20).map(|number| format!("user{number}")).collect();
    for user in &users {
        fill(
            &dovecot,
            user,
            Load {
                messages,
                share: CLEAN,
                large: 0,
            },
        )?;
    }
    let proxy = delayed(dovecot.port);
    let (together, alone) = in_turn(
        || Ok(Program::new(proxy.port, &users)?.sweep(&JUDGE)?.took),
        || {
            let each = users.iter().map(|user| {
                let ran: Ran =
                    Program::new(proxy.port, std::slice::from_ref(user))?.sweep(&JUDGE)?;
                Ok(ran.took)
            });
            Ok(each.collect::<Result<Vec<_>>>()?.iter().sum())
        },
    )?;
    let work = format!("20 accounts of {messages} messages on one server, 25 ms away");
    Ok(vec![Row::ratio(
        &work,
        together,
        ("one after another", alone),
        0.25,
    )])
}
