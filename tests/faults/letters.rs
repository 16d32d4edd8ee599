//! The mailbox that every fault is tried on: hits and clean messages in several folders, with
//! flags, keywords and dates, some of them alike and some without a Message-ID.

use super::support::client::Client;

/// Where hits go.
pub const TARGET: &str = "Missed spam";
/// The folders that are swept.
pub const SWEPT: [&str; 2] = ["INBOX", "Work/In"];
/// A folder that is not.
const OTHER: &str = "Archive";
/// Whose mail is judged as spam, by the settings.
pub const BLOCKED: &str = "spam.example";

pub struct Letter {
    pub folder: &'static str,
    pub flags: &'static str,
    pub date: String,
    pub bytes: Vec<u8>,
}

fn letter(number: usize, domain: &str, id: &str, padding: usize) -> Vec<u8> {
    let filler = format!("{}\r\n", "-".repeat(60)).repeat(padding);
    format!(
        "From: Sam <sam{number}@{domain}>\r\nTo: Pat <pat@example.net>\r\nSubject: Meeting {number}\r\n\
         Date: Mon, 16 Nov 2026 08:00:00 +0000\r\n{id}\r\nMinutes {number}.\r\n{filler}"
    )
    .into_bytes()
}

/// All of it.
pub fn letters() -> Vec<Letter> {
    let mut all = Vec::new();
    let mut add = |folder, flags, bytes| {
        let number = all.len();
        let date = format!(
            "{:02}-{}-{} 1{}:20:30 +0{}00",
            number % 28 + 1,
            ["Jan", "May", "Oct"][number % 3],
            2001 + number % 25,
            number % 10,
            number % 6
        );
        all.push(Letter {
            folder,
            flags,
            date,
            bytes,
        });
    };
    let flags = [
        "",
        "\\Seen",
        "\\Seen $Work",
        "$Label1",
        "\\Seen Later $Label1",
    ];
    // Hits and clean ones in turn; a few that their owner's flags hold.
    for number in 0..18 {
        let domain = [BLOCKED, "example.org"][number % 2];
        let id = format!("Message-ID: <{number}@{domain}>\r\n");
        let folder = if number % 3 == 2 { SWEPT[1] } else { SWEPT[0] };
        let padding = if number == 4 { 100 } else { number % 4 };
        add(
            folder,
            flags[number % 5],
            letter(number, domain, &id, padding),
        );
    }
    for (number, flags) in [(20, "\\Flagged"), (21, "\\Seen \\Answered")] {
        let id = format!("Message-ID: <{number}@{BLOCKED}>\r\n");
        add(SWEPT[0], flags, letter(number, BLOCKED, &id, 0));
    }
    // Without a Message-ID, and two that share one.
    for (number, domain) in [(30, BLOCKED), (31, BLOCKED), (32, "example.org")] {
        add(SWEPT[0], "\\Seen", letter(number, domain, "", 0));
    }
    for number in [33, 34] {
        let id = "Message-ID: <same@spam.example>\r\n";
        add(SWEPT[0], "", letter(number, BLOCKED, id, 0));
    }
    // The same message several times, in two folders.
    for (folder, flags) in [(SWEPT[0], "\\Seen"), (SWEPT[0], ""), (SWEPT[1], "$Work")] {
        let id = "Message-ID: <40@spam.example>\r\n";
        add(folder, flags, letter(40, BLOCKED, id, 0));
    }
    for _ in 0..2 {
        add(SWEPT[0], "\\Seen", letter(41, "example.org", "", 0));
    }
    // What its owner is about to remove, and what nobody asked to sweep.
    add(SWEPT[0], "\\Deleted", letter(42, "example.org", "", 0));
    add(OTHER, "\\Seen", letter(43, BLOCKED, "", 0));
    add(OTHER, "$Work", letter(44, "example.org", "", 0));
    all
}

/// Puts all of it into a mailbox.
pub fn fill(client: &mut Client) {
    for folder in [SWEPT[1], OTHER] {
        client.run(&format!("CREATE \"{folder}\""));
    }
    for letter in letters() {
        client.append(letter.folder, letter.flags, &letter.date, &letter.bytes);
    }
}
