//! What the log says of what a job tells, for whichever front end listens: messages are named by
//! their hash, no sender and no subject is written down.

use crate::job::{Event, Summary};
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
