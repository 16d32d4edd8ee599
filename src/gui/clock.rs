//! What time it is, and in which time zone the reader is: the system's. On a thread where it was
//! made to stand still, pictures of the window are the same on any day and in any zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::cell::RefCell;

thread_local! {
    static STANDING: RefCell<Option<Zoned>> = const { RefCell::new(None) };
}

/// From here on it is this time, and this zone, for what this thread draws.
pub fn stand_still(at: Zoned) {
    STANDING.set(Some(at));
}

/// This moment, where the reader is.
pub fn here() -> Zoned {
    STANDING.with_borrow(|standing| standing.clone().unwrap_or_else(Zoned::now))
}

/// This moment.
pub fn now() -> Timestamp {
    STANDING.with_borrow(|standing| match standing {
        Some(at) => at.timestamp(),
        None => Timestamp::now(),
    })
}

/// The reader's time zone.
pub fn zone() -> TimeZone {
    STANDING.with_borrow(|standing| match standing {
        Some(at) => at.time_zone().clone(),
        None => TimeZone::system(),
    })
}

#[cfg(test)]
mod tests {
    use super::{here, now, stand_still, zone};
    use jiff::tz::TimeZone;

    #[test]
    fn it_stands_still_for_one_thread_alone() {
        let at = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        stand_still(at.clone());
        assert_eq!((here(), now()), (at.clone(), at.timestamp()));
        assert_eq!(zone(), TimeZone::UTC);
        let others = std::thread::spawn(now).join().unwrap();
        assert!(others > at.timestamp());
    }
}
