//! What can happen to a mailbox, one thing at a time. A message is named by a number that is taken
//! modulo how many there are, so that every sequence makes sense.

use proptest::collection::vec;
use proptest::prelude::*;

/// What a message is judged as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Clean,
    Spam,
    /// Spam by the stricter of two sets of rules.
    Grey,
}

/// Flags that an owner gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    None,
    Seen,
    Flagged,
    SeenAnswered,
}

/// Which rules a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    Usual,
    Strict,
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Operation {
    /// A new message arrives in the inbox, or in the other folder that is swept.
    Arrive(Class, bool, Mark),
    /// A message that was there before arrives once more in the inbox.
    ArriveAgain(usize),
    /// The program sweeps and delivers.
    Sweep(Rules),
    /// It shows what it would do.
    Rehearse(Rules),
    /// It judges, and leaves everything where it is.
    Judge(Rules),
    /// It judges, and a person has it deliver this one, if it is a hit.
    Deliver(usize),
    /// It undoes the last sweep that moved something.
    UndoSweep,
    /// A person has it put this one back.
    Undo(usize),
    /// Another program moves a message to this folder.
    Move(usize, usize),
    /// … removes it,
    Remove(usize),
    /// … sets its flags,
    Mark(usize, Mark),
    /// … gives the folder that hits go to another name.
    RenameTarget,
    /// A sweep is stopped after so many events, and what it left open is settled.
    Stop(usize),
    /// A sweep's connection is cut after so many bytes from the server, or to it, and what it left
    /// open is settled.
    Cut(bool, u64),
}

/// Sequences of operations; with cuts on the way to the server, where there is one.
pub fn operations(has_faults: bool) -> impl Strategy<Value = Vec<Operation>> {
    let class = || {
        prop_oneof![
            2 => Just(Class::Spam),
            1 => Just(Class::Clean),
            1 => Just(Class::Grey),
        ]
    };
    let mark = || {
        prop_oneof![
            3 => Just(Mark::None),
            2 => Just(Mark::Seen),
            1 => Just(Mark::Flagged),
            1 => Just(Mark::SeenAnswered),
        ]
    };
    let rules = || prop_oneof![3 => Just(Rules::Usual), 1 => Just(Rules::Strict)];
    let which = || 0..16usize;
    let cut = move |(from_client, at)| match has_faults {
        true => Operation::Cut(from_client, at),
        false => Operation::Stop(1 + at as usize % 20),
    };
    let one = prop_oneof![
        8 => (class(), any::<bool>(), mark()).prop_map(|(c, f, m)| Operation::Arrive(c, f, m)),
        2 => which().prop_map(Operation::ArriveAgain),
        6 => rules().prop_map(Operation::Sweep),
        1 => rules().prop_map(Operation::Rehearse),
        1 => rules().prop_map(Operation::Judge),
        2 => which().prop_map(Operation::Deliver),
        2 => Just(Operation::UndoSweep),
        2 => which().prop_map(Operation::Undo),
        4 => (which(), 0..4usize).prop_map(|(n, f)| Operation::Move(n, f)),
        1 => which().prop_map(Operation::Remove),
        2 => (which(), mark()).prop_map(|(n, m)| Operation::Mark(n, m)),
        1 => Just(Operation::RenameTarget),
        2 => (1..20usize).prop_map(Operation::Stop),
        2 => (any::<bool>(), 0..9000u64).prop_map(cut),
    ];
    vec(one, 1..16)
}
