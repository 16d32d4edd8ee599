//! What servers say when they want to be left alone for a while, by code or in their own words;
//! and how long. Pure; waits for nothing.

use super::command::{Completion, Status};
use std::time::Duration;

/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What a refused command was to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Reading messages.
    Fetching,
    /// Changing something.
    Changing,
    /// Anything else.
    Other,
}

impl Doing {
    /// What a command does, by its words.
    pub(super) fn of(words: &[u8]) -> Doing {
        const CHANGING: [&[u8]; 9] = [
            b"APPEND",
            b"COPY",
            b"CREATE",
            b"DELETE",
            b"EXPUNGE",
            b"MOVE",
            b"RENAME",
            b"STORE",
            b"SUBSCRIBE",
        ];
        let mut words = words
            .split(|byte| byte.is_ascii_whitespace())
            .filter(|word| !word.eq_ignore_ascii_case(b"UID"));
        let first = words.next().unwrap_or_default();
        let is = |word: &[u8]| first.eq_ignore_ascii_case(word);
        if CHANGING.iter().any(|word| is(word)) {
            Doing::Changing
        } else if is(b"FETCH") {
            Doing::Fetching
        } else {
            Doing::Other
        }
    }
}

/// What a server asks for in place of carrying a command out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plea {
    /// To be left alone, for this long where it says so.
    Wait(Option<Duration>),
    /// A new connection: this one is signed in and yet of no use.
    ComeAgain,
}

/// Words that some servers use in place of a code.
const WORDS: [&str; 8] = [
    // Microsoft 365: `NO Request is throttled. Suggested Backoff Time: 299910 milliseconds`, with
    // BAD too and a BYE behind it (github.com/ikvk/imap_tools/issues/135, August 2021;
    // github.com/simonrob/email-oauth2-proxy/issues/191, August 2023).
    "is throttled",
    "backoff time",
    "server unavailable",
    // Gmail: `NO [ALERT] Too many simultaneous connections. (Failure)`; 15 are allowed
    // (support.google.com/mail/answer/7126229; mailcore2 issue 587, February 2014).
    "too many simultaneous connections",
    // Gmail, to 2.5 GB a day: `NO [OVERQUOTA] Account exceeded command or bandwidth limits.
    // (Failure)`. The mailbox is not full (support.google.com/a/answer/1071518;
    // github.com/chatwoot/chatwoot/issues/6082, December 2022).
    "bandwidth limit",
    // Cyrus and Courier greet with BYE; Dovecot says it behind [LIMIT] or [UNAVAILABLE] too.
    "too many connections",
    "maximum number of connections",
    "connection limit",
];

/// What the server asks for with this NO, BAD or BYE, if anything. Gmail's `OK Success
/// [THROTTLED]` (github.com/mscdex/node-imap/issues/593, February 2017) is an OK: it was slow on
/// purpose, and did it.
pub(super) fn plea(told: &Completion, doing: Doing) -> Option<Plea> {
    if matches!(told.status, Status::Ok | Status::PreAuth) {
        return None;
    }
    let text = told.text.to_ascii_lowercase();
    // RFC 5530. LIMIT on a change is a bound of the server's, such as keywords in a folder; with
    // SERVERBUG on a change or a FETCH it is those messages that are not to be had, which no wait
    // may heal.
    let waits = told.has("THROTTLED")
        || told.has("UNAVAILABLE")
        || told.has("INUSE")
        || (told.has("LIMIT") && doing != Doing::Changing)
        || (told.has("SERVERBUG") && doing == Doing::Other)
        || text.contains("[throttled]")
        || WORDS.iter().any(|words| text.contains(words));
    if waits {
        return Some(Plea::Wait(time(&text)));
    }
    // Microsoft 365, `BAD User is authenticated but not connected.`: it comes and goes, or the
    // user may not open this mailbox (github.com/mscdex/node-imap/issues/523, February 2016;
    // github.com/getmail6/getmail6/issues/214, October 2024).
    text.contains("authenticated but not connected")
        .then_some(Plea::ComeAgain)
}

/// The first time in a text: `92415 milliseconds`, `5 minutes`.
fn time(text: &str) -> Option<Duration> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).find_map(|pair| {
        let [number, unit] = pair else { return None };
        let number: u64 = number.parse().ok()?;
        let milliseconds = match *unit {
            "ms" | "msec" | "millisecond" | "milliseconds" => 1,
            "s" | "sec" | "second" | "seconds" => 1_000,
            "min" | "minute" | "minutes" => 60_000,
            "h" | "hour" | "hours" => 3_600_000,
            _ => return None,
        };
        Some(Duration::from_millis(number.saturating_mul(milliseconds)).min(LONGEST))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commands_that_change_something_run_to_their_end() {
        for words in [
            "UID MOVE 1 \"Junk\"\r\n",
            "uid store 1",
            "CREATE x",
            "EXPUNGE\r\n",
        ] {
            assert_eq!(Doing::of(words.as_bytes()), Doing::Changing, "{words}");
        }
        for words in [
            "UID FETCH 1 (UID)",
            "LIST \"\" MOVE",
            "SELECT STORE",
            "NOOP\r\n",
            "",
        ] {
            assert_ne!(Doing::of(words.as_bytes()), Doing::Changing, "{words}");
        }
    }

    fn heard(line: &str, doing: Doing) -> Option<Plea> {
        plea(&Completion::parse(line.as_bytes()).unwrap(), doing)
    }

    #[test]
    fn servers_that_ask_to_wait_are_heard_in_their_own_words() {
        let milliseconds = |n| Some(Plea::Wait(Some(Duration::from_millis(n))));
        let some_time = Some(Plea::Wait(None));
        for (line, asked) in [
            (
                "NO Request is throttled. Suggested Backoff Time: 92415 milliseconds",
                milliseconds(92_415),
            ),
            (
                "BAD Request is throttled. Suggested Backoff Time: 299910 milliseconds",
                milliseconds(299_910),
            ),
            (
                "NO [THROTTLED] try again in 5 minutes",
                milliseconds(300_000),
            ),
            (
                "NO [LIMIT] Rate limit hit, 99999999999999999 hours",
                Some(Plea::Wait(Some(LONGEST))),
            ),
            ("BYE [THROTTLED]", some_time),
            ("NO slow down [THROTTLED]", some_time),
            (
                "NO [ALERT] Too many simultaneous connections. (Failure)",
                some_time,
            ),
            (
                "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
                some_time,
            ),
            ("BYE too many connections from your IP", some_time),
            (
                "NO [UNAVAILABLE] Temporary authentication failure.",
                some_time,
            ),
            ("NO [inuse] Timeout while waiting for lock", some_time),
            ("NO [SERVERBUG] Internal error occurred.", some_time),
            (
                "BAD User is authenticated but not connected.",
                Some(Plea::ComeAgain),
            ),
            ("OK Success [THROTTLED]", None),
            (
                "NO [OVERQUOTA] Quota exceeded (mailbox for user is full)",
                None,
            ),
            (
                "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
                None,
            ),
            (
                "NO [NONEXISTENT] Unknown Mailbox: throttled (now in 5 minutes)",
                None,
            ),
            ("BYE Session invalidated - AccessTokenExpired", None),
            ("BYE Disconnected for inactivity.", None),
            ("BAD", None),
        ] {
            assert_eq!(heard(line, Doing::Other), asked, "{line}");
        }
    }

    #[test]
    fn what_a_wait_would_not_heal_is_a_refusal() {
        let limit = "NO [LIMIT] At most 32 flags in one mailbox supported";
        assert_eq!(heard(limit, Doing::Changing), None);
        assert!(heard(limit, Doing::Fetching).is_some());
        let bug = "NO [SERVERBUG] Internal error occurred.";
        assert_eq!(heard(bug, Doing::Changing), None);
        assert_eq!(heard(bug, Doing::Fetching), None);
    }
}
