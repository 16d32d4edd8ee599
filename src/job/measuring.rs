//! Measuring: judges folders of mail as a scan does, and hands what fired to `measure`. Changes
//! nothing and remembers nothing.

use super::control::Control;
use super::judge::Judge;
use super::scan::{Scanned, scan_altered};
use crate::measure::{Corpus, Folder, Judged, Kind, Name, Part};
use crate::settings::Bounds;
use crate::verdict::Verdict;
use std::collections::HashMap;
use std::path::PathBuf;

pub use super::scan::Altered as Headers;

/// A folder to be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Where it is; it is called by this.
    pub path: PathBuf,
    /// What it holds.
    pub kind: Kind,
    /// How much it counts.
    pub part: Part,
}

/// Judges every message of the folders. What could not be judged is told to `trouble`, and `step`
/// is called for each message. `None` where a stop was asked for.
pub fn measure(
    judge: &Judge,
    folders: &[Asked],
    headers: Headers,
    bounds: &Bounds,
    control: &Control,
    step: &mut dyn FnMut(Result<(), String>),
) -> Option<Corpus> {
    let mut names = Names::of(judge);
    let mut judged = Vec::new();
    for asked in folders {
        let mut messages = Vec::new();
        let mut each = |Scanned { path, result }: Scanned| match result {
            Ok((_, verdict)) => {
                messages.push(names.judged(path, &verdict));
                step(Ok(()));
            }
            Err(reason) => step(Err(reason)),
        };
        scan_altered(judge, &asked.path, headers, bounds, control, &mut each);
        if control.is_stopped() {
            return None;
        }
        judged.push(Folder {
            name: asked.path.display().to_string(),
            kind: asked.kind,
            part: asked.part,
            messages,
        });
    }
    Some(Corpus {
        names: names.all,
        folders: judged,
    })
}

/// The names of what fired, and their places.
struct Names {
    all: Vec<Name>,
    places: HashMap<String, usize>,
}

impl Names {
    fn of(judge: &Judge) -> Names {
        let rules = judge.ruleset().rules().iter();
        let all: Vec<Name> = rules
            .map(|rule| Name {
                id: rule.id.clone(),
                prior: rule.prior,
                weight: rule.weight,
                // A rule of no weight says what speaks for a message, and counts nothing.
                fitted: rule.prior != 0.0 || rule.fact.is_some(),
                may_clear: rule.fact.is_some() && rule.prior <= 0.0,
            })
            .collect();
        let places = all.iter().enumerate();
        let places = places.map(|(place, name)| (name.id.clone(), place));
        Names {
            places: places.collect(),
            all,
        }
    }

    /// The place of a name; what is no rule's is put behind the rules.
    fn place(&mut self, id: &str, weight: f64) -> usize {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        self.all.push(Name {
            id: id.to_owned(),
            prior: weight,
            weight,
            fitted: false,
            may_clear: weight < 0.0,
        });
        self.places.insert(id.to_owned(), self.all.len() - 1);
        self.all.len() - 1
    }

    fn judged(&mut self, path: String, verdict: &Verdict) -> Judged {
        let findings = verdict.findings.iter();
        Judged {
            path,
            score: verdict.score,
            fired: findings
                .map(|finding| (self.place(&finding.rule, finding.weight), finding.weight))
                .collect(),
        }
    }
}
