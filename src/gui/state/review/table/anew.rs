//! What stays of a table when its rows are read anew: what somebody ticked, and what they moved.

use super::{Table, key_of};
use crate::job::HitState;

impl Table {
    /// The same after it was read anew: what somebody ticked, and what they moved, stays. What lies
    /// in another folder than before is another copy, which nobody chose.
    pub fn keep_from(&mut self, before: &Table) {
        for number in &before.touched {
            let row = before.rows.get(*number as usize);
            let ticked = before.ticked.get(*number as usize);
            if let (Some(row), Some(ticked)) = (row, ticked)
                && let Some(now) = self.find(&row.digest, &row.account)
            {
                self.set_tick(now, *ticked);
            }
        }
        for key in &before.moved_now {
            let now = self.find(&key.0, &key.1);
            let Some(number) = now.filter(|number| !self.touched.contains(number)) else {
                continue;
            };
            let row = self.rows.get(number as usize);
            if row.is_some_and(|row| matches!(row.state, HitState::Moved(_))) {
                self.set_tick(number, true);
            }
        }
        self.moved_now.clone_from(&before.moved_now);
        for number in self.elsewhere_than(before) {
            self.set_tick(number, false);
        }
    }

    /// Rows that lie in their folders, which are others than they were.
    fn elsewhere_than(&self, before: &Table) -> Vec<u32> {
        let was = before.by_key.iter();
        let was = was.filter_map(|number| before.rows.get(*number as usize));
        let mut was = was.peekable();
        let mut elsewhere = Vec::new();
        // Both in the order of their keys: nothing is looked up.
        for number in &self.by_key {
            let Some(row) = self.rows.get(*number as usize) else {
                continue;
            };
            while was.next_if(|was| key_of(was) < key_of(row)).is_some() {}
            let same = was.next_if(|was| key_of(was) == key_of(row));
            if same.is_some_and(|was| was.folder != row.folder) && row.can_move() {
                elsewhere.push(*number);
            }
        }
        elsewhere
    }
}
