//! A place whose mailbox was swept before the window opens: nine messages, three of them hits.

use super::place::Place;
use postsweep::job::{self, Choices, Control, Event, Moves, Plan, Submit};
use postsweep::mail::Digest;
use postsweep::settings::Settings;

/// Letters go into the outbox folder.
const SETTINGS: &str = "[[account]]\nname = \"work\"\nsource = \"maildir\"\npath = \"mail\"\n\
    folders = [\"INBOX\"]\nmove-to = \"Missed spam\"\naddresses = [\"pat@example.com\"]\n\n\
    [submission]\nvendor = \"f-secure\"\nsend = \"outbox\"\nfrom = \"pat@example.com\"\n\n\
    [senders]\nblocked = [\"*@spam.example\"]\n\n[cache]\nkey = \"file\"\n";

/// A mailbox that was swept; hits are moved at once, or left.
pub fn swept(moves: Moves) -> (Place, Vec<Digest>) {
    let place = Place::new(SETTINGS);
    let cur = place.path().join("mail/cur");
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(place.path().join("mail").join(part)).unwrap();
    }
    for number in 0..9 {
        let domain = match number % 3 {
            0 => "spam.example",
            _ => "example.org",
        };
        let name = format!("{}.M{number}.host:2,S", 1_790_000_000 + number);
        std::fs::write(cur.join(name), message(number, domain)).unwrap();
    }
    let choices = Choices {
        moves,
        submit: Some(Submit::No),
        ..Choices::default()
    };
    let settings = Settings::load(&place.places().config_file).unwrap();
    let plan = Plan::new(settings, &place.places(), &choices).unwrap();
    let mut hits = Vec::new();
    let summary = job::run(&plan, &Control::new(), &mut |event| {
        if let Event::Hit(hit) = event {
            hits.push(hit.sha256);
        }
    });
    assert_eq!((summary.hits(), summary.troubles), (3, 0), "{summary:?}");
    (place, hits)
}

/// An ordinary message.
pub fn message(number: usize, domain: &str) -> String {
    format!(
        "Received: from mail.{domain} (mail.{domain} [192.0.2.7]) by mx.example.net with ESMTPS;\r\n\
         \tMon, 16 Nov 2026 08:00:00 +0000\r\nFrom: Sam <sam{number}@{domain}>\r\n\
         To: Pat <pat@example.net>\r\nSubject: Minutes of meeting {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\nMessage-ID: <{number}@{domain}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        format!("These are the minutes of meeting {number}.\r\n").repeat(8)
    )
}
