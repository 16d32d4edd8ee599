//! The model as bytes, to be kept from one run to the next: what it is, how long, and a checksum,
//! so that nothing is believed that was damaged or that another version wrote.

use super::calibration::Calibration;
use super::model::{Counts, KNOWN, Label, Model, PLACES};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, VecDeque};

/// What the bytes begin with: a word, and the version. The version is raised when the features,
/// the table or its order change; a model of another version is learnt anew.
const MAGIC: [u8; 16] = *b"postsweep learnt";
const VERSION: u32 = 1;
const HEAD: usize = 16 + 4 + 4 + 8 * 6;
const SUM: usize = 32;
/// A weight beyond this was not learnt.
const MOST: f32 = 1e4;

/// Why bytes are no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They are something else.
    #[error("it is not what this program has learnt")]
    Other,
    /// They are cut off, or something follows.
    #[error("it has another length than it should")]
    Length,
    /// Another version of the program wrote them.
    #[error("another version of this program wrote it")]
    Version,
    /// The checksum does not fit.
    #[error("it is damaged: its checksum does not fit")]
    Damaged,
    /// A number in them cannot be.
    #[error("it holds a number that cannot be")]
    Nonsense,
}

impl Model {
    /// The model as bytes, about 8 MB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + 8 * self.order.len() + 8 * PLACES + SUM);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((self.order.len() as u32).to_le_bytes());
        for number in [self.counts.spam, self.counts.ham, self.mark, self.since] {
            bytes.extend(number.to_le_bytes());
        }
        for number in [self.calibration.slope, self.calibration.offset] {
            bytes.extend(number.to_le_bytes());
        }
        for key in &self.order {
            let spam = self.known.get(key) == Some(&Label::Spam);
            bytes.extend((key | u64::from(spam)).to_le_bytes());
        }
        for number in self.weights.iter().chain(&self.moved) {
            bytes.extend(number.to_le_bytes());
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// The model of these bytes. Takes any bytes, and little more memory than they.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, Unreadable> {
        let mut rest = Rest(bytes);
        if rest.take::<16>()? != MAGIC {
            return Err(Unreadable::Other);
        }
        if u32::from_le_bytes(rest.take()?) != VERSION {
            return Err(Unreadable::Version);
        }
        let known = u32::from_le_bytes(rest.take()?) as usize;
        if known > KNOWN {
            return Err(Unreadable::Nonsense);
        }
        if bytes.len() != HEAD + 8 * known + 8 * PLACES + SUM {
            return Err(Unreadable::Length);
        }
        let (body, sum) = bytes.split_at(bytes.len() - SUM);
        if Sha256::digest(body)[..] != *sum {
            return Err(Unreadable::Damaged);
        }
        let mut numbers = [0; 4];
        for number in &mut numbers {
            *number = u64::from_le_bytes(rest.take()?);
        }
        let [spam, ham, mark, since] = numbers;
        let calibration = Calibration {
            slope: f64::from_le_bytes(rest.take()?),
            offset: f64::from_le_bytes(rest.take()?),
        };
        let (mut order, mut labels) = (VecDeque::with_capacity(known), HashMap::new());
        for _ in 0..known {
            let key = u64::from_le_bytes(rest.take()?);
            let label = match key & 1 {
                1 => Label::Spam,
                _ => Label::Ham,
            };
            order.push_back(key & !1);
            labels.insert(key & !1, label);
        }
        let weights = rest.numbers(-MOST)?;
        let moved = rest.numbers(0.0)?;
        // So many that more can be added to them.
        let countable = spam.max(ham).max(since) < 1 << 60;
        if !countable || !calibration.is_sound() || labels.len() != known {
            return Err(Unreadable::Nonsense);
        }
        Ok(Model {
            weights,
            moved,
            counts: Counts { spam, ham },
            calibration,
            mark,
            since,
            order,
            known: labels,
        })
    }
}

/// Bytes that are still to be read.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Unreadable::Length)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// One number for each place of the table, from `least` to the most.
    fn numbers(&mut self, least: f32) -> Result<Vec<f32>, Unreadable> {
        let (numbers, rest) = self
            .0
            .split_at_checked(4 * PLACES)
            .ok_or(Unreadable::Length)?;
        self.0 = rest;
        let (numbers, _) = numbers.as_chunks();
        let numbers: Vec<f32> = numbers
            .iter()
            .map(|four| f32::from_le_bytes(*four))
            .collect();
        // No number at all is within no bounds.
        match numbers.iter().all(|number| (least..=MOST).contains(number)) {
            true => Ok(numbers),
            false => Err(Unreadable::Nonsense),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::{lesson, taught};
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| taught(30).to_bytes());

    fn with_sum(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(bytes.len().saturating_sub(SUM));
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    #[test]
    fn a_model_comes_back_as_it_was() {
        let (was, is) = (taught(30), Model::from_bytes(&BYTES).unwrap());
        assert_eq!(is.to_bytes(), *BYTES);
        assert_eq!((is.mark(), is.counts()), (was.mark(), was.counts()));
        for text in ["casino", "lunch"] {
            let probe = lesson(Label::Ham, text, text);
            assert_eq!(is.log_odds(&probe.features), was.log_odds(&probe.features));
        }
        assert_eq!(is.known, was.known);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let change = |at: usize, byte: u8| {
            let mut bytes = BYTES.clone();
            bytes[at] = byte;
            bytes
        };
        let first_weight = BYTES.len() - SUM - 8 * PLACES;
        let mut endless = BYTES.clone();
        endless[first_weight..first_weight + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        let mut sloping = BYTES.clone();
        sloping[56..64].copy_from_slice(&1e300f64.to_le_bytes());
        for (bytes, error) in [
            (Vec::new(), Unreadable::Length),
            (b"something else entirely".to_vec(), Unreadable::Other),
            (BYTES[..BYTES.len() - 1].to_vec(), Unreadable::Length),
            ([&BYTES[..], &[0]].concat(), Unreadable::Length),
            (change(0, b'P'), Unreadable::Other),
            (change(16, 9), Unreadable::Version),
            (change(22, 9), Unreadable::Nonsense),
            (change(first_weight, 77), Unreadable::Damaged),
            (
                change(BYTES.len() - 1, BYTES[BYTES.len() - 1] ^ 1),
                Unreadable::Damaged,
            ),
            (with_sum(endless), Unreadable::Nonsense),
            (with_sum(sloping), Unreadable::Nonsense),
        ] {
            assert_eq!(
                Model::from_bytes(&bytes).err(),
                Some(error),
                "{}",
                bytes.len()
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(Model::from_bytes(&bytes).is_err());
            let mut begun = MAGIC.to_vec();
            begun.extend(VERSION.to_le_bytes());
            begun.extend(bytes);
            prop_assert!(Model::from_bytes(&begun).is_err());
        }

        /// With a checksum that fits, so that what is behind it is reached.
        #[test]
        fn whatever_is_read_can_be_used(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
            head in prop::collection::vec((0..HEAD, any::<u8>()), 0..3),
        ) {
            let mut bytes = BYTES.clone();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            for (at, byte) in &head {
                bytes[*at] = *byte;
            }
            if let Ok(mut model) = Model::from_bytes(&with_sum(bytes)) {
                let one = lesson(Label::Spam, "any", "subject");
                prop_assert!(model.log_odds(&one.features).is_finite());
                model.correct(one.clone());
                prop_assert!(model.log_odds(&one.features).is_finite());
                prop_assert!(Model::from_bytes(&model.to_bytes()).is_ok());
            }
        }
    }
}
