//! What is known of a message's bytes: pieces of it, each with its place. Asks for nothing itself.

use std::borrow::Cow;
use std::ops::Range;

/// Pieces of a message.
#[derive(Debug)]
pub struct Known<'a> {
    total: u64,
    /// In order, with a gap between any two.
    pieces: Vec<(u64, Cow<'a, [u8]>)>,
}

impl<'a> Known<'a> {
    /// Nothing is known of a message but that it has this many bytes.
    pub fn nothing(total: u64) -> Self {
        let pieces = Vec::new();
        Known { total, pieces }
    }

    /// All of it is known.
    pub fn all(bytes: &'a [u8]) -> Self {
        Known {
            total: bytes.len() as u64,
            pieces: vec![(0, Cow::Borrowed(bytes))],
        }
    }

    /// These bytes stand at this place. What is known already stays as it is.
    pub fn add(&mut self, at: u64, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        while let Some(gap) = self.gap(at..end) {
            let fresh = (gap.start - at) as usize..(gap.end - at) as usize;
            self.fill(gap, bytes.get(fresh).unwrap_or_default());
        }
    }

    /// Fills a gap, which ends where a piece begins or nothing more came.
    fn fill(&mut self, gap: Range<u64>, bytes: &[u8]) {
        let next = self
            .pieces
            .partition_point(|(start, _)| *start <= gap.start);
        let mut filled = bytes.to_vec();
        if let Some((start, piece)) = self.pieces.get(next)
            && *start == gap.end
        {
            filled.extend_from_slice(piece);
            self.pieces.remove(next);
        }
        let before = next.checked_sub(1);
        match before.and_then(|before| self.pieces.get_mut(before)) {
            Some((start, piece)) if *start + piece.len() as u64 == gap.start => {
                piece.to_mut().extend_from_slice(&filled);
            }
            _ => self.pieces.insert(next, (gap.start, Cow::Owned(filled))),
        }
    }

    /// How long the message is.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many bytes are held.
    pub fn held(&self) -> u64 {
        let held = self.pieces.iter().map(|(_, piece)| piece.len() as u64);
        held.sum()
    }

    /// The known bytes from here on, as far as they go without a gap.
    pub(super) fn run(&self, at: u64) -> &[u8] {
        let last = self.pieces.partition_point(|(start, _)| *start <= at);
        let piece = last.checked_sub(1).and_then(|last| self.pieces.get(last));
        let run = piece.and_then(|(start, piece)| piece.get((at - start) as usize..));
        run.unwrap_or_default()
    }

    /// The first part of a range that is not known; `None` where all of it is.
    pub(super) fn gap(&self, range: Range<u64>) -> Option<Range<u64>> {
        let end = range.end.min(self.total);
        let start = range.start + self.run(range.start).len() as u64;
        let next = self.pieces.iter().map(|(start, _)| *start);
        let next = next.filter(|next| *next > start).min();
        (start < end).then(|| start..end.min(next.unwrap_or(end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_fit_together_in_any_order(spans in prop::collection::vec((0..60_u64, 0..30_u64), 0..12)) {
            let whole: Vec<u8> = (0..100).collect();
            let mut known = Known::nothing(100);
            let mut there = [false; 100];
            for (at, length) in spans {
                known.add(at, &whole[at as usize..(at + length) as usize]);
                there[at as usize..(at + length) as usize].fill(true);
            }
            for at in 0..100 {
                let expected = there[at..].iter().take_while(|is| **is).count();
                prop_assert_eq!(known.run(at as u64), &whole[at..at + expected]);
                let gap = there[at..].iter().position(|is| !is).map(|from| {
                    let from = at + from;
                    let more = there[from..].iter().take_while(|is| !**is).count();
                    from as u64..(from + more) as u64
                });
                prop_assert_eq!(known.gap(at as u64..100), gap);
            }
            prop_assert_eq!(known.held(), there.iter().filter(|is| **is).count() as u64);
        }
    }
}
