//! Leaving one folder out: what weights that were fitted on the other folders find in it. This is
//! the only figure that says what is to be expected of mail that nobody has measured yet.

use super::bound::fit_within_bounds;
use super::corpus::{Corpus, Folder};
use std::thread;

/// The same messages as they are scored by weights that did not see their folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Left {
    /// As they are.
    pub corpus: Corpus,
    /// Without what receiving servers wrote, where that was given.
    pub bare: Option<Corpus>,
}

/// Fits once for each folder without it, side by side, and scores it; `step` is called for each.
pub fn leave_one_out(corpus: &Corpus, bare: Option<&Corpus>, step: &(dyn Fn() + Sync)) -> Left {
    let places = 0..corpus.folders.len();
    let score = |place: usize| {
        let weights = fit_within_bounds(corpus, bare, Some(place)).weights;
        let scored = |corpus: &Corpus| {
            let folder = corpus.folders.get(place);
            folder.map(|folder| rescored(folder, &weights))
        };
        step();
        (scored(corpus), bare.and_then(scored))
    };
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let places: Vec<usize> = places.collect();
    let score = &score;
    let mut scored = Vec::new();
    for some in places.chunks(cores) {
        thread::scope(|scope| {
            let threads: Vec<_> = some
                .iter()
                .map(|place| scope.spawn(move || score(*place)))
                .collect();
            for (thread, place) in threads.into_iter().zip(some) {
                // A thread that failed is tried again where its mistake is shown.
                scored.push(thread.join().unwrap_or_else(|_| score(*place)));
            }
        });
    }
    let (folders, bares): (Vec<_>, Vec<_>) = scored.into_iter().unzip();
    let with = |corpus: &Corpus, folders: Vec<Option<Folder>>| Corpus {
        names: corpus.names.clone(),
        folders: folders.into_iter().flatten().collect(),
    };
    Left {
        corpus: with(corpus, folders),
        bare: bare.map(|bare| with(bare, bares)),
    }
}

/// A folder's messages with other weights.
pub(super) fn rescored(folder: &Folder, weights: &[Option<f64>]) -> Folder {
    let mut folder = folder.clone();
    for message in &mut folder.messages {
        message.score = message.score_with(weights);
        for (place, weight) in &mut message.fired {
            if let Some(Some(other)) = weights.get(*place) {
                *weight = *other;
            }
        }
    }
    folder
}

impl Corpus {
    /// The same corpus with other weights in force.
    #[must_use]
    pub fn with_weights(&self, weights: &[Option<f64>]) -> Corpus {
        let folders = self.folders.iter();
        let mut names = self.names.clone();
        for (name, weight) in names.iter_mut().zip(weights) {
            name.weight = weight.unwrap_or(name.weight);
        }
        Corpus {
            names,
            folders: folders.map(|folder| rescored(folder, weights)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bound::tests::corpus;
    use super::*;

    #[test]
    fn a_folder_has_no_say_in_its_own_weights() {
        let mut mail = corpus();
        // Only spam/a has it: without that folder it keeps its prior.
        for message in &mut mail.folders[2].messages {
            message.fired.push((2, 1.0));
        }
        let left = leave_one_out(&mail, None, &|| ());
        let weight = |message: &super::super::corpus::Judged| {
            let fired = message.fired.iter().find(|(place, _)| *place == 2);
            fired.map(|(_, weight)| *weight)
        };
        assert_eq!(weight(&left.corpus.folders[2].messages[0]), Some(1.0));
        let whole = mail.with_weights(&fit_within_bounds(&mail, None, None).weights);
        assert_ne!(weight(&whole.folders[2].messages[0]), Some(1.0));
        assert_eq!(left.corpus.folders.len(), mail.folders.len());
        assert_eq!(left.bare, None);
    }

    #[test]
    fn all_versions_are_scored_and_in_the_same_way() {
        let steps = std::sync::atomic::AtomicUsize::new(0);
        let left = leave_one_out(&corpus(), Some(&corpus()), &|| {
            steps.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        });
        assert_eq!(steps.into_inner(), corpus().folders.len());
        assert_eq!(left.bare.as_ref(), Some(&left.corpus));
        assert_eq!(left, leave_one_out(&corpus(), Some(&corpus()), &|| ()));
    }
}
