//! Scan: judge mail on disk, wherever it lies, on all cores, and tell it in the order of the files.
//! Changes nothing and remembers nothing.

use super::control::Control;
use super::judge::Judge;
use super::judging::{Judges, Opinion, Task};
use super::plan;
use crate::mail::{Digest, Receiver};
use crate::mailbox::files::{self, Found};
use crate::measure::without_received;
use crate::settings::Bounds;
use crate::verdict::Verdict;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

/// One message that was looked at.
#[derive(Debug)]
pub struct Scanned {
    /// Its file; in an mbox, followed by `#` and its number.
    pub path: String,
    /// The SHA-256 of the message, or of its first bytes where no more was read, and the verdict;
    /// or why there is none.
    pub result: Result<(Digest, Verdict), String>,
}

/// Which of a message's headers are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Altered {
    /// All of them.
    #[default]
    No,
    /// Those that it had before anybody received it ([`without_received`]).
    WithoutReceived,
}

/// Messages that are read ahead of the one that is told next.
const AHEAD: usize = 1000;

/// Judges every message at a path: a file, an mbox, a Maildir, or a folder of any of them. Ends
/// early where a stop was asked for.
pub fn scan(
    judge: &Judge,
    path: &Path,
    bounds: &Bounds,
    control: &Control,
    each: &mut dyn FnMut(Scanned),
) {
    scan_altered(judge, path, Altered::No, bounds, control, each);
}

/// The same of messages as they would be without some of their headers.
pub(super) fn scan_altered(
    judge: &Judge,
    path: &Path,
    altered: Altered,
    bounds: &Bounds,
    control: &Control,
    each: &mut dyn FnMut(Scanned),
) {
    let context = Arc::new(judge.context(None));
    let reading = plan::reading(bounds, Receiver::default());
    // Of a large message the same is judged as in a sweep.
    let most = reading.limits.bytes as u64;
    thread::scope(|scope| {
        let judges = Judges::start(scope, judge, bounds.memory);
        // In the order of the files, each with the way that its opinion will come.
        let (line_up, line) = mpsc::sync_channel(AHEAD);
        let reading = &reading;
        let walk = move || {
            let _ = files::walk(path, most, &mut |Found { path, message }| {
                let opinion = message.map_err(|error| error.to_string()).map(|content| {
                    let (answer, opinion) = mpsc::channel();
                    let whole = content.whole;
                    let taken = judges.take(content.bytes.len());
                    judges.judge(Task {
                        index: 0,
                        bytes: match altered {
                            Altered::No => content.bytes,
                            Altered::WithoutReceived => without_received(&content.bytes),
                        },
                        coverage: content.coverage,
                        reading,
                        context: context.clone(),
                        taken,
                        keep: None,
                        answer,
                    });
                    (opinion, whole)
                });
                match control.is_stopped() || line_up.send((path, opinion)).is_err() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        };
        let walker = thread::Builder::new().name("scan".to_owned());
        if let Err(error) = walker.spawn_scoped(scope, walk) {
            let path = path.display().to_string();
            let result = Err(format!("{path}: a thread could not be started: {error}"));
            return each(Scanned { path, result });
        }
        for (path, opinion) in line {
            let result = opinion.and_then(|(opinion, whole)| {
                let (digest, verdict) = said(&path, opinion.recv().ok())?;
                Ok((whole.unwrap_or(digest), verdict))
            });
            each(Scanned { path, result });
            if control.is_stopped() {
                break;
            }
        }
    });
}

fn said(path: &str, opinion: Option<Opinion>) -> Result<(Digest, Verdict), String> {
    match opinion.and_then(|opinion| opinion.said) {
        Some(said) if said.is_mail => Ok((said.digest, said.verdict)),
        Some(_) => Err(format!(
            "{path}: is not mail: it has no header that a message has"
        )),
        None => Err(format!(
            "{path}: could not be judged, by a mistake of this program"
        )),
    }
}
