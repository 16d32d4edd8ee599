//! Moving: `UID MOVE`, or a copy that is looked at before its original goes; and what a move must
//! not change. Removes nothing but the very UIDs it was given: never a plain EXPUNGE, never CLOSE.

use super::ImapMailbox;
use super::answer;
use super::command::{Command, Completion};
use super::fetch::{Attributes, CHUNK};
use super::select::Mode;
use crate::mail::{Flags, Place};
use crate::mailbox::{Entry, MailboxError, Relocated, Relocation, Removed};
use std::collections::{BTreeMap, HashMap};

/// Where messages went: from a UID in the source to a UID in the target.
#[derive(Debug, Default)]
struct Landed {
    /// The target's UIDVALIDITY.
    validity: u32,
    at: HashMap<u32, u32>,
}

impl ImapMailbox {
    /// Moves messages, some hundreds at a time. Once something was moved, a failure is told with
    /// the messages it concerns instead of hiding what went well.
    pub(super) fn move_all(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        if self.known()?.spell(from) == self.known()?.spell(to) {
            return Err(MailboxError::Refused {
                folder: to.to_owned(),
                reason: "messages cannot be moved to the folder they are in".to_owned(),
            });
        }
        let mut done: Vec<Relocated> = Vec::new();
        for chunk in entries.chunks(CHUNK) {
            match self.move_chunk(from, chunk, to) {
                Ok(outcomes) => done.extend(outcomes),
                Err(error) if done.is_empty() => return Err(error),
                Err(error) => {
                    let reason = format!("not tried after: {error}");
                    let failed = entries.get(done.len()..).unwrap_or_default();
                    let mut first = Some(error);
                    done.extend(failed.iter().map(|entry| Relocated {
                        from: entry.place.clone(),
                        outcome: Relocation::Failed(first.take().unwrap_or_else(|| {
                            MailboxError::Refused {
                                folder: from.to_owned(),
                                reason: reason.clone(),
                            }
                        })),
                    }));
                    return Ok(done);
                }
            }
        }
        Ok(done)
    }

    fn move_chunk(
        &mut self,
        from: &str,
        entries: &[Entry],
        to: &str,
    ) -> Result<Vec<Relocated>, MailboxError> {
        let places = || entries.iter().map(|entry| &entry.place);
        self.selected = None; // a fresh look at what is there
        let wanted = self.select_for(from, Mode::Write, places())?;
        let before = self.attributes(from, &answer::set(&wanted))?;
        let present: Vec<u32> = wanted
            .iter()
            .copied()
            .filter(|uid| before.contains_key(uid))
            .collect();
        let outcomes = match present.is_empty() {
            true => HashMap::new(),
            false if self.capabilities.has("MOVE") => self.by_move(from, &present, &before, to)?,
            false => self.by_copy(from, entries, &present, &before, to)?,
        };
        let mut outcomes = outcomes;
        let relocated = entries.iter().zip(wanted).map(|(entry, uid)| Relocated {
            from: entry.place.clone(),
            outcome: outcomes.remove(&uid).unwrap_or(Relocation::Gone),
        });
        Ok(relocated.collect())
    }

    /// With MOVE (RFC 6851). It may have moved some and then failed, so the source is asked.
    fn by_move(
        &mut self,
        from: &str,
        present: &[u32],
        before: &BTreeMap<u32, Attributes>,
        to: &str,
    ) -> Result<HashMap<u32, Relocation>, MailboxError> {
        let next = self.next_uid_if_needed(to)?;
        let (completion, mut landed) = self.transfer("MOVE", present, to)?;
        let left = match completion.is_ok() {
            true => BTreeMap::new(),
            false => self.attributes(from, &answer::set(present))?,
        };
        let gone = |uid: &&u32| !left.contains_key(uid);
        let moved: Vec<u32> = present.iter().filter(gone).copied().collect();
        let mut outcomes = HashMap::new();
        for uid in present.iter().filter(|uid| left.contains_key(uid)) {
            outcomes.insert(*uid, Relocation::Failed(completion.refusal(to)));
        }
        if moved.is_empty() {
            return Ok(outcomes);
        }
        let mut compared = self.compare(&moved, before, &mut landed, next, to);
        for uid in moved {
            let notes = match &mut compared {
                Ok(compared) => compared.remove(&uid).unwrap_or_else(|| {
                    vec![format!(
                        "its place in `{to}` was not told, so its flags and date were not compared"
                    )]
                }),
                Err(error) => vec![format!("its flags and date were not compared: {error}")],
            };
            let to = landed.place(uid);
            outcomes.insert(uid, Relocation::Moved { to, notes });
        }
        Ok(outcomes)
    }

    /// Without MOVE: a copy, a look at it, and only then the original goes.
    fn by_copy(
        &mut self,
        from: &str,
        entries: &[Entry],
        present: &[u32],
        before: &BTreeMap<u32, Attributes>,
        to: &str,
    ) -> Result<HashMap<u32, Relocation>, MailboxError> {
        let next = self.next_uid_if_needed(to)?;
        let (completion, mut landed) = self.transfer("COPY", present, to)?;
        let mut outcomes = HashMap::new();
        if !completion.is_ok() {
            for uid in present {
                outcomes.insert(*uid, Relocation::Failed(completion.refusal(to)));
            }
            return Ok(outcomes);
        }
        let mut compared = self.compare(present, before, &mut landed, next, to)?;
        let seen = |uid: &&u32| compared.contains_key(uid);
        let copied: Vec<u32> = present.iter().filter(seen).copied().collect();
        self.select_for(from, Mode::Write, entries.iter().map(|entry| &entry.place))?;
        let removed = match copied.is_empty() {
            true => Removed::Flagged,
            false => self.remove_uids(from, &copied)?,
        };
        for uid in present {
            let outcome = match (compared.remove(uid), removed) {
                (Some(notes), Removed::Gone) => Relocation::Moved {
                    to: landed.place(*uid),
                    notes,
                },
                (Some(notes), Removed::Flagged) => Relocation::Copied {
                    to: landed.place(*uid),
                    notes,
                },
                (None, _) => Relocation::Failed(MailboxError::Refused {
                    folder: to.to_owned(),
                    reason: format!(
                        "the copy of message {uid} cannot be found there; the original stays in `{from}`"
                    ),
                }),
            };
            outcomes.insert(*uid, outcome);
        }
        Ok(outcomes)
    }

    /// Where the next message will land, if the server will not tell where one landed.
    fn next_uid_if_needed(&mut self, to: &str) -> Result<Option<u32>, MailboxError> {
        match self.capabilities.has("UIDPLUS") {
            true => Ok(None),
            false => self.next_uid(to),
        }
    }

    /// UID MOVE or UID COPY; makes the target once where it is not there.
    fn transfer(
        &mut self,
        word: &str,
        uids: &[u32],
        to: &str,
    ) -> Result<(Completion, Landed), MailboxError> {
        let mut is_second = false;
        loop {
            let raw = self.known()?.spell(to);
            let command = Command::new(format!("UID {word} {}", answer::set(uids))).string(&raw);
            let mut landed = Landed::default();
            let completion = self.run(command, &mut |line| {
                if let Some(told) = line.strip_prefix(b"* ").and_then(Completion::parse) {
                    landed.read(&told, uids);
                }
            })?;
            landed.read(&completion, uids);
            let is_missing = completion.has("TRYCREATE") || completion.has("NONEXISTENT");
            if completion.is_ok() || !is_missing || is_second {
                return Ok((completion, landed));
            }
            is_second = true;
            self.make(to)?;
        }
    }

    /// Looks at the messages in the target: those that are there, with what was put right or lost.
    fn compare(
        &mut self,
        uids: &[u32],
        before: &BTreeMap<u32, Attributes>,
        landed: &mut Landed,
        next: Option<u32>,
        to: &str,
    ) -> Result<HashMap<u32, Vec<String>>, MailboxError> {
        let selected = self.select(to, Mode::Read)?;
        if landed.validity != selected.validity {
            *landed = Landed {
                validity: selected.validity,
                at: HashMap::new(),
            };
        }
        let set = match (landed.at.is_empty(), next) {
            (false, _) => answer::set(&landed.at.values().copied().collect::<Vec<_>>()),
            (true, Some(next)) => format!("{next}:*"),
            (true, None) => return Ok(HashMap::new()),
        };
        let after = self.attributes(to, &set)?;
        if landed.at.is_empty() {
            // `n:*` names the last message even when there is none from n on.
            let new = after.range(next.unwrap_or(u32::MAX)..);
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
        Ok(notes)
    }

    /// Gives messages in the target the flags that they had.
    fn restore(
        &mut self,
        dropped: &[(u32, u32, Flags)],
        notes: &mut HashMap<u32, Vec<String>>,
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
                    "its flags were {shown}, and the server keeps only: {}",
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

    /// Sets, adds or takes flags of messages in the open folder.
    pub(super) fn store(
        &mut self,
        folder: &str,
        set: &str,
        how: &str,
        flags: &Flags,
    ) -> Result<Completion, MailboxError> {
        let names = answer::flag_names(flags).join(" ");
        self.by_crate(folder, |session| {
            session.uid_store(set, format!("{how} ({names})"))
        })
    }

    /// Removes just these from the open folder, where the server can (UIDPLUS, RFC 4315).
    pub(super) fn remove_uids(
        &mut self,
        folder: &str,
        uids: &[u32],
    ) -> Result<Removed, MailboxError> {
        let deleted = Flags {
            deleted: true,
            ..Flags::default()
        };
        for chunk in uids.chunks(CHUNK) {
            let set = answer::set(chunk);
            let completion = self.store(folder, &set, "+FLAGS.SILENT", &deleted)?;
            if !completion.is_ok() {
                return Err(completion.refusal(folder));
            }
            if self.capabilities.has("UIDPLUS") {
                let command = Command::new(format!("UID EXPUNGE {set}"));
                let completion = self.run(command, &mut |_| {})?;
                if !completion.is_ok() {
                    return Err(completion.refusal(folder));
                }
            }
        }
        match self.capabilities.has("UIDPLUS") {
            true => Ok(Removed::Gone),
            false => Ok(Removed::Flagged),
        }
    }
}

impl Landed {
    /// Takes in `[COPYUID validity source target]` (RFC 4315 section 3): with COPY in the last
    /// line, with MOVE in an untagged one. What does not fit the messages asked for is not believed.
    fn read(&mut self, told: &Completion, uids: &[u32]) {
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

    /// Finds messages among the new ones by size and date, in order.
    fn guess<'a>(
        &mut self,
        uids: &[u32],
        before: &BTreeMap<u32, Attributes>,
        new: impl Iterator<Item = (&'a u32, &'a Attributes)>,
    ) {
        let mut new: Vec<(u32, &Attributes)> = new.map(|(uid, is)| (*uid, is)).collect();
        for uid in uids {
            let Some(was) = before.get(uid) else { continue };
            let same = |(_, is): &(u32, &Attributes)| is.size == was.size && is.date == was.date;
            let alike = |(_, is): &(u32, &Attributes)| is.size == was.size;
            let found = new
                .iter()
                .position(same)
                .or_else(|| new.iter().position(alike));
            if let Some(index) = found {
                self.at.insert(*uid, new.remove(index).0);
            }
        }
    }

    fn place(&self, uid: u32) -> Option<Place> {
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
}
