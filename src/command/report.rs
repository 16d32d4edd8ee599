//! A job's events as lines for people, as JSON, and in the log. It listens and shows.

use super::output::Output;
use crate::job::{Event, Hit, Submitted};
use crate::log_file::{counts, learnt, note};
use crate::mail::Digest;
use crate::text::{self, Counts};
use crate::verdict::{Judgement, Verdict};
use std::collections::HashMap;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Hits and what is done with them.
    Hits,
    /// Clean messages too, and what is in each package.
    All,
}

/// The listener.
pub(super) struct Report {
    output: Output,
    detail: Detail,
    /// The sentence at the end.
    ending: fn(&Counts) -> String,
    /// What a hit is called in later lines: its sender and subject.
    names: HashMap<Digest, String>,
    /// Messages that each account is still to judge in its folder.
    left: HashMap<String, usize>,
    /// Whether the last lines were a hit's, from which the next are set apart.
    after_hit: bool,
}

impl Report {
    pub fn new(output: Output, detail: Detail, ending: fn(&Counts) -> String) -> Self {
        Report {
            output,
            detail,
            ending,
            names: HashMap::new(),
            left: HashMap::new(),
            after_hit: false,
        }
    }

    /// What was left out before the job began.
    pub fn warn(&self, warnings: &[String]) {
        for warning in warnings {
            log::warn!("{warning}");
            self.output.error(warning);
        }
    }

    /// Counts, where the end is not known.
    pub fn count(&mut self, label: &str) {
        self.output.begin(label, None);
    }

    /// Shows an event.
    pub fn tell(&mut self, event: Event) {
        note(&event);
        self.output.object(&event);
        let is_hit = matches!(event, Event::Hit(_) | Event::Held { .. });
        if is_hit || (self.after_hit && !matches!(event, Event::Judged { .. })) {
            self.line(String::new());
            self.after_hit = is_hit;
        }
        match event {
            Event::Opened { account, sweep } => self.line(text::opened(&account, sweep)),
            Event::Settled { account, says, .. } => self.line(text::settled(&account, &says)),
            Event::Noticed { account, says } => self.line(text::noticed(&account, &says)),
            Event::Waiting {
                account,
                seconds,
                why,
            } => self.line(text::waiting(&account, seconds, &why)),
            Event::Resumed { account } => self.line(text::resumed(&account)),
            Event::Folder {
                account,
                folder,
                messages,
                new,
                ..
            } => {
                self.line(text::folder(&account, &folder, messages, new));
                self.begin(&account, &folder, new);
            }
            Event::Judged { at, verdict, .. } => {
                self.output.step();
                if let Some(left) = self.left.get_mut(&at.account) {
                    *left = left.saturating_sub(1);
                }
                if self.detail == Detail::All && verdict.judgement == Judgement::Clean {
                    let place = at.place.to_string();
                    self.line(text::clean(verdict.score, &at.account, &at.folder, &place));
                    self.reasons(&verdict);
                }
            }
            Event::Hit(hit) => self.hit(&hit),
            Event::Held { hit, says } => {
                self.hit(&hit);
                self.line(text::stays(&says));
            }
            Event::Moved {
                sha256,
                from,
                to,
                notes,
                dry_run,
            } => {
                let what = self.name_of(&sha256);
                self.line(text::moved(&what, &from.folder, &to, dry_run));
                self.notes(&notes);
            }
            Event::Packaged {
                category,
                path,
                password,
                messages,
                bytes,
                entries,
                dry_run,
            } => {
                let path = path.map(|path| path.display().to_string());
                let word = category.word();
                let path = path.as_deref();
                self.line(text::packaged(
                    word, messages, bytes, &password, path, dry_run,
                ));
                if dry_run || self.detail == Detail::All {
                    for entry in entries {
                        self.line(text::entry(&entry));
                    }
                }
            }
            Event::Submitted {
                vendor,
                to,
                subject,
                body,
                outcome,
                ..
            } => match outcome {
                Submitted::Sent(answer) => self.line(text::sent(&vendor, &to, &answer)),
                Submitted::Written(path) => self.line(text::letter_written(&vendor, &to, &path)),
                Submitted::ForPortal { zip, how } => {
                    self.line(text::for_portal(&vendor, &to, &zip, &how))
                }
                Submitted::WouldSend => {
                    for line in text::would_send(&vendor, &to, &subject, &body) {
                        self.line(line);
                    }
                }
            },
            Event::Undone {
                name,
                account,
                folder,
                notes,
                ..
            } => {
                self.line(text::undone(&name, &account, &folder));
                self.notes(&notes);
            }
            Event::Read { messages } => (0..messages).for_each(|_| self.output.step()),
            Event::Learnt { .. } => learnt(&event).into_iter().for_each(|line| self.line(line)),
            Event::Purged { files } => self.line(text::purged(files)),
            Event::Trouble { account, says } => {
                self.output.error(&text::trouble(account.as_deref(), &says));
            }
            Event::Summary(summary) => {
                self.output.end();
                self.line((self.ending)(&counts(&summary)));
            }
        }
    }

    /// A folder is begun: a bar of its own, or, beside other accounts, more of the one for all.
    fn begin(&mut self, account: &str, folder: &str, new: usize) {
        self.left
            .retain(|other, left| other != account && *left > 0);
        if self.left.is_empty() {
            self.output
                .begin(&text::bar_label(account, folder), Some(new));
        } else {
            self.output
                .more(&text::bar_label_of_many(self.left.len() + 1), new);
        }
        self.left.insert(account.to_owned(), new);
    }

    fn hit(&mut self, hit: &Hit) {
        let name = format!("{}: {}", hit.from, hit.subject);
        self.names.insert(hit.sha256, name);
        let verdict = &hit.verdict;
        let word = verdict.judgement.word();
        self.line(text::judged(word, verdict.score, &hit.from, &hit.subject));
        self.line(text::lies(&hit.at.account, &hit.at.folder));
        self.reasons(verdict);
    }

    fn reasons(&self, verdict: &Verdict) {
        reasons(&self.output, verdict);
    }

    fn notes(&self, notes: &[String]) {
        for note in notes {
            self.line(text::note(note));
        }
    }

    fn name_of(&self, digest: &Digest) -> String {
        let name = self.names.get(digest).cloned();
        name.unwrap_or_else(|| text::message(&digest.short()))
    }

    fn line(&self, line: String) {
        self.output.line(&line);
    }
}

/// Why a message was judged as it was; of a clean one, why it is no hit.
pub(super) fn reasons(output: &Output, verdict: &Verdict) {
    let explanation = verdict.explain();
    for finding in &explanation.against {
        output.line(&text::reason(&finding.says, finding.weight));
    }
    if explanation.more > 0 {
        output.line(&text::more_reasons(
            explanation.more,
            explanation.more_weight,
        ));
    }
    for finding in &explanation.in_favour {
        output.line(&text::in_favour(&finding.says, finding.weight));
    }
    if verdict.judgement == Judgement::Clean {
        output.line(&text::why_not(verdict.score, verdict.threshold));
    }
    for note in &verdict.notes {
        output.line(&text::note(note));
    }
}
