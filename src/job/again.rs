//! Again: what other rules judged is judged by the rules in force, without the mailbox. Stored
//! findings of rules that did not change stay as they are; for the others the kept view of the
//! message is read. What has no view is left as it is, to be fetched and judged as new.

use super::control::Control;
use super::desk::{JobError, Work};
use super::event::Event;
use super::judge::{Again, Judge};
use super::judging::brief_of;
use super::reading::may_be_shown;
use super::views::Sealer;
use crate::checks::Context;
use crate::mail::{Place, Reading};
use crate::store::{Brief, Judged, JudgedBefore};
use crate::verdict::Verdict;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// Rows that are read, judged and written together, and the bytes of their views.
const ROWS: usize = 1000;
const BYTES: usize = 8 << 20;

/// A message to be judged again with its view.
struct Task {
    row: JudgedBefore,
    again: Arc<Again>,
    sealed: Vec<u8>,
    /// The verdict, what is shown of the message, and what it answers.
    said: Option<(Verdict, Brief, Vec<String>)>,
}

/// What judging again needs beside the rows; the same for every thread.
struct Bench<'a> {
    judge: &'a Judge,
    context: &'a Context,
    reading: &'a Reading,
    opener: Sealer,
}

impl Work<'_> {
    /// Judges again what other rules judged in a folder. Returns whether no message is left that
    /// only they judged; what is left is fetched.
    pub(super) fn again(&mut self, control: &Control, folder: &str) -> Result<bool, JobError> {
        let (name, rules, plan) = (self.name(), self.rules.clone(), self.plan);
        let texts = plan.judge.texts(&self.account.account);
        let mut ways: HashMap<String, Arc<Again>> = HashMap::new();
        let mut all = true;
        let mut after = String::new();
        while !control.is_stopped() {
            let mut rows = self
                .store
                .judged_by_others(&name, folder, &rules, &after, ROWS)?;
            let Some(last) = rows.last() else { break };
            let context = self.context()?;
            after = last.place.to_string();
            let mut judged = Vec::with_capacity(rows.len());
            while !rows.is_empty() {
                let mut tasks = Vec::new();
                let mut bytes = 0;
                while bytes < BYTES
                    && let Some(row) = rows.pop()
                {
                    let again = match ways.get(&row.rules) {
                        Some(again) => again.clone(),
                        None => {
                            let before = self.store.texts(&row.rules)?.unwrap_or_default();
                            let again = Arc::new(plan.judge.again(&before, &texts));
                            ways.insert(row.rules.clone(), again.clone());
                            again
                        }
                    };
                    let before = &row.judged;
                    let unseen = plan
                        .judge
                        .judge_again(&again, &before.verdict, None, &context);
                    match unseen {
                        Some(verdict) if !may_be_shown(&verdict) || before.brief.is_some() => {
                            judged.push((row, verdict));
                        }
                        _ => match self.view_of(folder, &row.place) {
                            Some(sealed) => {
                                bytes += sealed.len();
                                let said = None;
                                tasks.push(Task {
                                    row,
                                    again,
                                    sealed,
                                    said,
                                });
                            }
                            None => all = false,
                        },
                    }
                }
                if !tasks.is_empty()
                    && let Some(opener) = self.views.opener(folder)
                {
                    let bench = Bench {
                        judge: &plan.judge,
                        context: &context,
                        reading: &self.account.reading,
                        opener,
                    };
                    bench.judge_all(&mut tasks);
                }
                for task in tasks {
                    let Task { mut row, said, .. } = task;
                    let Some((verdict, mut brief, references)) = said else {
                        all = false;
                        continue;
                    };
                    if may_be_shown(&verdict) && row.judged.brief.is_none() {
                        let sent = context.correspondence.sent_among(&references);
                        brief.takes_part = sent.is_some();
                        row.judged.brief = Some(brief);
                    }
                    judged.push((row, verdict));
                }
            }
            self.rejudged += judged.len();
            self.write_again(folder, judged)?;
        }
        Ok(all && !control.is_stopped())
    }

    fn view_of(&mut self, folder: &str, place: &Place) -> Option<Vec<u8>> {
        let folder = self.views.folder(folder)?;
        self.views.get(folder, place)
    }

    fn write_again(
        &mut self,
        folder: &str,
        rows: Vec<(JudgedBefore, Verdict)>,
    ) -> Result<(), JobError> {
        let (name, rules) = (self.name(), self.rules.clone());
        let rows: Vec<(Place, Judged)> = rows
            .into_iter()
            .map(|(row, mut verdict)| {
                verdict.shorten();
                let brief = row.judged.brief.filter(|_| may_be_shown(&verdict));
                let digest = row.judged.digest;
                (
                    row.place,
                    Judged {
                        digest,
                        verdict,
                        brief,
                    },
                )
            })
            .collect();
        self.store.together(|store| {
            rows.iter().try_for_each(|(place, judged)| {
                store.set_judged(&name, folder, place, &rules, judged)
            })
        })?;
        self.summary.judged += rows.len();
        for (place, judged) in rows {
            self.tell(Event::Judged {
                at: self.at(folder, &place),
                sha256: judged.digest,
                verdict: judged.verdict,
                size: None,
            });
        }
        Ok(())
    }
}

impl Bench<'_> {
    /// Judges on every core.
    fn judge_all(&self, tasks: &mut [Task]) {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let share = tasks.len().div_ceil(cores).max(1);
        thread::scope(|scope| {
            let mut shares = tasks.chunks_mut(share);
            let own = shares.next();
            for share in shares {
                let thread = thread::Builder::new().name("judge-again".to_owned());
                let judge = || share.iter_mut().for_each(|task| self.judge(task));
                if let Err(error) = thread.spawn_scoped(scope, judge) {
                    // Its messages are fetched.
                    log::warn!("a judge's thread could not be started: {error}");
                }
            }
            own.into_iter().flatten().for_each(|task| self.judge(task));
        });
    }

    fn judge(&self, task: &mut Task) {
        let Task {
            row, again, sealed, ..
        } = task;
        let before = &row.judged;
        // A mistake of ours over one message must not end the sweep of all others.
        let said = catch_unwind(AssertUnwindSafe(|| {
            let view = self
                .opener
                .open(&row.place, sealed, before.digest, self.reading)?;
            let verdict =
                self.judge
                    .judge_again(again, &before.verdict, Some(&view), self.context)?;
            Some((verdict, brief_of(&view), view.references))
        }));
        task.said = said.ok().flatten();
        task.sealed = Vec::new();
    }
}
