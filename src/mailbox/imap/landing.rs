//! Where moved messages landed, and whether they are what they were: flags and keywords that the
//! server dropped are put back, a changed date is told.

use super::ImapMailbox;
use super::answer;
use super::command::Completion;
use super::fetch::Attributes;
use super::relocate::Batch;
use super::select::{Mode, Next};
use crate::mail::{Digest, Flags, Place};
use crate::mailbox::{Hashing, KEEPS_ONLY, MailboxError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where messages went: from a UID in the source to a UID in the target.
#[derive(Debug, Default)]
pub(super) struct Landed {
    /// UIDNEXT of the target before the move, for a server that does not tell more.
    next: Option<u32>,
    /// The same, with the UIDVALIDITY that it was told under.
    pub(super) first: Option<Next>,
    /// Whether the places were found by what messages are like, and not by their bytes.
    pub(super) is_guessed: bool,
    /// The target's UIDVALIDITY.
    pub(super) validity: u32,
    /// From a UID in the source to a UID in the target.
    pub(super) at: HashMap<u32, u32>,
    /// Whether a message that was in the target before can be no copy.
    only_new: bool,
}

/// Whether what lies in the target looks like what lay in the source.
type Like<'f> = &'f dyn Fn(&Attributes, &Attributes) -> bool;

/// What is to be told of each message, by its UID in the source.
pub(super) type Notes = HashMap<u32, Vec<String>>;

impl ImapMailbox {
    /// Finds the copies, by their bytes, since an original goes for each: where the server told of
    /// one, it is looked at; where not, it is searched for. Sizes and dates say little where a
    /// campaign sends thousands alike.
    pub(super) fn find_copies(
        &mut self,
        batch: &Batch<'_>,
        landed: &mut Landed,
    ) -> Result<(), MailboxError> {
        let originals: HashMap<u32, Digest> = self
            .digests(batch.from, &batch.present)?
            .into_iter()
            .collect();
        if originals.is_empty() {
            return Ok(());
        }
        let selected = self.select(batch.to, Mode::Read)?;
        landed.believe_only(selected.validity);
        let told: Vec<u32> = batch
            .present
            .iter()
            .filter_map(|uid| landed.at.get(uid).copied())
            .collect();
        let copies: HashMap<u32, Digest> = self.digests(batch.to, &told)?.into_iter().collect();
        landed.at.retain(|uid, at| {
            !batch.present.contains(uid)
                || originals
                    .get(uid)
                    .is_some_and(|is| copies.get(at) == Some(is))
        });
        let next = match (landed.next.take(), landed.only_new) {
            (Some(next), _) => next,
            (None, false) => 1,
            (None, true) => return Ok(()),
        };
        let unknown = |(uid, _): &(u32, Digest)| !landed.at.contains_key(uid);
        let wanted: Vec<(u32, Digest)> = originals.into_iter().filter(unknown).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let size = |(uid, _): &(u32, Digest)| batch.before.get(uid).and_then(|was| was.size);
        let sizes: HashSet<Option<u64>> = wanted.iter().map(size).collect();
        let known: HashSet<u32> = landed.at.values().copied().collect();
        // `n:*` names the last message even when there is none from n on.
        let there = self.attributes(batch.to, &format!("{next}:*"))?;
        let new = there.range(next..).rev();
        let alike = new.filter(|(at, is)| sizes.contains(&is.size) && !known.contains(at));
        let alike: Vec<u32> = alike.map(|(at, _)| *at).collect();
        let copies = self.digests(batch.to, &alike)?;
        landed.pair(wanted, copies, &batch.before, &there);
        Ok(())
    }

    /// The digests of messages in a folder; those that are gone are left out.
    pub(super) fn digests(
        &mut self,
        folder: &str,
        uids: &[u32],
    ) -> Result<Vec<(u32, Digest)>, MailboxError> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let validity = self.select(folder, Mode::Read)?.validity;
        let mut digests = Vec::new();
        for uid in uids {
            let place = Place::Uid {
                validity,
                uid: *uid,
            };
            let mut sink = Hashing::default();
            if self.stream_unmarked(folder, &place, &mut sink)? {
                digests.push((*uid, sink.digest()));
            }
        }
        Ok(digests)
    }

    /// Looks at the messages in the target: those that are there, with what was put right or lost.
    /// Sizes are not compared: with some servers they are guesses (Exchange).
    pub(super) fn compare(
        &mut self,
        uids: &[u32],
        batch: &Batch<'_>,
        landed: &mut Landed,
    ) -> Result<Notes, MailboxError> {
        let Batch { to, before, .. } = batch;
        let selected = self.select(to, Mode::Read)?;
        landed.believe_only(selected.validity);
        let set = match (landed.at.is_empty(), landed.next) {
            (false, _) => answer::set(&landed.at.values().copied().collect::<Vec<_>>()),
            (true, Some(next)) => format!("{next}:*"),
            (true, None) => return Ok(HashMap::new()),
        };
        let after = self.attributes(to, &set)?;
        if landed.at.is_empty() {
            // `n:*` names the last message even when there is none from n on.
            let new = after.range(landed.next.unwrap_or(u32::MAX)..);
            landed.guess(uids, before, new);
        }
        let mut notes = HashMap::new();
        let mut dropped = Vec::new();
        for uid in uids {
            let (Some(was), Some(at)) = (before.get(uid), landed.at.get(uid)) else {
                continue;
            };
            let Some(is) = after.get(at) else { continue };
            let mut told = Vec::new();
            if let (Some(was), Some(is)) = (was.date, is.date)
                && was != is
            {
                told.push(format!(
                    "the server gave it a new date of receipt: {is} instead of {was}"
                ));
            }
            let flags = was.flags.clone().unwrap_or_default();
            if is.flags.as_ref() != Some(&flags) {
                dropped.push((*uid, *at, flags));
            }
            notes.insert(*uid, told);
        }
        if !dropped.is_empty() {
            self.restore(&dropped, &mut notes, to)?;
        }
        self.leave_one(batch, landed, &mut notes);
        Ok(notes)
    }

    /// Gives messages in the target the flags that they had.
    pub(super) fn restore(
        &mut self,
        dropped: &[(u32, u32, Flags)],
        notes: &mut Notes,
        to: &str,
    ) -> Result<(), MailboxError> {
        self.select(to, Mode::Write)?;
        let mut refused = HashMap::new();
        for (uid, at, flags) in dropped {
            let completion = self.store(to, &at.to_string(), "FLAGS.SILENT", flags)?;
            if !completion.is_ok() {
                refused.insert(*uid, completion.text);
            }
        }
        let at: Vec<u32> = dropped.iter().map(|(_, at, _)| *at).collect();
        let after = self.attributes(to, &answer::set(&at))?;
        for (uid, at, flags) in dropped {
            let is = after
                .get(at)
                .and_then(|is| is.flags.clone())
                .unwrap_or_default();
            let shown = answer::flag_names(flags).join(" ");
            let mut note = match is == *flags {
                true => format!("its flags were lost on the way and put back: {shown}"),
                false => format!(
                    "its flags were {shown}, and {KEEPS_ONLY}: {}",
                    answer::flag_names(&is).join(" ")
                ),
            };
            if let Some(text) = refused.get(uid) {
                note.push_str(&format!(" ({text})"));
            }
            notes.entry(*uid).or_default().push(note);
        }
        Ok(())
    }
}

impl Landed {
    /// Nowhere known yet; the target's UIDNEXT was this.
    pub(super) fn after(first: Option<Next>) -> Self {
        Landed {
            next: first.map(|first| first.uid),
            first,
            ..Landed::default()
        }
    }

    /// A copy is one that the server tells the place of, or one that was not there before.
    pub(super) fn only_told_or_new(&mut self) {
        self.only_new = true;
    }

    /// A message of this UID in the source was found there.
    pub(super) fn put(&mut self, uid: u32, validity: u32, at: u32) {
        self.believe_only(validity);
        self.at.insert(uid, at);
    }

    /// Places under another UIDVALIDITY mean nothing.
    fn believe_only(&mut self, validity: u32) {
        if self.validity != validity {
            self.validity = validity;
            self.at.clear();
        }
    }

    /// Takes in `[COPYUID validity source target]` (RFC 4315 section 3): with COPY in the last
    /// line, with MOVE in an untagged one. What does not fit the messages asked for is not believed.
    pub(super) fn read(&mut self, told: &Completion, uids: &[u32]) {
        let parse = || {
            let mut parts = told.arguments("COPYUID")?.split_ascii_whitespace();
            let validity: u32 = parts.next()?.parse().ok()?;
            let from = answer::uids(parts.next()?, uids.len())?;
            let to = answer::uids(parts.next()?, uids.len())?;
            (from.len() == to.len() && validity != 0).then_some((validity, from, to))
        };
        if let Some((validity, from, to)) = parse() {
            self.validity = validity;
            let asked = from
                .into_iter()
                .zip(to)
                .filter(|(uid, _)| uids.contains(uid));
            self.at.extend(asked);
        }
    }

    /// Takes each copy for that of an original with the same bytes: one with its date and flags
    /// before one with its date, before any, so that two alike but for those are not mixed up.
    fn pair(
        &mut self,
        mut originals: Vec<(u32, Digest)>,
        mut copies: Vec<(u32, Digest)>,
        before: &BTreeMap<u32, Attributes>,
        there: &BTreeMap<u32, Attributes>,
    ) {
        // From the last to the first: a copy lands behind what was there.
        originals.sort_unstable_by_key(|(uid, _)| Reverse(*uid));
        copies.sort_unstable_by_key(|(at, _)| Reverse(*at));
        let same = |is: &Attributes, was: &Attributes| is == was;
        let dated = |is: &Attributes, was: &Attributes| is.date == was.date;
        let ways: [Like<'_>; 3] = [&same, &dated, &|_, _| true];
        for like in ways {
            originals.retain(|(uid, digest)| {
                let found = copies.iter().position(|(at, copy)| {
                    let both = there.get(at).zip(before.get(uid));
                    copy == digest && both.is_some_and(|(is, was)| like(is, was))
                });
                if let Some(found) = found {
                    self.at.insert(*uid, copies.remove(found).0);
                }
                found.is_none()
            });
        }
    }

    /// Finds moved messages among the new ones by size, date and flags, in order: what they are
    /// like is all that is left of them. Where only some of several alike are shown, none is taken
    /// for another: whoever knows their bytes searches for them.
    fn guess<'a>(
        &mut self,
        uids: &[u32],
        before: &BTreeMap<u32, Attributes>,
        new: impl Iterator<Item = (&'a u32, &'a Attributes)>,
    ) {
        self.is_guessed = true;
        let mut new: Vec<(u32, &Attributes)> = new.map(|(uid, is)| (*uid, is)).collect();
        let was = uids.iter().map(|uid| (*uid, before.get(uid)));
        let mut left: Vec<(u32, &Attributes)> =
            was.filter_map(|(uid, was)| Some((uid, was?))).collect();
        let same = |is: &Attributes, was: &Attributes| is == was;
        let dated = |is: &Attributes, was: &Attributes| is.size == was.size && is.date == was.date;
        let alike = |is: &Attributes, was: &Attributes| is.size == was.size;
        let ways: [(Like<'_>, bool); 3] = [(&same, true), (&dated, false), (&alike, false)];
        for (like, is_sure) in ways {
            for (uid, was) in left.clone() {
                let mates = left.iter().filter(|(_, mate)| like(mate, was)).count();
                let shown = new.iter().filter(|(_, is)| like(is, was)).count();
                let found = new.iter().position(|(_, is)| like(is, was));
                if let Some(found) = found.filter(|_| is_sure || mates == shown) {
                    self.at.insert(uid, new.remove(found).0);
                    left.retain(|(other, _)| *other != uid);
                }
            }
        }
    }

    /// Where the message of this UID in the source lies now.
    pub(super) fn place(&self, uid: u32) -> Option<Place> {
        let uid = *self.at.get(&uid)?;
        Some(Place::Uid {
            validity: self.validity,
            uid,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landed(line: &str, uids: &[u32]) -> Vec<(u32, u32)> {
        let mut landed = Landed::default();
        landed.read(&Completion::parse(line.as_bytes()).unwrap(), uids);
        let mut at: Vec<_> = landed.at.into_iter().collect();
        at.sort();
        at
    }

    #[test]
    fn copyuid_pairs_in_order_and_is_believed_only_where_it_fits() {
        let uids = [3, 4, 5, 9];
        assert_eq!(
            landed("OK [COPYUID 7 3:5,9 20,30:32] x", &uids),
            [(3, 20), (4, 30), (5, 31), (9, 32)]
        );
        assert_eq!(
            landed("OK [copyuid 7 9,3 20:21] x", &uids),
            [(3, 21), (9, 20)]
        );
        for odd in [
            "OK [COPYUID 7 3:5 20] x",
            "OK [COPYUID 7 3:4000000000 3:4000000000] x",
            "OK [COPYUID 0 3 4] x",
            "OK [COPYUID 7 77 78] x",
            "OK [COPYUID] x",
            "OK [COPYUID 7 a b",
        ] {
            assert_eq!(landed(odd, &uids), [], "{odd}");
        }
    }

    #[test]
    fn copies_are_found_by_size_and_date() {
        let mail = |size, date: &str| Attributes {
            size: Some(size),
            date: date.parse().ok(),
            flags: None,
        };
        let (old, new) = ("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        let before = BTreeMap::from([(1, mail(10, old)), (2, mail(10, new)), (3, mail(99, old))]);
        let after = BTreeMap::from([
            (50, mail(77, new)),
            (51, mail(10, new)),
            (52, mail(10, old)),
        ]);
        let mut landed = Landed::default();
        landed.guess(&[1, 2, 3], &before, after.iter());
        assert_eq!(landed.at, HashMap::from([(1, 52), (2, 51)]));
    }

    #[test]
    fn of_copies_with_the_same_bytes_each_original_has_the_one_with_its_date_and_flags() {
        let mail = |date: &str, seen| Attributes {
            size: Some(10),
            date: date.parse().ok(),
            flags: Some(Flags {
                seen,
                ..Flags::default()
            }),
        };
        let (old, new) = ("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        let digest = Digest::of(b"one text");
        let all = |uids: [u32; 3]| uids.map(|uid| (uid, digest)).to_vec();
        let before = BTreeMap::from([
            (1, mail(old, true)),
            (2, mail(new, false)),
            (3, mail(new, true)),
        ]);
        let there = BTreeMap::from([
            (50, mail(new, true)),
            (51, mail(new, false)),
            (52, mail(old, false)),
        ]);
        let mut landed = Landed::default();
        landed.pair(all([1, 2, 3]), all([50, 51, 52]), &before, &there);
        assert_eq!(landed.at, HashMap::from([(1, 52), (2, 51), (3, 50)]));
    }
}
