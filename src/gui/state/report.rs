//! What the page for what goes to the vendor shows: the chosen messages, the report that was drawn
//! up of them, and what became of its letters.

use crate::job::{Candidate, Draft, Edits, Leaves, Outcome, Plan, Standing, Take, Text};
use crate::mail::Digest;
use crate::verdict::Purpose;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Ticks a message, or not.
    Tick(Digest, Purpose),
    /// Ticks all of a purpose, or none.
    TickAll(Purpose),
    /// Shows the messages of a purpose, or only how many.
    Fold(Purpose),
    /// Shows a letter.
    Show(usize),
    /// Chooses a vendor by its id.
    Vendor(String),
    /// Chooses the account that sends.
    Account(String),
    /// Begins to write the letter otherwise.
    Edit,
    /// What is written so far.
    Typed(Text),
    /// Ends it.
    Written,
    /// Takes back what was written.
    AsDrafted,
    /// Opens the folder of a zip.
    OpenFolder(PathBuf),
    /// Saves the zips into this folder.
    SaveTo(PathBuf),
    /// Stops before the next letter.
    Stop,
    /// Draws the report up anew.
    Again,
    /// Puts away what was sent or saved.
    PutAway,
}

/// A message that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub digest: Digest,
    /// As what.
    pub purpose: Purpose,
    /// Whether it goes.
    pub ticked: bool,
    /// Whether it goes also if it was reported before.
    pub again: bool,
}

/// Where the chosen messages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// All that was moved and not reported yet.
    #[default]
    Offered,
    /// A person chose them.
    Picked,
}

/// What goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy {
    /// Whether letters are sent; else zips are saved.
    pub sends: bool,
    /// The letter in hand; `None` while the server is asked for a connection.
    pub letter: Option<usize>,
    /// Letters that are done.
    pub done: usize,
    /// Letters in all.
    pub of: usize,
    /// Whether a stop was asked for.
    pub stops: bool,
}

/// The page's own state.
#[derive(Default)]
pub struct State {
    /// The chosen messages.
    pub items: Vec<Item>,
    /// Where they come from.
    pub origin: Origin,
    /// The account that sends; the first, where none was chosen.
    pub account: Option<String>,
    /// The vendor, where it is not the account's own.
    pub vendor: Option<String>,
    /// The vendors there are: ids, and names.
    pub vendors: Vec<(String, String)>,
    /// What was drawn up.
    pub draft: Option<Arc<Draft>>,
    /// With what it was drawn up, and is sent.
    pub plan: Option<Arc<Plan>>,
    /// Why letters cannot leave, though zips can be saved.
    pub by_hand: Option<String>,
    /// Why nothing could be drawn up.
    pub failed: Option<String>,
    /// Whether it is being drawn up.
    pub drafting: bool,
    /// Counts what was asked to be drawn up: only the last counts.
    pub turn: u64,
    /// The letter that is shown.
    pub shown: usize,
    /// Purposes of which the messages are shown, once a person chose.
    pub open: Option<HashSet<Purpose>>,
    /// Letters as a person wrote them.
    pub edits: Edits,
    /// What is being written.
    pub writing: Option<Text>,
    /// What became of the letters.
    pub outcomes: BTreeMap<usize, Outcome>,
    /// What goes on.
    pub busy: Option<Busy>,
    /// What else a person should know of the last try.
    pub notes: Vec<String>,
    /// The most bytes that the server takes, once it said so.
    pub server_limit: Option<u64>,
}

impl State {
    /// Samples that were chosen, and are not sent yet.
    pub fn badge(&self) -> usize {
        let waiting = self.items.iter().filter(|item| item.ticked);
        waiting.filter(|item| !self.is_done(item)).count()
    }

    /// Takes messages that a person picked; what was only offered goes.
    pub fn pick(&mut self, picked: impl IntoIterator<Item = (Digest, Purpose)>) {
        if self.origin == Origin::Offered {
            self.items.clear();
        }
        self.put_away();
        self.origin = Origin::Picked;
        for (digest, purpose) in picked {
            // One message is one thing: what it is called last counts.
            self.items.retain(|item| item.digest != digest);
            self.items.push(Item {
                digest,
                purpose,
                ticked: true,
                again: false,
            });
        }
    }

    /// What the report is drawn up of.
    pub fn candidates(&self) -> Vec<Candidate> {
        let take = |item: &Item| match (item.ticked, item.again) {
            (false, _) => Take::No,
            (true, false) => Take::Once,
            (true, true) => Take::Again,
        };
        let candidate = |item: &Item| Candidate {
            digest: item.digest,
            purpose: item.purpose,
            take: take(item),
        };
        self.items.iter().map(candidate).collect()
    }

    /// Whether a message goes with the report as it is drawn up.
    pub fn goes(&self, digest: &Digest, purpose: Purpose) -> bool {
        match self.standing(digest, purpose) {
            Some(standing) => *standing == Standing::Goes,
            None => false,
        }
    }

    fn standing(&self, digest: &Digest, purpose: Purpose) -> Option<&Standing> {
        let mut samples = self.draft.as_ref()?.samples.iter();
        let same = samples
            .find(|known| known.chosen.digest == *digest && known.chosen.purpose == purpose)?;
        Some(&same.standing)
    }

    /// Ticks a message, or not. One that was reported before goes again when it is ticked.
    pub fn tick(&mut self, digest: &Digest, purpose: Purpose) {
        let goes = self.goes(digest, purpose);
        let was_reported = self.standing(digest, purpose) == Some(&Standing::Reported);
        let mut items = self.items.iter_mut();
        let same = items.find(|item| item.digest == *digest && item.purpose == purpose);
        if let Some(item) = same {
            item.ticked = !goes;
            item.again = was_reported;
        }
        self.changed();
    }

    /// Ticks all of a purpose that were not reported before, or none where all of them are ticked.
    pub fn tick_all(&mut self, purpose: Purpose) {
        let draft = self.draft.clone();
        let samples = draft.iter().flat_map(|draft| draft.samples.iter());
        let free: HashSet<Digest> = samples
            .filter(|known| known.chosen.purpose == purpose)
            .filter(|known| matches!(known.standing, Standing::Goes | Standing::LeftOut))
            .map(|known| known.chosen.digest)
            .collect();
        let of_it = |item: &&mut Item| item.purpose == purpose && free.contains(&item.digest);
        let all = self.items.iter_mut().filter(of_it).all(|item| item.ticked);
        for item in self.items.iter_mut().filter(of_it) {
            item.ticked = !all;
        }
        self.changed();
    }

    /// What is shown is not what would leave any more.
    pub fn changed(&mut self) {
        self.put_away();
        self.writing = None;
        self.notes.clear();
    }

    /// Takes out what was sent or saved.
    pub fn put_away(&mut self) {
        let done: Vec<(Digest, Purpose)> = self
            .items
            .iter()
            .filter(|item| self.is_done(item))
            .map(|item| (item.digest, item.purpose))
            .collect();
        self.items
            .retain(|item| !done.contains(&(item.digest, item.purpose)));
        if !self.outcomes.is_empty() {
            self.outcomes.clear();
            self.draft = None;
        }
        if self.items.is_empty() {
            self.draft = None;
            self.origin = Origin::Offered;
        }
    }

    fn is_done(&self, item: &Item) -> bool {
        let Some(draft) = &self.draft else {
            return false;
        };
        self.outcomes.iter().any(|(number, outcome)| {
            let letter = draft.letters.get(*number);
            let settled = outcome.is_good() || matches!(outcome, Outcome::Unknown(_));
            settled
                && letter.is_some_and(|letter| {
                    let mut entries = letter.entries.iter();
                    letter.purpose == item.purpose
                        && entries.any(|(_, digest)| *digest == item.digest)
                })
        })
    }

    /// Letters that would be sent by e-mail now.
    pub fn to_send(&self) -> Vec<usize> {
        let Some(draft) = &self.draft else {
            return Vec::new();
        };
        let mails = draft.mails().map(|(number, _)| number);
        mails.filter(|number| self.is_open(*number)).collect()
    }

    /// Letters whose zips would be saved now.
    pub fn to_save(&self) -> Vec<usize> {
        let letters = self.draft.as_ref().map_or(0, |draft| draft.letters.len());
        (0..letters)
            .filter(|number| self.is_open(*number))
            .collect()
    }

    /// Whether a letter was not tried yet, or nothing came of it.
    fn is_open(&self, number: usize) -> bool {
        matches!(
            self.outcomes.get(&number),
            None | Some(Outcome::Untouched(_))
        )
    }

    /// Packages that were surely not sent, with the letters that they are.
    pub fn unsent(&self) -> Vec<(usize, i64)> {
        let failed = self.outcomes.iter();
        failed
            .filter_map(|(number, outcome)| match outcome {
                Outcome::NotSent { package, .. } => Some((*number, *package)),
                _ => None,
            })
            .collect()
    }

    /// Whether everything that could be done is done.
    pub fn is_over(&self) -> bool {
        let letters = self.draft.as_ref().map_or(0, |draft| draft.letters.len());
        letters > 0
            && (0..letters).all(|number| {
                let outcome = self.outcomes.get(&number);
                outcome.is_some_and(|outcome| {
                    outcome.is_good() || matches!(outcome, Outcome::Unknown(_))
                })
            })
    }

    /// Whether letters leave by e-mail at all.
    pub fn leaves(&self) -> bool {
        let leaves = self.draft.as_ref().map(|draft| &draft.leaves);
        leaves.is_some_and(|leaves| *leaves != Leaves::ByHand)
    }

    /// Whether letters go into the outbox folder: they do not leave then, and nothing is sent.
    pub fn goes_to_folder(&self) -> bool {
        let leaves = self.draft.as_ref().map(|draft| &draft.leaves);
        matches!(leaves, Some(Leaves::Outbox(_)))
    }

    /// A letter as it would leave: as it was drawn up, or as a person wrote it.
    pub fn text(&self, number: usize) -> Option<Text> {
        let letter = self.draft.as_ref()?.letters.get(number)?;
        let written = self.edits.get(&letter.letter.id).cloned();
        Some(written.unwrap_or_else(|| letter.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_picks_replaces_what_was_offered_and_is_one_thing() {
        let [one, other] = [Digest::of(b"one"), Digest::of(b"other")];
        let mut state = State::default();
        state.items.push(Item {
            digest: other,
            purpose: Purpose::Spam,
            ticked: true,
            again: false,
        });
        state.pick([(one, Purpose::Spam)]);
        state.pick([(one, Purpose::Phishing)]);
        assert_eq!((state.items.len(), state.badge()), (1, 1));
        assert_eq!(state.candidates()[0].purpose, Purpose::Phishing);
        assert_eq!(state.origin, Origin::Picked);
    }
}
