//! What is ticked: by itself, by a person, row by row or all at once, and what comes of it.

use super::Table;
use crate::job::KnownHit;

impl Table {
    /// Whether the row at a position is ticked.
    pub fn is_ticked(&self, position: usize) -> bool {
        let number = self.shown.get(position);
        number.and_then(|number| self.ticked.get(*number as usize)) == Some(&true)
    }

    /// Whether all, none or some of what is shown is ticked.
    pub fn all_ticked(&self) -> Option<bool> {
        match self.counts.ticked {
            0 => Some(false),
            all if all == self.shown.len() => Some(true),
            _ => None,
        }
    }

    /// Ticks rows at positions, or takes their ticks away.
    pub fn tick(&mut self, positions: std::ops::RangeInclusive<usize>, ticked: bool) {
        let numbers: Vec<u32> = self.shown.get(positions).unwrap_or_default().to_vec();
        for number in numbers {
            self.set_tick(number, ticked);
        }
        self.count();
    }

    /// Ticks what is shown but what somebody wants or what is held, which is ticked one by one; or
    /// takes all ticks away.
    pub fn tick_all(&mut self, ticked: bool) {
        let numbers: Vec<u32> = match ticked {
            true => self.unticked().collect(),
            false => self.shown.clone(),
        };
        for number in numbers {
            self.set_tick(number, ticked);
        }
        self.count();
    }

    /// Whether there is anything left for `tick_all` to tick.
    pub fn has_unticked(&self) -> bool {
        self.unticked().next().is_some()
    }

    fn unticked(&self) -> impl Iterator<Item = u32> {
        let may = |number: &u32| {
            let row = self.rows.get(*number as usize);
            row.is_some_and(|row| row.meant().is_some() && row.held.is_none())
                && self.ticked.get(*number as usize) == Some(&false)
        };
        self.shown.iter().copied().filter(may)
    }

    pub(super) fn set_tick(&mut self, number: u32, ticked: bool) {
        if let Some(tick) = self.ticked.get_mut(number as usize) {
            *tick = ticked;
            self.touched.insert(number);
        }
    }

    /// Rows that are shown and ticked.
    pub fn chosen(&self) -> impl Iterator<Item = &KnownHit> {
        let is_ticked = |number: &&u32| self.ticked.get(**number as usize) == Some(&true);
        let ticked = self.shown.iter().filter(is_ticked);
        ticked.filter_map(|number| self.rows.get(*number as usize))
    }
}
