//! Folders of mail of which it is known what they hold: what `eval` and `tune` are given, judged.

use super::interrupt;
use super::output::Output;
use crate::cli::Sorted;
use crate::job::Control;
use crate::job::judge::Judge;
use crate::job::measuring::{Asked, Headers, measure};
use crate::measure::{Corpus, Kind, Left, Part, leave_one_out};
use crate::settings::Bounds;
use crate::text;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What judges the folders, and where it is shown.
pub(super) struct Measuring<'a> {
    pub judge: &'a Judge,
    pub folders: Vec<Asked>,
    pub bounds: &'a Bounds,
    pub output: Output,
    /// Messages and folders that could not be judged.
    pub troubles: usize,
    control: Arc<Control>,
}

impl<'a> Measuring<'a> {
    /// Ready to begin.
    pub fn new(
        judge: &'a Judge,
        sorted: &Sorted,
        bounds: &'a Bounds,
        output: Output,
    ) -> Result<Self> {
        Ok(Measuring {
            judge,
            folders: folders(sorted)?,
            bounds,
            output,
            troubles: 0,
            control: interrupt::control()?,
        })
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.control.is_stopped()
    }

    /// Leaves each folder out in turn, and shows how far it is.
    pub fn left_out(&mut self, corpus: &Corpus, bare: Option<&Corpus>) -> Left {
        let fits = self.folders.len();
        self.output.begin(text::fitting(), Some(fits));
        let output = &self.output;
        let left = leave_one_out(corpus, bare, &|| output.step());
        self.output.end();
        left
    }

    /// Judges the folders; `None` where it was stopped. What could not be judged is told once,
    /// when the messages are judged as they are.
    pub fn judged(&mut self, headers: Headers) -> Option<Corpus> {
        let first = headers == Headers::No;
        let label = match first {
            true => text::scanning(),
            false => text::scanning_bare(),
        };
        self.output.begin(label, None);
        let (output, troubles) = (&self.output, &mut self.troubles);
        let (judge, bounds) = (self.judge, self.bounds);
        let corpus = measure(
            judge,
            &self.folders,
            headers,
            bounds,
            &self.control,
            &mut |message| {
                output.step();
                if let Err(reason) = message
                    && first
                {
                    *troubles += 1;
                    output.error(&reason);
                }
            },
        );
        self.output.end();
        let corpus = corpus?;
        if first {
            let empty = corpus.folders.iter();
            for folder in empty.filter(|folder| folder.messages.is_empty()) {
                self.troubles += 1;
                self.output.error(&text::no_mail_in(&folder.name));
            }
        }
        Some(corpus)
    }
}

fn folders(sorted: &Sorted) -> Result<Vec<Asked>> {
    let all = sorted.ham.iter().chain(&sorted.spam);
    for marked in sorted.old.iter().chain(&sorted.aside) {
        if !all.clone().any(|path| path == marked) {
            bail!(text::not_among(&marked.display().to_string()));
        }
    }
    let mut seen: Vec<&Path> = Vec::new();
    for path in all {
        if seen.contains(&path.as_path()) {
            bail!(text::named_twice(&path.display().to_string()));
        }
        seen.push(path);
    }
    let of = |kind: Kind| {
        move |path: &PathBuf| Asked {
            path: path.clone(),
            kind,
            part: match path {
                path if sorted.aside.contains(path) => Part::Aside,
                path if sorted.old.contains(path) => Part::Old,
                _ => Part::Full,
            },
        }
    };
    let ham = sorted.ham.iter().map(of(Kind::Ham));
    Ok(ham.chain(sorted.spam.iter().map(of(Kind::Spam))).collect())
}
