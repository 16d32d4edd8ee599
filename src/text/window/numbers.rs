//! Numbers and times as the window says them.

use std::time::Duration;

pub use crate::text::parted as number;

/// `1 message`, `18,412 messages`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(count))
}

/// How long something took: `46 s`, `1 min 46 s`, `2 h 5 min`.
pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// How long something will still take, no finer than it can be known: `about 1 minute`.
pub fn about(time: Duration) -> String {
    let minutes = time.as_secs().div_ceil(60).max(1);
    match minutes {
        1 if time.as_secs() < 45 => "less than a minute".to_owned(),
        1 => "about 1 minute".to_owned(),
        2..=90 => format!("about {minutes} minutes"),
        _ => format!("about {} hours", (minutes + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::{about, counted, number, took};
    use std::time::Duration;

    #[test]
    fn numbers_and_times_are_said_as_people_say_them() {
        for (count, said) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(count), said);
        }
        assert_eq!(counted(1, "hit"), "1 hit");
        assert_eq!(counted(18_412, "message"), "18,412 messages");
        for (seconds, lasted, left) in [
            (9, "9 s", "less than a minute"),
            (59, "59 s", "about 1 minute"),
            (106, "1 min 46 s", "about 2 minutes"),
            (7_500, "2 h 5 min", "about 2 hours"),
        ] {
            let time = Duration::from_secs(seconds);
            assert_eq!(took(time), lasted);
            assert_eq!(about(time), left);
        }
    }
}
