//! Scan: judge mail on disk, wherever it lies. Changes nothing and remembers nothing.

use super::control::Control;
use super::judge::Judge;
use super::plan;
use crate::mail::{Digest, Receiver};
use crate::mailbox::files;
use crate::settings::Bounds;
use crate::verdict::Verdict;
use std::ops::ControlFlow;
use std::path::Path;

/// One message that was looked at.
#[derive(Debug)]
pub struct Scanned {
    /// Its file; in an mbox, followed by `#` and its number.
    pub path: String,
    /// The SHA-256 of what was judged, and the verdict; or why there is none.
    pub result: Result<(Digest, Verdict), String>,
}

/// Judges every message at a path: a file, an mbox, a Maildir, or a folder of any of them. Ends
/// early where a stop was asked for.
pub fn scan(
    judge: &Judge,
    path: &Path,
    bounds: &Bounds,
    control: &Control,
    each: &mut dyn FnMut(Scanned),
) {
    let context = judge.context(None);
    let reading = plan::reading(bounds, Receiver::default());
    // A message is read whole up to its limit; of a larger one the first bytes are judged.
    let most = reading.limits.bytes as u64;
    let _ = files::walk(path, most, &mut |found| {
        let result = match found.message {
            Err(error) => Err(error.to_string()),
            Ok(content) => {
                let (message, verdict) =
                    judge.judge(content.bytes, content.coverage, &reading, &context);
                match message.is_mail() {
                    true => Ok((message.digest, verdict)),
                    false => Err(format!(
                        "{}: is not mail: it has no header that a message has",
                        found.path
                    )),
                }
            }
        };
        each(Scanned {
            path: found.path,
            result,
        });
        if control.is_stopped() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
}
