//! What a person takes out of an opened hit: its evidence as text, and the untouched original.

use super::desk::JobError;
use super::opened::{HopKind, Opened, Shows};
use crate::mail::Digest;
use crate::platform;
use crate::sample;
use crate::settings::Places;
use std::io;
use std::path::{Path, PathBuf};

/// Saves the untouched original to a file, whole or not at all; what was there is replaced.
pub fn save_original(places: &Places, digest: &Digest, to: &Path) -> Result<(), JobError> {
    let sample = sample::verify(&places.data_dir.join("samples"), digest)?;
    let failed = |source: io::Error| JobError::File {
        path: to.to_owned(),
        source,
    };
    let folder = match to.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut file = platform::unfinished(&folder).map_err(failed)?;
    let mut from = std::fs::File::open(&sample.path).map_err(failed)?;
    io::copy(&mut from, &mut file).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(to).map_err(|error| failed(error.error))?;
    Ok(())
}

/// What there is to say of a hit, as text for a colleague or a ticket. Links are written so that
/// no program makes them live.
pub fn evidence(opened: &Opened) -> String {
    let mut text = format!(
        "Subject: {}\nFrom: {} <{}>\n",
        opened.subject, opened.name, opened.from
    );
    let mut line = |says: String| {
        text.push_str(&says);
        text.push('\n');
    };
    if let Ok(content) = &opened.content {
        line(format!("To: {}", content.to));
    }
    if let Some(date) = opened.date {
        line(format!("Received: {date}"));
    }
    line(format!("SHA-256: {}", opened.digest));
    line(format!(
        "Verdict: {}, score {:.1}, flagged from {:.1} up (level {})",
        opened.judgement,
        opened.score,
        opened.threshold,
        opened.level.word()
    ));
    line("\nWhy:".to_owned());
    let why = &opened.why;
    for reason in why.against.iter().chain(&why.in_favour) {
        line(format!("  {:+.1}  {}", reason.weight, reason.says));
        if !reason.evidence.is_empty() {
            line(format!("        {}", defanged(&reason.evidence)));
        }
    }
    if why.more > 0 {
        line(format!("  {:+.1}  and {} more", why.more_weight, why.more));
    }
    let Ok(content) = &opened.content else {
        return text;
    };
    if !content.links.is_empty() {
        line("\nLinks:".to_owned());
        for link in &content.links {
            match link.shows {
                Shows::Same => line(format!("  {}", defanged(&link.target))),
                Shows::Words | Shows::Elsewhere => line(format!(
                    "  shows \"{}\", leads to {}",
                    defanged(&link.shown),
                    defanged(&link.target)
                )),
            }
        }
    }
    if !content.path.is_empty() {
        line("\nPath, oldest first:".to_owned());
        for hop in &content.path {
            let at = hop.at.map_or_else(String::new, |at| at.to_string());
            let kind = match hop.kind {
                HopKind::Claimed => " (not verifiable)",
                HopKind::Handover => " (handed it over)",
                HopKind::Own => "",
            };
            line(format!("  {at}  {} -> {}{kind}", hop.from, hop.by));
        }
    }
    for found in &content.authentication {
        line(format!(
            "{:?} {:?} {}",
            found.method, found.outcome, found.domain
        ));
    }
    if !content.attachments.is_empty() {
        line("\nAttachments:".to_owned());
        for file in &content.attachments {
            line(format!(
                "  {} ({}, {} bytes)",
                file.name, file.media_type, file.size
            ));
        }
    }
    text
}

/// An address that programs do not turn into a link.
fn defanged(text: &str) -> String {
    text.replace("http://", "hxxp://")
        .replace("https://", "hxxps://")
}
