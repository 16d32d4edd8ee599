//! What a person says of hits: their word is written down, what it means for the next sweep and
//! for the vendor follows from it, and the learner learns it. Nothing is moved here: what lies
//! elsewhere and is wanted back is asked for by request.

use super::desk::JobError;
use super::known::known;
use super::learn::lesson_of;
use super::learnt::Lessons;
use super::plan;
use crate::classifier::Label;
use crate::mail::{Digest, Reading, Receiver};
use crate::sample;
use crate::settings::{Places, Settings};
use crate::store::{Correction, Said, Store};
use crate::verdict::Level;
use jiff::Timestamp;

/// A message of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chosen {
    /// The account.
    pub account: String,
    /// The message.
    pub digest: Digest,
}

/// What came of a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Messages that were learnt, or unlearnt, at once. Where nothing else was learnt before, it
    /// waits until something is.
    pub learnt: usize,
    /// Messages that were called wanted and lie where they were moved to: to be put back.
    pub moved: Vec<Digest>,
}

/// Writes down what a person says of hits; `None` takes what they said before back.
pub fn say(
    settings: &Settings,
    places: &Places,
    chosen: &[Chosen],
    said: Option<Said>,
) -> Result<Heard, JobError> {
    let mut heard = Heard::default();
    let Some(mut known) = known(places)? else {
        return match chosen.first() {
            Some(first) => Err(JobError::Unknown(first.digest.short())),
            None => Ok(heard),
        };
    };
    let mut before = Vec::new();
    for Chosen { account, digest } in chosen {
        if known.store.hit(account, digest)?.is_none() {
            return Err(JobError::Unknown(digest.short()));
        }
        before.push(known.store.said(account, digest)?);
        let moves = known.store.moves_of_message(account, digest)?;
        let stands = moves.iter().any(|one| one.state.stands());
        if said == Some(Said::NotSpam) && stands {
            heard.moved.push(*digest);
        }
    }
    let now = Timestamp::now();
    known
        .store
        .together(|store| {
            chosen
                .iter()
                .try_for_each(|one| note(store, one, said, now))
        })
        .map_err(JobError::from)?;
    heard.learnt = learn(settings, places, chosen, said, &before)?;
    Ok(heard)
}

/// Writes one word down, with what follows from it.
fn note(
    store: &Store,
    Chosen { account, digest }: &Chosen,
    said: Option<Said>,
    now: Timestamp,
) -> Result<(), crate::store::StoreError> {
    store.set_said(account, digest, said, now)?;
    match said {
        Some(Said::NotSpam) => return store.correct(account, digest, Correction::NotSpam, now),
        _ if store.correction(account, digest)? == Some(Correction::NotSpam) => {
            store.uncorrect(account, digest)?;
        }
        _ => {}
    }
    let by_rules = || -> Result<_, crate::store::StoreError> {
        Ok(store.hit(account, digest)?.and_then(|hit| {
            let mut verdict = hit.verdict;
            verdict.turn(Level::High);
            verdict.judgement.category()
        }))
    };
    let category = match said {
        Some(said) => said.category(),
        None => by_rules()?,
    };
    match category {
        Some(category) => store.set_category(digest, category),
        None => Ok(()),
    }
}

fn label(said: Said) -> Label {
    match said {
        Said::NotSpam => Label::Ham,
        Said::Spam | Said::Phishing => Label::Spam,
    }
}

/// Has the learner learn it; returns of how many messages.
fn learn(
    settings: &Settings,
    places: &Places,
    chosen: &[Chosen],
    said: Option<Said>,
    before: &[Option<Said>],
) -> Result<usize, JobError> {
    let Some(mut lessons) = Lessons::go_on(&places.data_dir)? else {
        return Ok(0);
    };
    let samples = places.data_dir.join("samples");
    let mut learnt = 0;
    for (one, before) in chosen.iter().zip(before) {
        let path = sample::path(&samples, &one.digest);
        let Some(meant) = said.or(*before).filter(|_| path.exists()) else {
            continue;
        };
        let reading = reading_of(settings, &one.account);
        let lesson = lesson_of(&path, one.digest, label(meant), &reading)?;
        learnt += usize::from(match said {
            Some(_) => lessons.model.correct(lesson),
            None => lessons.model.forget(&lesson),
        });
    }
    if learnt > 0 {
        lessons.write()?;
    }
    Ok(learnt)
}

/// How an account's messages are read.
pub(super) fn reading_of(settings: &Settings, account: &str) -> Reading {
    let mut accounts = settings.accounts.iter();
    let known = accounts.find(|known| known.name == account);
    let receiver = known.map_or_else(Receiver::default, |account| Receiver {
        authserv_ids: account.authserv_ids.clone(),
        trusted_hosts: account.trusted_hosts.clone(),
    });
    plan::reading(&settings.limits, receiver)
}
