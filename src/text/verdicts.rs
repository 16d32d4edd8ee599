//! Sentences about verdicts, and why they are what they are.

/// The first line of a hit, or of a message in a scan.
pub fn judged(verdict: &str, score: f64, sender: &str, subject: &str) -> String {
    let sender = if sender.is_empty() {
        "(no sender)"
    } else {
        sender
    };
    let subject = if subject.is_empty() {
        "(no subject)"
    } else {
        subject
    };
    format!("{verdict:<8} {score:>5.1}  {sender}: {subject}")
}

/// The line of a message in a scan, which has a path and no mailbox.
pub fn scanned(verdict: &str, score: f64, path: &str) -> String {
    format!("{verdict:<8} {score:>5.1}  {path}")
}

/// The line of a clean message.
pub fn clean(score: f64, account: &str, folder: &str, place: &str) -> String {
    format!("clean    {score:>5.1}  {account}: {folder}: {place}")
}

/// Where a hit lies.
pub fn lies(account: &str, folder: &str) -> String {
    format!("    in {account}: {folder}")
}

/// One reason of a verdict.
pub fn reason(says: &str, weight: f64) -> String {
    format!("    {weight:>+5.1}  {says}")
}

/// Further reasons that are not told.
pub fn more_reasons(count: usize, weight: f64) -> String {
    let findings = if count == 1 {
        "weaker finding"
    } else {
        "weaker findings"
    };
    format!("    {weight:>+5.1}  {count} {findings} more")
}

/// What speaks for a message.
pub fn in_favour(says: &str, weight: f64) -> String {
    if weight < 0.0 {
        reason(says, weight)
    } else {
        format!("      for  {says}")
    }
}

/// Why a clean message is no hit.
pub fn why_not(score: f64, threshold: f64) -> String {
    if score <= 0.0 {
        "    no hit: nothing was found that speaks against it".to_owned()
    } else {
        format!("    no hit: {score:.1} of the {threshold:.1} that this level asks for")
    }
}

/// What a reader should know beside the reasons.
pub fn note(says: &str) -> String {
    format!("    note: {says}")
}
