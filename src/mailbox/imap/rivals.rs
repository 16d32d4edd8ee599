//! Two programs that move the same messages at the same instant. Many servers make of MOVE a copy
//! and an expunge, so that both copy and the message lies in the target twice. Then the copy with
//! the higher UID goes: UIDs are given in order, so whoever made it sees the other one, and of all
//! programs that follow this rule exactly one keeps its copy. Removes nothing but what this very
//! move made, and only after another message was found to be the same, byte by byte.

use super::ImapMailbox;
use super::answer;
use super::fetch::{Attributes, CHUNK};
use super::landing::{Landed, Notes};
use super::relocate::Batch;
use super::select::{Mode, Next};
use crate::mail::Digest;
use crate::mailbox::{MailboxError, Removed};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A message of ours in the target, and the same one that another program brought there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Double {
    /// In the source.
    uid: u32,
    ours: u32,
    other: u32,
}

impl ImapMailbox {
    /// Of messages that another program copied to the target as well, leaves one. A failure leaves
    /// both, and is told.
    pub(super) fn leave_one(&mut self, batch: &Batch<'_>, landed: &mut Landed, notes: &mut Notes) {
        let doubles = match self.doubles(batch, landed, notes) {
            Ok(doubles) => doubles,
            Err(error) => {
                log::warn!(
                    "folder `{}`: whether another program brought the same messages there was not seen: {error}",
                    batch.to
                );
                return;
            }
        };
        if doubles.is_empty() {
            return;
        }
        if let Err(error) = self.give_way(doubles.clone(), batch, landed, notes) {
            for double in doubles {
                notes.entry(double.uid).or_default().push(format!(
                    "another program moved it at the same time, and it may lie in `{}` twice: {error}",
                    batch.to
                ));
            }
        }
    }

    /// Copies of ours that are to give way. Costs nothing where nobody else brought anything.
    fn doubles(
        &mut self,
        batch: &Batch<'_>,
        landed: &Landed,
        notes: &Notes,
    ) -> Result<Vec<Double>, MailboxError> {
        // Gmail has one message and no copies: only a label would go.
        let is_gmail = self.capabilities.has("X-GM-EXT-1");
        let is_known = |first: &Next| first.validity.is_none_or(|told| told == landed.validity);
        let first = landed.first.filter(is_known).map(|first| first.uid);
        let Some(first) = first.filter(|_| !is_gmail && !landed.is_guessed) else {
            return Ok(Vec::new());
        };
        let known: BTreeSet<u32> = landed.at.values().copied().collect();
        let ours: BTreeMap<u32, u32> = landed
            .at
            .iter()
            .filter(|(uid, at)| notes.contains_key(uid) && **at >= first)
            .map(|(uid, at)| (*at, *uid))
            .collect();
        let Some(last) = ours.keys().next_back().copied() else {
            return Ok(Vec::new());
        };
        if known.range(first..=last).count() > (last - first) as usize {
            return Ok(Vec::new());
        }
        // A server that ignores the range tells of more.
        let mut there = self.attributes(batch.to, &format!("{first}:{last}"))?;
        there.retain(|at, _| (first..=last).contains(at));
        let (mine, others) = alike(&there, &ours, &known);
        let both: Vec<u32> = mine.iter().chain(&others).copied().collect();
        let digests: HashMap<u32, Digest> = self.digests(batch.to, &both)?.into_iter().collect();
        Ok(pairs(&there, &ours, &others, &digests))
    }

    fn give_way(
        &mut self,
        mut doubles: Vec<Double>,
        batch: &Batch<'_>,
        landed: &mut Landed,
        notes: &mut Notes,
    ) -> Result<(), MailboxError> {
        let selected = self.select(batch.to, Mode::Write)?;
        if selected.validity != landed.validity {
            return Ok(());
        }
        let others: Vec<u32> = doubles.iter().map(|double| double.other).collect();
        let there = self.attributes(batch.to, &answer::set(&others))?;
        doubles.retain(|double| there.get(&double.other).is_some_and(stays));
        if doubles.is_empty() {
            return Ok(());
        }
        let mut changed = Vec::new();
        for Double { uid, other, .. } in &doubles {
            let was = batch.before.get(uid).and_then(|was| was.flags.clone());
            let flags = was.unwrap_or_default();
            if there.get(other).and_then(|is| is.flags.as_ref()) != Some(&flags) {
                changed.push((*uid, *other, flags));
            }
        }
        if !changed.is_empty() {
            self.restore(&changed, notes, batch.to)?;
        }
        for Double { uid, other, .. } in &doubles {
            landed.at.insert(*uid, *other);
        }
        let ours: Vec<u32> = doubles.iter().map(|double| double.ours).collect();
        let became = match self.remove_uids(batch.to, &ours)? {
            Removed::Gone => "was removed",
            Removed::Flagged => "is flagged as deleted",
        };
        for double in doubles {
            notes.entry(double.uid).or_default().push(format!(
                "another program moved it at the same time: its copy stays, and the second one {became}"
            ));
        }
        Ok(())
    }
}

/// Whether nobody means to remove it.
fn stays(is: &Attributes) -> bool {
    is.flags.as_ref().is_some_and(|flags| !flags.deleted)
}

/// Messages of ours and of others that may be the same, lowest first. Two that came at different
/// times are two.
fn alike(
    there: &BTreeMap<u32, Attributes>,
    ours: &BTreeMap<u32, u32>,
    known: &BTreeSet<u32>,
) -> (Vec<u32>, Vec<u32>) {
    type Looks = (Option<u64>, Option<Timestamp>);
    let looks = |is: &Attributes| -> Looks { (is.size, is.date) };
    let mut last: HashMap<Looks, u32> = HashMap::new();
    for (at, is) in there.iter().filter(|(at, _)| ours.contains_key(at)) {
        last.insert(looks(is), *at);
    }
    let others: Vec<u32> = there
        .iter()
        .filter(|(at, is)| !known.contains(at) && stays(is))
        .filter(|(at, is)| last.get(&looks(is)).is_some_and(|last| *at < last))
        .map(|(at, _)| *at)
        .take(2 * CHUNK)
        .collect();
    let seen: BTreeSet<Looks> = others
        .iter()
        .filter_map(|at| there.get(at).map(looks))
        .collect();
    let mine = there
        .iter()
        .filter(|(at, is)| ours.contains_key(at) && seen.contains(&looks(is)))
        .map(|(at, _)| *at)
        .collect();
    (mine, others)
}

/// Pairs messages of ours with the same ones of others, the first with the first and so on, so
/// that of two that were alike from the beginning two stay. Of each pair the higher one goes.
fn pairs(
    there: &BTreeMap<u32, Attributes>,
    ours: &BTreeMap<u32, u32>,
    others: &[u32],
    digests: &HashMap<u32, Digest>,
) -> Vec<Double> {
    let what = |at: &u32| {
        let date = there.get(at).and_then(|is| is.date);
        Some((digests.get(at)?, date))
    };
    let mut free: HashMap<(&Digest, Option<Timestamp>), Vec<u32>> = HashMap::new();
    for other in others.iter().rev() {
        if let Some(what) = what(other) {
            free.entry(what).or_default().push(*other);
        }
    }
    let mut doubles = Vec::new();
    for (at, uid) in ours {
        let other = what(at).and_then(|what| free.get_mut(&what)?.pop());
        if let Some(other) = other.filter(|other| other < at) {
            doubles.push(Double {
                uid: *uid,
                ours: *at,
                other,
            });
        }
    }
    doubles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Flags;

    /// What lies in the target: UID, a letter for its bytes, and the second it came in.
    fn found(all: &[(u32, char, i64)], ours: &[u32]) -> Vec<(u32, u32)> {
        let there: BTreeMap<u32, Attributes> = all
            .iter()
            .map(|(at, _, second)| {
                let is = Attributes {
                    flags: Some(Flags::default()),
                    date: Timestamp::from_second(*second).ok(),
                    size: Some(9),
                };
                (*at, is)
            })
            .collect();
        let known: BTreeSet<u32> = ours.iter().copied().collect();
        let ours: BTreeMap<u32, u32> = ours.iter().map(|at| (*at, at + 1000)).collect();
        let (mine, others) = alike(&there, &ours, &known);
        let digests = all
            .iter()
            .filter(|(at, ..)| mine.contains(at) || others.contains(at))
            .map(|(at, letter, _)| (*at, Digest::of(letter.to_string().as_bytes())))
            .collect();
        let doubles = pairs(&there, &ours, &others, &digests);
        doubles.iter().map(|one| (one.ours, one.other)).collect()
    }

    #[test]
    fn of_two_programs_the_one_that_came_later_gives_way() {
        let all = [(10, 'a', 1), (11, 'b', 1), (12, 'a', 1), (13, 'b', 1)];
        assert_eq!(found(&all, &[10, 11]), []);
        assert_eq!(found(&all, &[12, 13]), [(12, 10), (13, 11)]);
        // And of three.
        let all = [(10, 'a', 1), (11, 'a', 1), (12, 'a', 1)];
        assert_eq!(found(&all, &[11]), [(11, 10)]);
        assert_eq!(found(&all, &[12]), [(12, 10)]);
    }

    #[test]
    fn two_that_were_alike_from_the_beginning_stay_two() {
        let all = [(10, 'a', 1), (11, 'a', 1)];
        assert_eq!(found(&all, &[10, 11]), []);
        let all = [(10, 'a', 1), (11, 'a', 1), (12, 'a', 1), (13, 'a', 1)];
        assert_eq!(found(&all, &[10, 11]), []);
        assert_eq!(found(&all, &[12, 13]), [(12, 10), (13, 11)]);
        let all = [(10, 'a', 1), (11, 'a', 1), (12, 'a', 1)];
        assert_eq!(found(&all, &[11, 12]), [(11, 10)]);
        assert_eq!(found(&all, &[10]), []);
        // Other bytes, or the same ones that came at another time.
        assert_eq!(found(&[(10, 'a', 1), (11, 'b', 1)], &[11]), []);
        assert_eq!(found(&[(10, 'a', 1), (11, 'a', 2)], &[11]), []);
    }
}
