//! The model: a table of weights, what it takes to learn a message, and what it says of one.

use super::calibration::Calibration;
use super::feature::{BITS, Features};
use crate::mail::Digest;
use std::collections::{HashMap, VecDeque};

/// Weights in the table.
pub(super) const PLACES: usize = 1 << BITS;

/// How far one message may move a feature that was never seen; later ones move it less and less.
const STEP: f32 = 0.2;
/// A message that is judged right with more certainty than this moves nothing.
const SURE: f32 = 0.02;
/// How often a run learns all its messages.
const ROUNDS: usize = 3;
/// After so many messages everything learnt fades a little: half is gone after 23,000.
const FADES_AFTER: u64 = 1000;
const FADES_TO: f32 = 0.97;
/// How sure the steps become fades faster, so that there is always something to be learnt.
const STEPS_FADE_TO: f32 = 0.9;
/// Messages of the rarer kind after which half of what the model says counts.
const HALF_SURE: f64 = 20.0;
/// Messages that are remembered as learnt; the oldest go first.
pub(super) const KNOWN: usize = 1 << 16;
/// What is learnt since all was last judged by it, as a share of all, before it is judged again.
const MUCH: f64 = 0.2;

/// What a person calls a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// Unwanted: spam or phishing.
    Spam,
    /// Wanted.
    Ham,
}

/// A message to be learnt.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Which it is.
    pub digest: Digest,
    /// What it is called.
    pub label: Label,
    /// What the learner sees of it.
    pub features: Features,
    /// When it was written, in seconds since 1970; orders messages of a kind.
    pub at: i64,
}

/// What a run learnt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Learnt {
    /// Messages learnt as spam.
    pub spam: usize,
    /// Messages learnt as wanted.
    pub ham: usize,
    /// Messages that were known under that name before.
    pub known: usize,
}

/// How many messages a model has learnt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// As spam.
    pub spam: u64,
    /// As wanted.
    pub ham: u64,
}

/// What was learnt.
#[derive(Clone)]
pub struct Model {
    /// Of each place its weight, and the sum of the squares of what moved it.
    pub(super) weights: Vec<f32>,
    pub(super) moved: Vec<f32>,
    pub(super) counts: Counts,
    pub(super) calibration: Calibration,
    /// Changes when what was judged by it is to be judged again.
    pub(super) mark: u64,
    /// Messages learnt since that was last so.
    pub(super) since: u64,
    /// Messages that were learnt, oldest first: the first half of their digests, of which the last
    /// bit says whether as spam.
    pub(super) order: VecDeque<u64>,
    pub(super) known: HashMap<u64, Label>,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            weights: vec![0.0; PLACES],
            moved: vec![0.0; PLACES],
            counts: Counts::default(),
            calibration: Calibration::default(),
            mark: 0,
            since: 0,
            order: VecDeque::new(),
            known: HashMap::new(),
        }
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({:?}, {:016x})", self.counts, self.mark)
    }
}

impl Model {
    /// How many messages it has learnt.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// A word for what it says: where it is the same, what was judged by it need not be judged
    /// again. It does not change with every message learnt.
    pub fn mark(&self) -> String {
        format!("{:016x}", self.mark)
    }

    /// Whether it knows both kinds, so that it can tell them apart.
    pub fn can_judge(&self) -> bool {
        self.counts.spam > 0 && self.counts.ham > 0
    }

    /// What a message was learnt as, if it is remembered.
    pub fn knows(&self, digest: &Digest) -> Option<Label> {
        self.known.get(&key(digest)).copied()
    }

    /// Learns many messages, in time order whatever order they come in. What was learnt under the
    /// same name before is passed over.
    pub fn learn(&mut self, mut lessons: Vec<Lesson>) -> Learnt {
        let mut learnt = Learnt::default();
        lessons.sort_by_key(|lesson| (lesson.at, key(&lesson.digest)));
        lessons.retain(|lesson| {
            let is_new = self.remember(lesson);
            match (is_new, lesson.label) {
                (false, _) => learnt.known += 1,
                (true, Label::Spam) => learnt.spam += 1,
                (true, Label::Ham) => learnt.ham += 1,
            }
            is_new
        });
        if lessons.is_empty() {
            return learnt;
        }
        let lessons = mingled(lessons);
        if let Some(calibration) = Calibration::of(self, &lessons) {
            self.calibration = calibration;
        }
        self.study(lessons.iter());
        self.since += lessons.len() as u64;
        let all = self.counts.spam + self.counts.ham;
        if self.since as f64 >= MUCH * all as f64 {
            self.since = 0;
            self.mark = self.word();
        }
        learnt
    }

    /// Learns what a person said of one message. Everything that was judged before stays judged.
    /// Returns whether that was new.
    pub fn correct(&mut self, lesson: Lesson) -> bool {
        let is_new = self.remember(&lesson);
        if is_new {
            self.study(std::iter::once(&lesson));
            self.since += 1;
        }
        is_new
    }

    /// Takes back what a person said of one message: it is not known any more, and what the model
    /// says of it is drawn to even odds. Returns whether it was known so.
    pub fn forget(&mut self, lesson: &Lesson) -> bool {
        let key = key(&lesson.digest);
        if self.known.get(&key) != Some(&lesson.label) {
            return false;
        }
        self.known.remove(&key);
        self.order.retain(|known| *known != key);
        let count = match lesson.label {
            Label::Spam => &mut self.counts.spam,
            Label::Ham => &mut self.counts.ham,
        };
        *count = count.saturating_sub(1);
        let says = 1.0 / (1.0 + (-self.sum(&lesson.features)).exp());
        let is_drawn = match lesson.label {
            Label::Spam => says > 0.5,
            Label::Ham => says < 0.5,
        };
        if is_drawn {
            self.step(&lesson.features, 0.5 - says);
        }
        self.since += 1;
        true
    }

    /// Goes through the lessons some times.
    pub(super) fn study<'l>(&mut self, lessons: impl ExactSizeIterator<Item = &'l Lesson> + Clone) {
        let count = lessons.len() as u64;
        for round in 0..ROUNDS {
            lessons.clone().for_each(|lesson| self.take_in(lesson));
            if round == 0 {
                self.fade(count);
            }
        }
    }

    fn take_in(&mut self, lesson: &Lesson) {
        let is = match lesson.label {
            Label::Spam => 1.0,
            Label::Ham => 0.0,
        };
        let wrong = is - 1.0 / (1.0 + (-self.sum(&lesson.features)).exp());
        if wrong.abs() >= SURE {
            self.step(&lesson.features, wrong);
        }
    }

    fn step(&mut self, features: &Features, wrong: f32) {
        for (places, value) in features.groups() {
            let slope = wrong * value;
            for place in places {
                let place = *place as usize;
                let entry = self.weights.get_mut(place).zip(self.moved.get_mut(place));
                if let Some((weight, moved)) = entry {
                    *moved += slope * slope;
                    *weight += STEP * slope / (moved.sqrt() + 0.001);
                }
            }
        }
    }

    /// Fades once for each full thousand of messages that is reached.
    fn fade(&mut self, more: u64) {
        let all = self.counts.spam + self.counts.ham;
        let times = all / FADES_AFTER - all.saturating_sub(more) / FADES_AFTER;
        if times == 0 {
            return;
        }
        let (weights, steps) = (
            FADES_TO.powf(times as f32),
            STEPS_FADE_TO.powf(times as f32),
        );
        self.weights
            .iter_mut()
            .for_each(|weight| *weight *= weights);
        self.moved.iter_mut().for_each(|moved| *moved *= steps);
    }

    /// What the weights come to, before it is calibrated.
    pub(super) fn sum(&self, features: &Features) -> f32 {
        let of = |(places, value): (&[u32], f32)| {
            let weights = places.iter().map(|place| self.weight(*place));
            weights.sum::<f32>() * value
        };
        features.groups().map(of).sum()
    }

    pub(super) fn weight(&self, place: u32) -> f32 {
        self.weights
            .get(place as usize)
            .copied()
            .unwrap_or_default()
    }

    /// How much speaks for spam, in log-odds; less than 0 speaks for a wanted message.
    pub fn log_odds(&self, features: &Features) -> f64 {
        self.certainty() * self.calibration.apply(f64::from(self.sum(features)))
    }

    /// How much of what it says counts, from 0 to 1: little while little was learnt.
    pub fn certainty(&self) -> f64 {
        let fewer = self.counts.spam.min(self.counts.ham) as f64;
        fewer / (fewer + HALF_SURE)
    }

    /// Notes a message as learnt; returns whether it was not known under this name.
    fn remember(&mut self, lesson: &Lesson) -> bool {
        let key = key(&lesson.digest);
        let count = |counts: &mut Counts, label| match label {
            Label::Spam => counts.spam += 1,
            Label::Ham => counts.ham += 1,
        };
        match self.known.insert(key, lesson.label) {
            Some(before) if before == lesson.label => return false,
            Some(Label::Spam) => self.counts.spam = self.counts.spam.saturating_sub(1),
            Some(Label::Ham) => self.counts.ham = self.counts.ham.saturating_sub(1),
            None => self.order.push_back(key),
        }
        count(&mut self.counts, lesson.label);
        while self.order.len() > KNOWN {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
        true
    }

    /// A number for the weights as they are; never 0, which is that of an empty model.
    fn word(&self) -> u64 {
        let bits = self.weights.iter().filter(|weight| **weight != 0.0);
        let word = bits.fold(self.mark, |word, weight| {
            super::words::mix(word, u64::from(weight.to_bits()))
        });
        word | 1
    }
}

/// Half of a digest, with room for a bit.
fn key(digest: &Digest) -> u64 {
    super::words::hash(digest.to_string().as_bytes(), 31) & !1
}

/// Both kinds mingled evenly, each in its own order: if all of one came first, the model would
/// forget it over the other.
fn mingled(lessons: Vec<Lesson>) -> Vec<Lesson> {
    let (spam, ham): (Vec<_>, Vec<_>) = lessons
        .into_iter()
        .partition(|lesson| lesson.label == Label::Spam);
    let along = |lessons: Vec<Lesson>| {
        let count = lessons.len() as u64;
        let along = move |at: u64| ((2 * at + 1) << 32) / (2 * count);
        (0..)
            .zip(lessons)
            .map(move |(at, lesson)| (along(at), lesson))
    };
    let mut all: Vec<(u64, Lesson)> = along(spam).chain(along(ham)).collect();
    all.sort_by_key(|(along, _)| *along);
    all.into_iter().map(|(_, lesson)| lesson).collect()
}

#[cfg(test)]
pub(super) mod tests;
