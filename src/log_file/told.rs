//! What the log says of what a job tells, for whichever front end listens: messages are named by
//! their hash, no sender and no subject is written down.

use crate::job::{Draft, Event, Outcome, ReportEvent, Summary};
use crate::text::{self, Counts};

/// The numbers that sentences are made of.
pub fn counts(summary: &Summary) -> Counts {
    Counts {
        seen: summary.seen,
        spam: summary.spam,
        phishing: summary.phishing,
        held: summary.held,
        moved: summary.moved,
        copied: summary.copied,
        packages: summary.packages,
        submissions: summary.submissions,
        undone: summary.undone,
        troubles: summary.troubles,
        locked: summary.locked,
        dry_run: summary.dry_run,
        stopped: summary.stopped,
    }
}

/// Writes down what a job tells: messages by their hash alone.
pub fn note(event: &Event) {
    match event {
        Event::Opened { account, sweep } => log::info!("{}", text::opened(account, *sweep)),
        Event::Settled { account, says, .. } => log::info!("{}", text::settled(account, says)),
        Event::Noticed { account, says } => log::warn!("{}", text::noticed(account, says)),
        Event::Waiting {
            account,
            seconds,
            why,
        } => log::warn!("{}", text::waiting(account, *seconds, why)),
        Event::Resumed { account } => log::info!("{}", text::resumed(account)),
        Event::Folder {
            account,
            folder,
            messages,
            new,
            ..
        } => log::info!("{}", text::folder(account, folder, *messages, *new)),
        Event::Judged { .. } | Event::Read { .. } => (),
        Event::Hit(hit) | Event::Held { hit, .. } => {
            let rules: Vec<&str> = hit
                .verdict
                .findings
                .iter()
                .map(|f| f.rule.as_str())
                .collect();
            let (word, score) = (hit.verdict.judgement, hit.verdict.score);
            log::info!(
                "{}: {word} {score:.1}: {} ({})",
                hit.at,
                hit.sha256,
                rules.join(", ")
            );
        }
        Event::Moved {
            sha256,
            from,
            to,
            dry_run,
            ..
        } => log::info!(
            "{}",
            text::moved(&sha256.to_string(), &from.folder, to, *dry_run)
        ),
        Event::Packaged {
            category,
            path,
            messages,
            bytes,
            ..
        } => log::info!("packaged {messages} as {category}, {bytes} bytes: {path:?}"),
        Event::Submitted {
            vendor,
            to,
            outcome,
            ..
        } => log::info!("{vendor}, {to}: {outcome:?}"),
        Event::Undone {
            sha256,
            account,
            folder,
            ..
        } => log::info!("{}", text::undone(&sha256.to_string(), account, folder)),
        Event::Learnt { .. } => learnt(event).iter().for_each(|line| log::info!("{line}")),
        Event::Purged { files } => log::info!("{}", text::purged(*files)),
        // The job writes down what fails where it fails.
        Event::Trouble { .. } => (),
        Event::Summary(summary) => log::info!("{}", text::swept(&counts(summary))),
    }
}

/// Writes down what became of the letters and zips of a report: each by its zip's name.
pub fn note_report(draft: &Draft, event: &ReportEvent) {
    match event {
        ReportEvent::Ended { letter, outcome } => {
            let zip = draft.letters.get(*letter).map_or("", |one| one.zip_name());
            note_outcome(&format!("{}, {zip}", draft.vendor), outcome);
        }
        ReportEvent::ServerLimit(bytes) => log::warn!(
            "{}: nothing was sent, for the server takes letters up to {bytes} bytes",
            draft.vendor
        ),
        ReportEvent::Connecting | ReportEvent::Begun { .. } => (),
        // The job writes down what fails where it fails.
        ReportEvent::Trouble(_) => (),
    }
}

/// Writes down what became of a letter, or of a package that was sent once more. What a server
/// answered to a letter that it took is left out: it may say anything.
pub fn note_outcome(what: &str, outcome: &Outcome) {
    match outcome {
        Outcome::Accepted(_) => log::info!("{what}: accepted by the server"),
        Outcome::Written(path) => log::info!("{what}: put into the outbox folder, {path:?}"),
        Outcome::Saved(path) => log::info!("{what}: saved, {path:?}"),
        Outcome::NotSent { package, says } => {
            log::warn!("{what}: not sent, package {package} waits: {says}");
        }
        Outcome::Unknown(says) => log::warn!("{what}: nobody knows whether it arrived: {says}"),
        Outcome::Untouched(says) => log::warn!("{what}: nothing was sent or saved: {says}"),
    }
}

/// Writes down that a report could not be sent or saved at all.
pub fn note_no_report(what: &str, why: &str) {
    log::warn!("{what}: no report was sent or saved: {why}");
}

/// What is said of an event that tells what was learnt.
pub fn learnt(event: &Event) -> Option<String> {
    let Event::Learnt {
        account,
        spam,
        ham,
        known,
        all_spam,
        all_ham,
    } = event
    else {
        return None;
    };
    let (new, all) = ((*spam, *ham), (*all_spam, *all_ham));
    Some(text::learnt(account.as_deref(), new, *known, all))
}
