//! Points in time, as short as they can be understood, in the reader's own time zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Today its time, this week its day, else its date.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let days = days_between(&at, &now);
    match days {
        0 => at.strftime("%H:%M"),
        1..7 => at.strftime("%a %H:%M"),
        _ if at.year() == now.year() => at.strftime("%-d %b"),
        _ => at.strftime("%-d %b %Y"),
    }
    .to_string()
}

/// Its day, date and time.
pub fn whole(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%a %-d %b %Y %H:%M").to_string()
}

/// Its time to the second.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// Days from one date to another; -1 of what is to come.
fn days_between(at: &Zoned, now: &Zoned) -> i32 {
    let (at, now) = (at.date(), now.date());
    match at > now {
        true => -1,
        false => at.until(now).map_or(i32::MAX, |span| span.get_days()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_short() {
        let now: Timestamp = "2025-11-21T10:00:00Z".parse().unwrap();
        let shown = |at: &str| when(at.parse().unwrap(), now, &TimeZone::UTC);
        assert_eq!(shown("2025-11-21T09:02:00Z"), "09:02");
        assert_eq!(shown("2025-11-20T21:40:00Z"), "Thu 21:40");
        assert_eq!(shown("2025-11-14T21:40:00Z"), "14 Nov");
        assert_eq!(shown("2024-11-21T21:40:00Z"), "21 Nov 2024");
        assert_eq!(shown("2025-11-22T21:40:00Z"), "22 Nov");
        let at = "2025-11-21T09:02:40Z".parse().unwrap();
        assert_eq!(whole(at, &TimeZone::UTC), "Fri 21 Nov 2025 09:02");
        assert_eq!(clock(at, &TimeZone::UTC), "09:02:40");
    }
}
