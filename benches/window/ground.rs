//! A mailbox with one message that is really swept, so that a hit is open beside the list, and a
//! store in which a hundred thousand more were judged.

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};
use postsweep::job::{self, Choices, Control, Moves, Plan};
use postsweep::mail::{Digest, Place};
use postsweep::settings::{Places, Settings};
use postsweep::store::{Brief, Judged, Store};
use postsweep::verdict::{Category, Evidence, Finding, Level, Verdict};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Written at once.
const TOGETHER: usize = 5_000;

pub struct Ground {
    pub folder: TempDir,
    pub rows: usize,
    pub took: Duration,
}

impl Ground {
    pub fn new(rows: usize) -> Result<Ground> {
        let begun = Instant::now();
        let folder = tempfile::tempdir()?;
        let places = places(folder.path());
        sweep_one(folder.path(), &places)?;
        let mut store = Store::open(&places.data_dir.join("store.sqlite"))?;
        let now = Timestamp::now();
        for first in (0..rows).step_by(TOGETHER) {
            store.together(|store| {
                for number in first..(first + TOGETHER).min(rows) {
                    let folder = FOLDERS[number % FOLDERS.len()];
                    let place = Place::Name(format!("{number}.M{number}.host"));
                    store.set_judged("pat", folder, &place, "rules", &judged(number, now))?;
                }
                Ok(())
            })?;
        }
        Ok(Ground {
            folder,
            rows: rows + 1,
            took: begun.elapsed(),
        })
    }

    pub fn places(&self) -> Places {
        places(self.folder.path())
    }
}

pub fn places(folder: &Path) -> Places {
    Places::within(folder)
}

fn sweep_one(folder: &Path, places: &Places) -> Result<()> {
    let mail = folder.join("mail");
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(mail.join(part))?;
    }
    fs::write(
        mail.join("cur/1.M1.host:2,"),
        "Received: from mail.spam.example (mail.spam.example [192.0.2.7]) by mx.example.net;\r\n\
         \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: Bank <1@spam.example>\r\n\
         To: Pat <pat@example.net>\r\nSubject: Your account\r\nMessage-ID: <1@spam.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Read this. <a href=\"https://evil.example.org/x\">https://www.bank.com/</a></p>\r\n",
    )?;
    let settings = format!(
        "[[account]]\nname = \"pat\"\nsource = \"maildir\"\npath = {mail:?}\n\
         folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.net\"]\n\
         [senders]\nblocked = [\"*@spam.example\"]\n[cache]\nkey = \"file\"\n"
    );
    fs::write(&places.config_file, settings)?;
    let settings = Settings::load(&places.config_file)?;
    let choices = Choices {
        moves: Moves::WhenAsked,
        ..Choices::default()
    };
    let plan = Plan::new(settings, places, &choices)?;
    let summary = job::run(&plan, &Control::new(), &mut |_| {});
    ensure!(summary.hits() == 1, "{summary:?}");
    Ok(())
}

const FOLDERS: [&str; 4] = ["INBOX", "Archive/2025", "Newsletters", "Team"];
const SUBJECTS: [&str; 6] = [
    "Your account will be locked unless you confirm it",
    "Invoice overdue: pay today to keep your services",
    "You have won the grand prize of the week",
    "Ihre Rechnung liegt bereit, bitte prüfen",
    "Срочно: подтвердите ваш платёж",
    "A parcel waits for you at the customs office",
];
const NAMES: [&str; 5] = [
    "Bank Service",
    "Parcel Desk",
    "Prize Office",
    "Dr. Müller",
    "Support",
];

fn judged(number: usize, now: Timestamp) -> Judged {
    let says = |rule: &str, category, weight, says: String| Finding {
        rule: rule.to_owned(),
        category,
        weight,
        says,
        evidence: Evidence::none(),
    };
    let category = match number % 3 {
        0 => Category::Phishing,
        _ => Category::Spam,
    };
    let strongest = match number % 4 {
        0 => format!("The sender's domain mail{}.example is new", number % 5_000),
        1 => "A link shows www.bank.com but leads to evil.example.org".to_owned(),
        2 => "The message asks for a payment in a hurry".to_owned(),
        _ => "The sender writes as somebody that they are not".to_owned(),
    };
    let findings = vec![
        says(
            ["link-shown-elsewhere", "hurry", "imitates"][number % 3],
            category,
            6.0 + (number % 17) as f64 / 10.0,
            strongest,
        ),
        says(
            "stranger",
            category,
            1.5,
            "Nobody here wrote to this sender before".to_owned(),
        ),
    ];
    let name = NAMES[number % NAMES.len()];
    let minutes = SignedDuration::from_mins(((number * 7_919) % 500_000) as i64);
    let brief = Brief {
        from: format!("desk{}@mail{}.example", number % 977, number % 5_000),
        sender_domain: format!("mail{}.example", number % 5_000),
        subject: format!("{} ({number})", SUBJECTS[number % SUBJECTS.len()]),
        message_id: Some(format!("{number}@mail.example")),
        name: name.to_owned(),
        date: now.checked_sub(minutes).ok(),
        size: 20_000 + number as u64,
        ..Brief::default()
    };
    Judged {
        digest: Digest::of(&number.to_le_bytes()),
        verdict: Verdict::weigh(findings, Vec::new(), Level::Low),
        brief: Some(brief),
    }
}
