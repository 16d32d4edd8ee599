//! What a mailbox must hold, in a few lines: where each message is, with which flags, what the
//! program moved from where, and what a person said against it. A message that lies there twice is
//! followed loosely: all copies are there, with their flags, in folders where they may be.

use super::job::{Job, Kind, Told};
use super::operation::{Class, Mark, Operation, Rules};
use super::world::{self, Copy, FOLDERS, SWEPT, TARGET, World};
use postsweep::mail::Digest;
use postsweep::sample;
use std::collections::BTreeMap;

#[derive(Debug)]
struct Letter {
    class: Class,
    bytes: Vec<u8>,
    copies: Vec<Copy>,
    /// Whether it is not to be moved without being asked for.
    is_corrected: bool,
    /// The sweep that moved it, and from where, until that is taken back.
    moved: Option<(i64, String)>,
    /// Whether it lay there twice at some time.
    is_loose: bool,
}

#[derive(Debug, Default)]
pub struct Model {
    letters: Vec<Letter>,
    renamed: usize,
}

impl Letter {
    fn is_hit(&self, rules: Rules) -> bool {
        match self.class {
            Class::Clean => false,
            Class::Spam => true,
            Class::Grey => rules == Rules::Strict,
        }
    }

    /// Its one copy, where a sweep with these rules takes it for a hit.
    fn found(&mut self, rules: Rules) -> Option<&mut Copy> {
        let is_hit = self.is_hit(rules) && !self.is_loose;
        let copy = self.copies.first_mut().filter(|_| is_hit)?;
        SWEPT.contains(&copy.folder.as_str()).then_some(copy)
    }

    /// A sweep sees it: what was moved and lies in a folder that is swept, somebody moved back.
    fn seen(&mut self, rules: Rules) {
        if self.found(rules).is_some() && self.moved.take().is_some() {
            self.is_corrected = true;
        }
    }

    /// Whether a sweep moves it.
    fn goes(&mut self, rules: Rules) -> bool {
        let is_corrected = self.is_corrected;
        let held = |copy: &Copy| copy.flags.contains("flagged") || copy.flags.contains("answered");
        self.found(rules)
            .is_some_and(|copy| !is_corrected && !held(copy))
    }

    fn moves(&mut self, sweep: i64) {
        let from = std::mem::replace(&mut self.copies[0].folder, TARGET.to_owned());
        self.moved = Some((sweep, from));
    }

    fn put_back(&mut self) {
        self.is_corrected = true;
        let Some((_, source)) = self.moved.take() else {
            return;
        };
        if let Some(copy) = self.copies.first_mut()
            && copy.folder == TARGET
            && !self.is_loose
        {
            copy.folder = source;
        }
    }
}

/// The number of a run's sweep.
fn begun(told: &Told) -> Result<i64, String> {
    let none = || format!("no sweep began: {:?}", told.troubles);
    told.sweep.ok_or_else(none)
}

impl Model {
    /// Plays one operation, on the world and here; tells where the two differ.
    pub fn play(
        &mut self,
        operation: &Operation,
        world: &mut dyn World,
        job: &Job,
    ) -> Result<(), String> {
        let troubles = self.act(operation, world, job)?;
        self.compare(world, job)
            .map_err(|wrong| format!("{wrong}; told: {troubles:?}"))
    }

    fn act(
        &mut self,
        operation: &Operation,
        world: &mut dyn World,
        job: &Job,
    ) -> Result<Vec<String>, String> {
        let told = match *operation {
            Operation::Arrive(class, is_other, mark) => {
                self.arrive(class, SWEPT[usize::from(is_other)], mark, world);
                return Ok(Vec::new());
            }
            Operation::ArriveAgain(which) => {
                self.arrive_again(which, world);
                return Ok(Vec::new());
            }
            Operation::Move(..) | Operation::Remove(_) | Operation::Mark(..) => {
                self.by_another(operation, world);
                return Ok(Vec::new());
            }
            Operation::RenameTarget => {
                self.renamed += 1;
                let name = format!("Old {}", self.renamed);
                world.rename_target(&name);
                let copies = self
                    .letters
                    .iter_mut()
                    .flat_map(|letter| &mut letter.copies);
                for copy in copies.filter(|copy| copy.folder == TARGET) {
                    copy.folder.clone_from(&name);
                }
                return Ok(Vec::new());
            }
            Operation::Rehearse(rules) => job.run(Kind::Rehearse, rules),
            Operation::Judge(rules) => {
                self.each(|letter| letter.seen(rules));
                job.run(Kind::Judge, rules)
            }
            Operation::Sweep(rules) => {
                let told = job.run(Kind::Sweep, rules);
                let sweep = begun(&told)?;
                self.each(|letter| {
                    letter.seen(rules);
                    if letter.goes(rules) {
                        letter.moves(sweep);
                    }
                });
                told
            }
            Operation::Deliver(which) => {
                let Some(letter) = self.pick(which) else {
                    return Ok(Vec::new());
                };
                let told = job.deliver(Digest::of(&self.letters[letter].bytes));
                let sweep = begun(&told)?;
                self.each(|letter| letter.seen(Rules::Usual));
                let letter = &mut self.letters[letter];
                if letter.found(Rules::Usual).is_some() {
                    letter.is_corrected = false;
                    letter.moves(sweep);
                }
                told
            }
            Operation::Undo(which) => {
                let Some(letter) = self.pick(which) else {
                    return Ok(Vec::new());
                };
                let asked = &mut self.letters[letter];
                // Of what was never moved and is no hit there is nothing to take back.
                if asked.moved.is_none() && asked.found(Rules::Usual).is_none() {
                    return Ok(Vec::new());
                }
                let told = job.undo(Digest::of(&asked.bytes));
                self.letters[letter].put_back();
                self.each(|letter| letter.seen(Rules::Usual));
                told
            }
            Operation::UndoSweep => {
                let newest = job.newest();
                let told = job.undo_sweep();
                self.each(|letter| {
                    let sweep = letter.moved.as_ref().map(|(sweep, _)| *sweep);
                    if sweep.is_some() && sweep == newest {
                        letter.put_back();
                    }
                });
                told
            }
            Operation::Stop(after) => {
                let told = job.stop(after);
                self.settle(told, world, job)
            }
            Operation::Cut(from_client, at) => match world.cut(from_client, at) {
                Some((account, _proxy)) => {
                    let told = job.sweep_by(&account);
                    self.settle(told, world, job)
                }
                None => return Ok(Vec::new()),
            },
        };
        Ok(told.troubles)
    }

    fn each(&mut self, act: impl FnMut(&mut Letter)) {
        self.letters.iter_mut().for_each(act);
    }

    fn pick(&self, which: usize) -> Option<usize> {
        (!self.letters.is_empty()).then(|| which % self.letters.len())
    }

    fn arrive(&mut self, class: Class, folder: &str, mark: Mark, world: &mut dyn World) {
        let number = self.letters.len();
        let domain = match class {
            Class::Clean => "example.org",
            Class::Spam => "spam.example",
            Class::Grey => "grey.example",
        };
        let copy = Copy {
            folder: folder.to_owned(),
            flags: world::flags(mark),
            day: number as u64 % 28 + 1,
        };
        let bytes = world::letter(number, domain);
        world.arrive(&bytes, &copy);
        self.letters.push(Letter {
            class,
            bytes,
            copies: vec![copy],
            is_corrected: false,
            moved: None,
            is_loose: false,
        });
    }

    fn arrive_again(&mut self, which: usize, world: &mut dyn World) {
        let Some(number) = self.pick(which) else {
            return;
        };
        let letter = &mut self.letters[number];
        let copy = Copy {
            folder: SWEPT[0].to_owned(),
            flags: world::flags(Mark::None),
            day: number as u64 % 28 + 1,
        };
        world.arrive(&letter.bytes, &copy);
        letter.is_loose |= !letter.copies.is_empty();
        letter.copies.push(copy);
    }

    /// Another program does something to one copy of a message.
    fn by_another(&mut self, operation: &Operation, world: &mut dyn World) {
        let (Operation::Move(which, _) | Operation::Remove(which) | Operation::Mark(which, _)) =
            operation
        else {
            return;
        };
        let letters = self.letters.iter().enumerate();
        let all: Vec<(usize, usize)> = letters
            .flat_map(|(number, letter)| (0..letter.copies.len()).map(move |copy| (number, copy)))
            .collect();
        if all.is_empty() {
            return;
        }
        let (number, index) = all[which % all.len()];
        let letter = &mut self.letters[number];
        let copy = letter.copies[index].clone();
        match operation {
            Operation::Move(_, folder) if FOLDERS[*folder] != copy.folder => {
                world.move_to(number, &copy, FOLDERS[*folder]);
                letter.copies[index].folder = FOLDERS[*folder].to_owned();
            }
            Operation::Remove(_) => {
                world.remove(number, &copy);
                letter.copies.remove(index);
            }
            // Whether an undo keeps flags that were changed meanwhile is asked elsewhere.
            Operation::Mark(_, mark) if letter.moved.is_none() && !letter.is_loose => {
                let flags = world::flags(*mark);
                world.set_flags(number, &copy, &flags);
                letter.copies[index].flags = flags;
            }
            _ => {}
        }
    }

    /// What a sweep that did not come to its end left open is settled; then what it may have moved
    /// lies in one of two places, and that is where it is.
    fn settle(&mut self, of: Told, world: &mut dyn World, job: &Job) -> Told {
        let mut told = job.run(Kind::Judge, Rules::Usual);
        told.troubles.splice(0..0, of.troubles);
        let there = world.look();
        for (number, letter) in self.letters.iter_mut().enumerate() {
            letter.seen(Rules::Usual);
            let is_there = |(is, copy): &(usize, Copy)| *is == number && copy.folder == TARGET;
            if letter.goes(Rules::Usual)
                && let (Some(sweep), true) = (of.sweep, there.iter().any(is_there))
            {
                letter.moves(sweep);
            }
        }
        told
    }

    fn compare(&mut self, world: &mut dyn World, job: &Job) -> Result<(), String> {
        let mut there: BTreeMap<usize, Vec<Copy>> = BTreeMap::new();
        for (number, copy) in world.look() {
            there.entry(number).or_default().push(copy);
        }
        for (number, letter) in self.letters.iter_mut().enumerate() {
            let mut is = there.remove(&number).unwrap_or_default();
            is.sort();
            letter.copies.sort();
            if !letter.is_loose {
                if is != letter.copies {
                    let should = &letter.copies;
                    return Err(format!("message {number}: {is:?} instead of {should:?}"));
                }
            } else {
                let essence = |copies: &[Copy]| {
                    let mut all: Vec<_> = copies
                        .iter()
                        .map(|one| (one.flags.clone(), one.day))
                        .collect();
                    all.sort();
                    all
                };
                let were = &letter.copies;
                let may = |folder: &String| {
                    let known = SWEPT.iter().chain([&TARGET]).any(|known| known == folder);
                    known || were.iter().any(|was| was.folder == *folder)
                };
                if essence(&is) != essence(were) || !is.iter().all(|copy| may(&copy.folder)) {
                    return Err(format!("message {number}: {is:?}, and were {were:?}"));
                }
                letter.copies = is;
            }
            if letter.moved.is_some() {
                let path = sample::path(&job.samples(), &Digest::of(&letter.bytes));
                if std::fs::read(&path).ok().as_ref() != Some(&letter.bytes) {
                    return Err(format!("message {number} was moved without a sample"));
                }
            }
        }
        match there.is_empty() {
            true => Ok(()),
            false => Err(format!("messages that nobody sent: {there:?}")),
        }
    }
}
