//! What came or changed in a folder since it was last read, in as few commands as it takes: none
//! but EXAMINE where nothing did. What a server says of a folder as a whole is believed only where
//! it adds up with the messages themselves; else the whole folder is listed.

use super::ImapMailbox;
use super::answer::Fetch;
use super::body::Body;
use super::command::Command;
use super::fetch::{Attributes, entries};
use super::select::Selected;
use super::wire::Next as Answer;
use crate::mailbox::{Entry, MailboxError, Mark, Survey};
use std::collections::BTreeMap;

/// Most messages that may be new.
const MESSAGES: usize = 3_000_000;

/// How a folder stands, by what EXAMINE tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    /// UIDVALIDITY.
    validity: u32,
    /// UIDNEXT: every message that is there has a lower UID.
    next: u32,
    /// EXISTS: how many there are.
    exists: u32,
    /// HIGHESTMODSEQ (RFC 7162 section 3.1.2): the last change to any of them, where it is told.
    modseq: Option<u64>,
}

/// What has to be asked of a folder, by how it stood and how it stands.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Nothing.
    Same,
    /// What came, which are this many; and what changed, where that can be told.
    New { came: u32 },
    /// Everything: something went.
    Whole,
    /// Everything, and the folder's own word is worth nothing.
    Doubt,
}

impl Standing {
    fn of(selected: &Selected) -> Option<Standing> {
        Some(Standing {
            validity: selected.validity,
            next: selected.next?,
            exists: selected.exists,
            modseq: selected.modseq,
        })
    }

    fn mark(self) -> Mark {
        let Standing {
            validity,
            next,
            exists,
            modseq,
        } = self;
        let modseq = modseq.map_or("-".to_owned(), |modseq| modseq.to_string());
        Mark(format!("imap {validity} {next} {exists} {modseq}"))
    }

    /// Reads a mark; `None` where it is of another form, as a later version's may be.
    fn parse(mark: &Mark) -> Option<Standing> {
        let words: Vec<&str> = mark.0.split(' ').collect();
        let ["imap", validity, next, exists, modseq] = words.as_slice() else {
            return None;
        };
        Some(Standing {
            validity: validity.parse().ok()?,
            next: next.parse().ok()?,
            exists: exists.parse().ok()?,
            modseq: match *modseq {
                "-" => None,
                number => Some(number.parse().ok()?),
            },
        })
    }

    /// What has to be asked, since it stood like `then`.
    fn since(self, then: Standing) -> Next {
        if self.validity != then.validity || self.modseq.is_some() != then.modseq.is_some() {
            return Next::Whole;
        }
        if self == then {
            return Next::Same;
        }
        // RFC 3501 section 2.3.1.1 and RFC 7162 section 3.1.2.1: neither ever goes back.
        if self.next < then.next || self.modseq < then.modseq {
            return Next::Doubt;
        }
        let Some(came) = self.exists.checked_sub(then.exists) else {
            return Next::Whole;
        };
        match came <= self.next - then.next {
            true => Next::New { came },
            false => Next::Doubt,
        }
    }
}

/// The mark of a folder that this many messages were moved out of since; `None` for a mark of
/// another form. Its HIGHESTMODSEQ stays what it was, so that what else changed is still told.
pub(super) fn without(mark: &Mark, moved_out: usize) -> Option<Mark> {
    let then = Standing::parse(mark)?;
    let exists = then.exists.checked_sub(u32::try_from(moved_out).ok()?)?;
    Some(Standing { exists, ..then }.mark())
}

impl ImapMailbox {
    /// What came, went or changed in a folder since it stood as `since` says.
    pub(super) fn survey_since(
        &mut self,
        folder: &str,
        since: Option<&Mark>,
    ) -> Result<Survey, MailboxError> {
        let selected = self.examine_counting(folder)?;
        let now = Standing::of(&selected);
        let then = since.and_then(Standing::parse);
        let next = match (now, then) {
            (Some(now), Some(then)) => now.since(then),
            _ => Next::Whole,
        };
        match (next, now, then) {
            (Next::Same, Some(now), _) => {
                let messages = now.exists as usize;
                return Ok(Survey::Same { messages });
            }
            (Next::New { came }, Some(now), Some(then)) => {
                if let Some(entries) = self.news(now, then, came)? {
                    return Ok(Survey::Changed {
                        messages: now.exists as usize,
                        entries,
                        mark: now.mark(),
                    });
                }
            }
            (Next::Doubt, ..) => {
                log::warn!("folder `{folder}`: the server's counts do not add up: all is listed");
                let (entries, _) = self.whole(folder, &selected)?;
                let mark = None;
                return Ok(Survey::Whole { entries, mark });
            }
            _ => {}
        }
        let (entries, adds_up) = self.whole(folder, &selected)?;
        let mark = now.filter(|_| adds_up).map(Standing::mark);
        Ok(Survey::Whole { entries, mark })
    }

    /// Everything in the open folder, and whether that is what the folder's own counts say.
    fn whole(
        &mut self,
        folder: &str,
        selected: &Selected,
    ) -> Result<(Vec<Entry>, bool), MailboxError> {
        let all = match selected.exists {
            0 => BTreeMap::new(), // `1:*` in an empty folder is an error with some servers
            _ => self.attributes(folder, "1:*")?,
        };
        let next = selected.next.unwrap_or(0);
        let counted = all.range(..next).count() == selected.exists as usize;
        let listed = all.len();
        let entries = entries(all, selected.validity);
        let adds_up = counted && entries.len() == listed;
        Ok((entries, adds_up))
    }

    /// What came, which must be this many, and what changed; `None` where it does not add up,
    /// since some went as others came, or is refused.
    fn news(
        &mut self,
        now: Standing,
        then: Standing,
        came: u32,
    ) -> Result<Option<Vec<Entry>>, MailboxError> {
        const WHAT: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE)";
        let mut commands = Vec::new();
        if now.next > then.next {
            let (first, last) = (then.next, now.next - 1);
            commands.push(format!("UID FETCH {first}:{last} {WHAT}"));
        }
        let changed = then.modseq.filter(|_| now.modseq > then.modseq);
        if let Some(modseq) = changed {
            commands.push(format!("UID FETCH 1:* {WHAT} (CHANGEDSINCE {modseq})"));
        }
        let Some(mut all) = self.attributes_by(commands, now.next)? else {
            return Ok(None);
        };
        if changed.is_none() {
            all = all.split_off(&then.next); // servers tell of others unasked
        }
        let new = all.range(then.next..).count();
        let listed = all.len();
        let entries = entries(all, now.validity);
        let adds_up = new == came as usize && entries.len() == listed;
        Ok(adds_up.then_some(entries))
    }

    /// What these commands, all under way at once, tell of messages below `next`: what came after
    /// the folder was opened counts at the next survey. `None` where one of them is refused.
    fn attributes_by(
        &mut self,
        commands: Vec<String>,
        next: u32,
    ) -> Result<Option<BTreeMap<u32, Attributes>>, MailboxError> {
        let mut all: BTreeMap<u32, Attributes> = BTreeMap::new();
        let mut left = commands.len();
        let mut is_refused = false;
        let wire = &mut self.line.lock().wire;
        for command in commands {
            wire.send(Command::new(command))?;
        }
        while left > 0 {
            let line = match wire.next(&mut Body::nowhere())? {
                Answer::Untagged(line) => line,
                Answer::Continue => continue,
                Answer::Done(completion) => {
                    is_refused |= !completion.is_ok() && !completion.has("EXPUNGEISSUED");
                    left -= 1;
                    continue;
                }
            };
            let Some(fetch) = Fetch::parse(&line) else {
                continue;
            };
            let Some(uid) = fetch.uid.filter(|uid| *uid < next) else {
                continue;
            };
            if all.len() >= MESSAGES {
                return Err(wire.lost("it lists messages without end"));
            }
            let known = all.len();
            all.entry(uid).or_default().add(fetch);
            if all.len() > known {
                wire.progress();
            }
        }
        Ok((!is_refused).then_some(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(validity: u32, next: u32, exists: u32, modseq: Option<u64>) -> Standing {
        Standing {
            validity,
            next,
            exists,
            modseq,
        }
    }

    #[test]
    fn a_mark_is_read_back_and_nothing_else_is() {
        for modseq in [None, Some(0), Some(u64::MAX)] {
            let one = standing(7, u32::MAX, 3, modseq);
            assert_eq!(Standing::parse(&one.mark()), Some(one));
        }
        for text in [
            "",
            "imap",
            "imap 1 2 3",
            "imap 1 2 3 x",
            "imap 1 2 3 4 5",
            "dir 1 2 3 4",
        ] {
            assert_eq!(Standing::parse(&Mark(text.to_owned())), None, "{text}");
        }
    }

    #[test]
    fn a_mark_without_what_was_moved_out_tells_of_all_else() {
        let then = standing(7, 100, 50, Some(900));
        let mark = without(&then.mark(), 10).unwrap();
        let then = Standing::parse(&mark).unwrap();
        assert_eq!(then, standing(7, 100, 40, Some(900)));
        // A move raises HIGHESTMODSEQ (RFC 7162 section 3.1.2.2).
        let now = standing(7, 100, 40, Some(901));
        assert_eq!(now.since(then), Next::New { came: 0 });
        let somebody_elses = standing(7, 100, 39, Some(902));
        assert_eq!(somebody_elses.since(then), Next::Whole);
        assert_eq!(without(&mark, 41), None);
        assert_eq!(without(&Mark("other".to_owned()), 1), None);
    }

    #[test]
    fn what_is_asked_follows_from_what_the_folder_says_of_itself() {
        let then = standing(7, 100, 50, Some(900));
        let plain = standing(7, 100, 50, None);
        for (then, now, next) in [
            (then, then, Next::Same),
            (plain, plain, Next::Same),
            (then, standing(7, 103, 53, Some(904)), Next::New { came: 3 }),
            (plain, standing(7, 103, 51, None), Next::New { came: 1 }),
            (then, standing(7, 100, 50, Some(901)), Next::New { came: 0 }),
            (then, standing(7, 101, 50, Some(901)), Next::New { came: 0 }),
            (then, standing(7, 100, 49, Some(901)), Next::Whole),
            (then, standing(8, 100, 50, Some(900)), Next::Whole),
            (then, standing(7, 100, 50, None), Next::Whole),
            (plain, standing(7, 100, 50, Some(1)), Next::Whole),
            (then, standing(7, 99, 50, Some(900)), Next::Doubt),
            (then, standing(7, 100, 50, Some(899)), Next::Doubt),
            (then, standing(7, 101, 52, Some(901)), Next::Doubt),
            (plain, standing(7, 100, 51, None), Next::Doubt),
        ] {
            assert_eq!(now.since(then), next, "{then:?} {now:?}");
        }
    }
}
