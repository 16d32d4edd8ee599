//! Lines: over how many connections a folder with much to read is read. Further ones are for
//! reading only, and are closed when the folder is read.

use crate::mailbox::Entry;
use crate::settings::{Account, Source};
use std::borrow::Cow;
use std::time::Duration;

/// How much there must be to read.
const MESSAGES: usize = 500;
const BYTES: u64 = 16 << 20;
/// Messages that follow one another in a share: each share has new ones and old ones.
const BLOCK: usize = 200;
/// A server that lets somebody in within this time is near: there, commands sent ahead keep one
/// connection as busy as the judge, and a second one only takes cores from it. Far away each
/// connection has a speed of its own, by its window and by what the provider allows it.
const NEAR: Duration = Duration::from_millis(100);

/// The connections of one account.
#[derive(Debug)]
pub(super) struct Lines {
    most: usize,
}

impl Lines {
    /// As many as the account's settings and its mailbox allow, which took so long to open.
    pub(super) fn new(account: &Account, opened_in: Duration) -> Lines {
        let is_far = matches!(account.source, Source::Imap(_)) && opened_in > NEAR;
        Lines {
            most: if is_far { account.connections } else { 1 },
        }
    }

    /// The server did not bear more than one.
    pub(super) fn alone(&mut self) {
        self.most = 1;
    }

    /// Parts messages into what each connection reads, the first being the one that is open.
    pub(super) fn share<'e>(&self, wanted: &'e [Entry]) -> Vec<Cow<'e, [Entry]>> {
        let bytes: u64 = wanted.iter().map(|entry| entry.size).sum();
        let blocks = wanted.len().div_ceil(BLOCK);
        if self.most < 2 || blocks < 2 || (wanted.len() <= MESSAGES && bytes <= BYTES) {
            return vec![Cow::Borrowed(wanted)];
        }
        let count = self.most.min(blocks);
        let share = |number| {
            let blocks = wanted.chunks(BLOCK).skip(number).step_by(count);
            Cow::Owned(blocks.flatten().cloned().collect())
        };
        (0..count).map(share).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Flags, Place};

    #[test]
    fn shares_hold_every_message_once_and_little_is_not_shared() {
        for (count, size, most, shares) in [
            (0, 1, 4, 1),
            (500, 1000, 4, 1),
            (501, 1000, 4, 3),
            (300, 1 << 20, 4, 2),
            (150, 1 << 20, 4, 1),
            (5000, 1000, 4, 4),
            (5000, 1000, 1, 1),
        ] {
            let wanted: Vec<Entry> = (0..count)
                .map(|uid| Entry {
                    place: Place::Uid { validity: 1, uid },
                    size,
                    flags: Flags::default(),
                    date: None,
                })
                .collect();
            let shared = Lines { most }.share(&wanted);
            assert_eq!(shared.len(), shares, "{count} of {size}");
            let mut all: Vec<&Entry> = shared.iter().flat_map(|share| share.iter()).collect();
            all.sort_by(|a, b| a.place.cmp(&b.place));
            assert_eq!(all, wanted.iter().collect::<Vec<_>>());
            let largest = shared.iter().map(|share| share.len()).max();
            assert!(largest <= Some(count as usize / shares + BLOCK));
        }
    }
}
